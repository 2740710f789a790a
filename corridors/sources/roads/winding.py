"""Speed of Mexican federal roads by terrain, told by how much the road's own line turns.

Waypoints carry neither lanes nor slopes, and no elevation raster found is fine enough (ETOPO5 puts Monterrey at 1,075 m
instead of 540). Roads of mountains turn, so bends stand for terrain: what a road turns beyond `FREE_DEGREES_PER_KM`
costs time::

    hours = km / STRAIGHT_KMH + (degrees - FREE_DEGREES_PER_KM * km) * SECONDS_PER_DEGREE / 3600

Degrees are averaged over `WINDOW_KM` either way along the road, because waypoints stand a kilometer or more apart.
Speeds are given in steps of `STEP_KMH`, so that a road is cut in few pieces. They hold along the chords between
waypoints: bends between those are time, not length. Four constants are set by the printed driving times of
`data/driving_times.csv` (docs/method.md 2.6); there are none to check roads of the United States by, which keep the
speed of their class.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, IntArray

STRAIGHT_KMH = 90.0
"""Speed on a straight federal road of level ground."""
FREE_DEGREES_PER_KM = 10.0
SECONDS_PER_DEGREE = 2.3
WINDOW_KM = 10.0
STEP_KMH = 5.0
MIN_KMH = 20.0
FEDERAL = "mx_federal"
TOLL = "mx_toll"
_FREE_NUMBER = re.compile(r"MEX\d+(?![\dD])")


def is_federal(road_class: str, ref: str) -> bool:
    """Return whether a road is a federal highway, with or without a toll, rather than a motorway built for one.

    Where a toll is taken on the federal highway itself (MEX-15 in Sonora, MEX-45 in Chihuahua), the road bears both
    numbers; it passes through towns and junctions like any federal highway.

    Parameters
    ----------
    road_class
        Class of the schema.
    ref
        Numbers joined by "/".

    Examples
    --------
    >>> is_federal("mx_toll", "MEX15/MEX15D"), is_federal("mx_toll", "MEX40D/MEX49D"), is_federal("mx_federal", "")
    (True, False, True)
    """
    if road_class == TOLL:
        return any(_FREE_NUMBER.match(number) for number in ref.split("/"))
    return road_class == FEDERAL


def degrees_per_km(lon: FloatArray, lat: FloatArray, line: IntArray) -> FloatArray:
    """Return how much each stretch of some lines turns, averaged along its line.

    Parameters
    ----------
    lon, lat
        (points,) degrees EPSG:4326, the points of one line after those of another.
    line
        (points,) which line each point is of, equal along a line.

    Returns
    -------
    degrees
        (points - 1,) degrees turned per kilometer within `WINDOW_KM` of the middle of the stretch from each point to
        the next; 0 from the end of one line to the start of the next and where a line does not bend. A turn counts half
        in the stretch before it and half in the one after.
    """
    azimuth, _, metres = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    same = line[1:] == line[:-1]
    km = np.where(same, metres / 1000, 0.0)
    bend = np.abs((np.diff(azimuth) + 180) % 360 - 180)
    moved = km > 0
    turn = np.zeros(len(lon))
    turn[1:-1] = np.where(moved[1:] & moved[:-1] & same[1:] & same[:-1], bend, 0.0)
    turned = np.where(same, (turn[:-1] + turn[1:]) / 2, 0.0)
    # Lines follow one another without a gap in length, so one curve of degrees by length serves all of them.
    along, total = (np.concatenate([[0.0], np.cumsum(part)]) for part in (km, turned))
    first = np.flatnonzero(np.concatenate([[True], ~same]))
    last = np.concatenate([first[1:], [len(lon)]]) - 1
    own = np.cumsum(np.concatenate([[0], ~same]))[:-1]
    middle = (along[:-1] + along[1:]) / 2
    low = np.maximum(middle - WINDOW_KM, along[first][own])
    high = np.minimum(middle + WINDOW_KM, along[last][own])
    within = np.interp(high, along, total) - np.interp(low, along, total)
    degrees: FloatArray = np.divide(within, high - low, out=np.zeros(len(km)), where=moved & (high > low))
    return degrees


def winding_kmh(degrees: FloatArray) -> FloatArray:
    """Return the speed (km/h) of federal roads that turn by some degrees per kilometer.

    Examples
    --------
    >>> winding_kmh(np.array([0.0, 5.0, 15.0, 30.0, 500.0])).tolist()
    [90.0, 90.0, 70.0, 40.0, 20.0]
    """
    over = np.maximum(degrees - FREE_DEGREES_PER_KM, 0.0)
    kmh = 1 / (1 / STRAIGHT_KMH + over * SECONDS_PER_DEGREE / 3600)
    return np.maximum(np.round(kmh / STEP_KMH) * STEP_KMH, MIN_KMH)
