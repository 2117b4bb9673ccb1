"""What is uncertain about families, declared as in `parameters.py`: need, the way through service, gains."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.declare import About
from sim.levers import ASSUMED

# A parameter stays on its line or two: the file is read as a table.
# fmt: off
_SHARE = "share"
_MONTH = "per month at most"


class FamilyParameters(NamedTuple):
    """Need, identification, service and wellbeing of a family (one child's household)."""

    need_fifth1: Annotated[float, About("unmet need at start, most deprived fifth", _SHARE, 0.2, 0.24,
        "lit 7.1 A")] = 0.22
    need_fifth2: Annotated[float, About("unmet need at start, second fifth", _SHARE, 0.15, 0.19, "lit 7.1 A")] = 0.17
    need_fifth3: Annotated[float, About("unmet need at start, third fifth", _SHARE, 0.13, 0.17, "lit 7.1 A")] = 0.15
    need_fifth4: Annotated[float, About("unmet need at start, fourth fifth", _SHARE, 0.09, 0.13, "lit 7.1 A")] = 0.11
    need_fifth5: Annotated[float, About("unmet need at start, least deprived fifth", _SHARE, 0.04, 0.08,
        "lit 7.1 A")] = 0.06
    resolve: Annotated[float, About("need that resolves by itself", _MONTH, 0.005, 0.05, ASSUMED)] = 0.02
    recover: Annotated[float, About("need resolved per month of service, for each SD of benefit of an episode", _MONTH,
        0, 0.5, "lit 7.6 A, halved: uncontrolled")] = 0.15
    identify: Annotated[float, About("need noticed without the practice", _MONTH, 0, 0.03, ASSUMED)] = 0.008
    identify_practice: Annotated[float, About("need noticed by a practitioner at full fidelity", _MONTH, 0.05, 0.5,
        ASSUMED + ": early identification is what the practice is for")] = 0.2
    enrol: Annotated[float, About("families offered service who enrol", _SHARE, 0.5, 0.85, "lit 7.8 A")] = 0.75
    complete: Annotated[float, About("enrolled families who complete the episode", _SHARE, 0.4, 0.8,
        "lit 7.8 A")] = 0.65
    offer_again: Annotated[float, About("family still in need is offered service again", _MONTH, 0, 0.2,
        ASSUMED)] = 0.04
    offer: Annotated[float, About("waiting family offered service by a practitioner who uses the practice", _MONTH, 0.2,
        2, ASSUMED)] = 0.7
    episode_months: Annotated[float, About("length of an episode", "months", 3, 12, "lit 7.9 B", whole=True)] = 6.0
    need_gap: Annotated[float, About("wellbeing lost while in need", "SD", 0.5, 2,
        "lit 7.1 A: SDQ means by fifth")] = 1.2
    lost_waiting: Annotated[float, About("family gives up waiting where there is no place at all", _MONTH, 0, 0.5,
        ASSUMED)] = 0.1
    effect_convex: Annotated[float, About("how much faster than in proportion the effect rises with fidelity", _SHARE,
        0, 0.93, "lit 1.10 C: the effect at fidelity .45 is .53 (0) to .3 (.93) of that at .85")] = 0.56
    families_leave: Annotated[float, About("families who leave the practice's scope, as children grow up", "per year",
        0, 0.35, ASSUMED + ": the years of childhood that the practice covers, 8 is 0.125")] = 0.125
    gain_lasts: Annotated[float, About("part of a family's gain that lasts", _SHARE, 0, 1, ASSUMED)] = 0.5
    gain_half_life: Annotated[float, About("half-life of the part of a gain that fades", "months", 3, 36,
        ASSUMED)] = 12.0

# fmt: on
