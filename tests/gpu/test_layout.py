"""Where replicates lie on a GPU: nothing is lost, nothing overlaps, and what is shared is read alone."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided

from sim.engine.batch import READ_AT_THE_END, WHOLE, empty_ensemble, store_end
from sim.engine.building import build, new_record
from sim.engine.gpu.layout import LANES, Tiled, lay_out, leaves, spread
from sim.engine.gpu.wave import WORLDS, Plan
from sim.engine.setup import Setup, prepare
from sim.engine.world import HOME_RECORD, PARAMETERS_RECORD, SITE_RECORD
from sim.organisation.codes import STAGES
from sim.organisation.generate import synthetic
from sim.scenarios.files import load

KINDS = ("u1", "i4", "u4", "f8", "i8", "u8")


@pytest.fixture(scope="module")
def setup() -> Setup:
    return prepare(load("with-teams"), synthetic.generate({"sites": 6}), 24)


def records() -> st.SearchStrategy[np.dtype[Any]]:
    fields = st.lists(st.sampled_from(KINDS), min_size=1, max_size=9)
    return fields.map(lambda kinds: np.dtype([(f"x{k}", kind) for k, kind in enumerate(kinds)], align=True))


class Pair(NamedTuple):
    one: Any
    other: Any


def seen(leaf: Tiled, tiles: np.ndarray) -> np.ndarray:
    """An array of all replicates, [tiles, LANES, ...], as a GPU's program sees it in tiles [tiles, bytes]."""
    first = np.ndarray(leaf.like.shape, spread(leaf.like.dtype), tiles.data, leaf.at, leaf.strides[1:])
    return as_strided(first, (len(tiles), LANES, *leaf.like.shape), (tiles.shape[1], *leaf.strides))


