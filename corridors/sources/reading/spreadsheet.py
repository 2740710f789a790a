"""Find the table in a hand-made spreadsheet: titles above, a header of one or two rows (merged cells), notes below."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.sources.reading.delimited import RAGGED, UNENDED, fault
from corridors.sources.reading.encoding import decoded, folded_column, repaired
from corridors.sources.reading.numbers import blank
from corridors.sources.reading.parts import file_parts, part_label
from corridors.sources.reading.separators import separator
from corridors.sources.reading.size import check_columns, check_rows
from corridors.sources.reading.text_table import CHOOSE, TextTable, is_summary, join_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.reading.excel import Sheet

NOT_A_ROW = "title, note or repeated header, not a row"
_TITLES = 40
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAY = re.compile(r"\d{5}(\.\d+)?")
_Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header begins and ends, and the column of each role."""

    first: int
    last: int
    places: Mapping[str, int]
    width: int


def read_sheet(
    path: Path,
    roles: Mapping[str, Sequence[str]],
    *,
    needed: Sequence[frozenset[str]],
    columns: Mapping[str, str],
    counts: frozenset[str] = frozenset(),
    undated: bool = False,
) -> TextTable:
    """Return the columns of a spreadsheet that have a role, named by it; all sheets that have them joined.

    A sheet without a column of dates or years has the year of its name ("2019"), or columns `undated` ("yes") and
    `titles`, the text above its header.

    Parameters
    ----------
    path
        Excel file or delimited text.
    roles
        Role to the folded names its column may have, in order of preference. Under a merged cell a column may
        be named by its own cell, by both ("armas_aseguradas_largas") or by the merged one.
    needed
        Groups of roles; the header must have one role of each group.
    columns
        The user's column map, role to name in the file; it goes before `roles`.
    counts
        Roles that a merged cell gives to its first row only, since it is one count.
    undated
        Whether a table with neither dates nor a year in the name of its sheet is read too, with its titles.

    Raises
    ------
    LayoutError
        When no row can be the header.
    SchemaError
        When two columns match a role equally well.
    """
    wanted = {
        role: [folded_column(columns[role])] if role in columns else list(roles[role]) for role in roles
    }
    parts = file_parts(path, columns.get("sheet"))
    tables: list[tuple[str, TextTable]] = []
    unread: dict[str, str] = {}
    hidden: list[str] = []
    without: list[str] = []
    sheets: list[list[_Record]] = []
    for part in parts:
        records, unended = (
            (part.sheet.records, None) if part.sheet is not None else _text_records(path, part.text)
        )
        sheets.append(records)
        header = _find_header(path, records, wanted, needed)
        year = ""
        dated = header is not None
        if not dated and (len(parts) == 1 or not is_summary(part.name)) and (part.name or undated):
            header = _find_header(path, records, wanted, [group for group in needed if "year" not in group])
            years = set(_YEAR.findall(part.name))
            year = years.pop() if len(years) == 1 else ""
            without += [part.name] if header is not None and not year else []
        if header is None:
            unread[part.name] = "no header with the columns needed"
            continue
        hidden += [part.name] if part.hidden else []
        label = part_label(path, part.name if len(parts) > 1 else "")
        table = _table(label, records, header, unended, sheet=part.sheet, counts=counts)
        if year:
            table = replace(table, table=table.table.assign(year=year))
        elif not dated:
            table = replace(table, table=table.table.assign(undated="yes", titles=_above(records, header)))
        tables.append((part.name, table))
    if hidden and len(hidden) < len(tables):
        listed = ", ".join(map(repr, hidden))
        raise fault(path, "no hidden sheet among those read", listed, CHOOSE)
    if without and not undated:
        listed = f"neither in {', '.join(map(repr, without))}"
        raise fault(path, "a column of dates or years, or the year in the name of the sheet", listed, CHOOSE)
    if tables:
        return join_parts(path, tables, unread)
    words = "; ".join(" or ".join(sorted(group)) for group in needed)
    first = next((" | ".join(filter(None, cells)) for records in sheets for _, cells in records), "nothing")
    remedy = "Name the columns in the column map (role to name in the file)."
    raise LayoutError([Fault(str(path), f"a header with columns for {words}", first[:200], remedy)])


def _above(records: Sequence[_Record], header: _Header) -> str:
    """Return the cells above the last row of a header, one a line, each once."""
    cells = (cell for _, row in records[: header.last] for cell in row)
    return "\n".join(dict.fromkeys(filter(None, cells)))


