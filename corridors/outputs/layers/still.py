"""A still picture of the map as plain marks in pixels. No browser, no drawing library."""

from __future__ import annotations

from functools import lru_cache
from math import asinh, ceil, radians, sqrt, tan
from typing import TYPE_CHECKING, Any

import numpy as np
import polyline
import shapely

from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.marks import INK, Mark, Scene, rectangle, with_points, words
from corridors.outputs.text.citation import latest_retrieval, run_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corridors.core.results import Run
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.text.translations import Translations

NARROW = 520
LEAST_MAP = 0.35
"""Height of the map in a picture, of its width, at least."""
PORT_RADIUS = 26
PEN = 0.5
"""Lines are simplified to half a pixel; rings under a pixel across are left out."""
LETTER = 0.56
"""Mean width of a letter in sizes of a sans-serif face; a little more than most have."""
SOFT, WARN, WARN_INK = "#566066", "#fdf1cf", "#463300"


def draw(
    specs: Sequence[LayerSpec],
    box: list[list[float]],
    run: Run,
    t: Translations,
    *,
    width: int,
    height: int,
    finding: str = "",
    light: bool = False,
    bare: bool = False,
) -> Scene:
    """Return the picture of a run: title, finding, notice, map, legend and credit.

    Parameters
    ----------
    specs
        Layers of the map.
    box
        [[south, west], [north, east]] to show.
    run, words
        Facts and texts of the picture.
    width, height
        Pixels; taller where the words leave the map too little of it. Under 520 wide the legend stands below the map.
    finding
        Sentence under the title.
    light
        Leaves out zones, municipalities and the roads for context, which are most of the weight.
    bare
        The map alone, where the page around it shows the rest.
    """
    face = 11.0 if width < NARROW else 13.0
    top, marks_top = (0.0, []) if bare else _heading(t, finding, width, face)
    credit = [] if bare else _credit(run, t, width, face)
    key = [] if bare else _legend(specs, t, face, light=light)
    below = width < NARROW
    under = _credit_height(credit, face) + (len(key) * (face + 6) + 8 if below else 0)
    if not bare:  # the title of a part of the region may be of many lines
        height = max(height, ceil(top + LEAST_MAP * width + under))
    bottom = height - under
    marks_foot = _footing(credit, width, height, face)
    place = (12.0, bottom + 8) if below else (14.0, bottom - len(key) * (face + 6) - 14)
    window = (0, top, width, bottom)
    drawn = draw_map(
        specs, box, window, language=t.language, face=face, light=light, thin=0.65 if below else 1.0
    )
    marks = [rectangle((0, 0, width, height), "#ffffff"), *drawn]
    panel = (
        []
        if below or bare
        else [rectangle((4, place[1] - 10, 24 + _key_width(key, face), bottom - 4), "#ffffff", 0.86)]
    )
    marks += [*panel, *_draw_key(key, place, face), *marks_top, *marks_foot]
    return Scene(width, height, t("cite.work"), tuple(marks))


def draw_map(
    specs: Sequence[LayerSpec],
    box: list[list[float]],
    window: tuple[float, float, float, float],
    *,
    face: float,
    language: str = "",
    light: bool = False,
    thin: float = 1.0,
) -> list[Mark]:
    """Return the marks of the map alone in a window of a picture: sea, layers, names of cities.

    Parameters
    ----------
    specs, box, light
        As of `draw`.
    language
        Of the names, where they differ.
    window
        Left, top, right and bottom, in pixels.
    face
        Size of the words of the picture, in pixels; names are smaller by 2.
    thin
        Factor of the widths of lines and the radii of discs.
    """
    project = projection(box, window)
    drawn = [mark for spec in specs for mark in _marks(spec, project, light=light, thin=thin)]
    clipped = [_clip(mark, window) for mark in drawn]
    names = _place_names(specs, project, window, language, face)
    return [rectangle(window, palette.SEA), *(mark for mark in clipped if mark.points), *names]


def share_key(specs: Sequence[LayerSpec], t: Translations, face: float) -> tuple[float, float, list[Mark]]:
    """Return width, height and marks of a key of the classes of shares that are drawn, and of discs, in pixels."""
    rows = _legend(specs, t, face, light=True)
    return 12 + _key_width(rows, face), len(rows) * (face + 6) + 6, _draw_key(rows, (4, 6), face)


