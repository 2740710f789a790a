from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.settings import CostSettings, PriorSettings, WeightSettings
from corridors.inference.fitting import point as fit_module
from corridors.inference.fitting.point import Target, density, fit_point
from corridors.inference.model import LikelihoodOptions, priors
from corridors.inference.model.flow import MarginSlopes
from corridors.inference.model.parameters import columns, flatten, log_prior, start, unflatten
from corridors.inference.model.port_choice import (
    flow,
)
from corridors.inference.routing import LegCosts, base_costs, prepare_routing, route_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.settings import Lens
    from corridors.core.types import Arcs, Evidence


@pytest.fixture(scope="module")
def legs(toy_arcs: Arcs, toy_evidence: Evidence) -> LegCosts:
    return route_world(
        prepare_routing(toy_arcs, toy_evidence.connectors),
        base_costs(toy_arcs, CostSettings()),
    ).legs


def theta_of(evidence: Evidence, seed: int, spread: float = 0.4) -> np.ndarray:
    first = start(priors(evidence, PriorSettings(), "port"))
    return first + spread * np.random.default_rng(seed).standard_normal(len(first))


def test_legs_are_what_the_drawing_says(toy_evidence: Evidence, legs: LegCosts) -> None:
    # ports are sorted: east, west. The north zone reaches east over I-19 and I-10, west directly.
    on_road = legs.us - toy_evidence.connectors.zone_hours[:, None]
    assert on_road[0].tolist() == pytest.approx([2.0, 2.0])
    assert on_road[1].tolist() == pytest.approx([1.0, 1.0])
    hours = np.exp(legs.log_mx)
    town, city = hours[:, 1], hours[:, 2]  # 26001, 26002 after 08001
    assert city[0] == pytest.approx(1 + 100 * 0.13 / 30, abs=0.05)
    assert town[1] == pytest.approx(1.0, abs=0.05)


def numeric_slope(
    function: Callable[[np.ndarray], float], theta: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    return np.array(
        [(function(theta + step * d) - function(theta - step * d)) / (2 * step) for d in np.eye(len(theta))]
    )


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_every_margin_is_one_flow(toy_evidence: Evidence, legs: LegCosts, seed: int) -> None:
    parameters = unflatten(theta_of(toy_evidence, seed, 1.0), priors(toy_evidence, PriorSettings(), "port"))
    model = flow(parameters, toy_evidence, legs)
    by_zone, by_town = model.zone_port(), model.port_municipality()
    for margin in (model.state_pair, model.zone, model.municipality, by_zone, by_town):
        assert margin.sum() == pytest.approx(1, abs=1e-12)
        assert (margin >= 0).all()
    assert np.allclose(by_zone.sum(axis=0), by_town.sum(axis=1), atol=1e-12)
    assert np.allclose(by_zone.sum(axis=0), model.port, atol=1e-12)
    assert np.allclose(by_zone.sum(axis=1), model.zone)
    assert np.allclose(by_town.sum(axis=0), model.municipality)


def test_factorised_margins_equal_the_full_sum(toy_evidence: Evidence, legs: LegCosts) -> None:
    """The whole I x K x J array, which the model never makes, gives the same margins."""
    e = toy_evidence
    p = unflatten(theta_of(e, 3), priors(e, PriorSettings(), "port"))
    model = flow(p, e, legs)
    full = np.einsum("i,ik,kj->ikj", model.zone_base, model.port_given_zone, model.municipality_given_port)
    full *= np.exp(p["affinity"])[e.zone_state][:, None, :][:, :, e.municipality_state]
    full /= full.sum()
    assert np.allclose(model.zone_port(), full.sum(axis=2))
    assert np.allclose(model.port_municipality(), full.sum(axis=0))
    assert model.state_pair[0, 0] == pytest.approx(full[:, :, e.municipality_state == 0].sum())


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=20)
def test_flow_by_states_and_port_is_the_full_sum(toy_evidence: Evidence, legs: LegCosts, seed: int) -> None:
    """Two states of purchase, whose pairs differ in affinity: north buys in the one, south in the other."""
    e = replace(
        toy_evidence, us_states=("AZ", "NM"), zone_state=np.array([0, 1]), state_terms=np.zeros((2, 2))
    )
    p = unflatten(theta_of(e, seed, 1.0), priors(e, PriorSettings(), "port"))
    model = flow(p, e, legs)
    full = np.einsum("i,ik,kj->ikj", model.zone_base, model.port_given_zone, model.municipality_given_port)
    full *= np.exp(p["affinity"])[e.zone_state][:, None, :][:, :, e.municipality_state]
    full /= full.sum()
    found = model.journeys(np.eye(2))
    for r, k, a in np.ndindex(2, 2, 2):
        there = full[e.zone_state == r, k][:, e.municipality_state == a]
        assert found[r, k, a] == pytest.approx(there.sum(), abs=1e-12)
    for n, origin in enumerate(np.eye(2)):
        assert model.arrivals(origin) == pytest.approx(full[n], abs=1e-12)


def test_a_pair_without_any_way_has_no_flow(toy_evidence: Evidence, legs: LegCosts) -> None:
    model = flow(
        unflatten(theta_of(toy_evidence, 1), priors(toy_evidence, PriorSettings(), "port")),
        toy_evidence,
        legs,
    )
    shut = replace(model, port_mx_state=model.port_mx_state * [0.0, 1.0], state_pair=np.array([[0.0, 1.0]]))
    found = shut.journeys(np.ones((1, 2)))
    assert np.all(found[:, :, 0] == 0)
    assert found.sum() == pytest.approx(1)


