"""Every port of entry closed in turn: how long it takes, and whether it equals a network without the port."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.core.scenario import Scenario
from corridors.inference.model.choice import flow
from corridors.inference.routing.costs import PortCosts, draw_costs, draw_port_costs
from corridors.inference.routing.places import edge_flow, prepare_routing, route_world

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, BoolArray, FloatArray
    from corridors.inference.fitting import Problem


def closing(*ports: str) -> Scenario:
    """Return the scenario of ports closed together."""
    text = {"es": "Cierre", "en": "Closure"}
    edits = [{"kind": "port", "port": port, "closed": True} for port in ports]
    name = "-".join(("close", *ports)).lower()
    return Scenario.model_validate({"id": name, "name": text, "question": text, "edit": edits})


def without_port(arcs: Arcs, at: int) -> tuple[Arcs, BoolArray]:
    """Return the network with a port taken out of it, and which arcs are left."""
    left: BoolArray = arcs.edge != arcs.port_edge[at]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(arcs.tail[left], minlength=arcs.nodes))])
    names = ("tail", "head", "edge", "hours", "toll_km", "road_class")
    parts: dict[str, Any] = {name: getattr(arcs, name)[left] for name in names}
    ports: dict[str, Any] = {
        name: np.delete(getattr(arcs, name), at) for name in ("port_us", "port_mx", "port_edge")
    }
    return replace(arcs, indptr=indptr.astype(np.int64), **parts, **ports), left


def from_scratch(
    problem: Problem, posterior: FlowDraws, *, at: int, draw: int
) -> tuple[FloatArray, FloatArray]:
    """Return ports' and edges' shares of one draw on a network that never had port `at`: prepared and routed anew."""
    arcs, evidence, plan = problem.network.arcs, problem.evidence, problem.plan
    smaller, left = without_port(arcs, at)
    network = prepare_routing(smaller, evidence.connectors)
    world = int(posterior.world[draw])
    costs = draw_costs(arcs, plan.costs, seed=plan.seed, world=world)
    ports = draw_port_costs(arcs, evidence.port_factor_spread, plan.costs, seed=plan.seed, world=world)
    others = PortCosts(np.delete(ports.hours, at), np.delete(ports.log_volume, at))
    routed = route_world(network, costs[left], others)
    known = replace(
        evidence,
        log_port_volume=np.delete(evidence.log_port_volume, at),
        log_open_fraction=np.delete(evidence.log_open_fraction, at),
        port_city=np.delete(evidence.port_city, at),
    )
    p = {name: values[draw] for name, values in posterior.parameters.items()}
    legs = problem.kept_legs(routed.legs, known)
    model = flow({**p, "port_effect": np.delete(p["port_effect"], at)}, known, legs)
    edge = edge_flow(network, routed, model.zone_port(), model.port_municipality())
    return np.insert(model.port, at, 0), edge
