"""Inner loops of symbolic elimination, compiled: the edges that an order adds. Run once a topology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, IntArray

    Int32Array = NDArray[np.int32]

_HUB = 32
"""Neighbours of a node with more neighbours than this are not eliminated early, so that the pass stays linear."""


@njit(nogil=True, cache=True)
def simple_nodes(first: IntArray, other: Int32Array, count: IntArray) -> Int32Array:  # noqa: C901 - one loop over neighbours
    """Return nodes with at most two neighbours in an order of elimination; shrink `other`, `count` to the rest.

    Rounds of nodes that are no neighbours of each other: long roads fold in halves, and the tree stays low.
    """
    nodes = len(first) - 1
    taken = np.empty(nodes, dtype=np.int32)
    touched = np.full(nodes, -1, dtype=np.int32)
    gone = np.zeros(nodes, dtype=np.uint8)
    size, before, turn = 0, -1, 0
    while size > before:
        before = size
        for v in range(nodes):
            if gone[v] or count[v] > 2 or touched[v] == turn:
                continue
            ends = other[first[v] : first[v] + count[v]]
            blocked = False
            for u in ends:
                blocked |= count[u] > _HUB
            if blocked:
                continue
            gone[v] = 1
            taken[size] = v
            size += 1
            for i in range(len(ends)):
                u = ends[i]
                touched[u] = turn
                bridge = ends[1 - i] if len(ends) == 2 else np.int32(-1)
                here = -1
                for q in range(first[u], first[u] + count[u]):
                    if other[q] == v:
                        here = q
                    elif other[q] == bridge:
                        bridge = np.int32(-1)
                if bridge >= 0:
                    other[here] = bridge
                else:
                    count[u] -= 1
                    other[here] = other[first[u] + count[u]]
            count[v] = 0
        turn += 1
    return taken[:size].copy()


@njit(nogil=True, cache=True)
def symbolic(
    first: IntArray, other: Int32Array, node: Int32Array, rank: Int32Array
) -> tuple[IntArray, Int32Array, Int32Array]:
    """Return for each rank the higher ranks it is joined to once all lower ones are eliminated, and its parent."""
    nodes = len(first) - 1
    starts = np.zeros(nodes + 1, dtype=np.int64)
    upper = np.empty(4 * nodes + 16, dtype=np.int32)
    child, sibling = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    parent, mark = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    size = 0
    for v in range(nodes):
        begin = size
        if size + nodes - v > len(upper):
            larger = np.empty(2 * len(upper) + nodes, dtype=np.int32)
            larger[:size] = upper[:size]
            upper = larger
        for i in range(first[node[v]], first[node[v] + 1]):
            u = rank[other[i]]
            if u > v:
                mark[u] = v
                upper[size] = u
                size += 1
        c = child[v]
        while c >= 0:
            for i in range(starts[c], starts[c + 1]):
                u = upper[i]
                if u > v and mark[u] != v:
                    mark[u] = v
                    upper[size] = u
                    size += 1
            c = sibling[c]
        upper[begin:size].sort()
        starts[v + 1] = size
        if size > begin:
            parent[v] = upper[begin]
            sibling[v] = child[upper[begin]]
            child[upper[begin]] = v
    return starts, upper[:size].copy(), parent


@njit(nogil=True, cache=True)
def postorder(parent: Int32Array) -> Int32Array:
    """Return the new rank of each rank: children first, every subtree in one piece."""
    nodes = len(parent)
    child, sibling = np.full(nodes, -1, dtype=np.int32), np.full(nodes, -1, dtype=np.int32)
    stack = np.empty(nodes, dtype=np.int32)
    size = 0
    for v in range(nodes - 1, -1, -1):
        if parent[v] >= 0:
            sibling[v] = child[parent[v]]
            child[parent[v]] = v
        else:
            stack[size] = v
            size += 1
    place = np.empty(nodes, dtype=np.int32)
    left = nodes
    while size > 0:
        size -= 1
        v = stack[size]
        left -= 1
        place[v] = left
        c = child[v]
        while c >= 0:
            stack[size] = c
            size += 1
            c = sibling[c]
    return place


@njit(nogil=True, cache=True)
def triangles(first: IntArray, upper: Int32Array) -> Int32Array:
    """Return the edge between the upper ends of each two edges of a rank."""
    total = 0
    for v in range(len(first) - 1):
        width = first[v + 1] - first[v]
        total += width * (width - 1) // 2
    triangle = np.empty(total, dtype=np.int32)
    t = 0
    for v in range(len(first) - 1):
        for i in range(first[v], first[v + 1] - 1):
            e = first[upper[i]]
            for j in range(i + 1, first[v + 1]):
                while upper[e] < upper[j]:
                    e += 1
                triangle[t] = e
                t += 1
    return triangle


@njit(nogil=True, cache=True)
def find_edges(first: IntArray, upper: Int32Array, low: Int32Array, high: Int32Array) -> Int32Array:
    """Return the edge between each two ranks, -1 where they are the same."""
    found = np.full(len(low), -1, dtype=np.int32)
    for i in range(len(low)):
        if low[i] != high[i]:
            a, b = first[low[i]], first[low[i] + 1]
            while a < b:
                middle = (a + b) // 2
                if upper[middle] < high[i]:
                    a = middle + 1
                else:
                    b = middle
            found[i] = a
    return found


@njit(nogil=True, cache=True)
def ancestors(parent: Int32Array, ranks: IntArray) -> BoolArray:
    """Return which ranks are these or above them."""
    mark = np.zeros(len(parent), dtype=np.bool_)
    for rank in ranks:
        v = rank
        while v >= 0 and not mark[v]:
            mark[v] = True
            v = parent[v]
    return mark
