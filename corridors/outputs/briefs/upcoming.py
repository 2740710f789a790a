"""Gun shows by date: those to come out of a user's calendar, and the season of each venue out of the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

UNSPECIFIED = "unspecified"


def coming(shows: pd.DataFrame, today: date, days: int) -> tuple[pd.DataFrame, int]:
    """Return the shows with a day that end today or later and begin within so many days, and how many had no day.

    Parameters
    ----------
    shows
        Of a user's calendar, as `gun_shows`; cancelled ones stay, for who had noted them.
    today, days
        First day, and days after it.
    """
    dated = shows[shows["precision"] == "day"]
    last = dated["end"].where(dated["end"].fillna("").ne(""), dated["start"])
    until = (today + timedelta(days=days)).isoformat()
    kept = (last >= today.isoformat()) & (dated["start"] <= until)
    found = dated.assign(end=last)[kept].sort_values(["start", "us_state", "city", "venue"], kind="stable")
    return found.reset_index(drop=True), len(shows) - len(dated)


def seasons(shows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a venue: how many of its shows are known, between which years, and how many in each month.

    Returns
    -------
    DataFrame
        `venue_key us_state city venue known first last m01 … m12`; shows without a month count as known only.
    """
    held = shows[(shows["occurrence"] != "cancelled") & shows["start"].fillna("").ne("")]
    month = held["start"].str.slice(5, 7)
    parts = held.assign(year=held["start"].str[:4], month=month.where(month.ne(""), "00"))
    keys = ["us_state", "city", "venue"]
    groups = parts.fillna({"city": ""}).groupby(keys, as_index=False)
    table = groups.agg(known=("start", "size"), first=("year", "min"), last=("year", "max"))
    counts = parts.fillna({"city": ""}).groupby([*keys, "month"]).size().rename("count").reset_index()
    for number in range(1, 13):
        own = counts[counts["month"] == f"{number:02d}"].set_index(keys)["count"]
        table[f"m{number:02d}"] = own.reindex(pd.MultiIndex.from_frame(table[keys]), fill_value=0).to_numpy()
    table.insert(0, "venue_key", [f"V{number:03d}" for number in range(1, len(table) + 1)])
    return table


def months_of(row: pd.Series) -> Sequence[str]:
    """Return the months, "01" to "12", that a row of `seasons` has shows in."""
    return [f"{number:02d}" for number in range(1, 13) if row[f"m{number:02d}"]]