def wrap(text: str, width: float, size: float) -> list[str]:
    """Return the text in lines of about so many pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) * size * LETTER > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def projection(box: list[list[float]], window: tuple[float, float, float, float]) -> Any:
    """Return a function from (n, 2) places of `mercator` to pixels, fitted and centered."""
    (south, west), (north, east) = box
    left, top, right, bottom = window
    height = asinh(tan(radians(north))) - asinh(tan(radians(south)))
    scale = 0.97 * min((right - left) / radians(east - west), (bottom - top) / height)
    x0, y0 = radians((west + east) / 2), (asinh(tan(radians(north))) + asinh(tan(radians(south)))) / 2

    def project(places: FloatArray) -> FloatArray:
        x = (left + right) / 2 + (places[:, 1] - x0) * scale
        y = (top + bottom) / 2 - (places[:, 0] - y0) * scale
        return np.column_stack([x, y])

    return project


def mercator(points: Any) -> FloatArray:
    """Return (n, 2) places in Web Mercator, radians north and east, of latitude-longitude pairs."""
    values = np.radians(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    return np.column_stack([np.arcsinh(np.tan(values[:, 0])), values[:, 1]])


@lru_cache(maxsize=1 << 15)
def _line(code: str) -> FloatArray:
    """Return the places of an encoded line; kept, since a run draws each in several pictures."""
    places = mercator(polyline.decode(code, encoding.DECIMALS))
    places.setflags(write=False)
    return places


def _parts(codes: Sequence[str], project: Any) -> list[FloatArray]:
    """Return encoded lines in pixels."""
    lines = [_line(code) for code in codes]
    return (
        np.split(project(np.concatenate(lines)), np.cumsum([len(line) for line in lines])[:-1])
        if lines
        else []
    )


def _marks(spec: LayerSpec, project: Any, *, light: bool, thin: float) -> Iterable[Mark]:
    """Return the marks of one layer."""
    data = spec.payload
    kind, style = data["kind"], data.get("style", {})
    if not spec.show or (light and (kind == "areas" or spec.name == "roads")):
        return
    if kind in {"fill", "line"}:
        yield Mark(
            _parts(data["shapes"], project),
            style.get("fillColor", ""),
            style["color"],
            style["weight"] * thin,
        )
    elif kind in {"areas", "corridors"}:
        classes = data["classes"]
        dash = tuple(float(length) for length in str(data.get("dash", "")).split())
        for bin_, colour in enumerate(classes["colours"]):
            codes = [
                code
                for one, own in zip(data["bin"], data["shapes"], strict=True)
                if one == bin_
                for code in own
            ]
            parts = _parts(codes, project)
            if kind == "areas":
                yield Mark(parts, colour, data.get("outline", "#ffffff"), 0.4 * thin)
            else:
                yield Mark(parts, "", colour, classes["widths"][bin_] * thin, dash, data["opacity"])
    elif kind in {"crossings", "ports"}:
        for point, share in zip(data["shapes"], data["columns"]["share_mean"], strict=True):
            radius = max(2.4, PORT_RADIUS * sqrt(share or 0)) * thin
            yield Mark(
                [project(mercator(point))], style["fillColor"], style["color"], 1.2 * thin, radius=radius
            )


def _clip(mark: Mark, window: tuple[float, float, float, float]) -> Mark:
    """Return a mark cut to the window and simplified; without points if nothing is left."""
    left, top, right, bottom = window
    if mark.radius:
        (x, y), *_ = mark.points[0]
        return mark if left < x < right and top < y < bottom else with_points(mark, [])
    pieces: list[Any] = []
    if mark.fill:  # even-odd: holes stay holes, and the frame cuts what it must
        for part in mark.points:
            if len(part) >= 4 and np.ptp(part, axis=0).max() > 1:
                shape = shapely.clip_by_rect(shapely.make_valid(shapely.Polygon(part)), *window)
                pieces += list(shapely.get_rings(shapely.get_parts(shape)))
    else:
        parts = [part for part in mark.points if len(part) >= 2]
        if parts:
            of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
            lines = shapely.linestrings(np.concatenate(parts), indices=of)
            pieces = list(shapely.get_parts(shapely.clip_by_rect(lines, *window)))
    slim = shapely.simplify([piece for piece in pieces if not piece.is_empty], PEN)
    points, of = shapely.get_coordinates(slim, return_index=True)
    return with_points(
        mark, np.split(points.round(1), np.flatnonzero(np.diff(of)) + 1) if len(points) else []
    )


def _heading(t: Translations, finding: str, width: int, face: float) -> tuple[float, list[Mark]]:
    """Return where the map begins, and title, finding and notice; no picture goes without the first and the last."""
    y, marks = 8.0, []
    for line in wrap(t("page.title"), width - 24, face + 4):
        y += face + 6
        marks.append(words(12, y, line, face + 3, bold=True))
    for line in wrap(finding, width - 24, face + 1) if finding else []:
        y += face + 5
        marks.append(words(12, y, line, face + 0.5))
    notice = wrap(t("page.notice"), width - 30, face)
    y += 8
    strip = rectangle((0, y, width, y + len(notice) * (face + 4) + 8), WARN)
    lines = [words(12, y + 2 + (i + 1) * (face + 3.5), text, face, WARN_INK) for i, text in enumerate(notice)]
    return y + len(notice) * (face + 4) + 8, [*marks, strip, *lines]


def _credit(run: Run, t: Translations, width: int, face: float) -> list[str]:
    """Return the lines of credit, run and date of its newest source."""
    day = latest_retrieval(run)
    dated = [t("site.foot_date", date=t.day(day))] if day else []
    return [
        line
        for text in (t("note.roads_credit"), run_line(run, t), *dated)
        for line in wrap(text, width - 24, face - 2)
    ]


def _credit_height(lines: Sequence[str], face: float) -> float:
    """Return the height of so many lines of credit, in pixels."""
    return len(lines) * (face + 1.5) + 8 if lines else 0.0


def _footing(lines: Sequence[str], width: int, height: int, face: float) -> list[Mark]:
    """Return the lines of credit at the foot of a picture."""
    size, top = face - 2, height - _credit_height(lines, face)
    marks = [words(12, top + 2 + (i + 1) * (size + 3.2), line, size, SOFT) for i, line in enumerate(lines)]
    return [rectangle((0, top, width, height), "#ffffff"), *marks] if lines else []


def _legend(
    specs: Sequence[LayerSpec], t: Translations, face: float, *, light: bool
) -> list[tuple[Mark | None, str]]:
    """Return the rows of the legend, a sample and its words: classes of corridors in use, and the areas that are drawn."""
    classes = palette.CORRIDORS
    drawn = [spec for spec in specs if spec.show]
    used = {bin_ for spec in drawn if spec.payload["kind"] == "corridors" for bin_ in spec.payload["bin"]}
    rows: list[tuple[Mark | None, str]] = [(None, t("embed.share"))]
    blank = np.zeros((1, 2))
    for i in sorted(used):
        low, *above = (t.bound(share) for share in classes.breaks[i : i + 2])
        text = t("legend.range", low=low, high=above[0]) if above else t("legend.over", low=low)
        rows.append((Mark([blank], stroke=classes.colours[i], width=classes.widths[i]), text))
    if any(spec.payload.get("dash") and spec.payload.get("bin") for spec in drawn):
        dash = tuple(float(length) for length in palette.DASHES["C"].split())
        rows.append((Mark([blank], stroke="#444444", width=2.2, dash=dash), t("legend.dashed")))
    disc = Mark([blank], palette.PORT_FILL, palette.PORT_LINE, 1.2, radius=face * 0.42)
    rows.append((disc, t("embed.city_size")))
    areas = [] if light else [name for name in palette.AREA_KEY if any(spec.name == name for spec in drawn)]
    for name in areas:
        area = Mark([blank], palette.AREA_KEY[name], palette.OUTLINES[name], 1.0)
        rows.append((area, t(f"layer.{name}")))
    if areas:
        rows.append((None, t("embed.darker")))
    return rows


def _key_width(key: list[tuple[Mark | None, str]], face: float) -> float:
    return max(len(text) * face * 0.52 + (0 if sample is None else 38) for sample, text in key)


def _draw_key(key: list[tuple[Mark | None, str]], place: tuple[float, float], face: float) -> list[Mark]:
    """Return the legend's marks from its upper left corner down."""
    marks = []
    x, y = place
    for i, (sample, text) in enumerate(key):
        middle = y + i * (face + 6) + face / 2
        if sample is None:
            marks.append(words(x, middle + face * 0.36, text, face - 1, SOFT))
            continue
        box = rectangle((x, middle - face * 0.4, x + 30, middle + face * 0.4), "").points
        line = [(x + 15, middle)] if sample.radius else [(x, middle), (x + 30, middle)]
        is_area = sample.fill and not sample.radius
        marks += [
            with_points(sample, box if is_area else [np.array(line, dtype=np.float64)]),
            words(x + 38, middle + face * 0.36, text, face - 1),
        ]
    return marks


