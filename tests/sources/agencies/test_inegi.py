"""INEGI's deaths and outlines, on files generated in the official format: none is at hand."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from hypothesis import given, strategies as st
from shapely import box

from corridors.core.errors import SchemaError
from corridors.sources.agencies.inegi import read_deaths, read_outlines
from corridors.sources.tables import load_table
from tests.sources.dress import Dress, check_account, check_cut, dressed, dresses, put_tin, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded


HEADER = ["ENT_REGIS", "ENT_RESID", "MUN_RESID", "ENT_OCURR", "MUN_OCURR", "CAUSA_DEF", "SEXO", "EDAD"]
HEADER += ["MES_OCURR", "ANIO_OCUR", "ANIO_REGIS"]
DEATHS: list[list[object]] = [
    ["02", "02", "004", "02", "004", "X954", 1, 4030, 5, 2023, 2023],
    ["02", "02", "004", "02", "004", "X93X", 1, 4030, 5, 2022, 2023],
    ["02", "02", "004", "02", "004", "X99", 1, 4030, 5, 2023, 2023],
    ["02", "02", "002", "02", "999", "X950", 1, 4030, 5, 2023, 2023],
    ["02", "08", "037", "99", "999", "X959", 2, 4030, 5, 2023, 2023],
    ["08", "08", "037", "08", "037", "I219", 2, 4080, 5, 2023, 2023],
    ["08", "08", "037", "33", "999", "X959", 1, 4030, 5, 2023, 2023],
    ["08", "99", "999", "08", "999", "Y09", 1, 4030, 5, 2023, 2023],
    ["17", "17", "093", "17", "093", "Y00X", 1, 4030, 5, 2023, 2023],
    ["17", "17", "007", "17", "007", "Y10", 1, 4030, 5, 2023, 2023],
]
WANTED = [("02002", 1, 0.75, 1.0), ("02004", 3, 0.75, 2.0), ("08037", 1, 1.0, 1.0)]
# As INEGI writes it: a projection of its own name, without an EPSG code.
PRJ = (
    'PROJCS["MEXICO_ITRF_2008_LCC",GEOGCS["GCS_ITRF_2008",DATUM["D_ITRF_2008",'
    'SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",2500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",-102.0],PARAMETER["Standard_Parallel_1",17.5],'
    'PARAMETER["Standard_Parallel_2",29.5],PARAMETER["Latitude_Of_Origin",12.0],UNIT["Meter",1.0]]'
)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    path.write_text(table_text(header, rows), encoding="latin-1")
    return path


def _rows(loaded: Loaded) -> list[tuple[object, ...]]:
    check_account(loaded.report)
    made = loaded.tables["homicides_municipal"]
    assert set(made["counted"]) == {"deaths"}
    return list(made.drop(columns="counted").itertuples(index=False, name=None))


def test_deaths(tmp_path: Path, context: Context) -> None:
    loaded = read_deaths(_write(tmp_path / "DEFUN23.csv", HEADER, DEATHS), context)
    assert _rows(loaded) == WANTED
    report = loaded.report
    assert (report.rows, report.kept, report.period) == (10, 5, "2022..2023")
    assert report.dropped == {
        "another cause of death": 2,
        "died abroad": 1,
        "municipality not specified": 1,
        "code not in the list of municipalities": 1,
    }
    assert "2 deaths of unstated place are counted where the person lived" in report.notes
    assert "4 of 5 assaults are X93-X95" in report.notes
    assert "1 happened before 2023" in report.notes


def test_deaths_by_residence_only(tmp_path: Path, context: Context) -> None:
    keep = [0, 1, 2, 5]
    rows = [[row[at] for at in keep] for row in DEATHS]
    loaded = read_deaths(_write(tmp_path / "a.csv", [HEADER[at] for at in keep], rows), context)
    assert [(row[0], row[1]) for row in _rows(loaded)] == [("02002", 1), ("02004", 3), ("08037", 2)]
    with pytest.raises(SchemaError, match="a column 'ENT_OCURR' or 'ENT_RESID'"):
        read_deaths(_write(tmp_path / "b.csv", ["CAUSA_DEF", "SEXO"], [["X95", 1]]), context)


@pytest.mark.parametrize(
    ("cause", "assault", "firearm"),
    [
        ("X84", False, False),
        ("X85", True, False),
        ("X92X", True, False),
        ("X930", True, True),
        ("x94", True, True),
        ("X95.9", True, True),
        ("X96", True, False),
        ("Y09", True, False),
        ("Y10", False, False),
        ("Y350", False, False),
    ],
)
def test_causes(tmp_path: Path, context: Context, cause: str, *, assault: bool, firearm: bool) -> None:
    rows = [DEATHS[0], [*DEATHS[0][:5], cause, *DEATHS[0][6:]]]
    ((_, total, _, guns),) = _rows(read_deaths(_write(tmp_path / "a.csv", HEADER, rows), context))
    assert (total, guns) == (1 + assault, 1 + firearm)


@given(dress=dresses(len(HEADER), len(DEATHS)))
@quick
def test_any_dress_gives_the_same_deaths(tmp_path: Path, context: Context, dress: Dress) -> None:
    bare = [[*(int(str(cell)) for cell in row[:5]), *row[5:]] for row in DEATHS]
    path = tmp_path / "file.csv"
    path.write_bytes(dressed(HEADER, DEATHS if dress.padded else bare, dress))
    assert _rows(read_deaths(path, context)) == WANTED


@given(cut=st.integers(0, len(table_text(HEADER, DEATHS))))
@quick
def test_a_cut_of_the_deaths_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, DEATHS).encode("latin-1")
    check_cut(read_deaths, content, cut, path=tmp_path / "file.csv", context=context)


def _shapes() -> gpd.GeoDataFrame:
    """Three municipalities, one of them new, in INEGI's projection."""
    shapes = gpd.GeoDataFrame(
        {
            "CVEGEO": ["02004", "02001", "02099"],
            "CVE_ENT": ["02"] * 3,
            "CVE_MUN": ["004", "001", "099"],
            "NOMGEO": ["Tijuana", "Ensenada", "Nuevo Peñón"],
        },
        geometry=[
            box(-117.1, 32.2, -116.7, 32.5),
            box(-116.7, 31.5, -116.0, 32.5),
            box(-116, 31.5, -115, 32),
        ],
        crs=4326,
    )
    return shapes.to_crs(6372)


