"""Gradient of the choice model "trip": reverse mode, by hand (docs/method.md 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from corridors.inference.model.demand import demand_gradient
from corridors.inference.model.trip_sums import port_means, through_ports

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.model.flow import MarginSlopes, Parameters
    from corridors.inference.model.trip_choice import TripFlow


def trip_gradient(p: Parameters, model: TripFlow, slopes: MarginSlopes) -> dict[str, FloatArray]:
    """Return the gradient of `TripFlow.gradient`: reverse mode, by hand."""
    legs, evidence, pair = model.legs, model.evidence, model.pair
    zone_group, municipality_group = legs.zone_group, legs.municipality_group
    nu, kappa = expit(p["logit_nu"]), np.exp(p["log_kappa"])
    group_zone = _sum_by(zone_group, slopes.zone * model.zone_part, len(pair))
    group_municipality = _sum_by(
        municipality_group, slopes.municipality * model.municipality_part, pair.shape[1]
    )
    # d becomes the derivative in log P_ij before scaling
    d_pair = legs.us_members.T @ slopes.state_pair @ legs.mx_members.T
    d_pair += group_zone[:, None]
    d_pair += group_municipality
    by_city = model.us_factor, model.mx_factor, legs.alone, legs.ports, legs.first
    port_mean, city_mean = np.empty_like(pair), np.empty_like(model.city_weight)
    port_means(*by_city, model.city_weight, model.z, slopes.port, city_mean, port_mean)
    d_pair += port_mean
    d_pair *= pair
    d_pair -= pair * d_pair.sum()
    by_zone = d_pair.sum(axis=1)
    d_value = d_pair + ((nu - 1) * by_zone)[:, None] * model.chosen
    group_demand = d_value.sum(axis=0)
    d_log_z, by_hours = _through_hours(p, model, d_value)
    d_log_z -= pair * port_mean
    d_log_z /= model.z
    d_attraction = np.empty(len(slopes.port))
    us_hours, mx_hours = through_ports(
        *by_city, float(p["nest_scale"]), model.city_weight, legs.us, legs.mx,
        d_log_z, pair / model.z, slopes.port, city_mean, d_attraction,
    )  # fmt: skip
    # a group's supply and demand are shared by its places
    d_supply = model.zone_part * (
        by_zone[zone_group] + pair.sum(axis=1)[zone_group] * (slopes.zone - group_zone[zone_group])
    )
    d_demand = model.municipality_part * (
        group_demand[municipality_group]
        + pair.sum(axis=0)[municipality_group]
        * (slopes.municipality - group_municipality[municipality_group])
    )
    theta, weight = np.exp(p["log_theta"]), np.exp(p["log_us_weight"])
    d_state = _sum_by(evidence.zone_state, d_supply, len(evidence.us_states))
    return {
        "log_theta": theta * (by_hours["theta"] - mx_hours - weight * us_hours),
        "log_us_weight": -theta * weight * us_hours,
        "log_kappa": -kappa * (d_supply @ legs.access_root),
        "log_beta": by_hours["log_beta"],
        "log_power": by_hours["log_power"],
        "logit_nu": nu * (1 - nu) * (by_zone @ model.access),
        "port_effect": p["nest_scale"] * d_attraction,
        "city_effect": _sum_by(evidence.port_city, d_attraction, len(p["city_effect"])),
        "state_terms": evidence.state_terms.T @ d_state,
        "state_effect": d_state,
        "zone_effect": d_supply,
        **demand_gradient(d_demand, evidence, model.state_fraction),
        "affinity": legs.us_members @ d_pair @ legs.mx_members,
    }


def _through_hours(
    p: Parameters, model: TripFlow, d_value: FloatArray
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return the derivative in log Z, and those in theta, log beta and log power through C. `d_value` is lost.

    C = w nearest_us + nearest_mx - log_z / theta, where log_z is less what the nearest legs cost.
    """
    theta, beta, power = (np.exp(p[name]) for name in ("log_theta", "log_beta", "log_power"))
    legs, d_hours = model.legs, d_value
    d_hours *= model.resistance
    d_beta = -beta * d_hours.sum()
    d_power = -beta * power * np.vdot(d_hours, model.log_hours)
    d_hours *= -beta * power
    d_hours /= model.hours
    d_hours[model.floored] = 0
    of_nearest = (d_hours @ legs.nearest_mx).sum()
    of_nearest += np.exp(p["log_us_weight"]) * (d_hours.sum(axis=1) @ legs.nearest_us)
    d_theta = np.vdot(d_hours, model.log_z) / theta**2 - of_nearest / theta
    d_hours /= -theta
    return d_hours, {"theta": d_theta, "log_beta": d_beta, "log_power": d_power}


def _sum_by(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return (groups,) the sum of the values of each group."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)
