"""What if: the flow under edits, in every world and draw of a posterior (docs/method.md 8).

Parameters stay at their posterior draws: nothing is fitted again, as no figure was published under the edit. A world's
costs are drawn from its number, so it is routed again rather than kept; what an edit leaves as it was is used again: legs
unless a road changed, the half beyond the ports unless demand or Mexican legs did. A closed port is one that is open for
no part of the day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridors.core.scenario import Displacement, ScenarioFlow
from corridors.core.types import freeze
from corridors.inference.model.gravity import (
    flow,
    log_demand,
    municipality_choice,
    port_municipality,
    zone_port,
)
from corridors.inference.routing import queries
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import (
    NO_ROAD_HOURS,
    edge_flow,
    prepare_routing,
    route_world,
    unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corridors.core.scenario import DemandShift, ResolvedScenario
    from corridors.core.settings import CostSettings
    from corridors.core.types import Arcs, Evidence, FloatArray, FlowDraws, IntArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.model.gravity import Flow, MunicipalityChoice, Parameters
    from corridors.inference.routing.places import CostWorld, LegCosts, RoutedNetwork

NOTHING = 1e-12
"""A change of share smaller than this has no ratio."""
_ELASTIC = 8
"""Sets the draws of the elasticity apart from all others of a seed."""


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What worlds are reckoned from: sent to each worker once.

    Parameters
    ----------
    roads, evidence, costs, seed
        As the posterior was inferred on.
    parameters, world
        Draws of the parameters by name, and (draws,) the world of each.
    changes
        Scenarios laid on the network.
    edges
        Whether flow on edges is wanted.
    """

    roads: RoutedNetwork
    evidence: Evidence
    costs: CostSettings
    seed: int
    parameters: Parameters
    world: IntArray
    changes: Sequence[ResolvedScenario]
    edges: bool


def cut_off(
    arcs: Arcs, evidence: Evidence, costs: CostSettings, changes: Sequence[ResolvedScenario]
) -> list[tuple[list[str], list[str]]]:
    """Return, for each scenario, the zones that no open port can be reached from, and the municipalities it leaves out."""
    queries.warm()
    roads = prepare_routing(arcs, evidence.connectors)
    found = []
    for change in changes:
        legs = _routed(roads, change, lambda arcs: base_costs(arcs, costs)).legs
        shut = np.isneginf(change.evidence.log_open_fraction)
        us = np.where(shut, NO_ROAD_HOURS, legs.us)
        found.append(
            unreachable(
                evidence,
                replace(legs, us=us, log_mx=np.where(shut[:, None], np.log(NO_ROAD_HOURS), legs.log_mx)),
            )
        )
    return found


