"""Published routes, laid on the network as positions. The fit never sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array

from corridors.base.geo import PLANE, to_plane
from corridors.base.types import HeldOut, freeze
from corridors.network.attach import nearest_zone
from corridors.network.zones import nearest_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.base.types import Evidence, Network

STOP_REACH_KM = 15.0


def held_out(tables: Mapping[str, pd.DataFrame], network: Network, evidence: Evidence) -> HeldOut:
    """Return the published routes (FGR/SEDENA 2025) as positions on the network.

    A route's stops are tested but for its first and last, which every route joins by construction; a stop is met
    when a corridor passes within 15 km of it (methods.md 6, V5).
    """
    routes = tables["published_routes"].sort_values("route_id", ignore_index=True)
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
    )
    freeze(
        result.origin_zone, result.origin_node, result.destination, result.destination_node, result.edge_km
    )
    freeze(result.crossing_city, result.port_city, result.stop_route)
    return result


def _edges_near(stops: pd.DataFrame, network: Network) -> csr_array:
    """Return (stops, edges) true where an edge passes within reach of a stop."""
    lines = network.edges.geometry.to_crs(PLANE).to_numpy()
    points = shapely.points(to_plane(stops["lon"].to_numpy(), stops["lat"].to_numpy()))
    stop, edge = shapely.STRtree(lines).query(points, predicate="dwithin", distance=1000 * STOP_REACH_KM)
    near = coo_array((np.ones(len(stop), dtype=bool), (stop, edge)), shape=(len(stops), len(lines)))
    return csr_array(near)
