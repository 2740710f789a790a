from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, Point

from corridors.core.errors import SchemaError
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graphml import read_graphml
from corridors.sources.roads.lines import MADE_ANEW, NO_LINE
from corridors.sources.roads.osm_city import osmnx_settings, read_xml
from corridors.sources.roads.vector import read_road_table
from corridors.sources.schemas import Context, Loaded
from tests.sources.osm_world import MX, POINTS, US, Extract
from tests.sources.toy import MAP, PORTS, joined_ports, lines

if TYPE_CHECKING:
    from pathlib import Path


def mapped(context: Context, **columns: str) -> Context:
    return Context(context.tables, columns)


def values(edges: pd.DataFrame, ref: str) -> list[set[object]]:
    rows = edges[edges["ref"] == ref]
    return [set(rows[name]) for name in ("road_class", "kmh", "toll", "oneway")]


def same(one: Loaded, other: Loaded) -> None:
    pd.testing.assert_frame_equal(one.tables["road_nodes"], other.tables["road_nodes"])
    pd.testing.assert_frame_equal(one.tables["road_edges"], other.tables["road_edges"])


def save(table: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path)
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, context: Context) -> Loaded:
    path = save(lines(), tmp_path_factory.mktemp("roads") / "roads.gpkg")
    return read_road_table(path, mapped(context, **MAP))


def test_a_table_with_a_column_map_joins_both_ports(loaded: Loaded) -> None:
    assert joined_ports(loaded) == PORTS
    report = loaded.report
    assert (report.rows, report.kept) == (9, 7)
    assert report.dropped == {osm_tags.LESSER: 1, MADE_ANEW: 1}


def test_cells_mean_what_they_say(loaded: Loaded) -> None:
    edges = loaded.tables["road_edges"]
    found = edges
    assert values(found, "AZ 189") == [{"us_state"}, {72.4}, {False}, {False}]
    assert values(found, "BUS") == [{"us_highway"}, {40.0}, {False}, {False}]
    assert values(found, "15D") == [{"mx_toll"}, {100.0}, {True}, {False}]
    assert set(found.loc[found["ref"] == "MEX 15", "kmh"]) == {40.0, 78.0}


@pytest.mark.parametrize("suffix", [".geojson", ".parquet", ".shp", ".fgb"])
def test_every_file_kind_gives_the_same(
    tmp_path: Path, context: Context, loaded: Loaded, suffix: str
) -> None:
    same(read_road_table(save(lines(), tmp_path / f"roads{suffix}"), mapped(context, **MAP)), loaded)


def test_order_of_rows_and_columns_and_extra_columns_do_not_matter(
    tmp_path: Path, context: Context, loaded: Loaded
) -> None:
    table = lines(NOTA="x")
    path = save(table.iloc[::-1, ::-1].set_geometry("geometry"), tmp_path / "roads.gpkg")
    same(read_road_table(path, mapped(context, **MAP)), loaded)


def test_another_crs_and_height_and_parts_give_the_same_roads(
    tmp_path: Path, context: Context, loaded: Loaded
) -> None:
    table = lines().to_crs(6372)
    shapes = [MultiLineString([[(*xy, 9.0) for xy in line.coords]]) for line in table.geometry]
    path = save(table.set_geometry(gpd.GeoSeries(shapes, crs=6372)), tmp_path / "roads.gpkg")
    other = read_road_table(path, mapped(context, **MAP)).tables["road_edges"]
    edges = loaded.tables["road_edges"]
    pd.testing.assert_frame_equal(
        other.drop(columns=["geometry", "km"]), edges.drop(columns=["geometry", "km"])
    )
    assert np.allclose(other["km"], edges["km"], atol=1e-3)


def test_without_a_column_of_classes_they_come_from_where_roads_lie(tmp_path: Path, context: Context) -> None:
    result = read_road_table(save(lines(), tmp_path / "roads.gpkg"), mapped(context, ref="RUTA"))
    own = result.tables["road_edges"].query("road_class not in ['connector', 'poe']")
    assert set(own["road_class"]) == {"us_local", "us_state", "mx_local", "mx_federal", "mx_toll"}
    assert any("usual speed" in note for note in result.report.notes)


def test_gaps_close_within_the_tolerance_only(tmp_path: Path, context: Context, loaded: Loaded) -> None:
    table = lines()
    first = list(table.geometry[1].coords)
    moved = LineString([(first[0][0] + 4e-5, first[0][1]), *first[1:]])  # 3.8 m
    table.loc[1, "geometry"] = moved
    path = save(table, tmp_path / "roads.gpkg")
    apart = read_road_table(path, mapped(context, **MAP)).tables["road_nodes"]
    near = read_road_table(path, mapped(context, **MAP, tolerance_m="3")).tables["road_nodes"]
    joined = read_road_table(path, mapped(context, **MAP, tolerance_m="5")).tables["road_nodes"]
    assert len(apart) == len(near) == len(joined) + 2
    assert len(joined) == len(loaded.tables["road_nodes"])


