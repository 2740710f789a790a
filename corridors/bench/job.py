"""A whole cost world: from costs to the flow on every arc, supply to ports to municipalities."""

from __future__ import annotations

import itertools
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from scipy.sparse.csgraph import dijkstra

from corridors.bench.dijkstra import forward_trees, load, reverse_trees
from corridors.bench.graphs import road_like
from corridors.bench.measure import Table, Task, installed, table
from corridors.bench.peers import aequilibrae_graph, pandana_network, simple
from corridors.core.settings import CostSettings
from corridors.inference.routing import queries
from corridors.inference.routing.costs import UNITS_PER_HOUR, draw_costs
from corridors.inference.routing.queries import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.bench.graphs import RoadGraph
    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.routing.hierarchy import Hierarchy

PEERS = ("scipy", "dijkstra", "aequilibrae", "pandana", "networkx")
_NOTES = {
    "engine": "customise, legs, load",
    "scipy": "trees of both halves, costs sorted, flows accumulated by a compiled loop",
    "dijkstra": "numba trees of both sides (`bench/dijkstra.py`), flows accumulated",
    "aequilibrae": "trees from every port both ways; no loading",
    "pandana": "contraction for these costs and all pairs of port and terminal: lengths only, no flows",
    "networkx": "one port's paths each side, flows added path by path, times the number of ports",
}


class Trips(NamedTuple):
    """Flows to load: (zones, ports) and (ports, municipalities)."""

    by_us: FloatArray
    by_mx: FloatArray


def choose(
    us: IntArray, mx: IntArray, supply: FloatArray, demand: FloatArray, *, per_hour: float = 1.0
) -> Trips:
    """Return a plain logit of ports and municipalities in three thin matrices. Never zones by municipalities.

    Parameters
    ----------
    us, mx
        (zones, ports) and (ports, municipalities) costs.
    supply, demand
        (zones,), (municipalities,) masses.
    per_hour
        Log odds an hour of cost takes away.
    """
    north = np.where(us < UNREACHABLE, -per_hour / UNITS_PER_HOUR * us, -np.inf)
    south = np.where(mx < UNREACHABLE, -per_hour / UNITS_PER_HOUR * mx, -np.inf)
    top = south.max(axis=1, keepdims=True)
    parts = demand * np.exp(south - top)
    total = parts.sum(axis=1, keepdims=True)
    value = north + (top + np.log(total))[:, 0]
    odds = np.exp(value - value.max(axis=1, keepdims=True))
    by_us = supply[:, None] * odds / odds.sum(axis=1, keepdims=True)
    return Trips(by_us, by_us.sum(axis=0)[:, None] * parts / total)


def compare_job(nodes: int, *, peers: Sequence[str] | None = None, rounds: int = 3, seed: int = 1) -> Table:
    """Return CPU seconds a cost world, from costs to flows on arcs; the choice of port is left out on all sides.

    Parameters
    ----------
    nodes
        Size of the network.
    peers
        Names in `PEERS`; None for all that are installed.
    rounds
        Rounds, every one once in each.
    seed
        Of the network.
    """
    queries.warm()
    graph = road_like(nodes, seed=seed)
    costs = draw_costs(graph.arcs, CostSettings(), seed=1, world=0)
    h = queries.prepare_hierarchy(graph.arcs, us=graph.us, mx=graph.mx)
    metric = queries.customise(h, costs)
    ends = len(graph.us), len(graph.mx)
    rng = np.random.default_rng(3)
    trips = choose(*queries.leg_costs(h, metric), rng.gamma(1, 1, ends[0]), rng.gamma(0.5, 1, ends[1]))
    paid = float(queries.assign_flow(h, metric, *trips) @ costs)
    tasks = {
        "engine": Task(lambda: _one(h, queries.customise(h, costs), trips), note=_NOTES["engine"]),
    }
    skipped: dict[str, str] = {}
    facts: dict[str, object] = {
        "nodes": graph.arcs.nodes, "arcs": len(graph.arcs.tail), "ports": len(graph.arcs.port_us),
        "zones, municipalities": f"{ends[0]:,}, {ends[1]:,}",
    }  # fmt: skip
    makers = {
        "scipy": _scipy,
        "dijkstra": _dijkstra,
        "aequilibrae": _aequilibrae,
        "pandana": _pandana,
        "networkx": _networkx,
    }
    for name in PEERS if peers is None else peers:
        if name != "dijkstra" and not installed(name):
            skipped[name] = "not installed"
            continue
        run = makers[name](graph, costs, trips)
        once = name in {"pandana", "networkx"}
        units = 1 / len(graph.arcs.port_us) if name == "networkx" else 1.0
        tasks[name] = Task(run, units, 1 if once else 99, note=_NOTES[name])
        if name in {"scipy", "dijkstra"}:
            flow = run()
            facts[f"{name}: paid, engine is 1"] = f"{float(np.asarray(flow) @ costs) / paid:.12f}"
    title = f"A whole cost world, {nodes:,} nodes"
    return table(title, "CPU s a world", "engine", tasks, rounds, skipped=skipped, facts=facts)


def _one(h: Hierarchy, metric: queries.Metric, trips: Trips) -> FloatArray:
    """Return the flow on arcs of one world."""
    queries.leg_costs(h, metric)
    return queries.assign_flow(h, metric, *trips)


