from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings
from corridors.inference.routing.costs import UNITS_PER_HOUR, base_costs, draw_costs
from corridors.network.build import join_roads
from corridors.network.cut_edges import cut_edges
from tests import world

if TYPE_CHECKING:
    from corridors.core.types import Network


def test_base_cost_is_time_and_toll(toy_network: Network) -> None:
    prior = CostSettings(toll_usd_per_km=0.2, value_of_time_usd=20.0)
    costs = base_costs(toy_network.arcs, prior)
    by_edge = dict(zip(toy_network.edges["edge_id"].to_numpy()[toy_network.arcs.edge], costs, strict=True))
    assert by_edge["0"] == 1.0 * UNITS_PER_HOUR
    assert by_edge["7"] == pytest.approx((1.0 + 100 * 0.2 / 20) * UNITS_PER_HOUR)


def test_a_world_is_its_seed_and_number(toy_network: Network) -> None:
    prior = CostSettings()
    one = draw_costs(toy_network.arcs, prior, seed=3, world=5)
    assert np.array_equal(one, draw_costs(toy_network.arcs, prior, seed=3, world=5))
    assert not np.array_equal(one, draw_costs(toy_network.arcs, prior, seed=3, world=6))
    assert not np.array_equal(one, draw_costs(toy_network.arcs, prior, seed=4, world=5))


def test_without_spread_every_world_is_the_base(toy_network: Network) -> None:
    prior = CostSettings(value_of_time_sd=0, class_sd=0, cell_sd=0)
    assert np.array_equal(
        draw_costs(toy_network.arcs, prior, seed=1, world=9), base_costs(toy_network.arcs, prior)
    )


def test_noise_has_mean_one(toy_network: Network) -> None:
    prior = CostSettings(toll_usd_per_km=0)
    base = base_costs(toy_network.arcs, prior)
    ratio = np.mean([draw_costs(toy_network.arcs, prior, seed=1, world=m) / base for m in range(3000)])
    assert ratio == pytest.approx(1, abs=0.02)


def test_cutting_a_road_leaves_its_cost_about_the_same() -> None:
    nodes, edges = world.road_tables()
    whole = join_roads(nodes, edges, world.port_table())
    cut = join_roads(*cut_edges(nodes, edges, np.array([-110.5]), np.array([30.0])), world.port_table())
    prior = CostSettings(cell_sd=0.4)
    for m in range(5):
        a = draw_costs(whole.arcs, prior, seed=1, world=m)
        b = draw_costs(cut.arcs, prior, seed=1, world=m)
        one = a[whole.arcs.edge == whole.edges.index[whole.edges["edge_id"] == "8"][0]][0]
        parts = cut.edges.index[cut.edges["edge_id"].str.startswith("8.")]
        both = sum(int(b[cut.arcs.edge == part][0]) for part in parts)
        # cells are numbered alike, so the draws are the same; only the sampling steps differ
        assert both == pytest.approx(one, rel=0.05)
