"""Which places a network covers: the roads of one city pair do not serve zones a thousand kilometers away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from corridors.core.geo import to_plane

if TYPE_CHECKING:
    from corridors.core.types import BoolArray, FloatArray, Network

MARGIN_KM = 25.0
"""Distance outside the hull of a country's roads at which a place still counts as covered: islands, coasts, edges of extracts."""
MIN_COVERED = 0.95
"""Fraction of a state from which it counts as covered whole, and its published figures may be fitted."""


def covered(network: Network, usable: BoolArray, lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Return (points,) whether each point (degrees EPSG:4326) lies within 25 km of the hull of the usable nodes."""
    nodes = network.nodes[usable]
    points = to_plane(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    hull = shapely.buffer(shapely.convex_hull(shapely.multipoints(points)), 1000 * MARGIN_KM)
    shapely.prepare(hull)
    return np.asarray(shapely.contains(hull, shapely.points(to_plane(lon, lat))))
