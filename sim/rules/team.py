"""What an implementation team does: divides its attention, grows or loses capacity, coaches, loses and finds
members.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters import TeamParameters
from sim.rules.rule import clip, either, hazard_of_yearly, rule, share


class Help(NamedTuple):
    """What the practitioners of a team's sites may count on."""

    capacity: float  # of the team, 0-1
    hands: float  # members in post, by the time they have
    released: float  # share of the time it needs that it has
    practitioners: float  # who share it


@rule
def places_core(own: int, lever: float, agencies: int) -> int:
    """Places in a core team: its own number (-1: none), else the plan's, shared by agencies that work alone."""
    if own > 0:
        return own
    part = int(lever) // agencies
    return part if part > 1 else 1


@rule
def places_local(p: TeamParameters, lever: float, staff: int) -> int:
    """Places in a local team: as planned, fewer where a site has fewer people, more where it has many."""
    planned = int(lever)
    planned = staff if staff < planned else planned
    wanted = int(staff / p.staff_per_member)
    planned = wanted if wanted > planned else planned
    return planned if planned > 1 else 1


@rule
def there_at_first(p: TeamParameters, places: int) -> int:
    """Members a new team begins with: everybody, or one where the others must be recruited."""
    return 1 if p.recruit_months > 0.0 else places


@rule
def first_capacity_core(p: TeamParameters, playbook: float, mentoring: float) -> float:
    """Capacity of a core team founded later: what every new team has, and what the area's first zones hand on."""
    return either(p.capacity_start_core, p.handed_on * playbook * mentoring)


@rule
def worth(p: TeamParameters, released: float) -> float:
    """What released time is worth: all of it when all is released, and less than its share below that."""
    return released * released * (1.0 + p.thin_time) / (released + p.thin_time) if released > 0.0 else 0.0


@rule
def by_people(p: TeamParameters, staff: float) -> float:
    """Places of attention that a site of so many people needs, against a site of `place_staff`."""
    return p.place_base + (1.0 - p.place_base) * staff / p.place_staff


@rule
def first_capacity(p: TeamParameters, playbook: float, similarity: float, mentoring: float) -> float:
    """Capacity of a new local team: what every new team has, and what earlier zones hand on to sites like theirs."""
    return either(p.capacity_start_local, p.handed_on * playbook * similarity * mentoring)


@rule
def saturating(reach: float) -> float:
    """What more and more help achieves: in proportion at first, then ever less, at most 1."""
    return reach * (1.0 + reach) / (1.0 + reach + reach * reach)


@rule
def places_to_explore(p: TeamParameters, staff: float) -> float:
    """Places of attention that a site in exploration needs."""
    return p.explore_need * by_people(p, staff)


@rule
def places_to_support(p: TeamParameters, capacity: float, staff: float) -> float:
    """Places of attention that a local team needs, whose sites have so many people."""
    return place_needed(p, capacity) * by_people(p, staff)


@rule
def place_needed(p: TeamParameters, capacity: float) -> float:
    """Places of a supporter's attention a team needs: a whole one at first, `maintain` once it is mature."""
    maturity = capacity / p.capacity_criterion
    maturity = min(maturity, 1.0)
    return 1.0 - (1.0 - p.maintain) * maturity


@rule
def places(p: TeamParameters, capacity: float, external: float, hands: float) -> float:
    """Sites that a core team can bring on at a time: `span` is that of five members at full capacity, or of as many
    newcomers with able external supporters alongside.
    """
    return p.span * (capacity + external) * hands * 0.2


@rule
def mentors(p: TeamParameters, capacity: float, mentoring: float) -> float:
    """Places that a mature local team adds by supporting the next teams."""
    return p.mentor_places * capacity * mentoring if capacity >= p.capacity_criterion else 0.0


@rule
def attention(available: float, needed: float) -> float:
    """Share of what is needed that everyone supported gets; 0 where nobody needs support."""
    if needed <= 0.0:
        return 0.0
    return 1.0 if available >= needed else available / needed


@rule
def thinned(p: TeamParameters, attention: float) -> float:
    """What support spread over too many is worth: all of it at full attention, and less than its share below that."""
    return attention * attention * (1.0 + p.thin_support) / (attention + p.thin_support) if attention > 0.0 else 0.0


@rule
def own_learning(p: TeamParameters, external: float, attention: float, needed: float) -> float:
    """What a core team makes of external support: less when more is asked of it than it can give."""
    return external * (1.0 - p.overload_learning * (1.0 - attention)) if needed > 0.0 else external


@rule
def own_renewal(p: TeamParameters, capacity: float) -> float:
    """How far a team sustains itself: hardly when weak, nearly as well as a supporter would when able."""
    able = capacity * capacity
    able = able * able
    half = p.own_renewal * p.own_renewal
    return able / (able + half * half)


@rule
def supported(p: TeamParameters, attention: float, capacity: float, peers: float, network: float) -> float:
    """All support a team has: its supporter's attention, able peer teams, and itself."""
    return either(either(attention, p.peer_support * peers * network), own_renewal(p, capacity))


