"""Where replicates lie on a GPU: nothing is lost, nothing overlaps, and what is shared is read alone."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.batch import empty_ensemble, store_end
from sim.engine.building import build, new_record
from sim.engine.gpu.layout import LANES, Layout, Tiled, lay_out, leaves, spread
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


@given(records(), st.integers(0, 5), st.integers(1, 2), st.integers(0, 2**32 - 1))
def test_what_is_laid_in_tiles_is_read_from_them(kind: np.dtype[Any], length: int, tiles: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    size = tiles * LANES * length * kind.itemsize
    values = np.frombuffer(random.bytes(size), kind).reshape(tiles, LANES, length)
    layout = lay_out(Pair(np.zeros(length, kind), np.zeros(())))
    memory = layout.filled(Pair(values, random.random((tiles, LANES))), tiles)
    seen = layout.seen(layout.parts.one, memory)
    for tile, lane, name in itertools.product(range(tiles), range(LANES), kind.names or ()):
        assert seen[name][tile, lane].tobytes() == values[name][tile, lane].tobytes()


def test_fields_of_all_lanes_lie_side_by_side_and_apart() -> None:
    for kind in (SITE_RECORD, HOME_RECORD):
        layout = lay_out(Pair(np.zeros(3, kind), np.zeros(())))
        taken = np.zeros((2, layout.size), np.uint8)
        for k, name in enumerate(kind.names or (), 1):
            field = layout.seen(layout.parts.one, taken)[name]
            assert not field.any(), name
            field[:] = k
            assert field.strides[1] == layout.parts.one.word
        assert np.count_nonzero(taken) > 0


def test_a_record_keeps_its_names_and_an_aligned_layout() -> None:
    kind = spread(PARAMETERS_RECORD)
    assert kind.names == PARAMETERS_RECORD.names
    assert kind.isalignedstruct
    assert kind.itemsize == LANES * PARAMETERS_RECORD.itemsize


def test_a_field_that_would_be_torn_is_refused() -> None:
    with pytest.raises(ValueError, match="within words"):
        spread(np.dtype({"names": ["a", "b"], "formats": ["f8", "i4"], "offsets": [0, 10], "itemsize": 16}))


def whole(setup: Setup) -> Layout:
    return lay_out(build(setup), build(setup))


def test_views_of_one_another_stay_so(setup: Setup) -> None:
    layout = whole(setup)
    actors, plan = layout.parts.actors, layout.parts.plan
    assert actors.levers.at == plan.lever_table.at
    tile = np.zeros((1, layout.size), np.uint8)
    layout.seen(actors.best, tile)["joint"][0, 7, 2] = 3.5
    at = actors.best.like.dtype.names.index("joint")
    settings = layout.seen(actors.settings, tile)[0]
    assert settings[7, 1, 2, at] == 3.5
    assert np.count_nonzero(settings) == 1
    assert np.count_nonzero(layout.seen(plan.lever_table, tile)) == 0


def test_the_whole_world_goes_to_a_tile_and_back(setup: Setup) -> None:
    world, layout = build(setup), whole(setup)
    tile = layout.filled(world, 1)
    laid, given = leaves(layout.parts), leaves(world)
    assert sum(isinstance(leaf, Tiled) for leaf in laid) > 40
    for leaf, values in zip(laid, given, strict=True):
        if not isinstance(leaf, Tiled):
            assert leaf is values or leaf == values
            continue
        seen = layout.seen(leaf, tile)[0]
        for name in values.dtype.names or ("",):
            mine, theirs = (seen[name], values[name]) if name else (seen, values)
            for lane in (0, 1, LANES - 1):
                assert mine[lane].tobytes() == theirs.tobytes(), name


def test_only_what_the_setup_itself_holds_is_shared(setup: Setup) -> None:
    held = {id(value) for part in (setup, setup.place, setup.teams, setup.course) for value in vars_of(part)}
    shared = [leaf for leaf in leaves(whole(setup).parts) if isinstance(leaf, np.ndarray)]
    assert len(shared) > 10
    assert all(id(leaf) in held for leaf in shared)


def vars_of(part: Any) -> list[Any]:
    return list(part._asdict().values() if hasattr(part, "_asdict") else vars(part).values())


def test_the_record_takes_a_month(setup: Setup) -> None:
    record = lay_out(type(new_record(setup))(*(rows[:1].copy() for rows in new_record(setup))))
    assert all(leaf.like.shape[0] == 1 for leaf in leaves(record.parts))


def test_what_is_known_of_sites_is_stored_for_a_tile_as_for_each_replicate(setup: Setup) -> None:
    """So that `store_end` stays fit for a GPU where none and no numba-cuda is."""
    random = np.random.default_rng(1)
    one, other = (empty_ensemble(setup, LANES, 1, 0, ()) for _ in range(2))
    worlds = [drawn(build(setup), random) for _ in range(LANES)]
    for index, world in enumerate(worlds):
        store_end(one, index, world)
    stacked = mapped_all(worlds)
    store_end(other, slice(0, LANES), stacked)
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


def mapped_all(worlds: list[Any]) -> Any:
    """The same named tuples with a further axis first."""
    first = worlds[0]
    if hasattr(first, "_fields"):
        return type(first)(*(mapped_all([getattr(world, name) for world in worlds]) for name in first._fields))
    return np.stack(worlds) if isinstance(first, np.ndarray) else first
