"""What happens at a site and around it: selection, installation, barriers, improvement cycles, playbook, assessment."""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters import SiteParameters
from sim.rules.rule import clip, rule

NOT_ENGAGED, EXPLORATION, INSTALLATION, INITIAL, FULL, NOT_SUSTAINED = 0, 1, 2, 3, 4, 5
COMMITMENT, PERSON, POLICY = 0, 1, 2
IDLE_MONTHS = 6
ASSESSMENTS_TO_CERTIFY = 2


class Invitation(NamedTuple):
    """What a site meets while it decides whether to take part. Each engine has one place that gathers it."""

    readiness: float  # mean of its staff, 0-1
    commitment: float  # of its manager, 0-1
    trust: float  # in what it was promised before, 0-1
    prepared: float  # exploration work of the core team, 0-1
    seen: float  # share of the area's sites that use it, as far as this is heard of, 0-1
    mandate: float  # how far leaders require it, 0-1
    alone: float  # 1 where there is no core team, and training is all that is offered, else 0


class Holding(NamedTuple):
    """What holds a site that takes part. Each engine has one place that gathers it."""

    commitment: float  # of its manager, 0-1
    capacity: float  # that supports it, 0-1
    data_use: float  # how far its team uses data, 0-1
    seen: float  # share of the area's sites that use it, 0-1
    settling: float  # of a manager who has just come: 1, falling to 0 within a year
    give_up: float  # the lever: against what is usual, times


@rule
def in_use(using: int, given_up: int, sites: int) -> float:
    """Share of an area's sites whose use speaks for the practice: those that gave it up speak against it."""
    return (using - given_up) / sites if using > given_up else 0.0


@rule
def heard_of(in_use: float, communication: float) -> float:
    """How much of the use in an area other sites hear of."""
    return in_use * communication


@rule
def selected(p: SiteParameters, met: Invitation) -> float:
    """Monthly hazard that a site and its zone choose each other: readiness, the manager's commitment and trust, times
    what draws the site: exploration work (a little of it unaided), others that use it, a mandate, an offer of training.
    """
    left = (1.0 - p.explore_unaided) * (1.0 - met.prepared) * (1.0 - p.seen * met.seen)
    left = left * (1.0 - met.mandate) * (1.0 - p.sign_up * met.alone)
    return p.select * met.readiness * met.commitment * met.trust * (1.0 - left)


@rule
def gives_up(p: SiteParameters, met: Holding) -> float:
    """Monthly hazard that a site gives the practice up: lack of commitment, and a manager who has just come; capacity,
    use of data and other sites hold it (lit 3.7, 3.11, 3.12, 4.23).
    """
    held = (1.0 - p.capacity_holds * met.capacity) * (1.0 - p.capacity_holds * met.data_use)
    lack = (1.0 - met.commitment) * (1.0 - met.commitment)
    held = held * (1.0 - p.peers_hold * met.seen)
    return met.give_up * p.give_up_hazard * lack * held * (1.0 + p.new_head * met.settling)


@rule
def begins(stage: int, users: int, given_up: bool) -> bool:
    """Does a site come into initial implementation, or back to it?"""
    waiting = stage in (INSTALLATION, NOT_SUSTAINED)
    return waiting and users > 0 and not given_up


@rule
def won_again(p: SiteParameters, met: Invitation, new_head: bool) -> float:
    """Monthly hazard that a site that gave up takes part again: as any site, but seldom under the same manager."""
    hazard = selected(p, met)
    return hazard if new_head else hazard * p.same_head


@rule
def just_come(months: float) -> float:
    """How new a manager is: 1 on the first day, 0 after a year."""
    return 1.0 - months / 12.0 if months < 12.0 else 0.0


@rule
def trust_waiting(p: SiteParameters, trust: float, support: float) -> float:
    """Trust after a month of waiting or installing: it wears off as far as there is no support."""
    return trust * (1.0 - p.trust_wears * (1.0 - support))


@rule
def trust_returning(p: SiteParameters, trust: float) -> float:
    """Trust a month on, where nothing is waited for."""
    return trust + p.trust_returns * (1.0 - trust)


@rule
def trust_after_giving_up(p: SiteParameters, trust: float) -> float:
    """Trust that is left once a site has given up."""
    return trust * (1.0 - p.trust_lost)


@rule
def installed(p: SiteParameters, released: float) -> float:
    """Share of installation that a month achieves in the time released."""
    return p.install * released


@rule
def barrier_on_entry(p: SiteParameters, barrier: float, playbook: float, similarity: float) -> float:
    """Local barriers of a site that starts with the playbook of earlier zones, as far as these resembled its own."""
    return barrier * (1.0 - p.playbook_carry * playbook * similarity)


@rule
def data_quality(p: SiteParameters, lag: float, collective: bool) -> float:
    """What can be learned from data that arrive this late; agencies that share no measures learn less."""
    quality = p.data_half_lag / (p.data_half_lag + lag)
    return quality if collective else quality * p.data_isolated


@rule
def cycle_progress(p: SiteParameters, lag: float, running: float) -> float:
    """Share of a rapid improvement cycle that a month achieves; a cycle waits for part of its data."""
    return running / (p.cycle_months + p.cycle_waits * lag)


@rule
def latitude(p: SiteParameters, in_open_zone: bool, group: float) -> float:
    """How much easier barriers fall where normal rules are relaxed, as long as leaders' commitment holds."""
    return 1.0 + p.zone_latitude * group if in_open_zone else 1.0


