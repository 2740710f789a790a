"""Thinning of polygons and lines for the default data: coordinates in degrees, EPSG:4326."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[Any]


def polygonal(shapes: Shapes) -> Shapes:
    """Return each shape made valid and reduced to its polygons.

    Parameters
    ----------
    shapes
        Geometries of any type; a collection's points and lines are dropped.
    """
    valid = shapely.make_valid(shapes)
    return np.array([_polygons(shape) for shape in valid], dtype=object)


def thin_coverage(table: gpd.GeoDataFrame, *, tolerance: float, grid: float) -> gpd.GeoDataFrame:
    """Return polygons with fewer points; borders that neighbors share stay shared.

    Parameters
    ----------
    table
        Polygons that meet along equal borders.
    tolerance
        Square root of the smallest triangle kept (degrees), as in `shapely.coverage_simplify`.
    grid
        Spacing the coordinates are rounded to (degrees). A polygon too small for it keeps its own points.
    """
    full = polygonal(np.asarray(table.geometry.array))
    simple = shapely.coverage_simplify(full, tolerance)
    # Rounding each point alone moves a shared point the same way for both neighbors.
    rounded = polygonal(shapely.set_precision(simple, grid, mode="pointwise"))
    lost = shapely.is_empty(rounded)
    rounded[lost] = shapely.set_precision(full[lost], grid / 10)
    return table.set_geometry(gpd.GeoSeries(rounded, index=table.index, crs=4326))


def thin_lines(lines: Shapes, *, grid: float) -> Shapes:
    """Return lines with coordinates rounded to `grid` degrees and repeated points dropped.

    A line that would shrink to one point keeps its coordinates, so every line stays valid.
    """
    rounded = shapely.remove_repeated_points(shapely.set_precision(lines, grid, mode="pointwise"))
    return np.where(shapely.length(rounded) > 0, rounded, lines)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of one valid shape as one geometry."""
    if isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    parts = [
        part for part in shapely.get_parts(shapely.get_parts(shape)) if isinstance(part, shapely.Polygon)
    ]
    return shapely.MultiPolygon(parts)
