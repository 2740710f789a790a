"""Reading files: what is wrong with a file is said by line, and what is right comes back unchanged."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from shapely import Point

from corridors.core.errors import SchemaError
from corridors.sources.reading import read_csv, read_table
from corridors.sources.reading.plain import other_layers
from tests.sources.dress import put_tin

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), min_size=1, max_size=8)
ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@ONE_FILE
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_csv_comes_back_cell_by_cell_with_its_lines(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows([("a", "b"), *rows])
    read = read_csv(path)
    assert list(read.table.itertuples(index=False, name=None)) == rows
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [lines[line - 1] for line in read.rows]
    quoted = [first.replace('"', '""').split("\n")[0] for first, _ in rows]
    assert all(start.startswith('"' + first) for start, first in zip(starts, quoted, strict=True))
    assert not read.faults


@ONE_FILE
@given(before=st.integers(0, 20))
def test_a_byte_that_is_not_utf8_is_named_by_line_and_offset(tmp_path: Path, before: int) -> None:
    path = tmp_path / "latin.csv"
    good = b"fips,name\n" + b"35013,Dona Ana\n" * before
    path.write_bytes(good + "35013,Doña Ana\n".encode("latin-1"))
    with pytest.raises(SchemaError) as caught:
        read_csv(path)
    (fault,) = caught.value.faults
    assert fault.row == before + 2
    assert fault.found == f"byte 0xf1 at offset {len(good) + 8}"
    assert "UTF-8" in fault.expected
    assert "Save as UTF-8" in str(caught.value)


def test_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes("a,b\nñ,2\n".encode("utf-8-sig"))
    assert read_csv(path).table.to_dict("list") == {"a": ["ñ"], "b": ["2"]}


def test_offset_counts_the_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbfa\n\xff\n")
    with pytest.raises(SchemaError, match="byte 0xff at offset 5"):
        read_csv(path)


def test_ragged_rows_become_faults_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n1,2\n3\n\n4,5,6\n7,8\n", encoding="utf-8")
    read = read_csv(path)
    assert [(fault.row, fault.expected, fault.found) for fault in read.faults] == [
        (3, "2 cells", "1 cells"),
        (5, "2 cells", "3 cells"),
    ]
    assert read.rows == (2, 6)
    assert read.table["a"].tolist() == ["1", "7"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "an empty file"),
        ("\n\n", "only blank lines"),
        ("a,a\n1,2\n", "'a' again"),
        ("a,\n1,2\n", "a column without a name"),
        ('a,b\n"1,2\n', "unexpected end of data"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: str, found: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_table(path, "table")
    (fault,) = caught.value.faults
    assert fault.file == str(path)
    assert found in fault.found
    assert fault.remedy.endswith(".")


@pytest.mark.parametrize("name", ["table.parquet", "table.gpkg", "table.geojson"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("fips,dealers\n04019,1\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="Write the file again"):
        read_table(path, "table")


def test_unknown_format_and_absent_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"found '\.xls'"):
        read_table(tmp_path / "table.xls", "table")
    with pytest.raises(SchemaError, match="no such file"):
        read_table(tmp_path / "table.csv", "table")


def test_vector_and_parquet_number_their_features_from_one(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[Point(-110, 31), Point(-109, 31)], crs=4326)
    points.to_file(tmp_path / "table.gpkg")
    points.to_file(tmp_path / "table.geojson")
    points.rename_geometry("where").to_parquet(tmp_path / "table.parquet")
    for suffix in ("gpkg", "geojson", "parquet"):
        read = read_table(tmp_path / f"table.{suffix}", "table")
        assert isinstance(read.table, gpd.GeoDataFrame)
        assert read.table.geometry.name == "geometry"
        assert read.rows == (1, 2)
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "plain.parquet")
    assert not isinstance(read_table(tmp_path / "plain.parquet", "plain").table, gpd.GeoDataFrame)


def test_a_geopackage_with_layers_needs_one_of_the_tables_name(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    points = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(-110, 31)], crs=4326)
    points.to_file(path, layer="first")
    points.assign(a=2).to_file(path, layer="counties")
    assert read_table(path, "counties").table["a"].tolist() == [2]
    with pytest.raises(SchemaError, match="layers first, counties"):
        read_table(path, "mx_states")


def test_shapes_that_geos_does_not_know_are_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "shapes.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs=4326).to_file(
        path, layer="shapes", geometry_type="Unknown"
    )
    with pytest.raises(SchemaError, match="Unknown WKB type 16"):
        read_table(put_tin(path, "shapes"), "shapes")


def test_the_layers_that_are_not_read_are_named(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(-110, 31)], crs=4326)
    path = tmp_path / "two.gpkg"
    points.to_file(path, layer="first")
    assert other_layers(path, "counties") == ()
    points.to_file(path, layer="counties")
    points.to_file(path, layer="styles")
    assert other_layers(path, "counties") == ("first", "styles")
    assert other_layers(tmp_path / "absent.csv", "counties") == ()
