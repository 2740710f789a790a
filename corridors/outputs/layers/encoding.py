"""Tables and geometry made small: cells as plain JSON values, lines and areas as polylines of three decimals (110 m)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polyline
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridors.core.results import SHARE_DIGITS
from corridors.outputs.summary.uncertainty import MEAN
from corridors.outputs.text.translations import reads_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from corridors.core.types import IntArray
    from corridors.outputs.layers.palette import Classes
    from corridors.outputs.layers.payloads import ClassKey

    Shapes = NDArray[Any]

DECIMALS = 3
SCALE = 10**DECIMALS
# degrees; about 0.4 km, and 2 of all else. Coarse on purpose: nobody is to read a line as an operational route.
LINE_TOLERANCE = 0.004
CONTEXT_TOLERANCE = 0.02
AREA_TOLERANCE = 0.025
LAND_TOLERANCE = 0.02

PAGE_DIGITS = 7
"""Decimals of shares on pages: a sum of thousands still agrees with the tables to the last digit that a page shows."""
BOUND_DIGITS = 5
BAND_FIELDS = [
    ["label.share", "share", "share_mean"],
    ["label.band50", "band", "share_lo50", "share_hi50"],
    ["label.band90", "band", "share_lo90", "share_hi90"],
]


def encode(coordinates: NDArray[np.float64]) -> str:
    """Return (n, 2) longitude-latitude pairs, EPSG:4326, as an encoded polyline of latitude-longitude pairs."""
    return str(polyline.encode(np.asarray(coordinates)[:, 1::-1].tolist(), DECIMALS))


def encode_lines(shapes: Iterable[Any]) -> list[str]:
    """Return the single lines of which some length is left at the encoded precision, encoded."""
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    return [encode(shapely.get_coordinates(part)) for part in parts if not part.is_empty and part.length > 0]


def encode_area(shape: Any) -> list[str]:
    """Return every ring of a polygon or multipolygon; drawn by the even-odd rule, so holes stay holes."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return [encode(shapely.get_coordinates(ring)) for ring in rings]


