"""Limits are true: whatever parameters, levers and state may be, no rule's chance is above the limit of its uniform."""

from __future__ import annotations

import math

import numpy as np
import pytest
from engine_builders import busy, place, values_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine import draws
from sim.engine.building import build
from sim.engine.kernel import kernel
from sim.engine.phases import due, families, outlook
from sim.engine.phases.listing import KIND, LEAVING, SERVED, list_due, mark_giving_up, order_by_kind
from sim.engine.setup import prepare
from sim.parameters import LEVERS, UNCERTAINTIES, FamilyParameters, Parameters, PractitionerParameters
from sim.rules import family, practitioner, site
from sim.rules.practitioner import Oneself
from sim.rules.rule import probability

SHARE = st.one_of(st.sampled_from((0.0, 1.0)), st.floats(0.0, 1.0)).map(float)
CONCERNED = ("turnover_factor", "school_year", "champions", "mandate", "training", "misidentification")
CALM = dict(zip(CONCERNED, (1.0, 0.0, 0.0, 0.0, 3.0, 0.1), strict=True))
MONTHS_ON = 100
A_LITTLE = 0.08
"""A month's change of dose, commitment and the like: less than limits leave room for, or more."""


def parameters(kind):
    """Any allowed parameters of one actor."""
    group = kind.__name__.removesuffix("Parameters").lower()
    names = {name: values_of(p) for name, p in UNCERTAINTIES.items() if p.group == group}
    return st.fixed_dictionaries(names).map(lambda values: kind(**{name: float(v) for name, v in values.items()}))


LEVER_VALUES = st.fixed_dictionaries({name: values_of(LEVERS[name]) for name in CONCERNED})


@kernel
def look_at_people(w, p):
    """The compiled phase sees to its practitioners' limits."""
    return outlook.look_around(w.actors, w.people, p)


@kernel
def look_at_homes(w, p):
    """The compiled phase sees to its families' limits."""
    families.look_around(w.actors, w.people, w.families, p, family.chances(p.family))


def set_levers(w, levers):
    """New values of levers, as by an event."""
    for name, value in levers.items():
        if (w.actors.levers[name] != value).any():
            w.actors.levers[name] = value
            w.actors.areas["look_again"] = 1


def at_random(w, dice, levers):
    """Everybody in any state there is."""
    people, sites, homes = w.people, w.actors.sites, w.families
    n = len(people.id)
    people.aware[:] = dice.random(n) < 0.7
    people.trained[:] = (people.aware == 1) & (dice.random(n) < 0.6)
    people.using[:] = (people.aware == 1) & (dice.random(n) < 0.5)
    people.used[:] = people.using
    people.taught[:] = MONTHS_ON - dice.choice([0, 0, 1, 5, 30, MONTHS_ON], n)
    people.readiness[:] = dice.choice([0.0, 0.3, 1.0, *dice.random(3)], n)
    people.fidelity[:] = np.where(people.using == 1, dice.random(n), 0.0)
    people.peers[:] = dice.integers(0, np.diff(people.tie_ptr) + 1)
    homes.home["need"][:] = dice.random(len(homes.id)) < 0.5
    homes.home["path"][:] = dice.choice([family.UNKNOWN, family.WAITING, 2, 7, family.ENDED], len(homes.id))
    homes.home["path"][(homes.home["need"] == 0) & (homes.home["path"] > family.WAITING)] = family.UNKNOWN
    sites["stage"] = dice.integers(site.NOT_ENGAGED, site.FULL + 1, len(sites))
    sites["month_started"] = np.where(sites["stage"] >= site.INITIAL, 1, -1)
    sites["able"] = dice.choice([0.0, 0.7], len(sites))
    sites["given_up"] = np.where((sites["stage"] >= site.INSTALLATION) & (dice.random(len(sites)) < 0.3), 3, -1)
    w.actors.areas["usability"] = dice.choice([0.3, 1.0])
    around(w, dice, levers, 1.0)


