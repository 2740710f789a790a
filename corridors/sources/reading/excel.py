"""Read the cells of an Excel sheet as text."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from corridors.core.errors import Fault, SchemaError
from corridors.core.limits import MAX_MERGED, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, limits
from corridors.sources.reading.size import REMEDY, check_archive

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl import Workbook

_FROM_1904 = 1462  # days from 1899-12-30 to 1904-01-01
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_ROW = re.compile(rb"<(?:\w+:)?(?:row|c)\s[^>]*?\br=[\"'][A-Z]*(\d{7,18})")
_MERGED = re.compile(rb"mergeCell\s[^>]*?\bref=[\"']([A-Z]+)(\d{1,18}):([A-Z]+)(\d{1,18})")
_UNREADABLE = (BadZipFile, LookupError, ValueError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of one sheet.

    Parameters
    ----------
    name
        Of the sheet.
    records
        Row number and cells of each row that is not empty, all as wide as the widest.
    hidden
        Whether Excel hides it.
    merged
        Row number and place of cells that lie under a merged cell and repeat its value.
    days_before
        Days to add to a day's number: 1462 where the workbook counts from 1904.
    """

    name: str
    records: list[tuple[int, list[str]]]
    hidden: bool = False
    merged: frozenset[tuple[int, int]] = frozenset()
    days_before: int = 0


