"""TransBorder Freight Data of BTS, table DOT1: value of goods by US state, port, Mexican state, mode and month.

Quirks:

- A month is a file, dot1_MMYY.csv, in a zip beside those of other tables (DOT2 and DOT3, of commodities) and, until
  2023, beside a file of the year to date, which repeats the months before it. The file of a whole year has no months
  and is not read. A zip of such zips is read too.
- "NA" is Nayarit, which many programs save as an empty cell; "OT" is a state that is not known, and "XX" one of goods
  by sea or air.
- A port is four digits (Schedule D); "XX" as the last two is the rest of a district, which is no land port.
- Rows are of exports and imports, both borders and all modes: only exports by truck to Mexico from the four states are
  read. The Mexican state is that of the consignee, often a head office.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.counts import whole_numbers
from corridors.sources.agencies.row_report import (
    RowReport,
    finish_us_table,
    padded,
    reference_table,
    shorten_list,
)
from corridors.sources.reading.delimited import fault, pick, read_text_table
from corridors.sources.reading.parts import archive_names
from corridors.sources.schemas.columns import FOUR_STATES
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from corridors.sources.reading.delimited import TextTable
    from corridors.sources.schemas.formats import Context

ID = "transborder"
EXPORT, TRUCK, MEXICO = "1", "5", "2010"
MX_STATES = {
    "AG": "01",
    "BC": "02",
    "BN": "02",
    "BS": "03",
    "CM": "04",
    "CO": "05",
    "CL": "06",
    "CS": "07",
    "CH": "08",
    "DF": "09",
    "DG": "10",
    "GT": "11",
    "GR": "12",
    "HG": "13",
    "JA": "14",
    "MX": "15",
    "MI": "16",
    "MO": "17",
    "NA": "18",
    "NL": "19",
    "OA": "20",
    "PU": "21",
    "QT": "22",
    "QR": "23",
    "SL": "24",
    "SI": "25",
    "SO": "26",
    "TB": "27",
    "TM": "28",
    "TL": "29",
    "VE": "30",
    "YU": "31",
    "ZA": "32",
}
"""INEGI's code of each Mexican state, by the code of BTS (its list of codes, field MEXSTATE)."""
AGAIN = "the same month again"
NO_PORT = "not a land port of entry of the four states"
UNKNOWN_STATE = "Mexican state not known (OT, XX or another code)"
_WANTED = {
    "trade": ("trdtype",),
    "us_state": ("usastate",),
    "port": ("depe",),
    "mode": ("disagmot",),
    "mx_state": ("mexstate",),
    "country": ("country",),
    "value": ("value",),
    "origin": ("df",),
    "container": ("contcode",),
    "month": ("month",),
    "year": ("year",),
}
_NAMES = frozenset(names[0] for names in _WANTED.values())
_KEY = ["us_state", "port", "mx_state", "origin", "container", "year", "month"]
_OTHER_TABLE = re.compile(r"dot[23]_", re.IGNORECASE)
_TO_DATE = re.compile(r"dot1_ytd_(?P<month>\d\d)(?P<year>\d\d)\.", re.IGNORECASE)
_MONTH = re.compile(r"dot1_(?P<month>\d\d)(?P<year>\d\d)\.", re.IGNORECASE)
_AGAIN = "Download the file again."


