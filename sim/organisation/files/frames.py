"""Tables of a notebook as files in memory, so that they are read as any list is."""

from __future__ import annotations

from typing import Any, Protocol, TypeGuard

from sim.organisation.files.cells import Upload

NAME = "data frame"


class Frame(Protocol):
    """What is used of a pandas table."""

    columns: Any
    index: Any

    def to_csv(self, *args: Any, **options: Any) -> Any:
        """Its rows as CSV."""


def is_frame(value: object) -> TypeGuard[Frame]:
    """Whether a value is a pandas table (or something that writes CSV as one does)."""
    return hasattr(value, "to_csv") and hasattr(value, "columns") and hasattr(value, "index")


def as_file(frame: Any, name: str = f"{NAME}.csv") -> Upload:
    """A pandas table as a CSV file in memory; an index that has a name is a column.

    Args:
        frame: a row for each site, columns as in a list of sites.
        name: what to call it in messages; also the area's name where no column gives one.
    """
    named = [level for level in frame.index.names if level is not None]
    table = frame.reset_index() if named else frame
    if hasattr(table, "convert_dtypes"):  # whole numbers beside gaps are floats in pandas, and would be written 200.0
        table = table.convert_dtypes()
    return Upload(name, table.to_csv(index=False).encode("utf-8", "backslashreplace"))
