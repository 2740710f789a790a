"""Inner loops of routing, compiled. Every one releases the interpreter lock; none uses fast-math.

Nodes are *ranks* here: 0 is eliminated first. Edge `e` of the hierarchy joins a lower rank to a higher one; edges of
one lower rank stand together, sorted by their upper end. `climb[e]` is the cost of going up an edge, `descend[e]` of
coming down it. Costs are int32 and never above `INF_COST`, so that no sum of two leaves int32.

Written by hand because no maintained package gives trees or loading on a customisable contraction hierarchy
[Dibbelt2016]; the sweeps are those of [Delling2013].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.core.types import FloatArray, IntArray

    Int32Array = NDArray[np.int32]

INF_COST = np.int32(2**30 - 1)
"""Cost of an unreachable node. Twice it fits int32."""


@njit(nogil=True, cache=True)
def narrow(costs: IntArray, closed: np.int64, cost: Int32Array) -> tuple[np.int64, np.int64]:
    """Write costs as int32, `INF_COST` from `closed` on; return the smallest, and the largest that is open."""
    least, most = np.int64(0), np.int64(0)
    for arc in range(len(costs)):
        value = costs[arc]
        least = min(least, value)
        most = max(most, value if value < closed else np.int64(0))
        cost[arc] = np.int32(value) if value < INF_COST else INF_COST
    return least, most


@njit(nogil=True, cache=True)
def customise(  # noqa: PLR0917 - flat arrays for the compiler
    first: IntArray,
    triangle: Int32Array,
    edge: Int32Array,
    upward: Int32Array,
    cost: Int32Array,
    climb: Int32Array,
    descend: Int32Array,
) -> None:
    """Set the cost of every edge from the costs of the arcs: the cheapest way through lower ranks.

    Counters are unsigned, which avoids a test for negative positions at every step: 1.6 times as fast.
    """
    climb[:] = INF_COST
    descend[:] = INF_COST
    for arc in range(len(cost)):
        e = edge[arc]
        if e < 0:
            continue
        if upward[arc]:
            climb[e] = min(climb[e], cost[arc])
        else:
            descend[e] = min(descend[e], cost[arc])
    one = np.uint64(1)
    t = np.uint64(0)
    for low in range(len(first) - 1):
        i = np.uint64(first[low])
        end = np.uint64(first[low + 1])
        while i + one < end:
            rise = climb[i]
            fall = descend[i]
            j = i + one
            while j < end:
                third = np.uint64(triangle[t])
                climb[third] = min(climb[third], fall + climb[j])
                descend[third] = min(descend[third], descend[j] + rise)
                t += one
                j += one
            i += one


@njit(nogil=True, cache=True)
def largest(values: Int32Array) -> np.int32:
    """Return the largest of the values below `INF_COST`, 0 if there is none."""
    found = np.int32(0)
    for value in values:
        found = max(found, value if value < INF_COST else np.int32(0))
    return found


@njit(nogil=True, cache=True)
def sweep(  # noqa: C901, PLR0917 - flat arrays for the compiler
    row: Int32Array,
    first: IntArray,
    upper_row: Int32Array,
    parent: Int32Array,
    climb: Int32Array,
    descend: Int32Array,
    roots: IntArray,
    cost: Int32Array,
) -> None:
    """Set the cost (rows, roots) from each root to every node; swap climb and descend to reverse.

    Each root climbs its own chain of parents; then one pass from the highest rank down serves all roots at once.
    """
    nodes = len(first) - 1
    columns = cost.shape[1]
    cost[:] = INF_COST
    for k in range(columns):
        v = roots[k]
        if v >= 0:
            cost[row[v], k] = 0
        while v >= 0:
            here = cost[row[v], k]
            if here < INF_COST:
                for e in range(first[v], first[v + 1]):
                    there = upper_row[e]
                    cost[there, k] = min(cost[there, k], here + climb[e])
            v = parent[v]
    for v in range(nodes - 1, -1, -1):
        mine = cost[row[v]]
        e, end = first[v], first[v + 1]
        if (end - e) % 2:
            above, weight = cost[upper_row[e]], descend[e]
            for k in range(columns):
                mine[k] = min(mine[k], above[k] + weight)
            e += 1
        while e < end:
            above, weight = cost[upper_row[e]], descend[e]
            next_above, next_weight = cost[upper_row[e + 1]], descend[e + 1]
            for k in range(columns):
                mine[k] = min(mine[k], above[k] + weight, next_above[k] + next_weight)
            e += 2


@njit(nogil=True, cache=True)
def enter(  # noqa: PLR0917 - flat arrays for the compiler
    first: IntArray,
    other: Int32Array,
    arcs: Int32Array,
    weight: Int32Array,
    cost: Int32Array,
    tree: Int32Array,
) -> None:
    """Set the arc by which the cheapest path enters each node: of equals, the lowest number. Zero-cost arcs are left to `enter_free`.

    `first`, `other`, `arcs` list the arcs into each node, ascending, and the nodes they come from.
    """
    columns = cost.shape[1]
    tree[:] = -1
    for v in range(len(first) - 1):
        mine = cost[v]
        chosen = tree[v]
        for i in range(first[v + 1] - 1, first[v] - 1, -1):
            arc = arcs[i]
            step = weight[arc]
            if step == 0 or step >= INF_COST:
                continue
            before = cost[other[i]]
            for k in range(columns):
                chosen[k] = arc if before[k] + step == mine[k] else chosen[k]


@njit(nogil=True, cache=True)
def enter_free(  # noqa: PLR0917 - flat arrays for the compiler
    first: IntArray,
    other: Int32Array,
    arcs: Int32Array,
    weight: Int32Array,
    cost: Int32Array,
    tree: Int32Array,
    roots: IntArray,
) -> None:
    """Set the entering arc of nodes that only zero-cost arcs explain, breadth-first, so that no cycle can arise.

    `first`, `other`, `arcs` list the arcs out of each node and the nodes they lead to.
    """
    nodes = len(first) - 1
    queue = np.empty(nodes, dtype=np.int64)
    for k in range(len(roots)):
        size = 0
        for v in range(nodes):
            if tree[v, k] >= 0 or v == roots[k]:
                queue[size] = v
                size += 1
        done = 0
        while done < size:
            v = queue[done]
            done += 1
            for i in range(first[v], first[v + 1]):
                there = other[i]
                if (
                    weight[arcs[i]] == 0
                    and tree[there, k] < 0
                    and there != roots[k]
                    and cost[there, k] == cost[v, k]
                ):
                    tree[there, k] = arcs[i]
                    queue[size] = there
                    size += 1


@njit(nogil=True, cache=True)
def _climb(  # noqa: PLR0917 - flat arrays for the compiler
    first: IntArray,
    upper: Int32Array,
    parent: Int32Array,
    climb: Int32Array,
    root: int,
    climbed: Int32Array,
    via: Int32Array,
    under: Int32Array,
) -> None:
    """Set on the root's chain the cost by climbing alone, the edge that gives it and that edge's lower end."""
    v = root
    while v >= 0:
        climbed[v] = INF_COST
        via[v] = -1
        v = parent[v]
    climbed[root] = 0
    v = root
    while v >= 0:
        if climbed[v] < INF_COST:
            for e in range(first[v], first[v + 1]):
                further = climbed[v] + climb[e]
                if further < climbed[upper[e]]:
                    climbed[upper[e]] = further
                    via[upper[e]] = e
                    under[upper[e]] = v
        v = parent[v]


@njit(nogil=True, cache=True)
def load_edges(  # noqa: C901, PLR0912, PLR0917 - one pass over the closure, kept whole for the compiler
    first: IntArray,
    upper: Int32Array,
    parent: Int32Array,
    climb: Int32Array,
    descend: Int32Array,
    roots: IntArray,
    cost: Int32Array,
    edge: Int32Array,
    terminals: IntArray,
    flows: FloatArray,
    up_flow: FloatArray,
    down_flow: FloatArray,
) -> bool:
    """Carry flows (terminals, roots) along each root's tree onto edges of the whole. False if some flow has no path.

    A node whose cost the root's climb explains is reached from below, every other from above, by the lowest upper end
    that explains it. So flow first only rises, then only falls: no cycle, even over zero-cost arcs.
    """
    nodes, ports = cost.shape
    mass = np.zeros((nodes, ports))
    for i in range(len(terminals)):
        for k in range(ports):
            mass[terminals[i], k] += flows[i, k]
    climbed = np.empty(nodes, dtype=np.int32)
    via = np.empty(nodes, dtype=np.int32)
    under = np.empty(nodes, dtype=np.int32)
    below = np.zeros((nodes, ports), dtype=np.uint8)
    for k in range(ports):
        if roots[k] < 0:
            continue
        _climb(first, upper, parent, climb, roots[k], climbed, via, under)
        v = roots[k]
        while v >= 0:
            below[v, k] = climbed[v] == cost[v, k] and climbed[v] < INF_COST
            v = parent[v]
    chosen = np.empty(ports, dtype=np.int64)
    for v in range(nodes):
        carries = False
        for k in range(ports):
            carries |= mass[v, k] != 0.0 and below[v, k] == 0
            chosen[k] = -1
        if not carries:
            continue
        mine = cost[v]
        for e in range(first[v + 1] - 1, first[v] - 1, -1):
            above = cost[upper[e]]
            weight = descend[e]
            for k in range(ports):
                chosen[k] = e if above[k] + weight == mine[k] else chosen[k]
        for k in range(ports):
            passing = mass[v, k]
            if passing != 0.0 and below[v, k] == 0:
                e = chosen[k]
                if e < 0 or mine[k] >= INF_COST:
                    return False
                down_flow[edge[e]] += passing
                mass[upper[e], k] += passing
    chain = np.empty(nodes, dtype=np.int64)
    for k in range(ports):
        if roots[k] < 0:
            continue
        _climb(first, upper, parent, climb, roots[k], climbed, via, under)
        length = 0
        v = roots[k]
        while v >= 0:
            chain[length] = v
            length += 1
            v = parent[v]
        for i in range(length - 1, 0, -1):
            v = chain[i]
            if below[v, k] and mass[v, k] != 0.0:
                up_flow[edge[via[v]]] += mass[v, k]
                mass[under[v], k] += mass[v, k]
    return True


@njit(nogil=True, cache=True)
def unpack(  # noqa: C901, PLR0912, PLR0917 - one pass over the edges, kept whole for the compiler
    first: IntArray,
    upper: Int32Array,
    lower: Int32Array,
    below_first: IntArray,
    below_edge: Int32Array,
    arc_first: IntArray,
    arc_of: Int32Array,
    upward: Int32Array,
    cost: Int32Array,
    climb: Int32Array,
    descend: Int32Array,
    up_flow: FloatArray,
    down_flow: FloatArray,
    flow: FloatArray,
) -> bool:
    """Move what the edges carry (used up) onto arcs, the highest edges first. False if no arc or triangle explains an edge.

    An arc as cheap as its edge takes the flow, the lowest number first; else the triangle whose third rank is highest.
    """
    one = np.uint64(1)
    for e in range(len(upper) - 1, -1, -1):
        for way in range(2):
            passing = up_flow[e] if way == 1 else down_flow[e]
            if passing == 0.0:
                continue
            price = climb[e] if way == 1 else descend[e]
            found = False
            for i in range(arc_first[e], arc_first[e + 1]):
                arc = arc_of[i]
                if upward[arc] == way and cost[arc] == price:
                    flow[arc] += passing
                    found = True
                    break
            if found:
                continue
            x = lower[e]
            y = upper[e]
            for i in range(below_first[x + 1] - 1, below_first[x] - 1, -1):
                d = np.uint64(below_edge[i])
                lower_cost = descend[d] if way == 1 else climb[d]
                if lower_cost > price:
                    continue
                j = d + one
                end = np.uint64(first[lower[d] + 1])
                while j < end and upper[j] < y:
                    j += one
                if j == end or upper[j] != y:
                    continue
                if lower_cost + (climb[j] if way == 1 else descend[j]) == price:
                    if way == 1:
                        down_flow[d] += passing
                        up_flow[j] += passing
                    else:
                        up_flow[d] += passing
                        down_flow[j] += passing
                    found = True
                    break
            if not found:
                return False
    return True