def load_transborder(path: Path, context: Context) -> Loaded:
    """Return exports by truck from the four states by port, Mexican state and year.

    Raises
    ------
    SchemaError
        With every fault of the file: codes of Nayarit that were read as missing, a month given twice with other values, a month
        to come, a cell that is no number; or the file has no row of these exports.
    """
    names = archive_names(path)
    unread = unread_files(names)
    if names and len(unread) == len(names):
        listed = shorten_list(map(repr, names))
        raise fault(path, "a file dot1_MMYY.csv in it", listed, "Give the zip that BTS publishes of a month.")
    read = read_text_table(
        path, sheet=context.columns.get("sheet"), names=_NAMES, columns=_NAMES, archive=unread
    )
    table = pick(read, _WANTED, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(table["trade"] != EXPORT, "not an export")
    row_report.drop(table["country"] != MEXICO, "not to Mexico")
    row_report.drop(table["mode"] != TRUCK, "not by truck")
    row_report.drop(~table["us_state"].isin(FOUR_STATES), "not from Arizona, California, New Mexico or Texas")
    if not row_report.kept.any():
        found = f"none of {len(table):,} rows"
        raise fault(path, "exports by truck to Mexico from the four states", found, _AGAIN)
    _refuse_lost_codes(table[row_report.kept], read, path)
    cities = city_by_port_code(reference_table(context, "ports_of_entry", path))
    port = padded(table["port"], 4)
    no_port = ~port.isin(list(cities)) & row_report.kept
    codes = sorted(port[no_port].unique())
    row_report.note(f"ports that are no land port of entry: {shorten_list(codes)}" if codes else "")
    row_report.drop(no_port, NO_PORT)
    counts = ["year", "month", "value"]
    numbers = whole_numbers(table.loc[row_report.kept, counts], read, path, required=counts)
    months = _months(numbers, read, path)
    rows = table[row_report.kept].assign(port=port, **numbers.astype("int64"))
    rows = _with_a_state(rows, row_report)
    months = months[rows.index]
    again = rows.duplicated([*_KEY, "value"])
    _refuse_other_values(rows[~again], path)
    row_report.drop(again.reindex(table.index, fill_value=False), AGAIN)
    repeated = sorted(months[again].unique())
    row_report.note(f"given more than once, taken once: {shorten_list(repeated)}" if repeated else "")
    held = months.str[:4].groupby(months).first().value_counts()
    partial = [f"{year}: {count} of 12" for year, count in sorted(held.items()) if count < 12]
    row_report.note(f"years that are not whole (months): {shorten_list(partial)}" if partial else "")
    flows = freight_by_year(rows[~again].assign(mx_state=rows["mx_state"].map(MX_STATES)), cities)
    flows["months"] = flows["year"].astype("str").map(held).astype("int64")
    tables = {"freight_flows": finish_us_table("freight_flows", flows, path, context)}
    first, last = months.min(), months.max()
    period = first if first == last else f"{first}..{last}"
    return Loaded(tables, row_report.to_report(ID, path, read, unit="rows", period=period))


def unread_files(names: Sequence[str]) -> dict[str, str]:
    """Return the files of a zip that need not be unpacked, each with the reason.

    Examples
    --------
    >>> unread_files(["dot1_0120.csv", "dot1_ytd_0120.csv", "dot2_0120.csv", "dot1_ytd_0320.csv"])
    {'dot1_ytd_0120.csv': 'its months have files of their own', 'dot2_0120.csv': 'another table than DOT1'}
    """
    held = {(found["year"], int(found["month"])) for name in names if (found := _MONTH.search(name))}
    unread = {}
    for name in names:
        own = name.rsplit("/", 1)[-1]
        to_date = _TO_DATE.search(own)
        if _OTHER_TABLE.match(own):
            unread[name] = "another table than DOT1"
        elif to_date and all((to_date["year"], n + 1) in held for n in range(int(to_date["month"]))):
            unread[name] = "its months have files of their own"
    return unread


def city_by_port_code(ports: pd.DataFrame) -> dict[str, str]:
    """Return the crossing city of each BTS port: that of its ports of entry with the most trucks northbound.

    BTS counts Los Indios with Brownsville, and both belong to different cities: the freight of 2301 goes to Matamoros.
    """
    counted = ports[ports["bts_port_code"].fillna("").ne("") & ports["southbound"].ne("rail")]
    trucks = counted["truck_northbound"].astype("Float64").fillna(0)
    most = counted.assign(trucks=trucks).sort_values(["trucks", "poe_id"], ascending=[False, True])
    first = most.drop_duplicates("bts_port_code")
    return dict(zip(first["bts_port_code"], first["crossing_city"], strict=True))


def freight_by_year(rows: pd.DataFrame, cities: dict[str, str]) -> pd.DataFrame:
    """Return `us_state crossing_city bts_port_code mx_state year value_usd`, in that order of rows, from rows of months.

    Parameters
    ----------
    rows
        `us_state port mx_state year value`.
    cities
        Crossing city of each port.
    """
    keys = ["us_state", "port", "mx_state", "year"]
    sums = rows.groupby(keys, sort=True)["value"].sum().rename("value_usd").reset_index()
    return sums.assign(bts_port_code=sums["port"], crossing_city=sums["port"].map(cities))


def _with_a_state(rows: pd.DataFrame, row_report: RowReport) -> pd.DataFrame:
    """Return the rows of a known Mexican state; the others are dropped, and the part of the value they hold is noted."""
    lost = ~rows["mx_state"].isin(list(MX_STATES))
    if lost.any():
        listed = shorten_list(sorted(rows.loc[lost, "mx_state"].unique()))
        part = rows.loc[lost, "value"].sum() / max(1, rows["value"].sum())
        row_report.note(f"Mexican states that are not known ({listed}) hold {part:.1%} of the value")
    row_report.drop(lost.reindex(row_report.reasons.index, fill_value=False), UNKNOWN_STATE)
    return rows[~lost]


def _refuse_lost_codes(kept: pd.DataFrame, read: TextTable, path: Path) -> None:
    """Raise where Mexican states are empty: BTS leaves none, and a program that reads "NA" as missing does."""
    empty = kept.index[kept["mx_state"] == ""]
    if len(empty):
        found = f"{len(empty):,} rows with an empty cell"
        expected = "a code of a Mexican state in every row (NA is Nayarit)"
        remedy = "A program read NA as missing when it saved the file: download it again."
        raise SchemaError(
            [read.fault(path, at, expected, found, remedy, "mx_state") for at in empty.tolist()[:1]]
        )


def _months(numbers: pd.DataFrame, read: TextTable, path: Path) -> pd.Series[str]:
    """Return the month of each row as YYYY-MM.

    Raises
    ------
    SchemaError
        With a fault for each kind of cell that is no month, or is one to come.
    """
    stamps = numbers["year"].astype("str") + "-" + numbers["month"].astype("str").str.zfill(2)
    now = f"{datetime.now(tz=UTC):%Y-%m}"
    wrong = (~numbers["month"].between(1, 12) | (stamps > now)) & ~stamps.duplicated()
    if wrong.any():
        expected, remedy = f"a month up to {now}", "Correct the cell."
        raise SchemaError(
            [
                read.fault(path, at, expected, stamps[at], remedy, "month")
                for at in stamps.index[wrong].tolist()
            ]
        )
    return stamps.astype("str")


def _refuse_other_values(rows: pd.DataFrame, path: Path) -> None:
    """Raise where a month has two values for the same states, port, origin and container: two editions of it."""
    twice = rows[rows.duplicated(_KEY)]
    if twice.empty:
        return
    stamps = twice["year"].astype("str") + "-" + twice["month"].astype("str").str.zfill(2)
    remedy = "Keep one edition of the month."
    raise SchemaError(
        [
            Fault(
                str(path),
                "one value a month, port and pair of states",
                f"{count:,} rows of {month} again with other values",
                remedy,
            )
            for month, count in sorted(stamps.value_counts().to_dict().items())
        ]
    )


FORMATS: tuple[Format, ...] = (
    Format(
        ID,
        "TransBorder Freight Data, table DOT1 (a month, or a zip of months)",
        "US Department of Transportation, Bureau of Transportation Statistics",
        ("freight_flows",),
        (".csv", ".zip", ".csv.gz"),
        _NAMES,
        load_transborder,
    ),
)
