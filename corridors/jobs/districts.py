"""Supply zones beside other areas and years: consular districts and the flow that starts there, licences by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.network import assign_districts

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.core.types import Evidence, FloatArray, Network
    from corridors.jobs.inputs import Inputs


def district_land(inputs: Inputs, network: Network) -> gpd.GeoDataFrame:
    """Return the counties of the region with their consulate: `fips us_state consulate approximate`, EPSG:4326 polygons."""
    named = assign_districts(inputs.tables, inputs.population, network)
    counties = inputs.tables["counties"][["fips", "geometry"]]
    return counties.merge(named[["fips", "us_state", "consulate", "approximate"]], on="fips")


def licences(inputs: Inputs, evidence: Evidence) -> pd.DataFrame | None:
    """Return licences by zone and year, a row a zone of the evidence; None where zones are not of counties."""
    if "dealers_zip" in inputs.tables:
        return None
    by_year = inputs.tables["dealers"].pivot_table("dealers", "fips", "year", aggfunc="sum", fill_value=0)
    rows = [by_year.reindex(list(members), fill_value=0).sum() for members in evidence.zones["members"]]
    return pd.DataFrame(rows, index=evidence.zones["zone_id"].to_numpy())


def origins(evidence: Evidence, parts: pd.DataFrame) -> tuple[tuple[tuple[str, str], ...], FloatArray]:
    """Return the pairs (US state, consulate), and (zones, pairs) parts of each zone in them."""
    wide = parts.pivot_table(
        "fraction", "zone_id", ["us_state", "consulate"], aggfunc="sum", fill_value=0.0, observed=True
    )
    ordered = wide.reindex(evidence.zones["zone_id"], fill_value=0.0)
    levels = (ordered.columns.get_level_values(name).astype(str) for name in ("us_state", "consulate"))
    return tuple(zip(*levels, strict=True)), ordered.to_numpy(dtype=np.float64)
