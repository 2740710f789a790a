"""Read gun shows from an iCalendar file; series are expanded.

A property that stands twice is harmless where its values mean the same show, and a fault where they do not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.gun_show_dates import ends_early, event_days, is_rule, is_utc
from corridors.sources.agencies.gun_show_lines import (
    ALL_DAY,
    RawEvent,
    check_events,
    read_raw_events,
    unread_components,
)
from corridors.sources.agencies.gun_show_location import location_parts
from corridors.sources.agencies.gun_show_places import (
    MIN_ALIKE,
    UNSPECIFIED,
    alike,
    city_key,
    venue_key,
    zone_of,
)
from corridors.sources.agencies.gun_show_series import MONTHS, day_of, occurrences
from corridors.sources.agencies.gun_show_versions import completed, day_made, says_cancelled, superseded, uid
from corridors.sources.agencies.row_report import shorten_list
from corridors.sources.reading.delimited import fault
from corridors.sources.schemas.columns import FOUR_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from corridors.sources.agencies.bad_rows import BadRows
    from corridors.sources.agencies.gun_show_places import Atlas

NO_START = "no start"
NO_STATE = "no state in the location"
OUTSIDE = "outside Arizona, California, New Mexico and Texas"
ENDED = f"a series without a show within {MONTHS} months of the calendar's making"
CHANGED = "a changed date of a series: counted with the series"
UNREADABLE = "an event that cannot be read"
EARLIER = "an earlier version of another event"
_MAX_QUOTED = 80  # characters of a location in a message
_EARLY = "counted on the day of its start, since its end is earlier that day"
_MIDNIGHT = (
    "midnight to midnight in UTC is evening to evening at the place; "
    "where whole days are meant, write dates (VALUE=DATE)"
)


@dataclass(frozen=True, slots=True)
class Events:
    """Shows in a calendar file.

    Parameters
    ----------
    shows
        One row per show; `at` is the position of its event in the file, from 0.
    lines
        1-based line of the file at which each event begins.
    dropped
        Position of an event without a show to the reason.
    notes
        Notes for the reader.
    bad
        Position of an event that cannot be read to the reason, and its faults.
    """

    shows: pd.DataFrame
    lines: tuple[int, ...]
    dropped: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default_factory=tuple)
    bad: BadRows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Show:
    """An event of the four states: where it is, and what it said."""

    at: int
    raw: RawEvent
    place: tuple[str, str, str]
    zone: Any

    @property
    def name(self) -> str:
        """Return the event's number and title, for messages."""
        title = next(iter(self.raw.texts("SUMMARY")), "")[:_MAX_QUOTED]
        return f"event {self.at + 1}" + (f" ({title})" if title else "")

    @property
    def whole(self) -> bool:
        """Return whether the event is marked as lasting whole days."""
        return any(text.upper() in {"TRUE", "1"} for name in ALL_DAY for text in self.raw.texts(name))


def read_events(path: Path, places: Atlas) -> Events:
    """Return the shows of an iCalendar file in the four states, and the events that cannot be read.

    Such an event is unreadable or contradicts itself, or its series repeats within a day.

    Raises
    ------
    SchemaError
        When the file is truncated or not a calendar, or no event can be read.
    """
    events = completed(read_raw_events(path))
    dropped = dict.fromkeys(superseded(events), EARLIER)
    shows: list[_Show] = []
    nowhere: list[_Show] = []
    bad: BadRows = {}
    for at, raw in enumerate(events):
        found = _places(raw, places)
        state = found[0][2]
        if at in dropped:
            continue
        if state in FOUR_STATES and not {"DTSTART", *raw.broken} & {*raw.component, *raw.broken}:
            dropped[at] = NO_START
            nowhere.append(_Show(at, raw, found[0], None))
            continue
        if state in FOUR_STATES:
            show = _Show(at, raw, found[0], zone_of(places, *found[0]))
            faults = _place_faults(path, show, found) + (_event_faults(path, show) or _day_faults(path, show))
            if faults:
                bad[at] = (UNREADABLE, faults)
            else:
                shows.append(show)
            continue
        dropped[at] = OUTSIDE if state else NO_STATE
        if not state:
            nowhere.append(_Show(at, raw, found[0], None))
    rows, notes = _rows(path, shows, day_made(events), dropped, bad)
    if not rows:
        faults = [fault for _, some in bad.values() for fault in some]
        raise SchemaError(faults or _none_left(path, nowhere, dropped, len(events)))
    quotes = [f"event {show.at + 1} {_quoted(show)}" for show in nowhere if not show.place[2]]
    said = f"{NO_STATE}: {shorten_list(quotes)}" if quotes else ""
    lines = tuple(raw.line for raw in events)
    listed = ", ".join(f"{count} {name}" for name, count in unread_components(path).items())
    other = f"not read: {listed} (no events)" if listed else ""
    return Events(pd.DataFrame(rows, columns=_COLUMNS), lines, dropped, (*notes, said, other), bad)