@given(records(), st.integers(1, 5), st.integers(1, 2), st.integers(0, 2**32 - 1))
def test_what_a_program_writes_to_its_lanes_is_unpacked(kind: Any, length: int, tiles: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = np.frombuffer(random.bytes(tiles * LANES * length * kind.itemsize), kind).reshape(tiles, LANES, length)
    parts, tile = lay_out(3, lambda: Pair(np.zeros(length, kind), np.zeros(())))
    memory = np.tile(tile, (tiles, 1))
    written = seen(parts.one, memory)
    for name in kind.names or ():
        written[name] = values[name]
    found = parts.one.unpacked(memory[:, parts.one.at : parts.one.at + parts.one.size])
    assert found.shape == (tiles * LANES, length)
    for name in kind.names or ():
        assert found[name].tobytes() == values[name].tobytes()


@given(records(), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_tile_begins_with_what_was_made_in_every_lane(kind: Any, length: int, seed: int) -> None:
    values = np.frombuffer(np.random.default_rng(seed).bytes(length * kind.itemsize), kind)
    parts, tile = lay_out(0, lambda: Pair(np.zeros(3), values.copy()))
    found = seen(parts.other, tile.reshape(1, -1))
    for lane, name in itertools.product((0, 1, LANES - 1), kind.names or ()):
        assert found[name][0, lane].tobytes() == values[name].tobytes()


def test_fields_of_all_lanes_lie_side_by_side_and_apart() -> None:
    for kind in (SITE_RECORD, HOME_RECORD):
        parts, tile = lay_out(0, lambda kind=kind: Pair(np.zeros(3, kind), np.zeros(())))
        taken = np.zeros((2, len(tile)), np.uint8)
        for k, name in enumerate(kind.names or (), 1):
            field = seen(parts.one, taken)[name]
            assert not field.any(), name
            field[:] = k
            assert field.strides[1] == parts.one.strides[0]
        assert np.count_nonzero(taken) > 0


def test_a_record_keeps_its_names_and_an_aligned_layout() -> None:
    kind = spread(PARAMETERS_RECORD)
    assert kind.names == PARAMETERS_RECORD.names
    assert kind.isalignedstruct
    assert kind.itemsize == LANES * PARAMETERS_RECORD.itemsize


@pytest.mark.parametrize(("at", "words"), [(14, "within words"), (10, "alignment")])
def test_a_field_that_would_be_torn_is_refused(at: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        spread(np.dtype({"names": ["a", "b"], "formats": ["f8", "i4"], "offsets": [0, at], "itemsize": 24}))


def test_views_of_one_another_stay_so(setup: Setup) -> None:
    world, begun = lay_out(WORLDS, lambda: build(setup))
    assert world.actors.levers.at == world.plan.lever_table.at
    tile = np.zeros((1, len(begun)), np.uint8)
    seen(world.actors.best, tile)["joint"][0, 7, 2] = 3.5
    at = world.actors.best.like.dtype.names.index("joint")
    settings = seen(world.actors.settings, tile)[0]
    assert settings[7, 1, 2, at] == 3.5
    assert np.count_nonzero(settings) == 1
    assert np.count_nonzero(seen(world.plan.lever_table, tile)) == 0


def test_the_whole_world_goes_to_a_tile_and_back(setup: Setup) -> None:
    world = build(setup)
    laid, tile = lay_out(WORLDS, lambda: build(setup))
    assert sum(isinstance(leaf, Tiled) for leaf in leaves(laid)) > 40
    for leaf, values in zip(leaves(laid), leaves(world), strict=True):
        if not isinstance(leaf, Tiled):
            assert leaf is values or leaf == values
            continue
        found = leaf.unpacked(tile[leaf.at : leaf.at + leaf.size].reshape(1, -1))
        for name in values.dtype.names or ("",):
            mine, theirs = (found[name], values[name]) if name else (found, values)
            for lane in (0, 1, LANES - 1):
                assert mine[lane].tobytes() == theirs.tobytes(), name


def test_only_what_the_setup_itself_holds_is_shared(setup: Setup) -> None:
    held = {id(value) for part in (setup, setup.place, setup.teams, setup.course) for value in vars_of(part)}
    shared = [leaf for leaf in leaves(lay_out(WORLDS, lambda: build(setup))[0]) if isinstance(leaf, np.ndarray)]
    assert len(shared) > 10
    assert all(id(leaf) in held for leaf in shared)


def vars_of(part: Any) -> list[Any]:
    return list(part._asdict().values() if hasattr(part, "_asdict") else vars(part).values())


def test_the_record_takes_two_months(setup: Setup) -> None:
    plan = Plan(setup, WHOLE)
    assert all(leaf.like.shape[0] == 1 for leaf in leaves(plan.parts[4]))
    assert plan.sizes[3] == plan.sizes[4] == LANES * sum(rows[0].nbytes for rows in new_record(setup))


def test_what_is_known_of_sites_is_stored_for_a_tile_as_for_each_replicate(setup: Setup) -> None:
    """So that `store_end` stays fit for a GPU where none and no numba-cuda is."""
    random = np.random.default_rng(1)
    one, other = (empty_ensemble(setup, LANES, 1, 0, ()) for _ in range(2))
    worlds = [drawn(build(setup), random) for _ in range(LANES)]
    for index, world in enumerate(worlds):
        store_end(one, index, world)
    read = {
        of: getattr(worlds[0], of)._replace(**dict.fromkeys(getattr(worlds[0], of)._fields))
        for of in ("actors", "books")
    }
    for of, names in READ_AT_THE_END.items():
        read[of] = read[of]._replace(
            **{name: np.stack([getattr(getattr(w, of), name) for w in worlds]) for name in names}
        )
    store_end(other, slice(0, LANES), worlds[0]._replace(**read))
    for name in ("site_month", "certified_at_36", "kept", "not_sustained", "marked", "cost", "site_course"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
        assert len({row.tobytes() for row in getattr(one, name)}) > 1, name


def drawn(world: Any, random: np.random.Generator) -> Any:
    """A world whose sites, teams and books were drawn."""
    for name in world.actors.sites.dtype.names:
        world.actors.sites[name] = random.integers(0, len(STAGES), len(world.actors.sites))
    world.actors.sites["team"] = random.integers(-1, len(world.actors.teams), len(world.actors.sites))
    world.actors.teams["generation"] = random.integers(0, 4, len(world.actors.teams))
    world.books.marked[:] = random.random(world.books.marked.shape)
    world.books.cost_agency[:] = random.random(world.books.cost_agency.shape)
    return world
