"""Chance for what is generated once, before any run: keyed by text, never by the run's seed.

Every generated part of an organisation asks for its own stream by label, so that a change in how ties are drawn
leaves families alone. Only uniforms are taken from numpy (their stream is fixed by numpy's promise); every other
distribution is made from them here, so that an area is the same under every version of numpy.
"""

from __future__ import annotations

import hashlib

import numpy as np

from sim.organisation.organisation import Floats, Ints


class Chance:
    """A stream of uniforms fixed by a key.

    Args:
        key: anything that names what is generated (a digest, settings as text).
    """

    def __init__(self, key: str) -> None:
        self._key = key
        number = int.from_bytes(hashlib.sha256(key.encode("utf-8")).digest(), "little")
        self._generator = np.random.Generator(np.random.PCG64(number))

    def stream(self, label: str) -> Chance:
        """An independent stream for one part of the work."""
        return Chance(f"{self._key}\x1f{label}")

    def uniform(self, count: int) -> Floats:
        """Uniforms in [0, 1), shape (count,)."""
        return self._generator.random(count)

    def below(self, limits: Ints) -> Ints:
        """Whole numbers from 0 up to, and without, each limit (limits of at least 1), shape as given."""
        picked = (self.uniform(len(limits)) * limits).astype(np.int32)
        capped: Ints = np.minimum(picked, limits - 1).astype(np.int32)
        return capped

    def normal(self, count: int) -> Floats:
        """Standard normal numbers, shape (count,)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(count)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(count)))

    def exponential(self, count: int) -> Floats:
        """Exponential numbers of mean 1, shape (count,)."""
        return np.asarray(-np.log1p(-self.uniform(count)))


def apportion(total: int, weights: Floats, least: Ints | int = 0) -> Ints:
    """Share out a whole number in proportion to weights (largest remainders), each share at least `least`.

    Args:
        total: what is shared out, at least the sum of `least`.
        weights: not negative, shape (n,), n >= 1.
        least: smallest share, one number or shape (n,).

    Returns:
        Whole numbers that sum to `total`, shape (n,).
    """
    floor = np.broadcast_to(np.asarray(least, dtype=np.int64), weights.shape)
    even = np.full(weights.shape, 1.0 / len(weights))
    part = weights / weights.sum() if weights.sum() > 0 else even
    ideal = floor + part * (total - int(floor.sum()))
    shares = np.floor(ideal).astype(np.int64)
    order = np.argsort(shares - ideal, kind="stable")
    shares[order[: total - int(shares.sum())]] += 1
    whole: Ints = shares.astype(np.int32)
    return whole
