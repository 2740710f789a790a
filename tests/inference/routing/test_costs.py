from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings
from corridors.inference.routing import base_costs, draw_costs
from corridors.inference.routing.costs import UNITS_PER_HOUR
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
