"""Events and freight as positions: what is matched, what may be at several ports, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.network import build_held_out
from corridors.network.events import freight, port_events, seizure_events
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network

EAST, WEST = 0, 1
"""The network sorts its ports by id: AZ-EEE, AZ-WWW."""


def seizures() -> pd.DataFrame:
    """Return two bulletins at one link; the second names two municipalities and one that the network lacks."""
    return pd.DataFrame(
        {
            "event_id": ["E001", "E002", "E002", "E003"],
            "date_from": ["2025-02-01", "2025-02-02", "2025-02-02", "2025-02-02"],
            "cvegeo": ["26002", "26001", "08001", "19039"],
            "share": [1.0, 0.5, 0.5, 1.0],
            "url": "https://example.org/all",
        }
    )


def goods() -> pd.DataFrame:
    """Return goods of two years; the west port's are counted in the east city, as 2602 is the only code given."""
    return pd.DataFrame(
        {
            "us_state": ["AZ", "AZ", "AZ", "TX", "AZ", "AZ"],
            "crossing_city": ["east", "east", "east", "east", "laredo", "east"],
            "bts_port_code": ["2602", "2602", "2602", "2602", "2304", "2601"],
            "mx_state": ["26", "26", "08", "26", "26", "08"],
            "year": [2022, 2023, 2023, 2023, 2023, 2023],
            "value_usd": [3, 4, 10, 100, 1000, 7],
        }
    )


def at_ports() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": ["PE001", "PE002", "PE003", "PE004"],
            "poe_id": ["AZ-WWW", "", "AZ-PED", "AZ-EEE"],
            "crossing_city": ["west", "both", "west", "east"],
            "date": ["2024-01-02", "2024", "2024-01-03", None],
            "url": ["https://a.example", "https://a.example", "https://b.example", "https://c.example"],
        }
    )


def test_a_bulletin_is_a_link_and_a_day(toy_evidence: Evidence) -> None:
    found = seizure_events({"seizure_events": seizures()}, toy_evidence)
    assert found is not None
    codes = toy_evidence.municipalities["cvegeo"].to_numpy()
    assert codes[found.municipality].tolist() == ["26002", "26001", "08001"]
    assert found.weight.tolist() == [1, 0.5, 0.5]
    assert found.bulletin.tolist() == [0, 1, 1]
    with pytest.raises(ValueError, match="read-only"):
        found.weight[0] = 2


def test_goods_are_summed_over_years_and_counted_where_their_code_is(
    toy_network: Network, toy_evidence: Evidence
) -> None:
    found = freight({"freight_flows": goods()}, toy_network, toy_evidence, {"AZ"})
    assert found is not None
    assert found.port_city.tolist() == [0, 0]
    assert found.value.tolist() == [[[17, 7]]]
    # with codes of other ports, each port's goods are counted in its own city
    other = freight(
        {"freight_flows": goods().assign(bts_port_code="2304")}, toy_network, toy_evidence, {"AZ"}
    )
    assert other is not None
    assert other.port_city.tolist() == [0, 1]
    assert other.value.tolist() == [[[17, 7], [0, 0]]]
    # of a state of which only a part is covered there are none
    part = freight({"freight_flows": goods()}, toy_network, toy_evidence, set())
    assert part is not None
    assert part.value.sum() == 0


def test_an_event_without_a_gate_may_be_at_any_of_its_city(toy_network: Network) -> None:
    ports = toy_network.ports.assign(crossing_city="both", field_office=["Tucson", "Yuma"])
    found = port_events({"port_events": at_ports()}, replace(toy_network, ports=ports))
    assert found is not None
    # the gate for pedestrians is not in the network
    assert found.names == ("West MX 2024-01-02", "east es 2024", "East MX")
    assert found.ports.tolist() == [[False, True], [True, True], [True, False]]
    assert found.office.tolist() == [[False, True], [True, True], [True, False]]
    assert found.article.tolist() == [0, 0, 1]


def test_tables_that_are_missing_or_name_no_place_here(
    toy_network: Network, toy_evidence: Evidence, tmp_path: Path
) -> None:
    held = build_held_out(toy.tables(), toy.population(tmp_path), toy_network, toy_evidence)
    assert [held.seizure_events, held.freight, held.port_events] == [None] * 3
    elsewhere = {
        "seizure_events": seizures().assign(cvegeo="19039"),
        "freight_flows": goods().assign(us_state="TX"),
        "port_events": at_ports().assign(poe_id="TX-BOT", crossing_city="laredo"),
    }
    held = build_held_out(toy.tables() | elsewhere, toy.population(tmp_path), toy_network, toy_evidence)
    assert held.seizure_events is not None
    assert len(held.seizure_events.municipality) == 0
    assert held.freight is not None
    assert held.freight.value.sum() == 0
    assert held.port_events is not None
    assert held.port_events.names == ()
    assert held.port_events.office.shape == (0, 2)
    assert held.port_events.ports.shape == (0, 2)
