"""Gradient of the choice model "trip": reverse mode, by hand (docs/method.md 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from corridors.inference.model.demand import demand_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    city_means, port_mean = _port_means(model, slopes.port)
    if port_mean is not None:
        d_pair += port_mean
    d_pair *= pair
    d_pair -= pair * d_pair.sum()
    by_zone = d_pair.sum(axis=1)
    d_value = d_pair + ((nu - 1) * by_zone)[:, None] * model.chosen
    group_demand = d_value.sum(axis=0)
    d_log_z, by_hours = _through_hours(p, model, d_value)
    if port_mean is not None:
        d_log_z -= pair * port_mean
    d_attraction, us_hours, mx_hours = _through_ports(
        p["nest_scale"], model, slopes.port, d_log_z, city_means
    )
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


def _port_means(model: TripFlow, port: FloatArray) -> tuple[list[FloatArray], FloatArray | None]:
    """Return the mean of `port` over the ports of each city, times s_n, and over all ports of a pair; None if all zero."""
    if not port.any():
        return [], None
    legs, alone = model.legs, model.legs.alone
    us_factor, mx_factor = model.us_factor, model.mx_factor
    whole = (us_factor[:, alone] * port[alone]) @ mx_factor[alone]
    whole /= model.z
    by_city = []
    for ports, weight in zip(legs.cities, model.city_weight, strict=True):
        here = (us_factor[:, ports] * port[ports]) @ mx_factor[ports]
        whole += here * weight
        by_city.append(here)
    return by_city, whole


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


def _through_ports(
    nest: FloatArray,
    model: TripFlow,
    port: FloatArray,
    d_log_z: FloatArray,
    city_means: Sequence[FloatArray],
) -> tuple[FloatArray, float, float]:
    """Return (ports,) the derivative in a_k, and its sums over pairs times the hours of each leg.

    The derivative in u_ikj is pi_k (d log Z - P A_n (1 / lambda - 1) / s_n + P G_k / lambda), with G the derivative in the
    flow of a port, A_n its mean over a city times s_n; for a city of one port the last two are P G_k.
    """
    legs, pair = model.legs, model.pair
    d_attraction = np.empty(len(port))
    us_hours = mx_hours = 0.0

    def add(ports: IntArray, d_weight: FloatArray, of_port: FloatArray | None, per_port: FloatArray) -> None:
        nonlocal us_hours, mx_hours
        mx = model.mx_factor[ports]
        both = np.concatenate([mx, mx * legs.mx[ports]]).T
        here = d_weight @ both
        if of_port is not None:
            here += np.tile(per_port, 2) * (of_port @ both)
        here *= np.tile(model.us_factor[:, ports], 2)
        d_attraction[ports] = here[:, : len(ports)].sum(axis=0)
        us_hours += float(np.vdot(here[:, : len(ports)], legs.us[:, ports]))
        mx_hours += float(here[:, len(ports) :].sum())

    add(legs.alone, d_log_z / model.z, pair / model.z if city_means else None, port[legs.alone])
    for n, (ports, weight) in enumerate(zip(legs.cities, model.city_weight, strict=True)):
        d_weight, of_port = d_log_z * weight, None
        if city_means:
            of_port = pair * weight
            d_weight -= (1 / nest - 1) * of_port * (city_means[n] / model.city_sum[n])
        add(ports, d_weight, of_port, port[ports] / nest)
    return d_attraction, us_hours, mx_hours


def _sum_by(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return (groups,) the sum of the values of each group."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)