def around(w, dice, levers, most):
    """What a month changes around people, by at most so much: their sites, managers, area, and their fidelity."""

    def moved(values):
        moved_by = dice.uniform(-most, most, np.shape(values))
        return np.clip(np.asarray(values) + np.where(dice.random(np.shape(values)) < 0.7, moved_by, 0.0), 0.0, 1.0)

    w.actors.sites["dose"], w.actors.leaders["commitment"] = (
        moved(w.actors.sites["dose"]),
        moved(w.actors.leaders["commitment"]),
    )
    w.actors.between[:] = moved(w.actors.between) if dice.random() < 0.7 else 0.0
    w.people.fidelity[:] = np.where(w.people.using == 1, moved(w.people.fidelity), 0.0)
    w.actors.areas["calendar"] = dice.integers(1, 13)
    w.actors.load[:], w.actors.areas["alignment"] = dice.uniform(0.0, 1.5, w.actors.load.shape), dice.random()
    w.actors.areas["place_share"], w.actors.areas["lost"] = dice.random(), dice.choice([0.0, 0.1])
    w.actors.sites["service"] = dice.uniform(0.5, 1.0, len(w.actors.sites))
    w.actors.areas["taught"] = dice.choice([0.0, 0.2])
    set_levers(w, levers)


def anybody(seed, levers=CALM):
    """A world in any state, of which no limit is known yet."""
    w = build(prepare(busy(), place()))
    at_random(w, np.random.default_rng(seed), levers)
    w.actors.areas["look_again"] = 1
    w.people.relied[:] = -1.0
    return w


def steps(chances):
    """The highest first 16 bits that a uniform below each chance may have; -1 where none is."""
    return np.array([(math.ceil(chance * 2.0**32) - 1) >> 16 for chance in chances])


def halves(limits):
    """First and second limits."""
    return limits >> 16, limits & 0xFFFF


@kernel
def met_at(w, p, a, i):
    """What a site's staff meet."""
    return outlook.gather(w.actors, p, a, i)


@kernel
def met_by_family(w, p, i, practice):
    """What a family meets."""
    return families.gather(w.actors, p, i, practice)


def practitioner_chances(w, p):
    """What the rules give for each: of leaving, of their move, and whether training may reach them."""
    pp, people = p.practitioner, w.people
    met = [met_at(w, p, int(one["area"]), i) for i, one in enumerate(w.actors.sites)]
    for j, i in enumerate(people.site):
        uses, here = people.using[j] == 1, met[i]
        leaves = practitioner.leaves(pp, people.care[j] == 1, uses, here)
        ties, partners = int(np.diff(people.tie_ptr)[j]), people.partners[j]
        known = len(partners) if partners[0] >= 0 else 0
        using = int(people.used[partners[partners >= 0]].sum()) if here.through > 0 else 0
        peers = practitioner.advice(int(people.peers[j]), ties, using, known, here.through)
        if uses:
            moves = practitioner.lapses(pp, peers, here)
        elif people.aware[j] == 1:
            since = float(MONTHS_ON - people.taught[j])
            moves = practitioner.starts(pp, Oneself(people.readiness[j], people.trained[j] == 1, since), peers, here)
        else:
            moves = practitioner.hears(pp, peers, here)
        reached = people.trained[j] == 0 and (here.induction > 0 or here.taught > 0)
        yield probability(leaves), probability(moves), reached


def people_too_tight(w, p):
    """Practitioners whose chance is above their limit."""
    leaves, moves, reached = (np.array(column) for column in zip(*practitioner_chances(w, p), strict=True))
    first, second = halves(w.people.limits)
    return np.flatnonzero((steps(leaves) > first) | (steps(moves) > second) | (reached != (w.people.open == 1)))


@given(parameters(PractitionerParameters), LEVER_VALUES, LEVER_VALUES, st.integers(0, 10**6), st.booleans())
@example(PractitionerParameters(), CALM, CALM, 0, True)
@example(PractitionerParameters(start_theory=0.0, start_untrained=0.5), CALM | {"training": 1.0}, CALM, 0, False)
@settings(max_examples=40, deadline=None)
def test_no_practitioner_s_chance_is_above_its_limit(pp, levers, later, seed, event):
    """As the limits are set, and in the months after, while their surroundings change."""
    p = Parameters(practitioner=pp)
    w, dice = anybody(seed, levers), np.random.default_rng(seed + 1)
    look_at_people(w, p)
    assert people_too_tight(w, p).tolist() == []
    for _ in range(3):
        around(w, dice, later if event else levers, A_LITTLE)
        look_at_people(w, p)
        assert people_too_tight(w, p).tolist() == []


