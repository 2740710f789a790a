"""Build road tables from lines with attributes, for the loaders of GraphML and of vector files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from corridors.core.errors import Fault, SchemaError
from corridors.core.geo import to_plane
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graph import Ways, road_tables
from corridors.sources.schemas.formats import Loaded, Report
from corridors.sources.schemas.roads import ROAD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, FloatArray, IntArray
    from corridors.sources.schemas.formats import Context

USUAL_CLASS = "secondary"
MADE_ANEW = "a connector or port of entry, made anew"
NO_LINE = "not a line, or empty"
MINOR = frozenset(
    [
        *(
            "unclassified",
            "residential",
            "living_street",
            "service",
            "track",
            "road",
            "pedestrian",
            "footway",
        ),
        *(
            "cycleway",
            "path",
            "steps",
            "bridleway",
            "busway",
            "construction",
            "proposed",
            "corridor",
            "raceway",
        ),
        *("rest_area", "services", "escape"),
    ]
)
_LINES = (1, 5)
_TRUE = frozenset(("true", "yes", "1", "1.0", "si", "sí", "cuota", "t", "y"))
_FALSE = frozenset(("false", "no", "0", "0.0", "libre", "none", "f", "n", ""))
_BACK = frozenset(("-1", "-1.0", "reverse"))


@dataclass(frozen=True, slots=True)
class Lines:
    """Roads as lines.

    Parameters
    ----------
    table
        `road_class` (of the schema, or a `highway` value) `ref kmh toll oneway`, a row per road.
    shapes
        The road's line, EPSG:4326.
    unit
        Meaning of a row of the file.
    notes
        Notes for the reader.
    tolerance
        Maximum distance between ends that meet (meters).
    """

    table: pd.DataFrame
    shapes: NDArray[np.object_]
    unit: str
    notes: tuple[str, ...] = ()
    tolerance: float = 0.0


def load_lines(
    format_id: str,
    path: Path,
    context: Context,
    lines: Lines,
) -> Loaded:
    """Return the road tables and the report of some lines.

    Raises
    ------
    SchemaError
        No line is a main road of the two countries.
    """
    table, shapes = lines.table, lines.shapes
    is_line = np.isin(shapely.get_type_id(shapes), _LINES) & ~shapely.is_empty(shapes)
    minor, made = table["road_class"].isin(MINOR), table["road_class"].isin(("connector", "poe"))
    reason = np.select([~is_line, minor, made], [NO_LINE, osm_tags.LESSER, MADE_ANEW], "")
    kept = np.flatnonzero(reason == "")
    if not len(kept):
        raise SchemaError([Fault(str(path), "lines of main roads", "none", "Check the file and the map.")])
    parts, part_of = shapely.get_parts(shapely.force_2d(shapes[kept]), return_index=True)
    ways = _ways(parts, table.iloc[kept[part_of]].reset_index(drop=True), lines.tolerance)
    found = road_tables(ways, context.tables, path.name)
    dropped = Counter(reason[reason != ""].tolist()) + found.dropped(part_of)
    return Loaded(
        tables=found.tables,
        report=Report(
            format=format_id,
            file=path.name,
            rows=len(table),
            kept=len(table) - dropped.total(),
            dropped=dict(dropped),
            unit=lines.unit,
            notes=(*lines.notes, *found.notes),
        ),
    )


def _ways(parts: Any, table: pd.DataFrame, tolerance: float) -> Ways:
    """Return lines as ways that share points where their ends meet."""
    xy, line = shapely.get_coordinates(parts, return_index=True)
    start = np.searchsorted(line, np.arange(len(parts) + 1))
    end = np.zeros(len(xy), dtype=bool)
    end[start[:-1]] = end[start[1:] - 1] = True
    rounded = np.round(xy * 1e7).astype(np.int64)
    _, first, place = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    place = place.ravel()
    meets = np.zeros(len(first), dtype=bool)
    meets[place[end]] = True
    point = np.where(meets[place], first[place], np.arange(len(xy)))
    if tolerance > 0:
        point = _snapped(xy, point, end, tolerance)
    schema_class = table["road_class"].isin(ROAD_CLASSES)
    table = table.assign(
        highway=table["road_class"].mask(schema_class, ""),
        road_class=table["road_class"].where(schema_class, ""),
    )
    return Ways(xy[:, 0].copy(), xy[:, 1].copy(), start, point, table)


def _snapped(xy: FloatArray, point: IntArray, end: BoolArray, metres: float) -> IntArray:
    """Return the points, with ends within `metres` of each other merged."""
    ends = np.unique(point[end])
    to = np.arange(len(xy))
    to[ends] = ends[meeting(to_plane(xy[ends, 0], xy[ends, 1]), metres)]
    snapped: IntArray = to[point]
    return snapped


def meeting(points: FloatArray, metres: float) -> IntArray:
    """Return for each of (n, d) points the first of its cluster: points within `metres` of each other, or linked by such."""
    pairs = KDTree(points).query_pairs(metres, output_type="ndarray")
    size = len(points)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    _, first = np.unique(label, return_index=True)
    met: IntArray = first[label]
    return met


def texts(table: pd.DataFrame, column: str | None, missing: str) -> pd.Series[str]:
    """Return a column as text, `missing` where a cell or the column is absent."""
    if column is None:
        return pd.Series(missing, index=table.index, dtype="object")
    found = table[column].astype("object")
    return found.where(found.notna(), missing).astype("str").str.strip().replace("", missing)


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reading of a column's cells: the expectation for messages, the value of a text, and that of an empty cell."""

    expected: str
    value: Callable[[str], float | None]
    missing: float


