"""States and days of the rows of a table of shows: whose day comes first, and the day at the place of a moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_show_columns import TIMES, is_spanish
from corridors.sources.agencies.gun_show_dates import cell_days, has_zone, known_day, with_time, wrong_dates
from corridors.sources.agencies.gun_show_day_text import is_day_first
from corridors.sources.agencies.gun_show_location import state_code
from corridors.sources.agencies.gun_show_places import zone_of
from corridors.sources.agencies.row_report import shorten_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.agencies.gun_show_places import Atlas
    from corridors.sources.agencies.row_report import RowReport
    from corridors.sources.reading.text_table import TextTable

    Spans = Mapping[bool, Sequence[tuple[str, str]]]

ASK = "Write dates as 2027-01-16, or with the name of the month."
_TYPED = re.compile(r"\d{4}-\d\d-\d\d")
_LATEST_MONTH = 12


def at_places(
    table: pd.DataFrame, places: Atlas, row_report: RowReport, *, read: TextTable, path: Path
) -> pd.DataFrame:
    """Return the rows with their states as codes, and with the days of their moments at their places.

    A cell that cannot be read stays as it is. Rows without a state that is known are dropped in the report.

    Raises
    ------
    SchemaError
        When dates of numbers do not show whether the day or the month comes first.
    """
    stated = table["state"].str.strip().ne("")
    states = table["state"].map(state_code).astype("str").where(stated, "")
    unknown = states.eq("") & stated
    for rows, reason in ((~stated, "no state"), (unknown, "state not recognized")):
        labels = table.index[rows]
        row_report.drop(
            pd.Series(row_report.reasons.index.isin(labels), index=row_report.reasons.index), reason
        )
    quotes = shorten_list(map(repr, table.loc[unknown, "state"].drop_duplicates()))
    row_report.note(f"states not recognized: {quotes}" if unknown.any() else "")
    here = table.assign(state=states)[states.ne("")]
    spans: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    zoned = 0
    for row in here.to_dict("records"):
        zone = zone_of(places, row["venue"], row["city"], row["state"])
        start, end = (with_time(row[name], row[time]) for name, time in TIMES.items())
        for day_first, days in spans.items():
            days.append(cell_days(start, end, zone, timed=end != row["end"], day_first=day_first))
        zoned += has_zone(start) or has_zone(end)
    row_report.note(
        f"{zoned} rows with moments in UTC or with an offset have the days of their places" if zoned else ""
    )
    order, note = _order(here, spans, read, path)
    row_report.note(note)
    dates = pd.DataFrame(spans[order], columns=["start", "end"], index=here.index, dtype="str")
    return here.assign(start=dates["start"], end=dates["end"])


def _order(table: pd.DataFrame, spans: Spans, read: TextTable, path: Path) -> tuple[bool, str]:
    """Return whether days come first in dates of numbers, and a note where the file does not show it by itself.

    Raises
    ------
    SchemaError
        When rows contradict each other, when Spanish columns leave it open, or when a program changed some of the dates.
    """
    labels = list(table.index)
    readable = {
        label: {order: not wrong_dates(*map(known_day, spans[order][at])) for order in spans}
        for at, label in enumerate(labels)
        if spans[False][at] != spans[True][at]
    }
    clear = {label: ways[True] for label, ways in readable.items() if ways[True] != ways[False]}
    either = [label for label, ways in readable.items() if ways[True] and ways[False]]
    order = is_day_first(readable.values())
    cells = table["start"].str.strip()

    def refused(expected: str, found: str, at: int, remedy: str = ASK) -> SchemaError:
        return SchemaError([read.fault(path, at, expected, found, remedy, "start")])

    if order is None:
        one, other = (next(label for label, way in clear.items() if way is first) for first in (True, False))
        raise refused(
            "the day first in every date, or the month in every date",
            f"{cells[one]!r} and {cells[other]!r} (row {read.rows[other]})",
            one,
        )
    typed = [cell for cell in cells if _TYPED.fullmatch(cell)]
    if clear and typed and not either and all(int(cell[8:10]) <= _LATEST_MONTH for cell in typed):
        raise refused(
            "dates of one kind",
            f"{cells[next(iter(clear))]!r} as text beside dates such as {typed[0]}: a spreadsheet takes 3/1 for 1/3 where it can",
            next(iter(clear)),
            f"Compare with the promoter's list. {ASK}",
        )
    if either and not clear and is_spanish(read):
        raise refused(
            "dates that show which number is the day", f"only dates such as {cells[either[0]]!r}", either[0]
        )
    if either and not clear:
        return False, f"dates such as {cells[either[0]]!r} put the month first, as in the United States"
    shown = next((label for label, way in clear.items() if way is order), None)
    return order, f"dates put the day first, as {cells[shown]!r} shows" if order and shown is not None else ""