def test_practitioners_limits_are_near():
    """Negative control: limits a tenth lower would be wrong for each kind of move, and for leaving."""
    p, w = Parameters(), anybody(3)
    w.actors.leaders["commitment"], w.actors.sites["dose"], w.actors.between[:] = 1.0, 0.0, 0.0
    w.actors.areas["alignment"] = 1.0
    look_at_people(w, p)
    leaves, moves, _ = (np.array(column) for column in zip(*practitioner_chances(w, p), strict=True))
    first, second = halves(w.people.limits)
    assert (steps(leaves) > 0.9 * first).any()
    for kind in (w.people.aware == 0, (w.people.aware == 1) & (w.people.using == 0)):
        assert (steps(moves) > 0.9 * second)[kind].any()
    w.actors.leaders["commitment"], w.actors.areas["alignment"], w.actors.load[:] = 0.0, 0.0, 2.0
    w.people.peers[:] = 0
    moves = np.array([moves for _, moves, _ in practitioner_chances(w, p)])
    assert (steps(moves) > 0.9 * second)[w.people.using == 1].any()


@pytest.mark.parametrize("what", ["dose", "commitment", "turnover", "mandate", "champions", "training", "stage"])
def test_limits_not_looked_at_again_would_be_wrong(what):
    """Negative control: each of these, raised, puts some chance above a limit set before; looking again mends it."""
    p, w = Parameters(), anybody(4, CALM | {"training": 1.0})
    w.actors.sites["dose"], w.actors.sites["stage"], w.actors.areas["taught"], w.actors.between[:] = (
        0.0,
        site.NOT_ENGAGED,
        0.0,
        0.0,
    )
    w.actors.leaders["commitment"], w.actors.areas["alignment"] = 0.0 if what == "commitment" else 0.9, 1.0
    look_at_people(w, p)
    assert people_too_tight(w, p).tolist() == []
    if what in ("turnover", "mandate", "champions", "training"):
        set_levers(w, {"turnover_factor" if what == "turnover" else what: 3.0 if what == "training" else 1.5})
    elif what == "commitment":
        w.actors.leaders["commitment"] = 0.9
    else:
        w.actors.sites[what] = 0.9 if what == "dose" else site.INITIAL
    assert len(people_too_tight(w, p)) > 0
    look_at_people(w, p)
    assert people_too_tight(w, p).tolist() == []


def family_chances(w, p):
    """What the rules give for each family's two uniforms where something happens; 1 where something happens anyway."""
    pf, c = p.family, family.chances(p.family)
    for h, j in enumerate(w.families.home["person"]):
        practice = float(w.people.fidelity[j]) if w.people.using[j] == 1 else -1.0
        met, path = met_by_family(w, p, int(w.people.site[j]), practice), int(w.families.home["path"][h])
        if w.families.home["need"][h] == 0:
            mistaken = family.mistaken(pf, met) if path == family.UNKNOWN else 1.0
            yield families.leaves_or(c.leaves, family.arises(pf, int(w.families.home["fifth"][h]))), mistaken
        elif family.in_service(path):
            yield 1.0, 1.0
        else:
            offered = family.offered(c, met) if met.using else 0.0
            moves = {family.UNKNOWN: family.noticed(pf, met.fidelity), family.WAITING: offered}
            yield families.leaves_or(c.leaves, family.resolves(pf, False, met)), moves.get(path, c.again)


def homes_too_tight(w, p):
    """Families whose chance is above their limit."""
    first, second = halves(w.families.limits)
    arises, moves = zip(*family_chances(w, p), strict=True)
    return np.flatnonzero((steps(arises) > first) | (steps(moves) > second))


@given(parameters(FamilyParameters), LEVER_VALUES, LEVER_VALUES, st.integers(0, 10**6), st.booleans())
@example(FamilyParameters(), CALM, CALM, 0, True)
@settings(max_examples=40, deadline=None)
def test_no_family_s_chance_is_above_its_limit(pf, levers, later, seed, event):
    p = Parameters(family=pf)
    w, dice = anybody(seed, levers), np.random.default_rng(seed + 1)
    look_at_homes(w, p)
    assert homes_too_tight(w, p).tolist() == []
    for _ in range(4):
        around(w, dice, later if event else levers, 0.3)
        changed = dice.random(len(w.people.id)) < 0.2
        w.people.using[changed] = 1 - w.people.using[changed]
        w.people.fidelity[w.people.using == 0] = 0.0
        look_at_homes(w, p)
        assert homes_too_tight(w, p).tolist() == []


