"""Tiles of one setup in the memory of a GPU: laid there, run month by month, and fetched.

Of the record no more than two months need to be there: the one that is counted and the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

import numpy as np

from sim.engine import draws
from sim.engine.batch import Run, record_of, store_sites
from sim.engine.building import build, new_record
from sim.engine.diary import DiaryWriter, seen
from sim.engine.gpu.device import Gpu, Program, Queue
from sim.engine.gpu.layout import LANES, Bytes, Tiled, described, lay_out, leaves, mapped
from sim.engine.gpu.program import Arguments
from sim.engine.setup import Setup
from sim.engine.sums import Ensemble
from sim.engine.world import PARAMETERS_RECORD, Span, World, as_record

THREADS = 128
ALIGNED = 256
FAMILIES_AT_A_TIME = 256
"""Few, as every replicate has room of its own for those that are listed."""


class Own(NamedTuple):
    """What a replicate is given."""

    parameters: Any
    key: Any


def own_key(e: Ensemble, index: int) -> np.uint64:
    """The key of a replicate's own random numbers."""
    return np.uint64(draws.run_key(np.uint64(e.seed), np.uint64(e.first + index)))


class Plan:
    """How replicates of one setup lie on a GPU.

    Attributes:
        world: what each has for itself.
        own: its parameters, and the key of its random numbers.
        record: one month of what it writes down.
        arguments: as the program takes them.
    """

    def __init__(self, setup: Setup) -> None:
        self.world = lay_out(build(setup, FAMILIES_AT_A_TIME), build(setup, FAMILIES_AT_A_TIME))
        self.own = lay_out(Own(np.zeros((), PARAMETERS_RECORD), np.zeros((), np.uint64)))
        self.record = lay_out(mapped(lambda rows, _: rows[:1].copy(), new_record(setup)))
        span = Span(self.own.parts.key, 0, 1, np.zeros(1, np.uint8))
        self.arguments = Arguments(self.world.parts, self.own.parts.parameters, self.record.parts, span)

    @property
    def tile_bytes(self) -> int:
        """Memory of 32 replicates."""
        return self.world.starts[-1] + self.own.starts[-1] + 2 * self.record.starts[-1]

    def given(self, run: Run, first: int, tiles: int, month: int) -> Bytes:
        """Parameters, and keys for a month and those after it, of the replicates from `first`, in tiles; the last
        replicate fills up the last tile.
        """
        e, past = run.ensemble, run.pasts if run.pasts is not None and month <= run.pasts.month else None
        places = np.minimum(np.arange(first, first + LANES * tiles), e.replicates - 1)
        rows, index = np.unique(e.rows[places], return_inverse=True)
        at = {int(e.rows[place]): int(place) for place in places}
        parameters = np.array([as_record(e.parameters(at[int(row)])) for row in rows], PARAMETERS_RECORD)[index]
        key = past.key if past else partial(own_key, e)
        keys = np.array([key(int(place)) for place in places], np.uint64)
        return self.own.woven([values.view(np.uint8).reshape(len(places), -1) for values in (parameters, keys)])