def _place_names(
    specs: Sequence[LayerSpec],
    project: Any,
    window: tuple[float, float, float, float],
    language: str,
    face: float,
) -> list[Mark]:
    """Return names of the most important cities, as many as fit without touching."""
    data: Mapping[str, Any] = next((spec.payload for spec in specs if spec.name == "places"), {"shapes": []})
    if not data["shapes"]:
        return []
    names = data["columns"].get("name_es" if language == "es" else "name") or data["columns"]["name"]
    size = face - 2
    discs = [
        tuple(point)
        for spec in specs
        if spec.show and spec.name in {"crossings", "ports"}
        for point in spec.payload["shapes"]
    ]
    taken: list[tuple[float, ...]] = []
    marks: list[Mark] = []
    most = max(8, int((window[2] - window[0]) * (window[3] - window[1]) / 16_000))
    for (x, y), name, place in zip(project(mercator(data["shapes"])), names, data["shapes"], strict=True):
        box = (x - 4, y - size, x + 8 + len(name) * size * LETTER, y + size * 0.6)
        inside = box[0] > window[0] and box[1] > window[1] and box[2] < window[2] and box[3] < window[3] - 4
        if len(taken) >= most or not inside or any(_touch(box, other) for other in taken):
            continue
        taken.append(box)
        dot = Mark([np.array([[x, y]])], INK, "#ffffff", 0.8, radius=2.2)
        if (
            tuple(place) in discs
        ):  # a named city keeps its colour, as its own disc may be smaller than the dot
            dot = Mark([np.array([[x, y]])], palette.PORT_FILL, palette.PORT_LINE, 1.0, radius=3.2)
        marks += [
            dot,
            Mark([np.array([[x + 5, y + size * 0.35]])], INK, width=2.5, text=str(name), size=size),
        ]
    return marks


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
