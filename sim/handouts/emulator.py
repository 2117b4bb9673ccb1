"""A formula in place of the model: how far levers shift what was run, fitted to runs paired with the plan's own.

What each lever does alone is read between the values at which it was run; what levers do together is a Gaussian process
on what is left. At the plan's own values the shift is exactly none, so that the formula gives what was run there. It is
small enough for a few lines in a browser (`answers.js`), which take the same steps as `Emulator.shift`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DIGITS = 8
"""Significant figures that the formula's numbers keep, in the file and here alike."""
LEAST_SPREAD = 1e-9
EVEN = 0.15
"""How far a lever's own scale is stretched where it moves nothing, against where it moves most."""


@dataclass(frozen=True)
class Alone:
    """One lever alone.

    Attributes:
        knots: [K], shares of its range at which it was run, from 0 to 1, the plan's own among them.
        shifts: [K, P], how far each number moved there.
        scale: [K], the knots on a scale from 0 to 1 along which the outcome moves evenly.
    """

    knots: Array
    shifts: Array
    scale: Array

    @classmethod
    def of(cls, knots: Sequence[float], shifts: Array, leading: int) -> Alone:
        """From runs at knots; the scale follows the number at `leading`."""
        at = np.asarray(knots, np.float64)
        steps = np.abs(np.diff(shifts[:, leading])) + EVEN * np.diff(at)
        scale = np.concatenate([[0.0], np.cumsum(steps)])
        return cls(rounded(at), rounded(shifts), rounded(scale / scale[-1]))

    def shift(self, share: float) -> Array:
        """How far the lever alone moves every number [P]."""
        k, part = self._between(share)
        found: Array = self.shifts[k] + part * (self.shifts[k + 1] - self.shifts[k])
        return found

    def scaled(self, share: float) -> float:
        """A share of the range on the lever's own scale."""
        k, part = self._between(share)
        return float(self.scale[k] + part * (self.scale[k + 1] - self.scale[k]))

    def _between(self, share: float) -> tuple[int, float]:
        k = int(np.clip(np.searchsorted(self.knots, share, side="right") - 1, 0, len(self.knots) - 2))
        return k, float((share - self.knots[k]) / (self.knots[k + 1] - self.knots[k]))


@dataclass(frozen=True)
class Emulator:
    """Shifts of P numbers by D levers.

    Attributes:
        alone: [D], each lever by itself.
        centres: [N, D], points that were run, each lever on its own scale.
        lengths: [D], over which what levers do together changes.
        weights: [N, P].
        origin: [D], the plan's own values as shares of the ranges.
    """

    alone: tuple[Alone, ...]
    centres: Array
    lengths: Array
    weights: Array
    origin: Array

    def shift(self, x: Array) -> Array:
        """How far levers at shares x [D] of their ranges move every number [P] from the plan's own."""
        single = [one.shift(share) - one.shift(at) for one, share, at in zip(self.alone, x, self.origin, strict=True)]
        found: Array = np.sum(single, axis=0) + self._together(x) - self._together(self.origin)
        return found

    def _together(self, x: Array) -> Array:
        apart = (_scaled(self.alone, x) - self.centres) / self.lengths
        found: Array = np.exp(-0.5 * (apart**2).sum(axis=1)) @ self.weights
        return found

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe; the browser reads it."""
        parts = {name: getattr(self, name).tolist() for name in ("centres", "lengths", "weights", "origin")}
        alone = [{n: getattr(one, n).tolist() for n in ("knots", "shifts", "scale")} for one in self.alone]
        return {"alone": alone, **parts}


def fit(alone: Sequence[Alone], points: Array, shifts: Array, origin: Array) -> Emulator:
    """Fit what levers do together.

    Args:
        alone: each lever by itself.
        points: [N, D], levers as shares of their ranges.
        shifts: [N, P], by how much each number moved there, paired with the plan's own runs.
        origin: [D], the plan's own values, where nothing moves.

    Returns:
        The emulator; its process has a squared-exponential kernel, a length for each lever and the noise by maximum
        likelihood over all numbers together (scikit-learn). Where one lever moves alone nothing is left for it.
    """
    single = np.array([np.sum([one.shift(s) for one, s in zip(alone, x, strict=True)], axis=0) for x in points])
    axes = np.array([np.where(np.arange(len(alone)) == k, s, origin) for k, one in enumerate(alone) for s in one.knots])
    x = np.array([_scaled(alone, point) for point in np.vstack([points, axes])])
    y = np.vstack([shifts - single, np.zeros((len(axes), shifts.shape[1]))])
    spread = np.maximum(y.std(axis=0), LEAST_SPREAD)
    lengths, amplitude, weights = _process(x, y / spread)
    return Emulator(tuple(alone), rounded(x), rounded(lengths), rounded(amplitude * weights * spread), rounded(origin))


def _process(x: Array, y: Array) -> tuple[Array, float, Array]:
    """A Gaussian process of numbers y [N, P] at x [N, D]: lengths [D], amplitude, weights [N, P]."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    lengths = RBF(np.ones(x.shape[1]), (0.2, 30.0))
    kernel = ConstantKernel(5.0, (0.1, 100.0)) * lengths + WhiteKernel(0.05, (1e-4, 1.0))
    process = GaussianProcessRegressor(kernel, random_state=0)
    with warnings.catch_warnings():
        # A length at the end of its bounds is a lever that matters little, or a curve that is nearly straight.
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(x, y)
    found = process.kernel_.k1
    return np.atleast_1d(found.k2.length_scale), float(found.k1.constant_value), process.alpha_.reshape(len(x), -1)


def _scaled(alone: Sequence[Alone], x: Array) -> Array:
    return np.array([one.scaled(share) for one, share in zip(alone, x, strict=True)])


def rounded(values: Any) -> Array:
    """Values at DIGITS significant figures."""
    return np.array([float(f"{v:.{DIGITS}g}") for v in np.ravel(values)]).reshape(np.shape(values))
