from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.settings import CostSettings, PriorSettings
from corridors.inference.fitting.point import Target, density
from corridors.inference.model import LikelihoodOptions, priors
from corridors.inference.model.choice import (
    flow,
    port_given_trip,
)
from corridors.inference.model.crossings import log_crossings, route_legs
from corridors.inference.model.demand import log_demand
from corridors.inference.model.flow import MarginSlopes
from corridors.inference.model.groups import PlaceGroups
from corridors.inference.model.parameters import flatten, start, unflatten
from corridors.inference.model.trip_choice import trip_legs
from corridors.inference.routing import LegCosts, base_costs, prepare_routing, route_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import Arcs, Evidence
    from corridors.inference.model.flow import Flow, Parameters


@pytest.fixture(scope="module")
def world(toy_arcs: Arcs, toy_evidence: Evidence) -> tuple[Evidence, LegCosts]:
    """The toy world with a third port of entry beside the east one: one city has two bridges, the other one."""
    legs = route_world(
        prepare_routing(toy_arcs, toy_evidence.connectors), base_costs(toy_arcs, CostSettings())
    ).legs
    both = [0, 1, 0]
    us, log_mx = legs.us[:, both].copy(), legs.log_mx[both].copy()
    us[:, 2] += 0.3
    log_mx[2] = np.log(np.exp(log_mx[2]) + 0.2)
    evidence = replace(
        toy_evidence,
        log_port_volume=np.append(toy_evidence.log_port_volume, -1.2),
        log_open_fraction=np.append(toy_evidence.log_open_fraction, -0.4),
        port_city=np.array([0, 1, 0]),
    )
    return evidence, LegCosts(us, log_mx)


def drawn(evidence: Evidence, seed: int, spread: float = 0.4, **choice: float) -> Parameters:
    prior = priors(evidence, PriorSettings(**choice), "trip")
    first = start(prior)
    theta = first + spread * np.random.default_rng(seed).standard_normal(len(first))
    return unflatten(theta, prior)


def full_sum(p: Parameters, e: Evidence, legs: LegCosts) -> tuple[np.ndarray, float]:
    """The model by its equations over the whole (zones, ports, municipalities) array, one loop a trip."""
    theta, weight, kappa, beta, power = (
        np.exp(p[f"log_{name}"]) for name in ("theta", "us_weight", "kappa", "beta", "power")
    )
    nu, nest = 1 / (1 + np.exp(-p["logit_nu"])), p["nest_scale"]
    zones, ports = legs.us.shape
    places = legs.log_mx.shape[1]
    a = nest * (e.log_port_volume + p["port_effect"]) + e.log_open_fraction + p["city_effect"][e.port_city]
    supply = (
        e.log_supply + (e.state_terms @ p["state_terms"] + p["state_effect"])[e.zone_state] + p["zone_effect"]
    )
    nearest = legs.us[:, np.isfinite(e.log_open_fraction)].min(axis=1)
    demand = log_demand(p, e)[0]
    value, choice = np.zeros((zones, places)), np.zeros((zones, ports, places))
    for i in range(zones):
        for j in range(places):
            u = a - theta * (weight * legs.us[i] + np.exp(legs.log_mx[:, j]))
            z = 0.0
            for n in range(len(e.crossing_cities)):
                own = np.exp(u[e.port_city == n] / nest)
                if own.sum() > 0:
                    choice[i, e.port_city == n, j] = own / own.sum() * own.sum() ** nest
                    z += own.sum() ** nest
            choice[i, :, j] /= z
            value[i, j] = demand[j] - beta * max(-np.log(z) / theta, 0.1) ** power
    access = np.log(np.exp(value).sum(axis=1))
    affinity = p["affinity"][e.zone_state][:, e.municipality_state]
    log_pair = (
        (supply - kappa * np.sqrt(np.maximum(nearest, 0.1)) + (nu - 1) * access)[:, None] + value + affinity
    )
    pair = np.exp(log_pair)
    return pair[:, None, :] * choice, float(np.log(pair.sum()))