@rule
def next_capacity(p: TeamParameters, capacity: float, support: float, released: float) -> float:
    """Capacity a month on: grows with support in the time that leaders release, withers without support."""
    grown = p.capacity_growth * support * worth(p, released) * (1.0 - capacity)
    withered = p.atrophy * (1.0 - support) * capacity
    return clip(capacity + (grown - withered) / 12.0)


@rule
def member_leaves(p: TeamParameters, members: float, factor: float) -> float:
    """Monthly hazard that one of the members leaves."""
    return hazard_of_yearly(p.member_turnover) * members * factor


@rule
def capacity_after_leaving(p: TeamParameters, capacity: float, members: float, agencies: float) -> float:
    """Capacity left when one of `members` goes: cover by the others, better in a team of several agencies, keeps part
    of the leaver's; a single lead takes all of it.
    """
    cover = p.cover * (1.0 - 1.0 / members) * agencies / (agencies + 1.0) * 1.25
    return capacity * (1.0 - (1.0 - clip(cover)) / members)


@rule
def place_filled(p: TeamParameters, released: float, recruiting: int) -> float:
    """Monthly hazard that a place is filled, as far as leaders release somebody: new places (`recruiting`) are all
    sought at the same time, vacant ones one after the other.
    """
    if recruiting > 0 and p.recruit_months > 0.0:
        return released * recruiting / p.recruit_months
    return released / p.refill_months


@rule
def dose(p: TeamParameters, coaching: float, met: Help) -> float:
    """Coaching that each practitioner gets: the team's capacity, shared once there are more than it can coach in the
    time that leaders release.
    """
    if met.practitioners <= 0.0:
        return 0.0
    reach = p.coach_span * met.hands * worth(p, met.released) / met.practitioners
    return coaching * met.capacity * saturating(reach)


@rule
def dose_of_head(p: TeamParameters, commitment: float) -> float:
    """Coaching that a manager gives alone: hardly any unless wholly committed."""
    square = commitment * commitment
    return p.head_leads * square * square


@rule
def work(capacity: float, external: float) -> float:
    """What a core team can take on with its external supporters beside it (exploration, testing, briefing leaders)."""
    return either(capacity, external)


@rule
def mean_of_others(total: float, own: float, count: int) -> float:
    """Mean capacity of the other teams in a network."""
    return share(total - own, count - 1.0)


@rule
def more_support(own: float, level: float, staff: int) -> float:
    """What a site's people have more of external support than the area's level."""
    return (own - level) * staff


@rule
def level_met(level: float, more: float, people: float) -> float:
    """Level of external support planned for a core team: the area's, and what its zones have more, by their people."""
    return clip(level + share(more, people))


@rule
def external_strength(level: float, taper: float) -> float:
    """Strength of external support this month: as planned, less what it has tapered by now."""
    return level * taper


@rule
def core_teams_each(core_teams: int, external_teams: float) -> float:
    """Core teams that share one external team; 0 where there are as many external teams as are needed."""
    return share(core_teams, external_teams)


@rule
def external_attention(p: TeamParameters, strength: float, core_teams: float) -> float:
    """Attention each of the core teams that share an external team gets from it; it can support `external_span` of them
    at a time.
    """
    if core_teams <= p.external_span:
        return strength
    return strength * p.external_span / core_teams


@rule
def direct(capacity: float, attention: float) -> float:
    """Capacity that a core team brings to a site without a local team."""
    return capacity * attention


@rule
def hands(p: TeamParameters, members: int, committee: bool, resources: float) -> float:
    """Members in post, counted by the time they have for the work; a committee's members only meet."""
    time = members * resources
    return time * p.committee_time if committee else time


@rule
def places_kept(p: TeamParameters, places: float, terms: float) -> float:
    """Places of attention, with what terms of reference save from misunderstandings and doubled work."""
    return places * (1.0 + p.terms_attention * terms)


@rule
def missed(hands: float, share_of_post: float, repurposed: float, staff: float) -> float:
    """Share of a site's own time that goes to its team."""
    return share(hands * share_of_post * repurposed, staff)


@rule
def service_left(p: TeamParameters, missed: float, displacement: float, backfill: float, linkage: float) -> float:
    """Service that a releasing site still gives: less by the time it misses, unless that is backfilled or linked data
    show the gap in time.
    """
    return clip(1.0 - displacement * missed * (1.0 - backfill) * (1.0 - p.linkage_mends * linkage))


@rule
def bought_hands(p: TeamParameters, posts: float) -> float:
    """Coaches bought, counted as members of a local team by the time they give."""
    return posts / p.share_of_post_local


@rule
def with_others(dose: float, others: float) -> float:
    """Dose of coaching by a team and by others beside it: a committed manager, coaches that were bought."""
    # Not `either`: without a dose of its own a site gets the others' to the bit.
    return dose + (1.0 - dose) * others