class Wave:
    """Tiles in the memory of a GPU, and what is asked of it for them.

    Attributes:
        tiles: how many there is room for, as many as are wanted at most.
        queue: what is asked, in order.
    """

    def __init__(self, gpu: Gpu, program: Program, plan: Plan, wanted: int) -> None:
        self._gpu, self._program, self._plan = gpu, program, plan
        shared = [leaf for leaf in plan.arguments.leaves if isinstance(leaf, np.ndarray)]
        template = plan.world.woven([np.tile(block, (LANES, 1)) for block in plan.world.blocks])
        sizes = [-(-array.nbytes // ALIGNED) * ALIGNED for array in (*shared, template)]
        self._memory, self.tiles = gpu.allocate(plan.tile_bytes, wanted, sum(sizes))
        self.queue = Queue(gpu)
        *places, self._template, self._worlds = (self._memory + np.cumsum([0, *sizes])).tolist()
        self._own = self._worlds + self.tiles * plan.world.starts[-1]
        self._months = [self._own + self.tiles * (plan.own.starts[-1] + k * plan.record.starts[-1]) for k in (0, 1)]
        for array, place in zip((*shared, template), (*places, self._template), strict=True):
            self.queue.write(place, array)
        self._buffer = np.empty((self.tiles, plan.record.starts[-1]), np.uint8)
        self._arrange({id(array): place for array, place in zip(shared, places, strict=True)})

    def _arrange(self, shared: dict[int, int]) -> None:
        """The arguments of the program, and where in them those are that go with the month."""
        plan, words = self._plan, list[int]()
        regions = {id(leaf): (plan.world, self._worlds) for leaf in leaves(plan.world.parts)}
        regions |= {id(leaf): (plan.own, self._own) for leaf in leaves(plan.own.parts)}
        regions |= {id(leaf): (plan.record, 0) for leaf in leaves(plan.record.parts)}
        self._of_record: list[tuple[int, int, int]] = []
        for leaf in plan.arguments.leaves:
            if isinstance(leaf, Tiled):
                layout, at = regions[id(leaf)]
                if layout is plan.record:
                    axes = leaf.like.ndim + 2
                    self._of_record.append((len(words) + 4, len(words) + 5 + axes + 2, layout.first_byte(leaf)))
                words += layout.arguments(leaf, self.tiles, at)
            elif isinstance(leaf, np.ndarray):
                words += described(shared[id(leaf)], leaf.shape, leaf.strides, leaf.itemsize)
            else:
                self._span = len(words) - 1  # ends at the last of the whole numbers, those of the span
                words.append(int(leaf))
        self._words = np.array([word % 2**64 for word in (*words, LANES * self.tiles)], np.uint64)

    def begin(self, run: Run, first: int) -> None:
        """Give every tile its replicates, from `first`, as they are before month 0."""
        size, e = self._plan.world.starts[-1], run.ensemble
        for tile in range(self.tiles):
            self.queue.copy(self._template, self._worlds + tile * size, size)
        self.queue.clear(self._months[1], self._buffer.nbytes)
        last = min(first + LANES * self.tiles, e.replicates)
        self._run, self._first = run, first
        self._places = [slice(edge, min(edge + LANES, last)) for edge in range(first, last, LANES)]
        sites = run.setup.place.person_site
        self._diary = [DiaryWriter(e.diary, place, sites) for place in range(first, last)] if e.diary else []

    def month(self, month: int) -> None:
        """Run one month of all replicates. The record's row of that month lies here, the one before there."""
        here, there = self._months[month % 2], self._months[1 - month % 2]
        for address, stride, first_byte in self._of_record:
            self._words[address] = (here + first_byte - month * (here - there)) % 2**64
            self._words[stride] = (here - there) % 2**64
        self._words[self._span : self._span + 2] = month, month + 1
        if month == 0 or (self._run.pasts is not None and month == self._run.pasts.month + 1):
            self.queue.write(self._own, self._plan.given(self._run, self._first, self.tiles, month))
        self.queue.clear(here, self._buffer.nbytes)
        self.queue.launch(self._program, -(-LANES * self.tiles // THREADS), THREADS, self._words)

    def fetch_month(self, month: int) -> None:
        """Write down a month."""
        self.queue.read(self._months[month % 2], self._buffer)
        self.queue.wait()
        record = self._plan.record
        for tile, place in enumerate(self._places):
            for leaf, target in zip(leaves(record.parts), leaves(record_of(self._run.ensemble, place)), strict=True):
                target[:, month] = leaf.of(self._buffer[tile, record.piece(leaf.block)])[: len(target), 0]
        for number, diary in enumerate(self._diary):
            tile, lane = divmod(number, LANES)
            diary.write(month, seen(cast("World", _Seen(self._plan.world.parts, self._reader(tile), lane))))
            if month == self._run.setup.months:
                diary.close(month)

    def fetch_sites(self) -> None:
        """Write down what is known of sites and cost at the end."""
        for tile, place in enumerate(self._places):
            lanes = slice(0, place.stop - place.start)
            tile_of_worlds = _Seen(self._plan.world.parts, self._reader(tile), lanes)
            store_sites(self._run.ensemble, place, cast("World", tile_of_worlds))

    def _reader(self, tile: int) -> Callable[[int], Bytes]:
        world = self._plan.world

        def read(block: int) -> Bytes:
            piece = np.empty(LANES * world.blocks[block].nbytes, np.uint8)
            self.queue.read(self._worlds + tile * world.starts[-1] + world.starts[block], piece)
            self.queue.wait()
            return piece

        return read

    def close(self) -> None:
        """Give the memory back, when all that was asked is done."""
        try:
            self.queue.close()
        finally:
            self._gpu.release(self._memory)


class _Seen:
    """A part of the worlds of one tile, each array fetched when it is asked for: of one lane, or [lanes, ...]."""

    def __init__(self, parts: Any, read: Callable[[int], Bytes], lanes: int | slice) -> None:
        self._parts, self._read, self._lanes = parts, read, lanes

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._parts, name)
        if isinstance(part, Tiled):
            return part.of(self._read(part.block))[self._lanes]
        return _Seen(part, self._read, self._lanes) if hasattr(part, "_fields") else part
