"""Tiles of one setup in the memory of a GPU: laid there, run month by month, and fetched.

Of the record no more than two months need to be there: the one that is counted and the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple, cast

import numpy as np

from sim.engine import draws
from sim.engine.batch import Run, record_of
from sim.engine.building import build, new_record
from sim.engine.gpu.device import Gpu, Queue
from sim.engine.gpu.layout import LANES, Array, Bytes, Layout, Tiled, lay_out, leaves, mapped
from sim.engine.setup import Setup
from sim.engine.sums import Ensemble
from sim.engine.world import PARAMETERS_RECORD, Span, World, as_record
from sim.errors import GpuError

THREADS = 128
ALIGNED = 256
FAMILIES_AT_A_TIME = 256
"""Few, as every replicate has room of its own for those that are listed."""


class Own(NamedTuple):
    """What a replicate is given: its parameters, and the key of its random numbers."""

    parameters: Any
    key: Any


def own_key(e: Ensemble, index: int) -> np.uint64:
    """The key of a replicate's own random numbers."""
    return np.uint64(draws.run_key(np.uint64(e.seed), np.uint64(e.first + index)))


class Plan:
    """How replicates of one setup lie on a GPU.

    Attributes:
        begun: the world of one before month 0.
        world: what each has for itself.
        own: what each is given.
        record: one month of what it writes down.
        parts: all of it, as the program takes it.
    """

    def __init__(self, setup: Setup) -> None:
        self.begun = build(setup, FAMILIES_AT_A_TIME)
        self.world = lay_out(self.begun, build(setup, FAMILIES_AT_A_TIME))
        self.own = lay_out(Own(np.zeros((), PARAMETERS_RECORD), np.zeros((), np.uint64)))
        self.record = lay_out(mapped(lambda rows, _: rows[:1].copy(), new_record(setup)))
        span = Span(self.own.parts.key, 0, 1, np.zeros(1, np.uint8))
        self.parts = (self.world.parts, self.own.parts.parameters, self.record.parts, span)

    @property
    def tile_bytes(self) -> int:
        """Memory of 32 replicates."""
        return self.world.size + self.own.size + 2 * self.record.size

    def given(self, run: Run, first: int, tiles: int, month: int) -> Bytes:
        """What the replicates from `first` are given for a month and those after it; the last replicate fills up the
        last tile.
        """
        e, past = run.ensemble, run.pasts if run.pasts is not None and month <= run.pasts.month else None
        places = np.minimum(np.arange(first, first + LANES * tiles), e.replicates - 1)
        _, chosen, index = np.unique(e.rows[places], return_index=True, return_inverse=True)
        parameters = np.array([as_record(e.parameters(int(places[k]))) for k in chosen], PARAMETERS_RECORD)[index]
        key = past.key if past else partial(own_key, e)
        keys = np.array([key(int(place)) for place in places], np.uint64)
        return self.own.filled(Own(parameters.reshape(tiles, LANES), keys.reshape(tiles, LANES)), tiles)


