"""Queries on a prepared network: a hundred shortest-path trees in the time of one.

A customisable contraction hierarchy. `prepare_hierarchy` looks at the topology once; `customise` takes the costs of a world;
then `leg_costs` and `assign_flow` serve the ports' two sides, `trees` and `distances` any roots. All of it is exact on integers.

Ties
    A flow between a port and a terminal takes one path. Of equally cheap ways, the hierarchy's own rule decides: a node
    the port's climb explains is reached from below, any other from its lowest upper neighbour; an edge is its lowest
    arc if one is as cheap, else the way through the highest rank below it. `trees` enters a node by the lowest arc
    number of those as cheap (zero-cost arcs only where no other explains the node). Both depend on graph and costs
    alone.

Range
    Costs are int32 inside and never pass 2**30 - 1, so that no sum overflows. A shortest path that would not fit raises
    OverflowError; it is never returned as unreachable. At 360,000 units an hour the limit is 2,982 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.core.types import freeze
from corridors.inference.routing import kernels
from corridors.inference.routing.hierarchy import Hierarchy, SearchSpace, build_hierarchy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from corridors.core.types import Arcs, FloatArray, IntArray

    Int32Array = NDArray[np.int32]

UNREACHABLE = np.int64(2**40)
"""Cost without a path in `leg_costs`, and of a closed arc: above any path."""
INF_COST = int(kernels.INF_COST)
"""Cost of an unreached node in `trees` and `distances`."""
_EXERCISES = 5
"""Steps of `_exercise`."""


class _Labels(NamedTuple):
    """Costs between one side's ports and the nodes of its closure, with the edge costs they came from."""

    climb: Int32Array
    descend: Int32Array
    cost: Int32Array


@dataclass(frozen=True, eq=False)
class Metric:
    """A hierarchy with the costs of one world.

    Parameters
    ----------
    hierarchy
        The topology the costs belong to.
    cost, climb, descend
        (arcs,), (edges,), (edges,) costs of arcs, of going up and of coming down each edge.
    longest
        Cost of the dearest edge.
    free
        Whether some arc costs nothing.
    """

    hierarchy: Hierarchy
    cost: Int32Array
    climb: Int32Array
    descend: Int32Array
    longest: int
    free: bool

    @cached_property
    def us_labels(self) -> _Labels:
        """Costs from the US terminals' closure to the ports."""
        return self._labels(self.hierarchy.us, reverse=True)

    @cached_property
    def mx_labels(self) -> _Labels:
        """Costs from the ports to the Mexican terminals' closure."""
        return self._labels(self.hierarchy.mx, reverse=False)

    def _labels(self, space: SearchSpace, *, reverse: bool) -> _Labels:
        """Sweep a closure from its ports."""
        climb, descend = self.climb[space.edge], self.descend[space.edge]
        if reverse:
            climb, descend = descend, climb
        cost = np.empty((len(space.row), len(space.ports)), dtype=np.int32)
        kernels.sweep(space.row, space.first, space.upper, space.parent, climb, descend, space.ports, cost)
        _check_range(cost, self.longest)
        freeze(cost)
        return _Labels(climb, descend, cost)


class ArcTrees(NamedTuple):
    """Trees from several roots.

    Parameters
    ----------
    cost
        (roots, nodes) int32 cost units, `INF_COST` where there is no path. A view: a node's costs stand together.
    arc
        (roots, nodes) int32 arc by which the tree enters a node (or, reversed, leaves it); -1 at roots and unreached.
    """

    cost: Int32Array
    arc: Int32Array


def prepare_hierarchy(arcs: Arcs, *, us: IntArray, mx: IntArray) -> Hierarchy:
    """Return the hierarchy of a network, for any costs.

    Parameters
    ----------
    arcs
        The network. Ports are `arcs.port_us` and `arcs.port_mx`; -1 is a port without that side.
    us, mx
        Nodes where zones enter the network and where municipalities leave it.

    Raises
    ------
    IndexError
        A terminal or a port is no node of the network.
    """
    for name, ends, least in (
        ("us", us, 0),
        ("mx", mx, 0),
        ("port_us", arcs.port_us, -1),
        ("port_mx", arcs.port_mx, -1),
    ):
        if len(ends) and not least <= int(ends.min()) <= int(ends.max()) < arcs.nodes:
            raise IndexError(f"{name} names a node outside 0..{arcs.nodes - 1}")
    return build_hierarchy(arcs.tail, arcs.head, arcs.nodes, us=(us, arcs.port_us), mx=(mx, arcs.port_mx))


