"""Named corridors: chains of busy road edges in the direction of travel, named after the known places and roads along them.

A chain starts at the busiest edge that is in no chain yet and grows both ways along the busiest free edge, staying on its
road where that is about as busy, while the edge carries enough of the share at the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from corridors.core.geo import GEOGRAPHIC
from corridors.outputs.summary.grade import Rivals, graded
from corridors.outputs.summary.route_names import (
    DASH,
    known_roads,
    largest_near,
    located,
    mexican_name,
    passed,
    road_numbers,
    way_line,
    way_stops,
)
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
END_KM = 30.0
"""The end of a chain is named after the largest known place this near, else after the first that it passes."""
ENDS_APART_KM = 30.0
ENDS_APART_FRACTION = 1 / 3
"""Between the first and the last known place of a chain lie so many km and this fraction of it; a chain without two such places is a
city's streets, or would be named after places that most of it is far from."""
BORDER = {"", "X", "MX"}
"""Regions of edges in no state: the ports' own, and connectors."""
STATES_APART = ", "
ALONG_KM = 30.0
"""A chain whose ends differ by less in their distance to the nearest port runs along the border."""
ROADS_NAMED = 2
ROAD_FRACTION = 0.2
"""A road is in the name of a chain when it makes up this fraction of it."""
ENDS = 2
NO_RIVALS = Rivals()


class Chain(NamedTuple):
    """Edges in order, and the nodes they pass, one more."""

    edges: list[int]
    nodes: list[int]


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
        `name country lon lat pop`: what a corridor may be named after. A chain that does not join two of them is left out.
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
    roads = [frozenset(road_numbers(ref)) for ref in edges["ref"]]
    crosses = (edges["poe_id"].fillna("") != "").to_numpy()
    found = chains(edges["u"].to_numpy(), edges["v"].to_numpy(), share, roads, crosses)
    km = edges["km"].to_numpy(dtype=np.float64)
    points, ports = (located(table)[["x", "y"]].to_numpy() for table in (network.nodes, network.ports))
    known = located(places)
    kept: list[Chain] = []
    rows: list[dict[str, object]] = []
    for one in found:
        if len(kept) == MAX_CORRIDORS:
            break
        chain = _southbound(network, one, points, ports)
        row = _described(network, chain, points, known, states) if km[one.edges].sum() >= MIN_KM else None
        if row is not None:
            kept.append(chain)
            rows.append(row)

    def along(shares: FloatArray) -> FloatArray:
        """Return (..., corridors) mean share along each corridor of (..., edges) shares."""
        means = [length_weighted_mean(shares, km, one.edges) for one in kept]
        return np.stack(means, axis=-1) if means else np.zeros((*shares.shape[:-1], 0))

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


