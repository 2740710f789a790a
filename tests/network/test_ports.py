from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from corridors.network.ports import current_ports, port_tolls


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


def factors() -> pd.DataFrame:
    """Return ratios of two months at one port, one of them known within bounds, and of one month at another."""
    return pd.DataFrame(
        {
            "poe_id": ["TX-AAA", "TX-AAA", "TX-BBB"],
            "month": ["2017-01", "2016-09", "2016-09"],
            "factor": [0.8, 0.5, 2.0],
            "factor_lo": [0.7, 0.5, 2.0],
            "factor_hi": [0.9, 0.5, 2.0],
            "url": ["https://b", "https://a", "https://a"],
        }
    )


def test_shipped_tables_change_nothing() -> None:
    given = tables(crossings=crossings("crossings"))
    ports = given["ports_of_entry"]
    pd.testing.assert_frame_equal(current_ports(given)[list(ports)], ports)


@pytest.mark.parametrize("table", [None, pd.DataFrame(), factors().iloc[:0]])
def test_without_factors_southbound_cars_are_the_northbound_ones(table: pd.DataFrame | None) -> None:
    ports = current_ports(tables() if table is None else tables(southbound_factors=table))
    assert ports["southbound_cars"].tolist() == [300.0, 100.0, 50.0]
    assert ports["southbound_factor"].isna().all()
    assert ports["factor_spread"].isna().all()
    assert port_tolls(ports).tolist() == [0.0, 0.0, 0.0]


def test_a_factor_is_the_geometric_mean_of_its_months() -> None:
    ports = current_ports(tables(southbound_factors=factors())).set_index("poe_id")
    assert ports.loc["TX-AAA", "southbound_factor"] == pytest.approx(np.sqrt(0.5 * 0.8))
    assert ports.loc["TX-AAA", "southbound_cars"] == pytest.approx(300 * np.sqrt(0.5 * 0.8))
    assert ports.loc["TX-AAA", "factor_months"] == "2016-09 | 2017-01"
    assert ports.loc["TX-AAA", "factor_sources"] == "https://a | https://b"
    assert ports.loc["TX-AAA", "factor_spread"] == pytest.approx(np.log(0.9 / 0.7) / np.sqrt(12) / 2)
    assert ports.loc["TX-BBB", "factor_spread"] == 0
    assert ports["southbound_cars"].drop("TX-AAA").tolist() == [200.0, 50.0]
    assert ports["northbound_cars"].tolist() == [300.0, 100.0, 50.0]


def test_the_order_of_months_changes_nothing() -> None:
    one = current_ports(tables(southbound_factors=factors()))
    other = current_ports(tables(southbound_factors=factors().iloc[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_a_crossing_that_sends_no_cars_south_counts_in_the_earlier_total() -> None:
    """A newer total of its BTS port scales all three bridges by one factor, whatever each one's weight is made of."""
    given = tables(crossings=crossings("bts_2026.csv"))
    ports = given["ports_of_entry"]
    only_north = {"poe_id": "TX-DDD", "bts_port_code": "2304", "pov_northbound": 200.0}
    ports["pov_northbound"] = [150.0, 50.0, 50.0]
    given["ports_of_entry"] = pd.concat([ports, pd.DataFrame([only_north])], ignore_index=True)
    found = current_ports(given).set_index("poe_id")
    assert found["pov_weight"].drop("TX-DDD").tolist() == pytest.approx([600.0, 200.0, 50.0])
    assert found["northbound_source"].str.contains("newest year").all()


def test_the_newest_whole_year_is_shared_as_before() -> None:
    weights = current_ports(tables(crossings=crossings("bts_2026.csv")))["pov_weight"]
    assert weights.tolist() == pytest.approx([600.0, 200.0, 50.0])


def test_newer_hours_are_taken_where_given() -> None:
    hours = pd.DataFrame({"poe_id": ["TX-AAA", "TX-BBB", None], "hours_open": [18.0, None, 6.0]})
    assert current_ports(tables(port_hours=hours))["hours_open"].tolist() == [18.0, 16.0, 10.0]


def test_the_shorter_hours_of_the_two_sides_count() -> None:
    given = tables()
    given["ports_of_entry"] = given["ports_of_entry"].assign(
        hours_southbound=[14.0, 24.0, np.nan], hours_mx=["6-20", "24/7", ""]
    )
    assert current_ports(given)["hours_open"].tolist() == [14.0, 24.0, 10.0]
    feed = pd.DataFrame({"poe_id": ["TX-AAA", "TX-BBB", "TX-CCC"], "hours_open": [18.0, 12.0, 6.0]})
    # the second bridge's US hours are of northbound lanes: a newer feed of them binds nothing
    assert current_ports({**given, "port_hours": feed})["hours_open"].tolist() == [14.0, 24.0, 6.0]


def test_an_unknown_toll_is_none() -> None:
    ports = current_ports(tables()).assign(toll_usd=[3.5, np.nan, 0.0])
    assert port_tolls(ports).tolist() == [3.5, 0.0, 0.0]
