"""Read the cells of an Excel sheet as text."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from corridors.core.errors import Fault, SchemaError
from corridors.sources.reading.encoding import folded_column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TITLES = 40
_UNREADABLE = (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError)


def excel_rows(path: Path, sheet: str | None, names: frozenset[str]) -> list[tuple[int, list[str]]]:
    """Return the row number and cells of each non-empty row of a sheet.

    Parameters
    ----------
    path
        An `.xlsx` or `.xlsm` file.
    sheet
        Sheet name; by default the first with a row that has all of `names`, else the first not empty.
    names
        Folded names that the header contains.

    Raises
    ------
    SchemaError
        When the file is not a workbook or lacks the sheet.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except _UNREADABLE as error:
        found = f"{type(error).__name__}: {error}"
        raise _fault(path, "an Excel workbook", found, "Save it again as .xlsx.") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise _fault(path, f"a sheet {sheet!r}", ", ".join(book.sheetnames), "Name a sheet it has.")
        titles = [sheet] if sheet is not None else book.sheetnames
        first: list[tuple[int, list[str]]] = []
        for title in titles:
            rows = _rows(book[title], path)
            if names and any(names <= {folded_column(cell) for cell in cells} for _, cells in rows[:_TITLES]):
                return rows
            first = first or rows
        return first
    finally:
        book.close()


def excel_sheets(path: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets."""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except _UNREADABLE as error:
        found = f"{type(error).__name__}: {error}"
        raise _fault(path, "an Excel workbook", found, "Save it again as .xlsx.") from error
    try:
        return tuple(book.sheetnames)
    finally:
        book.close()


def _rows(sheet: Any, path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of one sheet, all as wide as the widest."""
    if not hasattr(sheet, "iter_rows"):  # a sheet that is only a chart
        return []
    sheet.reset_dimensions()  # writers other than Excel may store a wrong size
    try:
        rows = [
            (number, [cell_text(value) for value in values])
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
            if any(value not in {None, ""} for value in values)
        ]
    except (*_UNREADABLE, SyntaxError) as error:  # the XML parser's error is a SyntaxError
        raise _fault(
            path, "a complete sheet", f"{type(error).__name__}: {error}", "Save it again."
        ) from error
    width = max((_width(cells) for _, cells in rows), default=0)
    return [(number, (cells + [""] * width)[:width]) for number, cells in rows]


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
