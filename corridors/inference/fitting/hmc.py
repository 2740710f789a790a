"""Draws of the posterior by Hamiltonian Monte Carlo (docs/method.md 5.4).

The posterior has some five hundred dimensions, most of them close to their priors, and is nearly the same in every cost
world. So its shape is learned once, at median costs: its curvature at the top, and the bend of its ridge, give coordinates
in which it is close to a standard normal; long chains there settle the step and show whether they agree; every world
then needs a short chain only, begun at one of their draws.

The sampler is mici's HMC with trajectories of random length. It was chosen over its no-U-turn sampler, which takes twice
the gradients, and over nutpie, which cannot begin a chain with a given step and metric (every world would adapt anew)
and brings 90 MB of packages against 1 MB; JAX's samplers cannot use the gradient that is here. Figures:
benchmarks/results/sampling.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from mici.adapters import DualAveragingStepSizeAdapter
from mici.integrators import LeapfrogIntegrator
from mici.samplers import RandomMetropolisHMC
from mici.systems import EuclideanMetricSystem
from threadpoolctl import threadpool_limits

from corridors.inference.fitting.diagnostics import Diagnostics, diagnose
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.point import Target, density, fit_point
from corridors.inference.model.parameters import STUDENT_DF, columns, log_prior

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.fitting.executors import Executor

    Density = Callable[[FloatArray], tuple[float, FloatArray]]

BURN_IN = 12
"""Transitions a world's chain makes before it is kept."""
TURNS = 3
"""Times the chains are run, each continuing the last, before they are reported as not converged."""
RIDGE_PARAMETERS = ("log_beta_us", "log_beta", "logit_nu", "log_kappa")
"""The ridge bends along these, as far as the structure has them: how far and how much access counts, and how much the border does;
states' and zones' supply make up for it."""
_ACCEPT = 0.75
_STEPS = (4, 12)
"""Fewest steps of a trajectory, and one more than the most: a quarter to half a turn of a normal's at the step found.
Half a turn mixes means best, a quarter turn spreads."""
_MAX_STEP = 0.3
"""The default data's is a little shorter; with few dimensions a longer one is accepted, but leaps over steep places."""
_SPREAD = 1.5
"""Sd of the chains' starts, in sds of the posterior."""
_NUDGE = 1e-3
_INFORMED = 1.3
"""Curvature, the prior's being 1, from which a direction gets a scale of its own."""
_MIN_CURVATURE = 0.1
_REACH = 3.0
"""Sds along the ridge up to which it is followed round its bend: a parabola is no guide farther out."""


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Coordinates x in which a posterior is close to a standard normal.

    theta = centre + s + bend(t, t) / 2, where s = scale (x + basis (stretch * (basis' x))) is the posterior's curvature
    and t is what s is along the slow parameters, bounded. The bend leaves those alone, so volumes stay as they are and
    the density needs no correction.

    Parameters
    ----------
    centre, scale
        (parameters,) most probable parameters; sds of the prior.
    basis, stretch
        (parameters, r), (r,) the directions that the data inform, and the factor by which they shorten each, less 1.
    slow, reach
        (slow,) positions of the slow parameters, and how far the bend is followed along each.
    bend
        (parameters, slow, slow).
    """

    centre: FloatArray
    scale: FloatArray
    basis: FloatArray
    stretch: FloatArray
    slow: IntArray
    reach: FloatArray
    bend: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class WarmUp:
    """What the chains of every world start from: the result of the chains at median costs.

    Parameters
    ----------
    coordinates
        Where the chains move.
    positions, draws
        (draws, parameters) draws in those coordinates, and as flat vectors.
    step
        Step of the integrator.
    diagnostics
        Whether the chains agree.
    """

    coordinates: Coordinates
    positions: FloatArray
    draws: FloatArray
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
    draws: int = 700,
    executor: Executor | None = None,
) -> WarmUp:
    """Return the shape of the posterior in one cost world, with draws from it and how far they can be trusted.

    Parameters
    ----------
    seed
        Of all randomness.
    chains, tune, draws
        Number of chains, and of each one's transitions before and after it counts.
    spread
        Where the chains are run; one after the other by default. The result does not depend on it.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    with threadpool_limits(1, user_api="blas"):  # more threads take six times as long on arrays this small
        coordinates = _coordinates(target)
    task = _ChainTask(target, coordinates, seed, tune, draws)
    executor = executor or thread_executor(1)
    found = list(executor(_base_chain, task, chains))
    step = float(np.mean([chain.step for chain in found]))
    positions = np.stack([chain.positions for chain in found])
    divergences = sum(chain.divergences for chain in found)
    while True:
        theta = theta_of(coordinates, positions.reshape(-1, positions.shape[-1]))
        by_chain = theta.reshape(*positions.shape[:2], -1)
        diagnostics = diagnose(by_chain, target.prior, divergences=divergences, step=step)
        if diagnostics.converged or divergences or chains == 1 or task.turn == TURNS:
            return WarmUp(coordinates, positions.reshape(-1, positions.shape[-1]), theta, step, diagnostics)
        task = task._replace(tune=0, turn=task.turn + 1, step=step, starts=positions[:, -1])
        found = list(executor(_base_chain, task, chains))
        positions = np.concatenate([positions, np.stack([chain.positions for chain in found])], axis=1)
        divergences += sum(chain.divergences for chain in found)


def sample_world(warm_up: WarmUp, target: Target, *, seed: int, world: int, draws: int) -> Sampled:
    """Return draws of the posterior in one cost world; they depend on the seed and the world's number alone."""
    rng = np.random.default_rng([seed, world, 0])
    first = warm_up.positions[rng.integers(len(warm_up.positions))]
    found = chain(
        in_coordinates(density(target), warm_up.coordinates), first, rng,
        tune=BURN_IN, draws=draws, step=warm_up.step,
    )  # fmt: skip
    return Sampled(theta_of(warm_up.coordinates, found.positions), found.log_density, found.divergences)


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


def in_coordinates(log_posterior: Density, at: Coordinates) -> Density:
    """Return the density of a flat vector as one of coordinates."""

    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        straight = at.scale * _stretch(at, x)
        bounded = np.tanh(straight[at.slow] / at.reach)
        turn = at.bend @ (at.reach * bounded)
        value, slope = log_posterior(at.centre + straight + 0.5 * turn @ (at.reach * bounded))
        slope[at.slow] += (1 - bounded**2) * (slope @ turn)
        return value, _stretch(at, at.scale * slope)

    return log_density


def theta_of(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return the flat vectors at (draws, parameters) positions."""
    straight = at.scale * _stretch(at, x)
    t = at.reach * np.tanh(straight[:, at.slow] / at.reach)
    return np.asarray(at.centre + straight + 0.5 * np.einsum("pij,ni,nj->np", at.bend, t, t))


def _coordinates(target: Target) -> Coordinates:
    """Return coordinates from the curvature of the likelihood at the top, in sds of the prior."""
    log_posterior = density(target)
    prior = target.prior
    mean, sd, heavy = columns(prior)
    scale = sd * np.where(heavy, np.sqrt(STUDENT_DF / (STUDENT_DF - 2)), 1)
    centre = fit_point(target).theta

    def likelihood_slope(theta: FloatArray) -> FloatArray:
        return log_posterior(theta)[1] - log_prior(theta, mean, sd, heavy)[1]

    steps = _NUDGE * np.diag(scale)
    bent = (
        np.stack([likelihood_slope(centre - step) - likelihood_slope(centre + step) for step in steps])
        * scale
        / (2 * _NUDGE)
    )
    value, vector = np.linalg.eigh((bent + bent.T) / 2)
    value = np.maximum(1 + value, _MIN_CURVATURE)
    informed = np.abs(np.log(value)) > np.log(_INFORMED)
    names = np.repeat(list(prior), [p.size for p in prior.values()])
    slow = np.flatnonzero(np.isin(names, RIDGE_PARAMETERS))
    straight = Coordinates(
        centre=centre,
        scale=scale,
        basis=vector[:, informed],
        stretch=value[informed] ** -0.5 - 1,
        slow=slow,
        reach=np.ones(len(slow)),
        bend=np.zeros((len(centre), len(slow), len(slow))),
    )
    return _follow(log_posterior, straight)


def _follow(log_posterior: Density, at: Coordinates) -> Coordinates:
    """Return the coordinates bent along the ridge: where the other parameters are most probable given the slow ones.

    Along the straight ridge r(t) the gradient in the others is zero to first order. What is left of it to second order,
    through the others' covariance given the slow ones, is the ridge's own second derivative.
    """
    slow = at.slow
    factor = at.scale[:, None] * _stretch(at, np.eye(len(at.centre)))
    covariance = factor @ factor.T
    ridge = covariance[:, slow] @ np.linalg.inv(covariance[np.ix_(slow, slow)])
    sd = np.sqrt(np.diag(covariance)[slow])
    far = np.diag(sd / 2)
    bend = np.zeros_like(at.bend)
    for i, one in enumerate(far):
        for j, other in enumerate(far):
            corners = [
                sign * log_posterior(at.centre + ridge @ t)[1]
                for sign, t in ((1, one + other), (-1, one - other), (-1, other - one), (1, -one - other))
            ]
            second = np.sum(corners, axis=0)
            second[slow] = 0
            moved = covariance @ second
            bend[:, i, j] = (moved - ridge @ moved[slow]) / (4 * far[i, i] * far[j, j])
    bend[slow] = 0  # to the last digit
    return replace(at, bend=bend, reach=_REACH * sd)


def _stretch(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return x, or each row of it, with the informed directions shortened."""
    return np.asarray(x + (x @ at.basis * at.stretch) @ at.basis.T)


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
