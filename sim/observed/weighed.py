"""Runs together with the data that weigh them: what every later question is asked of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.observed.bank import Bank
from sim.observed.likelihood import total_log_likelihood
from sim.observed.reports import Datum
from sim.observed.weighing import Weights, to_weigh, weigh

Floats = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)
"""The band that is shown: eight runs in ten, and the middle."""


@dataclass(frozen=True)
class Weighed:
    """R runs and what was seen.

    Attributes:
        bank: the runs.
        errors: uncertainties that are the error of an observation, by name [R].
        data: all that was seen.
        weights: of the runs.
    """

    bank: Bank
    errors: dict[str, Floats]
    data: tuple[Datum, ...]
    weights: Weights

    @cached_property
    def alike(self) -> Floats:
        """Weights before anything was seen [R]."""
        return np.full(self.bank.runs, 1.0 / self.bank.runs)

    @property
    def truths(self) -> Callable[[Datum], tuple[Floats, Floats]]:
        """A datum to each run's own value and error."""
        return self.bank.truths(self.errors)

    @property
    def last(self) -> int:
        """The last month with data."""
        return max(d.month for d in self.data)

    @property
    def used(self) -> tuple[Datum, ...]:
        """The data that runs were weighed by."""
        return to_weigh(self.data)


def weighed(bank: Bank, errors: dict[str, Floats], data: tuple[Datum, ...]) -> Weighed:
    """Weigh runs by data."""
    errors = {name: values[: bank.runs] for name, values in errors.items()}
    total = total_log_likelihood(to_weigh(data), bank.truths(errors), bank.runs)
    return Weighed(bank, errors, data, weigh(total))
