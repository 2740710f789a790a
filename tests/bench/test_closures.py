"""A closed port against a network that never had it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.bench.closures import from_scratch
from corridors.core.scenario import ResolvedScenario
from corridors.inference import displacements
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from tests.inference import toy

if TYPE_CHECKING:
    from corridors.core.settings import Structure


@pytest.mark.parametrize("structure", ["port", "trip"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_closure_is_a_network_without_the_port(at: int, structure: Structure) -> None:
    plan = InferencePlan(worlds=4, seed=5, structure=structure)
    problem = prepare_problem(toy.toy_arcs(bridge=True), toy.with_bridge(toy.toy_evidence()), plan)
    posterior = infer(problem)
    log_open = np.where(np.arange(3) == at, -np.inf, problem.evidence.log_open_fraction)
    closure = ResolvedScenario(
        id="closed",
        evidence=replace(problem.evidence, log_open_fraction=log_open),
        arcs=None,
        closed=np.zeros(len(problem.network.arcs.tail), dtype=bool),
        port_hours=np.zeros(3),
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
