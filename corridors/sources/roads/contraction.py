"""Contract a road graph in arrays: chains of equal edges become one edge.

`osmnx.simplify_graph` does the same for a networkx graph and serves a city; at tens of millions of edges its Python
objects need tens of gigabytes (`benchmarks/results/simplify.md`). Here a compiled loop visits every edge once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from corridors.core.types import freeze

if TYPE_CHECKING:
    from corridors.core.types import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains of edges, each from one kept node to the next.

    Parameters
    ----------
    start
        (chains + 1,) where each chain begins in `edge`.
    edge
        (edges,) every edge once, in the order of its chain.
    flip
        (edges,) whether the chain runs along the edge from `v` to `u`; never on a one-way edge.
    """

    start: IntArray
    edge: IntArray
    flip: BoolArray

    def __post_init__(self) -> None:
        """Make every array read-only."""
        freeze(self.start, self.edge, self.flip)

    @property
    def chain(self) -> IntArray:
        """Chain of each entry of `edge`."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def ends(self, u: IntArray, v: IntArray) -> tuple[IntArray, IntArray]:
        """Return the first and the last node of each chain."""
        first, last = self.start[:-1], self.start[1:] - 1
        return (
            np.where(self.flip[first], v[self.edge[first]], u[self.edge[first]]),
            np.where(self.flip[last], u[self.edge[last]], v[self.edge[last]]),
        )

    def paths(self, u: IntArray, v: IntArray) -> tuple[IntArray, IntArray]:
        """Return the nodes along every chain, ends included, and the chain each belongs to."""
        chain = self.chain
        slot = np.arange(len(self.edge)) + chain
        node = np.empty(len(self.edge) + len(self.start) - 1, dtype=u.dtype)
        node[slot] = np.where(self.flip, v[self.edge], u[self.edge])
        last = self.start[1:] + np.arange(len(self.start) - 1)
        node[last] = self.ends(u, v)[1]
        whose = np.empty(len(node), dtype=np.int64)
        whose[slot] = chain
        whose[last] = np.arange(len(last))
        return node, whose


def contract(nodes: int, u: IntArray, v: IntArray, *, code: IntArray, oneway: BoolArray) -> Chains:
    """Return the chains of edges between the nodes where roads meet, end or change.

    Parameters
    ----------
    nodes
        Number of nodes.
    u, v
        (edges,) ends of each edge. Parallel edges and loops are allowed.
    code
        (edges,) code of class, number, speed and so on; edges of a chain have equal codes.
    oneway
        (edges,) whether only `u` to `v` may be driven.

    Returns
    -------
    chains
        A node is contracted where exactly two edges meet, of equal code and compatible direction. A ring of such
        nodes keeps the first end of its first edge.
    """
    beside, through = _through(nodes, u, v, code, oneway)
    edge, flip, start = _walk(u, v, oneway, beside, through)
    return Chains(start=start, edge=edge, flip=flip)


@njit(nogil=True, cache=True)
def _through(
    nodes: int, u: IntArray, v: IntArray, code: IntArray, oneway: BoolArray
) -> tuple[IntArray, BoolArray]:
    """Return (nodes, 2) the first two edges at each node, and which nodes are contracted."""
    beside = np.full((nodes, 2), -1, dtype=np.int64)
    through = np.zeros(nodes, dtype=np.bool_)
    degree = np.zeros(nodes, dtype=np.int8)
    for e in range(len(u)):
        for node in (u[e], v[e]):
            if degree[node] < 2:
                beside[node, degree[node]] = e
            if degree[node] < 3:
                degree[node] += 1
    for node in range(nodes):
        if degree[node] == 2:
            a, b = beside[node, 0], beside[node, 1]
            alike = a != b and code[a] == code[b] and oneway[a] == oneway[b]
            through[node] = alike and (not oneway[a] or (v[a] == node) != (v[b] == node))
    return beside, through


@njit(nogil=True, cache=True)
def _walk(
    u: IntArray, v: IntArray, oneway: BoolArray, beside: IntArray, through: BoolArray
) -> tuple[IntArray, BoolArray, IntArray]:
    """Return the edges in the order of their chains, their direction there, and where chains begin."""
    edges = len(u)
    order = np.empty(edges, dtype=np.int64)
    flip = np.zeros(edges, dtype=np.bool_)
    start = np.zeros(edges + 1, dtype=np.int64)
    seen = np.zeros(edges, dtype=np.bool_)
    done = 0
    chains = 0
    for rings in (False, True):
        for first in range(edges):
            if seen[first]:
                continue
            if rings:
                through[u[first]] = False
            elif through[u[first]] and (oneway[first] or through[v[first]]):
                continue
            e = first
            at = v[first] if through[u[first]] else u[first]
            while True:
                back = u[e] != at
                seen[e] = True
                order[done] = e
                flip[done] = back
                done += 1
                at = u[e] if back else v[e]
                if not through[at]:
                    break
                e = beside[at, 1] if beside[at, 0] == e else beside[at, 0]
            chains += 1
            start[chains] = done
    return order, flip, start[: chains + 1].copy()
