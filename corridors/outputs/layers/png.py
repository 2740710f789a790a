"""A scene as PNG, by matplotlib: the same marks as in the SVG, and the same bytes on every run."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from corridors.outputs.layers.marks import Mark, Scene

DPI = 100
HALO = [withStroke(linewidth=1.8, foreground="white")]
POINTS = 72 / DPI
"""Points a pixel, at a scale of 1."""


def rasterise(scene: Scene, scale: float = 1.0) -> Image.Image:
    """Return the scene in pixels, `scale` of them a pixel of the scene."""
    figure = Figure(figsize=(scene.width / DPI, scene.height / DPI), dpi=DPI * scale)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    for order, mark in enumerate(scene.marks):
        _add(axes, mark, order)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a sign that the face lacks is drawn as a box
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    return Image.fromarray(pixels).convert("RGB")


def quantise_png(image: Image.Image) -> bytes:
    """Return a PNG of 256 colours chosen so that the legend's stay themselves."""
    file = io.BytesIO()
    few = image.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def _add(axes: Axes, mark: Mark, order: int) -> None:
    """Draw one mark."""
    x, y = mark.points[0][0]
    if mark.text:
        axes.text(
            x, y, mark.text, fontsize=mark.size * POINTS * 0.93, color=mark.fill, zorder=order, va="baseline",
            weight="bold" if mark.bold else "normal", parse_math=False, path_effects=HALO if mark.width else None,
        )  # fmt: skip
        return
    paint = {
        "facecolor": mark.fill or "none",
        "edgecolor": mark.stroke or "none",
        "linewidth": mark.width * POINTS,
        "alpha": mark.opacity,
        "zorder": order,
        "linestyle": (0, tuple(length / max(mark.width, 0.1) for length in mark.dash)) if mark.dash else "-",
    }
    if mark.radius:
        axes.add_artist(Circle((x, y), mark.radius, **paint))
        return
    outline = Outline.make_compound_path(*(Outline(part) for part in mark.points))
    axes.add_artist(PathPatch(outline, **paint))