def shifts(
    arcs: Arcs,
    evidence: Evidence,
    posterior: FlowDraws,
    changes: Sequence[ResolvedScenario],
    *,
    costs: CostSettings,
    seed: int,
    executor: Executor,
    edges: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[ScenarioFlow]:
    """Return the flow before any edit and under each scenario, draw by draw of the posterior.

    Parameters
    ----------
    arcs, evidence, posterior, costs, seed
        The network and evidence, and the draws inferred on them.
    changes
        Scenarios that cut nothing off: see `cut_off`.
    spread
        Where worlds are reckoned; the result does not depend on it.
    edges
        Whether flow on edges is wanted: most of the work where no road is edited.
    progress
        Called with (worlds done, worlds in all).
    """
    queries.warm()
    drawn = {name: values for name, values in posterior.parameters.items() if name != "log_density"}
    replay = Replay(
        prepare_routing(arcs, evidence.connectors),
        evidence,
        costs,
        seed,
        drawn,
        posterior.world,
        tuple(changes),
        edges,
    )
    worlds = int(posterior.world.max()) + 1
    parts: list[list[ScenarioFlow]] = [[] for _ in range(len(changes) + 1)]
    for n, found in enumerate(executor(shift_world, replay, worlds), start=1):
        for own, one in zip(parts, found, strict=True):
            own.append(one)
        if progress is not None:
            progress(n, worlds)
    # the worlds of one scenario are let go before those of the next are joined
    return [_joined(parts.pop(0)) for _ in range(len(parts))]


def shift_world(replay: Replay, world: int) -> list[ScenarioFlow]:
    """Return the flow of one world, before any edit and under each scenario."""
    rows = np.flatnonzero(replay.world == world)
    draws = [{name: values[row] for name, values in replay.parameters.items()} for row in rows]

    def costs(arcs: Arcs) -> IntArray:
        return draw_costs(arcs, replay.costs, seed=replay.seed, world=world)

    routed = route_world(replay.roads, costs(replay.roads.arcs))
    choices = [municipality_choice(p, replay.evidence, routed.legs) for p in draws]
    before = [flow(p, replay.evidence, routed.legs, choice) for p, choice in zip(draws, choices, strict=True)]
    found = [_shift("", replay, replay.evidence, routed, before)]
    for change in replay.changes:
        own = routed if change.arcs is None else _routed(replay.roads, change, costs)
        reused = choices if change.arcs is None and not change.moves else [None] * len(draws)
        after = [
            respond(p, change, own.legs, first, choice)
            for p, first, choice in zip(draws, before, reused, strict=True)
        ]
        found.append(_shift(change.id, replay, change.evidence, own, after))
    return found


def respond(
    p: Parameters, change: ResolvedScenario, legs: LegCosts, before: Flow, choice: MunicipalityChoice | None
) -> Flow:
    """Return the flow under a scenario at one draw, after as many rounds of adaptation as it has.

    In each round, what a port has gained over the flow before, times `strength` on the log scale, is taken off its
    attraction: inspection goes where the flow went (the congestion of [Dell2015], the cat and mouse of [Magliocca2019]).
    """
    p, evidence = _moved(p, change.evidence, change.moves)
    legs = replace(legs, us=legs.us + change.port_hours)
    model = flow(p, evidence, legs, choice)
    for _ in range(change.rounds):
        gain = np.ones_like(model.port)
        np.divide(model.port, before.port, out=gain, where=before.port > 0)
        held = evidence.log_open_fraction - change.strength * np.log(np.maximum(gain, 1))
        model = flow(p, replace(evidence, log_open_fraction=held), legs, choice)
    return model


def outcome(before: ScenarioFlow, after: ScenarioFlow, change: ResolvedScenario, seed: int) -> Displacement:
    """Return what a scenario does, with its total where that may answer and its ratio of displacement."""
    total = elastic_totals(before, after, seed)
    ratio = np.full(len(total), np.nan)
    if change.target:
        old, new = getattr(before, change.target), getattr(after, change.target)
        ratio = displacement_ratio(old, new * total[:, None], change.members)
    ports = change.members if change.target == "port" else np.zeros(0, dtype=np.int64)
    return Displacement(change.id, before, after, total, ratio, ports)


def elastic_totals(before: ScenarioFlow, after: ScenarioFlow, seed: int) -> FloatArray:
    """Return (draws,) the whole flow under a scenario, 1 being that before: T' / T = exp(e dLambda), e uniform on 0 to 1.

    Lambda is the log of what the model's flow sums to before it is scaled. At e = 1 each zone's flow answers to its own
    access and supply alone; at e = 0 the total stays as it was.
    """
    elasticity = np.random.default_rng([seed, _ELASTIC]).random(len(before.log_sum))
    return np.asarray(np.exp(elasticity * (after.log_sum - before.log_sum)))


def displacement_ratio(before: FloatArray, after: FloatArray, members: IntArray) -> FloatArray:
    """Return (draws,) DR = -sum over others of dF / sum over members of dF; NaN where the members' flow does not change.

    Parameters
    ----------
    before, after
        (draws, places) flows, of which the total may differ.
    members
        Positions of the places that a scenario names.

    Notes
    -----
    1 is full displacement: what the named places lose, others gain. Under a fixed total it is 1 for any edit.
    """
    change = after - before
    own = change[:, members].sum(axis=1)
    rest = change.sum(axis=1) - own
    ratio = np.full(len(own), np.nan)
    np.divide(-rest, own, out=ratio, where=np.abs(own) > NOTHING)
    return ratio


def _routed(roads: RoutedNetwork, change: ResolvedScenario, costs: Callable[[Arcs], IntArray]) -> CostWorld:
    """Return a world with a scenario's roads."""
    arcs = change.arcs or roads.arcs
    return route_world(roads, np.where(change.closed, queries.UNREACHABLE, costs(arcs)))


def _moved(p: Parameters, evidence: Evidence, moves: Sequence[DemandShift]) -> tuple[Parameters, Evidence]:
    """Return parameters and evidence under which demand is what it is at `p`, with a part of it moved."""
    if not moves:
        return p, evidence
    demand = np.exp(log_demand(p, evidence)[0])
    for move in moves:
        amount = move.fraction * demand[move.source].sum()
        demand[move.source] *= 1 - move.fraction
        demand[move.to] += amount * demand[move.to] / demand[move.to].sum()
    # a place left with none would have no logarithm
    plain = replace(
        evidence,
        demand_terms=np.zeros((len(demand), 0)),
        log_demand_offset=np.log(np.maximum(demand, np.finfo(float).tiny)),
        log_state_demand=np.zeros(0),
    )
    kept: Mapping[str, FloatArray] = {
        "demand_terms": np.zeros(0),
        "demand_effect": np.zeros(len(evidence.mx_states)),
    }
    return {**p, **kept}, plain


def _shift(
    id_: str, replay: Replay, evidence: Evidence, routed: CostWorld, models: Sequence[Flow]
) -> ScenarioFlow:
    """Return what is kept of a world's flows."""
    edge = np.zeros((0, replay.roads.arcs.field.shape[0]), dtype=np.float32)
    if replay.edges:
        first = models[0]
        trips = zone_port(first, evidence), port_municipality(first, evidence)
        edge = edge_flow(replay.roads, routed, *trips)[None].astype(np.float32)
    return ScenarioFlow(
        id=id_,
        port=np.stack([model.port for model in models]),
        state_pair=np.stack([model.state_pair for model in models]),
        zone=np.stack([model.zone for model in models]),
        log_sum=np.array([model.log_sum for model in models]),
        edge=edge,
    )


def _joined(parts: Sequence[ScenarioFlow]) -> ScenarioFlow:
    """Return the worlds' draws as one."""
    names = ("port", "state_pair", "zone", "log_sum", "edge")
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    freeze(*whole.values())
    return ScenarioFlow(id=parts[0].id, **whole)
