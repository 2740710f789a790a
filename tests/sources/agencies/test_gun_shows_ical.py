"""Calendars as servers, promoters and hands write them: each event is a show on its days at its place, or a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_shows import load_ics
from corridors.sources.schemas import Context
from tests.sources.dress import check_account

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.sources.schemas import Loaded

PHOENIX = "LOCATION:Hall\\, Phoenix\\, AZ 85003"
DAYS = "DTSTART;VALUE=DATE:20270116\nDTEND;VALUE=DATE:20270118"
BOTH = ("2027-01-16", "2027-01-17")
ONE = ("2027-01-16", "2027-01-16")
WINDOWS = "DTSTART;TZID={0}:20270116T090000\nDTEND;TZID={0}:20270117T170000"
MADE = "DTSTAMP:20261101T000000Z"


@pytest.fixture(scope="module")
def context(tables: Mapping[str, pd.DataFrame]) -> Context:
    return Context(tables)


def calendar(*events: str, head: str = "") -> str:
    """The text of a calendar of some events, each a few lines."""
    whole = "\n".join(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT" for lines in events)
    middle = "\n".join(part for part in (head, whole) if part)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{middle}\nEND:VCALENDAR\n"


def load(path: Path, text: str | bytes, context: Context) -> Loaded:
    """The shows of a calendar, whose rows are all accounted for."""
    path.write_bytes(text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode())
    loaded = load_ics(path, context)
    check_account(loaded.report)
    return loaded


def days(loaded: Loaded) -> list[tuple[str, str]]:
    """First and last day of each show, in order."""
    table = loaded.tables["gun_shows"]
    return sorted(zip(table["start"], table["end"], strict=True))


def _places(loaded: Loaded) -> list[tuple[Any, ...]]:
    columns = ["city", "us_state", "start", "end", "occurrence"]
    return list(loaded.tables["gun_shows"][columns].itertuples(index=False, name=None))


def test_a_moment_in_utc_is_a_day_at_its_place(tmp_path: Path, context: Context) -> None:
    text = calendar(
        f"UID:a1\n{MADE}\nDTSTART:20270116T170000Z\nDTEND:20270117T010000Z\n"
        "LOCATION:Event Hall\\, 100 Main St\\, Bakersfield\\, CA 93301",
        f"UID:a2\n{MADE}\nDTSTART:20270220T010000Z\nDTEND:20270220T050000Z\n"
        "LOCATION:Fairgrounds\\, Phoenix\\, AZ 85003",
        head="X-WR-TIMEZONE:America/Los_Angeles",
    )
    loaded = load(tmp_path / "mine.ics", text, context)
    assert _places(loaded) == [
        ("Phoenix", "AZ", "2027-02-19", "2027-02-19", "announced"),
        ("Bakersfield", "CA", "2027-01-16", "2027-01-16", "announced"),
    ]
    assert any("America/Los_Angeles, America/Phoenix" in note for note in loaded.report.notes)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (f"{DAYS}\nDTSTAMP:20261101T000000Z\nDTSTAMP:20261001T000000Z", BOTH),
        (f"{DAYS}\nCREATED:00001231T000000Z", BOTH),
        (f"{DAYS}\nLAST-MODIFIED:soon\nX-ODD;A=B", BOTH),
        (f"{DAYS}\nDESCRIPTION:line one\nline two without fold", BOTH),
        (f"{DAYS}\nDESCRIPTION:a\nHours: 9-5\n\n- free parking\nEND of text", BOTH),
        (f"{DAYS}\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:P9D\nLOCATION:Reno\\, NV\nEND:VALARM", BOTH),
        ("DTSTART;VALUE=DATE:20270116\nDTSTART;VALUE=DATE:20270116\nDTEND:20270118", BOTH),
        ("DTSTART:20270116T090000\nDTSTART:20270116T100000\nDTEND:20270117T160000", BOTH),
        ("DTSTART:2027-01-16\nDTEND:2027-01-18", BOTH),
        ("DTSTART:2027-01-16T09:00:00-07:00\nDTEND:2027-01-17T17:00:00-07:00", BOTH),
        ("DTSTART: 20270116T0900\nDTEND:20270117T1700 ", BOTH),
        ("dtstart;value=date:20270116\ndtend;value=date:20270118", BOTH),
        (WINDOWS.format("US Mountain Standard Time"), BOTH),
        (WINDOWS.format("(UTC-07:00) Arizona"), BOTH),
        (WINDOWS.format('"(UTC-07:00) Arizona"'), BOTH),
        ("DTSTART;TZID=UTC:20270116T170000\nDTEND;TZID=Etc/UTC:20270118T010000", BOTH),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20270117T010000", ONE),
        ("DTSTART;TZID=Europe/London:20270116T160000\nDTEND;TZID=Europe/London:20270117T040000", ONE),
        (
            "DTSTART;TZID=America/Los_Angeles:20270116T000000\nDTEND;TZID=America/Los_Angeles:20270118T000000",
            BOTH,
        ),
        ("DTSTART;TZID=America/New_York:20270116T000000\nDTEND;TZID=America/New_York:20270117T235900", BOTH),
        ("DTSTART;TZID=America/Phoenix:20270116T160000Z\nDTEND;TZID=America/Phoenix:20270117T230000Z", BOTH),
        ("DTSTART:20270116T000000\nDTEND:20270118T000000", BOTH),
        ("DTSTART:20270116T070000Z\nDTEND:20270118T070000Z", BOTH),
        ("DTSTART:20270116T000000Z\nDTEND:20270118T000000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE", BOTH),
        ("DTSTART:20270116T180000\nDTEND:20270117T010000", BOTH),
        ("DTSTART;VALUE=DATE:20270116\nDURATION:P2D", BOTH),
        ("DTSTART;VALUE=DATE:20270116\nDURATION:PT36H", BOTH),
        ("DTSTART:20270116T160000Z\nDURATION:P1DT9H", BOTH),
        ("DTSTART;VALUE=DATE:20270116\nDTEND;VALUE=DATE:20270118\nDURATION:P2D", BOTH),
        ("DTSTART;VALUE=DATE:20270116\nDTEND;VALUE=DATE:20270116", ONE),
        ("DTSTART;VALUE=DATE:20270116\nDTEND:", ONE),
        ("DTSTART;VALUE=DATE:20270116", ONE),
        ("DTSTART:20270116T090000", ONE),
    ],
)
def test_an_event_as_servers_write_it(
    tmp_path: Path, context: Context, lines: str, wanted: tuple[str, str]
) -> None:
    loaded = load(tmp_path / "mine.ics", calendar(f"UID:a\n{lines}\n{PHOENIX}"), context)
    assert days(loaded) == [wanted]


@pytest.mark.parametrize(
    ("lines", "cancelled"),
    [
        ("STATUS:CANCELLED\nSTATUS:CANCELLED", True),
        ("STATUS:cancelled", True),
        ("STATUS:CANCELED", True),
        ("SUMMARY:CANCELED - Gun Show", True),
        ("SUMMARY:Gun Show (cancelled)\nSUMMARY:Gun Show", True),
        ("SUMMARY:Gun Show not cancelled", False),
        ("STATUS:TENTATIVE\nSTATUS:CONFIRMED", False),
        ("STATUS:\nSUMMARY:One\nSUMMARY:Two\nURL:\nORGANIZER;CN=:x\nORGANIZER;CN=B:y", False),
    ],
)
def test_a_cancelled_show_is_cancelled(
    tmp_path: Path, context: Context, lines: str, *, cancelled: bool
) -> None:
    loaded = load(tmp_path / "mine.ics", calendar(f"UID:a\n{DAYS}\n{PHOENIX}\n{lines}"), context)
    assert (loaded.tables["gun_shows"]["occurrence"] == "cancelled").tolist() == [cancelled]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("DTSTART:20270116\nDTSTART:20270123", r"row 7, column 'DTSTART'.*one DTSTART.*event 1 \(Show\)"),
        (f"{DAYS}\nDTEND:20270119", "one DTEND of an event"),
        ("DTSTART:20270116\nDTEND:20270118\nDURATION:P4D", "one DTEND of an event"),
        ("DTSTART;TZID=America/Phoenix:20270117T010000Z", "one DTSTART of an event"),
        (f"{DAYS}\nSTATUS:CONFIRMED\nSTATUS:CANCELLED", "one STATUS of an event.*CANCELLED"),
        (f"{DAYS}\nLOCATION:Hall\\, Tucson\\, AZ", "one LOCATION of an event.*Tucson"),
        (f"{DAYS}\nLOCATION:Other Arena\\, Phoenix\\, AZ", "one LOCATION of an event.*Other Arena"),
        (f"{DAYS}\nRDATE;VALUE=TIME:120000", r"column 'RDATE'.*with RDATE without a day: 12:00:00"),
        (f"{DAYS}\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE;VALUE=TIME:120000", "with EXDATE without a day"),
        (f"{DAYS}\nRECURRENCE-ID;VALUE=TIME:120000", "with RECURRENCE-ID without a day"),
        ("DTSTART:20270116\nDTEND:20270115", "an end before the start"),
        ("DTSTART:20270116\nDURATION:-P3D", "row 8, column 'DURATION': .*an end before the start"),
        (
            "DTSTART:20270116\nDTEND:20270110\nRRULE:FREQ=WEEKLY;COUNT=3",
            "row 8, column 'DTEND': .*an end before",
        ),
        ("DTSTART:20270116\nDURATION:-P3D\nRRULE:FREQ=WEEKLY;COUNT=3", "an end before the start"),
        ("DTSTART:20270116T090000\nDTEND:20270114T170000\nRDATE:20270123T090000", "an end before the start"),
        ("DTSTART:20270116\nDURATION:P9999999D", "an end that is no day"),
        ("DTSTART:20270116\nDTEND:20270201", "more than 7 days"),
        ("DTSTART:99990101", "a year not within"),
        ("DTSTART:20270116\nDTEND:soon", "row 8: .*unreadable DTEND"),
        ("DTSTART:20270116T090000/20270117T170000", "unreadable DTSTART"),
        ("DTEND:20270116", "unreadable DTSTART"),
        ("DTSTART:20270116\nRRULE:FLY", "a series in whole days"),
        ("DTSTART:20270116\nRRULE:FREQ=DAILY;INTERVAL=0", "a series in whole days"),
        ("DTSTART:20270116\nRRULE:FREQ=WEEKLY\nEXRULE:FREQ=MONTHLY", "a rule of exclusion"),
        ("DTSTART:20270116\nRRULE:FREQ=MONTHLY;BYDAY=99SA", "a series that can be followed|unreadable RRULE"),
    ],
)
def test_contradictions_are_faults_with_event_property_and_line(
    tmp_path: Path, context: Context, lines: str, says: str
) -> None:
    text = calendar(f"UID:a\nSUMMARY:Show\n{lines}\n{PHOENIX}")
    with pytest.raises(SchemaError, match=says):
        load(tmp_path / "mine.ics", text, context)


@pytest.mark.parametrize("rule", ["", "\nRRULE:FREQ=WEEKLY;COUNT=1"])
def test_an_end_earlier_on_the_day_of_the_start_is_that_day_and_said(
    tmp_path: Path, context: Context, rule: str
) -> None:
    text = calendar(
        f"UID:a\nSUMMARY:Early\nDTSTART:20270116T090000\nDTEND:20270116T050000{rule}\n{PHOENIX}",
        f"UID:b\nSUMMARY:Good\n{DAYS}\nLOCATION:Hall\\, Tucson\\, AZ",
    )
    loaded = load(tmp_path / "mine.ics", text, context)
    assert days(loaded) == [ONE, BOTH]
    said = [note for note in loaded.report.notes if "earlier that day" in note]
    assert len(said) == 1
    assert "Early" in said[0]
    assert "Good" not in said[0]


def test_what_is_broken_beyond_the_four_states_harms_nobody(tmp_path: Path, context: Context) -> None:
    broken = "DTSTART:soon\nRRULE:FREQ=SECONDLY\nSTATUS:CONFIRMED\nSTATUS:CANCELLED\n"
    text = calendar(
        f"UID:a\n{DAYS}\n{PHOENIX}",
        f"UID:b\n{broken}LOCATION:Reno\\, Nevada",
        f"UID:c\n{broken}LOCATION:Online",
    )
    loaded = load(tmp_path / "mine.ics", text, context)
    assert days(loaded) == [BOTH]
    assert loaded.report.dropped == {
        "outside Arizona, California, New Mexico and Texas": 1,
        "no state in the location": 1,
    }
    assert "no state in the location: event 3 'Online'" in loaded.report.notes


def test_a_calendar_without_a_state_quotes_its_locations(tmp_path: Path, context: Context) -> None:
    text = calendar(f"UID:a\n{DAYS}\nLOCATION:Phoenix Fairgrounds", f"UID:b\n{DAYS}\nSUMMARY:Show")
    with pytest.raises(
        SchemaError, match=r"no state in the location of event 1: 'Phoenix Fairgrounds'"
    ) as caught:
        load(tmp_path / "mine.ics", text, context)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(8, "LOCATION"), (10, "LOCATION")]


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:20270116\nRRULE:FREQ=WEEKLY;UNTIL=20270110",
        "DTSTART:20100116\nRRULE:FREQ=MONTHLY;UNTIL=20120101",
    ],
)
def test_a_series_that_has_ended_says_so(tmp_path: Path, context: Context, lines: str) -> None:
    ended = f"UID:a\n{MADE}\n{lines}\n{PHOENIX}"
    with pytest.raises(SchemaError, match="none of 1 events: 1 a series without a show within 18 months"):
        load(tmp_path / "mine.ics", calendar(ended), context)
    loaded = load(tmp_path / "mine.ics", calendar(ended, f"UID:b\n{MADE}\n{DAYS}\n{PHOENIX}"), context)
    assert days(loaded) == [BOTH]
    assert loaded.report.dropped == {"a series without a show within 18 months of the calendar's making": 1}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_marks_and_folds(tmp_path: Path, context: Context, newline: str, encoding: str) -> None:
    name = "LOCATION:Peña Blanca Hall of the Veterans of Foreign Wars & Friends\\, Phoe"
    for fold in ("\n nix", "\n\tnix", "\nnix"):  # the last has lost its space
        text = calendar(f"UID:a\n{DAYS}\n{name}{fold}\\, AZ")
        loaded = load(tmp_path / "mine.ics", text.replace("\n", newline).encode(encoding), context)
        assert days(loaded) == [BOTH]
        assert loaded.tables["gun_shows"]["city"].tolist() == ["Phoenix"]


def test_several_calendars_in_one_file(tmp_path: Path, context: Context) -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:{0}\nTZOFFSETTO:{0}\nEND:STANDARD\nEND:VTIMEZONE"
    )
    late = f"UID:{{}}\nDTSTART;TZID=Mine:20270116T{{}}0000\nDURATION:PT2H\n{PHOENIX}"
    text = (
        calendar(late.format("a", "09"), head=zone.format("-0700"))
        + "\ufeff"
        + calendar(late.format("b", "05").replace("16T", "23T"), head=zone.format("+0900"))
        + calendar(f"UID:c\n{DAYS}\nLOCATION:Tucson\\, AZ\nSUMMARY:Gun show")
        + calendar("UID:c\nDTSTART:20270116", head="METHOD:CANCEL")
        + calendar("UID:d\nSTATUS:CONFIRMED\nDTSTART:20270213\nLOCATION:Mesa\\, AZ", head="METHOD:PUBLISH")
    )
    loaded = load(tmp_path / "mine.ics", text, context)
    assert _places(loaded) == [
        ("Phoenix", "AZ", "2027-01-16", "2027-01-16", "announced"),
        ("Tucson", "AZ", "2027-01-16", "2027-01-17", "cancelled"),
        ("Phoenix", "AZ", "2027-01-22", "2027-01-22", "announced"),  # 5:00 in Tokyo's time
        ("Mesa", "AZ", "2027-02-13", "2027-02-13", "announced"),
    ]


def test_a_later_version_stands_for_an_earlier_one(tmp_path: Path, context: Context) -> None:
    moved = f"UID:a\nSEQUENCE:1\nDTSTART:20270123\nDTEND:20270125\n{PHOENIX}"
    text = calendar(f"UID:a\nSEQUENCE:0\n{DAYS}\n{PHOENIX}", moved)
    loaded = load(tmp_path / "mine.ics", text, context)
    assert days(loaded) == [("2027-01-23", "2027-01-24")]
    assert loaded.report.dropped == {"an earlier version of another event": 1}
    stamped = [
        calendar(f"UID:a\nDTSTAMP:20261{month}01T000000Z\nDTSTART:202701{day}\n{PHOENIX}")
        for month, day in ((2, 23), (0, 16))
    ]
    assert days(load(tmp_path / "mine.ics", "".join(stamped), context)) == [("2027-01-23", "2027-01-23")]
    same = [f"UID:1\n{MADE}\nDTSTART:202701{day}\n{PHOENIX}" for day in (16, 23)]
    assert len(days(load(tmp_path / "mine.ics", calendar(*same), context))) == 2


def test_series_with_changed_cancelled_and_excluded_days(tmp_path: Path, context: Context) -> None:
    text = calendar(
        f"UID:s\n{MADE}\nDTSTART;TZID=America/Phoenix:20270102T090000\n"
        "DTEND;TZID=America/Phoenix:20270103T160000\nRRULE:FREQ=WEEKLY;COUNT=5\nRRULE:FREQ=WEEKLY;COUNT=5\n"
        f"EXDATE;TZID=America/Phoenix:20270109T090000\nEXDATE:20270116T160000Z\n{PHOENIX}\nSUMMARY:Show",
        "UID:s\nRECURRENCE-ID;TZID=America/Phoenix:20270123T090000\nSTATUS:CANCELLED\n"
        "DTSTART;TZID=America/Phoenix:20270123T090000",
        "UID:s\nRECURRENCE-ID:20270130T160000Z\nDTSTART:20270206T160000Z\nDURATION:PT8H\n"
        "LOCATION:Tucson\\, AZ",
    )
    loaded = load(tmp_path / "mine.ics", text, context)
    assert _places(loaded) == [
        ("Phoenix", "AZ", "2027-01-02", "2027-01-03", "announced"),
        ("Phoenix", "AZ", "2027-01-23", "2027-01-23", "cancelled"),
        ("Tucson", "AZ", "2027-02-06", "2027-02-06", "announced"),
    ]
    assert loaded.report.dropped == {"a changed date of a series: counted with the series": 2}


def test_a_series_in_utc_is_counted_there_and_dated_at_its_place(tmp_path: Path, context: Context) -> None:
    lines = f"UID:s\n{MADE}\nDTSTART:20270220T010000Z\nDTEND:20270220T050000Z\nRRULE:FREQ=MONTHLY;BYDAY=3SA;COUNT=2"
    loaded = load(tmp_path / "mine.ics", calendar(f"{lines}\n{PHOENIX}"), context)
    assert [first for first, _ in days(loaded)] == ["2027-02-19", "2027-03-19"]


@pytest.mark.parametrize(
    ("location", "moment", "day"),
    [
        ("Dallas\\, TX", "20270116T053000Z", "2027-01-15"),
        ("Dallas\\, TX", "20270116T060000Z", "2027-01-16"),
        ("El Paso\\, TX", "20270116T063000Z", "2027-01-15"),  # Mountain Time
        ("Dell City\\, TX", "20270116T063000Z", "2027-01-15"),
        ("Van Horn\\, TX", "20270116T063000Z", "2027-01-16"),
        ("Las Cruces\\, NM", "20270716T053000Z", "2027-07-15"),
        ("Phoenix\\, AZ", "20270716T063000Z", "2027-07-15"),  # no daylight saving time
        ("Window Rock\\, AZ", "20270716T063000Z", "2027-07-16"),  # the Navajo Nation has it
        ("San Diego\\, CA", "20270716T065900Z", "2027-07-15"),
    ],
)
def test_the_place_gives_the_zone(
    tmp_path: Path, context: Context, location: str, moment: str, day: str
) -> None:
    text = calendar(f"UID:a\nDTSTART:{moment}\nLOCATION:{location}", head="X-WR-TIMEZONE:Asia/Tokyo")
    assert days(load(tmp_path / "mine.ics", text, context)) == [(day, day)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "a calendar with events, found none"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "a truncated file: 1 BEGIN:VEVENT, 0 END:VEVENT"),
        ("BEGIN:VCALENDAR\nEND:VCALENDARD\n", "1 BEGIN:VCALENDAR, 0 END:VCALENDAR"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n", "a calendar with events, found none"),
        ("<!DOCTYPE html>\n<html></html>\n", "a web page"),
        ("\ufeff", "text that begins ''"),
        ("BEGIN:VEVENT\nEND:VEVENT\n", "text that begins 'BEGIN:VEVENT'"),
    ],
)
def test_what_is_no_calendar_is_said(tmp_path: Path, context: Context, text: str, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        load(tmp_path / "mine.ics", text, context)
