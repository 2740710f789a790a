"""Load rasters, checked by their contracts: the shipped one, or one of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.core.geo import GEOTIFF
from corridors.core.unreadable import readable
from corridors.sources.reading.size import check_raster_cells
from corridors.sources.schemas.tables import OPTIONAL_RASTERS, RASTERS

if TYPE_CHECKING:
    from pathlib import Path

    import rasterio

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
    import rasterio
    from rasterio.errors import RasterioIOError

    rule = (RASTERS | OPTIONAL_RASTERS)[table_id]
    file = path or data / f"{table_id}.tif"
    if not file.is_file():
        raise SchemaError([not_a_file(file, "a GeoTIFF")])
    with readable(file):
        try:
            with rasterio.open(file, driver=GEOTIFF) as raster:
                check_raster_cells(file, raster.width * raster.height)
                wrong = _raster_faults(str(file), raster, rule)
        except RasterioIOError as error:
            raise SchemaError([Fault(str(file), "a GeoTIFF", str(error), "Write the file again.")]) from error
    if wrong:
        raise SchemaError(wrong)
    return file


def _raster_faults(file: str, raster: rasterio.DatasetReader, rule: Raster) -> list[Fault]:
    """Return faults of bands, CRS (any is accepted), nodata value, unit and extent (degrees)."""
    from rasterio._err import CPLE_BaseError
    from rasterio.warp import transform_bounds

    faults = []
    if raster.count != 1:
        faults.append(Fault(file, "one band", f"{raster.count} bands", "Keep one band."))
    if raster.crs is None:
        return [
            *faults,
            Fault(file, "a CRS", "none", "Write the raster with its coordinate reference system."),
        ]
    box = rule.box
    try:
        left, bottom, right, top = transform_bounds(f"EPSG:{rule.crs}", raster.crs, *box, densify_pts=101)
    except CPLE_BaseError as error:
        return [*faults, Fault(file, f"a raster in {box}", str(error), "Check the CRS of the raster.")]
    if raster.crs.is_geographic and raster.bounds.right > 180:  # some run from 0 to 360
        left, right = left % 360, right % 360
    at = raster.bounds
    found = f"{at.left:g} {at.bottom:g} {at.right:g} {at.top:g} in {raster.crs.to_string()[:60]}"
    if rule.name in OPTIONAL_RASTERS:
        if raster.units[0] not in {None, "", *METRES}:
            faults.append(Fault(file, "meters", repr(raster.units[0]), "Convert the raster to meters."))
        if at.left > right or at.right < left or at.bottom > top or at.top < bottom:
            faults.append(Fault(file, f"a raster in {box}", found, "Give a raster of the region."))
        return faults
    if raster.nodata is None and not raster.dtypes[0].startswith(("float", "uint")):
        faults.append(Fault(file, "a nodata value", "none", "Mark missing cells with a nodata value."))
    if at.left > left or at.right < right or at.bottom > bottom or at.top < top:
        faults.append(Fault(file, f"a raster that covers {box}", found, "Give a raster of the whole region."))
    return faults
