"""The year of each row of a table of seizures: of its date, or of the time that the file says it covers."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from corridors.sources.agencies.period_text import given_period, stated_period
from corridors.sources.agencies.row_report import this_year
from corridors.sources.reading.delimited import fault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.agencies.row_report import RowReport
    from corridors.sources.reading.delimited import TextTable

_SERIAL = range(36_526, 73_051)  # days since 1899-12-30 as Excel counts them: 2000 to 2099


_NUMBER = re.compile(r"(\d+)(?:[.,]\d+)?")
_FULL_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)|^2,0\d\d$")


def years_of(
    read: TextTable, path: Path, row_report: RowReport, given: str
) -> tuple[pd.Series[float], pd.Series[float], str]:
    """Return the first and the last year of each row, and the period of a file of which no row has a date, else "".

    Raises
    ------
    SchemaError
        When rows without a date are of no time that the settings, the title or the name of the file say.
    """
    table = read.table
    year = pd.Series(float("nan"), index=table.index)
    for name in ("year", "date"):
        if name in table:
            cells = table[name]
            year = year.fillna(cells.map({cell: year_in(cell) for cell in cells.unique()}).astype("float64"))
    nothing = pd.Series("", index=table.index, dtype="str")
    titles, open_rows = table.get("titles", nothing), table.get("undated", nothing).eq("yes")
    first, last, periods = year.copy(), year.copy(), set()
    for text in titles[open_rows].unique():
        span = _stated(text.splitlines(), path, given, row_report)
        rows = open_rows & (titles == text)
        first, last = first.mask(rows, int(span[0][:4])), last.mask(rows, int(span[1][:4]))
        periods.add(f"{span[0]}..{span[1]}")
    row_report.drop(first.isna(), "no year in the date")
    row_report.drop(last > this_year(), "a year to come")
    whole = bool(open_rows.all()) and len(periods) == 1
    return first, last, periods.pop() if whole else ""


def _stated(titles: Sequence[str], path: Path, given: str, row_report: RowReport) -> tuple[str, str]:
    """Return the first and last day, month or year of a table without dates: as given, by its title, or by the file's name.

    Raises
    ------
    SchemaError
        When none of them says it, or the settings and the title name times that do not meet.
    """
    titled, named = stated_period(titles), stated_period([path.stem])
    found = given_period(given) if given else titled or named
    if found is None:
        remedy = 'Say it in the section `data`, period = "2023..2025", or with --period; or write it above the table.'
        expected = (
            "a column of dates or years, or the time the table covers in its title or in the file's name"
        )
        raise fault(path, expected, repr(" / ".join(titles)[:120]) if titles else "neither", remedy)
    for other, words in ((titled, "by the title"), (named, "by the name of the file")):
        if other is not None and (other[0][:4] > found[1][:4] or other[1][:4] < found[0][:4]):
            remedy = "Correct the one that is wrong."
            raise fault(path, f"a table of {'..'.join(found)}", f"{'..'.join(other)} {words}", remedy)
    source = "as given" if given else "by its title" if titled else "by the name of the file"
    row_report.note(f"rows without dates: taken as of {found[0]} to {found[1]}, {source}")
    return found


def year_in(cell: str) -> int | None:
    """Return the year in a date written in any way, None when it has none of 2000 to 2099.

    A number is a year ("2021.0"), a month and a year ("12.2021"), or a day as Excel counts them, with its time or
    without. Two digits are a year of this century up to the present one.

    Examples
    --------
    >>> year_in("15-ENE-19"), year_in("2019-01-15"), year_in("15 DE ENERO DE 2019"), year_in("43480"), year_in("ENERO")
    (2019, 2019, 2019, 2019, None)
    >>> year_in("44197.75"), year_in("44561,999"), year_in("12.50"), year_in("15/01/99"), year_in("=2000+21")
    (2021, 2021, None, None, None)
    """
    text = cell.strip()
    if text.startswith("="):
        return None
    number = _NUMBER.fullmatch(text)
    if number is not None and int(number[1]) in _SERIAL:
        return (date(1899, 12, 30) + timedelta(days=int(number[1]))).year
    full = _FULL_YEAR.findall(text)
    if full:
        return int(full[0].replace(",", "")) if len(set(full)) == 1 else None
    short = re.fullmatch(r".*\D(\d\d)", text.split()[0] if text and number is None else "")
    year = 2000 + int(short[1]) if short else None
    return year if year is not None and year <= this_year() else None
