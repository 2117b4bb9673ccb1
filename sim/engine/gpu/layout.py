"""Where a replicate's world lies on a GPU.

A GPU's threads step together in groups of 32, so 32 replicates (lanes) lie in one tile, and what stands at the same
place of each of them lies side by side: their threads then read one piece of memory, not 32. Columns become columns of
32 values. A record keeps its names and gets spread offsets: it is cut into words as wide as its widest field, and each
word is followed by the same word of the other lanes. So `sites[i].barrier` compiles unchanged, and no column is named
here.

What two worlds of one setup share is read alone (the threads of the CPU engine share it, too), so all lanes share it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

LANES = 32
"""Replicates of a tile: the threads that step together on every GPU that numba-cuda knows."""

Array = NDArray[Any]
Bytes = NDArray[np.uint8]


def word_of(kind: np.dtype[Any]) -> int:
    """Bytes of a kind's widest number: so much of one lane lies together."""
    return kind.itemsize if kind.fields is None else max(word_of(field[0]) for field in kind.fields.values())


def spread(kind: np.dtype[Any], word: int = 0) -> np.dtype[Any]:
    """The same kind as it lies in a tile; `word`: of the record that it is a part of.

    Raises:
        ValueError: a field that would be torn apart.
    """
    if kind.fields is None:
        return kind
    word = word or word_of(kind)
    fields = [(field[0], field[1]) for field in kind.fields.values()]
    # A number lies within one word; a record within a record begins with one.
    torn = (at % word if part.fields else at % word + part.itemsize > word for part, at in fields)
    if kind.itemsize % word or any(torn) or any(at % word_of(part) for part, at in fields):
        raise ValueError(f"{kind}: fields must lie within words of {word} bytes.")
    return np.dtype(
        {
            "names": list(kind.fields),
            "formats": [spread(part, word) for part, _ in fields],
            "offsets": [at // word * word * LANES + at % word for _, at in fields],
            "itemsize": kind.itemsize * LANES,
            "aligned": True,
        }
    )


@dataclass(frozen=True)
class Tiled:
    """An array that every replicate has for itself.

    Attributes:
        at: where its first byte, of lane 0, lies in a tile.
        like: the array of one replicate.
    """

    at: int
    like: Array

    @property
    def word(self) -> int:
        """Bytes that one lane's part of a word takes."""
        return word_of(self.like.dtype)

    @property
    def strides(self) -> tuple[int, ...]:
        """From lane to lane, then along the array's own axes."""
        return (self.word, *(LANES * step for step in self.like.strides))


@dataclass(frozen=True)
class Layout:
    """How parts of a replicate lie in a tile.

    Attributes:
        parts: named tuples as given, with `Tiled` for what every replicate has, arrays that all share, whole numbers.
        size: bytes of a tile.
    """

    parts: Any
    size: int

    def seen(self, leaf: Tiled, tiles: Bytes) -> Array:
        """An array of all replicates, [tiles, LANES, ...], in the memory of tiles, [tiles, size]. Records of a later
        lane reach beyond that memory, none of their fields does.
        """
        first = np.ndarray(leaf.like.shape, spread(leaf.like.dtype), tiles.data, leaf.at, leaf.strides[1:])
        return as_strided(first, (len(tiles), LANES, *leaf.like.shape), (self.size, *leaf.strides))

    def filled(self, parts: Any, tiles: int) -> Bytes:
        """Tiles, [tiles, size], with these parts (arrays as in `parts`, or with axes [tiles, LANES] before)."""
        memory = np.zeros((tiles, self.size), np.uint8)
        for leaf, values in zip(leaves(self.parts), leaves(parts), strict=True):
            if isinstance(leaf, Tiled):
                _put(values, self.seen(leaf, memory))
        return memory


def _put(values: Array, there: Array) -> None:
    """Number by number, as the records of lanes lie within one another."""
    if values.dtype.names is None:
        there[...] = values
    for name in values.dtype.names or ():
        _put(values[name], there[name])


def lay_out(parts: Any, again: Any = None) -> Layout:
    """Lay out the parts (named tuples of arrays) of one replicate.

    Args:
        parts: of one replicate.
        again: of another of the same setup; what both share is not laid out for each. None: nothing is shared.
    """
    begins: dict[int, tuple[int, int]] = {}
    size = 0

    def place(one: Any, other: Any) -> Any:
        nonlocal size
        if not isinstance(one, np.ndarray) or (other is not None and _owner(one) is _owner(other)):
            return one
        owner = _owner(one)
        if id(owner) not in begins:
            begins[id(owner)] = size, word_of(one.dtype)
            size += LANES * owner.nbytes
        begin, word = begins[id(owner)]
        if word_of(one.dtype) != word:
            raise ValueError("arrays that are views of one another must have words of one width.")
        return Tiled(begin + LANES * (one.ctypes.data - owner.ctypes.data), one)

    laid = mapped(place, parts, again)
    return Layout(laid, size)


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def mapped(function: Callable[[Any, Any], Any], one: Any, other: Any = None) -> Any:
    """Named tuples of the same names with `function(leaf, leaf of other)` for every leaf."""
    if not hasattr(one, "_fields"):
        return function(one, other)
    others = [None] * len(one) if other is None else other
    return type(one)(*(mapped(function, *pair) for pair in zip(one, others, strict=True)))


def leaves(parts: Any) -> list[Any]:
    """All leaves of tuples, in order."""
    return [leaf for value in parts for leaf in leaves(value)] if isinstance(parts, tuple) else [parts]
