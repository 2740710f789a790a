"""Reports name what of a file was read and what was not: layers, files of a folder, columns, components."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import networkx as nx

from corridors.sources.registry import load_as
from tests.sources.agencies import test_borders
from tests.sources.agencies.test_gun_shows import EVENT, ICS, MESA
from tests.sources.osm_world import MX, POINTS, US
from tests.sources.toy import MAP, lines, pbf

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Context


def test_columns_of_vector_roads(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "roads.gpkg"
    lines(ANCHO=7).to_file(path)
    report = load_as(path, "road_table", type(context)(context.tables, MAP)).report
    assert report.columns == MAP
    assert report.unused == ("ANCHO",)


def test_columns_of_roads_of_the_census_bureau(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "tl_roads.gpkg"
    table = lines().drop(columns=list(MAP.values()))
    table.assign(LINEARID="1", FULLNAME="I- 19", RTTYP="I", MTFCC="S1100").to_file(path)
    report = load_as(path, "road_table", context).report
    assert report.columns == {"road_class": "MTFCC", "route_type": "RTTYP", "ref": "FULLNAME"}
    assert report.unused == ("LINEARID",)


def test_attributes_of_a_graph(tmp_path: Path, context: Context) -> None:
    graph: nx.Graph[str] = nx.path_graph([str(n) for n in (7, 8, 9)])
    nx.set_node_attributes(graph, {str(n): {"x": POINTS[n][0], "y": POINTS[n][1]} for n in (7, 8, 9)})
    nx.set_edge_attributes(graph, {edge: {"highway": "primary", "lanes": "2"} for edge in graph.edges})
    nx.write_graphml(graph, tmp_path / "g.graphml")
    report = load_as(tmp_path / "g.graphml", "graphml", context).report
    assert report.columns == {"highway": "highway"}
    assert report.unused == ("lanes",)


def test_files_of_a_folder(tmp_path: Path, context: Context) -> None:
    for name, world in (("us", US), ("mx", MX)):
        world.write(tmp_path / f"{name}.osm")
    pbf(US, tmp_path / "us.osm.pbf")
    read = load_as(tmp_path, "osm_xml", context).report.notes[:2]
    assert read == ("read: 'mx.osm', 'us.osm'", "not read: 'us.osm.pbf' (another ending)")
    read = load_as(tmp_path, "osm_pbf", context).report.notes[:2]
    assert read == ("read: 'us.osm.pbf'", "not read: 'mx.osm', 'us.osm' (another ending)")


def test_components_of_a_calendar(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "shows.ics"
    show = EVENT.format(uid=1, lines=f"{MESA}\nDTSTART;VALUE=DATE:20270116")
    path.write_text(ICS.format(events=show + "BEGIN:VTODO\nUID:2\nEND:VTODO\n"), encoding="utf-8")
    notes = load_as(path, "calendar_ics", context).report.notes
    assert "not read: 1 VTODO (no events)" in notes
    path.write_text(ICS.format(events=show), encoding="utf-8")
    assert not any("not read" in note for note in load_as(path, "calendar_ics", context).report.notes)


def test_fields_of_json(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "bwt.json"
    path.write_text(json.dumps([test_borders._feed("260401", "24 hrs/day") | {"lanes_note": "x"}]))
    report = load_as(path, "cbp_wait", context).report
    assert "port_number" in report.columns.values()
    assert "lanes_note" in report.unused
