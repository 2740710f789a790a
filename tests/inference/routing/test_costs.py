from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings
from corridors.inference.routing import base_costs, draw_costs
from corridors.inference.routing.costs import UNITS_PER_HOUR, base_port_costs, draw_port_costs
from tests.inference.toy import EDGE

if TYPE_CHECKING:
    from corridors.core.types import Arcs


def test_base_cost_is_time_and_toll(toy_arcs: Arcs) -> None:
    prior = CostSettings(toll_usd_per_km=0.2, value_of_time_usd=20.0)
    costs = base_costs(toy_arcs, prior)
    by_edge = dict(zip(toy_arcs.edge.tolist(), costs, strict=True))
    assert by_edge[EDGE["I-19"]] == 1.0 * UNITS_PER_HOUR
    assert by_edge[EDGE["MEX17D"]] == pytest.approx((1.0 + 100 * 0.2 / 20) * UNITS_PER_HOUR)


def test_a_world_is_its_seed_and_number(toy_arcs: Arcs) -> None:
    prior = CostSettings()
    one = draw_costs(toy_arcs, prior, seed=3, world=5)
    assert np.array_equal(one, draw_costs(toy_arcs, prior, seed=3, world=5))
    assert not np.array_equal(one, draw_costs(toy_arcs, prior, seed=3, world=6))
    assert not np.array_equal(one, draw_costs(toy_arcs, prior, seed=4, world=5))


def test_without_spread_every_world_is_the_base(toy_arcs: Arcs) -> None:
    prior = CostSettings(value_of_time_sd=0, class_sd=0, cell_sd=0)
    assert np.array_equal(draw_costs(toy_arcs, prior, seed=1, world=9), base_costs(toy_arcs, prior))


def test_noise_has_mean_one(toy_arcs: Arcs) -> None:
    prior = CostSettings(toll_usd_per_km=0)
    base = base_costs(toy_arcs, prior)
    ratio = np.mean([draw_costs(toy_arcs, prior, seed=1, world=m) / base for m in range(3000)])
    assert ratio == pytest.approx(1, abs=0.02)


def test_a_toll_at_a_port_is_worth_its_hours(toy_arcs: Arcs) -> None:
    tolled = replace(toy_arcs, port_toll=np.array([3.0, 0.0]))
    assert base_port_costs(tolled, CostSettings(value_of_time_usd=20.0)).hours.tolist() == [0.15, 0.0]
    assert base_port_costs(toy_arcs, CostSettings()).hours.tolist() == [0.0, 0.0]


def test_a_world_values_tolls_of_roads_and_of_ports_alike(toy_arcs: Arcs) -> None:
    """A port's toll and a road's of the same dollars are worth the same hours, in every world."""
    prior = CostSettings(toll_usd_per_km=0.2, class_sd=0, cell_sd=0)
    tolled = replace(toy_arcs, port_toll=np.array([100 * 0.2, 0.0]))
    arc = toy_arcs.edge.tolist().index(EDGE["MEX17D"])
    for world in range(5):
        road = draw_costs(tolled, prior, seed=2, world=world)[arc] / UNITS_PER_HOUR - toy_arcs.hours[arc]
        port = draw_port_costs(tolled, None, prior, seed=2, world=world).hours[0]
        assert port == pytest.approx(road, abs=1 / UNITS_PER_HOUR)


def test_volumes_vary_by_what_is_known_of_them(toy_arcs: Arcs) -> None:
    prior = CostSettings(port_volume_sd=0.2, port_factor_sd=0.1)
    spread = np.array([np.nan, 0.05])
    noise = np.array(
        [draw_port_costs(toy_arcs, spread, prior, seed=1, world=m).log_volume for m in range(4000)]
    )
    assert noise.std(axis=0) == pytest.approx([0.2, np.hypot(0.1, 0.05)], rel=0.05)
    assert noise.mean(axis=0) == pytest.approx([0, 0], abs=0.02)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.05


def test_volumes_are_their_seed_and_world(toy_arcs: Arcs) -> None:
    one, again, other = (
        draw_port_costs(toy_arcs, None, CostSettings(), seed=1, world=world).log_volume for world in (3, 3, 4)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_without_tolls_and_noise_ports_are_as_before(toy_arcs: Arcs) -> None:
    prior = CostSettings(port_volume_sd=0, port_factor_sd=0)
    ports = draw_port_costs(toy_arcs, None, prior, seed=1, world=9)
    assert not ports.hours.any()
    assert not ports.log_volume.any()