def customise(h: Hierarchy, costs: IntArray) -> Metric:
    """Return the hierarchy with the costs of one world.

    Parameters
    ----------
    costs
        (arcs,) whole cost units, not negative; `UNREACHABLE` closes an arc.

    Raises
    ------
    ValueError
        A cost is negative, or there is not one an arc.
    OverflowError
        Costs are too large for int32; use a coarser unit.
    """
    cost = _checked(h, costs)
    climb, descend = (np.empty(h.edges, dtype=np.int32) for _ in range(2))
    kernels.customise(h.first, h.triangle, h.arc_edge, h.arc_up, cost, climb, descend)
    return _metric(h, cost, climb, descend)


def leg_costs(h: Hierarchy, metric: Metric) -> tuple[IntArray, IntArray]:
    """Return the costs (US terminals, ports) and (ports, Mexican terminals), `UNREACHABLE` without a path.

    Raises
    ------
    OverflowError
        A path is too long for int32.
    """
    _check_pair(h, metric)
    return (
        _wide(_at_terminals(h.us, metric.us_labels)),
        _wide(_at_terminals(h.mx, metric.mx_labels)).T.copy(),
    )


def assign_flow(h: Hierarchy, metric: Metric, by_us: FloatArray, by_mx: FloatArray) -> FloatArray:
    """Return the flow on each arc, each trip on a cheapest path.

    Flow times cost, summed over arcs, is flow times leg cost, summed over legs.

    Parameters
    ----------
    by_us, by_mx
        (US terminals, ports) and (ports, Mexican terminals) flows.

    Raises
    ------
    ValueError
        Flow is sent where no path leads, or the shapes are not those of the terminals and ports.
    """
    _check_pair(h, metric)
    up_flow, down_flow = np.zeros(h.edges), np.zeros(h.edges)
    _load_side(h.mx, metric.mx_labels, by_mx.T, up_flow, down_flow)
    _load_side(h.us, metric.us_labels, by_us, down_flow, up_flow)
    flow = np.zeros(len(h.arc_edge))
    explained = kernels.unpack(
        h.first, h.upper, h.lower, h.below_first, h.below_edge, h.arc_first, h.arc_of, h.arc_up,
        metric.cost, metric.climb, metric.descend, up_flow, down_flow, flow,
    )  # fmt: skip
    if not explained:
        raise AssertionError("no arc or triangle explains an edge's cost: the metric was changed")
    return flow


def distances(
    h: Hierarchy, metric: Metric, roots: IntArray, *, reverse: bool = False, out: Int32Array | None = None
) -> Int32Array:
    """Return (roots, nodes) costs from each root to every node, `INF_COST` without a path; reversed, to each root.

    Parameters
    ----------
    roots
        Node positions.
    out
        Costs an earlier call returned for as many roots, to write over: allocating fresh memory takes as long as the sweep.

    Raises
    ------
    OverflowError
        A path is too long for int32.
    """
    return _distances(h, metric, roots, reverse=reverse, out=out).T


def trees(
    h: Hierarchy, metric: Metric, roots: IntArray, *, reverse: bool = False, out: ArcTrees | None = None
) -> ArcTrees:
    """Return the trees of cheapest paths from each root to every node; reversed, from every node to each root.

    Parameters
    ----------
    roots
        Node positions.
    out
        Trees an earlier call returned for as many roots, to write over.

    Raises
    ------
    OverflowError
        A path is too long for int32.
    """
    cost = _distances(h, metric, roots, reverse=reverse, out=None if out is None else out.cost)
    tree = np.empty_like(cost) if out is None else out.arc.T
    before = (h.out_first, h.out_node, h.out_arc)
    after = (h.into_first, h.into_node, h.into_arc)
    if not reverse:
        before, after = after, before
    kernels.enter(*before, metric.cost, cost, tree)
    if metric.free:
        kernels.enter_free(*after, metric.cost, cost, tree, np.array(roots, dtype=np.int64))
    return ArcTrees(cost.T, tree.T)


def warm(progress: Callable[[int, int], None] | None = None) -> None:
    """Compile every kernel, so that a first run does not stall without notice.

    Parameters
    ----------
    progress
        Called with (steps done, steps in all).
    """
    for done, _ in enumerate(_exercise(), start=1):
        if progress is not None:
            progress(done, _EXERCISES)


