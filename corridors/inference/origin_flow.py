"""The flow that starts in places of origin, such as consular districts, on both sides of the border.

Under the structure "trip" a gun's destination depends on where it was bought, also among those that cross at one port; so an
origin's roads beyond the port are those of its own flow, not a fraction of all that crosses there. Each draw is computed
again for every origin: one more product of (ports, zones) and (zones, municipalities) arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.core.results import OriginFlow
from corridors.core.types import freeze
from corridors.inference.fitting.ensemble import PORT_WORLDS
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.model.choice import flow
from corridors.inference.model.state_sums import members
from corridors.inference.routing.places import edge_flow

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, FlowDraws
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.problem import Problem


class _Task(NamedTuple):
    """What the worlds share: the problem, its draws, (zones, origins) fractions, and the number of worlds with edges."""

    problem: Problem
    posterior: FlowDraws
    origins: FloatArray
    edge_worlds: int


def flow_by_origin(
    problem: Problem, posterior: FlowDraws, origins: FloatArray, *, executor: Executor | None = None
) -> OriginFlow:
    """Return draws of the flow that starts in each place of origin, by port, by Mexican state and over each edge.

    Sums over origins that hold every zone once are the posterior's own shares, draw by draw.

    Parameters
    ----------
    problem, posterior
        What was inferred from, and its draws.
    origins
        (zones, origins) fraction of each zone in each place of origin.
    executor
        Where the worlds are computed; threads of this machine by default.
    """
    plan, worlds = problem.plan, int(posterior.world.max()) + 1
    task = _Task(problem, posterior, origins, min(worlds, PORT_WORLDS[plan.mode]))
    executor = executor or thread_executor(plan.jobs)
    found = list(executor(_of_world, task, worlds))
    whole = OriginFlow(
        port=np.concatenate([one.port for one in found]),
        mx_state=np.concatenate([one.mx_state for one in found]),
        edge=np.concatenate([one.edge for one in found]),
    )
    freeze(whole.port, whole.mx_state, whole.edge)
    return whole


def _of_world(task: _Task, world: int) -> OriginFlow:
    """Return the flow by origin of the kept draws of a world."""
    problem, posterior = task.problem, task.posterior
    evidence = problem.evidence
    routed = problem.world(world)
    legs = problem.kept_legs(routed.legs)
    to_state = members(evidence.municipality_state, len(evidence.mx_states)).T
    kept = posterior.kept[posterior.world[posterior.kept] == world]
    ports, states = [], []
    edges = np.zeros((0, task.origins.shape[1], problem.network.arcs.field.shape[0]), dtype=np.float32)
    for n, row in enumerate(kept):
        model = flow({name: values[row] for name, values in posterior.parameters.items()}, evidence, legs)
        trips = [model.of_zones(own) for own in task.origins.T]
        ports.append([by_zone.sum(axis=0) for by_zone, _ in trips])
        states.append([(by_municipality @ to_state).sum(axis=0) for _, by_municipality in trips])
        if n == 0 and world < task.edge_worlds:
            flows = [edge_flow(problem.network, routed, *one) for one in trips]
            edges = np.asarray([flows], dtype=np.float32)
    return OriginFlow(np.array(ports), np.array(states), edges)
