"""The grade of a result: one rule for roads, bridges, crossing cities, corridors, pairs, journeys and districts.

A result is *stable* when its share is within a factor of two of its mean in nine of ten draws of each structure of the
choice, the other structure's mean lies inside this one's 90 % band, and no other lens or measure of demand puts the share
outside half to double its mean. A: stable, and the figures removed at least half of
the variance that the logarithm of the share has in the priors. B: stable. C: within a factor of three in nine of ten draws
of each structure. D: the rest (docs/method.md 6.3). Without draws of both structures and of the priors, and results under
other settings, there is no grade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.core.results import SHARE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from corridors.core.draws import FlowDraws
    from corridors.core.results import Variant
    from corridors.core.types import BoolArray, FloatArray

    Take = Callable[[FlowDraws], FloatArray]
    """From draws to (draws, results) shares."""

STABLE, UNSTABLE = 2.0, 3.0
"""Factors of its mean that a stable result (A, B) and one of grade C stay within."""
NINE_OF_TEN = 0.9
SUPPORTED = 0.5
"""Evidence from which the figures support a result."""
SMALLEST = 1e-4
"""Shares under this count as this much in evidence: nobody can tell them apart, and a zero has no logarithm."""
NO_GRADE = ""
GRADE_COLUMNS = ("stability", "evidence", "grade")
COMPARED = ("structure", "lens", "demand")
"""Settings of which a table says, row by row, what the share is under each other value."""


class Rivals(NamedTuple):
    """What the results of a run are held against.

    Parameters
    ----------
    prior
        Draws as if nothing were published; roads given the posterior's pairs of states.
    other
        Posterior under the other structure of the choice.
    variants
        The run under other settings, at the most probable parameters, its own first.
    structure
        The other structure's name.
    """

    prior: FlowDraws | None = None
    other: FlowDraws | None = None
    variants: Sequence[Variant] = ()
    structure: str = ""


def graded(
    take: Take, posterior: FlowDraws, rivals: Rivals, of_variant: Callable[[Variant], FloatArray]
) -> dict[str, Any]:
    """Return the columns of the grade of each result, then its share under each other structure, lens and demand.

    Parameters
    ----------
    take
        From draws to (draws, results) shares.
    posterior
        Draws of the run; in mode "point" they are no posterior, and nothing is graded.
    rivals
        What the draws are held against.
    of_variant
        From the run under another setting to (results,) shares.

    Returns
    -------
    dict
        `stability`, the smaller fraction of draws of either structure within a factor of two of their mean; `evidence`;
        `grade`; then `structure_port`, `lens_one_year`, `demand_homicides` and the like: the share under that setting.
    """
    draws = take(posterior)
    before = None if rivals.prior is None else take(rivals.prior)
    other = None if rivals.other is None else take(rivals.other)
    says = {
        f"{one.setting}_{one.value}": of_variant(one).round(SHARE_DIGITS)
        for one in rivals.variants[1:]
        if one.setting in COMPARED
    }
    if other is not None:
        says = {f"structure_{rivals.structure}": other.mean(axis=0).round(SHARE_DIGITS)} | {
            name: shares for name, shares in says.items() if not name.startswith("structure_")
        }
    if posterior.kind != "posterior" or before is None or other is None or not rivals.variants:
        nothing = np.full(draws.shape[1], np.nan)
        return {"stability": nothing, "evidence": nothing, "grade": [NO_GRADE] * draws.shape[1], **says}
    supported = evidence(draws, before)
    others = [shares for name, shares in says.items() if not name.startswith("structure_")]
    return {
        "stability": np.minimum(within_factor(draws, STABLE), within_factor(other, STABLE)).round(4),
        "evidence": supported.round(4),
        "grade": grades(draws, other, supported, others),
        **says,
    }


def compared(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (setting, value) of each other structure, lens and demand that a table has a column `setting_value` of."""
    pairs = [str(name).split("_", 1) for name in table.columns if "_" in str(name)]
    return [(setting, value) for setting, value in pairs if setting in COMPARED]


def grades(
    draws: FloatArray, other: FloatArray, supported: FloatArray, says: Sequence[FloatArray]
) -> list[str]:
    """Return the grade of each result.

    Parameters
    ----------
    draws, other
        (draws, results) shares of this structure and of the other; their numbers of draws may differ.
    supported
        (results,) evidence.
    says
        (results,) share under each other lens and each other measure of demand.
    """
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    mean = other.mean(axis=0)
    stable = is_within(draws, other, STABLE) & (low <= mean) & (mean <= high)
    for shares in says:
        stable &= within_factor_of(shares, draws.mean(axis=0), STABLE)
    loose = is_within(draws, other, UNSTABLE)
    letters = np.select([stable & (supported >= SUPPORTED), stable, loose], ["A", "B", "C"], default="D")
    return [str(letter) for letter in letters]


def is_within(draws: FloatArray, other: FloatArray, factor: float) -> BoolArray:
    """Return (results,) whether nine of ten draws of each structure are within a factor of their mean."""
    least = np.minimum(within_factor(draws, factor), within_factor(other, factor))
    return np.asarray(least >= NINE_OF_TEN)


def within_factor(draws: FloatArray, factor: float) -> FloatArray:
    """Return (results,) the fraction of draws between mean / `factor` and mean x `factor`; 0 where there is no flow."""
    mean = draws.mean(axis=0)
    return np.asarray(within_factor_of(draws, mean, factor).mean(axis=0))


def within_factor_of(shares: FloatArray, mean: FloatArray, factor: float) -> BoolArray:
    """Return (..., results) whether each share is between mean / `factor` and mean x `factor`; False where there is no flow."""
    return np.asarray((shares <= mean * factor) & (shares >= mean / factor) & (mean > 0))


def evidence(draws: FloatArray, prior: FloatArray) -> FloatArray:
    """Return (results,) 1 - Var(log posterior) / Var(log prior) of each share, from 0 to 1; 0 where the prior has no variance.

    On logarithms, as on the shares themselves it would measure that a share fell.
    """
    after, before = (np.log(np.maximum(values, SMALLEST)).var(axis=0) for values in (draws, prior))
    removed: FloatArray = 1 - np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return np.clip(removed, 0, 1)
