"""Phase 6: need arises and resolves; families are noticed, wait, are served, and feel it.

A plain loop over all families finds those to whom anything may happen this month, by their limits (`phases/due.py`);
for them the rules are asked in full.
"""

from __future__ import annotations

import numpy as np

from sim.engine import draws
from sim.engine.kernel import part, step
from sim.engine.phases.due import ALWAYS, NEVER, both, happens, limit, list_flagged
from sim.engine.phases.listing import LEAVING, SERVED, list_due, order_by_kind
from sim.engine.world import FAMILY_KINDS, Actors, Array, Families, Now, People, Place
from sim.levers import NO_LIMIT
from sim.parameters import Parameters
from sim.rules import family, practitioner
from sim.rules.family import Chances, Service

EVER_IN_NEED, REACHED, REACHED_AT_FIDELITY, GAVE_UP, MISTAKEN, COMPLETED = 1, 2, 4, 8, 16, 32


Standing = tuple[np.int64, int, int, int, int, int, np.int64, np.int64, int, int, int]


State = tuple[int, int, int, int]
"""Need, path, history and benefit of one family."""

MARGIN, ROOM = 0.3, 0.5
"""Of fidelity, as in `phases/due.py`: wider, as skill grows quickly and few families are due for it."""


@part
def tabulate(families: Families, p: Parameters, c: Chances) -> None:
    """Chances by deprivation fifth as columns: the processor cannot foresee which of them is asked for."""
    for fifth in range(families.arises.shape[0]):
        families.arises[fifth], families.prevalence[fifth] = c.arises[fifth], family.prevalence(p.family, fifth)


@part
def find_places(w: Actors, people: People, p: Parameters, offer: float) -> None:
    """For what share of this month's offers each area has a place in support, and how many will give up waiting."""
    using, waiting = (people.using, people.waiting)
    for a in range(w.areas.shape[0]):
        w.areas[a].place_share = 1.0
        w.areas[a].lost = 0.0
        if w.levers[a].support_places >= NO_LIMIT or w.areas[a].first_site == w.areas[a].last_site:
            continue
        could = 0
        for j in range(np.uint64(first_person(w, a)), np.uint64(last_person(w, a))):
            could += waiting[j] * using[j]
        there = family.places(w.areas[a].in_need_at_first, w.levers[a].support_places, w.levers[a].community_places)
        w.areas[a].place_share = family.place_share(there, w.areas[a].taken, could, offer, p.family.enrol)
        w.areas[a].lost = family.lost(p.family, w.areas[a].place_share)


@part
def standing(need: int, path: int, history: int, benefit: int) -> Standing:
    """What one family adds to the counts; in the order of `sums.FAMILY`, after the families themselves. Where there
    is no need, the path adds nothing.
    """
    reached = (history & REACHED) != 0
    return (
        np.int64(need),
        int(need == 1 and path != family.UNKNOWN),
        int(need == 1 and path == family.WAITING),
        int((history & EVER_IN_NEED) != 0),
        int(reached),
        int((history & REACHED_AT_FIDELITY) != 0),
        np.int64(benefit),
        np.int64(benefit) * np.int64(need),
        int(need == 1 and reached),
        int((history & GAVE_UP) != 0),
        int((history & MISTAKEN) != 0),
    )


NOBODY: Standing = (np.int64(0), 0, 0, 0, 0, 0, np.int64(0), np.int64(0), 0, 0, 0)
"""What a family that is not counted yet adds."""


@part
def recount(tally: Array, z: Place, fifth: int, before: Standing, after: Standing) -> None:
    """The counts follow one family; written out, as a loop over tuples would not be unrolled."""
    tally[z, fifth, 1] += after[0] - before[0]
    tally[z, fifth, 2] += after[1] - before[1]
    tally[z, fifth, 3] += after[2] - before[2]
    tally[z, fifth, 4] += after[3] - before[3]
    tally[z, fifth, 5] += after[4] - before[4]
    tally[z, fifth, 6] += after[5] - before[5]
    tally[z, fifth, 7] += after[6] - before[6]
    tally[z, fifth, 8] += after[7] - before[7]
    tally[z, fifth, 9] += after[8] - before[8]
    tally[z, fifth, 10] += after[9] - before[9]
    tally[z, fifth, 11] += after[10] - before[10]
    tally[z, fifth, 15] += after[4] - before[4]
    tally[z, fifth, 16] += after[6] - before[6]


