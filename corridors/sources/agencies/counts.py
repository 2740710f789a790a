"""Whole numbers in the columns of a file: every cell read by the rules of `read_counts`, or a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.row_report import this_year
from corridors.sources.reading.numbers import THOUSAND_OR_ONE, TOO_MANY, read_counts

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from corridors.sources.reading.delimited import TextTable

_MAX_QUOTED = 40  # characters of a cell in a message


def whole_numbers(
    table: pd.DataFrame, read: TextTable, path: Path, *, required: Collection[str] = ()
) -> pd.DataFrame:
    """Return text cells as whole numbers from 0 by the rules of `read_counts`, an empty cell missing.

    Parameters
    ----------
    table
        Columns of text, with the row labels of `read`.
    required
        Columns that may not be empty.

    Raises
    ------
    SchemaError
        With a fault for every cell that is something else.
    """
    numbers, wrong = numbers_and_faults(table, read, path, required=required)
    if wrong:
        raise SchemaError([fault for _, fault in wrong])
    return numbers


def numbers_and_faults(
    table: pd.DataFrame, read: TextTable, path: Path, *, required: Collection[str] = ()
) -> tuple[pd.DataFrame, list[tuple[int, Fault]]]:
    """Return what `whole_numbers` returns, a cell that is something else missing; and the row and fault of each such cell."""
    faults: list[tuple[int, Fault]] = []
    numbers = {}
    for name in table:
        cells = table[name].str.strip()
        column = read.table[name].str.strip() if name in read.table else cells
        known = read_counts(cells.unique(), column.unique())
        empty = {cell: "no count" for cell, value in known.items() if value is None and name in required}
        why = {**empty, **{cell: value for cell, value in known.items() if isinstance(value, str)}}
        if name == "year":
            why |= {cell: "to come" for cell, at in known.items() if isinstance(at, int) and at > this_year()}
        wrong = cells[cells.isin(list(why))]
        faults += [
            (at, _not_a_count(path, read, at, str(name), cell=cell, why=why[cell]))
            for at, cell in zip(wrong.index, wrong, strict=True)
        ]
        values = [known[cell] if cell not in why else None for cell in cells]
        numbers[name] = pd.Series(values, index=table.index, dtype="Int64")
    return pd.DataFrame(numbers, index=table.index), faults


def _not_a_count(path: Path, read: TextTable, at: int, column: str, *, cell: str, why: str) -> Fault:
    """Return the fault of a cell that should hold a count."""
    expected, found, remedy = (
        "a whole number from 0",
        repr(cell),
        "Correct the cell, or download the file again.",
    )
    if why == "to come":
        expected = f"a year up to {this_year()}"
    elif why == THOUSAND_OR_ONE:
        found = f"{cell!r}: {why}"
        remedy = "Write 1000 or 1: no other cell of the column says what its mark is."
    elif why == TOO_MANY:
        found = f"{cell[:_MAX_QUOTED]!r}: {why}"
    elif cell.startswith("="):
        found = f"{cell!r}, a formula without a saved value"
        remedy = "Open the file in Excel or LibreOffice and save it, so that values are stored."
    return read.fault(path, at, expected, found, remedy, column)