def check_margins(model: Flow, e: Evidence, full: np.ndarray) -> None:
    full = full / full.sum()
    assert np.allclose(model.zone, full.sum(axis=(1, 2)))
    assert np.allclose(model.port, full.sum(axis=(0, 2)))
    assert np.allclose(model.municipality, full.sum(axis=(0, 1)))
    assert np.allclose(model.zone_port(), full.sum(axis=2))
    assert np.allclose(model.port_municipality(), full.sum(axis=0))
    by_state = np.stack([full[:, :, e.municipality_state == a].sum(axis=(0, 2)) for a in (0, 1)], axis=1)
    assert np.allclose(model.journeys(np.ones((1, len(full))))[0], by_state)
    some = np.linspace(0.2, 1, len(full))
    own = (full * some[:, None, None]).sum(axis=0)
    assert np.allclose(model.arrivals(some), own)
    assert np.allclose(model.journeys(some[None]).sum(axis=(0, 2)), own.sum(axis=1))
    assert np.allclose(model.state_pair[0], by_state.sum(axis=0))


@given(st.integers(0, 10**6), st.sampled_from([0.25, 0.5, 0.8, 1.0]))
@settings(deadline=None, max_examples=25)
def test_margins_are_those_of_the_whole_array(
    world: tuple[Evidence, LegCosts], seed: int, nest_scale: float
) -> None:
    e, legs = world
    p = drawn(e, seed, nest_scale=nest_scale)
    full, log_sum = full_sum(p, e, legs)
    model = flow(p, e, legs)
    check_margins(model, e, full)
    assert model.log_sum == pytest.approx(log_sum)


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_port_has_no_flow(world: tuple[Evidence, LegCosts], closed: int) -> None:
    e, legs = world
    shut = e.log_open_fraction.copy()
    shut[closed] = -np.inf
    e = replace(e, log_open_fraction=shut)
    p = drawn(e, 4)
    model = flow(p, e, legs)
    assert model.port[closed] == 0
    check_margins(model, e, full_sum(p, e, legs)[0])


@pytest.mark.parametrize("origin", [0, 1])
def test_the_port_of_a_trip_is_that_of_the_whole_array(world: tuple[Evidence, LegCosts], origin: int) -> None:
    e, legs = world
    p = drawn(e, 5)
    full = full_sum(p, e, legs)[0]
    found = port_given_trip(p, e, legs)(origin, 2, np.ones(3, dtype=np.bool_))
    assert np.allclose(found, full[origin, :, 2] / full[origin, :, 2].sum())


def test_the_port_of_a_trip_without_an_origin_is_one_of_its_city(world: tuple[Evidence, LegCosts]) -> None:
    e, legs = world
    found = port_given_trip(drawn(e, 5), e, legs)(-1, 2, e.port_city == 0)
    assert found[1] == 0
    assert found.sum() == pytest.approx(1)