_COLUMNS = ("at", "venue", "city", "state", "start", "end", "promoter", "url", "cancelled", "note")


def _none_left(path: Path, nowhere: Sequence[_Show], dropped: Mapping[int, str], count: int) -> list[Fault]:
    """Return the faults of a calendar without a show: each event without a state or start, and why no other is one."""
    faults = []
    for show in nowhere:
        faults += _event_faults(path, show)
        if show.place[2]:
            continue
        line = show.raw.lines.get("LOCATION", show.raw.line)
        found = f"{NO_STATE} of {show.name}: {_quoted(show)}"
        remedy = "Add the state, as in 'Hall, Tucson, AZ'."
        faults.append(Fault(str(path), "a city and a state", found, remedy, line, "LOCATION"))
    reasons = Counter(reason for reason in dropped.values() if reason not in {NO_STATE, NO_START})
    words = "; ".join(f"{number} {reason}" for reason, number in reasons.items())
    if reasons:
        remedy = "Give a calendar with shows of Arizona, California, New Mexico or Texas."
        faults.append(
            Fault(str(path), "rows for the table 'gun_shows'", f"none of {count} events: {words}", remedy)
        )
    return faults


def _quoted(show: _Show) -> str:
    """Return the location of an event as written, for messages."""
    return repr(" / ".join(show.raw.texts("LOCATION"))[:_MAX_QUOTED])


def _places(raw: RawEvent, places: Atlas) -> list[tuple[str, str, str]]:
    """Return venue, city and state of each location of an event, those with a state first."""
    found = [location_parts(text, places) for text in raw.texts("LOCATION")]
    return sorted(found, key=lambda place: place[2] == "") or [("", "", "")]


def _place_faults(path: Path, show: _Show, found: Sequence[tuple[str, str, str]]) -> list[Fault]:
    """Return the fault of an event with locations that are not one place."""
    venue, city, state = show.place
    for other in found[1:]:
        elsewhere = other[2] and (other[2], city_key(other[1])) != (state, city_key(city))
        names = [venue_key(venue), venue_key(other[0])]
        differs = other[2] and all(names) and alike(*names) < MIN_ALIKE
        if elsewhere or differs:
            return [_contradiction(path, show, "LOCATION", show.raw.texts("LOCATION"))]
    return []


def _contradiction(path: Path, show: _Show, name: str, values: Iterable[object]) -> Fault:
    """Return the fault of a property of an event that stands twice, with values of which only one can be right."""
    found = f"{show.name} with {shorten_list(dict.fromkeys(map(repr, map(str, values))))}"
    line = show.raw.lines.get(name, show.raw.line)
    return Fault(str(path), f"one {name} of an event", found, "Keep the one that is right.", line, name)


