"""Contracts of every table (a `Schema` by table id) and of the rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.sources.schemas.border import CROSSING_SCHEMAS
from corridors.sources.schemas.figures import TARGET_SCHEMAS
from corridors.sources.schemas.mexico import MEXICO_SCHEMAS
from corridors.sources.schemas.roads import ROAD_SCHEMAS
from corridors.sources.schemas.us import US_SCHEMAS

if TYPE_CHECKING:
    from corridors.core.schema import Schema

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Raster:
    """Contract of a raster.

    Parameters
    ----------
    name
        Table id, the same as in `data/catalog.csv`.
    doc, unit
        Meaning of a cell, and its unit.
    box
        Box (west, south, east, north; degrees) that the raster must cover.
    crs
        EPSG code.
    low
        Minimum value of a cell with data.
    """

    name: str
    doc: str
    unit: str
    box: Box
    crs: int = 4326
    low: float = 0.0


SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (*US_SCHEMAS, *MEXICO_SCHEMAS, *ROAD_SCHEMAS, *TARGET_SCHEMAS, *CROSSING_SCHEMAS)
}
OPTIONAL = frozenset({"gun_shows_announced", *(schema.name for schema in CROSSING_SCHEMAS)})
"""Tables that a folder of data may lack: the test or layer that needs one is then absent."""
RASTERS: dict[str, Raster] = {
    "population": Raster(
        "population",
        "People per square kilometer of land, 2020",
        "people per km²",
        (-124.4, 25.8, -93.5, 42.0),  # the four states: people elsewhere are not asked for
    )
}
OPTIONAL_RASTERS: dict[str, Raster] = {
    "elevation": Raster(
        "elevation", "Height of the ground above the sea", "meters", (-120.0, 15.0, -90.0, 40.0), low=-500.0
    )
}
"""Rasters of the user: none is shipped. One may cover only part of its box, and may lack a nodata value."""
# Where geometry may lie (west, south, east, north; degrees), to catch swapped axes and wrong CRS.
BOUNDS: dict[str, Box] = {
    "us_states": (-125.5, 24.0, -66.0, 50.0),
    "counties": (-125.5, 25.0, -93.0, 43.0),
    "mx_states": (-119.0, 14.0, -86.0, 33.0),
    "municipality_polygons": (-119.0, 14.0, -86.0, 33.0),
    "road_edges": (-125.5, 13.0, -84.0, 43.0),
    "base_land": (-132.5, 10.5, -69.5, 50.5),
}
