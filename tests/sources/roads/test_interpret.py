"""One interpretation of tags: by rule, the same whatever the order, and the same in every format."""

from __future__ import annotations

import math
from itertools import permutations
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from shapely import LineString

from corridors.core.errors import SchemaError
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graphml import read_graphml
from corridors.sources.roads.interpret import interpret, listed, values
from corridors.sources.roads.osm import read_pbf
from corridors.sources.roads.osm_city import read_xml
from corridors.sources.roads.vector import read_road_table
from tests.sources.osm_world import Extract
from tests.sources.toy import pbf

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

POINTS = {
    1: (-110.95, 31.45),
    2: (-110.93, 31.45),
    3: (-110.93, 31.43),
    4: (-110.95, 31.43),
    5: (-110.94, 31.46),
}
RING = [(n, (n, n % 4 + 1)) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((word, 1) for word in ("yes", "Yes", "true", "True", "1", "1.0", 1, True, "F", "FT", "un sentido")),
        *((word, -1) for word in ("-1", -1, "-1.0", "reverse", "T", "TF")),
        *(
            (word, 0)
            for word in ("no", "False", "0", 0, False, "B", "reversible", "alternating", "dos sentidos")
        ),
        *((word, None) for word in ("", None, math.nan, "maybe", "t", "f", "2")),
        *((word, 1) for word in ([True, False], "[True, False]", "['no', 'yes']", "yes;no")),
        (["no", "-1"], -1),
        (["yes", "-1"], None),
    ],
)
def test_a_direction(value: Any, expected: int | None) -> None:
    assert interpret({"highway": "primary", "oneway": value}).oneway == expected


@pytest.mark.parametrize("junction", ["roundabout", "circular", "Roundabout", ["roundabout"]])
def test_a_roundabout_is_one_way_unless_tagged(junction: Any) -> None:
    tags = {"highway": "primary", "junction": junction}
    assert interpret(tags).oneway == 1
    assert interpret(tags | {"oneway": "no"}).oneway == 0
    assert interpret(tags | {"oneway": "maybe"}).oneway == 1


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        *(
            ({key: value}, True)
            for key in ("access", "vehicle", "motor_vehicle", "motorcar")
            for value in ("no", "private", "Private", ["yes", "private"], "['private', 'yes']")
        ),
        *(({"access": value}, False) for value in ("yes", "destination", "permissive", "", None, math.nan)),
        ({"access": "private", "motorcar": "yes"}, False),
        ({"access": "yes", "vehicle": "no", "motor_vehicle": "destination"}, False),
        ({"motor_vehicle": "agricultural;forestry"}, True),
    ],
)
def test_a_road_is_closed_if_a_part_of_it_is(tags: dict[str, Any], *, closed: bool) -> None:
    assert interpret({"highway": "primary"} | tags).refused == (osm_tags.CLOSED if closed else "")


@pytest.mark.parametrize(
    ("value", "kmh", "ignored"),
    [
        ("50 mph", 80.4672, 0),
        ("50mph", 80.4672, 0),
        ("80", 80, 0),
        (80.0, 80, 0),
        ("80 km/h", 80, 0),
        (["80", "50 mph", "60"], 60, 0),
        ("80;signals", 80, 1),
        *((word, math.nan, 1) for word in ("MX:urban", "none", "signals", "fast", "-5", "3", "RU:60")),
        *((word, math.nan, 0) for word in ("", None, math.nan, "0", 0)),
    ],
)
def test_a_speed(value: Any, kmh: float, ignored: int) -> None:
    road = interpret({"highway": "primary", "maxspeed": value})
    assert road.kmh == pytest.approx(kmh, nan_ok=True)
    assert len(road.ignored) == ignored


@pytest.mark.parametrize(
    ("value", "toll"),
    [("yes", 1), ("cuota", 1), (True, 1), ("no", 0), ("libre", 0), ("", -1), ("hgv", -1), (["no", "yes"], 1)],
)
def test_a_toll(value: Any, toll: int) -> None:
    assert interpret({"highway": "primary", "toll": value}).toll == toll


