"""Read gun shows from an iCalendar file; series are expanded."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import icalendar
import pandas as pd
import recurring_ical_events

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.gun_show_dates import is_rule, last_day
from corridors.sources.agencies.gun_show_places import UNSPECIFIED
from corridors.sources.agencies.row_report import state_postal
from corridors.sources.reading.delimited import content, fault
from corridors.sources.reading.encoding import decoded, repaired
from corridors.sources.schemas.columns import POSTAL_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MONTHS = 18  # series are expanded this far before and after the calendar's time stamp
_MAX_LOCATION = 300  # characters of a location that are parsed
_COUNTRY = re.compile(r"(?i)u\.?s\.?(a\.?)?|united states( of america)?|estados unidos|ee\.? ?uu\.?")
_STATE_ZIP = re.compile(
    rf"(?P<city>.*?)[\s,]*\b(?P<state>[A-Z]{{2}}|(?i:{'|'.join(POSTAL_CODES)}))\.?(\s+\d{{5}}(-\d{{4}})?)?"
)
_STATES = frozenset(
    (
        *(
            "AL",
            "AK",
            "AZ",
            "AR",
            "CA",
            "CO",
            "CT",
            "DE",
            "DC",
            "FL",
            "GA",
            "HI",
            "ID",
            "IL",
            "IN",
            "IA",
            "KS",
        ),
        *(
            "KY",
            "LA",
            "ME",
            "MD",
            "MA",
            "MI",
            "MN",
            "MS",
            "MO",
            "MT",
            "NE",
            "NV",
            "NH",
            "NJ",
            "NM",
            "NY",
            "NC",
        ),
        *(
            "ND",
            "OH",
            "OK",
            "OR",
            "PA",
            "RI",
            "SC",
            "SD",
            "TN",
            "TX",
            "UT",
            "VT",
            "VA",
            "WA",
            "WV",
            "WI",
            "WY",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Events:
    """Shows in a calendar file.

    Parameters
    ----------
    shows
        One row per show; `at` is the position of its event in the file, from 0.
    count
        Events in the file.
    notes
        Notes for the reader.
    """

    shows: pd.DataFrame
    count: int
    notes: tuple[str, ...] = field(default_factory=tuple)


def read_events(path: Path) -> Events:
    """Return the shows of an iCalendar file.

    Raises
    ------
    SchemaError
        When the file is truncated or not a calendar, an event cannot be read, or a series repeats within a day.
    """
    calendar = _calendar(path)
    events: list[Any] = list(calendar.walk("VEVENT"))
    if not events:
        raise fault(path, "a calendar with events", "none", "Give a calendar of gun shows.")
    _refuse(path, events)
    groups: dict[str, list[int]] = {}
    for at, event in enumerate(events):
        groups.setdefault(str(event.get("UID", f"event {at}")), []).append(at)
    made = _made(events)
    rows, series, written = [], 0, 0
    for places in groups.values():
        if any("RRULE" in events[at] or "RDATE" in events[at] for at in places):
            several = _expanded(path, calendar, [events[at] for at in places], made, places[0])
            rows += [_row(event, places[0]) for event in several]
            series, written = series + 1, written + len(several)
        else:
            rows += [_row(events[at], at) for at in places]
    words = f"{series} series written out as {written} shows, within {MONTHS} months of the calendar's making"
    return Events(pd.DataFrame(rows), len(events), (words,) if series else ())


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


def location_parts(text: str) -> tuple[str, str, str]:
    """Return venue, city and postal code of the state from an event's location; "" for those absent.

    Examples
    --------
    >>> location_parts("Mesa Convention Center, 201 N Center St, Mesa, AZ 85201, USA")
    ('Mesa Convention Center', 'Mesa', 'AZ')
    >>> location_parts("El Paso, TX")
    ('', 'El Paso', 'TX')
    """
    parts = [part.strip() for part in re.split(r"[,\n;]", text[:_MAX_LOCATION]) if part.strip()]
    while parts and _COUNTRY.fullmatch(parts[-1]):
        parts.pop()
    while parts and re.fullmatch(r"\d{5}(-\d{4})?", parts[-1]):
        parts.pop()
    if not parts:
        return "", "", ""
    found = _STATE_ZIP.fullmatch(parts[-1])
    state = "" if found is None else str(state_postal(pd.Series([found["state"]], dtype="str")).iloc[0])
    if found is None or state not in _STATES:
        return parts[0], "", ""
    before = parts[:-1]
    city = found["city"].strip() or (before.pop() if before else "")
    venue = before[0] if before and not before[0][0].isdigit() else ""
    return venue, city, state


def _calendar(path: Path) -> icalendar.Calendar:
    """Return the calendar; raise SchemaError where the file is truncated or not a calendar."""
    text = decoded(content(path)).text.strip()
    lines = text.upper().splitlines()
    if not lines[0].startswith("BEGIN:VCALENDAR"):
        raise fault(
            path, "an iCalendar file", f"text that begins {text[:40]!r}", "Export the calendar as .ics."
        )
    counts = Counter(lines)
    if lines[-1] != "END:VCALENDAR" or counts["BEGIN:VEVENT"] != counts["END:VEVENT"]:
        raise fault(path, "a complete calendar", "a truncated file", "Download it again.", len(lines))
    try:
        calendar = icalendar.Calendar.from_ical(repaired(text))
    except (ValueError, KeyError, IndexError) as error:
        raise fault(path, "an iCalendar file", str(error)[:200], "Export the calendar again.") from error
    if not isinstance(calendar, icalendar.Calendar):
        raise fault(path, "one calendar", "something else", "Export the calendar again.")
    return calendar


def _refuse(path: Path, events: Sequence[Any]) -> None:
    """Raise when an event lacks its start, has a broken property or repeats within a day."""
    faults = []
    for at, event in enumerate(events, start=1):
        broken = [str(name) for name, _ in event.errors]
        rule = event.get("RRULE")
        rules = [part.to_ical().decode() for part in (rule if isinstance(rule, list) else [rule]) if part]
        if "DTSTART" not in event or broken:
            found = f"event {at} with unreadable {', '.join(broken) or 'DTSTART'}"
            faults.append(Fault(str(path), "events with a start", found, "Correct the event."))
        elif not all(is_rule(part) for part in rules):
            found = f"event {at} with {', '.join(rules)}"
            remedy = "Use a rule of days, weeks, months or years."
            faults.append(Fault(str(path), "a series in whole days", found, remedy))
    if faults:
        raise SchemaError(faults)


def _made(events: Sequence[Any]) -> date | None:
    """Return the day of the calendar's latest time stamp."""
    stamps = [event["DTSTAMP"].dt for event in events if "DTSTAMP" in event]
    return max((_day(stamp) for stamp in stamps), default=None)