def test_lines_that_cross_do_not_meet_and_an_end_on_a_vertex_does(tmp_path: Path, context: Context) -> None:
    table = gpd.GeoDataFrame(
        {"ref": ["a", "b", "c"]},
        geometry=[
            LineString([(-111, 32), (-110.9, 32), (-110.8, 32)]),
            LineString([(-110.85, 31.9), (-110.85, 32.1)]),
            LineString([(-110.9, 32), (-110.9, 32.1)]),
        ],
        crs=4326,
    )
    found = read_road_table(save(table, tmp_path / "roads.gpkg"), context)
    edges = found.tables["road_edges"]
    assert edges["ref"].value_counts().to_dict() == {"a": 2, "b": 1, "c": 1}


def test_one_way_against_the_line(tmp_path: Path, context: Context) -> None:
    a, b = (-111.0, 32.0), (-110.9, 32.0)
    table = gpd.GeoDataFrame(
        {"ref": ["out", "back"], "oneway": ["yes", "-1"]},
        geometry=[LineString([a, b]), LineString([a, (-110.95, 32.01), b])],
        crs=4326,
    )
    result = read_road_table(save(table, tmp_path / "roads.gpkg"), context)
    nodes = result.tables["road_nodes"].set_index("node_id")["lon"]
    edges = result.tables["road_edges"].set_index("ref")
    assert nodes[edges["u"]].tolist() == [b[0], a[0]]
    assert edges.index.tolist() == ["back", "out"]
    assert edges["oneway"].all()
    assert edges.geometry.loc["back"].coords[0] == b


def test_points_among_lines_are_dropped(tmp_path: Path, context: Context) -> None:
    table = pd.concat(
        [lines(), gpd.GeoDataFrame({"RUTA": ["x"]}, geometry=[Point(POINTS[7])], crs=4326)], ignore_index=True
    )
    found = read_road_table(save(table, tmp_path / "roads.parquet"), mapped(context, **MAP))
    assert found.report.dropped[NO_LINE] == 1


@pytest.mark.parametrize("value", ["fast", "-3", "MX:urban", "none", "signals", "3"])
def test_speeds_that_are_none_are_noted_and_ignored(tmp_path: Path, context: Context, value: str) -> None:
    table = lines()
    table.loc[[2, 4], "VELOCIDAD"] = value
    report = read_road_table(save(table, tmp_path / "roads.gpkg"), mapped(context, **MAP)).report
    assert any(
        f"2 values of maxspeed that are not a speed of at least 5 km/h were ignored: {value!r} (2)" in note
        for note in report.notes
    )
    with pytest.raises(SchemaError, match="a speed"):
        read_road_table(save(lines(VELOCIDAD=value), tmp_path / "none.gpkg"), mapped(context, **MAP))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("PEAJE", "maybe", "yes or no"),
        ("TIPO", "Carretera", "mx_federal"),
    ],
)
def test_cells_that_cannot_be_understood_are_all_named(
    tmp_path: Path, context: Context, column: str, value: str, words: str
) -> None:
    table = lines()
    table.loc[[2, 4], column] = value
    with pytest.raises(SchemaError, match=words) as caught:
        read_road_table(save(table, tmp_path / "roads.gpkg"), mapped(context, **MAP))
    assert {fault.found for fault in caught.value.faults} == {repr(value)}
    if column != "TIPO":
        assert [fault.row for fault in caught.value.faults] == [3, 5]


def test_a_map_that_names_no_column_is_refused(tmp_path: Path, context: Context) -> None:
    path = save(lines(), tmp_path / "roads.gpkg")
    for columns in (
        {"ref": "CARRETERA"},
        {"speed": "VELOCIDAD"},
        {"tolerance_m": "-1"},
        {"tolerance_m": "x"},
    ):
        with pytest.raises(SchemaError, match=r"Correct the|Give meters"):
            read_road_table(path, mapped(context, **columns))


def test_files_that_are_none_are_refused(tmp_path: Path, context: Context) -> None:
    for name in ("x.gpkg", "x.shp", "x.geojson", "x.parquet", "x.fgb"):
        (tmp_path / name).write_bytes(b"not a vector file")
        with pytest.raises(SchemaError):
            read_road_table(tmp_path / name, context)
        with pytest.raises(SchemaError):
            read_road_table(tmp_path / f"absent-{name}", context)
    no_crs = lines().set_crs(None, allow_override=True)
    no_crs.to_parquet(tmp_path / "plain.parquet")
    with pytest.raises(SchemaError, match="CRS"):
        read_road_table(tmp_path / "plain.parquet", mapped(context, **MAP))