CLASSES = [
    "residential",
    "tertiary",
    "tertiary_link",
    "secondary",
    "primary_link",
    "primary",
    "trunk",
    "service",
    "xyz",
]
LISTS = {
    "highway": st.lists(st.sampled_from(CLASSES), min_size=1, max_size=4, unique=True),
    "oneway": st.lists(st.sampled_from(["yes", "no", "-1", "reversible"]), max_size=3, unique=True),
    "maxspeed": st.lists(st.sampled_from(["50 mph", "80", "none", "45"]), max_size=3, unique=True),
    "access": st.lists(st.sampled_from(["yes", "private", "destination"]), max_size=2, unique=True),
    "toll": st.lists(st.sampled_from(["yes", "no"]), max_size=2, unique=True),
    "ref": st.lists(st.sampled_from(["US 90", "I 10", "MEX 2"]), max_size=3, unique=True),
}


@given(st.fixed_dictionaries(LISTS))
def test_the_order_of_a_list_does_not_matter(tags: dict[str, list[str]]) -> None:
    def key(road: Any) -> Any:
        return [str(getattr(road, name)) for name in ("refused", "highway", "ref", "toll", "oneway", "kmh")]

    expected = key(interpret(tags))
    for name, several in tags.items():
        for order in permutations(several):
            assert key(interpret(tags | {name: list(order)})) == expected
            assert key(interpret(tags | {name: str(list(order))})) == expected


@given(
    st.dictionaries(
        st.sampled_from([*LISTS, "junction", "area"]),
        st.one_of(st.text(), st.floats(), st.booleans(), st.lists(st.text())),
    )
)
def test_no_value_is_too_odd(tags: dict[str, Any]) -> None:
    road = interpret({"highway": "primary"} | tags)
    assert road.oneway in {1, 0, -1, None}
    assert math.isnan(road.kmh) or 5 <= road.kmh <= 140
    for value in tags.values():
        values(value), listed(value)


TAGS = st.fixed_dictionaries(
    {
        "highway": st.sampled_from(
            ["motorway", "primary", "secondary", "tertiary", "residential", "primary;residential"]
        )
    },
    optional={
        "oneway": st.sampled_from(["yes", "no", "-1", "1", "reversible", "T", "F", "maybe"]),
        "junction": st.just("roundabout"),
        "maxspeed": st.sampled_from(["50 mph", "80", "MX:urban", "none", "signals", "60;80"]),
        "toll": st.sampled_from(["yes", "no"]),
        "access": st.sampled_from(["private", "no", "destination", "yes"]),
        "motor_vehicle": st.sampled_from(["private", "yes"]),
        "ref": st.sampled_from(["US 90", "AZ 189", "I 10;US 90"]),
    },
)


def edges_of(loaded: Loaded) -> pd.DataFrame:
    edges = loaded.tables["road_edges"].drop(columns="geometry")
    return edges[edges["poe_id"].isna() | (edges["poe_id"] == "")].reset_index(drop=True)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(drawn=st.lists(TAGS, min_size=4, max_size=4))
