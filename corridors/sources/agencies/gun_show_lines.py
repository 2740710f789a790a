"""Read the lines of an iCalendar file into its events, each with the properties that a show needs and their lines.

What people and servers write wrongly is mended where its meaning is clear: lines broken without a fold, dates with
hyphens, zones named UTC. What a show does not need (alarms, tasks, odd properties) is not parsed, so harms nobody.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import icalendar

from corridors.core.limits import MAX_LINE_BYTES, MAX_SAME_TOWN, limits
from corridors.sources.reading.delimited import content, fault
from corridors.sources.reading.encoding import decoded, repaired
from corridors.sources.reading.size import REMEDY, check_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

TEXT_PART = 0.1
"""Part of the limit of bytes that a calendar may have."""
_BROKEN: Any = getattr(icalendar, "vBroken", ())  # what the library puts where a value cannot be read
NEEDED = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_MOMENTS = frozenset({"DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"})
_STAMPS = frozenset({"DTSTAMP", "LAST-MODIFIED", "CREATED"})
_OTHERS = frozenset({"UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "URL", "ORGANIZER", "EXRULE"})
ALL_DAY = frozenset({"X-MICROSOFT-CDO-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY", "X-ALLDAY"})
_OTHER_COMPONENT = re.compile(r"^BEGIN:(VTODO|VJOURNAL|VFREEBUSY|VAVAILABILITY|VPOLL)\s*$", re.MULTILINE)
_KEPT = NEEDED | _STAMPS | _OTHERS | ALL_DAY
_LINE_END = re.compile(r"\r\n|\r|\n")
_PROPERTY = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<params>;.*)?:.*|[A-Za-z][A-Za-z0-9-]*;.*", re.DOTALL
)
_FOLDED_AT = range(70, 77)  # length of a line that was folded, in bytes: the space of its fold may be lost
_MOMENT = (
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)"
    r"(?:[Tt ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?"
)
_WITHOUT_NAMES = re.sub(r"\?P<\w+>", "?:", _MOMENT)
_MOMENT_LINE = re.compile(
    rf"(?P<name>[A-Za-z-]+)(?P<params>;.*)?:\s*(?P<values>{_WITHOUT_NAMES}(?:\s*,\s*{_WITHOUT_NAMES})*)\s*"
)
_TZID = re.compile(r";\s*TZID\s*=\s*(?P<zone>\"[^\"]*\"|.*?)(?=;[A-Za-z-]+=|$)", re.IGNORECASE)
_UNTIL = re.compile(r"(?i)(UNTIL=\d{4})-(\d\d)-(\d\d)")
_RANGE = re.compile(r";\s*RANGE\s*=[^;:]*", re.IGNORECASE)
_UTC = re.compile(
    r"(?i)(?:tzone://microsoft/)?(?:etc/)?(?:z|utc|gmt|uct|zulu|universal|greenwich|(?:utc|gmt)[+-]?0+(?::?00)?)"
    r"|(?:\(utc(?:[+-]00:?00)?\) ?)?coordinated universal time"
)


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event of a calendar file.

    Parameters
    ----------
    line
        1-based line of the file at which it begins.
    calendar
        Position of its calendar among those of the file.
    cancelled
        Whether its calendar was sent to cancel (METHOD:CANCEL).
    component
        The event, of the needed properties only.
    lines
        Name of a property to its first line.
    zones
        Definitions of time zones in its calendar.
    """

    line: int
    calendar: int
    cancelled: bool
    component: Any
    lines: Mapping[str, int]
    zones: tuple[Any, ...] = ()

    def values(self, name: str) -> list[Any]:
        """Return every value of a property, those that cannot be read left out."""
        found = self.component.get(name)
        every = found if isinstance(found, list) else [] if found is None else [found]
        return [value for value in every if not isinstance(value, _BROKEN)]

    def texts(self, name: str) -> list[str]:
        """Return every text of a property that is not empty."""
        return [text for value in self.values(name) if (text := str(value).strip())]

    @property
    def broken(self) -> list[str]:
        """Names of needed properties that cannot be read."""
        return list(dict.fromkeys(str(name) for name, _ in self.component.errors if name in NEEDED))