@given(st.integers(0, 10**6), st.sampled_from(["all", "one_year"]))
@settings(deadline=None, max_examples=25)
def test_gradient_is_the_slope(toy_evidence: Evidence, legs: LegCosts, seed: int, lens: Lens) -> None:
    prior = priors(toy_evidence, PriorSettings(), "port")
    theta = theta_of(toy_evidence, seed)
    log_posterior = density(
        Target(toy_evidence, legs, prior, LikelihoodOptions(inspection_sd=1.0, lens=lens))
    )
    _, slope = log_posterior(theta)
    numeric = numeric_slope(lambda at: log_posterior(at)[0], theta)
    assert np.allclose(slope, numeric, rtol=1e-4, atol=1e-4 * max(1, np.abs(numeric).max()))


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_gradient_of_every_margin(toy_evidence: Evidence, legs: LegCosts, seed: int) -> None:
    """Random derivatives in all four margins at once, on municipalities whose states do not stand together."""
    rng = np.random.default_rng(seed)
    legs = replace(legs, volume_noise=np.asarray(rng.standard_normal(legs.us.shape[1])))
    mixed = replace(toy_evidence, municipality_state=rng.permutation(toy_evidence.municipality_state))
    prior, theta = priors(mixed, PriorSettings(), "port"), theta_of(mixed, seed)
    model = flow(unflatten(theta, prior), mixed, legs)
    weight = {
        name: rng.standard_normal(getattr(model, name).shape)
        for name in ("state_pair", "zone", "port", "municipality")
    }

    def value(at: np.ndarray) -> float:
        here = flow(unflatten(at, prior), mixed, legs)
        return sum(float((w * getattr(here, name)).sum()) for name, w in weight.items())

    slope = flatten(model.gradient(unflatten(theta, prior), MarginSlopes(**weight)), prior)
    assert np.allclose(slope, numeric_slope(value, theta), rtol=1e-4, atol=1e-7)


def test_flat_vector_and_names_agree(toy_evidence: Evidence) -> None:
    prior = priors(toy_evidence, PriorSettings(), "port")
    theta = theta_of(toy_evidence, 1)
    assert np.array_equal(flatten(unflatten(theta, prior), prior), theta)
    value, slope = log_prior(start(prior), *columns(prior))
    assert value == 0
    assert not slope.any()


def test_noise_of_volume_is_volume(toy_evidence: Evidence, legs: LegCosts) -> None:
    """A world in which a port has twice the cars is a port with twice the cars."""
    p = unflatten(theta_of(toy_evidence, 5), priors(toy_evidence, PriorSettings(), "port"))
    twice = np.array([np.log(2), 0.0])
    more = replace(toy_evidence, log_port_volume=toy_evidence.log_port_volume + twice)
    noisy = flow(p, toy_evidence, replace(legs, volume_noise=twice))
    assert noisy.port == pytest.approx(flow(p, more, legs).port, abs=1e-12)
    assert noisy.port[0] > flow(p, toy_evidence, legs).port[0]


def test_a_dearer_port_never_gains(toy_evidence: Evidence, legs: LegCosts) -> None:
    p = unflatten(theta_of(toy_evidence, 5), priors(toy_evidence, PriorSettings(), "port"))
    before = flow(p, toy_evidence, legs).zone_port().sum(axis=0)
    dearer = LegCosts(us=legs.us + np.array([0.5, 0.0]), log_mx=legs.log_mx)
    after = flow(p, toy_evidence, dearer).zone_port().sum(axis=0)
    assert after[0] < before[0]


def test_fit_meets_the_published_figures(toy_evidence: Evidence, legs: LegCosts) -> None:
    prior = priors(toy_evidence, PriorSettings(), "port")
    strong = LikelihoodOptions(WeightSettings(trace_overdispersion=1.0, city_overdispersion=1.0))
    fit = fit_point(Target(toy_evidence, legs, prior, strong))
    model = flow(unflatten(fit.theta, prior), toy_evidence, legs)
    assert fit.converged
    known = 3969 * 17717 / 18206
    assert model.state_pair[0, 1] == pytest.approx(2600 / known, abs=0.01)
    # the city holds .8 of its county's 10 licences, in a zone of 13
    assert toy_evidence.published.city_fractions.tolist() == [[0, pytest.approx(0.8 * 10 / 13)]]
    assert (toy_evidence.published.city_fractions @ model.zone)[0] == pytest.approx(3000 / 9451, abs=0.01)


def test_a_step_that_lands_on_no_number_is_not_the_end(
    toy_evidence: Evidence, legs: LegCosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At loose priors the minimiser's first step is long; here its second evaluation finds nothing at all."""
    target = Target(toy_evidence, legs, priors(toy_evidence, PriorSettings(), "port"), LikelihoodOptions())
    whole, asked = density(target), 0

    def holed(theta: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal asked
        asked += 1
        value, slope = whole(theta)
        return (np.nan, slope * np.nan) if asked == 3 else (value, slope)

    plain = fit_point(target)
    monkeypatch.setattr(fit_module, "density", lambda _: holed)
    again = fit_point(target)
    assert again.converged
    assert again.value == pytest.approx(plain.value, abs=1e-4)
