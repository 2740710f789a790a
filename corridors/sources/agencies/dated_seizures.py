"""Dated seizures of guns by municipality, as a reader of bulletins keeps them: a row an event and municipality.

The columns are those of the table `seizure_events` (data/README.md), or their Spanish names. An event that names several
municipalities has a row each, with the guns of the whole event; its parts are equal where no share is given. What a
bulletin does not print stays unknown: a blank kind is no gun of that kind, and what a total holds beyond the kinds is of a
kind not printed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.municipality_names import (
    NO_CODE,
    Place,
    gazetteer,
    match_place,
    municipality_code,
    state_code,
)
from corridors.sources.agencies.row_report import (
    RowReport,
    coverage_note,
    finish_mx_table,
    reference_table,
    repeated_rows,
)
from corridors.sources.reading.delimited import pick, read_text_table
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.errors import Fault
    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

ID = "dated_seizures"
KINDS = ["long_guns", "short_guns", "machine_guns", "type_not_printed"]
GUNS = [*KINDS, "guns_total"]
AGAIN = "row given twice"
JOINT = "of an event that also names a place or a count that cannot be read"
NO_COUNT = "no count of guns"
_WANTED = {
    "event_id": ("event_id", "evento", "id_evento", ""),
    "date_from": ("date_from", "date", "fecha", "fecha_inicial"),
    "date_to": ("date_to", "fecha_final", ""),
    "cvegeo": ("cvegeo", "clave_geoestadistica", ""),
    "mx_state": ("mx_state", "state", "estado", "entidad", ""),
    "municipality": ("municipality", "municipio", ""),
    "long_guns": ("long_guns", "armas_largas", "largas", ""),
    "short_guns": ("short_guns", "armas_cortas", "cortas", ""),
    "machine_guns": ("machine_guns", "ametralladoras", ""),
    "type_not_printed": ("type_not_printed", "tipo_no_impreso", ""),
    "guns_total": ("guns_total", "total", "armas", ""),
    "share": ("share", "parte", ""),
    "series": ("series", "serie", ""),
    "url": ("url", "link", "enlace", "liga"),
    "note": ("note", "nota", ""),
}


def load_dated_seizures(path: Path, context: Context) -> Loaded:
    """Return dated seizures by municipality.

    Raises
    ------
    SchemaError
        With every fault of the file: a day that is none or is to come, a count that is no number, an event that contradicts
        itself.
    """
    read = read_text_table(path, sheet=context.columns.get("sheet"))
    table = pick(read, _WANTED, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    named = table["event_id"].ne("").any()
    again = table.duplicated()
    if named:
        again = repeated_rows(table, ["event_id", "cvegeo", "municipality"], read, path)
    row_report.drop(again, AGAIN)
    if not named:
        order = (~again).cumsum().astype("str").str.zfill(3)
        table["event_id"] = "E" + order
        row_report.note("no column of events: each row is one")
    days = _days(table, read, path)
    numbers = whole_numbers(table[GUNS], read, path)
    row_report.drop(numbers.isna().all(axis=1), NO_COUNT)
    table["cvegeo"] = _places(table, row_report, reference_table(context, "municipalities", path))
    broken = set(table.loc[~row_report.kept & ~again, "event_id"])
    row_report.drop(table["event_id"].isin(broken), JOINT)
    kept = row_report.kept
    rows = table[kept].assign(**_guns(numbers[kept], row_report), **days[kept])
    given = rows["mx_state"].map(state_code)
    rows["mx_state"] = given.where(given != "", rows["cvegeo"].str[:2])
    rows["share"] = _shares(rows, read, path)
    if rows["series"].eq("").all():
        row_report.note("no column of series: taken as the press alone (PRESS)")
        rows["series"] = "PRESS"
    row_report.note(coverage_note(rows["cvegeo"], context.tables["municipalities"]))
    made = finish_mx_table("seizure_events", rows.drop(columns="municipality"), path, context)
    period = f"{made['date_from'].min().date()}..{made['date_to'].max().date()}"
    return Loaded({"seizure_events": made}, row_report.to_report(ID, path, read, unit="rows", period=period))


def _days(table: pd.DataFrame, read: TextTable, path: Path) -> pd.DataFrame:
    """Return the first and the last day of each row; the first is the last where none is given.

    Raises
    ------
    SchemaError
        With a fault for each cell that is no day, or is one to come.
    """
    today = datetime.now(tz=UTC).date()
    ends = {
        "date_from": table["date_from"],
        "date_to": table["date_to"].where(table["date_to"] != "", table["date_from"]),
    }
    found: dict[str, pd.Series[pd.Timestamp]] = {}
    faults: list[Fault] = []
    for name, cells in ends.items():
        days = cells.map({cell: _day(cell) for cell in cells.unique()})
        stamps = pd.to_datetime(days).dt.as_unit("us")
        expected, remedy = "a day as 2025-02-19", "Write year, month and day in this order."
        faults += [
            read.fault(path, at, expected, repr(cells[at]), remedy, name)
            for at in cells.index[stamps.isna()].tolist()
        ]
        faults += [
            read.fault(path, at, f"a day up to {today}", cells[at], "Correct the cell.", name)
            for at in cells.index[stamps > pd.Timestamp(today)].tolist()
        ]
        found[name] = stamps
    if faults:
        raise SchemaError(faults)
    return pd.DataFrame(found)


def _day(cell: str) -> date | None:
    """Return a day written as in ISO 8601, with or without a time; None for other text.

    Examples
    --------
    >>> _day("2025-02-19"), _day("2025-02-19 00:00:00"), _day("19/02/2025")
    (datetime.date(2025, 2, 19), datetime.date(2025, 2, 19), None)
    """
    try:
        return datetime.fromisoformat(cell.strip()).date()
    except ValueError:
        return None


def _places(table: pd.DataFrame, row_report: RowReport, municipalities: pd.DataFrame) -> pd.Series[str]:
    """Return each row's municipality by its code, else by name within its state; drop and note those without one."""
    known = gazetteer(municipalities)
    codes = []
    for at, code, state, name in zip(
        table.index, table["cvegeo"], table["mx_state"], table["municipality"], strict=True
    ):
        place = _by_code(code, state_code(state), known.names) if code else match_place(known, state, name)
        codes.append(place.cvegeo)
        if row_report.kept[at]:
            row_report.note(place.note)
        if place.reason:
            row_report.drop(pd.Series(table.index == at, index=table.index), place.reason)
    return pd.Series(codes, index=table.index, dtype="str")


