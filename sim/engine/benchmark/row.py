"""A row of the table, and how time is taken: medians of rounds that alternate, so a busy machine slows all equally."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from math import isnan
from typing import Any, NamedTuple

Task = Callable[[], Any]


class Row(NamedTuple):
    """One measure.

    Attributes:
        measure: what was measured.
        asked: the figure to reach; NaN where the row is for information.
        measured: the figure found; NaN where it could not be measured here.
        unit: of both.
        most: True: at most `asked`; False: at least.
        note: how it was found, or why not.
    """

    measure: str
    asked: float
    measured: float
    unit: str
    most: bool = True
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Was it reached? None where nothing was asked or measured."""
        if isnan(self.asked) or isnan(self.measured):
            return None
        return self.measured <= self.asked if self.most else self.measured >= self.asked

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: a figure that is missing is null."""
        figures = {"asked": self.asked, "measured": self.measured}
        told = {name: None if isnan(value) else value for name, value in figures.items()}
        return {"measure": self.measure, **told, "unit": self.unit, "at": "most" if self.most else "least",
                "met": self.met, "note": self.note}  # fmt: skip


def seconds(task: Task) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def processor_seconds(task: Task) -> float:
    """Processor time of one call, all threads together: other work on the machine disturbs it less than wall time."""
    start = time.process_time()
    task()
    return time.process_time() - start


def medians(tasks: Sequence[Task], rounds: int, timed: Callable[[Task], float] = seconds) -> list[float]:
    """Median seconds of each task over rounds in which all take their turn; wall time unless `timed` says otherwise."""
    taken = [[timed(task) for task in tasks] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]
