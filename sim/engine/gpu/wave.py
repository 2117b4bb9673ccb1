"""Tiles of one setup in the memory of a GPU: laid there, run month by month, and fetched.

Of the record no more than two months need to be there: the one that is counted and the one before.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.batch import READ_AT_THE_END, Run, Wanted, record_of, store_end
from sim.engine.building import build, new_record
from sim.engine.gpu.device import gpu
from sim.engine.gpu.layout import LANES, Tiled, lay_out, leaves
from sim.engine.gpu.program import loaded
from sim.engine.setup import Setup
from sim.engine.world import PARAMETERS_RECORD, Record, Span, World, records_of

FAMILIES_AT_A_TIME = 256
"""Few, as every replicate has room of its own for those that are listed."""

WORLDS, OWN, VALUES, MONTHS, ODD = range(5)
"""Regions of memory: worlds, what each is given, what is asked of sites, an even month of the record, an odd one."""


class Own(NamedTuple):
    """What a replicate is given: its parameters, and the key of its random numbers."""

    parameters: Any
    key: Any


class Plan:
    """How replicates of one setup lie on a GPU: what all share, then the regions, tile by tile.

    Attributes:
        parts: what the program takes: world, parameters, what is asked of sites, its answers, a month of the record,
            which months.
        sizes: bytes of a tile in each region.
        shared: where each array lies that all share, by its id.
        head: what memory begins with: those arrays.
        begun: a tile of worlds before month 0.
    """

    def __init__(self, setup: Setup, wanted: Wanted) -> None:
        asked = np.array([(*one, setup.months) for one in wanted.by_site or ()], np.int64).reshape(-1, 3)
        world, self.begun = lay_out(WORLDS, lambda: build(setup, FAMILIES_AT_A_TIME))
        own, given = lay_out(OWN, lambda: Own(np.zeros((), PARAMETERS_RECORD), np.zeros((), np.uint64)))
        record, month = lay_out(MONTHS, lambda: Record(*(rows[:1].copy() for rows in new_record(setup))))
        values, answers = lay_out(VALUES, lambda: np.zeros(len(asked)))
        self.parts = (world, own.parameters, asked, values, record, Span(own.key, 0, 1, np.zeros(1, np.uint8)))
        self.sizes = [len(tile) for tile in (self.begun, given, answers, month, month)]
        arrays = {id(leaf): leaf for leaf in leaves(self.parts) if isinstance(leaf, np.ndarray)}
        padded = [np.resize(a.reshape(-1).view(np.uint8), -(-a.nbytes // 256) * 256) for a in arrays.values()]
        self.shared = dict(zip(arrays, np.cumsum([0, *map(len, padded)]).tolist(), strict=False))
        self.head = np.concatenate(padded)

    @property
    def room(self) -> tuple[int, int]:
        """Bytes that all share, and bytes of a tile."""
        return len(self.head), sum(self.sizes)


class Wave:
    """Replicates `here` of a run, from `first`, in as many tiles as there is `room` for (its address, their number),
    and what is asked of a GPU for them, in order.
    """

    def __init__(self, run: Run, plan: Plan, room: tuple[int, int], first: int) -> None:
        self._run, self._plan, (self._base, self._tiles) = run, plan, room
        self._program, self._stream, tiles = loaded(plan.parts), gpu().stream(), self._tiles
        self.here = slice(first, min(first + LANES * tiles, run.ensemble.replicates))
        self._count = self.here.stop - first
        self._at: list[int] = (self._base + len(plan.head) + tiles * np.cumsum([0, *plan.sizes])).tolist()
        self._write(self._base, plan.head)
        self._write(self._at[WORLDS], plan.begun)
        done, size, worlds = 1, plan.sizes[WORLDS], self._at[WORLDS]
        while done < tiles:
            self._ask("cuMemcpyDtoDAsync", worlds + done * size, worlds, min(done, tiles - done) * size)
            done *= 2
        self._ask("cuMemsetD8Async", self._at[ODD], 0, tiles * plan.sizes[ODD])
        self._unchanging = self._words(plan.parts[:4])
        self._early = [np.array(self._months(month, month + 1)) for month in range(4)]

    def _ask(self, name: str, *given: int) -> None:
        gpu().ask(self._stream, name, *given)

    def _write(self, address: int, data: NDArray[Any]) -> None:
        self._ask("cuMemcpyHtoDAsync", address, data.ctypes.data, data.nbytes)
        self._stream.synchronize()

    def _words(self, parts: Any, month: int = 0) -> list[int]:
        """Parts as the program takes them, word by word: of an array two owners (none), size, bytes of an element,
        address, shape, strides. Of the record `month` lies in one region and the month before in the other.
        """
        words = list[int]()
        for leaf in leaves(parts):
            if isinstance(leaf, Tiled):
                address, strides = self._at[leaf.region] + leaf.at, [self._plan.sizes[leaf.region], *leaf.strides]
                if leaf.region == MONTHS:
                    strides[2] = (self._at[MONTHS] - self._at[ODD]) * (-1) ** month
                    address += month % 2 * (self._at[ODD] - self._at[MONTHS]) - month * strides[2]
                shape, size = (self._tiles, LANES, *leaf.like.shape), LANES * leaf.like.itemsize
            elif isinstance(leaf, np.ndarray):
                address, strides = self._base + self._plan.shared[id(leaf)], list(leaf.strides)
                shape, size = leaf.shape, leaf.itemsize
            else:
                words.append(int(leaf))
                continue
            words += [0, 0, prod(shape), size, address, *shape, *strides]
        return words

    def month(self, month: int) -> None:
        """Run one month of all replicates, and write it down where it is wanted."""
        pasts, wanted, region = self._run.pasts, self._run.wanted.months, MONTHS + month % 2
        if month == 0 or (pasts is not None and month == pasts.month + 1):
            self._give(month)
        self._ask("cuMemsetD8Async", self._at[region], 0, self._tiles * self._plan.sizes[region])
        one, next_alike = self._early[month % 2 :: 2]
        self._launch((one + month // 2 * (next_alike - one)).tolist())
        if wanted is None or month in wanted:
            found = self._fetched(region, 0, self._plan.sizes[region])
            for leaf, rows in zip(self._plan.parts[4], record_of(self._run.ensemble, self.here), strict=True):
                rows[:, month] = leaf.unpacked(found[:, leaf.at : leaf.at + leaf.size])[: self._count, 0]

    def _give(self, month: int) -> None:
        """Give every replicate its parameters, and its key from a month on; the last fills up the last tile."""
        e, pasts = self._run.ensemble, self._run.pasts
        places = np.minimum(self.here.start + np.arange(LANES * self._tiles), e.replicates - 1)
        own = pasts is None or month > pasts.month
        keys = draws.keys_of(e.seed, e.first + places) if own or pasts is None else pasts.keys(places)
        rows, index = np.unique(e.rows[places], return_inverse=True)
        drawn = [e.sample[row] if row >= 0 else {} for row in rows.tolist()]
        records = records_of(e.scenario.parameter_values(), drawn, e.scenario.parameters)
        words = np.column_stack([records.view(np.uint64).reshape(len(rows), -1)[index], keys])
        self._write(self._at[OWN], np.ascontiguousarray(words.reshape(self._tiles, LANES, -1).swapaxes(1, 2)))

    def _months(self, first: int, last: int) -> list[int]:
        """Months `first` to before `last` as the program takes them, and the record; from one month to the next but
        one each word changes by the same.
        """
        *_, record, span = self._plan.parts
        return self._words((record, span._replace(first=first, last=last)), first)

    def _launch(self, months: list[int]) -> None:
        threads = LANES * self._tiles
        gpu().launch(self._stream, self._program, threads, [*self._unchanging, *months, threads])
        self._stream.synchronize()

    def fetch_end(self) -> None:
        """Write down what is known at the end: of every site, or the measures that are asked of sites."""
        e, after, asked = self._run.ensemble, self._run.setup.months + 1, self._run.wanted.by_site
        if asked is None:
            store_end(e, self.here, self._ended())
        elif asked:
            self._launch(self._months(after, after))  # no month: the sites are asked
            for one, values in zip(asked, self._unpacked(self._plan.parts[3]).T, strict=True):
                e.by_site[one][self.here] = values

    def _ended(self) -> World:
        """The worlds of all replicates, [replicates, ...], as far as they are read at the end."""
        world: World = self._plan.parts[0]
        for of, names in READ_AT_THE_END.items():
            part = getattr(world, of)
            found = {name: self._unpacked(getattr(part, name)) for name in names}
            world = world._replace(**{of: part._replace(**found)})
        return world

    def _unpacked(self, leaf: Tiled) -> NDArray[Any]:
        """An array of all replicates, [replicates, ...]."""
        return leaf.unpacked(self._fetched(leaf.region, leaf.at, leaf.size))[: self._count]

    def _fetched(self, region: int, begin: int, size: int) -> NDArray[np.uint8]:
        """Bytes of every tile of a region, [tiles, size]; all at once where they are whole tiles."""
        found, step = np.empty((self._tiles, size), np.uint8), self._plan.sizes[region]
        for tile, into in enumerate([found] if size == step else found):
            self._ask("cuMemcpyDtoHAsync", into.ctypes.data, self._at[region] + tile * step + begin, into.nbytes)
        self._stream.synchronize()
        return found
