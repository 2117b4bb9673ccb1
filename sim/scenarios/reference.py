"""The generated tables of the pages under docs/: catalogue, levers and all parameters, so that nothing is typed twice.

`python -m sim.scenarios.reference docs/scenarios.md docs/odd.md` writes them again between their marks; tests compare.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.declare import Parameter
from sim.parameters import GROUPS, LEVERS, REGISTRY
from sim.scenarios.files import load, names
from sim.scenarios.words import number, shown


def catalogue_table() -> str:
    """One row a shipped scenario, as Markdown."""
    rows = [("scenario", "base", "months", "what it asks")]
    for name in names():
        scenario = load(name)
        told = f"**{scenario.title}.** {' '.join(scenario.description.split())}"
        rows.append((f"`{name}`", f"`{scenario.base}`" if scenario.base else "", str(scenario.months), told))
    return _table(rows)


def lever_table() -> str:
    """One row a lever, as Markdown."""
    rows = [
        ("lever", "what it is", "values", "default", "event may set it", "price", "most that is plausible", "source")
    ]
    for name, lever in LEVERS.items():
        about = lever.about
        may = "no" if about.structural else "yes"
        price = "*condition*" if lever.is_condition else ", ".join(f"`{n}`" for n in lever.prices) or "a decision"
        top = "" if about.ceiling is None else f"`{shown(name, lever.ceiling)}`"
        cells = (about.words, lever.allowed().strip(), f"`{shown(name, lever.default)}`", may, price, top, about.source)
        rows.append((f"`{name}`", *cells))
    return _table(rows)


def parameter_table() -> str:
    """One row a parameter, levers first, then an actor at a time, as Markdown."""
    rows = [("name", "kind", "what it is", "unit", "default", "range", "source")]
    for group in GROUPS:
        for name, parameter in REGISTRY.items():
            if parameter.group != group:
                continue
            about = parameter.about
            kind = "lever" if parameter.is_lever else f"uncertainty, {group}"
            cells = (about.words, about.unit, shown(name, parameter.default), _range(parameter), about.source)
            rows.append((f"`{name}`", kind, *cells))
    return _table(rows)


def _range(parameter: Parameter) -> str:
    about = parameter.about
    if about.choices:
        return ", ".join(f"{position} {choice}" for position, choice in enumerate(about.choices))
    return f"{number(about.low)} to {number(about.high)}" + (", whole" if about.whole else "")


PARTS = {"catalogue": catalogue_table, "levers": lever_table, "parameters": parameter_table}
"""What makes each generated part, by its mark."""


def refresh(page: str) -> str:
    """The page with its generated parts written again between `<!-- NAME -->` and `<!-- end NAME -->`."""
    for mark, make in PARTS.items():
        before, start, rest = page.partition(f"<!-- {mark} -->\n")
        if start:
            _, end, after = rest.partition(f"<!-- end {mark} -->")
            page = before + start + make() + end + after
    return page


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in escaped]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]) + "\n"


if __name__ == "__main__":
    for target in map(Path, sys.argv[1:]):
        target.write_text(refresh(target.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