def _exercise() -> Iterator[None]:
    """Run every kernel on a ladder of six rungs, one step at a time."""
    rungs = 6
    left = np.arange(rungs)
    pairs = np.array([*zip(left, left + rungs, strict=True), *pairwise(left), *pairwise(left + rungs)])
    tail, head = np.concatenate([pairs, pairs[:, ::-1]]).T
    port = np.array([rungs // 2])
    costs = np.ones(len(tail), dtype=np.int64)
    h = build_hierarchy(tail, head, 2 * rungs, us=(left, port), mx=(left + rungs, port))
    yield
    metric, free = customise(h, costs), customise(h, 0 * costs)
    yield
    leg_costs(h, metric)
    yield
    assign_flow(h, metric, np.ones((rungs, 1)), np.ones((1, rungs)))
    yield
    trees(h, free, port)
    yield


def _checked(h: Hierarchy, costs: IntArray) -> Int32Array:
    """Return costs as int32, closed arcs at `INF_COST`."""
    if costs.shape != h.arc_edge.shape:
        raise ValueError(f"costs of shape {costs.shape} for {len(h.arc_edge)} arcs")
    cost = np.empty(len(costs), dtype=np.int32)
    source = np.array(costs, dtype=np.int64, copy=None, order="C").view()
    source.flags.writeable = False
    least, most = kernels.narrow(source, UNREACHABLE, cost)
    if least < 0:
        raise ValueError("a cost is negative")
    if most >= INF_COST:
        raise OverflowError(f"an arc costs {most}, the limit is {INF_COST - 1}")
    return cost


def _metric(h: Hierarchy, cost: Int32Array, climb: Int32Array, descend: Int32Array) -> Metric:
    """Return a world's metric, once no sum can have been cut off at `INF_COST`."""
    longest = max(int(kernels.largest(climb)), int(kernels.largest(descend)))
    if 2 * longest >= INF_COST:
        raise OverflowError(
            f"a way through the network costs {longest} or more, the limit is {INF_COST // 2}"
        )
    freeze(cost, climb, descend)
    return Metric(h, cost, climb, descend, longest, free=bool((cost == 0).any()))


def _distances(
    h: Hierarchy, metric: Metric, roots: IntArray, *, reverse: bool, out: Int32Array | None
) -> Int32Array:
    """Return (nodes, roots) costs."""
    _check_pair(h, metric)
    if len(roots) and not 0 <= int(roots.min()) <= int(roots.max()) < h.nodes:
        raise IndexError(f"a root is no node of 0..{h.nodes - 1}")
    shape = (h.nodes, len(roots))
    cost = np.empty(shape, dtype=np.int32) if out is None else out.T
    if cost.shape != shape or not cost.flags.c_contiguous or cost.dtype != np.int32:
        raise ValueError("`out` is not what an earlier call returned for as many roots")
    ranks = h.rank[roots].astype(np.int64)
    climb, descend = (metric.descend, metric.climb) if reverse else (metric.climb, metric.descend)
    kernels.sweep(h.node, h.first, h.upper_node, h.parent, climb, descend, ranks, cost)
    _check_range(cost, metric.longest)
    return cost


def _check_range(cost: Int32Array, longest: int) -> None:
    """Raise if a path may have been cut off at `INF_COST`."""
    reached = int(kernels.largest(cost.ravel()))
    if reached + longest >= INF_COST:
        raise OverflowError(
            f"a path costs {reached}, an edge {longest}: together the limit is {INF_COST - 1}"
        )


def _check_pair(h: Hierarchy, metric: Metric) -> None:
    """Raise if the metric is another hierarchy's."""
    if metric.hierarchy is not h:
        raise ValueError("the metric was made for another hierarchy")


def _at_terminals(space: SearchSpace, labels: _Labels) -> Int32Array:
    """Return (terminals, ports) costs."""
    return labels.cost[space.terminals]


def _wide(cost: Int32Array) -> IntArray:
    """Return int64 costs with `UNREACHABLE` for `INF_COST`."""
    return np.where(cost == INF_COST, UNREACHABLE, cost.astype(np.int64))


def _load_side(
    space: SearchSpace, labels: _Labels, flows: FloatArray, up_flow: FloatArray, down_flow: FloatArray
) -> None:
    """Add one side's flows, (terminals, ports), to the flow on edges."""
    shape = (len(space.terminals), len(space.ports))
    if flows.shape != shape:
        raise ValueError(f"flows of shape {flows.shape} for (terminals, ports) = {shape}")
    flows = np.ascontiguousarray(flows, dtype=np.float64)
    if np.any((_at_terminals(space, labels) == INF_COST) & (flows != 0)):
        raise ValueError("flow is sent where no path leads")
    ports, cost = space.ports, labels.cost
    used = flows.any(axis=0)
    if (
        not used.all()
    ):  # a pass over the closure reads every port's costs: the flow of one port alone takes half the time
        ports, cost, flows = ports[used], cost[:, used], flows[:, used]
    carried = kernels.load_edges(
        space.first, space.upper, space.parent, labels.climb, labels.descend, ports, cost,
        space.edge, space.terminals, flows, up_flow, down_flow,
    )  # fmt: skip
    if not carried:
        raise AssertionError("no edge explains a cost: the labels were changed")
