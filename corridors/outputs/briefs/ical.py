"""Coming gun shows as an iCalendar file [RFC5545] to subscribe to. Days only: a show's day is that of its place."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar

from corridors.outputs.text.translations import LANGUAGES, load_translations

if TYPE_CHECKING:
    import pandas as pd

PRODUCT = "-//Corridors//Calendar of gun shows//ES"
UNSPECIFIED = "unspecified"
"""Venue of a show whose venue is not known."""
REFRESH = timedelta(days=1)


def to_ics(shows: pd.DataFrame, ports: dict[str, str], today: date, name: str) -> bytes:
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
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in shows.to_dict("records"):
        calendar.add_component(_event({str(key): value for key, value in row.items()}, ports, today))
    text: bytes = calendar.to_ical()
    return text


def _event(row: dict[str, Any], ports: dict[str, str], today: date) -> icalendar.Event:
    """Return one show."""
    event = icalendar.Event()
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    place = ", ".join(part for part in (venue, str(row["city"]), str(row["us_state"])) if part)
    seed = "|".join(str(row[key]) for key in ("us_state", "city", "venue", "start"))
    cancelled = row["occurrence"] == "cancelled"
    event.add("uid", f"{hashlib.sha256(seed.encode()).hexdigest()[:24]}@corridors")
    event.add("dtstamp", datetime(today.year, today.month, today.day, tzinfo=UTC))
    event.add("dtstart", date.fromisoformat(row["start"]))
    event.add("dtend", date.fromisoformat(row["end"]) + timedelta(days=1))
    summary = _text("calendar.event_title", row, ports, LANGUAGES[:1])
    event.add(
        "summary",
        f"{summary} ({load_translations(LANGUAGES[0])('calendar.cancelled')})" if cancelled else summary,
    )
    event.add("description", _text("calendar.event_text", row, ports, LANGUAGES))
    event.add("location", place)
    event.add("categories", [part for part in (row["consulate"], row["poe_id"]) if part])
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE")
    event.add("sequence", int(cancelled))
    event.add("transp", "TRANSPARENT")
    if str(row["url"]).startswith("http"):
        event.add("url", row["url"])
    return event


def _text(key: str, row: dict[str, Any], ports: dict[str, str], languages: tuple[str, ...]) -> str:
    """Return the text on a show, one language after the other."""
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    texts = []
    for language in languages:
        t = load_translations(language)
        facts = {
            "place": ", ".join(part for part in (venue, str(row["city"])) if part),
            "consulate": row["consulate"] or t("calendar.event_none"),
            "port": ports[row["poe_id"]],
            "hours": t.number(row["hours"], 1),
        }
        wanted = {name: fact for name, fact in facts.items() if f"{{{name}}}" in t(key)}
        texts.append(t(key, **wanted))
    return "\n\n".join(texts)
