"""Making the default data: small rules one by one, and the whole again byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, strategies as st
from shapely import GeometryCollection, LineString, Point, box

from corridors.core.schema import Column, Schema, arrange
from corridors.default_data.border import crossing_cities, weekly_hours
from corridors.default_data.build import MAKERS, differences, file_name
from corridors.default_data.catalog_entries import ENTRIES
from corridors.default_data.ports import hours_open
from corridors.default_data.raw_tables import to_numbers, write_table
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.reading.geometry import polygonal, thin_coverage, thin_lines
from corridors.sources.schemas import RASTERS, SCHEMAS
from tests.raw import RAW, needs_raw

ROOT = Path(__file__).resolve().parents[2]


@needs_raw
def test_the_data_can_be_built_again_byte_for_byte() -> None:
    script = ROOT / "scripts/build_default_data.py"
    paths = os.pathsep.join(path for path in sys.path if path)
    run = subprocess.run(
        [sys.executable, str(script), "--check", "--raw", str(RAW)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([paths, str(ROOT)])},
    )
    assert run.stdout == "the same, byte for byte\n", run.stdout + run.stderr


@needs_raw
def test_no_raw_file_is_copied(data: Path) -> None:
    shipped = {path.stat().st_size: path for path in data.iterdir()}
    for path in RAW.rglob("*"):
        twin = shipped.get(path.stat().st_size)
        assert twin is None or not path.is_file() or twin.read_bytes() != path.read_bytes()


def test_every_table_has_a_maker_and_words() -> None:
    assert set(MAKERS) == set(SCHEMAS)
    assert [entry.id for entry in ENTRIES] == list(dict.fromkeys(entry.id for entry in ENTRIES))
    assert {entry.id for entry in ENTRIES} == set(SCHEMAS) | set(RASTERS)
    assert file_name("population") == "population.tif"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24 h", 24),
        ("24 h passenger; 6-20 commercial", 24),
        ("6-22", 16),
        ("6-24", 18),
        ("6:00-14:00 Mon-Fri", 5.71),
        ("6-18 or 6-22 (sources differ)", 12),
        ("7-24 (2022); 7-23 (2026 site)", 17),
        ("10-16 (unverified)", 6),
        ("limited days (unverified)", None),
        ("", None),
    ],
)
def test_hours_open(text: str, hours: float | None) -> None:
    assert hours_open(text) == hours


@given(start=st.integers(0, 23), length=st.integers(1, 24), note=st.text(st.characters(categories=["L"])))
def test_hours_open_is_the_length_of_the_span(start: int, length: int, note: str) -> None:
    end = min(start + length, 24)
    assert hours_open(f"{start}-{end} ({note})") == end - start


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24/7", 24),
        ("Mon-Sun: 6am-10:00pm", 16),
        ("Mon-Sun: 6am-10pm MST", 16),
        ("Mon-Sun: 8am-4pm; (conditions permitting)", 8),
        ("Mon-Fri: 6am-Midnight MST; Sat-Sun: 8am-Midnight MST", 17.43),
        ("Mon-Fri: 6am-8am; Mon-Fri: 4pm-6pm; Sat-Sun: 6am-Midnight", None),
        ("Mon-Fri: 6am-8am", None),
        ("Mon-Sun: by appointment", None),
        ("", None),
    ],
)
def test_hours_of_the_bridge_guide(text: str, hours: float | None) -> None:
    assert weekly_hours(text) == hours


def test_every_port_has_one_crossing_city(data: Path) -> None:
    known = pd.read_csv(data / "ports_of_entry.csv", dtype=str)["poe_id"]
    assert sorted(crossing_cities()["poe_id"]) == sorted(known)


def test_text_becomes_numbers_and_empty_stays_empty() -> None:
    assert to_numbers(pd.Series(["1.256", ""]), 2).tolist()[0] == 1.26
    assert to_integers(pd.Series(["2403.0", ""])).isna().tolist() == [False, True]


SCHEMA = Schema("t", "A row", ("k",), {"k": Column("text", "key"), "flag": Column("flag", "flag")})


@given(order=st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_rows_does_not_matter(order: list[str]) -> None:
    table = pd.DataFrame({"other": range(4), "flag": [key == "a" for key in order], "k": order})
    arranged = arrange(table, SCHEMA)
    assert arranged.columns.tolist() == ["k", "flag"]
    assert arranged["k"].tolist() == ["a", "b", "c", "d"]
    assert arranged["flag"].tolist() == [True, False, False, False]


def test_written_text_is_plain(tmp_path: Path) -> None:
    table = pd.DataFrame({"k": ["ñ"], "flag": [True], "n": pd.array([None], dtype="Int64"), "x": [0.1]})
    write_table(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == "k,flag,n,x\nñ,true,,0.1\n".encode()


def test_differences_name_files(tmp_path: Path) -> None:
    for folder, names in (("one", "ab"), ("two", "ac")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / name).write_text(name)
    assert differences(tmp_path / "one", tmp_path / "two") == ["b", "c"]


def test_polygonal_drops_points_and_lines() -> None:
    mixed = GeometryCollection([box(0, 0, 1, 1), Point(5, 5), LineString([(0, 0), (9, 9)])])
    (shape,) = polygonal(np.array([mixed], dtype=object))
    assert shape.equals(box(0, 0, 1, 1))


def test_thinned_neighbours_still_share_their_border() -> None:
    # Two squares that meet along a wiggly line x = 1 + small sine.
    y = np.linspace(0, 1, 50)
    wiggle = np.column_stack([1 + 0.01 * np.sin(40 * y), y])
    left = shapely.Polygon([(0, 1), (0, 0), *wiggle])
    right = shapely.Polygon([(2, 0), (2, 1), *wiggle[::-1]])
    thin = thin_coverage(gpd.GeoDataFrame(geometry=[left, right], crs=4326), tolerance=0.05, grid=1e-3)
    shapes = thin.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.get_num_coordinates(shapes).sum() < 40
    assert shapely.area(shapes).sum() == pytest.approx(2, abs=1e-6)


@given(
    points=st.lists(
        st.tuples(st.floats(-110, -109.999), st.floats(31, 31.001)), min_size=2, max_size=5, unique=True
    )
)
def test_thinned_lines_stay_lines_with_their_ends(points: list[tuple[float, float]]) -> None:
    line = LineString(points)
    if line.length == 0:
        return
    (thin,) = thin_lines(np.array([line], dtype=object), grid=1e-4)
    assert thin.is_valid
    assert thin.length > 0
    for end in (0, -1):
        assert shapely.get_point(thin, end).distance(shapely.get_point(line, end)) < 1e-4
