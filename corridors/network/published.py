"""Published figures as arrays on the positions of zones, states and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.geo import to_plane
from corridors.core.types import Published, freeze
from corridors.network.events import newest_events
from corridors.network.zones import nearest_zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.core.types import BoolArray, FloatArray, IntArray

    Tables = Mapping[str, pd.DataFrame]

OFFICE_SEPARATOR = " | "
COUNTY_SEPARATOR = "+"
INSIDE = "inside"
"""Reading of a city whose firearms another row counts too: published, not fitted."""
FROM_ELSEWHERE = ("04", "07", "23", "27", "31")
"""Campeche, Chiapas, Quintana Roo, Tabasco and Yucatán, whose seizures are not compared with arrivals from the four states:
guns reach them from Central America and by the Caribbean. One figure there, Cancún's 737, pulled a tenth of Texas's guns to
Quintana Roo (docs/method.md 4.1)."""
NEAR_KM = 50.0
"""A route that begins nearer to its crossing is worth half of others: its printed origin may be the last American town."""


def published(
    tables: Tables,
    zones: gpd.GeoDataFrame,
    places: pd.DataFrame,
    ports: pd.DataFrame,
    *,
    whole: frozenset[str],
    crossing_cities: tuple[str, ...],
) -> Published:
    """Return the published figures that the fit uses (docs/method.md 4.1).

    Sources: traces of 2022-23 by state of purchase and the five largest pairs [ATF2025], traces of 2015-22 by purchase
    city [StopUSArms2024], SRE/FGR seizures of 2020-22 by municipality, CBP's southbound seizures by region of ports. Each
    row of the tables names its own source.

    Parameters
    ----------
    tables
        `figures`, `state_pairs`, `city_shares`, `seizures_top10`, `port_seizures`, `ports_of_entry`; `seizure_events`,
        `published_routes` and their stops where there are any; `zip_points` where zones are of ZIP codes; `cbp_seizures`, a user's own CBP file, replaces `port_seizures`.
    zones, places, ports
        Supply zones, municipalities, and ports of entry on the network, in their order.
    crossing_cities
        Ids of the crossing cities, in their order.
    whole
        States of both countries that the network covers whole. A figure about a state is fitted only if the state is
        covered whole, and a figure relative to the rest of Mexico only if all of Mexico is. A figure about where guns arrive
        from the four states is fitted only if all states with a port of entry are, and a route only if it begins in one that is.
        With the roads, or the dealers, of one city pair the fit is left with its priors.

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
    cities = cities[cities["us_state"].isin(whole) & (cities["reading"] != INSIDE)]
    fractions = _city_fractions(cities, zones, tables.get("zip_points"))
    listed = np.flatnonzero(fractions.any(axis=1))  # a city without a license in the list cannot be compared
    cities, fractions = cities.iloc[listed], fractions[listed]
    all_arrivals = all_of_mexico and set(tables["ports_of_entry"]["us_state"].dropna()) <= whole
    municipal = tables["seizures_top10"]
    top = municipal if all_arrivals else municipal.iloc[:0]
    top = top[~top["cvegeo"].str.slice(0, 2).isin(FROM_ELSEWHERE)]
    regions = _regions(tables, ports, all_arrivals=all_arrivals)
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
        city_fractions=fractions,
        city_states=_positions(us_states, cities["us_state"]),
        city_counts=cities["firearms"].to_numpy(dtype=np.float64),
        city_totals=cities["state_firearms"].to_numpy(dtype=np.float64),
        city_at_least=(cities["reading"] == "at_least").to_numpy(dtype=np.bool_),
        top_municipalities=_positions(places["cvegeo"].tolist(), top["cvegeo"]),
        top_counts=top["firearms"].to_numpy(dtype=np.float64),
        top_bound=float(top["bound"].iloc[0]) if len(top) else np.inf,
        top_total=float(municipal["national_total"].iloc[0]),
        municipalities_compared=~places["mx_state"].isin(FROM_ELSEWHERE).to_numpy(dtype=np.bool_),
        **_events(tables, places, all_arrivals=all_arrivals),
        **_routes(tables, zones, places, ports, crossing_cities, whole=whole),
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
        counties = fips.split(COUNTY_SEPARATOR)
        inside = dict.fromkeys(counties, share)
        if zip_points is not None and zones["zone_id"].iloc[0].startswith("zip:"):
            here = zip_points["fips"].isin(counties)
            if share < 1:
                here &= zip_points["place"].str.casefold() == name.casefold()
            inside = dict.fromkeys(zip_points.loc[here, "zip"], 1.0)
        for i, (members, dealers) in enumerate(zip(zones["members"], zones["unit_dealers"], strict=True)):
            held = sum(inside.get(unit, 0.0) * count for unit, count in zip(members, dealers, strict=True))
            fractions[n, i] = held / sum(dealers)
    return fractions


