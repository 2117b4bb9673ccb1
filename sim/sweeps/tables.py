"""What a sweep's folder holds for readers: one row for each run, summaries a point, and a dictionary of every column.

The same runs give the same bytes, whatever ran them, in whatever order and however often they were interrupted.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.atomic import write_whole
from sim.counts import counted
from sim.csv_writer import Writer
from sim.results import unnamed
from sim.results.compare import finite
from sim.results.intervals import mean_difference, quantile
from sim.results.measures import measure_of
from sim.sweeps import schedule, stopping
from sim.sweeps.folder import POINTS, Sweep
from sim.sweeps.runs import Row
from sim.sweeps.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

RUNS, SUMMARY, DIFFERENCES, FAILURES, DICTIONARY = (
    "runs.parquet", "summary.csv", "differences.csv", "not_run.csv", "data-dictionary.md",
)  # fmt: skip
SUMMARY_COLUMNS = {
    "point": "number of the point, from 0",
    "scenario": "scenario of the design",
    "outcome": "headline, `id` or `id@month`",
    "unit": "its unit",
    "runs": "runs with a value",
    "mean": "their mean",
    "low": "lower end of the mean's 95 % interval (Student's t)",
    "high": "upper end",
    "median": "median of runs (for months, runs beyond the horizon count as later than any)",
    "p10": "a tenth of runs lie below",
    "p90": "nine tenths lie below",
    "beyond_horizon": "share of runs in which the horizon hides the answer",
    "undefined": "share of runs in which there is nothing to divide by",
    "not_run": "runs that ended in an error",
}
DIFFERENCE_COLUMNS = {
    "point": "number of the point, from 0",
    "scenario": "the design's first scenario",
    "against": "what it is compared with, run by run with common random numbers",
    "outcome": "headline, `id` or `id@month`",
    "unit": "its unit",
    "pairs": "pairs with a value on both sides",
    "estimate": "mean (shares, counts) or median (months, pounds) of the paired differences",
    "difference": "scenario minus against; empty where not known",
    "low": "lower end of its 95 % interval",
    "high": "upper end",
}


def write_tables(sweep: Sweep, store: Store) -> None:
    """Write every table from what is there, each whole or not at all."""
    rows = store.rows
    wants = schedule.replay_wants(sweep, rows)
    write_whole(sweep.folder / RUNS, _parquet(runs_table(sweep, rows)))
    write_whole(sweep.folder / POINTS, _csv(["point", *_columns(sweep)], _points(sweep)))
    names = _columns(sweep)
    summary = [*list(SUMMARY_COLUMNS)[:1], *names, *list(SUMMARY_COLUMNS)[1:]]
    write_whole(sweep.folder / SUMMARY, _csv(summary, _summary(sweep, rows, wants)))
    if len(sweep.design.scenarios) > 1:
        head = [*list(DIFFERENCE_COLUMNS)[:1], *names, *list(DIFFERENCE_COLUMNS)[1:]]
        write_whole(sweep.folder / DIFFERENCES, _csv(head, _differences(sweep, rows, wants)))
    head = ["point", *names, "scenario", "replicate", "key", "error"]
    write_whole(sweep.folder / FAILURES, _csv(head, _failures(sweep, rows)))
    write_whole(sweep.folder / DICTIONARY, dictionary(sweep).encode())


def runs_table(sweep: Sweep, rows: Mapping[str, Row]) -> pa.Table:
    """The merged table: a row for each run, sorted by point, scenario and replicate."""
    import pyarrow as pa

    there = [(p, a, r, rows[k]) for p, a, r, k in schedule.expected(sweep, rows) if k in rows]
    columns: dict[str, Any] = {"point": pa.array([p for p, *_ in there], pa.int64())}
    for x in sweep.design.factors:
        values = [sweep.points[p][x.name] for p, *_ in there]
        numbers = x.is_number
        columns[x.column] = pa.array(
            [float(v) if numbers else str(x.label(v)) for v in values],  # type: ignore[misc]
            pa.float64() if numbers else pa.string(),
        )
    columns["scenario"] = pa.array([sweep.design.scenarios[a] for _, a, *_ in there], pa.string())
    columns["replicate"] = pa.array([r for _, _, r, _ in there], pa.int64())
    columns["draw"] = pa.array([row.draw for *_, row in there], pa.int64())
    for i, name in enumerate(sweep.design.outcomes):
        figures = [None if math.isnan(row.values[i]) else row.values[i] for *_, row in there]
        columns[name] = pa.array(figures, pa.float64())
    columns["error"] = pa.array([row.error or None for *_, row in there], pa.string())
    columns["key"] = pa.array([row.key for *_, row in there], pa.string())
    return pa.table(columns)


def _columns(sweep: Sweep) -> list[str]:
    return [x.column for x in sweep.design.factors]


def _told(sweep: Sweep, point: Mapping[str, Any]) -> list[Any]:
    return [x.label(point[x.name]) for x in sweep.design.factors]


def _points(sweep: Sweep) -> Iterator[Sequence[Any]]:
    for number, point in enumerate(sweep.points):
        yield (number, *_told(sweep, point))


def _summary(sweep: Sweep, rows: Mapping[str, Row], wants: Sequence[int]) -> Iterator[Sequence[Any]]:
    for number, point in enumerate(sweep.points):
        factors = _told(sweep, point)
        for arm, scenario in enumerate(sweep.design.scenarios):
            unit = sweep.units[sweep.arms[number][arm]]
            keys = (sweep.key(unit, r) for r in range(wants[number]))
            mine = [rows[k] for k in keys if k in rows]
            for i, outcome in enumerate(sweep.design.outcomes):
                yield (number, *factors, scenario, outcome, *_figures(mine, i, outcome))


def _figures(rows: Sequence[Row], column: int, outcome: str) -> Iterator[Any]:
    unit = measure_of(outcome).unit
    values = np.array([r.values[column] for r in rows if not r.error], np.float64)
    beyond, undefined = np.isinf(values), np.isnan(values)
    shown = values if unit == "months" else values[~beyond]
    mean = mean_difference(values)
    yield unit
    yield mean.pairs
    for figure in (mean.value, mean.low, mean.high, *(quantile(shown, q) for q in (0.5, 0.1, 0.9))):
        yield _short(figure)
    for flags in (beyond, undefined):
        yield _short(float(flags.mean()) if len(flags) else math.nan)
    yield sum(1 for r in rows if r.error)


def _differences(sweep: Sweep, rows: Mapping[str, Row], wants: Sequence[int]) -> Iterator[Sequence[Any]]:
    design = sweep.design
    for number, point in enumerate(sweep.points):
        factors = _told(sweep, point)
        for other in range(1, len(design.scenarios)):
            for outcome in design.outcomes:
                a, b = schedule.pair(sweep, rows, schedule.Seen(number, wants[number], outcome), other)
                e = stopping.estimate(outcome, a, b)
                unit = measure_of(outcome).unit
                pair = (design.scenarios[0], design.scenarios[other], outcome, unit)
                yield (number, *factors, *pair, e.pairs, e.kind, _short(e.value), _short(e.low), _short(e.high))


def _failures(sweep: Sweep, rows: Mapping[str, Row]) -> Iterator[Sequence[Any]]:
    for number, arm, replicate, key in schedule.expected(sweep, rows):
        if key in rows and rows[key].error:
            factors = _told(sweep, sweep.points[number])
            yield (number, *factors, sweep.design.scenarios[arm], replicate, key, rows[key].error)


def _short(value: float) -> float | str:
    number = finite(value)
    return "" if number is None else float(f"{number:.10g}")


def _csv(header: Sequence[str], rows: Iterator[Sequence[Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = Writer(stream)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=["scenario", "error"])
    return sink.getvalue()


def dictionary(sweep: Sweep) -> str:
    """What every file and column of the folder means, as Markdown."""
    design = sweep.design
    lines = [f"# Data dictionary: {design.name}", "", design.question, ""]
    lines += ["| file | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in _FILES.items()]
    lines += ["", "## Factors", "", "| column | what | unit | values |", "|---|---|---|---|"]
    for x in design.factors:
        values = ", ".join(str(x.label(v)) for v in x.values) or f"{x.low:g} to {x.high:g}"
        whose = f" (only {', '.join(x.only)})" if x.only else ""
        lines.append(f"| `{x.column}` | {x.words()}{whose} | {x.unit()} | {values} |")
    plans = _own_plans(sweep)
    if plans:
        lines += ["", "## Plans", "", "| scenario | its title |", "|---|---|"]
        lines += [f"| `{name}` | {title} |" for name, title in plans.items()]
    lines += ["", "## runs.parquet", "", "| column | what |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in _RUN_COLUMNS.items()]
    lines += ["", "Outcomes, a column each; null: nothing to divide by or not run; infinite: beyond the horizon.", ""]
    lines += ["| column | what | unit | cohort |", "|---|---|---|---|"]
    for name in design.outcomes:
        h = measure_of(name)
        lines.append(f"| `{name}` | {h.words} | {h.unit} | {h.cohort} |")
    for title, columns in ((SUMMARY, SUMMARY_COLUMNS), (DIFFERENCES, DIFFERENCE_COLUMNS)):
        lines += ["", f"## {title}", "", "| column | what |", "|---|---|"]
        lines += [f"| `{name}` | {words} |" for name, words in columns.items()]
    lines += [
        "",
        f"Seed {design.seed}; a replicate has the same random numbers at every point (common random numbers).",
        "",
    ]
    if sweep.rows:
        lines += [
            f"`draw` is a row of `sample.csv` ({counted(len(sweep.rows), 'row')}, from 0), alike at every point.",
            "",
        ]
    return "\n".join(lines)


def _own_plans(sweep: Sweep) -> dict[str, str]:
    """Scenarios from files: title by number."""
    own = unnamed.PLAN.format("")
    return {name: plan.get("title", "") for name, plan in sweep.manifest["scenarios"].items() if name.startswith(own)}


_FILES = {
    RUNS: "one row for each run: pandas.read_parquet, or DuckDB: SELECT * FROM 'runs.parquet'",
    SUMMARY: "a row for each point, scenario and outcome; opens in Excel",
    DIFFERENCES: "with several scenarios: paired differences at every point",
    POINTS: "the factors' values at every point",
    FAILURES: "runs that ended in an error, with their keys",
    "sweep.json": "what was asked: design, scenarios in full, areas, versions",
    "parts/": "the runs as they were written; never changed, never overwritten",
    "replay-only/": "the areas, so that resuming needs nothing else; leave it out when you hand the sweep on",
}
_RUN_COLUMNS = {
    "point": "number of the point, from 0; then a column for each factor",
    "scenario": "scenario of the design",
    "replicate": "number of the replicate, from 0: the same number has the same random numbers at every point",
    "draw": "row of the parameter sample, -1: parameters at their defaults",
    "error": "what went wrong, null where nothing did",
    "key": "the run's content-addressed key: scenario, area, model, seed, replicate and parameter row",
}


def read_runs(sweep: Sweep) -> dict[str, Any]:
    """The merged table's columns as numpy arrays.

    Raises:
        FileNotFoundError: the sweep has no table yet.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(sweep.folder / RUNS)
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}
