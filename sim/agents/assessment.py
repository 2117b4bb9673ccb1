"""The end of a site's month: its assessment when one is due, its stage, and its certification."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from sim.agents.actor import total
from sim.rules import practitioner as practitioner_rules
from sim.rules import site as rules
from sim.rules.rule import share, with_error

if TYPE_CHECKING:
    from sim.agents.site import Site

YEARS_3 = 36


def close_month(site: Site) -> None:
    """Stage and certification at the end of the month, after any assessment that was due."""
    if not site.started:
        return
    elapsed = site.model.month - site.month_started
    due = elapsed > 0 and elapsed % int(site.model.parameters.site.assess_months) == 0
    due = due and assess(site, elapsed)
    site.idle = 0 if site.users > 0 else site.idle + 1
    if site.idle >= rules.IDLE_MONTHS:
        site.enter(rules.NOT_SUSTAINED)
        site.streak = 0
    elif rules.begins(site.stage, site.users, site.given_up >= 0):
        site.enter(rules.INITIAL)
        site.month_initial = site.first_time(site.month_initial)
    if due and site.stage in (rules.INITIAL, rules.FULL):
        judge(site)
    certify(site)
    if elapsed == YEARS_3:
        site.certified_at_36 = int(site.certified)


def judge(site: Site) -> None:
    """Full implementation if enough practitioners are at fidelity as assessed, else back to initial."""
    if site.assessed_share >= site.model.parameters.site.full_share:
        site.enter(rules.FULL)
        site.streak += 1
        site.month_full = site.first_time(site.month_full)
    else:
        site.enter(rules.INITIAL)
        site.streak = 0


def certify(site: Site) -> None:
    """Two assessments of full implementation in a row certify."""
    before, site.certified = site.certified, site.streak >= rules.ASSESSMENTS_TO_CERTIFY
    if site.certified:
        site.ever_certified = True
        site.month_certified = site.first_time(site.month_certified)
    if site.certified != before:
        site.note("was certified" if site.certified else "lost its certification")


def assess(site: Site, elapsed: int) -> bool:
    """Assess fidelity in a sample of practitioners, capacity and use of data, all with error; kept at the marks.

    False where the sample came out empty.
    """
    p = site.model.parameters
    inclusion = rules.sampled(p.site, len(site.staff))
    sample = [person for person in site.staff if person.chance("is_observed") < inclusion]
    if not sample:
        return False
    seen = [person.be_observed() for person in sample if person.using]
    at_fidelity = sum(practitioner_rules.at_fidelity(p.practitioner, fidelity) for fidelity in seen)
    site.assessed_share = share(at_fidelity, len(sample))
    site.assessed_fidelity = share(total(seen), len(seen)) if seen else nan
    error = p.team.assessment_error
    able = rules.reported(p.site, site.able, site.area.levers.data_judgement)
    site.assessed_capacity = with_error(
        able, error, site.chance("error_in_capacity"), site.chance("error_in_capacity_too")
    )
    use = rules.data_use(site.data_quality(), site.able, site.area.levers.improvement_cycles)
    data_use = with_error(use, error, site.chance("error_in_data_use"), site.chance("error_in_data_use_too"))
    site.marked[elapsed] = (site.assessed_fidelity, site.assessed_capacity, data_use, share(len(seen), len(sample)))
    return True
