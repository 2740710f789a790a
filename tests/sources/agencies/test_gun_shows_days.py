"""Days of shows against another library's reading of the same bytes, and the same moments in a table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_show_dates import cell_days, event_days
from corridors.sources.agencies.gun_shows import load_csv, load_ics
from corridors.sources.schemas.formats import Context
from tests.sources.dress import check_account, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

UTC = ZoneInfo("UTC")
PLACES = {
    ("Phoenix", "AZ"): ZoneInfo("America/Phoenix"),
    ("Chinle", "AZ"): ZoneInfo("America/Denver"),
    ("Fresno", "CA"): ZoneInfo("America/Los_Angeles"),
    ("Deming", "NM"): ZoneInfo("America/Denver"),
    ("El Paso", "TX"): ZoneInfo("America/Denver"),
    ("Laredo", "TX"): ZoneInfo("America/Chicago"),
}
Span = tuple[str, str, str]


@pytest.fixture(scope="module")
def context(tables: Mapping[str, pd.DataFrame]) -> Context:
    return Context(tables)


moments = st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2027, 11, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
)
lengths = st.integers(1, 120).map(lambda halves: dt.timedelta(minutes=30 * halves))
kinds = st.sampled_from(["date", "floating", "utc", "zone"])


@st.composite
def events(draw: st.DrawFn, place: tuple[str, str]) -> icalendar.Event:
    """Any event at a place, written by icalendar."""
    kind, start, length = draw(kinds), draw(moments), draw(lengths)
    zone = {"utc": UTC, "zone": PLACES[place]}.get(kind)
    event = icalendar.Event()
    event.add("UID", "-".join(place))
    event.add("DTSTAMP", dt.datetime(2027, 1, 1, tzinfo=UTC))
    event.add("LOCATION", f"Hall, {place[0]}, {place[1]}")
    if kind == "date":
        event.add("DTSTART", start.date())
        event.add("DTEND", start.date() + dt.timedelta(days=draw(st.integers(1, 4))))
    else:
        begin = start.replace(tzinfo=zone)
        event.add("DTSTART", begin)
        event.add("DTEND", begin + length)
    if draw(st.booleans()):
        count, every = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        event.add("RRULE", {"FREQ": "WEEKLY", "INTERVAL": every, "COUNT": count})
        if count > 1 and draw(st.booleans()):
            first: Any = event["DTSTART"]
            event.add("EXDATE", first.dt + dt.timedelta(weeks=every))
    return event


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """Any calendar of up to one event at each place, dressed as servers write it."""
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "x")
    for place in draw(st.lists(st.sampled_from(list(PLACES)), min_size=1, unique=True)):
        calendar.add_component(draw(events(place)))
    return bytes(calendar.to_ical())


def _rival(content: bytes) -> list[Span]:
    """City, first and last day of each show, as vobject and dateutil read them."""
    for zone in PLACES.values():
        vobject.icalendar.registerTzid(zone.key, zone)
    found = []
    for event in vobject.readOne(content.decode()).vevent_list:
        _, city, state = (part.strip() for part in event.location.value.split(","))
        zone = PLACES[city, state]
        begin, end = event.dtstart.value, event.dtend.value
        starts = list(event.rruleset) if hasattr(event, "rrule") else [begin]
        for start in starts:
            if not isinstance(begin, dt.datetime):
                first = start.date() if isinstance(start, dt.datetime) else start
                found.append(
                    (city, first.isoformat(), (first + (end - begin) - dt.timedelta(days=1)).isoformat())
                )
                continue
            last = start + (end - begin) - dt.timedelta(minutes=1)
            local = [moment.astimezone(zone) if moment.tzinfo else moment for moment in (start, last)]
            found.append((city, *(moment.date().isoformat() for moment in local)))
    return sorted(found)


def _ours(path: Path, context: Context) -> list[Span]:
    loaded = load_ics(path, context)
    check_account(loaded.report)
    return sorted(loaded.tables["gun_shows"][["city", "start", "end"]].itertuples(index=False, name=None))


@given(content=calendars(), dress=st.sampled_from(["plain", "lf", "cr", "mark", "twice", "junk"]))
@quick
def test_days_are_those_of_another_library(
    tmp_path: Path, context: Context, content: bytes, dress: str
) -> None:
    dresses = {
        "plain": content,
        "lf": content.replace(b"\r\n", b"\n"),
        "cr": content.replace(b"\r\n", b"\r"),
        "mark": b"\xef\xbb\xbf" + content,
        "twice": content.replace(b"DTSTAMP:", b"DTSTAMP:20261001T000000Z\r\nDTSTAMP:"),
        "junk": content.replace(b"DTSTAMP:", b"CREATED:00001231T000000Z\r\nno fold\r\nX-ODD;\r\nDTSTAMP:"),
    }
    path = tmp_path / "mine.ics"
    path.write_bytes(dresses[dress])
    assert _ours(path, context) == _rival(content)


@given(start=moments, length=lengths, place=st.sampled_from(list(PLACES)), utc=st.booleans())
@quick
def test_a_table_has_the_days_of_the_calendar(
    tmp_path: Path,
    context: Context,
    start: dt.datetime,
    length: dt.timedelta,
    place: tuple[str, str],
    *,
    utc: bool,
) -> None:
    zone = PLACES[place]
    begin = start.replace(tzinfo=UTC if utc else zone)
    end = (begin.astimezone(UTC) + length).astimezone(begin.tzinfo)
    path = tmp_path / "mine.csv"
    row = [*place, begin.isoformat(), end.isoformat()]
    path.write_text(table_text(("city", "state", "start", "end"), [row]), encoding="utf-8")
    table = load_csv(path, context).tables["gun_shows"]
    first, last = event_days(begin, end, zone)
    assert (table["start"][0], table["end"][0]) == (first.isoformat(), last.isoformat())


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2027-02-20T01:00:00Z", "2027-02-20 05:00:00+00:00", ("2027-02-19", "2027-02-19")),
        ("20270116T160000Z", "20270118T000000Z", ("2027-01-16", "2027-01-17")),
        ("2027-01-16T09:00:00-07:00", "2027-01-17T17:00:00-07:00", ("2027-01-16", "2027-01-17")),
        ("2027-01-16T07:00:00Z", "2027-01-18T07:00:00Z", ("2027-01-16", "2027-01-17")),
        ("1/16/2027 9:00 AM", "1/17/2027 5:00 PM", ("2027-01-16", "2027-01-17")),
        ("Jan 16, 2027 9am", "Jan 17, 2027 12:00 AM", ("2027-01-16", "2027-01-16")),
        (
            "2027-01-16 00:00:00",
            "2027-01-17 00:00:00",
            ("2027-01-16", "2027-01-17"),
        ),  # dates of a spreadsheet
        ("2027-01-16 09:00 MST", "", ("2027-01-16", "")),
        ("2027-01", "2027-01", ("2027-01", "2027-01")),
        ("2027-01-16 25:00", "soon", ("2027-01-16 25:00", "soon")),  # faults later, as they stand
    ],
)
def test_cells_with_a_time(start: str, end: str, days: tuple[str, str]) -> None:
    assert cell_days(start, end, PLACES["Phoenix", "AZ"]) == days


def _table(path: Path, *rows: list[str]) -> Path:
    header = ("venue", "city", "state", "start", "cancelled", "status")
    path.write_text(table_text(header, rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cancelled", "status", "wanted"),
    [
        ("yes", "", "cancelled"),
        ("CANCELED!", "", "cancelled"),
        ("1.0", "", "cancelled"),
        ("", "Canceled", "cancelled"),
        ("no", "CANCELLED", "cancelled"),
        ("No", "confirmed", "announced"),
        ("0", "Held or announced", "held or announced"),
    ],
)
def test_a_table_says_what_is_cancelled(
    tmp_path: Path, context: Context, cancelled: str, status: str, wanted: str
) -> None:
    path = _table(tmp_path / "mine.csv", ["Hall", "Phoenix", "Ariz.", "2027-01-16", cancelled, status])
    assert load_csv(path, context).tables["gun_shows"]["occurrence"].tolist() == [wanted]


def test_what_a_table_does_not_say_clearly(tmp_path: Path, context: Context) -> None:
    row = ["Hall", "Phoenix", "AZ", "2027-01-16", "", ""]
    unclear = [*row[:4], "perhaps", ""]
    loaded = load_csv(_table(tmp_path / "mine.csv", row, unclear), context)
    assert loaded.report.dropped == {"unclear whether cancelled": 1}
    assert any("row 3, column 'cancelled'" in note and "'perhaps'" in note for note in loaded.report.notes)
    with pytest.raises(SchemaError, match=r"row 2, column 'cancelled'.*found 'perhaps'"):
        load_csv(_table(tmp_path / "mine.csv", unclear), context)
    others = [[*row[:2], state, *row[3:]] for state in ("", "Ariz", "AX", "Sonora", "NV")]
    loaded = load_csv(_table(tmp_path / "mine.csv", *others), context)
    assert loaded.report.dropped == {
        "no state": 1,
        "state not recognized": 2,
        "outside Arizona, California, New Mexico and Texas": 1,
    }
    assert "states not recognized: 'AX', 'Sonora'" in loaded.report.notes
    with pytest.raises(SchemaError, match=r"none of 1: 1 state not recognized"):
        load_csv(_table(tmp_path / "mine.csv", others[3]), context)
