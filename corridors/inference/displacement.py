"""What if: the flow under edits, in every world and draw of a posterior (docs/method.md 8).

Parameters stay at their posterior draws: nothing is fitted again, as no figure was published under the edit. A world's
costs are drawn from its number, so it is routed again rather than kept; what an edit leaves as it was is reused: leg
costs unless a road changed, the choice of municipality unless demand or Mexican legs did. A closed port is open for 0 hours
of the day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.core.scenario import Displacement, ScenarioFlow
from corridors.core.types import freeze
from corridors.inference.fitting.executors import process_executor, thread_executor
from corridors.inference.model.choice import flow, is_trip
from corridors.inference.model.demand import log_demand
from corridors.inference.model.port_choice import municipality_choice
from corridors.inference.routing.places import NO_ROAD_HOURS, edge_flow, unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corridors.core.draws import FlowDraws
    from corridors.core.scenario import DemandShift, ResolvedScenario
    from corridors.core.types import Evidence, FloatArray, IntArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.model.flow import Flow, Parameters
    from corridors.inference.model.port_choice import MunicipalityChoice
    from corridors.inference.model.trip_choice import TripLegs
    from corridors.inference.routing.places import CostWorld, LegCosts

MIN_CHANGE = 1e-12
"""A change of share smaller than this has no ratio."""
_ELASTIC = 8
"""Sets the draws of the elasticity apart from all others of a seed."""


class _Task(NamedTuple):
    """What the worlds share: the problem, draws of the parameters by name, the world of each, scenarios to apply."""

    problem: Problem
    parameters: Parameters
    world: IntArray
    scenarios: Sequence[ResolvedScenario]
    edges: bool


def disconnected_places(
    problem: Problem, scenarios: Sequence[ResolvedScenario]
) -> list[tuple[list[str], list[str]]]:
    """Return, by scenario, the zones from which no open port can be reached, and the municipalities that none leads to."""
    found = []
    for scenario in scenarios:
        legs = problem.median_world(scenario).legs
        closed = np.isneginf(scenario.evidence.log_open_fraction)
        us = np.where(closed, NO_ROAD_HOURS, legs.us)
        log_mx = np.where(closed[:, None], np.log(NO_ROAD_HOURS), legs.log_mx)
        found.append(unreachable(problem.evidence, replace(legs, us=us, log_mx=log_mx)))
    return found


def displacements(
    problem: Problem,
    posterior: FlowDraws,
    scenarios: Sequence[ResolvedScenario],
    *,
    executor: Executor | None = None,
    edges: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Displacement]:
    """Return what each scenario does to the flow of a posterior; as `scenario_flows`, which it compares."""
    before, *after = scenario_flows(
        problem, posterior, scenarios, executor=executor, edges=edges, progress=progress
    )
    seed = problem.plan.seed
    return [displacement(before, one, scenario, seed) for one, scenario in zip(after, scenarios, strict=True)]


def scenario_flows(
    problem: Problem,
    posterior: FlowDraws,
    scenarios: Sequence[ResolvedScenario],
    *,
    executor: Executor | None = None,
    edges: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[ScenarioFlow]:
    """Return the flow before any edit and under each scenario, draw by draw of the posterior.

    Parameters
    ----------
    problem, posterior
        What was inferred from, and its draws.
    scenarios
        Scenarios that disconnect nothing: see `disconnected_places`.
    executor
        Where worlds are computed; by default processes of this machine for a posterior, threads for a point fit. The
        result does not depend on it.
    edges
        Whether flow on edges is wanted: most of the work where no road is edited.
    progress
        Called with (worlds done, worlds in all).
    """
    pool = process_executor if posterior.kind == "posterior" else thread_executor
    executor = executor or pool(problem.plan.jobs)
    drawn = {name: values for name, values in posterior.parameters.items() if name != "log_density"}
    task = _Task(problem, drawn, posterior.world, tuple(scenarios), edges)
    worlds = int(posterior.world.max()) + 1
    by_scenario: list[list[ScenarioFlow]] = [[] for _ in range(len(scenarios) + 1)]
    for n, found in enumerate(executor(_scenarios_in_world, task, worlds), start=1):
        for own, one in zip(by_scenario, found, strict=True):
            own.append(one)
        if progress is not None:
            progress(n, worlds)
    # the worlds of one scenario are released before those of the next are joined
    return [_join(by_scenario.pop(0)) for _ in range(len(by_scenario))]


def _scenarios_in_world(task: _Task, world: int) -> list[ScenarioFlow]:
    """Return the flow of one world, before any edit and under each scenario."""
    problem = task.problem
    evidence = problem.evidence
    rows = np.flatnonzero(task.world == world)
    draws = [{name: values[row] for name, values in task.parameters.items()} for row in rows]

    routed = problem.world(world)
    legs = problem.kept_legs(routed.legs)
    # the choice of municipality at a port, which most edits leave as it was
    choices: list[MunicipalityChoice | None] = [None] * len(draws)
    if not is_trip(problem.prior):
        choices = [municipality_choice(p, evidence, routed.legs) for p in draws]
    before = [flow(p, evidence, legs, choice=choice) for p, choice in zip(draws, choices, strict=True)]
    found = [_scenario_flow("", task, routed, before)]
    for scenario in task.scenarios:
        same_roads = scenario.arcs is None
        own = routed if same_roads else problem.world(world, scenario)
        reused = choices if same_roads and not scenario.moves else [None] * len(draws)
        delayed = replace(own.legs, us=own.legs.us + scenario.port_hours)
        legs = problem.kept_legs(delayed, scenario.evidence)
        after = [
            apply_scenario(p, scenario, legs, first, choice)
            for p, first, choice in zip(draws, before, reused, strict=True)
        ]
        found.append(_scenario_flow(scenario.id, task, own, after))
    return found


def apply_scenario(
    p: Parameters,
    scenario: ResolvedScenario,
    legs: LegCosts | TripLegs,
    before: Flow,
    choice: MunicipalityChoice | None,
) -> Flow:
    """Return the flow under a scenario at one draw, after as many rounds of inspection's response as it has.

    Legs are those under the scenario, hours at the ports included.

    In each round, what a port has gained over the flow before, times `strength` on the log scale, is taken off its
    attraction: inspection goes where the flow went (the congestion of Dell 2015, the cat and mouse of NarcoLogic).
    """
    p, evidence = _shift_demand(p, scenario.evidence, scenario.moves)
    model = flow(p, evidence, legs, choice=choice)
    for _ in range(scenario.rounds):
        gain = np.ones_like(model.port)
        np.divide(model.port, before.port, out=gain, where=before.port > 0)
        inspected = evidence.log_open_fraction - scenario.strength * np.log(np.maximum(gain, 1))
        model = flow(p, replace(evidence, log_open_fraction=inspected), legs, choice=choice)
    return model


def displacement(
    before: ScenarioFlow, after: ScenarioFlow, scenario: ResolvedScenario, seed: int
) -> Displacement:
    """Return what a scenario does, with its total where that may respond and its ratio of displacement."""
    total = elastic_totals(before, after, seed)
    ratio = np.full(len(total), np.nan)
    if scenario.target:
        old, new = getattr(before, scenario.target), getattr(after, scenario.target)
        ratio = displacement_ratio(old, new * total[:, None], scenario.members)
    ports = scenario.members if scenario.target == "port" else np.zeros(0, dtype=np.int64)
    return Displacement(scenario.id, before, after, total, ratio, ports)


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
    1 is full displacement: others gain what the named places lose. Under a fixed total it is 1 for any edit.
    """
    change = after - before
    own = change[:, members].sum(axis=1)
    rest = change.sum(axis=1) - own
    ratio = np.full(len(own), np.nan)
    np.divide(-rest, own, out=ratio, where=np.abs(own) > MIN_CHANGE)
    return ratio


