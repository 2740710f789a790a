"""Groups of places that a fit takes together, because their hours to every port are nearly the same.

A fit evaluates (zones, municipalities) arrays tens of thousands of times; groups make them some forty times smaller. The
error is measured in docs/method.md 5.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from corridors.inference.model.demand import log_demand
from corridors.inference.model.parameters import start, unflatten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import BoolArray, Evidence, FloatArray, IntArray
    from corridors.inference.model.parameters import Prior
    from corridors.inference.routing.places import LegCosts

ZONE_TOLERANCE, FIT_MUNICIPALITY_TOLERANCE, MUNICIPALITY_TOLERANCE = 0.25, 0.25, 0.15
"""Largest root mean square difference over ports of the roots of hours within a group: the deterrence of distance is
concave, so an hour matters more near the border."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceGroups:
    """Places that are taken together while a fit runs, because their hours to every port are nearly the same.

    Parameters
    ----------
    zone, municipality
        (zones,), (municipalities,) number of each one's group; a group lies in one state.
    supply, demand
        (zones,), (municipalities,) weights of the places in the mean hours of their group.
    """

    zone: IntArray
    municipality: IntArray
    supply: FloatArray
    demand: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Resolution:
    """Groups of places: coarse ones for the steps of a fit, fine ones for what is kept and published."""

    fit: PlaceGroups
    kept: PlaceGroups


def group_places(evidence: Evidence, legs: LegCosts, prior: Mapping[str, Prior]) -> Resolution:
    """Return groups of zones and of municipalities, at the leg costs of one world; those with figures stay alone.

    What is kept has every zone by itself.
    """
    published = evidence.published
    named = np.asarray((published.city_fractions > 0).any(axis=0), dtype=np.bool_)
    top = np.zeros(len(evidence.municipality_state), dtype=np.bool_)
    top[published.top_municipalities] = True
    demand, _ = log_demand(unflatten(start(prior), prior), evidence)
    mx_hours = np.exp(legs.log_mx).T
    kept = PlaceGroups(
        zone=np.arange(len(evidence.zone_state)),
        municipality=_groups(mx_hours, evidence.municipality_state, top, MUNICIPALITY_TOLERANCE),
        supply=np.exp(evidence.log_supply),
        demand=np.exp(demand - demand.max()),
    )
    return Resolution(
        fit=replace(
            kept,
            zone=_groups(legs.us, evidence.zone_state, named, ZONE_TOLERANCE),
            municipality=_groups(mx_hours, evidence.municipality_state, top, FIT_MUNICIPALITY_TOLERANCE),
        ),
        kept=kept,
    )


def _groups(hours: FloatArray, state: IntArray, alone: BoolArray, tolerance: float) -> IntArray:
    """Return the group of each place: complete linkage of the roots of its hours to the ports, state by state."""
    group = np.full(len(state), -1, dtype=np.int64)
    group[alone] = np.arange(alone.sum())
    count = int(alone.sum())
    for one in np.unique(state):
        own = np.flatnonzero((state == one) & ~alone)
        labels = np.ones(len(own), dtype=np.int64)
        if len(own) > 1:
            roots = np.sqrt(hours[own] / hours.shape[1])
            labels = fcluster(linkage(roots, "complete"), tolerance, "distance").astype(np.int64)
        group[own] = count + labels - 1
        count += int(labels.max(initial=0))
    return group
