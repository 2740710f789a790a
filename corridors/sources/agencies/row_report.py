"""Shared by the loaders of agencies' formats: the report of every row, counts, months, places and checked tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.core.schema import arrange
from corridors.sources.reading.delimited import fault, folded_column
from corridors.sources.reading.numbers import read_code, read_counts
from corridors.sources.schemas.columns import POSTAL_CODES
from corridors.sources.schemas.formats import Report
from corridors.sources.schemas.gate import check_table
from corridors.sources.schemas.mexico import MARKS
from corridors.sources.schemas.tables import SCHEMAS
from corridors.sources.schemas.us import US_LOADED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_NOT_OURS = "Check that the file is of this format and covers Arizona, California, New Mexico or Texas."
MAX_LISTED = 8


@dataclass(slots=True)
class RowReport:
    """Row report: why each row of a file was dropped (the first reason wins), with notes for the reader.

    Parameters
    ----------
    reasons
        Reason of each row, "" for one that is kept.
    notes
        What a reader must know.
    """

    reasons: pd.Series[str]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, read: TextTable) -> Self:
        """Return the report of a table from which no row is dropped yet."""
        return cls(pd.Series("", index=read.table.index, dtype="str"), list(read.notes))

    @property
    def kept(self) -> pd.Series[bool]:
        """Rows that no reason drops."""
        return self.reasons == ""

    def drop(self, rows: pd.Series[bool], reason: str) -> None:
        """Drop rows for a reason, unless they are dropped already."""
        self.reasons = self.reasons.mask(rows & self.kept, reason)

    def note(self, *words: str) -> None:
        """Add notes for the reader; empty and repeated ones are ignored."""
        self.notes += [word for word in words if word and word not in self.notes]

    def to_report(self, format_id: str, path: Path, read: TextTable, *, unit: str, period: str) -> Report:
        """Return the loader's report, rows dropped in reading included."""
        dropped = Counter(read.dropped) + Counter(self.reasons[~self.kept].tolist())
        lines = [str(item.row) for item in read.faults]
        self.note(f"incomplete lines left out: {shorten_list(lines)}" if lines else "")
        self.note(f"{read.repaired:,} cells were encoded twice and were repaired" if read.repaired else "")
        rows, kept = read.total, int(self.kept.sum())
        report = Report(format_id, path.name, rows, kept, dict(dropped), unit, period, tuple(self.notes))
        return replace(report, columns=dict(read.taken), unused=read.unused)


def wanted_columns(wanted: Mapping[str, Sequence[str]], context: Context) -> frozenset[str]:
    """Return the folded names of every column a loader may use, the user's own among them."""
    names = {folded_column(alias) for aliases in wanted.values() for alias in aliases if alias}
    return frozenset(names | {folded_column(name) for name in context.columns.values()})


def this_year() -> int:
    """Return the year of today: no record is of a later one."""
    return datetime.now(tz=UTC).year


