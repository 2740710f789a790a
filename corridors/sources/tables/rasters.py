"""Load rasters, checked by their contracts: the shipped one, or one of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rasterio
from rasterio.errors import RasterioIOError
from rasterio.warp import transform_bounds

from corridors.core.errors import Fault, SchemaError
from corridors.sources.schemas.tables import OPTIONAL_RASTERS, RASTERS

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas.tables import Raster

METRES = ("m", "metre", "metres", "meter", "meters")


def load_raster(table_id: str, path: Path | None = None, *, data: Path) -> Path:
    """Return the path of a raster, checked: one band, a CRS, its box covered, missing cells marked.

    One of `OPTIONAL_RASTERS` may cover part of its box and lack a nodata value; its unit must be the contract's.

    Raises
    ------
    SchemaError
        With every fault of the file at once.
    """
    rule = (RASTERS | OPTIONAL_RASTERS)[table_id]
    file = path or data / f"{table_id}.tif"
    if not file.is_file():
        raise SchemaError([Fault(str(file), "a GeoTIFF", "no such file", "Check the path.")])
    try:
        with rasterio.open(file) as raster:
            wrong = _raster_faults(str(file), raster, rule)
    except RasterioIOError as error:
        raise SchemaError([Fault(str(file), "a GeoTIFF", str(error), "Write the file again.")]) from error
    if wrong:
        raise SchemaError(wrong)
    return file


def _raster_faults(file: str, raster: rasterio.DatasetReader, rule: Raster) -> list[Fault]:
    """Return faults of bands, CRS (any is accepted), nodata value, unit and extent (degrees)."""
    faults = []
    if raster.count != 1:
        faults.append(Fault(file, "one band", f"{raster.count} bands", "Keep one band."))
    if raster.crs is None:
        return [
            *faults,
            Fault(file, "a CRS", "none", "Write the raster with its coordinate reference system."),
        ]
    west, south, east, north = transform_bounds(raster.crs, f"EPSG:{rule.crs}", *raster.bounds)
    box, found = rule.box, f"{west:g} {south:g} {east:g} {north:g}"
    if rule.name in OPTIONAL_RASTERS:
        if raster.units[0] not in {None, "", *METRES}:
            faults.append(Fault(file, "metres", repr(raster.units[0]), "Convert the raster to metres."))
        if south > box[3] or north < box[1]:
            faults.append(Fault(file, f"a raster in {box}", found, "Give a raster of the region."))
        return faults
    if raster.nodata is None:
        faults.append(Fault(file, "a nodata value", "none", "Mark missing cells with a nodata value."))
    if west > box[0] or south > box[1] or east < box[2] or north < box[3]:
        faults.append(Fault(file, f"a raster that covers {box}", found, "Give a raster of the whole region."))
    return faults
