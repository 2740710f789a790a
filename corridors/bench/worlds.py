"""A whole ensemble, end to end: how long so many cost worlds take on so many threads, in how much memory."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.bench.job import choose
from corridors.bench.measure import peak_gib
from corridors.inference import engine
from corridors.inference.worlds import CostPrior, draw_costs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.base.types import Arcs, Floats, Ints


class Clock:
    """CPU seconds by step, over all threads."""

    def __init__(self) -> None:
        """Start empty."""
        self.spent: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what this thread spends inside to the step."""
        start = time.thread_time()
        yield
        with self._lock:
            self.spent[name] += time.thread_time() - start


def ensemble(
    arcs: Arcs, us: Ints, mx: Ints, *, worlds: int, jobs: int, batch: int = 4, choice: bool = True
) -> tuple[Floats, dict[str, float]]:
    """Return the mean flow on each arc, and seconds: wall, CPU by step, peak memory.

    Parameters
    ----------
    us, mx
        Terminals.
    worlds, jobs
        Cost worlds and threads.
    batch
        Worlds a thread adds up before it hands them over.
    choice
        Whether each world chooses its ports by its own costs; else one world's flows are loaded in all.
    """
    engine.warm()
    clock = Clock()
    begin = time.perf_counter()
    with clock.step("prepare, CPU s"):
        h = engine.prepare(arcs, us=us, mx=mx)
    rng = np.random.default_rng(3)
    masses = rng.gamma(1, 1, len(us)), rng.gamma(0.5, 1, len(mx))
    masses = masses[0] / masses[0].sum(), masses[1]
    fixed = None if choice else choose(*engine.legs(h, engine.customise(h, _draw(arcs, 0))), *masses)
    prepared = time.perf_counter()
    total = np.zeros(len(arcs.tail))

    def some(first: int) -> Floats:
        flow = np.zeros(len(arcs.tail))
        for world in range(first, min(first + batch, worlds)):
            with clock.step("draw costs, CPU s"):
                costs = _draw(arcs, world)
            with clock.step("customise, CPU s"):
                metric = engine.customise(h, costs)
            with clock.step("legs, CPU s"):
                legs = engine.legs(h, metric)
            with clock.step("choose, CPU s"):
                trips = fixed or choose(*legs, *masses)
            with clock.step("load, CPU s"):
                flow += engine.load(h, metric, *trips)
        return flow

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(jobs) as pool:
        for flow in pool.map(some, range(0, worlds, batch)):
            total += flow / worlds
    done = time.perf_counter()
    return total, {
        "nodes": arcs.nodes,
        "arcs": len(arcs.tail),
        "worlds": worlds,
        "jobs": jobs,
        "prepare, wall s": prepared - begin,
        "worlds, wall s": done - prepared,
        **clock.spent,
        "hierarchy, bytes an arc": h.nbytes / len(arcs.tail),
        "peak memory, GiB": peak_gib(),
        "peak memory, bytes an arc": peak_gib() * 2**30 / len(arcs.tail),
    }


def _draw(arcs: Arcs, world: int) -> Ints:
    """Return the costs of a world."""
    return draw_costs(arcs, CostPrior(), seed=1, world=world)
