"""Read the days that a cell names, as calendars in English and Spanish write them: one day, or the first and the last.

Days of numbers alone ("01/02/2027") put the month first or the day first; the cells of a file decide which
(`is_day_first`). A day of the week that is not that of the date makes the cell unreadable: one of the two is wrong.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from babel.dates import get_day_names, get_month_names

from corridors.sources.reading.encoding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LANGUAGES = ("en", "es")
_SHORTEST = 3  # letters of a month or a day of the week that name it
_TO = re.compile(r"(?<![a-z])(?:to|through|thru|until|till|a|al|hasta)(?![a-z])|[-\u2010-\u2015]")
_AND = re.compile(r"(?<![a-z])(?:and|y|e)(?![a-z])|&|\+")
_FILLER = re.compile(r"(?<![a-z])(?:de|del|of|the|from|desde|el|los|dia|dias)(?![a-z])")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|ro|er|o)(?![a-z])|(?<=\d)[\u00ba\u00b0]")
_PARTIAL = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_ISO_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_ISO_SPAN = re.compile(rf"(\d{{4}}-\d\d-\d\d)\s*(?:{_TO.pattern}|{_AND.pattern}|/)\s*(\d{{4}}-\d\d-\d\d)")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBER_DAY = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)")
_NUMBER_SPAN = re.compile(
    r"(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d\d))? ?[-+] ?(\d{1,2})\2(\d{1,2})\2(\d{4}|\d\d)"
)
_DAYS_THEN_MONTH = re.compile(r"(\d{1,2}) ?[-+] ?(\d{1,2})([/.])(\d{1,2})\3(\d{4}|\d\d)")
_MONTH_THEN_DAYS = re.compile(r"(\d{1,2})([/.])(\d{1,2}) ?[-+] ?(\d{1,2})\2(\d{4}|\d\d)")
_DAY, _MONTH, _YEAR = r"(\d{1,2})", r"m(\d\d)", r"(\d{4})"
_SEVERAL = r"(\d{1,2}(?: \d{1,2})*(?: ?[-+] ?\d{1,2})?)"
_WORD_DAY = re.compile(rf"{_DAY} ?[-/ ] ?{_MONTH} ?[-/ ] ?(\d{{4}}|\d\d)")
_WORD_DAYS = (
    re.compile(rf"(?P<days>{_SEVERAL}) {_MONTH} {_YEAR}"),
    re.compile(rf"{_MONTH} (?P<days>{_SEVERAL}) {_YEAR}"),
)
_WORD_SPANS = (
    re.compile(rf"{_DAY} {_MONTH}(?: {_YEAR})? ?[-+] ?{_DAY} {_MONTH} {_YEAR}"),
    re.compile(rf"{_MONTH} {_DAY}(?: {_YEAR})? ?[-+] ?{_MONTH} {_DAY} {_YEAR}"),
)
_WORD_MONTH = re.compile(rf"{_MONTH} {_YEAR}")


def day_span(text: str, *, day_first: bool = False) -> tuple[str, str] | None:
    """Return the first and the last day that a cell names as YYYY-MM-DD, the last "" for one day; None for other text.

    A month or a year alone is YYYY-MM or YYYY. Days listed one by one must follow each other.

    Parameters
    ----------
    text
        A cell, without a time of day.
    day_first
        Whether numbers are the day, the month, the year; by default the month comes first, as in the United States.

    Examples
    --------
    >>> day_span("12 al 14 de enero de 2027"), day_span("Sat-Sun, Jan 16 & 17, 2027")
    (('2027-01-12', '2027-01-14'), ('2027-01-16', '2027-01-17'))
    >>> day_span("2/1/2027"), day_span("2/1/2027", day_first=True), day_span("enero de 2027")
    (('2027-02-01', ''), ('2027-01-02', ''), ('2027-01', ''))
    >>> day_span("viernes 16 de enero de 2027"), day_span("12 y 14 de enero de 2027"), day_span("pronto")
    (None, None, None)
    """
    plain = text.strip()
    if not plain or _PARTIAL.fullmatch(plain):
        return plain, ""
    found = _iso_span(plain)
    if found is not None:
        return found
    words, weekdays = _tokens(plain)
    span = _number_span(words, day_first=day_first) or _word_span(words)
    if span is None or len(span[0]) != 10:
        return None if weekdays else span
    ends = [date.fromisoformat(day).weekday() for day in (span[0], span[1] or span[0])]
    named = [*weekdays[:1], *weekdays[1:][-1:]]
    return span if all(one == end for one, end in zip(named, ends, strict=False)) else None


def is_day_first(rows: Iterable[Mapping[bool, bool]]) -> bool | None:
    """Return whether the dates of a file put the day first; None where they contradict each other.

    One row may be a slip where three or more others agree against it.

    Parameters
    ----------
    rows
        For each row with a date of numbers, whether it can be read with the day first (True), and with the month first
        (False).

    Examples
    --------
    >>> is_day_first([{True: True, False: False}, {True: True, False: True}])
    True
    >>> is_day_first([{True: True, False: False}, {True: False, False: True}]) is None
    True
    """
    given = list(rows)
    day = sum(row[True] and not row[False] for row in given)
    month = sum(row[False] and not row[True] for row in given)
    if min(day, month) > 1 or (min(day, month) == 1 and max(day, month) <= _SHORTEST):
        return None
    return day > month


def _iso_span(plain: str) -> tuple[str, str] | None:
    """Return the days of a cell that begins with the year, None where it does not."""
    both = _ISO_SPAN.fullmatch(plain)
    if both is not None:
        days = [_day(*map(int, end.split("-"))) for end in both.groups()]
        return (days[0], days[1]) if all(days) else None
    found = _ISO_DAY.fullmatch(plain)
    parts = (found[1], found[3], found[4]) if found else None
    digits = _DIGITS.fullmatch(plain)
    parts = (digits[1], digits[2], digits[3]) if digits else parts
    day = _day(*map(int, parts)) if parts else ""
    return (day, "") if day else None


def _number_span(words: str, *, day_first: bool) -> tuple[str, str] | None:
    """Return the days of a cell of numbers, None where it is something else or they are no days."""
    found = _NUMBER_DAY.fullmatch(words)
    if found is not None:
        return _ordered([_numbered(found[1], found[3], found[4], day_first=day_first)])
    found = _NUMBER_SPAN.fullmatch(words)
    if found is not None:
        year = found[4] or found[7]
        ends = [(found[1], found[3], year), (found[5], found[6], found[7])]
        return _ordered([_numbered(*end, day_first=day_first) for end in ends])
    found = _DAYS_THEN_MONTH.fullmatch(words)
    if found is not None and day_first:
        return _ordered([_numbered(day, found[4], found[5], day_first=True) for day in found.group(1, 2)])
    found = _MONTH_THEN_DAYS.fullmatch(words)
    if found is not None and not day_first:
        return _ordered([_numbered(found[1], day, found[5], day_first=False) for day in found.group(3, 4)])
    return None


def _word_span(words: str) -> tuple[str, str] | None:
    """Return the days of a cell with the name of a month, None where it is something else or they are no days."""
    found = _WORD_DAY.fullmatch(words)
    if found is not None:
        return _ordered([_day(_full_year(found[3]), int(found[2]), int(found[1]))])
    for at, form in enumerate(_WORD_DAYS):
        found = form.fullmatch(words)
        if found is not None:
            month, year = (found[3], found[4]) if at == 0 else (found[1], found[4])
            return _listed(found["days"], int(month), int(year))
    for at, form in enumerate(_WORD_SPANS):
        found = form.fullmatch(words)
        if found is not None:
            one, two, year, other_one, other_two, last_year = found.groups()
            days = (one, other_one) if at == 0 else (two, other_two)
            months = (two, other_two) if at == 0 else (one, other_one)
            years = (year or last_year, last_year)
            pairs = zip(years, months, days, strict=True)
            return _ordered([_day(*map(int, end)) for end in pairs])
    found = _WORD_MONTH.fullmatch(words)
    return (f"{found[2]}-{found[1]}", "") if found else None


def _listed(days: str, month: int, year: int) -> tuple[str, str] | None:
    """Return the first and last of the days of a month; None where some are listed that do not follow each other."""
    numbers = [int(number) for number in re.findall(r"\d+", days)]
    made = [_day(year, month, number) for number in numbers]
    if not all(made):
        return None
    steps = [two - one for one, two in pairwise(numbers)]
    spans = "-" in days and len(numbers) == 2
    if not spans and any(step != 1 for step in steps):
        return None
    return _ordered([made[0], *made[1:][-1:]])


def _ordered(days: list[str]) -> tuple[str, str] | None:
    """Return a day, or a first and a last one; None where one is no day."""
    if not all(days):
        return None
    return (days[0], "") if len(days) == 1 else (days[0], days[1])


def _numbered(one: str, two: str, year: str, *, day_first: bool) -> str:
    """Return the day of three numbers, "" where there is none such."""
    day, month = (int(one), int(two)) if day_first else (int(two), int(one))
    return _day(_full_year(year), month, day)


def _day(year: int, month: int, day: int) -> str:
    """Return a day as YYYY-MM-DD, "" where there is none such."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _full_year(year: str) -> int:
    """Return a year; of two digits it is of 1969 to 2068, as POSIX has it."""
    number = int(year)
    return number if len(year) > 2 else number + (2000 if number < 69 else 1900)