def test_families_limits_are_near():
    """Negative control: limits a tenth lower would be wrong for each path, with need and without."""
    p, w = Parameters(), anybody(5)
    w.people.fidelity[w.people.using == 1] = 1.0
    w.actors.areas["place_share"], w.actors.sites["service"] = 1.0, 1.0
    look_at_homes(w, p)
    first, second = halves(w.families.limits)
    arises, moves = (steps(column) for column in zip(*family_chances(w, p), strict=True))
    need, path = w.families.home["need"] == 1, w.families.home["path"]
    assert (arises > 0.9 * first)[~need].all()
    assert (arises > 0.9 * first)[need].all()
    for kind in (~need, need & (path == family.UNKNOWN), need & (path == family.WAITING), path == family.ENDED):
        assert (moves > 0.9 * second)[kind].any()


@pytest.mark.parametrize("what", ["using", "fidelity", "misidentification"])
def test_families_not_looked_at_again_would_be_missed(what):
    """Negative control: who helps them, how well, and how often the well are mistaken, each matters to some limit."""
    p, w = Parameters(), anybody(6)
    w.people.using[:] = 0 if what == "using" else 1
    w.people.fidelity[:] = 0.1 * w.people.using
    look_at_homes(w, p)
    assert homes_too_tight(w, p).tolist() == []
    if what == "misidentification":
        set_levers(w, {what: 0.5})
    else:
        w.people.using[:] = 1
        w.people.fidelity[:] = 0.1 if what == "using" else 0.9
    assert len(homes_too_tight(w, p)) > 0
    look_at_homes(w, p)
    assert homes_too_tight(w, p).tolist() == []


@kernel
def mark_who_gives_up(w, word):
    """Those who give up at the far end of their uniform."""
    mark_giving_up(w.actors, w.families, word, 0, w.families.id.shape[0])


@given(st.floats(0.0, 1.0), st.integers(0, 2**64 - 1))
@settings(max_examples=50, deadline=None)
def test_who_gives_up_is_marked(lost, word):
    w = anybody(7)
    w.actors.areas["lost"] = lost
    w.families.marks[:] = 0
    mark_who_gives_up(w, np.uint64(word))
    is_marked = those_marked(w.families.marks, len(w.families.id))
    random = [np.uint64(draws.bits(np.uint64(word), one)) for one in w.families.id]
    way = np.array([draws.lower(bits) for bits in random])
    ends = np.array([family.gives_up(int(path), u, lost) for path, u in zip(w.families.home["path"], way, strict=True)])
    waiting = w.families.home["path"] == family.WAITING
    assert not (ends & ~is_marked).any()
    assert not is_marked[~waiting].any()
    assert (way[is_marked] >= 1.0 - 1.002 * lost).all()


@kernel
def order_those_due(w, word, leaves):
    """Those due this month, by kind; how many."""
    listed = list_due(w.actors, w.people, w.families, (word, 0))
    order_by_kind(w.families, 0, listed, leaves)
    return listed


@given(st.floats(0.0, 0.3), st.integers(0, 2**64 - 1))
@settings(max_examples=50, deadline=None)
def test_each_family_that_is_due_has_one_place_and_is_of_its_kind(leaves, word):
    w, homes = anybody(7), []
    listed = int(order_those_due(w, np.uint64(word), leaves))
    by_kind = [w.families.order[kind, : int(w.families.lengths[kind])] for kind in range(KIND.max() + 1)]
    assert sorted(np.concatenate(by_kind)) == list(range(listed))
    for kind, places in enumerate(by_kind):
        for k in places:
            homes.append(h := int(w.families.due[k]))
            random = np.uint64(draws.bits(np.uint64(word), w.families.id[h]))
            assert w.families.bits[k] == random
            assert w.families.person[k] == w.families.home["person"][h]
            goes, served = draws.upper(random) < leaves, family.in_service(int(w.families.home["path"][h]))
            assert (kind == LEAVING) == goes
            assert goes or (kind == SERVED) == served
    assert len(set(homes)) == listed


