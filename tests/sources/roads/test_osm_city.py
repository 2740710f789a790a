from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import osmium
import osmnx
import pandas as pd
import pytest

from corridors.core.errors import SchemaError
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graph import CLIPPED, CUT_OFF, NO_NODES
from corridors.sources.roads.osm import TWICE, read_pbf
from corridors.sources.roads.osm_city import FORMATS, query_overpass, read_overpass, read_request, read_xml
from tests.sources.osm_world import MX, POINTS, US, Extract
from tests.sources.toy import PORTS, joined_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corridors.sources.schemas import Context

BOX = "[-111.05, 31.2, -110.85, 31.45]"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nogales")
    US.write(folder / "us.osm")
    MX.write(folder / "mx.osm.xml")
    return folder


class Server(HTTPServer):
    """An Overpass of one answer."""

    status = 200
    answer = b""
    queries: list[str]


class Handler(BaseHTTPRequestHandler):
    """Answers any query of an interpreter with the server's answer."""

    server: Server

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.queries.append(parse_qs(self.rfile.read(size).decode())["data"][0])
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def overpass() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.queries = []
    both = Extract([*US.ways, *MX.ways], POINTS)
    server.answer = json.dumps(both.overpass()).encode()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(folder: Path, server: Server, box: str = BOX) -> Path:
    path = folder / "nogales.toml"
    endpoint = f"http://127.0.0.1:{server.server_port}/api"
    path.write_text(f'endpoint = "{endpoint}"\nrate_limit = false\nbbox = [{box}]\n', encoding="utf-8")
    return path


def test_a_pair_of_files_joins_both_ports(pair: Path, context: Context) -> None:
    loaded = read_xml(pair, context)
    assert joined_ports(loaded) == PORTS
    assert loaded.report.format == FORMATS[0].id


def test_xml_and_pbf_give_the_same_tables(pair: Path, tmp_path: Path, context: Context) -> None:
    for path in pair.iterdir():
        with osmium.SimpleWriter(tmp_path / f"{path.name}.osm.pbf") as writer:
            for item in osmium.FileProcessor(osmium.io.File(str(path), "osm")):
                writer.add(item)
    one, other = read_xml(pair, context), read_pbf(tmp_path, context)
    pd.testing.assert_frame_equal(one.tables["road_nodes"], other.tables["road_nodes"])
    pd.testing.assert_frame_equal(one.tables["road_edges"], other.tables["road_edges"])
    assert dict(one.report.dropped) == dict(other.report.dropped)
    assert (one.report.rows, one.report.kept) == (other.report.rows, other.report.kept)


def test_every_way_is_kept_or_dropped_with_a_reason(pair: Path, context: Context) -> None:
    report = read_xml(pair, context).report
    assert report.rows == 41 == report.kept + sum(report.dropped.values())
    assert set(report.dropped) == {osm_tags.LESSER, osm_tags.CLOSED, osm_tags.AREA, NO_NODES, CUT_OFF}
    assert f"1 {CLIPPED}" in report.notes


def test_a_way_in_both_files_is_taken_once(tmp_path: Path, pair: Path, context: Context) -> None:
    US.write(tmp_path / "a.osm")
    MX.write(tmp_path / "b.osm")
    US.write(tmp_path / "c.osm")
    loaded = read_xml(tmp_path, context)
    assert loaded.report.dropped[TWICE] == len([way for way in US.ways if "highway" in way[2]])
    pd.testing.assert_frame_equal(loaded.tables["road_edges"], read_xml(pair, context).tables["road_edges"])


def test_ways_before_nodes_and_windows_line_ends(tmp_path: Path, context: Context) -> None:
    lines = US.xml().splitlines()
    nodes = [line for line in lines if line.startswith("  <node")]
    rest = [line for line in lines[2:-1] if not line.startswith("  <node")]
    path = tmp_path / "us.osm"
    path.write_text("\r\n".join([*lines[:2], *rest, *nodes, lines[-1]]), encoding="utf-8-sig", newline="")
    one = read_xml(path, context)
    US.write(path)
    pd.testing.assert_frame_equal(one.tables["road_edges"], read_xml(path, context).tables["road_edges"])


@pytest.mark.parametrize("part", [0.2, 0.5, 0.97])
def test_a_file_cut_short_is_refused(tmp_path: Path, context: Context, part: float) -> None:
    text = MX.xml()
    path = tmp_path / "mx.osm"
    path.write_text(text[: int(len(text) * part)], encoding="utf-8")
    with pytest.raises(SchemaError, match="OpenStreetMap XML file"):
        read_xml(path, context)


@pytest.mark.parametrize("text", ["", "no xml", "<html></html>", '<osm version="0.6"></osm>'])
def test_what_holds_no_roads_is_refused(tmp_path: Path, context: Context, text: str) -> None:
    path = tmp_path / "x.osm"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError):
        read_xml(path, context)


