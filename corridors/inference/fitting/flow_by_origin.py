"""Flow over each edge by where it comes from, north of the border, and by where it goes, south of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.inference.fitting.ensemble import PORT_WORLDS
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.routing.places import edge_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.types import FloatArray, FlowDraws
    from corridors.inference.fitting.problem import Problem


class _Task(NamedTuple):
    """What the worlds share: `draws` are (world, kept draw), `origins` and `ends` (columns, places) fractions."""

    problem: Problem
    posterior: FlowDraws
    draws: Sequence[tuple[int, int]]
    origins: FloatArray
    ends: FloatArray


def edge_flow_by_origin(problem: Problem, posterior: FlowDraws, origins: FloatArray) -> FloatArray:
    """Return (edges, columns) flow over each edge by where it comes from, in the north, or goes to, in the south.

    A column is one of `origins` on edges of the north and of the ports, and one of the evidence's Mexican states on those
    of the south; columns past the shorter list are zero there. Means over the first draw of the worlds that flow by port
    is kept of.

    Parameters
    ----------
    problem, posterior
        What was inferred from, and its draws.
    origins
        (zones, origins) fraction of each zone in each place of origin.
    """
    evidence, plan = problem.evidence, problem.plan
    worlds, draws = np.unique(posterior.world[posterior.kept], return_index=True)
    ends = np.eye(len(evidence.mx_states))[evidence.municipality_state]
    columns = max(origins.shape[1], ends.shape[1])
    padded = [np.pad(one, ((0, 0), (0, columns - one.shape[1]))).T for one in (origins, ends)]
    kept = list(zip(worlds.tolist(), draws.tolist(), strict=True))[: PORT_WORLDS[plan.mode]]
    task = _Task(problem, posterior, kept, *padded)
    found = thread_executor(plan.jobs)(_one_draw, task, len(kept))
    return np.asarray(sum(found) / len(kept))


def _one_draw(task: _Task, n: int) -> FloatArray:
    """Return (edges, columns) flow of one draw."""
    world, draw = task.draws[n]
    routed = task.problem.world(world)
    by_zone, by_municipality = task.posterior.zone_port[draw], task.posterior.port_municipality[draw]
    return np.stack(
        [
            edge_flow(task.problem.network, routed, by_zone * start[:, None], by_municipality * end)
            for start, end in zip(task.origins, task.ends, strict=True)
        ],
        axis=1,
    )
