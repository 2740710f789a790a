"""Log likelihood of the crossing cities of published routes, given where each begins and what it first reaches beyond.

Only these figures are about how much an hour of road counts on either side of the border (docs/method.md 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridors.inference.model.trip_choice import port_given_trip

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.model.flow import Parameters
    from corridors.inference.routing.places import LegCosts


@dataclass(frozen=True, slots=True, eq=False)
class RouteLegs:
    """Generalized hours of the published routes in one cost world.

    Parameters
    ----------
    us, mx
        (routes, ports) hours from each origin to each port, and from each port to what is first reached beyond.
    crossed
        (routes, ports) whether a port is of the city the route crosses at.
    weight
        (routes,) weight of each in the likelihood.
    volume_noise
        (ports,) deviation of the logarithm of southbound cars in this world.
    """

    us: FloatArray
    mx: FloatArray
    crossed: FloatArray
    weight: FloatArray
    volume_noise: FloatArray


def route_legs(evidence: Evidence, legs: LegCosts, weight: float) -> RouteLegs:
    """Return the legs of the published routes in one cost world, each weighted by its own weight times `weight`."""
    published = evidence.published
    return RouteLegs(
        us=legs.us[published.route_origins],
        mx=np.exp(legs.log_mx[:, published.route_targets]).T,
        crossed=(evidence.port_city == published.route_cities[:, None]).astype(np.float64),
        weight=weight * published.route_weights,
        volume_noise=legs.volume_noise,
    )


def log_crossings(
    p: Parameters, evidence: Evidence, routes: RouteLegs
) -> tuple[float, dict[str, FloatArray]]:
    """Return the weighted log probability of the routes' crossing cities, and its gradient in the parameters it reads.

    d log P(n|ij) / d u_k is the probability of the port given the city, where it is of the city, less that given the trip.
    """
    chosen = port_given_trip(p, evidence, routes.us, routes.mx, routes.volume_noise)
    of_city = chosen * routes.crossed
    probability = of_city.sum(axis=1)
    d_value = routes.weight[:, None] * (of_city / probability[:, None] - chosen)
    theta, weight = np.exp(p["log_theta"]), np.exp(p["log_us_weight"])
    us_hours, mx_hours = np.vdot(d_value, routes.us), np.vdot(d_value, routes.mx)
    by_port = d_value.sum(axis=0)
    by_city = np.bincount(evidence.port_city, weights=by_port, minlength=len(p["city_effect"]))
    return float(routes.weight @ np.log(probability)), {
        "log_theta": -theta * (weight * us_hours + mx_hours),
        "log_us_weight": -theta * weight * us_hours,
        "port_effect": p["nest_scale"] * by_port,
        "city_effect": np.asarray(by_city, dtype=np.float64),
    }
