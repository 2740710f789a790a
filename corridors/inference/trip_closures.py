"""The structure "trip" in a few numbers: the model itself, on groups of places at their hours at median costs.

Places of a state whose flow crosses alike are taken together. What groups and median hours leave out at a draw is taken up
by supply, demand, attraction and affinity: they are fitted until the margins are those of the whole model at that draw, in
its cost world. What is lost is how a world's hours differ by pairs of places, and how few draws are kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.special import expit

from corridors.core.closures import TripClosureModel
from corridors.core.types import freeze
from corridors.inference.model import trip_choice
from corridors.inference.model.choice import flow
from corridors.inference.model.demand import log_demand
from corridors.inference.model.state_sums import members
from corridors.inference.routing.places import MIN_HOURS, LegCosts

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, FloatArray, IntArray
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.model.flow import Flow, Parameters
    from corridors.inference.model.trip_choice import TripLegs

ZONE_GROUPS, MUNICIPALITY_GROUPS = 24, 48
"""Groups in all, at least one a state. Four times as many make no port's share better (docs/scenarios.md)."""
ROUNDS = 25
"""Rounds of the fit to the margins."""
STEP = 0.5
"""Fraction of a round's misfit that places take up, and state pairs: they share it."""
_TINY = 1e-300


class _Groups(NamedTuple):
    """Groups of places, and the evidence on them: `zone`, `municipality` are (groups, places), 1 where a place is of a group."""

    zone: FloatArray
    municipality: FloatArray
    evidence: Evidence
    legs: LegCosts


def trip_closure_model(problem: Problem, posterior: FlowDraws, rows: IntArray) -> TripClosureModel:
    """Return the model of the structure "trip" at the given draws, by their rows in the posterior."""
    draws = [{name: values[row] for name, values in posterior.parameters.items()} for row in rows]
    worlds = [problem.world(int(world)).legs for world in posterior.world[rows]]
    models = [
        flow(p, problem.evidence, problem.kept_legs(legs)) for p, legs in zip(draws, worlds, strict=True)
    ]
    groups = _group_places(problem, models)
    legs = trip_choice.trip_legs(groups.evidence, groups.legs)
    fitted = [
        _fit_margins(_reduced(p, problem, world, model, groups), groups, legs, model)
        for p, world, model in zip(draws, worlds, models, strict=True)
    ]
    parameters = {name: np.stack([p[name] for p, _ in fitted]) for name in fitted[0][0]}
    found = TripClosureModel(
        us=groups.legs.us,
        mx=np.exp(groups.legs.log_mx),
        us_state=groups.evidence.zone_state,
        mx_state=groups.evidence.municipality_state,
        port_city=problem.evidence.port_city,
        nest_scale=float(parameters["nest_scale"][0]),
        min_hours=MIN_HOURS,
        theta=np.exp(parameters["log_theta"]),
        us_weight=np.exp(parameters["log_us_weight"]),
        beta=np.exp(parameters["log_beta"]),
        power=np.exp(parameters["log_power"]),
        kappa=np.exp(parameters["log_kappa"]),
        nu=expit(parameters["logit_nu"]),
        law=posterior.parameters["state_terms"][rows, 0],
        attraction=np.stack(
            [trip_choice.attraction(p, evidence, legs.volume_noise) for p, evidence in fitted]
        ),
        supply=np.stack([evidence.log_supply for _, evidence in fitted]),
        demand=np.stack([evidence.log_demand_offset for _, evidence in fitted]),
        affinity=parameters["affinity"],
        us_states=problem.evidence.us_states,
    )
    freeze(*(getattr(found, name) for name in ("us", "mx", "attraction", "supply", "demand", "affinity")))
    return found


def group_alike(by_port: FloatArray, state: IntArray, groups: int) -> tuple[IntArray, IntArray]:
    """Return the group of each place, and the state of each group: places of a state whose flow crosses alike.

    Ward's method on the roots of what a place sends to or gets from each port, so that places count by their flow; cut at one
    height in all states, so that groups are where flow is.

    Parameters
    ----------
    by_port
        (places, ports) shares of the flow.
    state
        (places,) position of each place's state.
    groups
        Groups in all; no state has less than one.
    """
    states = np.unique(state)
    places = {int(one): np.flatnonzero(state == one) for one in states}
    trees = {one: linkage(np.sqrt(by_port[own]), "ward") for one, own in places.items() if len(own) > 1}
    heights = np.sort(np.concatenate([np.zeros(0), *(tree[:, 2] for tree in trees.values())]))
    apart = min(max(groups - len(states), 0), len(heights))
    top = heights[-1] + 1 if len(heights) else 0.0
    bounds = np.concatenate([[-1.0], heights, [top]])
    cut = (bounds[-1 - apart] + bounds[-2 - apart]) / 2
    group, of_group = np.zeros(len(state), dtype=np.int64), list[int]()
    for one, own in places.items():
        labels = np.ones(len(own), dtype=np.int64)
        if one in trees:
            labels = fcluster(trees[one], cut, "distance").astype(np.int64)
        group[own] = len(of_group) + labels - 1
        of_group += [one] * int(labels.max())
    return group, np.array(of_group, dtype=np.int64)


