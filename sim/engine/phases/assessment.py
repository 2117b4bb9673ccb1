"""Phase 7: fidelity assessments, the stages that follow from them, certification and what is kept at a site's marks."""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import kernel, part, step
from sim.engine.phases.improvement import quality_at
from sim.engine.sums import MARKS
from sim.engine.world import Actors, Books, Now, People
from sim.parameters import Parameters
from sim.rules import practitioner, site
from sim.rules.rule import share, with_error

MARK_MONTHS = np.array(MARKS)


@kernel
def observe(w: Actors, people: People, p: Parameters, now: Now, i: int) -> tuple[int, int, int, float]:
    """A sample of one site's practitioners, with error: how many observed, of them using and at fidelity, and the
    sum of users' observed fidelity.
    """
    inclusion = site.sampled(p.site, w.sites[i].last_person - w.sites[i].first_person)
    observed = using = at_fidelity = 0
    total = 0.0
    for j in range(w.sites[i].first_person, w.sites[i].last_person):
        me = people.id[j]
        if inclusion < 1.0 and draws.is_observed(now.key, now.month, me) >= inclusion:
            continue
        observed += 1
        if people.using[j] == 1:
            using += 1
            first = draws.error_observed(now.key, now.month, me)
            second = draws.error_observed_too(now.key, now.month, me)
            told = site.reported(p.site, people.fidelity[j], w.levers[w.sites[i].area].data_judgement)
            seen = with_error(told, p.site.assess_error, first, second)
            total += seen
            at_fidelity += practitioner.at_fidelity(p.practitioner, seen)
    return (observed, using, at_fidelity, total)


@kernel
def assess(w: Actors, people: People, p: Parameters, now: Now, i: int) -> tuple[bool, float, float]:
    """Assess one site: fidelity, capacity and use of data, all with error. Was anybody in the sample (if not, nothing
    is known); data use; and what share uses the practice?
    """
    observed, using, at_fidelity, total = observe(w, people, p, now, i)
    if observed == 0:
        return False, 0.0, 0.0
    a = w.sites[i].area
    first = draws.error_in_capacity(now.key, now.month, w.sites[i].id)
    second = draws.error_in_capacity_too(now.key, now.month, w.sites[i].id)
    w.sites[i].assessed_share = share(at_fidelity, observed)
    w.sites[i].assessed_fidelity = total / using if using > 0 else np.nan
    able = site.reported(p.site, w.sites[i].able, w.levers[a].data_judgement)
    w.sites[i].assessed_capacity = with_error(able, p.team.assessment_error, first, second)
    use = site.data_use(quality_at(w, p, i), w.sites[i].able, w.levers[a].improvement_cycles)
    first = draws.error_in_data_use(now.key, now.month, w.sites[i].id)
    second = draws.error_in_data_use_too(now.key, now.month, w.sites[i].id)
    return True, with_error(use, p.team.assessment_error, first, second), share(using, observed)


@part
def keep(w: Actors, books: Books, i: int, elapsed: int, seen: tuple[bool, float, float]) -> None:
    """Keep what an assessment found, at the site's marks."""
    for m in range(MARK_MONTHS.shape[0]):
        if elapsed == MARK_MONTHS[m]:
            books.marked[i, m, 0] = w.sites[i].assessed_fidelity
            books.marked[i, m, 1] = w.sites[i].assessed_capacity
            books.marked[i, m, 2] = seen[1]
            books.marked[i, m, 3] = seen[2]


@step
def restage(w: Actors, people: People, books: Books, p: Parameters, now: Now) -> None:
    """Stages of started sites at the end of the month, after any assessment that was due."""
    for i in range(w.sites.shape[0]):
        started = w.sites[i].month_started
        if started < 0:
            continue
        elapsed = now.month - started
        due = elapsed > 0 and elapsed % int(p.site.assess_months) == 0
        if due:
            seen = assess(w, people, p, now, i)
            due = seen[0]
            if due:
                keep(w, books, i, elapsed, seen)
        w.sites[i].idle = 0 if w.sites[i].users > 0 else w.sites[i].idle + 1
        if w.sites[i].idle >= site.IDLE_MONTHS:
            w.sites[i].stage = site.NOT_SUSTAINED
            w.sites[i].streak = 0
        elif site.begins(w.sites[i].stage, w.sites[i].users, w.sites[i].given_up >= 0):
            w.sites[i].stage = site.INITIAL
            if w.sites[i].month_initial < 0:
                w.sites[i].month_initial = now.month
        if due and (w.sites[i].stage == site.INITIAL or w.sites[i].stage == site.FULL):
            certify(w, p, now, i)
        w.sites[i].certified = 1 if w.sites[i].streak >= site.ASSESSMENTS_TO_CERTIFY else 0
        if w.sites[i].certified == 1:
            w.sites[i].ever_certified = 1
            if w.sites[i].month_certified < 0:
                w.sites[i].month_certified = now.month
        if elapsed == 36:
            w.sites[i].certified_at_36 = w.sites[i].certified


@kernel
def certify(w: Actors, p: Parameters, now: Now, i: int) -> None:
    """Full implementation if enough practitioners are at fidelity as assessed; two such assessments in a row
    certify.
    """
    if w.sites[i].assessed_share >= p.site.full_share:
        w.sites[i].stage = site.FULL
        w.sites[i].streak += 1
        if w.sites[i].month_full < 0:
            w.sites[i].month_full = now.month
    else:
        w.sites[i].stage = site.INITIAL
        w.sites[i].streak = 0
