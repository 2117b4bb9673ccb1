"""Bounds are true: whatever parameters, levers and state may be, no rule's chance is above the bound of its kind."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from engine_builders import busy, place, values_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine.phases import due, families, partners, practitioners
from sim.engine.setup import prepare
from sim.engine.world import build
from sim.organisation.codes import FIFTHS
from sim.parameters import LEVERS, UNCERTAINTIES, FamilyParameters, PractitionerParameters
from sim.rules import family, practitioner, year
from sim.rules.rule import probability

SHARE = st.one_of(st.sampled_from((0.0, 1.0)), st.floats(0.0, 1.0)).map(float)
STATE = ("readiness", "peers", "commitment", "dose", "overloaded", "deprivation", "most_dose", "most_deprivation")
CONCERNED = ("turnover_factor", "school_year", "champions", "mandate", "training")


def parameters(kind):
    """Any allowed parameters of one actor."""
    group = kind.__name__.removesuffix("Parameters").lower()
    names = {name: values_of(p) for name, p in UNCERTAINTIES.items() if p.group == group}
    return st.fixed_dictionaries(names).map(lambda values: kind(**{name: float(v) for name, v in values.items()}))


@cache
def world():
    """Records of areas and levers, to be set as a case asks."""
    return build(prepare(busy(), place()))


def step(chance: float) -> int:
    """The number of 32-bit values whose uniform is below a chance."""
    return math.ceil(chance * 2.0**32)


def chances(p, levers, calendar, s):
    """Pairs of a kind of bound and a chance that the rules give for a practitioner in this state."""
    factor, heard = levers["turnover_factor"], practitioner.with_champions(s["peers"], levers["champions"])
    alone = practitioner.with_champions(0.0, levers["champions"])
    little, kind = min(s["dose"], practitioners.LITTLE), int(levers["training"])

    def starts(peers, dose, training):
        hazard = practitioner.starts(
            p, s["readiness"], peers, s["commitment"], dose, levers["mandate"], s["overloaded"], training
        )
        return probability(hazard)

    for now in (factor, year.seasonal(p, factor, levers["school_year"], calendar)):
        for care, using in ((False, False), (False, True), (True, False), (True, True)):
            hazard = practitioner.leaves(p, care, now, s["deprivation"], using, s["dose"])
            yield "leaves", probability(hazard)
    yield "hears", probability(practitioner.hears(p, s["peers"], False))
    yield "hears_alone", probability(practitioner.hears(p, 0.0, False))
    yield "hears_soon", probability(practitioner.hears(p, s["peers"], True))
    yield "starts", starts(heard, little, practitioner.UNTRAINED)
    yield "starts_alone", starts(alone, little, practitioner.UNTRAINED)
    yield "trained", starts(heard, little, kind)
    yield "trained_alone", starts(alone, little, kind)
    yield "coached", starts(heard, s["dose"], kind)
    yield "coached", starts(heard, s["dose"], practitioner.UNTRAINED)
    lapses = practitioner.lapses(p, s["peers"], s["commitment"], s["dose"], s["overloaded"])
    yield "lapses", probability(lapses)


def practitioner_bounds(p, levers, calendar, dose, deprivation, far=0.0):
    """What the compiled phase takes for bounds."""
    w = world()
    for name, value in levers.items():
        w.levers[0][name] = value
    w.areas[0]["calendar"] = calendar
    return practitioners.bounds(w.areas, w.levers, p, 0, dose, deprivation, far)


FAVOURABLE = dict.fromkeys(STATE, 1.0) | {"overloaded": 0.0}
CALM = {"turnover_factor": 1.0, "school_year": 0.0, "champions": 0.0, "mandate": 0.0, "training": 3.0}


@given(
    parameters(PractitionerParameters),
    st.fixed_dictionaries({name: values_of(LEVERS[name]) for name in CONCERNED}),
    st.integers(1, 12),
    st.fixed_dictionaries(dict.fromkeys(STATE, SHARE)),
)
@example(PractitionerParameters(), CALM, 8, FAVOURABLE)
@settings(max_examples=300, deadline=None)
def test_no_practitioner_s_chance_is_above_its_bound(p, levers, calendar, state):
    dose, deprivation = max(state["dose"], state["most_dose"]), max(state["deprivation"], state["most_deprivation"])
    most = practitioner_bounds(p, levers, calendar, dose, deprivation)._asdict()
    above = [kind for kind, chance in chances(p, levers, calendar, state) if step(chance) > most[kind]]
    assert above == []


def test_a_practitioner_s_bounds_are_reached():
    """Negative control: bounds lower by a hundredth would be wrong."""
    p = PractitionerParameters()
    most = practitioner_bounds(p, CALM, 8, 1.0, 1.0)._asdict()
    cases = [FAVOURABLE, FAVOURABLE | {"peers": 0.0, "commitment": 0.0, "dose": 0.0, "overloaded": 1.0}]
    reached = {kind for s in cases for kind, chance in chances(p, CALM, 8, s) if step(chance) > 0.99 * most[kind]}
    assert reached == set(most)


@given(
    parameters(PractitionerParameters),
    st.fixed_dictionaries({name: values_of(LEVERS[name]) for name in CONCERNED}),
    st.fixed_dictionaries(dict.fromkeys(STATE, SHARE)),
    SHARE,
    SHARE,
    st.integers(partners.FEW, 30),
    st.integers(0, 3),
)
@example(PractitionerParameters(), CALM, FAVOURABLE, 1.0, 1.0, partners.FEW, 3)
@settings(max_examples=200, deadline=None)
def test_who_hears_partners_alone_is_bounded_too(p, levers, state, most_through, lower, ties, using):
    """Nobody's peers use the practice; some partners in other agencies do."""
    far = partners.far_at_most(most_through, 3)
    most = practitioner_bounds(p, levers, 8, state["dose"], state["deprivation"], far)._asdict()
    heard = practitioner.advice(0, ties, using, 3, most_through * lower)
    told = practitioner.with_champions(heard, levers["champions"])
    assert step(probability(practitioner.hears(p, heard, False))) <= most["hears_alone"]
    little = min(state["dose"], practitioners.LITTLE)
    for bound, training in (("starts_alone", practitioner.UNTRAINED), ("trained_alone", int(levers["training"]))):
        hazard = practitioner.starts(
            p, state["readiness"], told, state["commitment"], little, levers["mandate"], state["overloaded"], training
        )
        assert step(probability(hazard)) <= most[bound]