def to_integers(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return text or float cells as nullable whole numbers, rounding halves to even."""
    return pd.to_numeric(cells.replace("", None)).astype("float64").round().astype("Int64")


def repeated_rows(table: pd.DataFrame, key: Sequence[str], read: TextTable, path: Path) -> pd.Series[bool]:
    """Return which rows repeat an earlier row.

    Parameters
    ----------
    table
        Rows to compare: the key and what is counted.
    key
        Columns that name a row.

    Raises
    ------
    SchemaError
        With a fault for every row whose key an earlier row has with other counts.
    """
    again = table.duplicated()
    differs = table.duplicated(list(key)) & ~again
    if differs.any():
        remedy = "Keep one of them: the file may be two editions joined."
        raise SchemaError(
            [
                read.fault(
                    path,
                    at,
                    f"each {' + '.join(key)} once",
                    f"{', '.join(map(str, table.loc[at, list(key)]))} again with other counts",
                    remedy,
                )
                for at in table.index[differs]
            ]
        )
    return again


def without_months_to_come(
    counts: pd.DataFrame, year: pd.Series[int], table: pd.DataFrame
) -> tuple[pd.DataFrame, str]:
    """Return the counts, missing in months to come that are written as 0, and a note on them.

    They are the last months of the file's last year in which every row of the file is 0 or blank, those of other
    offenses among them. A year of nothing but zeros is to come only where it is not over.

    Parameters
    ----------
    counts
        Twelve columns of numbers, missing where blank.
    year
        Calendar year of each row of `counts`.
    table
        Every row of the file as text: `year` and the columns of `counts`.
    """
    if year.empty:
        return counts, ""
    last = int(year.max())
    years = read_counts(table["year"].str.strip().unique())
    cells = table.loc[table["year"].str.strip().map(years.get) == last, list(counts)]
    nothing = [
        all(value in {0, None} for value in read_counts(cells[month].unique()).values()) for month in counts
    ]
    ahead = len(list(takewhile(bool, reversed(nothing))))
    months = list(counts)[len(nothing) - ahead :]
    zeros = counts.loc[year == last, months].notna().to_numpy().any() if months else False
    if not zeros or (ahead == len(nothing) and last < this_year()):
        return counts, ""
    kept = counts.copy()
    kept.loc[year == last, months] = pd.NA
    span = f"{last}-{len(nothing) - ahead + 1:02d}..{last}-{len(nothing):02d}"
    return kept, f"{span} are 0 in every row of the file: taken as months to come, not as none"


def period_of(counts: pd.DataFrame, year: pd.Series[int]) -> tuple[str, str]:
    """Return the months with data as text, and a note on blank cells among them.

    Publishers leave future months blank. A month has data when any row of its year has a number in it; blank
    cells among the others are then gaps.

    Parameters
    ----------
    counts
        Twelve columns of numbers, missing where blank.
    year
        Calendar year of each row.
    """
    given = counts.notna()
    seen = given.groupby(year).transform("any")
    gaps = int((seen & ~given).to_numpy().sum())
    stamps = {
        f"{at}-{number:02d}"
        for number, month in enumerate(counts, start=1)
        for at in year[given[month]].unique()
    }
    period = f"{min(stamps)}..{max(stamps)}" if stamps else ""
    return period, f"{gaps:,} cells are blank in months that other rows have: counted as none" if gaps else ""


def months_by(counts: pd.DataFrame, keys: Sequence[pd.Series[Any]]) -> pd.Series[int]:
    """Return how many months have data in each group of rows."""
    return counts.notna().groupby(list(keys)).any().sum(axis=1)


def uneven_years_note(year: pd.Series[int], places: pd.Series[str], what: str) -> str:
    """Return a note where years differ in their number of places, as in a truncated file; "" where they do not."""
    counts = places.groupby(year).nunique()
    if counts.nunique() < 2:
        return ""
    listed = ", ".join(f"{at}: {count:,}" for at, count in counts.items())
    return f"years differ in their number of {what} ({listed}): the file may be cut"


def coverage_note(cvegeo: pd.Series[str], municipalities: pd.DataFrame) -> str:
    """Return a note on how many municipalities and states some codes cover."""
    places = cvegeo.drop_duplicates()
    return f"covers {len(places):,} municipalities in {states_covered(places.str[:2], municipalities)}"


def states_covered(codes: pd.Series[str], municipalities: pd.DataFrame) -> str:
    """Return a phrase on how many of the 32 states some codes are of, and which are absent or, if few, present."""
    names = dict(zip(municipalities["mx_state"], municipalities["state_name"], strict=True))
    present = [name for code, name in sorted(names.items()) if code in set(codes)]
    absent = [name for name in names.values() if name not in present]
    words = f"{len(present)} of {len(names)} states"
    if not absent:
        return words
    few, what = (present, "only") if len(present) < len(absent) else (absent, "not")
    return f"{words} ({what} {', '.join(few)})"


def shorten_list(words: Iterable[Any], max_items: int = MAX_LISTED) -> str:
    """Return the first few items as text, and how many more there are."""
    items = [str(word) for word in words]
    return ", ".join(items[:max_items]) + (
        f" and {len(items) - max_items:,} more" if len(items) > max_items else ""
    )


def year_span(years: Iterable[int]) -> str:
    """Return first and last year as text."""
    found = sorted(set(years))
    return "" if not found else f"{found[0]}..{found[-1]}"


def seizures_by_municipality(rows: pd.DataFrame) -> pd.DataFrame:
    """Return seizures summed to municipalities.

    Parameters
    ----------
    rows
        `cvegeo`, `event` (a name of the event that the row is of), `year` (with `last_year` where it is the first of
        several), and `long_guns`, `short_guns` and
        `firearms`, missing where the source does not state them.
    """
    guns = ["long_guns", "short_guns", "firearms"]
    by_event = rows.groupby(["cvegeo", "event"], sort=False)[guns].sum(min_count=1)
    made = by_event.groupby("cvegeo")[guns].sum(min_count=1)
    events = by_event["firearms"].groupby("cvegeo")
    years = rows.groupby("cvegeo")["year"]
    last_years = rows.groupby("cvegeo")["last_year" if "last_year" in rows else "year"]
    made = made.assign(
        events=events.size(),
        events_with_guns=(by_event["firearms"].fillna(0) > 0).groupby("cvegeo").sum(),
        first_year=years.min(),
        last_year=last_years.max(),
    )
    return made.reset_index()


def finish_mx_table(table_id: str, table: pd.DataFrame, path: Path, context: Context) -> pd.DataFrame:
    """Return a table of the Mexican side in the schema's order, checked, the columns of `MARKS` after it.

    Raises
    ------
    SchemaError
        When the table has no row or breaks its schema; a fault names its row by the key, since the table is not the file.
    """
    columns = {**SCHEMAS[table_id].columns, **MARKS}
    if table.empty:
        remedy = "See that the file is of this format and covers municipalities or states of Mexico."
        raise SchemaError([Fault(str(path), f"rows for the table {table_id!r}", "none", remedy)])
    named = [name for name in columns if name in table]
    rest = [name for name in table if name not in columns]
    key = list(SCHEMAS[table_id].key)
    ordered = table[[*named, *rest]].sort_values(key, kind="stable", ignore_index=True)
    return check_table(table_id, ordered, file=str(path), tables=context.tables)


def finish_us_table(table_id: str, table: pd.DataFrame, path: Path, context: Context) -> pd.DataFrame:
    """Return a table of the US side in the schema's columns and order, checked; absent optional columns are empty.

    Raises
    ------
    SchemaError
        When the table has no row or breaks its schema; a fault names its row by the key, since the table is not the file.
    """
    schema = SCHEMAS.get(table_id) or US_LOADED[table_id]
    if table.empty:
        raise fault(path, f"rows for the table {table_id!r}", "none", _NOT_OURS)
    completed = table.copy()
    for name, rule in schema.columns.items():
        if rule.empty and name not in completed:
            completed[name] = pd.NA
    return check_table(table_id, arrange(completed, schema), file=str(path), tables=context.tables)


def reference_table(context: Context, table_id: str, path: Path) -> pd.DataFrame:
    """Return a default table that the loader looks values up in.

    Raises
    ------
    SchemaError
        When the context lacks it.
    """
    if table_id not in context.tables:
        remedy = "Load the default tables first."
        raise fault(path, f"the table {table_id!r} to look places up in", "none", remedy)
    return context.tables[table_id]


def state_postal(cells: pd.Series[str]) -> pd.Series[str]:
    """Return the postal code of a US state given by name or code; other text in capitals."""
    codes = {name.upper(): code for name, code in POSTAL_CODES.items()}
    plain = cells.str.strip().str.upper()
    return plain.map(codes).where(plain.isin(list(codes)), plain)


def padded(cells: pd.Series[str], width: int) -> pd.Series[str]:
    """Return codes with the zeros in front that a spreadsheet or an integer column lost."""
    known = {
        cell: read_code(cell).zfill(width) if read_code(cell) else cell.strip() for cell in cells.unique()
    }
    return cells.map(known)
