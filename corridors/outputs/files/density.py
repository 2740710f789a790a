"""Corridor density as a Cloud-Optimised GeoTIFF: where the modelled flow runs, blurred to at least 5 km."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from scipy.ndimage import gaussian_filter

from corridors.outputs.layers.palette import CORRIDORS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from corridors.core.types import FloatArray

CELL_DEGREES = 0.05
STEP_KM = 2.0
BLUR_KM = 5.0
KM_PER_DEGREE = 111.2
CLASS_BREAKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Lower bounds of the classes, as fractions of the largest density."""


def write_density(edges: gpd.GeoDataFrame, path: Path, classes: Path, description: str = "") -> None:
    """Write share-kilometres per square kilometre, EPSG:4326, cells of .05 degrees, as a COG; and in classes to look at.

    Each edge's mean share is spread along its line and blurred by a Gaussian of sd 5 km, so that the raster shows
    a corridor's neighbourhood and never a road to follow. Cells without flow are no-data (0). `classes` is of whole
    numbers with a colour table: 1 to 6, by fraction of the largest density, in the colours of the map. Both carry the
    description as a tag.
    """
    flowing = edges[(edges["share_mean"] > 0) & (edges["country"] != "X")]
    west, south, east, north = np.floor(np.array(edges.total_bounds) / CELL_DEGREES) * CELL_DEGREES
    shape = (int((north - south) / CELL_DEGREES) + 2, int((east - west) / CELL_DEGREES) + 2)
    top = north + CELL_DEGREES
    lon, lat, amount = _samples(flowing)
    grid = np.zeros(shape)
    row = ((top - lat) / CELL_DEGREES).astype(np.int64)
    col = ((lon - west) / CELL_DEGREES).astype(np.int64)
    np.add.at(grid, (row, col), amount)
    middle = np.radians(top - (np.arange(shape[0]) + 0.5) * CELL_DEGREES)
    area = (CELL_DEGREES * KM_PER_DEGREE) ** 2 * np.cos(middle)[:, None]
    blur = BLUR_KM / (CELL_DEGREES * KM_PER_DEGREE)
    density = gaussian_filter(grid, blur) / area
    profile = {
        "driver": "COG",
        "width": shape[1],
        "height": shape[0],
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(CELL_DEGREES, 0, west, 0, -CELL_DEGREES, top),
        "nodata": 0.0,
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(np.where(density > 1e-9, density, 0).astype(np.float32), 1)
        raster.set_band_description(1, "modelled share-km per square km")
        _describe(raster, description)
    _write_classes(density, classes, profile, description)


def _describe(raster: Any, description: str) -> None:
    """Set the tag in which a GeoTIFF says what it shows."""
    if description:
        raster.update_tags(TIFFTAG_IMAGEDESCRIPTION=description)


def _write_classes(density: FloatArray, path: Path, profile: Mapping[str, Any], description: str) -> None:
    """Write the class of each cell with its colour."""
    fraction = density / max(density.max(), 1e-30)
    colours = {0: (0, 0, 0, 0)} | {i: _rgba(colour) for i, colour in enumerate(CORRIDORS.colours, start=1)}
    looks = {"dtype": "uint8", "nodata": 0, "overview_resampling": "nearest"}
    with rasterio.open(path, "w", **{**profile, **looks}) as raster:
        raster.write(np.searchsorted(CLASS_BREAKS, fraction, side="right").astype(np.uint8), 1)
        raster.write_colormap(1, colours)
        raster.set_band_description(1, "class of modelled density, by part of the largest")
        _describe(raster, description)


def _rgba(colour: str) -> tuple[int, int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16), 255


def _samples(edges: gpd.GeoDataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return longitude, latitude and share-kilometres of points at equal steps along each edge."""
    lines = edges.geometry.to_numpy()
    km = edges["km"].to_numpy()
    steps = np.maximum(1, np.ceil(km / STEP_KM)).astype(np.int64)
    row = np.repeat(np.arange(len(edges)), steps)
    first = np.repeat(np.cumsum(steps) - steps, steps)
    fraction = (np.arange(len(row)) - first + 0.5) / steps[row]
    points = shapely.get_coordinates(shapely.line_interpolate_point(lines[row], fraction, normalized=True))
    amount = (edges["share_mean"].to_numpy() * km / steps)[row]
    return points[:, 0], points[:, 1], amount
