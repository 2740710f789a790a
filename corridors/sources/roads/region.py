"""The region that roads are read in, and the check that coordinates are degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.core.errors import Fault
from corridors.sources.schemas.columns import LAT, LON

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import BoolArray, FloatArray

WEST, EAST, SOUTH, NORTH = (float(edge or 0) for edge in (LON.low, LON.high, LAT.low, LAT.high))
"""Bounds of the region in degrees: those of the tables' coordinates."""
WORDS = f"lon {WEST:g}..{EAST:g}, lat {SOUTH:g}..{NORTH:g}"
BEYOND = f"outside the region ({WORDS})"
EXPECTED = f"coordinates in degrees, lon {WEST:g} to {EAST:g}, lat {SOUTH:g} to {NORTH:g}"


def in_region(lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Return which points are in the region; NaN is not."""
    return np.asarray((lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH))


def degrees_fault(file: str, x: FloatArray, y: FloatArray, place: Callable[[int], str]) -> Fault | None:
    """Return the fault of coordinates that cannot be degrees, such as meters or swapped axes; None without one.

    Parameters
    ----------
    file
        Name for the message.
    x, y
        Finite coordinates that should be longitude and latitude.
    place
        Words for the road or node that a coordinate is of, by its position in `x`.
    """
    wrong = np.flatnonzero((np.abs(x) > 180) | (np.abs(y) > 90))
    if not len(wrong):
        return None
    first = int(wrong[0])
    more = f", and {len(wrong) - 1} points more" if len(wrong) > 1 else ""
    found = f"{place(first)} at ({x[first]:.10g}, {y[first]:.10g}){more}"
    return Fault(file, EXPECTED, found, remedy(x[wrong], y[wrong]))


def remedy(x: FloatArray, y: FloatArray) -> str:
    """Return what to do about coordinates of which none is in the region."""
    if in_region(y, x).any():
        return "The axes are swapped: write longitude first, then latitude."
    if in_region(-np.abs(x), y).any():
        return "Write longitudes west of Greenwich with a minus sign."
    return "Check the CRS and the order of the axes, or give roads of the region."


def bounds_words(x: FloatArray, y: FloatArray) -> str:
    """Return the bounds of some points as text."""
    return f"lon {x.min():.6g}..{x.max():.6g}, lat {y.min():.6g}..{y.max():.6g}"
