"""Scenarios on the toy world, resolved by hand: what an edit moves, and what it leaves as it was."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.scenario import DemandShift, ResolvedScenario, ScenarioFlow
from corridors.inference import disconnected_places
from corridors.inference.displacement import displacement_ratio, elastic_totals, scenario_flows
from corridors.inference.fitting import InferencePlan, Problem, infer, prepare_problem
from corridors.inference.fitting.executors import thread_executor
from tests.inference.toy import EAST, EDGE, LEJOS, PUEBLO, WEST, ints

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, Evidence

    Setup = tuple[Problem, FlowDraws]


@pytest.fixture(scope="module")
def setup(toy_arcs: Arcs, toy_evidence: Evidence) -> Setup:
    """Four worlds in which one port has a toll, and volumes vary."""
    tolled = replace(toy_arcs, port_toll=np.array([3.0, 0.0]))
    problem = prepare_problem(tolled, toy_evidence, InferencePlan(worlds=4, seed=5))
    return problem, infer(problem)


def change(setup: Setup, **edits: Any) -> ResolvedScenario:
    """Return a scenario with some of its fields, or of its evidence's, as given."""
    problem = setup[0]
    arcs, own = problem.network.arcs, {field.name for field in fields(ResolvedScenario)}
    evidence = {name: value for name, value in edits.items() if name not in own}
    nothing: dict[str, Any] = {
        "id": "test",
        "evidence": replace(problem.evidence, **evidence),
        "arcs": None,
        "closed": np.zeros(len(arcs.tail), dtype=bool),
        "port_hours": np.zeros(len(arcs.port_us)),
        "moves": (),
        "target": "",
        "members": ints(),
        "rounds": 0,
        "strength": 0.5,
    }
    return ResolvedScenario(**nothing | {name: value for name, value in edits.items() if name in own})


def opened(setup: Setup, hours: dict[int, float]) -> dict[str, Any]:
    """Return the edit of ports open so many hours a day; 0 closes one."""
    log_open = setup[0].evidence.log_open_fraction.copy()
    with np.errstate(divide="ignore"):
        for port, open_hours in hours.items():
            log_open[port] = np.log(open_hours / 24)
    return {"log_open_fraction": log_open}


def under(setup: Setup, *changes: ResolvedScenario) -> list[ScenarioFlow]:
    problem, posterior = setup
    return scenario_flows(problem, posterior, changes, executor=thread_executor(1))


def test_an_edit_of_nothing_changes_nothing_to_the_byte(setup: Setup) -> None:
    posterior = setup[1]
    before, after = under(setup, change(setup))
    for one in fields(ScenarioFlow):
        if one.name != "id":
            assert getattr(before, one.name).tobytes() == getattr(after, one.name).tobytes(), one.name
    assert before.port.tobytes() == posterior.port_share.tobytes()
    assert before.edge.tobytes() == posterior.edge_share.astype(np.float32).tobytes()


def test_roads_edited_back_to_themselves_keep_tolls_and_volumes(setup: Setup) -> None:
    before, after = under(setup, change(setup, arcs=setup[0].network.arcs))
    assert after.port.tobytes() == before.port.tobytes()
    assert after.edge.tobytes() == before.edge.tobytes()


def test_a_closed_port_carries_nothing_and_shares_sum_to_one(setup: Setup) -> None:
    before, *after = under(setup, *(change(setup, **opened(setup, {port: 0.0})) for port in (EAST, WEST)))
    for position, one in enumerate(after):
        assert (one.port[:, position] == 0).all()
        assert (one.edge[:, setup[0].network.arcs.port_edge[position]] == 0).all()
        for shares in (one.port, one.state_pair, one.zone):
            assert np.allclose(shares.reshape(len(shares), -1).sum(axis=1), 1, atol=1e-12)
        fixed = displacement_ratio(before.port, one.port, np.array([position]))
        total = elastic_totals(before, one, seed=1)
        elastic = displacement_ratio(before.port, one.port * total[:, None], np.array([position]))
        assert np.allclose(fixed, 1)
        assert (total < 1).all()
        assert ((elastic > 0) & (elastic < 1)).all()