@part
def succeed(tally: Array, z: Place, fifth: int, left: Standing, need: int) -> None:
    """A family leaves and another comes, in `need` or not: what is counted now loses what the one added, and what
    counts each family once gains the other.
    """
    tally[z, fifth, 1] += need - left[0]
    tally[z, fifth, 2] -= left[1]
    tally[z, fifth, 3] -= left[2]
    tally[z, fifth, 4] += need
    tally[z, fifth, 8] -= left[7]
    tally[z, fifth, 9] -= left[8]
    tally[z, fifth, 15] -= left[4]
    tally[z, fifth, 16] -= left[6]


@part
def look_around(w: Actors, people: People, families: Families, p: Parameters, c: Chances) -> None:
    """See that all limits allow for what practitioners do now, and for levers that have changed.

    Who stops using the practice may begin again, so their families' limits stay as they are.
    """
    tabulate(families, p, c)
    using, fidelities, relied, flag = people.using, people.fidelity, people.relied, people.flag
    for j in range(np.uint64(using.shape[0])):
        now = fidelities[j] if using[j] == 1 else -1.0
        flag[j] = (now > relied[j]) | ((using[j] == 1) & (now < relied[j] - ROOM))
    for a in range(w.areas.shape[0]):
        if w.areas[a].look_again != 0 and w.areas[a].first_site < w.areas[a].last_site:
            look_at_area(w, people, families, (p, c, a))
        w.areas[a].look_again = 0
    for k in range(np.uint64(list_flagged(flag, people.due))):
        person = np.uint64(people.due[k])
        rely_on(people, person)
        met = at_best(w, people, p, people.site[person], person)
        for f in range(np.uint64(people.family_ptr[person]), np.uint64(people.family_ptr[person + np.uint64(1)])):
            look_ahead(families, p, c, met, np.uint64(people.family_index[f]))


@part
def look_at_area(w: Actors, people: People, families: Families, at: tuple[Parameters, Chances, int]) -> None:
    """Set the limits of all families of an area, as they lie: one practitioner's families lie scattered."""
    p, c, a = at
    for j in range(first_person(w, a), last_person(w, a)):
        rely_on(people, j)
        people.flag[j] = 0
    for i in range(w.areas[a].first_site, w.areas[a].last_site):
        for h in range(w.sites[i].first_family, w.sites[i].last_family):
            look_ahead(families, p, c, at_best(w, people, p, i, families.home[h].person), h)


@part
def rely_on(people: People, j: Place) -> None:
    """What a practitioner's families may rely on until their limits are set again."""
    people.relied[j] = min(1.0, people.fidelity[j] + MARGIN) if people.using[j] == 1 else -1.0


@part
def first_person(w: Actors, a: int) -> int:
    """Position of an area's first practitioner."""
    return int(w.sites[w.areas[a].first_site].first_person)


@part
def last_person(w: Actors, a: int) -> int:
    """Position after an area's last practitioner."""
    return int(w.sites[w.areas[a].last_site - 1].last_person)


@part
def gather(w: Actors, p: Parameters, i: Place, practice: float) -> Service:
    """What a family of site i meets, whose practitioner's fidelity is `practice` (-1: the practice is not used)."""
    a, fidelity = np.uint64(w.sites[i].area), max(practice, 0.0)
    lever = w.levers[a]
    return Service(
        using=practice >= 0.0,
        fidelity=fidelity,
        at_fidelity=practitioner.at_fidelity(p.practitioner, fidelity),
        effect=lever.true_effect,
        mistakes=lever.misidentification,
        place_share=w.areas[a].place_share,
        service=w.sites[i].service,
        lost=w.areas[a].lost,
    )