def excel_sheets(path: Path, data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook.

    A merged cell holds for every row under it, in its first column. A formula without a saved value is its own text.

    Parameters
    ----------
    path
        File, for messages.
    data
        Bytes of the workbook.

    Raises
    ------
    SchemaError
        When it is not a workbook.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        marks = _marks(path, data)
        book = _opened(data, read_only=not marks["merge"], data_only=True)
        formulas = _opened(data, read_only=True, data_only=False) if marks["formula"] else None
    except SchemaError:
        raise
    except (*_UNREADABLE, InvalidFileException) as error:
        found = f"{type(error).__name__}: {error}"
        raise _fault(path, "an Excel workbook", found, "Save it again as .xlsx.") from error
    try:
        return [_sheet(book, title, formulas, path) for title in book.sheetnames]
    finally:
        book.close()
        if formulas is not None:
            formulas.close()


def _opened(data: bytes, *, read_only: bool, data_only: bool) -> Workbook:
    """Return a workbook as openpyxl opens it; a line that it prints of a damaged one is not this program's output."""
    import openpyxl

    with contextlib.redirect_stdout(io.StringIO()):
        return openpyxl.load_workbook(io.BytesIO(data), read_only=read_only, data_only=data_only)


def _marks(path: Path, data: bytes) -> dict[str, bool]:
    """Return whether any sheet has merged cells, and formulas; raise where one is larger than the limits."""
    found = {"merge": False, "formula": False}
    cells = 0
    with ZipFile(io.BytesIO(data)) as archive:
        check_archive(path, archive)
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                xml = archive.read(name)
                _check_places(path, xml)
                cells += sum(1 for _ in _CELL.finditer(xml))
                if cells > limits().cells:
                    raise _fault(path, f"at most {limits().cells:,} cells", "more", REMEDY)
                found["merge"] |= b"mergeCell " in xml
                found["formula"] |= re.search(rb"<(?:\w+:)?f[ >/]", xml) is not None
    return found


def _check_places(path: Path, xml: bytes) -> None:
    """Raise where a row, a cell or a merged area of a sheet lies beyond a sheet of Excel, or is larger than the limit."""
    beyond = any(int(one[1]) > MAX_SHEET_ROWS for one in _ROW.finditer(xml))
    merged = 0
    for one in _MERGED.finditer(xml):
        west, north, east, south = _column(one[1]), int(one[2]), _column(one[3]), int(one[4])
        beyond |= max(north, south) > MAX_SHEET_ROWS or max(west, east) > MAX_SHEET_COLUMNS
        merged += (abs(east - west) + 1) * (abs(south - north) + 1)
    if beyond:
        expected = f"a sheet of at most {MAX_SHEET_ROWS:,} rows and {MAX_SHEET_COLUMNS:,} columns"
        raise _fault(path, expected, "places beyond it", "Save it again as .xlsx.")
    if merged > MAX_MERGED:
        raise _fault(path, f"at most {MAX_MERGED:,} merged cells", f"{merged:,}", "Unmerge the cells.")


def _column(letters: bytes) -> int:
    """Return the number of a column from its letters.

    Examples
    --------
    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:8]:
        number = 26 * number + letter - 64
    return number


def _sheet(book: Any, title: str, formulas: Any, path: Path) -> Sheet:
    """Return one sheet."""
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.utils.exceptions import InvalidFileException

    sheet = book[title]
    if not hasattr(sheet, "iter_rows"):  # a sheet that is only a chart
        return Sheet(title, [])
    try:
        values = _values(sheet)
        for row, cells in enumerate(_values(formulas[title]) if formulas is not None else []):
            for at, formula in enumerate(cells):
                if isinstance(formula, str) and formula.startswith("=") and _at(values, row, at) is None:
                    values[row] += [None] * (at + 1 - len(values[row]))
                    values[row][at] = formula
    except (
        *_UNREADABLE,
        InvalidFileException,
        SyntaxError,
    ) as error:  # the XML parser's error is a SyntaxError
        raise _fault(
            path, "a complete sheet", f"{type(error).__name__}: {error}", "Save it again."
        ) from error
    text = [[cell_text(value) for value in cells] for cells in values]
    merged = _fill_down(sheet, text)
    rows = [(number, cells) for number, cells in enumerate(text, start=1) if any(cells)]
    width = max((_width(cells) for _, cells in rows), default=0)
    rows = [(number, (cells + [""] * width)[:width]) for number, cells in rows]
    shift = _FROM_1904 if book.epoch == CALENDAR_MAC_1904 else 0
    return Sheet(title, rows, sheet.sheet_state != "visible", merged, shift)


def _values(sheet: Any) -> list[list[Any]]:
    """Return the values of a sheet, row by row from its first."""
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # writers other than Excel may store a wrong size
    rows: list[list[Any]] = []
    count = 0
    for cells in sheet.iter_rows(values_only=True):
        count += len(cells)
        if count > 4 * limits().cells or len(rows) >= MAX_SHEET_ROWS:
            raise ValueError(f"more cells than {4 * limits().cells:,}, empty ones among them")
        rows.append(list(cells))
    return rows


def _at(values: list[list[Any]], row: int, at: int) -> Any:
    """Return a value, None beyond the end of its row."""
    return values[row][at] if at < len(values[row]) else None


def _fill_down(sheet: Any, text: list[list[str]]) -> frozenset[tuple[int, int]]:
    """Repeat the value of each merged cell in the rows under it; return where."""
    filled = set()
    for area in getattr(getattr(sheet, "merged_cells", None), "ranges", ()):
        at = area.min_col - 1
        top = text[area.min_row - 1][at] if area.min_row <= len(text) else ""
        for row in range(area.min_row, min(area.max_row, len(text))):
            if top and at < len(text[row]):
                text[row][at] = top
                filled.add((row + 1, at))
    return frozenset(filled)


def cell_text(value: object) -> str:
    """Return a cell as text: whole numbers without a point, dates as YYYY-MM-DD.

    A number of three decimals gets a zero after them: as text its point would look like a mark of thousands.

    Examples
    --------
    >>> cell_text(85701.0), cell_text(None), cell_text(datetime(2024, 5, 1)), cell_text(" a "), cell_text(1.25)
    ('85701', '', '2024-05-01', 'a', '1.25')
    >>> cell_text(1.255)
    '1.2550'
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return f"{value}0" if len(str(value).partition(".")[2]) == 3 else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value).strip()


def _width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last that is filled."""
    return max((at for at, cell in enumerate(cells, start=1) if cell), default=0)


def _fault(path: Path, expected: str, found: str, remedy: str) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, remedy)])
