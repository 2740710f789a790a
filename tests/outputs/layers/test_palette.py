"""The colors of classes: told apart by eye on a weak projector, and, areas of two kinds, in grey."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from corridors.outputs.layers import palette

FLARE = 0.1
"""Light that a projector in a lit room adds to every color, of its white."""
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""Of linear sRGB, IEC 61966-2-1, white D65."""


def xyz(code: str, flare: float = 0.0) -> np.ndarray:
    """Return the CIE XYZ of a color written as in CSS, (3,), white 1."""
    sent = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(sent <= 0.04045, sent / 12.92, ((sent + 0.055) / 1.055) ** 2.4)
    return TO_XYZ @ ((linear + flare) / (1 + flare))


def lab(code: str, flare: float = 0.0) -> np.ndarray:
    """Return the CIELAB of a color, (3,)."""
    ratio = xyz(code, flare) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, flare: float = 0.0) -> float:
    return float(np.linalg.norm(lab(one, flare) - lab(other, flare)))


def test_lab_is_that_of_known_colors() -> None:
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.1)
    assert lab("#ff0000") == pytest.approx([53.2, 80.1, 67.2], abs=0.1)


@pytest.mark.parametrize(
    ("classes", "least", "with_flare"),
    [(palette.CORRIDORS, 20, 12), (palette.ZONES, 10, 8), (palette.MUNICIPALITIES, 10, 8)],
    ids=["corridors", "zones", "municipalities"],
)
def test_neighboring_classes_are_told_apart(
    classes: palette.Classes, least: float, with_flare: float
) -> None:
    for one, other in pairwise((palette.LAND, *classes.colours)):
        assert apart(one, other) >= least, (one, other)
        assert apart(one, other, FLARE) >= with_flare, (one, other)
        assert lab(one)[0] > lab(other)[0]  # they fall in lightness: greys keep their order


def test_outlines_tell_supply_from_demand_in_grey() -> None:
    light, dark = palette.OUTLINES["zones"], palette.OUTLINES["municipalities"]
    darkest = min(lab(one)[0] for one in palette.MUNICIPALITIES.colours)
    assert lab(dark)[0] < darkest - 10
    assert lab(light)[0] > max(lab(one)[0] for one in palette.ZONES.colours)
