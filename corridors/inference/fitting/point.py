"""The point fit: the parameters at which prior and published figures together are most probable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from corridors.core.errors import NotEnoughDataError
from corridors.inference.model.choice import flow, is_trip
from corridors.inference.model.crossings import log_crossings, route_legs
from corridors.inference.model.likelihood import LikelihoodOptions, log_likelihood
from corridors.inference.model.parameters import Prior, columns, flatten, log_prior, start, unflatten
from corridors.inference.model.trip_choice import trip_legs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.model.flow import Flow
    from corridors.inference.model.groups import PlaceGroups
    from corridors.inference.model.trip_choice import TripLegs
    from corridors.inference.routing.places import LegCosts

MAX_ITERATIONS = 2_000
MEMORY = 30
"""Steps the minimiser keeps: about as many as there are directions that the figures inform, so a quarter fewer evaluations
than with the usual 10, and a smaller slope at the end."""
NONFINITE_PENALTY = 1e8
"""Stands for what is no number: a long step of the line search may land where shares underflow, and must turn back."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A point fit.

    Parameters
    ----------
    theta
        Flat vector of parameters.
    value
        Log posterior density, up to a constant.
    iterations, converged
        How the minimiser ended.
    """

    theta: FloatArray
    value: float
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What a posterior density is made of.

    Parameters
    ----------
    evidence, legs
        The observations, and both legs' costs in one cost world.
    prior
        Priors by parameter.
    options
        Which published figures are used, and how much each block is trusted.
    groups
        Places that the structure "trip" takes together; None for each by itself.
    """

    evidence: Evidence
    legs: LegCosts
    prior: Mapping[str, Prior]
    options: LikelihoodOptions
    groups: PlaceGroups | None = None

    def flows(self, theta: FloatArray) -> Iterator[Flow]:
        """Yield the flow at each of (draws, parameters) flat vectors, at the resolution of the fit."""
        legs = self.prepared_legs()
        return (flow(unflatten(one, self.prior), self.evidence, legs) for one in theta)

    def prepared_legs(self) -> LegCosts | TripLegs:
        """Return the legs as the structure reads them, computed once for many evaluations."""
        return trip_legs(self.evidence, self.legs, self.groups) if is_trip(self.prior) else self.legs


def fit_point(target: Target, *, guess: FloatArray | None = None) -> Fit:
    """Return the most probable parameters in one cost world.

    Parameters
    ----------
    guess
        Where to start; the priors' means by default.

    Raises
    ------
    NotEnoughDataError
        The minimiser finds no finite density at its start: the input cannot carry a fit.
    """
    # in sds of the prior: the minimiser starts from a round curvature, and takes half the steps
    sd = columns(target.prior)[1]
    first = (start(target.prior) if guess is None else guess) / sd
    log_posterior = density(target)

    def objective(x: FloatArray) -> tuple[float, FloatArray]:
        value, slope = log_posterior(x * sd)
        if not (np.isfinite(value) and np.all(np.isfinite(slope))):
            return NONFINITE_PENALTY, np.zeros_like(x)
        return -value, -slope * sd

    if objective(first)[0] == NONFINITE_PENALTY:
        raise NotEnoughDataError(
            "the published figures have no finite likelihood under the model: a state, city or municipality with "
            "a published count has no modelled flow; check that every state has dealers and a way to a port"
        )
    with np.errstate(all="ignore"):
        found = minimize(
            objective,
            first,
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": MAX_ITERATIONS, "maxcor": MEMORY, "ftol": 1e-9, "gtol": 1e-3},
        )
    return Fit(found.x * sd, -float(found.fun), int(found.nit), bool(found.success))


def density(target: Target) -> Callable[[FloatArray], tuple[float, FloatArray]]:
    """Return the function of a flat vector that gives its log posterior density, up to a constant, and the gradient."""
    evidence, prior, legs = target.evidence, target.prior, target.prepared_legs()
    mean, sd, heavy = columns(prior)
    weight = target.options.weights.route_weight
    routed = is_trip(prior) and weight > 0 and "crossings" in target.options.used
    routes = route_legs(evidence, target.legs, weight) if routed else None

    def log_posterior(theta: FloatArray) -> tuple[float, FloatArray]:
        parameters = unflatten(theta, prior)
        model = flow(parameters, evidence, legs)
        score = log_likelihood(model, evidence, target.options)
        slope = model.gradient(parameters, score.slopes)
        value = score.value
        if routes is not None:
            crossed, crossed_slope = log_crossings(parameters, evidence, routes)
            value += crossed
            for name, more in crossed_slope.items():
                slope[name] = slope[name] + more
        before, before_slope = log_prior(theta, mean, sd, heavy)
        return value + before, flatten(slope, prior) + before_slope

    return log_posterior
