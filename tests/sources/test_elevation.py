"""Elevation at points: rasters in several CRS, holes, edges, tiles, and a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, strategies as st
from pyproj import Transformer

from corridors.core.errors import SchemaError
from corridors.sources import elevation_at
from corridors.sources.elevation import TILE
from corridors.sources.tables import load_raster
from tests.raw import RAW, needs_raw
from tests.sources.dress import quick

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import FloatArray

ETOPO5 = RAW / "roads/elevation_etopo5.tif"
NODATA = -32768.0
# CRS, west and north in its own units, cell: around Nogales.
GRIDS = {
    "EPSG:4326": (-111.5, 32.0, 0.002),
    "EPSG:32612": (450_000.0, 3_540_000.0, 200.0),
    "EPSG:6372": (1_600_000.0, 2_200_000.0, 250.0),
    "EPSG:3857": (-12_412_000.0, 3_763_000.0, 250.0),
}


def written(path: Path, cells: FloatArray, crs: str, *, turn: float = 0.0, **changes: Any) -> Path:
    west, north, cell = GRIDS[crs]
    profile = {
        "driver": "GTiff",
        "dtype": "float64",
        "count": 1,
        "height": cells.shape[0],
        "width": cells.shape[1],
        "crs": crs,
        "transform": Affine.translation(west, north) * Affine.rotation(turn) * Affine.scale(cell, -cell),
        "nodata": NODATA,
    }
    with rasterio.open(path, "w", **(profile | changes)) as target:
        target.write(cells, 1)
    return path


def plane(rows: int, columns: int) -> FloatArray:
    """A slope: 3 m a row and 2 m a column, 100 m at the centre of the first cell."""
    return 100.0 + 3.0 * np.arange(rows)[:, None] + 2.0 * np.arange(columns)


def degrees(path: Path, row: FloatArray, column: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of places counted in cells from the centre of the first."""
    with rasterio.open(path) as raster:
        x, y = raster.transform * (column + 0.5, row + 0.5)
        lon, lat = Transformer.from_crs(raster.crs, 4326, always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


@pytest.mark.parametrize("turn", [0.0, 20.0])
@pytest.mark.parametrize("crs", list(GRIDS))
def test_a_slope_is_read_exactly_in_every_crs(crs: str, turn: float, tmp_path: Path) -> None:
    rows, columns = 40, TILE + 90
    path = written(tmp_path / "a.tif", plane(rows, columns), crs, turn=turn)
    rng = np.random.default_rng(1)
    row, column = rng.uniform(0, rows - 1, 500), rng.uniform(0, columns - 1, 500)
    found = elevation_at(path, *degrees(path, row, column))
    assert np.allclose(found, 100 + 3 * row + 2 * column, atol=1e-5)


def test_missing_cells_count_for_nothing(tmp_path: Path) -> None:
    cells = np.array([[10.0, NODATA, 30.0], [10.0, np.nan, 30.0], [NODATA] * 3, [NODATA] * 3])
    path = written(tmp_path / "a.tif", cells, "EPSG:32612")
    row, column = np.array([0.0, 0.4, 0.4, 0.0, 2.5, 1.5]), np.array([0.0, 0.7, 1.5, 1.0, 0.5, 2.0])
    found = elevation_at(path, *degrees(path, row, column))
    assert np.allclose(found, [10, 10, 30, np.nan, np.nan, 30], equal_nan=True)


def test_the_edge_half_cell_and_beyond(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", plane(5, 5), "EPSG:32612")
    row, column = np.array([-0.4, 4.4, -0.6, 2.0]), np.array([-0.4, 4.4, 0.0, 4.6])
    found = elevation_at(path, *degrees(path, row, column))
    assert np.allclose(found, [100, 120, np.nan, np.nan], equal_nan=True)
    assert np.isnan(elevation_at(path, np.array([np.inf, np.nan]), np.array([32.0, 32.0]))).all()
    assert elevation_at(path, np.array([]), np.array([])).shape == (0,)


def test_whole_numbers_scale_and_longitudes_from_nought_to_360(tmp_path: Path) -> None:
    cells = (plane(20, 20) * 10).astype("int16")
    grid = Affine(0.002, 0, 360 - 111.5, 0, -0.002, 32)
    path = written(tmp_path / "a.tif", cells, "EPSG:4326", dtype="int16", transform=grid)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.1,), (5.0,)
    lon, lat = degrees(path, np.array([3.25]), np.array([7.5]))
    for turn in (0, -360):
        assert elevation_at(path, lon + turn, lat) == pytest.approx(100 + 3 * 3.25 + 2 * 7.5 + 5)


@given(data=st.data())
@quick
def test_a_point_does_not_hang_on_the_others(data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    if not path.exists():
        rng = np.random.default_rng(2)
        cells = rng.integers(0, 3000, (2 * TILE, 2 * TILE)).astype("float64")
        cells[rng.random(cells.shape) < 0.2] = NODATA
        written(path, cells, "EPSG:32612")
    places = st.lists(st.floats(-2, 2 * TILE + 2), min_size=1, max_size=12)
    row = np.array(data.draw(places))
    column = np.array(data.draw(st.lists(st.floats(-2, 2 * TILE + 2), min_size=len(row), max_size=len(row))))
    lon, lat = degrees(path, row, column)
    together = elevation_at(path, lon, lat)
    alone = np.concatenate([elevation_at(path, lon[[at]], lat[[at]]) for at in range(len(lon))])
    assert np.array_equal(together, alone, equal_nan=True)


def test_a_raster_of_elevation_is_checked(tmp_path: Path, data: Path) -> None:
    good = written(tmp_path / "good.tif", plane(5, 5), "EPSG:32612", nodata=None)
    assert load_raster("elevation", good, data=data) == good
    with rasterio.open(good, "r+") as raster:
        raster.units = ("feet",)
    far = written(tmp_path / "far.tif", plane(5, 5), "EPSG:4326", transform=Affine(1, 0, 10, 0, -1, 80))
    for path, words in ((good, "meters"), (far, "a raster in"), (tmp_path / "no.tif", "GeoTIFF")):
        with pytest.raises(SchemaError, match=words):
            load_raster("elevation", path, data=data)


@needs_raw
def test_the_real_raster_knows_mexico_city(data: Path) -> None:
    path = load_raster("elevation", ETOPO5, data=data)
    lon, lat = np.array([-99.13, -112.07, -150.0]), np.array([19.43, 33.45, 19.0])
    assert elevation_at(path, lon, lat) == pytest.approx([2250, 360, np.nan], abs=20, nan_ok=True)
