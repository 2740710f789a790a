"""How much each assumption moves each result: Morris's screen of all, Sobol's indices of a few (docs/method.md 9.1).

An assumption is an axis from 0 to 1; the caller turns a place on it into evidence and a plan. Every point is a fit at
median costs of the most probable parameters; shares are means over a few cost worlds, the same for every point, so that
results differ by the assumptions alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from SALib.analyze import morris as morris_analysis, sobol as sobol_analysis
from SALib.sample import morris as morris_sample, sobol as sobol_sample

from corridors.inference.fitting.executors import process_executor
from corridors.inference.fitting.point import fit_point
from corridors.inference.fitting.problem import with_evidence
from corridors.inference.model.choice import flow
from corridors.inference.model.parameters import unflatten
from corridors.inference.routing.costs import base_costs, base_port_costs
from corridors.inference.routing.places import edge_flow, route_world

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.problem import InferencePlan, Problem
    from corridors.inference.routing.places import CostWorld

    Evaluate = Callable[[FloatArray], FloatArray]
    """From (points, assumptions) to (points, results)."""

logger = logging.getLogger(__name__)

WORLDS = 4
"""Cost worlds the shares of a point are means over."""
LEVELS = 6
"""Steps of an axis in the screen: each of up to five choices is met."""


@dataclass(frozen=True, slots=True, eq=False)
class SensitivityProblem:
    """What every point of the assumptions is fitted from: one routed network and the same few cost worlds.

    Parameters
    ----------
    problem
        The run's own.
    worlds
        Median costs, then `WORLDS` cost worlds, routed at the run's own cost settings.
    corridor_shares
        From (edges,) shares to (corridors,) shares; sent to worker processes.
    """

    problem: Problem
    worlds: Sequence[CostWorld]
    corridor_shares: Callable[[FloatArray], FloatArray]

    @classmethod
    def prepare(
        cls, problem: Problem, corridor_shares: Callable[[FloatArray], FloatArray]
    ) -> SensitivityProblem:
        """Return the problem of a run with its cost worlds routed."""
        return cls(problem, [problem.median, *map(problem.world, range(WORLDS))], corridor_shares)

    def evaluate(
        self, tasks: Sequence[tuple[Evidence, InferencePlan]], *, executor: Executor | None = None
    ) -> FloatArray:
        """Return (tasks, results) shares: of crossing cities, of corridors, of pairs of states; means over the cost worlds.

        Logs how many fits did not converge.

        Parameters
        ----------
        tasks
            Evidence and plan of each point, of the same zones and municipalities.
        executor
            Where points are fitted; `plan.jobs` processes of this machine by default.
        """
        executor = executor or process_executor(self.problem.plan.jobs)
        shares, converged = zip(*executor(_evaluate, (self, tuple(tasks)), len(tasks)), strict=True)
        if not all(converged):
            logger.warning("%d of %d fits did not converge", len(tasks) - sum(converged), len(tasks))
        return np.stack(shares)


class Analysis(NamedTuple):
    """A screen, the weight of each assumption in it, positions of the heaviest, and how those share the variance."""

    screen: Screen
    weight: FloatArray
    top: list[int]
    variance: VarianceFractions


class Screen(NamedTuple):
    """(results, assumptions) mean size of an elementary effect, and the effects' sd: how far they depend on the others."""

    moves: FloatArray
    varies: FloatArray


class VarianceFractions(NamedTuple):
    """(results, assumptions) fractions of a result's variance: alone and with all interactions, half of each 95 % band."""

    first: FloatArray
    first_half: FloatArray
    total: FloatArray
    total_half: FloatArray


