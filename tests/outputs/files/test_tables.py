from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import rasterio
import shapely
from PIL import Image

from corridors.core.errors import OutputError
from corridors.outputs.files import atomic_folder, write_csv, write_tables
from corridors.outputs.files.public import write_public
from corridors.outputs.files.qgis import layer_styles
from corridors.outputs.layers.palette import CORRIDORS
from corridors.outputs.text import layer_description
from tests.outputs.toy import toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path


def digest(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "data").iterdir())
    }


def test_files_are_whole_and_the_same_twice(tmp_path: Path) -> None:
    write_tables(toy_results(), tmp_path / "one")
    write_tables(toy_results(), tmp_path / "two")
    assert set(digest(tmp_path / "one")) == {
        "edges.parquet",
        "ports.csv",
        "state_pairs.csv",
        "zone_port.csv",
        "port_municipality.csv",
        "rank_changes.csv",
        "crossings.csv",
        "district_crossing.csv",
        "district_port.csv",
        "district_state.csv",
        "corridors.gpkg",
        "density.tif",
        "density_classes.tif",
    }
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_each_layer_of_a_package_says_what_it_is(tmp_path: Path) -> None:
    part = replace(
        toy_run(),
        part={
            "counties": 1,
            "municipalities": 1,
            "ports": 2,
            "licences": 40,
            "people_us": 0,
            "people_mx": 0,
            "fitted": 0,
        },
    )
    write_tables(toy_results(), tmp_path, layer_description(part))
    with closing(sqlite3.connect(tmp_path / "data/corridors.gpkg")) as base:
        found = base.execute("SELECT description FROM gpkg_contents WHERE data_type = 'features'").fetchall()
    assert len(found) > 5
    told = [description for (description,) in found]
    for name in ("density.tif", "density_classes.tif"):
        with rasterio.open(tmp_path / "data" / name) as raster:
            told.append(raster.tags()["TIFFTAG_IMAGEDESCRIPTION"])
    told.append(pq.read_schema(tmp_path / "data/edges.parquet").metadata[b"description"].decode())
    told.append((tmp_path / "data/notice.txt").read_text(encoding="utf-8"))
    edges = gpd.read_parquet(tmp_path / "data/edges.parquet")
    assert edges.crs == 4326
    assert len(edges) == len(toy_results().edges)
    write_public(
        {"ports": ports_layer(), "crossings": ports_layer(), "corridors": ports_layer()},
        tmp_path / "kit",
        layer_description(part),
    )
    for name in ("ports", "crossings", "corridors"):
        told.append(pyogrio.read_info(tmp_path / f"kit/{name}.geojson")["layer_metadata"]["DESCRIPTION"])
        told.append(pq.read_schema(tmp_path / f"kit/{name}.parquet").metadata[b"description"].decode())
        document = ET.parse(tmp_path / f"kit/{name}.kml").getroot()[0]  # noqa: S314 - our own file
        assert [one.tag.rpartition("}")[2] for one in document][:2] == ["name", "description"]
        told.append(str(document[1].text))
        assert len(gpd.read_file(tmp_path / f"kit/{name}.kml")) == 1
    told.append((tmp_path / "kit/notice.txt").read_text(encoding="utf-8"))
    for description in told:
        assert "(parte de la región)" in description
        assert "(part of the region)" in description
        assert "40" in description


def ports_layer() -> gpd.GeoDataFrame:
    """Return a public layer of one point, with every column that Google Earth labels features with."""
    return gpd.GeoDataFrame(
        {"ref": ["I-19"], "name_en": ["Nogales"], "name_us": ["Nogales"]},
        geometry=[shapely.Point(-110.95, 31.33)],
        crs=4326,
    )


def test_geoparquet_reads_back(tmp_path: Path) -> None:
    results = toy_results()
    write_tables(results, tmp_path)
    back = gpd.read_parquet(tmp_path / "data/edges.parquet")
    assert back.crs.to_epsg() == 4326
    assert back["share_mean"].tolist() == results.edges["share_mean"].tolist()


def test_geopackage_has_layers_and_qgis_styles(tmp_path: Path) -> None:
    write_tables(toy_results(), tmp_path)
    path = tmp_path / "data/corridors.gpkg"
    layers = {name for name, kind in pyogrio.list_layers(path) if kind is not None}
    assert {"edges", "crossings", "ports", "zones", "municipalities"} <= layers
    cities = gpd.read_file(path, layer="crossings")
    assert cities["crossing_city"].tolist() == ["elena", "presas"]
    assert cities["ports"].tolist()[0] == "p1"
    ports = gpd.read_file(path, layer="ports").set_index("poe_id")
    assert cities.geometry.iloc[0].equals(ports.geometry["p1"])
    west, east = sorted(ports.geometry[name].x for name in ("p2", "p3"))
    assert west < cities.geometry.iloc[1].x < east
    with closing(sqlite3.connect(path)) as base:
        styles = base.execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles").fetchall()
        listed = base.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchall()
    assert {name for name, default, text in styles if default and "<qgis" in text} == {
        "edges",
        "crossings",
        "ports",
        "zones",
        "municipalities",
        "districts",
    }
    assert listed == [("attributes",)]