def test_an_absent_file_is_named(tmp_path: Path, context: Context) -> None:
    for path in (tmp_path / "none.osm", tmp_path):
        with pytest.raises(SchemaError, match="no such file"):
            read_xml(path, context)


def test_overpass_gives_what_the_files_give(tmp_path: Path, overpass: Server, context: Context) -> None:
    loaded = read_overpass(ask(tmp_path, overpass), context)
    columns = ["ref", "road_class", "kmh", "toll", "oneway", "country", "region", "km"]
    gapless = Extract([*US.ways, *MX.ways], POINTS).write(tmp_path / "both.osm")
    filed = read_xml(gapless, context).tables["road_edges"]
    assert set(loaded.tables["road_edges"]["ref"].dropna()) == set(filed["ref"].dropna())
    own = loaded.tables["road_edges"].query("road_class == 'mx_toll'")[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, filed.query("road_class == 'mx_toll'")[columns].reset_index(drop=True))
    report = loaded.report
    assert report.rows == report.kept + sum(report.dropped.values())
    assert joined_ports(loaded) == PORTS


def test_overpass_is_asked_for_main_roads_only(tmp_path: Path, overpass: Server, context: Context) -> None:
    read_overpass(ask(tmp_path, overpass), context)
    assert len(overpass.queries) == 1
    assert '["highway"~"^(motorway|motorway_link|primary' in overpass.queries[0]
    assert overpass.queries[0].startswith("[out:json]")


def test_several_boxes_are_asked_for_one_by_one(tmp_path: Path, overpass: Server, context: Context) -> None:
    north, south = "[-111.05, 31.3327, -110.85, 31.45]", "[-111.05, 31.2, -110.85, 31.3327]"
    loaded = read_overpass(ask(tmp_path, overpass, f"{north}, {south}"), context)
    assert len(overpass.queries) == 2
    assert set(loaded.tables["road_nodes"]["country"]) == {"US", "MX"}


def test_osmnx_is_left_as_it_was(tmp_path: Path, overpass: Server, context: Context, pair: Path) -> None:
    names = [name for name in dir(osmnx.settings) if name.islower() and not name.startswith("_")]
    before = {name: getattr(osmnx.settings, name) for name in names}
    lookup = socket.getaddrinfo
    read_xml(pair, context)
    read_overpass(ask(tmp_path, overpass), context)
    overpass.answer = b"{}"
    with pytest.raises(SchemaError):
        read_overpass(ask(tmp_path, overpass), context)
    assert {name: getattr(osmnx.settings, name) for name in names} == before
    assert socket.getaddrinfo is lookup
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, b"not json"),
        (200, b'{"elements": []}'),
        (200, b"{}"),
        (200, b'{"elements": [{"type": "node"}]}'),
        (400, b"bad request"),
        (500, b"<html>error</html>"),
    ],
)
def test_an_answer_that_is_none_is_refused(
    tmp_path: Path, overpass: Server, context: Context, status: int, answer: bytes
) -> None:
    overpass.status, overpass.answer = status, answer
    with pytest.raises(SchemaError, match="from Overpass"):
        read_overpass(ask(tmp_path, overpass), context)


def test_a_server_that_is_not_there_is_named(tmp_path: Path, overpass: Server, context: Context) -> None:
    path = ask(tmp_path, overpass)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    text = path.read_text(encoding="utf-8").replace(str(overpass.server_port), str(port))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="Check the box and the endpoint"):
        read_overpass(path, context)


def test_an_answer_cut_short_is_refused(tmp_path: Path, overpass: Server, context: Context) -> None:
    answer = {**US.overpass(), "remark": "runtime error: Query timed out"}
    overpass.answer = json.dumps(answer).encode()
    with pytest.raises(SchemaError, match="incomplete"):
        read_overpass(ask(tmp_path, overpass), context)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bbox = []",
        "bbox = [[-112.0, 30.0, -110.0, 32.0]]",
        "bbox = [[1, 2, 3]]",
        "bbox = [[-110, 31, -111, 32]]",
        'bbox = [["a", 1, 2, 3]]',
        "bbox = [[-111.0, 31.2, -110.8, 31.5]]\nspeed = 3",
        "bbox = [[",
    ],
)
def test_a_wrong_request_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError):
        read_request(path)


def test_fetch_gives_osmnx_own_graph(tmp_path: Path, overpass: Server) -> None:
    request = read_request(ask(tmp_path, overpass))
    graph = query_overpass(request.boxes[0], request, file="x")
    assert graph.graph["crs"] == osmnx.settings.default_crs
    assert {data.get("highway") for _, _, data in graph.edges(data=True)} >= {"motorway", "primary"}
