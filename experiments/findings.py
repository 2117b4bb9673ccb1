"""The figures behind the findings: `python experiments/findings.py FOLDER...` writes experiments/figures.md.

A row a point: means over runs with their 95 % interval (money: medians), spread and paired differences of the first
outcome. The
README's findings use these figures alone; a test compares the two.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.results.intervals import mean_difference, quantile
from sim.results.measures import POUNDS, SHARE, measure_of
from sim.results.words import percent, pounds, signed
from sim.sweeps.folder import Sweep, open_folder
from sim.sweeps.tables import read_runs

PAGE = Path(__file__).with_name("figures.md")
HEAD = """\
# The figures behind the findings

Made by `python experiments/findings.py` from the folders of the sweeps in this folder. Means over runs with their 95 %
interval; money as the median. *Four runs in five*: from the 10th to the 90th percentile of the first outcome. *Against
the value before*: the first outcome, run by run with the same random numbers, everything else equal.
"""


def section(folder: Path) -> Iterator[str]:
    """One sweep's table, or what was discovered in it."""
    sweep = open_folder(folder)
    yield f"## {sweep.design.name}"
    yield ""
    yield f"{sweep.design.question} {len(sweep.points):,} points, {sweep.design.replicates} runs each,"
    yield f"{sweep.months} months; {sampled(sweep)}."
    yield ""
    yield from table(sweep) if sweep.design.kind in ("grid", "list") else discovered(sweep)
    yield ""


def sampled(sweep: Sweep) -> str:
    """Where parameters came from."""
    rows = len(sweep.rows)
    return f"parameters drawn from the calibrated sample ({rows} rows)" if rows else "parameters at their defaults"


def table(sweep: Sweep) -> Iterator[str]:
    """A row for each point and scenario."""
    runs, design = read_runs(sweep), sweep.design
    several = len(design.scenarios) > 1
    heads = [x.words() for x in design.factors] + (["scenario"] if several else [])
    heads += [_named(name) for name in design.outcomes]
    heads.append(f"{_named(design.outcomes[0])}, four runs in five")
    heads += [f"against the value before of {x.words()}" for x in design.factors]
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for scenario in design.scenarios:
        seen: set[tuple[str, ...]] = set()
        before: dict[tuple[int, str], np.ndarray] = {}
        for number, point in enumerate(sweep.points):
            told = [str(x.label(point[x.name])) if not x.only or scenario in x.only else "" for x in design.factors]
            if tuple(told) in seen:
                continue
            seen.add(tuple(told))
            mine = (runs["point"] == number) & (runs["scenario"] == scenario)
            first = np.asarray(runs[design.outcomes[0]][mine], np.float64)
            cells = told + ([scenario] if several else [])
            cells += [_figure(name, runs[name][mine]) for name in design.outcomes]
            low, high = (percent(quantile(first, q)) for q in (0.1, 0.9))
            cells.append(f"{low} to {high} %")
            for position in range(len(told)):
                others = (position, str(told[:position] + told[position + 1 :]))
                cells.append(_difference(design.outcomes[0], first - before[others]) if others in before else "")
                before[others] = first
            yield "| " + " | ".join(cells) + " |"


def discovered(sweep: Sweep) -> Iterator[str]:
    """The spread, its parts, and the sentences that `zones discover` kept beside the sweep."""
    runs = read_runs(sweep)
    for name in sweep.design.outcomes:
        values = np.asarray(runs[name], np.float64)
        low, middle, high = (percent(quantile(values, q)) for q in (0.1, 0.5, 0.9))
        yield f"- {_named(name)}: median {middle} %, {low} to {high} % in four runs in five"
    for path in sorted(sweep.folder.glob("discovery*.json")):
        yield from ("- " + " ".join(line.split()) for line in json.loads(path.read_text())["told"] if line)
    parts = sweep.folder / "sensitivity.csv"
    if parts.is_file():
        rows = [line.split(",") for line in parts.read_text().splitlines() if line.startswith("part: ")]
        yield "- of the spread: " + ", ".join(f"{r[0][6:]} {100 * float(r[2]):.0f} %" for r in rows)


def _named(name: str) -> str:
    headline, _, month = name.partition("@")
    return measure_of(headline).words + (f", month {month}" if month else "")


def _figure(name: str, values: np.ndarray) -> str:
    unit = measure_of(name).unit
    known = np.asarray(values, np.float64)
    if unit == POUNDS:
        middle = quantile(known, 0.5)
        return pounds(middle) if np.isfinite(middle) else "not defined"
    e = mean_difference(known[np.isfinite(known)])
    if not e.pairs:
        return "not defined"
    if unit != SHARE:
        return f"{e.value:.2g} ({e.low:.2g} to {e.high:.2g})"
    return f"{percent(e.value)} % ({percent(max(e.low, 0.0))} to {percent(min(e.high, 1.0))})"


def _difference(name: str, paired: np.ndarray) -> str:
    unit = measure_of(name).unit
    e = mean_difference(paired)
    if not np.isfinite(e.low):
        return "the same" if not e.value else "too few"
    low, value, high = (signed(v, unit) for v in (e.low, e.value, e.high))
    return f"{value} points ({low} to {high})" if e.apart else "cannot be told apart"


if __name__ == "__main__":
    lines = [line for folder in sys.argv[1:] for line in section(Path(folder))]
    PAGE.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
