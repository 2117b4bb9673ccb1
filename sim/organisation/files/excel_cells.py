"""From the bytes of an Excel workbook to cells, a grid for each sheet."""

from __future__ import annotations

import datetime
import io
import logging
from typing import Any

from sim.errors import OrganisationError
from sim.organisation.files.cells import Grid, Upload, clean
from sim.organisation.files.disguise import AGAIN
from sim.organisation.files.excel_sheet import SheetSurvey
from sim.organisation.files.excel_survey import survey
from sim.organisation.files.limits import LONGEST_CELL


def read_workbook(where: str, file: Upload) -> list[Grid]:
    """The cells of every sheet that holds any.

    Args:
        where: the file, for messages.
        file: the workbook in memory.

    Returns:
        One grid a sheet, in the order of the tabs. A formula counts as the value that was kept with it.

    Raises:
        OrganisationError: damaged, or too large.
    """
    sheets = [one for one in survey(where, file) if one.lowest]
    try:
        import python_calamine

        book = python_calamine.load_workbook(io.BytesIO(file.content))
        return [_grid(f"{where} [{one.name}]", book, one) for one in sheets]
    except OrganisationError:
        raise
    except Exception as error:  # the reader raises kinds of its own
        raise _unsound(where, error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader's own faults arrive
            raise
        logging.getLogger(__name__).debug("the workbook reader failed", exc_info=error)
        raise _unsound(where, error) from None


def _unsound(where: str, error: BaseException) -> OrganisationError:
    told = " ".join(str(error).split())[:200] or type(error).__name__
    return OrganisationError(where, [f"not a sound Excel workbook ({told}); {AGAIN}"])


def _grid(where: str, book: Any, sheet: SheetSurvey) -> Grid:
    values = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    rows = []
    for number, row in enumerate(values, 1):
        cells = [_text(value) for value in row]
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise OrganisationError(
                where, [f"{where} row {number}: a cell of more than {LONGEST_CELL:,} letters; shorten it"]
            )
        rows.append(cells)
    for (number, column), text in sheet.errors.items():  # the library shows them as empty
        if number <= len(rows) and column < len(rows[number - 1]):
            rows[number - 1][column] = clean(text)
    return Grid(
        where,
        rows,
        range(1, len(rows) + 1),
        sheet=sheet.name,
        concealed=sheet.concealed,
        hidden=frozenset(sheet.hidden),
        formulas=frozenset(sheet.formulas),
        comments=sheet.comments,
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e300 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date | datetime.datetime | datetime.time) else str(value)
