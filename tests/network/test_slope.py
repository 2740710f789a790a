"""Grade of the drawn roads over ground whose height is a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.network.slope import mean_slope, with_slope

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, Network

METRES_A_DEGREE = 1000.0


def rising_north(_lon: FloatArray, lat: FloatArray) -> FloatArray:
    return METRES_A_DEGREE * lat


def test_a_road_over_even_slope_has_its_grade(toy_network: Network) -> None:
    grade = mean_slope(toy_network.edges, rising_north)
    at = dict(zip(toy_network.edges["edge_id"], grade, strict=True))
    # north - west us: 1.5 degrees of latitude over 200 km; town - city runs east, level
    assert at["1"] == pytest.approx(1500 / 200_000, rel=1e-3)
    east = toy_network.edges["ref"].eq("MEX15") & toy_network.edges["edge_id"].ne("6")
    assert grade[east].max() < 1e-4


def test_steep_roads_cost_more_and_level_ones_the_same(toy_network: Network) -> None:
    steep = with_slope(toy_network, rising_north).arcs
    assert steep.slope is not None
    for costs in (base_costs, lambda arcs, prior: draw_costs(arcs, prior, seed=1, world=0)):
        before, after = costs(toy_network.arcs, CostSettings()), costs(steep, CostSettings())
        assert np.all(after >= before)
        assert np.any(after > before)
        level = steep.slope == 0
        assert np.array_equal(before[level], after[level])


def test_where_the_ground_is_unknown_roads_are_level(toy_network: Network) -> None:
    grade = mean_slope(toy_network.edges, lambda lon, _lat: np.full(len(lon), np.nan))
    assert grade.max() == 0
