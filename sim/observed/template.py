"""A table to fill: a row for each measure, zone and quarter, in the words of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError
from sim.observed.observables import MONEY, OBSERVABLES, SITES, vocabulary
from sim.observed.reports import Place
from sim.organisation.files.clean_list import write_table
from sim.results.columns import ALL

HEADER = ("month", "zone", "site", "measure", "value", "observed", "of", "note")
EVERY = 3
LONGEST = 60


def rows_of(place: Place, months: int) -> list[list[Any]]:
    """The rows of a template.

    Args:
        place: zones, and the date of month 0 where it is known.
        months: until when; a row every third month.
    """
    if not 1 <= months <= LONGEST:
        raise ScenarioError(f"--months must be a whole number in [1, {LONGEST}]; got {months}.")
    zones = place.zones or (ALL,)
    rows: list[list[Any]] = []
    for month in range(EVERY, months + 1, EVERY):
        for one in OBSERVABLES:
            for zone in (ALL,) if one.of_area or one.kind == MONEY else zones:
                of = len(place.sites_of(zone)) if one.kind == SITES else ""
                rows.append([_shown(month, place.start), zone, "", one.name, "", "", of, one.asks])
    return rows


def _shown(month: int, start: str) -> Any:
    if not start:
        return month
    begin = date.fromisoformat(start)
    years, rest = divmod(begin.month - 1 + month, 12)
    return f"{begin.year + years}-{rest + 1:02d}"


def write_template(path: Path, place: Place, months: int) -> Path:
    """Write a table to fill to a new .csv or .xlsx file.

    Raises:
        OrganisationError: there is already something there, no such folder, or another format.
    """
    return write_table(path, HEADER, rows_of(place, months), sheet="observed")


def how_to_fill(path: Path, place: Place) -> Sequence[str]:
    """What whoever fills the table should know, in sentences."""
    stages = ", ".join(vocabulary()["stages"])
    return (
        f"Wrote {path}: fill 'value'; leave empty what you do not know, and take out or add rows as you like.",
        "A value may be a number (12, with 40 under 'observed'), a share (0.3), a percentage (30 %) or 12 of 40.",
        f"'observed' is how many people the value rests on; empty means all of them. Zones: {', '.join(place.zones)}; "
        "all is the whole area.",
        f"Rows of single sites may be added (column 'site', as your list names it), also stages ({stages}).",
        "A later row for the same month, measure and place corrects an earlier one.",
    )
