"""The engine against Dijkstra, and its loads against every path written out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.inference.routing.queries import (
    INF_COST,
    UNREACHABLE,
    assign_flow,
    customise,
    distances,
    leg_costs,
    prepare_hierarchy,
    trees,
    warm,
)
from tests.inference.routing.paths import agree_with_dijkstra, ints, known_costs, known_trees, network, wide
from tests.raw import RAW, needs_raw

if TYPE_CHECKING:
    from corridors.core.types import Arcs

ROOT = Path(__file__).parents[3]
# fmt: off
SIOUX_FALLS = [
    (1, 2, 6), (1, 3, 4), (2, 6, 5), (3, 4, 4), (3, 12, 4), (4, 5, 2), (4, 11, 6), (5, 6, 4), (5, 9, 5),
    (6, 8, 2), (7, 8, 3), (7, 18, 2), (8, 9, 10), (8, 16, 5), (9, 10, 3), (10, 11, 5), (10, 15, 6),
    (10, 16, 4), (10, 17, 8), (11, 12, 6), (11, 14, 4), (12, 13, 3), (13, 24, 4), (14, 15, 5),
    (14, 23, 4), (15, 19, 3), (15, 22, 3), (16, 17, 2), (16, 18, 3), (17, 19, 2), (18, 20, 4),
    (19, 20, 4), (20, 21, 6), (20, 22, 5), (21, 22, 2), (21, 24, 3), (22, 23, 4), (23, 24, 2),
]
"""Links of the Sioux Falls test network [LeBlanc1975] with free-flow minutes, both ways alike."""
# fmt: on
NODES = 10
ALL = np.arange(NODES, dtype=np.int64)


def graphs(least: int, most: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    """Random arcs: parallel, one-way, loops, pieces apart; free of charge when `least` is 0."""
    node = st.integers(0, NODES - 1)
    return st.lists(st.tuples(node, node, st.integers(least, most)), min_size=1, max_size=45)


def check_tree(
    arcs: Arcs, costs: np.ndarray, cost: np.ndarray, arc: np.ndarray, root: int, *, reverse: bool
) -> None:
    """Every reached node but the root leaves by an arc that explains its cost, and comes to the root."""
    near = arcs.head if reverse else arcs.tail
    far = arcs.tail if reverse else arcs.head
    for node in np.flatnonzero(cost < INF_COST).tolist():
        if node == root:
            assert arc[node] == -1
            continue
        assert far[arc[node]] == node
        assert cost[near[arc[node]]] + costs[arc[node]] == cost[node]
        here = node
        for _ in range(len(cost)):
            if here == root:
                break
            here = int(near[arc[here]])
        assert here == root
    assert np.all(arc[cost == INF_COST] == -1)


@given(graphs(0, 6))
@settings(deadline=None, max_examples=300)
def test_trees_are_exact(rows: list[tuple[int, int, int]]) -> None:
    arcs, costs = network(NODES, rows, ([0], [1]))
    h = prepare_hierarchy(arcs, us=ALL, mx=ALL)
    metric = customise(h, costs)
    assert np.array_equal(wide(distances(h, metric, ALL)), known_costs(arcs, costs, ALL))
    for reverse in (False, True):
        found = trees(h, metric, ALL, reverse=reverse)
        cost, arc = known_trees(arcs, costs, ALL, reverse=reverse)
        assert np.array_equal(wide(found.cost), cost)
        assert np.array_equal(wide(distances(h, metric, ALL, reverse=reverse)), cost)
        if costs.min() > 0:
            assert np.array_equal(found.arc, arc)
        for root in range(NODES):
            check_tree(arcs, costs, found.cost[root], found.arc[root], root, reverse=reverse)


@given(graphs(0, 5), st.lists(st.integers(-1, NODES - 1), min_size=3, max_size=3), st.integers(0, 2**31))
@settings(deadline=None, max_examples=300)
def test_loads_pay_the_legs_and_conserve(
    rows: list[tuple[int, int, int]], ports: list[int], seed: int
) -> None:
    arcs, costs = network(NODES, rows, (ports, ports[::-1]))
    rng = np.random.default_rng(seed)
    us, mx = rng.integers(0, NODES, 7), rng.integers(0, NODES, 6)
    h = prepare_hierarchy(arcs, us=us, mx=mx)
    metric = customise(h, costs)
    north, south = leg_costs(h, metric)
    known = known_costs(arcs, costs, ALL)
    for k in range(3):
        gone_us, gone_mx = ports[k] < 0, ports[::-1][k] < 0
        assert np.array_equal(north[:, k], np.full(7, UNREACHABLE) if gone_us else known[us, ports[k]])
        assert np.array_equal(south[k], np.full(6, UNREACHABLE) if gone_mx else known[ports[::-1][k], mx])
    by_us = rng.random(north.shape) * (north < UNREACHABLE)
    by_mx = rng.random(south.shape) * (south < UNREACHABLE)
    flow = assign_flow(h, metric, by_us, by_mx)
    assert np.all(flow >= 0)
    due = (by_us * np.where(by_us > 0, north, 0)).sum() + (by_mx * np.where(by_mx > 0, south, 0)).sum()
    assert flow @ costs == pytest.approx(due)
    net = np.bincount(arcs.head, flow, NODES) - np.bincount(arcs.tail, flow, NODES)
    want = np.zeros(NODES)
    np.subtract.at(want, us, by_us.sum(axis=1))
    np.add.at(want, mx, by_mx.sum(axis=0))
    for k in range(3):
        want[ports[k]] += by_us[:, k].sum()
        want[ports[::-1][k]] -= by_mx[k].sum()
    assert np.allclose(net, want)


@given(graphs(1, 2**12), st.integers(0, 2**31))
@settings(deadline=None, max_examples=150)
def test_loads_are_those_of_all_paths_written_out(rows: list[tuple[int, int, int]], seed: int) -> None:
    # costs are so various that ties are rare; where one is met only what is paid is compared
    arcs, costs = network(NODES, rows, ([0, 1], [1, 2]))
    rng = np.random.default_rng(seed)
    costs = costs * 2**10 + rng.permutation(len(costs))
    us, mx = ints([3, 4, 5]), ints([6, 7, 8, 6])
    h = prepare_hierarchy(arcs, us=us, mx=mx)
    metric = customise(h, costs)
    north, south = leg_costs(h, metric)
    by_us = rng.random(north.shape) * (north < UNREACHABLE)
    by_mx = rng.random(south.shape) * (south < UNREACHABLE)
    want = np.zeros(len(costs))
    tie = False
    for starts, stops, mass in ((us, [0, 1], by_us), ([1, 2], mx, by_mx)):
        for i, start in enumerate(starts):
            for j, stop in enumerate(stops):
                if mass[i, j] > 0:
                    path, alone = cheapest(arcs, costs, int(start), int(stop))
                    tie |= not alone
                    np.add.at(want, path, mass[i, j])
    flow = assign_flow(h, metric, by_us, by_mx)
    assert flow @ costs == pytest.approx(want @ costs)
    if not tie:
        assert np.allclose(flow, want)


def cheapest(arcs: Arcs, costs: np.ndarray, start: int, stop: int) -> tuple[list[int], bool]:
    """The cheapest of all simple paths, found by writing them out, and whether it is alone."""
    if start == stop:
        return [], True
    best: tuple[int, list[int]] = (int(UNREACHABLE), [])
    alone = True
    stack: list[tuple[int, int, list[int], frozenset[int]]] = [(start, 0, [], frozenset([start]))]
    while stack:
        node, paid, path, seen = stack.pop()
        for arc in range(int(arcs.indptr[node]), int(arcs.indptr[node + 1])):
            there, price = int(arcs.head[arc]), paid + int(costs[arc])
            if there in seen or price > best[0]:
                continue
            if there == stop:
                alone = price < best[0]
                best = (price, [*path, arc])
            else:
                stack.append((there, price, [*path, arc], seen | {there}))
    return best[1], alone


def grid(side: int) -> list[tuple[int, int, int]]:
    """A generated two-way grid of roads with unlike costs, cut by a border that two bridges cross."""
    rng = np.random.default_rng(5)
    at = np.arange(side * side).reshape(side, side)
    pairs = [(a, b) for line in (*at, *at.T) for a, b in pairwise(line.tolist())]
    middle = side // 2
    open_ = {(int(at[middle - 1, c]), int(at[middle, c])) for c in (1, side - 2)}
    kept = [p for p in pairs if not (p[0] // side < middle <= p[1] // side) or p in open_]
    return [(u, v, int(rng.integers(1, 1000))) for a, b in kept for u, v in ((a, b), (b, a))]


def test_a_grid_of_roads_with_two_bridges() -> None:
    side = 14
    north = side // 2 - 1
    ports = (
        [north * side + 1, north * side + side - 2],
        [(north + 1) * side + 1, (north + 1) * side + side - 2],
    )
    arcs, costs = network(side * side, grid(side), ports)
    every = np.arange(side * side, dtype=np.int64)
    agree_with_dijkstra(arcs, costs, every[: side * 3], every[-side * 3 :], every)


def agree_on(rows: list[tuple[int, int, int]]) -> None:
    """The engine and Dijkstra agree on a published network."""
    nodes = 1 + max(max(row[:2]) for row in rows)
    half = nodes // 2
    arcs, costs = network(nodes, rows, ([0, 3, half], [half, 5, 1]))
    every = np.arange(nodes, dtype=np.int64)
    agree_with_dijkstra(arcs, costs, every[:half], every[half:], every[:: max(1, nodes // 60)])


def test_sioux_falls() -> None:
    both = [*SIOUX_FALLS, *((v, u, minutes) for u, v, minutes in SIOUX_FALLS)]
    agree_on([(u - 1, v - 1, 6000 * minutes) for u, v, minutes in both])


@needs_raw
@pytest.mark.parametrize("name", ["SiouxFalls", "Anaheim", "ChicagoSketch"])
def test_transportation_networks(name: str) -> None:
    text = (RAW / f"networks/{name}_net.tntp").read_text(encoding="utf-8").split("<END OF METADATA>")[1]
    cells = [
        line.split()[:5] for line in text.splitlines() if line.strip() and not line.strip().startswith("~")
    ]
    # connectors cost nothing in one of them, and then trees need not choose the same arcs
    agree_on([(int(c[0]) - 1, int(c[1]) - 1, max(1, round(float(c[4]) * 6000))) for c in cells])


def test_threads_and_repetition_change_no_byte() -> None:
    arcs, costs = network(64, grid(8), ([25, 30], [33, 38]))
    us, mx = np.arange(20), np.arange(50, 64)

    def run(world: int) -> bytes:
        h = prepare_hierarchy(arcs, us=us, mx=mx)
        metric = customise(h, costs + world)
        north, south = leg_costs(h, metric)
        return assign_flow(h, metric, np.full(north.shape, 0.1), np.full(south.shape, 0.3)).tobytes()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, range(8))) == [run(world) for world in range(8)]


def test_memory_is_reused_on_request() -> None:
    arcs, costs = network(64, grid(8), ([25], [33]))
    h = prepare_hierarchy(arcs, us=ints([0]), mx=ints([60]))
    one, two = customise(h, costs), customise(h, costs * 2)
    first = trees(h, one, ints([3, 4]))
    fresh = trees(h, two, ints([5, 6]))
    again = trees(h, two, ints([5, 6]), out=first)
    assert np.shares_memory(again.cost, first.cost)
    assert np.array_equal(again.cost, fresh.cost)
    assert np.array_equal(again.arc, fresh.arc)
    with pytest.raises(ValueError, match="as many roots"):
        distances(h, two, ints([1]), out=first.cost)


def test_a_closed_arc_is_no_arc() -> None:
    arcs, costs = network(3, [(0, 1, 5), (1, 2, 5), (0, 2, 100)], ([0], [0]))
    h = prepare_hierarchy(arcs, us=ints([0]), mx=ints([1, 2]))
    assert leg_costs(h, customise(h, costs))[1].tolist() == [[5, 10]]
    costs[0] = UNREACHABLE
    metric = customise(h, costs)
    assert leg_costs(h, metric)[1].tolist() == [[UNREACHABLE, 100]]
    with pytest.raises(ValueError, match="no path leads"):
        assign_flow(h, metric, np.zeros((1, 1)), np.ones((1, 2)))


@pytest.mark.parametrize("nodes", [1, 2])
def test_next_to_nothing(nodes: int) -> None:
    arcs, costs = network(nodes, [(0, nodes - 1, 7)], ([0], [nodes - 1]))
    h = prepare_hierarchy(arcs, us=ints([0]), mx=ints([nodes - 1]))
    metric = customise(h, costs)
    assert [leg.tolist() for leg in leg_costs(h, metric)] == [[[0]], [[0]]]
    assert assign_flow(h, metric, np.ones((1, 1)), np.ones((1, 1))).tolist() == [0]
    assert distances(h, metric, ints([0])).max() == (7 if nodes == 2 else 0)


def test_no_arcs_at_all() -> None:
    arcs, costs = network(4, [], ([0], [1]))
    h = prepare_hierarchy(arcs, us=ints([0, 2]), mx=ints([3]))
    assert [leg.tolist() for leg in leg_costs(h, customise(h, costs))] == [
        [[0], [UNREACHABLE]],
        [[UNREACHABLE]],
    ]


def test_overflow_is_refused_never_wrong() -> None:
    arcs, _ = network(5, [(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 4, 1)], ([0], [0]))
    h = prepare_hierarchy(arcs, us=ints([0]), mx=ints([4]))
    with pytest.raises(OverflowError, match="an arc costs"):
        customise(h, np.full(4, INF_COST, dtype=np.int64))
    with pytest.raises(OverflowError, match="limit"):
        leg_costs(h, customise(h, np.full(4, INF_COST // 3, dtype=np.int64)))
    fits = np.full(4, INF_COST // 9, dtype=np.int64)
    assert leg_costs(h, customise(h, fits))[1].tolist() == [[4 * (INF_COST // 9)]]


def test_what_makes_no_sense_is_refused() -> None:
    arcs, costs = network(3, [(0, 1, 5), (1, 2, 5)], ([0], [1]))
    with pytest.raises(IndexError, match="us names a node"):
        prepare_hierarchy(arcs, us=ints([3]), mx=ints([0]))
    h, other = (prepare_hierarchy(arcs, us=ints([0]), mx=ints([2])) for _ in range(2))
    metric = customise(h, costs)
    with pytest.raises(ValueError, match="negative"):
        customise(h, -costs)
    with pytest.raises(ValueError, match="for 2 arcs"):
        customise(h, ints([1, 1, 1]))
    with pytest.raises(ValueError, match="another hierarchy"):
        leg_costs(other, metric)
    with pytest.raises(ValueError, match="shape"):
        assign_flow(h, metric, np.ones((2, 1)), np.ones((1, 1)))
    with pytest.raises(IndexError, match="root"):
        distances(h, metric, ints([9]))


def test_warming_reports_each_step() -> None:
    seen: list[tuple[int, int]] = []
    warm(lambda done, whole: seen.append((done, whole)))
    assert seen == [(n, len(seen)) for n in range(1, len(seen) + 1)]
