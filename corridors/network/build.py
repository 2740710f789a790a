"""Tables to a network: road graphs of two countries joined only at the ports of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from corridors.core.errors import Fault, InputError
from corridors.core.geo import PLANE
from corridors.core.types import Arcs, Network
from corridors.network.ports import current_ports, port_tolls
from corridors.network.road_lines import cut_edges, with_slope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridors.core.types import BoolArray, FloatArray, IntArray

FIELD_CELL_KM = 50.0
FIELD_STEP_KM = 5.0
OPEN = "yes"


def build_network(
    tables: Mapping[str, pd.DataFrame],
    *,
    elevation_at: Callable[[FloatArray, FloatArray], FloatArray] | None = None,
) -> Network:
    """Return the road network of checked tables.

    Long edges are cut beside municipal seats, ports carry the newest known hours and volumes, and arcs get a slope where
    elevation is given.

    Parameters
    ----------
    tables
        `road_nodes`, `road_edges`, `municipalities`, `ports_of_entry`; where given, `port_hours`, `crossings` and
        `southbound_factors`.
    elevation_at
        Takes (points,) longitudes and latitudes, degrees EPSG:4326; returns meters, NaN where unknown.

    Raises
    ------
    InputError
        As `join_roads`; also when no road leads back to where it starts.
    """
    _check_way_back(tables["road_edges"])
    seats = tables["municipalities"]
    nodes, edges = cut_edges(
        tables["road_nodes"],
        tables["road_edges"],
        seats["lon"].to_numpy(dtype=np.float64),
        seats["lat"].to_numpy(dtype=np.float64),
    )
    network = join_roads(nodes, edges, current_ports(tables))
    return network if elevation_at is None else with_slope(network, elevation_at)


def join_roads(nodes: pd.DataFrame, edges: gpd.GeoDataFrame, ports: pd.DataFrame) -> Network:
    """Return the network of a road table, its two countries joined at ports of entry only.

    Parameters
    ----------
    nodes
        `node_id lon lat country poe_id`; `country` is "US" or "MX", degrees EPSG:4326.
    edges
        `edge_id u v km road_class kmh toll oneway country ref poe_id` and lines from `u` to `v`; an edge of road
        class "poe" joins the two sides of port `poe_id`.
    ports
        `poe_id southbound ...`, as `current_ports` gives them; ports with `southbound` "yes" carry southbound cars.

    Raises
    ------
    InputError
        An edge names an unknown node; an edge joins the two countries away from a port; no port has roads on
        both sides. Lists every fault of the first two kinds.
    """
    nodes = nodes.sort_values("node_id", ignore_index=True)
    texts = {name: edges[name].fillna("") for name in ("ref", "poe_id")}
    edges = edges.assign(edge_id=edges["edge_id"].astype(str), **texts).sort_values(
        "edge_id", ignore_index=True
    )
    edges = gpd.GeoDataFrame(edges, crs=edges.crs)
    _check_ends(nodes, edges)
    positions = pd.Series(nodes.index, index=nodes["node_id"])
    u, v = (positions.loc[edges[end]].to_numpy(dtype=np.int64) for end in ("u", "v"))
    edges = edges.assign(u=u, v=v, hours=edges["km"] / edges["kmh"])
    _check_border(nodes, edges)
    open_ports = _open_ports(nodes, edges, ports)
    return Network(nodes=nodes, edges=edges, ports=open_ports, arcs=_arcs(nodes, edges, open_ports))


def largest_component(size: int, u: IntArray, v: IntArray) -> BoolArray:
    """Return (size,) whether each node is in the largest component of the undirected graph with edges `u` - `v`."""
    if size == 0:
        return np.zeros(0, dtype=bool)
    graph = coo_array((np.ones(len(u)), (u, v)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label == np.bincount(label).argmax())


def _check_ends(nodes: pd.DataFrame, edges: gpd.GeoDataFrame) -> None:
    """Raise if an edge names a node that is not in the node table."""
    faults = [
        Fault(
            "road_edges",
            "a node_id of table 'road_nodes'",
            repr(value),
            "Give the missing node or drop the edge.",
            _line(edges, row),
            end,
        )
        for end in ("u", "v")
        for row, value in edges.loc[~edges[end].isin(nodes["node_id"]), end].items()
    ]
    if faults:
        raise InputError(faults)


def _check_border(nodes: pd.DataFrame, edges: gpd.GeoDataFrame) -> None:
    """Raise if any edge but a port's own joins the two countries: the border is a cut."""
    country = nodes["country"].to_numpy()
    crosses = country[edges["u"]] != country[edges["v"]]
    wrong = edges.index[crosses & (edges["road_class"] != "poe")]
    if len(wrong):
        raise InputError(
            [
                Fault(
                    "road_edges",
                    "the two ends in one country, or road_class 'poe'",
                    f"edge {edges.loc[row, 'edge_id']!r} from US to MX",
                    "Cut the road at the border and join it by a port of entry.",
                    _line(edges, row),
                    "road_class",
                )
                for row in wrong
            ]
        )