def cells(
    table: pd.DataFrame, column: str | None, kind: CellReader, *, path: Path, faults: list[Fault]
) -> pd.Series[float]:
    """Return the value of each cell of a column; add a fault for each that cannot be read."""
    if column is None:
        return pd.Series(kind.missing, index=table.index)
    found = texts(table, column, "")
    known = {text: kind.value(text) if text else kind.missing for text in found.unique()}
    faults += [
        Fault(str(path), kind.expected, repr(text), "Correct the cell.", row + 1, column)
        for row, text in enumerate(found)
        if known[text] is None
    ]
    return found.map(known).astype("float64")


def _kmh(text: str) -> float | None:
    """Return km/h; NaN for 0, which files use for unknown."""
    if text in {"0", "0.0"}:
        return np.nan
    found = osm_tags.speed(text)
    return None if np.isnan(found) else found


def flag(text: str) -> int | None:
    """Return 1 or 0, None for a text that is neither yes nor no."""
    folded = text.lower()
    return 1 if folded in _TRUE else 0 if folded in _FALSE else None


def _direction(text: str) -> int | None:
    """Return 1, -1 or 0 as `osm_tags.direction` does."""
    return -1 if text.lower() in _BACK else flag(text)


KMH = CellReader('a speed of at least 5 km/h, such as 80 or "50 mph"', _kmh, np.nan)
TOLL = CellReader("yes or no, true or false, cuota or libre", flag, osm_tags.UNKNOWN)
ONEWAY = CellReader("yes or no, true or false, or -1", _direction, 0)


def unknown_classes(classes: pd.Series[str], path: Path, column: str | None) -> list[Fault]:
    """Return a fault for each class that is neither the schema's nor OpenStreetMap's."""
    known = {*ROAD_CLASSES, *osm_tags.ROADS, *MINOR}
    expected = f"one of {', '.join((*ROAD_CLASSES, *sorted(osm_tags.ROADS)))}"
    return [
        Fault(str(path), expected, repr(name), "Rename the class, or leave the column out.", column=column)
        for name in sorted(set(classes) - known)
    ]
