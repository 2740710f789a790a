"""Simple rules that the model must beat (docs/method.md 7.1): what a reader could compute without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridors.core.settings import PriorSettings
from corridors.inference.model.gravity import flow, port_municipality, zone_port
from corridors.inference.model.parameters import priors, start, unflatten
from corridors.inference.routing.places import edge_flow

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray, HeldOut, IntArray
    from corridors.inference.routing.places import CostWorld, RoutedNetwork

GRAVITY_POWER = 2.0
"""Of hours, in the gravity of people: the textbook's."""


def licences_and_demand(evidence: Evidence) -> FloatArray:
    """Return (us states, mx states) shares of licences times demand: no road, no port."""
    supply = _by(evidence.zone_state, evidence.zones["dealers"].to_numpy(), len(evidence.us_states))
    if len(evidence.log_state_demand):
        demand = np.exp(evidence.log_state_demand)
    else:
        municipality = np.exp(evidence.log_demand_offset - evidence.log_demand_offset.max())
        demand = _by(evidence.municipality_state, municipality, len(evidence.mx_states))
    return _shares(np.outer(supply, demand))


def people_over_distance(evidence: Evidence, held: HeldOut, world: CostWorld) -> FloatArray:
    """Return (us states, mx states) shares of a gravity of people: P_r P_a over hours squared, by the quickest port.

    Hours between states are those between their people, mean over both.
    """
    municipalities = held.municipality_population
    hours = np.exp(world.legs.log_mx) @ _members(
        municipalities, evidence.municipality_state, len(evidence.mx_states)
    )
    north = _members(held.zone_population, evidence.zone_state, len(evidence.us_states)).T @ world.legs.us
    apart = (north[:, :, None] + hours[None, :, :]).min(axis=1)
    people = _by(evidence.zone_state, held.zone_population, len(evidence.us_states))
    there = _by(evidence.municipality_state, municipalities, len(evidence.mx_states))
    return _shares(np.outer(people, there) / apart**GRAVITY_POWER)


def traffic(network: RoutedNetwork, evidence: Evidence, held: HeldOut, world: CostWorld) -> FloatArray:
    """Return (edges,) the traffic there would be if people, not licences and seizures, made it.

    The model at its priors' means, with people in the place of supply and demand. No count of vehicles by road that
    covers both countries is published.
    """
    people = replace(
        evidence,
        log_supply=np.log(held.zone_population),
        state_terms=np.zeros_like(evidence.state_terms),
        demand_terms=np.zeros((len(evidence.municipality_state), 0)),
        log_demand_offset=np.log(np.maximum(1, held.municipality_population)),
        log_state_demand=np.zeros(0),
    )
    prior = priors(people, PriorSettings())
    model = flow(unflatten(start(prior), prior), people, world.legs)
    return edge_flow(network, world, zone_port(model, people), port_municipality(model, people))


def _by(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return sums by group."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)


def _members(weight: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return (items, groups) each item's fraction of its group."""
    found = np.where(group[:, None] == np.arange(groups), weight[:, None], 0.0)
    return np.asarray(found / found.sum(axis=0))


def _shares(state_pair: FloatArray) -> FloatArray:
    """Return fractions of the whole."""
    return np.asarray(state_pair / state_pair.sum())
