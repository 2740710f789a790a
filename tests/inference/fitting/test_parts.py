"""The flow of each place of origin and of each Mexican state, on both sides of the border: the toy world with three ports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.routing import edge_flow
from tests.inference import toy

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.inference.fitting import Problem

    Setup = tuple[Problem, FlowDraws]

WORLDS = 3
ORIGINS = np.array([[1.0, 0.3], [0.0, 0.7]])
"""All of the zone north and some of south, and the rest of south."""


@pytest.fixture(scope="module", params=["port", "trip"])
def setup(request: pytest.FixtureRequest) -> Setup:
    plan = InferencePlan(worlds=WORLDS, seed=5, structure=request.param)
    problem = prepare_problem(toy.toy_arcs(bridge=True), toy.with_bridge(toy.toy_evidence()), plan)
    problem = replace(problem, origins=ORIGINS)
    return problem, infer(problem)


def test_origins_add_up_to_the_flow_of_each_draw(setup: Setup) -> None:
    _, posterior = setup
    by_state = posterior.state_flow.sum(axis=(1, 2))
    assert np.abs(posterior.origin_port.sum(axis=1) - posterior.port_share).max() < 1e-12
    assert np.abs(posterior.origin_mx_state.sum(axis=1) - by_state).max() < 1e-12
    start = posterior.zone_port
    assert np.abs(posterior.origin_port[:, 0] - (start[:, 0] + 0.3 * start[:, 1])).max() < 1e-12
    assert np.abs(posterior.origin_mx_state.sum(axis=2) - posterior.origin_port.sum(axis=2)).max() < 1e-12


def test_parts_add_up_to_the_flow_over_each_edge_and_of_each_place(setup: Setup) -> None:
    problem, posterior = setup
    parts = posterior.parts
    assert parts is not None
    edge = posterior.edge_share.mean(axis=0)
    for by in (parts.edge_port, parts.edge_origin, parts.edge_mx_state):
        assert by.sum(axis=1) == pytest.approx(edge, abs=1e-12)
    municipality = posterior.port_municipality.mean(axis=0).sum(axis=0)
    assert parts.municipality_origin.sum(axis=1) == pytest.approx(municipality, abs=1e-12)
    assert parts.zone_mx_state.sum(axis=1) == pytest.approx(
        posterior.zone_port.mean(axis=0).sum(axis=1), abs=1e-12
    )
    port_edge = problem.network.arcs.port_edge
    assert parts.edge_origin[port_edge] == pytest.approx(posterior.origin_port.mean(axis=0).T, abs=1e-12)
    through = posterior.state_flow.mean(axis=0).sum(axis=0)
    assert parts.edge_mx_state[port_edge] == pytest.approx(through, abs=1e-12)


def test_without_places_of_origin_they_are_the_us_states(setup: Setup) -> None:
    problem, _ = setup
    found = infer(replace(problem, origins=None))
    assert found.origin_port == pytest.approx(found.state_flow.sum(axis=3), abs=1e-12)


def test_under_trip_roads_beyond_a_port_are_not_a_fraction_of_all_that_crosses_there(setup: Setup) -> None:
    """Under port a port's flow of a US state goes on alike wherever in the state it was bought."""
    problem, posterior = setup
    assert posterior.parts is not None
    mixed = posterior.port_municipality / posterior.port_share[:, :, None]
    flows = []
    for world in range(WORLDS):
        by_zone = posterior.zone_port[world] * ORIGINS[1][:, None]
        onward = mixed[world] * by_zone.sum(axis=0)[:, None]
        flows.append(edge_flow(problem.network, problem.world(world), by_zone, onward))
    error = np.abs(np.mean(flows, axis=0) - posterior.parts.edge_origin[:, 1]).max()
    assert error < 1e-6 if problem.plan.structure == "port" else error > 1e-4