def _tokens(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a cell with months as "m01", joins as "-" and "+" and no other words, and its days of the week (Monday 0)."""
    plain = _ORDINAL.sub("", folded(text).replace(",", " "))
    months, days = _names()
    weekdays: list[int] = []

    def named(found: re.Match[str]) -> str:
        word = found[0].rstrip(".")
        if word in months:
            return f" m{months[word]:02d} "
        if word in days:
            weekdays.append(days[word])
            return " "
        return found[0]

    plain = re.sub(r"[a-z]{3,}\.?", named, plain)
    plain = _FILLER.sub(" ", plain)
    plain = _AND.sub("+", _TO.sub("-", plain))
    plain = " ".join(plain.split())
    for _ in weekdays:  # joins between days of the week: "Saturday and Sunday, Jan 16-17"
        plain = re.sub(r"^ ?[-+/] ?", "", plain)
    return plain, tuple(weekdays)


def month_numbers() -> Mapping[str, int]:
    """Return the number of each name and short name of a month, English and Spanish, folded."""
    return _names()[0]


@cache
def _names() -> tuple[dict[str, int], dict[str, int]]:
    """Return the names and short names of months (1 to 12) and of days of the week (Monday 0), English and Spanish."""
    months: dict[str, int] = {"sept": 9, "set": 9, "setiembre": 9}
    days: dict[str, int] = {}
    for language in _LANGUAGES:
        for number, name in get_month_names("wide", locale=language).items():
            word = folded(name)
            months |= {word[:length]: int(number) for length in range(_SHORTEST, len(word) + 1)}
        for number, name in get_day_names("wide", locale=language).items():
            word = folded(name)
            days |= {word[:length]: int(number) for length in range(_SHORTEST, len(word) + 1)}
    return months, {word: number for word, number in days.items() if word not in months}