class Wave:
    """Tiles in the memory of a GPU, and what is asked of it for them.

    Attributes:
        tiles: how many there is room for, as many as are wanted at most.
        here: the replicates that they hold now.
    """

    def __init__(self, gpu: Gpu, program: Any, plan: Plan, wanted: int) -> None:
        self._gpu, self._program, self._plan = gpu, program, plan
        shared = [leaf for leaf in leaves(plan.parts) if isinstance(leaf, np.ndarray)]
        self._laid = [*shared, plan.world.filled(plan.begun, 1)]
        sizes = [-(-array.nbytes // ALIGNED) * ALIGNED for array in self._laid]
        gpu.here()
        self._queue = Queue(gpu)
        self._memory, self.tiles = gpu.allocate(plan.tile_bytes, wanted, sum(sizes))
        *self._places, self._worlds = (self._memory + np.cumsum([0, *sizes])).tolist()
        self._own = self._worlds + self.tiles * plan.world.size
        self._months = [self._own + self.tiles * (plan.own.size + k * plan.record.size) for k in (0, 1)]
        self._month = np.empty((self.tiles, plan.record.size), np.uint8)
        self._shared = {id(array): place for array, place in zip(shared, self._places[:-1], strict=True)}
        self._before = self._words(plan.world, self._worlds, plan.parts[0])
        self._before += self._words(plan.own, self._own, plan.parts[1])

    def _words(self, layout: Layout, at: int, parts: Any, month: int = 0, step: int = 0) -> list[int]:
        """Parts as the program takes them, word by word: of an array two owners (none), size, bytes of an element,
        address, shape, strides. `step`: bytes from one month to the next, so that this month's row lies at `at`.
        """
        words = list[int]()
        for leaf in leaves(parts):
            if isinstance(leaf, Tiled):
                shape, strides = (self.tiles, LANES, *leaf.like.shape), [layout.size, *leaf.strides]
                if step:
                    strides[2] = step
                size, address = LANES * leaf.like.itemsize, at + leaf.at - month * step
            elif isinstance(leaf, np.ndarray):
                shape, strides = leaf.shape, list(leaf.strides)
                size, address = leaf.itemsize, self._shared[id(leaf)]
            else:
                words.append(int(leaf))
                continue
            words += [0, 0, int(np.prod(shape)), size, address, *shape, *strides]
        return words

    def begin(self, run: Run, first: int) -> None:
        """Give every tile its replicates, from `first`, as they are before month 0."""
        for array, place in zip(self._laid, self._places, strict=True):
            self._queue.write(place, array)
        size = self._plan.world.size
        for tile in range(self.tiles):
            self._queue.ask("cuMemcpyDtoDAsync", self._worlds + tile * size, self._places[-1], size)
        self._clear(1)
        self._run = run
        self.here = slice(first, min(first + LANES * self.tiles, run.ensemble.replicates))

    def _clear(self, which: int) -> None:
        self._queue.ask("cuMemsetD8Async", self._months[which], 0, self.tiles * self._plan.record.size)

    def month(self, month: int) -> None:
        """Run one month of all replicates. The record's row of that month lies here, the one before there."""
        plan, pasts, (here, there) = self._plan, self._run.pasts, (month % 2, 1 - month % 2)
        if month == 0 or (pasts is not None and month == pasts.month + 1):
            self._queue.write(self._own, plan.given(self._run, self.here.start, self.tiles, month))
        self._clear(here)
        step = self._months[here] - self._months[there]
        span = plan.parts[3]._replace(first=month, last=month + 1)
        words = [
            *self._before,
            *self._words(plan.record, self._months[here], plan.parts[2], month, step),
            *self._words(plan.own, self._own, span),
            LANES * self.tiles,
        ]
        given = np.array([word % 2**64 for word in words], np.uint64)
        self._queue.launch(self._program, -(-LANES * self.tiles // THREADS), THREADS, given)
        self._queue.wait()

    def fetch_month(self, month: int) -> None:
        """Write down a month."""
        record, found = self._plan.record, self._month
        self._queue.read(self._months[month % 2], found)
        self._queue.wait()
        for tile, edge in enumerate(range(self.here.start, self.here.stop, LANES)):
            rows = record_of(self._run.ensemble, slice(edge, min(edge + LANES, self.here.stop)))
            for leaf, target in zip(leaves(record.parts), leaves(rows), strict=True):
                target[:, month] = record.seen(leaf, found[tile : tile + 1])[0, : len(target), 0]

    @property
    def worlds(self) -> World:
        """The worlds of all replicates, [replicates, ...]; only columns that are asked for are fetched."""
        return cast("World", _Fetched(self._plan.world.parts, self._fetch))

    def _fetch(self, leaf: Tiled, field: str = "") -> Array:
        """An array of all replicates, or one field of its records."""
        kind, at, width = leaf.like.dtype, 0, LANES * leaf.word
        if field and kind.fields:
            kind, at = kind.fields[field][:2]
        found = np.empty((self.tiles, leaf.like.size, width), np.uint8)
        for tile, rows in enumerate(found):
            begin = self._worlds + tile * self._plan.world.size + leaf.at + at // leaf.word * width
            self._queue.read_rows(begin, LANES * leaf.like.itemsize, rows)
        self._queue.wait()
        strides = (leaf.like.size * width, width, leaf.word)
        values = np.ndarray((self.tiles, leaf.like.size, LANES), kind, found.data, at % leaf.word, strides)
        return np.moveaxis(values, 2, 1).reshape(-1, *leaf.like.shape)[: self.here.stop - self.here.start]

    def close(self) -> None:
        """Give the memory back, when all that was asked is done. A GPU that has stopped has said so before."""
        for give_back in (self._queue.close, partial(self._gpu.release, self._memory)):
            with suppress(GpuError):
                give_back()


class _Fetched:
    """A part of many worlds, each array fetched when it is asked for."""

    def __init__(self, part: Any, fetch: Callable[..., Array]) -> None:
        self._part, self._fetch = part, fetch

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._part, name)
        is_records = isinstance(part, Tiled) and part.like.dtype.names
        return self._fetch(part) if isinstance(part, Tiled) and not is_records else _Fetched(part, self._fetch)

    def __getitem__(self, field: str) -> Array:
        return self._fetch(self._part, field)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the records of one."""
        shape: tuple[int, ...] = self._part.like.shape
        return shape