def _shapefile(folder: Path, name: str = "02mun", encoding: str = "ISO-8859-1") -> Path:
    """A shapefile as INEGI writes it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.shp"
    _shapes().to_file(path, encoding=encoding)
    path.with_suffix(".prj").write_text(PRJ)
    path.with_suffix(".cpg").write_text("ISO 88591")
    return path


def _zipped(folder: Path) -> Path:
    """A zip with municipalities and states, as INEGI packs it."""
    _shapefile(folder / "parts", "02mun")
    _shapefile(folder / "parts", "02ent")
    path = folder / "02_bajacalifornia.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted((folder / "parts").iterdir()):
            archive.write(part, f"conjunto_de_datos/{part.name}")
    return path


def _check_outlines(loaded: Loaded, context: Context) -> None:
    places = loaded.tables["municipalities"].set_index("cvegeo")
    assert places.index.tolist() == ["02001", "02004", "02099"]
    assert places["name"].tolist() == ["Ensenada", "Tijuana", "Nuevo Peñón"]
    known = context.tables["municipalities"].set_index("cvegeo")
    assert places["lon"]["02004"] == known["lon"]["02004"]
    assert places["pop"]["02004"] == known["pop"]["02004"]
    assert places["pop"].isna().tolist() == [False, False, True]
    assert places["lon"]["02099"] == pytest.approx(-115.5, abs=0.01)
    assert set(places["state_name"]) == {"Baja California"}
    outlines = loaded.tables["municipality_polygons"]
    assert isinstance(outlines, gpd.GeoDataFrame)
    assert outlines.crs.to_epsg() == 4326
    west, south, east, north = outlines.total_bounds
    assert (west, south) == pytest.approx((-117.1, 31.5), abs=0.002)
    assert (east, north) == pytest.approx((-115, 32.5), abs=0.002)


def test_outlines_in_a_zip(tmp_path: Path, context: Context) -> None:
    loaded = read_outlines(_zipped(tmp_path), context)
    _check_outlines(loaded, context)
    check_account(loaded.report)
    assert loaded.report.rows == 3
    assert any(
        note.startswith("new, without a seat or people: 02099 Nuevo Peñón") for note in loaded.report.notes
    )
    assert any(note.startswith("known but not in the file: 02002") for note in loaded.report.notes)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
def test_outlines_in_a_shapefile_of_either_encoding(tmp_path: Path, context: Context, encoding: str) -> None:
    _check_outlines(read_outlines(_shapefile(tmp_path / "a", encoding=encoding), context), context)


def test_outlines_in_a_geopackage(tmp_path: Path, context: Context, data: Path) -> None:
    path = tmp_path / "mg.gpkg"
    _shapes().to_file(path, layer="02mun")
    _shapes().to_file(path, layer="02ent")
    loaded = read_outlines(path, context)
    _check_outlines(loaded, context)
    again = tmp_path / "mine.gpkg"
    gpd.GeoDataFrame(loaded.tables["municipality_polygons"]).to_file(again)
    assert len(load_table("municipality_polygons", again, data=data)) == 3


def test_outlines_without_a_projection(tmp_path: Path, context: Context) -> None:
    path = _shapefile(tmp_path / "a")
    path.with_suffix(".prj").unlink()
    with pytest.raises(SchemaError, match="a projection"):
        read_outlines(path, context)


def test_zips_and_layers_that_will_not_do(tmp_path: Path, context: Context) -> None:
    with pytest.raises(SchemaError, match="no such file"):
        read_outlines(tmp_path / "none.zip", context)
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leeme.txt", "nada")
    with pytest.raises(SchemaError, match="one file that ends in"):
        read_outlines(path, context)
    shapes = _shapes().rename(columns={"NOMGEO": "OTHER"})
    shapes.to_file(tmp_path / "a.gpkg")
    with pytest.raises(SchemaError, match="columns nomgeo"):
        read_outlines(tmp_path / "a.gpkg", context)


def test_a_damaged_zip_is_an_error(tmp_path: Path, context: Context) -> None:
    path = _zipped(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = [
            info for info in archive.infolist() if "mun.shp" in info.filename or "mun.dbf" in info.filename
        ]
    whole = path.read_bytes()
    for part in parts:
        content = bytearray(whole)
        content[part.header_offset + 70] ^= 0xFF
        path.write_bytes(content)
        with pytest.raises(SchemaError, match="a complete zip file"):
            read_outlines(path, context)


@pytest.mark.parametrize("kind", ["zip", "shp", "dbf", "gpkg"])
def test_cut_outlines_are_an_error(tmp_path: Path, context: Context, kind: str) -> None:
    if kind == "zip":
        whole = path = _zipped(tmp_path)
    elif kind == "gpkg":
        whole = path = tmp_path / "mg.gpkg"
        _shapes().to_file(path)
    else:
        path = _shapefile(tmp_path / "a")
        whole = path.with_suffix(f".{kind}")
    content = whole.read_bytes()
    for cut in range(0, len(content) - 1, max(1, len(content) // 15)):
        whole.write_bytes(content[:cut])
        with pytest.raises(SchemaError):
            read_outlines(path, context)


def test_outlines_of_a_kind_that_geos_does_not_know_are_a_fault(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "mun.gpkg"
    _shapes().to_crs(4326).to_file(path, layer="mun", geometry_type="Unknown")
    with pytest.raises(SchemaError, match="Unknown WKB type 16"):
        read_outlines(put_tin(path, "mun"), context)
