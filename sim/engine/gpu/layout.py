"""Where a replicate's world lies on a GPU.

A GPU's threads step together in groups of 32, so 32 replicates (lanes) lie in one tile, and what stands at the same
place of each of them lies side by side: their threads then read one piece of memory, not 32. An array is cut into words
as wide as its widest number, and each word is followed by the same word of the other lanes. A record keeps its names
and gets spread offsets, so `sites[i].barrier` compiles unchanged, and no column is named here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LANES = 32
"""Replicates of a tile: the threads that step together on every GPU that numba-cuda knows."""

Array = NDArray[Any]


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
    parts, places = zip(*(field[:2] for field in kind.fields.values()), strict=True)
    if kind.itemsize % word or any(a % word + min(p.itemsize, word) > word for p, a in zip(parts, places, strict=True)):
        raise ValueError(f"{kind}: fields must lie within words of {word} bytes.")
    offsets = [at // word * word * LANES + at % word for at in places]
    names, formats = list(kind.fields), [spread(part, word) for part in parts]
    size = kind.itemsize * LANES
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size, "aligned": True})


@dataclass(frozen=True)
class Tiled:
    """An array that every replicate has for itself.

    Attributes:
        region: of memory, in which tile follows tile.
        at: bytes of a tile before it.
        like: the array of one replicate.
    """

    region: int
    at: int
    like: Array

    @property
    def size(self) -> int:
        """Bytes of all lanes."""
        return LANES * self.like.nbytes

    @property
    def strides(self) -> tuple[int, ...]:
        """From lane to lane, then along the array's own axes."""
        return (word_of(self.like.dtype), *(LANES * step for step in self.like.strides))

    def unpacked(self, found: NDArray[np.uint8]) -> Array:
        """The arrays of all replicates, [tiles * LANES, ...], from their bytes of every tile, [tiles, bytes]."""
        word, replicates = word_of(self.like.dtype), len(found) * LANES
        words = found.view(f"u{word}").reshape(len(found), self.like.nbytes // word, LANES).swapaxes(1, 2)
        return words.reshape(-1).view(self.like.dtype).reshape(replicates, *self.like.shape)


def lay_out(region: int, make: Callable[[], Any]) -> tuple[Any, NDArray[np.uint8]]:
    """Lay out the parts (named tuples of arrays) of one replicate, as `make` makes them, in a region of memory.

    What two of its makes share is read alone (the threads of the CPU engine share it, too), so all lanes share it.

    Returns:
        The same named tuples, with `Tiled` for what every replicate has and shared arrays and numbers as they are; and
        a tile whose lanes all hold what was made.
    """
    begins: dict[int, tuple[int, int]] = {}
    tile = [np.zeros(0, np.uint8)]

    def place(one: Any, other: Any) -> Any:
        if hasattr(one, "_fields"):
            return type(one)(*(place(*pair) for pair in zip(one, other, strict=True)))
        if not isinstance(one, np.ndarray) or _owner(one) is _owner(other):
            return one
        owner, word = _owner(one), word_of(one.dtype)
        if id(owner) not in begins:
            begins[id(owner)] = sum(map(len, tile)), word
            tile.append(np.repeat(np.ascontiguousarray(owner).reshape(-1).view(f"u{word}"), LANES).view(np.uint8))
        begin, width = begins[id(owner)]
        if word != width:
            raise ValueError("arrays that are views of one another must have words of one width.")
        return Tiled(region, begin + LANES * (one.ctypes.data - owner.ctypes.data), one)

    return place(make(), make()), np.concatenate(tile)


def _owner(array: Array) -> Array:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def leaves(parts: Any) -> list[Any]:
    """All leaves of tuples, in order."""
    return [leaf for value in parts for leaf in leaves(value)] if isinstance(parts, tuple) else [parts]
