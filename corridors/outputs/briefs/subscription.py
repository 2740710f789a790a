"""The shows as iCalendar [RFC5545], so that programs that had an earlier edition show what is true now.

A program that subscribes takes each edition as the whole: what is absent vanishes. One that imported an earlier edition
keeps what it had until an event of the same UID says otherwise. So a show of an earlier edition that the new file no longer
lists stays until its days are over, as CANCELLED under its UID with a higher SEQUENCE (docs/briefs.md, "Subscriptions").
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from corridors.outputs.text.translations import Translations

PRODUCT = "-//Corridors//Calendar of gun shows//ES"
UNSPECIFIED = "unspecified"
"""Venue of a show whose venue is not known."""
REFRESH = timedelta(days=1)
_SIGNIFICANT = ("DTSTART", "DTEND", "STATUS", "LOCATION")
"""Properties whose change makes a new version of an event; what only words it does not."""


def show_ids(shows: pd.DataFrame) -> list[str]:
    """Return the UID of each show: the same in every edition that has its state, city, venue and first day."""
    keys = shows[["us_state", "city", "venue", "start"]].fillna("").astype("str")
    seeds = ["|".join(key) for key in keys.itertuples(index=False, name=None)]
    return [f"{hashlib.sha256(seed.encode()).hexdigest()[:24]}@corridors" for seed in seeds]


def earlier_events(edition: bytes) -> dict[str, icalendar.Event]:
    """Return the events of an earlier edition of ours by UID; none of another program's file."""
    try:
        calendar = icalendar.Calendar.from_ical(edition)
    except ValueError:
        return {}
    if str(calendar.get("PRODID", "")) != PRODUCT:
        return {}
    return {str(event["UID"]): event for event in calendar.events if "UID" in event}


def gone_shows(earlier: Mapping[str, icalendar.Event], listed: Collection[str], today: date) -> list[str]:
    """Return the UIDs of an earlier edition's shows that are not over and that the new file does not list."""
    return sorted(uid for uid, event in earlier.items() if uid not in listed and _ends_after(event, today))


def to_ics(
    shows: pd.DataFrame,
    ports: dict[str, str],
    today: date,
    name: str,
    texts: Sequence[Translations],
    *,
    earlier: Mapping[str, icalendar.Event] | None = None,
    listed: Collection[str] | None = None,
) -> bytes:
    """Return a calendar of all-day events, the last day of each in it; cancelled ones are marked.

    Parameters
    ----------
    shows
        `venue city us_state start end occurrence url consulate poe_id hours`.
    ports
        Name of each port.
    today
        Day the calendar is made on: the stamp of every event, so that the same input gives the same bytes.
    name
        What calendar programs call it.
    texts
        Those of each language, of which the first names events.
    earlier
        Events of the edition that this one replaces, as `earlier_events` returns them.
    listed
        UIDs of every show of the new file, also of those beyond the days asked for; by default none vanished.
    """
    before = earlier or {}
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for uid, row in zip(show_ids(shows), shows.to_dict("records"), strict=True):
        event = _event(uid, {str(key): value for key, value in row.items()}, ports, today, texts)
        calendar.add_component(_next_version(event, before.get(uid)))
    for uid in [] if listed is None else gone_shows(before, listed, today):
        calendar.add_component(_withdrawn(before[uid], today, texts[0]))
    text: bytes = calendar.to_ical()
    return text


def _next_version(event: icalendar.Event, before: icalendar.Event | None) -> icalendar.Event:
    """Return an event with the sequence number after that of its earlier edition where it differs, else with the same."""
    if before is None:
        return event
    same = all(_plain(event, name) == _plain(before, name) for name in _SIGNIFICANT)
    event["SEQUENCE"] = icalendar.vInt(max(_number(before) + (not same), _number(event)))
    return event


def _withdrawn(before: icalendar.Event, today: date, t: Translations) -> icalendar.Event:
    """Return an event of an earlier edition as cancelled, in the words that it is no longer listed."""
    event = before.copy(recursive=True)
    event["DTSTAMP"] = icalendar.vDDDTypes(datetime(today.year, today.month, today.day, tzinfo=UTC))
    if _plain(before, "STATUS") != "CANCELLED":
        event["STATUS"] = icalendar.vText("CANCELLED")
        event["SEQUENCE"] = icalendar.vInt(_number(before) + 1)
        event["SUMMARY"] = icalendar.vText(f"{before.get('SUMMARY', '')} ({t('calendar.withdrawn')})")
    return event


def _number(event: icalendar.Event) -> int:
    """Return the sequence number of an event, 0 where it has none."""
    return int(_plain(event, "SEQUENCE") or 0)


def _ends_after(event: icalendar.Event, today: date) -> bool:
    """Return whether the day after the last of an event, which is its DTEND, is after today."""
    end = event.decoded("DTEND", None)
    return isinstance(end, date) and end.isoformat() > today.isoformat()


def _plain(event: icalendar.Event, name: str) -> str:
    """Return the value of a property as written, "" where it is absent."""
    value = event.get(name)
    return "" if value is None else value.to_ical().decode()


def _event(
    uid: str, row: dict[str, Any], ports: dict[str, str], today: date, texts: Sequence[Translations]
) -> icalendar.Event:
    """Return one show."""
    event = icalendar.Event()
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    place = ", ".join(part for part in (venue, str(row["city"]), str(row["us_state"])) if part)
    cancelled = row["occurrence"] == "cancelled"
    event.add("uid", uid)
    event.add("dtstamp", datetime(today.year, today.month, today.day, tzinfo=UTC))
    event.add("dtstart", date.fromisoformat(row["start"]))
    event.add("dtend", date.fromisoformat(row["end"]) + timedelta(days=1))
    summary = _text("calendar.event_title", row, ports, texts[:1])
    event.add("summary", f"{summary} ({texts[0]('calendar.cancelled')})" if cancelled else summary)
    event.add("description", _text("calendar.event_text", row, ports, texts))
    event.add("location", place)
    event.add("categories", [part for part in (row["consulate"], row["poe_id"]) if part])
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE")
    event.add("sequence", int(cancelled))
    event.add("transp", "TRANSPARENT")
    if str(row["url"]).startswith("http"):
        event.add("url", row["url"])
    return event


def _text(key: str, row: dict[str, Any], ports: dict[str, str], languages: Sequence[Translations]) -> str:
    """Return the text on a show, one language after the other."""
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    texts = []
    for t in languages:
        facts = {
            "place": ", ".join(part for part in (venue, str(row["city"])) if part),
            "consulate": row["consulate"] or t("calendar.event_none"),
            "port": ports[row["poe_id"]],
            "hours": t.number(row["hours"], 1),
        }
        wanted = {name: fact for name, fact in facts.items() if f"{{{name}}}" in t(key)}
        texts.append(t(key, **wanted))
    return "\n\n".join(texts)
