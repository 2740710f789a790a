"""A whole ensemble, end to end: how long so many cost worlds take on so many threads, in how much memory."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.bench.job import Trips, choose
from corridors.bench.measure import peak_gib
from corridors.core.settings import CostSettings
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.routing import queries
from corridors.inference.routing.costs import draw_costs

if TYPE_CHECKING:
    from corridors.core.types import Arcs, FloatArray, IntArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.routing.hierarchy import Hierarchy


class EnsembleTask(NamedTuple):
    """What every world is drawn from: the network, its hierarchy, masses at either end, and worlds a batch."""

    arcs: Arcs
    h: Hierarchy
    supply: FloatArray
    demand: FloatArray
    batch: int
    fixed: Trips | None


def ensemble(
    arcs: Arcs,
    us: IntArray,
    mx: IntArray,
    *,
    worlds: int,
    jobs: int = 2,
    executor: Executor | None = None,
    batch: int = 4,
    choice: bool = True,
) -> tuple[FloatArray, dict[str, float]]:
    """Return the mean flow on each arc, and seconds: wall, CPU by step, peak memory of this process.

    Parameters
    ----------
    us, mx
        Terminals.
    worlds
        Cost worlds, a multiple of `batch`.
    jobs, spread
        Threads; or another executor of the worlds.
    batch
        Worlds added up before they are handed over.
    choice
        Whether each world chooses its ports by its own costs; else one world's flows are loaded in all.
    """
    queries.warm()
    begin, cpu = time.perf_counter(), time.process_time()
    h = queries.prepare_hierarchy(arcs, us=us, mx=mx)
    rng = np.random.default_rng(3)
    supply, demand = rng.gamma(1, 1, len(us)), rng.gamma(0.5, 1, len(mx))
    supply /= supply.sum()
    fixed = (
        None
        if choice
        else choose(*queries.leg_costs(h, queries.customise(h, _draw(arcs, 0))), supply, demand)
    )
    prepared = time.perf_counter()
    spent = defaultdict(float, {"prepare, CPU s": time.process_time() - cpu})
    total = np.zeros(len(arcs.tail))
    task = EnsembleTask(arcs, h, supply, demand, batch, fixed)
    for flow, seconds in (executor or thread_executor(jobs))(some_worlds, task, worlds // batch):
        total += flow / worlds
        for step, value in seconds.items():
            spent[step] += value
    done = time.perf_counter()
    return total, {
        "nodes": arcs.nodes,
        "arcs": len(arcs.tail),
        "worlds": worlds,
        "jobs": jobs,
        "prepare, wall s": prepared - begin,
        "worlds, wall s": done - prepared,
        **spent,
        "hierarchy, bytes an arc": h.nbytes / len(arcs.tail),
        "peak memory, GiB": peak_gib(),
        "peak memory, bytes an arc": peak_gib() * 2**30 / len(arcs.tail),
    }


def some_worlds(task: EnsembleTask, n: int) -> tuple[FloatArray, dict[str, float]]:
    """Return the summed flow of one batch of worlds, and this thread's CPU seconds by step."""
    arcs, h, batch = task.arcs, task.h, task.batch
    spent: dict[str, float] = defaultdict(float)
    total = np.zeros(len(arcs.tail))
    at = time.thread_time()

    def lap(step: str) -> None:
        nonlocal at
        now = time.thread_time()
        spent[f"{step}, CPU s"] += now - at
        at = now

    with threadpool_limits(1, user_api="blas"):
        for world in range(n * batch, (n + 1) * batch):
            costs = _draw(arcs, world)
            lap("draw costs")
            metric = queries.customise(h, costs)
            lap("customise")
            legs = queries.leg_costs(h, metric)
            lap("legs")
            trips = task.fixed or choose(*legs, task.supply, task.demand)
            lap("choose")
            total += queries.assign_flow(h, metric, *trips)
            lap("load")
    return total, spent


def _draw(arcs: Arcs, world: int) -> IntArray:
    """Return the costs of a world."""
    return draw_costs(arcs, CostSettings(), seed=1, world=world)
