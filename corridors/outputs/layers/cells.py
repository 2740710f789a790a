"""Cells of tables as plain JSON values, and the fields that show a band."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.outputs.layers.palette import Classes
    from corridors.outputs.layers.payloads import ClassKey

BAND_FIELDS = [
    ["label.share", "share", "share_median"],
    ["label.band50", "band", "share_lo50", "share_hi50"],
    ["label.band90", "band", "share_lo90", "share_hi90"],
]


def number(value: Any, digits: int = 5) -> float | None:
    """Return a finite number rounded, or None, for JSON has no NaN."""
    real = float(value)
    return round(real, digits) if math.isfinite(real) else None


def text(value: Any) -> str:
    """Return a cell as text, "" where it is empty."""
    return "" if pd.isna(value) else str(value)


def classify(shares: Any, classes: Classes) -> list[int]:
    """Return the class of each share, -1 below the first break or where unknown."""
    values = np.asarray(shares, dtype=np.float64)
    found = np.searchsorted(np.asarray(classes.breaks), np.nan_to_num(values, nan=-1.0), side="right") - 1
    return [int(position) for position in found]


def numbers(column: pd.Series[Any], digits: int = 5) -> list[float | None]:
    """Return a column as numbers, None where not finite."""
    return [number(value, digits) for value in column]


def texts(column: pd.Series[Any], names: Mapping[str, str] | None = None) -> list[str]:
    """Return a column as texts, coded values by their names."""
    known = names or {}
    return [known.get(text(value), text(value)) for value in column]


def class_key(classes: Classes) -> ClassKey:
    """Return what the page needs of classes."""
    return {"breaks": classes.breaks, "colours": classes.colours, "widths": classes.widths}
