"""Recall of published routes' stops by the modelled corridor, against two baselines (docs/method.md 7.1, V5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.inference.model.choice import port_given_trip
from corridors.inference.routing import queries
from corridors.inference.routing.paths import tree_arcs
from corridors.inference.routing.places import port_trees
from corridors.inference.validation.score import traffic

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, BoolArray, FloatArray, HeldOut, IntArray
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.model.flow import Parameters
    from corridors.inference.routing.places import CostWorld, RoutedNetwork
    from corridors.inference.routing.queries import ArcTrees

    Trees = tuple[ArcTrees, ArcTrees]

MAX_WORLDS = 60
"""Worlds sampled: recall is a mean over routes, and 60 worlds settle the order of a route's edges."""
MIN_PORT_FRACTION = 1e-3
"""A port with less of a route's flow than this is skipped."""
DETOUR = 1.25
"""The busiest roads of a route are searched where a path over them takes at most so many times the least cost: over
the whole network the rule would be no rival."""


def route_recall(problem: Problem, held: HeldOut, posterior: FlowDraws) -> dict[str, FloatArray]:
    """Return, by route, the fraction of its stops met by the "model" and by each baseline; NaN without stops.

    All map the same length of road for the same ends: that of the cheapest path at median costs through its cheapest
    port, the baseline "shortest". The model maps its most probable edges, most probable first; the baseline "busiest" those
    with most traffic that lie on ways not much longer. A route without a US origin starts at the ports of the city it
    crosses at.
    """
    if not held.route_ids:
        return {name: np.zeros(0) for name in ("model", "shortest", "busiest")}
    network, evidence, base = problem.network, problem.evidence, problem.median
    routes = range(len(held.route_ids))
    arcs = network.arcs
    base_trees = port_trees(network, base)
    shortest = [_shortest(arcs, held, base_trees, n) for n in routes]
    probability = np.zeros((len(shortest), len(held.edge_km)))
    worlds = min(MAX_WORLDS, int(posterior.world[-1]) + 1)
    for world in range(worlds):
        routed = problem.world(world)
        trees = port_trees(network, routed)
        draws = [
            {name: values[row] for name, values in posterior.parameters.items()}
            for row in np.flatnonzero(posterior.world == world)
        ]
        fractions = np.mean([_by_port(p, problem, routed, held) for p in draws], axis=0)
        for n, fraction in zip(routes, fractions, strict=True):
            for port in np.flatnonzero(fraction >= MIN_PORT_FRACTION).tolist():
                probability[n][_path(arcs, held, trees, n, port)] += fraction[port] / worlds
    busy = traffic(network, evidence, held, base)
    found = {
        "model": [_equal_length(probability[n], held.edge_km, shortest[n]) for n in routes],
        "shortest": shortest,
        "busiest": [
            _equal_length(busy * _on_the_way(network, held, base, base_trees, n), held.edge_km, shortest[n])
            for n in routes
        ],
    }
    return {name: np.array([_recall(held, n, maps[n]) for n in routes]) for name, maps in found.items()}


def _by_port(p: Parameters, problem: Problem, world: CostWorld, held: HeldOut) -> FloatArray:
    """Return (routes, ports) the fraction of each route's flow that crosses at each port."""
    choose = port_given_trip(p, problem.evidence, world.legs)
    return np.stack(
        [
            choose(int(origin), int(destination), held.port_city == city)
            for origin, destination, city in zip(
                held.origin_zone, held.destination, held.crossing_city, strict=True
            )
        ]
    )


def _shortest(arcs: Arcs, held: HeldOut, trees: Trees, n: int) -> IntArray:
    """Return the edges of the cheapest path of route `n` at median costs."""
    us, mx = trees
    cost = mx.cost[:, held.destination_node[n]].astype(np.float64)
    if held.origin_node[n] >= 0:
        cost += us.cost[:, held.origin_node[n]]
    else:
        cost[held.port_city != held.crossing_city[n]] = np.inf
    return _path(arcs, held, trees, n, int(np.argmin(cost)))


def _on_the_way(network: RoutedNetwork, held: HeldOut, base: CostWorld, trees: Trees, n: int) -> BoolArray:
    """Return (edges,) whether an edge is on a way of route `n` that costs little more than its cheapest."""
    arcs, h = network.arcs, network.hierarchy
    end = held.destination_node[n]
    if held.origin_node[n] >= 0:
        out = queries.trees(h, base.metric, held.origin_node[n : n + 1]).cost[0].astype(np.int64)
    else:
        out = trees[1].cost[held.port_city == held.crossing_city[n]].min(axis=0).astype(np.int64)
    back = queries.trees(h, base.metric, np.array([end]), reverse=True).cost[0].astype(np.int64)
    good = out[arcs.tail] + base.metric.cost + back[arcs.head] <= DETOUR * out[end]
    return np.bincount(arcs.edge[good], minlength=len(held.edge_km)) > 0


def _path(arcs: Arcs, held: HeldOut, trees: Trees, n: int, port: int) -> IntArray:
    """Return the edges of route `n`'s cheapest path through a port, the port's own among them."""
    us, mx = trees
    south = tree_arcs(mx.arc[port], int(held.destination_node[n]), arcs.tail)
    north: list[int] = []
    if held.origin_node[n] >= 0:
        north = tree_arcs(us.arc[port], int(held.origin_node[n]), arcs.head)
    return np.unique(np.append(arcs.edge[np.array([*north, *south], dtype=np.int64)], arcs.port_edge[port]))


def _equal_length(probability: FloatArray, km: FloatArray, shortest: IntArray) -> IntArray:
    """Return the most probable edges, as many as fit in the length of the cheapest path."""
    order = np.argsort(-probability, kind="stable")
    order = order[probability[order] > 0]
    return np.asarray(order[np.cumsum(km[order]) <= km[shortest].sum() + 1e-9])


def _recall(held: HeldOut, n: int, edges: IntArray) -> float:
    """Return the fraction of route `n`'s stops within reach of the edges."""
    stops = np.flatnonzero(held.stop_route == n)
    if len(stops) == 0:
        return float("nan")
    chosen = np.zeros(held.stop_edges.shape[1])
    chosen[edges] = 1
    return float(((held.stop_edges[stops] @ chosen) > 0).mean())
