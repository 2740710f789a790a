"""Read roads from GraphML of osmnx or networkx.

The tags of an edge are read as `interpret.py` says, and direction from the graph too: an edge of a directed graph
without its reverse is one-way unless its tags say otherwise. osmnx has already turned a way that is open against its
own direction only; it marks its edges by the attribute `reversed`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.core.geo import GEOGRAPHIC
from corridors.sources.reading.size import check_size
from corridors.sources.roads.interpret import BOTH, FORWARD, interpret, values
from corridors.sources.roads.lines import USUAL_CLASS, Lines, load_lines
from corridors.sources.roads.node_limits import check_marked_nodes
from corridors.sources.roads.osm_tags import TAGS
from corridors.sources.roads.region import EXPECTED, degrees_fault
from corridors.sources.schemas.formats import Format
from corridors.sources.schemas.roads import ROAD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    import networkx as nx
    from numpy.typing import NDArray

    from corridors.core.types import FloatArray
    from corridors.sources.roads.interpret import Road
    from corridors.sources.schemas.formats import Context, Loaded

MAX_FAULTS = 100
"""Edges without a readable geometry that are named one by one."""


@dataclass(slots=True)
class _Streets:
    """Roads of a graph as they are gathered."""

    lines: list[Any] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def read_graphml(path: Path, context: Context) -> Loaded:
    """Return the road tables of a GraphML file of osmnx (simplified or not, any CRS) or of networkx.

    A networkx graph needs `x`, `y` or `lon`, `lat` in degrees on its nodes. Two edges there and back along the same
    line are one two-way road; an edge of a directed graph without its reverse is one-way.

    Raises
    ------
    SchemaError
        The file is absent, damaged, without coordinates of its nodes, or without roads of the two countries.
    """
    graph = _graph(path)
    file = str(path)
    if not graph.number_of_edges():
        raise SchemaError([Fault(file, "edges", "none", "Give a graph of roads.")])
    shapes = _shapes(graph, file, _crs(graph, file))
    found = _streets(graph, shapes)
    shown = np.array(found.lines, dtype=object)
    columns, unused = _attributes(graph)
    lines = Lines(found.roads, shown, "roads", found.names.__getitem__, columns=columns, unused=unused)
    return load_lines("graphml", path, context, lines)


def _attributes(graph: nx.Graph[Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the attributes of edges that are read, each under its own name, and the others."""
    named = sorted({str(name) for _, _, data in graph.edges(data=True) for name in data})
    wanted = {*TAGS, "geometry", "reversed"}
    if any(
        data.get("highway") in ROAD_CLASSES and "ref" not in data for _, _, data in graph.edges(data=True)
    ):
        wanted.add("name")
    return {name: name for name in named if name in wanted}, tuple(
        name for name in named if name not in wanted
    )


def _graph(path: Path) -> nx.Graph[Any]:
    """Return a GraphML file's graph."""
    import networkx as nx

    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    check_size(path)
    check_marked_nodes(path)
    try:
        graph: nx.Graph[Any] = nx.read_graphml(path, force_multigraph=True)
    except (SyntaxError, ValueError, KeyError, TypeError, StopIteration, nx.NetworkXException) as error:
        found = f"{type(error).__name__}: {error}"
        raise SchemaError([Fault(str(path), "a GraphML file", found, "Write the file again.")]) from error
    return graph


def _crs(graph: nx.Graph[Any], file: str) -> pyproj.CRS | None:
    """Return the CRS that osmnx writes, None where the graph names none."""
    given = graph.graph.get("crs")
    if given is None:
        return None
    try:
        text = str(given).strip()
        old = ast.literal_eval(text) if text.startswith("{") else {}  # as osmnx wrote it before version 0.13
        return pyproj.CRS.from_user_input(str(old.get("init", text)))
    except (CRSError, ValueError, SyntaxError, TypeError, AttributeError) as error:
        raise SchemaError([Fault(file, "a CRS", repr(given), "Correct the graph's crs.")]) from error


