from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings, PriorSettings
from corridors.inference.fitting.coordinates import (
    Coordinates,
    coordinates_of,
    in_coordinates,
    log_volume,
    theta_of,
)
from corridors.inference.fitting.diagnostics import diagnose
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.hmc import (
    WarmUp,
    _first_in_world,
    _start,
    adapt,
    chain,
    sample_world,
)
from corridors.inference.fitting.point import Target, density, fit_point
from corridors.inference.model import LikelihoodOptions, Prior, priors
from corridors.inference.model.parameters import prior_draws
from corridors.inference.routing import base_costs, prepare_routing, route_world

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from corridors.core.settings import Structure
    from corridors.core.types import Arcs, Evidence, FloatArray
    from corridors.inference.fitting.coordinates import Density

SLOPE = 1e-5


@pytest.fixture(scope="module")
def target(toy_arcs: Arcs, toy_evidence: Evidence) -> Target:
    roads = prepare_routing(toy_arcs, toy_evidence.connectors)
    legs = route_world(roads, base_costs(toy_arcs, CostSettings())).legs
    return Target(toy_evidence, legs, priors(toy_evidence, PriorSettings(), "port"), LikelihoodOptions())


@pytest.fixture(scope="module")
def adaptation(target: Target) -> WarmUp:
    return adapt(target, seed=1, draws=600)


def plain(size: int) -> dict[str, Prior]:
    return {"all": Prior((size,), np.zeros(size), np.ones(size), heavy=False)}


def run(
    log_density: Density, starts: ArrayLike, *, draws: int = 800, step: float | None = None
) -> tuple[FloatArray, int]:
    """Return (chains, draws, parameters), and divergences."""
    found = [
        chain(log_density, start, np.random.default_rng([3, n]), tune=100, draws=draws, step=step)
        for n, start in enumerate(np.asarray(starts, dtype=np.float64))
    ]
    return np.stack([one.positions for one in found]), sum(one.divergences for one in found)


def test_a_normal_is_recovered() -> None:
    mean, covariance = (
        np.array([1.0, -2.0, 0.5]),
        np.array([[1.0, 0.8, 0.0], [0.8, 2.0, -0.5], [0.0, -0.5, 0.6]]),
    )
    precision = np.linalg.inv(covariance)

    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        slope = -precision @ (x - mean)
        return float(0.5 * slope @ (x - mean)), slope

    draws, divergences = run(log_density, 3 * np.random.default_rng(0).standard_normal((4, 3)))
    found = diagnose(draws, plain(3), divergences=divergences, step=1)
    assert found.converged
    assert found.summary()["converged"]
    assert np.allclose(draws.mean(axis=(0, 1)), mean, atol=0.1)
    assert np.allclose(np.cov(draws.reshape(-1, 3).T), covariance, atol=0.15)


def test_chains_in_two_places_have_not_converged() -> None:
    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        value = np.logaddexp(-0.5 * (x[0] - 10) ** 2, -0.5 * (x[0] + 10) ** 2)
        return float(value), -x + 10 * np.tanh(10 * x)

    draws, divergences = run(log_density, [[-10.0], [10.0], [-10.0], [10.0]], draws=600)
    found = diagnose(draws, plain(1), divergences=divergences, step=1)
    assert found.r_hat["all"] > 1.5
    assert not found.converged


def test_chains_that_never_move_have_not_converged() -> None:
    assert not diagnose(np.ones((4, 500, 1)), plain(1), divergences=0, step=1).converged


def test_divergences_are_counted_and_forbid() -> None:
    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        return (float(-0.5 * x @ x), -x) if x[0] < 1 else (np.nan, x)

    draws, divergences = run(log_density, np.zeros((4, 2)), step=0.5)
    assert 0 < divergences < draws.shape[1] * 4
    good = np.random.default_rng(0).standard_normal((4, 1000, 2))
    assert diagnose(good, plain(2), divergences=0, step=1).converged
    assert not diagnose(good, plain(2), divergences=1, step=1).converged


@pytest.mark.parametrize("structure", ["port", "trip"])
def test_coordinates_are_a_change_of_variables(target: Target, structure: Structure) -> None:
    target = replace(target, prior=priors(target.evidence, PriorSettings(), structure))
    at = coordinates_of(target)
    log_posterior = density(target)
    log_density = in_coordinates(log_posterior, at)
    points = np.random.default_rng(4).standard_normal((3, len(at.centre)))
    volumes = []
    for x in points:
        value, slope = log_density(x)
        theta, volume = theta_of(at, x[None])[0], log_volume(at, x[None])[0]
        assert value == pytest.approx(log_posterior(theta)[0] + volume, abs=1e-9)
        steps = SLOPE * np.eye(len(x))
        numeric = [(log_density(x + step)[0] - log_density(x - step)[0]) / (2 * SLOPE) for step in steps]
        assert np.allclose(slope, numeric, rtol=1e-4, atol=1e-4)
        jacobian = (theta_of(at, x + steps) - theta_of(at, x - steps)) / (2 * SLOPE)
        volumes.append(np.linalg.slogdet(jacobian)[1] - volume)
    assert np.abs(at.bend).max() > 1e-3
    assert volumes == pytest.approx([volumes[0]] * 3, abs=1e-6)
    assert len(at.positive) == (structure == "trip")
    assert theta_of(at, np.zeros((1, len(at.centre))))[0] == pytest.approx(fit_point(target).theta)


