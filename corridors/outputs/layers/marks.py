"""Marks of a still picture in pixels, and the picture as SVG: what `still` draws with."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.types import FloatArray

INK = "#1d2326"
"""Color of words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: closed rings if `fill`, lines if not; a disc if `radius`; words if `text`.

    Parameters
    ----------
    points
        Parts of (n, 2) pixels.
    fill, stroke, width, dash
        Colours, line width in pixels, lengths of dash and gap.
    radius, text, size, bold
        Of a disc; of words, with the size of their face in pixels; words with a width have a white halo.
    """

    points: Sequence[FloatArray]
    fill: str = ""
    stroke: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    radius: float = 0.0
    text: str = ""
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its size in pixels, what it is called, and its marks, the lowest first."""

    width: int
    height: int
    title: str
    marks: tuple[Mark, ...]


def rectangle(window: tuple[float, float, float, float], fill: str, opacity: float = 1.0) -> Mark:
    """Return a filled rectangle: left, top, right and bottom."""
    left, top, right, bottom = window
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return Mark([np.array(corners, dtype=np.float64)], fill, opacity=opacity)


def words(x: float, y: float, text: str, size: float, colour: str = INK, *, bold: bool = False) -> Mark:
    """Return words that begin at a point of their base line."""
    return Mark([np.array([[x, y]])], fill=colour, text=text, size=size, bold=bold)


def with_points(mark: Mark, points: Sequence[FloatArray]) -> Mark:
    """Return the same mark elsewhere."""
    return Mark(points, mark.fill, mark.stroke, mark.width, mark.dash, mark.opacity, mark.radius)


def to_svg(scene: Scene) -> str:
    """Return the scene as one SVG element with its own title; texts are escaped."""
    body = "".join(_svg_mark(mark) for mark in scene.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {scene.width} {scene.height}" '
        f'width="{scene.width}" height="{scene.height}" role="img" font-family="Arial, Helvetica, sans-serif">'
        f"<title>{escape(scene.title)}</title>{body}</svg>"
    )


def _svg_mark(mark: Mark) -> str:
    """Return one SVG element."""
    x, y = mark.points[0][0]
    if mark.text:
        weight = ' font-weight="bold"' if mark.bold else ""
        halo = (
            ' stroke="#fff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"'
            if mark.width
            else ""
        )
        return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{mark.size:g}" fill="{mark.fill}"{weight}{halo}>{escape(mark.text)}</text>'
    paint = f'fill="{mark.fill or "none"}"'
    if mark.stroke:
        paint += f' stroke="{mark.stroke}" stroke-width="{mark.width:g}"'
    if mark.dash:
        paint += f' stroke-dasharray="{" ".join(f"{length:g}" for length in mark.dash)}"'
    if mark.opacity < 1:
        paint += f' opacity="{mark.opacity:g}"'
    if mark.radius:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius:.1f}" {paint}/>'
    path = "".join(_svg_path(part) for part in mark.points)
    return f'<path d="{path}" {paint} fill-rule="evenodd"/>'


def _svg_path(points: FloatArray) -> str:
    """Return points in tenths of a pixel as steps from one to the next: half the length of the places themselves."""
    tenths = np.rint(points * 10).astype(np.int64)
    steps = np.diff(tenths, axis=0, prepend=0).ravel() / 10
    first, second, *rest = (
        f"{step:g}".replace("0.", ".", 1) if abs(step) < 1 else f"{step:g}" for step in steps
    )
    return f"M{first} {second}l" + " ".join(rest).replace(" -", "-")
