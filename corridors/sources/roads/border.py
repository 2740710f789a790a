"""The border in a road table: country and state of a point, and connectors from roads to the ports of entry.

The state polygons are accurate to about 100 m along most of the border and to 1.5 km along bends of the Rio Grande, so
two rules correct them. Within `PORT_RADIUS_M` of a port of entry the two sides of the port decide. Elsewhere a point in
polygons of both countries is in Mexico, whose polygons are finer, and a point in neither (a bridge over a bay) is in
the nearest state within `NEAR_DEG`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from affine import Affine
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from corridors.core.geo import to_plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, FloatArray, IntArray

OUTSIDE = -1
CELL_DEG = 0.02
NEAR_DEG = 0.1
PORT_RADIUS_M = 400.0
MAX_CONNECTOR_KM = 10.0
"""Maximum straight line from a port of entry to a road; a port farther from the roads is left out."""
CONNECTORS = 3
CONNECTOR_SPREAD_M = 300.0
"""Maximum by which the second and third connector exceed the first."""
DETOUR = 1.25
CONNECTOR_KMH = 40.0
PORT_KM, PORT_KMH = 0.5, 10.0
MIN_NETWORK_FRACTION = 0.1
"""Minimum size of a road network that may carry a port's traffic, as a fraction of its country's largest."""
NOT_ROAD = "rail"


@dataclass(frozen=True, slots=True)
class States:
    """States of both countries, to look points up in.

    Parameters
    ----------
    shapes
        (states,) polygons, EPSG:4326: the United States first, then Mexico.
    region
        (states,) e.g. "TX", "MEX-SON".
    country
        (states,) "US" or "MX".
    ports
        `lon lat us_lon us_lat mx_lon mx_lat us_state mx_region`, the road and foot crossings.
    """

    shapes: NDArray[np.object_]
    region: NDArray[np.str_]
    country: NDArray[np.str_]
    ports: pd.DataFrame

    def at(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Return the position of the state of each point, `OUTSIDE` for a point in neither country or not in degrees.

        Only points near the states are looked up, so that memory does not grow with the bounds of the points.
        """
        state = np.full(len(lon), OUTSIDE, dtype=np.int64)
        west, south, east, north = shapely.total_bounds(self.shapes)
        near = np.flatnonzero(
            (lon >= west - NEAR_DEG)
            & (lon <= east + NEAR_DEG)
            & (lat >= south - NEAR_DEG)
            & (lat <= north + NEAR_DEG)
        )
        if len(near):
            state[near] = self._at_near(lon[near], lat[near])
        return state

    def _at_near(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Return the state of points in the bounds of the states."""
        state = self._by_cell(lon, lat)
        self._by_polygon(lon, lat, state)
        self._by_nearest(lon, lat, state)
        self._by_port(lon, lat, state)
        return state

    def _by_cell(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Return the state of points whose raster cell lies in one state, `OUTSIDE` for all others."""
        from rasterio.features import rasterize

        west, north = lon.min() - CELL_DEG, lat.max() + CELL_DEG
        shape = (
            int((north - lat.min()) / CELL_DEG) + 2,
            int((lon.max() - west) / CELL_DEG) + 2,
        )
        grid = Affine(CELL_DEG, 0.0, west, 0.0, -CELL_DEG, north)
        inside = rasterize(
            zip(self.shapes, range(1, len(self.shapes) + 1), strict=True),
            out_shape=shape,
            transform=grid,
            dtype="int16",
        )
        edge = rasterize(
            [(outline, 1) for outline in shapely.boundary(self.shapes)],
            out_shape=shape,
            transform=grid,
            all_touched=True,
            dtype="uint8",
        )
        inside[edge == 1] = 0
        row, column = ((north - lat) / CELL_DEG).astype(np.int32), ((lon - west) / CELL_DEG).astype(np.int32)
        state: IntArray = inside[row, column].astype(np.int64) - 1
        return state

    def _by_polygon(self, lon: FloatArray, lat: FloatArray, state: IntArray) -> None:
        """Set the state of points without one by polygon; Mexico comes last and prevails."""
        open_points = np.flatnonzero(state == OUTSIDE)
        x, y = lon[open_points], lat[open_points]
        for i, shape in enumerate(self.shapes):
            west, south, east, north = shape.bounds
            near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
            if len(near):
                shapely.prepare(shape)
                state[open_points[near[shapely.contains_xy(shape, x[near], y[near])]]] = i

    def _by_nearest(self, lon: FloatArray, lat: FloatArray, state: IntArray) -> None:
        """Set the state of points in no polygon to the nearest state."""
        lost = np.flatnonzero(state == OUTSIDE)
        if len(lost):
            points = shapely.points(lon[lost], lat[lost])
            found = shapely.STRtree(self.shapes).query_nearest(
                points, max_distance=NEAR_DEG, all_matches=False
            )
            state[lost[found[0]]] = found[1]

    def _by_port(self, lon: FloatArray, lat: FloatArray, state: IntArray) -> None:
        """Set the state of points near a port of entry by the side they lie on."""
        if self.ports.empty or not len(lon):
            return
        ports = self.ports
        at = to_plane(ports["lon"].to_numpy(), ports["lat"].to_numpy())
        box = np.flatnonzero(_near_any(lon, lat, ports))
        if not len(box):
            return
        points = to_plane(lon[box], lat[box])
        metres, port = map(np.asarray, KDTree(at).query(points, distance_upper_bound=PORT_RADIUS_M))
        box, points, port = box[metres < np.inf], points[metres < np.inf], port[metres < np.inf]
        south = to_plane(ports["mx_lon"].to_numpy(), ports["mx_lat"].to_numpy())
        south -= to_plane(ports["us_lon"].to_numpy(), ports["us_lat"].to_numpy())
        mexican = ((points - at[port]) * south[port]).sum(axis=1) > 0
        own = self.country[np.maximum(state[box], 0)]
        place = {name: i for i, name in enumerate(self.region)}
        side = {name: ports[name].map(place).fillna(OUTSIDE).to_numpy(dtype=np.int64) for name in SIDES}
        given = np.where(mexican, side["mx_region"][port], side["us_state"][port])
        wrong = (state[box] == OUTSIDE) | (own != np.where(mexican, "MX", "US"))
        state[box[wrong]] = given[wrong]


SIDES = ("us_state", "mx_region")


def states_of(tables: Mapping[str, pd.DataFrame]) -> States:
    """Return the states of the tables `us_states`, `mx_states` and, where given, `ports_of_entry`."""
    us, mx = tables["us_states"], tables["mx_states"]
    abbreviation = dict(zip(mx["mx_state"], "MEX-" + mx["abbr"], strict=True))
    ports = tables.get("ports_of_entry", pd.DataFrame())
    if not ports.empty:
        ports = ports[ports["southbound"] != NOT_ROAD].sort_values("poe_id", ignore_index=True)
        ports = ports.assign(mx_region=ports["mx_state"].map(abbreviation))
    return States(
        shapes=np.concatenate([us["geometry"].to_numpy(), mx["geometry"].to_numpy()]),
        region=np.array([*us["us_state"], *abbreviation.values()], dtype=np.str_),
        country=np.repeat(np.array(["US", "MX"], dtype=np.str_), [len(us), len(mx)]),
        ports=ports,
    )


@dataclass(frozen=True, slots=True)
class PortConnections:
    """Nodes and edges that join a road graph to the ports of entry.

    Parameters
    ----------
    nodes
        `lon lat country poe_id`, two rows a port.
    links
        `u v km kmh road_class country region poe_id` in positions: roads' nodes first, then `nodes`.
    far
        Ports whose roads on one side are beyond `MAX_CONNECTOR_KM`, though on the other side they are not.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    far: tuple[str, ...]


def join_ports(nodes: pd.DataFrame, u: IntArray, v: IntArray, states: States) -> PortConnections:
    """Return connectors from each port of entry to the nearest main roads on both sides, and the edge across.

    Parameters
    ----------
    nodes
        `lon lat country` of the roads' nodes.
    u, v
        (edges,) positions of the roads' ends.
    states
        States and ports of entry.
    """
    links: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    far: list[str] = []
    near = {country: _near_ports(nodes, u, v, country=country, states=states) for country in ("US", "MX")}
    for number, port in enumerate(states.ports.to_dict("records")):
        found = {country: near[country][number] for country in near}
        if not all(found.values()):
            far += [str(port["poe_id"])] if any(found.values()) else []
            continue
        at = len(nodes) + len(rows)
        poe = {"poe_id": port["poe_id"]}
        for place, (side, region) in enumerate((("us", port["us_state"]), ("mx", port["mx_region"]))):
            country = side.upper()
            rows.append({"lon": port[f"{side}_lon"], "lat": port[f"{side}_lat"], "country": country, **poe})
            what = {"kmh": CONNECTOR_KMH, "road_class": "connector", "country": country, "region": region}
            links += [
                {"u": at + place, "v": node, "km": round(km * DETOUR + 0.05, 3), **what, "poe_id": ""}
                for node, km in found[country]
            ]
        what = {"kmh": PORT_KMH, "road_class": "poe", "country": "X", "region": "X"}
        links.append({"u": at, "v": at + 1, "km": PORT_KM, **what, **poe})
    columns = ["lon", "lat", "country", "poe_id"]
    return PortConnections(pd.DataFrame(rows, columns=columns), pd.DataFrame(links), tuple(far))


def _near_ports(
    nodes: pd.DataFrame, u: IntArray, v: IntArray, *, country: str, states: States
) -> list[list[tuple[int, float]]]:
    """Return for each port the nodes of one country that a connector reaches, and the kilometers to each."""
    usable = np.flatnonzero(_usable(nodes["country"].to_numpy() == country, u, v))
    ports = states.ports
    if not len(usable) or ports.empty:
        return [[] for _ in range(len(ports))]
    side = country.lower()
    points = to_plane(nodes["lon"].to_numpy()[usable], nodes["lat"].to_numpy()[usable])
    at = to_plane(ports[f"{side}_lon"].to_numpy(), ports[f"{side}_lat"].to_numpy())
    k = min(CONNECTORS, len(usable))
    found = KDTree(points).query(at, k=k, distance_upper_bound=MAX_CONNECTOR_KM * 1000)
    metres, place = (np.reshape(array, (len(at), k)) for array in found)
    kept = (metres <= metres[:, :1] + CONNECTOR_SPREAD_M) & (metres < np.inf)
    return [
        [(int(usable[i]), float(m) / 1000) for i, m in zip(row[good], far[good], strict=True)]
        for row, far, good in zip(place, metres, kept, strict=True)
    ]


def _usable(own: BoolArray, u: IntArray, v: IntArray) -> BoolArray:
    """Return which nodes are on a country's main road networks."""
    size = len(own)
    inside = own[u] & own[v]
    graph = coo_array((np.ones(int(inside.sum())), (u[inside], v[inside])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    count = np.bincount(label[own], minlength=label.max(initial=0) + 1)
    return np.asarray(own & (count[label] >= max(2, MIN_NETWORK_FRACTION * count.max(initial=0))))


def _near_any(lon: FloatArray, lat: FloatArray, ports: pd.DataFrame) -> BoolArray:
    """Return which points are in the bounding box of any port, a little wider than `PORT_RADIUS_M`."""
    reach = PORT_RADIUS_M / 1000 / 80
    x = np.sort(ports["lon"].to_numpy(dtype=np.float64))
    after = np.searchsorted(x, lon)
    gap = np.minimum(
        np.abs(lon - x[np.minimum(after, len(x) - 1)]), np.abs(lon - x[np.maximum(after - 1, 0)])
    )
    south, north = ports["lat"].min() - reach, ports["lat"].max() + reach
    return np.asarray((gap <= reach) & (lat >= south) & (lat <= north))