@rule
def barrier_after_cycle(p: SiteParameters, barrier: float, capacity: float, quality: float, ease: float) -> float:
    """Local barriers left after one rapid improvement cycle."""
    return barrier * (1.0 - clip(p.cycle_removal * capacity * quality * ease))


@rule
def barrier_returning(p: SiteParameters, barrier: float, at_start: float) -> float:
    """Local barriers a month on: part of what was removed comes back."""
    return barrier + p.barrier_return * (at_start - barrier)


@rule
def raises(p: SiteParameters, system_barrier: float, operational: float) -> float:
    """Probability that a cycle meets a barrier beyond the site and the operational manager passes it up."""
    left = system_barrier / p.system_barrier
    return p.raise_barrier * operational * (1.0 if left > 1.0 else left)


@rule
def decides(communication: float, commitment: float) -> float:
    """Probability that a raised barrier is decided on this month: a working protocol and a committed leader."""
    return communication * commitment


@rule
def system_after_decision(p: SiteParameters, barrier: float, ease: float) -> float:
    """System barriers left after one decision."""
    return barrier * (1.0 - clip(p.system_removal * ease))


@rule
def system_returning(p: SiteParameters, barrier: float) -> float:
    """System barriers a month on: part of what was removed comes back."""
    return barrier + p.system_return * (p.system_barrier - barrier)


@rule
def testable(p: SiteParameters, users: int) -> bool:
    """Are there users enough to test the design with?"""
    return users >= p.usability_users


@rule
def round_progress(p: SiteParameters, testing: float) -> float:
    """Share of a round of testing with users that a month achieves."""
    return testing / p.usability_months


@rule
def usability_after_round(p: SiteParameters, usability: float, work: float) -> float:
    """Usability after one round of testing with users."""
    return usability + p.usability_gain * work * (1.0 - usability)


@rule
def playbook_after_cycle(p: SiteParameters, playbook: float, capacity: float, quality: float) -> float:
    """What the area has learned after one more cycle."""
    return playbook + p.playbook_cycle * capacity * quality * (1.0 - playbook)


@rule
def sampled(p: SiteParameters, practitioners: int) -> float:
    """Probability that a practitioner is observed in an assessment."""
    return 1.0 if practitioners <= p.assess_sample else p.assess_sample / practitioners


@rule
def gate_met(certified: float, capacity: float, needed_certified: float, needed_capacity: float) -> bool:
    """Has the earlier zone reached what the gate asks, as assessed?"""
    return certified >= needed_certified and capacity >= needed_capacity


@rule
def data_use(quality: float, capacity: float, running: float) -> float:
    """How far a site's team uses data for improvement: what the data show, what the team can do, whether cycles run."""
    return quality * capacity * running


@rule
def clearer(p: SiteParameters, done: float, terms: float) -> float:
    """Installation done in a month where terms of reference say who does what."""
    return done * (1.0 + p.terms_speed * terms)


@rule
def mapped(p: SiteParameters, barrier: float, mapping: float) -> float:
    """Local barriers of a site whose partners mapped their data together and saw the gaps."""
    return barrier * (1.0 - p.mapping_gain * mapping)


@rule
def lag_met(p: SiteParameters, lag: float, agency: int, covered: float) -> float:
    """Delay of data that an agency's sites meet: council reporting's where the data system does not cover it."""
    if agency < covered:
        return lag
    return max(p.reporting_lag, lag)


@rule
def quality_left(p: SiteParameters, quality: float, burden: float, judgement: float) -> float:
    """What can be learned from data that are incomplete because they burden, or guarded because they judge."""
    return quality * (1.0 - p.burden_missing * burden) * (1.0 - p.judgement_hides * judgement)


@rule
def reported(p: SiteParameters, value: float, judgement: float) -> float:
    """What is reported of a share: nearer to 1 where data serve judgement."""
    return value + p.judgement_bias * judgement * (1.0 - value)


@rule
def raised_between(raised: float, surfaces: float) -> float:
    """Probability that a barrier that needs every agency is raised: it must surface first."""
    return raised * surfaces


@rule
def relaxed(rests_on: int, opened: int, in_post_since: int) -> bool:
    """Are rules still relaxed in a zone? Where they rest on a person, that leader must have been there to permit it."""
    return opened >= 0 and (rests_on != PERSON or in_post_since <= opened)


@rule
def backing(rests_on: int, group: float) -> float:
    """What backs relaxed rules: the group's commitment, or, once they are policy, the policy."""
    return 1.0 if rests_on == POLICY else group


@rule
def root(x: float) -> float:
    """Square root from + and / alone (Heron)."""
    guess = x if x > 1.0 else 1.0
    for _ in range(40):
        guess = 0.5 * (guess + x / guess)
    return guess


@rule
def outcome_seen(p: SiteParameters, benefit: float, families: int, u1: float, u2: float) -> float:
    """Benefit of the families reached (mean, SD) as a zone's own data show it, against as many who were not."""
    error = p.outcome_deviation * root(2.0 / families)
    return benefit + 2.449489742783178 * error * (u1 + u2 - 1.0)


@rule
def outcome_met(seen: float, needed: float) -> bool:
    """Do the zone's own data show the benefit that the gate asks for?"""
    return seen >= needed
