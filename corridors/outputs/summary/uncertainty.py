"""How sure a result is: mean and bands of its draws, stability, variance reduction, and the grade they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.core.results import SHARE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.core.types import FloatArray

QUANTILES = {
    "share_median": 0.5,
    "share_lo50": 0.25,
    "share_hi50": 0.75,
    "share_lo90": 0.05,
    "share_hi90": 0.95,
}
"""Quantile of each column."""
MEAN = "share_mean"
BAND_COLUMNS = (MEAN, *QUANTILES)
BAND90_COLUMNS = (MEAN, "share_median", "share_lo90", "share_hi90")
SHOWN_COLUMNS, SHOWN90_COLUMNS = (
    tuple(name for name in names if name != "share_median") for names in (BAND_COLUMNS, BAND90_COLUMNS)
)
"""What pages show: means and bands. Medians do not add up, and stay in the tables for scripts."""

TOP_EDGES = 0.10
"""An edge or corridor is stable while it stays among this fraction of the busiest edges."""
STABLE, UNSTABLE = 0.9, 0.5
"""Fraction of draws from which a result is stable, and under which it is hidden at first."""
SUPPORTED = 0.5
"""Variance reduction from which the data support a result."""


def bands(draws: FloatArray, columns: Iterable[str] = BAND_COLUMNS) -> dict[str, FloatArray]:
    """Return mean and quantiles of (draws, n) shares by column name, (n,) each, rounded.

    Nothing is scaled. The means of a table add up as the draws do, over any grouping; its medians and bounds do not.
    """
    names = list(columns)
    of_draws = [name for name in names if name != MEAN]
    quantiles = np.quantile(draws, [QUANTILES[name] for name in of_draws], axis=0)
    found = {MEAN: draws.mean(axis=0), **dict(zip(of_draws, quantiles, strict=True))}
    return {name: found[name].round(SHARE_DIGITS) for name in names}


def band90(draws: FloatArray) -> dict[str, FloatArray]:
    """Return mean, median and 90 % band of (draws, n) shares by column name; as `bands`."""
    return bands(draws, BAND90_COLUMNS)


def stability(draws: FloatArray, top: float) -> FloatArray:
    """Return (columns,) the fraction of draws in which each column is among the largest of those with flow.

    Parameters
    ----------
    draws
        (draws, columns) shares.
    top
        Fraction of the columns with flow in a draw that counts as the largest, e.g. .1 for the top decile.
    """
    member = np.zeros(draws.shape[1])
    for row in draws:
        positive = row[row > 0]
        if len(positive):
            member += row >= np.quantile(positive, 1 - top)
    return np.asarray(member / len(draws))


def within_factor(draws: FloatArray, factor: float) -> FloatArray:
    """Return (columns,) the fraction of draws between median / `factor` and median x `factor` of each column.

    Every port is on the map whatever its rank, so the stability of a port is that of its share.
    """
    median = np.median(draws, axis=0)
    return np.asarray(((draws <= median * factor) & (draws >= median / factor)).mean(axis=0))


def variance_reduction(draws: FloatArray, prior: FloatArray | None) -> FloatArray | None:
    """Return (columns,) the fraction of the prior variance that the data removed, at least 0; None without a prior."""
    if prior is None:
        return None
    before, after = prior.var(axis=0), draws.var(axis=0)
    removed: FloatArray = 1 - np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return np.maximum(removed, 0)


def grades(stable: FloatArray, evidence: FloatArray | None = None) -> list[str]:
    """Return the grade of each result (docs/method.md 6.3).

    A: stable and supported by data. B: stable, follows from geography, not confirmed by data. C: unstable. D: rarely
    among the largest, hidden at first. Without a measure of evidence (point mode) no A is given.

    Parameters
    ----------
    stable
        (results,) fraction of draws.
    evidence
        (results,) variance reduction.
    """
    supported = np.zeros(len(stable)) if evidence is None else evidence
    return [
        "A"
        if share >= STABLE and reduction >= SUPPORTED
        else "B"
        if share >= STABLE
        else "C"
        if share >= UNSTABLE
        else "D"
        for share, reduction in zip(stable, supported, strict=True)
    ]
