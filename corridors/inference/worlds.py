"""Cost worlds: joint draws of what every road costs (methods.md 4.2).

c_e = (time_e + toll_e / VOT) * exp(eps_class(e)) * mean over e of exp(eps_cell), one coherent world a draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridors.base.types import Arcs, Floats, Ints

UNITS_PER_HOUR = 360_000
"""Costs are whole hundredths of a second of generalised time, so that shortest paths are exact."""


@dataclass(frozen=True, slots=True)
class CostPrior:
    """Prior of the cost weights. No published aggregate speaks about them, so they are drawn, never fitted.

    Parameters
    ----------
    toll_usd_per_km
        Car toll on a toll road, US dollars a kilometre (Mexican federal toll roads: 2 to 3 pesos).
    value_of_time_usd, value_of_time_sd
        Median value of an hour, US dollars (US DOT 2016 guidance for intercity travel, all purposes, in today's
        dollars), and the sd of its logarithm.
    class_sd, cell_sd
        Sd of log cost by road class, and by 50 km cell of a road class.
    """

    toll_usd_per_km: float = 0.13
    value_of_time_usd: float = 30.0
    value_of_time_sd: float = 0.4
    class_sd: float = 0.1
    cell_sd: float = 0.3


def base_costs(arcs: Arcs, prior: CostPrior) -> Ints:
    """Return the cost of each arc with every weight at its median, hundredths of a second."""
    return _whole(arcs.hours + arcs.toll_km * prior.toll_usd_per_km / prior.value_of_time_usd)


def draw_costs(arcs: Arcs, prior: CostPrior, *, seed: int, world: int) -> Ints:
    """Return the cost of each arc in one world, hundredths of a second.

    The draw depends on `seed` and `world` alone, so worlds may be reckoned in any order and on any worker.
    Log-normal factors have mean 1: noise makes roads dearer as often as cheaper, not dearer on the whole.
    """
    rng = np.random.default_rng([seed, world])
    value_of_time = prior.value_of_time_usd * np.exp(prior.value_of_time_sd * rng.standard_normal())
    by_class = _mean_one(rng, prior.class_sd, len(arcs.classes))
    by_cell = _mean_one(rng, prior.cell_sd, arcs.field.shape[1])
    factor = (arcs.field @ by_cell)[arcs.edge] * by_class[arcs.road_class]
    return _whole((arcs.hours + arcs.toll_km * prior.toll_usd_per_km / value_of_time) * factor)


def _mean_one(rng: np.random.Generator, sd: float, size: int) -> Floats:
    """Return log-normal factors of mean 1."""
    return np.exp(sd * rng.standard_normal(size) - sd**2 / 2)


def _whole(hours: Floats) -> Ints:
    """Return hours as whole cost units, at least one."""
    return np.maximum(1, np.rint(hours * UNITS_PER_HOUR)).astype(np.int64)