def numeric_slope(
    function: Callable[[np.ndarray], float], theta: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    return np.array(
        [(function(theta + step * d) - function(theta - step * d)) / (2 * step) for d in np.eye(len(theta))]
    )


def grouped(e: Evidence) -> PlaceGroups:
    """Both zones as one, and two municipalities of one state."""
    return PlaceGroups(
        np.array([0, 0]), np.array([0, 1, 2, 1]), np.exp(e.log_supply), np.array([1.0, 2.0, 5.0, 1.0])
    )


@given(st.integers(0, 10**6), st.sampled_from(["none", "groups"]), st.sampled_from([0.25, 0.5, 1.0]))
@settings(deadline=None, max_examples=15)
def test_gradient_of_every_margin(
    world: tuple[Evidence, LegCosts], seed: int, together: str, nest_scale: float
) -> None:
    """Random derivatives in all four margins at once."""
    e, legs = world
    prior = priors(e, PriorSettings(nest_scale=nest_scale), "trip")
    rng = np.random.default_rng(seed)
    theta = start(prior) + 0.4 * rng.standard_normal(len(start(prior)))
    prepared = trip_legs(e, legs, grouped(e) if together == "groups" else None)
    model = flow(unflatten(theta, prior), e, prepared)
    names = ("state_pair", "zone", "municipality", "port")
    weight = {name: rng.standard_normal(getattr(model, name).shape) for name in names}

    def value(at: np.ndarray) -> float:
        here = flow(unflatten(at, prior), e, prepared)
        return sum(float((w * getattr(here, name)).sum()) for name, w in weight.items())

    slope = flatten(model.gradient(unflatten(theta, prior), MarginSlopes(**weight)), prior)
    assert np.allclose(slope, numeric_slope(value, theta), rtol=1e-4, atol=1e-7)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_gradient_of_the_posterior(world: tuple[Evidence, LegCosts], seed: int) -> None:
    e, legs = world
    published = replace(e.published, region_ports=np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]))
    e = replace(e, published=published)
    prior = priors(e, PriorSettings(), "trip")
    theta = start(prior) + 0.4 * np.random.default_rng(seed).standard_normal(len(start(prior)))
    log_posterior = density(Target(e, legs, prior, LikelihoodOptions(inspection_sd=1.0)))
    numeric = numeric_slope(lambda at: log_posterior(at)[0], theta)
    assert np.allclose(log_posterior(theta)[1], numeric, rtol=1e-4, atol=1e-4 * max(1, np.abs(numeric).max()))


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_gradient_of_crossings(world: tuple[Evidence, LegCosts], seed: int) -> None:
    e, legs = world
    prior = priors(e, PriorSettings(), "trip")
    theta = start(prior) + 0.4 * np.random.default_rng(seed).standard_normal(len(start(prior)))
    routes = route_legs(e, legs, 0.5)
    value, slope = log_crossings(unflatten(theta, prior), e, routes)
    by_hand = [
        port_given_trip(unflatten(theta, prior), e, legs)(i, j, np.ones(3, dtype=np.bool_))[
            e.port_city == n
        ].sum()
        for i, j, n in zip(
            e.published.route_origins, e.published.route_targets, e.published.route_cities, strict=True
        )
    ]
    assert value == pytest.approx(0.5 * e.published.route_weights @ np.log(by_hand))
    whole = {name: np.zeros(p.shape) for name, p in prior.items() if not p.fixed} | slope
    numeric = numeric_slope(lambda at: log_crossings(unflatten(at, prior), e, routes)[0], theta)
    assert np.allclose(flatten(whole, prior), numeric, rtol=1e-4, atol=1e-7)


def test_groups_of_equal_places_change_nothing(world: tuple[Evidence, LegCosts]) -> None:
    e, legs = world
    log_mx = legs.log_mx.copy()
    log_mx[:, 3] = log_mx[:, 1]
    legs = LegCosts(np.stack([legs.us[0], legs.us[0]]), log_mx)
    p = drawn(e, 6)
    ours, whole = flow(p, e, legs, groups=grouped(e)), flow(p, e, legs)
    for name in ("state_pair", "zone", "municipality", "port"):
        assert np.allclose(getattr(ours, name), getattr(whole, name))
    assert np.allclose(ours.zone_port(), whole.zone_port())
    assert np.allclose(ours.port_municipality(), whole.port_municipality())


def test_one_bridge_counted_as_two_changes_nothing(world: tuple[Evidence, LegCosts]) -> None:
    """A port with its vehicles, hours, city and deviation halved into two equal ones."""
    e, legs = world
    p = drawn(e, 7)
    for port in range(3):
        two = [0, 1, 2, port]
        volume = e.log_port_volume[two].copy()
        volume[[port, 3]] -= np.log(2)
        split = replace(
            e, log_port_volume=volume, log_open_fraction=e.log_open_fraction[two], port_city=e.port_city[two]
        )
        cut = {**p, "port_effect": p["port_effect"][two]}
        model = flow(cut, split, LegCosts(legs.us[:, two], legs.log_mx[two]))
        whole = flow(p, e, legs)
        assert np.allclose(model.state_pair, whole.state_pair)
        assert model.port[port] + model.port[3] == pytest.approx(whole.port[port])


