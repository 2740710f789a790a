"""Columns of a share's median and bands, and the quantiles of draws they hold."""

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
BAND_COLUMNS = tuple(QUANTILES)
BAND90_COLUMNS = ("share_median", "share_lo90", "share_hi90")


def bands(draws: FloatArray, columns: Iterable[str] = BAND_COLUMNS) -> dict[str, FloatArray]:
    """Return the quantiles of (draws, n) shares by column name, (n,) each, rounded."""
    names = list(columns)
    found = np.quantile(draws, [QUANTILES[name] for name in names], axis=0).round(SHARE_DIGITS)
    return dict(zip(names, found, strict=True))


def scaled_bands(draws: FloatArray, columns: Iterable[str] = BAND90_COLUMNS) -> dict[str, FloatArray]:
    """Return the quantiles of (draws, n) shares scaled by one factor, so that the medians sum to 1."""
    found = bands(draws, columns)
    factor = 1 / found["share_median"].sum()
    return {name: (values * factor).round(SHARE_DIGITS) for name, values in found.items()}
