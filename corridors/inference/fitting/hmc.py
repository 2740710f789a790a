"""Draws of the posterior by Hamiltonian Monte Carlo (docs/method.md 5.4).

The posterior has some five hundred dimensions, most of them close to their priors, and is nearly the same in every cost
world. So its shape is learned once, at median costs (`coordinates`); long chains there settle the step and show whether they
agree; every world then needs a short chain only, begun at one of their draws as it would be under the world's own costs.

The sampler is mici's HMC with trajectories of random length. It was chosen over its no-U-turn sampler, which takes twice
the gradients, and over nutpie, which cannot begin a chain with a given step and metric (every world would adapt anew)
and brings 90 MB of packages against 1 MB; JAX's samplers cannot use the gradient that is here. Figures:
benchmarks/results/sampling.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from mici.adapters import DualAveragingStepSizeAdapter
from mici.integrators import LeapfrogIntegrator
from mici.samplers import RandomMetropolisHMC
from mici.systems import EuclideanMetricSystem
from threadpoolctl import threadpool_limits

from corridors.inference.fitting.coordinates import (
    Coordinates,
    coordinates_of,
    in_coordinates,
    log_volume,
    theta_of,
)
from corridors.inference.fitting.diagnostics import ESS, R_HAT, Diagnostics, diagnose
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.kept import CHAINS, found as found_kept
from corridors.inference.fitting.point import Target, density

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import FloatArray
    from corridors.inference.fitting.coordinates import Density
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.kept import Kept

CANDIDATES = 16
"""Draws at median costs of which a world's chain begins at one."""
BURN_IN = 2
"""Transitions a world's chain makes before it counts; the first that is kept comes several later."""
TURNS = 3
"""Times the chains are run, each continuing the last, before they are reported as not converged."""
_ACCEPT = 0.75
_STEPS = (4, 12)
"""Fewest steps of a trajectory, and one more than the most: a quarter to half a turn of a normal's at the step found.
Half a turn mixes means best, a quarter turn spreads."""
_MAX_STEP = 0.3
"""The default data's is as long; with few dimensions a longer one is accepted, but leaps over steep places."""
_SPREAD = 1.5
"""Sd of the chains' starts, in sds of the posterior."""


@dataclass(frozen=True, slots=True, eq=False)
class WarmUp:
    """What the chains of every world start from: the result of the chains at median costs.

    Parameters
    ----------
    coordinates
        Where the chains move.
    positions, draws
        (draws, parameters) draws in those coordinates, and as flat vectors.
    log_density
        (draws,) log density in the coordinates at each.
    step
        Step of the integrator.
    diagnostics
        Whether the chains agree.
    """

    coordinates: Coordinates
    positions: FloatArray
    draws: FloatArray
    log_density: FloatArray
    step: float
    diagnostics: Diagnostics


class Chain(NamedTuple):
    """One chain: (draws, parameters) positions, (draws,) log densities, divergences, the step it ended with."""

    positions: FloatArray
    log_density: FloatArray
    divergences: int
    step: float


class Sampled(NamedTuple):
    """Draws of one world: (draws, parameters) flat vectors, (draws,) log densities, divergent transitions."""

    theta: FloatArray
    log_density: FloatArray
    divergences: int


class _ChainTask(NamedTuple):
    """How the chains of a warm-up are run: sent to each worker once."""

    target: Target
    coordinates: Coordinates
    seed: int
    tune: int
    draws: int
    turn: int = 1
    step: float | None = None
    starts: FloatArray | None = None


def adapt(
    target: Target,
    *,
    seed: int,
    chains: int = 4,
    tune: int = 150,
    draws: int = 1350,
    limits: tuple[float, float] = (R_HAT, ESS),
    executor: Executor | None = None,
    kept: Kept | None = None,
    name: str = "",
) -> WarmUp:
    """Return the shape of the posterior in one cost world, with draws from it and how far they can be trusted.

    Parameters
    ----------
    seed
        Of all randomness.
    chains, tune, draws
        Number of chains, and of each one's transitions before and after it counts.
    limits
        Largest R-hat and least effective sample size at which the chains agree.
    executor
        Where the chains are run; one after the other by default. The result does not depend on it.
    kept, name
        Where finished chains are kept, and the name of these among others of the run.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    with threadpool_limits(1, user_api="blas"):  # more threads take six times as long on arrays this small
        coordinates = coordinates_of(target)
    task = _ChainTask(target, coordinates, seed, tune, draws)
    executor = executor or thread_executor(1)
    found = _base_chains(task, chains, executor, kept, name)
    step = float(np.mean([chain.step for chain in found]))
    positions = np.stack([chain.positions for chain in found])
    log_density = np.stack([chain.log_density for chain in found])
    divergences = sum(chain.divergences for chain in found)
    while True:
        theta = theta_of(coordinates, positions.reshape(-1, positions.shape[-1]))
        by_chain = theta.reshape(*positions.shape[:2], -1)
        diagnostics = diagnose(by_chain, target.prior, divergences=divergences, step=step, limits=limits)
        if diagnostics.converged or divergences or chains == 1 or task.turn == TURNS:
            flat = positions.reshape(-1, positions.shape[-1])
            return WarmUp(coordinates, flat, theta, log_density.ravel(), step, diagnostics)
        task = task._replace(tune=0, turn=task.turn + 1, step=step, starts=positions[:, -1])
        found = _base_chains(task, chains, executor, kept, name)
        positions = np.concatenate([positions, np.stack([chain.positions for chain in found])], axis=1)
        log_density = np.concatenate([log_density, np.stack([chain.log_density for chain in found])], axis=1)
        divergences += sum(chain.divergences for chain in found)


def sample_world(warm_up: WarmUp, target: Target, *, seed: int, world: int, draws: int) -> Sampled:
    """Return draws of the posterior in one cost world; they depend on the seed and the world's number alone."""
    rng, at = np.random.default_rng([seed, world, 0]), warm_up.coordinates
    log_density = in_coordinates(density(target), at)
    first = _first_in_world(warm_up, log_density, rng)
    found = chain(log_density, first, rng, tune=BURN_IN, draws=draws, step=warm_up.step)
    of_theta = found.log_density - log_volume(at, found.positions)
    return Sampled(theta_of(at, found.positions), of_theta, found.divergences)


