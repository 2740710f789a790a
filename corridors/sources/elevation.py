"""Elevation at points from any GeoTIFF; only the tiles that hold points are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
from pyproj import Transformer
from rasterio.windows import Window

from corridors.core.geo import GEOGRAPHIC, GEOTIFF
from corridors.core.unreadable import readable

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import FloatArray, IntArray

TILE = 512
"""Cells along each side of the squares read at once: the tiles of a Cloud-Optimized GeoTIFF."""


def elevation_at(path: Path, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the elevation at points (meters), bilinear between the centers of the four cells around each.

    Parameters
    ----------
    path
        GeoTIFF of one band, meters, any CRS, checked by `load_raster("elevation", ...)`.
    lon, lat
        (points,) degrees EPSG:4326.

    Returns
    -------
    metres
        (points,). Cells without data get no weight; NaN where none of the four has data and outside the raster.
        In the outermost half cell the cells of the edge are used.

    Raises
    ------
    UnreadableError
        The raster is damaged where it is read.
    """
    with readable(path), rasterio.open(path, driver=GEOTIFF) as raster:
        row, column = _cells(raster, lon, lat)
        height, width = raster.shape
        inside = (row >= -0.5) & (row <= height - 0.5) & (column >= -0.5) & (column <= width - 0.5)
        metres = np.full(len(inside), np.nan)
        points = np.flatnonzero(inside)
        row, column = row[points].clip(0, height - 1), column[points].clip(0, width - 1)
        tile = (row // TILE).astype(np.int64) * (width // TILE + 1) + (column // TILE).astype(np.int64)
        order = np.argsort(tile, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1):
            if len(group):
                metres[points[group]] = _in_window(raster, row[group], column[group])
        scaled: FloatArray = metres * raster.scales[0] + raster.offsets[0]
        return scaled


def _cells(raster: rasterio.DatasetReader, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return row and column of points, counted from the center of the first cell; NaN outside the domain of the CRS."""
    x, y = Transformer.from_crs(GEOGRAPHIC, raster.crs, always_xy=True).transform(lon, lat)
    x, y = (np.where(np.isfinite(at), at, np.nan) for at in (x, y))
    if raster.crs.is_geographic:
        x = raster.bounds.left + (x - raster.bounds.left) % 360  # some run from 0 to 360
    cell = ~raster.transform
    return cell.d * x + cell.e * y + cell.f - 0.5, cell.a * x + cell.b * y + cell.c - 0.5


def _in_window(raster: rasterio.DatasetReader, row: FloatArray, column: FloatArray) -> FloatArray:
    """Return the values at nearby points, given in cells counted from the center of the first."""
    top, left = int(row.min()), int(column.min())
    bottom, right = (int(np.ceil(at.max())) + 1 for at in (row, column))
    window = Window.from_slices((top, bottom), (left, right))
    read = raster.read(1, window=window, masked=True)
    cells = np.ma.masked_invalid(read.astype(np.float64)).filled(np.nan)
    above, below, down = _around(row - top, cells.shape[0])
    before, after, right_by = _around(column - left, cells.shape[1])
    corners = np.stack([cells[above, before], cells[above, after], cells[below, before], cells[below, after]])
    weights = np.stack(
        [(1 - down) * (1 - right_by), (1 - down) * right_by, down * (1 - right_by), down * right_by]
    )
    weights[np.isnan(corners)] = 0
    total = weights.sum(axis=0)
    values = (weights * np.nan_to_num(corners)).sum(axis=0)
    mean: FloatArray = np.divide(values, total, out=np.full(len(total), np.nan), where=total > 0)
    return mean


def _around(at: FloatArray, size: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the cell before and after each point along one axis, and its fraction of the way between them."""
    before = at.astype(np.int64)
    return before, np.minimum(before + 1, size - 1), at - before