def chains(
    u: IntArray, v: IntArray, share: FloatArray, roads: Sequence[frozenset[str]], crosses: BoolArray
) -> list[Chain]:
    """Return chains of edges, each edge in one at most, in the order of their busiest edge.

    Parameters
    ----------
    u, v, share, roads, crosses
        (edges,) ends, share and road numbers of each edge, and whether it crosses the border: a chain does so once.
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
            made.append(_grow(start, at, (u, v), share, roads, free=free, crosses=crosses))
    return made


def _grow(
    start: int,
    at: Mapping[int, list[int]],
    ends: tuple[IntArray, IntArray],
    share: FloatArray,
    roads: Sequence[frozenset[str]],
    *,
    free: BoolArray,
    crosses: BoolArray,
) -> Chain:
    """Return the chain through an edge, and mark its edges as taken."""
    u, v = ends
    first, second = int(u[start]), int(v[start])
    met = {first, second}
    crossed: set[int] = {start} if crosses[start] else set()
    free[start] = False

    def ways(node: int, last: int) -> list[tuple[float, int, int]]:
        """Return the free edges from a node that are busy enough, the best first, and where they lead."""
        return sorted(
            (-share[edge] * (SAME_ROAD if roads[edge] & roads[last] else 1), edge, other)
            for edge in at.get(node, ())
            if free[edge]
            and share[edge] >= CONTINUE_FRACTION * share[start]
            and not (crossed and crosses[edge])
            for other in (int(u[edge]) + int(v[edge]) - node,)
            if other not in met
        )

    def walk(node: int) -> list[tuple[int, int]]:
        """Return the edges of the walk from a node, each with the node it leads to."""
        steps: list[tuple[int, int]] = []
        while found := ways(node, steps[-1][0] if steps else start):
            _, edge, node = found[0]
            free[edge] = False
            met.add(node)
            crossed.update({edge} if crosses[edge] else ())
            steps.append((edge, node))
        return steps

    back, ahead = walk(first)[::-1], walk(second)
    return Chain(
        [*(edge for edge, _ in back), start, *(edge for edge, _ in ahead)],
        [*(node for _, node in back), first, second, *(node for _, node in ahead)],
    )


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


def _southbound(network: Network, chain: Chain, points: FloatArray, ports: FloatArray) -> Chain:
    """Return the chain in the direction of travel: to the border in the United States, away from it in Mexico; along it, southward.

    Parameters
    ----------
    points, ports
        (nodes, 2) and (ports, 2) on the project's plane, km: which end of a chain in one country is nearer to the border.
    """
    ends = [chain.nodes[0], chain.nodes[-1]]
    mexican = network.nodes["country"].to_numpy()[ends] == "MX"
    if mexican[0] != mexican[1]:
        ahead = bool(mexican[1])
    else:
        first, last = np.asarray(cKDTree(ports).query(points[ends])[0])
        if abs(first - last) < ALONG_KM:
            ahead = bool(points[ends[0], 1] >= points[ends[1], 1])
        else:
            ahead = (first < last) == bool(mexican[0])
    return chain if ahead else Chain(chain.edges[::-1], chain.nodes[::-1])


def _described(
    network: Network, chain: Chain, points: FloatArray, places: pd.DataFrame, states: Mapping[str, str]
) -> dict[str, object] | None:
    """Return name, roads, length, ports, states and line of a chain; None where it joins no two known places."""
    edges = network.edges.iloc[chain.edges]
    km, refs = edges["km"].to_numpy(dtype=np.float64), edges["ref"].fillna("").tolist()
    stops = _stops(network, chain, points, places, km)
    if len(stops) < ENDS:
        return None
    by_road = (
        pd.DataFrame({"road": [road_numbers(ref) for ref in refs], "km": km})
        .explode("road")
        .groupby("road")["km"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    named = known_roads(refs, km, least=ROAD_FRACTION * float(km.sum()), most=ROADS_NAMED, toll=True)
    roads = named or list(by_road.index[:1])
    regions = (region for region in edges["region"] if region not in BORDER)
    return {
        "name": ", ".join(part for part in (DASH.join(stops), " / ".join(roads)) if part),
        "refs": " ".join(by_road.index),
        "km": round(float(km.sum()), 1),
        "ports": " ".join(poe for poe in edges["poe_id"] if poe),
        "states": STATES_APART.join(dict.fromkeys(states.get(region, region) for region in regions)),
        "geometry": way_line(edges.geometry, edges["u"], chain.nodes),
    }


def _stops(
    network: Network, chain: Chain, points: FloatArray, places: pd.DataFrame, km: FloatArray
) -> list[str]:
    """Return the names of known places along a chain: its ends, its crossing city and the largest between; [] of one place."""
    line, country = points[chain.nodes], network.nodes["country"].to_numpy()[chain.nodes]
    run = np.concatenate([[0.0], np.cumsum(km)])
    met = passed(line, run, places, country)
    must: list[tuple[str, float]] = []
    for at in (0, -1):
        name = largest_near(line[at], places[places["country"] == country[at]], END_KM)
        if name:
            must.append((name, float(run[at])))
        elif len(met):
            must.append((str(met["name"].iloc[at]), float(met["run"].iloc[at])))
    cities = network.ports.set_index("poe_id")["crossing_city_es"]
    for at, poe in enumerate(network.edges["poe_id"].iloc[chain.edges].fillna("")):
        if poe:
            crossed = float(run[at])
            apart = [one for one in must if abs(one[1] - crossed) >= ENDS_APART_KM]
            must = sorted([*apart, (mexican_name(cities[poe]), crossed)], key=lambda one: one[1])
    least = max(ENDS_APART_KM, ENDS_APART_FRACTION * float(run[-1]))
    if len({name for name, _ in must}) < ENDS or must[-1][1] - must[0][1] < least:
        return []
    return way_stops(met, must, float(run[-1]))
