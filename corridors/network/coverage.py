"""What a network covers: a city pair's roads say nothing of zones and municipalities a thousand kilometres away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from corridors.core.geo import to_plane

if TYPE_CHECKING:
    from corridors.core.types import BoolArray, FloatArray, Network

MARGIN_KM = 25.0
"""A place this far outside the hull of a country's roads is still covered: islands, coasts, the edge of an extract."""
WHOLE = 0.95
"""A state this far covered counts as whole, and its published figures may be fitted."""


def covered(network: Network, usable: BoolArray, lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Return which points (degrees) lie within the hull of the usable nodes, or 25 km of it."""
    nodes = network.nodes[usable]
    points = to_plane(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    hull = shapely.buffer(shapely.convex_hull(shapely.multipoints(points)), 1000 * MARGIN_KM)
    shapely.prepare(hull)
    return np.asarray(shapely.contains(hull, shapely.points(to_plane(lon, lat))))
