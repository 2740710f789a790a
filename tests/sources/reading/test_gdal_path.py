"""A vector file or raster is found whatever characters its name has, alone and in a folder of such a name."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from shapely import LineString

from corridors.core.errors import SchemaError
from corridors.sources.reading.plain import read_table
from corridors.sources.roads.layers import read_features
from corridors.sources.tables import load_raster

NAMES = ["a!b", "a;b", "a?b#c", "a|b", "a b", "a%20b!", "a!&b=1", "zip:a", "a.zip!b", "{a}", "GPKG:a", "ñ!+"]
SUFFIXES = [".gpkg", ".geojson", ".shp", ".fgb", ".kml", ".zip", ".gdb"]


def write(target: Path) -> Path:
    """Write one road as a vector file of any name: first under a plain one, then moved."""
    line = gpd.GeoDataFrame(
        {"highway": ["primary"]}, geometry=[LineString([(-111, 31), (-110, 32)])], crs=4326
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    inner = ".shp" if target.suffix == ".zip" else target.suffix
    with tempfile.TemporaryDirectory() as plain:
        line.to_file(f"{plain}/roads{inner}", driver="OpenFileGDB" if inner == ".gdb" else None)
        made = list(Path(plain).iterdir())
        if target.suffix == ".zip":
            with zipfile.ZipFile(target, "w") as archive:
                for path in made:
                    archive.write(path, f"in!ner/{path.name}")
        else:
            for path in made:
                shutil.move(path, target.with_name(f"{target.name.removesuffix(target.suffix)}{path.suffix}"))
    return target


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_roads_are_found_whatever_the_name(suffix: str, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        path = write(tmp_path / str(number) / f"{name}{suffix}")
        assert len(read_features(path, lambda _: "").table) == 1, name
        path = write(tmp_path / str(number) / name / f"roads{suffix}")
        assert len(read_features(path, lambda _: "").table) == 1, name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text("ab!;?#|%&=+{}[]() ,.:ñ", min_size=1, max_size=12).filter(lambda name: name.strip(". ")))
def test_a_table_of_ones_own_is_found_whatever_the_name(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name.encode().hex() / f"{name}.gpkg")
    assert len(read_table(path, "roads").table) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_raster_is_found_whatever_the_name(name: str, tmp_path: Path, data: Path) -> None:
    path = tmp_path / f"{name}.tif"
    shutil.copy(data / "population.tif", path)
    assert load_raster("population", path, data=data) == path


def test_a_file_that_is_absent_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no such file"):
        read_features(tmp_path / "a!b.gpkg", lambda _: "")
