"""Phase 7: fidelity assessments, the stages that follow from them, certification and what is kept at a site's marks."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel
from sim.engine.measures import MARKS
from sim.engine.state import State
from sim.organisation.compile import Place
from sim.parameters import Levers, PractitionerParameters, SiteParameters, TeamParameters
from sim.rules import site
from sim.rules.rule import share, with_error

COLLECTIVE = Levers._fields.index("collective")
DATA_LAG = Levers._fields.index("data_lag_months")
IMPROVEMENT_CYCLES = Levers._fields.index("improvement_cycles")
MARK_MONTHS = np.array(MARKS)


@kernel
def observe(
    place: Place, pp: PractitionerParameters, ps: SiteParameters, s: State, key: np.uint64, month: int, i: int
) -> tuple[int, int, int, float]:
    """A sample of one site's practitioners, with error: how many observed, of them using and at fidelity, and the
    sum of users' observed fidelity."""
    inclusion = site.sampled(ps, place.staff_ptr[i + 1] - place.staff_ptr[i])
    first = draws.word_key(key, draws.OBSERVED, month)
    second = draws.word_key(key, draws.ERROR, month)
    observed = using = at_fidelity = 0
    total = 0.0
    for j in range(place.staff_ptr[i], place.staff_ptr[i + 1]):
        luck = draws.bits(first, place.person_id[j])
        if draws.upper(luck) >= inclusion:
            continue
        observed += 1
        if s.using[j] == 1:
            using += 1
            other = draws.upper(draws.bits(second, place.person_id[j]))
            seen = with_error(s.fidelity[j], ps.assess_error, draws.lower(luck), other)
            total += seen
            at_fidelity += seen >= pp.fidelity_criterion
    return observed, using, at_fidelity, total


@kernel
def assess(
    place: Place,
    pp: PractitionerParameters,
    pt: TeamParameters,
    ps: SiteParameters,
    s: State,
    key: np.uint64,
    month: int,
    i: int,
) -> bool:
    """Assess one site: fidelity, capacity and use of data, all with error; keep them at the site's marks.
    False where the sample came out empty."""
    observed, using, at_fidelity, total = observe(place, pp, ps, s, key, month, i)
    if observed == 0:
        return False
    a = place.site_area[i]
    capacity_luck = draws.bits(draws.word_key(key, draws.SITE_CAPACITY_ERROR, month), place.site_id[i])
    data_luck = draws.bits(draws.word_key(key, draws.SITE_DATA_ERROR, month), place.site_id[i])
    s.assessed_share[i] = share(at_fidelity, observed)
    s.assessed_fidelity[i] = total / using if using > 0 else np.nan
    s.assessed_capacity[i] = with_error(
        s.able[i], pt.assessment_error, draws.upper(capacity_luck), draws.lower(capacity_luck)
    )
    quality = site.data_quality(ps, s.levers[a, DATA_LAG], s.levers[a, COLLECTIVE] != 0.0)
    use = site.data_use(quality, s.able[i], s.levers[a, IMPROVEMENT_CYCLES])
    data_use = with_error(use, pt.assessment_error, draws.upper(data_luck), draws.lower(data_luck))
    for m in range(MARK_MONTHS.shape[0]):
        if month - s.milestones[i, 0] == MARK_MONTHS[m]:
            s.marked[i, m, 0] = s.assessed_fidelity[i]
            s.marked[i, m, 1] = s.assessed_capacity[i]
            s.marked[i, m, 2] = data_use
            s.marked[i, m, 3] = share(using, observed)
    return True


@kernel
def restage(
    place: Place,
    pp: PractitionerParameters,
    pt: TeamParameters,
    ps: SiteParameters,
    s: State,
    key: np.uint64,
    month: int,
) -> None:
    """Stages of started sites at the end of the month, after any assessment that was due."""
    for i in range(place.site_id.shape[0]):
        started = s.milestones[i, 0]
        if started < 0:
            continue
        elapsed = month - started
        due = elapsed > 0 and elapsed % int(ps.assess_months) == 0
        if due:
            due = assess(place, pp, pt, ps, s, key, month, i)
        s.idle[i] = 0 if s.users[i] > 0 else s.idle[i] + 1
        if s.idle[i] >= site.IDLE_MONTHS:
            s.stage[i] = site.NOT_SUSTAINED
            s.streak[i] = 0
        elif s.users[i] > 0 and (s.stage[i] == site.INSTALLATION or s.stage[i] == site.NOT_SUSTAINED):
            s.stage[i] = site.INITIAL
            if s.milestones[i, 1] < 0:
                s.milestones[i, 1] = month
        if due and (s.stage[i] == site.INITIAL or s.stage[i] == site.FULL):
            certify(ps, s, month, i)
        s.certified[i] = 1 if s.streak[i] >= site.ASSESSMENTS_TO_CERTIFY else 0
        if s.certified[i] == 1:
            s.ever_certified[i] = 1
            if s.milestones[i, 3] < 0:
                s.milestones[i, 3] = month
        if elapsed == 36:
            s.certified_at_36[i] = s.certified[i]


@kernel
def certify(ps: SiteParameters, s: State, month: int, i: int) -> None:
    """Full implementation if enough practitioners are at fidelity as assessed; two such assessments in a row certify."""
    if s.assessed_share[i] >= ps.full_share:
        s.stage[i] = site.FULL
        s.streak[i] += 1
        if s.milestones[i, 2] < 0:
            s.milestones[i, 2] = month
    else:
        s.stage[i] = site.INITIAL
        s.streak[i] = 0
