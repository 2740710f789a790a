"""Whole journeys drawn: every share is as high as it is, at each of its ends, and no text breaks out of the picture."""

from __future__ import annotations

import re
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from corridors.outputs.layers.sankey import AT, MOST, THINNEST, sankey
from corridors.outputs.text.translations import load_translations

if TYPE_CHECKING:
    from corridors.core.results import Results

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"(-?[\d.]+)"
RIBBON = re.compile(
    rf"M{NUMBER} {NUMBER}C{NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER}V{NUMBER}C{NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER}Z"
)


def results(shares: Any, *, name: str = "City", low: float = 0.01) -> Results:
    """Return results with (us states, cities, mx states) journeys."""
    shares = np.asarray(shares, dtype=np.float64)
    us, cities, mx = (
        np.array([f"{letter}{n:02d}" for n in range(size)])[grid.ravel()]
        for letter, size, grid in zip("UCM", shares.shape, np.indices(shares.shape), strict=True)
    )
    flows = pd.DataFrame(
        {"us_state": us, "crossing_city": cities, "mx_state": mx, "share_mean": shares.ravel()}
    )
    keys = [f"C{n:02d}" for n in range(shares.shape[1])]
    crossings = pd.DataFrame(
        {
            "crossing_city": keys,
            "name_es": [f"{name} {key}" for key in keys],
            "name_en": [f"{name} {key}" for key in keys],
            "ports": keys,
            "share_mean": shares.sum(axis=(0, 2)),
            "share_lo90": low,
            "share_hi90": 0.5,
        }
    )
    ports = pd.DataFrame({"poe_id": keys, "lon": np.linspace(-117, -97, len(keys))})
    return cast("Results", SimpleNamespace(flows=flows, crossings=crossings, ports=ports))


def drawn(found: Results, states: int = 40) -> ET.Element:
    """Return the picture of results."""
    names = {f"M{n:02d}": f"State {n}" for n in range(states)}
    return ET.fromstring(sankey(found, load_translations("en"), names))  # noqa: S314 - our own


def bars(picture: ET.Element) -> dict[int, list[tuple[float, float]]]:
    """Return top and height of the bars of each stage."""
    found: dict[int, list[tuple[float, float]]] = {x: [] for x in AT}
    for bar in picture.iter(f"{SVG}rect"):
        found[int(bar.attrib["x"])].append((float(bar.attrib["y"]), float(bar.attrib["height"])))
    return found


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 14), st.integers(1, 16))
@settings(deadline=None, max_examples=30)
def test_bars_and_bands_are_as_high_as_their_shares(seed: int, us: int, cities: int, mx: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.full(us * cities * mx, 0.7)).reshape(us, cities, mx)
    picture = drawn(results(shares))
    found = bars(picture)
    heights = [sum(height for _, height in column) for column in found.values()]
    assert heights == pytest.approx([heights[0]] * 3, abs=1.5)
    scale = heights[0]
    drawn_cities = sorted((height / scale for _, height in found[AT[1]]), reverse=True)
    whole = np.sort(shares.sum(axis=(0, 2)))[::-1]
    assert max(drawn_cities) >= whole[0] - 0.01
    assert len(drawn_cities) == min(cities, MOST["crossing_city"] + 1)
    for column in found.values():
        ends = [(top, top + height) for top, height in sorted(column)]
        assert all(end <= start + 0.2 for (_, end), (start, _) in pairwise(ends))
    ribbons = [
        tuple(map(float, match))
        for path in picture.iter(f"{SVG}path")
        for match in RIBBON.findall(path.attrib["d"])
    ]
    for start in AT[:2]:
        widths = [r[8] - r[7] for r in ribbons if r[0] == start + 13]
        assert sum(widths) == pytest.approx(scale, abs=0.1 * len(widths) + THINNEST * us * 12 * 14)


def test_a_band_begins_and_ends_within_its_bars() -> None:
    shares = np.random.default_rng(4).dirichlet(np.full(2 * 3 * 4, 1.0)).reshape(2, 3, 4)
    picture = drawn(results(shares))
    found = bars(picture)
    for path in picture.iter(f"{SVG}path"):
        for match in RIBBON.findall(path.attrib["d"]):
            values = tuple(map(float, match))
            left, right = AT[AT.index(int(values[0]) - 13)], int(values[6])
            width = values[8] - values[7]
            for x, y in ((left, values[1]), (right, values[7])):
                assert any(top - 0.2 <= y and y + width <= top + height + 0.3 for top, height in found[x])


def test_smaller_places_are_taken_together_and_said_so() -> None:
    words = [text.text for text in drawn(results(np.full((2, 20, 3), 1 / 120))).iter(f"{SVG}text")]
    assert "Other cities" in words
    assert "Other states" not in words
    assert sum("City C" in str(word) for word in words) == MOST["crossing_city"]


def test_texts_are_escaped_and_bands_are_shown_where_there_are_any() -> None:
    picture = drawn(results(np.full((1, 1, 1), 1.0), name="<b>&", low=0.25))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert "<b>& C00 100% (25% to 50%)" in words
    assert any("State 0" in str(word) for word in words)
    assert "State 0, 100%" in str(picture.findtext(f"{SVG}desc"))
    quick = [text.text for text in drawn(results(np.ones((1, 1, 1)), low=float("nan"))).iter(f"{SVG}text")]
    assert "City C00 100%" in quick


def test_results_without_journeys_have_no_picture() -> None:
    assert not sankey(cast("Results", SimpleNamespace(flows=None)), load_translations("es"), {})
