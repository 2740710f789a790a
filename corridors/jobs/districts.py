"""Supply zones by consular district and by year: counties with their consulate, fractions of zones, licenses that may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from corridors.core.suppression import FEWEST, ShownLicenses, shown_licenses
from corridors.jobs.inputs import SUPPLY
from corridors.network import assign_districts, zone_districts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.core.types import Evidence, FloatArray, Network
    from corridors.jobs.inputs import Inputs


class RunDistricts(NamedTuple):
    """The consular districts of a run, and the places of origin that they make with the US states.

    Parameters
    ----------
    counties
        `fips us_state consulate approximate inferred`, EPSG:4326 polygons.
    zone_fractions
        `zone_id us_state consulate fraction split`: the fraction of each zone's licenses in each district.
    origins, fractions
        (US state, consulate) of each place of origin, and (origins, zones) the fraction of each zone's licenses in it.
    """

    counties: gpd.GeoDataFrame
    zone_fractions: pd.DataFrame
    origins: tuple[tuple[str, str], ...]
    fractions: FloatArray


def district_counties(inputs: Inputs, network: Network) -> gpd.GeoDataFrame:
    """Return `fips us_state consulate approximate inferred` of the counties of the four states, EPSG:4326 polygons."""
    named = assign_districts(inputs.tables, inputs.population, network)
    counties = inputs.tables["counties"][["fips", "geometry"]]
    return counties.merge(named[["fips", "us_state", "consulate", "approximate", "inferred"]], on="fips")


def license_cells(
    tables: Mapping[str, pd.DataFrame], fractions: pd.DataFrame, counties: pd.DataFrame
) -> pd.DataFrame:
    """Return `unit zone_id consulate us_state year dealers`: licenses by county or ZIP code, "" outside all zones.

    Parameters
    ----------
    tables
        `dealers_zip`, or `dealers` where none is given.
    fractions
        What `zone_districts` returns, of the zones of the run.
    counties
        `fips us_state consulate` of every county.
    """
    if "dealers_zip" in tables:
        given = tables["dealers_zip"]
        unit = given["zip"].where(given["zip"].notna() & (given["zip"] != ""), given["fips"])
        month = str(given["month"].max())[:4]
        held = given.assign(unit=unit, year=int(month) if month.isdigit() else 0)
    else:
        held = tables["dealers"].assign(unit=tables["dealers"]["fips"])
    units = fractions[["members", "zone_id"]].drop_duplicates("zone_id").explode("members")
    zone = dict(units.itertuples(index=False, name=None))
    placed = held[["unit", "fips", "year", "dealers"]].merge(
        counties[["fips", "us_state", "consulate"]], on="fips"
    )
    return placed.drop(columns="fips").assign(
        zone_id=placed["unit"].map(zone).fillna(""), consulate=placed["consulate"].fillna("")
    )


def shown_counts(
    tables: Mapping[str, pd.DataFrame],
    fractions: pd.DataFrame,
    counties: pd.DataFrame,
    *,
    latest: bool = False,
) -> ShownLicenses:
    """Return the counts of licenses that outputs may print, the same for every output of the same tables.

    Parameters
    ----------
    tables, fractions, counties
        As of `license_cells`.
    latest
        Whether only the latest year is asked for.
    """
    held = license_cells(tables, fractions, counties)
    if latest:
        held = held[held["year"] == held["year"].max()]
    split = fractions[fractions["fraction"] < 1]
    return shown_licenses(held, set(zip(split["zone_id"], split["consulate"], strict=True)))


def shown_areas(
    tables: Mapping[str, pd.DataFrame], zones: pd.DataFrame, counties: pd.DataFrame
) -> pd.DataFrame:
    """Return `area year licences` of districts, states and the region, as `shown_counts` has them.

    Parameters
    ----------
    tables, counties
        As of `shown_counts`.
    zones
        `zone_id` of the zones that a run has.
    """
    every = zone_districts(tables, counties)
    return shown_counts(tables, every[every["zone_id"].isin(zones["zone_id"])], counties).areas


def estimated_licenses(inputs: Inputs, network: Network, zones: pd.DataFrame) -> pd.Series:
    """Return the licenses of each zone as a run of the user's own list counts them, by `zone_id`: only what may be shown.

    The flow of a zone follows its licenses, so that who runs the program again could find a withheld count from any share. A
    zone whose count is withheld therefore counts, in the model too, with an estimate from the counts that are shown.

    Parameters
    ----------
    inputs, network
        As of a run.
    zones
        The supply zones that the network covers.
    """
    tables = inputs.tables
    counties = district_counties(inputs, network)
    fractions = zone_districts(tables, counties, zones)
    held = license_cells(tables, fractions, counties)
    outside = held.loc[(held["year"] == held["year"].max()) & (held["zone_id"] == ""), "us_state"]
    shown = shown_counts(tables, fractions, counties, latest=True)
    totals = shown.areas.set_index("area")["licences"].drop(outside.unique(), errors="ignore")
    named = zones.set_index("zone_id")
    counts = shown.zones.iloc[:, -1].reindex(named.index)
    return estimate_withheld(counts, named["us_state"], _people(named["members"], tables), totals)


def has_own_licenses(inputs: Inputs) -> bool:
    """Return whether the licenses are a list of the user; the counts of the shipped table are printed in its file."""
    return any(source.own and source.id in SUPPLY for source in inputs.sources)


def _people(members: pd.Series, tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the people of each zone; a ZIP code has those of its county by the number of ZIP codes there."""
    units = members.explode()
    if "dealers_zip" in tables and "zip_points" in tables:
        county = tables["zip_points"].drop_duplicates("zip").set_index("zip")["fips"]
        units = units.map(county).fillna(units)
    living = tables["county_people"].set_index("fips")["people"]
    each = units.map(living).fillna(0.0) / units.map(units.value_counts())
    people: pd.Series = each.groupby(level=0).sum().reindex(members.index)
    return people