def _dijkstra(graph: RoadGraph, costs: IntArray, trips: Trips) -> Callable[[], object]:
    """Trees of this package's Dijkstra, one port at a time so that memory stays small."""
    arcs = graph.arcs

    def run() -> FloatArray:
        flow = np.zeros(len(costs))
        mass = np.zeros((1, arcs.nodes))
        for k in range(len(arcs.port_us)):
            one = slice(k, k + 1)
            mass[:] = 0
            np.add.at(mass[0], graph.us, trips.by_us[:, k])
            flow += load(reverse_trees(arcs, costs, arcs.port_us[one]), arcs.head, mass)
            mass[:] = 0
            np.add.at(mass[0], graph.mx, trips.by_mx[k])
            flow += load(forward_trees(arcs, costs, arcs.port_mx[one]), arcs.tail, mass)
        return flow

    return run


def _scipy(graph: RoadGraph, costs: IntArray, trips: Trips) -> Callable[[], object]:
    """Scipy's trees on the half of the network each side needs."""
    matrix = simple(graph.arcs, costs)
    sides = []
    for side, ports, ends, flows, turned in (
        (graph.north, graph.arcs.port_us, graph.us, trips.by_us.T, True),
        (~graph.north, graph.arcs.port_mx, graph.mx, trips.by_mx, False),
    ):
        nodes = np.flatnonzero(side)
        place = np.cumsum(side) - 1
        half = matrix[nodes][:, nodes]
        sides.append((half.T.tocsr() if turned else half.tocsr(), nodes, place[ports], place[ends], flows))
    key = graph.arcs.tail * graph.arcs.nodes + graph.arcs.head

    def run() -> FloatArray:
        paid = np.zeros(len(costs))
        for turned, (half, nodes, ports, ends, flows) in zip((True, False), sides, strict=True):
            cost, before = dijkstra(half, indices=ports, return_predecessors=True)
            for k in range(len(ports)):
                mass = np.zeros(len(nodes))
                np.add.at(mass, ends, flows[k])
                _accumulate(np.argsort(cost[k]), before[k], mass)
                used = np.flatnonzero((before[k] >= 0) & (mass > 0))
                near, far = nodes[before[k][used]], nodes[used]
                pair = far * graph.arcs.nodes + near if turned else near * graph.arcs.nodes + far
                paid[np.searchsorted(key, pair)] += mass[used]
        return paid

    return run


def _aequilibrae(graph: RoadGraph, costs: IntArray, trips: Trips) -> Callable[[], object]:
    """AequilibraE's trees both ways."""
    del trips
    arcs = graph.arcs
    paths = import_module("aequilibrae.paths")
    order = np.lexsort((arcs.tail, arcs.head))
    back = arcs.__class__(
        np.searchsorted(arcs.head[order], np.arange(arcs.nodes + 1)).astype(np.int64),
        arcs.head[order], arcs.tail[order], arcs.edge, arcs.hours, arcs.toll_km, arcs.road_class, arcs.classes,
        arcs.port_mx.copy(), arcs.port_us.copy(), arcs.port_edge, arcs.field,
    )  # fmt: skip
    sides = []
    for one, one_costs, ports in ((arcs, costs, arcs.port_mx), (back, costs[order], arcs.port_us)):
        results = paths.PathResults()
        results.prepare(aequilibrae_graph(one, one_costs, np.unique(ports)))
        sides.append((results, ports))

    def run() -> None:
        for results, ports in sides:
            for k, port in enumerate(ports.tolist()):
                results.compute_path(port + 1, int(ports[k - 1]) + 1)

    return run


def _pandana(graph: RoadGraph, costs: IntArray, trips: Trips) -> Callable[[], object]:
    """Pandana's lengths of all pairs of port and terminal."""
    del trips

    def run() -> None:
        network = pandana_network(graph.arcs, costs, graph.x, graph.y)
        ports = len(graph.arcs.port_us)
        network.shortest_path_lengths(np.repeat(graph.us, ports), np.tile(graph.arcs.port_us, len(graph.us)))
        network.shortest_path_lengths(np.repeat(graph.arcs.port_mx, len(graph.mx)), np.tile(graph.mx, ports))

    return run


def _networkx(graph: RoadGraph, costs: IntArray, trips: Trips) -> Callable[[], object]:
    """Networkx as a first attempt would: every path of a port, then its flow added arc by arc."""
    nx = import_module("networkx")
    out = nx.from_scipy_sparse_array(simple(graph.arcs, costs), create_using=nx.DiGraph)
    back = out.reverse()

    def run() -> dict[tuple[int, int], float]:
        flow: dict[tuple[int, int], float] = {}
        for one, port, ends, mass in (
            (back, graph.arcs.port_us[0], graph.us, trips.by_us[:, 0]),
            (out, graph.arcs.port_mx[0], graph.mx, trips.by_mx[0]),
        ):
            paths = nx.single_source_dijkstra_path(one, int(port))
            for end, carried in zip(ends.tolist(), mass.tolist(), strict=True):
                path = paths.get(end, [])
                for pair in itertools.pairwise(path):
                    flow[pair] = flow.get(pair, 0.0) + carried
        return flow

    return run


@njit(nogil=True, cache=True)
def _accumulate(order: IntArray, before: IntArray, mass: FloatArray) -> None:
    """Push what each node carries to the node before it, farthest first."""
    for i in range(len(order) - 1, -1, -1):
        v = order[i]
        if before[v] >= 0:
            mass[before[v]] += mass[v]
