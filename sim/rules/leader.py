"""What a leader does: becomes committed, drifts back, leaves and is replaced; releases time; a group decides
together.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.parameters import LeaderParameters
from sim.rules.rule import clip, either, hazard_of_yearly, rule


class Influences(NamedTuple):
    """What a leader meets this month, on average over the areas served. Each engine has one place that gathers it."""

    engagement: float  # by what is planned and what the teams can do, 0-1
    felt: float  # what that engagement does, more in a leader who is not satisfied
    results: float  # that the leader sees, 0-1
    misaligned: float  # how far other initiatives pull elsewhere, 0-1
    turnover: float  # against today's, times


class Alignment(NamedTuple):
    """What moves the alignment of other initiatives with the practice in an area."""

    alignment: float  # in force this month, 0-1
    work: float  # on alignment, that the area's teams manage, 0-1
    funding: float  # -1 competitive, 0 neither, 1 collective
    fresh: float  # load of initiatives that begin this month


@rule
def next_commitment(p: LeaderParameters, commitment: float, baseline: float, met: Influences) -> float:
    """Commitment a month later: engagement (as far as one is committed already) and visible results raise it; it
    drifts back to the leader's baseline, faster where other initiatives pull elsewhere.
    """
    raised = (p.engage * met.felt * commitment + p.results * met.results) * (1.0 - commitment)
    drifted = p.drift * (1.0 + p.drift_misaligned * met.misaligned) * (commitment - baseline)
    return clip(commitment + raised - drifted)


@rule
def settled(p: LeaderParameters, months: float) -> float:
    """Share of what a leader would release or do that comes about so many months after taking the post."""
    known = (months + 1.0) / p.post_settling if months + 1.0 < p.post_settling else 1.0
    return 0.5 + 0.5 * known


@rule
def would_release(p: LeaderParameters, commitment: float, months: float) -> float:
    """Commitment with which a leader releases time: a new one must settle first."""
    return commitment * settled(p, months)


@rule
def leaves(p: LeaderParameters, met: Influences) -> float:
    """Monthly hazard of leaving the post."""
    return hazard_of_yearly(p.turnover) * met.turnover


@rule
def successor_baseline(p: LeaderParameters, baseline: float, uniform: float) -> float:
    """The successor's baseline, drawn around the predecessor's with the given correlation."""
    centre = p.commitment_mean + p.correlation * (baseline - p.commitment_mean)
    return clip(centre + p.commitment_spread * (2.0 * uniform - 1.0))


@rule
def successor_commitment(p: LeaderParameters, commitment: float, old_baseline: float, new_baseline: float) -> float:
    """The successor's commitment on the first day: of what engagement had built only the correlated part remains."""
    return clip(new_baseline + p.correlation * (commitment - old_baseline))


@rule
def released(manager: float, senior: float, budget: float) -> float:
    """Share of the time a team needs that is released: both must want it (harmonic mean), as far as budgets allow."""
    both = manager + senior
    return 2.0 * manager * senior / both * budget if both > 0.0 else 0.0


@rule
def group_commitment(p: LeaderParameters, mean: float, least: float, chair_months: float) -> float:
    """Commitment of a multi-agency group: its least committed member weighs most; a new chair must settle first."""
    settled = (chair_months + 1.0) / p.chair_settling
    settled = min(settled, 1.0)
    return ((1.0 - p.weakest) * mean + p.weakest * least) * (0.5 + 0.5 * settled)


@rule
def misalignment(load: float, alignment: float) -> float:
    """How far other initiatives pull leaders elsewhere."""
    return load * (1.0 - alignment)


@rule
def visible_results(full: int, started: int, communication: float) -> float:
    """Results that leaders see: share of started sites in full implementation, as far as communication carries."""
    return communication * full / started if started > 0 else 0.0


@rule
def engagement(lever: float, group: float, work: float) -> float:
    """Engagement a leader meets: by what is planned for the level (and, for a group's member, the group), as far as
    the teams have the capacity for it.
    """
    return (1.0 - (1.0 - lever) * (1.0 - group)) * work


@rule
def felt(engagement: float, dissatisfaction: float, visible: float) -> float:
    """What engagement does to a leader: more, the less satisfied one is with what has been achieved so far."""
    return engagement * (1.0 + dissatisfaction * (1.0 - visible))


@rule
def released_or_new(released: float, new_posts: float) -> float:
    """Share of the time a team needs that it has: new posts need nobody's permission, repurposed ones do."""
    return new_posts + (1.0 - new_posts) * released


@rule
def repurposed(time: float, new_posts: float) -> float:
    """Part of the time a team has that comes from repurposed roles; the rest are new posts."""
    return time - new_posts


@rule
def contact(work: float, together: bool, engagement: float, group: float) -> float:
    """How much two agencies have to do with each other: around the group's table, and `together` in a core team."""
    table = engagement * group
    return either(work, table) if together else table


@rule
def relationship_after(p: LeaderParameters, relationship: float, contact: float) -> float:
    """A relationship between two agencies a month on: built by contact."""
    return relationship + p.relationship_growth * contact * (1.0 - relationship)


@rule
def relationship_without(p: LeaderParameters, relationship: float) -> float:
    """What is left of a relationship when the senior leader of one of the two agencies has left."""
    return relationship * (1.0 - p.relationship_loss)


@rule
def goes_between(relationships: float, relationship: float) -> float:
    """How far advice of partners in other agencies is heard."""
    return relationships * relationship


@rule
def surfaces(relationships: float, relationship: float, neutral_partner: float) -> float:
    """Share of the barriers between agencies that somebody dares to raise; more with a neutral partner."""
    return 1.0 - relationships * (1.0 - relationship) * (1.0 - neutral_partner)


@rule
def load_with(load: float, carried: float, overlap: float) -> float:
    """Load with one more initiative; what overlaps with the practice is no extra work."""
    return load + carried * (1.0 - overlap)


@rule
def aligned(alignment: float, shift: float) -> float:
    """Alignment in force: as planned, and what has shifted since."""
    return clip(alignment + shift)


@rule
def next_shift(p: LeaderParameters, shift: float, met: Alignment) -> float:
    """Shift of alignment a month on: work on it and collective funding raise it, competitive funding and the load of
    new (`fresh`) initiatives lower it.
    """
    collective = met.funding if met.funding > 0.0 else 0.0
    competitive = -met.funding if met.funding < 0.0 else 0.0
    gained = p.align_gain * (met.work + collective) * (1.0 - met.alignment)
    lost = (p.align_gain * competitive + p.align_new * met.fresh) * met.alignment
    return shift + gained - lost


@rule
def alignment_work(planned: float, work: float) -> float:
    """Work on alignment that the area's teams manage."""
    return planned * work
