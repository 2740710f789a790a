"""The published figures, as positions on zones, states and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.base.errors import Fault, InputError
from corridors.base.types import Published, freeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.base.types import Floats


def published(
    tables: Mapping[str, pd.DataFrame],
    zones: gpd.GeoDataFrame,
    places: pd.DataFrame,
    us_states: tuple[str, ...],
    mx_states: tuple[str, ...],
) -> Published:
    """Return the figures the fit uses.

    Sources: ATF NFCTA IV (2022-23 traces by state of purchase, five largest pairs), ATF traces 2015-22 by purchase
    city, SRE/FGR seizures 2020-22 by municipality; each row of the tables names its own.

    Raises
    ------
    InputError
        A state's trace count is missing from `figures`.
    """
    figures = tables["figures"].set_index("id")["value"]
    wanted = [f"SRC4_{state}" for state in us_states]
    if missing := [key for key in wanted if key not in figures.index]:
        raise InputError(
            [
                Fault("figures", f"a row {key!r}", "none", "Add the state's traced firearms.", column="id")
                for key in missing
            ]
        )
    pairs = tables["state_pairs"]
    cities = tables["city_shares"]
    top = tables["seizures_top10"]
    state_counts = figures.loc[wanted].to_numpy(dtype=np.float64)
    traced = float(pairs["traced_total"].iloc[0])
    zone_of = {fips: i for i, counties in enumerate(zones["fips"]) for fips in counties}
    cities = cities[cities["fips"].isin(list(zone_of))]
    at = pd.Index(places["cvegeo"])
    result = Published(
        state_counts=state_counts,
        recent_parts=_recent_parts(figures, us_states, state_counts.sum() / traced),
        recent_total=float(figures.get("TTC03", np.nan)) / 100 * traced,
        known_part=float(pairs["known_total"].iloc[0]) / traced,
        pairs=np.column_stack(
            [
                pd.Index(us_states).get_indexer(pd.Index(pairs["us_state"])),
                pd.Index(mx_states).get_indexer(pd.Index(pairs["mx_state"])),
            ]
        ).astype(np.int64),
        pair_counts=pairs["firearms"].to_numpy(dtype=np.float64),
        pair_bound=float(pairs["firearms"].min()),
        city_zones=np.array([zone_of[fips] for fips in cities["fips"]], dtype=np.int64),
        city_parts=cities["county_share"].to_numpy(dtype=np.float64),
        city_states=pd.Index(us_states).get_indexer(pd.Index(cities["us_state"])).astype(np.int64),
        city_counts=cities["firearms"].to_numpy(dtype=np.float64),
        city_totals=cities["state_firearms"].to_numpy(dtype=np.float64),
        top_municipalities=at.get_indexer(pd.Index(top["cvegeo"])).astype(np.int64),
        top_counts=top["firearms"].to_numpy(dtype=np.float64),
        top_bound=float(top["bound"].iloc[0]),
        top_total=float(top["national_total"].iloc[0]),
    )
    freeze(
        result.state_counts,
        result.recent_parts,
        result.pairs,
        result.pair_counts,
        result.city_zones,
        result.city_parts,
    )
    freeze(
        result.city_states,
        result.city_counts,
        result.city_totals,
        result.top_municipalities,
        result.top_counts,
    )
    return result


def _recent_parts(figures: pd.Series, us_states: tuple[str, ...], border_part: float) -> Floats:
    """Return each state's part of recently bought guns among these states; NaN where it is not published.

    The published part is of all US states. The rest of the country is taken to hold the same part of what is left
    as it does of all traces.
    """
    part = figures.reindex([f"SRC5_{state}" for state in us_states]).to_numpy(dtype=np.float64) / 100
    return part / (np.nansum(part) + (1 - np.nansum(part)) * border_part)
