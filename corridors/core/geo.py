"""Projections that every room uses: degrees in, meters out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

if TYPE_CHECKING:
    from corridors.core.types import FloatArray

GEOGRAPHIC = 4326
GEOTIFF = "GTiff"
"""The only GDAL driver that reads a raster: others take a text for one that lies on a server or in another file."""
# One Lambert conformal plane for both countries: scale error below 1.5 % from Sacramento to Chiapas, so it serves
# for "which is nearest" and "within 15 km"; lengths that are published come from the tables, not from it.
PLANE = "+proj=lcc +lat_1=19 +lat_2=37 +lat_0=28 +lon_0=-104 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs +type=crs"


def to_plane(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return (n, 2) meters on the project's plane of points in degrees (EPSG:4326)."""
    x, y = Transformer.from_crs(GEOGRAPHIC, PLANE, always_xy=True).transform(lon, lat)
    return np.column_stack([x, y])


def from_plane(metres: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return longitudes and latitudes (degrees, EPSG:4326) of (n, 2) meters on the project's plane."""
    lon, lat = Transformer.from_crs(PLANE, GEOGRAPHIC, always_xy=True).transform(metres[:, 0], metres[:, 1])
    return lon, lat
