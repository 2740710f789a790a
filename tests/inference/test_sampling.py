"""The sampler, on a density with a known answer and on the drawn world."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference import ensemble, sampling
from corridors.inference.ensemble import Plan, infer
from corridors.inference.fit import density
from corridors.inference.likelihood import Weights
from corridors.inference.parameters import columns, prior_draws, priors, start
from corridors.inference.routing import prepare, route
from corridors.inference.sampling import adapt, sample_world
from corridors.inference.worlds import CostPrior, base_costs, draw_costs

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.base.types import Evidence, Floats, Network
    from corridors.inference.gravity import Legs

NOTHING = Weights(blocks=frozenset())


@pytest.fixture(scope="module")
def legs(toy_network: Network, toy_evidence: Evidence) -> Legs:
    roads = prepare(toy_network.arcs, toy_evidence.access)
    return route(roads, base_costs(toy_network.arcs, CostPrior())).legs


def test_without_figures_the_draws_are_the_priors(toy_evidence: Evidence, legs: Legs) -> None:
    """A density of known mean and sd, Student t and normal, in every dimension."""
    prior = priors(toy_evidence)
    found = adapt(
        toy_evidence, legs, prior, weights=NOTHING, lens="all", seed=3, chains=2, tune=100, draws=400
    )
    mean, sd, heavy = columns(prior)
    z = (found.draws - mean) / sd
    assert np.abs(z.mean(axis=0)).max() < 0.3
    assert z[:, ~heavy].std(axis=0) == pytest.approx(1, abs=0.2)
    assert z[:, heavy].std() == pytest.approx(np.sqrt(2), abs=0.4)
    direct = (prior_draws(prior, seed=1, draws=4000) - mean) / sd
    assert np.quantile(z[:, heavy], 0.9) == pytest.approx(np.quantile(direct[:, heavy], 0.9), abs=0.25)


def test_draws_agree_with_weighted_draws_of_the_prior(toy_evidence: Evidence, legs: Legs) -> None:
    """Two figures of the drawn world, weakly trusted, so that weights on draws of the prior tell the truth."""
    prior = priors(toy_evidence)
    weak = Weights(trace_overdispersion=1500, blocks=frozenset({"states", "pairs"}))
    found = adapt(toy_evidence, legs, prior, weights=weak, lens="all", seed=5, chains=2, tune=100, draws=500)
    draws = prior_draws(prior, seed=2, draws=6000)
    both = density(toy_evidence, legs, prior, weights=weak, lens="all")
    alone = density(toy_evidence, legs, prior, weights=NOTHING, lens="all")
    log_weight = np.array([both(one)[0] - alone(one)[0] for one in draws])
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    assert 1 / (weight**2).sum() > 500
    truth = weight @ draws
    _, sd, _ = columns(prior)
    assert np.abs((found.draws.mean(axis=0) - truth) / sd).max() < 0.35


def test_a_world_depends_on_its_seed_and_number_alone(
    toy_network: Network, toy_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MORE", 0)
    monkeypatch.setattr(ensemble, "adapt", partial(adapt, tune=40, draws=50))
    one, other = (
        infer(toy_network.arcs, toy_evidence, Plan(worlds=3, draws=3, mode="posterior", seed=2, jobs=jobs))
        for jobs in (1, 2)
    )
    for name in ("edge_share", "port_share", "state_pair", "zone_port", "port_municipality"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert one.mode == "posterior"
    assert one.world.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert one.wide.tolist() == [0, 1, 3, 4, 6, 7]
    assert len(one.edge_share) == len(one.zone_port) == len(one.port_municipality) == 6
    assert np.allclose(one.zone_port.sum(axis=1), one.port_share[one.wide], atol=1e-9)
    assert {"converged", "r_hat", "ess_bulk", "divergences"} <= set(one.diagnostics)


def test_a_short_chain_in_a_world_is_that_worlds(toy_network: Network, toy_evidence: Evidence) -> None:
    """Many short chains, begun at median costs, have the mean of a long one in a world where roads cost otherwise."""
    prior, plain = priors(toy_evidence), Weights()
    roads = prepare(toy_network.arcs, toy_evidence.access)
    first = route(roads, base_costs(toy_network.arcs, CostPrior())).legs
    there = route(roads, draw_costs(toy_network.arcs, CostPrior(cell_sd=0.6), seed=1, world=0)).legs
    base = adapt(toy_evidence, first, prior, weights=plain, lens="all", seed=1, chains=2, tune=100, draws=300)
    long = adapt(toy_evidence, there, prior, weights=plain, lens="all", seed=1, chains=2, tune=100, draws=500)
    short = np.concatenate(
        [
            sample_world(
                base, toy_evidence, there, prior, weights=plain, lens="all", seed=1, world=n, draws=4
            ).theta
            for n in range(60)
        ]
    )
    _, sd, _ = columns(prior)
    assert np.abs((short.mean(axis=0) - long.draws.mean(axis=0)) / sd).max() < 0.4


def test_chains_that_do_not_agree_are_told(
    toy_evidence: Evidence, legs: Legs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tops far apart: each chain stays at its own."""
    prior = priors(toy_evidence)
    size = len(start(prior))

    def two_tops(*_: object, **__: object) -> Callable[[Floats], tuple[float, Floats]]:
        def log_density(theta: Floats) -> tuple[float, Floats]:
            slope = -theta.copy()
            side = 12.0 if theta[0] > 0 else -12.0
            slope[0] = -(theta[0] - side) * 20
            return float(-0.5 * (theta[1:] @ theta[1:]) - 10 * (theta[0] - side) ** 2), slope

        return log_density

    monkeypatch.setattr(sampling, "density", two_tops)
    target = sampling.Target(
        toy_evidence, legs, prior, Weights(), "all", np.zeros(size), 8 * np.eye(size)[:, :size]
    )
    monkeypatch.setattr(sampling, "_target", lambda *_, **__: replace(target, factor=np.eye(size)))
    monkeypatch.setattr(sampling, "_SPREAD", 10.0)
    monkeypatch.setattr(sampling, "MORE", 0)
    found = adapt(toy_evidence, legs, prior, weights=Weights(), lens="all", seed=1, tune=50, draws=60)
    assert not found.diagnostics.converged
    assert found.diagnostics.worst_r_hat > 1.5
    assert found.diagnostics.summary()["converged"] is False
