"""Read tables as agencies publish them: any common encoding and separator, titles above the header, Excel.

Every cell is text. An incomplete row is not guessed at: one with too few or too many cells, or a last line that does
not end (an interrupted download), is dropped and counted in `dropped`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.core.files import not_a_file
from corridors.core.limits import limits
from corridors.sources.reading.encoding import decoded, folded_column, repaired
from corridors.sources.reading.parts import file_parts, part_label, refuse_other_text, unpacked
from corridors.sources.reading.separators import separator
from corridors.sources.reading.size import check_columns, check_rows, check_size
from corridors.sources.reading.text_table import CHOOSE, TextTable, join_parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from corridors.sources.reading.parts import Part

__all__ = ["TextTable", "content", "fault", "folded_column", "pick", "read_text_table"]

UNENDED = "last line does not end: the file may be cut there"
RAGGED = "row without as many cells as the header"
_TITLES = 40  # rows in which the header is looked for
_FILLED = 0.75  # minimum cells of a header as a fraction of the fullest of those rows (a single damaged row is ignored)


def read_text_table(
    path: Path,
    *,
    sep: str | None = None,
    header_row: int | None = None,
    sheet: str | None = None,
    names: Collection[str] = (),
    columns: Collection[str] | None = None,
    keep_unended: bool = False,
    archive: Mapping[str, str] | None = None,
) -> TextTable:
    """Return the table in a text file or an Excel file (packed or not), all sheets or files that have it joined.

    Parameters
    ----------
    path
        File, known by its first bytes: an Excel workbook, a zip, or text.
    sep
        Separator of the cells; by default the most frequent of comma, tab, semicolon and bar.
    header_row
        1-based line or row of the header. By default the first row that has all of `names`, else the first
        that is about as full as those after it, so that titles above are skipped.
    sheet
        Excel sheet or file in the zip; by default all whose header has all of `names`, else all with the columns
        of the first that is not empty.
    names
        Folded names that the header contains.
    columns
        Folded names to keep (to save memory on large files); all by default.
    keep_unended
        Whether to keep a last line that does not end but has all its cells: for files whose rows can be verified
        otherwise (by a total).
    archive
        Given for a publisher's archive of several tables: its files that are not unpacked, each with the reason. Parts
        without all of `names` are then not read, and parts may repeat each other's rows, which is the loader's to count.

    Raises
    ------
    SchemaError
        When the file is absent, empty, a web page, not Excel despite its name, or has no usable header.
    """
    wanted = frozenset(names)
    tables: list[tuple[str, TextTable]] = []
    unread: dict[str, str] = dict(archive or {})
    parts = file_parts(path, sheet, skip=unread)
    fitting = _fitting(
        path,
        [(part, _found(path, part, sep, keep_unended)) for part in parts],
        wanted,
        mixed=archive is not None,
    )
    for part, found in fitting:
        label = part_label(path, part.name if len(parts) > 1 else "")
        if found is None:
            unread[part.name] = "no header of this format"
        else:
            tables.append((part.name, _table(label, found, header_row, wanted, columns)))
    return join_parts(path, tables, unread, may_repeat=archive is not None)


def _found(path: Path, part: Part, sep: str | None, keep_unended: bool) -> _Found:  # noqa: FBT001
    """Return the rows of a part."""
    if part.sheet is not None:
        return _Found(part.sheet.records, merged=part.sheet.merged)
    text = decoded(part.text)
    lines = text.text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_other_text(path, lines)
    mark = sep or separator(lines)
    records = _within(path, _split(lines) if mark == "\t" else _parse(path, lines, mark))
    return _Found(records, text.encoding, ended=not text.cut and (keep_unended or lines.endswith("\n")))


def _fitting(
    path: Path, parts: Sequence[tuple[Part, _Found]], names: frozenset[str], *, mixed: bool = False
) -> list[tuple[Part, _Found | None]]:
    """Return the parts, None in place of the rows where another part fits better.

    Parts fit whose header has all of `names`; without such, those with the columns of the first that has two or more.
    `mixed` parts are of several tables, some of which have nearly the same columns.

    Raises
    ------
    SchemaError
        When a hidden part fits beside visible ones, or one lacks a few of the names that others have.
    """
    if len(parts) == 1:
        return [*parts]
    heads = []
    for part, found in parts:
        records = iter(found.records)
        head = list(islice(records, _TITLES))
        heads.append((part, replace(found, records=chain(head, records)), _best_header(head, names)))
    has = [names <= header for _, _, header in heads]
    if not names or not any(has):
        first = next(
            (header for *_, header in heads if len(header) > 1), heads[0][2]
        )  # notes have one column
        has = [bool(header) and header == first for *_, header in heads]
    near = [
        part.name
        for (part, _, header), own in zip(heads, has, strict=True)
        if any(has) and names and not own and not mixed and len(names & header) > len(names) / 2
    ]
    hidden = [part.name for (part, _, _), own in zip(heads, has, strict=True) if own and part.hidden]
    if near or (hidden and len(hidden) < sum(has)):
        listed = ", ".join(
            [
                *(
                    f"{name!r} without {', '.join(sorted(names - header))}"
                    for part, _, header in heads
                    for name in [part.name]
                    if name in near
                ),
                *(f"{name!r}, which is hidden" for name in hidden),
            ]
        )
        raise fault(path, "the same columns in every sheet, none of them hidden", listed, CHOOSE)
    return [(part, found if own else None) for (part, found, _), own in zip(heads, has, strict=True)]


def _best_header(head: Sequence[tuple[int, Sequence[str]]], names: frozenset[str]) -> frozenset[str]:
    """Return the folded names in the row that has most of `names`, or in the first that is about full."""
    rows = [frozenset(map(folded_column, cells)) - {""} for _, cells in head]
    if names and rows:
        return max(rows, key=lambda row: len(names & row))
    place = _header_place(head, None, names)
    return frozenset() if place is None else rows[place]


def content(path: Path) -> bytes:
    """Return a file's bytes, decompressed where it is packed with gzip or bzip2.

    Raises
    ------
    SchemaError
        When the file is absent or empty, or the packed bytes are damaged.
    """
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    check_size(path)
    return unpacked(path, path.read_bytes())


def pick(
    read: TextTable,
    wanted: Mapping[str, Sequence[str]],
    *,
    path: Path,
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the wanted columns under their own names.

    Parameters
    ----------
    read
        Table as read.
    wanted
        Name to give to the names the file may use, in order of preference; the last "" makes it optional
        (absent: empty cells).
    path
        File, for messages.
    columns
        The user's column map, name to give to name in the file; it goes before `wanted`.

    Raises
    ------
    LayoutError
        With a fault for every column that is absent.
    """
    given = dict(columns or {})
    faults: list[Fault] = []
    cells: dict[str, pd.Series[str]] = {}
    for name, aliases in wanted.items():
        choices = [given[name]] if name in given else [alias for alias in aliases if alias]
        column = next((fold for fold in map(folded_column, choices) if fold in read.table), None)
        if column is not None:
            cells[name] = read.table[column]
            read.taken[name] = read.names.get(column, column)
        elif name not in given and "" in aliases:
            cells[name] = pd.Series("", index=read.table.index, dtype="str")
        else:
            expected = f"a column {' or '.join(map(repr, dict.fromkeys(choices)))}"
            found = f"columns {', '.join(read.columns or tuple(read.names.values()))}"
            remedy = f"Name the column that holds {name!r} in the column map."
            faults.append(Fault(str(path), expected, found, remedy, column=name))
    if faults:
        raise LayoutError(faults)
    return pd.DataFrame(cells, index=read.table.index)


