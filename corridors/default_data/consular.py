"""Shipped tables of consular districts: the consulate of each county, the counties each consulate states, and its rank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from corridors.default_data.raw_tables import raw_text
from corridors.default_data.us import counties
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.schemas.columns import FOUR_STATES

if TYPE_CHECKING:
    from pathlib import Path

_LABELLED = re.compile(rf"(\d+) ({'|'.join(FOUR_STATES)})\b")
_LEADING = re.compile(r"(\d+)")
_GENERAL = ("Consulado General", "Consulate General")
_DISPUTED = re.compile(r"CONFLICT|says only")
"""In a note: another source gives another rank."""


def consular_districts(raw: Path) -> pd.DataFrame:
    """Return one row per county, `consulate` empty where no source names it, and one per part of a split county."""
    columns = {"county_fips": "fips", "source_url": "url"}
    known = raw_text(raw / "mexico/consular_districts.csv").rename(columns=columns).assign(part="")
    parts = raw_text(raw / "mexico/partial_counties.csv").rename(columns=columns)
    every = counties(raw)
    missing = every[~every["fips"].isin(known["fips"])]
    blank = pd.DataFrame({"fips": missing["fips"], "county": missing["name"]})
    return pd.concat([known, parts, blank]).fillna("")


def consular_totals(raw: Path) -> pd.DataFrame:
    """Return the counties that a consulate is said to cover, by state; offices without a number are dropped.

    "2 TX + 9 NM" is two rows; a number without a state ("13 (+5 in Hawaii)") is of the consulate's own.
    """
    table = raw_text(raw / "mexico/consulates_types.csv")
    rows = []
    for row in table.to_dict("records"):
        stated = str(row["county_count_as_stated"])
        leading = _LEADING.match(stated)
        found = _LABELLED.findall(stated) or ([(leading[1], row["state"])] if leading else [])
        rows += [
            {
                "consulate": row["consulate"],
                "us_state": state,
                "counties": count,
                "counted": row["count_date"],
                "stated": stated,
                "url": row["source_url"],
            }
            for count, state in found
        ]
    totals = pd.DataFrame(rows)
    return totals.assign(counties=to_integers(totals["counties"]))


def consulate_ranks(raw: Path) -> pd.DataFrame:
    """Return the rank of each consulate of the four states: general where a source says so and none that was read says otherwise."""
    table = raw_text(raw / "mexico/consulates_types.csv").fillna("")
    general = table["type_as_stated"].isin(_GENERAL) & ~table["note"].str.contains(_DISPUTED)
    return pd.DataFrame(
        {
            "consulate": table["consulate"],
            "rank": general.map({True: "general", False: ""}),
            "stated": table["type_as_stated"],
            "url": table["source_url"],
            "note": table["note"],
        }
    )
