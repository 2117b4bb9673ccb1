"""What surrounds the teams: the calendar, other initiatives and their alignment, relationships between agencies."""

from __future__ import annotations

from sim.engine.kernel import step
from sim.engine.world import Actors, Now, PlanState
from sim.parameters import Parameters
from sim.rules import leader, year
from sim.rules.leader import Alignment
from sim.rules.rule import share


@step
def begin_relationships(w: Actors, plan: PlanState) -> None:
    """Every pair of agencies begins alike."""
    for a in range(plan.relationship.shape[0]):
        for g in range(plan.relationship.shape[1]):
            for h in range(plan.relationship.shape[2]):
                plan.relationship[a, g, h] = w.levers[a].relationship_start


@step
def surround(w: Actors, plan: PlanState, now: Now) -> None:
    """The month in the calendar, the load of all initiatives, their alignment, and what passes between agencies."""
    for a in range(w.areas.shape[0]):
        w.areas[a].calendar = year.calendar(int(w.levers[a].start_month), now.month)
        w.areas[a].alignment = leader.aligned(w.levers[a].alignment, w.areas[a].shift)
        w.areas[a].fresh = 0.0
        for i in range(plan.initiatives.shape[0]):
            if plan.initiatives[i].first == now.month:
                w.areas[a].fresh = leader.load_with(
                    w.areas[a].fresh, plan.initiatives[i].load, plan.initiatives[i].overlap
                )
        for g in range(w.load.shape[1]):
            w.load[a, g] = w.levers[a].initiative_load
            for i in range(plan.initiatives.shape[0]):
                concerned = plan.initiatives[i].agency < 0 or plan.initiatives[i].agency == g
                ended = plan.initiatives[i].last >= 0 and now.month >= plan.initiatives[i].last
                if concerned and now.month >= plan.initiatives[i].first and (not ended):
                    w.load[a, g] = leader.load_with(w.load[a, g], plan.initiatives[i].load, plan.initiatives[i].overlap)
        everything = 0.0
        pairs = 0
        for g in range(w.load.shape[1]):
            total = 0.0
            others = 0
            for h in range(w.load.shape[1]):
                if h != g and w.area_senior[a, g] >= 0 and (w.area_senior[a, h] >= 0):
                    total += plan.relationship[a, g, h]
                    others += 1
            w.between[a, g] = leader.goes_between(w.levers[a].relationships, share(total, others))
            everything += total
            pairs += others
        w.areas[a].surfaces = leader.surfaces(
            w.levers[a].relationships, share(everything, pairs), w.levers[a].neutral_partner
        )


@step
def relate(w: Actors, plan: PlanState, p: Parameters, now: Now) -> None:
    """Relationships and alignment a month on: built by contact, lost with leaders who left this month."""
    for a in range(w.areas.shape[0]):
        together = 1
        for c in range(w.core_count):
            if w.teams[c].area == a and w.teams[c].formed == 1 and w.teams[c].agencies > together:
                together = w.teams[c].agencies
        for g in range(w.area_senior.shape[1]):
            for h in range(w.area_senior.shape[1]):
                if g == h or w.area_senior[a, g] < 0 or w.area_senior[a, h] < 0:
                    continue
                both = together > 1 and g < together and (h < together)
                contact = leader.contact(w.areas[a].work, both, w.levers[a].engagement_group, w.areas[a].group)
                plan.relationship[a, g, h] = leader.relationship_after(p.leader, plan.relationship[a, g, h], contact)
                for one in (w.area_senior[a, g], w.area_senior[a, h]):
                    if w.leaders[one].in_post_since == now.month:
                        plan.relationship[a, g, h] = leader.relationship_without(p.leader, plan.relationship[a, g, h])
        met = Alignment(
            alignment=w.areas[a].alignment,
            work=leader.alignment_work(w.levers[a].alignment_work, w.areas[a].work),
            funding=w.levers[a].funding,
            fresh=w.areas[a].fresh,
        )
        w.areas[a].shift = leader.next_shift(p.leader, w.areas[a].shift, met)
