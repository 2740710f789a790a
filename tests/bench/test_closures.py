"""A closed port against a network that never had it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from corridors.bench.closures import from_scratch
from corridors.core.scenario import ResolvedScenario
from corridors.inference import displacements
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from tests.inference import toy


@pytest.mark.parametrize("at", [toy.EAST, toy.WEST])
def test_a_closure_is_a_network_without_the_port(at: int) -> None:
    problem = prepare_problem(toy.toy_arcs(), toy.toy_evidence(), InferencePlan(worlds=4, seed=5))
    posterior = infer(problem)
    log_open = np.where(np.arange(2) == at, -np.inf, problem.evidence.log_open_fraction)
    closure = ResolvedScenario(
        id="closed",
        evidence=replace(problem.evidence, log_open_fraction=log_open),
        arcs=None,
        closed=np.zeros(len(problem.network.arcs.tail), dtype=bool),
        port_hours=np.zeros(2),
        moves=(),
        target="port",
        members=toy.ints(at),
        rounds=0,
        strength=0.0,
    )
    (found,) = displacements(problem, posterior, [closure])
    for draw in range(len(found.after.port)):
        port, edge = from_scratch(problem, posterior, at=at, draw=draw)
        assert np.abs(found.after.port[draw] - port).max() < 1e-9
        assert np.abs(found.after.edge[draw] - edge).max() < 1e-6
