"""Tests on records of another kind than any figure of the fit (docs/method.md 7.1): events and freight.

Dated seizures by municipality (V6b), goods by truck through crossing cities (V11) and seizures at ports of entry (V12).
None is a sample: bulletins and articles choose what they print, and goods are not firearms. So each score stands beside
those of rules without a model, and bands come from drawing whole bulletins, pairs or articles again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from corridors.inference.routing.costs import base_costs
from corridors.inference.routing.places import route_world
from corridors.inference.validation.score import ScoreCode, TestResult, compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.draws import FlowDraws
    from corridors.core.held_out import Freight, PortEvents, SeizureEvents
    from corridors.core.types import BoolArray, Evidence, FloatArray, HeldOut
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.routing.places import LegCosts

FLOOR = 0.01
"""Probability spread evenly over all choices before a logarithm is taken, in the model's shares and in every rule's: a
single case at a place without flow would lose infinitely. A judgment: of a hundred records one may be misread."""
NORTHERN_STATES = ("02", "05", "08", "19", "25", "26", "28")
"""Mexican states whose bulletins appeared in a series of their own in 2025: the six at the border, and Sinaloa."""
HEAVIEST_PAIRS = 20
"""Pairs of states listed case by case: the others carry little of the flow."""


def seizure_event_tests(
    evidence: Evidence, held: HeldOut, events: SeizureEvents, posterior: FlowDraws
) -> list[TestResult]:
    """Return V6b: mean log probability of the municipality where firearms were seized, by the modeled arrivals.

    Over the whole country, and inside the seven northern states alone, where bulletins appeared most regularly.
    """
    rules = {"people": held.municipality_population, "homicides": held.municipality_homicides}
    arrivals = posterior.port_municipality.mean(axis=0).sum(axis=0)
    everywhere = np.ones(len(arrivals), dtype=bool)
    north = np.isin(np.array(evidence.mx_states), NORTHERN_STATES)[evidence.municipality_state]
    tests = []
    for measure, inside in (("log_probability", everywhere), ("log_probability_north", north)):
        chosen = np.flatnonzero(inside[events.municipality])
        if not len(chosen):
            continue
        place, weight = events.municipality[chosen], events.weight[chosen]
        ours = np.log(_shares(arrivals, inside)[place])
        states = evidence.municipality_state[place]
        names = [evidence.mx_states[state] for state in states]
        for name, rule in rules.items():
            theirs = np.log(_shares(rule, inside)[place])
            test = compare(
                ScoreCode.SEIZURE_EVENTS,
                measure,
                name,
                (names, ours.tolist(), theirs.tolist()),
                passes=lambda test: test.low > 0,
                weight=weight,
                group=events.bulletin[chosen],
            )
            tests.append(replace(test, detail=_by_name(names, ours, theirs, weight)))
    return tests


def freight_tests(
    problem: Problem, held: HeldOut, freight: Freight, posterior: FlowDraws
) -> list[TestResult]:
    """Return V11: how far P(crossing city | US state, Mexican state) is from that of goods by truck, and its log score.

    Pairs of states count as much as their share of the modeled flow. Goods take the cheapest whole way, so they bound what
    is plausible and do not prove a way of firearms.
    """
    evidence = problem.evidence
    value = freight.value.sum(axis=1)
    pair = np.where(value > 0, posterior.state_pair.mean(axis=0), 0.0)
    us, mx = np.nonzero(pair)
    if not len(us):
        return []
    seen = freight.value[us, :, mx] / value[us, mx][:, None]
    hours = free_flow_legs(problem)
    vehicles = np.broadcast_to(
        np.exp(evidence.log_port_volume)[:, None], (len(value), len(freight.port_city), value.shape[1])
    )
    flows = {
        "model": posterior.state_flow.mean(axis=0),
        "nearest_whole_way": mean_over_places(evidence, held, partial(_nearest, hours)),
        "volume": vehicles,
        "plain_logit": mean_over_places(evidence, held, partial(plain_logit, evidence, hours)),
    }
    shares = {name: _by_city(flow, freight)[us, :, mx] for name, flow in flows.items()}
    scores = {
        "total_variation": {name: 0.5 * np.abs(share - seen).sum(axis=1) for name, share in shares.items()},
        "log_probability": {
            name: (seen * np.log(_with_floor(share))).sum(axis=1) for name, share in shares.items()
        },
    }
    weight = pair[us, mx]
    names = [f"{evidence.us_states[r]}-{evidence.mx_states[a]}" for r, a in zip(us, mx, strict=True)]
    heaviest = np.argsort(-weight, kind="stable")[:HEAVIEST_PAIRS]
    tests = []
    for measure, by_rule in scores.items():
        for rule, theirs in by_rule.items():
            if rule == "model":
                continue
            test = compare(
                ScoreCode.FREIGHT,
                measure,
                rule,
                (names, by_rule["model"].tolist(), theirs.tolist()),
                passes=None if rule == "plain_logit" else lambda test: test.low > 0,
                weight=weight,
            )
            tests.append(replace(test, detail=tuple(test.detail[n] for n in heaviest)))
    return tests


def port_event_tests(evidence: Evidence, events: PortEvents, posterior: FlowDraws) -> list[TestResult]:
    """Return V12: mean log probability of the crossing where firearms were seized, inside its field office."""
    if not events.names:
        return []
    rules = {"volume": np.exp(evidence.log_port_volume), "equal": np.ones(events.ports.shape[1])}

    def score(weight: FloatArray) -> list[float]:
        return [
            float(np.log(_shares(weight, office)[ports].sum()))
            for office, ports in zip(events.office, events.ports, strict=True)
        ]

    ours = score(posterior.port_share.mean(axis=0))
    return [
        compare(
            ScoreCode.PORT_EVENTS,
            "log_probability_office",
            name,
            (events.names, ours, score(rule)),
            passes=lambda test: test.low > 0,
            group=events.article,
        )
        for name, rule in rules.items()
    ]


def free_flow_legs(problem: Problem) -> LegCosts:
    """Return hours of both legs at the speed of each road: no toll, no noise."""
    arcs, costs = problem.network.arcs, problem.plan.costs
    untolled = costs.model_copy(update={"value_of_time_usd": inf})
    return route_world(problem.network, base_costs(arcs, untolled)).legs


def mean_over_places(evidence: Evidence, held: HeldOut, choice: Callable[[int], FloatArray]) -> FloatArray:
    """Return (us states, ports, mx states) a rule's probability of each port, given both states.

    Inside a state, places count by their population: a rule that needs no model.

    Parameters
    ----------
    choice
        (ports, municipalities) probabilities of the ports, from the zone of the given position.
    """
    state, mx_states = evidence.municipality_state, len(evidence.mx_states)
    people = held.municipality_population
    member = np.where(state[:, None] == np.arange(mx_states), people[:, None], 0.0)
    member /= member.sum(axis=0)
    found = np.zeros((len(evidence.us_states), len(evidence.log_port_volume), mx_states))
    whole = np.bincount(evidence.zone_state, weights=held.zone_population)
    for zone, r in enumerate(evidence.zone_state):
        found[r] += held.zone_population[zone] / whole[r] * (choice(zone) @ member)
    return found


def plain_logit(evidence: Evidence, hours: LegCosts, zone: int) -> FloatArray:
    """Return (ports, municipalities) probabilities of a logit: vehicles times opening hours, one e-fold an hour of the way."""
    utility = (evidence.log_port_volume + evidence.log_open_fraction)[:, None] - _whole_way(hours, zone)
    return np.asarray(softmax(utility, axis=0))


def _nearest(hours: LegCosts, zone: int) -> FloatArray:
    """Return (ports, municipalities) 1 at the port of the shortest whole way."""
    way = _whole_way(hours, zone)
    return np.asarray((np.arange(len(way))[:, None] == way.argmin(axis=0)).astype(np.float64))


def _whole_way(hours: LegCosts, zone: int) -> FloatArray:
    """Return (ports, municipalities) hours from a zone through each port."""
    return np.asarray(hours.us[zone][:, None] + np.exp(hours.log_mx))


def _by_name(
    names: list[str], ours: FloatArray, theirs: FloatArray, weight: FloatArray
) -> tuple[tuple[str, float, float], ...]:
    """Return the weighted mean scores of the cases of each name."""
    means = []
    for name in sorted(set(names)):
        here = np.array(names) == name
        model, rule = (float(np.average(side[here], weights=weight[here])) for side in (ours, theirs))
        means.append((name, model, rule))
    return tuple(means)


def _by_city(flow: FloatArray, freight: Freight) -> FloatArray:
    """Return (us states, cities, mx states) shares of each pair's flow, which sum to 1 over cities where there is any.

    Flow through a port whose freight is counted nowhere stays in the whole: it is missing from every city.
    """
    member = freight.port_city == np.arange(freight.value.shape[1])[:, None]
    by_city = np.einsum("nk,rka->rna", member.astype(np.float64), flow)
    whole = flow.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(by_city, whole, out=np.zeros_like(by_city), where=whole > 0))


def _with_floor(share: FloatArray) -> FloatArray:
    """Return shares along the last axis with the floor spread evenly."""
    return np.asarray((1 - FLOOR) * share + FLOOR / share.shape[-1])


def _shares(weight: FloatArray, inside: BoolArray) -> FloatArray:
    """Return shares of the choices inside, with the floor; zero outside."""
    share = np.where(inside, weight, 0.0)
    return np.where(inside, (1 - FLOOR) * share / share.sum() + FLOOR / inside.sum(), 0.0)
