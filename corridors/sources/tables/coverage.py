"""Coverage of the region by a table, and the age of its data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.sources.schemas.columns import FOUR_STATES, STATE_FIPS

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

_LAST_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:-(\d{2}))?(?:-\d{2})?(?!\d)")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of US states, Mexican states and municipalities in a table; None where it has no such column."""

    us_states: int | None
    mx_states: int | None
    municipalities: int | None


def coverage_of(table: pd.DataFrame | None) -> Coverage:
    """Return the coverage of a table, from its columns `us_state` or `fips`, `mx_state` or `cvegeo`; of none, none."""
    if table is None:
        return Coverage(None, None, None)
    us: set[str] | None = None
    if "us_state" in table:
        us = set(table["us_state"].dropna()) & set(FOUR_STATES)
    elif "fips" in table:
        us = set(table["fips"].dropna().str[:2]) & set(STATE_FIPS.values())
    municipalities = set(table["cvegeo"].dropna()) if "cvegeo" in table else None
    mx: set[str] | None = None
    if "mx_state" in table:
        mx = set(table["mx_state"].dropna())
    elif municipalities is not None:
        mx = {code[:2] for code in municipalities}
    return Coverage(
        us_states=None if us is None else len(us),
        mx_states=None if mx is None else len(mx),
        municipalities=None if municipalities is None else len(municipalities),
    )


def age_years(period: str, today: date) -> float | None:
    """Return years from the end of a period to a day, to a tenth; None where the text names no year.

    A year alone ends with December, a month with its last day.

    Examples
    --------
    >>> from datetime import date
    >>> age_years("2006-12 to 2011-11", date(2026, 11, 30)), age_years("2020", date(2026, 12, 31)), age_years("", date.min)
    (15.0, 6.0, None)
    """
    found = _LAST_DATE.findall(period)
    if not found:
        return None
    ends = max(int(year) + (int(month) if month else 12) / 12 for year, month in found)
    now = today.year + today.month / 12
    return max(0.0, round(now - ends, 1))