def test_a_relabelling_changes_nothing(world: tuple[Evidence, LegCosts]) -> None:
    e, legs = world
    p = drawn(e, 8)
    order = np.array([2, 0, 1])
    names = ("log_port_volume", "log_open_fraction", "port_city")
    other = replace(e, **{name: getattr(e, name)[order] for name in names})
    model = flow(
        {**p, "port_effect": p["port_effect"][order]}, other, LegCosts(legs.us[:, order], legs.log_mx[order])
    )
    assert np.allclose(model.port, flow(p, e, legs).port[order])


def test_a_closure_moves_more_to_the_bridge_of_the_same_city(world: tuple[Evidence, LegCosts]) -> None:
    e, legs = world
    p = drawn(e, 9, spread=0)
    before = flow(p, e, legs)
    shut = e.log_open_fraction.copy()
    shut[0] = -np.inf
    after = flow(p, replace(e, log_open_fraction=shut), legs)
    gain = after.port - before.port
    assert gain[2] / before.port[2] > gain[1] / before.port[1]


def test_noise_of_volume_is_volume(world: tuple[Evidence, LegCosts]) -> None:
    """A world in which a bridge has twice the cars is a bridge with twice the cars, in all trips and in one."""
    e, legs = world
    p, twice = drawn(e, 5), np.array([np.log(2), 0.0, 0.0])
    more, noisy = replace(e, log_port_volume=e.log_port_volume + twice), replace(legs, volume_noise=twice)
    assert flow(p, e, noisy).port == pytest.approx(flow(p, more, legs).port, abs=1e-12)
    assert flow(p, e, noisy).port[0] > flow(p, e, legs).port[0]
    every = np.ones(3, dtype=np.bool_)
    assert port_given_trip(p, e, noisy)(0, 2, every) == pytest.approx(
        port_given_trip(p, more, legs)(0, 2, every)
    )


@pytest.mark.parametrize("port", [0, 1, 2])
@pytest.mark.parametrize("zone", [0, 1])
def test_one_port_and_one_zone_are_enough(world: tuple[Evidence, LegCosts], port: int, zone: int) -> None:
    e, legs = world
    small = replace(
        e,
        zone_state=e.zone_state[[zone]],
        log_supply=e.log_supply[[zone]],
        log_port_volume=e.log_port_volume[[port]],
        log_open_fraction=e.log_open_fraction[[port]],
        port_city=np.array([0]),
        crossing_cities=("only",),
    )
    p = drawn(small, 3)
    alone = LegCosts(legs.us[[zone]][:, [port]], legs.log_mx[[port]])
    model = flow(p, small, alone)
    assert model.port.tolist() == [pytest.approx(1)]
    check_margins(model, small, full_sum(p, small, alone)[0])


def test_one_bridge_of_a_city_closed_leaves_the_other_the_city(world: tuple[Evidence, LegCosts]) -> None:
    """With its twin closed a bridge is its city's only one: the nest of one port is no nest."""
    e, legs = world
    shut = e.log_open_fraction.copy()
    shut[2] = -np.inf
    p = drawn(e, 12)
    ours = flow(p, replace(e, log_open_fraction=shut), legs)
    keep = [0, 1]
    names = ("log_port_volume", "log_open_fraction", "port_city")
    without = replace(e, **{name: getattr(e, name)[keep] for name in names})
    theirs = flow(
        {**p, "port_effect": p["port_effect"][keep]}, without, LegCosts(legs.us[:, keep], legs.log_mx[keep])
    )
    assert np.allclose(ours.port[keep], theirs.port)
    assert np.allclose(ours.state_pair, theirs.state_pair)
