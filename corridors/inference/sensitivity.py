"""How much each assumption moves each result: Morris's screen of all, Sobol's parts of the variance of a few.

docs/method.md 9.1. An assumption is an axis from 0 to 1; what its values mean is for the caller to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from SALib.analyze import morris as morris_analysis, sobol as sobol_analysis
from SALib.sample import morris as morris_sample, sobol as sobol_sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray

    Evaluate = Callable[[FloatArray], FloatArray]
    """From (points, assumptions) to (points, results)."""

LEVELS = 6
"""Steps of an axis in the screen: each of up to five choices is met."""


class Screen(NamedTuple):
    """(results, assumptions) mean size of an elementary effect, and the effects' sd: how far they depend on the others."""

    moves: FloatArray
    varies: FloatArray


class Parts(NamedTuple):
    """(results, assumptions) parts of a result's variance: alone and with all interactions, and half of each 95 % band."""

    first: FloatArray
    first_half: FloatArray
    total: FloatArray
    total_half: FloatArray


def screen(evaluate: Evaluate, assumptions: int, *, trajectories: int, seed: int) -> Screen:
    """Return Morris's elementary effects [Morris1991]; mu* of [Campolongo2007].

    Parameters
    ----------
    evaluate
        Called once with trajectories x (assumptions + 1) points.
    """
    problem, seed = _problem(assumptions), seed + 1  # SALib takes a seed of 0 for none
    points = morris_sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    found = [
        morris_analysis.analyze(problem, points, result, num_levels=LEVELS, seed=seed)
        for result in evaluate(points).T
    ]
    return Screen(_stacked(found, "mu_star"), _stacked(found, "sigma"))


def parts(evaluate: Evaluate, assumptions: int, *, base: int, seed: int) -> Parts:
    """Return Sobol's first-order and total indices [Saltelli2010], nothing for a result that never changes.

    Parameters
    ----------
    evaluate
        Called once with base x (assumptions + 2) points.
    base
        Size of the base sample, a power of two.
    """
    problem, seed = _problem(assumptions), seed + 1
    results = evaluate(sobol_sample.sample(problem, base, calc_second_order=False, seed=seed)).T
    nothing = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), np.zeros(assumptions))
    found = [
        sobol_analysis.analyze(problem, result, calc_second_order=False, seed=seed)
        if np.ptp(result) > 0
        else nothing
        for result in results
    ]
    return Parts(*(_stacked(found, name) for name in nothing))


def weights(screened: Screen) -> FloatArray:
    """Return (assumptions,) mean over results of an assumption's part in all that moves the result."""
    total = screened.moves.sum(axis=1, keepdims=True)
    return np.asarray((screened.moves / np.where(total > 0, total, 1)).mean(axis=0))


def _problem(assumptions: int) -> dict[str, Any]:
    """Return the unit cube as SALib wants it."""
    return {
        "num_vars": assumptions,
        "names": [str(n) for n in range(assumptions)],
        "bounds": [[0.0, 1.0]] * assumptions,
    }


def _stacked(found: list[dict[str, Any]], name: str) -> FloatArray:
    return np.array([np.asarray(one[name], dtype=np.float64) for one in found])
