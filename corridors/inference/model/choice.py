"""The choice model under either structure, "trip" or "port", known by its parameters (docs/method.md 3.3, 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.inference.model import port_choice, trip_choice
from corridors.inference.model.trip_choice import TripLegs, trip_legs
from corridors.inference.routing.places import NO_ROAD_HOURS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridors.core.types import BoolArray, Evidence, FloatArray
    from corridors.inference.model.flow import Flow, Parameters
    from corridors.inference.model.groups import PlaceGroups
    from corridors.inference.model.port_choice import MunicipalityChoice
    from corridors.inference.routing.places import LegCosts


_TINY = 1e-300
"""Stands for a share of nothing, which has no logarithm."""


def is_trip(p: Mapping[str, object]) -> bool:
    """Return whether the parameters, or their priors, are of the structure "trip"."""
    return "log_theta" in p


def flow(
    p: Parameters,
    evidence: Evidence,
    legs: LegCosts | TripLegs,
    *,
    groups: PlaceGroups | None = None,
    choice: MunicipalityChoice | None = None,
) -> Flow:
    """Return the modelled flow, under the structure whose parameters are given.

    Parameters
    ----------
    legs
        Costs of both legs; for the structure "trip" also as prepared by `trip_legs`.
    groups
        Places that the structure "trip" may take together; each by itself by default.
    choice
        What the structure "port" need not compute again.
    """
    if isinstance(legs, TripLegs):
        return trip_choice.flow(p, evidence, legs)
    if is_trip(p):
        return trip_choice.flow(p, evidence, trip_legs(evidence, legs, groups))
    return port_choice.flow(p, evidence, legs, choice)


def with_pairs(p: Parameters, evidence: Evidence, legs: LegCosts | TripLegs, state_pair: FloatArray) -> Flow:
    """Return the modelled flow with the affinity of each pair of states such that pairs are as given.

    Under either structure a pair's flow is proportional to the exponential of its affinity.

    Parameters
    ----------
    state_pair
        (us states, mx states) shares of the flow, summing to 1.
    """
    found = flow(p, evidence, legs).state_pair
    shift = np.log(np.maximum(state_pair, _TINY)) - np.log(np.maximum(found, _TINY))
    return flow({**p, "affinity": p["affinity"] + shift}, evidence, legs)


def port_given_trip(
    p: Parameters, evidence: Evidence, legs: LegCosts
) -> Callable[[int, int, BoolArray], FloatArray]:
    """Return the function that gives (ports,) the probability of each port of entry on a trip between two places.

    Its arguments are the positions of the zone, -1 where it is not known, and of the municipality; and (ports,) which
    ports are possible where the zone is not known.
    """
    if is_trip(p):

        def of_trip(origin: int, destination: int, ports: BoolArray) -> FloatArray:
            mx = np.exp(legs.log_mx[:, destination])
            us = legs.us[origin] if origin >= 0 else np.where(ports, 0.0, NO_ROAD_HOURS)
            return trip_choice.port_given_trip(p, evidence, us, mx, legs.volume_noise)

        return of_trip
    model = port_choice.flow(p, evidence, legs)

    def of_port(origin: int, destination: int, ports: BoolArray) -> FloatArray:
        weight = model.municipality_given_port[:, destination].copy()
        weight *= model.port_given_zone[origin] if origin >= 0 else ports
        return np.asarray(weight / weight.sum())

    return of_port
