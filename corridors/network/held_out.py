"""Published data that the fit never sees, on the positions of network and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array

from corridors.core.geo import PLANE, to_plane
from corridors.core.types import HeldOut, Period, freeze
from corridors.network.events import freight, port_events, seizure_events
from corridors.network.zones import nearest_node, nearest_zone, population_cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.types import BoolArray, Evidence, FloatArray, Network

STOP_REACH_KM = 15.0
PERIODS: dict[str, dict[str, tuple[str, ...]]] = {
    "2006-2009": {"SRC7_TX": ("TX",), "SRC7_3": ("AZ", "CA", "NM")},
    "2009-2014": {"SRC1_AZ": ("AZ",), "SRC1_CA": ("CA",), "SRC1_TX": ("TX",)},
    "2015-2022": {"SRC2_AZ": ("AZ",), "SRC2_CANM": ("CA", "NM"), "SRC2_TX": ("TX",)},
    "2024": {"SRC5_AZ": ("AZ",)},
}
"""Ids of `figures` about other years, with the states of each. That of 2024 is a percentage of the guns recovered within
a year of their purchase."""


def build_held_out(
    tables: Mapping[str, pd.DataFrame], population: Path, network: Network, evidence: Evidence
) -> HeldOut:
    """Return published routes [FGR2025] as positions on the network, traces of other years, and what baselines need.

    Tests use a route's stops except the first and last, which every modeled route joins by construction; a stop is
    recalled when a corridor passes within 15 km of it (docs/method.md 7.1, V5). A route is left out where the run has not
    its ends and the city it crosses at; seizures, which are of guns from everywhere, where a state is not covered whole;
    freight of such a state. Events and freight are there where their tables are.
    """
    whole = frozenset(np.array(evidence.us_states)[evidence.published.state_counts > 0].tolist())
    every = frozenset(tables["ports_of_entry"]["us_state"].dropna())
    arrivals = every <= whole
    routes = tables["published_routes"].sort_values("route_id", ignore_index=True)
    routes = routes[_covered(routes, tables["published_route_stops"], network, evidence)]
    stops = tables["published_route_stops"].sort_values(["route_id", "seq"], ignore_index=True)
    stops = stops[stops["route_id"].isin(routes["route_id"])]
    first = stops.groupby("route_id").first().loc[routes["route_id"]]
    last = stops.groupby("route_id").last().loc[routes["route_id"]]
    arcs = network.arcs
    usable = np.bincount(arcs.head, minlength=arcs.nodes) > 0
    north = network.nodes["country"].to_numpy() == "US"
    lon, lat = first["lon"].to_numpy(), first["lat"].to_numpy()
    from_us = (first["country"] == "US").to_numpy()
    zone = np.where(from_us, nearest_zone(evidence.zones, lon, lat), -1)
    origin, _ = nearest_node(network, usable & north, lon, lat)
    destination, _ = nearest_node(network, usable & ~north, last["lon"].to_numpy(), last["lat"].to_numpy())
    between = stops[stops["seq"].between(2, stops.groupby("route_id")["seq"].transform("max") - 1)]
    cities, port_city = np.unique(network.ports["mx_cvegeo"].to_numpy().astype(str), return_inverse=True)
    result = HeldOut(
        route_ids=tuple(routes["route_id"]),
        origin_zone=zone,
        origin_node=np.where(from_us, origin, -1),
        destination=pd.Index(evidence.municipalities["cvegeo"])
        .get_indexer(routes["final_cvegeo"])
        .astype(np.int64),
        destination_node=destination,
        crossing_city=pd.Index(cities).get_indexer(routes["crossing_cvegeo"]).astype(np.int64),
        port_city=port_city.astype(np.int64),
        stop_route=pd.Index(routes["route_id"]).get_indexer(between["route_id"]).astype(np.int64),
        stop_edges=_edges_near(between, network),
        edge_km=network.edges["km"].to_numpy(dtype=np.float64).copy(),
        zone_population=_population_fractions(evidence, population),
        municipality_population=_by_municipality(tables["municipalities"], "pop", evidence),
        municipality_homicides=_by_municipality(tables["homicides_municipal"], "firearm_homicides", evidence),
        municipality_seizures=arrivals * _by_municipality(tables["seizures_municipal"], "firearms", evidence),
        periods=_periods(tables["figures"], evidence.us_states, whole, every),
        seizure_events=seizure_events(tables, evidence) if arrivals else None,
        freight=freight(tables, network, evidence, whole),
        port_events=port_events(tables, network) if arrivals else None,
    )
    freeze(
        result.origin_zone, result.origin_node, result.destination, result.destination_node, result.edge_km
    )
    freeze(result.crossing_city, result.port_city, result.stop_route)
    return result


def _covered(routes: pd.DataFrame, stops: pd.DataFrame, network: Network, evidence: Evidence) -> BoolArray:
    """Return whether a run has a route's ends: its first stop within 15 km of a supply zone, its crossing city and its last municipality."""
    first = stops.sort_values("seq").drop_duplicates("route_id").set_index("route_id").loc[routes["route_id"]]
    points = shapely.points(to_plane(first["lon"].to_numpy(), first["lat"].to_numpy()))
    zones = evidence.zones.geometry.to_crs(PLANE).to_numpy()
    begins = np.zeros(len(routes), dtype=bool)
    begins[shapely.STRtree(zones).query(points, predicate="dwithin", distance=1000 * STOP_REACH_KM)[0]] = True
    crosses = routes["crossing_cvegeo"].isin(network.ports["mx_cvegeo"]).to_numpy()
    ends = routes["final_cvegeo"].isin(evidence.municipalities["cvegeo"]).to_numpy()
    return np.asarray((begins | (first["country"] != "US").to_numpy()) & crosses & ends)


