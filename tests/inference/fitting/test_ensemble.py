from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.settings import CostSettings
from corridors.inference.fitting import (
    InferencePlan,
    ensemble,
    hmc as sampling,
    infer,
    prepare_problem,
)
from corridors.inference.fitting.hmc import adapt
from corridors.inference.model import LikelihoodOptions
from corridors.inference.routing import draw_costs, route_world

if TYPE_CHECKING:
    from corridors.core.settings import Lens
    from corridors.core.types import Arcs, Evidence


def test_same_seed_same_bytes_whatever_the_jobs(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    one, other = (
        infer(prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=6, seed=2, jobs=jobs)))
        for jobs in (1, 3)
    )
    for name in ("edge_share", "port_share", "state_pair", "zone_port", "port_municipality", "state_flow"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    third = infer(prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=6, seed=3)))
    assert not np.array_equal(one.edge_share, third.edge_share)


def test_without_tolls_and_noise_a_world_is_its_roads_alone(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    """The numbers of before tolls, factors and noise at ports come out again, to the byte."""
    quiet = CostSettings(port_volume_sd=0, port_factor_sd=0)
    problem = prepare_problem(toy_arcs, toy_evidence, InferencePlan(seed=2, costs=quiet))
    for number in range(3):
        legs = problem.world(number).legs
        roads = route_world(problem.network, draw_costs(toy_arcs, quiet, seed=2, world=number)).legs
        assert legs.us.tobytes() == roads.us.tobytes()
        assert legs.log_mx.tobytes() == roads.log_mx.tobytes()
        assert not legs.volume_noise.any()


def test_a_toll_and_noise_at_a_port_reach_its_legs(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    tolled = replace(toy_arcs, port_toll=np.array([6.0, 0.0]))
    costs = CostSettings(value_of_time_sd=0, value_of_time_usd=30)
    plain, problem = (
        prepare_problem(arcs, toy_evidence, InferencePlan(costs=costs)) for arcs in (toy_arcs, tolled)
    )
    for dear, free in ((problem.median, plain.median), (problem.world(1), plain.world(1))):
        assert dear.legs.us - free.legs.us == pytest.approx(np.tile([0.2, 0.0], (2, 1)))
    assert not problem.median.legs.volume_noise.any()
    assert problem.world(1).legs.volume_noise.all()


def test_every_world_conserves_flow(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    seen: list[tuple[int, int]] = []
    posterior = infer(
        prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=5)),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(n, 5) for n in range(1, 6)]
    assert posterior.kind == "point"
    for draws in (
        posterior.port_share,
        posterior.state_pair,
        posterior.zone_port,
        posterior.port_municipality,
        posterior.state_flow,
    ):
        assert np.allclose(draws.reshape(5, -1).sum(axis=1), 1, atol=1e-9)
    through = posterior.zone_port.sum(axis=1)
    assert np.allclose(through, posterior.port_share, atol=1e-9)
    assert np.allclose(posterior.port_municipality.sum(axis=2), posterior.port_share, atol=1e-9)
    assert np.allclose(posterior.state_flow.sum(axis=2), posterior.state_pair, atol=1e-9)
    assert np.allclose(posterior.state_flow.sum(axis=(1, 3)), posterior.port_share, atol=1e-9)
    assert np.allclose(posterior.edge_share[:, toy_arcs.port_edge], posterior.port_share, atol=1e-9)
    with pytest.raises(ValueError, match="read-only"):
        posterior.edge_share[0, 0] = 1


def test_lens_changes_the_fit(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    lenses: tuple[Lens, Lens] = ("all", "one_year")
    everything, recent = (
        infer(
            prepare_problem(
                toy_arcs, toy_evidence, InferencePlan(worlds=2, likelihood=LikelihoodOptions(lens=lens))
            )
        )
        for lens in lenses
    )
    assert not np.allclose(everything.zone_port, recent.zone_port)


def test_posterior_draws_do_not_depend_on_the_jobs(
    toy_arcs: Arcs, toy_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "TURNS", 1)
    monkeypatch.setattr(ensemble, "adapt", partial(adapt, tune=40, draws=50))
    one, other = (
        infer(
            prepare_problem(
                toy_arcs, toy_evidence, InferencePlan(worlds=3, draws=3, mode="posterior", seed=2, jobs=jobs)
            ),
        )
        for jobs in (1, 2)
    )
    for name in ("edge_share", "port_share", "state_pair", "zone_port", "port_municipality", "state_flow"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert one.kind == "posterior"
    assert one.world.tolist() == [0, 0, 1, 1, 2, 2]
    assert len(one.edge_share) == len(one.zone_port) == len(one.port_municipality) == 6
    assert np.allclose(one.zone_port.sum(axis=1), one.port_share, atol=1e-9)
    assert np.allclose(one.state_flow.sum(axis=2), one.state_pair, atol=1e-9)
    assert {"converged", "r_hat", "ess_bulk", "divergences"} <= set(one.diagnostics)
