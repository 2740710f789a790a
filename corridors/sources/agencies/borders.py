"""The border's agencies: BTS crossings, CBP weapons seizures, and the hours of CBP's wait-time feed.

Quirks:

- BTS Border Crossing/Entry Data: one row per port, month and measure, northbound only, both borders. Dates come as
  2024-01-01, "Jan 2024", 01/01/2024 and with a time; some months are in the file twice (6 rows of June 2019).
  Nogales is one port for three gates; Columbus includes Antelope Wells.
- CBP weapons and ammunition seizures: one row per event, month and category; an event has several rows, so events are
  counted by their id. Fiscal years begin in October. The place is a field office, never a port. Only what CBP
  officers (OFO) took outbound in the Southwest region is kept: Border Patrol seizes inland, its area of
  responsibility is a sector, and "outbound" does not hold there.
- The wait-time feed (JSON, both borders): hours are text ("6 am-Midnight"); two numbers are repeats of other
  crossings, and Otay Mesa has a number for freight.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.crossing_hours import PORT_OF, hours_a_day
from corridors.sources.agencies.row_report import (
    RowReport,
    finish_us_table,
    padded,
    repeated_rows,
    shorten_list,
)
from corridors.sources.reading.delimited import fault, folded_column, pick, read_text_table
from corridors.sources.reading.json_records import read_json, records_table
from corridors.sources.schemas.columns import POSTAL_CODES
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

MEASURES = {
    "Personal Vehicles": "personal vehicles",
    "Personal Vehicle Passengers": "personal vehicle passengers",
    "Pedestrians": "pedestrians",
    "Trucks": "trucks",
    "Buses": "buses",
}
CBP = "US Customs and Border Protection"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DATES = ("%Y-%m-%d", "%b %Y", "%B %Y", "%m/%d/%Y", "%Y-%m")
_TIME = re.compile(r"[T ]\d{1,2}:\d\d.*$")
_CROSSINGS = {
    "port_name": ("port_name",),
    "state": ("state",),
    "code": ("port_code",),
    "border": ("border", ""),
    "date": ("date",),
    "measure": ("measure",),
    "value": ("value",),
}
_SEIZURES = {
    "fiscal_year": ("fiscal_year",),
    "month": ("month_abbv", "month"),
    "component": ("component",),
    "region": ("region",),
    "office": ("area_of_responsibility",),
    "direction": ("inbound_outbound",),
    "kind": ("seizure_type",),
    "category": ("category",),
    "event": ("event_id",),
    "quantity": ("quantity_seized", "quantity"),
}
_COUNTED = {
    ("weapons", "handgun"): "handguns",
    ("weapons", "long_arm"): "long_arms",
    ("weapons", ""): "other_weapons",
    ("ammunition_gun_parts", "ammunition"): "ammunition",
    ("ammunition_gun_parts", "magazine"): "magazines",
    ("ammunition_gun_parts", ""): "other_parts",
}
_KINDS = frozenset(kind for kind, _ in _COUNTED)
_HOURS = {
    "number": ("port_number",),
    "border": ("border",),
    "port_name": ("port_name",),
    "crossing_name": ("crossing_name", ""),
    "hours": ("hours",),
    "status": ("port_status", ""),
    "date": ("date", ""),
}


def load_bts(path: Path, context: Context) -> Loaded:
    """Return northbound crossings of the Mexican border by port, year and measure."""
    read = read_text_table(path, sheet=context.columns.get("sheet"), names={"port_code", "measure", "value"})
    table = pick(read, _CROSSINGS, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    canada = table["border"].ne("") & ~table["border"].map(folded_column).str.contains("mexico")
    row_report.drop(canada | ~table["state"].isin(POSTAL_CODES), "not a port of the Mexican border")
    row_report.drop(
        ~table["measure"].isin(MEASURES), "a measure that is not used (passengers of buses, rail, freight)"
    )
    kept = table[row_report.kept]
    months = _parsed(kept["date"], crossing_month, "a month", read, path)
    values = whole_numbers(kept[["value"]], read, path)["value"]
    _refuse_empty(values, read, path)
    monthly = pd.DataFrame(
        {
            "bts_port_code": padded(kept["code"], 4),
            "port_name": kept["port_name"],
            "us_state": kept["state"].map(POSTAL_CODES),
            "year": months.str[:4].astype("int64"),
            "measure": kept["measure"].map(MEASURES),
            "month": months,
            "value": values.astype("int64"),
        }
    )
    again = repeated_rows(monthly, ["bts_port_code", "measure", "month"], read, path)
    row_report.drop(again.reindex(table.index, fill_value=False), "the same month again")
    crossings = finish_us_table("crossings", crossings_by_year(monthly[~again]), path, context)
    report = row_report.to_report("bts", path, read, unit="rows", period=_span(months))
    return Loaded({"crossings": crossings}, report)


def crossings_by_year(monthly: pd.DataFrame) -> pd.DataFrame:
    """Return crossings by year and their number of months, from one row per month."""
    groups = monthly.groupby(["bts_port_code", "port_name", "us_state", "year", "measure"])["value"]
    return groups.agg(["sum", "size"]).reset_index().rename(columns={"sum": "value", "size": "months"})


def load_cbp_weapons(path: Path, context: Context) -> Loaded:
    """Return seizures outbound at the southwest border by field office and month."""
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names={"event_id", "component", "region"}
    )
    table = pick(read, _SEIZURES, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(
        ~table["component"].map(folded_column).isin(["office_of_field_operations", "ofo"]),
        "not of the Office of Field Operations: Border Patrol seizes inland, by sector",
    )
    row_report.drop(table["direction"].map(folded_column).ne("outbound"), "not outbound")
    row_report.drop(
        ~table["region"].map(folded_column).str.startswith("southwest"), "not the Southwest region"
    )
    row_report.drop(
        ~table["kind"].map(folded_column).isin(_KINDS), "neither weapons nor ammunition nor parts"
    )
    kept = table[row_report.kept]
    if kept.empty:
        regions = shorten_list(sorted(set(table["region"]))) or "none"
        found = f"none of {len(table):,} rows (regions: {regions})"
        remedy = "Give the file of all regions for the months wanted."
        raise fault(path, "outbound rows of the Southwest region", found, remedy)
    seizures = _seizures(kept, read, path, row_report)
    row_report.note(
        "events have a field office and no port of entry: they count by office, and none is in port_events"
    )
    report = row_report.to_report("cbp_weapons", path, read, unit="rows", period=_span(seizures["month"]))
    return Loaded({"cbp_seizures": finish_us_table("cbp_seizures", seizures, path, context)}, report)


def load_cbp_wait(path: Path, context: Context) -> Loaded:
    """Return the opening hours of the crossings of the Mexican border."""
    read = records_table(path, read_json(path))
    table = pick(read, _HOURS, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(~table["border"].map(folded_column).str.contains("mexic"), "not of the Mexican border")
    kept = table[row_report.kept]
    dates = _parsed(kept["date"].mask(kept["date"].eq(""), None).dropna(), feed_day, "a day", read, path)
    hours = kept["hours"].map(hours_a_day)
    ports = pd.DataFrame(
        {
            "cbp_bwt_number": padded(kept["number"].str.lower(), 6),
            "poe_id": padded(kept["number"].str.lower(), 6).map(PORT_OF),
            "port_name": kept["port_name"],
            "crossing_name": kept["crossing_name"],
            "hours": kept["hours"],
            "hours_open": hours,
            "status": kept["status"],
            "date": dates.reindex(kept.index),
        }
    )
    unread = ports.loc[hours.isna(), "hours"]
    row_report.note(
        f"hours that cannot be read, left empty: {shorten_list(map(repr, unread))}" if len(unread) else ""
    )
    unknown = ports.loc[ports["poe_id"].isna(), "cbp_bwt_number"]
    row_report.note(
        f"crossings without a port of entry here: {shorten_list(unknown)}" if len(unknown) else ""
    )
    absent = sorted(set(PORT_OF) - set(ports["cbp_bwt_number"]))
    row_report.note(
        f"known crossings that the feed lacks: {shorten_list(PORT_OF[number] for number in absent)}"
        if absent
        else ""
    )
    report = row_report.to_report("cbp_wait", path, read, unit="crossings", period=_span(dates))
    return Loaded({"port_hours": finish_us_table("port_hours", ports, path, context)}, report)


def crossing_month(text: str) -> str | None:
    """Return the month (YYYY-MM) of a date as BTS writes it; None where it is not a date.

    Examples
    --------
    >>> crossing_month("Jan 2024"), crossing_month("2024-01-01T00:00:00.000"), crossing_month("01/01/2024")
    ('2024-01', '2024-01', '2024-01')
    """
    day = _date(text)
    return None if day is None else day[:7]


def feed_day(text: str) -> str | None:
    """Return the day of the feed (YYYY-MM-DD), None where it is not a date.

    Examples
    --------
    >>> feed_day("6/29/2022")
    '2022-06-29'
    """
    return _date(text)


def calendar_month(fiscal_year: int, month: str) -> str | None:
    """Return the calendar month of a federal fiscal year's month as YYYY-MM, None where it is not a month.

    Examples
    --------
    >>> calendar_month(2026, "OCT"), calendar_month(2025, "Jul"), calendar_month(2025, "13")
    ('2025-10', '2025-07', None)
    """
    short = month.strip().upper()[:3]
    if short not in _MONTHS:
        return None
    number = _MONTHS.index(short) + 1
    return f"{fiscal_year - (number >= 10)}-{number:02d}"


def _date(text: str) -> str | None:
    """Return a date as YYYY-MM-DD."""
    plain = _TIME.sub("", text.strip())
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).date().isoformat()  # noqa: DTZ007 - a day of the place
        except ValueError:
            continue
    return None


def _parsed(
    cells: pd.Series[str], parse: Callable[[str], str | None], expected: str, read: TextTable, path: Path
) -> pd.Series[str]:
    """Return cells parsed by a function.

    Raises
    ------
    SchemaError
        With a fault for every cell that cannot be parsed.
    """
    known = {cell: parse(cell) for cell in cells.unique()}
    wrong = cells[cells.map(lambda cell: known[cell] is None).astype(bool)]
    if len(wrong):
        raise SchemaError(
            [
                read.fault(path, at, expected, repr(cell), "Correct the cell.", "date")
                for at, cell in zip(wrong.index, wrong, strict=True)
            ]
        )
    return cells.map(known).astype("str")


def _refuse_empty(values: pd.Series[int], read: TextTable, path: Path) -> None:
    """Raise when a value is empty."""
    empty = values.index[values.isna()]
    if len(empty):
        remedy = "Download the file again."
        raise SchemaError(
            [read.fault(path, at, "a count", "an empty cell", remedy, str(values.name)) for at in empty]
        )


def _seizures(kept: pd.DataFrame, read: TextTable, path: Path, row_report: RowReport) -> pd.DataFrame:
    """Return quantities and distinct events by field office and month."""
    numbers = whole_numbers(kept[["fiscal_year", "quantity"]], read, path)
    for name in numbers:
        _refuse_empty(numbers[name], read, path)
    stamps = numbers["fiscal_year"].astype("str") + " " + kept["month"]
    months = _parsed(
        stamps, lambda cell: calendar_month(*_split(cell)), "a month of a fiscal year", read, path
    )
    events = padded(kept["event"], 1)
    again = pd.concat([kept.drop(columns="event"), events], axis=1).duplicated()
    row_report.note(
        f"{int(again.sum()):,} rows are like another row of the same event: both are counted"
        if again.any()
        else ""
    )
    rows = pd.DataFrame(
        {
            "field_office": kept["office"].str.replace(r"(?i)\s+field office$", "", regex=True),
            "month": months,
            "fiscal_year": numbers["fiscal_year"],
            "event": events,
            "what": [
                _what(kind, category) for kind, category in zip(kept["kind"], kept["category"], strict=True)
            ],
            "quantity": numbers["quantity"],
        }
    )
    keys = ["fiscal_year", "month", "field_office"]
    sums = rows.pivot_table(index=keys, columns="what", values="quantity", aggfunc="sum", fill_value=0)
    sums = sums.reindex(columns=[*_COUNTED.values()], fill_value=0)
    firearm = rows["what"].isin(["handguns", "long_arms"]) & rows["quantity"].gt(0)
    sums["events"] = rows.groupby(keys)["event"].nunique()
    sums["events_with_firearms"] = (
        rows[firearm].groupby(keys)["event"].nunique().reindex(sums.index, fill_value=0)
    )
    return sums.reset_index().rename_axis(columns=None)


def _split(cell: str) -> tuple[int, str]:
    """Return the year and the month of "2025 JUL"."""
    year, _, month = cell.partition(" ")
    return int(year), month


def _what(kind: str, category: str) -> str:
    """Return the column that counts a seizure type and category."""
    first = folded_column(kind)
    return _COUNTED.get((first, folded_column(category)), _COUNTED[first, ""])


def _span(months: pd.Series[str]) -> str:
    """Return the first and last month as text."""
    if months.empty:
        return ""
    first, last = months.min(), months.max()
    return first if first == last else f"{first}..{last}"


FORMATS: tuple[Format, ...] = (
    Format(
        "bts",
        "Border Crossing/Entry Data",
        "US Department of Transportation, Bureau of Transportation Statistics",
        ("crossings",),
        (".csv", ".csv.gz"),
        frozenset({"port_name", "state", "port_code", "date", "measure", "value"}),
        load_bts,
    ),
    Format(
        "cbp_weapons",
        "Weapons and ammunition seizures",
        CBP,
        ("cbp_seizures",),
        (".csv", ".xlsx"),
        frozenset({"fiscal_year", "component", "region", "inbound_outbound", "event_id", "seizure_type"}),
        load_cbp_weapons,
    ),
    Format(
        "cbp_wait",
        "Wait-time feed: hours of crossings",
        CBP,
        ("port_hours",),
        (".json",),
        frozenset({"port_number", "border", "port_name", "hours"}),
        load_cbp_wait,
    ),
)
