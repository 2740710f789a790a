"""Dated events at their places: seats, gates, and cities where no gate is printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridors.jobs.events import COLUMNS, dated_events

if TYPE_CHECKING:
    from corridors.jobs.inputs import Inputs


def test_every_shipped_event_has_a_place_and_a_link(shipped: Inputs) -> None:
    found = dated_events(shipped)
    assert found is not None
    assert tuple(found) == COLUMNS
    towns, ports = (found[found["place_kind"] == kind] for kind in ("municipality", "port"))
    assert len(towns) == len(shipped.tables["seizure_events"])
    assert len(ports) == len(shipped.tables["port_events"])
    assert found[["lon", "lat", "name_es", "name_en"]].notna().all().all()
    assert found["url"].str.match("https?://").all()
    assert found["firearms"].sum() == sum(
        shipped.tables[name]["guns_total"].sum() for name in ("seizure_events", "port_events")
    )
    assert set(towns["side"]) == {""}
    assert set(ports["side"]) == {"US", "MX"}
    assert towns["joint"].any()
    assert not ports["joint"].any()


def test_an_event_without_a_gate_lies_amid_the_gates_of_its_city(shipped: Inputs) -> None:
    found = dated_events(shipped)
    assert found is not None
    nogales = found[found["place"] == "nogales"]
    ports = shipped.tables["ports_of_entry"].set_index("poe_id")
    assert len(nogales) == 5
    assert nogales["lon"].iloc[0] == ports.loc[["AZ-DEC", "AZ-MAR"], "lon"].mean()
    assert nogales["name_es"].iloc[0] == "Nogales (Sonora y Arizona)"
    assert nogales["date_from"].tolist() == sorted(nogales["date_from"])


def test_either_table_may_be_missing(shipped: Inputs) -> None:
    def without(*names: str) -> Inputs:
        tables = {name: table for name, table in shipped.tables.items() if name not in names}
        return replace(shipped, tables=tables)

    only_ports = dated_events(without("seizure_events"))
    assert only_ports is not None
    assert set(only_ports["place_kind"]) == {"port"}
    only_towns = dated_events(without("port_events"))
    assert only_towns is not None
    assert set(only_towns["place_kind"]) == {"municipality"}
    assert dated_events(without("seizure_events", "port_events")) is None
