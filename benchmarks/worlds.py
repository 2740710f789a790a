"""Short chains of the cost worlds, as a run makes them, beside long ones: shares of ports, cities and states, and what they cost.

`python benchmarks/worlds.py [worlds]`. A long chain makes 30 transitions before it counts and 30 more; of a short one, as of
a run's, two draws are kept.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import corridors
from corridors.bench.measure import Table, machine, write
from corridors.inference.fitting import hmc
from corridors.inference.fitting.ensemble import KEPT_DRAWS
from corridors.inference.fitting.executors import process_executor
from corridors.inference.model.choice import flow
from corridors.inference.model.parameters import unflatten
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network, prepare

if TYPE_CHECKING:
    from corridors.core.types import FloatArray
    from corridors.inference.fitting import Problem
    from corridors.inference.model.trip_choice import TripLegs
    from corridors.inference.routing.places import LegCosts

LONG = 30
DRAWS = 8


class World(NamedTuple):
    """Shares by (draws, quantities) of both chains, and their CPU seconds."""

    short: FloatArray
    long: FloatArray
    short_cpu: float
    long_cpu: float


def shares(problem: Problem, theta: FloatArray, legs: LegCosts | TripLegs) -> FloatArray:
    """Return (draws, ports and cities and pairs of states) shares."""
    evidence = problem.evidence
    found = []
    for one in theta:
        model = flow(unflatten(one, problem.prior), evidence, legs)
        cities = np.bincount(evidence.port_city, weights=model.port)
        found.append(np.concatenate([model.port, cities, model.state_pair.ravel()]))
    return np.stack(found)


def one_world(problem: Problem, world: int) -> World:
    """Sample one world both ways."""
    target = problem.target_at(problem.world(world).legs)
    legs, seed = target.prepared_legs(), problem.plan.seed
    if not isinstance(problem.start, hmc.WarmUp):
        raise TypeError("chains at median costs come first")
    begun = time.process_time()
    short = hmc.sample_world(problem.start, target, seed=seed, world=world, draws=DRAWS)
    between = time.process_time()
    long = hmc.sample_world(problem.start, target, seed=seed + 1000, world=world, draws=2 * LONG)
    ended = time.process_time()
    kept = (np.arange(1, KEPT_DRAWS + 1) * DRAWS) // KEPT_DRAWS - 1
    return World(
        shares(problem, short.theta[kept], legs),
        shares(problem, long.theta[LONG:], legs),
        between - begun,
        ended - between,
    )


def main() -> None:
    """Sample the worlds, compare quantiles, write the table."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    config = corridors.with_changes(
        corridors.read_config(), {"structure": "trip", "worlds": worlds, "draws": DRAWS * worlds}
    )
    inputs = load_inputs(config)
    network = build_network(inputs)
    problem = prepare(network, build_evidence(inputs, network, config), config)
    start = hmc.adapt(problem.target, seed=1, executor=process_executor(2))
    problem = replace(problem, start=start)
    found = list(process_executor(2)(one_world, problem, worlds))
    short, long = np.stack([one.short for one in found]), np.stack([one.long for one in found])
    leading = long.mean(axis=(0, 1)) > 0.005
    short, long = short[..., leading], long[..., leading]
    # Monte Carlo error over worlds: those of one world are of one chain, and the two chains share the world's costs
    gap = short.mean(axis=1) - long.mean(axis=1)
    z = gap.mean(axis=0) / (gap.std(axis=0, ddof=1) / np.sqrt(worlds))
    facts = {**start.diagnostics.summary(), "quantities with a mean share over .005": int(leading.sum())}
    facts["difference of means over its Monte Carlo error: sd, largest"] = (
        f"{z.std():.2f}, {np.abs(z).max():.2f} (chance, if independent: 1, {chance(len(z)):.2f})"
    )
    pooled = short.reshape(-1, leading.sum()), long.reshape(-1, leading.sum())
    for at in (0.05, 0.5, 0.95):
        ends = [np.quantile(one, at, axis=0) for one in pooled]
        # halves of the short chains' worlds tell the error of their quantiles
        halves = [np.quantile(short[n::2].reshape(-1, leading.sum()), at, axis=0) for n in (0, 1)]
        error = np.sqrt(np.mean((halves[0] - halves[1]) ** 2)) / 2
        facts[f"quantile {at}: difference, root mean square; Monte Carlo error of the short chains"] = (
            f"{np.sqrt(np.mean((ends[0] - ends[1]) ** 2)):.5f}; {error:.5f}"
        )
    inside = [
        np.mean((short[..., q] >= low) & (short[..., q] <= high))
        for q, (low, high) in enumerate(np.quantile(pooled[1], (0.05, 0.95), axis=0).T)
    ]
    facts["short draws within the long chains' 90 % bands: mean, least, most"] = (
        f"{np.mean(inside):.3f}, {min(inside):.3f}, {max(inside):.3f}"
    )
    table = Table(
        title=f"Short and long chains in {worlds} cost worlds, structure trip",
        unit="CPU s a world",
        base="long",
        rows={
            "short": float(np.median([one.short_cpu for one in found])),
            "long": float(np.median([one.long_cpu for one in found])),
        },
        facts=facts,
        machine=machine(),
    )
    write(Path(__file__).parent / "results", "worlds", [table])
    print(table.markdown())


def chance(quantities: int) -> float:
    """Return the median of the largest of so many independent normal deviates."""
    rng = np.random.default_rng(1)
    return float(np.median(np.abs(rng.standard_normal((2000, quantities))).max(axis=1)))


if __name__ == "__main__":
    main()
