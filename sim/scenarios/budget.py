"""Yearly limits of cash and staff time, of an area and of single agencies in it: read, described and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from sim.errors import ScenarioError
from sim.organisation.codes import AGENCIES
from sim.problems import Problems
from sim.scenarios.words import listed

UNLIMITED = "no limit"
PAYERS = (*AGENCIES, "external")
"""Who may have a limit of their own, in the order of `Ensemble.cost`."""
MOST = 1e12
WORDS = {"cash": "GBP cash a year", "time": "hours of staff time a year"}
KEYS = (*WORDS, "agency")


@dataclass(frozen=True)
class Means:
    """Limits of each year of a run; the last value goes on, and () is no limit.

    Attributes:
        cash: GBP, by year; `inf` in a year without a limit.
        time: hours of released staff time, by year.
    """

    cash: tuple[float, ...] = ()
    time: tuple[float, ...] = ()

    def in_year(self, what: str, year: int) -> float:
        """The limit of `what` ('cash' or 'time') in a year of the run, counted from 0; `inf` for none."""
        values: tuple[float, ...] = getattr(self, what)
        return values[min(year, len(values) - 1)] if values else inf

    @property
    def limited(self) -> bool:
        """Is anything limited in any year?"""
        return any(isfinite(value) for value in (*self.cash, *self.time))

    def sentences(self, whose: str) -> list[str]:
        """The limits in words, a sentence for cash and one for time."""
        given = {words: getattr(self, what) for what, words in WORDS.items()}
        return [f"{whose}: {_told(values, words)}." for words, values in given.items() if values]

    def table(self) -> dict[str, Any]:
        """The limits as a user writes them."""
        return {what: [_shown(v) for v in getattr(self, what)] for what in WORDS if getattr(self, what)}


@dataclass(frozen=True)
class Budget:
    """Yearly limits of each area; no limit of anything by default.

    Attributes:
        area: of the area as a whole.
        agency: of single agencies in it, by name; external support has one too ('external').
    """

    area: Means = Means()
    agency: Mapping[str, Means] = field(default_factory=dict)

    @property
    def limited(self) -> bool:
        """Is anything limited?"""
        return any(means.limited for means in (self.area, *self.agency.values()))

    def sentences(self) -> list[str]:
        """The limits in words."""
        found = self.area.sentences("Budget of the area")
        for name in PAYERS:
            if name in self.agency:
                found += self.agency[name].sentences(f"Budget of {name.replace('_', ' ')}")
        if self.limited:
            found.append(
                "Once a year's money or time runs short, no zone opens until the next year and training waits. What "
                "goes on from month to month falls in proportion: with cash what costs cash (support from outside, "
                "data, new posts), with time what takes time (teams, coaching, leaders)."
            )
        return found

    def table(self) -> dict[str, Any]:
        """The limits as a user writes them; {} for none."""
        agencies = {name: means.table() for name, means in self.agency.items() if means.table()}
        return {**self.area.table(), **({"agency": agencies} if agencies else {})}

    def changed(self, whose: str, what: str, values: tuple[float, ...]) -> Budget:
        """The same budget with the limits of one thing ('cash' or 'time') set, of the area ('') or of an agency."""
        old = self.agency.get(whose, Means()) if whose else self.area
        new = Means(**{"cash": old.cash, "time": old.time, what: values})
        return Budget(self.area, {**self.agency, whose: new}) if whose else Budget(new, self.agency)


def _told(values: tuple[float, ...], words: str) -> str:
    """Values by year: '60,000 in year 1, 40,000 from year 2 on GBP cash a year'."""
    amounts = [f"{value:,.10g}" if isfinite(value) else UNLIMITED for value in values]
    if len(set(amounts)) == 1:
        return f"{amounts[0]} {words}" if amounts[0] != UNLIMITED else f"no limit of {words}"
    years = [f"{amount} in year {k}" for k, amount in enumerate(amounts[:-1], start=1)]
    return f"{words}: {listed([*years, f'{amounts[-1]} from year {len(amounts)} on'])}"


def _shown(value: float) -> float | str:
    if not isfinite(value):
        return UNLIMITED
    return int(value) if value == int(value) else value


def read_budget(problems: Problems, key: str, value: object) -> Budget:
    """The [budget] table of a scenario file."""
    table = problems.table(key, value)
    problems.known(key, "key", table, KEYS)
    agencies = problems.table(f"{key}.agency", table.get("agency", {}))
    problems.known(f"{key}.agency", "agency", agencies, PAYERS)
    found = {name: _means(problems, f"{key}.agency.{name}", row) for name, row in agencies.items() if name in PAYERS}
    return Budget(_means(problems, key, {k: v for k, v in table.items() if k != "agency"}), found)


def _means(problems: Problems, address: str, value: object) -> Means:
    table = problems.table(address, value)
    if address != "budget":
        problems.known(address, "key", table, WORDS)
    return Means(**{what: _values(problems, f"{address}.{what}", table[what]) for what in WORDS if what in table})


def _values(problems: Problems, address: str, value: object) -> tuple[float, ...]:
    """Limits by year; one number stands for every year."""
    rows = value if isinstance(value, list | tuple) else [value]
    if not rows:
        problems.refuse(address, f'one limit for each year, or "{UNLIMITED}"', value)
    found = [
        inf if row == UNLIMITED else _amount(problems, f"{address}[{i}]" if rows is value else address, row)
        for i, row in enumerate(rows, start=1)
    ]
    return tuple(found)


def _amount(problems: Problems, address: str, value: object) -> float:
    if isinstance(value, str):
        what = "GBP" if ".cash" in address else "hours"
        problems.refuse(address, f'a number of {what} in [0, {MOST:g}], or "{UNLIMITED}"', value)
        return 0.0
    return problems.number(address, value, 0, MOST)


def read_setting(where: str, name: str, text: str) -> tuple[str, str, tuple[float, ...]]:
    """What `budget.cash=60000,40000` or `budget.agency.health.time=900` sets: whose limit, of what, by year.

    Raises:
        ScenarioError: no such agency, no such thing to limit, or a value that is not allowed.
    """
    from sim.strict import number_of

    parts = name.split(".")[1:]
    whose = parts[1] if len(parts) == 3 and parts[0] == "agency" else ""
    what = parts[-1] if parts else ""
    if what not in WORDS or len(parts) not in (1, 3) or (len(parts) == 3 and whose not in PAYERS):
        raise ScenarioError(
            f"{where}: write budget.cash or budget.time, or budget.agency.NAME.cash or .time with NAME one of "
            f"{', '.join(PAYERS)}; got '{name}'."
        )
    problems = Problems(where)
    given = [part.strip() for part in text.split(",")]
    values = _values(problems, name, [part if part == UNLIMITED else _number(number_of(part), part) for part in given])
    problems.stop()
    return whose, what, values


def _number(found: object, text: str) -> object:
    return text if found is None else found