@dataclass(slots=True)
class _Calendar:
    """Lines of one calendar: of its zones, and of each event with their numbers."""

    cancelled: bool = False
    zones: list[list[str]] = field(default_factory=list)
    events: list[list[tuple[int, str]]] = field(default_factory=list)


def read_raw_events(path: Path) -> list[RawEvent]:
    """Return the events of every calendar in an iCalendar file.

    Raises
    ------
    SchemaError
        When the file is truncated or not a calendar, or has no event.
    """
    check_size(path, TEXT_PART)
    text = repaired(decoded(content(path)).text).replace("\ufeff", "")
    physical = [line for line in enumerate(_LINE_END.split(text), start=1) if line[1].strip()]
    physical = list(_short(path, physical))
    _refuse(path, physical)
    calendars = _calendars(_short(path, _unfolded(physical)))
    check_events(path, sum(len(calendar.events) for calendar in calendars))
    check_events(path, max((len(lines) for calendar in calendars for lines in calendar.events), default=0))
    if not any(calendar.events for calendar in calendars):
        raise fault(path, "a calendar with events", "none", "Give a calendar of gun shows.")
    return [event for number, calendar in enumerate(calendars) for event in _events(number, calendar)]


def unread_components(path: Path) -> dict[str, int]:
    """Return how many components of a calendar file are neither events nor time zones, by name."""
    marks = _OTHER_COMPONENT.findall(decoded(content(path)).text.upper())
    return {name: marks.count(name) for name in sorted(set(marks))}


def _refuse(path: Path, physical: Sequence[tuple[int, str]]) -> None:
    """Raise when the file is not a calendar, or is cut."""
    if not physical or physical[0][1].strip().upper() != "BEGIN:VCALENDAR":
        start = physical[0][1].strip()[:40] if physical else ""
        page = start.lower().startswith(("<!doctype", "<html"))
        found = "a web page" if page else f"text that begins {start!r}"
        raise fault(path, "an iCalendar file", found, "Export the calendar as .ics.")
    marks = [line.strip().upper() for _, line in physical]
    for name in ("VCALENDAR", "VEVENT"):
        begun, ended = marks.count(f"BEGIN:{name}"), marks.count(f"END:{name}")
        if begun != ended:
            found = f"a truncated file: {begun} BEGIN:{name}, {ended} END:{name}"
            raise fault(path, "a complete calendar", found, "Download it again.", physical[-1][0])


def check_events(path: Path, count: int) -> None:
    """Raise where a calendar has more events, or shows of its series, than the limit.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if count > limits().events:
        raise fault(path, f"at most {limits().events:,} events or shows", "more", REMEDY)


def check_same_town(path: Path, city: str, count: int) -> None:
    """Raise where a calendar has more shows of one town that begin in one week than there can be.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if count > MAX_SAME_TOWN:
        expected = f"at most {MAX_SAME_TOWN} shows of a town that begin in one week"
        raise fault(path, expected, f"more in {city!r}", "Give a calendar of gun shows alone.")