def of_normal(positions: FloatArray) -> WarmUp:
    """Return the warm-up of a standard normal."""
    size, none = positions.shape[1], np.zeros(0, dtype=np.int64)
    at = Coordinates(
        centre=np.zeros(size),
        scale=np.ones(size),
        basis=np.zeros((size, 0)),
        stretch=np.zeros(0),
        slow=none,
        reach=np.zeros(0),
        bend=np.zeros((size, 0, 0)),
        positive=none,
        middle=np.zeros(0),
    )
    found = diagnose(np.zeros((4, 9, size)), plain(size), divergences=0, step=1)
    return WarmUp(at, positions, positions, -0.5 * (positions**2).sum(axis=1), 0.3, found)


def test_a_chain_begins_as_if_drawn_in_its_own_world() -> None:
    """Of a normal moved, and made narrower in one direction: where chains begin has its mean and nearly its spread."""
    rng = np.random.default_rng(3)
    mean, sd = np.array([2.0, -1.0, 0.0, 0.5]), np.array([1.0, 1.0, 0.7, 1.0])

    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        return float(-0.5 * (((x - mean) / sd) ** 2).sum()), (mean - x) / sd**2

    warm_up = of_normal(rng.standard_normal((3000, 4)))
    first = np.stack([_first_in_world(warm_up, log_density, rng) for _ in range(1500)])
    assert first.mean(axis=0) == pytest.approx(mean, abs=0.1)
    assert first.std(axis=0) == pytest.approx(sd, abs=0.1)


def test_a_chain_begins_at_a_draw_where_no_candidate_has_a_density() -> None:
    warm_up = of_normal(np.random.default_rng(3).standard_normal((50, 3)))
    first = _first_in_world(warm_up, lambda x: (np.nan, np.full_like(x, np.nan)), np.random.default_rng(1))
    assert (first == warm_up.positions).all(axis=1).any()


def test_the_toy_posterior_is_that_of_importance_sampling(target: Target, adaptation: WarmUp) -> None:
    """Independent draws, weighted by how much too seldom they come, give the same means and spreads."""
    at = adaptation.coordinates
    assert adaptation.diagnostics.converged
    log_density = in_coordinates(density(target), at)
    wide = 1.1
    x = wide * np.random.default_rng(5).standard_normal((5000, len(at.centre)))
    log_weight = np.array([log_density(one)[0] for one in x]) + 0.5 * (x**2).sum(axis=1) / wide**2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    assert 1 / (weight**2).sum() > 300
    theta = theta_of(at, x)
    mean = weight @ theta
    sd = np.sqrt(weight @ (theta - mean) ** 2)
    light = slice(0, 6)  # the scalars; importance sampling estimates Student tails poorly
    assert np.abs((adaptation.draws.mean(axis=0) - mean) / sd).max() < 0.25
    assert np.allclose(adaptation.draws.std(axis=0)[light] / sd[light], 1, atol=0.15)


def test_draws_depend_on_seed_and_world_alone(target: Target, adaptation: WarmUp) -> None:
    def short(jobs: int) -> WarmUp:
        return adapt(target, seed=2, chains=2, tune=20, draws=20, executor=thread_executor(jobs))

    def draw(seed: int, world: int) -> FloatArray:
        return sample_world(adaptation, target, seed=seed, world=world, draws=4).theta

    one, two = short(1), short(2)
    assert np.array_equal(one.draws, two.draws)
    assert one.diagnostics == two.diagnostics
    first = draw(1, 0)
    assert np.array_equal(first, draw(1, 0))
    assert not np.array_equal(first, draw(1, 1))
    assert not np.array_equal(first, draw(2, 0))


def test_short_chains_of_the_same_world_are_draws_of_its_posterior(
    target: Target, adaptation: WarmUp
) -> None:
    worlds = [sample_world(adaptation, target, seed=1, world=world, draws=8) for world in range(60)]
    theta = np.concatenate([world.theta for world in worlds])
    assert sum(world.divergences for world in worlds) == 0
    sd = adaptation.draws.std(axis=0)
    assert np.abs((theta.mean(axis=0) - adaptation.draws.mean(axis=0)) / sd).max() < 0.3
    log_posterior = density(target)
    assert worlds[0].log_density[-1] == pytest.approx(log_posterior(worlds[0].theta[-1])[0], abs=1e-9)


def test_prior_draws_are_the_priors() -> None:
    prior = {
        "light": Prior((1,), np.array([1.0]), np.array([2.0]), heavy=False),
        "heavy": Prior((1,), np.array([-1.0]), np.array([0.5]), heavy=True),
    }
    draws = prior_draws(prior, seed=1, draws=40_000)
    # quartiles of a normal and of a Student t with four degrees of freedom
    assert np.quantile(draws[:, 0], [0.25, 0.5, 0.75]) == pytest.approx(
        [1 - 2 * 0.6745, 1, 1 + 2 * 0.6745], abs=0.05
    )
    assert np.quantile(draws[:, 1], [0.25, 0.5, 0.75]) == pytest.approx(
        [-1 - 0.5 * 0.7407, -1, -1 + 0.5 * 0.7407], abs=0.02
    )
    assert np.array_equal(draws, prior_draws(prior, seed=1, draws=40_000))


def test_a_chain_begins_where_the_density_is_a_number() -> None:
    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        return (float("nan") if np.abs(x).max() > 0.5 else -0.5 * float(x @ x)), -x

    first = _start(log_density, np.random.default_rng(1), 40)
    assert 0.25 < np.abs(first).max() <= 0.5
