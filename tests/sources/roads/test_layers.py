"""Vector files as offices, promoters of maps and QGIS write them: layers, archives, column names, odd shapes."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely import GeometryCollection, LinearRing, LineString, MultiLineString, Point, Polygon, box, from_wkt

from corridors.core.errors import SchemaError
from corridors.sources.roads.layers import VECTOR
from corridors.sources.roads.lines import AGAIN, BROKEN, NO_LENGTH, NO_LINE
from corridors.sources.roads.vector import read_road_table
from corridors.sources.schemas import Context
from tests.sources.dress import put_tin

if TYPE_CHECKING:
    from pathlib import Path

CORNERS = [(-110.95, 31.45), (-110.93, 31.45), (-110.93, 31.43), (-110.95, 31.43)]
SIDES = [LineString([a, b]) for a, b in zip(CORNERS, [*CORNERS[1:], CORNERS[0]], strict=True)]


def square(**columns: Any) -> gpd.GeoDataFrame:
    given = {"ref": list("ABCD"), "highway": "primary"} | columns
    return gpd.GeoDataFrame({k: v for k, v in given.items() if v is not None}, geometry=SIDES, crs=4326)


def mapped(context: Context, **columns: str) -> Context:
    return Context(context.tables, columns)


def test_tables_of_styles_and_layers_of_other_shapes_are_not_read(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "x.gpkg"
    square().to_file(path, layer="roads")
    pyogrio.write_dataframe(square().drop(columns="geometry"), path, layer="layer_styles", append=True)
    gpd.GeoDataFrame({"ref": ["x"]}, geometry=[Point(CORNERS[0])], crs=4326).to_file(path, layer="signs")
    report = read_road_table(path, context).report
    assert (report.rows, report.kept) == (4, 4)
    assert "layers read: roads (4)" in report.notes
    unread = next(note for note in report.notes if note.startswith("layers not read: "))
    assert {"layer_styles (no shapes)", "signs (shapes of type Point)"} == set(unread[17:].split("; "))


def test_every_layer_of_roads_is_read_and_one_may_be_named(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "x.gpkg"
    square().iloc[:2].to_file(path, layer="az")
    square().iloc[2:].to_crs(6372).to_file(path, layer="tx")
    assert read_road_table(path, context).report.kept == 4
    square(ref=None, highway=None, shape=[1.0] * 4).to_file(path, layer="rivers")
    report = read_road_table(path, context).report
    assert (report.rows, report.kept) == (4, 4)
    assert any("rivers (columns shape)" in note for note in report.notes)
    assert read_road_table(path, mapped(context, layer="az")).report.kept == 2
    with pytest.raises(SchemaError, match="layers az, tx, rivers"):
        read_road_table(path, mapped(context, layer="nm"))


@pytest.mark.parametrize("folder", ["", "a folder/"])
@pytest.mark.parametrize("kind", [".shp", ".gpkg", ".geojson", ".fgb"])
def test_an_archive_is_read_as_its_files_are(
    tmp_path: Path, context: Context, folder: str, kind: str
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    square().iloc[:2].to_file(made / f"one{kind}")
    square().iloc[2:].to_file(made / f"two{kind}")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for file in made.iterdir():
            archive.write(file, folder + file.name)
        archive.writestr("__MACOSX/._one.shp", "x")
        archive.writestr("readme.txt", "x")
    assert read_road_table(tmp_path / "x.zip", context).report.kept == 4


@pytest.mark.parametrize("suffix", [".json", ".kml", ".gml"])
def test_other_endings(tmp_path: Path, context: Context, suffix: str) -> None:
    driver = {".json": "GeoJSON", ".kml": "KML", ".gml": "GML"}[suffix]
    pyogrio.write_dataframe(square(), tmp_path / f"x{suffix}", driver=driver)
    assert read_road_table(tmp_path / f"x{suffix}", context).report.kept == 4


@pytest.mark.parametrize("name", ["x.csv", "x.txt", "x"])
def test_other_files_are_told_the_endings(tmp_path: Path, context: Context, name: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_road_table(tmp_path / name, context)
    assert caught.value.faults[0].expected == f"one of {', '.join(VECTOR)}"
    assert ".csv" not in VECTOR


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_refused(tmp_path: Path, context: Context, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(SchemaError, match="ZIP"):
        read_road_table(tmp_path / "x.zip", context)


def test_an_archive_without_roads_names_what_it_holds(tmp_path: Path, context: Context) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("table.csv", "a")
    with pytest.raises(SchemaError, match=r"table\.csv"):
        read_road_table(tmp_path / "x.zip", context)


def test_lines_without_any_column_of_roads_are_asked_about(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "x.gpkg"
    square(ref=None, highway=None, NAMELSAD=list("ABCD")).to_file(path)
    with pytest.raises(SchemaError, match="columns NAMELSAD") as caught:
        read_road_table(path, context)
    assert "column map" in str(caught.value)
    assert read_road_table(path, mapped(context, ref="NAMELSAD")).report.kept == 4


def test_geofabrik(tmp_path: Path, context: Context) -> None:
    table = square(
        highway=None, fclass=["primary", "trunk", "track_grade1", "motorway"], maxspeed=[0, 80, 0, 100]
    )
    table["oneway"] = list("FTBB")
    result = read_road_table(_saved(table, tmp_path / "x.shp"), context)
    assert result.report.rows == 4
    table["fclass"] = "primary"
    table.loc[1, "geometry"] = SIDES[1].reverse()
    result = read_road_table(_saved(table, tmp_path / "y.shp"), context)
    nodes = result.tables["road_nodes"].set_index("node_id")[["lon", "lat"]]
    edges = result.tables["road_edges"].set_index("ref")
    assert edges["oneway"].to_dict() == {"A": True, "B": True, "C": False, "D": False}
    assert tuple(nodes.loc[edges["u"]["A"]]) == CORNERS[0]
    assert tuple(nodes.loc[edges["u"]["B"]]) == CORNERS[1]
    assert edges["kmh"].to_dict() == {"A": 80.0, "B": 80.0, "C": 80.0, "D": 100.0}


def _saved(table: gpd.GeoDataFrame, path: Path) -> Path:
    table.to_file(path)
    return path


def test_tiger(tmp_path: Path, context: Context) -> None:
    table = square(ref=None, highway=None, FULLNAME=["I- 19", "US Hwy 89", "State Rte 82", "Oak St"])
    table = table.assign(RTTYP=["I", "U", "S", "M"], MTFCC=["S1100", "S1200", "S1200", "S1400"])
    result = read_road_table(_saved(table, tmp_path / "x.shp"), context)
    edges = result.tables["road_edges"].set_index("ref")["road_class"]
    assert edges.to_dict() == {"I 19": "interstate", "US 89": "us_highway", "State Rte 82": "us_state"}
    assert not result.tables["road_edges"]["oneway"].any()


with np.errstate(invalid="ignore"):
    NAN, INFINITE = (from_wkt(f"LINESTRING ({x} 31.4, -110.9 31.4)") for x in ("nan", "inf"))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, NO_LINE),
        (LineString(), NO_LINE),
        (Point(CORNERS[0]), NO_LINE),
        (Polygon(CORNERS), NO_LINE),
        (GeometryCollection([Point(CORNERS[0])]), NO_LINE),
        (NAN, BROKEN),
        (INFINITE, BROKEN),
        (LineString([CORNERS[0], CORNERS[0]]), NO_LENGTH),
        (SIDES[3].reverse(), AGAIN),
        (GeometryCollection([LineString([CORNERS[3], CORNERS[0]]), Point(0, 0)]), ""),
        (MultiLineString([SIDES[3], LineString([CORNERS[0], CORNERS[0]])]), ""),
        (LineString([(*CORNERS[3], 7.0), (*CORNERS[0], 9.0)]), ""),
        (LinearRing([*CORNERS]), ""),
    ],
)
def test_odd_shapes_are_left_out_and_counted(
    tmp_path: Path, context: Context, shape: Any, reason: str
) -> None:
    table = square().loc[[0, 1, 2, 3, 3]].reset_index(drop=True)
    if not reason:
        table["ref"] = list("ABCDE")
    table["geometry"] = gpd.GeoSeries([*SIDES, shape], crs=4326)
    table.to_parquet(tmp_path / "x.parquet")
    report = read_road_table(tmp_path / "x.parquet", context).report
    assert report.dropped == ({reason: 1} if reason else {})


@pytest.mark.parametrize(
    ("turn", "words"),
    [
        (lambda xy: xy * 1e4, "row 1 at .-1109500, 314500.*Check the CRS"),
        (lambda xy: xy[:, ::-1], "row 1 at .31.45, -110.95.*axes are swapped"),
        (lambda xy: xy * [-1, 1], "minus sign"),
        (lambda xy: xy + np.array([119, 20]), "lon 8.05.*Check the CRS"),
    ],
)
def test_coordinates_that_are_no_degrees_of_the_region(
    tmp_path: Path, context: Context, turn: Any, words: str
) -> None:
    table = square()
    table["geometry"] = [LineString(turn(np.array(line.coords))) for line in SIDES]
    table.set_crs(4326).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(SchemaError, match=words):
        read_road_table(tmp_path / "x.parquet", context)


def test_counts_and_lengths_are_those_of_gdal(tmp_path: Path, context: Context) -> None:
    path = _saved(square().to_crs(32612), tmp_path / "x.shp")
    found = read_road_table(path, context)
    independent = pyogrio.read_dataframe(path)
    assert found.report.rows == len(independent)
    km = found.tables["road_edges"]["km"].sum()
    assert np.isclose(km, independent.length.sum() / 1000, rtol=1e-3)


def test_polygons_are_no_roads(tmp_path: Path, context: Context) -> None:
    gpd.GeoDataFrame({"ref": ["x"]}, geometry=[box(-111, 31, -110, 32)], crs=4326).to_file(
        tmp_path / "x.gpkg"
    )
    with pytest.raises(SchemaError, match="shapes of type Polygon"):
        read_road_table(tmp_path / "x.gpkg", context)


def test_shapes_that_geos_does_not_know_are_left_out(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "roads.gpkg"
    lines = gpd.GeoDataFrame(
        {"highway": ["primary"]}, geometry=[LineString([(-110, 31), (-110, 32)])], crs=4326
    )
    lines.to_file(path, layer="roads", geometry_type="Unknown")
    with pytest.raises(SchemaError, match="1 left out: not a line"):
        read_road_table(put_tin(path, "roads"), context)
