"""Contract of a loader: a function from a file, as an agency publishes it, to checked tables and a report of its rows.

Loaders live in `agencies` and `roads`, one module per agency or family of formats. Each module lists its formats in
`FORMATS`; `registry.py` lists the modules, imports the one asked for, and finds the format a file is of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.core.errors import CorridorsError


@dataclass(frozen=True, slots=True)
class TablePreview:
    """Preview of a table that was read from a file.

    Parameters
    ----------
    id
        Table id.
    rows
        Rows of the table.
    columns
        Its columns, in the order of its schema.
    period
        First and last time in it, "" where it has none.
    sums
        Sum of each column of counts.
    first
        First rows, an empty cell as None and a shape as its kind and its box.
    unread
        Layers of its file that are not read.
    """

    id: str
    rows: int
    columns: tuple[str, ...]
    period: str
    sums: Mapping[str, float]
    first: tuple[Mapping[str, Any], ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Report on the rows of a file: kept, dropped and why.

    Parameters
    ----------
    format, file
        Format id and file name.
    rows
        Rows of the file (records, events or ways: see `unit`).
    kept
        Rows that are in a table, or counted in one.
    dropped
        Reason to number of rows; `kept` and all of these add up to `rows`.
    unit
        Meaning of a row of the file.
    period
        Time the file covers, as text, e.g. "2015-01..2025-06".
    notes
        Notes for the reader: breaks of series, rows matched by name, names that were similar but not the same.
    stopped_by
        The error with which a run with this file would stop before it infers anything; None where it would not, or where
        nobody asked.
    columns
        Our name to the name the file has, of each column read; empty where the file has no columns (events, ways).
    unused
        Columns of the file that are not read.
    tables
        Preview of each table that the file gives, where asked for.
    """

    format: str
    file: str
    rows: int
    kept: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    unit: str = "rows"
    period: str = ""
    notes: tuple[str, ...] = ()
    stopped_by: CorridorsError | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    tables: tuple[TablePreview, ...] = ()

    @property
    def stops_run(self) -> str:
        """Why a run would stop, in English; "" where it would not."""
        return "" if self.stopped_by is None else str(self.stopped_by)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Checked tables by id, and the report of the file they came from."""

    tables: Mapping[str, pd.DataFrame]
    report: Report


@dataclass(frozen=True, slots=True)
class Context:
    """Data that a loader may look values up in.

    Parameters
    ----------
    tables
        The default tables by id, checked: municipalities, counties, zip_points, ports_of_entry and so on.
    columns
        The user's column map, from the name a table wants to the name the file has.
    period
        Time that the user says the file covers ("2023..2025"), for one that does not say it; "" where not given.
    """

    tables: Mapping[str, pd.DataFrame]
    columns: Mapping[str, str] = field(default_factory=dict)
    period: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """File format of an agency or project.

    Parameters
    ----------
    id
        Name for `--as` and the TOML, e.g. "sesnsp_municipal".
    title, publisher
        In English, for messages and listings.
    tables
        Ids of the tables it produces.
    suffixes
        File name endings it may have, lower case with the dot.
    signature
        Column names (folded: lower case, no accents, words joined by "_") all of which a file of this format has;
        empty where columns do not identify it.
    read
        The loader. Raises SchemaError with every fault of the file.
    variants
        Further sets of column names that identify it, for layouts that differ.
    """

    id: str
    title: str
    publisher: str
    tables: tuple[str, ...]
    suffixes: tuple[str, ...]
    signature: frozenset[str]
    read: Callable[[Path, Context], Loaded]
    variants: tuple[frozenset[str], ...] = ()

    def signature_in(self, columns: frozenset[str]) -> frozenset[str]:
        """Return the largest of its sets of column names that a file's columns contain; empty where none is."""
        return max(
            (one for one in (self.signature, *self.variants) if one <= columns), key=len, default=frozenset()
        )
