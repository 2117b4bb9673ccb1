"""What a page says about zones: when they open, how typical they are, what one would see first, attention and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.counts import counted
from sim.engine.sums import Ensemble
from sim.results.measures import CARDS, COSTS, KNOWN, SEEN_FIRST, SHARE
from sim.results.scales import scale_to
from sim.results.words import moment_words, percent, pounds, two_figures

Curve = Sequence[float | None]

STAGES = ("not_engaged", "exploration", "installation", "initial", "full", "not_sustained")
STAGE_NAMES = ("not engaged", "exploration", "installation", "initial implementation", "full implementation",
               "not sustained")  # fmt: skip
COMPARED = (*(name for name in CARDS if KNOWN[name].unit == SHARE), *(c.id for c in COSTS))
"""Measures in the table of both plans at the end."""
YEAR = 12
OFTEN = 0.5
"""Share of runs that must have come so far before a moment is shown."""


def lead(ensemble: Ensemble, place: str, title: str) -> str:
    """The line above the zones of a plan."""
    if not ensemble.zones:
        return f"{title}: no zone opens, no site is selected or trained."
    ranges = f"Ranges hold 8 in 10 of {counted(ensemble.replicates, 'run')}."
    return f"{title}: {counted(len(ensemble.zones), 'zone')} in {place}. {ranges}"


def opening(opened: NDArray[np.float64], months: int) -> dict[str, Any]:
    """When a zone opens, from its month in each run (NaN never).

    Returns:
        'months' (10th percentile, median, 90th) or None, 'share' of runs; 'text', 'moment' and 'often' in words.
    """
    known = opened[np.isfinite(opened)]
    if not len(known):
        never = f"does not open within {moment_words(months)} in any run"
        return {"months": None, "share": 0.0, "text": never, "moment": "not within this time", "often": ""}
    low, middle, high = (int(v) for v in np.quantile(known, (0.1, 0.5, 0.9), method="nearest"))
    share = len(known) / len(opened)
    moment = f"month {low}" if low == high else f"month {low} to {high}"
    often = f"in {percent(share)} % of the runs" if share < 1 else ""
    text = f"opens in {moment}" + (f", {often}" if often else "")
    return {"months": [low, middle, high], "share": share, "text": text, "moment": moment,
            "often": f"opens {often}" if often else ""}  # fmt: skip


SLICES = (
    "Each slice shows a zone's levels, from the multi-agency group down to the practitioners. The wider a band, the "
    "more there are: twice as wide is four times as many, in every zone alike."
)


def possible(names: Sequence[str], rests: Sequence[bool], members: Sequence[int]) -> list[dict[str, Any]]:
    """How many sites each zone can have while the others keep theirs, and what to say to who asks for more.

    Args:
        names: of the plan's zones.
        rests: which of them take all that are left; such a zone gives way down to one site.
        members: zone of every site, -1 in no zone, -2 out of scope; [] where it is not known.
    """
    there = sum(zone != -2 for zone in members)
    sizes = [sum(zone == i for zone in members) for i in range(len(names))]
    told = []
    for i, name in enumerate(names):
        kept = [min(1, size) if rest else size for size, rest in zip(sizes, rests, strict=True)]
        others = sum(kept) - kept[i]
        most = max(1, there - others) if members else 0
        words = (
            f"{name[:1].upper()}{name[1:]} can have at most {counted(most, 'site')}: the area has {there}, and the "
            f"other zones keep {others}. Nothing was changed; make another zone smaller first."
        )
        told.append({"most": most, "share": 100 * most // max(1, there), "words": words})
    return told


def levels(found: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Levels of a slice with how many there are, in words: [noun, count, '3 senior leaders']."""
    return [[noun, n, counted(n, noun) if n else f"no {noun}s"] for noun, n in found]


def slice_words(found: Sequence[Sequence[Any]]) -> str:
    """A slice read aloud, from `levels`."""
    return f"A slice through all levels: {', '.join(words for _, _, words in found)}"


def verdict(near: bool) -> str:
    """Whether a zone is like its area."""
    return f"It represents the area {'well' if near else 'poorly'}."


def over(sites: int, capacity: float) -> str:
    """That a zone has more sites than can be brought on at a time."""
    can = counted(round(capacity), "site")
    return f"Its {sites:,} sites are too many at a time: the core team can bring on {can}, and the others wait."


def differences(found: Mapping[str, float]) -> str:
    """How far a zone differs from its area in each aspect, in standard deviations."""
    told = ", ".join(f"{aspect} {v:.2f}" for aspect, v in found.items() if np.isfinite(v))
    return f"Difference to the area, in standard deviations: {told}"


