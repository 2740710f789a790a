"""Slope of the drawn roads where elevation is a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.network.slope import mean_slope, with_slope

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, Network

METRES_A_DEGREE = 1000.0


def rising_north(_lon: FloatArray, lat: FloatArray) -> FloatArray:
    return METRES_A_DEGREE * lat


def test_a_road_over_an_even_slope_has_it(toy_network: Network) -> None:
    slope = mean_slope(toy_network.edges, rising_north)
    at = dict(zip(toy_network.edges["edge_id"], slope, strict=True))
    # north - west us: 1.5 degrees of latitude over 200 km; town - city runs east, level
    assert at["1"] == pytest.approx(1500 / 200_000, rel=1e-3)
    east = toy_network.edges["ref"].eq("MEX15") & toy_network.edges["edge_id"].ne("6")
    assert slope[east].max() < 1e-4


def test_both_directions_of_a_road_have_its_slope(toy_network: Network) -> None:
    arcs = with_slope(toy_network, rising_north).arcs
    slope = mean_slope(toy_network.edges, rising_north)
    assert toy_network.arcs.slope is None
    assert arcs.slope is not None
    assert np.array_equal(arcs.slope, slope[arcs.edge])


def test_where_elevation_is_unknown_roads_are_level(toy_network: Network) -> None:
    slope = mean_slope(toy_network.edges, lambda lon, _lat: np.full(len(lon), np.nan))
    assert slope.max() == 0
