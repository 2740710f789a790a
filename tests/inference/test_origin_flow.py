"""An origin's own flow on both sides of the border, on the toy world with three ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.model.choice import flow
from corridors.inference.origin_flow import flow_by_origin
from corridors.inference.routing import edge_flow
from tests.inference import toy

if TYPE_CHECKING:
    from corridors.core.results import OriginFlow
    from corridors.core.types import FlowDraws
    from corridors.inference.fitting import Problem

    Setup = tuple[Problem, FlowDraws, OriginFlow]

WORLDS = 3
ORIGINS = np.array([[1.0, 0.0], [0.3, 0.7]])
"""All of the zone north and some of south, and the rest of south."""


@pytest.fixture(scope="module", params=["port", "trip"])
def setup(request: pytest.FixtureRequest) -> Setup:
    plan = InferencePlan(worlds=WORLDS, seed=5, structure=request.param)
    problem = prepare_problem(toy.toy_arcs(bridge=True), toy.with_bridge(toy.toy_evidence()), plan)
    posterior = infer(problem)
    return problem, posterior, flow_by_origin(problem, posterior, ORIGINS)


def test_origins_add_up_to_the_flow_of_each_draw(setup: Setup) -> None:
    problem, posterior, found = setup
    evidence = problem.evidence
    by_state = np.stack(
        [
            posterior.port_municipality[:, :, evidence.municipality_state == a].sum(axis=(1, 2))
            for a in (0, 1)
        ],
        axis=1,
    )
    assert np.abs(found.port.sum(axis=1) - posterior.port_share).max() < 1e-12
    assert np.abs(found.mx_state.sum(axis=1) - by_state).max() < 1e-12
    assert np.abs(found.edge.sum(axis=1) - posterior.edge_share).max() < 1e-6


def test_an_origin_has_its_own_ports_states_and_roads(setup: Setup) -> None:
    problem, posterior, found = setup
    start = posterior.zone_port
    assert np.abs(found.port[:, 0] - (start[:, 0] + 0.3 * start[:, 1])).max() < 1e-12
    assert np.abs(found.mx_state.sum(axis=2) - found.port.sum(axis=2)).max() < 1e-12
    port_edge = problem.network.arcs.port_edge
    assert np.abs(found.edge[:, :, port_edge] - found.port).max() < 1e-6


def test_under_trip_roads_beyond_a_port_are_not_a_fraction_of_all_that_crosses_there(setup: Setup) -> None:
    """Under port a port's flow of a US state goes on alike wherever in the state it was bought."""
    problem, posterior, found = setup
    mixed = posterior.port_municipality / posterior.port_share[:, :, None]
    error = 0.0
    for world in range(WORLDS):
        routed = problem.world(world)
        by_zone = posterior.zone_port[world] * ORIGINS[:, 1][:, None]
        onward = mixed[world] * by_zone.sum(axis=0)[:, None]
        error = max(
            error, np.abs(edge_flow(problem.network, routed, by_zone, onward) - found.edge[world, 1]).max()
        )
    if problem.plan.structure == "port":
        assert error < 1e-6
    else:
        assert error > 1e-4


def test_part_of_the_zones_is_that_part_of_the_pairs(setup: Setup) -> None:
    """With one zone alone, what it sends to each municipality sums to its share."""
    problem, posterior, _ = setup
    p = {name: values[0] for name, values in posterior.parameters.items()}
    model = flow(p, problem.evidence, problem.kept_legs(problem.world(0).legs))
    for zone in range(2):
        by_zone, by_municipality = model.of_zones(np.eye(2)[zone])
        assert by_zone[1 - zone].sum() == 0
        assert by_zone[zone].sum() == pytest.approx(model.zone[zone])
        assert by_municipality.sum(axis=1) == pytest.approx(by_zone[zone])
