"""Roads and outlines against an independent reading of the same bytes, over variants of how they are written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import osmium
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pyproj import Geod
from shapely import LineString

from corridors.sources.agencies.inegi import read_outlines
from corridors.sources.registry import FORMATS
from tests.sources.agencies.test_inegi import _shapes
from tests.sources.dress import check_account
from tests.sources.osm_world import POINTS, Extract
from tests.sources.toy import HEADER, pbf
from tests.sources.variants import Variant, read, variants, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
GEOD = Geod(ellps="WGS84")
RING = [(1, 2, 3, 7), (7, 8, 9), (9, 10), (10, 13), (13, 12, 11), (11, 1)]
CLASSES = ("motorway", "primary", "secondary", "tertiary", "residential", "footway")
classes = st.lists(st.sampled_from(CLASSES), min_size=len(RING), max_size=len(RING)).filter(
    lambda drawn: not {"residential", "footway"}.issuperset(drawn)
)


def _km(points: Any) -> float:
    """Return the length of a line of (lon, lat) points."""
    lon, lat = zip(*points, strict=True)
    return float(GEOD.line_length(lon, lat)) / 1000


def _sums(loaded: Loaded) -> dict[str, float]:
    """Return the kilometers of roads by number."""
    check_account(loaded.report)
    edges = loaded.tables["road_edges"]
    roads = edges[~edges["road_class"].isin(["connector", "poe"])]
    return {str(ref): float(km) for ref, km in roads.groupby("ref")["km"].sum().items()}


def _same(loaded: Loaded, rival: Mapping[str, float]) -> None:
    assert _sums(loaded) == pytest.approx(rival, abs=2e-3)


def _main(highway: object) -> bool:
    return highway not in {"residential", "footway"}


def _lines(drawn: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"highway": drawn, "ref": [f"R{at}" for at in range(len(RING))], "oneway": "no", "name": "Año"},
        geometry=[LineString([POINTS[n] for n in ring]) for ring in RING],
        crs=4326,
    )


@given(
    drawn=classes,
    ending=st.sampled_from(["gpkg", "geojson", "shp", "fgb", "parquet", "zip"]),
    crs=st.sampled_from([4326, 3857, 6372, 32612]),
    order=st.permutations(["highway", "ref", "oneway", "name", "geometry"]),
    parts=st.integers(1, 2),
)
@few
def test_lines(
    tmp_path_factory: pytest.TempPathFactory,
    context: Context,
    drawn: list[str],
    ending: str,
    crs: int,
    order: list[str],
    parts: int,
) -> None:
    folder: Path = tmp_path_factory.mktemp("lines")
    table = _lines(drawn)[order].to_crs(crs)
    path = folder / f"roads.{ending}"
    halves = [table.iloc[:3], table.iloc[3:]] if parts == 2 else [table]
    if ending == "parquet":
        table.to_parquet(path)
        read_back = gpd.read_parquet(path)
    elif ending == "gpkg":
        for at, half in enumerate(halves):
            half.to_file(path, layer=f"roads {at}")
        layers = gpd.list_layers(path)["name"]
        read_back = pd.concat([gpd.read_file(path, layer=name) for name in layers])
    elif ending == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for at, half in enumerate(halves):
                half.to_file(folder / f"roads{at}.shp")
                for one in sorted(folder.glob(f"roads{at}.*")):
                    archive.write(one, f"datos/{one.name}")
        read_back = pd.concat([gpd.read_file(one) for one in sorted(folder.glob("*.shp"))])
    else:
        table.to_crs(4326 if ending == "geojson" else crs).to_file(path)
        read_back = gpd.read_file(path)
    rows = gpd.GeoDataFrame(read_back).to_crs(4326)
    rival = {row["ref"]: _km(row.geometry.coords) for _, row in rows[rows["highway"].map(_main)].iterrows()}
    _same(FORMATS["road_table"].read(path, context), rival)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(drawn=classes, negative=st.booleans(), packed=st.booleans())
@few
def test_openstreetmap(
    tmp_path_factory: pytest.TempPathFactory,
    context: Context,
    drawn: list[str],
    *,
    negative: bool,
    packed: bool,
) -> None:
    folder: Path = tmp_path_factory.mktemp("osm")
    sign = -1 if negative else 1
    ways = [
        (sign * (at + 1), tuple(sign * n for n in ring), {"highway": kind, "ref": f"R{at}", "oneway": "no"})
        for at, (ring, kind) in enumerate(zip(RING, drawn, strict=True))
    ]
    extract = Extract(ways, {sign * n: point for n, point in POINTS.items()})
    rival = {}
    if packed:
        path = pbf(extract, folder / "x.osm.pbf")
        found: dict[int, tuple[float, float]] = {}
        for one in osmium.FileProcessor(path):
            if isinstance(one, osmium.osm.Node):
                found[one.id] = (one.lon, one.lat)
            elif isinstance(one, osmium.osm.Way) and _main(one.tags.get("highway")):
                rival[one.tags["ref"]] = _km([found[node.ref] for node in one.nodes])
    else:
        path = extract.write(folder / "x.osm")
        root = ET.parse(path).getroot()  # noqa: S314
        place = {
            one.get("id"): (float(one.get("lon", "")), float(one.get("lat", ""))) for one in root.iter("node")
        }
        for element in root.iter("way"):
            tags = {tag.get("k"): tag.get("v") for tag in element.iter("tag")}
            if _main(tags["highway"]):
                rival[str(tags["ref"])] = _km([place[node.get("ref")] for node in element.iter("nd")])
    _same(FORMATS["osm_pbf" if packed else "osm_xml"].read(path, context), rival)


@given(drawn=classes, names=st.sampled_from([("x", "y"), ("lon", "lat")]), directed=st.booleans())
@few
def test_graphs(
    tmp_path_factory: pytest.TempPathFactory,
    context: Context,
    drawn: list[str],
    names: tuple[str, str],
    *,
    directed: bool,
) -> None:
    path = tmp_path_factory.mktemp("graph") / "x.graphml"
    graph: nx.Graph[str] = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from((str(n), dict(zip(names, point, strict=True))) for n, point in POINTS.items())
    for at, (ring, kind) in enumerate(zip(RING, drawn, strict=True)):
        for u, v in pairwise(ring):
            for one, other in ((u, v), (v, u))[: 1 + directed]:
                graph.add_edge(str(one), str(other), highway=kind, ref=f"R{at}")
    nx.write_graphml(graph, path)
    rival: dict[str, float] = {}
    again: Any = nx.read_graphml(path)
    single: Any = nx.Graph(again)
    for u, v, data in single.edges(data=True):
        if _main(data["highway"]):
            ends = [tuple(again.nodes[end][name] for name in names) for end in [u, v]]
            rival[data["ref"]] = rival.get(data["ref"], 0.0) + _km(ends)
    _same(FORMATS["graphml"].read(path, context), rival)


@given(how=variants(len(HEADER)), moved=st.integers(0, 3))
@few
def test_waypoints(
    tmp_path_factory: pytest.TempPathFactory, context: Context, how: Variant, moved: int
) -> None:
    routes = [
        ("usai", "I-19", (17, 1, 2, 3, 7)),
        ("usaaz", "AZ189", (7, 8, 9, 10)),
        ("usaaz", "AZ82", (7, 11, 12)),
    ]
    rows = [
        [
            "AZ",
            system,
            f"az.{number}",
            number,
            seq,
            f"X{seq}",
            f"{POINTS[n][1]:.6f}",
            f"{POINTS[n][0] + moved / 1e4:.6f}",
        ]
        for system, number, points in routes
        for seq, n in enumerate(points)
    ]
    cells = [[*row[:3], row[4], row[5], row[6], row[7], 4, "active", row[3], "", ""] for row in rows]
    plain = Variant(how.columns, extra=how.extra, newline=how.newline)
    path = write(tmp_path_factory.mktemp("tm"), "routes", HEADER, cells, plain)
    table = read(path, plain)
    rival = sum(
        _km(list(zip(one["lon"].astype(float), one["lat"].astype(float), strict=True)))
        for _, one in table.groupby("root")
    )
    assert sum(_sums(FORMATS["travel_mapping"].read(path, context)).values()) == pytest.approx(
        rival, abs=2e-3
    )


@given(
    ending=st.sampled_from(["gpkg", "shp", "zip"]),
    encoding=st.sampled_from(["ISO-8859-1", "UTF-8"]),
    order=st.permutations(["CVEGEO", "CVE_ENT", "CVE_MUN", "NOMGEO", "geometry"]),
    rows=st.permutations(range(3)),
)
@few
def test_outlines(
    tmp_path_factory: pytest.TempPathFactory,
    context: Context,
    ending: str,
    encoding: str,
    order: list[str],
    rows: list[int],
) -> None:
    folder: Path = tmp_path_factory.mktemp("outlines")
    table = _shapes().iloc[rows][order]
    source = folder / ("02mun.gpkg" if ending == "gpkg" else "02mun.shp")
    table.to_file(source, encoding="UTF-8" if ending == "gpkg" else encoding)
    path = source
    if ending == "zip":
        path = folder / "02.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for one in sorted(folder.glob("02mun.*")):
                archive.write(one, f"datos/{one.name}")
    rival = gpd.read_file(source).to_crs(4326).sort_values("CVEGEO")
    loaded = read_outlines(path, context)
    check_account(loaded.report)
    places = loaded.tables["municipalities"].set_index("cvegeo")
    assert places["name"].to_dict() == dict(zip(rival["CVEGEO"], rival["NOMGEO"], strict=True))
    outlines = loaded.tables["municipality_polygons"]
    assert outlines["cvegeo"].tolist() == rival["CVEGEO"].tolist()
    areas = [
        gpd.GeoSeries(one.geometry.to_numpy(), crs=4326).to_crs(6372).area / 1e6 for one in (outlines, rival)
    ]
    assert areas[0].tolist() == pytest.approx(areas[1].tolist(), rel=1e-2)