def _event_faults(path: Path, show: _Show) -> list[Fault]:
    """Return the faults of an event of the four states, but for those of its days."""
    raw = show.raw
    at = {name: raw.lines.get(name, raw.line) for name in (*raw.broken, "RRULE", "EXRULE", "DTSTART")}
    faults = [
        Fault(
            str(path),
            "events with a start",
            f"{show.name} with unreadable {name}",
            "Correct the event.",
            at[name],
        )
        for name in raw.broken
    ]
    starts = [value.dt for value in raw.values("DTSTART")]
    if not raw.broken and not (starts and all(isinstance(start, date) for start in starts)):
        found = (
            f"{show.name} with unreadable DTSTART" if starts else f"{show.name} with unreadable DTSTART: none"
        )
        faults.append(Fault(str(path), "events with a start", found, "Correct the event.", at["DTSTART"]))
    rules = [part.to_ical().decode() for part in raw.values("RRULE")]
    if not all(is_rule(part) for part in rules):
        remedy = "Use a rule of days, weeks, months or years."
        found = f"{show.name} with {', '.join(rule or 'an empty rule' for rule in rules)}"
        faults.append(Fault(str(path), "a series in whole days", found, remedy, at["RRULE"]))
    if "EXRULE" in raw.component:
        found, remedy = f"{show.name} with a rule of exclusion (EXRULE)", "List the excluded days as EXDATE."
        faults.append(Fault(str(path), "excluded days", found, remedy, at["EXRULE"]))
    faults += _dayless(path, show)
    statuses = {text.upper() for text in raw.texts("STATUS")}
    if len({says_cancelled(text) for text in statuses}) > 1:
        faults.append(_contradiction(path, show, "STATUS", sorted(statuses)))
    return faults


def _dayless(path: Path, show: _Show) -> list[Fault]:
    """Return a fault for each property of a series that should name days and names none, as a bare time of day."""
    raw = show.raw
    names = ["RDATE", "RECURRENCE-ID", *(["EXDATE"] if raw.values("RRULE") or raw.values("RDATE") else [])]
    found = {
        name: [part.dt for value in raw.values(name) for part in getattr(value, "dts", [value])]
        for name in names
    }
    remedy = "Write days, or days with their times (VALUE=DATE or VALUE=DATE-TIME)."
    return [
        Fault(
            str(path),
            "days of a series",
            f"{show.name} with {name} without a day: {moment}",
            remedy,
            raw.lines.get(name, raw.line),
            name,
        )
        for name, moments in found.items()
        for moment in moments
        if not isinstance(moment[0] if isinstance(moment, tuple) else moment, date)
    ]


def _day_faults(path: Path, show: _Show) -> list[Fault]:
    """Return the faults of an event whose start or end stands twice with different days, or cannot be.

    An end on a day before the start is one of them, also of a series: icalendar's libraries exchange the two.
    """
    starts = [value.dt for value in show.raw.values("DTSTART")]
    ends = [value.dt for name in ("DTEND", "DURATION") for value in show.raw.values(name)]
    try:
        spans = {
            (start, end): event_days(start, end, show.zone, whole=show.whole)
            for start in starts
            for end in (ends or [None])
        }
    except (OverflowError, TypeError, AttributeError):
        found = f"{show.name} with an end that is no day"
        return [Fault(str(path), "days of a show, at most 7", found, "Correct the event.", show.raw.line)]
    of_end = "DTEND" if show.raw.values("DTEND") else "DURATION"
    if len({span[0] for span in spans.values()}) > 1:
        return [_contradiction(path, show, "DTSTART", starts)]
    if len({span[1] for span in spans.values()}) > 1:
        return [_contradiction(path, show, of_end, ends)]
    if any(last < first for first, last in spans.values()):
        found, line = f"{show.name} with an end before the start", show.raw.lines.get(of_end, show.raw.line)
        return [Fault(str(path), "days of a show, at most 7", found, "Correct the event.", line, of_end)]
    return []


