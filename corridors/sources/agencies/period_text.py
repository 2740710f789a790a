"""The time that a title or the name of a file says a table covers, in Spanish or English: the one place that reads it.

A day alone ("a 5 de noviembre de 2024", "2024-11-05") is when something was written, not what it covers, and is ignored.
Text that names two times is not decided. The year in the number of a letter or a request is not what its answer covers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridors.sources.agencies.gun_show_day_text import month_numbers
from corridors.sources.reading.encoding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

_TO = r"(?: ?(?:-|\.\.|/) ?| (?:a|al|hasta|to|through) (?:el |la )?)"
_YEAR, _MONTH, _DAY = r"(?<!\d)((?:19|20)\d\d)(?!\d)", r"m(\d\d)", r"(?<!\d)(\d{1,2})(?!\d)"
_DAYS = re.compile(rf"{_DAY} {_MONTH}(?: {_YEAR})?{_TO}{_DAY} {_MONTH} {_YEAR}")
_DATES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + _TO + r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)" + _TO + r"(\d{4}-\d\d-\d\d)")
_DAYS_OF_A_MONTH = re.compile(rf"{_DAY}{_TO}{_DAY} {_MONTH} {_YEAR}")
_MONTHS = re.compile(rf"{_MONTH}(?: {_YEAR})?{_TO}{_MONTH} {_YEAR}")
_YEARS = re.compile(rf"{_YEAR}{_TO}{_YEAR}")
_ONE_DAY = re.compile(
    rf"{_DAY} {_MONTH} {_YEAR}|{_MONTH} {_DAY} {_YEAR}|(?<!\d)\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}(?!\d)|"
    r"(?<!\d)\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d)|[\w-]*\d/[\w/]*\d{4}"
)
_LETTER = re.compile(r"(?<![a-z])(?:solicitud|folio|oficio|expediente|respuesta)(?![a-z])")
_ONE_MONTH = re.compile(rf"{_MONTH} {_YEAR}")
_LIST = re.compile(rf"{_YEAR}(?:(?: ?,? ?(?:y |and )?){_YEAR})*")
_FILLER = re.compile(r"(?<![a-z])(?:de|del|of|the|anos?|years?)(?![a-z])|,(?! ?\d{4})")


def stated_period(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the first and last day, month or year that texts say they cover; None where they say none, or several.

    Parameters
    ----------
    texts
        Titles, or the name of a file without its ending.

    Returns
    -------
    tuple
        Two of YYYY-MM-DD, YYYY-MM or YYYY.

    Examples
    --------
    >>> stated_period(["ARMAS ASEGURADAS", "Del 1 de enero de 2023 al 31 de diciembre de 2025"])
    ('2023-01-01', '2025-12-31')
    >>> stated_period(["SEDENA_2023-2025"]), stated_period(["enero a junio de 2025"]), stated_period(["2021, 2022 y 2023"])
    (('2023', '2025'), ('2025-01', '2025-06'), ('2021', '2023'))
    >>> stated_period(["Ciudad de México, a 5 de noviembre de 2024"]), stated_period(["respuesta 2024-11-05"])
    (None, None)
    >>> stated_period(["2019", "2021"]) is None
    True
    """
    found: set[tuple[str, str]] = set()
    years: set[tuple[str, str]] = set()
    for text in texts:
        plain = _plain(text)
        for form, read in _FORMS:
            for match in form.finditer(plain):
                found.add(read(match.groups()))
            plain = form.sub(" | ", plain)
        plain = _ONE_DAY.sub(" | ", plain)
        for match in _ONE_MONTH.finditer(plain):
            found.add((f"{match[2]}-{match[1]}", f"{match[2]}-{match[1]}"))
        plain = _ONE_MONTH.sub(" | ", plain)
        for match in () if _LETTER.search(plain) else _LIST.finditer(plain):
            listed = re.findall(_YEAR, match[0])
            years.add((listed[0], listed[-1]) if _follow(listed) else ("", ""))
    chosen = found or years
    if len(chosen) != 1:
        return None
    first, last = chosen.pop()
    return (first, last) if first and first <= last else None


def given_period(text: str) -> tuple[str, str]:
    """Return the first and last day, month or year of a period as the settings write it ("2023..2025", "2026-11").

    Examples
    --------
    >>> given_period("2023..2025"), given_period("2026-11")
    (('2023', '2025'), ('2026-11', '2026-11'))
    """
    first, _, last = text.partition("..")
    return first, last or first


def _plain(text: str) -> str:
    """Return a text folded, its months as "m01", without the words between the parts of a date."""
    months = month_numbers()
    plain = re.sub(r"(?<=\d{4})_(?=\d{4})", "-", folded(text)).replace("_", " ")
    plain = re.sub(r"[\u2010-\u2015]", "-", plain)
    plain = re.sub(r"(?<=\d)(?:o|er|\u00b0)(?![a-z])\.?", "", plain)
    plain = re.sub(
        r"(?<![a-z])[a-z]{3,}(?![a-z])\.?",
        lambda match: f"m{months[match[0].rstrip('.')]:02d}" if match[0].rstrip(".") in months else match[0],
        plain,
    )
    return " ".join(_FILLER.sub(" ", plain).split())


def _follow(years: list[str]) -> bool:
    """Return whether listed years follow each other."""
    numbers = list(map(int, years))
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _one_month(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the days of "1 al 31 de enero de 2025"."""
    one, other, month, year = parts
    return f"{year}-{month}-{int(one):02d}", f"{year}-{month}-{int(other):02d}"


def _words(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the days of "1 de enero [de 2023] al 31 de diciembre de 2025"."""
    one, month, year, other, other_month, last = parts
    return f"{year or last}-{month}-{int(one):02d}", f"{last}-{other_month}-{int(other):02d}"


def _numbers(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the days of "01/01/2023 al 31/12/2025", the day first as in Mexico."""
    one, month, year, other, other_month, last = parts
    return f"{year}-{int(month):02d}-{int(one):02d}", f"{last}-{int(other_month):02d}-{int(other):02d}"


def _months(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the months of "enero [de 2023] a junio de 2025"."""
    month, year, other, last = parts
    return f"{year or last}-{month}", f"{last}-{other}"


def _pair(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return two days or two years as they stand."""
    return parts[0], parts[1]


_FORMS = (
    (_DAYS, _words),
    (_DAYS_OF_A_MONTH, _one_month),
    (_DATES, _numbers),
    (_ISO, _pair),
    (_MONTHS, _months),
    (_YEARS, _pair),
)