def test_every_format_gives_the_same_roads(
    tmp_path_factory: pytest.TempPathFactory, context: Context, drawn: list[dict[str, str]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("same")
    fixed = [
        (11, (1, 5, 2), {"highway": "primary", "ref": "X"}),
        (12, (3, 4), {"highway": "tertiary", "ref": "Y"}),
    ]
    ways = [(n, nodes, tags) for (n, nodes), tags in zip(RING, drawn, strict=True)] + fixed
    fixed += [(13, (2, 3), {"highway": "trunk"}), (14, (4, 1), {"highway": "trunk"})]
    ways += fixed[2:]
    extract = Extract(ways, POINTS)
    expected = read_pbf(pbf(extract, folder / "x.osm.pbf"), context)
    own = edges_of(expected)
    pd.testing.assert_frame_equal(edges_of(read_xml(extract.write(folder / "x.osm"), context)), own)
    shapes = [LineString([POINTS[n] for n in nodes]) for _, nodes, _ in ways]
    table = gpd.GeoDataFrame([tags for *_, tags in ways], geometry=shapes, crs=4326)
    if "oneway" in table and "maybe" in set(table["oneway"]):
        table["oneway"] = table["oneway"].replace("maybe", "")  # in a table such a cell is a fault
    if "oneway" not in table:
        table["oneway"] = ""
    table.to_parquet(folder / "x.parquet")
    pd.testing.assert_frame_equal(edges_of(read_road_table(folder / "x.parquet", context)), own)
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    graph.add_nodes_from((str(n), {"x": x, "y": y}) for n, (x, y) in POINTS.items())
    for _, nodes, tags in ways:
        line = LineString([POINTS[n] for n in nodes])
        ends, oneway = (str(nodes[0]), str(nodes[-1])), interpret(tags).oneway
        graph.add_edge(*ends, **tags, geometry=line.wkt)
        if not oneway:
            graph.add_edge(*ends[::-1], **tags, geometry=line.reverse().wkt)
    nx.write_graphml(graph, folder / "x.graphml")
    pd.testing.assert_frame_equal(edges_of(read_graphml(folder / "x.graphml", context)), own)


def merged(path: Path, classes: list[str]) -> Path:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for n, (x, y) in POINTS.items():
        graph.add_node(n, x=x, y=y)
    for n, (u, v) in RING:
        tags: dict[str, Any] = {
            "highway": classes if n % 2 else "primary",
            "osmid": n,
            "oneway": False,
            "length": 1.0,
        }
        graph.add_edge(u, v, **tags, reversed=False)
        graph.add_edge(v, u, **tags, reversed=True)
    osmnx.save_graphml(graph, path)
    return path


def test_a_merged_edge_has_its_most_important_class(tmp_path: Path, context: Context) -> None:
    found = [
        read_graphml(merged(tmp_path / f"{n}.graphml", list(order)), context)
        for n, order in enumerate(permutations(["residential", "tertiary", "service"]))
    ]
    assert found[0].report.kept == 4
    for other in found[1:]:
        pd.testing.assert_frame_equal(other.tables["road_edges"], found[0].tables["road_edges"])


@pytest.mark.parametrize(("oneway", "first"), [("1", 1), ("-1", 2), ("yes", 1), ("T", 2), ("F", 1)])
def test_one_way_edges_of_networkx(tmp_path: Path, context: Context, oneway: str, first: int) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((str(n), {"x": x, "y": y}) for n, (x, y) in POINTS.items())
    for n, (u, v) in RING:
        graph.add_edge(str(u), str(v), highway="primary", ref=f"R{n}", oneway=oneway)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    result = read_graphml(tmp_path / "g.graphml", context)
    edges = result.tables["road_edges"].set_index("ref")
    assert len(edges) == 4
    assert edges["oneway"].all()
    place = result.tables["road_nodes"].set_index("node_id")[["lon", "lat"]]
    assert tuple(place.loc[edges["u"]["R1"]]) == POINTS[first]


def test_one_way_roads_without_a_circle_are_read_as_they_are(tmp_path: Path, context: Context) -> None:
    """Geofabrik's F and T in four roads of which none leads back: every direction is kept, and the report says so."""
    a, b, c, d = (POINTS[n] for n in (1, 2, 3, 4))
    table = gpd.GeoDataFrame(
        {"ref": list("ABCD"), "highway": "primary", "oneway": list("FTFT")},
        geometry=[LineString(ends) for ends in ((a, b), (c, d), (a, d), (c, b))],
        crs=4326,
    )
    table.to_parquet(tmp_path / "ft.parquet")
    loaded = read_road_table(tmp_path / "ft.parquet", context)
    assert (loaded.report.kept, loaded.report.dropped) == (4, {})
    assert any("4 of 4 roads are one-way" in note for note in loaded.report.notes)
    edges = loaded.tables["road_edges"].set_index("ref")
    assert edges["oneway"].all()
    place = loaded.tables["road_nodes"].set_index("node_id")[["lon", "lat"]].apply(tuple, axis=1)
    ways = {ref: (place[edge["u"]], place[edge["v"]]) for ref, edge in edges.iterrows()}
    assert ways == {"A": (a, b), "B": (d, c), "C": (a, d), "D": (b, c)}


def test_one_way_graphs_of_osmnx_keep_their_ways_direction(tmp_path: Path, context: Context) -> None:
    tags = [{}, {"oneway": "-1"}, {"oneway": "yes"}, {"oneway": "no"}]
    ways = [
        (n, nodes, {"highway": "primary", "ref": f"R{n}", **one})
        for (n, nodes), one in zip(RING, tags, strict=True)
    ]
    ways += [(9, (1, 3), {"highway": "primary"}), (10, (2, 4), {"highway": "primary"})]
    path = Extract(ways, POINTS).write(tmp_path / "x.osm")
    own = edges_of(read_xml(path, context))
    for all_oneway in (False, True):
        before = osmnx.settings.all_oneway
        osmnx.settings.all_oneway = all_oneway
        try:
            graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
        finally:
            osmnx.settings.all_oneway = before
        osmnx.save_graphml(graph, tmp_path / "x.graphml")
        found = edges_of(read_graphml(tmp_path / "x.graphml", context))
        pd.testing.assert_frame_equal(found, own, check_exact=False, atol=1e-3)


def bad(change: dict[str, Any], edge: dict[str, Any]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((f"n{n}", {"x": x, "y": y}) for n, (x, y) in POINTS.items())
    for u, v in ((1, 2), (2, 3), (3, 4), (4, 1)):
        graph.add_edge(f"n{u}", f"n{v}", highway="primary", ref=f"R{u}", **edge)
    graph.nodes["n1"].update(change)
    return graph


@pytest.mark.parametrize(
    ("node", "edge", "words"),
    [
        ({"x": 500000.0, "y": 3400000.0}, {}, "node 'n1' at .500000, 3400000"),
        ({"x": 31.45, "y": -110.95}, {}, "axes are swapped"),
        ({"x": math.nan}, {}, "node 'n1' with x nan"),
        ({"y": math.inf}, {}, "node 'n1' with x -110.95, y inf"),
        ({"x": "west"}, {}, "node 'n1'|GraphML"),
        ({}, {"geometry": "LINESTRING (0 0, bad)"}, "edge 'n1' to 'n2' with 'LINESTRING"),
        ({}, {"geometry": "nonsense"}, "edge 'n1' to 'n2' with 'nonsense'"),
        ({}, {"geometry": "LINESTRING (500000 3400000, 500100 3400100)"}, "edge 'n1' to 'n2' at"),
        ({}, {"geometry": "LINESTRING EMPTY"}, "not a line, or empty"),
        ({}, {"geometry": "POINT (-110 31)"}, "not a line, or empty"),
        ({}, {"geometry": "LINESTRING (-110 31, -110 31)"}, "a line without length"),
    ],
)
def test_what_is_wrong_in_a_graph_is_named(
    tmp_path: Path, context: Context, node: dict[str, Any], edge: dict[str, Any], words: str
) -> None:
    graph = bad(node, edge)
    for one in graph.nodes if isinstance(node.get("x"), str) else ():
        graph.nodes[one]["x"] = str(graph.nodes[one]["x"])
    nx.write_graphml(graph, tmp_path / "g.graphml")
    with pytest.raises(SchemaError, match=words):
        read_graphml(tmp_path / "g.graphml", context)


@pytest.mark.parametrize("crs", ["epsg:99999", "nonsense", "{'init': 3}", ""])
def test_a_graph_with_an_unknown_crs_is_refused(tmp_path: Path, context: Context, crs: str) -> None:
    graph = bad({}, {})
    graph.graph["crs"] = crs
    nx.write_graphml(graph, tmp_path / "g.graphml")
    with pytest.raises(SchemaError, match="CRS"):
        read_graphml(tmp_path / "g.graphml", context)


def test_a_crs_as_old_osmnx_wrote_it_is_read(tmp_path: Path, context: Context) -> None:
    graph = bad({}, {})
    graph.graph["crs"] = "{'init': 'epsg:4326'}"
    nx.write_graphml(graph, tmp_path / "g.graphml")
    assert read_graphml(tmp_path / "g.graphml", context).report.kept == 4


def test_lengths_are_those_of_osmnx(tmp_path: Path, context: Context) -> None:
    ways = [(n, nodes, {"highway": "primary", "ref": f"R{n}"}) for n, nodes in RING]
    path = Extract(ways, POINTS).write(tmp_path / "x.osm")
    graph = osmnx.graph_from_xml(path, simplify=False, retain_all=True)
    metres = sum(data["length"] for *_, data in graph.edges(data=True)) / 2
    assert np.isclose(edges_of(read_xml(path, context))["km"].sum(), metres / 1000, rtol=5e-3)
