"""Dates of gun shows: parsing, checks and recurrence rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from corridors.sources.agencies.gun_show_day_text import day_span

FIRST_YEAR, LAST_YEAR = 1980, 2050
MAX_DAYS = 7
_READ = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_MOMENT = re.compile(
    r"(?i)(?P<day>.*?\d)"
    r"(?:(?:T|[ ,]+(?:at )?)(?P<clock>\d{1,2}:\d\d(?::\d\d)?|\d{1,2}(?=\s*[ap]\.?m))(?:\.\d+)?|T(?P<digits>\d{4}(?:\d\d)?))"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d|[pmce][sd]?t)?"
)
_RULE = re.compile(r"(?i)(RRULE:)?([A-Z]+=[^;]*;)*FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[^;]*)*;?")
_WITHIN_A_DAY = re.compile(r"(?i)BY(HOUR|MINUTE|SECOND)=[^;]*,")
_NEVER_NEXT = re.compile(r"(?i)INTERVAL=0+(;|$)")
_PRECISION = {0: "unknown", 4: "year", 7: "month", 10: "day"}


def iso_date(text: str, *, day_first: bool = False) -> str | None:
    """Return a date as YYYY-MM-DD, or YYYY-MM or YYYY where it is less precise; None where it is not one date.

    "01/02/2025" is the second of January: calendars of the United States put the month first.

    Parameters
    ----------
    text
        A cell.
    day_first
        Whether the day comes first in dates of numbers.

    Examples
    --------
    >>> iso_date("1/4/2025"), iso_date("2025-01"), iso_date("Jan 4, 2025"), iso_date("soon")
    ('2025-01-04', '2025-01', '2025-01-04', None)
    """
    span = day_span(text, day_first=day_first)
    return None if span is None or span[1] else span[0]


def known_day(text: str) -> str | None:
    """Return a day that was read as YYYY-MM-DD, YYYY-MM or YYYY, None for a cell that was not.

    Examples
    --------
    >>> known_day("2027-01-16"), known_day("1/16/2027"), known_day("2027-02-30")
    ('2027-01-16', None, None)
    """
    return text if not text or (_READ.fullmatch(text) and iso_date(text) == text) else None


@dataclass(frozen=True, slots=True)
class _Cell:
    """A date or moment of a cell: its ISO date, and its time of day with its zone where given."""

    day: str
    clock: time | None = None
    zone: tzinfo | None = None

    def at(self, zone: tzinfo) -> datetime:
        """Return the moment as the clocks at a place show it, without a zone."""
        plain = datetime.combine(date.fromisoformat(self.day), self.clock or time())
        return (
            plain
            if self.zone is None
            else plain.replace(tzinfo=self.zone).astimezone(zone).replace(tzinfo=None)
        )


def with_time(day: str, clock: str) -> str:
    """Return the cell of a date with the time of day from a column of its own, where both are given.

    Examples
    --------
    >>> with_time("1/16/2027", "9:00 AM"), with_time("", "9:00 AM"), with_time("2027-01-16T09:00", "9:00")
    ('1/16/2027 9:00 AM', '', '2027-01-16T09:00')
    """
    dated = iso_date(day) or iso_date(day, day_first=True)
    return f"{day.strip()} {clock.strip()}" if clock.strip() and dated else day


def cell_days(
    start: str, end: str, zone: tzinfo, *, timed: bool = False, day_first: bool = False
) -> tuple[str, str]:
    """Return the first and last day of a show from two cells of a table, as ISO dates; other cells unchanged.

    A date is a day of the show, the end too. The first cell may name both ("Jan 16-17, 2027"). A moment in UTC, or with an offset, is taken to the place. A show that
    ends at midnight ends the day before; but midnight at both ends, without a zone, is how spreadsheets write dates.

    Parameters
    ----------
    start, end
        Cells of the table.
    zone
        Of the place.
    timed
        Whether the end has a time of day of its own column, so that midnight is a time and not a date as written.
    day_first
        Whether the day comes first in dates of numbers.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> cell_days("2027-02-20T01:00Z", "2/19/2027 10:00 PM", ZoneInfo("America/Phoenix"))
    ('2027-02-19', '2027-02-19')
    """
    span = day_span(start, day_first=day_first)
    if span is not None and span[1]:
        other = _cell(end, day_first=day_first)
        agrees = not end.strip() or (other is not None and other.day in {span[1], ""})
        return span if agrees else (start, end)
    first, last = _cell(start, day_first=day_first), _cell(end, day_first=day_first)
    days = [start if first is None else _day_at(first, zone), end if last is None else _day_at(last, zone)]
    if first is None or last is None or last.clock is None or len(first.day) != 10:
        return days[0], days[1]
    opens, closes = first.at(zone), last.at(zone)
    written = not timed and first.zone is None and last.zone is None and opens.time() == time()
    if closes.time() == time() and closes > opens and not written:
        days[1] = (closes - timedelta(days=1)).date().isoformat()
    return days[0], days[1]


def has_zone(cell: str) -> bool:
    """Return whether a cell holds a moment in UTC or with an offset."""
    found = _cell(cell) or _cell(cell, day_first=True)
    return found is not None and found.zone is not None


def _day_at(cell: _Cell, zone: tzinfo) -> str:
    """Return the day of a cell at a place, as an ISO date."""
    return cell.day if cell.clock is None else cell.at(zone).date().isoformat()


def _cell(text: str, *, day_first: bool = False) -> _Cell | None:
    """Return the date or moment of a cell, None where it is neither."""
    plain = text.strip()
    day = iso_date(plain, day_first=day_first)
    if day is not None:
        return _Cell(day)
    found = _MOMENT.fullmatch(plain)
    day = None if found is None else iso_date(found["day"], day_first=day_first)
    clock = None if found is None else _clock(found)
    if found is None or clock is None or day is None or len(day) != 10:
        return None
    zone = (found["zone"] or "").upper()
    if zone in {"Z", "UTC", "GMT"}:
        return _Cell(day, clock, UTC)
    return _Cell(day, clock, datetime.strptime(zone, "%z").tzinfo if zone[:1] in {"+", "-"} else None)


def _clock(found: re.Match[str]) -> time | None:
    """Return the time of day of a moment, None where there is none such."""
    digits = found["digits"]
    parts = re.findall(r"\d\d", digits) if digits else found["clock"].split(":")
    hour, minute, second = (*map(int, parts), 0, 0)[:3]
    half = (found["half"] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def precision_of(day: str) -> str:
    """Return how precise a date in ISO form is."""
    return _PRECISION[len(day)]


def wrong_dates(start: str | None, end: str | None) -> str:
    """Return the fault of the dates of a show as text, "" where there is none.

    Parameters
    ----------
    start, end
        As returned by `iso_date`.
    """
    if start is None or end is None:
        return "a date that cannot be read"
    tests = (
        (any(not _plausible(day) for day in (start, end)), f"a year not within {FIRST_YEAR} to {LAST_YEAR}"),
        (bool(end) and not start, "an end without a start"),
        (bool(end) and len(end) != len(start), "an end that is not as precise as the start"),
        (bool(end) and end < start, "an end before the start"),
        (_days(start, end) > MAX_DAYS, f"more than {MAX_DAYS} days"),
    )
    return next((words for wrong, words in tests if wrong), "")


def _plausible(day: str) -> bool:
    """Return whether the year of a date is plausible for a show."""
    return not day or FIRST_YEAR <= int(day[:4]) <= LAST_YEAR


def _days(start: str, end: str) -> int:
    """Return the number of days of a show, 1 where unknown."""
    if len(start) != 10 or len(end) != 10:
        return 1
    return (date.fromisoformat(end) - date.fromisoformat(start)).days + 1


def is_rule(text: str) -> bool:
    """Return whether a recurrence is an iCalendar rule in whole days."""
    plain = text.strip()
    return _RULE.fullmatch(plain) is not None and not (
        _WITHIN_A_DAY.search(plain) or _NEVER_NEXT.search(plain)
    )


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two spans of days overlap; less precise spans overlap where they are equal."""
    if len(one[0]) != 10 or len(other[0]) != 10:
        return one[0] != "" and one == other
    return one[0] <= (other[1] or other[0]) and other[0] <= (one[1] or one[0])