def _check_way_back(edges: gpd.GeoDataFrame) -> None:
    """Raise if all roads are one-way and none of them is part of a circle: no trip could return."""
    roads = edges[~edges["road_class"].isin(["poe", "connector"])]
    if roads.empty or not roads["oneway"].all():
        return
    nodes, ends = np.unique(roads[["u", "v"]].to_numpy(), return_inverse=True)
    u, v = ends.reshape(-1, 2).T
    graph = coo_array((np.ones(len(roads)), (u, v)), shape=(len(nodes), len(nodes)))
    count, _ = connected_components(graph, directed=True, connection="strong")
    if count == len(nodes):
        found = f"{len(roads)} one-way roads, none of them part of a circle"
        remedy = "Give a larger extract, or check which roads are one-way."
        raise InputError([Fault("road_edges", "roads that lead there and back", found, remedy)])


def _line(edges: gpd.GeoDataFrame, row: object) -> int | None:
    """Return the line of the user's file that an edge came from; None where it is unknown."""
    return int(edges["source_row"].loc[row]) if "source_row" in edges else None


def _open_ports(nodes: pd.DataFrame, edges: gpd.GeoDataFrame, ports: pd.DataFrame) -> pd.DataFrame:
    """Return the ports open to southbound cars whose two sides are on the main network of their country."""
    candidates = ports[ports["southbound"] == OPEN].sort_values("poe_id", ignore_index=True)
    inland = edges[edges["road_class"] != "poe"]
    joined = np.zeros(len(nodes), dtype=bool)
    for country in ("US", "MX"):
        here = np.flatnonzero(nodes["country"] == country)
        place = pd.Series(np.arange(len(here)), index=here)
        own = inland[inland["u"].isin(here)]
        main = largest_component(len(here), place.loc[own["u"]].to_numpy(), place.loc[own["v"]].to_numpy())
        joined[here[main]] = True
    at = edges[edges["road_class"] == "poe"]
    whole = at.loc[joined[at["u"]] & joined[at["v"]], "poe_id"]
    kept = candidates[candidates["poe_id"].isin(whole)].reset_index(drop=True)
    if kept.empty:
        raise InputError(
            [
                Fault(
                    "road_edges",
                    "roads that reach at least one port of entry on both sides",
                    f"none of the {len(candidates)} ports open to southbound cars is joined to both countries' roads",
                    "Give roads of both countries and an edge of road_class 'poe' for each port.",
                )
            ]
        )
    return kept


def _arcs(nodes: pd.DataFrame, edges: gpd.GeoDataFrame, ports: pd.DataFrame) -> Arcs:
    """Return both directions of every two-way road, and the southbound direction of every open port."""
    u, v = edges["u"].to_numpy(), edges["v"].to_numpy()
    port = (edges["road_class"] == "poe").to_numpy()
    usable = ~port | edges["poe_id"].isin(ports["poe_id"]).to_numpy()
    north = nodes["country"].to_numpy() == "US"
    forward = usable & (~port | north[u])
    backward = usable & np.where(port, north[v], ~edges["oneway"].to_numpy(dtype=bool))
    tail = np.concatenate([u[forward], v[backward]])
    head = np.concatenate([v[forward], u[backward]])
    edge = np.concatenate([np.flatnonzero(forward), np.flatnonzero(backward)])
    order = np.lexsort((edge, head, tail))
    tail, head, edge = tail[order], head[order], edge[order]
    own = pd.Series(np.flatnonzero(port), index=edges.loc[port, "poe_id"])
    port_edge = own.loc[ports["poe_id"]].to_numpy(dtype=np.int64)
    from_north = north[u[port_edge]]
    classes, road_class = np.unique(edges["road_class"].to_numpy().astype(str), return_inverse=True)
    return Arcs(
        indptr=np.searchsorted(tail, np.arange(len(nodes) + 1)).astype(np.int64),
        tail=tail,
        head=head,
        edge=edge,
        hours=edges["hours"].to_numpy()[edge],
        toll_km=np.where(edges["toll"], edges["km"], 0.0)[edge],
        road_class=road_class[edge],
        classes=tuple(str(name) for name in classes),
        port_us=np.where(from_north, u[port_edge], v[port_edge]),
        port_mx=np.where(from_north, v[port_edge], u[port_edge]),
        port_edge=port_edge,
        field=_field(edges, road_class),
        port_toll=port_tolls(ports),
    )


def _field(edges: gpd.GeoDataFrame, road_class: IntArray) -> csr_array:
    """Return (edges, cells): the fraction of each edge's length in each 50 km cell of its road class.

    Each line is sampled at the middle of equal steps of at most 5 km, so that cutting an edge in two leaves its mean
    over the cells the same.
    """
    lines = edges.geometry.to_crs(PLANE).to_numpy()
    length: FloatArray = shapely.length(lines) / 1000
    steps = np.maximum(1, np.ceil(length / FIELD_STEP_KM)).astype(np.int64)
    row = np.repeat(np.arange(len(edges)), steps)
    first = np.repeat(np.cumsum(steps) - steps, steps)
    fraction = (np.arange(len(row)) - first + 0.5) / steps[row]
    points = shapely.line_interpolate_point(lines[row], fraction, normalized=True)
    square = np.floor(shapely.get_coordinates(points) / (1000 * FIELD_CELL_KM)).astype(np.int64)
    _, cell = np.unique(np.column_stack([square, road_class[row]]), axis=0, return_inverse=True)
    shape = (len(edges), int(cell.max()) + 1)
    return csr_array(coo_array((1.0 / steps[row], (row, cell)), shape=shape))
