from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.bench.closures import from_scratch
from corridors.core.scenario import EditContext, Scenario, ScenarioFlow
from corridors.core.settings import CostSettings
from corridors.inference.displacement import (
    cut_off,
    displacement_ratio,
    elastic_totals,
    shifts,
)
from corridors.inference.fitting.ensemble import InferencePlan, infer
from corridors.inference.fitting.executors import thread_executor
from corridors.network.edits import resolve_edits
from tests import world

if TYPE_CHECKING:
    from corridors.core.scenario import ResolvedScenario
    from corridors.core.types import Evidence, FlowDraws, Network

COSTS = CostSettings()
NAMES = {"AZ": "Arizona", "26": "Sonora", "08": "Chihuahua"}
BOTH = {"es": "Prueba", "en": "Test"}
Setup = tuple["Network", "Evidence", "FlowDraws"]


@pytest.fixture(scope="module")
def setup(toy_network: Network, toy_evidence: Evidence) -> Setup:
    return toy_network, toy_evidence, infer(toy_network.arcs, toy_evidence, InferencePlan(worlds=4, seed=5))


def change(setup: Setup, *edits: dict[str, Any], **more: Any) -> ResolvedScenario:
    """Return edits laid on the toy world."""
    scenario = Scenario.model_validate({"id": "test", "name": BOTH, "question": BOTH, "edit": edits} | more)
    context = EditContext(setup[0], setup[1], world.tables()["gun_shows"], NAMES, COSTS.toll_usd_per_km)
    laid, faults = resolve_edits(scenario, context, file="test.toml")
    assert not faults
    return laid


def under(setup: Setup, *changes: ResolvedScenario) -> list[ScenarioFlow]:
    network, evidence, posterior = setup
    return shifts(
        network.arcs, evidence, posterior, changes, costs=COSTS, seed=5, executor=thread_executor(1)
    )


def closing(port: str) -> dict[str, Any]:
    return {"kind": "port", "port": port, "closed": True}


def test_an_edit_of_nothing_changes_nothing_to_the_byte(setup: Setup) -> None:
    posterior = setup[2]
    before, after = under(setup, change(setup))
    for one in fields(ScenarioFlow):
        if one.name != "id":
            assert getattr(before, one.name).tobytes() == getattr(after, one.name).tobytes(), one.name
    assert before.port.tobytes() == posterior.port_share.tobytes()
    assert before.edge.tobytes() == posterior.edge_share.astype(np.float32).tobytes()


def test_a_closed_port_carries_nothing_and_shares_sum_to_one(setup: Setup) -> None:
    before, *after = under(setup, *(change(setup, closing(port)) for port in setup[0].ports["poe_id"]))
    for position, one in enumerate(after):
        assert (one.port[:, position] == 0).all()
        assert (one.edge[:, setup[0].arcs.port_edge[position]] == 0).all()
        for shares in (one.port, one.state_pair, one.zone):
            assert np.allclose(shares.reshape(len(shares), -1).sum(axis=1), 1, atol=1e-12)
        fixed = displacement_ratio(before.port, one.port, np.array([position]))
        total = elastic_totals(before, one, seed=1)
        elastic = displacement_ratio(before.port, one.port * total[:, None], np.array([position]))
        assert np.allclose(fixed, 1)
        assert (total < 1).all()
        assert ((elastic > 0) & (elastic < 1)).all()


@pytest.mark.parametrize("at", [0, 1])
def test_a_closure_is_a_network_without_the_port(setup: Setup, at: int) -> None:
    network, evidence, posterior = setup
    _, after = under(setup, change(setup, closing(network.ports["poe_id"][at])))
    for draw in range(len(after.port)):
        port, edge = from_scratch(network.arcs, evidence, posterior, costs=COSTS, seed=5, at=at, draw=draw)
        assert np.abs(after.port[draw] - port).max() < 1e-9
        assert np.abs(after.edge[draw] - edge).max() < 1e-6


