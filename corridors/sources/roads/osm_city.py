"""OpenStreetMap for a city pair: an XML file (`.osm`, `.osm.xml`) or an Overpass server, both by osmnx.

osmnx holds a graph of Python objects, so this is for cities; a state or a country is read by `osm.py`. osmnx refuses
a clipped file, so pyosmium first rewrites an XML file, cutting each way where the file lacks its nodes, and counts
what is dropped.

A query to Overpass is a small TOML file of place and server::

    endpoint = "http://localhost:12345/api"  # osmnx's own default when left out
    rate_limit = false                       # true (the default) waits for a free slot of the server
    bbox = [[-111.05, 31.25, -110.85, 31.45]]  # west, south, east, north; boxes of at most 2,500 km²

A response holds only the ways asked for, so its report counts no others.
"""

from __future__ import annotations

import socket
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np
import osmium
import osmium.filter
import osmium.io
import osmium.osm
import pandas as pd
import shapely
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pyproj import Geod

from corridors.core.errors import ConfigError, Fault, SchemaError
from corridors.core.toml import model_fault, read_toml
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graph import CLIPPED, NO_NODES, Ways, road_tables
from corridors.sources.roads.interpret import count_ignored, interpret, notes
from corridors.sources.roads.node_limits import check_nodes, check_way
from corridors.sources.roads.osm import TWICE, UNIT, folder_notes
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import networkx as nx

    from corridors.sources.schemas.formats import Context

Graph: TypeAlias = "nx.MultiDiGraph[Any]"
Box = tuple[float, float, float, float]
EXTRA_RUN = 10**15
"""Offset of the ids of further runs of a way that a clipped file holds in pieces."""
TIMEOUT_S = 180.0
MAX_KM2 = 2500.0
"""Maximum area of a box, so that one query is enough."""
XML = (".osm", ".osm.xml")
TURNED = frozenset(("-1", "reverse", "T"))
"""Values of `oneway` for which osmnx turns a way around."""
_EMPTY = "a file of OpenStreetMap with main roads"


def _usable_box(box: Box) -> Box:
    """Return a box that is west, south, east, north in degrees and not too large; raise ValueError for any other."""
    west, south, east, north = box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("a box of west < east and south < north in degrees")
    if abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(*box))[0]) / 1e6 > MAX_KM2:
        raise ValueError(f"a box of at most {MAX_KM2:g} km²")
    return box


class Request(BaseModel):
    """Request to an Overpass server.

    Parameters
    ----------
    boxes
        West, south, east, north in degrees; at least one. The key in the file is `bbox`.
    endpoint
        Address up to and without "/interpreter"; "" for osmnx's own.
    rate_limit
        Whether to ask the server when it has a free slot, and to wait for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    boxes: tuple[Annotated[Box, AfterValidator(_usable_box)], ...] = Field(alias="bbox", min_length=1)
    endpoint: str = ""
    rate_limit: bool = True


@dataclass(slots=True)
class WayCounts:
    """Counts of ways before osmnx builds its graph; `rows` is None where only the graph tells."""

    rows: int | None = None
    dropped: Counter[str] = field(default_factory=Counter)
    clipped: int = 0

    def add(self, reason: str, *, clipped: bool) -> None:
        """Count a way that is read ("") or not, and whether the file lacks some of its nodes."""
        self.rows = (self.rows or 0) + 1
        if reason:
            self.dropped[reason] += 1
        else:
            self.clipped += clipped

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on what was cut."""
        return (f"{self.clipped} {CLIPPED}",) if self.clipped else ()


