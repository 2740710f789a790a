"""The topology of a network as routing needs it: an order of elimination and the shortcut edges that it adds.

The order comes from METIS's nested dissection (through pymetis) after roads without a choice, nodes with at most two
neighbours, are taken out. Everything else is a few passes over integers. No cost is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pymetis

from corridors.core.types import freeze
from corridors.inference.routing import elimination

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.core.types import IntArray

    Int32Array = NDArray[np.int32]

_METIS = {"seed": 1, "nseps": 2, "ufactor": 400}
"""Two tries a separator, and uneven halves allowed where that makes it smaller: 9% fewer triangles than by default."""
_MIN_NODES = 3
"""Graphs with fewer nodes than this are not worth METIS."""


class SearchSpace(NamedTuple):
    """The subset of a hierarchy that paths between ports and terminals can climb through.

    Parameters
    ----------
    first, upper, edge
        (nodes + 1,), (edges,), (edges,) edges by lower end, their upper end in the subset, their number in the hierarchy.
    parent, row
        (nodes,) parent in the subset, -1 at the top; 0..n-1.
    terminals, ports
        Position of each in the subset, -1 for a missing one.
    """

    first: IntArray
    upper: Int32Array
    edge: Int32Array
    parent: Int32Array
    row: Int32Array
    terminals: IntArray
    ports: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """A network's topology, prepared once for any costs. Ranks number the nodes in order of elimination.

    Parameters
    ----------
    node, rank, parent
        (nodes,) node of each rank; rank of each node; parent in the elimination tree, by rank, -1 at a top.
    first, upper, lower, upper_node
        (nodes + 1,), (edges,) ... edges by lower rank; upper rank, lower rank, node of the upper rank.
    triangle
        (triangles,) the edge opposite each lower rank's pair of edges, in the order they are met.
    below_first, below_edge
        (nodes + 1,), (edges,) edges by upper rank.
    arc_edge, arc_up
        (arcs,) edge an arc lies on, -1 for a loop; 1 if it goes up.
    arc_first, arc_of
        (edges + 1,), (arcs,) arcs by edge, ascending.
    into_first, into_arc, into_node
        (nodes + 1,), (arcs,), (arcs,) arcs by head, ascending, and their tails; loops left out.
    out_first, out_arc, out_node
        The same by tail.
    us, mx
        The subsets that the two sides' terminals need.
    """

    node: Int32Array
    rank: Int32Array
    parent: Int32Array
    first: IntArray
    upper: Int32Array
    lower: Int32Array
    upper_node: Int32Array
    triangle: Int32Array
    below_first: IntArray
    below_edge: Int32Array
    arc_edge: Int32Array
    arc_up: Int32Array
    arc_first: IntArray
    arc_of: Int32Array
    into_first: IntArray
    into_arc: Int32Array
    into_node: Int32Array
    out_first: IntArray
    out_arc: Int32Array
    out_node: Int32Array
    us: SearchSpace
    mx: SearchSpace

    def __post_init__(self) -> None:
        """Make every array read-only."""
        for name in self.__slots__:
            value = getattr(self, name)
            freeze(*(value if isinstance(value, SearchSpace) else (value,)))

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node)

    @property
    def edges(self) -> int:
        """Number of edges, shortcuts included."""
        return len(self.upper)

    @property
    def nbytes(self) -> int:
        """Memory of the arrays, bytes."""
        fields = (getattr(self, name) for name in self.__slots__)
        return sum(a.nbytes for one in fields for a in (one if isinstance(one, SearchSpace) else (one,)))


class _Elimination(NamedTuple):
    """Ranks and edges of an order."""

    node: Int32Array
    rank: Int32Array
    parent: Int32Array
    first: IntArray
    upper: Int32Array


def build_hierarchy(
    tail: IntArray,
    head: IntArray,
    nodes: int,
    *,
    us: tuple[IntArray, IntArray],
    mx: tuple[IntArray, IntArray],
) -> Hierarchy:
    """Return the hierarchy of a directed graph.

    Parameters
    ----------
    tail, head
        (arcs,) node positions; parallel arcs and loops are allowed.
    nodes
        Number of nodes.
    us, mx
        Terminals and ports of either side, as node positions; -1 for a missing port.
    """
    start, stop = tail.astype(np.int32), head.astype(np.int32)
    shape = _eliminate(start, stop, nodes)
    lower = np.repeat(np.arange(nodes, dtype=np.int32), np.diff(shape.first))
    below_first, below_edge = _group(shape.upper, nodes)
    a, b = shape.rank[start], shape.rank[stop]
    arc_edge = elimination.find_edges(shape.first, shape.upper, np.minimum(a, b), np.maximum(a, b))
    arc_first, arc_of = _group(arc_edge, len(shape.upper))
    loop_free = np.flatnonzero(start != stop).astype(np.int32)
    into_first, into = _group(stop[loop_free], nodes)
    out_first, out = _group(start[loop_free], nodes)
    into_arc, out_arc = loop_free[into], loop_free[out]
    return Hierarchy(
        node=shape.node,
        rank=shape.rank,
        parent=shape.parent,
        first=shape.first,
        upper=shape.upper,
        lower=lower,
        upper_node=shape.node[shape.upper],
        triangle=elimination.triangles(shape.first, shape.upper),
        below_first=below_first,
        below_edge=below_edge,
        arc_edge=arc_edge,
        arc_up=(a < b).astype(np.int32),
        arc_first=arc_first,
        arc_of=arc_of,
        into_first=into_first,
        into_arc=into_arc,
        into_node=start[into_arc],
        out_first=out_first,
        out_arc=out_arc,
        out_node=stop[out_arc],
        us=_search_space(shape, *us),
        mx=_search_space(shape, *mx),
    )


def _eliminate(tail: Int32Array, head: Int32Array, nodes: int) -> _Elimination:
    """Return the ranks, children before parents and each subtree in one piece, and the edges they add."""
    first, other = _neighbours(tail, head, nodes)
    node = _order(first, other)
    rank = _inverse(node)
    _, _, parent = elimination.symbolic(first, other, node, rank)
    node = node[_inverse(elimination.postorder(parent))]
    rank = _inverse(node)
    up_first, upper, parent = elimination.symbolic(first, other, node, rank)
    return _Elimination(node, rank, parent, up_first, upper)


def _order(first: IntArray, other: Int32Array) -> Int32Array:
    """Return the nodes in order of elimination."""
    nodes = len(first) - 1
    mutable, count = other.copy(), np.diff(first)
    early = elimination.simple_nodes(first, mutable, count)
    rest = np.ones(nodes, dtype=bool)
    rest[early] = False
    core = np.flatnonzero(rest)
    if len(core) < _MIN_NODES:
        return np.concatenate([early, core]).astype(np.int32)
    place = np.full(nodes, -1, dtype=np.int32)
    place[core] = np.arange(len(core), dtype=np.int32)
    keep = np.repeat(rest, np.diff(first)) & (_offsets(first) < np.repeat(count, np.diff(first)))
    starts = np.concatenate([[0], np.cumsum(count[core])]).astype(np.int32)
    adjacency = pymetis.CSRAdjacency(starts, place[mutable[keep]])
    late = core[np.asarray(pymetis.nested_dissection(adjacency, options=pymetis.Options(**_METIS))[0])]
    return np.concatenate([early, late]).astype(np.int32)


def _offsets(first: IntArray) -> IntArray:
    """Return each entry's position within its row."""
    return np.arange(first[-1]) - np.repeat(first[:-1], np.diff(first))


