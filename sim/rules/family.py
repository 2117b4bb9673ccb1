"""What happens to a family: need arises and resolves, is noticed, waits, is served; wellbeing.

A family's way through service is one small number, its *path*:
0 unknown, 1 waiting, 2 and above in service (path - 1 months to go), ENDED when an episode is over or was declined.
"""

from __future__ import annotations

from sim.parameters import FamilyParameters
from sim.rules.rule import clip, probability, rule

UNKNOWN, WAITING, ENDED = 0, 1, 100
UNITS_PER_SD = 1_000_000


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
def resolves(p: FamilyParameters, serving: bool, fidelity: float, effect: float) -> float:
    """Monthly probability that need resolves: by itself, and faster in service that works."""
    hazard = p.resolve
    if serving:
        hazard = hazard + p.recover * effect * fidelity
    return probability(hazard)


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
def next_path(
    p: FamilyParameters,
    path: int,
    using: bool,
    uniform: float,
    notice: float,
    offer: float,
    again: float,
    drop: float,
    lost: float,
) -> int:
    """The path of a family in need, one month on. `using`: its practitioner uses the practice; `lost`: it gives up."""
    if path == UNKNOWN:
        return WAITING if uniform < notice else UNKNOWN
    if path == WAITING:
        if gives_up(path, uniform, lost):
            return ENDED
        if not using or uniform >= offer:
            return WAITING
        return 1 + int(p.episode_months) if uniform < offer * p.enrol else ENDED
    if path == ENDED:
        return WAITING if uniform < again else ENDED
    if uniform < drop or path == 2:
        return ENDED
    return path - 1


@rule
def in_service(path: int) -> bool:
    """Is an episode under way?"""
    return path > WAITING and path != ENDED


@rule
def benefit(p: FamilyParameters, fidelity: float, effect: float) -> int:
    """Wellbeing gained by one month served, in millionths of a standard deviation."""
    return int(UNITS_PER_SD * effect * fidelity / p.episode_months + 0.5)


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
def offered(offer: float, place_share: float, service: float) -> float:
    """Monthly probability that a waiting family is offered service: by a practitioner with time, with a place."""
    return offer * place_share * service


@rule
def lost(p: FamilyParameters, place_share: float) -> float:
    """Monthly probability that a waiting family gives up for want of a place."""
    return probability(p.lost_waiting) * (1.0 - place_share)


@rule
def gives_up(path: int, uniform: float, lost: float) -> bool:
    """Does a waiting family give up? It uses the far end of the uniform whose near end is the offer."""
    return path == WAITING and uniform >= 1.0 - lost


@rule
def mistaken(p: FamilyParameters, fidelity: float, misidentification: float) -> float:
    """Monthly probability that a family without need is identified as if it had one."""
    return misidentification * (p.identify + p.identify_practice * fidelity)


@rule
def mean_benefit(total: int, reached: int) -> float:
    """Mean wellbeing gained by the families reached, in standard deviations."""
    return total / reached / UNITS_PER_SD