@part
def at_best(w: Actors, people: People, p: Parameters, i: Place, j: Place) -> Service:
    """What families of practitioner j, of site i, may meet at best until limits are set again: as much fidelity as is
    relied on, and a place for everybody; who gives up for lack of a place is found apart (`mark_giving_up`).
    """
    met = gather(w, p, i, people.relied[j])
    return Service(met.using, met.fidelity, met.at_fidelity, met.effect, met.mistakes, 1.0, 1.0, 0.0)


@part
def leaves_or(leaves: float, chance: float) -> float:
    """Monthly probability that a family leaves or, if it stays, that something of this chance happens."""
    return leaves + (1.0 - leaves) * chance


@part
def look_ahead(families: Families, p: Parameters, c: Chances, met: Service, h: Place) -> None:
    """Set the limits of one family as it stands now."""
    home = families.home[h]
    need, path, first, second = home.need, home.path, ALWAYS, ALWAYS
    if need == 0:
        first = limit(leaves_or(c.leaves, families.arises[home.fifth]))
        if path == family.UNKNOWN:
            second = limit(family.mistaken(p.family, met)) if met.mistakes > 0.0 else NEVER
    elif not family.in_service(path):
        first = limit(leaves_or(c.leaves, c.by_itself))
        if path == family.UNKNOWN:
            second = limit(family.noticed(p.family, met.fidelity) if met.fidelity > 0.0 else c.unaided)
        elif path == family.WAITING:
            second = limit(family.offered(c, met)) if met.using else NEVER
        else:
            second = limit(c.again)
    families.limits[h] = both(first, second)


@step
def serve(w: Actors, people: People, families: Families, p: Parameters, now: Now) -> None:
    """All families a month on; each reads its own state as it stood, and its practitioner's practice of this month."""
    word, c = draws.word_key(now.key, draws.FAMILY, now.month), family.chances(p.family)
    find_places(w, people, p, c.offer)
    look_around(w, people, families, p, c)
    for begin in range(0, families.home.shape[0], families.bits.shape[0]):
        order_by_kind(families, begin, list_due(w, people, families, (word, begin)), c.leaves)
        for n in range(families.lengths[LEAVING]):
            k = np.uint64(families.order[LEAVING, n])
            replace_family(w, people, families, (p, c), (k, np.uint64(begin) + np.uint64(families.due[k])))
        for kind in range(SERVED, FAMILY_KINDS):
            for n in range(families.lengths[kind]):
                k = np.uint64(families.order[kind, n])
                move_on(w, people, families, (p, c), (k, np.uint64(begin) + np.uint64(families.due[k])))


@part
def replace_family(
    w: Actors, people: People, families: Families, given: tuple[Parameters, Chances], at: tuple[Place, Place]
) -> None:
    """A family (`at`: its place among those listed, and itself) leaves, and another comes in its place."""
    (p, c), (k, h) = given, at
    person, home = np.uint64(families.person[k]), families.home[h]
    i = np.uint64(people.site[person])
    was = (int(home.need), int(home.path), int(home.history), int(home.benefit))
    chance, _ = draws.of_family(families.bits[k])
    need = int(family.in_need_on_arrival(families.prevalence[home.fifth], chance, c.leaves))
    families.tally[np.uint64(w.sites[i].zone), home.fifth, 14] += 1
    if need != 0 or was[0] != 0 or was[2] != 0:
        succeed(families.tally, np.uint64(w.sites[i].zone), home.fifth, standing(*was), need)
        store(w, people, families, (i, h), (need, family.UNKNOWN, need * EVER_IN_NEED, 0))
        look_ahead(families, p, c, at_best(w, people, p, i, person), h)