def _first_in_world(warm_up: WarmUp, log_density: Density, rng: np.random.Generator) -> FloatArray:
    """Return where a world's chain begins: a draw at median costs, moved to the world, by importance among a few.

    Where a posterior is nearly standard normal, another near it is the same one moved by its slope at the first's centre. Draws
    so moved weigh nearly the same: sd of their logarithm .5 to 1.6, against 1 to 3 of draws as they are.
    """
    rows = rng.integers(len(warm_up.positions), size=CANDIDATES)
    with np.errstate(all="ignore"):  # a candidate may lie where shares underflow
        move = log_density(np.zeros(warm_up.positions.shape[1]))[1]
        moved = warm_up.positions[rows] + move
        gain = np.array([log_density(x)[0] for x in moved]) - warm_up.log_density[rows]
    known = np.isfinite(gain)
    if not known.any():
        return np.asarray(warm_up.positions[rows[0]])
    weight = np.where(known, np.exp(np.where(known, gain, -np.inf) - gain[known].max()), 0.0)
    return np.asarray(moved[rng.choice(CANDIDATES, p=weight / weight.sum())])


def chain(
    log_density: Density,
    first: FloatArray,
    rng: np.random.Generator,
    *,
    tune: int,
    draws: int,
    step: float | None = None,
) -> Chain:
    """Return a chain from a position.

    Parameters
    ----------
    log_density
        Gives the log density at a position, and its gradient there.
    first
        (parameters,) where to begin.
    rng
        Of all randomness.
    tune, draws
        Transitions before and after it counts.
    step
        Of the integrator; found while tuning if not given.
    """

    def slope(x: FloatArray) -> tuple[FloatArray, float]:
        value, gradient = log_density(x)
        return -gradient, -value

    system = EuclideanMetricSystem(lambda x: slope(x)[1], grad_neg_log_dens=slope)
    integrator = LeapfrogIntegrator(system, step)
    adapter = DualAveragingStepSizeAdapter(
        _ACCEPT, log_step_size_reducer=lambda found: min(_MAX_STEP, np.exp(found[0]))
    )
    sampler = RandomMetropolisHMC(system, integrator, rng, _STEPS)
    # far out, where the first steps are tried, shares underflow: the sampler turns back from what is no number
    with np.errstate(all="ignore"):
        found = sampler.sample_chains(
            tune,
            draws,
            [first],
            trace_funcs=[lambda state: {"x": state.pos, "value": -system.neg_log_dens(state)}],
            adapters=[adapter] if step is None else [],
            display_progress=False,
        )
    # an energy off by more than 745 has no float for its probability; mici's own mark is of no-U-turn trees only
    divergent = int(np.sum(found.statistics["metrop_accept_prob"][0] == 0))
    return Chain(found.traces["x"][0], found.traces["value"][0], divergent, float(integrator.step_size))


def _base_chains(
    task: _ChainTask, count: int, executor: Executor, kept: Kept | None, name: str
) -> list[Chain]:
    """Return the chains at median costs: those that are kept, and the others, which are kept in their turn."""
    names = [f"{name}-chain-{task.turn}-{n}" for n in range(count)]
    found = {n: _chain_of(arrays) for n, arrays in found_kept(kept, CHAINS, names).items()}
    missing = [n for n in range(count) if n not in found]
    if missing:
        for n, made in zip(missing, executor(_missing_chain, (task, missing), len(missing)), strict=True):
            if kept is not None:
                kept.keep(names[n], {key: np.asarray(value) for key, value in made._asdict().items()})
            found[n] = made
    return [found[n] for n in range(count)]


def _chain_of(arrays: Mapping[str, FloatArray]) -> Chain:
    """Return a chain that was kept."""
    divergences, step = int(arrays["divergences"]), float(arrays["step"])
    return Chain(arrays["positions"], arrays["log_density"], divergences, step)


def _missing_chain(task: tuple[_ChainTask, list[int]], n: int) -> Chain:
    """Return the n-th of the chains that are not kept."""
    return _base_chain(task[0], task[1][n])


def _base_chain(task: _ChainTask, n: int) -> Chain:
    """Return one of the chains at median costs, from a start of its own or from where it had got to."""
    rng = np.random.default_rng([task.seed, n, task.turn])
    log_density = in_coordinates(density(task.target), task.coordinates)
    with threadpool_limits(1, user_api="blas"):
        first = (
            _start(log_density, rng, len(task.coordinates.centre)) if task.starts is None else task.starts[n]
        )
        return chain(log_density, first, rng, tune=task.tune, draws=task.draws, step=task.step)


def _start(log_density: Density, rng: np.random.Generator, size: int) -> FloatArray:
    """Return where a chain begins: well apart from the others, but nearer where there the density is no number."""
    first = _SPREAD * rng.standard_normal(size)
    with np.errstate(all="ignore"):
        while not all(np.all(np.isfinite(one)) for one in log_density(first)):
            first /= 2
    return first
