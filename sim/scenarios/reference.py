"""The generated parts of docs/scenarios.md: the catalogue and the levers, so that nothing is typed twice.

`python -m sim.scenarios.reference docs/scenarios.md` writes them anew between their marks; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.parameters import LEVERS
from sim.scenarios.files import load, names
from sim.scenarios.scenario import shown


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
    rows = [("lever", "what it is", "values", "default", "event may set it", "source")]
    for name, lever in LEVERS.items():
        about = lever.about
        may = "no" if about.structural else "yes"
        rows.append(
            (f"`{name}`", about.words, lever.allowed().strip(), f"`{shown(name, lever.default)}`", may, about.source)
        )
    return _table(rows)


def refresh(page: str) -> str:
    """The page with its generated parts written anew between `<!-- NAME -->` and `<!-- end NAME -->`."""
    for mark, made in (("catalogue", catalogue_table()), ("levers", lever_table())):
        before, start, rest = page.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition(f"<!-- end {mark} -->")
        page = before + start + made + end + after
    return page


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in escaped]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(refresh(target.read_text(encoding="utf-8")), encoding="utf-8")
