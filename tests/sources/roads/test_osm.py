from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from corridors.core.errors import SchemaError
from corridors.core.schema import check
from corridors.sources.roads import osm_tags
from corridors.sources.roads.border import states_of
from corridors.sources.roads.graph import ABROAD, CLIPPED, CUT_OFF, NO_NODES
from corridors.sources.roads.interpret import interpret
from corridors.sources.roads.osm import FORMATS, TWICE, read_extracts, read_pbf
from corridors.sources.schemas import SCHEMAS
from tests.sources.osm_world import MX, US, Extract
from tests.sources.toy import pbf

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded


@pytest.fixture(scope="module")
def nogales(tmp_path_factory: pytest.TempPathFactory, context: Context) -> Loaded:
    folder = tmp_path_factory.mktemp("nogales")
    pbf(US, folder / "us.osm.pbf")
    pbf(MX, folder / "mx.osm.pbf")
    return read_pbf(folder, context)


def roads(loaded: Loaded) -> pd.DataFrame:
    edges = loaded.tables["road_edges"]
    return edges[~edges["road_class"].isin(["connector", "poe"])]


def values(edges: pd.DataFrame, ref: str) -> list[set[object]]:
    rows = edges[edges["ref"] == ref]
    return [set(rows[name]) for name in ("road_class", "kmh", "toll", "oneway", "region")]


def test_tables_pass_their_schemas_with_exactly_their_columns(nogales: Loaded) -> None:
    nodes, edges = nogales.tables["road_nodes"], nogales.tables["road_edges"]
    assert list(nodes.columns) == list(SCHEMAS["road_nodes"].columns)
    assert list(edges.columns) == [*SCHEMAS["road_edges"].columns, "geometry"]
    check(nodes, SCHEMAS["road_nodes"])
    check(edges, SCHEMAS["road_edges"], tables={"road_nodes": nodes})
    assert nodes["node_id"].tolist() == list(range(len(nodes)))
    assert FORMATS[0].tables == tuple(nogales.tables)


def test_every_way_is_kept_or_dropped_with_a_reason(nogales: Loaded) -> None:
    report = nogales.report
    assert report.rows == 41 == report.kept + sum(report.dropped.values())
    assert report.dropped == {
        osm_tags.LESSER: 7,
        osm_tags.CLOSED: 3,
        osm_tags.AREA: 1,
        NO_NODES: 2,
        CUT_OFF: 1,
    }
    assert f"1 {CLIPPED}" in report.notes
    assert "2 ways cross the border and are cut there" in report.notes


def test_classes_speeds_tolls_and_directions(nogales: Loaded) -> None:
    found = roads(nogales)
    assert values(found, "I 19") == [{"interstate"}, {104.6}, {False}, {True}, {"AZ"}]
    assert values(found, "AZ 189") == [{"us_state"}, {72.4}, {False}, {False}, {"AZ"}]
    assert set(found.loc[found["ref"] == "I 19 Business", "road_class"]) == {"business"}
    assert values(found, "15D") == [{"mx_toll"}, {90.0}, {True}, {False}, {"MEX-SON"}]
    assert set(found.loc[found["ref"] == "MEX 15", "road_class"]) == {"mx_federal"}
    assert set(found.loc[found["ref"] == "15", "kmh"]) == {80.0}
    assert set(found.loc[found["ref"] == "SON 43", "road_class"]) == {"mx_state"}
    unnumbered = roads(nogales)[roads(nogales)["ref"].isna()]
    assert set(unnumbered["road_class"]) == {"us_local", "mx_local", "mx_urban", "mx_state"}


def test_a_way_against_its_line_runs_as_driven(nogales: Loaded) -> None:
    nodes = nogales.tables["road_nodes"].set_index("node_id")
    single = roads(nogales)[roads(nogales)["oneway"] & roads(nogales)["road_class"].eq("us_local")]
    assert len(single) == 1
    assert nodes.loc[single["u"].iloc[0], ["lon", "lat"]].tolist() == [-110.935, 31.342]
    assert nodes.loc[single["v"].iloc[0], ["lon", "lat"]].tolist() == [-110.935, 31.356]


