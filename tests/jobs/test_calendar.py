"""The calendar: what is to come out of a user's file alone, by consulate and port; a valid .ics that is read back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import icalendar
import pandas as pd
import pytest
import vobject

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.jobs.calendar import calendar, user_shows
from corridors.outputs.briefs import coming_shows
from corridors.outputs.briefs.subscription import earlier_events, show_ids, to_ics
from corridors.outputs.text import LANGUAGES, load_translations, slug
from corridors.sources import Context
from corridors.sources.agencies import gun_show_ical, gun_shows
from corridors.sources.agencies.gun_shows import load_ics
from corridors.sources.reading.delimited import RAGGED, UNENDED
from corridors.sources.reading.spreadsheet import NOT_A_ROW
from tests.jobs.finished_world import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.jobs.inputs import Inputs


@pytest.fixture(scope="module")
def table(outreach: Path) -> pd.DataFrame:
    return pd.read_csv(outreach / "calendar/calendar.csv", keep_default_na=False)


def test_what_is_to_come_is_once_whole_and_in_order(table: pd.DataFrame) -> None:
    """A duplicate is one show, a show under way and one over the turn of the year are in, one that has ended is not."""
    assert list(zip(table["start"], table["end"], table["city"], strict=True)) == [
        ("2026-12-29", "2026-12-30", "El Paso"),
        ("2026-12-31", "2027-01-02", "Phoenix"),
        ("2027-01-09", "2027-01-10", "Tucson"),
        ("2027-01-16", "2027-01-17", "Del Mar"),
        ("2027-01-23", "2027-01-24", "Las Cruces"),
        ("2027-02-06", "2027-02-07", "Fort Worth"),
        ("2027-02-20", "2027-02-21", "Del Mar"),
    ]
    assert table["occurrence"].eq("cancelled").tolist() == [False, False, True, False, False, False, False]


def test_each_show_has_its_consulate_port_and_road_time(table: pd.DataFrame) -> None:
    found = table.drop_duplicates("city").set_index("city")
    assert found["consulate"].to_dict() == {
        "El Paso": "El Paso", "Phoenix": "Phoenix", "Tucson": "Tucson", "Del Mar": "San Diego", "Las Cruces": "El Paso",
        "Fort Worth": "Dallas",
    }  # fmt: skip
    hours, ports = found["hours"].to_dict(), found["poe_id"].to_dict()
    assert hours["El Paso"] < 0.7
    assert ports["Tucson"][:2] == "AZ"
    assert 0.8 < hours["Tucson"] < 1.6
    assert "promoter" not in table


def test_the_shipped_dates_are_history_and_never_to_come(
    finished: Path, shipped: Inputs, tmp_path: Path
) -> None:
    """Even on a day before them: without a calendar of the user's nothing is to come."""
    assert user_shows(shipped, None) is None
    made = calendar(Config(), finished, today=date(2019, 1, 1), days=60)
    assert made.shows.empty
    made.write(tmp_path / "none")
    page = (tmp_path / "none/calendar.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        words = load_translations(language)
        assert words("calendar.lead_none") in page
        assert words("calendar.history") in page
        assert words("calendar.upcoming") not in page
        assert words("calendar.accepted") in page
        assert words("calendar.ahead") in page
    assert icalendar.Calendar.from_ical((tmp_path / "none/calendar.ics").read_bytes()).walk("VEVENT") == []
    history = pd.read_csv(tmp_path / "none/data/history.csv", dtype={"first": str})
    assert history["known"].sum() == 102 - (shipped.tables["gun_shows"]["start"].isna().sum())
    assert (history.filter(regex=r"^m\d\d$").sum(axis=1) <= history["known"]).all()


def test_without_a_calendar_the_page_opens_with_what_is_known(finished: Path, tmp_path: Path) -> None:
    calendar(Config(), finished, today=date(2019, 1, 1), days=60).write(tmp_path / "none")
    page = (tmp_path / "none/calendar.html").read_text(encoding="utf-8")
    tables = {name: pd.read_csv(tmp_path / f"none/data/{name}.csv") for name in ("ahead", "history", "known")}
    known = tables["known"].set_index("what")
    for what, dates in (("ahead", "dates"), ("history", "known")):
        named = tables[what]["venue"] != "unspecified"
        assert known.loc[what, "venues"] == named.sum() > 1
        assert known.loc[what, "unnamed"] == tables[what].loc[~named, dates].sum() > 0
    for article in page.split("<article ")[1:]:
        words = load_translations(article[article.index('lang="') + 6 :][:2])
        said = unescape(re.sub(r"<[^>]+>", "", article))
        for what in ("ahead", "history"):
            count = known["unnamed"].to_dict()[what]
            assert words(words.plural("calendar.unnamed", count), count=str(count)) in said
        assert words("brief.venue_unnamed") not in said
        assert "(as printed)" not in said
        assert words("calendar.as_printed") in said
        lead = words(
            "calendar.lead_ahead_other", venues=str(known.loc["ahead", "venues"]), days="60", today="|"
        )
        assert said.index(lead.split("|")[0]) < said.index(words("calendar.lead_none"))
        assert said.index(words("calendar.lead_none")) < said.index(words("calendar.ahead"))
        assert said.index(words("calendar.ahead")) < said.index(words("calendar.accepted"))


def test_the_published_proportion_comes_before_any_date(outreach: Path) -> None:
    page = (outreach / "calendar/calendar.html").read_text(encoding="utf-8")
    for article in page.split("<article ")[1:]:
        assert article.index("#CHN01#value") < article.index("#start")
        assert article.index("#CHN02#value") < article.index("#start")
    assert not re.search(r"data-id=\"data/upcoming.csv#[^#]*#share", page)


def test_the_ics_keeps_to_rfc_5545(outreach: Path) -> None:
    for path in (outreach / "calendar").glob("*.ics"):
        raw = path.read_bytes()
        lines = raw.split(b"\r\n")
        assert lines[-1] == b""
        assert all(b"\n" not in line and len(line) <= 75 for line in lines)
        text = re.sub(r"\r\n[ \t]", "", raw.decode("utf-8"))
        assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
        events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT\r\n", text, re.DOTALL)
        assert len(events) == text.count("BEGIN:VEVENT")
        uids = []
        for event in events:
            names = [re.split(r"[;:]", line, maxsplit=1)[0] for line in event.strip().split("\r\n")]
            for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS"):
                assert names.count(name) == 1
            assert re.search(r"^DTSTART;VALUE=DATE:\d{8}\r?$", event, re.MULTILINE)
            assert re.search(r"^DTSTAMP:20261230T000000Z\r?$", event, re.MULTILINE)
            uids.append(re.search(r"^UID:(.*)\r?$", event, re.MULTILINE)[1])  # type: ignore[index]
        assert len(set(uids)) == len(uids)
        other = vobject.readOne(raw.decode("utf-8"))
        assert other.validate(raiseException=True)
        assert len(other.vevent_list) == len(events)


def test_the_ics_is_read_back_as_the_same_shows(outreach: Path, table: pd.DataFrame, shipped: Inputs) -> None:
    found = load_ics(outreach / "calendar/calendar.ics", Context(shipped.tables, {})).tables["gun_shows"]
    columns = ["start", "end", "city", "us_state"]
    assert sorted(found[columns].itertuples(index=False)) == sorted(table[columns].itertuples(index=False))
    assert (found["occurrence"] == "cancelled").sum() == 1
    one = icalendar.Calendar.from_ical((outreach / "calendar/calendar-tucson.ics").read_bytes()).walk(
        "VEVENT"
    )
    assert [str(event["STATUS"]) for event in one] == ["CANCELLED"]
    comma = icalendar.Calendar.from_ical((outreach / "calendar/calendar-el-paso.ics").read_bytes()).walk(
        "VEVENT"
    )[-1]
    assert str(comma["LOCATION"]).endswith("Las Cruces, NM")
    assert "; comma, hall" in str(comma["SUMMARY"])


def test_an_event_at_a_late_hour_stays_on_its_place_s_day(shipped: Inputs, tmp_path: Path) -> None:
    """Eight in the evening in Tucson is the next day in UTC: the day of the place is what counts."""
    path = tmp_path / "late.ics"
    path.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261201T000000Z\r\n"
        "DTSTART;TZID=America/Phoenix:20261231T200000\r\nDTEND;TZID=America/Phoenix:20261231T230000\r\n"
        "LOCATION:Tucson Convention Center, Tucson, AZ\r\nSUMMARY:Show\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    own = user_shows(shipped, path)
    assert own is not None
    shows = own.shows
    assert shows["start"].tolist() == ["2026-12-31"]
    assert len(coming_shows(shows, date(2026, 12, 31), 1)[0]) == 1
    assert len(coming_shows(shows, date(2027, 1, 1), 1)[0]) == 0


def test_a_cancelled_show_keeps_its_name_in_the_calendar(table: pd.DataFrame) -> None:
    """So that a program that had it takes it out instead of adding another."""
    row = table[table["city"] == "Tucson"]
    ports = dict.fromkeys(table["poe_id"], "port")
    texts = [load_translations(language) for language in LANGUAGES]
    events = [
        icalendar.Calendar.from_ical(to_ics(row.assign(occurrence=what), ports, TODAY, "x", texts)).walk(
            "VEVENT"
        )[0]
        for what in ("announced", "cancelled")
    ]
    assert events[0]["UID"] == events[1]["UID"]
    assert [str(event["SEQUENCE"]) for event in events] == ["0", "1"]


def test_another_file_is_no_calendar(shipped: Inputs, tmp_path: Path) -> None:
    path = tmp_path / "nics.csv"
    path.write_text("month,state,permit,handgun,long_gun,other,multiple,totals\n2024-01,Texas,1,1,1,1,1,5\n")
    with pytest.raises(
        InputError, match="expected a calendar of gun shows, found columns month, state, permit"
    ):
        user_shows(shipped, path)


def _drawn(*shows: tuple[str, str, str]) -> pd.DataFrame:
    """Drawn shows: venue, first day, occurrence."""
    rows = [
        {
            "venue": venue,
            "city": "Tucson",
            "us_state": "AZ",
            "start": start,
            "end": start,
            "occurrence": occurrence,
        }
        for venue, start, occurrence in shows
    ]
    return pd.DataFrame(rows).assign(url="", consulate="Tucson", poe_id="P", hours=1.0)


def _edition(
    shows: pd.DataFrame, today: date, earlier: bytes = b"", listed: pd.DataFrame | None = None
) -> bytes:
    texts = [load_translations(language) for language in LANGUAGES]
    known = show_ids(shows if listed is None else listed)
    return to_ics(shows, {"P": "port"}, today, "x", texts, earlier=earlier_events(earlier), listed=known)


def _states(edition: bytes) -> dict[str, tuple[str, int]]:
    """Return venue to status and sequence number of each event."""
    events = icalendar.Calendar.from_ical(edition).walk("VEVENT")
    return {
        str(one["LOCATION"]).split(",")[0]: (str(one["STATUS"]), int(one["SEQUENCE"].to_ical()))
        for one in events
    }


def test_a_show_that_is_no_longer_listed_is_withdrawn_until_it_is_over() -> None:
    """By the same name, as cancelled, with a higher number; once its days are over it is in no edition."""
    a, b = ("A", "2027-01-16", "announced"), ("B", "2027-02-06", "announced")
    first = _edition(_drawn(a, b), TODAY)
    assert _states(first) == {"A": ("TENTATIVE", 0), "B": ("TENTATIVE", 0)}
    second = _edition(_drawn(b), TODAY, first)
    assert _states(second) == {"A": ("CANCELLED", 1), "B": ("TENTATIVE", 0)}
    assert earlier_events(first).keys() == earlier_events(second).keys()
    words = load_translations(LANGUAGES[0])("calendar.withdrawn")
    (title,) = [
        str(one["SUMMARY"]) for one in earlier_events(second).values() if str(one["STATUS"]) == "CANCELLED"
    ]
    assert title.endswith(f"({words})")
    third = _edition(_drawn(b), date(2027, 1, 16), second)
    assert _states(third) == _states(second)
    assert third.decode().count(words) == 1
    assert _states(_edition(_drawn(b), date(2027, 1, 17), third)) == {"B": ("TENTATIVE", 0)}
    again = _edition(_drawn(a, b), TODAY, second)
    assert _states(again) == {"A": ("TENTATIVE", 2), "B": ("TENTATIVE", 0)}


def test_a_show_beyond_the_days_asked_for_is_not_withdrawn() -> None:
    """It is in the file, only not asked for: a shorter calendar says nothing about it."""
    a, b = ("A", "2027-01-16", "announced"), ("B", "2027-06-06", "announced")
    first = _edition(_drawn(a, b), TODAY)
    assert _states(_edition(_drawn(a), TODAY, first, _drawn(a, b))) == {"A": ("TENTATIVE", 0)}


def test_only_our_own_editions_are_taken_up() -> None:
    other = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert earlier_events(other) == {}
    assert earlier_events(b"no calendar") == {}


def test_a_second_calendar_says_what_it_left_out_and_what_is_gone(finished: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "ferias.csv", tmp_path / "calendar"
    rows = [
        "Expo,Tucson,Arizona,16 y 17 de enero de 2027",
        "Hall,Laredo,Texas,6 de febrero de 2027",
        "Hall,Laredo,Texas,6 de febrero de 2024",
        "Hall,El Paso,Texas,pronto",
        "Hall,Reno,Nevada,6 de febrero de 2027",
    ]
    path.write_text("\n".join(["Recinto,Ciudad,Estado,Fecha", *rows]) + "\n", encoding="utf-8")
    made = calendar(Config(), finished, today=TODAY, days=60, shows=path)
    assert made.report is not None
    assert (len(made.shows), made.report.rows, made.report.kept, made.past, made.gone) == (2, 5, 3, 1, 0)
    made.write(out)
    path.write_text("\n".join(["Recinto,Ciudad,Estado,Fecha", *rows[1:]]) + "\n", encoding="utf-8")
    made = calendar(Config(), finished, today=TODAY, days=60, shows=path, former=out)
    assert (len(made.shows), made.gone) == (1, 1)
    made.write(out)
    page = (out / "calendar.html").read_text(encoding="utf-8")
    for language, words in (
        ("es", "fechas ilegibles o imposibles"),
        ("en", "days that cannot be read or cannot be"),
    ):
        article = page.split(f'<article lang="{language}"')[1].split("</article>")[0]
        assert words in article
        assert "data/asked.csv#asked#gone" in article
    # who subscribed to the consulate's file finds it where it was, and in it that the show is withdrawn
    edition = icalendar.Calendar.from_ical((out / "calendar-tucson.ics").read_bytes())
    assert [str(event["STATUS"]) for event in edition.walk("VEVENT")] == ["CANCELLED"]


def test_every_reason_for_a_row_left_out_is_in_both_languages() -> None:
    reasons = {
        *(gun_shows.UNREADABLE_DAYS, gun_shows.UNKNOWN_PLACE, gun_shows.UNCLEAR, gun_shows.UNREADABLE_RULE),
        *(gun_shows.SAME, gun_show_ical.OUTSIDE, gun_show_ical.NO_START, gun_show_ical.NO_STATE),
        *(gun_show_ical.ENDED, gun_show_ical.CHANGED, gun_show_ical.EARLIER, gun_show_ical.UNREADABLE),
        *(
            "no date",
            "no state",
            "state not recognized",
            "neither venue nor city",
            UNENDED,
            RAGGED,
            NOT_A_ROW,
        ),
    }
    for language in LANGUAGES:
        texts = load_translations(language).texts
        assert {f"calendar_reason.{slug(reason)}" for reason in reasons} == {
            key for key in texts if key.startswith("calendar_reason.")
        }