def read_xml(path: Path, context: Context) -> Loaded:
    """Return the road tables of an OpenStreetMap XML file, or of all such files in a folder, one per side of the border.

    Raises
    ------
    SchemaError
        A file is absent, damaged or without roads of the two countries.
    """
    files = sorted(p for s in XML for p in path.glob(f"*{s}")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise SchemaError([Fault(str(path), f"a file {' or '.join(XML)}", "no such file", "Check the path.")])
    import osmnx

    with tempfile.TemporaryDirectory() as folder, osmnx_settings(Path(folder)):
        whole = Path(folder) / "whole.osm"
        count = _write_complete(files, whole)
        if count.dropped.total() == count.rows:
            raise SchemaError([Fault(str(path), _EMPTY, f"{count.rows} roads, none read", "Check the file.")])
        graph = osmnx.graph_from_xml(whole, simplify=False, retain_all=True)
    loaded = _loaded("osm_xml", path, graph, context, count)
    if not path.is_dir():
        return loaded
    report = replace(loaded.report, notes=(*folder_notes(path, files), *loaded.report.notes))
    return replace(loaded, report=report)


def read_overpass(path: Path, context: Context) -> Loaded:
    """Return the road tables of the response of an Overpass server to the request in a TOML file.

    Raises
    ------
    SchemaError
        The request is not as it should be, the server cannot be reached or answers without roads.
    """
    import networkx as nx

    request = read_request(path)
    graphs = [query_overpass(box, request, file=str(path)) for box in request.boxes]
    graph = nx.compose_all(graphs)
    return _loaded("overpass", path, graph, context, WayCounts())


def read_request(path: Path) -> Request:
    """Return the request of a TOML file.

    Raises
    ------
    SchemaError
        With every fault of the file.
    """
    remedy = "See the example in the documentation of the format."
    try:
        return Request.model_validate(read_toml(path, remedy=remedy))
    except ConfigError as error:
        raise SchemaError(error.faults) from error
    except ValidationError as error:
        known = ("bbox", "endpoint", "rate_limit")
        raise SchemaError(
            [
                model_fault(str(path), detail, ".".join(map(str, detail["loc"])), known=known, remedy=remedy)
                for detail in error.errors()
            ]
        ) from error


def query_overpass(box: Box, request: Request, *, file: str) -> Graph:
    """Return the main roads that the server holds in a box, as osmnx gives them, unsimplified.

    Raises
    ------
    SchemaError
        The server cannot be reached, or answers with an error or without roads.
    """
    import osmnx
    from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

    kinds = "|".join(sorted(osm_tags.ROADS))
    with tempfile.TemporaryDirectory() as folder, osmnx_settings(Path(folder), request):
        try:
            graph = osmnx.graph_from_bbox(
                box,
                simplify=False,
                retain_all=True,
                truncate_by_edge=True,
                custom_filter=f'["highway"~"^({kinds})$"]',
            )
        except (InsufficientResponseError, ResponseStatusCodeError, OSError, ValueError, KeyError) as error:
            raise _no_answer(file, box, f"{type(error).__name__}: {error}") from error
        # osmnx keeps no answer that bears a remark, as one does that a time limit cut short.
        if not any((Path(folder) / "answers").glob("*.json")):
            raise _no_answer(file, box, "an answer that the server marks as incomplete")
    return graph


def _no_answer(file: str, box: Box, found: str) -> SchemaError:
    """Return the error of a server that gave no complete response."""
    remedy = "Check the box and the endpoint, or try again later."
    return SchemaError([Fault(file, f"roads in the box {box} from Overpass", found, remedy)])


@contextmanager
def osmnx_settings(folder: Path, request: Request | None = None) -> Iterator[None]:
    """Set the global settings of osmnx, and restore them afterwards.

    Every edge comes once, in the way's direction, with its tags as they are (`all_oneway`); the cache is in `folder`,
    which the caller removes. `socket.getaddrinfo`, which osmnx replaces, is restored too.
    """
    import osmnx

    wanted: dict[str, Any] = {
        "all_oneway": True,
        "useful_tags_way": list(osm_tags.TAGS),
        "use_cache": True,
        "cache_folder": folder / "answers",
        "max_query_area_size": 2e6 * MAX_KM2,
        "doh_url_template": None,
        "requests_timeout": TIMEOUT_S,
        "log_file": False,
        "log_console": False,
    }
    if request is not None:
        wanted |= {"overpass_rate_limit": request.rate_limit}
        wanted |= {"overpass_url": request.endpoint} if request.endpoint else {}
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    lookup = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        socket.getaddrinfo = lookup
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def ways_of(graph: Graph) -> Ways:
    """Return the ways of an osmnx graph made with `osmnx_settings`: each edge is a way of two points."""
    nodes = {node: i for i, node in enumerate(graph.nodes)}
    lon = np.array([data["x"] for _, data in graph.nodes(data=True)], dtype=np.float64)
    lat = np.array([data["y"] for _, data in graph.nodes(data=True)], dtype=np.float64)
    ends = np.array([(nodes[u], nodes[v]) for u, v in graph.edges()], dtype=np.int64)
    table = pd.DataFrame([_attributes(data) for _, _, data in graph.edges(data=True)])
    return Ways(lon, lat, np.arange(0, 2 * len(ends) + 1, 2), ends.ravel(), table)


def _attributes(tags: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns of `Ways.table` of one edge."""
    columns = interpret(tags).columns()
    turned = tags.get("oneway") in TURNED
    return columns | {"oneway": abs(int(str(columns["oneway"])))} if turned else columns


def _write_complete(files: Sequence[Path], whole: Path) -> WayCounts:
    """Write the roads of the files as one, without references to nodes they lack; return what was counted."""
    count = WayCounts(rows=0)
    known: set[int] = set()
    seen: set[int] = set()
    with osmium.SimpleWriter(whole) as writer:
        for step in (_write_nodes, _write_ways):
            for path in files:
                try:
                    step(path, writer, known=known, seen=seen, count=count)
                except RuntimeError as error:
                    remedy = "Download or export the file again."
                    fault = Fault(str(path), "an OpenStreetMap XML file", str(error), remedy)
                    raise SchemaError([fault]) from error
    return count


def _write_nodes(
    path: Path, writer: osmium.SimpleWriter, *, known: set[int], seen: set[int], count: WayCounts
) -> None:
    """Write the nodes of a file that have a place and are not yet written."""
    del seen, count
    for node in osmium.FileProcessor(osmium.io.File(str(path), "osm"), osmium.osm.NODE):
        if isinstance(node, osmium.osm.Node) and node.location.valid() and node.id not in known:
            known.add(node.id)
            check_nodes(str(path), len(known))
            writer.add_node(node)


def _write_ways(
    path: Path, writer: osmium.SimpleWriter, *, known: set[int], seen: set[int], count: WayCounts
) -> None:
    """Write the ways of a file that are read, each in the runs whose nodes are known."""
    source = osmium.FileProcessor(osmium.io.File(str(path), "osm"), osmium.osm.WAY)
    for way in source.with_filter(osmium.filter.KeyFilter("highway")):
        if not isinstance(way, osmium.osm.Way):
            continue
        refs = [node.ref for node in way.nodes]
        check_way(str(path), way.id, len(refs))
        runs = _runs(refs, known)
        reason = TWICE if way.id in seen else interpret({tag.k: tag.v for tag in way.tags}).refused
        reason = reason or ("" if runs else NO_NODES)
        seen.add(way.id)
        count.add(reason, clipped=not known.issuperset(refs))
        for number, run in enumerate(runs if not reason else []):
            writer.add_way(way.replace(id=way.id + number * EXTRA_RUN, nodes=run))


def _runs(refs: list[int], known: set[int]) -> list[list[int]]:
    """Return the stretches of at least two known nodes in a row."""
    stretches = (list(group) for is_known, group in groupby(refs, known.__contains__) if is_known)
    return [stretch for stretch in stretches if len(stretch) > 1]


def _loaded(format_id: str, path: Path, graph: Graph, context: Context, count: WayCounts) -> Loaded:
    """Return the tables and the report, in which the edges of a way count once."""
    refused = {
        (u, v, key): reason
        for u, v, key, data in graph.edges(keys=True, data=True)
        if (reason := interpret(data).refused)
    }
    ways = {graph.edges[edge]["osmid"] % EXTRA_RUN: reason for edge, reason in refused.items()}
    graph.remove_edges_from(list(refused))
    if not graph.number_of_edges():
        raise SchemaError([Fault(str(path), _EMPTY, "none that is read", "Check the area and the file.")])
    roads = {data["osmid"] % EXTRA_RUN: interpret(data) for _, _, data in graph.edges(data=True)}
    osmids = [data["osmid"] for _, _, data in graph.edges(data=True)]
    group = np.array(osmids, dtype=np.int64) % EXTRA_RUN
    rows = len({*group.tolist(), *ways}) if count.rows is None else count.rows
    found = road_tables(ways_of(graph), context.tables, path.name)
    dropped = count.dropped + Counter(ways.values()) + found.dropped(group)
    return Loaded(
        tables=found.tables,
        report=Report(
            format=format_id,
            file=path.name,
            rows=rows,
            kept=rows - dropped.total(),
            dropped=dict(dropped),
            unit=UNIT,
            notes=(*notes(count_ignored(roads.values())), *count.notes, *found.notes),
        ),
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id="osm_xml",
        title="OpenStreetMap extract of a city pair, XML",
        publisher="OpenStreetMap contributors",
        tables=("road_nodes", "road_edges"),
        suffixes=XML,
        signature=frozenset(),
        read=read_xml,
    ),
    Format(
        id="overpass",
        title="OpenStreetMap main roads of a city pair, asked of an Overpass server",
        publisher="OpenStreetMap contributors",
        tables=("road_nodes", "road_edges"),
        suffixes=(".toml",),
        signature=frozenset(),
        read=read_overpass,
    ),
)
