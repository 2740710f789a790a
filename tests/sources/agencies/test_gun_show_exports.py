"""Calendars as Outlook saves them and Google Calendar takes them, and the same shows in an iCalendar file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_shows import load_csv, load_ics
from corridors.sources.registry import guess_format
from tests.sources.dress import check_account, quick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

OUTLOOK = """\
"Subject","Start Date","Start Time","End Date","End Time","All day event","Meeting Organizer","Location"
"Gun Show","1/16/2027","9:00:00 AM","1/17/2027","4:00:00 PM","False","Jane Doe","Expo Center, 3 E Main St, Tucson, AZ 85714"
"Canceled: Night","2/5/2027","6:00:00 PM","2/6/2027","12:00:00 AM","False","Jane Doe","Laredo, TX"
"Two days","3/6/2027","12:00:00 AM","3/8/2027","12:00:00 AM","True","Jane Doe","Fairgrounds, Deming, NM"
"Nowhere","3/6/2027","12:00:00 AM","3/8/2027","12:00:00 AM","True","Jane Doe","Main hall"
"""
GOOGLE = """\
Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location,Private
Gun Show,01/16/2027,9:00 AM,01/17/2027,4:00 PM,False,x,"Hall, Mesa, AZ",True
Two days,03/06/2027,,03/07/2027,,True,,"Fairgrounds, Deming, NM",
"""
PLACES = ("Mesa, AZ", "El Paso, TX", "Laredo, TX", "Fresno, CA")


def _shows(loaded: Loaded) -> list[tuple[Any, ...]]:
    check_account(loaded.report)
    columns = ["venue", "city", "us_state", "start", "end", "occurrence"]
    return sorted(loaded.tables["gun_shows"][columns].itertuples(index=False, name=None))


def test_a_calendar_of_outlook(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(OUTLOOK, encoding="utf-8")
    form, loaded = guess_format(path, context)
    assert form.id == "calendar_csv"
    assert _shows(loaded) == [
        ("Expo Center", "Tucson", "AZ", "2027-01-16", "2027-01-17", "announced"),
        ("Fairgrounds", "Deming", "NM", "2027-03-06", "2027-03-07", "announced"),
        ("unspecified", "Laredo", "TX", "2027-02-05", "2027-02-05", "cancelled"),
    ]
    assert loaded.report.dropped == {"no state": 1}
    assert "no state in the location: 'Main hall'" in loaded.report.notes
    assert not loaded.tables["gun_shows"].astype(str).stack().str.contains("Jane Doe").any()


def test_a_calendar_for_google(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(GOOGLE, encoding="utf-8")
    assert _shows(guess_format(path, context)[1]) == [
        ("Fairgrounds", "Deming", "NM", "2027-03-06", "2027-03-07", "announced"),
        ("Hall", "Mesa", "AZ", "2027-01-16", "2027-01-17", "announced"),
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,1/2/2027,Hall", "no state in any location: 'Hall'"),
        ("A,1/2/2027,", "no location in any row"),
        ('A,16/16/2027,"Mesa, AZ"', "row 2, column 'start'.*a date that cannot be read"),
    ],
)
def test_what_cannot_be_placed_or_dated_is_said(
    tmp_path: Path, context: Context, row: str, says: str
) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(f"Subject,Start Date,Location\n{row}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=says):
        guess_format(path, context)


def test_a_table_without_state_and_location_names_the_column(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("Subject,Start Date\nA,1/2/2027\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="a column 'state'"):
        load_csv(path, context)


spans = st.tuples(
    st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2027, 11, 1)).map(  # noqa: DTZ001 - clocks of the place
        lambda moment: moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
    ),
    st.integers(1, 120),
)


def _as_table(spans_of: Sequence[tuple[dt.datetime, int]], clock: str, order: Sequence[int]) -> str:
    names = ["Subject", "Start Date", "Start Time", "End Date", "End Time", "Location"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([names[at] for at in order])
    for place, (start, halves) in zip(PLACES, spans_of, strict=False):
        end = start + dt.timedelta(minutes=30 * halves)
        parts = [part for moment in (start, end) for part in (f"{moment:%m/%d/%Y}", f"{moment:{clock}}")]
        row = ["Show", *parts, f"Hall, {place}"]
        writer.writerow([row[at] for at in order])
    return out.getvalue()


@given(
    spans_of=st.lists(spans, min_size=1, max_size=len(PLACES)),
    clock=st.sampled_from(["%I:%M %p", "%I:%M:%S %p", "%H:%M", "%H:%M:%S"]),
    order=st.permutations(range(6)),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
)
@quick
def test_the_table_has_the_shows_of_icalendar(
    tmp_path: Path,
    context: Context,
    spans_of: list[tuple[dt.datetime, int]],
    clock: str,
    order: list[int],
    encoding: str,
) -> None:
    calendar = icalendar.Calendar()
    for place, (start, halves) in zip(PLACES, spans_of, strict=False):
        event = icalendar.Event()
        event.add("UID", place)
        event.add("LOCATION", f"Hall, {place}")
        event.add("DTSTART", start)
        event.add("DTEND", start + dt.timedelta(minutes=30 * halves))
        calendar.add_component(event)
    (tmp_path / "a.ics").write_bytes(calendar.to_ical())
    (tmp_path / "a.csv").write_bytes(_as_table(spans_of, clock, order).encode(encoding))
    assert _shows(load_csv(tmp_path / "a.csv", context)) == _shows(load_ics(tmp_path / "a.ics", context))
