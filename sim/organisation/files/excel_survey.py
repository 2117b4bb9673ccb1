"""What a workbook's own parts say before its values are read: sheets, hidden rows, formulas, how large it is.

Values come from a library (`excel_cells.py`). It shows neither what is hidden nor which formula has no kept value, and
it lays a sheet out whole: one cell in the last corner would fill the memory. So this looks first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.parsers.expat import ExpatError

from sim.errors import OrganisationError
from sim.organisation.files.cells import Upload
from sim.organisation.files.disguise import AGAIN
from sim.organisation.files.excel_notes import count_comments
from sim.organisation.files.excel_parts import Totals, local, read_part, refuse_large
from sim.organisation.files.excel_sheet import SheetSurvey, survey_sheet
from sim.organisation.files.limits import MOST_SHEETS

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def survey(where: str, file: Upload) -> list[SheetSurvey]:
    """Look through a workbook.

    Args:
        where: the file, for messages.
        file: the workbook in memory.

    Raises:
        OrganisationError: no workbook, damaged parts, cell references that name no cell, or too much of it.
    """
    import io
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            refuse_large(where, archive)
            found = list(_survey(where, archive))
    except OrganisationError:
        raise
    except DefusedXmlException:
        raise OrganisationError(
            where, [f"holds a document type or entities, which no workbook needs; {AGAIN}"]
        ) from None
    except (ParseError, ExpatError) as error:
        raise OrganisationError(where, [f"not a sound Excel workbook (a part is damaged: {error}); {AGAIN}"]) from None
    except Exception as error:  # zipfile and zlib raise many kinds for a damaged archive
        raise OrganisationError(where, [f"not a sound Excel workbook ({error}); {AGAIN}"]) from None
    return found


def _survey(where: str, archive: zipfile.ZipFile) -> Iterator[SheetSurvey]:
    totals = Totals()
    for one, part in _sheets(where, archive):
        if part not in archive.namelist():
            raise OrganisationError(where, [f"sheet '{one.name}' has lost its part of the file; {AGAIN}"])
        sheet = f"{where} [{one.name}]"
        survey_sheet(sheet, archive, part, one, totals)
        one.comments = count_comments(sheet, archive, part, totals)
        yield one


def _sheets(where: str, archive: zipfile.ZipFile) -> Iterator[tuple[SheetSurvey, str]]:
    """Each sheet, not looked through yet, with its part."""
    book = read_part(where, archive, "xl/workbook.xml")
    links = read_part(where, archive, "xl/_rels/workbook.xml.rels")
    target = {link.get("Id", ""): link.get("Target", "") for link in links}
    sheets = [element for element in book.iter() if local(element.tag) == "sheet"]
    if not sheets:
        raise OrganisationError(where, [f"a workbook without a sheet; {AGAIN}"])
    if len(sheets) > MOST_SHEETS:
        raise OrganisationError(where, [f"{len(sheets):,} sheets; keep the one with the list (at most {MOST_SHEETS})"])
    for sheet in sheets:
        part = target.get(sheet.get(f"{_OFFICE}id", ""), "")
        part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
        if "/chartsheets/" not in part and "/dialogsheets/" not in part:
            yield SheetSurvey(sheet.get("name", ""), sheet.get("state", "visible") != "visible"), part
