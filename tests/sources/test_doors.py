"""Every door has one frame: damaged files of every kind end in a fault that names the file, whatever a library raises."""

from __future__ import annotations

import contextlib
import io
import json
import struct
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl
import pytest
import rasterio
import shapely

from corridors.core.errors import InputError, SchemaError
from corridors.sources.registry import FORMATS, guess_format, load_as
from corridors.sources.scenarios import load_scenarios
from corridors.sources.schemas import Format, Loaded, Report
from corridors.sources.tables import load_raster, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas import Context


def workbook() -> bytes:
    """Return a small workbook of seizures."""
    book = openpyxl.Workbook()
    for row in (
        ["fecha", "estado", "municipio", "largas", "cortas"],
        ["2020-01-01", "Sonora", "Nogales", 1, 2],
    ):
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """Return the content of one file of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """Return a zip with another content of one file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for one in old.namelist():
            new.writestr(one, content if one == name else old.read(one))
    return stream.getvalue()


def encrypted(data: bytes) -> bytes:
    """Return a zip whose files say that they need a password."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + place)[0] | 1
            data = data[: at + place] + struct.pack("<H", flags) + data[at + place + 2 :]
            at = data.find(mark, at + 4)
    return data


def parquet() -> bytes:
    """Return counties as GeoParquet."""
    table = gpd.GeoDataFrame(
        {"fips": ["04023"], "us_state": ["AZ"], "name": ["Santa Cruz"]},
        geometry=[shapely.box(-111.2, 31.3, -110.5, 31.7)],
        crs=4326,
    )
    stream = io.BytesIO()
    table.to_parquet(stream)
    return stream.getvalue()


def damaged() -> dict[str, tuple[str, bytes]]:
    """Return name to the format or table it is read as, and the bytes, of files that libraries stumble over."""
    book, counties = workbook(), parquet()
    styles = part_of(book, "xl/styles.xml").replace(b'xfId="0" builtinId', b'xfId="9" builtinId')
    point = b'<osm version="0.6"><node id="1" version="1" lat="" lon="2"/></osm>'
    return {
        "empty_part.xlsx": ("sedena", with_member(book, "xl/workbook.xml", b"")),
        "wrong_part.xlsx": ("atf_list", with_member(book, "[Content_Types].xml", b"<Types xmlns='x'/>")),
        "no_cells.xlsx": ("tufts", with_member(book, "xl/worksheets/sheet1.xml", b"<a><b></a>")),
        "password.xlsx": ("sesnsp_municipal", encrypted(book)),
        "style.xlsx": ("atf_list", with_member(book, "xl/styles.xml", styles)),
        "version.xlsx": ("sedena", book.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xd0")),
        "place.osm": ("osm_xml", point),
        "id.osm": ("osm_xml", point.replace(b'"1" version', b'"x" version')),
        "bigint.json": ("atf_arcgis", b'[{"a":' + b"9" * 5000 + b"}]"),
        "nested.json": ("atf_arcgis", b"[" * 200_000),
        "cut.parquet": ("counties", counties[: len(counties) // 2] + counties[-40:]),
        "latin.parquet": ("counties", counties.replace(b"Santa Cruz", b"Santa Cr\xfaz")),
        "short.fgb": ("road_table", b"fgb\x03fgb\x00abc"),
        "text.shp": ("road_table", b"\x00\x00\x27\x0a" + b"x" * 8),
        "header.osm.pbf": ("osm_pbf", b"\0\0\0\x0e\x0a\x09OSMHeader\x18\xff\xff\xff\x0f" + b"a" * 100),
        "deep.graphml": ("graphml", b"<graphml>" + b"<a>" * 100_000),
    }


def read(path: Path, name: str, context: Context, data: Path) -> object:
    """Read a file as a format, or as a table in its own columns."""
    return load_as(path, name, context) if name in FORMATS else load_table(name, path, data=data)


@pytest.mark.parametrize("name", sorted(damaged()))
def test_a_damaged_file_is_a_fault_of_that_file(
    name: str, tmp_path: Path, context: Context, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form, content = damaged()[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SchemaError) as as_named:
        read(path, form, context, data)
    with pytest.raises(SchemaError) as guessed:
        guess_format(path, context)
    assert not capsys.readouterr().out  # openpyxl prints of a style that is not there
    for faults in (as_named.value.faults, guessed.value.faults):
        assert faults
        assert all(fault.file.startswith(str(path)) for fault in faults)
        assert all(fault.expected and fault.found and fault.remedy for fault in faults)


@pytest.mark.parametrize("table", ["population", "elevation"])
def test_a_damaged_raster_is_a_fault(table: str, tmp_path: Path, data: Path) -> None:
    path = tmp_path / "a.tif"
    whole = (data / "population.tif").read_bytes()
    for at in range(8, 200, 7):
        path.write_bytes(whole[:at] + b"\xff\xfe\xfd" + whole[at + 3 :])
        with contextlib.suppress(SchemaError):  # anything else is a hole in the frame
            load_raster(table, path, data=data)
    path.write_bytes(whole[:40])
    with pytest.raises(SchemaError, match="a GeoTIFF"):
        load_raster(table, path, data=data)


SETTINGS: Mapping[str, bytes] = {
    "deep_key.toml": b"a" + b".a" * 50_000 + b" = 1\n",
    "deep_table.toml": b"[a" + b".a" * 50_000 + b"]\n",
    "deep_value.toml": b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "deep_inline.toml": b"a = " + b"{a=" * 20_000 + b"1" + b"}" * 20_000,
    "digits.toml": b"id = " + b"9" * 5000,
    "large.toml": b"# " + b"x" * (1 << 20),
}


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_hostile_scenario_is_a_fault(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SETTINGS[name])
    with pytest.raises(InputError) as raised:
        load_scenarios([path])
    assert {fault.file for fault in raised.value.faults} == {str(path)}


def test_a_folder_in_place_of_a_scenario_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        load_scenarios([tmp_path])


def test_a_guess_is_not_made_where_a_loader_failed(
    tmp_path: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, _: Context) -> Loaded:
        raise LookupError(path.name)

    def takes(path: Path, _: Context) -> Loaded:
        return Loaded({}, Report("one", path.name, 1, 1))

    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"a": 1}]), encoding="utf-8")
    one, other = (
        Format(name, "", "", (), (".json",), frozenset(), function)
        for name, function in (("one", takes), ("other", fails))
    )
    monkeypatch.setattr("corridors.sources.registry.FORMATS", {"one": one})
    assert guess_format(path, context)[0] is one
    monkeypatch.setattr("corridors.sources.registry.FORMATS", {"one": one, "other": other})
    with pytest.raises(SchemaError, match=r"LookupError: 'a\.json'|LookupError: a\.json"):
        guess_format(path, context)


def test_a_raster_is_only_read_as_a_geotiff(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "a.tif"
    text = (
        '<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4326</SRS><GeoTransform>-120, 10, 0, 40, 0, -10</GeoTransform><VRTRasterBand dataType="Float32" band="1">'
        f"<SimpleSource><SourceFilename>{data / 'population.tif'}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    path.write_text(text, encoding="utf-8")
    with rasterio.open(path) as raster:  # GDAL itself would follow it
        assert raster.driver == "VRT"
    with pytest.raises(SchemaError, match="a GeoTIFF"):
        load_raster("population", path, data=data)
