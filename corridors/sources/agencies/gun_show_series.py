"""Write out series of gun shows: rules of iCalendar, with changed and excluded dates."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pandas as pd
import recurring_ical_events

from corridors.sources.agencies.gun_show_dates import MAX_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.sources.agencies.gun_show_lines import RawEvent

MONTHS = 18  # series are expanded this far before and after the calendar's time stamp


def repeated(start: str, end: str, rule: str) -> list[tuple[str, str]]:
    """Return the first and last day of each show of a series, within 18 months of its first.

    Raises
    ------
    ValueError
        When the rule cannot be followed.

    Examples
    --------
    >>> repeated("2025-01-04", "2025-01-05", "FREQ=MONTHLY;BYDAY=1SA;COUNT=2")
    [('2025-01-04', '2025-01-05'), ('2025-02-01', '2025-02-02')]
    """
    first = date.fromisoformat(start)
    length = date.fromisoformat(end or start) - first
    event = icalendar.Event()
    event.add("UID", "series")
    event.add("DTSTART", first)
    event.add("RRULE", icalendar.vRecur.from_ical(re.sub("(?i)^RRULE:", "", rule.strip()).rstrip(";")))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    days = sorted(
        found["DTSTART"].dt
        for found in recurring_ical_events.of(calendar).between(first, _months(first, MONTHS))
    )
    return [(day.isoformat(), (day + length).isoformat() if end else "") for day in days]


def occurrences(events: Mapping[int, RawEvent], middle: date | None) -> list[tuple[int, Any]]:
    """Return each day of a series as an event, with the position of the event it comes from.

    Parameters
    ----------
    events
        Position to event: that of the series first, then those that change a day of it.
    middle
        Day around which the series is expanded; None for all days that the events name.

    Raises
    ------
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError
        When the series cannot be followed.
    """
    series = next(iter(events.values()))
    calendar = icalendar.Calendar()
    for zone in series.zones:
        calendar.add_component(zone)
    for at, raw in events.items():
        calendar.add_component(_single(at, raw))
    days = [day_of(raw.values("DTSTART")[0].dt) for raw in events.values()]
    first, last = min(days) - timedelta(days=MAX_DAYS), max(days) + timedelta(days=MAX_DAYS)
    if middle is not None:
        first, last = max(min(days), _months(middle, -MONTHS)), _months(middle, MONTHS)
    found = recurring_ical_events.of(calendar).between(first, last) if first < last else []
    return [(int(event["X-AT"]), event) for event in found]


def day_of(moment: date | datetime) -> date:
    """Return the day of a moment, as written."""
    return moment.date() if isinstance(moment, datetime) else moment


def _single(at: int, raw: RawEvent) -> icalendar.Event:
    """Return an event with each property once, and only those that say when it is."""
    event = icalendar.Event()
    event["UID"] = "series"
    event["X-AT"] = at
    for name in ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"):
        values = raw.values(name)
        if values and not (name == "DURATION" and "DTEND" in event):
            event[name] = values[0]
    for name in ("RRULE", "RDATE", "EXDATE"):
        values = list({value.to_ical(): value for value in raw.values(name)}.values())
        if values:
            event[name] = values if len(values) > 1 else values[0]
    return event


def _months(day: date, months: int) -> date:
    """Return the day some months later."""
    moved: date = (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
    return moved
