"""The part of each state that a list of licenses covers: whole states as shipped, a county or a sample where it is the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from corridors.core.suppression import FEWEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tables = Mapping[str, pd.DataFrame]

MIN_LISTED = 0.95
"""Fraction of a state's people whose county has a license, from which a list counts as one of the whole state."""
FEWEST_PER_PERSON = 5 / 100_000
"""Licenses a person under which a list is a part of a state's: the fewest of the four, California, has 6 per 100,000 people."""


def listed_in_part(tables: Tables) -> set[str]:
    """Return the US states of which the table of licenses is a part: of a county, of a sample; none where nobody is counted.

    A published figure about a state is of all its licenses: the traces of Texas are not those of twelve dealers of El Paso.

    Parameters
    ----------
    tables
        `counties`; `dealers` or `dealers_zip`; `county_people`, if any.
    """
    people = county_people(tables)
    if people is None:
        return set()
    counties = tables["counties"].set_index("fips")
    by_county = pd.DataFrame(
        {"us_state": counties["us_state"], "people": people, "licenses": _licenses(tables)}
    )
    by_county = by_county.reindex(counties.index).fillna({"people": 0, "licenses": 0})
    listed = by_county[by_county["licenses"] > 0].groupby("us_state")["people"].sum()
    states = by_county.groupby("us_state")[["people", "licenses"]].sum()
    listed = listed.reindex(states.index).fillna(0)
    few = states["licenses"] < FEWEST_PER_PERSON * listed
    return set(states.index[few | (listed < MIN_LISTED * states["people"])])


def listed_counties(tables: Tables) -> gpd.GeoDataFrame:
    """Return the counties that supply zones are made of: all of a state, or near the licenses of a state listed in part.

    A county without a license belongs to a zone as one with few does, so that an outline does not say which is which. Of
    a state listed in part these are the neighbors of counties with fewer than five: a zone as large as the state would
    let the trips of El Paso's dealers begin where most Texans live.
    """
    counties = tables["counties"]
    licenses = _licenses(tables).reindex(counties["fips"]).fillna(0).to_numpy()
    in_part = (
        counties["us_state"].isin(listed_in_part(tables) & set(counties["us_state"][licenses > 0])).to_numpy()
    )
    few = counties[in_part & (licenses > 0) & (licenses < FEWEST)]
    near = shapely.intersects(
        counties.geometry.to_numpy(), shapely.union_all(few.geometry.to_numpy())
    ) & counties["us_state"].isin(few["us_state"])
    return gpd.GeoDataFrame(counties[~in_part | (licenses > 0) | near], crs=counties.crs)


def county_people(tables: Tables) -> pd.Series | None:
    """Return people by `fips`; None where the tables do not have them."""
    return tables["county_people"].set_index("fips")["people"] if "county_people" in tables else None


def _licenses(tables: Tables) -> pd.Series:
    """Return licenses by `fips`: those by ZIP code where there are any, otherwise those of the newest year."""
    given = tables.get("dealers_zip")
    if given is None:
        given = tables["dealers"]
        given = given[given["year"] == given["year"].max()]
    return given.groupby("fips")["dealers"].sum()
