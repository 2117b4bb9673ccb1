"""Hours that people give to what was chosen: at a site, in a team, in an agency. A month's, by the levers in force."""

from __future__ import annotations

from typing import NamedTuple

from sim.costs import CostParameters
from sim.levers import Levers
from sim.parameters import LEVERS
from sim.rules.rule import rule

FOUND_COMMUNICATION, FOUND_ALIGNMENT = (LEVERS[name].about.found for name in ("communication", "alignment"))


class SiteWork(NamedTuple):
    """What a site has to do with the plan this month; 1 or 0, but for `coached`."""

    takes_part: float  # its zone is open to it, and it has not given up
    explores: float
    started: float  # and has not given up
    supported: float  # started, with a local or a core team
    coached: float  # users as the month began


@rule
def above(value: float, found: float) -> float:
    """What has to be worked for: the rest is there without anybody's work."""
    return value - found if value > found else 0.0


@rule
def site_hours(p: CostParameters, lever: Levers, met: SiteWork) -> float:
    """Hours of a site's managers and staff."""
    managers = p.communication_hours * above(lever.communication, FOUND_COMMUNICATION)
    managers += p.alignment_hours * above(lever.alignment, FOUND_ALIGNMENT)
    mapping = p.mapping_hours * lever.data_mapping
    staff = p.champion_hours * lever.champions + p.linkage_hours * lever.data_linkage
    data = p.cycle_hours * lever.improvement_cycles + p.feedback_hours * met.coached * lever.fidelity_feedback
    return met.takes_part * managers + met.explores * mapping + met.started * staff + met.supported * data


@rule
def local_hours(p: CostParameters, lever: Levers, lent: float) -> float:
    """Hours of a local team for other teams: in their network, and for the places of attention that it lends."""
    return p.network_hours * lever.peer_network + p.mentoring_hours * lent


@rule
def core_hours(p: CostParameters, lever: Levers, members: float, testing: float) -> float:
    """Hours for a core team's terms of reference, its work on alignment and, while it goes on, usability testing."""
    agreed = p.terms_hours * members * lever.terms_of_reference
    return agreed + p.alignment_work_hours * lever.alignment_work + testing * p.testing_hours * lever.usability_testing


@rule
def coverage_hours(p: CostParameters, covered: float, agency: int) -> float:
    """Hours of an agency whose data the system covers, where some site has started."""
    left = covered - agency
    return p.coverage_hours * left if left < 1.0 else p.coverage_hours


@rule
def partner_cash(p: CostParameters, lever: Levers) -> float:
    """Cash for the neutral partner of an area with a core team."""
    return p.partner_hours * p.staff_hour * lever.neutral_partner


@rule
def place_hours(p: CostParameters, in_need_at_first: int, places: float) -> float:
    """Hours of community partners for the places in support that they add."""
    return p.place_hours * in_need_at_first * places / 100.0


@rule
def worth(p: CostParameters, hours: float) -> float:
    """Hours in pounds."""
    return p.staff_hour * hours
