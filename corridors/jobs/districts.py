"""Supply zones by consular district and by year: counties with their consulate, fractions of zones, licenses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.network import assign_districts, zone_districts

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.core.types import Evidence, FloatArray, Network
    from corridors.jobs.inputs import Inputs


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


def origin_fractions(
    evidence: Evidence, fractions: pd.DataFrame
) -> tuple[tuple[tuple[str, str], ...], FloatArray]:
    """Return the pairs (US state, consulate), and (zones, pairs) the fraction of each zone's licenses in them."""
    wide = fractions.pivot_table(
        "fraction", "zone_id", ["us_state", "consulate"], aggfunc="sum", fill_value=0.0, observed=True
    )
    ordered = wide.reindex(evidence.zones["zone_id"], fill_value=0.0)
    levels = (ordered.columns.get_level_values(name).astype(str) for name in ("us_state", "consulate"))
    return tuple(zip(*levels, strict=True)), ordered.to_numpy(dtype=np.float64)


def consulate_fractions(inputs: Inputs, network: Network, evidence: Evidence) -> tuple[list[str], FloatArray]:
    """Return the consulates, and (zones, consulates) the fraction of each zone's licenses in their districts."""
    zones = zone_districts(inputs.tables, district_counties(inputs, network), evidence.zones)
    table = zones.pivot_table("fraction", "zone_id", "consulate", aggfunc="sum", fill_value=0.0)
    fractions = table.loc[evidence.zones["zone_id"]]
    return [str(name) for name in table.columns], fractions.to_numpy(dtype=np.float64)