def _by_code(cell: str, state: str, names: Mapping[str, str]) -> Place:
    """Return the municipality of a code."""
    code = municipality_code(cell, state)
    if code in names:
        return Place(code)
    return Place(reason=NO_CODE, note=f"{cell!r} is no code of a municipality")


def _guns(numbers: pd.DataFrame, row_report: RowReport) -> dict[str, pd.Series[int]]:
    """Return the counts of each row: blank kinds are none, and a total holds what is of a kind not printed."""
    kinds = numbers[KINDS].fillna(0).astype("int64")
    total = numbers["guns_total"]
    rest = (total - kinds.sum(axis=1)).where(numbers["type_not_printed"].isna(), 0).fillna(0).clip(lower=0)
    kinds["type_not_printed"] += rest.astype("int64")
    unprinted = int((rest > 0).sum())
    row_report.note(f"in {unprinted:,} rows the total holds guns of a kind not printed" if unprinted else "")
    whole = total.fillna(kinds.sum(axis=1)).astype("int64")
    return {**{name: kinds[name] for name in KINDS}, "guns_total": whole}


def _shares(rows: pd.DataFrame, read: TextTable, path: Path) -> pd.Series[float]:
    """Return the part of its event that falls to each row: as given, else equal parts.

    Raises
    ------
    SchemaError
        With a fault for each cell that is no number.
    """
    given = pd.to_numeric(rows["share"].replace("", None), errors="coerce")
    wrong = rows.index[given.isna() & rows["share"].ne("")]
    if len(wrong):
        remedy = "Write a number from 0 to 1, or leave the column out for equal parts."
        raise SchemaError(
            [
                read.fault(path, at, "a share", repr(rows["share"][at]), remedy, "share")
                for at in wrong.tolist()
            ]
        )
    equal = (1 / rows.groupby("event_id")["event_id"].transform("size")).round(4)
    return given.astype("float64").fillna(equal)


FORMATS: tuple[Format, ...] = (
    Format(
        ID,
        "Dated seizures by municipality, in the columns of seizure_events",
        "A reader of bulletins",
        ("seizure_events",),
        (".csv", ".xlsx", ".csv.gz"),
        frozenset({"date_from", "guns_total", "url"}),
        load_dated_seizures,
    ),
)
