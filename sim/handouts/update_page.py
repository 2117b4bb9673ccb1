"""One page on what an area has observed: on course or not, the forecast before and after, what to look at next."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.handouts import drawing
from sim.handouts.page import DOUBTS, Figure, Page, Timeline
from sim.handouts.table import Table
from sim.observed.findings import Findings
from sim.observed.folder import Work, question_of, read_manifest
from sim.observed.forecast import FORECAST, Band
from sim.observed.observables import BY_NAME
from sim.observed.words import FITS, FORECASTS, NEXT, STANDS, SURE, amount, band_words, blocks, head
from sim.results import fan
from sim.results.columns import ALL
from sim.results.unnamed import PLACE
from sim.version import version

TITLE = "Are we on course?"
LEAD = "at_fidelity"
NAMES = ("Expected now", "Expected before")
FIRST_LINES = 3
DECISION = ("We go on, or we change this", "Who will do it, and by when", "What we report next, and when")
DOUBT = "A forecast is what the model gives if the plan continues as it is. It is neither a promise nor a target."


def page_of(folder: Path, threads: int | None = None) -> Page:
    """The page of an update's folder; its runs are made again, and give what the folder says.

    Raises:
        ResultError: something in the folder is missing or was changed.
    """
    read_manifest(folder)
    question, organisation = question_of(folder, threads)
    return of_findings(Findings(question, Work(question).done(), organisation), f"zones brief {folder.name}")


def of_findings(found: Findings, command: str) -> Page:
    """The page of an update."""
    told = _blocks(found)
    lead = next((n for n in (LEAD, *FORECAST) if _bands(found, n)), "")
    standing = told.get(STANDS, ["Nothing has been observed yet."])
    return Page(
        title=TITLE,
        place=head(found, PLACE),
        finding=(*standing[:FIRST_LINES],),
        chart=_chart(found, lead),
        chart_title=f"{BY_NAME[lead].entry.title}, expected now and before" if lead else "No forecast",
        chart_words=" ".join(told.get(FORECASTS, [])),
        timelines=_plan(found),
        years=found.found.bank.months / 12,
        figures=tuple(_figure(found, name) for name in FORECAST if _bands(found, name))[:4],
        doubts=_doubts(told),
        decision=DECISION,
        tables=tuple(Table(title, (title,), tuple((line,) for line in block)) for title, block in told.items()),
        command=command,
        foot=f"{found.found.bank.runs:,} simulated runs, weighed by what was seen. Model version {version()}. "
        "Nothing of a single site is shown.",
    )


def _blocks(found: Findings) -> dict[str, list[str]]:
    return {title: [line.strip() for line in block] for title, block in blocks(found).items()}


def _bands(found: Findings, name: str) -> list[Band]:
    mine = [b for b in found.bands if b.measure == name and b.zone == ALL]
    return mine if any(np.isfinite(b.after[1]) for b in mine) else []


def _chart(found: Findings, name: str) -> str:
    mine = _bands(found, name)
    if not mine:
        return ""
    curves = [np.array([getattr(b, when) for b in mine], np.float64).T for when in ("after", "before")]
    drawn = [fan.Band(label, c[0], c[0], c[1], c[2], c[2]) for label, c in zip(NAMES, curves, strict=True)]
    return drawing.of_bands(drawn, drawing.TALLEST)


def _figure(found: Findings, name: str) -> Figure:
    last = _bands(found, name)[-1]
    before = f"Before: {band_words(name, last.before)}" if np.isfinite(last.before[1]) else "Before: no value"
    after = amount(name, last.after[1]) if np.isnan(last.after[0]) else band_words(name, last.after)
    return Figure(f"{BY_NAME[name].entry.title}, month {last.month}", after, (before,))


def _plan(found: Findings) -> tuple[Timeline, ...]:
    gates = _blocks(found).get(NEXT, [])
    return (Timeline(NEXT, (), gates[0]),) if gates else ()


def _doubts(told: dict[str, list[str]]) -> tuple[str, ...]:
    fit = [
        line.removeprefix("No. ").removeprefix("Not quite. ")
        for line in told.get(FITS, [])
        if not line.startswith("Yes")
    ]
    return tuple([*fit, *told.get(SURE, []), DOUBT][:DOUBTS])
