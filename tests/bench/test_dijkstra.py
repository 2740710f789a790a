from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.bench.dijkstra import forward_trees, load, reverse_trees
from corridors.core.types import Arcs
from corridors.inference.routing.queries import UNREACHABLE


def arcs_of(nodes: int, ends: list[tuple[int, int]]) -> Arcs:
    """Arcs of a bare graph; one port from node 0 to node 0 that no test here uses."""
    ordered = sorted(ends)
    tail, head = (np.array([end[side] for end in ordered], dtype=np.int64) for side in (0, 1))
    zeros = np.zeros(len(ordered))
    one = np.zeros(1, dtype=np.int64)
    return Arcs(
        indptr=np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int64),
        tail=tail,
        head=head,
        edge=np.arange(len(ordered), dtype=np.int64),
        hours=zeros.copy(),
        toll_km=zeros.copy(),
        road_class=zeros.astype(np.int64),
        classes=("road",),
        port_us=one.copy(),
        port_mx=one.copy(),
        port_edge=one.copy(),
        field=csr_array(np.ones((len(ordered), 1))),
    )


NODES = 9
graphs = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(1, 6)),
    min_size=1,
    max_size=40,
)


def unpack(rows: list[tuple[int, int, int]]) -> tuple[Arcs, np.ndarray]:
    arcs = arcs_of(NODES, [(u, v) for u, v, _ in rows])
    order = sorted(range(len(rows)), key=lambda i: rows[i][:2])
    return arcs, np.array([rows[i][2] for i in order], dtype=np.int64)


@given(graphs)
@settings(deadline=None, max_examples=150)
def test_exact_against_scipy(rows: list[tuple[int, int, int]]) -> None:
    arcs, costs = unpack(rows)
    dense = np.full((NODES, NODES), np.inf)
    for u, v, c in zip(arcs.tail, arcs.head, costs, strict=True):
        if u != v:
            dense[u, v] = min(dense[u, v], c)
    known = csr_array(np.where(np.isinf(dense), 0, dense))
    roots = np.array([0, 3], dtype=np.int64)
    expected = dijkstra(known, indices=roots)
    forward = forward_trees(arcs, costs, roots)
    assert np.array_equal(np.where(forward.cost == UNREACHABLE, np.inf, forward.cost), expected)
    back = reverse_trees(arcs, costs, roots)
    assert np.array_equal(
        np.where(back.cost == UNREACHABLE, np.inf, back.cost), dijkstra(known.T.tocsr(), indices=roots)
    )


@given(graphs, st.integers(0, 2**31))
@settings(deadline=None, max_examples=100)
def test_loading_conserves_flow_and_pays_the_tree_cost(rows: list[tuple[int, int, int]], seed: int) -> None:
    arcs, costs = unpack(rows)
    roots = np.array([0, 3], dtype=np.int64)
    for trees, ends in (
        (forward_trees(arcs, costs, roots), arcs.tail),
        (reverse_trees(arcs, costs, roots), arcs.head),
    ):
        mass = np.random.default_rng(seed).random(trees.cost.shape) * (trees.cost < UNREACHABLE)
        before = mass.copy()
        flow = load(trees, ends, mass)
        assert np.array_equal(mass, before)
        assert flow @ costs == pytest.approx((mass * np.where(trees.cost < UNREACHABLE, trees.cost, 0)).sum())
        net = np.bincount(arcs.head, flow, NODES) - np.bincount(arcs.tail, flow, NODES)
        sign = 1 if ends is arcs.tail else -1
        want = mass.sum(axis=0)
        np.subtract.at(want, roots, mass.sum(axis=1))
        assert np.allclose(sign * net, want)


@given(
    st.lists(
        st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(0, 1)),
        min_size=1,
        max_size=20,
    )
)
@settings(deadline=None, max_examples=200)
def test_arcs_of_no_cost_make_no_cycle(rows: list[tuple[int, int, int]]) -> None:
    """Two-way arcs, many of them free: every way back along the tree ends at the root and adds up to the cost."""
    arcs, costs = unpack([*rows, *((v, u, c) for u, v, c in rows)])
    trees = forward_trees(arcs, costs, np.array([0], dtype=np.int64))
    for node in np.flatnonzero(trees.cost[0] < UNREACHABLE).tolist():
        here, total, steps = node, 0, 0
        while (arc := int(trees.arc[0, here])) >= 0:
            here, total, steps = int(arcs.tail[arc]), total + int(costs[arc]), steps + 1
            assert steps < NODES
        assert (here, total) == (0, trees.cost[0, node])


def test_of_equal_paths_the_lower_arc_wins() -> None:
    # 0 -> 1 -> 3 and 0 -> 2 -> 3 cost the same; parallel arcs 0 -> 1 too
    arcs = arcs_of(4, [(0, 1), (0, 1), (0, 2), (1, 3), (2, 3)])
    trees = forward_trees(arcs, np.ones(5, dtype=np.int64), np.array([0], dtype=np.int64))
    assert trees.arc[0].tolist() == [-1, 0, 2, 3]


def test_overflow_is_refused() -> None:
    arcs = arcs_of(2, [(0, 1)])
    with pytest.raises(OverflowError, match="packed keys"):
        forward_trees(arcs, np.array([2**40], dtype=np.int64), np.array([0], dtype=np.int64))