@settings(max_examples=8, deadline=None)
@given(
    minutes=st.floats(0.01, 600),
    more=st.floats(0.01, 600),
    hours=st.floats(0.1, 11),
    at=st.sampled_from([0, 1]),
)
def test_a_dearer_port_never_gains(setup: Setup, minutes: float, more: float, hours: float, at: int) -> None:
    port = setup[0].ports["poe_id"][at]
    little, much, shorter = (
        change(setup, {"kind": "port", "port": port} | edit)
        for edit in ({"delay_minutes": minutes}, {"delay_minutes": minutes + more}, {"hours": hours})
    )
    before, slow, slower, short = (one.port[:, at] for one in under(setup, little, much, shorter))
    assert (slow <= before).all()
    assert (slower <= slow).all()
    assert (short <= before).all()


def test_a_dearer_road_sheds_flow_and_a_closed_one_has_none(setup: Setup) -> None:
    road = {"kind": "road", "where": {"ref": "MEX17D"}}
    edges = setup[0].edges["ref"].eq("MEX17D").to_numpy()
    before, dear, closed = under(
        setup, change(setup, road | {"factor": 3.0}), change(setup, road | {"closed": True})
    )
    assert (dear.port[:, 0] < before.port[:, 0]).all()
    assert (closed.edge[:, edges] == 0).all()
    assert (closed.port[:, 0] == 0).all()  # its only road


def test_laws_supply_and_demand_move_what_they_name(setup: Setup) -> None:
    evidence, posterior = setup[1:]
    halved = {"kind": "supply", "zone": evidence.zones["zone_id"][0], "factor": 0.5}
    moved = {"kind": "demand", "from": "08001", "to": "26001", "part": 1.0}
    before, law, supply, demand = under(
        setup,
        change(setup, {"kind": "law", "us_state": "AZ", "sd": 1.0}),
        change(setup, halved),
        change(setup, moved),
    )
    # one state: its law cannot move shares, only the total, by the fitted effect
    assert np.allclose(law.port, before.port)
    assert np.allclose(law.log_sum - before.log_sum, posterior.parameters["state_terms"][:, 0])
    assert (supply.zone[:, 0] < before.zone[:, 0]).all()
    assert (demand.state_pair[:, 0, 0] < 1e-12).all()
    assert np.allclose(demand.state_pair.sum(axis=(1, 2)), 1)


def test_inspection_that_follows_the_flow_spreads_it(setup: Setup) -> None:
    edit = {"kind": "port", "port": "AZ-WWW", "hours": 1.0}
    before, once, followed = under(setup, change(setup, edit), change(setup, edit, adaptation={"rounds": 3}))
    assert (before.port[:, 0] < followed.port[:, 0]).all()
    assert (followed.port[:, 0] < once.port[:, 0]).all()


def test_what_would_be_cut_off_is_told(setup: Setup) -> None:
    network, evidence, _ = setup
    all_closed = change(setup, closing("AZ-WWW"), closing("AZ-EEE"))
    last_road = change(setup, {"kind": "road", "where": {"ref": "MEX2"}, "closed": True})
    fine = change(setup, closing("AZ-WWW"))
    told = cut_off(network.arcs, evidence, COSTS, [all_closed, last_road, fine])
    assert told[0] == (evidence.zones["zone_id"].tolist(), evidence.municipalities["cvegeo"].tolist())
    assert told[1:] == [([], ["08001"]), ([], [])]


def test_the_result_does_not_depend_on_the_jobs(setup: Setup) -> None:
    network, evidence, posterior = setup
    edits = [change(setup, closing("AZ-WWW"))]
    one, other = (
        shifts(network.arcs, evidence, posterior, edits, costs=COSTS, seed=5, executor=thread_executor(jobs))
        for jobs in (1, 3)
    )
    assert one[1].port.tobytes() == other[1].port.tobytes()
    assert one[1].edge.tobytes() == other[1].edge.tobytes()