def city(folder: Path) -> nx.MultiDiGraph[Any]:
    path = Extract([*US.ways, *MX.ways], POINTS).write(folder / "both.osm")
    kept = [way for way in [*US.ways, *MX.ways] if set(way[1]) <= set(POINTS) and "building" not in way[2]]
    Extract(kept, POINTS).write(path)
    with osmnx_settings(folder):
        tags = list(osmnx.settings.useful_tags_way)
    before = osmnx.settings.useful_tags_way
    osmnx.settings.useful_tags_way = tags
    try:
        return osmnx.graph_from_xml(path, simplify=False, retain_all=True)
    finally:
        osmnx.settings.useful_tags_way = before


@pytest.mark.parametrize("simple", [False, True])
@pytest.mark.parametrize("projected", [False, True])
def test_osmnx_graphml_gives_what_the_xml_gives(
    tmp_path: Path, context: Context, *, simple: bool, projected: bool
) -> None:
    graph = city(tmp_path)
    filed = read_xml(tmp_path / "both.osm", context).tables["road_edges"]
    if simple:
        graph = osmnx.simplify_graph(graph, edge_attrs_differ=["osmid"])
    if projected:
        graph = osmnx.project_graph(graph)
    osmnx.save_graphml(graph, tmp_path / "g.graphml")
    edges = read_graphml(tmp_path / "g.graphml", context).tables["road_edges"]
    for frame in (edges, filed):
        frame["key"] = frame["ref"].fillna("")
    tolls = [frame[frame["road_class"] == "mx_toll"] for frame in (edges, filed)]
    km = [np.sort(frame["km"].to_numpy()) for frame in tolls]
    assert np.allclose(km[0], km[1], atol=2e-3)
    assert tolls[0]["kmh"].unique().tolist() == [90.0]
    motorway = edges[edges["key"] == "AZ 189"]
    assert motorway["kmh"].unique().tolist() == [72.4]
    assert {*edges["key"]} == {*filed["key"]} - ({"I 19"} - {*edges["key"]})


def test_a_networkx_graph_there_and_back(tmp_path: Path, context: Context) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name in (1, 2, 5, 6, 3, 7):
        graph.add_node(str(name), lon=POINTS[name][0], lat=POINTS[name][1])
    for u, v in ((1, 2), (2, 1), (2, 3), (3, 6), (6, 5), (5, 2), (3, 7), (7, 3)):
        graph.add_edge(str(u), str(v), highway="primary", ref="I 19" if 2 in (u, v) else "")
    nx.write_graphml(graph, tmp_path / "g.graphml")
    result = read_graphml(tmp_path / "g.graphml", context)
    edges = result.tables["road_edges"]
    assert (result.report.rows, result.report.kept) == (6, 6)
    assert edges["oneway"].sum() == 3
    assert edges.groupby("oneway")["km"].count().to_dict() == {False: 2, True: 3}


def test_an_undirected_graph_is_two_way(tmp_path: Path, context: Context) -> None:
    graph: nx.Graph[str] = nx.path_graph([str(n) for n in (7, 8, 9)])
    nx.set_node_attributes(graph, {str(n): {"x": POINTS[n][0], "y": POINTS[n][1]} for n in (7, 8, 9)})
    nx.write_graphml(graph, tmp_path / "g.graphml")
    edges = read_graphml(tmp_path / "g.graphml", context).tables["road_edges"]
    assert edges["oneway"].tolist() == [False]
    assert edges["road_class"].tolist() == ["us_local"]


@pytest.mark.parametrize(
    "text", ["", "no xml", "<graphml", '<?xml version="1.0"?><html/>', "<graphml><graph/></graphml>"]
)
def test_what_is_no_graph_is_refused(tmp_path: Path, context: Context, text: str) -> None:
    path = tmp_path / "g.graphml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError):
        read_graphml(path, context)


def test_nodes_without_places_are_refused(tmp_path: Path, context: Context) -> None:
    nx.write_graphml(nx.path_graph(3), tmp_path / "g.graphml")
    with pytest.raises(SchemaError, match="lon, lat on every node"):
        read_graphml(tmp_path / "g.graphml", context)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_graphml_cut_short_is_refused(tmp_path: Path, context: Context, part: float) -> None:
    path = tmp_path / "g.graphml"
    osmnx.save_graphml(city(tmp_path), path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: int(len(text) * part)], encoding="utf-8")
    with pytest.raises(SchemaError, match="a GraphML file"):
        read_graphml(path, context)