def _rows(
    path: Path, shows: Sequence[_Show], made: date | None, dropped: dict[int, str], bad: BadRows
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """Return the rows of the shows, series expanded, and notes; events without a row are added to `dropped` or `bad`."""
    groups: dict[str, list[_Show]] = {}
    for show in shows:
        groups.setdefault(uid(show.raw) or f" event {show.at}", []).append(show)
    middle = made or max((day_of(_first(show)) for show in shows), default=None)
    rows: list[dict[str, object]] = []
    written: list[int] = []
    for group in groups.values():
        masters = [show for show in group if "RECURRENCE-ID" not in show.raw.component]
        changes = [show for show in group if "RECURRENCE-ID" in show.raw.component]
        for master in masters or changes:
            is_series = {"RRULE", "RDATE"} & set(master.raw.component)
            if not is_series and not (masters and changes):
                rows.append(_row(master, master.raw.component))
                continue
            try:
                several = _series_rows(path, [master, *changes], middle if is_series else None)
            except SchemaError as error:
                bad[master.at] = (UNREADABLE, error.faults)
                continue
            rows += several
            check_events(path, len(rows))
            if not several:
                dropped[master.at] = ENDED
            if is_series:
                written.append(len(several))
        if masters:
            dropped |= {show.at: CHANGED for show in changes}
    words = f"{len(written)} series written out as {sum(written)} shows, within {MONTHS} months of the calendar's making ({middle})"
    return rows, ((words,) if written else ()) + _moment_notes(shows)


def _first(show: _Show) -> date | datetime:
    """Return the start of an event."""
    start: date | datetime = show.raw.values("DTSTART")[0].dt
    return start


def _moment_notes(shows: Sequence[_Show]) -> tuple[str, ...]:
    """Return notes on the shows in UTC, and on those that may be whole days."""
    utc = [show for show in shows if is_utc(_first(show)) and not show.whole]
    zones = sorted({str(show.zone) for show in utc})
    midnight = [
        show.name
        for show in utc
        for end in show.raw.values("DTEND")[:1]
        if is_utc(end.dt) and {moment.strftime("%H%M") for moment in (_first(show), end.dt)} == {"0000"}
    ]
    early = [
        show.name
        for show in shows
        if ends_early(_first(show), _end(show.raw.component), show.zone, whole=show.whole)
    ]
    return (
        *([f"{_EARLY}: {shorten_list(early)}"] if early else []),
        *([f"{len(utc)} events in UTC have the days of their places ({', '.join(zones)})"] if utc else []),
        *([f"{_MIDNIGHT}: {shorten_list(midnight)}"] if midnight else []),
    )


def _series_rows(path: Path, shows: Sequence[_Show], middle: date | None) -> list[dict[str, object]]:
    """Return the rows of a series, with its changed and excluded dates."""
    by_place = {show.at: show for show in shows}
    try:
        found = occurrences({at: show.raw for at, show in by_place.items()}, middle)
        rows = [_row(by_place[at], event) for at, event in found]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        words, remedy = f"{shows[0].name}: {error}", "Correct the rule of the series."
        raise fault(path, "a series that can be followed", words, remedy, shows[0].raw.line) from error
    return sorted(rows, key=lambda row: str(row["start"]))


def _row(show: _Show, event: Any) -> dict[str, object]:
    """Return the cells of one show: its own event's, or that of one day of a series."""
    raw, (venue, city, state) = show.raw, show.place
    first, last = event_days(_moment(event, "DTSTART"), _end(event), show.zone, whole=show.whole)
    words = " ".join([*raw.texts("STATUS"), *raw.texts("SUMMARY")])
    names = [str(value.params.get("CN", "")) for value in raw.values("ORGANIZER")]
    return {
        "at": show.at,
        "venue": venue or UNSPECIFIED,
        "city": city,
        "state": state,
        "start": first.isoformat(),
        "end": last.isoformat(),
        "promoter": next((name for name in names if name), ""),
        "url": next(iter(raw.texts("URL")), ""),
        "cancelled": "yes" if raw.cancelled or says_cancelled(words) else "",
        "note": next(iter(raw.texts("SUMMARY")), ""),
    }


def _end(event: Any) -> Any:
    """Return the end of an event, or its duration; None where it has neither."""
    end = _moment(event, "DTEND")
    return _moment(event, "DURATION") if end is None else end


def _moment(event: Any, name: str) -> Any:
    """Return the first value of a date, moment or duration of an event, None where absent."""
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    return None if value is None else value.dt
