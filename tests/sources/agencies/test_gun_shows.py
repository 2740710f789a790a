"""Gun-show calendars: days checked, series written out, venues placed, repeats merged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_show_dates import is_rule, iso_date, overlap, wrong_dates
from corridors.sources.agencies.gun_show_location import location_parts
from corridors.sources.agencies.gun_show_places import alike, venue_key
from corridors.sources.agencies.gun_show_series import repeated
from corridors.sources.agencies.gun_shows import FORMATS, load_csv, load_ics
from tests.raw import RAW, needs_raw
from tests.sources.dress import check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

SHOWS = RAW / "us/gun_show_dates.csv"
HEADER = (
    *(
        "promoter",
        "venue",
        "city",
        "state",
        "start",
        "end",
        "hours",
        "recurrence",
        "size",
        "cancelled",
        "url",
    ),
)
URL = "https://example.org/shows"
ROWS: list[list[object]] = [
    [
        "Peña Shows",
        "AZ State Fairgrounds",
        "Phoenix",
        "AZ",
        "2026-03-07",
        "2026-03-08",
        "9-5",
        "",
        "900",
        "",
        URL,
    ],
    ["", "Arizona State Fairgrounds", "Phoenix", "Arizona", "3/8/2026", "", "", "", "", "", ""],
    ["Peña Shows", "Some Hall", "Ft. Worth", "TX", "2026-04-04", "2026-04-05", "", "", "", "yes", URL],
    ["Peña Shows", "Elsewhere Hall", "Las Vegas", "NV", "2026-04-04", "2026-04-05", "", "", "", "", URL],
    [
        "Mesa Shows",
        "",
        "Mesa",
        "AZ",
        "2026-05-02",
        "2026-05-03",
        "",
        "FREQ=MONTHLY;BYDAY=1SA;COUNT=3",
        "",
        "",
        URL,
    ],
    ["Peña Shows", "Other Hall", "Phoenix", "AZ", "2026-03-07", "2026-03-08", "", "monthly", "", "no", URL],
]
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//shows//EN
{events}END:VCALENDAR
"""
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260101T000000Z
{lines}
END:VEVENT
"""
MESA = "LOCATION:Mesa Convention Center\\, 201 N Center St\\, Mesa\\, AZ 85201\\, USA"


def _csv(path: Path, *rows: Sequence[object]) -> Path:
    path.write_text(table_text(HEADER, rows), encoding="utf-8")
    return path


def _ics(path: Path, *events: str) -> Path:
    whole = "".join(EVENT.format(uid=number, lines=lines) for number, lines in enumerate(events))
    path.write_bytes(ICS.format(events=whole).replace("\n", "\r\n").encode())
    return path


def _shows(loaded: Loaded) -> list[tuple[Any, ...]]:
    check_account(loaded.report)
    table = loaded.tables["gun_shows"]
    assert table["show_id"].tolist() == [f"GS{number:03d}" for number in range(1, len(table) + 1)]
    return list(table[["us_state", "city", "start", "end", "occurrence"]].itertuples(index=False, name=None))


WANTED = [
    ("AZ", "Phoenix", "2026-03-07", "2026-03-08", "announced"),
    ("AZ", "Phoenix", "2026-03-07", "2026-03-08", "announced"),
    ("AZ", "Mesa", "2026-05-02", "2026-05-03", "announced"),
    ("AZ", "Mesa", "2026-06-06", "2026-06-07", "announced"),
    ("AZ", "Mesa", "2026-07-04", "2026-07-05", "announced"),
    ("TX", "Ft. Worth", "2026-04-04", "2026-04-05", "cancelled"),
]


@needs_raw
def test_the_compiled_list(context: Context, tables: Mapping[str, pd.DataFrame]) -> None:
    loaded = load_csv(SHOWS, context)
    check_account(loaded.report)
    assert (loaded.report.rows, loaded.report.kept) == (108, 106)
    assert loaded.report.dropped == {"no date": 1, "neither venue nor city": 1}
    columns = ["venue", "city", "us_state", "start"]
    both = loaded.tables["gun_shows"].merge(tables["gun_shows"], on=columns, suffixes=("", "_shipped"))
    assert len(both) == 106
    same = both["venue_id"].fillna("") == both["venue_id_shipped"].fillna("")
    assert same.sum() == 100  # the others have no name and were matched by hand
    assert both.loc[both["venue"] != "unspecified", "venue_id"].notna().all()


def test_a_calendar(tmp_path: Path, context: Context) -> None:
    loaded = load_csv(_csv(tmp_path / "mine.csv", *ROWS), context)
    assert _shows(loaded) == WANTED
    assert loaded.report.dropped == {
        "outside Arizona, California, New Mexico and Texas": 1,
        "the same show as another row: one venue, days that meet": 1,
    }
    assert loaded.report.period == "2026-03-07..2026-07-04"
    shows = {(row["city"], row["venue"]): row for row in loaded.tables["gun_shows"].to_dict("records")}
    fair = shows["Phoenix", "AZ State Fairgrounds"]
    assert (fair["venue_id"], fair["promoter"]) == ("AZ006", "Peña Shows")
    assert fair["note"] == "size: 900; hours: 9-5"
    worth = shows["Ft. Worth", "Some Hall"]
    assert worth["fips"] == "48439"
    assert pd.isna(worth["venue_id"])
    assert any("recurrence in words" in note for note in loaded.report.notes)
    assert any("2 shows more" in note for note in loaded.report.notes)


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_shows(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(HEADER, ROWS, dress))
    loaded = load_csv(path, context)
    assert _shows(loaded) == WANTED
    assert set(loaded.tables["gun_shows"]["promoter"]) == {"Peña Shows", "Mesa Shows"}


@given(cut=st.integers(0, len(table_text(HEADER, ROWS).encode())))
@quick
def test_a_cut_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode()
    check_cut(load_csv, content, cut, path=tmp_path / "mine.csv", context=context)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2026-03-08", "2026-03-07", "an end before the start"),
        ("2026-03-01", "2026-03-09", "more than 7 days"),
        ("2206-03-01", "", "a year not within"),
        ("soon", "", "cannot be read"),
        ("2026-13-01", "", "cannot be read"),
        ("2026-03", "2026-03-02", "not as precise"),
    ],
)
def test_wrong_days_are_said_with_their_row(
    tmp_path: Path, context: Context, start: str, end: str, says: str
) -> None:
    """One such row is left out, counted and noted; where no other remains, or many are wrong, they are faults."""
    wrong = ["", "Some Hall", "Phoenix", "AZ", start, end, *[""] * 5]
    loaded = load_csv(_csv(tmp_path / "mine.csv", ROWS[0], wrong), context)
    assert _shows(loaded) == [WANTED[0]]
    assert loaded.report.dropped == {"days that cannot be read or cannot be": 1}
    (note,) = loaded.report.notes
    assert note.startswith("left out: row 3, column 'start': expected days of a show")
    assert says in note
    for rows, lines in (([wrong], [2]), ([ROWS[0], wrong, wrong], [3, 4])):
        with pytest.raises(SchemaError, match=says) as caught:
            load_csv(_csv(tmp_path / "mine.csv", *rows), context)
        assert [fault.row for fault in caught.value.faults] == lines


def test_an_unknown_place_is_said_with_near_names(tmp_path: Path, context: Context) -> None:
    wrong = ["", "Some Hall", "Tuscon", "AZ", "2026-03-08", *[""] * 6]
    loaded = load_csv(_csv(tmp_path / "mine.csv", ROWS[0], wrong), context)
    assert loaded.report.dropped == {"neither the venue nor the city is known": 1}
    assert any("row 3, column 'city'" in note and "'Tuscon'" in note for note in loaded.report.notes)
    with pytest.raises(SchemaError, match=r"row 2.*'Some Hall' in 'Tuscon'.*Near names: Tucson"):
        load_csv(_csv(tmp_path / "mine.csv", wrong), context)
    bad = [*ROWS[4][:7], "FREQ=MONTHLY;BYDAY=9ZZ", *ROWS[4][8:]]
    with pytest.raises(SchemaError, match="a rule that can be followed"):
        load_csv(_csv(tmp_path / "mine.csv", bad), context)
    with pytest.raises(SchemaError, match="rows for the table 'gun_shows'"):
        load_csv(_csv(tmp_path / "mine.csv", ROWS[3]), context)


def test_a_cancelled_repeat_cancels_the_show(tmp_path: Path, context: Context) -> None:
    again = [*ROWS[1][:9], "yes", ""]
    loaded = load_csv(_csv(tmp_path / "mine.csv", ROWS[0], again), context)
    assert _shows(loaded) == [(*WANTED[0][:4], "cancelled")]


def test_an_icalendar_file(tmp_path: Path, context: Context) -> None:
    path = _ics(
        tmp_path / "mine.ics",
        f"DTSTART;VALUE=DATE:20260307\nDTEND;VALUE=DATE:20260309\nSUMMARY:Big Show\n{MESA}\n"
        "ORGANIZER;CN=Peña Shows:mailto:x@example.org\nURL:https://example.org/1",
        "DTSTART:20260404T090000\nDTEND:20260405T170000\nSTATUS:CANCELLED\nLOCATION:El Paso\\, TX",
        "DTSTART;VALUE=DATE:20260502\nDTEND;VALUE=DATE:20260504\nRRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=3\n"
        "EXDATE;VALUE=DATE:20260606\nLOCATION:Tucson\\, AZ",
        "DTSTART;VALUE=DATE:20260502\nLOCATION:Online",
        "DTSTART;VALUE=DATE:20260502\nLOCATION:Reno\\, NV",
        "DTSTART;VALUE=DATE:20260308\nSUMMARY:The same\nLOCATION:Convention Center\\, Mesa\\, AZ",
    )
    loaded = load_ics(path, context)
    assert _shows(loaded) == [
        ("AZ", "Mesa", "2026-03-07", "2026-03-08", "announced"),
        ("AZ", "Tucson", "2026-05-02", "2026-05-03", "announced"),
        ("AZ", "Tucson", "2026-07-04", "2026-07-05", "announced"),
        ("TX", "El Paso", "2026-04-04", "2026-04-05", "cancelled"),
    ]
    assert loaded.report.rows == 6
    assert loaded.report.dropped == {
        "no state in the location": 1,
        "outside Arizona, California, New Mexico and Texas": 1,
        "the same show as another row: one venue, days that meet": 1,
    }
    assert "201 N Center" not in loaded.tables["gun_shows"].to_csv() + repr(loaded.report)
    first = loaded.tables["gun_shows"].iloc[0]
    assert (first["promoter"], first["url"], first["note"]) == (
        "Peña Shows",
        "https://example.org/1",
        "Big Show",
    )


def test_a_changed_date_of_a_series_and_a_series_without_end(tmp_path: Path, context: Context) -> None:
    days = "DTSTART;VALUE=DATE:{0}\nLOCATION:Tucson\\, AZ"
    path = tmp_path / "mine.ics"
    series = EVENT.format(uid="s", lines=days.format("20200104") + "\nRRULE:FREQ=YEARLY")
    moved = EVENT.format(uid="s", lines=days.format("20260110") + "\nRECURRENCE-ID;VALUE=DATE:20260104")
    path.write_text(ICS.format(events=series + moved))
    loaded = load_ics(path, context)
    # Made on 2026-01-01: 18 months either way.
    assert [row[2] for row in _shows(loaded)] == ["2025-01-04", "2026-01-10", "2027-01-04"]
    assert loaded.report.dropped == {"a changed date of a series: counted with the series": 1}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("DTSTART;VALUE=DATE:20260307\nRRULE:FREQ=SECONDLY", "a series in whole days"),
        ("DTSTART;VALUE=DATE:20260307\nRRULE:FREQ=DAILY;BYHOUR=1,2,3", "a series in whole days"),
        ("SUMMARY:no start", "unreadable DTSTART"),
        ("DTSTART;VALUE=DATE:2026XX07", "unreadable DTSTART"),
        ("DTSTART;VALUE=DATE:20260307\nDTEND;VALUE=DATE:20260407\nLOCATION:Mesa\\, AZ", "more than 7 days"),
        ("DTSTART;VALUE=DATE:20260307\nLOCATION:Tuscon\\, AZ", "Near names: Tucson"),
    ],
)
def test_events_that_cannot_be_are_faults(tmp_path: Path, context: Context, lines: str, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        load_ics(_ics(tmp_path / "mine.ics", lines), context)


@given(cut=st.integers(0, 330))
@quick
def test_a_cut_calendar_is_an_error(tmp_path: Path, context: Context, cut: int) -> None:
    path = _ics(
        tmp_path / "mine.ics", f"DTSTART;VALUE=DATE:20260307\n{MESA}", f"DTSTART;VALUE=DATE:20260407\n{MESA}"
    )
    content = path.read_bytes()
    assert len(content) > 330
    path.write_bytes(content[:cut])
    with pytest.raises(SchemaError):
        load_ics(path, context)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mesa Convention Center\n201 N Center St\nMesa, AZ 85201", ("Mesa Convention Center", "Mesa", "AZ")),
        ("201 N Center St, Mesa, AZ", ("", "Mesa", "AZ")),
        ("Expo Hall, Dallas, Texas, United States", ("Expo Hall", "Dallas", "TX")),
        ("Expo Hall, Las Cruces NM 88001", ("Expo Hall", "Las Cruces", "NM")),
        ("Online", ("Online", "", "")),
        ("", ("", "", "")),
    ],
)
def test_locations(text: str, parts: tuple[str, str, str]) -> None:
    assert location_parts(text) == parts


@given(first=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(0, 6), shift=st.integers(1, 9))
def test_days(first: date, days: int, shift: int) -> None:
    start, end = first.isoformat(), (first + timedelta(days)).isoformat()
    assert iso_date(start) == start
    assert (wrong_dates(start, end) == "") == (first.year >= 1980 and int(end[:4]) <= 2050)
    assert overlap((start, end), (end, ""))
    for other in (first - timedelta(shift), first + timedelta(days + shift)):
        assert not overlap((start, end), (other.isoformat(), ""))


def test_a_series_keeps_to_months_that_have_the_day() -> None:
    assert len(repeated("2026-01-31", "", "FREQ=MONTHLY")) == 10


def test_rules_and_names() -> None:
    assert is_rule("RRULE:FREQ=WEEKLY;INTERVAL=2")
    assert not is_rule("monthly")
    assert not is_rule("FREQ=HOURLY")
    assert alike(venue_key("The Expo Centre"), venue_key("Expo Center")) == 100
    assert alike(venue_key("Bell County Expo Center"), venue_key("Mesquite Rodeo")) < 60
    assert [item.id for item in FORMATS] == ["calendar_csv", "calendar_ics"]
