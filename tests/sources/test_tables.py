"""Loading tables: each kind of bad input says file, row, column, expected, found and remedy, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from affine import Affine
from shapely import MultiPolygon, Point, box

from corridors.core.errors import Fault, SchemaError
from corridors.core.limits import LimitSettings, limited_to
from corridors.sources.schemas import SCHEMAS
from corridors.sources.schemas.border import PORT_COLUMNS
from corridors.sources.schemas.gate import check_table
from corridors.sources.schemas.tables import OPTIONAL
from corridors.sources.tables import load_all, load_raster, load_table
from corridors.sources.tables.load import reference_order

if TYPE_CHECKING:
    from pathlib import Path

Tables = Mapping[str, pd.DataFrame]
DEALERS = "fips,year,dealers"


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _faults(caught: pytest.ExceptionInfo[SchemaError]) -> tuple[Fault, ...]:
    """Return the faults, after a check that the message holds each of them in full."""
    message = str(caught.value)
    for fault in caught.value.faults:
        assert str(fault) in message
        for part in (fault.file, fault.expected, fault.found, fault.remedy):
            assert part in message
    return caught.value.faults


def test_missing_column(tmp_path: Path, data: Path, tables: Tables) -> None:
    path = _write(tmp_path / "mine.csv", "fips,year", "04019,2023")
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data, tables=tables)
    (fault,) = _faults(caught)
    assert (fault.file, fault.row, fault.column) == (str(path), None, "dealers")
    assert (fault.expected, fault.found) == ("a column 'dealers'", "columns fips, year")
    assert fault.remedy.startswith("Add the column: licenses of types 01, 02, 07 and 08")


def test_wrong_type_and_range(tmp_path: Path, data: Path, tables: Tables) -> None:
    path = _write(
        tmp_path / "mine.csv", DEALERS, "04019,2023,many", "04013,2023,12", "04003,2023,-1", "04001,2023,"
    )
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data, tables=tables)
    found = {fault.row: (fault.column, fault.found) for fault in _faults(caught)}
    assert found == {2: ("dealers", "'many'"), 4: ("dealers", "-1.0"), 5: ("dealers", "an empty cell")}
    assert all(fault.expected.startswith("a whole number from 0") for fault in caught.value.faults)
    assert all(fault.remedy.startswith("Correct the cell") for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("table_id", "row", "referred"),
    [
        ("dealers", {"fips": "04999", "year": 2023, "dealers": 3}, ("counties", "fips")),
        ("homicides_municipal", {"cvegeo": "17093"}, ("municipalities", "cvegeo")),
    ],
)
def test_unknown_county_or_municipality(
    tmp_path: Path, data: Path, table_id: str, row: dict[str, object], referred: tuple[str, str]
) -> None:
    mine = pd.read_csv(data / f"{table_id}.csv", dtype=str).head(2)
    mine.loc[1, list(row)] = [str(value) for value in row.values()]
    path = tmp_path / "mine.csv"
    mine.to_csv(path, index=False)
    with pytest.raises(SchemaError) as caught:
        load_all(data, {table_id: path})
    (fault,) = _faults(caught)
    table, key = referred
    assert (fault.file, fault.row, fault.column) == (str(path), 3, key)
    assert (fault.expected, fault.found) == (f"a {key} of table {table!r}", repr(row[key]))
    assert fault.remedy == f"Use a {key} listed in {table}."


def test_coordinates_out_of_region(tmp_path: Path, data: Path, tables: Tables) -> None:
    municipalities = pd.read_csv(data / "municipalities.csv", dtype=str, keep_default_na=False).head(3)
    municipalities.loc[1, ["lon", "lat"]] = municipalities.loc[1, ["lat", "lon"]].to_numpy()
    path = tmp_path / "swapped.csv"
    municipalities.to_csv(path, index=False)
    with pytest.raises(SchemaError) as caught:
        load_table("municipalities", path, data=data, tables=tables)
    faults = _faults(caught)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "lon"), (3, "lat")]
    assert "from -118.5 up to -86.5 (degrees east)" in faults[0].expected
    assert faults[0].found == "22.23832"


def test_shapes_out_of_region(tmp_path: Path, data: Path, tables: Tables) -> None:
    path = tmp_path / "swapped.gpkg"
    shapes = [box(-111, 31, -110, 32), box(31, -111, 32, -110)]
    counties = {"fips": ["04019", "04013"], "us_state": ["AZ", "AZ"], "name": ["Pima", "Maricopa"]}
    gpd.GeoDataFrame(counties, geometry=shapes, crs=4326).to_file(path)
    with pytest.raises(SchemaError) as caught:
        load_table("counties", path, data=data, tables=tables)
    (fault,) = _faults(caught)
    assert (fault.file, fault.row, fault.column) == (str(path), 2, "geometry")
    assert fault.expected == "coordinates within lon -125.5 to -93, lat 25 to 43"
    assert fault.found == "a shape from 31 -111 to 32 -110"


def test_duplicate_key(tmp_path: Path, data: Path, tables: Tables) -> None:
    path = _write(tmp_path / "mine.csv", DEALERS, "04019,2023,3", "04019,2022,3", "04019,2023,4")
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data, tables=tables)
    (fault,) = _faults(caught)
    assert (fault.row, fault.column) == (4, "fips")
    assert (fault.expected, fault.found) == ("each fips + year once", "04019, 2023 again")


def test_empty_and_header_only(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(b"")
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data)
    (fault,) = _faults(caught)
    assert (fault.expected, fault.found) == ("a header line and rows", "an empty file")
    _write(path, DEALERS)
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data)
    (fault,) = _faults(caught)
    assert (fault.expected, fault.found) == ("at least one row", "none")


def test_wrong_encoding(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes("name,us_state\nDoña Ana,NM\n".encode("latin-1"))
    with pytest.raises(SchemaError) as caught:
        load_table("consulates", path, data=data)
    (fault,) = _faults(caught)
    assert (fault.file, fault.row) == (str(path), 2)
    assert (fault.expected, fault.found) == ("UTF-8 text", "byte 0xf1 at offset 16")
    assert "Save as UTF-8" in fault.remedy


def test_rows_are_lines_of_the_file_where_a_cell_spans_lines(
    tmp_path: Path, data: Path, tables: Tables
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f'{DEALERS},remark\n04019,2023,3,"two\nlines"\n\n04013,2023,few,\n', encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load_table("dealers", path, data=data, tables=tables)
    assert [fault.row for fault in _faults(caught)] == [5]


def test_all_faults_of_all_tables_come_at_once(tmp_path: Path, data: Path) -> None:
    dealers = _write(
        tmp_path / "dealers.csv", DEALERS, "04999,2023,3", "04019,x,3", "04019,2023", "04013,2023,-3"
    )
    latin = tmp_path / "consulates.csv"
    latin.write_bytes(b"name\n\xf1\n")
    empty = tmp_path / "nics.csv"
    empty.write_bytes(b"")
    overrides = {"dealers": dealers, "consulates": latin, "nics": empty, "shops": dealers}
    with pytest.raises(SchemaError) as caught:
        load_all(data, overrides)
    faults = _faults(caught)
    assert {fault.file for fault in faults} == {str(dealers), str(latin), str(empty), "shops"}
    assert {fault.row for fault in faults if fault.file == str(dealers)} == {2, 3, 4, 5}
    assert len(faults) == 7


def test_a_table_that_fails_does_not_make_those_that_refer_to_it_fail(tmp_path: Path, data: Path) -> None:
    counties = tmp_path / "counties.csv"
    counties.write_bytes(b"")
    with pytest.raises(SchemaError) as caught:
        load_all(data, {"counties": counties})
    assert {fault.file for fault in caught.value.faults} == {str(counties)}


def test_rows_that_an_own_table_lacks_are_faults_of_its_file(tmp_path: Path, data: Path) -> None:
    """A fault a shipped table that refers to it, not thousands in files that the user never touched."""
    own = tmp_path / "mine.csv"
    pd.read_csv(data / "municipalities.csv", dtype=str, keep_default_na=False).head(1).to_csv(
        own, index=False
    )
    with pytest.raises(SchemaError) as caught:
        load_all(data, {"municipalities": own})
    faults = _faults(caught)
    assert {fault.file for fault in faults} == {str(own)}
    assert 1 < len(faults) < 12
    assert any("'seizures_municipal'" in fault.expected for fault in faults)


def test_overrides_are_read_and_rows_say_where_they_come_from(tmp_path: Path, data: Path) -> None:
    newer = _write(tmp_path / "ffl-2024.csv", DEALERS, "", "04019,2024,321")
    loaded = load_all(data, {"dealers": newer})
    row = loaded["dealers"].iloc[0]
    assert (row["fips"], row["dealers"], row["source_id"], row["source_row"]) == (
        "04019",
        321,
        "ffl-2024.csv",
        3,
    )
    assert (loaded["counties"]["source_id"] == "counties").all()
    assert loaded["counties"]["source_row"].tolist() == list(range(1, 361))
    assert loaded["nics"]["source_row"].iloc[0] == 2


def test_points_of_a_geopackage_give_lon_and_lat(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "offices.gpkg"
    columns = {"name": ["Tucson"], "us_state": ["AZ"], "coord_source": ["survey"], "southwest": [True]}
    offices = gpd.GeoDataFrame(columns, geometry=[Point(-110.9265, 32.2217)], crs=4326).to_crs(32612)
    offices.to_file(path)
    loaded = load_table("consulates", path, data=data)
    assert loaded[["lon", "lat"]].to_numpy() == pytest.approx(np.array([[-110.9265, 32.2217]]), abs=1e-6)
    assert "geometry" not in loaded


def test_an_override_may_be_geoparquet_and_keeps_extra_columns(
    tmp_path: Path, data: Path, tables: Tables
) -> None:
    path = tmp_path / "newer.parquet"
    shape = MultiPolygon([box(-111, 31, -110, 32)])
    table = gpd.GeoDataFrame(
        {"fips": ["04019"], "us_state": ["AZ"], "name": ["Pima"], "extra": [1]}, geometry=[shape]
    )
    table.set_crs(4326).to_parquet(path)
    assert load_table("counties", path, data=data, tables=tables)["extra"].tolist() == [1]
    table.set_crs(3857, allow_override=True).to_parquet(path)
    with pytest.raises(SchemaError, match=r"CRS EPSG:4326"):
        load_table("counties", path, data=data, tables=tables)
    pd.DataFrame(table.drop(columns="geometry")).to_csv(tmp_path / "newer.csv", index=False)
    with pytest.raises(SchemaError, match="GeoParquet or GeoPackage"):
        load_table("counties", tmp_path / "newer.csv", data=data, tables=tables)


def test_loading_changes_no_input(data: Path, tables: Tables) -> None:
    before = {name: table.copy() for name, table in tables.items()}
    load_table("dealers", data=data, tables=tables)
    assert all(before[name].equals(tables[name]) for name in tables)


def test_an_unknown_table_is_named(data: Path) -> None:
    with pytest.raises(
        SchemaError, match=r"expected the id of a table, found 'shops'.*`corridors list tables`"
    ):
        load_table("shops", data=data)


def test_references_come_first() -> None:
    order = reference_order()
    assert sorted(order) == sorted(SCHEMAS)
    for table_id, schema in SCHEMAS.items():
        for rule in schema.columns.values():
            if rule.refers is not None:
                assert order.index(rule.refers[0]) < order.index(table_id)
                assert rule.refers[1] in SCHEMAS[rule.refers[0]].columns


def _raster(path: Path, **changes: object) -> Path:
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "width": 160,
        "height": 116,
        "crs": "EPSG:4326",
        "transform": Affine(0.25, 0, -125, 0, -0.25, 43),
        "nodata": -9999.0,
    }
    with rasterio.open(path, "w", **(profile | changes)) as target:
        target.write(np.ones((target.count, target.height, target.width), dtype="float32"))
    return path


def test_a_raster_is_checked_whole(tmp_path: Path, data: Path) -> None:
    assert load_raster("population", data=data) == data / "population.tif"
    good = _raster(tmp_path / "good.tif")
    assert load_raster("population", good, data=data) == good
    moved = Affine(0.25, 0, 0, 0, -0.25, 43)
    bad = _raster(tmp_path / "bad.tif", count=2, nodata=None, dtype="int16", transform=moved)
    with pytest.raises(SchemaError) as caught:
        load_raster("population", bad, data=data)
    assert [fault.expected for fault in _faults(caught)][:2] == ["one band", "a nodata value"]
    assert "raster that covers" in str(caught.value)
    with pytest.raises(SchemaError, match="a CRS"):
        load_raster("population", _raster(tmp_path / "nowhere.tif", crs=None), data=data)


def test_a_raster_of_any_crs_is_taken_where_it_covers_the_region(tmp_path: Path, data: Path) -> None:
    metres = Affine(40_000, 0, -14_000_000, 0, -40_000, 5_400_000)
    good = _raster(tmp_path / "mercator.tif", crs="EPSG:3857", transform=metres)
    assert load_raster("population", good, data=data) == good
    with pytest.raises(SchemaError, match="covers"):
        load_raster("population", _raster(tmp_path / "small.tif", crs="EPSG:3857"), data=data)


def test_a_raster_that_is_absent_or_no_raster(tmp_path: Path, data: Path) -> None:
    with pytest.raises(SchemaError, match="no such file"):
        load_raster("population", tmp_path / "none.tif", data=data)
    text = _write(tmp_path / "text.tif", "not a raster")
    with pytest.raises(SchemaError, match="expected a GeoTIFF"):
        load_raster("population", text, data=data)


@pytest.mark.parametrize(
    ("west", "north", "crs"),
    [
        (25, 35, "EPSG:4326"),
        (-78, 27, "EPSG:4326"),
        (-120, -15, "EPSG:4326"),
        (-8_700_000, 2_900_000, "EPSG:3857"),
    ],
)
def test_elevation_elsewhere_is_refused(
    tmp_path: Path, data: Path, west: float, north: float, crs: str
) -> None:
    """Egypt, the Bahamas, the other hemisphere: the latitudes alone say little."""
    size = 0.01 if crs == "EPSG:4326" else 1000
    path = _raster(tmp_path / "far.tif", crs=crs, transform=Affine(size, 0, west, 0, -size, north))
    with pytest.raises(SchemaError, match=r"expected a raster in \(-120\.0, 15\.0, -90\.0, 40\.0\)"):
        load_raster("elevation", path, data=data)


def test_a_part_of_the_region_is_taken_as_elevation(tmp_path: Path, data: Path) -> None:
    """Sonora alone, with longitudes from the west or counted from 0."""
    for west in (-112, 248):
        path = _raster(tmp_path / "part.tif", transform=Affine(0.01, 0, west, 0, -0.01, 31))
        assert load_raster("elevation", path, data=data) == path


@pytest.mark.parametrize(
    ("crs", "grid"),
    [
        (
            "ESRI:54009",
            Affine(225_512, 0, -18_041_000, 0, -155_172, 9_000_000),
        ),  # the whole world, as GHS-POP
        ("EPSG:4326", Affine(2.25, 0, -180, 0, -180 / 116, 90)),
        (
            "EPSG:4326",
            Affine(0.4, 0, -125, 0, -0.25, 50),
        ),  # the United States alone: people of Mexico are not asked for
    ],
)
def test_people_of_the_world_are_taken_in_any_crs(tmp_path: Path, data: Path, crs: str, grid: Affine) -> None:
    path = _raster(tmp_path / "world.tif", crs=crs, transform=grid)
    assert load_raster("population", path, data=data) == path


def test_a_raster_of_more_cells_than_the_limit_is_refused(tmp_path: Path, data: Path) -> None:
    """Cells pack to nothing, and each is read."""
    path = _raster(tmp_path / "large.tif", transform=Affine(0.4, 0, -125, 0, -0.25, 50))
    with rasterio.open(path) as raster:
        cells = raster.width * raster.height
    with limited_to(LimitSettings(raster_cells=cells)):
        assert load_raster("population", path, data=data) == path
    with (
        limited_to(LimitSettings(raster_cells=cells - 1)),
        pytest.raises(
            SchemaError, match=rf"expected a raster of at most {cells - 1:,} cells, found {cells:,}"
        ),
    ):
        load_raster("population", path, data=data)


def test_cells_that_are_no_number_need_no_nodata_value(tmp_path: Path, data: Path) -> None:
    path = _raster(tmp_path / "nan.tif", nodata=None)
    assert load_raster("population", path, data=data) == path
    with pytest.raises(SchemaError, match="a nodata value"):
        load_raster("population", _raster(tmp_path / "int.tif", nodata=None, dtype="int32"), data=data)


def test_a_folder_may_lack_an_optional_table(tmp_path: Path, data: Path) -> None:
    for file in data.iterdir():
        if file.is_file() and file.stem not in OPTIONAL:
            (tmp_path / file.name).symlink_to(file)
    found = load_all(tmp_path)
    assert set(SCHEMAS) - set(found) == OPTIONAL
    with pytest.raises(SchemaError) as caught:
        load_all(tmp_path, {"port_events": tmp_path / "mine.csv"})
    assert "mine.csv" in _faults(caught)[0].file


def test_a_port_table_without_crossing_cities_makes_each_port_its_own(data: Path, tables: Tables) -> None:
    given = pd.read_csv(data / "ports_of_entry.csv", dtype=str, keep_default_na=False)
    plain = check_table(
        "ports_of_entry", given.drop(columns=list(PORT_COLUMNS)), file="mine.csv", tables=tables
    )
    assert plain["crossing_city"].equals(plain["poe_id"])
    assert plain["crossing_city_es"].equals(plain["name_mx"])
    assert plain["crossing_city_en"].equals(plain["name_us"])
    assert plain[["toll_usd", "hours_southbound", "as_of"]].isna().all(axis=None)
    half = given.assign(crossing_city=given["crossing_city"].where(given["poe_id"] != "TX-LB1", ""))
    mixed = check_table("ports_of_entry", half, file="mine.csv", tables=tables).set_index("poe_id")
    assert mixed["crossing_city"].loc[["TX-LB1", "TX-LB2"]].tolist() == ["TX-LB1", "nuevo_laredo"]
    assert mixed.loc["TX-LB1", "crossing_city_en"] == "Gateway to the Americas (Laredo I)"


@pytest.mark.parametrize(
    ("table_id", "row", "changes", "column", "expected"),
    [
        ("seizure_events", 0, {"guns_total": "99"}, "guns_total", "the sum of the kinds of guns"),
        ("seizure_events", 0, {"date_to": "2025-01-01"}, "date_to", "a day not before date_from"),
        ("seizure_events", 0, {"cvegeo": "02004"}, "cvegeo", "a municipality of mx_state"),
        ("seizure_events", 0, {"share": "0.5"}, "share", "parts of an event that add up to 1"),
        ("port_events", 3, {"precision": "year"}, "precision", "the precision that the date has"),
        ("port_events", 3, {"long_guns": "70"}, "guns_total", "the sum of the kinds of guns"),
        ("southbound_factors", 0, {"factor_hi": "0.1"}, "factor", "a number between factor_lo and factor_hi"),
        ("southbound_factors", 0, {"southbound": "1"}, "factor", "southbound divided by northbound"),
    ],
)
def test_a_row_that_contradicts_itself(
    tmp_path: Path,
    data: Path,
    tables: Tables,
    table_id: str,
    row: int,
    changes: dict[str, str],
    column: str,
    expected: str,
) -> None:
    mine = pd.read_csv(data / f"{table_id}.csv", dtype=str, keep_default_na=False)
    for name, value in changes.items():
        mine.loc[row, name] = value
    mine.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(SchemaError) as caught:
        load_table(table_id, tmp_path / "mine.csv", data=data, tables=tables)
    assert [(fault.row, fault.column, fault.expected) for fault in _faults(caught)] == [
        (row + 2, column, expected)
    ]


def test_a_crossing_city_has_one_name(tmp_path: Path, data: Path, tables: Tables) -> None:
    mine = pd.read_csv(data / "ports_of_entry.csv", dtype=str, keep_default_na=False)
    mine.loc[mine["poe_id"] == "AZ-MAR", "crossing_city_en"] = "Mariposa"
    mine.to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(SchemaError) as caught:
        load_table("ports_of_entry", tmp_path / "mine.csv", data=data, tables=tables)
    assert {fault.expected for fault in _faults(caught)} == {"one name for a crossing city"}
