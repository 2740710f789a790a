from __future__ import annotations

import pandas as pd
import pytest

from corridors.network.ports import current_ports


def tables(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    ports = pd.DataFrame(
        {
            "poe_id": ["TX-AAA", "TX-BBB", "TX-CCC"],
            "bts_port_code": ["2304", "2304", "2310"],
            "pov_weight": [300.0, 100.0, 50.0],
            "hours_open": [24.0, 16.0, 10.0],
        }
    )
    return {"ports_of_entry": ports, **more}


def crossings(source: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "bts_port_code": ["2304", "2304", "2304", "2310"],
            "year": [2024, 2025, 2026, 2025],
            "measure": ["personal vehicles", "personal vehicles", "personal vehicles", "trucks"],
            "value": [999, 800, 70, 5],
            "months": [12, 12, 1, 12],
            "source_id": source,
        }
    )


def test_shipped_tables_change_nothing() -> None:
    given = tables(crossings=crossings("crossings"))
    pd.testing.assert_frame_equal(current_ports(given), given["ports_of_entry"])


def test_the_newest_whole_year_is_shared_as_before() -> None:
    weights = current_ports(tables(crossings=crossings("bts_2026.csv")))["pov_weight"]
    assert weights.tolist() == pytest.approx([600.0, 200.0, 50.0])


def test_newer_hours_are_taken_where_given() -> None:
    hours = pd.DataFrame({"poe_id": ["TX-AAA", "TX-BBB", None], "hours_open": [18.0, None, 6.0]})
    assert current_ports(tables(port_hours=hours))["hours_open"].tolist() == [18.0, 16.0, 10.0]
