"""What happens to a family: need arises, is noticed, waits for service, is served and resolves; wellbeing.

A family's way through service is one small number, its *path*:
0 unknown, 1 waiting, 2 and above in service (path - 1 months to go), ENDED when an episode is over or was declined.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.family_parameters import FamilyParameters
from sim.rules.rule import clip, probability, rule, share

UNKNOWN, WAITING, ENDED = 0, 1, 100
UNITS_PER_SD = 1_000_000


class Service(NamedTuple):
    """What a family meets this month. Each engine has one place that gathers it."""

    using: bool  # its practitioner uses the practice
    fidelity: float  # of the practitioner's delivery, 0 where the practice is not used
    at_fidelity: bool  # is that at fidelity?
    effect: float  # of a completed episode at full fidelity, SD
    mistakes: float  # families without need who are identified, relative to those with need, times
    place_share: float  # share of this month's offers for which there is a place in support
    service: float  # what time released leaves of the site's service, 0-1
    lost: float  # monthly probability that a waiting family gives up for lack of a place


class Chances(NamedTuple):
    """Monthly probabilities that are alike for all families, or for all of a deprivation fifth."""

    arises: tuple[float, float, float, float, float]  # need, by fifth
    by_itself: float  # need resolves outside service
    unaided: float  # need is noticed by who does not use the practice
    offer: float
    again: float
    drop: float
    leaves: float  # a family leaves, and another comes in its place


@rule
def prevalence(p: FamilyParameters, fifth: int) -> float:
    """Share of families in need at the start (0 most deprived fifth ... 4 least)."""
    if fifth == 0:
        return p.need_fifth1
    if fifth == 1:
        return p.need_fifth2
    if fifth == 2:
        return p.need_fifth3
    if fifth == 3:
        return p.need_fifth4
    return p.need_fifth5


@rule
def arises(p: FamilyParameters, fifth: int) -> float:
    """Monthly probability that need arises: what keeps the initial prevalence steady where nobody is served."""
    steady = prevalence(p, fifth)
    return probability(p.resolve) * steady / (1.0 - steady)


@rule
def resolves(p: FamilyParameters, serving: bool, met: Service) -> float:
    """Monthly probability that need resolves: by itself, and faster in service that works."""
    return probability(resolving(p, met) if serving else p.resolve)


@rule
def resolving(p: FamilyParameters, met: Service) -> float:
    """Monthly hazard that need resolves in service."""
    return p.resolve + p.recover * met.effect * works(p, met.fidelity)


@rule
def noticed(p: FamilyParameters, fidelity: float) -> float:
    """Monthly probability that the named practitioner identifies a need, by how faithfully the practice is used."""
    return probability(p.identify + p.identify_practice * fidelity)


@rule
def dropout(p: FamilyParameters) -> float:
    """Monthly probability of leaving an episode, so that `complete` of those enrolled stay to its end."""
    missing = 1.0 - p.complete
    series = missing * (
        1.0 + missing * (0.5 + missing * (1.0 / 3.0 + missing * (0.25 + missing * (0.2 + missing / 6.0))))
    )
    return probability(series / p.episode_months)


@rule
def chances(p: FamilyParameters) -> Chances:
    """The chances that do not depend on who helps."""
    return Chances(
        (arises(p, 0), arises(p, 1), arises(p, 2), arises(p, 3), arises(p, 4)),
        probability(p.resolve),
        noticed(p, 0.0),
        probability(p.offer),
        probability(p.offer_again),
        dropout(p),
        probability(p.families_leave / 12.0),
    )


@rule
def works(p: FamilyParameters, fidelity: float) -> float:
    """Share of the full effect that delivery at this fidelity has: nothing at 0, all at 1, and less than in
    proportion between where the effect is convex.
    """
    return fidelity * (1.0 - p.effect_convex * (1.0 - fidelity))


@rule
def in_need_on_arrival(prevalence: float, uniform: float, leaves: float) -> bool:
    """Is a family in need that comes in place of one that leaves? As many of them are as at the start (`prevalence`);
    `uniform` is below `leaves`, and used once more.
    """
    return uniform / leaves < prevalence


@rule
def of_those_who_stay(uniform: float, leaves: float) -> float:
    """The uniform (`leaves` or above) of a family that stays, spread over [0, 1) again for what comes next."""
    return (uniform - leaves) / (1.0 - leaves)


@rule
def completes(path: int, serving: bool, uniform: float, c: Chances) -> bool:
    """Does an episode come to its end, served in its last month and not left? Need may or may not be resolved."""
    return serving and path == 2 and uniform >= c.drop


@rule
def next_path(p: FamilyParameters, path: int, uniform: float, met: Service, c: Chances) -> int:
    """The path of a family in need, one month on."""
    if path == UNKNOWN:
        notice = noticed(p, met.fidelity) if met.fidelity > 0.0 else c.unaided
        return WAITING if uniform < notice else UNKNOWN
    if path == WAITING:
        return next_of_waiting(p, uniform, met, c)
    if path == ENDED:
        return WAITING if uniform < c.again else ENDED
    return ENDED if uniform < c.drop or path == 2 else path - 1


@rule
def next_of_waiting(p: FamilyParameters, uniform: float, met: Service, c: Chances) -> int:
    """A waiting family gives up, waits on, declines what it is offered, or begins an episode."""
    offer = offered(c, met)
    if gives_up(WAITING, uniform, met.lost):
        return ENDED
    if not met.using or uniform >= offer:
        return WAITING
    return 1 + int(p.episode_months) if uniform < offer * p.enrol else ENDED


@rule
def in_service(path: int) -> bool:
    """Is an episode under way?"""
    return path > WAITING and path != ENDED


@rule
def benefit(p: FamilyParameters, met: Service) -> int:
    """Wellbeing gained by one month served, in millionths of a standard deviation."""
    return int(UNITS_PER_SD * met.effect * works(p, met.fidelity) / p.episode_months + 0.5)


@rule
def fading(p: FamilyParameters, before: int, given: int, there: int, left: int) -> int:
    """What is there at a month's end of the gains that fade, of a zone's families in one fifth.

    Args:
        p: parameters.
        before: the same a month ago.
        given: benefit given this month; the part that does not last is added.
        there: benefit given, up to a month ago, to the families who were there then.
        left: the part of it that went to families who left this month; they take as large a share of what fades.

    All are millionths of a standard deviation, as is the result.
    """
    kept = 1.0 - probability(0.6931471805599453 / p.gain_half_life)
    return int(before * kept * (1.0 - share(left, there)) + (1.0 - p.gain_lasts) * given + 0.5)


@rule
def takes_place(in_need: bool, path: int) -> bool:
    """Does a family take up a place in support? One without need does where it was identified as if it had one."""
    return in_service(path) if in_need else path == WAITING


@rule
def places(in_need: int, formal: float, community: float) -> float:
    """Places in formal and informal support, from those for 100 families in need at first."""
    return in_need * (formal + community) / 100.0


@rule
def place_share(places: float, taken: int, waiting: int, offer: float, enrol: float) -> float:
    """Share of the offers this month for which there is a place."""
    free = places - taken
    wanted = waiting * offer * enrol
    if wanted <= 0.0:
        return 1.0
    return clip(free / wanted)


@rule
def offered(c: Chances, met: Service) -> float:
    """Monthly probability that a waiting family is offered service: by a practitioner with time, with a place."""
    return c.offer * met.place_share * met.service


@rule
def lost(p: FamilyParameters, place_share: float) -> float:
    """Monthly probability that a waiting family gives up for lack of a place."""
    return probability(p.lost_waiting) * (1.0 - place_share)


@rule
def gives_up(path: int, uniform: float, lost: float) -> bool:
    """Does a waiting family give up? It uses the upper end of the uniform whose lower end is the offer."""
    return path == WAITING and uniform >= 1.0 - lost


@rule
def mistaken(p: FamilyParameters, met: Service) -> float:
    """Monthly probability that a family without need is identified as if it had one."""
    return met.mistakes * (p.identify + p.identify_practice * met.fidelity)


@rule
def mean_benefit(total: int, reached: int) -> float:
    """Mean wellbeing gained by the families reached, in standard deviations."""
    return total / reached / UNITS_PER_SD
