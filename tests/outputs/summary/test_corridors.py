"""Corridors with names, on drawn graphs."""

from __future__ import annotations

from dataclasses import replace
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
from tests.outputs.flow import NAMES, PLACES, flow_network, variants_like, with_shares

M15, M2 = frozenset({"MEX-15"}), frozenset({"MEX-2"})


def test_a_chain_stays_on_its_road_at_a_fork() -> None:
    """0 - 1 - 2 on MEX-15; at 1 a slightly busier branch to 3 on MEX-2."""
    u, v = np.array([0, 1, 1]), np.array([1, 2, 3])
    first, *rest = chains(u, v, np.array([0.5, 0.2, 0.25]), [M15, M15, M2], np.zeros(3, bool))
    assert (first.edges, first.nodes) == ([0, 1], [0, 1, 2])
    assert [one.edges for one in rest] == [[2]]


def test_a_much_busier_branch_is_taken_and_a_weak_tail_is_not() -> None:
    u, v = np.array([0, 1, 1, 3]), np.array([1, 2, 3, 4])
    first, *_ = chains(u, v, np.array([0.5, 0.1, 0.4, 0.1]), [M15, M15, M2, M2], np.zeros(4, bool))
    assert first.edges == [0, 2]


graphs = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0, 1)).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=25,
)


@given(graphs, st.data())
@settings(deadline=None)
def test_every_edge_is_in_one_chain_at_most_and_chains_are_walks(
    rows: list[tuple[int, int, float]], data: st.DataObject
) -> None:
    u, v, share = (np.array(column) for column in zip(*rows, strict=True))
    crosses = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    found = chains(u, v, share, [M15] * len(rows), crosses)
    used = [edge for one in found for edge in one.edges]
    assert len(used) == len(set(used))
    for one in found:
        assert crosses[one.edges].sum() <= 1
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
    assert row["name"] == "Sur \N{EN DASH} Este \N{EN DASH} Ciudad, I-10 / MEX-17D"
    assert row.geometry.coords[0] == (-110.0, 33.0)
    assert row["ports"] == "AZ-EEE"
    assert row["states"] == "Arizona"
    assert row["km"] == pytest.approx(200.5)
    assert row["share_mean"] == pytest.approx(0.606)
    assert row["grade"] == ""
    vague = with_shares(np.stack([base * 3, base * 0.1, base * 0.5]))
    rivals = Rivals(vague, with_shares(np.stack([base, base * 1.01])), variants_like(steady), "port")
    found_again = named_corridors(network, steady, PLACES, NAMES, rivals=rivals)[0].iloc[0]
    assert found_again["grade"] == "A"
    assert found_again["evidence"] > 0.9
    assert found_again["structure_port"] == pytest.approx(0.603)
    elsewhere = Rivals(vague, with_shares(np.stack([base, base * 0.9])), variants_like(steady), "port")
    assert named_corridors(network, steady, PLACES, NAMES, rivals=elsewhere)[0].iloc[0]["grade"] == "C"
    doubted = rivals._replace(variants=variants_like(with_shares(np.stack([base * 0.4]))))
    assert named_corridors(network, steady, PLACES, NAMES, rivals=doubted)[0].iloc[0]["grade"] == "C"


@pytest.mark.parametrize("turned", [False, True])
def test_a_corridor_runs_with_the_flow_whichever_way_its_roads_were_drawn(*, turned: bool) -> None:
    network = flow_network()
    if turned:
        edges = network.edges.assign(
            u=network.edges["v"], v=network.edges["u"], geometry=network.edges.reverse()
        )
        network = replace(network, edges=edges)
    base = np.full(len(network.edges), 0.001)
    base[network.edges["edge_id"].isin({"7"}).to_numpy()] = 0.6
    north = pd.DataFrame(
        {"name": ["Frontera"], "country": ["MX"], "lon": [-110.0], "lat": [31.45], "pop": [90_000]}
    )
    table, _ = named_corridors(network, with_shares(base[None]), pd.concat([PLACES, north]), NAMES)
    assert table["name"].tolist() == ["Frontera \N{EN DASH} Ciudad, MEX-17D"]
    assert [point[1] for point in table.geometry[0].coords] == [31.45, 30.0]


def test_a_chain_of_one_known_place_or_far_from_both_is_left_out() -> None:
    network = flow_network()
    base = np.full(len(network.edges), 0.001)
    base[network.edges["edge_id"].isin({"6"}).to_numpy()] = 0.6
    steady = with_shares(base[None])
    assert named_corridors(network, steady, PLACES, NAMES)[0].empty
    towns = pd.DataFrame(
        {"name": ["Uno", "Dos"], "country": "MX", "lon": [-111.0, -110.0], "lat": 30.0, "pop": 200_000}
    )
    base[network.edges["edge_id"].isin({"8"}).to_numpy()] = 0.6
    found = named_corridors(network, with_shares(base[None]), towns, NAMES)[0]
    assert found["name"].tolist() == ["Uno \N{EN DASH} Dos, MEX-15 / MEX-2"]
    # with a longer way to the first, 90 of 390 km lie between them
    longer = network.edges.assign(km=network.edges["km"].where(network.edges["edge_id"] != "6", 300.0))
    far = replace(network, edges=longer)
    assert named_corridors(far, with_shares(base[None]), towns, NAMES)[0].empty


def test_a_name_is_said_of_one_place_only() -> None:
    cities = pd.DataFrame(
        {"name": ["Matamoros"], "country": ["MX"], "lon": [-97.5], "lat": [25.87], "pop": [500_000]}
    )
    seats = pd.DataFrame(
        {
            "name": ["Matamoros", "H. Matamoros", "Nava"],
            "lon": [-103.23, -97.51, -100.77],
            "lat": [25.53, 25.88, 28.42],
            "pop": [100_000, 400_000, 90_000],
        }
    )
    states = gpd.GeoDataFrame(
        {"code": ["COAH", "TAM"], "name": ["Coahuila", "Tamaulipas"]},
        geometry=[box(-104, 24, -99, 30), box(-99, 22, -97, 28)],
        crs=4326,
    )
    found = place_names(cities, seats, states)
    assert found["name"].tolist() == ["Matamoros (TAM)", "Matamoros (COAH)", "Nava"]  # the suburb is gone
    assert found["pop"].tolist() == [500_000, 100_000, 90_000]


def test_a_suburb_gives_way_to_its_city_and_to_the_seat_its_state_is_named_after() -> None:
    cities = pd.DataFrame(
        {
            "name": ["Monterrey", "San Diego", "Tijuana"],
            "country": ["MX", "US", "MX"],
            "lon": [-100.33, -117.18, -117.08],
            "lat": [25.67, 32.82, 32.5],
            "pop": [3_700_000, 2_900_000, 1_500_000],
        }
    )
    seats = pd.DataFrame(
        {
            "name": ["Ciénega de Flores", "Guadalupe", "Zacatecas", "Saltillo"],
            "lon": [-100.17, -102.52, -102.58, -101.0],
            "lat": [25.95, 22.75, 22.77, 25.42],
            "pop": [160_000, 212_000, 149_000, 880_000],
        }
    )
    states = gpd.GeoDataFrame(
        {"code": ["ZAC"], "name": ["Zacatecas"]}, geometry=[box(-104, 21, -101, 25)], crs=4326
    )
    names = place_names(cities, seats, states)["name"].tolist()
    assert names == ["Monterrey", "San Diego", "Tijuana", "Zacatecas", "Saltillo"]
