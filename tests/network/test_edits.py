from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corridors.core.scenario import EditContext, Scenario
from corridors.network import resolve_edits
from tests.network import toy

if TYPE_CHECKING:
    from corridors.core.errors import Fault
    from corridors.core.scenario import ResolvedScenario
    from corridors.core.types import Evidence, Network

BOTH = {"es": "Prueba", "en": "Test"}
TOLL = 0.13


def resolved(
    network: Network, evidence: Evidence, *edits: dict[str, Any], toll: float = TOLL
) -> tuple[ResolvedScenario, list[Fault]]:
    scenario = Scenario.model_validate({"id": "test", "name": BOTH, "question": BOTH, "edit": edits})
    shows = toy.tables()["gun_shows"].assign(us_state="AZ", city="Southtown", venue="Hall")
    names = {"AZ": "Arizona", "26": "Sonora"}
    return resolve_edits(scenario, EditContext(network, evidence, shows, names, toll), file="test.toml")


def test_ports(toy_network: Network, toy_evidence: Evidence) -> None:
    edits: list[dict[str, Any]] = [
        {"kind": "port", "port": "AZ-WWW", "closed": True},
        {"kind": "port", "port": "AZ-EEE", "hours": 6},
        {"kind": "port", "port": "AZ-EEE", "delay_minutes": 90},
    ]
    change, faults = resolved(toy_network, toy_evidence, *edits)
    assert not faults
    assert change.evidence.log_open_fraction.tolist() == [np.log(0.25), -np.inf]
    assert change.port_hours.tolist() == [1.5, 0]
    assert (change.target, change.members.tolist(), change.arcs) == ("port", [0, 1], None)


def test_roads_and_tolls(toy_network: Network, toy_evidence: Evidence) -> None:
    arcs, refs = toy_network.arcs, toy_network.edges["ref"].to_numpy()
    change, faults = resolved(
        toy_network,
        toy_evidence,
        {"kind": "road", "where": {"ref": "MEX15", "state": "AZ"}, "factor": 2.0},
        {"kind": "toll", "where": {"road_class": "mx_toll"}, "usd_per_km": 0.0},
        {"kind": "road", "where": {"edges": ["0"]}, "closed": True},
        {"kind": "checkpoint", "lon": -109.5, "lat": 30.01, "delay_minutes": 30},
    )
    assert not faults
    assert change.arcs is not None
    ref = refs[arcs.edge]
    assert np.allclose(
        change.arcs.hours / arcs.hours, np.where(ref == "MEX15", 2, 1) + 0.5 / arcs.hours * (ref == "MEX2")
    )
    assert arcs.toll_km.any()
    assert not change.arcs.toll_km.any()
    assert set(ref[change.closed]) == {"I-19"}
    assert change.target == ""


def test_supply(toy_network: Network, toy_evidence: Evidence) -> None:
    show, law, half = (
        resolved(toy_network, toy_evidence, edit)[0]
        for edit in (
            {"kind": "show", "us_state": "AZ", "city": "Southtown"},
            {"kind": "law", "us_state": "AZ", "sd": -0.5},
            {"kind": "supply", "us_state": "AZ", "factor": 0.5},
        )
    )
    # without the only show, supply is licenses alone
    assert np.allclose(show.evidence.log_supply, np.log(toy_evidence.zones["dealers"].to_numpy(dtype=float)))
    assert np.allclose(law.evidence.state_terms - toy_evidence.state_terms, [[-0.5, 0]])
    assert np.allclose(half.evidence.log_supply - toy_evidence.log_supply, np.log(0.5))
    assert all(one.target == "zone" and len(one.members) for one in (show, law, half))


def test_unknown_names_are_all_reported_at_once(toy_network: Network, toy_evidence: Evidence) -> None:
    edits: list[dict[str, Any]] = [
        {"kind": "port", "port": "AZ-WW", "closed": True},
        {"kind": "port", "port": "AZ-PED", "closed": True},
        {"kind": "road", "where": {"ref": "MEX99"}, "factor": 2.0},
        {"kind": "road", "where": {"road_class": "poe"}, "closed": True},
        {"kind": "checkpoint", "lon": -100.0, "lat": 25.0, "delay_minutes": 30},
        {"kind": "law", "us_state": "NV", "sd": 1},
        {"kind": "supply", "zone": "county:99999", "factor": 2},
        {"kind": "show", "us_state": "AZ", "city": "Nowhere"},
        {"kind": "demand", "from": "99", "to": "26001", "part": 0.5},
        {"kind": "demand", "from": "26", "to": "26001", "part": 0.5},
    ]
    _, faults = resolved(toy_network, toy_evidence, *edits)
    assert [fault.column for fault in faults] == [
        *("edit[1].port", "edit[2].port", "edit[3].where.ref", "edit[4].where.road_class", "edit[5].lon"),
        *("edit[6].us_state", "edit[7].zone", "edit[8]", "edit[9].from", "edit[10].to"),
    ]
    assert "Did you mean 'AZ-WWW'?" in str(faults[0])
    assert all(fault.file == "test.toml" and fault.remedy for fault in faults)


def test_a_toll_needs_tolls(toy_network: Network, toy_evidence: Evidence) -> None:
    edit = {"kind": "toll", "where": {"road_class": "mx_toll"}, "usd_per_km": 0.2}
    (fault,) = resolved(toy_network, toy_evidence, edit, toll=0.0)[1]
    assert "toll_usd_per_km" in fault.remedy


@pytest.mark.parametrize("part", [0.25, 1.0])
def test_demand_moves_between_the_places_named(
    toy_network: Network, toy_evidence: Evidence, part: float
) -> None:
    (move,) = resolved(
        toy_network, toy_evidence, {"kind": "demand", "from": "08", "to": "26002", "part": part}
    )[0].moves
    names = toy_evidence.municipalities["cvegeo"].to_numpy()
    assert (names[move.source].tolist(), names[move.to].tolist(), move.fraction) == (
        ["08001"],
        ["26002"],
        part,
    )