def fault(path: Path, expected: str, found: str, remedy: str, row: int | None = None) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, remedy, row)])


# Columns that name a row: a number merged over rows holds for each of them.
_KEY = re.compile(
    r"(ano|anio|year|fiscal_year|month|fecha|date|cve|clave|cod|ent|inegi|id|lic_|premise_|user_)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows of a file, its encoding, and whether its last row ends."""

    records: Iterable[tuple[int, Sequence[str]]]
    encoding: str = ""
    ended: bool = True
    merged: frozenset[tuple[int, int]] = frozenset()


def _within(path: Path, records: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield records, and raise where they or their cells are more than the limits."""
    most = limits()
    for count, (line, cells) in enumerate(records):
        if count > most.rows or len(cells) > most.columns:
            check_columns(path, len(cells))
            check_rows(path, count)
        yield line, cells


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and cells of tab-separated text, where no cell spans lines."""
    for line, cells in enumerate(text.split("\n"), start=1):
        if cells.strip():
            yield line, [_unquoted(cell) for cell in cells.split("\t")]


def _unquoted(cell: str) -> str:
    """Return a cell without the quotes around it."""
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return bare


def _parse(path: Path, text: str, sep: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and cells of each record; a quote left open on the last line ends the records."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=sep, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if line <= text.rstrip("\n").count("\n"):
            remedy = "Correct the line."
            raise fault(path, "cells set apart, quotes in pairs", str(error), remedy, line) from None
        yield line, []


def _table(
    path: Path,
    found: _Found,
    header_row: int | None,
    names: frozenset[str],
    columns: Collection[str] | None,
) -> TextTable:
    """Return the table below the header."""
    records = iter(found.records)
    head = list(islice(records, _TITLES))
    place = _header_place(head, header_row, names)
    if place is None:
        raise fault(path, "a header line and rows", "none", "Give a file that has a header and data rows.")
    header = _header(path, *head[place])
    kept = {name: at for name, at in header.items() if columns is None or name in columns}
    store: list[list[str]] = [[] for _ in kept]
    same: dict[str, str] = {}
    rows: list[int] = []
    faults: list[Fault] = []
    dropped: Counter[str] = Counter()
    repairs, width = 0, len(head[place][1])

    for (line, cells), last in _with_last(chain(head[place + 1 :], records)):
        complete, unended = _complete(cells, width), last and not found.ended
        if complete is None or unended:
            reason = UNENDED if unended else RAGGED
            dropped[reason] += 1
            faults.append(_incomplete(path, line, cells, width, unended=unended))
            continue
        rows.append(line)
        for column, (name, at) in zip(store, kept.items(), strict=True):
            cell = complete[at]
            if (line, at) in found.merged and cell.isdecimal() and not _KEY.match(name):
                remedy = "Unmerge the cell, and give each row its own number."
                raise fault(path, "a number for each row", f"{cell!r} merged over several rows", remedy, line)
            if cell not in same:
                same[cell] = repaired(cell.strip())
            repairs += same[cell] != cell.strip()
            column.append(same[cell])
    table = pd.DataFrame(dict(zip(kept, store, strict=True)), dtype="str")
    original = {name: head[place][1][at].strip() for name, at in kept.items()}
    every = tuple(cell.strip() for cell in head[place][1] if cell.strip())
    return TextTable(
        table, tuple(rows), original, dict(dropped), tuple(faults), found.encoding, repairs, every
    )


def _with_last(
    records: Iterable[tuple[int, Sequence[str]]],
) -> Iterator[tuple[tuple[int, Sequence[str]], bool]]:
    """Yield each record and whether it is the last."""
    before: tuple[int, Sequence[str]] | None = None
    for record in records:
        if before is not None:
            yield before, False
        before = record
    if before is not None:
        yield before, True


def _header_place(
    head: Sequence[tuple[int, Sequence[str]]], header_row: int | None, names: frozenset[str]
) -> int | None:
    """Return the place of the header among the first records."""
    if header_row is not None:
        return next((place for place, (line, _) in enumerate(head) if line == header_row), None)
    if names:
        for place, (_, cells) in enumerate(head):
            if names <= {folded_column(cell) for cell in cells}:
                return place
    filled = [sum(bool(cell.strip()) for cell in cells) for _, cells in head]
    usual = [count for count, times in Counter(filled).items() if times > 1] or filled
    enough = _FILLED * max(usual, default=0)
    return next((place for place, count in enumerate(filled) if count >= enough), None)


def _header(path: Path, line: int, cells: Sequence[str]) -> dict[str, int]:
    """Return folded name to place of each column, each named once; columns without a name are skipped."""
    places = [(folded_column(cell), at) for at, cell in enumerate(cells)]
    counts = Counter(name for name, _ in places if name)
    repeated = sorted(name for name, times in counts.items() if times > 1)
    if repeated or not counts:
        found = f"{', '.join(map(repr, repeated))} again" if repeated else "no names"
        raise fault(path, "a different name for each column", found, "Name each column once.", line)
    return {name: at for name, at in places if name}


def _complete(cells: Sequence[str], width: int) -> Sequence[str] | None:
    """Return the cells of a complete row, else None; empty cells beyond the header are ignored."""
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return None
    return cells


def _incomplete(path: Path, line: int, cells: Sequence[str], width: int, *, unended: bool) -> Fault:
    """Return the fault of a dropped row."""
    if unended:
        remedy = "Download the file again, or end its last line."
        return Fault(str(path), "a last line that ends", f"{len(cells)} of {width} cells", remedy, line)
    remedy = "Quote a cell that holds the separator, or add the missing cells."
    return Fault(str(path), f"{width} cells", f"{len(cells)} cells", remedy, line)
