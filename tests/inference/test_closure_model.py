"""The model in a few numbers against the whole one, on the toy world with three ports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.closures import PortClosureModel, TripClosureModel
from corridors.core.scenario import ResolvedScenario
from corridors.core.settings import CostSettings, PriorSettings
from corridors.inference import build_closure_model, displacements
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.trip_closures import group_alike
from tests.core.trip_closures import port_shares
from tests.inference import toy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.draws import FlowDraws
    from corridors.inference.fitting import Problem

    Setup = tuple[Problem, FlowDraws, TripClosureModel]

WORLDS = 12
ALLOWED = 0.005
EDITS = [([0], {}), ([1], {}), ([2], {}), ([0, 2], {}), ([], {0: 1.0}), ([1], {0: -2.0})]
MEDIAN = CostSettings(value_of_time_sd=0, grade_sd=0, class_sd=0, cell_sd=0)


def built(costs: CostSettings, nest_scale: float = 0.5) -> Setup:
    """Return a problem of the structure "trip", its draws, and the model in a few numbers."""
    plan = InferencePlan(
        worlds=WORLDS, seed=5, structure="trip", costs=costs, priors=PriorSettings(nest_scale=nest_scale)
    )
    problem = prepare_problem(toy.toy_arcs(bridge=True), toy.with_bridge(toy.toy_evidence()), plan)
    posterior = infer(problem)
    model = build_closure_model(problem, posterior)
    assert isinstance(model, TripClosureModel)
    return problem, posterior, model


@pytest.fixture(scope="module")
def setup() -> Setup:
    return built(CostSettings())


def edited(problem: Problem, closed: Sequence[int], laws: Mapping[int, float]) -> ResolvedScenario:
    """Return a scenario with ports closed and laws changed by standard deviations."""
    evidence = problem.evidence
    log_open, terms = evidence.log_open_fraction.copy(), evidence.state_terms.copy()
    log_open[list(closed)] = -np.inf
    for state, sd in laws.items():
        terms[state, 0] += sd
    return ResolvedScenario(
        id="edited",
        evidence=replace(evidence, log_open_fraction=log_open, state_terms=terms),
        arcs=None,
        closed=np.zeros(len(problem.network.arcs.tail), dtype=bool),
        port_hours=np.zeros(len(log_open)),
        moves=(),
        target="",
        members=toy.ints(),
        rounds=0,
        strength=0.0,
    )


def test_without_an_edit_the_shares_are_the_posterior_s(setup: Setup) -> None:
    _, posterior, model = setup
    for draw in range(WORLDS):
        assert np.abs(port_shares(model, draw, (), {}) - posterior.port_share[draw]).max() < 1e-3


@pytest.mark.parametrize("nest_scale", [0.25, 0.5, 1.0])
def test_at_median_costs_an_edit_moves_what_it_moves_in_the_whole_model(nest_scale: float) -> None:
    """Each place is a group by itself, so nothing is lost."""
    problem, posterior, model = built(MEDIAN, nest_scale)
    found = displacements(problem, posterior, [edited(problem, *one) for one in EDITS], edges=False)
    for (closed, laws), one in zip(EDITS, found, strict=True):
        for draw in range(WORLDS):
            assert np.abs(port_shares(model, draw, closed, laws) - one.after.port[draw]).max() < 1e-6


def test_over_cost_worlds_an_edit_moves_what_it_moves_in_the_whole_model(setup: Setup) -> None:
    problem, posterior, model = setup
    found = displacements(problem, posterior, [edited(problem, *one) for one in EDITS], edges=False)
    for (closed, laws), one in zip(EDITS, found, strict=True):
        shares = [port_shares(model, draw, closed, laws) for draw in range(WORLDS)]
        assert np.abs(np.mean(shares, axis=0) - one.after.port.mean(axis=0)).max() < ALLOWED


def test_what_stays_in_proportion_is_further_from_the_whole_model(setup: Setup) -> None:
    """Else the tests above would pass for a model that knows nothing of trips."""
    problem, posterior, _ = setup
    closed = [[port] for port in range(3)]
    found = displacements(problem, posterior, [edited(problem, one, {}) for one in closed], edges=False)
    error = []
    for one, after in zip(closed, found, strict=True):
        share = np.delete(posterior.port_share, one, axis=1)
        proportional = share / share.sum(axis=1, keepdims=True)
        error.append(np.abs(np.delete(after.after.port, one, axis=1) - proportional).mean())
    assert max(error) > 2 * ALLOWED


def test_the_structure_port_keeps_its_own_model() -> None:
    plan = InferencePlan(worlds=2, seed=5, structure="port")
    problem = prepare_problem(toy.toy_arcs(), toy.toy_evidence(), plan)
    assert isinstance(build_closure_model(problem, infer(problem)), PortClosureModel)


@given(st.integers(1, 12), st.integers(1, 20), st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_groups_lie_in_a_state_and_are_no_more_than_asked(places: int, wanted: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    state, flow = rng.integers(0, 3, places), rng.dirichlet(np.ones(4 * places)).reshape(places, 4)
    group, of_group = group_alike(flow, state, wanted)
    assert (of_group[group] == state).all()
    assert sorted(set(group.tolist())) == list(range(len(of_group)))
    states = len(np.unique(state))
    assert len(of_group) == min(max(wanted, states), places)
