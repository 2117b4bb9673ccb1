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
| `site_months.parquet` | with `--site-months`: a row for each scenario, replicate, month and site |
| `spells.parquet` | with `--spells`: a row for each scenario, replicate and spell of use by a practitioner |
| `summary.csv` | headlines, need served by deprivation fifth, families, abandonment and cost, for each scenario |
| `costs.csv` | cost by agency and year |
| `budgets.csv` | where a scenario limits what may be spent: chance of a shortfall, spending and limits by year |
| `chart.png`, `chart.svg` | the chart |
| `replay-only/` | the place, so that `zones replay` needs nothing else; leave it out when you hand the result on |

Counts are of sites, people and families in scope. Null means that there is nothing to divide by, or that it is not
known; a headline that the horizon hides has no number either.

## What a result reveals about the place

Without `--show-names`, the files above (`replay-only/` excepted) hold no code, name, locality, position or file name of
the place, and no digest of its lists. Sites have pseudonyms (`Primary 07`), files have numbers (`LIST-1.csv`; in a
sweep also `PLAN-1`), and the area is called "The place". They do show:

- how many sites, practitioners and families there are in all, in each zone and in each deprivation fifth, and how many
  sites of each type (from the pseudonyms);
- with `--site-months`, how many people work at each site, by pseudonym: whoever knows the sizes of schools can tell
  many apart, so leave that table out when you hand the result on;
- settings of the area that were generated, the plan, and the seed;
- your own words, unchanged: the name, title, description and notes of a scenario, names of zones and events, the name
  and question of a design. Name no place there if the result is to name none;
- enough for somebody who holds the same list to confirm a guess: if they ask the same question of that list, they get
  the same figures, the same pseudonyms, and the same mark in a link. No digest can prevent that.

They show no figures of a zone in which fewer than 5 practitioners work, or to which fewer than 5 families belong. Its
row holds nulls, and so does the row of the next smallest zone if a difference would reveal it. A site as small as that
shows no fidelity, capacity, use of data or share of users. In `site_months.parquet` it shows its stage alone, and so
does the next smallest site of its zone if a difference would reveal it. `spells.parquet` does not say to which of these
sites a spell belongs.

`replay-only/` holds identifiers of sites and leaders, names of areas and core teams, and exact sizes of sites, because
the random numbers depend on them. It holds no names of sites, no staff identifiers, no localities and no positions.
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
        "`certified_36_share` leaves sites that the horizon cuts off out of the denominator. `months_to_80` is the "
        "smallest t such that, of the started sites observed for t months or longer, at least 80 % were certified "
        "within t months. Families who gave up waiting or were identified wrongly are shown where some run has any. "
        "`kind` in the results is *fitted* where a calibrated run aims at that figure, else *predicted*."
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