def _text_records(path: Path, data: bytes) -> tuple[list[_Record], int | None]:
    """Return the records of delimited text, and the line that may be truncated, else None."""
    text = decoded(data)
    sep = separator(text.text)
    ended = text.text.endswith(("\n", "\r")) and not text.cut
    last = text.text.rstrip("\r\n").count("\n") + 1
    reader = csv.reader(io.StringIO(text.text, newline=""), delimiter=sep, strict=True)
    records: list[_Record] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                check_columns(path, len(cells))
                check_rows(path, len(records))
                records.append((line, [repaired(cell.strip()) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        if line < last and ended:
            raise fault(
                path, "cells set apart, quotes in pairs", str(error), "Correct the line.", line
            ) from None
        records.append((line, []))
        return records, line
    return records, None if ended or not records else records[-1][0]


def _find_header(
    path: Path,
    records: Sequence[_Record],
    wanted: Mapping[str, Sequence[str]],
    needed: Sequence[frozenset[str]],
) -> _Header | None:
    """Return the header of one or two rows that gives most roles a column, None where there is none."""
    best: tuple[int, int, dict[str, int], list[Fault]] | None = None
    for at in range(min(len(records), _TITLES)):
        line, own = records[at]
        below = records[at + 1][1] if at + 1 < len(records) else []
        for deep, names in ((0, [[folded_column(cell)] for cell in own]), (1, _stacked(own, below))):
            places, unclear = _places(path, line, names, wanted)
            enough = all(group & set(places) for group in needed)
            if enough and (best is None or len(places) - len(unclear) > len(best[2]) - len(best[3])):
                best = (at, deep, places, unclear)
    if best is None:
        return None
    at, deep, places, unclear = best
    if unclear:
        raise SchemaError(unclear)
    return _Header(at, at + deep, places, max(len(records[at][1]), len(records[at + deep][1])))


def _stacked(own: Sequence[str], below: Sequence[str]) -> list[list[str]]:
    """Return the names of each column under a header of two rows, the upper with merged cells."""
    names = []
    upper = ""
    for at in range(max(len(own), len(below))):
        top = own[at] if at < len(own) else ""
        low = below[at] if at < len(below) else ""
        upper = top or (upper if low else "")
        both = f"{upper} {low}" if low else upper
        names.append(list(dict.fromkeys(folded_column(name) for name in (low or upper, both) if name)))
    return names


def _places(
    path: Path, line: int, names: Sequence[Sequence[str]], wanted: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], list[Fault]]:
    """Return the column of each role that has one, and a fault where two columns match equally well."""
    places: dict[str, int] = {}
    unclear: list[Fault] = []
    for role, aliases in wanted.items():
        for alias in aliases:
            found = [at for at, given in enumerate(names) if alias in given and at not in places.values()]
            seized = [at for at in found if any("asegur" in name for name in names[at])]
            found = seized if len(seized) == 1 else found
            if len(found) > 1:
                remedy = f"Name the one that holds {role!r} in the column map."
                listed = f"columns {', '.join(str(at + 1) for at in found)}"
                unclear.append(Fault(str(path), f"one column {alias!r}", listed, remedy, line))
            if found:
                places[role] = found[0]
                break
    return places, unclear


def _table(
    path: Path,
    records: Sequence[_Record],
    header: _Header,
    unended: int | None,
    *,
    sheet: Sheet | None,
    counts: frozenset[str],
) -> TextTable:
    """Return the rows below the header."""
    rows: list[int] = []
    store: list[list[str]] = []
    faults: list[Fault] = []
    dropped: Counter[str] = Counter()
    merged = sheet.merged if sheet is not None else frozenset()
    shift = sheet.days_before if sheet is not None else 0
    added = [shift if role == "date" else 0 for role in header.places]
    head = {tuple(cells) for _, cells in records[: header.last + 1]}
    for line, cells in records[header.last + 1 :]:
        filled = sum(bool(cell) for cell in cells)
        if line == unended:
            dropped[UNENDED] += 1
        elif (filled <= 1 and header.width > 2) or tuple(cells) in head:
            dropped[NOT_A_ROW] += 1
        elif len(cells) < header.width or any(cells[header.width :]):
            dropped[RAGGED] += 1
            remedy = "Quote a cell that holds the separator, or add the missing cells."
            faults.append(Fault(str(path), f"{header.width} cells", f"{len(cells)} cells", remedy, line))
        else:
            rows.append(line)
            store.append(
                [
                    "" if role in counts and (line, at) in merged else _cell(cells[at], days)
                    for (role, at), days in zip(header.places.items(), added, strict=True)
                ]
            )
    if not rows:
        raise SchemaError(
            [Fault(str(path), "rows below the header", "none", "Give a file that has data rows.")]
        )
    table = pd.DataFrame(store, columns=list(header.places), dtype="str")
    titles = _titles([cells for _, cells in records[header.first : header.last + 1]])
    taken = {role: titles.get(at, "") for role, at in header.places.items()}
    every = tuple(titles[at] for at in sorted(titles))
    return TextTable(
        table, tuple(rows), taken, dict(dropped), tuple(faults), columns=every, taken=dict(taken)
    )


def _titles(rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the name of each column as a reader of the file sees it, the upper of merged cells before the lower.

    Examples
    --------
    >>> _titles([["Estado", "Armas", ""], ["", "Largas", "Cortas"]])
    {0: 'Estado', 1: 'Armas Largas', 2: 'Armas Cortas'}
    """
    titles: dict[int, str] = {}
    top = ""
    for at in range(max(map(len, rows))):
        own = rows[0][at].strip() if at < len(rows[0]) else ""
        below = rows[1][at].strip() if len(rows) > 1 and at < len(rows[1]) else ""
        top = own or (top if below else "")
        words = dict.fromkeys(filter(None, (top, below)))
        if words:
            titles[at] = " ".join(words)
    return titles


def _cell(cell: str, days: int) -> str:
    """Return a cell, "" where a dash or the like marks a missing value; the number of a day counts from 1900."""
    if days and _DAY.fullmatch(cell):
        return str(float(cell) + days)
    return "" if blank(cell) else cell