def event_days(
    start: datetime | date, end: datetime | date | timedelta | None, zone: tzinfo, *, whole: bool = False
) -> tuple[date, date]:
    """Return the first and last day of an iCalendar event at its place.

    The end is the moment after the event: of dates the last day is the one before, of moments the day before where it
    ends at midnight. A moment in UTC, or in the zone of another place, is taken to the place; one without a zone is of
    the place already. Midnight in a named zone stands for whole days of that zone, as 23:59 does for an end.

    Parameters
    ----------
    start, end
        As iCalendar gives them; the end may be a duration.
    zone
        Of the place.
    whole
        Whether the event is known to last whole days, so that its moments are dates as written.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> evening = datetime(2027, 2, 20, 1, tzinfo=ZoneInfo("UTC"))
    >>> event_days(evening, timedelta(hours=4), ZoneInfo("America/Phoenix"))
    (datetime.date(2027, 2, 19), datetime.date(2027, 2, 19))
    """
    first, last = _ends(start, end, zone, whole=whole)
    if last < first:
        return first.date(), min(last.date(), first.date())
    return first.date(), max(first, last - timedelta(microseconds=1)).date()


def ends_early(
    start: datetime | date, end: datetime | date | timedelta | None, zone: tzinfo, *, whole: bool = False
) -> bool:
    """Return whether an event ends before it begins; arguments as for `event_days`."""
    first, last = _ends(start, end, zone, whole=whole)
    return last < first


def _ends(
    start: datetime | date, end: datetime | date | timedelta | None, zone: tzinfo, *, whole: bool
) -> tuple[datetime, datetime]:
    """Return the first moment of an event at its place, and the moment after it."""
    if isinstance(end, timedelta):
        end = (start if isinstance(start, datetime) else datetime.combine(start, time())) + end
    return _local(start, zone, whole=whole), _local(start if end is None else end, zone, whole=whole)


def _local(moment: datetime | date, zone: tzinfo, *, whole: bool = False) -> datetime:
    """Return a moment as the clocks at a place show it, without a zone; a date is its midnight."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    plain = moment.replace(tzinfo=None)
    if moment.tzinfo is None or whole:
        return plain
    midnight = (plain.hour, plain.minute) in {(0, 0), (23, 59)}
    return plain if midnight and not is_utc(moment) else moment.astimezone(zone).replace(tzinfo=None)


def is_utc(moment: datetime | date) -> bool:
    """Return whether a moment is given in UTC."""
    return isinstance(moment, datetime) and moment.tzinfo is not None and str(moment.tzinfo) == "UTC"
