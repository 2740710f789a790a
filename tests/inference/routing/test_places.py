"""The drawn world, routed: legs, flows on edges, and what is reused when a scenario changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.core.errors import NotEnoughDataError
from corridors.core.settings import CostSettings, PriorSettings
from corridors.core.types import CentroidConnectors
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.model import flow, priors
from corridors.inference.model.parameters import unflatten
from corridors.inference.routing import (
    CostWorld,
    RoutedNetwork,
    base_costs,
    edge_flow,
    prepare_routing,
    route_world,
)
from corridors.inference.routing.costs import UNITS_PER_HOUR
from corridors.inference.routing.places import NO_ROAD_HOURS, edge_flow_by_port, port_trees
from tests.inference.toy import EDGE

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence, FloatArray


@pytest.fixture(scope="module")
def roads(toy_arcs: Arcs, toy_evidence: Evidence) -> RoutedNetwork:
    return prepare_routing(toy_arcs, toy_evidence.connectors)


@pytest.fixture(scope="module")
def routed(roads: RoutedNetwork) -> CostWorld:
    return route_world(roads, base_costs(roads.arcs, CostSettings()))


@pytest.fixture(scope="module")
def trips(toy_evidence: Evidence, routed: CostWorld) -> tuple[FloatArray, FloatArray]:
    prior = priors(toy_evidence, PriorSettings(), "port")
    theta = np.random.default_rng(2).normal(0, 0.3, sum(int(np.prod(p.shape)) for p in prior.values()))
    model = flow(unflatten(theta, prior), toy_evidence, routed.legs)
    return model.zone_port(), model.port_municipality()


def test_edges_carry_the_flow_of_both_legs(
    roads: RoutedNetwork, routed: CostWorld, trips: tuple[FloatArray, FloatArray]
) -> None:
    by_zone, by_town = trips
    share = edge_flow(roads, routed, by_zone, by_town)
    at = dict(zip(EDGE, share, strict=True))
    port = by_zone.sum(axis=0)
    # all that crosses east and does not end in the city itself leaves it by MEX-15 or MEX-2; all of it comes on MEX-17D
    assert at["MEX17D"] == pytest.approx(port[0], abs=1e-9)
    assert at["MEX15"] == pytest.approx(port[1], abs=1e-9)
    assert share[roads.arcs.port_edge].tolist() == pytest.approx(port.tolist(), abs=1e-12)
    assert at["MEX2"] == pytest.approx(by_town[:, 0].sum(), abs=1e-9)
    assert share.max() <= 1 + 1e-12


def test_flows_by_port_sum_to_the_flow(
    roads: RoutedNetwork, routed: CostWorld, trips: tuple[FloatArray, FloatArray]
) -> None:
    by_port = edge_flow_by_port(roads, routed, *trips)
    assert np.abs(by_port.sum(axis=1) - edge_flow(roads, routed, *trips)).max() < 1e-12
    own = by_port[roads.arcs.port_edge]
    assert np.count_nonzero(own - np.diag(np.diag(own))) == 0


def test_trees_cost_what_the_legs_do(toy_evidence: Evidence, roads: RoutedNetwork, routed: CostWorld) -> None:
    us, mx = port_trees(roads, routed)
    access = toy_evidence.connectors
    hours = access.zone_nodes @ (us.cost.T / UNITS_PER_HOUR) + access.zone_hours[:, None]
    assert hours == pytest.approx(routed.legs.us, abs=1e-12)
    away = mx.cost[:, access.municipality_node] / UNITS_PER_HOUR + access.municipality_hours
    assert np.log(np.maximum(0.1, away)) == pytest.approx(routed.legs.log_mx, abs=1e-12)


def test_a_toll_raised_needs_no_new_preparation(roads: RoutedNetwork, toy_evidence: Evidence) -> None:
    dear = base_costs(roads.arcs, CostSettings(toll_usd_per_km=1.0))
    again, fresh = (
        route_world(roads, dear),
        route_world(prepare_routing(roads.arcs, toy_evidence.connectors), dear),
    )
    assert np.array_equal(again.legs.log_mx, fresh.legs.log_mx)
    assert np.array_equal(again.legs.us, fresh.legs.us)


def test_a_closed_port_needs_no_new_costs(roads: RoutedNetwork, routed: CostWorld) -> None:
    """Its legs are a column and a row of the others': what is left is the network without it."""
    arcs = roads.arcs
    without = replace(
        arcs,
        port_us=arcs.port_us[1:].copy(),
        port_mx=arcs.port_mx[1:].copy(),
        port_edge=arcs.port_edge[1:].copy(),
    )
    fresh = route_world(prepare_routing(without, roads.connectors), base_costs(without, CostSettings()))
    assert np.array_equal(fresh.legs.us, routed.legs.us[:, 1:])
    assert np.array_equal(fresh.legs.log_mx, routed.legs.log_mx[1:])


def test_a_port_without_a_road_gets_no_flow(toy_evidence: Evidence, roads: RoutedNetwork) -> None:
    """The east port's Mexican side is cut off: all flow crosses west, and none is lost."""
    costs = base_costs(roads.arcs, CostSettings()).copy()
    costs[roads.arcs.tail == roads.arcs.port_mx[0]] = 2**40
    world = route_world(roads, costs)
    assert world.legs.log_mx[0].min() == pytest.approx(np.log(NO_ROAD_HOURS))
    prior = priors(toy_evidence, PriorSettings(), "port")
    zero = np.concatenate([np.ravel(p.mean) for p in prior.values()])
    parameters = unflatten(zero, prior) | {"logit_mu": np.array(8.0)}
    model = flow(parameters, toy_evidence, world.legs)
    by_zone, by_town = model.zone_port(), model.port_municipality()
    assert by_zone[:, 0].max() == 0
    share = edge_flow(roads, world, by_zone, by_town)
    assert share[roads.arcs.port_edge].sum() == pytest.approx(1)


def test_unreachable_places_are_named(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    """26002 is moved to a node that has no road in."""
    arcs, connectors = toy_arcs, toy_evidence.connectors
    place = toy_evidence.municipalities["cvegeo"].tolist().index("26002")
    node = connectors.municipality_node.copy()
    node[place] = arcs.port_us[0]
    moved = CentroidConnectors(
        connectors.zone_nodes, connectors.zone_hours, node, connectors.municipality_hours
    )
    with pytest.raises(NotEnoughDataError, match="26002"):
        infer(prepare_problem(arcs, replace(toy_evidence, connectors=moved), InferencePlan(worlds=1)))