def _edges_near(stops: pd.DataFrame, network: Network) -> csr_array:
    """Return (stops, edges) sparse, true where an edge passes within 15 km of a stop."""
    lines = network.edges.geometry.to_crs(PLANE).to_numpy()
    points = shapely.points(to_plane(stops["lon"].to_numpy(), stops["lat"].to_numpy()))
    stop, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=1000 * STOP_REACH_KM)
    near = coo_array((np.ones(len(stop), dtype=bool), (stop, edge)), shape=(len(stops), len(lines)))
    return csr_array(near)


def _population_fractions(evidence: Evidence, population: Path) -> FloatArray:
    """Return (zones,) fractions of the population of all zones."""
    label, weight, _, _ = population_cells(evidence.zones, population)
    people = np.bincount(label, weights=weight, minlength=len(evidence.zones))
    return np.asarray(people / people.sum())


def _by_municipality(table: pd.DataFrame, column: str, evidence: Evidence) -> FloatArray:
    """Return (municipalities,) counts of a column, 0 without a row."""
    values = table.set_index("cvegeo")[column].reindex(evidence.municipalities["cvegeo"])
    return np.asarray(values.fillna(0).to_numpy(dtype=np.float64))


def _periods(
    figures: pd.DataFrame, us_states: tuple[str, ...], whole: frozenset[str], every: frozenset[str]
) -> tuple[Period, ...]:
    """Return the periods whose figures are all given, of states covered whole; a percentage of all guns needs all of them."""
    value = figures.set_index("id")["value"]
    found = []
    for name, groups in PERIODS.items():
        needed = set().union(*groups.values()) if len(groups) > 1 else every
        if not (set(groups) <= set(value.index) and needed <= whole):
            continue
        fractions = value[list(groups)].to_numpy(dtype=np.float64)
        of = np.array([[state in states for state in us_states] for states in groups.values()])
        found.append(Period(name, of, fractions / (fractions.sum() if len(fractions) > 1 else 100)))
    return tuple(found)
