"""Supply zones by consular district and by year: counties with their consulate, fractions of zones, licenses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from corridors.network import assign_districts, zone_districts

if TYPE_CHECKING:
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


def licenses_by_year(inputs: Inputs, evidence: Evidence) -> pd.DataFrame | None:
    """Return licenses, a row a zone of the evidence and a column a year; None where zones are not made of counties."""
    if "dealers_zip" in inputs.tables:
        return None
    by_year = inputs.tables["dealers"].pivot_table("dealers", "fips", "year", aggfunc="sum", fill_value=0)
    rows = [by_year.reindex(list(members), fill_value=0).sum() for members in evidence.zones["members"]]
    return pd.DataFrame(rows, index=evidence.zones["zone_id"].to_numpy())


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
