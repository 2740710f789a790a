"""Geometry made small."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import polyline
from hypothesis import given, strategies as st
from shapely import LineString, MultiPolygon, Polygon, box

from corridors.core.results import SHARE_DIGITS
from corridors.outputs.layers import encoding as shapes
from corridors.outputs.text import LANGUAGES, load_translations

degrees = st.tuples(st.floats(-120, -80), st.floats(10, 45))


@given(st.lists(degrees, min_size=2, max_size=20))
def test_encoding_keeps_every_point_within_a_thousandth_of_a_degree(
    points: list[tuple[float, float]],
) -> None:
    back = np.array(polyline.decode(shapes.encode(np.array(points)), 3))[:, ::-1]
    assert np.abs(back - np.array(points)).max() <= 0.00051


def test_an_area_keeps_its_holes_and_parts() -> None:
    ring = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
    assert len(shapes.encode_area(MultiPolygon([ring, box(5, 5, 6, 6)]))) == 3


def test_lines_that_touch_and_belong_together_are_one_chain() -> None:
    lines = np.array(
        [
            LineString([(0, 0), (1, 0)]),
            LineString([(2, 0), (1, 0)]),
            LineString([(2, 0), (3, 0)]),
            LineString([(9, 9), (8, 8)]),
        ]
    )
    chain = shapes.chains(lines, np.array([0, 0, 1, 0]))
    assert chain[0] == chain[1]
    assert len(set(chain.tolist())) == 3


@given(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.0000996, 0.00999996, 0.0999996, 0.0144999])))
def test_a_bound_is_written_as_the_whole_number_is(value: float) -> None:
    whole, short = round(value, SHARE_DIGITS), shapes.bound(round(value, SHARE_DIGITS))
    assert short is not None
    for language in LANGUAGES:
        share = load_translations(language).share
        assert share(short) == share(whole)


def test_most_bounds_are_short() -> None:
    written = [repr(shapes.bound(value)) for value in np.random.default_rng(0).uniform(0, 0.2, 500)]
    assert np.mean([len(one) for one in written]) < 8


def test_no_lines_make_no_chains() -> None:
    assert not len(shapes.chains(np.array([], dtype=object), np.array([], dtype=np.int64)))


@given(
    st.sets(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1]), min_size=1
    )
)
def test_trails_pass_every_line_once_and_are_open_no_oftener_than_must_be(
    pairs: set[tuple[int, int]],
) -> None:
    places = [(0.0, 0.0), (3.0, 1.0), (1.0, 4.0), (5.0, 5.0), (7.0, 2.0), (2.0, 7.0), (9.0, 8.0)]
    middle = {
        (a, b): ((a + b) / 2 + 0.3, a * b + 0.7) for a, b in pairs
    }  # so that no two lines cover each other
    lines = [LineString([places[a], middle[a, b], places[b]]) for a, b in sorted(pairs)]
    found = shapes.trails(np.array(lines))
    drawn = Counter(frozenset(step) for trail in found for step in pairwise(trail.coords))
    assert drawn == Counter(frozenset(step) for line in lines for step in pairwise(line.coords))
    odd = sum(count % 2 for count in Counter(end for pair in pairs for end in pair).values())
    assert sum(trail.coords[0] != trail.coords[-1] for trail in found) == odd // 2


def test_only_the_border_between_two_areas_is_an_inner_border() -> None:
    lines = shapes.inner_borders(np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)]))
    assert len(lines) == 1
    assert {lon for _, lon in polyline.decode(lines[0], 3)} == {1.0}


def test_an_area_that_is_no_polygon_is_mended_before_it_is_simplified() -> None:
    mixed = np.array([box(0, 0, 1, 1).union(LineString([(5, 5), (6, 6)])), box(1, 0, 2, 1)])
    assert [shape.geom_type for shape in shapes.simplify_areas(mixed)] == ["Polygon", "Polygon"]


def test_land_is_cut_to_its_window_and_loses_its_islets() -> None:
    rings = shapes.land(np.array([box(0, 0, 50, 50), box(60, 60, 60.01, 60.01)]), (10, 10, 70, 70))
    assert len(rings) == 1
    assert min(polyline.decode(rings[0], 3)) == (10.0, 10.0)
