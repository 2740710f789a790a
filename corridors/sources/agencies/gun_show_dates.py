"""Dates of gun shows: parsing, checks and recurrence rules."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

FIRST_YEAR, LAST_YEAR = 1980, 2050
MAX_DAYS = 7
_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%Y%m%d")
_PARTIAL = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_TIME = re.compile(r"[T ]\d\d:\d\d.*$")
_RULE = re.compile(r"(?i)(RRULE:)?([A-Z]+=[^;]*;)*FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[^;]*)*;?")
_WITHIN_A_DAY = re.compile(r"(?i)BY(HOUR|MINUTE|SECOND)")
_PRECISION = {0: "unknown", 4: "year", 7: "month", 10: "day"}


def iso_date(text: str) -> str | None:
    """Return a date as YYYY-MM-DD, or YYYY-MM or YYYY where it is less precise; None where it is not a date.

    "01/02/2025" is the second of January: calendars of the United States put the month first.

    Examples
    --------
    >>> iso_date("1/4/2025"), iso_date("2025-01"), iso_date("Jan 4, 2025"), iso_date("soon")
    ('2025-01-04', '2025-01', '2025-01-04', None)
    """
    plain = _TIME.sub("", text.strip())
    if not plain or _PARTIAL.fullmatch(plain):
        return plain
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).date().isoformat()  # noqa: DTZ007 - a day of the place
        except ValueError:
            continue
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
    return _RULE.fullmatch(text.strip()) is not None and _WITHIN_A_DAY.search(text) is None


def overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether two spans of days overlap; less precise spans overlap where they are equal."""
    if len(one[0]) != 10 or len(other[0]) != 10:
        return one[0] != "" and one == other
    return one[0] <= (other[1] or other[0]) and other[0] <= (one[1] or one[0])


def last_day(start: datetime | date, end: datetime | date | None) -> date:
    """Return the last day of an iCalendar event, whose end is the moment after it."""
    first = start.date() if isinstance(start, datetime) else start
    if end is None:
        return first
    if isinstance(end, datetime):
        moment = end - timedelta(minutes=1)
        return max(first, moment.date())
    return max(first, end - timedelta(days=1))
