"""Pictures of pages against small committed ones: greys an eighth as large, so that another font or driver changes little.

`CORRIDORS_PICTURES=new` in the environment writes the references anew, to be looked at before they are committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from corridors.core.types import FloatArray

REFERENCES = Path(__file__).parent / "references"
SCALE = 8
SIZES = {"desktop": (1366, 625), "phone": (390, 844)}
LEAST_ALIKE = 0.8
"""Correlation of two pictures that show the same."""
MOST_APART = 10.0
"""Mean difference of their pixels, of 255."""


def reduced(png: bytes) -> Image.Image:
    """Return a screenshot in grey, an eighth as wide and high, slightly blurred."""
    grey = Image.open(io.BytesIO(png)).convert("L")
    small = grey.resize((grey.width // SCALE, grey.height // SCALE), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(1))


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Return the correlation of two reduced pictures of one size, and the mean difference of their pixels."""
    if one.size != other.size:
        return 0.0, 255.0
    first, second = _pixels(one), _pixels(other)
    apart = float(np.abs(first - second).mean())
    if not first.std() or not second.std():
        return 0.0, apart
    return float(np.corrcoef(first, second)[0, 1]), apart


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Return whether two reduced pictures show the same."""
    correlation, apart = difference(one, other)
    return correlation >= LEAST_ALIKE and apart <= MOST_APART


def check_picture(page: Page, name: str) -> None:
    """Compare what a page shows in its window with the reference of a name; fail where they are not alike."""
    found = reduced(page.screenshot(animations="disabled", caret="hide"))
    file = REFERENCES / f"{name}.png"
    if os.environ.get("CORRIDORS_PICTURES") == "new":
        found.quantize(16).save(file, optimize=True)
    known = Image.open(file).convert("L")
    assert alike(found, known), (
        f"{name}: expected the picture in tests/references, found correlation and difference {difference(found, known)}. "
        "Look at the page; if it is as it should be, run the test once with CORRIDORS_PICTURES=new and commit the picture."
    )


def _pixels(picture: Image.Image) -> FloatArray:
    """Return the grey values of a picture, (pixels,)."""
    return np.asarray(picture, dtype=np.float64).ravel()
