"""What surrounds the teams: the calendar, other initiatives and their alignment, relationships between agencies."""

from __future__ import annotations

from sim.engine.kernel import kernel
from sim.engine.world import Array
from sim.parameters import LeaderParameters
from sim.rules import leader, year
from sim.rules.rule import share


@kernel
def begin_relationships(relationship: Array, levers: Array) -> None:
    """Every pair of agencies begins alike."""
    for a in range(relationship.shape[0]):
        for g in range(relationship.shape[1]):
            for h in range(relationship.shape[2]):
                relationship[a, g, h] = levers[a].relationship_start


@kernel
def surround(
    areas: Array,
    area_senior: Array,
    levers: Array,
    relationship: Array,
    between: Array,
    load: Array,
    initiatives: Array,
    month: int,
) -> None:
    """The month in the calendar, the load of all initiatives, their alignment, and what passes between agencies."""
    for a in range(areas.shape[0]):
        areas[a].calendar = year.calendar(int(levers[a].start_month), month)
        areas[a].alignment = leader.aligned(levers[a].alignment, areas[a].shift)
        areas[a].fresh = 0.0
        for i in range(initiatives.shape[0]):
            if initiatives[i].first == month:
                areas[a].fresh = leader.load_with(areas[a].fresh, initiatives[i].load, initiatives[i].overlap)
        for g in range(load.shape[1]):
            load[a, g] = levers[a].initiative_load
            for i in range(initiatives.shape[0]):
                concerned = initiatives[i].agency < 0 or initiatives[i].agency == g
                ended = initiatives[i].last >= 0 and month >= initiatives[i].last
                if concerned and month >= initiatives[i].first and not ended:
                    load[a, g] = leader.load_with(load[a, g], initiatives[i].load, initiatives[i].overlap)
        everything = 0.0
        pairs = 0
        for g in range(load.shape[1]):
            total = 0.0
            others = 0
            for h in range(load.shape[1]):
                if h != g and area_senior[a, g] >= 0 and area_senior[a, h] >= 0:
                    total += relationship[a, g, h]
                    others += 1
            between[a, g] = leader.goes_between(levers[a].relationships, share(total, others))
            everything += total
            pairs += others
        areas[a].surfaces = leader.surfaces(
            levers[a].relationships, share(everything, pairs), levers[a].neutral_partner
        )


@kernel
def relate(
    areas: Array,
    area_senior: Array,
    levers: Array,
    relationship: Array,
    teams: Array,
    core_count: int,
    leaders: Array,
    pl: LeaderParameters,
    month: int,
) -> None:
    """Relationships and alignment a month on: built by contact, lost with leaders who left this month."""
    for a in range(areas.shape[0]):
        together = 1
        for c in range(core_count):
            if teams[c].area == a and teams[c].agencies > together:
                together = teams[c].agencies
        for g in range(area_senior.shape[1]):
            for h in range(area_senior.shape[1]):
                if g == h or area_senior[a, g] < 0 or area_senior[a, h] < 0:
                    continue
                both = together > 1 and g < together and h < together
                met = leader.contact(areas[a].work, both, levers[a].engagement_group, areas[a].group)
                relationship[a, g, h] = leader.relationship_after(pl, relationship[a, g, h], met)
                for one in (area_senior[a, g], area_senior[a, h]):
                    if leaders[one].in_post_since == month:
                        relationship[a, g, h] = leader.relationship_without(pl, relationship[a, g, h])
        worked = leader.alignment_work(levers[a].alignment_work, areas[a].work)
        areas[a].shift = leader.next_shift(
            pl, areas[a].shift, areas[a].alignment, worked, levers[a].funding, areas[a].fresh
        )
