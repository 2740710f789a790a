"""Published figures as arrays on the positions of zones, states and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.types import Published, freeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.core.types import BoolArray, FloatArray, IntArray

    Tables = Mapping[str, pd.DataFrame]

OFFICE_SEPARATOR = " | "


def published(
    tables: Tables,
    zones: gpd.GeoDataFrame,
    places: pd.DataFrame,
    ports: pd.DataFrame,
    *,
    whole: frozenset[str],
) -> Published:
    """Return the published figures that the fit uses (docs/method.md 4.1).

    Sources: traces of 2022-23 by state of purchase and the five largest pairs [ATF2025], traces of 2015-22 by purchase
    city [StopUSArms2024], SRE/FGR seizures of 2020-22 by municipality, CBP's southbound seizures by region of ports. Each
    row of the tables names its own source.

    Parameters
    ----------
    tables
        `figures`, `state_pairs`, `city_shares`, `seizures_top10`, `port_seizures`, `ports_of_entry`; `zip_points` where
        zones are of ZIP codes; `cbp_seizures`, a user's own CBP file, replaces `port_seizures`.
    zones, places, ports
        Supply zones, municipalities, and ports of entry on the network, in their order.
    whole
        States of both countries that the network covers whole. A figure about a state is fitted only if the state is
        covered whole, and a figure relative to the rest of Mexico only if all of Mexico is. With the roads of one
        city pair the fit is left with its priors.

    Raises
    ------
    InputError
        The trace count of a state covered whole is missing from `figures`.
    """
    us_states, mx_states = (
        sorted(table[name].unique()) for table, name in ((zones, "us_state"), (places, "mx_state"))
    )
    figures = tables["figures"].set_index("id")["value"]
    counts = figures.reindex([f"SRC4_{state}" for state in us_states]).to_numpy(dtype=np.float64)
    us_whole = np.isin(us_states, list(whole))
    _check_counts(us_states, counts, us_whole)
    all_of_mexico = len(mx_states) > 1 and set(tables["municipalities"]["mx_state"]) <= whole
    traced = float(tables["state_pairs"]["traced_total"].iloc[0])
    state_counts = np.where(us_whole, counts, 0.0)
    pairs = tables["state_pairs"]
    pairs = pairs[pairs["us_state"].isin(whole) & all_of_mexico]
    cities = tables["city_shares"]
    cities = cities[cities["us_state"].isin(whole)]
    municipal = tables["seizures_top10"]
    top = municipal if all_of_mexico else municipal.iloc[:0]
    regions = _regions(tables, ports, whole if all_of_mexico else frozenset())
    result = Published(
        state_counts=state_counts,
        recent_fractions=_recent_fractions(figures, us_states, np.nansum(counts) / traced, us_whole),
        recent_total=float(figures.get("TTC03", np.nan)) / 100 * traced,
        known_fraction=float(tables["state_pairs"]["known_total"].iloc[0]) / traced,
        pairs=np.column_stack(
            [_positions(us_states, pairs["us_state"]), _positions(mx_states, pairs["mx_state"])]
        ).astype(np.int64),
        pair_counts=pairs["firearms"].to_numpy(dtype=np.float64),
        pair_bound=float(pairs["firearms"].min()) if len(pairs) else np.inf,
        city_names=tuple(cities["city"]),
        city_fractions=_city_fractions(cities, zones, tables.get("zip_points")),
        city_states=_positions(us_states, cities["us_state"]),
        city_counts=cities["firearms"].to_numpy(dtype=np.float64),
        city_totals=cities["state_firearms"].to_numpy(dtype=np.float64),
        top_municipalities=_positions(places["cvegeo"].tolist(), top["cvegeo"]),
        top_counts=top["firearms"].to_numpy(dtype=np.float64),
        top_bound=float(top["bound"].iloc[0]) if len(top) else np.inf,
        top_total=float(municipal["national_total"].iloc[0]),
        region_names=tuple(regions["region"]),
        region_ports=_region_ports(regions, ports),
        region_counts=regions["firearms"].to_numpy(dtype=np.float64),
    )
    freeze(
        result.state_counts, result.recent_fractions, result.pairs, result.pair_counts, result.city_fractions
    )
    freeze(result.region_ports, result.region_counts)
    freeze(
        result.city_states,
        result.city_counts,
        result.city_totals,
        result.top_municipalities,
        result.top_counts,
    )
    return result


def _check_counts(us_states: list[str], counts: FloatArray, us_whole: BoolArray) -> None:
    """Raise an error if the trace count of a state covered whole is missing."""
    faults = [
        Fault("figures", f"a row 'SRC4_{state}'", "none", "Add the state's traced firearms.", column="id")
        for state, count, needed in zip(us_states, counts, us_whole, strict=True)
        if needed and np.isnan(count)
    ]
    if faults:
        raise InputError(faults)


def _positions(order: list[str], values: pd.Series) -> IntArray:
    """Return the position of each value in `order`."""
    return pd.Index(order).get_indexer(pd.Index(values)).astype(np.int64)


def _city_fractions(
    cities: pd.DataFrame, zones: gpd.GeoDataFrame, zip_points: pd.DataFrame | None
) -> FloatArray:
    """Return (cities, zones): the fraction of each zone's licenses in each purchase city.

    Where zones are of ZIP codes, counts the ZIP codes that bear the city's name; otherwise uses the city's fraction of its
    county from the table of cities.
    """
    fractions = np.zeros((len(cities), len(zones)))
    for n, (name, fips, share) in enumerate(
        zip(cities["city"], cities["fips"], cities["county_share"].tolist(), strict=True)
    ):
        inside = {fips: share}
        if zip_points is not None and zones["zone_id"].iloc[0].startswith("zip:"):
            here = (zip_points["place"] == name) & (zip_points["fips"] == fips)
            inside = dict.fromkeys(zip_points.loc[here, "zip"], 1.0)
        for i, (members, dealers) in enumerate(zip(zones["members"], zones["unit_dealers"], strict=True)):
            held = sum(inside.get(unit, 0.0) * count for unit, count in zip(members, dealers, strict=True))
            fractions[n, i] = held / sum(dealers)
    return fractions


def _regions(tables: Tables, ports: pd.DataFrame, whole: frozenset[str]) -> pd.DataFrame:
    """Return CBP's figures, `region field_offices firearms`, or no rows where the network lacks a port or a state.

    Regions are compared with each other, so all of them are kept or none.
    """
    regions = tables["port_seizures"]
    if "cbp_seizures" in tables:
        seized = tables["cbp_seizures"]
        firearms = (seized["handguns"] + seized["long_arms"]).groupby(seized["field_office"]).sum()
        regions = pd.DataFrame(
            {"region": firearms.index, "field_offices": firearms.index, "firearms": firearms.to_numpy()}
        )
    feeding = set(tables["ports_of_entry"]["us_state"].dropna())
    at_port = _region_ports(regions, ports).any(axis=1)
    return regions if feeding <= whole and at_port.all() else regions.iloc[:0]


def _region_ports(regions: pd.DataFrame, ports: pd.DataFrame) -> FloatArray:
    """Return (regions, ports): 1 where a port belongs to one of a region's field offices."""
    offices = ports["field_office"].to_numpy()
    member = [np.isin(offices, names.split(OFFICE_SEPARATOR)) for names in regions["field_offices"]]
    return np.array(member, dtype=np.float64).reshape(len(regions), len(ports))


def _recent_fractions(
    figures: pd.Series, us_states: list[str], traced_here: float, us_whole: BoolArray
) -> FloatArray:
    """Return (us states,) fractions of recently bought guns, of these states together; NaN where not published.

    Published fractions are of all US states. Of the guns without a published state, these states are assumed to have the
    same fraction as of all traces, `traced_here`.
    """
    fraction = figures.reindex([f"SRC5_{state}" for state in us_states]).to_numpy(dtype=np.float64) / 100
    fraction = np.where(us_whole, fraction, np.nan)
    return fraction / (np.nansum(fraction) + (1 - np.nansum(fraction)) * traced_here)