def test_density_is_a_cog_that_keeps_the_flow(tmp_path: Path) -> None:
    results = toy_results()
    write_tables(results, tmp_path)
    with rasterio.open(tmp_path / "data/density.tif") as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        density = raster.read(1).astype(float)
        top, cell = raster.transform.f, raster.transform.a
        lat = np.radians(top - (np.arange(raster.height) + 0.5) * cell)
        area = (cell * 111.2) ** 2 * np.cos(lat)[:, None]
    roads = results.edges[results.edges["country"] != "X"]
    expected = (roads["share_mean"] * roads["km"]).sum()
    assert (density * area).sum() == pytest.approx(expected, rel=0.05)


def test_the_classes_open_in_another_reader_with_the_colours_of_the_map(tmp_path: Path) -> None:
    write_tables(toy_results(), tmp_path)
    path = tmp_path / "data/density_classes.tif"
    with rasterio.open(path) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        classes = raster.read(1)
        darkest = bytes.fromhex(CORRIDORS.colours[-1].removeprefix("#"))
        assert raster.colormap(1)[6] == (*darkest, 255)
    with rasterio.open(tmp_path / "data/density.tif") as raster:
        density = raster.read(1)
    assert ((classes > 0) == (density >= 0.01 * density.max())).mean() > 0.999
    with Image.open(path) as picture:  # libtiff, not GDAL
        assert picture.mode == "P"
        assert np.array_equal(np.asarray(picture), classes)
        assert picture.convert("RGB").getcolors(1 << 20) is not None


def wkb_of(blob: bytes) -> bytes:
    """Return the geometry of a GeoPackage cell: after two letters, version, flags, CRS and an envelope."""
    envelope = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[(blob[3] >> 1) & 7]
    assert blob[:2] == b"GP"
    assert int.from_bytes(blob[4:8], "little" if blob[3] & 1 else "big") == 4326
    return blob[8 + envelope :]


def test_the_geopackage_opens_without_gdal(tmp_path: Path) -> None:
    results = toy_results()
    write_tables(results, tmp_path)
    with closing(sqlite3.connect(tmp_path / "data/corridors.gpkg")) as base:
        assert base.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        rows = base.execute("SELECT geom, share_mean FROM edges ORDER BY fid").fetchall()
    lines = shapely.from_wkb([wkb_of(blob) for blob, _ in rows])
    assert all(
        shapely.get_parts(line)[0].equals(own)
        for line, own in zip(lines, results.edges.geometry, strict=True)
    )
    assert [share for _, share in rows] == results.edges["share_mean"].tolist()


@pytest.mark.parametrize("name", ["edges", "corridors", "zones", "municipalities"])
def test_a_qgis_style_has_a_symbol_for_every_range_and_no_gap(name: str) -> None:
    root = ET.fromstring(layer_styles()[name].partition("\n")[2])  # noqa: S314 - our own text
    ranges = [(float(one.get("lower", "")), float(one.get("upper", ""))) for one in root.iter("range")]
    assert ranges[0][0] == 0
    assert ranges[-1][1] == 1
    assert all(high == low for (_, high), (low, _) in pairwise(ranges))
    assert [one.get("symbol") for one in root.iter("range")] == [
        one.get("name") for one in root.iter("symbol")
    ]


def test_spreadsheets_run_no_formula(tmp_path: Path) -> None:
    table = pd.DataFrame({"name": ["=1+1", "+x", "@y", "-z", "plain"], "lon": [-1.5, 2, 3, 4, 5]})
    write_csv(table, tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["name,lon", "'=1+1,-1.5", "'+x,2.0", "'@y,3.0", "'-z,4.0", "plain,5.0"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_spreadsheets_of_no_language_run_a_formula(separator: str, tmp_path: Path) -> None:
    texts = [f"x{mark}{sign}cmd|a" for mark in ";\t|" for sign in "=+-@\uff1d"] + ["\uff1d1+1", "=1", "a\n=1"]
    table = pd.DataFrame({"=name": texts, "kind": pd.Categorical(texts)})
    write_csv(table, tmp_path / "t.csv")
    written = (tmp_path / "t.csv").read_text(encoding="utf-8")
    cells = [cell.strip('"') for line in written.splitlines() for cell in line.split(separator)]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\uff1d"))] == []
    plain = ["notes; -5 or more", "a - b", "https://example.org/?a=1;b=2", "", "Doña Ana"]
    write_csv(pd.DataFrame({"name": plain, "n": [1.5, None, 3, 4, 5]}), tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv", keep_default_na=False)["name"].to_list() == plain


def test_an_error_leaves_the_old_output(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with atomic_folder(out) as tmp:
        (tmp / "map.html").write_text("old", encoding="utf-8")
    (out / "mine.txt").write_text("kept", encoding="utf-8")

    def fail() -> None:
        with atomic_folder(out) as tmp:
            (tmp / "map.html").write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (out / "map.html").read_text(encoding="utf-8") == "old"
    with atomic_folder(out) as tmp:
        (tmp / "data").mkdir()
        (tmp / "data/ports.csv").write_text("new", encoding="utf-8")
        (tmp / "map.html").write_text("new", encoding="utf-8")
    assert (out / "map.html").read_text(encoding="utf-8") == "new"
    assert (out / "mine.txt").read_text(encoding="utf-8") == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="name a folder"), atomic_folder(tmp_path / "run"):
        pass


def test_edges_without_flow_stay_out_of_the_geopackage(tmp_path: Path) -> None:
    results = toy_results()
    silent = results.edges.assign(share_mean=0.0)
    silent.loc[silent.index[0], "share_mean"] = 0.1
    write_tables(replace(results, edges=gpd.GeoDataFrame(silent, crs=4326)), tmp_path)
    assert len(gpd.read_file(tmp_path / "data/corridors.gpkg", layer="edges")) == 1
