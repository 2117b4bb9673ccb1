"""Random numbers: results depend on seed, replicate, decision, month and agent, and on nothing else."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from engine_builders import FIRST, FULL, SECOND, busy, differing, place, same_bits

from sim.engine import draws
from sim.engine.batch import simulate
from sim.engine.draws import DECISIONS
from sim.engine.sums import COUNTS, FAMILY, Ensemble
from sim.errors import OrganisationError
from sim.organisation.arrays import identity
from sim.organisation.arrays.compile import compile_place
from sim.organisation.files.tables import load
from sim.scenarios.events import Event, LeadersLeave, LeversChange, SupportWithdrawn

PARTS = ("counts", "sums", "area", "family", "site_month", "certified_at_36", "kept", "not_sustained", "marked", "cost")
CALM = {"months": 30, "events": ()}


def rows_of(ensemble: Ensemble, wanted: slice) -> list[np.ndarray]:
    """All results of some replicates."""
    return [getattr(ensemble, part)[wanted] for part in PARTS]


def alike(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    """Equal to the bit, array by array."""
    return all(same_bits(a, b) for a, b in zip(one, other, strict=True))


def digest(ensemble: Ensemble) -> str:
    """One number for all results."""
    state = hashlib.sha256()
    for part in PARTS:
        state.update(np.ascontiguousarray(getattr(ensemble, part)).tobytes())
    return state.hexdigest()


# Threads, chunks, order, machines


def test_results_do_not_depend_on_threads():
    one = simulate(busy(**CALM), place(), replicates=9, threads=1)
    for threads in (2, 3, 16):
        assert differing(one, simulate(busy(**CALM), place(), replicates=9, threads=threads)) == []


def test_the_first_hundred_of_two_hundred_are_the_hundred():
    hundred = simulate(busy(**CALM), place(), replicates=100)
    both = simulate(busy(**CALM), place(), replicates=200)
    assert alike(rows_of(both, slice(0, 100)), rows_of(hundred, slice(None)))
    later = simulate(busy(**CALM), place(), replicates=100, first=100)
    assert alike(rows_of(both, slice(100, 200)), rows_of(later, slice(None)))
    assert not alike(rows_of(both, slice(100, 200)), rows_of(hundred, slice(None)))


def test_a_replicate_does_not_depend_on_those_run_before_it():
    together = simulate(busy(**CALM), place(), replicates=6, threads=1)
    for number in (5, 0, 3):
        alone = simulate(busy(**CALM), place(), replicates=1, first=number, threads=1)
        assert alike(rows_of(together, slice(number, number + 1)), rows_of(alone, slice(None)))


def test_results_do_not_depend_on_the_process():
    here = digest(simulate(busy(**CALM), place(), replicates=2))
    code = (
        "from engine_builders import busy, place\nfrom test_random_numbers import CALM, digest\n"
        "from sim.engine.batch import simulate\nprint(digest(simulate(busy(**CALM), place(), replicates=2)))"
    )
    paths = os.pathsep.join([os.path.dirname(__file__), *(p for p in sys.path if p)])  # noqa: PTH120
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == here


# Seeds


def test_zero_is_a_seed_like_any_other():
    runs = {
        seed: digest(simulate(busy(**CALM), place(), replicates=2, seed=seed)) for seed in (0, 1, 2, 2**63, 2**64 - 1)
    }
    assert len(set(runs.values())) == len(runs)
    assert runs[0] == digest(simulate(busy(**CALM), place(), replicates=2, seed=0))


def test_the_replicates_of_one_seed_are_not_those_of_the_next():
    keys = {int(draws.run_key(np.uint64(s), np.uint64(r))) for s in range(200) for r in range(200)}
    assert len(keys) == 200 * 200


def test_a_parameter_row_depends_on_seed_and_replicate_alone():
    rows = [draws.row_of(1, r, 7) for r in range(200)]
    assert rows == [draws.row_of(1, r, 7) for r in range(200)]
    assert set(rows) == set(range(7))
    assert rows != [draws.row_of(2, r, 7) for r in range(200)]


# Uniforms


def uniforms(word: int, month: int, ids: np.ndarray, seed: int = 1) -> np.ndarray:
    """Both uniforms of some agents for one word in one month."""
    key = np.uint64(draws.run_key(np.uint64(seed), np.uint64(0)))
    pair = np.empty((2, len(ids)))
    draws.fill(np.uint64(draws.word_key(key, word, month)), ids, pair[0], pair[1])
    return pair


IDS = identity.agent_ids(np.full(20_000, 12345, np.uint64), identity.PRACTITIONER, np.arange(20_000))


def test_uniforms_are_even_and_unrelated():
    """Deciles, and correlation between halves, words, months and neighbours; bounds of five standard errors."""
    first, second = uniforms(0, 1, IDS)
    others = [second, uniforms(1, 1, IDS)[0], uniforms(0, 2, IDS)[0], uniforms(0, 1, IDS, seed=2)[0], np.roll(first, 1)]
    error = 1 / np.sqrt(len(IDS))
    for sample in (first, *others):
        assert sample.min() >= 0.0
        assert sample.max() < 1.0
        deciles = np.bincount((sample * 10).astype(int), minlength=10) / len(IDS)
        assert np.abs(deciles - 0.1).max() < 5 * 0.3 * error
    for other in others:
        assert abs(np.corrcoef(first, other)[0, 1]) < 5 * error
    assert abs(np.corrcoef(first, first + 0.1 * second)[0, 1]) > 5 * error, "negative control"


def test_every_decision_of_a_kind_has_a_random_number_of_its_own():
    """Nobody decides two things by one uniform."""
    places = [(d.kind, d.word, d.second) for d in DECISIONS.values()]
    assert len(set(places)) == len(places)
    words = {d.word: d.kind for d in DECISIONS.values()}
    assert all(words[d.word] == d.kind for d in DECISIONS.values())


def test_a_decision_s_own_function_gives_the_half_of_the_word_that_is_declared():
    key, ids = np.uint64(draws.run_key(np.uint64(1), np.uint64(0))), IDS[:50]
    for name, decision in DECISIONS.items():
        drawn = [getattr(draws, name)(key, 5, one) for one in ids]
        assert drawn == uniforms(decision.word, 5, ids)[int(decision.second)].tolist(), name
        assert drawn != uniforms(decision.word, 5, ids)[1 - int(decision.second)].tolist(), name


def test_words_with_both_decisions_unpacked_at_once_give_the_same():
    key, one = np.uint64(draws.run_key(np.uint64(1), np.uint64(0))), IDS[7]
    for word, unpack, names in (
        (draws.PERSON, draws.of_practitioner, ("leaves_post", "moves")),
        (draws.FAMILY, draws.of_family, ("need_changes", "way_through_service")),
    ):
        random = np.uint64(draws.bits(np.uint64(draws.word_key(key, word, 3)), one))
        assert unpack(random) == tuple(getattr(draws, name)(key, 3, one) for name in names)


def test_word_keys_do_not_collide():
    keys = {int(draws.word_key(np.uint64(99), word, month)) for word in range(20) for month in range(1201)}
    assert len(keys) == 20 * 1201


# Agents


def with_extra_post(organisation, site: int):
    """The same place with one more post at a site: no ties, no families."""
    people, sites = organisation.practitioners, organisation.sites
    at = int(np.flatnonzero(people.site == site)[-1]) + 1
    staff = sites.staff.copy()
    staff[site] += 1
    ties = people.tie_indices + (people.tie_indices >= at)
    families = organisation.families
    return replace(
        organisation,
        sites=replace(sites, staff=staff),
        practitioners=replace(
            people,
            ids=np.insert(people.ids, at, "extra"),
            site=np.insert(people.site, at, site),
            slot=np.insert(people.slot, at, people.slot[at - 1] + 1),
            care=np.insert(people.care, at, people.care[at - 1]),
            readiness=np.insert(people.readiness, at, np.nan),
            tie_indptr=np.insert(people.tie_indptr, at, people.tie_indptr[at]),
            tie_indices=ties.astype(np.int32),
        ),
        families=replace(families, practitioner=families.practitioner + (families.practitioner >= at)),
    )


def inert_changes(scenario, organisation, site: int) -> tuple[Ensemble, Ensemble]:
    """The same runs without and with one more person at a site."""
    more = with_extra_post(organisation, site)
    assert len(more.practitioners) == len(organisation.practitioners) + 1
    return simulate(scenario, organisation, replicates=5), simulate(scenario, more, replicates=5)


def only_its_own_bits(one: Ensemble, other: Ensemble) -> None:
    """The second ensemble differs by one practitioner outside every zone, and by what that one does alone."""
    for part in ("area", "family", "site_month", "certified_at_36", "kept", "not_sustained", "marked", "cost"):
        assert same_bits(getattr(one, part), getattr(other, part)), part
    assert same_bits(one.counts[:, :, :-1], other.counts[:, :, :-1])
    assert same_bits(one.sums[:, :, :-1], other.sums[:, :, :-1])
    assert same_bits(one.sums[:, :, -1, 1:], other.sums[:, :, -1, 1:])  # the first is the fidelity of those using
    difference = other.counts[:, :, -1] - one.counts[:, :, -1]
    assert (difference[..., COUNTS.index("practitioners")] == 1).all()
    assert set(np.unique(difference)) <= {0, 1}
    assert not difference[..., [not name.startswith("practitioners") for name in COUNTS]].any()


def test_an_inert_person_outside_every_zone_changes_nobody_elses_bits():
    scenario = busy(zones=(FIRST, SECOND), months=60)
    one, other = inert_changes(scenario, place(sites=12), 11)
    assert one.counts[:, :, 0, COUNTS.index("practitioners_using")].max() > 0
    assert one.counts[:, -1, 1, COUNTS.index("sites_started")].min() > 0
    only_its_own_bits(one, other)


def test_a_person_at_a_site_of_the_first_zone_does_change_bits():
    """Negative control: the same person where practice starts."""
    scenario = busy(zones=(FIRST,), months=60, events=())
    one, other = inert_changes(scenario, place(sites=12), 0)
    assert not np.array_equal(one.sums[:, :, 0], other.sums[:, :, 0])


def test_an_inert_person_in_an_area_that_does_not_open_changes_nothing_in_the_others():
    organisation = replace(place(sites=15, areas=3), group=np.array([True, True, False]))
    third = organisation.sites.area == 2
    one, other = inert_changes(
        busy(zones=(FIRST, replace(SECOND, count=1)), months=60), organisation, int(np.flatnonzero(third)[-1])
    )
    assert (one.site_month[:, third, 0] == -1).all(), "the third area should stay shut"
    assert (one.site_month[:, ~third, 0] >= 0).any()
    only_its_own_bits(one, other)


@pytest.mark.parametrize("month", [1, 12, 24])
def test_plans_differ_only_from_the_month_in_which_they_differ(month):
    before, after = slice(0, month), slice(month, None)
    plain = simulate(busy(months=40, events=()), place(), replicates=20)
    for change in (
        LeversChange({"coaching": 0.0, "turnover_factor": 4.0}),
        LeadersLeave("manager"),
        SupportWithdrawn(),
    ):
        event = Event("something", month, (change,))
        changed = simulate(busy(months=40, events=(event,)), place(), replicates=20)
        for part in ("counts", "sums", "area", "family"):
            one, other = getattr(plain, part), getattr(changed, part)
            assert same_bits(one[:, before], other[:, before]), (part, change)
        assert not same_bits(plain.sums[:, after], changed.sums[:, after]) or not same_bits(
            plain.area[:, after], changed.area[:, after]
        )


def test_an_event_that_changes_nothing_changes_no_bit():
    same = Event("nothing new", 5, (LeversChange({"coaching": FULL["coaching"]}),))
    assert digest(simulate(busy(**CALM), place(), replicates=3)) == digest(
        simulate(busy(months=30, events=(same,)), place(), replicates=3)
    )


def test_families_that_nobody_serves_do_not_feel_the_plan():
    """Common random numbers: where no practitioner uses the practice, need is the same to the family."""
    from sim.scenarios.files import load as scenario_named

    column = FAMILY.index("families_in_need")
    without, with_plan = (
        simulate(scenario_named(name), place(), replicates=10, months=6) for name in ("without-teams", "with-teams")
    )
    unserved = (without.counts[..., COUNTS.index("practitioners_using")].sum(2) == 0) & (
        with_plan.counts[..., COUNTS.index("practitioners_using")].sum(2) == 0
    )
    still = np.logical_and.accumulate(unserved, axis=1)
    assert still[:, 1].any()
    assert (without.family[..., column].sum((2, 3))[still] == with_plan.family[..., column].sum((2, 3))[still]).all()


def test_two_agents_with_one_id_are_refused():
    organisation = place()
    ids = organisation.sites.ids.copy()
    ids[3] = ids[4]
    with pytest.raises(OrganisationError, match="share a permanent id"):
        compile_place(replace(organisation, sites=replace(organisation.sites, ids=ids)))
    compile_place(organisation)


LIST = (
    "P1,First School,education,primary,210,14.2,0.4,North",
    "P2,Second School,education,primary,45,3.4,0.1,South",
    "H1,High School,education,secondary,700,60,0.25,North",
    "N1,Little Steps,private,nursery,40,6.6,0.3,North",
    "V1,Visitors,health,health_visiting,120,8,0.3,North",
    "S1,Children's Team,social_work,social_work,90,9,0.5,South",
)


def numbers_by_site(path, rows) -> dict[str, tuple]:
    """By site id: ids and uniforms of the site, its manager, its staff and its families."""
    path.write_text("\n".join(["site_id,name,agency,type,roll,staff,simd_q1_share,locality", *rows]) + "\n")
    organisation = load(path)
    compiled = compile_place(organisation)
    found = {}
    for i, name in enumerate(organisation.sites.ids.tolist()):
        staff = compiled.person_id[compiled.staff_ptr[i] : compiled.staff_ptr[i + 1]]
        homes = compiled.family_id[compiled.family_ptr[i] : compiled.family_ptr[i + 1]]
        manager = compiled.leader_id[compiled.site_manager[i] : compiled.site_manager[i] + 1]
        everyone = np.concatenate([compiled.site_id[i : i + 1], manager, staff, homes])
        found[name] = (everyone.tolist(), uniforms(draws.PERSON, 7, everyone).tolist())
    return found


def test_the_order_of_the_file_leaves_every_sites_numbers_unchanged(tmp_path):
    straight = numbers_by_site(tmp_path / "glen_sites.csv", LIST)
    reverse = numbers_by_site(tmp_path / "glen_sites_2.csv", LIST[::-1])
    assert straight == reverse
    assert list(straight) != list(reverse)
    fewer = numbers_by_site(tmp_path / "glen_sites_3.csv", LIST[1:])
    assert all(fewer[name] == straight[name] for name in fewer)
