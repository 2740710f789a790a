"""Errors: each states what was expected, what was found, and what to do.

CorridorsError                 every error raised on purpose
├── InputError                 an input of the user is wrong (also a ValueError); exit code 2
│   ├── SchemaError            a table breaks its schema
│   │   └── LayoutError        a file lacks the columns of the format it is read as
│   ├── ConfigError            a setting is unknown or out of range
│   └── CatalogError           a file is absent from, or differs from, the catalog
├── NotEnoughDataError         the input is well formed but cannot carry an inference; exit code 3
└── OutputError                an output cannot be written or would not be safe to publish
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.core.signs import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_LISTED_PER_KIND = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input.

    Parameters
    ----------
    file
        File or table at fault, as the user named it.
    expected, found, remedy
        What was expected, what was found, and what to do.
    row
        1-based line of the file, the header being line 1; None where the fault is not of one row.
    column
        Column name; None where the fault is not of one column.
    """

    file: str
    expected: str
    found: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return the fault on one line, control characters of the file written out."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column!r}"
        return one_line(f"{place}: expected {self.expected}, found {self.found}. {self.remedy}")


class CorridorsError(Exception):
    """Base of every error raised on purpose."""


class InputError(CorridorsError, ValueError):
    """Raised when an input of the user is wrong. Carries every fault found, not only the first.

    Parameters
    ----------
    faults
        At least one fault, in the order found.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(report(self.faults))


class SchemaError(InputError):
    """Raised when a table breaks its schema."""


class LayoutError(SchemaError):
    """A file lacks the columns of the format it is read as, whatever its rows hold."""


class ConfigError(InputError):
    """Raised when a setting is unknown or out of range."""


class CatalogError(InputError):
    """Raised when a file is absent or differs from the catalog."""


class NotEnoughDataError(CorridorsError):
    """Raised when the input is well formed but cannot carry an inference."""


class OutputError(CorridorsError):
    """Raised when an output cannot be written or would not be safe to publish."""


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The sentences around the faults of a report, with their placeholders in braces.

    Parameters
    ----------
    head
        First line; `count`.
    more
        Line that stands for the rest of faults alike; `count` and `where`.
    rows
        Rows of that rest; `rows`.
    """

    head: str = "{count} fault(s) in the input:"
    more: str = "  and {count} more like it{where}"
    rows: str = " (rows {rows})"


def report(
    faults: Sequence[Fault], line: Callable[[Fault], str] = str, words: ReportWords | None = None
) -> str:
    """Return one line per fault; of faults that differ only in their row, the first few and a count.

    Parameters
    ----------
    faults
        In the order found.
    line
        Returns a fault as a line; in English by default.
    words
        The sentences around them; in English by default.
    """
    words = words or ReportWords()
    groups: dict[tuple[str, str | None, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.file, fault.column, fault.expected, fault.remedy), []).append(fault)
    lines = [words.head.format(count=len(faults))]
    for alike in groups.values():
        lines += [f"- {line(fault)}" for fault in alike[:MAX_LISTED_PER_KIND]]
        if len(alike) > MAX_LISTED_PER_KIND:
            rows = [str(fault.row) for fault in alike[MAX_LISTED_PER_KIND:] if fault.row is not None]
            shown = ", ".join(rows[:20]) + (", …" if len(rows) > 20 else "")
            where = words.rows.format(rows=shown) if rows else ""
            lines.append(words.more.format(count=len(alike) - MAX_LISTED_PER_KIND, where=where))
    return "\n".join(lines)
