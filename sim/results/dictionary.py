"""docs/data-dictionary.md, made from the declarations (`python -m sim.results.dictionary`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sim.results.columns import TABLES, Column
from sim.results.measures import BY_ID, Measure

HEAD = """\
# Data dictionary

Made by `python -m sim.results.dictionary`; a test keeps it true. A result folder holds:

| file | what it is |
|---|---|
| `manifest.json` | what was run: scenarios in full, place, seed, versions, command, times, SHA-256 of every table |
| `series.parquet` | month by month, a row for each scenario, replicate, month and zone |
| `sites.parquet` | with `--sites`: a row for each scenario, replicate and site |
| `summary.csv` | headlines, need served by deprivation fifth, families, abandonment and cost, for each scenario |
| `costs.csv` | cost by agency and year |
| `chart.png`, `chart.svg` | the chart |
| `organisation/` | the place, so that `zones replay` needs nothing else; no names unless `--show-names` |

Counts are of sites, people and families in scope. Null means that there is nothing to divide by, or that it is not
known; a headline that the horizon hides has no number either. Identifiers (`site_id`) are kept as the organisation file
gives them: where an identifier is public, so is the site.
"""


def pages() -> str:
    """The whole document."""
    return "\n".join([HEAD, *_headlines(), *(line for name, cols in TABLES.items() for line in _table(name, cols))])


def _headlines() -> Iterator[str]:
    yield "## Headlines"
    yield ""
    yield "Each is read for the whole area at the end of the run; `id@month` reads one month (from Python)."
    yield ""
    yield "| id | what | unit | cohort |"
    yield "|---|---|---|---|"
    for measure in BY_ID.values():
        yield _row(measure)
    yield ""
    yield (
        "`certified_36_share` leaves sites that the horizon cuts out of the denominator. `months_to_80` is the "
        "smallest t such that of the started sites observed for t months or longer at least 80 % were certified "
        "within t. Families who gave up waiting or were identified wrongly are told where some run has any. `kind` in "
        "the results is *fitted* where a calibrated run aims at that figure, else *predicted*."
    )
    yield ""


def _row(measure: Measure) -> str:
    return f"| `{measure.id}` | {measure.words} | {measure.unit} | {measure.cohort} |"


def _table(name: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "| column | type | unit | meaning |"
    yield "|---|---|---|---|"
    for column in columns:
        yield f"| `{column.name}` | {column.kind} | {column.unit} | {column.words} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(pages())