def _short(path: Path, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield lines, and raise where one is longer than any of a calendar."""
    for number, line in lines:
        if len(line) > MAX_LINE_BYTES:
            expected = f"lines of at most {MAX_LINE_BYTES:,} letters"
            raise fault(path, expected, f"{len(line):,}", "Export the calendar again.", number)
        yield number, line


def _unfolded(physical: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each content line; a broken line goes on in the next."""
    number, whole, length = 0, "", 0
    for at, line in physical:
        if len(whole) > MAX_LINE_BYTES:  # before more is added, which takes the square of its length
            yield number, whole
            whole = ""
        if line[0] in " \t" and whole:
            whole += line[1:]
        elif _PROPERTY.fullmatch(line.strip()) or not whole:
            if whole:
                yield number, whole
            number, whole = at, line.lstrip()
        else:
            whole += line if length in _FOLDED_AT else f"\\n{line.strip()}"
        length = len(line.encode())
    if whole:
        yield number, whole


def _calendars(lines: Iterator[tuple[int, str]]) -> list[_Calendar]:
    """Return the calendars of a file, with the lines that are of use."""
    calendars: list[_Calendar] = []
    inside: list[str] = []
    for number, line in lines:
        mark = line.strip().upper()
        if mark.startswith("BEGIN:"):
            inside.append(mark[6:])
            if inside == ["VCALENDAR"]:
                calendars.append(_Calendar())
            elif inside == ["VCALENDAR", "VEVENT"]:
                calendars[-1].events.append([(number, "BEGIN:VEVENT")])
            elif inside == ["VCALENDAR", "VTIMEZONE"]:
                calendars[-1].zones.append([])
        if inside[:2] == ["VCALENDAR", "VTIMEZONE"]:
            calendars[-1].zones[-1].append(line.strip())
        elif inside == ["VCALENDAR", "VEVENT"] and not mark.startswith(("BEGIN:", "END:")):
            calendars[-1].events[-1] += [(number, sound) for sound in _sound(line)]
        elif inside == ["VCALENDAR"] and mark == "METHOD:CANCEL":
            calendars[-1].cancelled = True
        if mark.startswith("END:") and mark[4:] in inside:
            del inside[len(inside) - 1 - inside[::-1].index(mark[4:]) :]
    return calendars


def _sound(line: str) -> list[str]:
    """Return the lines to parse for one of an event: none where it is not needed or empty."""
    name = re.split("[;:]", line, maxsplit=1)[0].upper()
    if name not in _KEPT or line.rstrip().endswith(":"):
        return []
    if name == "RRULE":
        return [_UNTIL.sub(r"\1\2\3", re.sub(r"\s", "", line))]
    if name not in _MOMENTS:
        return [line.strip()]
    found = _MOMENT_LINE.fullmatch(line)
    return [line.strip()] if found is None else _sound_moments(name, found)


def _sound_moments(name: str, found: re.Match[str]) -> list[str]:
    """Return a line of dates or moments as RFC 5545 writes it.

    A moment that is in UTC and in a zone gives two lines, for the two days to be compared.
    """
    params = found["params"] or ""
    zone = _TZID.search(params)
    named = zone["zone"].strip(' "') if zone else ""
    range_of = _RANGE.search(params)
    extra = range_of[0] if range_of else ""
    moments = [_sound_moment(value) for value in re.finditer(_MOMENT, found["values"])]
    if _UTC.fullmatch(named):
        named, moments = "", [value if len(value) != 15 else f"{value}Z" for value in moments]
    if not named or all(len(value) == 8 for value in moments):
        return [f"{name}{extra}:{value}" for value in moments]
    plain = [f'{name}{extra};TZID="{named}":{value.rstrip("Z")}' for value in moments]
    utc = [f"{name}{extra}:{value}" for value in moments if value.endswith("Z")]
    return (plain + utc if name in {"DTSTART", "DTEND"} else utc) if utc else plain


def _sound_moment(found: re.Match[str]) -> str:
    """Return a date as YYYYMMDD, a moment as YYYYMMDDTHHMMSS; one with an offset in UTC."""
    day = found["year"] + found["month"] + found["day"]
    if found["hour"] is None:
        return day
    moment = f"{day}T{found['hour']}{found['minute']}{found['second'] or '00'}"
    zone = (found["zone"] or "").upper()
    if zone in {"", "Z"}:
        return moment + zone
    try:
        parsed = datetime.strptime(moment + zone, "%Y%m%dT%H%M%S%z")
        return parsed.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")  # noqa: UP017
    except (ValueError, OverflowError):
        return moment + zone


def _events(number: int, calendar: _Calendar) -> Iterator[RawEvent]:
    """Yield the events of a calendar, parsed after its time zones."""
    forget_zones: Any = icalendar.use_zoneinfo
    forget_zones()  # of another calendar
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a guess at the zone of a TZID
        zones = tuple(zone for lines in calendar.zones if (zone := _parsed(lines)) is not None)
        for lines in calendar.events:
            component = _parsed([*(line for _, line in lines), "END:VEVENT"])
            names: dict[str, int] = {}
            for at, line in lines[1:]:
                names.setdefault(re.split("[;:]", line, maxsplit=1)[0].upper(), at)
            yield RawEvent(
                lines[0][0], number, calendar.cancelled, component or icalendar.Event(), names, zones
            )


def _parsed(lines: Sequence[str]) -> Any:
    """Return the component of some lines, None where they are none."""
    try:
        return icalendar.Component.from_ical("\r\n".join(lines))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError):
        return None
