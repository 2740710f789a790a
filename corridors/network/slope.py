"""Slope of roads, from elevation along them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from corridors.core.geo import PLANE, from_plane

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from corridors.core.types import FloatArray, Network

STEP_KM = 2.0


def with_slope(network: Network, elevation_at: Callable[[FloatArray, FloatArray], FloatArray]) -> Network:
    """Return the network with the slope of its arcs.

    Parameters
    ----------
    elevation_at
        Takes (points,) longitudes and latitudes, degrees EPSG:4326; returns meters, NaN where unknown.
    """
    slope = mean_slope(network.edges, elevation_at)
    return replace(network, arcs=replace(network.arcs, slope=slope[network.arcs.edge]))


def mean_slope(
    edges: gpd.GeoDataFrame, elevation_at: Callable[[FloatArray, FloatArray], FloatArray]
) -> FloatArray:
    """Return (edges,) meters climbed or descended per meter of road, from points at most 2 km apart along it.

    Up and down count alike, so direction does not matter. Relief between two points is missed, and a coarse raster
    flattens roads. Stretches without elevation count as level.
    """
    lines = edges.geometry.to_crs(PLANE).to_numpy()
    km = np.maximum(edges["km"].to_numpy(dtype=np.float64), 1e-3)
    steps = np.maximum(1, np.ceil(km / STEP_KM)).astype(np.int64)
    row = np.repeat(np.arange(len(edges)), steps + 1)
    first = np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    fraction = (np.arange(len(row)) - first) / steps[row]
    points = shapely.line_interpolate_point(lines[row], fraction, normalized=True)
    meters = elevation_at(*from_plane(shapely.get_coordinates(points)))
    change = np.abs(np.diff(meters))
    change[np.isnan(change) | (np.diff(row) != 0)] = 0
    climbed = np.bincount(row[1:], weights=change, minlength=len(edges))
    return np.asarray(climbed / (1000 * km))