def simplify_areas(shapes: Shapes, tolerance: float = AREA_TOLERANCE) -> Shapes:
    """Return polygons that share edges, simplified without opening gaps between them."""
    polygonal = np.isin(
        shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    clean = np.where(polygonal, shapes, shapely.buffer(shapes, 0))
    simple: Shapes = shapely.coverage_simplify(clean, tolerance)
    return simple


def inner_borders(shapes: Shapes, tolerance: float = LAND_TOLERANCE) -> list[str]:
    """Return the borders that two polygons of a coverage share, each once, without the outer outline."""
    simple = simplify_areas(shapes, tolerance)
    outline = shapely.boundary(shapely.union_all(simple))
    lines = shapely.union_all(shapely.boundary(simple))
    inner = shapely.difference(lines, shapely.buffer(outline, tolerance / 2))
    return encode_lines([shapely.line_merge(inner)] if not inner.is_empty else [])


def land(shapes: Shapes, window: tuple[float, float, float, float]) -> list[str]:
    """Return the rings of land inside the window (west, south, east, north), islets left out."""
    whole = shapely.make_valid(shapely.simplify(shapes, LAND_TOLERANCE))
    cut = shapely.get_parts(shapely.clip_by_rect(whole, *window))
    big = [part for part in cut if part.geom_type == "Polygon" and part.area > LAND_TOLERANCE**2 * 4]
    return [ring for part in big for ring in encode_area(part)]


def merge_context(lines: Shapes) -> list[str]:
    """Return lines joined end to end into as few as they can be drawn with, generalised."""
    merged = shapely.line_merge(shapely.union_all(shapely.get_parts(lines), grid_size=None))
    slim = shapely.simplify(shapely.get_parts(merged), CONTEXT_TOLERANCE)
    return encode_lines(trails(slim))


def trails(lines: Shapes) -> list[Any]:
    """Return the lines joined end to end into as few trails as possible, each line in one of them.

    A walk that begins where an odd number of lines meet ends at another such place (Euler), so open trails are as few as
    possible; the lines left then form loops.
    """
    points = [shapely.get_coordinates(line) for line in lines]
    ends = [(tuple(line[0]), tuple(line[-1])) for line in points]
    at: dict[tuple[float, ...], list[int]] = {}
    for n, pair in enumerate(ends):
        for place in pair:
            at.setdefault(place, []).append(n)
    walked: set[int] = set()
    found = []
    for start in sorted(at, key=lambda place: (len(at[place]) % 2 == 0, place)):
        here, pen = start, []
        while left := [n for n in at[here] if n not in walked]:
            n = left[0]
            walked.add(n)
            forward = ends[n][0] == here
            pen.append(points[n] if forward else points[n][::-1])
            here = ends[n][forward]
        if pen:
            found.append(shapely.remove_repeated_points(shapely.linestrings(np.concatenate(pen))))
    return found


def chains(lines: Shapes, groups: IntArray) -> IntArray:
    """Return the chain each line belongs to: lines of the same group that touch end to end are one chain.

    Parameters
    ----------
    lines
        LineStrings.
    groups
        Group number of each line.

    Returns
    -------
    chain
        (lines,) chain numbers from 0.
    """
    if not len(lines):
        return np.zeros(0, dtype=np.int64)
    ends = np.concatenate([_end(lines, 0, groups), _end(lines, -1, groups)])
    places = np.unique(ends, axis=0, return_inverse=True)[1].reshape(-1)
    tail, head = places[: len(lines)], places[len(lines) :]
    size = int(places.max()) + 1
    links = coo_array((np.ones(len(lines)), (tail, head)), shape=(size, size))
    component = connected_components(links, directed=False)[1]
    return np.unique(component[tail], return_inverse=True)[1].astype(np.int64)


def join(lines: Sequence[Any]) -> list[str]:
    """Return the lines of one chain merged and generalised."""
    merged = shapely.line_merge(shapely.multilinestrings(list(lines)))
    return encode_lines([shapely.simplify(merged, LINE_TOLERANCE)])


def number(value: Any, digits: int) -> float | None:
    """Return a finite number rounded, or None, for JSON has no NaN."""
    real = float(value)
    return round(real, digits) if math.isfinite(real) else None


def mean(value: Any) -> float | None:
    """Return a mean share in digits enough to add it up, and to write it as the tables' own."""
    return _read_the_same(value, PAGE_DIGITS)


def bound(value: Any) -> float | None:
    """Return a bound of a share in as few digits as write it the same: unlike means, bounds are not added up."""
    return _read_the_same(value, BOUND_DIGITS)


def _read_the_same(value: Any, digits: int) -> float | None:
    """Return a share rounded, or as the tables hold it where it would be written otherwise."""
    short = number(value, digits)
    return short if short is None or reads_alike(short, float(value)) else number(value, SHARE_DIGITS)


def share_columns(table: pd.DataFrame, columns: Iterable[str]) -> dict[str, list[float | None]]:
    """Return mean and bounds of a table by column name, means in full."""
    return {
        name: [mean(value) if name == MEAN else bound(value) for value in table[name]] for name in columns
    }


def text(value: Any) -> str:
    """Return a cell as text, "" where it is empty."""
    return "" if pd.isna(value) else str(value)


def classify(shares: Any, classes: Classes) -> list[int]:
    """Return the class of each share, -1 below the first break or where unknown."""
    values = np.asarray(shares, dtype=np.float64)
    found = np.searchsorted(np.asarray(classes.breaks), np.nan_to_num(values, nan=-1.0), side="right") - 1
    return [int(position) for position in found]


def numbers(column: pd.Series[Any], digits: int) -> list[float | None]:
    """Return a column as numbers, None where not finite."""
    return [number(value, digits) for value in column]


def texts(column: pd.Series[Any], names: Mapping[str, str] | None = None) -> list[str]:
    """Return a column as texts, coded values by their names."""
    known = names or {}
    return [known.get(text(value), text(value)) for value in column]


def class_key(classes: Classes) -> ClassKey:
    """Return what the page needs of classes."""
    return {"breaks": classes.breaks, "colours": classes.colours, "widths": classes.widths}


def _end(lines: Shapes, position: int, groups: IntArray) -> IntArray:
    """Return group, longitude and latitude of an end of each line, in millionths of a degree."""
    points = shapely.get_point(lines, position)
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    return np.column_stack([groups, np.rint(xy * 1e6).astype(np.int64)]).astype(np.int64)
