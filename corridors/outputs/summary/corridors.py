"""Named corridors: chains of busy road edges from north to south, named after the places and roads along them.

A chain starts at the busiest edge that is in no chain yet and grows both ways along the busiest free edge, staying on its
road where that is about as busy, while the edge carries enough of the share at the start.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from corridors.core.geo import GEOGRAPHIC, to_plane
from corridors.outputs.summary.grade import Rivals, graded
from corridors.outputs.summary.uncertainty import bands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.draws import FlowDraws
    from corridors.core.types import BoolArray, FloatArray, IntArray, Network

MAX_CORRIDORS = 30
MIN_KM = 60.0
MIN_SHARE = 0.005
CONTINUE_FRACTION = 0.25
"""An edge belongs to a chain while it carries this fraction of the share of the chain's busiest edge."""
SAME_ROAD = 1.5
"""At a fork a chain stays on its road unless another road carries this many times as much."""
NEAR_KM = 15.0
APART_KM = 70.0
ENDS_APART_KM = 30.0
SEAT_KM = 20.0
"""A municipal seat this near a city is the city, or its suburb."""
MAX_STOPS = 5
BORDER = {"", "X", "MX"}
"""Regions of edges in no state: the ports' own, and connectors."""
DASH = " \N{EN DASH} "
STATES_APART = ", "
ROADS_NAMED = 2
NO_RIVALS = Rivals()


class Chain(NamedTuple):
    """Edges in order, and the nodes they pass, one more."""

    edges: list[int]
    nodes: list[int]