def _shapes(graph: nx.Graph[Any], file: str, crs: pyproj.CRS | None) -> NDArray[np.object_]:
    """Return the line of each edge, in degrees."""
    edges = list(graph.edges(data=True))
    nodes = list(dict.fromkeys(end for u, v, _ in edges for end in (u, v)))
    xy = _places(graph, nodes, file, own=crs is None)
    if crs is None or crs.is_geographic:
        fault = degrees_fault(file, xy[:, 0], xy[:, 1], lambda at: f"node {nodes[at]!r}")
        if fault is not None:
            raise SchemaError([fault])
    at = {node: number for number, node in enumerate(nodes)}
    ends = np.array([(at[u], at[v]) for u, v, _ in edges])
    lines = np.asarray(shapely.linestrings(xy[ends]), dtype=object)
    drawn = [data.get("geometry") for _, _, data in edges]
    with_line = np.flatnonzero([bool(one) for one in drawn])
    given = shapely.from_wkt([str(drawn[i]) for i in with_line], on_invalid="ignore")
    _check_lines(file, [edges[i] for i in with_line[shapely.is_missing(given)]])
    lines[with_line] = given
    if crs is None:
        return lines
    try:
        with np.errstate(invalid="ignore"):
            return np.asarray(gpd.GeoSeries(lines, crs=crs).to_crs(GEOGRAPHIC), dtype=object)
    except (CRSError, ProjError) as error:
        raise SchemaError([Fault(file, EXPECTED, str(error), "Correct the graph's crs.")]) from error


def _places(graph: nx.Graph[Any], nodes: list[Any], file: str, *, own: bool) -> FloatArray:
    """Return (nodes, 2) the coordinates of nodes; `own` where the graph has no CRS, so that degrees are wanted."""
    pairs = (("lon", "lat"), ("x", "y")) if own else (("x", "y"),)
    data = graph.nodes
    pair = next(
        (pair for pair in pairs if all(pair[0] in data[n] and pair[1] in data[n] for n in nodes)), None
    )
    if pair is None:
        pair = pairs[-1]
    xy = np.array([[_number(data[node].get(name)) for name in pair] for node in nodes], dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(wrong):
        first = nodes[wrong[0]]
        cells = ", ".join(f"{name} {data[first].get(name, 'absent')}" for name in pair)
        more = f", and {len(wrong) - 1} nodes more" if len(wrong) > 1 else ""
        expected = "numbers x, y or lon, lat on every node"
        raise SchemaError(
            [Fault(file, expected, f"node {first!r} with {cells}{more}", "Add the nodes' places.")]
        )
    return xy


def _number(value: Any) -> float:
    """Return a number, NaN for any other value."""
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _check_lines(file: str, wrong: list[tuple[Any, Any, Mapping[str, Any]]]) -> None:
    """Raise SchemaError for edges whose geometry is not well-known text."""
    faults = [
        Fault(
            file,
            "a geometry as well-known text",
            f"{_edge(u, v)} with {str(data['geometry'])[:60]!r}",
            _AGAIN,
        )
        for u, v, data in wrong[:MAX_FAULTS]
    ]
    if faults:
        raise SchemaError(faults)


_AGAIN = "Correct the edge's geometry, or leave it out for a straight line."


def _edge(u: Any, v: Any) -> str:
    """Return words for an edge."""
    return f"edge {u!r} to {v!r}"


def _streets(graph: nx.Graph[Any], shapes: NDArray[np.object_]) -> _Streets:
    """Return the roads of a graph; edges there and back along the same line are one."""
    seen: dict[Hashable, int] = {}
    found = _Streets()
    directed = graph.is_directed()
    for (u, v, data), line in zip(graph.edges(data=True), shapes, strict=True):
        road = interpret(_tags(data))
        given = _given(road, data)
        oneway = _direction(road, data, given=given, directed=directed)
        same = replace(road, oneway=None)
        back = seen.get((v, u, line.reverse().wkb, same)) if directed else None
        if back is not None and not (given and oneway):
            found.roads[back] = replace(found.roads[back], oneway=BOTH)
            continue
        seen[u, v, line.wkb, same] = len(found.lines)
        found.lines.append(line)
        found.roads.append(replace(road, oneway=oneway))
        found.names.append(_edge(u, v))
    return found


def _tags(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an edge's tags; a graph that was exported here has the road number in `name`."""
    highway = data.get("highway") or USUAL_CLASS
    named = {"ref": data.get("name")} if highway in ROAD_CLASSES and "ref" not in data else {}
    return {**data, **named, "highway": highway}


def _given(road: Road, data: Mapping[str, Any]) -> bool:
    """Return whether an edge's own tag says how it may be driven."""
    return bool(values(data.get("oneway"))) and all(key != "oneway" for key, _ in road.ignored)


def _direction(road: Road, data: Mapping[str, Any], *, given: bool, directed: bool) -> int:
    """Return 1 for an edge that is one-way along its line, -1 against it, 0 for both ways."""
    if "reversed" in data:
        return abs(road.oneway or BOTH)
    if given and road.oneway is not None:
        return road.oneway
    return FORWARD if directed else BOTH


FORMATS: tuple[Format, ...] = (
    Format(
        id="graphml",
        title="Road graph of osmnx or networkx, GraphML",
        publisher="the user",
        tables=("road_nodes", "road_edges"),
        suffixes=(".graphml",),
        signature=frozenset(),
        read=read_graphml,
    ),
)