@settings(max_examples=8, deadline=None)
@given(
    minutes=st.floats(0.01, 600),
    more=st.floats(0.01, 600),
    hours=st.floats(0.1, 11),
    at=st.sampled_from([0, 1]),
)
def test_a_dearer_port_never_gains(setup: Setup, minutes: float, more: float, hours: float, at: int) -> None:
    port_hours = np.eye(2)[at] / 60
    little = change(setup, port_hours=minutes * port_hours)
    much = change(setup, port_hours=(minutes + more) * port_hours)
    shorter = change(setup, **opened(setup, {at: hours}))
    before, slow, slower, short = (one.port[:, at] for one in under(setup, little, much, shorter))
    assert (slow <= before).all()
    assert (slower <= slow).all()
    assert (short <= before).all()


def test_a_dearer_road_sheds_flow_and_a_closed_one_has_none(setup: Setup) -> None:
    arcs = setup[0].network.arcs
    road = arcs.edge == EDGE["MEX17D"]
    dearer = replace(
        arcs, hours=np.where(road, 3, 1) * arcs.hours, toll_km=np.where(road, 3, 1) * arcs.toll_km
    )
    before, dear, closed = under(setup, change(setup, arcs=dearer), change(setup, arcs=arcs, closed=road))
    assert (dear.port[:, EAST] < before.port[:, EAST]).all()
    assert (closed.edge[:, EDGE["MEX17D"]] == 0).all()
    assert (closed.port[:, EAST] == 0).all()  # its only road


def test_laws_supply_and_demand_move_what_they_name(setup: Setup) -> None:
    evidence, posterior = setup[0].evidence, setup[1]
    before, law, supply, demand = under(
        setup,
        change(setup, state_terms=evidence.state_terms + np.array([[1.0, 0.0]])),
        change(setup, log_supply=evidence.log_supply + np.log([0.5, 1.0])),
        change(setup, moves=(DemandShift(ints(LEJOS), ints(PUEBLO), 1.0),)),
    )
    # one state: its law cannot move shares, only the total, by the fitted effect
    assert np.allclose(law.port, before.port)
    assert np.allclose(law.log_sum - before.log_sum, posterior.parameters["state_terms"][:, 0])
    assert (supply.zone[:, 0] < before.zone[:, 0]).all()
    assert (demand.state_pair[:, 0, 0] < 1e-12).all()
    assert np.allclose(demand.state_pair.sum(axis=(1, 2)), 1)


def test_inspection_that_follows_the_flow_spreads_it(setup: Setup) -> None:
    edit = opened(setup, {WEST: 1.0})
    before, once, followed = under(setup, change(setup, **edit), change(setup, **edit, rounds=3))
    assert (before.port[:, 0] < followed.port[:, 0]).all()
    assert (followed.port[:, 0] < once.port[:, 0]).all()


def test_places_that_would_be_disconnected_are_named(setup: Setup) -> None:
    problem = setup[0]
    arcs, evidence = problem.network.arcs, problem.evidence
    all_closed = change(setup, **opened(setup, {EAST: 0.0, WEST: 0.0}))
    last_road = change(setup, arcs=arcs, closed=arcs.edge == EDGE["MEX2"])
    fine = change(setup, **opened(setup, {WEST: 0.0}))
    found = disconnected_places(problem, [all_closed, last_road, fine])
    assert found[0] == (evidence.zones["zone_id"].tolist(), evidence.municipalities["cvegeo"].tolist())
    assert found[1:] == [([], ["08001"]), ([], [])]


def test_the_result_does_not_depend_on_the_jobs(setup: Setup) -> None:
    problem, posterior = setup
    edits = [change(setup, **opened(setup, {WEST: 0.0}))]
    one, other = (
        scenario_flows(problem, posterior, edits, executor=thread_executor(jobs)) for jobs in (1, 3)
    )
    assert one[1].port.tobytes() == other[1].port.tobytes()
    assert one[1].edge.tobytes() == other[1].edge.tobytes()