def _expanded(
    path: Path,
    calendar: icalendar.Calendar,
    events: Sequence[Any],
    made: date | None,
    at: int,
) -> list[Any]:
    """Return the events of a series, with its changed and excluded dates."""
    single = icalendar.Calendar()
    for zone in calendar.walk("VTIMEZONE"):
        single.add_component(zone)
    for event in events:
        single.add_component(event)
    first = min(_day(event["DTSTART"].dt) for event in events)
    middle = made or first
    start = max(first, _months(middle, -MONTHS))
    try:
        found = recurring_ical_events.of(single).between(start, _months(middle, MONTHS))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        remedy = "Correct the rule of the series."
        raise fault(path, "a series that can be followed", f"event {at + 1}: {error}", remedy) from error
    return sorted(found, key=lambda event: _day(event["DTSTART"].dt))


def _row(event: Any, at: int) -> Mapping[str, object]:
    """Return the cells of one show."""
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else None
    if end is None and "DURATION" in event:
        end = start + event["DURATION"].dt
    venue, city, state = location_parts(str(event.get("LOCATION", "")))
    organizer = event.get("ORGANIZER")
    promoter = "" if organizer is None else str(organizer.params.get("CN", ""))
    return {
        "at": at,
        "venue": venue or UNSPECIFIED,
        "city": city,
        "state": state,
        "start": _day(start).isoformat(),
        "end": last_day(start, end).isoformat(),
        "promoter": promoter,
        "url": str(event.get("URL", "")),
        "cancelled": "yes" if str(event.get("STATUS", "")).upper() == "CANCELLED" else "",
        "note": str(event.get("SUMMARY", "")).strip(),
    }


def _day(moment: date | datetime) -> date:
    """Return the local day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def _months(day: date, months: int) -> date:
    """Return the day some months later."""
    moved: date = (pd.Timestamp(day) + pd.DateOffset(months=months)).date()
    return moved