def place_names(cities: pd.DataFrame, seats: pd.DataFrame, states: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the places a corridor may be named after, no two with the same name.

    Parameters
    ----------
    cities, seats
        `name lon lat pop` of cities, and of municipal seats; a seat within `SEAT_KM` of a city is left out.
    states
        `code geometry`, EPSG:4326: where two places share a name, the code of its state is added to each.
    """
    columns = ["name", "lon", "lat", "pop"]
    city, seat = (to_plane(table["lon"].to_numpy(), table["lat"].to_numpy()) for table in (cities, seats))
    apart = np.isinf(cKDTree(city).query(seat, distance_upper_bound=SEAT_KM * 1000)[0])
    places = pd.concat([cities[columns], seats.loc[apart, columns]], ignore_index=True)
    shared = places[places["name"].duplicated(keep=False)]
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(shared["lon"], shared["lat"]), index=shared.index, crs=GEOGRAPHIC
    )
    code = points.sjoin(states)["code"].groupby(level=0).first()
    places.loc[code.index, "name"] += " (" + code + ")"
    return places


def named_corridors(
    network: Network,
    posterior: FlowDraws,
    places: pd.DataFrame,
    states: Mapping[str, str],
    *,
    rivals: Rivals = NO_RIVALS,
) -> tuple[gpd.GeoDataFrame, tuple[IntArray, ...]]:
    """Return the main corridors, the busiest first, and the edges of each.

    Parameters
    ----------
    network
        The network the flow is on.
    posterior
        Draws of the flow.
    places
        `name lon lat pop`: what a corridor may be named after.
    states
        Names of the states by the region of an edge.
    rivals
        What the draws are held against for their grades.

    Returns
    -------
    tuple
        `corridor_id name refs km ports states share_mean share_median share_lo50 …` and the grade, as `graded` gives it, EPSG:4326 lines.
        The share is the mean over the corridor's length, so its posterior mean is that of its edges'. The second value holds the edges of each corridor, in the order of the table.
    """
    share = posterior.edge_share.mean(axis=0)
    edges = network.edges
    roads = [frozenset(_roads(ref)) for ref in edges["ref"]]
    found = chains(edges["u"].to_numpy(), edges["v"].to_numpy(), share, roads)
    km = edges["km"].to_numpy(dtype=np.float64)
    kept = [one for one in found if km[one.edges].sum() >= MIN_KM][:MAX_CORRIDORS]

    def along(shares: FloatArray) -> FloatArray:
        """Return (..., corridors) mean share along each corridor of (..., edges) shares."""
        means = [length_weighted_mean(shares, km, one.edges) for one in kept]
        return np.stack(means, axis=-1) if means else np.zeros((*shares.shape[:-1], 0))

    tree = cKDTree(to_plane(places["lon"].to_numpy(), places["lat"].to_numpy()))
    rows = [_described(network, _southward(network, one), places, tree, states) for one in kept]
    table = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["name", "refs", "km", "ports", "states", "geometry"]).assign(
            **bands(along(posterior.edge_share), posterior.kind),
            **graded(lambda draws: along(draws.edge_share), posterior, rivals, lambda one: along(one.edges)),
        ),
        geometry="geometry",
        crs=GEOGRAPHIC,
    ).sort_values(["share_mean", "name"], ascending=[False, True])
    ordered = tuple(np.array(kept[row].edges, dtype=np.int64) for row in table.index)
    table = table.reset_index(drop=True)
    table.insert(0, "corridor_id", [f"C{n:02d}" for n in range(1, len(table) + 1)])
    return table[[*table.columns.drop("geometry"), "geometry"]], ordered


def chains(u: IntArray, v: IntArray, share: FloatArray, roads: Sequence[frozenset[str]]) -> list[Chain]:
    """Return chains of edges, each edge in one at most, in the order of their busiest edge.

    Parameters
    ----------
    u, v, share, roads
        (edges,) ends, share and road numbers of each edge.
    """
    at: dict[int, list[int]] = {}
    for edge in np.flatnonzero(share >= MIN_SHARE * CONTINUE_FRACTION).tolist():
        for node in (int(u[edge]), int(v[edge])):
            at.setdefault(node, []).append(edge)
    free = np.ones(len(share), dtype=bool)
    made = []
    for start in np.argsort(-share, kind="stable").tolist():
        if share[start] < MIN_SHARE:
            break
        if free[start]:
            made.append(_grow(start, at, (u, v), share, roads, free=free))
    return made


def _grow(
    start: int,
    at: Mapping[int, list[int]],
    ends: tuple[IntArray, IntArray],
    share: FloatArray,
    roads: Sequence[frozenset[str]],
    *,
    free: BoolArray,
) -> Chain:
    """Return the chain through an edge, and mark its edges as taken."""
    u, v = ends
    first, second = int(u[start]), int(v[start])
    passed = {first, second}
    free[start] = False

    def ways(node: int, last: int) -> list[tuple[float, int, int]]:
        """Return the free edges from a node that are busy enough, the best first, and where they lead."""
        return sorted(
            (-share[edge] * (SAME_ROAD if roads[edge] & roads[last] else 1), edge, other)
            for edge in at.get(node, ())
            if free[edge] and share[edge] >= CONTINUE_FRACTION * share[start]
            for other in (int(u[edge]) + int(v[edge]) - node,)
            if other not in passed
        )

    def walk(node: int) -> list[tuple[int, int]]:
        """Return the edges of the walk from a node, each with the node it leads to."""
        steps: list[tuple[int, int]] = []
        while found := ways(node, steps[-1][0] if steps else start):
            _, edge, node = found[0]
            free[edge] = False
            passed.add(node)
            steps.append((edge, node))
        return steps

    back, ahead = walk(first)[::-1], walk(second)
    return Chain(
        [*(edge for edge, _ in back), start, *(edge for edge, _ in ahead)],
        [*(node for _, node in back), first, second, *(node for _, node in ahead)],
    )


def _roads(ref: str) -> list[str]:
    """Return the road numbers of a reference as signs write them: "MEX15/MEX15D" is MEX-15, MEX-15D."""
    return [re.sub(r"^(MEX|I|US)-?(?=\d)", r"\1-", part) for part in ref.split("/") if part]


def length_weighted_mean(shares: FloatArray, km: FloatArray, edges: Sequence[int] | IntArray) -> FloatArray:
    """Return the mean of (..., edges) shares over the length of a corridor.

    Parameters
    ----------
    shares, km
        (..., edges) shares and (edges,) lengths of all edges of the network.
    edges
        Positions of the corridor's edges.
    """
    weights = km[edges]
    return np.asarray(shares[..., edges] @ weights / weights.sum())


def _southward(network: Network, chain: Chain) -> Chain:
    """Return the chain from its northern end."""
    lat = network.nodes["lat"].to_numpy()
    if lat[chain.nodes[0]] >= lat[chain.nodes[-1]]:
        return chain
    return Chain(chain.edges[::-1], chain.nodes[::-1])


def _described(
    network: Network, chain: Chain, places: pd.DataFrame, tree: cKDTree, states: Mapping[str, str]
) -> dict[str, object]:
    """Return name, roads, length, ports, states and line of a chain."""
    edges, nodes = network.edges.iloc[chain.edges], network.nodes.iloc[chain.nodes]
    by_road = (
        pd.DataFrame({"road": [_roads(ref) for ref in edges["ref"]], "km": edges["km"]})
        .explode("road")
        .groupby("road")["km"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    ports = [poe for poe in edges["poe_id"] if poe]
    stops = _stops(nodes["lon"].to_numpy(), nodes["lat"].to_numpy(), places, tree)
    lines = [
        line if start == node else shapely.reverse(line)
        for line, start, node in zip(edges.geometry, edges["u"], chain.nodes, strict=False)
    ]
    parts = np.concatenate([shapely.get_coordinates(line) for line in lines])
    name = DASH.join(stops)
    regions = (region for region in edges["region"] if region not in BORDER)
    return {
        "name": ", ".join(part for part in (name, " / ".join(by_road.index[:ROADS_NAMED])) if part),
        "refs": " ".join(by_road.index),
        "km": round(float(edges["km"].sum()), 1),
        "ports": " ".join(ports),
        "states": STATES_APART.join(dict.fromkeys(states.get(region, region) for region in regions)),
        "geometry": shapely.LineString(parts),
    }


def _stops(lon: FloatArray, lat: FloatArray, places: pd.DataFrame, tree: cKDTree) -> list[str]:
    """Return the names of places along a chain: its ends, then the largest places well apart from those."""
    at = to_plane(lon, lat) / 1000
    away, place = tree.query(at * 1000, distance_upper_bound=NEAR_KM * 1000)
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    met = (
        pd.DataFrame({"place": place, "away": away, "run": run})[np.isfinite(away)]
        .sort_values("away", kind="stable")
        .drop_duplicates("place")
        .merge(places[["name", "pop"]], left_on="place", right_index=True)
        .drop_duplicates("name")
    )
    met["end"] = met["run"].isin([met["run"].min(), met["run"].max()])
    met = met.sort_values(["end", "pop"], ascending=[False, False], kind="stable")
    picked: list[tuple[float, str]] = []
    for at_km, end, name in zip(met["run"], met["end"], met["name"], strict=True):
        least = ENDS_APART_KM if end else APART_KM
        if len(picked) < MAX_STOPS and all(abs(at_km - other) >= least for other, _ in picked):
            picked.append((at_km, str(name)))
    return [name for _, name in sorted(picked)]
