"""What the network room hands to inference, on the toy world: roads with slopes, and roads that cover one side only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.core.settings import CostSettings
from corridors.inference.fitting.ensemble import InferencePlan, infer
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.network import build_evidence, build_network
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import FloatArray

METERS_A_DEGREE = 1000.0


def rising_north(_lon: FloatArray, lat: FloatArray) -> FloatArray:
    return METERS_A_DEGREE * lat


def test_steep_roads_cost_more_and_level_ones_the_same() -> None:
    level_arcs = build_network(toy.tables()).arcs
    steep = build_network(toy.tables(), elevation_at=rising_north).arcs
    assert steep.slope is not None
    for costs in (base_costs, lambda arcs, prior: draw_costs(arcs, prior, seed=1, world=0)):
        before, after = costs(level_arcs, CostSettings()), costs(steep, CostSettings())
        assert np.all(after >= before)
        assert np.any(after > before)
        level = steep.slope == 0
        assert np.array_equal(before[level], after[level])


def test_roads_of_one_side_of_the_state_still_carry_an_inference(tmp_path: Path) -> None:
    tables = toy.tables()
    far = tables["road_edges"]["edge_id"] == 9
    places = tables["municipalities"]
    places.loc[places["cvegeo"] == "08001", "lon"] = -106.0
    network = build_network({**tables, "road_edges": tables["road_edges"][~far]})
    evidence = build_evidence(tables, toy.population(tmp_path), network)
    posterior = infer(network.arcs, evidence, InferencePlan(worlds=2))
    assert np.isfinite(posterior.edge_share).all()