def _neighbours(tail: Int32Array, head: Int32Array, nodes: int) -> tuple[IntArray, Int32Array]:
    """Return the undirected simple graph in compressed rows, sorted."""
    a = np.concatenate([tail, head]).astype(np.int64)
    b = np.concatenate([head, tail])
    keys = np.sort((a * nodes + b)[a != b])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    starts = np.searchsorted(keys, np.arange(nodes + 1, dtype=np.int64) * nodes)
    return starts.astype(np.int64), (keys % max(nodes, 1)).astype(np.int32)


def _group(key: Int32Array, groups: int) -> tuple[IntArray, Int32Array]:
    """Return positions grouped by key, ascending within a group; negative keys are left out."""
    order = np.argsort(key, kind="stable").astype(np.int32)
    counts = np.bincount(key[key >= 0], minlength=groups)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return first, order[len(order) - first[-1] :].copy()


def _inverse(permutation: Int32Array) -> Int32Array:
    """Return the permutation that undoes this one."""
    inverse = np.empty(len(permutation), dtype=np.int32)
    inverse[permutation] = np.arange(len(permutation), dtype=np.int32)
    return inverse


def _search_space(shape: _Elimination, terminals: IntArray, ports: IntArray) -> SearchSpace:
    """Return the subset of the hierarchy above the terminals and ports."""
    ends = np.concatenate([terminals, ports])
    ranks = np.where(ends >= 0, shape.rank[ends], -1).astype(np.int64)
    members = np.flatnonzero(elimination.ancestors(shape.parent, ranks)).astype(np.int32)
    place = np.full(len(shape.rank) + 1, -1, dtype=np.int32)
    place[members] = np.arange(len(members), dtype=np.int32)
    counts = np.diff(shape.first)[members]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    edge = (np.repeat(shape.first[members], counts) + _offsets(first)).astype(np.int32)
    found = place[ranks].astype(np.int64)
    return SearchSpace(
        first=first,
        upper=place[shape.upper[edge]],
        edge=edge,
        parent=place[shape.parent[members]],
        row=np.arange(len(members), dtype=np.int32),
        terminals=found[: len(terminals)].copy(),
        ports=found[len(terminals) :].copy(),
    )
