"""Read roads from GraphML of osmnx or networkx, and from any vector file of lines with a column map.

The user's map names the columns of a vector file, from the name below to the file's own, e.g.
``{"ref": "RUTA", "kmh": "VELOCIDAD"}``; a column with that name needs no entry.

===========  ==========================================================================================
road_class   a class of the schema, or a `highway` value of OpenStreetMap; secondary where there is none
ref          road number
kmh          km/h, or a text such as "65 mph"; missing, or 0, means the speed of the class
toll         true, false, yes, no, sí, cuota, libre, 1, 0
oneway       the same, and -1 for against the line
tolerance_m  not a column but a number: ends of lines within so many meters meet; exact without it
===========  ==========================================================================================

Lines meet at their ends, or where one's end is a vertex of another; lines that merely cross do not. The country of
a road follows from its coordinates, never from a column. Connectors and ports of entry in a file are dropped, since
they are built anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError

from corridors.core.errors import Fault, SchemaError
from corridors.core.geo import GEOGRAPHIC
from corridors.sources.reading.plain import SUFFIXES, read_table
from corridors.sources.roads import osm_tags
from corridors.sources.roads.lines import (
    KMH,
    MINOR,
    ONEWAY,
    TOLL,
    USUAL_CLASS,
    Lines,
    cells,
    flag,
    load_lines,
    texts,
    unknown_classes,
)
from corridors.sources.schemas.formats import Format
from corridors.sources.schemas.roads import ROAD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from pathlib import Path

    import networkx as nx

    from corridors.sources.schemas.formats import Context, Loaded

OGR = (".shp", ".fgb")
VECTOR = tuple(suffix for suffix in SUFFIXES if suffix != ".csv") + OGR
WANTED = ("road_class", "ref", "kmh", "toll", "oneway")
TOLERANCE = "tolerance_m"


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
    lines, tags, oneway = _streets(graph, str(path))
    if not tags:
        raise SchemaError([Fault(str(path), "edges", "none", "Give a graph of roads.")])
    table = pd.DataFrame([_tagged(data) for data in tags])
    return load_lines("graphml", path, context, Lines(table.assign(oneway=oneway), lines, "roads"))


def read_road_table(path: Path, context: Context) -> Loaded:
    """Return the road tables of a GeoPackage, GeoParquet, GeoJSON, FlatGeobuf or Shapefile of lines.

    Raises
    ------
    SchemaError
        The file is absent or damaged, the map names absent columns, or a cell cannot be read.
    """
    given = _vector(path)
    columns, tolerance = _columns(path, given, context.columns)
    faults: list[Fault] = []
    table = pd.DataFrame(
        {
            "road_class": texts(given, columns.get("road_class"), USUAL_CLASS),
            "ref": texts(given, columns.get("ref"), "").map(osm_tags.shown_ref),
            **{
                name: cells(given, columns.get(name), kind, path=path, faults=faults)
                for name, kind in (("kmh", KMH), ("toll", TOLL), ("oneway", ONEWAY))
            },
        }
    )
    faults += unknown_classes(table["road_class"], path, columns.get("road_class"))
    if faults:
        raise SchemaError(faults)
    lines = given.geometry.to_crs(GEOGRAPHIC).to_numpy()
    notes = () if "kmh" in columns else ("no column of speeds: each road has the usual speed of its class",)
    return load_lines("road_table", path, context, Lines(table, lines, "features", notes, tolerance))


def _graph(path: Path) -> nx.Graph[Any]:
    """Return a GraphML file's graph, in degrees."""
    import networkx as nx
    import osmnx

    if not path.is_file():
        raise SchemaError([Fault(str(path), "a file", "no such file", "Check the path.")])
    try:
        graph: nx.Graph[Any] = nx.read_graphml(path, force_multigraph=True)
        if "crs" in graph.graph:
            graph = osmnx.load_graphml(path)
            if osmnx.projection.is_projected(graph.graph["crs"]):
                graph = osmnx.projection.project_graph(graph, to_latlong=True)
    except (SyntaxError, ValueError, KeyError, StopIteration, nx.NetworkXError) as error:
        found = f"{type(error).__name__}: {error}"
        raise SchemaError([Fault(str(path), "a GraphML file", found, "Write the file again.")]) from error
    return graph


