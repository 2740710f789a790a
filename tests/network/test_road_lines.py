"""The drawn roads cut beside places, and their slope where elevation is a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from corridors.network.road_lines import cut_edges, mean_slope, with_slope
from tests.network import toy

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


def test_split_keeps_length_and_ends() -> None:
    nodes, edges = toy.road_tables()
    seats = toy.tables()["municipalities"]
    more_nodes, more_edges = cut_edges(nodes, edges, seats["lon"].to_numpy(), seats["lat"].to_numpy())
    assert more_edges["edge_id"].tolist() == ["0", "1", "2", "3", "4", "5", "6", "7", "9", "8.1", "8.2"]
    parts = more_edges[more_edges["edge_id"].str.startswith("8.")]
    assert parts["km"].sum() == pytest.approx(80)
    assert parts["km"].tolist() == pytest.approx([40, 40], abs=0.1)
    assert parts["v"].iloc[0] == parts["u"].iloc[1] == 9
    assert more_nodes.iloc[-1][["lon", "country"]].tolist() == [pytest.approx(-110.5, abs=1e-3), "MX"]
    assert edges["edge_id"].tolist() == list(range(10))


def test_split_far_from_any_middle_changes_nothing() -> None:
    nodes, edges = toy.road_tables()
    same_nodes, same_edges = cut_edges(nodes, edges, np.array([-111.0]), np.array([30.0]))
    pd.testing.assert_frame_equal(same_nodes, nodes)
    assert len(same_edges) == len(edges)
