"""Build road tables from lines with attributes, for the loaders of GraphML and of vector files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from corridors.core.errors import Fault, SchemaError
from corridors.core.geo import to_plane
from corridors.sources.roads.graph import Ways, road_tables
from corridors.sources.roads.interpret import Road, count_ignored, notes
from corridors.sources.roads.region import degrees_fault
from corridors.sources.schemas.formats import Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, FloatArray, IntArray
    from corridors.sources.schemas.formats import Context

USUAL_CLASS = "secondary"
MADE_ANEW = "a connector or port of entry, made anew"
NO_LINE = "not a line, or empty"
BROKEN = "coordinates that are no numbers (NaN or infinite)"
NO_LENGTH = "a line without length"
AGAIN = "the same road again, along the same line"
_LINES = (1, 2)
_SEVERAL = (4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Lines:
    """Roads as lines.

    Parameters
    ----------
    roads
        Meaning of each road.
    shapes
        The road's line, EPSG:4326.
    unit
        Meaning of a row of the file.
    place
        Words for a road by its position, for messages.
    notes
        Notes for the reader.
    tolerance
        Maximum distance between ends that meet (meters).
    columns
        Our name to the name the file has, of each column or attribute read.
    unused
        Columns or attributes of the file that are not read.
    """

    roads: Sequence[Road]
    shapes: NDArray[np.object_]
    unit: str
    place: Callable[[int], str]
    notes: tuple[str, ...] = ()
    tolerance: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()


def load_lines(format_id: str, path: Path, context: Context, lines: Lines) -> Loaded:
    """Return the road tables and the report of some lines.

    Raises
    ------
    SchemaError
        Coordinates are not degrees, or no line is a main road of the two countries.
    """
    count = len(lines.roads)
    parts, part_of = line_parts(lines.shapes)
    reason = np.array([_reason(road) for road in lines.roads], dtype=object)
    finite, long = _soundness(parts)
    _drop(reason, np.bincount(part_of, minlength=count) == 0, NO_LINE)
    _drop(reason, np.bincount(part_of[~finite], minlength=count) > 0, BROKEN)
    _drop(reason, np.bincount(part_of[long], minlength=count) == 0, NO_LENGTH)
    _check_degrees(str(path), parts[finite], part_of[finite], lines.place)
    table = pd.DataFrame([road.columns() for road in lines.roads])
    again = _again(table, lines.shapes, reason == "")
    _drop(reason, again, AGAIN)
    stay = long & (reason == "")[part_of]
    if not stay.any():
        raise SchemaError([_nothing(str(path), Counter(reason.tolist()))])
    parts, part_of = parts[stay], part_of[stay]
    ways = _ways(parts, table.iloc[part_of].reset_index(drop=True), lines.tolerance)
    found = road_tables(ways, context.tables, path.name)
    fate = found.dropped(part_of)
    dropped = Counter(reason[reason != ""].tolist()) + fate
    ignored = count_ignored(road for road, why in zip(lines.roads, reason, strict=True) if not why)
    return Loaded(
        tables=found.tables,
        report=Report(
            format=format_id,
            file=path.name,
            rows=count,
            kept=count - dropped.total(),
            dropped=dict(dropped),
            unit=lines.unit,
            notes=(*lines.notes, *notes(ignored), *found.notes),
            columns=lines.columns,
            unused=lines.unused,
        ),
    )


def line_parts(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], IntArray]:
    """Return the lines in shapes of any kind, and the position of the shape that each is of."""
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    while np.isin(shapely.get_type_id(parts), _SEVERAL).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        part_of = part_of[inner]
    is_line = np.isin(shapely.get_type_id(parts), _LINES) & ~shapely.is_empty(parts)
    return parts[is_line], part_of[is_line].astype(np.int64)


def _reason(road: Road) -> str:
    """Return why a road is not read, "" when it is."""
    return MADE_ANEW if road.highway in {"connector", "poe"} else road.refused


def _drop(reason: NDArray[np.object_], which: BoolArray, why: str) -> None:
    """Set the reason of rows that have none yet."""
    reason[which & (reason == "")] = why


def _soundness(parts: NDArray[np.object_]) -> tuple[BoolArray, BoolArray]:
    """Return which lines have numbers only, and which of these have a length."""
    xy, line = shapely.get_coordinates(parts, return_index=True)
    good = np.isfinite(xy).all(axis=1)
    finite = np.bincount(line[~good], minlength=len(parts)) == 0
    moves = (xy[:-1] != xy[1:]).any(axis=1) & (line[:-1] == line[1:])
    long = np.bincount(line[:-1][moves], minlength=len(parts)) > 0
    return finite, finite & long


def _check_degrees(
    file: str, parts: NDArray[np.object_], part_of: IntArray, place: Callable[[int], str]
) -> None:
    """Raise SchemaError where a line's coordinates are not degrees."""
    xy, line = shapely.get_coordinates(parts, return_index=True)
    fault = degrees_fault(file, xy[:, 0], xy[:, 1], lambda at: place(int(part_of[line[at]])))
    if fault is not None:
        raise SchemaError([fault])


def _again(table: pd.DataFrame, shapes: NDArray[np.object_], kept: BoolArray) -> BoolArray:
    """Return which roads repeat an earlier one: the same line and attributes, there or, if two-way, back."""
    row = np.flatnonzero(kept)
    own = table.iloc[row].reset_index(drop=True)
    flat = shapely.force_2d(shapes[row])
    there, back = shapely.to_wkb(flat), shapely.to_wkb(shapely.reverse(flat))
    way = own["oneway"].to_numpy()
    line = [
        min(one, other) if not turn else one if turn > 0 else other
        for one, other, turn in zip(there, back, way, strict=True)
    ]
    again = np.zeros(len(table), dtype=bool)
    again[row] = own.assign(oneway=way != 0, line=line).duplicated().to_numpy()
    return again


def _nothing(file: str, reasons: Counter[str]) -> Fault:
    """Return the fault of a file of which no line can be used."""
    found = "; ".join(f"{count} left out: {why}" for why, count in reasons.items()) or "none"
    return Fault(file, "lines of main roads", found, "Check the file and the column map.")


def _ways(parts: NDArray[np.object_], table: pd.DataFrame, tolerance: float) -> Ways:
    """Return lines as ways that share points where their ends meet."""
    xy, line = shapely.get_coordinates(parts, return_index=True)
    start = np.searchsorted(line, np.arange(len(parts) + 1))
    end = np.zeros(len(xy), dtype=bool)
    end[start[:-1]] = end[start[1:] - 1] = True
    whole = np.round(xy * 1e7).astype(np.int64)
    _, first, place = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    place = place.ravel()
    meets = np.zeros(len(first), dtype=bool)
    meets[place[end]] = True
    point = np.where(meets[place], first[place], np.arange(len(xy)))
    if tolerance > 0:
        point = _snapped(xy, point, end, tolerance)
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