def test_lines_run_between_their_nodes_and_lengths_are_of_the_ground(nogales: Loaded) -> None:
    nodes = nogales.tables["road_nodes"].set_index("node_id")
    edges = nogales.tables["road_edges"]
    for side, end in (("u", 0), ("v", -1)):
        at = np.array([line.coords[end] for line in edges.geometry])
        assert np.allclose(at, nodes.loc[edges[side], ["lon", "lat"]], atol=1e-7)
    metres = edges.geometry.to_crs(32612).length
    own = ~edges["road_class"].isin(["connector", "poe"])
    assert np.allclose(edges["km"][own], metres[own] / 1000, rtol=2e-3)


def test_connectors_are_short_and_stay_in_their_country(nogales: Loaded) -> None:
    edges = nogales.tables["road_edges"]
    connectors = edges[edges["road_class"] == "connector"]
    assert connectors["km"].max() < 10 * 1.25 + 0.05
    country = nogales.tables["road_nodes"].set_index("node_id")["country"]
    assert (country[connectors["u"]].to_numpy() == country[connectors["v"]].to_numpy()).all()
    ports = edges[edges["road_class"] == "poe"]
    assert sorted(ports["poe_id"]) == ["AZ-DEC", "AZ-MAR", "AZ-MOR"]
    assert (country[ports["u"]].to_numpy() != country[ports["v"]].to_numpy()).all()


def test_a_way_in_two_extracts_is_taken_once(tmp_path: Path, context: Context, nogales: Loaded) -> None:
    files = [
        pbf(US, tmp_path / "a.osm.pbf"),
        pbf(MX, tmp_path / "b.osm.pbf"),
        pbf(US, tmp_path / "c.osm.pbf"),
    ]
    loaded = read_extracts(files, context, file="three")
    assert loaded.report.dropped[TWICE] > 0
    assert loaded.report.rows == loaded.report.kept + sum(loaded.report.dropped.values())
    assert loaded.report.kept == nogales.report.kept
    pd.testing.assert_frame_equal(loaded.tables["road_edges"], nogales.tables["road_edges"])


def test_the_order_of_ways_does_not_matter(tmp_path: Path, context: Context, nogales: Loaded) -> None:
    pbf(Extract(US.ways[::-1], US.points), tmp_path / "z.osm.pbf")
    pbf(Extract(MX.ways[::-1], MX.points), tmp_path / "a.osm.pbf")
    loaded = read_pbf(tmp_path, context)
    pd.testing.assert_frame_equal(loaded.tables["road_nodes"], nogales.tables["road_nodes"])
    pd.testing.assert_frame_equal(loaded.tables["road_edges"], nogales.tables["road_edges"])


def test_one_side_alone_has_no_port(tmp_path: Path, context: Context) -> None:
    loaded = read_pbf(pbf(US, tmp_path / "us.osm.pbf"), context)
    assert set(loaded.tables["road_nodes"]["country"]) == {"US"}
    assert any(note.startswith("0 ports of entry") for note in loaded.report.notes)


def test_roads_of_other_countries_are_left_out(tmp_path: Path, context: Context) -> None:
    abroad = {node: (lon + 21, lat - 16.5) for node, (lon, lat) in US.points.items()}
    with pytest.raises(SchemaError, match="roads of the United States or Mexico"):
        read_pbf(pbf(Extract(US.ways, abroad), tmp_path / "x.osm.pbf"), context)
    both = Extract(
        [*US.ways, (301, (81, 82), {"highway": "primary"})],
        {**US.points, 81: (-90.5, 14.6), 82: (-90.4, 14.7)},
    )
    assert read_pbf(pbf(both, tmp_path / "y.osm.pbf"), context).report.dropped[ABROAD] == 1


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_damaged_file_is_refused(tmp_path: Path, context: Context, part: float) -> None:
    path = pbf(MX, tmp_path / "mx.osm.pbf")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(SchemaError) as caught:
        read_pbf(path, context)
    assert caught.value.faults[0].file == str(path)


@pytest.mark.parametrize("content", [b"", b"not a pbf at all", os.urandom(2000)])
def test_what_is_no_pbf_is_refused(tmp_path: Path, context: Context, content: bytes) -> None:
    path = tmp_path / "x.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(SchemaError):
        read_pbf(path, context)


def test_flipped_bytes_never_give_a_table_without_error(tmp_path: Path, context: Context) -> None:
    path = pbf(MX, tmp_path / "mx.osm.pbf")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(SchemaError):
        read_pbf(path, context)