def estimate_withheld(shown: pd.Series, states: pd.Series, people: pd.Series, totals: pd.Series) -> pd.Series:
    """Return the licenses of each zone: as shown, or where withheld what is left of its state, by people.

    Nothing but counts that are shown goes in, so nothing that is computed from the result can say more than they do.

    Parameters
    ----------
    shown
        Licenses of each zone, missing where withheld.
    states, people
        State and people of each zone.
    totals
        Licenses of each state, missing where withheld.

    Returns
    -------
    pandas.Series
        Whole numbers, at least five. They add up to the state's total where that is shown.
    """
    made = shown.astype("float64")
    rate = made.sum() / max(float(people[made.notna()].sum()), 1.0)
    for state in sorted(set(states[made.isna()])):
        withheld = made.index[made.isna() & (states == state)]
        own = states == state
        left = float(totals.get(state, np.nan)) if pd.notna(totals.get(state)) else np.nan
        left = left - float(made[own].sum()) if np.isfinite(left) else rate * float(people[withheld].sum())
        over = max(0, round(left) - FEWEST * len(withheld))
        weight = people[withheld].to_numpy(dtype=np.float64) + 1e-9
        ends = np.rint(over * np.cumsum(weight) / weight.sum())
        made.loc[withheld] = FEWEST + np.diff(ends, prepend=0.0)
    return made.astype("int64")


def licenses_by_year(
    inputs: Inputs, evidence: Evidence, fractions: pd.DataFrame, counties: pd.DataFrame
) -> pd.DataFrame | None:
    """Return the licenses that may be shown, a row a zone of the evidence and a column a year, missing where withheld.

    None where zones are not made of counties. `fractions` and `counties` as of `shown_counts`.
    """
    if "dealers_zip" in inputs.tables:
        return None
    return shown_counts(inputs.tables, fractions, counties).zones.reindex(evidence.zones["zone_id"])


def run_districts(inputs: Inputs, network: Network, evidence: Evidence) -> RunDistricts:
    """Return the consular districts of the four states, and which fraction of each zone lies in them."""
    counties = district_counties(inputs, network)
    table = zone_districts(inputs.tables, counties, evidence.zones)
    wide = table.pivot_table(
        "fraction", "zone_id", ["us_state", "consulate"], aggfunc="sum", fill_value=0.0, observed=True
    )
    ordered = wide.reindex(evidence.zones["zone_id"], fill_value=0.0)
    levels = (ordered.columns.get_level_values(name).astype(str) for name in ("us_state", "consulate"))
    return RunDistricts(
        counties=counties,
        zone_fractions=table,
        origins=tuple(zip(*levels, strict=True)),
        fractions=ordered.to_numpy(dtype=np.float64).T,
    )


def consulate_fractions(inputs: Inputs, network: Network, evidence: Evidence) -> tuple[list[str], FloatArray]:
    """Return the consulates, and (zones, consulates) the fraction of each zone's licenses in their districts."""
    zones = zone_districts(inputs.tables, district_counties(inputs, network), evidence.zones)
    table = zones.pivot_table("fraction", "zone_id", "consulate", aggfunc="sum", fill_value=0.0)
    fractions = table.loc[evidence.zones["zone_id"]]
    return [str(name) for name in table.columns], fractions.to_numpy(dtype=np.float64)
