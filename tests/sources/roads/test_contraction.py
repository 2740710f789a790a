from __future__ import annotations

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
from hypothesis import given, settings, strategies as st

from corridors.sources.roads.contraction import Chains, contract

Edge = tuple[int, int, int, bool]


def chains_of(edges: list[Edge]) -> tuple[Chains, np.ndarray, np.ndarray]:
    u, v, code = (np.array([edge[i] for edge in edges], dtype=np.int64) for i in range(3))
    oneway = np.array([edge[3] for edge in edges], dtype=bool)
    return contract(int(max(u.max(), v.max())) + 1, u, v, code=code, oneway=oneway), u, v


def paths(edges: list[Edge]) -> list[list[int]]:
    """Return the nodes of each chain, two-way ones from the lower end."""
    chains, u, v = chains_of(edges)
    node, whose = chains.paths(u, v)
    found = []
    for i in range(len(chains.start) - 1):
        path = node[whose == i].tolist()
        oneway = edges[int(chains.edge[chains.start[i]])][3]
        found.append(path if oneway else min(path, path[::-1]))
    return sorted(found)


def test_a_chain_becomes_one_edge() -> None:
    assert paths([(0, 1, 0, False), (2, 1, 0, False), (2, 3, 0, False)]) == [[0, 1, 2, 3]]


def test_a_change_keeps_the_node() -> None:
    assert paths([(0, 1, 0, False), (1, 2, 1, False), (2, 3, 1, False)]) == [[0, 1], [1, 2, 3]]


def test_a_junction_keeps_the_node() -> None:
    star = [(0, 1, 0, False), (1, 2, 0, False), (1, 3, 0, False), (3, 4, 0, False)]
    assert paths(star) == [[0, 1], [1, 2], [1, 3, 4]]


def test_one_way_chains_run_as_driven() -> None:
    assert paths([(2, 1, 0, True), (3, 2, 0, True), (1, 0, 0, True)]) == [[3, 2, 1, 0]]


def test_one_way_edges_that_meet_head_on_are_not_joined() -> None:
    assert paths([(0, 1, 0, True), (2, 1, 0, True)]) == [[0, 1], [2, 1]]


def test_one_way_and_two_way_are_not_joined() -> None:
    assert paths([(0, 1, 0, True), (1, 2, 0, False)]) == [[0, 1], [1, 2]]


def test_a_ring_keeps_one_node() -> None:
    chains, u, v = chains_of([(0, 1, 0, False), (1, 2, 0, False), (2, 0, 0, False)])
    first, last = chains.ends(u, v)
    assert first.tolist() == last.tolist() == [0]
    assert len(chains.edge) == 3


def test_loops_and_parallel_edges_stay() -> None:
    assert paths([(0, 0, 0, False), (0, 1, 0, False)]) == [[0, 0], [0, 1]]
    assert paths([(0, 1, 0, False), (0, 1, 1, False)]) == [[0, 1], [0, 1]]


edge_lists = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 1), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(edge_lists)
@settings(deadline=None)
def test_every_edge_is_in_one_chain_and_chains_hang_together(edges: list[Edge]) -> None:
    chains, u, v = chains_of(edges)
    assert sorted(chains.edge.tolist()) == list(range(len(edges)))
    start = np.where(chains.flip, v[chains.edge], u[chains.edge])
    stop = np.where(chains.flip, u[chains.edge], v[chains.edge])
    inner = np.diff(chains.chain) == 0
    assert (stop[:-1] == start[1:])[inner].all()
    assert not any(edges[e][3] and flip for e, flip in zip(chains.edge, chains.flip, strict=True))
    code = np.array([edge[2:] for edge in edges])[chains.edge]
    assert (code[:-1] == code[1:])[inner].all()


@given(edge_lists, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_edges_does_not_matter(edges: list[Edge], random: object) -> None:
    chains, _, _ = chains_of(edges)
    other = edges.copy()
    random.shuffle(other)  # type: ignore[attr-defined]
    others, _, _ = chains_of(other)
    assert len(others.start) == len(chains.start)
    rings = {tuple(path) for path in paths(edges) if path[0] == path[-1]}
    if not rings:
        assert paths(other) == paths(edges)


@pytest.mark.parametrize("seed", range(5))
def test_as_osmnx_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = nx.random_labeled_tree(60, seed=seed)
    plain.add_edges_from(tuple(rng.choice(60, 2, replace=False)) for _ in range(12))
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326", simplified=False)
    graph.add_nodes_from((node, {"x": float(rng.random()), "y": float(rng.random())}) for node in plain)
    for i, (u, v) in enumerate(plain.edges):
        for tail, head in ((u, v), (v, u)):
            graph.add_edge(tail, head, osmid=i, length=1.0, oneway=False, reversed=tail == v)
    simple = ox.simplify_graph(graph, remove_rings=False)
    chains, u, v = chains_of([(int(a), int(b), 0, False) for a, b in plain.edges])
    ends = np.unique(np.concatenate(chains.ends(u, v)))
    assert ends.tolist() == sorted(simple.nodes)
    assert simple.number_of_edges() == 2 * (len(chains.start) - 1)
    lengths = sorted(data["length"] for _, _, data in simple.edges(data=True))
    assert lengths == sorted(np.repeat(np.diff(chains.start), 2).tolist())
