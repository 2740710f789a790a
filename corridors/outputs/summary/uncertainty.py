"""How sure a result is: mean and bands of its draws. Its grade is in `grade`."""

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


def bands(draws: FloatArray, kind: str, columns: Iterable[str] = BAND_COLUMNS) -> dict[str, FloatArray]:
    """Return mean and quantiles of (draws, n) shares by column name, (n,) each, rounded.

    Nothing is scaled. The means of a table add up as the draws do, over any grouping; its medians and bounds do not.

    Parameters
    ----------
    draws
        (draws, n) shares.
    kind
        Of the draws, as in `FlowDraws`. Only a fitted posterior has bounds: those of mode "point" differ by routes alone, those of the priors by assumptions, and are left empty (NaN),
        as they would read like the posterior's and be far narrower.
    columns
        Columns to return.
    """
    names = list(columns)
    of_draws = [name for name in names if name != MEAN]
    quantiles = np.quantile(draws, [QUANTILES[name] for name in of_draws], axis=0)
    found = {MEAN: draws.mean(axis=0), **dict(zip(of_draws, quantiles, strict=True))}
    if kind != "posterior":
        found |= {name: np.full(draws.shape[1], np.nan) for name in of_draws if name != "share_median"}
    return {name: found[name].round(SHARE_DIGITS) for name in names}


def band90(draws: FloatArray, kind: str) -> dict[str, FloatArray]:
    """Return mean, median and 90 % band of (draws, n) shares by column name; as `bands`."""
    return bands(draws, kind, BAND90_COLUMNS)