def those_marked(marks, count):
    """Which of so many agents have a bit of their own set [count]; none beyond them has."""
    bits = np.unpackbits(marks.view(np.uint8), bitorder="little").astype(bool)
    assert not bits[count:].any()
    return bits[:count]


@given(st.one_of(st.floats(0.0, 1.0), st.floats(0.0, 1e-4)))
def test_a_limit_counts_the_bits_below(chance):
    highest = steps([chance])[0]
    assert highest <= due.limit(chance) <= min(1.0002 * chance * 2**16 + 1, 2**16 - 1)


@given(st.one_of(st.floats(0.0, 60.0), st.floats(0.0, 1e-6)), st.integers(0, 2**32 - 1))
def test_what_happens_is_what_the_rule_says(hazard, bits):
    near = min(math.ceil(probability(hazard) * 2.0**32), 2**32 - 1)
    for k in (bits, near, max(near - 1, 0)):
        uniform = k / 2.0**32
        assert due.happens(uniform, hazard) == (uniform < probability(hazard))
    assert steps([probability(hazard)])[0] <= due.limit(hazard)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1), st.sampled_from((21, 64, 150)))
@settings(deadline=None)
def test_a_mark_is_either_of_both_limits(word, first, second, count):
    ids, marks = np.arange(count, dtype=np.uint64), np.full(-(-count // 64), 2**64 - 1, np.uint64)
    limits = np.full(count, due.both(np.uint32(first), np.uint32(second)), np.uint32)
    due.mark_due(ids, limits, np.uint64(word), marks)
    random = [int(draws.bits(np.uint64(word), one)) for one in ids]
    may = [((bits >> 48) <= first, ((bits >> 16) & 0xFFFF) <= second) for bits in random]
    assert those_marked(marks, count).tolist() == [one or other for one, other in may]
    assert may == [
        (due.first_may(np.uint64(bits), limits[0]), due.second_may(np.uint64(bits), limits[0])) for bits in random
    ]


@pytest.mark.parametrize("count", [0, 1, 7, 30, 63, 64, 65, 128, 200])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.1, 0.6, 1.0])
def test_the_list_holds_exactly_those_flagged_or_marked(count, share):
    chosen = np.random.default_rng(count).random(count) < share
    bits = np.zeros(-(-count // 64) * 64, bool)
    bits[:count] = chosen
    for listing, given_to_it in (
        (due.list_flagged, chosen.astype(np.uint8)),
        (due.list_marked, np.packbits(bits, bitorder="little").view(np.uint64)),
    ):
        listed = np.full(count + 2, -7, np.int32)
        found = listing(given_to_it, listed[:-1])
        assert listed[:found].tolist() == np.flatnonzero(chosen).tolist()
        assert listed[-1] == -7, "no more than one place beyond the list is written"


@pytest.mark.parametrize("field", practitioner.HELPS + practitioner.HINDERS)
@given(parameters(PractitionerParameters), st.integers(0, 10**6), SHARE, SHARE)
@settings(max_examples=60, deadline=None)
def test_what_helps_helps_and_what_hinders_hinders(field, pp, seed, one, other):
    """Limits are taken at the best and the worst that may come; so each field must move the rules one way alone."""
    dice = np.random.default_rng(seed)
    met = practitioner.Setting(*dice.random(len(practitioner.Setting._fields)))
    met = met._replace(training=float(dice.integers(0, 4)), champions=2.0 * met.champions)
    less, more = (met._replace(**{field: value}) for value in sorted((one, other)))
    if field in practitioner.HINDERS:
        less, more = more, less
    me, peers = Oneself(dice.random(), bool(dice.integers(2)), dice.choice([0.0, 40.0 * dice.random()])), dice.random()
    assert practitioner.hears(pp, peers, less) <= practitioner.hears(pp, peers, more), field
    assert practitioner.starts(pp, me, peers, less) <= practitioner.starts(pp, me, peers, more)
    assert practitioner.lapses(pp, peers, less) >= practitioner.lapses(pp, peers, more), field
    for care in (True, False):
        assert practitioner.leaves(pp, care, True, less) >= practitioner.leaves(pp, care, True, more), field
        assert practitioner.leaves(pp, care, True, more) <= practitioner.leaves(pp, care, False, more), field