def of_zone(row: dict[str, Any], months: int) -> dict[str, Any]:
    """Sentences and tables of one zone."""
    size = ", ".join((counted(row["sites"], "site"), counted(row["practitioners"], "practitioner"),
                      counted(row["families"], "family", "families")))  # fmt: skip
    at_end = [row["stages"][k][months] or 0.0 for k in range(len(STAGES))]
    found = {
        "at_end": "Sites by stage at the end: "
        + ", ".join(f"{percent(v)} % {name}" for v, name in zip(at_end, STAGE_NAMES, strict=True)),
        "figures": _figures(row, months),
        "spent": _spent(row["cost"]["cash"], row["cost"]["time"]),
    }
    if "seen" not in row:
        alone = "Nobody selects, trains or supports sites here; any use of the practice has spread on its own."
        return found | {"size": f"{size}. {alone}"}
    return found | {"size": f"{size}; {row['opening']['text']}; {_state(at_end)}.", "first": _first(row["seen"])}


def _state(at_end: Sequence[float]) -> str:
    """The stage in which most sites are at the end."""
    most = at_end.index(max(at_end))
    stage = "are in no stage yet" if most == 0 else f"are in {STAGE_NAMES[most]}"
    return f"at the end {percent(at_end[most])} % of its sites {'are not sustained' if most == 5 else stage}"


def _first(seen: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three moments, each with what one would see; those that too few runs reach are left out."""
    return [
        {
            "when": f"After {counted(s['months'], 'month')}",
            "lines": [[s["values"][name]["text"], KNOWN[name].sentence] for name in SEEN_FIRST],
        }
        for s in seen
        if (s["seen"] or 0.0) >= OFTEN
    ]


def _figures(row: dict[str, Any], months: int) -> dict[str, Any]:
    seen = row.get("seen", [])
    heads = ["", *(f"{counted(s['months'], 'month')} in" for s in seen), f"at the end ({moment_words(months)})"]
    rows = [
        [KNOWN[name].title, *(s["values"][name]["text"] for s in seen), row["ends"][name]["text"]]
        for name in row["ends"]
    ]
    return {"heads": heads, "rows": rows}


def _spent(cash: Sequence[int], time: Sequence[int]) -> dict[str, Any]:
    """Cost of a zone by year."""
    years = _years(len(cash))
    parts = [f"{y} {pounds(c)} cash, {pounds(t)} released time" for y, c, t in zip(years, cash, time, strict=True)]
    return {
        "told": f"It costs {pounds(sum(time))} of released time and {pounds(sum(cash))} in cash.",
        "label": f"Cost by year: {'; '.join(parts)}",
        "years": years,
        "text": [pounds(c + t) for c, t in zip(cash, time, strict=True)],
        "rows": [["cash", *map(pounds, cash)], ["released time", *map(pounds, time)]],
    }


def _years(count: int) -> list[str]:
    return [f"year {k + 1}" for k in range(count)]


def cost_of_plan(cost: dict[str, Any], replicates: int) -> dict[str, Any]:
    """Cost by agency and year, with its sentence and table."""
    rows, years = cost["rows"], cost["years"]
    whole = [pounds(sum(sum(r[kind]) for r in rows)) for kind in ("time", "cash")]
    for row in rows:
        row["text"] = pounds(sum(row["cash"]) + sum(row["time"]))
    table = [[r["agency"], name, *map(pounds, r[kind])] for r in rows
             for kind, name in (("cash", "cash"), ("time", "released time"))]  # fmt: skip
    finding = f"{whole[0]} of released staff time and {whole[1]} in cash over {counted(years, 'year')}."
    return cost | {
        "finding": finding if rows else "It costs nothing.",
        "small": f" cash; mean of {counted(replicates, 'run')}",
        "heads": ["Agency", "", *_years(years)],
        "table": table,
    }


def attention(median: Curve, high: Curve) -> dict[str, Any]:
    """Attention needed against available by month: above 1 the core team is overstretched."""
    known = [v for v in median if v is not None]
    if not known:
        return {"curve": median, "high": high, "finding": "There is no core team."}
    over, months = sum(v > 1.0 for v in known), len(median) - 1
    finding = "It can give all the support that is needed in every month (median of the runs)."
    if over:
        worst = f"at worst, {two_figures(max(known))} times as much support is needed as it can give"
        finding = f"Overstretched in {counted(over, 'month')} of {months}: {worst}."
    rows = [
        [m, "none yet" if median[m] is None else _times(median[m]), "" if high[m] is None else _times(high[m])]
        for m in range(0, months + 1, YEAR)
    ]
    top = max([1.25, *(v for v in high if v is not None)])
    scale = scale_to([top], "×")
    return {"curve": median, "high": high, "finding": finding, "over": over, "rows": rows, "scale": scale}


def _times(value: float | None) -> str:
    return f"{two_figures(value or 0.0)} ×"
