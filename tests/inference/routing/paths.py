"""Small networks written down as rows of arcs, and what scipy's Dijkstra says of any network."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.core.types import Arcs
from corridors.inference.routing.queries import (
    INF_COST,
    UNREACHABLE,
    assign_flow,
    customise,
    leg_costs,
    prepare_hierarchy,
    trees,
)


def ints(values: object) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def network(
    nodes: int, rows: list[tuple[int, int, int]], ports: tuple[list[int], list[int]]
) -> tuple[Arcs, np.ndarray]:
    """Arcs of (tail, head, cost) rows, and the costs."""
    ordered = sorted(rows, key=lambda row: row[:2])
    table = ints(ordered).reshape(-1, 3)
    count = len(table)
    arcs = Arcs(
        indptr=np.searchsorted(table[:, 0], np.arange(nodes + 1)).astype(np.int64),
        tail=table[:, 0].copy(),
        head=table[:, 1].copy(),
        edge=np.arange(count),
        hours=np.ones(count),
        toll_km=np.zeros(count),
        road_class=np.zeros(count, dtype=np.int64),
        classes=("road",),
        port_us=ints(ports[0]),
        port_mx=ints(ports[1]),
        port_edge=np.zeros(len(ports[0]), dtype=np.int64),
        field=csr_array(np.ones((max(count, 1), 1))),
    )
    return arcs, table[:, 2].copy()


def wide(cost: np.ndarray) -> np.ndarray:
    return np.where(cost == INF_COST, UNREACHABLE, cost.astype(np.int64))


def known_costs(arcs: Arcs, costs: np.ndarray, roots: np.ndarray, *, reverse: bool = False) -> np.ndarray:
    """(roots, nodes) costs from each root, or to it, by scipy's Dijkstra.

    Scipy takes a stored zero as no arc, so one is added to all costs after scaling; hops are too few to matter.
    """
    scale = 2**20
    order = np.lexsort((-costs, arcs.head, arcs.tail))
    tail, head, cost = arcs.tail[order], arcs.head[order], costs[order]
    last = np.flatnonzero(np.diff(tail * arcs.nodes + head, append=-1))  # the cheapest of parallel arcs
    cell = csr_array((cost[last] * scale + 1.0, (tail[last], head[last])), shape=(arcs.nodes, arcs.nodes))
    found = dijkstra(cell.T.tocsr() if reverse else cell, indices=roots)
    return np.where(np.isinf(found), UNREACHABLE, np.floor(found / scale)).astype(np.int64)


def known_trees(
    arcs: Arcs, costs: np.ndarray, roots: np.ndarray, *, reverse: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Costs, and the arc by which each node is entered: of those that explain its cost, the lowest. No free arcs."""
    cost = known_costs(arcs, costs, roots, reverse=reverse)
    near, far = (arcs.head, arcs.tail) if reverse else (arcs.tail, arcs.head)
    arc = np.full(cost.shape, -1)
    for k, root in enumerate(roots):
        explains = (cost[k, near] < UNREACHABLE) & (cost[k, near] + costs == cost[k, far]) & (far != root)
        numbers = np.flatnonzero(explains)[::-1]
        arc[k, far[numbers]] = numbers
    return cost, arc


def agree_with_dijkstra(
    arcs: Arcs, costs: np.ndarray, us: np.ndarray, mx: np.ndarray, roots: np.ndarray
) -> None:
    """Legs, trees and loads are those of Dijkstra's trees."""
    h = prepare_hierarchy(arcs, us=us, mx=mx)
    metric = customise(h, costs)
    for reverse in (False, True):
        found, (cost, arc) = (
            trees(h, metric, roots, reverse=reverse),
            known_trees(arcs, costs, roots, reverse=reverse),
        )
        assert np.array_equal(wide(found.cost), cost)
        assert np.array_equal(found.arc, arc)
    north, south = leg_costs(h, metric)
    assert np.array_equal(north, known_costs(arcs, costs, arcs.port_us, reverse=True)[:, us].T)
    assert np.array_equal(south, known_costs(arcs, costs, arcs.port_mx)[:, mx])
    rng = np.random.default_rng(2)
    by_us = rng.random(north.shape) * (north < UNREACHABLE)
    by_mx = rng.random(south.shape) * (south < UNREACHABLE)
    due = (by_us * np.where(by_us > 0, north, 0)).sum() + (by_mx * np.where(by_mx > 0, south, 0)).sum()
    assert assign_flow(h, metric, by_us, by_mx) @ costs == pytest.approx(due, rel=1e-12)
