"""The map of a brief: the layers of the run's map, under the district's own counties, in a window around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.outputs.layers import encoding
from corridors.outputs.layers.encoding import texts
from corridors.outputs.layers.layers import LayerSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

COMMON = ("land", "borders", "frontier", "corridors_c", "corridors", "crossings", "places")
"""Layers of the run's map that a brief shows too."""
NAMED, INFERRED, APPROXIMATE = "#9cc7b4", "#c3b5d9", "#e0dcb4"
MARGIN = 0.9
"""Degrees around the district and its main ports: a few hours of road into Mexico."""


def district_layer(counties: gpd.GeoDataFrame) -> LayerSpec:
    """Return the counties of a district: those that a source names, those inferred from others, and those that road time chose.

    Parameters
    ----------
    counties
        `name us_state approximate inferred hours`, EPSG:4326 polygons.
    """
    rings = encoding.simplify_areas(counties.geometry.to_numpy()) if len(counties) else ()
    payload: dict[str, Any] = {
        "kind": "areas",
        "order": 10,
        "scale": encoding.SCALE,
        "shapes": [encoding.encode_area(shape) for shape in rings],
        "classes": {"breaks": [0, 1, 2], "colours": [NAMED, INFERRED, APPROXIMATE], "widths": []},
        "bin": [
            2 if chosen else int(inferred)
            for chosen, inferred in zip(counties["approximate"], counties["inferred"], strict=True)
        ],
        "missing": 0,
        "title": "name",
        "columns": {"name": texts(counties["name"]), "state": texts(counties["us_state"])},
        "fields": [["label.state", "us_state", "state"]],
    }
    return LayerSpec("district", payload, control=False)


def district_specs(common: Sequence[LayerSpec], district: LayerSpec) -> list[LayerSpec]:
    """Return the layers of a brief's map, the lowest first."""
    kept = [spec for spec in common if spec.name in COMMON]
    return [*kept[:1], district, *kept[1:]]


def window(counties: gpd.GeoDataFrame, points: pd.DataFrame) -> list[list[float]]:
    """Return [[south, west], [north, east]] of a district, its consulate and its main ports, with a margin."""
    bounds = counties.geometry.bounds  # of no county, empty
    west, east = (pd.concat([bounds[side], points["lon"]]) for side in ("minx", "maxx"))
    south, north = (pd.concat([bounds[side], points["lat"]]) for side in ("miny", "maxy"))
    box = [[south.min() - MARGIN, west.min() - MARGIN], [north.max() + MARGIN / 3, east.max() + MARGIN]]
    return [[round(float(value), 3) for value in pair] for pair in box]