def _group_places(problem: Problem, models: list[Flow]) -> _Groups:
    """Return groups of places by the mean flow of some draws, at their mean hours at median costs."""
    evidence, median = problem.evidence, problem.median.legs
    by_zone = np.mean([model.zone_port() for model in models], axis=0)
    by_municipality = np.mean([model.port_municipality() for model in models], axis=0).T
    zone, zone_state = group_alike(by_zone, evidence.zone_state, ZONE_GROUPS)
    municipality, municipality_state = group_alike(
        by_municipality, evidence.municipality_state, MUNICIPALITY_GROUPS
    )
    of_zone = members(zone, len(zone_state))
    of_municipality = members(municipality, len(municipality_state))
    on_groups = replace(
        evidence,
        zone_state=zone_state,
        municipality_state=municipality_state,
        log_supply=np.zeros(len(zone_state)),
        demand_terms=np.zeros((len(municipality_state), 0)),
        log_demand_offset=np.zeros(len(municipality_state)),
        log_state_demand=np.zeros(0),
    )
    mx = _mean_rows(of_municipality, by_municipality.sum(axis=1), np.exp(median.log_mx).T).T
    legs = LegCosts(_mean_rows(of_zone, by_zone.sum(axis=1), median.us), np.log(mx))
    return _Groups(of_zone, of_municipality, on_groups, legs)


def _reduced(
    p: Parameters, problem: Problem, world: LegCosts, model: Flow, groups: _Groups
) -> tuple[Parameters, Evidence]:
    """Return a draw's parameters and evidence on groups, hours scaled from the draw's world to median costs."""
    whole, median = problem.evidence, problem.median.legs
    log_us = _log_scale(model.zone_port(), world.us, median.us)
    log_mx = _log_scale(model.port_municipality(), np.exp(world.log_mx), np.exp(median.log_mx))
    by_state = whole.state_terms @ p["state_terms"] + p["state_effect"]
    supply = np.exp(whole.log_supply + by_state[whole.zone_state] + p["zone_effect"])
    demand = np.exp(log_demand(p, whole)[0])
    evidence = replace(
        groups.evidence,
        log_supply=np.log(groups.zone @ supply + _TINY),
        log_demand_offset=np.log(groups.municipality @ demand + _TINY),
    )
    own = {
        "log_theta": p["log_theta"] + log_mx,
        "log_us_weight": p["log_us_weight"] + log_us - log_mx,
        "log_beta": p["log_beta"] + np.exp(p["log_power"]) * log_mx,
        "log_kappa": p["log_kappa"] + log_us / 2,
        "port_effect": p["port_effect"] + world.volume_noise,
        "state_terms": np.zeros_like(p["state_terms"]),
        "state_effect": np.zeros_like(p["state_effect"]),
        "zone_effect": np.zeros(len(groups.zone)),
        "demand_terms": np.zeros(0),
        "demand_effect": np.zeros_like(p["demand_effect"]),
    }
    return {**p, **own}, evidence


def _fit_margins(
    start: tuple[Parameters, Evidence], groups: _Groups, legs: TripLegs, model: Flow
) -> tuple[Parameters, Evidence]:
    """Return parameters and evidence on groups at which the margins are those of the whole model (iterative fitting)."""
    p, evidence = start
    of_city = members(evidence.port_city, len(evidence.crossing_cities))
    zone, municipality = groups.zone @ model.zone, groups.municipality @ model.municipality
    for _ in range(ROUNDS):
        found = trip_choice.flow(p, evidence, legs)
        supply = STEP * _log_ratio(zone, found.zone)
        demand = STEP * _log_ratio(municipality, found.municipality)
        city = _log_ratio(of_city @ model.port, of_city @ found.port)
        evidence = replace(
            evidence,
            log_supply=evidence.log_supply + supply,
            log_demand_offset=evidence.log_demand_offset + demand,
        )
        p = {
            **p,
            "affinity": p["affinity"] + STEP * _log_ratio(model.state_pair, found.state_pair),
            "city_effect": p["city_effect"] + city,
            "port_effect": p["port_effect"] + _log_ratio(model.port, found.port) - city[evidence.port_city],
        }
    return p, evidence


def _mean_rows(of_group: FloatArray, weight: FloatArray, rows: FloatArray) -> FloatArray:
    """Return (groups, columns) weighted means of the rows of each group."""
    weights = of_group * (weight + _TINY)
    return np.asarray((weights / weights.sum(axis=1, keepdims=True)) @ rows)


def _log_scale(flow_by_leg: FloatArray, hours: FloatArray, median: FloatArray) -> float:
    """Return the log of the mean hours of a world's legs, by their flow, over those at median costs."""
    return float(np.log((flow_by_leg * hours).sum() / (flow_by_leg * median).sum()))


def _log_ratio(wanted: FloatArray, found: FloatArray) -> FloatArray:
    """Return the log of wanted over found, 0 where either is nothing."""
    known = (wanted > _TINY) & (found > _TINY)
    return np.log(np.divide(wanted, found, out=np.ones_like(wanted), where=known))
