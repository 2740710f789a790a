"""Records by consular district, as plain tables: licenses, laws, gun shows, decisions about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.suppression import REGION
from corridors.outputs.briefs.subscription import UNSPECIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PEOPLE = 100_000
PROVISIONS = (
    *("universal", "gunshow", "waiting", "permit", "dealer", "onepermonth"),
    *("assault", "tenroundlimit", "registration", "loststolen", "gvro"),
)
"""Provisions of the database that bear on the first sale and on its follow-up, in the order of the table."""


def licences(
    shown: pd.DataFrame, districts: pd.DataFrame, people: pd.Series, offices: Sequence[str]
) -> pd.DataFrame:
    """Return licences by area and year, with the rate of each year per 100,000 people of the one year they are known of.

    Parameters
    ----------
    shown
        `area year licences`, of one source: the counts that may be shown, missing where withheld.
    districts
        `fips us_state consulate`.
    people
        People by `fips`.
    offices
        Consulates to have rows of, those without a county too.

    Returns
    -------
    DataFrame
        `area year licences people rate`: an area is a consulate, a US state, or "region", the four states; a count that is
        withheld is missing, as is its rate.
    """
    living = people.reindex(districts["fips"]).fillna(0).reset_index(drop=True)
    consulate, state = (districts[name].reset_index(drop=True) for name in ("consulate", "us_state"))
    of_district = living.groupby(consulate).sum()
    of_area = pd.concat([of_district, living.groupby(state).sum(), pd.Series({REGION: living.sum()})])
    kinds = (sorted({*of_district.index, *offices}), sorted(districts["us_state"].unique()), [REGION])
    years = sorted(shown["year"].unique())
    rows = [(area, year) for areas in kinds for year in years for area in areas]
    every = pd.MultiIndex.from_tuples(rows, names=["area", "year"])
    table = shown.set_index(["area", "year"])[["licences"]].reindex(every).reset_index()
    lived = table["area"].map(of_area).fillna(0)
    rate = (table["licences"].astype("Float64") / lived.where(lived > 0) * PEOPLE).round(1)
    return table.assign(licences=table["licences"].astype("Int64"), people=lived.astype("int64"), rate=rate)


def law_periods(laws: pd.DataFrame) -> pd.DataFrame:
    """Return the years in which each provision was in force: `us_state provision from_year to_year`, 0 for never."""
    rows: list[tuple[str, str, int, int]] = []
    for state, table in laws.sort_values("year").groupby("us_state"):
        for name in PROVISIONS:
            on = table.loc[table[name] == 1, "year"].to_numpy(dtype=np.int64)
            spans = np.split(on, np.flatnonzero(np.diff(on) > 1) + 1) if len(on) else []
            rows += [(str(state), name, int(span[0]), int(span[-1])) for span in spans] or [
                (str(state), name, 0, 0)
            ]
    return pd.DataFrame(rows, columns=["us_state", "provision", "from_year", "to_year"])


def checks(nics: pd.DataFrame, people: pd.Series, state_of: pd.Series) -> pd.DataFrame:
    """Return the sales proxy of checks by state and whole year, and per 100,000 people: `us_state year checks rate`.

    `checks` is `sales_proxy`, handgun + long gun + other + 2 x multiple: neither all checks nor sales.
    """
    living = people.groupby(state_of).sum()
    whole = nics[nics["months"] == 12]
    rate = whole["sales_proxy"].astype("float64") / whole["us_state"].map(living) * PEOPLE
    return pd.DataFrame(
        {
            "us_state": whole["us_state"],
            "year": whole["year"],
            "checks": whole["sales_proxy"],
            "rate": rate.round(0),
        }
    ).reset_index(drop=True)


def placed(table: pd.DataFrame, consulate: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of venues or shows in a known county, with their consulate; no promoter is kept."""
    known = table[table["fips"].isin(list(consulate))]
    return (
        known.drop(columns=["promoter"]).assign(consulate=known["fips"].map(consulate)).reset_index(drop=True)
    )


def unnamed_venues(venues: pd.DataFrame, counties: pd.Series) -> pd.DataFrame:
    """Return how many venues of each district have no name in their source, and their counties: `consulate venues counties`.

    Parameters
    ----------
    venues
        `venue fips consulate`, one row a venue.
    counties
        Names of the counties by `fips`.
    """
    unnamed = venues[venues["venue"] == UNSPECIFIED]
    names = unnamed["fips"].map(counties)
    by_district = names.groupby(unnamed["consulate"])
    listed = by_district.agg(lambda own: ", ".join(sorted(set(own))))
    return pd.DataFrame({"venues": by_district.size(), "counties": listed}).reset_index()


def show_years(shows: pd.DataFrame) -> pd.DataFrame:
    """Return dated shows that were not cancelled, by consulate and year: `consulate year shows`."""
    held = shows[(shows["occurrence"] != "cancelled") & shows["start"].notna()]
    year = held["start"].str[:4].astype("int64").rename("year")
    return held.groupby([held["consulate"], year]).size().rename("shows").reset_index()


def policy(events: pd.DataFrame, venues: pd.DataFrame, districts: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions that touched each district: those of its states, counties and cities, latest first.

    A place is a district's when it names one of its counties ("Pima County") or a city in which it has a venue; one
    "statewide" is of every district with a county of the state, and a federal one of all.
    """
    rows = []
    for name, group in districts.groupby("consulate"):
        cities = venues.loc[venues["consulate"] == name, ["us_state", "city"]].drop_duplicates()
        local = {
            (state, word)
            for state, word in [
                *(
                    (state, f"{county} County")
                    for state, county in zip(group["us_state"], group["name"], strict=True)
                ),
                *zip(cities["us_state"], cities["city"], strict=True),
            ]
        }
        states = set(group["us_state"])
        for event in events.to_dict("records"):
            state, place = str(event["us_state"]), str(event["place"])
            level = _level(state, place, states, local)
            if level:
                rows.append({"consulate": name, "level": level, **event})
    table = pd.DataFrame(rows, columns=["consulate", "level", *events.columns])
    return table.sort_values(
        ["consulate", "date", "event_id"], ascending=[True, False, True], ignore_index=True
    )


def _level(state: str, place: str, states: set[str], local: set[tuple[str, str]]) -> str:
    """Return whether a decision is "local", "state" or "federal" to a district, "" when it is none of its."""
    if state == "US":
        return "federal"
    if any(own == state and re.search(rf"\b{re.escape(word)}\b", place) for own, word in local):
        return "local"
    return "state" if state in states and re.search(r"statewide|federal", place) else ""


def cities_with_venues(venues: pd.DataFrame) -> list[str]:
    """Return the cities of a district's venues, each once."""
    return sorted(set(venues["city"].dropna().astype(str)))


def latest(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the latest year for each set of keys."""
    return table.sort_values("year").drop_duplicates(list(keys), keep="last").reset_index(drop=True)
