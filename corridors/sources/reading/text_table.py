"""A table of text cells, and the join of the parts of one file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.reading.encoding import folded_name
from corridors.sources.reading.parts import part_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CHOOSE = 'Delete the sheets or files that repeat others, or name the one to read: columns = { sheet = "its name" }.'
MANY = 4
"""Number of parts up to which each has a note of its own on why it was not read."""
_SUMMARY = re.compile(
    r"\b(resumen|totale?s?|global|summary|consolidado|concentrado|general|acumulado|todos|todas|all|nacional)\b"
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """Table of text cells as read; an empty cell is "".

    Parameters
    ----------
    table
        Cells, the columns named as `folded_column` names them.
    rows
        1-based line in the file, or row of the sheet, of each row.
    names
        Folded column name to the name the file has.
    dropped
        Reason to number of rows dropped because they are incomplete.
    faults
        One for each dropped row.
    encoding
        As recognized; "" for Excel.
    repaired
        Cells whose text had been encoded twice.
    columns
        Every column of the file, those that were not kept among them.
    parts
        Sheet, or file in a zip, of each row; () where the file is one table.
    notes
        Which parts were read, and which not and why.
    taken
        Our name to the name the file has, of each column that a loader took; `pick` fills it.
    """

    table: pd.DataFrame
    rows: tuple[int, ...]
    names: Mapping[str, str]
    dropped: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    encoding: str = ""
    repaired: int = 0
    columns: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    taken: dict[str, str] = field(default_factory=dict)

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns of the file that no loader took."""
        taken = set(self.taken.values())
        return tuple(name for name in self.columns or tuple(self.names.values()) if name not in taken)

    @property
    def total(self) -> int:
        """Rows of the file, dropped ones included."""
        return len(self.rows) + sum(self.dropped.values())

    def fault(  # noqa: PLR0917 - the fields of a fault
        self, path: Path, at: int, expected: str, found: str, remedy: str, column: str | None = None
    ) -> Fault:
        """Return a fault of one row, with its line and sheet."""
        file = part_label(path, self.parts[at] if self.parts else "")
        return Fault(str(file), expected, found, remedy, self.rows[at], column)


def is_summary(name: str) -> bool:
    """Return whether a sheet is named as a summary of others.

    Examples
    --------
    >>> is_summary("RESUMEN 2019"), is_summary("2019"), is_summary("Totales")
    (True, False, True)
    """
    return bool(_SUMMARY.search(folded_name(name)))


def join_parts(
    path: Path, read: Sequence[tuple[str, TextTable]], unread: Mapping[str, str], *, may_repeat: bool = False
) -> TextTable:
    """Return the tables of a file's parts as one, a part that repeats others left out where its name says so.

    Parameters
    ----------
    path
        File, for messages.
    read
        Part and its table.
    unread
        Part to the reason it was not read.
    may_repeat
        Whether parts may hold the rows of others, which the loader counts.

    Raises
    ------
    SchemaError
        When the rows of a part are all in other parts and no name says which is the summary.
    """
    read, unread = list(read), dict(unread)
    for name, table in [] if may_repeat else list(read):
        others = [other for part, other in read if part != name]
        if others and _repeats(table, others):
            if not is_summary(name) or all(is_summary(part) for part, _ in read):
                parts = ", ".join(repr(part) for part, _ in read)
                found = f"all rows of {name!r} in the others again (of {parts})"
                raise SchemaError([Fault(str(path), "each row in one sheet or file", found, CHOOSE)])
            read = [item for item in read if item[0] != name]
            unread[name] = "its rows are in the others"
    notes = _unread_notes(unread)
    if len(read) == 1:
        if notes:
            notes = [f"read: {read[0][0]!r}", *notes]
        return replace(read[0][1], notes=tuple(notes))
    listed = "; ".join(f"{name!r} ({len(table.rows):,} rows)" for name, table in read)
    tables = [table for _, table in read]
    dropped = sum((Counter(table.dropped) for table in tables), Counter[str]())
    return TextTable(
        pd.concat([table.table for table in tables], ignore_index=True).fillna("").astype("str"),
        tuple(row for table in tables for row in table.rows),
        {name: own for table in reversed(tables) for name, own in table.names.items()},
        dict(dropped),
        tuple(fault for table in tables for fault in table.faults),
        tables[0].encoding,
        sum(table.repaired for table in tables),
        tuple(dict.fromkeys(column for table in tables for column in table.columns)),
        tuple(name for name, table in read for _ in table.rows),
        (f"read: {listed}", *notes),
        {name: own for table in reversed(tables) for name, own in table.taken.items()},
    )


def _unread_notes(unread: Mapping[str, str]) -> list[str]:
    """Return a note on each part that was not read, parts of the same reason together where they are many."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in unread.items():
        by_reason.setdefault(reason, []).append(name)
    return [
        f"not read: {', '.join(map(repr, some))} ({reason})"
        for reason, names in by_reason.items()
        for some in ([names] if len(names) > MANY else [[name] for name in names])
    ]


def _repeats(table: TextTable, others: Sequence[TextTable]) -> bool:
    """Return whether every row of a table is in others."""
    shared = [name for name in table.table if all(name in other.table for other in others)]
    if not shared or table.table.empty:
        return False
    pool = {row for other in others for row in other.table[shared].itertuples(index=False, name=None)}
    return all(row in pool for row in table.table[shared].itertuples(index=False, name=None))