def _events(tables: Tables, places: pd.DataFrame, *, all_arrivals: bool) -> dict[str, Any]:
    """Return the municipalities with dated seizures and their number, without the newest months of the table."""
    events = tables.get("seizure_events", pd.DataFrame({"cvegeo": [], "share": [], "date_from": []}))
    number = (
        events[~newest_events(events["date_from"])].groupby("cvegeo")["share"].sum()
        if all_arrivals
        else pd.Series(dtype=np.float64)
    )
    at = pd.Index(places["cvegeo"]).get_indexer(number.index).astype(np.int64)
    counts = number.to_numpy(dtype=np.float64)
    return {"event_municipalities": at[at >= 0], "event_counts": counts[at >= 0]}


def _routes(
    tables: Tables,
    zones: gpd.GeoDataFrame,
    places: pd.DataFrame,
    ports: pd.DataFrame,
    crossing_cities: tuple[str, ...],
    *,
    whole: frozenset[str],
) -> dict[str, Any]:
    """Return the published routes with an origin in a US state covered whole and a crossing city on the network.

    Beyond the crossing a route's cost to its first stop depends on the crossing; the rest of it does not.
    """
    none = np.zeros(0, dtype=np.int64)
    found: dict[str, Any] = {
        "route_ids": (),
        "route_origins": none,
        "route_targets": none,
        "route_cities": none,
    }
    found["route_weights"] = np.zeros(0)
    if "published_routes" not in tables:
        return found
    stops = tables["published_route_stops"].sort_values(["route_id", "seq"])
    city_of = ports.sort_values("pov_weight").drop_duplicates("mx_cvegeo", keep="last").set_index("mx_cvegeo")
    rows = []
    for route, at in tables["published_routes"].set_index("route_id")["crossing_cvegeo"].items():
        own = stops[stops["route_id"] == route]
        origin, south = own.iloc[0], own[own["country"] == "MX"]
        beyond = south[south["cvegeo"] != at]
        if origin["country"] != "US" or origin["state"] not in whole or at not in city_of.index:
            continue
        target = beyond["cvegeo"].iloc[0] if len(beyond) else at
        port = city_of.loc[at]
        start, end = to_plane(np.array([origin["lon"], port["lon"]]), np.array([origin["lat"], port["lat"]]))
        near = float(np.hypot(*(start - end))) / 1000 < NEAR_KM
        rows.append(
            (route, origin["lon"], origin["lat"], target, port["crossing_city"], 0.5 if near else 1.0)
        )
    if not rows:
        return found
    names, lon, lat, target, city, weight = zip(*rows, strict=True)
    targets = pd.Index(places["cvegeo"]).get_indexer(pd.Index(target)).astype(np.int64)
    known = targets >= 0
    return {
        "route_ids": tuple(name for name, one in zip(names, known, strict=True) if one),
        "route_origins": nearest_zone(zones, np.array(lon), np.array(lat))[known],
        "route_targets": targets[known],
        "route_cities": pd.Index(crossing_cities).get_indexer(pd.Index(city)).astype(np.int64)[known],
        "route_weights": np.array(weight)[known],
    }


def _regions(tables: Tables, ports: pd.DataFrame, *, all_arrivals: bool) -> pd.DataFrame:
    """Return CBP's figures, `region field_offices firearms`, or no rows where a port or a state is missing.

    Regions are compared with each other, so all of them are kept or none.
    """
    regions = tables["port_seizures"]
    if "cbp_seizures" in tables:
        seized = tables["cbp_seizures"]
        firearms = (seized["handguns"] + seized["long_arms"]).groupby(seized["field_office"]).sum()
        regions = pd.DataFrame(
            {"region": firearms.index, "field_offices": firearms.index, "firearms": firearms.to_numpy()}
        )
    at_port = _region_ports(regions, ports).any(axis=1)
    return regions if all_arrivals and at_port.all() else regions.iloc[:0]


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
