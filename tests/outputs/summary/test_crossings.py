"""Crossing cities and whole journeys: means of the same draws, which add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.outputs.summary import summarise
from tests.outputs.flow import flow_draws, flow_evidence, flow_network


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_journeys_add_up_to_cities_pairs_and_the_whole(seed: int) -> None:
    evidence, draws = flow_evidence(), flow_draws(seed=seed)
    results = summarise(flow_network(), evidence, draws)
    assert results.flows is not None
    assert results.crossings is not None
    assert results.flows["share_mean"].sum() == pytest.approx(1)
    cities = results.flows.groupby("crossing_city")["share_mean"].sum()
    assert cities.to_dict() == pytest.approx(
        results.crossings.set_index("crossing_city")["share_mean"].to_dict()
    )
    assert cities.reindex(evidence.crossing_cities).tolist() == pytest.approx(
        draws.port_share.mean(axis=0).tolist()
    )
    pairs = results.flows.groupby(["us_state", "mx_state"], sort=False)["share_mean"].sum()
    assert pairs.tolist() == pytest.approx(draws.state_pair.mean(axis=0).ravel().tolist())
    inside = results.flows["share_lo90"] <= results.flows["share_hi90"]
    assert inside.all()


def test_a_city_is_the_sum_of_its_bridges_draw_by_draw() -> None:
    evidence, draws = flow_evidence(), flow_draws()
    one = replace(evidence, crossing_cities=("both",), port_city=np.zeros(2, dtype=np.int64))
    table = summarise(flow_network(), one, draws).crossings
    assert table is not None
    assert table["ports"].tolist() == ["AZ-WWW AZ-EEE"]
    assert table[["share_mean", "share_lo90", "share_hi90"]].to_numpy().tolist() == [[1.0, 1.0, 1.0]]
    assert table["grade"].tolist() == [""]
