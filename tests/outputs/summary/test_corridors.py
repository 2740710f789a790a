"""Corridors with names, on drawn graphs."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from shapely import box

from corridors.outputs.summary import named_corridors, place_names
from corridors.outputs.summary.corridors import chains
from corridors.outputs.summary.grade import Rivals
from tests.outputs.flow import NAMES, PLACES, flow_network, with_shares

M15, M2 = frozenset({"MEX-15"}), frozenset({"MEX-2"})


def test_a_chain_stays_on_its_road_at_a_fork() -> None:
    """0 - 1 - 2 on MEX-15; at 1 a slightly busier branch to 3 on MEX-2."""
    u, v = np.array([0, 1, 1]), np.array([1, 2, 3])
    first, *rest = chains(u, v, np.array([0.5, 0.2, 0.25]), [M15, M15, M2])
    assert (first.edges, first.nodes) == ([0, 1], [0, 1, 2])
    assert [one.edges for one in rest] == [[2]]


def test_a_much_busier_branch_is_taken_and_a_weak_tail_is_not() -> None:
    u, v = np.array([0, 1, 1, 3]), np.array([1, 2, 3, 4])
    first, *_ = chains(u, v, np.array([0.5, 0.1, 0.4, 0.1]), [M15, M15, M2, M2])
    assert first.edges == [0, 2]


graphs = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0, 1)).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=25,
)


@given(graphs)
@settings(deadline=None)
def test_every_edge_is_in_one_chain_at_most_and_chains_are_walks(rows: list[tuple[int, int, float]]) -> None:
    u, v, share = (np.array(column) for column in zip(*rows, strict=True))
    found = chains(u, v, share, [M15] * len(rows))
    used = [edge for one in found for edge in one.edges]
    assert len(used) == len(set(used))
    for one in found:
        assert len(one.nodes) == len(one.edges) + 1 == len(set(one.nodes))
        for edge, start, stop in zip(one.edges, one.nodes[:-1], one.nodes[1:], strict=True):
            assert {u[edge], v[edge]} == {start, stop}
    assert set(np.flatnonzero(share >= 0.005)) <= set(used)


def test_a_corridor_has_its_places_roads_and_port() -> None:
    network = flow_network()
    edges = network.edges
    base = np.full(len(edges), 0.001)
    east = {"3", "5", "7"}
    base[edges["edge_id"].isin(east).to_numpy()] = 0.6
    steady = with_shares(np.stack([base, base * 1.02]))
    table, found = named_corridors(network, steady, PLACES, NAMES)
    row: Any = table.iloc[0]
    assert {edges["edge_id"].iloc[edge] for edge in found[0]} >= east
    assert row["name"] == "Sur \N{EN DASH} Ciudad, I-10 / MEX-17D"
    assert row["ports"] == "AZ-EEE"
    assert row["states"] == "Arizona"
    assert row["km"] == pytest.approx(200.5)
    assert row["share_mean"] == pytest.approx(0.606)
    assert row["grade"] == ""
    vague = with_shares(np.stack([base * 3, base * 0.1, base * 0.5]))
    rivals = Rivals(vague, with_shares(np.stack([base, base * 1.01])), structure="port")
    found_again = named_corridors(network, steady, PLACES, NAMES, rivals=rivals)[0].iloc[0]
    assert found_again["grade"] == "A"
    assert found_again["evidence"] > 0.9
    assert found_again["structure_port"] == pytest.approx(0.603)
    elsewhere = Rivals(vague, with_shares(np.stack([base, base * 0.9])), structure="port")
    assert named_corridors(network, steady, PLACES, NAMES, rivals=elsewhere)[0].iloc[0]["grade"] == "C"


def test_a_name_is_said_of_one_place_only() -> None:
    cities = pd.DataFrame({"name": ["Matamoros"], "lon": [-97.5], "lat": [25.87], "pop": [500_000]})
    seats = pd.DataFrame(
        {
            "name": ["Matamoros", "H. Matamoros", "Nava"],
            "lon": [-103.23, -97.51, -100.77],
            "lat": [25.53, 25.88, 28.42],
            "pop": [100_000, 400_000, 90_000],
        }
    )
    states = gpd.GeoDataFrame(
        {"code": ["COAH", "TAM"]}, geometry=[box(-104, 24, -99, 30), box(-99, 22, -97, 28)], crs=4326
    )
    found = place_names(cities, seats, states)
    assert found["name"].tolist() == ["Matamoros (TAM)", "Matamoros (COAH)", "Nava"]  # the suburb is gone
    assert found["pop"].tolist() == [500_000, 100_000, 90_000]
