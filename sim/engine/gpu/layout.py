"""Where a replicate's world lies on a GPU.

A GPU's threads step together in groups of 32, so 32 replicates (lanes) lie in one tile, and what stands at the same
place of each of them lies side by side: their threads then read one piece of memory, not 32. Columns become columns of
32 values. A record keeps its names and gets spread offsets: it is cut into words as wide as its widest field, and each
word is followed by the same word of the other lanes. So `sites[i].barrier` compiles unchanged, and no column is named
here.

What two worlds of one setup share is read alone (the threads of the CPU engine share it, too), so all lanes share it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

LANES = 32
"""Replicates of a tile: the threads that step together on every GPU that numba-cuda knows."""

Bytes = NDArray[np.uint8]


def word_of(kind: np.dtype[Any]) -> int:
    """Bytes of a kind's widest number: so much of one lane lies together."""
    if kind.fields is None:
        return kind.itemsize
    return max(word_of(field[0]) for field in kind.fields.values())


def moved(at: int, word: int) -> int:
    """Where the byte at `at` of one replicate lies in a tile, for lane 0."""
    return at // word * word * LANES + at % word


def spread(kind: np.dtype[Any], word: int = 0) -> np.dtype[Any]:
    """The same kind as it lies in a tile; `word`: of the record that it is a part of.

    Raises:
        ValueError: a field that would be torn apart.
    """
    if kind.fields is None:
        return kind
    word = word or word_of(kind)
    inner = [(field[0], field[1]) for field in kind.fields.values()]
    if kind.itemsize % word or any(at % min(word, word_of(part)) or _torn(part, at, word) for part, at in inner):
        raise ValueError(f"{kind}: fields must lie within words of {word} bytes.")
    return np.dtype(
        {
            "names": list(kind.fields),
            "formats": [spread(part, word) for part, _ in inner],
            "offsets": [moved(at, word) for _, at in inner],
            "itemsize": kind.itemsize * LANES,
            "aligned": True,
        }
    )


def _torn(part: np.dtype[Any], at: int, word: int) -> bool:
    return bool(at % word) if part.fields is not None else at % word + part.itemsize > word


@dataclass(frozen=True)
class Tiled:
    """An array that every replicate has for itself.

    Attributes:
        block: number of the piece of memory that it lies in (arrays that are views of one another share one).
        start: of its first byte in that piece, of one replicate.
        like: the array of one replicate.
    """

    block: int
    start: int
    like: NDArray[Any]

    @property
    def word(self) -> int:
        """Bytes that one lane's part of a word takes."""
        return word_of(self.like.dtype)

    @property
    def strides(self) -> tuple[int, ...]:
        """From lane to lane, then along the array's own axes."""
        return (self.word, *(LANES * step for step in self.like.strides))

    def of(self, tile: Bytes) -> NDArray[Any]:
        """The array of all lanes, [LANES, ...], in the bytes of one tile's piece. Records of a later lane reach beyond
        the piece, none of their fields does.
        """
        first = np.ndarray(self.like.shape, spread(self.like.dtype), tile.data, LANES * self.start, self.strides[1:])
        return as_strided(first, (LANES, *self.like.shape), self.strides)


@dataclass(frozen=True)
class Layout:
    """How parts of a replicate lie on a device.

    Attributes:
        parts: named tuples as given, with `Tiled` for what every replicate has, arrays that all share, whole numbers.
        blocks: the pieces of memory of one replicate, as they are when it begins (uint8, each).
        words: width of the words of each piece.
    """

    parts: Any
    blocks: tuple[Bytes, ...]
    words: tuple[int, ...]

    @cached_property
    def starts(self) -> list[int]:
        """Where each piece begins in a tile, and where the tile ends."""
        return [0, *np.cumsum([LANES * block.nbytes for block in self.blocks]).tolist()]

    def piece(self, block: int) -> slice:
        """Where a piece lies in a tile."""
        return slice(*self.starts[block : block + 2])

    def first_byte(self, leaf: Tiled) -> int:
        """Where an array of lane 0 begins in a tile."""
        return self.starts[leaf.block] + LANES * leaf.start

    def woven(self, rows: Sequence[Bytes]) -> Bytes:
        """Tiles, [tiles, bytes], from the pieces of replicates, [R, bytes of a piece] each."""
        return np.concatenate([woven(*given) for given in zip(rows, self.words, strict=True)], axis=1)

    def arguments(self, leaf: Tiled, tiles: int, at: int) -> list[int]:
        """What numba takes for an array of all lanes of `tiles` tiles, the first of which begins at `at`."""
        shape, strides = (tiles, LANES, *leaf.like.shape), (self.starts[-1], *leaf.strides)
        return described(at + self.first_byte(leaf), shape, strides, spread(leaf.like.dtype).itemsize)


def lay_out(parts: Any, again: Any = None) -> Layout:
    """Lay out the parts (named tuples of arrays) of one replicate.

    Args:
        parts: of one replicate.
        again: of another of the same setup; what both share is not laid out for each. None: nothing is shared.
    """
    owners: dict[int, int] = {}
    arrays: list[NDArray[Any]] = []

    def place(one: Any, other: Any) -> Any:
        if not isinstance(one, np.ndarray) or (other is not None and _owner(one) is _owner(other)):
            return one
        owner = _owner(one)
        if id(owner) not in owners:
            owners[id(owner)] = len(arrays)
            arrays.append(owner)
        return Tiled(owners[id(owner)], one.ctypes.data - owner.ctypes.data, one)

    laid = mapped(place, parts, again)
    found = leaves(laid)
    words = [{leaf.word for leaf in found if isinstance(leaf, Tiled) and leaf.block == b} for b in range(len(arrays))]
    if any(len(widths) != 1 for widths in words):
        raise ValueError("arrays that are views of one another must have words of one width.")
    blocks = tuple(np.ascontiguousarray(array).reshape(-1).view(np.uint8) for array in arrays)
    return Layout(laid, blocks, tuple(widths.pop() for widths in words))


def mapped(function: Callable[[Any, Any], Any], one: Any, other: Any = None) -> Any:
    """Named tuples of the same names with `function(leaf, leaf of other)` for every leaf."""
    if not hasattr(one, "_fields"):
        return function(one, other)
    return type(one)(
        *(
            mapped(function, value, None if other is None else getattr(other, name))
            for name, value in one._asdict().items()
        )
    )


def leaves(parts: Any) -> list[Any]:
    """All leaves of named tuples, in order."""
    return [leaf for value in parts for leaf in leaves(value)] if isinstance(parts, tuple) else [parts]


def described(start: int, shape: tuple[int, ...], strides: tuple[int, ...], itemsize: int) -> list[int]:
    """An array as numba takes it: two owners (none), size, bytes of an element, address, shape, strides."""
    return [0, 0, int(np.prod(shape)), itemsize, start, *shape, *strides]


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def woven(rows: Bytes, word: int) -> Bytes:
    """The memory of replicates, [R, bytes], lane beside lane: [tiles, bytes of a tile]; R is a multiple of LANES."""
    tiles, size = len(rows) // LANES, rows.shape[1]
    return np.ascontiguousarray(rows.reshape(tiles, LANES, size // word, word).swapaxes(1, 2)).reshape(tiles, -1)