def _streets(graph: nx.Graph[Any], file: str) -> tuple[Any, list[Mapping[str, Any]], list[int]]:
    """Return the lines of a graph's roads, their attributes, and 1 for each that is one-way."""
    places = _places(graph, file)
    seen: dict[Hashable, int] = {}
    lines: list[Any] = []
    tags: list[Mapping[str, Any]] = []
    oneway: list[int] = []
    for u, v, data in graph.edges(data=True):
        line = data.get("geometry") or shapely.LineString([places[u], places[v]])
        line = shapely.from_wkt(line) if isinstance(line, str) else line
        given = data.get("oneway")
        single = graph.is_directed() if given is None else _first(given) in (True, "True", "true", "yes", 1)
        back = seen.get((v, u, line.reverse().wkb)) if graph.is_directed() else None
        if back is not None and (given is None or not single):
            oneway[back] = 0
            continue
        seen[u, v, line.wkb] = len(lines)
        lines.append(line)
        tags.append(data)
        oneway.append(int(single))
    return np.array(lines, dtype=object), tags, oneway


def _places(graph: nx.Graph[Any], file: str) -> dict[Any, tuple[float, float]]:
    """Return degrees of each node."""
    try:
        return {
            node: (float(str(data.get("x", data.get("lon")))), float(str(data.get("y", data.get("lat")))))
            for node, data in graph.nodes(data=True)
        }
    except ValueError as error:
        found = "a node without, or with other text there"
        raise SchemaError(
            [Fault(file, "numbers x, y or lon, lat on every node", found, "Add the nodes' places.")]
        ) from error


def _tagged(data: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns of one edge of a graph; osmnx keeps several values of a merged edge in a list."""
    word = str(_first(data.get("highway")) or USUAL_CLASS)
    toll = flag(str(_first(data["toll"]))) if "toll" in data else None
    known = word in ROAD_CLASSES or word in osm_tags.ROADS or word in MINOR
    return {
        "road_class": word if known else "unclassified",
        "ref": osm_tags.shown_ref(";".join(_each(data.get("ref", data.get("name") if _own(word) else None)))),
        "kmh": osm_tags.speed(";".join(_each(data.get("maxspeed")))),
        "toll": osm_tags.UNKNOWN if toll is None else toll,
    }


def _own(word: str) -> bool:
    """Return whether a class is of the schema: such a graph was exported here, with the road number in `name`."""
    return word in ROAD_CLASSES


def _each(value: Any) -> Iterable[str]:
    """Return the one or several values of an edge's attribute as text."""
    if value is None:
        return []
    return [str(part) for part in (value if isinstance(value, list) else [value])]


def _first(value: Any) -> Any:
    """Return the only value, or the first of several."""
    return value[0] if isinstance(value, list) and value else value


def _vector(path: Path) -> gpd.GeoDataFrame:
    """Return the lines of a vector file, with a CRS."""
    if path.suffix.lower() in OGR and path.is_file():
        try:
            table = gpd.read_file(path)
        except DataSourceError as error:
            raise SchemaError([Fault(str(path), "a vector file", str(error), "Write it again.")]) from error
    else:
        table = read_table(path, "road_edges").table
    if not isinstance(table, gpd.GeoDataFrame) or table.empty:
        raise SchemaError([Fault(str(path), "lines", "no geometry or no row", "Give a file of roads.")])
    if table.crs is None:
        raise SchemaError([Fault(str(path), "a CRS", "none", "Save the file with its CRS.")])
    return table.reset_index(drop=True)


def _columns(path: Path, table: gpd.GeoDataFrame, given: Mapping[str, str]) -> tuple[dict[str, str], float]:
    """Return the column of the file for each wanted one, and the tolerance between ends (meters)."""
    faults = [
        Fault(str(path), f"one of {', '.join((*WANTED, TOLERANCE))}", repr(name), "Correct the column map.")
        for name in given
        if name not in (*WANTED, TOLERANCE)
    ]
    named = {name: column for name, column in given.items() if name in WANTED}
    faults += [
        Fault(str(path), f"a column {column!r}", f"columns {', '.join(table.columns)}", "Correct the map.")
        for column in named.values()
        if column not in table.columns
    ]
    text = given.get(TOLERANCE, "0")
    tolerance = float(text) if text.replace(".", "", 1).isdigit() else -1.0
    if not 0 <= tolerance <= 1000:
        faults.append(Fault(str(path), f"{TOLERANCE} from 0 to 1000", repr(text), "Give metres."))
    if faults:
        raise SchemaError(faults)
    return {name: name for name in WANTED if name in table.columns} | named, tolerance


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
    Format(
        id="road_table",
        title="Lines of roads in a vector file, with a column map",
        publisher="the user",
        tables=("road_nodes", "road_edges"),
        suffixes=VECTOR,
        signature=frozenset(),
        read=read_road_table,
    ),
)
