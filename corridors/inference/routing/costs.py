"""Cost worlds: joint draws of what every road costs (docs/method.md 3.2).

c_e = (time_e (1 + phi grade_e) + toll_e / VOT) * exp(eps_class(e)) * mean over e of exp(eps_cell), one coherent world
a draw. Checkpoints (chi) are not in it: no public table of fixed ones could be had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridors.core.settings import CostSettings
    from corridors.core.types import Arcs, FloatArray, IntArray

UNITS_PER_HOUR = 360_000
"""Costs are whole hundredths of a second of generalised time, so that shortest paths are exact."""
_PORTS = 9
"""Sets the draws at ports apart from all others of a seed, so that roads cost the same with and without them."""


@dataclass(frozen=True, slots=True)
class PortCosts:
    """What one world says of the ports of entry themselves.

    Parameters
    ----------
    hours
        (ports,) generalized cost of crossing: the toll over the value of time, hours.
    log_volume
        (ports,) deviation of the logarithm of southbound cars from its estimate.
    """

    hours: FloatArray
    log_volume: FloatArray


def base_costs(arcs: Arcs, prior: CostSettings) -> IntArray:
    """Return the cost of each arc with every weight at its median, hundredths of a second."""
    return _whole(_hours(arcs, prior, value_of_time=prior.value_of_time_usd, by_grade=prior.grade_factor))


def draw_costs(arcs: Arcs, prior: CostSettings, *, seed: int, world: int) -> IntArray:
    """Return the cost of each arc in one world, hundredths of a second.

    The draw depends on `seed` and `world` alone, so worlds may be computed in any order and on any worker.
    Log-normal factors have mean 1: noise does not make roads dearer on average.
    """
    rng = np.random.default_rng([seed, world])
    value_of_time = _value_of_time(rng, prior)
    by_class = _mean_one(rng, prior.class_sd, len(arcs.classes))
    by_field_cell = _mean_one(rng, prior.cell_sd, arcs.field.shape[1])
    by_grade = prior.grade_factor * np.exp(prior.grade_sd * rng.standard_normal())
    factor = (arcs.field @ by_field_cell)[arcs.edge] * by_class[arcs.road_class]
    return _whole(_hours(arcs, prior, value_of_time=value_of_time, by_grade=by_grade) * factor)


def base_port_costs(arcs: Arcs, prior: CostSettings) -> PortCosts:
    """Return the cost of crossing at each port at the median value of time; volumes are as estimated."""
    return PortCosts(_toll_hours(arcs, prior.value_of_time_usd), np.zeros(len(arcs.port_us)))


def draw_port_costs(
    arcs: Arcs, factor_spread: FloatArray | None, prior: CostSettings, *, seed: int, world: int
) -> PortCosts:
    """Return the cost of crossing and the noise of volumes in one world; the value of time is that of its roads.

    Parameters
    ----------
    factor_spread
        (ports,) sd of the logarithm of a port's published ratio of southbound to northbound cars, before what months differ
        by; NaN where none is published. None for none at any port.
    """
    value_of_time = _value_of_time(np.random.default_rng([seed, world]), prior)
    noise = np.random.default_rng([seed, world, _PORTS]).standard_normal(len(arcs.port_us))
    spread = np.full(len(noise), np.nan) if factor_spread is None else factor_spread
    sd = np.where(np.isnan(spread), prior.port_volume_sd, np.hypot(spread, prior.port_factor_sd))
    return PortCosts(_toll_hours(arcs, value_of_time), sd * noise)


def _value_of_time(rng: np.random.Generator, prior: CostSettings) -> float:
    """Return a world's value of time, US dollars per hour: the first draw of its generator."""
    return float(prior.value_of_time_usd * np.exp(prior.value_of_time_sd * rng.standard_normal()))


def _toll_hours(arcs: Arcs, value_of_time: float) -> FloatArray:
    """Return (ports,) hours that a toll is worth."""
    toll = np.zeros(len(arcs.port_us)) if arcs.port_toll is None else arcs.port_toll
    return np.asarray(toll / value_of_time)


def _hours(arcs: Arcs, prior: CostSettings, *, value_of_time: float, by_grade: float) -> FloatArray:
    """Return the generalised time of each arc before noise."""
    slope = 0.0 if arcs.slope is None else by_grade * arcs.slope
    return arcs.hours * (1 + slope) + arcs.toll_km * prior.toll_usd_per_km / value_of_time


def _mean_one(rng: np.random.Generator, sd: float, size: int) -> FloatArray:
    """Return log-normal factors of mean 1."""
    return np.exp(sd * rng.standard_normal(size) - sd**2 / 2)


def _whole(hours: FloatArray) -> IntArray:
    """Return hours as whole cost units, at least one."""
    return np.maximum(1, np.rint(hours * UNITS_PER_HOUR)).astype(np.int64)
