"""People of zones from rasters of any cell size, CRS and mark of missing cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings, strategies as st
from rasterio.warp import transform_bounds

from corridors.core.errors import InputError
from corridors.network import zones as zones_module
from corridors.network.zones import SUBCELL_KM, SUBCELLS, population_cells

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import FloatArray

BOX = (-111.0, 31.0, -110.0, 32.0)
TOWN = (-110.75, 31.45)
ZONE = gpd.GeoDataFrame({"zone_id": ["a"]}, geometry=[shapely.box(*BOX)], crs=4326)
CRS = {
    "degrees": ("EPSG:4326", 1 / 111.2),
    "Mollweide": ("ESRI:54009", 1000.0),
    "UTM": ("EPSG:32612", 1000.0),
}
KINDS = ["zero", "nodata", "NaN"]


def raster(
    path: Path, crs: str, km: float, *, missing: str = "zero", low: float = 0.0, dtype: str = "float32"
) -> Path:
    """Write people in the 5 km around a town, and cells of another kind in the rest of the zone."""
    code, unit = CRS[crs]
    west, south, east, north = transform_bounds("EPSG:4326", code, *BOX, densify_pts=21)
    size, pad = km * unit, 12 * unit
    width, height = (int((b - a + 2 * pad) / size) + 1 for a, b in ((west, east), (south, north)))
    grid = rasterio.transform.from_origin(west - pad, north + pad, size, size)
    column, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    x, y = grid @ (column.ravel(), row.ravel())
    lon, lat = (
        np.asarray(at).reshape(height, width) for at in rasterio.warp.transform(code, "EPSG:4326", x, y)
    )
    far = np.hypot((lon - TOWN[0]) * 95, (lat - TOWN[1]) * 111)
    rest = {"zero": 0.0, "nodata": -9999.0, "NaN": np.nan}[missing]
    cells = np.where(far < 5 + km, 100.0, np.where(far < 20, low, rest)).astype(dtype)
    profile = {"width": width, "height": height, "count": 1, "dtype": dtype, "crs": code, "transform": grid}
    with rasterio.open(path, "w", driver="GTiff", nodata=-9999.0, **profile) as target:
        target.write(cells, 1)
    return path


def center(path: Path) -> FloatArray:
    """Return longitude and latitude of the mean of the zone's people."""
    _, weight, lon, lat = population_cells(ZONE, path)
    mean: FloatArray = np.array([(weight * lon).sum(), (weight * lat).sum()]) / weight.sum()
    return mean


@pytest.mark.parametrize("crs", CRS)
@pytest.mark.parametrize("km", [0.1, 0.25, 1.0, 5.0])
def test_the_people_stay_where_they_are(crs: str, km: float, tmp_path: Path) -> None:
    assert center(raster(tmp_path / "people.tif", crs, km)) == pytest.approx(TOWN, abs=0.02 + km / 200)


@pytest.mark.parametrize("missing", KINDS)
@pytest.mark.parametrize("km", [0.25, 5.0])
def test_missing_cells_hold_nobody(missing: str, km: float, tmp_path: Path) -> None:
    """Rasters that xarray or numpy wrote hold NaN beside a nodata value of -9999."""
    whole = center(raster(tmp_path / "whole.tif", "degrees", km))
    assert center(raster(tmp_path / "holes.tif", "degrees", km, missing=missing)) == pytest.approx(
        whole, abs=1e-9
    )


def test_one_cell_that_is_no_number_moves_nobody(tmp_path: Path) -> None:
    cells = np.zeros((360, 420), dtype="float32")
    cells[115, 142] = 1000
    cells[118, 148] = np.nan
    grid = rasterio.transform.from_origin(-125, 43, 0.1, 0.1)
    with rasterio.open(
        tmp_path / "p.tif",
        "w",
        driver="GTiff",
        width=420,
        height=360,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=grid,
        nodata=-9999.0,
    ) as target:
        target.write(cells, 1)
    assert center(tmp_path / "p.tif") == pytest.approx([-110.75, 31.45], abs=1e-4)


def test_people_below_0_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected people from 0, .* found -3 in"):
        center(raster(tmp_path / "wrong.tif", "degrees", 1.0, low=-3.0))


def test_a_raster_without_people_is_refused(tmp_path: Path) -> None:
    path = raster(tmp_path / "none.tif", "degrees", 5.0)
    with rasterio.open(path, "r+") as target:
        target.write(np.zeros(target.shape, dtype="float32"), 1)
    with pytest.raises(InputError, match="people in the supply zones"):
        center(path)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strip=st.integers(1, 200_000))
def test_strips_change_nothing(strip: int, tmp_path: Path) -> None:
    path = tmp_path / "fine.tif"
    if not path.is_file():
        raster(path, "degrees", 0.25, missing="NaN")
    expected = population_cells(ZONE, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zones_module, "STRIP_CELLS", strip)
        found = population_cells(ZONE, path)
    assert all(np.array_equal(a, b) for a, b in zip(expected, found, strict=True))


@pytest.mark.parametrize("km", [0.05, 0.1, 0.25, 1.0, 2.5, 28.0])
def test_a_finer_raster_gives_no_more_subcells(km: float, tmp_path: Path) -> None:
    """Memory follows the area of the zones, not the number of cells."""
    cells = len(population_cells(ZONE, raster(tmp_path / "people.tif", "UTM", km, dtype="float32"))[0])
    assert cells <= 2 * (112 / SUBCELL_KM * 2) ** 2
    assert SUBCELLS == 8