def analyse(
    evaluate: Callable[[Sequence[int], FloatArray], FloatArray],
    assumptions: int,
    *,
    trajectories: int,
    base: int,
    top: int,
    seed: int,
) -> Analysis:
    """Screen all assumptions, then share the variance of the results among the heaviest few.

    Parameters
    ----------
    evaluate
        From positions of assumptions and (points, positions) places on their axes to (points, results). Called twice.
    assumptions
        Number of assumptions.
    trajectories, base
        Of the screen; of the base sample for the variance, a power of two.
    top
        Number of assumptions that go on from the screen.
    seed
        Of both samples.
    """
    every = range(assumptions)
    screened = screen(
        lambda points: evaluate(every, points), assumptions, trajectories=trajectories, seed=seed
    )
    weight = weights(screened)
    heaviest = np.argsort(-weight, kind="stable")[:top].tolist()
    variance = variance_fractions(lambda points: evaluate(heaviest, points), top, base=base, seed=seed)
    return Analysis(screened, weight, heaviest, variance)


def screen(evaluate: Evaluate, assumptions: int, *, trajectories: int, seed: int) -> Screen:
    """Return Morris's elementary effects [Morris1991]; mu* of [Campolongo2007].

    Parameters
    ----------
    evaluate
        Called once with trajectories x (assumptions + 1) points.
    """
    problem, seed = _unit_cube(assumptions), seed + 1  # SALib takes a seed of 0 for none
    points = morris_sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    found = [
        morris_analysis.analyze(problem, points, result, num_levels=LEVELS, seed=seed)
        for result in evaluate(points).T
    ]
    return Screen(_stacked(found, "mu_star"), _stacked(found, "sigma"))


def variance_fractions(evaluate: Evaluate, assumptions: int, *, base: int, seed: int) -> VarianceFractions:
    """Return Sobol's first-order and total indices [Saltelli2010], zeros for a result that never changes.

    Parameters
    ----------
    evaluate
        Called once with base x (assumptions + 2) points.
    base
        Size of the base sample, a power of two.
    """
    problem, seed = _unit_cube(assumptions), seed + 1
    results = evaluate(sobol_sample.sample(problem, base, calc_second_order=False, seed=seed)).T
    zeros = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), np.zeros(assumptions))
    found = [
        sobol_analysis.analyze(problem, result, calc_second_order=False, seed=seed)
        if np.ptp(result) > 0
        else zeros
        for result in results
    ]
    return VarianceFractions(*(_stacked(found, name) for name in zeros))


def weights(screened: Screen) -> FloatArray:
    """Return (assumptions,) mean over results of an assumption's fraction of all that moves the result."""
    total = screened.moves.sum(axis=1, keepdims=True)
    return np.asarray((screened.moves / np.where(total > 0, total, 1)).mean(axis=0))


def _evaluate(
    task: tuple[SensitivityProblem, Sequence[tuple[Evidence, InferencePlan]]], n: int
) -> tuple[FloatArray, bool]:
    """Return the shares at one point, and whether its fit converged."""
    study, tasks = task
    evidence, plan = tasks[n]
    own = study.problem.plan.costs == plan.costs
    problem = with_evidence(study.problem, evidence, plan)
    network = problem.network
    if own:
        median, *worlds = study.worlds
    else:
        costs, ports = base_costs(network.arcs, plan.costs), base_port_costs(network.arcs, plan.costs)
        median = route_world(network, costs, ports)
        worlds = [problem.world(number) for number in range(WORLDS)]
    with np.errstate(all="ignore"):  # at extreme assumptions the minimiser's first step may go out of range
        fit = fit_point(problem.target_at(median.legs))
    parameters = unflatten(fit.theta, problem.prior)
    found = []
    for routed in worlds:
        model = flow(parameters, evidence, problem.kept_legs(routed.legs))
        edges = edge_flow(network, routed, model.zone_port(), model.port_municipality())
        cities = np.bincount(evidence.port_city, weights=model.port, minlength=len(evidence.crossing_cities))
        found.append(np.concatenate([cities, study.corridor_shares(edges), model.state_pair.ravel()]))
    return np.mean(found, axis=0), fit.converged


def _unit_cube(assumptions: int) -> dict[str, Any]:
    """Return the unit cube as SALib wants it."""
    return {
        "num_vars": assumptions,
        "names": [str(n) for n in range(assumptions)],
        "bounds": [[0.0, 1.0]] * assumptions,
    }


def _stacked(found: list[dict[str, Any]], name: str) -> FloatArray:
    return np.array([np.asarray(one[name], dtype=np.float64) for one in found])