def _shift_demand(
    p: Parameters, evidence: Evidence, moves: Sequence[DemandShift]
) -> tuple[Parameters, Evidence]:
    """Return parameters and evidence with the demand at `p`, a fraction of it moved."""
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


def _scenario_flow(id_: str, task: _Task, routed: CostWorld, models: Sequence[Flow]) -> ScenarioFlow:
    """Return what is kept of a world's flows."""
    edge = np.zeros((0, task.problem.network.arcs.field.shape[0]), dtype=np.float32)
    if task.edges:
        flows = [
            edge_flow(task.problem.network, routed, model.zone_port(), model.port_municipality())
            for model in models
        ]
        edge = np.stack(flows).astype(np.float32)
    return ScenarioFlow(
        id=id_,
        port=np.stack([model.port for model in models]),
        state_pair=np.stack([model.state_pair for model in models]),
        zone=np.stack([model.zone for model in models]),
        log_sum=np.array([model.log_sum for model in models]),
        edge=edge,
    )


def _join(worlds: Sequence[ScenarioFlow]) -> ScenarioFlow:
    """Return the worlds' draws as one."""
    names = ("port", "state_pair", "zone", "log_sum", "edge")
    whole = {name: np.concatenate([getattr(world, name) for world in worlds]) for name in names}
    freeze(*whole.values())
    return ScenarioFlow(id=worlds[0].id, **whole)