@part
def move_on(
    w: Actors, people: People, families: Families, given: tuple[Parameters, Chances], at: tuple[Place, Place]
) -> None:
    """A family that stays (`at` as in `replace_family`) is a month on."""
    (p, c), (k, h) = given, at
    person, home = np.uint64(families.person[k]), families.home[h]
    i = np.uint64(people.site[person])
    was = (int(home.need), int(home.path), int(home.history), int(home.benefit))
    chance, way = draws.of_family(families.bits[k])
    luck, met = (family.of_those_who_stay(chance, c.leaves), way), gather(w, p, i, families.practice[k])
    became = month_on(p, (families.arises[home.fifth], *was), luck, met, c)
    if became == was:
        return
    if family.in_service(was[1]) and family.in_service(became[1]) and became[2] == was[2]:
        gain(w, families, (i, h), became)
    else:
        note(w, people, families, (i, h), became)
        look_ahead(families, p, c, at_best(w, people, p, i, person), h)


@part
def gain(w: Actors, families: Families, at: tuple[Place, Place], now: State) -> None:
    """Write down a family (`at`: its site and itself) in service as before: only what it gained has moved."""
    i, h = at
    home, tally, z = families.home[h], families.tally, np.uint64(w.sites[i].zone)
    more = now[3] - int(home.benefit)
    tally[z, home.fifth, 7] += more
    tally[z, home.fifth, 8] += more
    tally[z, home.fifth, 16] += more
    families.home[h].path, families.home[h].benefit = now[1], now[3]


@part
def note(w: Actors, people: People, families: Families, at: tuple[Place, Place], now: State) -> None:
    """Write down what became of a family (`at`: its site and itself), and let the counts follow."""
    i, h = at
    need, _, history, benefit = now
    home = families.home[h]
    if need != 0 or home.need != 0 or history != int(home.history):
        was = standing(int(home.need), int(home.path), int(home.history), int(home.benefit))
        z = np.uint64(w.sites[i].zone)
        recount(families.tally, z, home.fifth, was, standing(*now))
        if history & COMPLETED > int(home.history) & COMPLETED:
            families.tally[z, home.fifth, 12] += 1
            families.tally[z, home.fifth, 13] += benefit
    store(w, people, families, at, now)


@part
def store(w: Actors, people: People, families: Families, at: tuple[Place, Place], now: State) -> None:
    """Write down what became of a family (`at`: its site and itself), and let places and waiting lists follow."""
    i, h = at
    need, path, history, benefit = now
    home = families.home[h]
    was_need, was_path = int(home.need), int(home.path)
    if need != was_need or path != was_path:
        took, takes = family.takes_place(was_need == 1, was_path), family.takes_place(need == 1, path)
        waited, waits = was_need == 1 and was_path == family.WAITING, need == 1 and path == family.WAITING
        w.areas[np.uint64(w.sites[i].area)].taken += int(takes) - int(took)
        people.waiting[np.uint64(home.person)] += int(waits) - int(waited)
    families.home[h].need, families.home[h].path = need, path
    families.home[h].history, families.home[h].benefit = history, benefit


@part
def month_on(
    p: Parameters,
    was: tuple[float, int, int, int, int],
    uniforms: tuple[float, float],
    met: Service,
    c: Chances,
) -> State:
    """One family a month on. `was`: chance that need arises, and need, path, history and benefit."""
    arises, need, path, history, benefit = was
    chance, way = uniforms
    if need == 0:
        if chance < arises:
            return 1, family.UNKNOWN, history | EVER_IN_NEED, benefit
        if met.mistakes > 0.0 and way < family.mistaken(p.family, met):
            return 0, family.WAITING, history | MISTAKEN, benefit
        return 0, family.UNKNOWN, history, benefit
    serving = met.using and family.in_service(path)
    if serving:
        history |= REACHED | REACHED_AT_FIDELITY if met.at_fidelity else REACHED
        benefit += family.benefit(p.family, met)
        if family.completes(path, serving, way, c):
            history |= COMPLETED
    resolved = happens(chance, family.resolving(p.family, met)) if serving else chance < c.by_itself
    if resolved:
        return 0, family.UNKNOWN, history, benefit
    if family.gives_up(path, way, met.lost):
        history |= GAVE_UP
    return 1, family.next_path(p.family, path, way, met, c), history, benefit
