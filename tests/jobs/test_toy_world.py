"""What the network room hands to inference, on the toy world: roads with slopes, and roads that cover one side only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.errors import NotEnoughDataError
from corridors.core.settings import CostSettings
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.routing import base_costs, draw_costs
from corridors.jobs.stages import check_converged
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
    posterior = infer(prepare_problem(network.arcs, evidence, InferencePlan(worlds=2)))
    assert np.isfinite(posterior.edge_share).all()


def test_a_run_that_has_not_converged_draws_no_map(tmp_path: Path) -> None:
    network = build_network(toy.tables())
    evidence = build_evidence(toy.tables(), toy.population(tmp_path), network)
    posterior = infer(prepare_problem(network.arcs, evidence, InferencePlan(worlds=2)))
    check_converged(posterior)
    stuck = replace(posterior, kind="posterior", diagnostics={"converged": False, "worst_r_hat_of_all": 1.4})
    with pytest.raises(NotEnoughDataError, match=r"worst_r_hat_of_all 1\.4"):
        check_converged(stuck)


def test_cutting_a_road_leaves_its_cost_about_the_same() -> None:
    tables = toy.tables()
    whole, cut = (
        build_network(tables | {"municipalities": tables["municipalities"].iloc[:0]}),
        build_network(tables),
    )
    prior = CostSettings(cell_sd=0.4)
    for m in range(5):
        a = draw_costs(whole.arcs, prior, seed=1, world=m)
        b = draw_costs(cut.arcs, prior, seed=1, world=m)
        one = a[whole.arcs.edge == whole.edges.index[whole.edges["edge_id"] == "8"][0]][0]
        pieces = cut.edges.index[cut.edges["edge_id"].str.startswith("8.")]
        both = sum(int(b[cut.arcs.edge == piece][0]) for piece in pieces)
        # cells are numbered alike, so the draws are the same; only the sampling steps differ
        assert both == pytest.approx(one, rel=0.05)
