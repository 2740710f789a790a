"""One-to-all trees: the engine against its peers, and against the cost of touching memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from corridors.bench.dijkstra import forward_trees
from corridors.bench.graphs import RoadGraph, road_like
from corridors.bench.measure import Table, Task, installed, peak_gib, table
from corridors.bench.peers import PEERS
from corridors.core.settings import CostSettings
from corridors.inference.routing import queries
from corridors.inference.routing.costs import draw_costs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.core.types import IntArray
    from corridors.inference.routing.hierarchy import Hierarchy

ROOTS = 50
"""Trees in a world, as in an ensemble over some fifty ports."""
SLOW = {"networkx": 1, "igraph": 2, "rustworkx": 2, "networkit": 2, "pandana": 1}
"""Trees in a round for those that need seconds; others make four."""


def compare_trees(nodes: int, *, peers: Sequence[str] | None = None, rounds: int = 3, seed: int = 1) -> Table:
    """Return CPU milliseconds a tree on a synthetic network.

    The engine's figures are those of an ensemble: each world's customisation is shared by its `ROOTS` trees.

    Parameters
    ----------
    nodes
        Size of the network.
    peers
        Names in `peers.PEERS`; None for all that are installed.
    rounds
        Rounds, every engine once in each.
    seed
        Of the network.
    """
    queries.warm()
    graph = road_like(nodes, seed=seed)
    arcs = graph.arcs
    costs = draw_costs(arcs, CostSettings(), seed=1, world=0)
    roots = _roots(graph)
    start = time.process_time()
    h = queries.prepare_hierarchy(arcs, us=graph.us, mx=graph.mx)
    facts: dict[str, object] = {
        "nodes": arcs.nodes,
        "arcs": len(arcs.tail),
        "engine: prepare, s": round(time.process_time() - start, 2),
        "engine: memory of the hierarchy, bytes an arc": round(h.nbytes / len(arcs.tail)),
    }
    tasks = _engine_tasks(h, costs, roots)
    few = roots[:4]
    tasks["numba Dijkstra"] = Task(
        lambda: forward_trees(arcs, costs, few), len(few), 2, note="binary heap, `bench/dijkstra.py`"
    )
    spot = np.zeros(arcs.nodes, dtype=np.int64)
    tasks["floor: every arc touched once"] = Task(
        lambda: [_touch(arcs.indptr, arcs.head, costs, spot) for _ in range(4)], 4
    )
    skipped: dict[str, str] = {}
    for name in PEERS if peers is None else peers:
        if not installed(PEERS[name].module):
            skipped[name] = "not installed"
            continue
        start = time.process_time()
        tree = PEERS[name].build(arcs, costs)
        facts[f"{name}: set-up, s"] = round(time.process_time() - start, 2)
        count = SLOW.get(name, 4)
        part = PEERS[name].sample / arcs.nodes if PEERS[name].sample else 1.0
        tasks[name] = Task(
            _several(tree, roots[:count].tolist()),
            count * part,
            2 if name in SLOW else 99,
            note=PEERS[name].note,
        )
    found = table(
        f"One-to-all trees, {nodes:,} nodes", "CPU ms a tree", "engine", tasks, rounds,
        scale=1e3, skipped=skipped, facts=facts,
    )  # fmt: skip
    found.facts["peak memory of the whole comparison, GiB"] = round(peak_gib(), 1)
    return found


def _engine_tasks(h: Hierarchy, costs: IntArray, roots: IntArray) -> dict[str, Task]:
    """Return the engine's tasks: a world of trees, customisation included."""
    out = queries.trees(h, queries.customise(h, costs), roots)

    def whole() -> None:
        queries.trees(h, queries.customise(h, costs), roots, out=out)

    def only_costs() -> None:
        queries.distances(h, queries.customise(h, costs), roots, out=out.cost)

    shared = f"customisation over {len(roots)} trees included"
    return {
        "engine": Task(whole, len(roots), note=f"costs and arcs, {shared}"),
        "engine_distances": Task(only_costs, len(roots), note=f"costs only, {shared}"),
    }


def _roots(graph: RoadGraph) -> IntArray:
    """Return `ROOTS` nodes, the ports first."""
    others = np.random.default_rng(7).integers(0, graph.arcs.nodes, ROOTS)
    return np.concatenate([graph.arcs.port_us, graph.arcs.port_mx, others])[:ROOTS]


def _several(tree: Callable[[int], object], roots: list[int]) -> Callable[[], None]:
    """Return a task that makes the tree of each root."""

    def run() -> None:
        for root in roots:
            tree(root)

    return run


@njit(nogil=True, cache=True)
def _touch(indptr: IntArray, head: IntArray, costs: IntArray, spot: IntArray) -> int:
    """Read every arc and the node it leads to once, and write every node once."""
    total = 0
    for v in range(len(indptr) - 1):
        best = 2**40
        for arc in range(indptr[v], indptr[v + 1]):
            best = min(best, spot[head[arc]] + costs[arc])
        total += best
        spot[v] = 0
    return total
