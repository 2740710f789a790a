"""The most probable way of each leading journey: of its ways in several cost worlds, the one least unlike the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.inference.fitting.executors import thread_executor
from corridors.inference.routing import queries
from corridors.inference.routing.paths import tree_arcs, trip_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.journeys import Journeys, TripPath
    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.routing.places import CostWorld
    from corridors.inference.routing.queries import ArcTrees

WORLDS = 8
"""Cost worlds in which a trip is routed: enough to tell its usual way from a rare one."""


class _Task(NamedTuple):
    """What the worlds share: the (ports,) that trips cross at, and each trip's (trips,) port among them, start and end node."""

    problem: Problem
    ports: IntArray
    port: IntArray
    start: IntArray
    end: IntArray


def trip_paths(problem: Problem, journeys: Journeys, edge_km: FloatArray) -> list[TripPath]:
    """Return the most probable way of each journey's trip, from its zone through its port to its municipality.

    A trip takes the cheapest way of each cost world, as all flow does. Of those ways, the most probable is the one from
    which the others are least apart: the length of road that only one of two ways has, summed over the others. It starts
    where the cost to the port is the median of the zone's, and ends at the municipality's node.

    Parameters
    ----------
    problem
        What the run inferred from.
    journeys
        With a zone, port and municipality each.
    edge_km
        (edges,) lengths, km.
    """
    ports, port = np.unique(journeys.port, return_inverse=True)
    connectors = problem.evidence.connectors
    us_cost = _trees(problem, problem.median, ports)[0].cost
    start = [
        _median_entry(problem, int(zone), us_cost[k]) for zone, k in zip(journeys.zone, port, strict=True)
    ]
    end = connectors.municipality_node[journeys.municipality]
    task = _Task(problem, ports, port, np.array(start, dtype=np.int64), end)
    worlds = thread_executor(problem.plan.jobs)(_in_world, task, min(WORLDS, problem.plan.worlds))
    return [ways[medoid([way.edges for way in ways], edge_km)] for ways in zip(*worlds, strict=True)]


def medoid(ways: Sequence[IntArray], edge_km: FloatArray) -> int:
    """Return the position of the way from which the others are least apart; of equal ones, the first.

    Parameters
    ----------
    ways
        Edges of each way, none twice in one way.
    edge_km
        (edges,) lengths, km.
    """
    # two ways are apart by the sum of their lengths but twice what they share, and only that sum's own term differs
    count = np.bincount(np.concatenate(ways), minlength=len(edge_km))
    gain = [(edge_km[way] * (2 * count[way] - len(ways))).sum() for way in ways]
    return int(np.argmax(gain))


def _median_entry(problem: Problem, zone: int, cost: FloatArray) -> int:
    """Return the node by which a zone enters the network at its median of the (nodes,) costs."""
    entries = problem.evidence.connectors.zone_nodes
    rows = slice(entries.indptr[zone], entries.indptr[zone + 1])
    order = np.argsort(cost[entries.indices[rows]], kind="stable")
    weight = np.cumsum(entries.data[rows][order])
    half = int(np.searchsorted(weight, weight[-1] / 2))
    return int(entries.indices[rows][order[half]])


def _trees(problem: Problem, world: CostWorld, ports: IntArray) -> tuple[ArcTrees, ArcTrees]:
    """Return the trees of a cost world to the US sides of ports and from their Mexican sides."""
    arcs, hierarchy = problem.network.arcs, problem.network.hierarchy
    return (
        queries.trees(hierarchy, world.metric, arcs.port_us[ports], reverse=True),
        queries.trees(hierarchy, world.metric, arcs.port_mx[ports]),
    )


def _in_world(task: _Task, number: int) -> list[TripPath]:
    """Return the way of each trip in one cost world."""
    arcs = task.problem.network.arcs
    us, mx = _trees(task.problem, task.problem.world(number), task.ports)
    return [
        trip_path(
            arcs,
            tree_arcs(us.arc[k], int(start), arcs.head),
            int(task.ports[k]),
            tree_arcs(mx.arc[k], int(end), arcs.tail)[::-1],
        )
        for k, start, end in zip(task.port, task.start, task.end, strict=True)
    ]