def family_chances(p, arise, wrong, fidelity, effect, place_share, service):
    """Pairs of a kind of bound and a chance, for a family that is not in service."""
    for one in arise:
        yield "arises", one
    yield "resolves", family.resolves(p, False, fidelity, effect)
    yield "mistaken", family.mistaken(p, fidelity, wrong)
    yield "noticed", family.noticed(p, fidelity)
    yield "offered", family.offered(probability(p.offer), place_share, service)
    yield "again", probability(p.offer_again)


def family_bounds(p, arise, wrong, best, place_share, lost):
    """What the compiled phase takes for bounds of an area and of a site."""
    most = families.bounds(p, arise, lost)._asdict() | families.help_bounds(p, wrong, best, place_share)._asdict()
    return most, most.pop("stays")


@given(parameters(FamilyParameters), SHARE, SHARE, SHARE, SHARE, SHARE, SHARE)
@settings(max_examples=200, deadline=None)
def test_no_family_s_chance_is_above_its_bound(p, wrong, best, lower, effect, place_share, service):
    """Whose practitioner is less faithful than the site's best is bounded by the best."""
    arise = np.array([family.arises(p, fifth) for fifth in range(FIFTHS)])
    most, _ = family_bounds(p, arise, wrong, best, place_share, family.lost(p, place_share))
    found = family_chances(p, arise, wrong, best * lower, effect, place_share, service)
    assert [kind for kind, chance in found if step(chance) > most[kind]] == []


def test_a_family_s_bounds_are_reached():
    p = FamilyParameters()
    arise = np.array([family.arises(p, fifth) for fifth in range(FIFTHS)])
    for best, place_share in ((1.0, 1.0), (0.6, 0.3), (0.0, 1.0)):
        most, _ = family_bounds(p, arise, 1.0, best, place_share, 0.0)
        found = family_chances(p, arise, 1.0, best, 0.4, place_share, 1.0)
        assert {kind for kind, chance in found if step(chance) > 0.99 * most[kind]} == set(most)


@given(st.floats(0.0, 1.0))
def test_nobody_gives_up_below_the_bound(lost):
    stays = families.bounds(FamilyParameters(), np.zeros(FIFTHS), lost).stays
    last = max(min(int(stays) - 1, 2**32 - 1), 0)
    assert stays <= 0 or not family.gives_up(family.WAITING, last / 2.0**32, lost)
    assert stays >= 2**32 * (1.0 - 1.0001 * lost) - 3


@given(st.floats(0.0, 1.0))
def test_a_bound_counts_the_bits_below(chance):
    assert step(chance) <= due.bound(chance) <= step(chance) * 1.0001 + 2


@given(st.one_of(st.floats(0.0, 40.0), st.floats(0.0, 1e-6)), st.integers(0, 2**32 - 1))
def test_what_happens_is_possible(hazard, bits):
    near = min(math.ceil(probability(hazard) * 2.0**32), 2**32 - 1)
    for k in (bits, near, max(near - 1, 0)):
        uniform = k / 2.0**32
        assert due.possible(uniform, hazard) or uniform >= probability(hazard)
    assert hazard > 0.8 or not due.possible(hazard * 1.1 + 1e-6, hazard)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 30])
def test_the_list_holds_exactly_those_flagged(count):
    room = -(-count // 8) * 8
    flag, listed = np.zeros(room, np.uint8), np.zeros(count + 8, np.int32)
    flag[:count] = np.random.default_rng(count).random(count) < 0.4
    found = due.list_flagged(flag, listed)
    assert listed[:found].tolist() == np.flatnonzero(flag).tolist()
