"""The structure "trip" on groups of places, by its equations over the whole (zones, ports, municipalities) array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.closures import TripClosureModel
    from corridors.core.types import FloatArray


def port_shares(
    model: TripClosureModel, draw: int, closed: Sequence[int], laws: Mapping[int, float]
) -> FloatArray:
    """Return (ports,) shares of the flow at a draw with ports closed and laws changed by standard deviations."""
    theta, weight, nest = model.theta[draw], model.us_weight[draw], model.nest_scale
    value = model.attraction[draw].copy()
    value[list(closed)] = -np.inf
    is_open = np.isfinite(value)
    trip = weight * model.us[:, :, None] + model.mx[None]
    u = value[None, :, None] - theta * trip
    chosen = np.zeros_like(u)
    z = np.zeros((u.shape[0], u.shape[2]))
    least = np.where(is_open[None, :, None], trip, np.inf).min(axis=1)  # taken out, so that no sum is zero
    for city in np.unique(model.port_city):
        own = np.flatnonzero((model.port_city == city) & is_open)
        within = np.exp((u[:, own] + theta * least[:, None]) / nest)
        total = within.sum(axis=1) + 1e-300
        chosen[:, own] = within / total[:, None] * (total**nest)[:, None]
        z += total**nest
    chosen /= z[:, None]
    hours = np.maximum(least - np.log(z) / theta, model.min_hours)
    v = model.demand[draw] - model.beta[draw] * hours ** model.power[draw]
    access = np.log(np.exp(v).sum(axis=1))
    nearest = np.maximum(model.us[:, is_open].min(axis=1), model.min_hours)
    law = np.array([laws.get(int(state), 0.0) for state in model.us_state]) * model.law[draw]
    origin = model.supply[draw] + law - model.kappa[draw] * np.sqrt(nearest) + (model.nu[draw] - 1) * access
    log_pair = origin[:, None] + v + model.affinity[draw][model.us_state][:, model.mx_state]
    pair = np.exp(log_pair - log_pair.max())
    flow = np.einsum("ij,ikj->k", pair, chosen)
    return np.asarray(flow / flow.sum())
