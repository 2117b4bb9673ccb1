"""What a place may be like before it has reported: the calibrated sample, widened by what differs from place to place.

A row is made from its number alone, so that a run can be made again from seed and number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np

from sim.engine.draws import row_of
from sim.parameters import UNCERTAINTIES
from sim.posterior import Row

VARIED = (
    "readiness_mean",
    "barrier_mean",
    "commitment_mean",
    "capacity_growth",
    "start_support",
    "turnover_education",
    "turnover_care",
)
"""What differs from place to place: readiness, barriers, leaders' baseline, growth of capacity, how readily people
begin when supported, and staff turnover."""
WIDTH = 0.25
"""How far a place may lie from the calibrated value, as a part of the plausible range; near values are likelier."""
ROWS = 2**20


class Widened(Sequence[Row]):
    """Rows of the calibrated sample, each with what differs from place to place moved (triangular, within range).

    Attributes:
        varied: names of what is moved.
    """

    def __init__(self, rows: Sequence[Row], seed: int, fixed: Sequence[str] = ()) -> None:
        """Begin.

        Args:
            rows: the calibrated sample; () for defaults.
            seed: of the moves.
            fixed: names that the scenario sets by hand, and that stay.
        """
        self._rows = tuple(rows)
        self._seed = seed
        self.varied = tuple(n for n in VARIED if n in UNCERTAINTIES and n not in fixed)

    def __len__(self) -> int:
        return ROWS

    def of_run(self, seed: int, run: int) -> Row:
        """The row that a run uses, by the seed of the runs and its number among them."""
        return self[row_of(seed, run, ROWS)]

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        """One row, or some."""
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(ROWS))]
        dice = np.random.Generator(np.random.Philox(key=[self._seed, at]))
        row = dict(self._rows[int(dice.integers(len(self._rows)))]) if self._rows else {}
        for name in self.varied:
            about = UNCERTAINTIES[name]
            low, high = about.about.low, about.about.high
            half = WIDTH * (high - low)
            value = row.get(name, about.default) + float(dice.triangular(-half, 0.0, half))
            # Turned back at the ends of the range, so that no value is piled up there.
            value = 2 * low - value if value < low else 2 * high - value if value > high else value
            row[name] = min(max(value, low), high)
        return row
