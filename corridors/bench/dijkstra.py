"""One-to-all shortest-path trees and the loading of flows down them.

Written by hand because no maintained package gives both a tree with predecessor arcs and the loading, lets go of
the interpreter lock, and breaks ties by rule: scipy's Dijkstra holds the lock, merges parallel arcs and leaves the
loading to be done node by node in Python (measured: docs/engine.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from corridors.core.types import freeze
from corridors.inference.routing.queries import UNREACHABLE

if TYPE_CHECKING:
    from corridors.core.types import Arcs, FloatArray, IntArray

_NODE_BITS = 22


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees from several roots over the same graph.

    Parameters
    ----------
    cost
        (roots, nodes) cost units, `UNREACHABLE` where there is no path.
    arc
        (roots, nodes) arc by which the tree enters a node (or, reversed, leaves it); -1 at roots and unreached.
    order
        (roots, nodes) nodes in the order they were settled, -1 after the last.
    """

    cost: IntArray
    arc: IntArray
    order: IntArray


def forward_trees(arcs: Arcs, costs: IntArray, roots: IntArray) -> Trees:
    """Return the trees of cheapest paths from each root to every node."""
    return _trees(arcs.indptr, arcs.head, np.arange(len(arcs.head)), costs, roots)


def reverse_trees(arcs: Arcs, costs: IntArray, roots: IntArray) -> Trees:
    """Return the trees of cheapest paths from every node to each root."""
    order = np.argsort(arcs.head, kind="stable")
    indptr = np.searchsorted(arcs.head[order], np.arange(arcs.nodes + 1)).astype(np.int64)
    return _trees(indptr, arcs.tail[order], order, costs, roots)


def load(trees: Trees, ends: IntArray, mass: FloatArray) -> FloatArray:
    """Return the flow on each arc when `mass` moves between each root and every node.

    Parameters
    ----------
    trees
        Forward or reverse trees.
    ends
        (arcs,) the end of each arc that lies nearer the root: `arcs.tail` for forward trees, `arcs.head` for
        reverse ones.
    mass
        (roots, nodes) flow between the root and the node; none may be on an unreached node.
    """
    flow = np.zeros(len(ends))
    carried = np.array(mass, dtype=np.float64)
    for root in range(len(trees.order)):
        _load(trees.order[root], trees.arc[root], ends, carried[root], flow)
    return flow


def _trees(
    indptr: IntArray, neighbour: IntArray, arc_id: IntArray, costs: IntArray, roots: IntArray
) -> Trees:
    """Return trees over the graph given by its compressed rows."""
    nodes = len(indptr) - 1
    if nodes >= 2**_NODE_BITS or int(costs.max(initial=0)) * nodes >= int(UNREACHABLE):
        raise OverflowError(f"{nodes} nodes or their costs do not fit the tree's packed keys")
    shape = (len(roots), nodes)
    cost = np.full(shape, UNREACHABLE, dtype=np.int64)
    arc = np.full(shape, -1, dtype=np.int64)
    order = np.full(shape, -1, dtype=np.int64)
    heap = np.empty(len(neighbour) + 1, dtype=np.int64)
    for i, root in enumerate(roots):
        _dijkstra(indptr, neighbour, arc_id, costs, root, cost[i], arc[i], order[i], heap)
    freeze(cost, arc, order)
    return Trees(cost, arc, order)


@njit(nogil=True, cache=True)
def _dijkstra(  # noqa: C901, PLR0917 - one loop, kept whole for the compiler
    indptr: IntArray,
    neighbour: IntArray,
    arc_id: IntArray,
    costs: IntArray,
    root: int,
    cost: IntArray,
    arc: IntArray,
    order: IntArray,
    heap: IntArray,
) -> None:
    """Dijkstra with a binary heap of (cost, node) packed in one integer; stale keys are skipped.

    Of two equally cheap ways into a node the arc with the lower number wins, whatever the order they are met in, if
    it comes from a strictly nearer node: an arc of no cost may not turn the tree back on itself.
    """
    cost[root] = 0
    heap[0] = root
    size = 1
    settled = 0
    mask = (1 << _NODE_BITS) - 1
    while size > 0:
        key = heap[0]
        size -= 1
        last = heap[size]
        i = 0
        while True:
            child = 2 * i + 1
            if child >= size:
                break
            if child + 1 < size and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= last:
                break
            heap[i] = heap[child]
            i = child
        heap[i] = last
        node = key & mask
        reached = key >> _NODE_BITS
        if reached > cost[node]:
            continue
        order[settled] = node
        settled += 1
        for k in range(indptr[node], indptr[node + 1]):
            other = neighbour[k]
            further = reached + costs[arc_id[k]]
            if further < cost[other]:
                cost[other] = further
                arc[other] = arc_id[k]
                i = size
                size += 1
                key = (further << _NODE_BITS) | other
                while i > 0:
                    above = (i - 1) >> 1
                    if heap[above] <= key:
                        break
                    heap[i] = heap[above]
                    i = above
                heap[i] = key
            elif further == cost[other] and reached < further and arc_id[k] < arc[other]:
                arc[other] = arc_id[k]


@njit(nogil=True, cache=True)
def _load(order: IntArray, arc: IntArray, ends: IntArray, carried: FloatArray, flow: FloatArray) -> None:
    """Push what each node carries towards the root, last settled first."""
    last = len(order) - 1
    while last > 0 and order[last] < 0:
        last -= 1
    for i in range(last, 0, -1):
        node = order[i]
        passing = carried[node]
        if passing != 0.0:
            flow[arc[node]] += passing
            carried[ends[arc[node]]] += passing
