"""Bends of a road's line, and the speed that they leave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from pyproj import Geod

from corridors.sources.roads.winding import (
    FREE_DEGREES_PER_KM,
    MIN_KMH,
    STEP_KMH,
    STRAIGHT_KMH,
    WINDOW_KM,
    degrees_per_km,
    is_federal,
    winding_kmh,
)

Line = tuple[np.ndarray, np.ndarray]


def zigzag(turn: float, *, stretches: int = 40, km: float = 1.0) -> Line:
    """A line near Yécora whose every waypoint turns by `turn` degrees, to and fro."""
    geod = Geod(ellps="WGS84")
    lon, lat = [-109.0], [28.4]
    for number in range(stretches):
        azimuth = 90 + (turn / 2 if number % 2 else -turn / 2)
        x, y, _ = geod.fwd(lon[-1], lat[-1], azimuth, 1000 * km)
        lon.append(x)
        lat.append(y)
    return np.array(lon), np.array(lat)


def one_line(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return degrees_per_km(lon, lat, np.zeros(len(lon), dtype=np.int64))


@given(turn=st.floats(0.5, 170.0))
def test_the_middle_of_an_even_zigzag_turns_at_every_waypoint(turn: float) -> None:
    # four windows long, so that its ends, whose own bends are unknown, lie outside
    degrees = one_line(*zigzag(turn, stretches=int(4 * WINDOW_KM)))
    assert degrees[len(degrees) // 2] == pytest.approx(turn, rel=0.02, abs=0.05)
    assert degrees.max() < turn * 1.05 + 0.05


def test_a_straight_line_does_not_turn_and_a_window_joins_plain_and_mountains() -> None:
    assert one_line(*zigzag(0.0)).max() < 0.05
    lon, lat = zigzag(60.0)
    flat = np.linspace(-109.8, lon[0], 41)[:-1]
    degrees = one_line(np.concatenate([flat, lon]), np.concatenate([np.full(40, lat[0]), lat]))
    assert degrees[0] < 0.1
    assert 20 < degrees[40] < 40
    assert degrees[60] == pytest.approx(60, rel=0.05)


@given(data=st.data())
def test_lines_side_by_side_are_as_lines_alone_and_direction_does_not_matter(data: st.DataObject) -> None:
    lines = [
        zigzag(data.draw(st.floats(0, 120)), stretches=data.draw(st.integers(1, 30)))
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    number = np.repeat(np.arange(len(lines)), [len(lon) for lon, _ in lines])
    lon, lat = (np.concatenate(part) for part in zip(*lines, strict=True))
    together = degrees_per_km(lon, lat, number)[number[1:] == number[:-1]]
    alone = np.concatenate([one_line(*line) for line in lines])
    assert together == pytest.approx(alone, abs=1e-6)
    backward = np.concatenate([one_line(lon[::-1], lat[::-1])[::-1] for lon, lat in lines])
    assert backward == pytest.approx(alone, abs=1e-6)


def test_a_waypoint_given_twice_and_lines_of_one_or_two_points_turn_nothing() -> None:
    lon, lat = np.array([-109.0, -109.0, -108.9]), np.array([28.0, 28.0, 28.0])
    assert one_line(lon, lat).tolist() == [0, 0]
    assert one_line(lon[:1], lat[:1]).tolist() == []
    assert degrees_per_km(lon, lat, np.array([0, 1, 2])).tolist() == [0, 0]


@given(degrees=st.lists(st.floats(0, 400), min_size=1))
def test_speeds_fall_with_bends_in_steps(degrees: list[float]) -> None:
    kmh = winding_kmh(np.sort(np.array(degrees)))
    assert (np.diff(kmh) <= 0).all()
    assert ((kmh >= MIN_KMH) & (kmh <= STRAIGHT_KMH) & (kmh % STEP_KMH == 0)).all()
    assert (winding_kmh(np.array([FREE_DEGREES_PER_KM])) == STRAIGHT_KMH).all()


@pytest.mark.parametrize(
    ("road_class", "ref"),
    [
        ("mx_federal", "MEX16"),
        ("mx_federal", ""),
        ("mx_toll", "MEX45/MEX45D"),
        ("mx_toll", "GTO110D/MEX110"),
    ],
)
def test_federal_roads_are_known_by_class_and_number(road_class: str, ref: str) -> None:
    assert is_federal(road_class, ref)


@pytest.mark.parametrize(
    ("road_class", "ref"),
    [
        ("mx_toll", "MEX15D"),
        ("mx_toll", "MEX40D/MEXS30D"),
        ("mx_toll", "M22/MEX40D"),
        ("mx_freeway", "MEX45"),
        ("us_highway", "US67"),
    ],
)
def test_other_roads_are_not(road_class: str, ref: str) -> None:
    assert not is_federal(road_class, ref)
