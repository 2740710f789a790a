"""One-to-all trees by other people's libraries. Each is imported when needed; none is a dependency."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.bench.measure import quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from corridors.core.types import Arcs, FloatArray, IntArray

    Tree = Callable[[int], object]


class Peer(NamedTuple):
    """A library that makes trees.

    Parameters
    ----------
    module
        What must be installed.
    build
        Takes arcs and costs, returns a function from a root to its tree.
    note
        What a reader must know about the figure.
    sample
        Pairs that one call asks for; 0 for a whole tree.
    """

    module: str
    build: Callable[[Arcs, IntArray], Tree]
    note: str = ""
    sample: int = 0


def simple(arcs: Arcs, costs: IntArray) -> csr_array:
    """Return the matrix of the cheapest of parallel arcs. scipy and networkx would add them up or keep the last."""
    order = np.lexsort((costs, arcs.head, arcs.tail))
    tail, head = arcs.tail[order], arcs.head[order]
    first = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])
    kept = order[first]
    return csr_array(
        (costs[kept].astype(np.float64), (arcs.tail[kept], arcs.head[kept])), shape=(arcs.nodes, arcs.nodes)
    )


def _scipy(arcs: Arcs, costs: IntArray) -> Tree:
    matrix = simple(arcs, costs)
    return lambda root: dijkstra(matrix, indices=[root], return_predecessors=True)


def _networkx(arcs: Arcs, costs: IntArray) -> Tree:
    nx = import_module("networkx")
    graph = nx.from_scipy_sparse_array(simple(arcs, costs), create_using=nx.DiGraph)
    return lambda root: nx.dijkstra_predecessor_and_distance(graph, root)


def _igraph(arcs: Arcs, costs: IntArray) -> Tree:
    igraph = import_module("igraph")
    graph = igraph.Graph(n=arcs.nodes, edges=np.stack([arcs.tail, arcs.head], axis=1), directed=True)
    weights = costs.astype(np.float64).tolist()
    return lambda root: graph.distances(source=[root], weights=weights, mode="out")


def _rustworkx(arcs: Arcs, costs: IntArray) -> Tree:
    rustworkx = import_module("rustworkx")
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(arcs.nodes))
    rows = zip(arcs.tail.tolist(), arcs.head.tolist(), costs.astype(np.float64).tolist(), strict=True)
    graph.add_edges_from(list(rows))
    return lambda root: rustworkx.digraph_dijkstra_shortest_path_lengths(graph, root, float)


def _networkit(arcs: Arcs, costs: IntArray) -> Tree:
    networkit = import_module("networkit")
    networkit.setNumberOfThreads(1)
    ends = (arcs.tail.astype(np.uint64), arcs.head.astype(np.uint64))
    graph = networkit.GraphFromCoo(
        (costs.astype(np.float64), ends), n=arcs.nodes, weighted=True, directed=True
    )

    def tree(root: int) -> object:
        search = networkit.distance.Dijkstra(graph, root, storePaths=True, storeNodesSortedByDistance=True)
        search.run()
        return search

    return tree


def aequilibrae_graph(arcs: Arcs, costs: IntArray, centroids: IntArray) -> Any:
    """Return AequilibraE's graph of the arcs; nodes count from 1."""
    pandas = import_module("pandas")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        paths = import_module("aequilibrae.paths")
        graph = paths.Graph()
        count = len(arcs.tail)
        graph.network = pandas.DataFrame(
            {
                "link_id": np.arange(1, count + 1),
                "a_node": arcs.tail + 1,
                "b_node": arcs.head + 1,
                "direction": np.ones(count, dtype=np.int8),
                "cost": costs.astype(np.float64),
            }
        )
        graph.network_ok = True
        graph.status = "OK"
        graph.prepare_graph(centroids + 1)
        graph.set_graph("cost")
        graph.set_blocked_centroid_flows(False)
    return graph


def _aequilibrae(arcs: Arcs, costs: IntArray) -> Tree:
    roots = np.unique(np.concatenate([arcs.port_us, arcs.port_mx, [0, arcs.nodes - 1]]))
    graph = aequilibrae_graph(arcs, costs, roots)
    results = import_module("aequilibrae.paths").PathResults()
    results.prepare(graph)
    ends = (int(roots[0]) + 1, int(roots[-1]) + 1)
    return lambda root: results.compute_path(root + 1, ends[1] if root + 1 != ends[1] else ends[0])


def pandana_network(arcs: Arcs, costs: IntArray, x: FloatArray, y: FloatArray) -> Any:
    """Return pandana's contracted network. It keeps thousandths in 32 bits, so costs are given as minutes."""
    pandas = import_module("pandas")
    pandana = import_module("pandana")
    weights = pandas.DataFrame({"cost": costs / 6000.0})
    with quiet():
        return pandana.Network(
            pandas.Series(x),
            pandas.Series(y),
            pandas.Series(arcs.tail),
            pandas.Series(arcs.head),
            weights,
            twoway=False,
        )


def _pandana(arcs: Arcs, costs: IntArray) -> Tree:
    place = np.arange(arcs.nodes, dtype=np.float64)
    network = pandana_network(arcs, costs, place, place)
    sample = np.random.default_rng(0).integers(0, arcs.nodes, PANDANA_SAMPLE)
    return lambda root: network.shortest_path_lengths(np.full(len(sample), root), sample)


PANDANA_SAMPLE = 2_000
PEERS: Mapping[str, Peer] = {
    "networkx": Peer("networkx", _networkx),
    "scipy": Peer("scipy", _scipy),
    "igraph": Peer("igraph", _igraph, "costs only"),
    "rustworkx": Peer("rustworkx", _rustworkx, "costs only"),
    "networkit": Peer("networkit", _networkit),
    "pandana": Peer(
        "pandana", _pandana, f"no trees: {PANDANA_SAMPLE:,} pairs, extrapolated to all nodes", PANDANA_SAMPLE
    ),
    "aequilibrae": Peer("aequilibrae", _aequilibrae),
}