def test_an_absent_file_and_an_empty_folder_are_named(tmp_path: Path, context: Context) -> None:
    with pytest.raises(SchemaError, match="no such file"):
        read_pbf(tmp_path / "none.osm.pbf", context)
    with pytest.raises(SchemaError, match="Put the extracts in the folder"):
        read_pbf(tmp_path, context)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("80", 80),
        ("65 mph", 104.60736),
        ("65mph", 104.60736),
        ("60 km/h", 60),
        ("80;60", 60),
        ("none", math.nan),
        ("MX:urban", math.nan),
        ("signals", math.nan),
        ("", math.nan),
        ("1", math.nan),
        ("999", 140),
        ("-80", math.nan),
    ],
)
def test_speed(text: str, kmh: float) -> None:
    assert osm_tags.speed(text) == pytest.approx(kmh, nan_ok=True)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"highway": "motorway_link"}, 0),
        ({"highway": "primary", "oneway": "-1"}, -1),
        ({"highway": "primary", "junction": "roundabout"}, 1),
        ({"highway": "primary", "oneway": "reversible"}, 0),
    ],
)
def test_direction(tags: dict[str, str], expected: int) -> None:
    assert (interpret(tags).oneway or 0) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, ""),
        ({"access": "no"}, osm_tags.CLOSED),
        ({"access": "private", "motor_vehicle": "yes"}, ""),
        ({"access": "yes", "motor_vehicle": "private"}, osm_tags.CLOSED),
        ({"motorcar": "no", "motor_vehicle": "yes"}, osm_tags.CLOSED),
        ({"access": "destination"}, ""),
        ({"area": "yes"}, osm_tags.AREA),
        ({"highway": "service"}, osm_tags.LESSER),
    ],
)
def test_refusal(tags: dict[str, str], expected: str) -> None:
    assert interpret({"highway": "primary"} | tags).refused == expected


@pytest.mark.parametrize(
    ("country", "highway", "ref", "expected"),
    [
        ("US", "motorway", "I 10/US 90", "interstate"),
        ("US", "motorway", "", "us_freeway"),
        ("US", "motorway", "US 75", "us_highway"),
        ("US", "trunk", "", "us_highway"),
        ("US", "primary", "TX 359", "us_state"),
        ("US", "secondary", "FM 1472", "us_fm"),
        ("US", "secondary", "US 83 Business", "business"),
        ("US", "secondary", "BUS US 83", "business"),
        ("US", "tertiary", "CR 12", "us_local"),
        ("MX", "motorway", "MEX 85D", "mx_toll"),
        ("MX", "motorway", "85", "mx_freeway"),
        ("MX", "trunk", "MEX 2", "mx_federal"),
        ("MX", "secondary", "NL 43", "mx_state"),
        ("MX", "tertiary", "", "mx_local"),
    ],
)
def test_road_class(country: str, highway: str, ref: str, expected: str) -> None:
    due = osm_tags.is_toll(country, ref, osm_tags.UNKNOWN)
    assert osm_tags.road_class(country, highway, ref=ref, due=due, kmh=math.nan) == expected


def test_a_tag_says_more_of_a_toll_than_a_number() -> None:
    assert not osm_tags.is_toll("MX", "15D", interpret({"toll": "no"}).toll)
    assert osm_tags.is_toll("US", "TX 130", interpret({"toll": "yes"}).toll)
    assert not osm_tags.is_toll("US", "15D", osm_tags.UNKNOWN)


def test_every_class_has_a_speed() -> None:
    classes = set(SCHEMAS["road_edges"].columns["road_class"].choices)
    assert classes - {"connector", "poe"} == set(osm_tags.CLASS_KMH)


def test_ports_decide_beside_them(context: Context) -> None:
    states = states_of(context.tables)
    ports = states.ports
    for side in ("us", "mx"):
        lon, lat = ports[f"{side}_lon"].to_numpy(), ports[f"{side}_lat"].to_numpy()
        assert set(states.country[states.at(lon, lat)]) == {side.upper()}
    everywhere = {"TX": Point(-97.74, 30.27), "MEX-NL": Point(-100.31, 25.67), "CA": Point(-122.36, 37.81)}
    for region, point in everywhere.items():
        assert states.region[states.at(np.array([point.x]), np.array([point.y]))].tolist() == [region]
