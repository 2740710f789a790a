"""BTS crossings, CBP seizures and the hours of the wait-time feed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.borders import (
    FORMATS,
    calendar_month,
    crossing_month,
    load_bts,
    load_cbp_wait,
    load_cbp_weapons,
)
from corridors.sources.agencies.crossing_hours import PORT_OF, hours_a_day
from tests.raw import RAW, needs_raw
from tests.sources.dress import check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

BTS_HEADER = [
    *(
        "Port Name",
        "State",
        "Port Code",
        "Border",
        "Date",
        "Measure",
        "Value",
        "Latitude",
        "Longitude",
        "Point",
    )
]
WHERE = [32.5, -117.0, "POINT (-117.0 32.5)"]
SYS = ["San Ysidro", "California", 2504, "US-Mexico Border"]
BTS: list[list[object]] = [
    [*SYS, "Jan 2024", "Personal Vehicles", "1,200", *WHERE],
    [*SYS, "2024-02-01T00:00:00.000", "Personal Vehicles", 1300, *WHERE],
    [*SYS, "02/01/2024 12:00:00 AM", "Personal Vehicles", 1300, *WHERE],
    [*SYS, "2024-02-01", "Pedestrians", 7, *WHERE],
    [*SYS, "2024-02-01", "Train Passengers", 7, *WHERE],
    ["Alexandria Bay", "New York", 708, "US-Canada Border", "Jan 2024", "Trucks", 9, *WHERE],
]
BTS_WANTED = [
    ("2504", "CA", 2024, "pedestrians", 7, 1),
    ("2504", "CA", 2024, "personal vehicles", 2500, 2),
]
CBP_HEADER = [
    *("Fiscal Year", "Month (abbv)", "Component", "Region", "Area of Responsibility", "Inbound/Outbound"),
    *("Mode of Transportation", "Seizure Type", "Category", "Event ID", "Quantity Seized"),
]
OFO, BP = "Office of Field Operations", "U.S. Border Patrol"
SW, WEAPONS, AMMO = "Southwest Border", "Weapons", "Ammunition & Gun Parts"


def _cbp(
    month: str = "JUL",
    component: str = OFO,
    region: str = SW,
    *,
    office: str = "Laredo Field Office",
    way: str = "OUTBOUND",
    what: tuple[str, str] = (WEAPONS, "Handgun"),
    event: str = "100.0",
    quantity: str = "1.0",
) -> list[object]:
    return [2026, month, component, region, office, way, "Land", *what, event, quantity]


CBP: list[list[object]] = [
    _cbp(quantity="3.0"),
    _cbp(what=(WEAPONS, "Long Arm"), quantity="2.0"),
    _cbp(what=(AMMO, "Ammunition"), quantity="500.0"),
    _cbp(event="101", what=(AMMO, "Magazine"), quantity="4"),
    _cbp(event="102", what=(WEAPONS, "Other Weapons")),
    _cbp(event="103", what=(AMMO, "Other Ammunition & Gun Parts"), quantity="6.0"),
    _cbp("OCT", office="Tucson Field Office", event="104.0"),
    _cbp(component=BP),
    _cbp(way="INBOUND"),
    _cbp(region="Central/Coastal/Other", office="Atlanta Field Office"),
    _cbp(what=("Currency", "US Dollar")),
]
COUNTS = [
    "events",
    "events_with_firearms",
    "handguns",
    "long_arms",
    "other_weapons",
    "ammunition",
    "magazines",
]
CBP_WANTED = {("Laredo", "2026-07"): [4, 1, 3, 2, 1, 500, 4], ("Tucson", "2025-10"): [1, 1, 1, 0, 0, 0, 0]}


def _crossings(loaded: Loaded) -> list[tuple[Any, ...]]:
    check_account(loaded.report)
    table = loaded.tables["crossings"]
    return list(
        table[["bts_port_code", "us_state", "year", "measure", "value", "months"]].itertuples(
            index=False, name=None
        )
    )


@needs_raw
def test_the_real_crossings_give_the_shipped_table(
    context: Context, tables: Mapping[str, pd.DataFrame]
) -> None:
    loaded = load_bts(RAW / "roads/bts_border_crossing_us_mexico_1996_latest.csv.gz", context)
    shipped = tables["crossings"].drop(columns=["source_id", "source_row"])
    pd.testing.assert_frame_equal(loaded.tables["crossings"], shipped)
    check_account(loaded.report)
    assert (loaded.report.rows, loaded.report.kept) == (94_234, 42_707)
    assert loaded.report.dropped["the same month again"] == 6
    assert loaded.report.period == "1996-01..2025-02"


@given(dress=dresses(len(BTS_HEADER), len(BTS)))
@quick
def test_any_dress_gives_the_same_crossings(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(BTS_HEADER, BTS, dress))
    loaded = load_bts(path, context)
    assert _crossings(loaded) == BTS_WANTED
    assert loaded.report.dropped == {
        "not a port of the Mexican border": 1,
        "a measure that is not used (passengers of buses, rail, freight)": 1,
        "the same month again": 1,
    }


@given(cut=st.integers(0, len(table_text(BTS_HEADER, BTS, "\r\n"))))
@quick
def test_cut_crossings_are_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(BTS_HEADER, BTS, "\r\n").encode()
    check_cut(load_bts, content, cut, path=tmp_path / "mine.csv", context=context)


def test_wrong_crossings_are_faults_with_their_row(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "mine.csv"
    for row, says in (
        ([*SYS, "2024-02-01", "Personal Vehicles", 1301, *WHERE], "row 8.*again with other counts"),
        ([*SYS, "soon", "Personal Vehicles", 1, *WHERE], "row 8, column 'date'"),
        ([*SYS, "Mar 2024", "Personal Vehicles", "", *WHERE], "row 8, column 'value'"),
        ([*SYS, "Mar 2024", "Personal Vehicles", "many", *WHERE], "row 8, column 'value'"),
    ):
        path.write_text(table_text(BTS_HEADER, [*BTS, row]))
        with pytest.raises(SchemaError, match=says):
            load_bts(path, context)


@needs_raw
def test_the_real_sample_of_seizures_has_none_of_the_southwest(context: Context) -> None:
    with pytest.raises(SchemaError, match=r"none of 8 rows \(regions: Central/Coastal/Other\)"):
        load_cbp_weapons(RAW / "us/cbp_weapons_seizures_sample.csv", context)


def _seizures(loaded: Loaded) -> dict[tuple[str, str], list[int]]:
    check_account(loaded.report)
    table = loaded.tables["cbp_seizures"]
    assert table["other_parts"].tolist() == [6, 0]
    assert table["fiscal_year"].eq(2026).all()
    return {
        (office, month): counts
        for office, month, counts in zip(
            table["field_office"], table["month"], table[COUNTS].to_numpy().tolist(), strict=True
        )
    }


@given(dress=dresses(len(CBP_HEADER), len(CBP)))
@quick
def test_any_dress_gives_the_same_seizures(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(CBP_HEADER, CBP, dress))
    loaded = load_cbp_weapons(path, context)
    assert _seizures(loaded) == CBP_WANTED
    assert (loaded.report.rows, loaded.report.kept, loaded.report.period) == (11, 7, "2025-10..2026-07")
    assert loaded.report.dropped == {
        "not of the Office of Field Operations: Border Patrol seizes inland, by sector": 1,
        "not outbound": 1,
        "not the Southwest region": 1,
        "neither weapons nor ammunition nor parts": 1,
    }


@given(cut=st.integers(0, len(table_text(CBP_HEADER, CBP))))
@quick
def test_cut_seizures_are_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(CBP_HEADER, CBP).encode()
    check_cut(load_cbp_weapons, content, cut, path=tmp_path / "mine.csv", context=context)


def test_wrong_seizures_are_faults_with_their_row(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "mine.csv"
    for row, says in (
        (_cbp("13"), "row 3, column 'date': expected a month of a fiscal year"),
        (_cbp(quantity="-1"), "row 3, column 'quantity'"),
        (_cbp(quantity=""), "row 3, column 'quantity'"),
    ):
        path.write_text(table_text(CBP_HEADER, [CBP[0], row]))
        with pytest.raises(SchemaError, match=says):
            load_cbp_weapons(path, context)
    path.write_text(table_text(CBP_HEADER, [CBP[0], CBP[0]]))
    assert any("both are counted" in note for note in load_cbp_weapons(path, context).report.notes)


def _feed(number: str, hours: str, border: str = "Mexican Border") -> dict[str, object]:
    lanes = {"maximum_lanes": "4", "standard_lanes": {"delay_minutes": "0"}}
    return {
        "port_number": number,
        "border": border,
        "port_name": "Nogales",
        "crossing_name": "",
        "hours": hours,
        "date": "6/29/2022",
        "time": "13:25:16",
        "port_status": "Open",
        "passenger_vehicle_lanes": lanes,
    }


@needs_raw
def test_the_real_feed_agrees_with_the_shipped_hours(
    context: Context, tables: Mapping[str, pd.DataFrame]
) -> None:
    loaded = load_cbp_wait(RAW / "roads/cbp_bwt_sample_2022-06-29.json", context)
    check_account(loaded.report)
    assert (loaded.report.rows, loaded.report.kept) == (76, 46)
    assert loaded.report.dropped == {"not of the Mexican border": 30}
    assert loaded.report.notes == ("crossings without a port of entry here: l24501, 230103, 250602",)
    ports = tables["ports_of_entry"].set_index("poe_id")["hours_open"]
    feed = loaded.tables["port_hours"].dropna(subset=["poe_id"]).set_index("poe_id")["hours_open"]
    differs = feed[feed != ports.loc[feed.index]]
    assert len(feed) == len(PORT_OF) == 43
    # Changed since 2022: PedWest's hours, and Starr-Camargo, which the bridge guide of 2025 has closing at 23, not 24.
    assert differs.to_dict() == {"CA-PDW": 24, "TX-RGC": 17}
    assert ports["TX-RGC"] == 16


def test_a_feed(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "bwt.json"
    records = [
        _feed("260401", "24 hrs/day"),
        _feed("260402", "6 am-10 pm"),
        _feed("999999", "by appointment"),
        _feed("070801", "24 hrs/day", "Canadian Border"),
    ]
    path.write_text(json.dumps(records))
    loaded = load_cbp_wait(path, context)
    check_account(loaded.report)
    table = loaded.tables["port_hours"].set_index("cbp_bwt_number")
    assert table["poe_id"].fillna("").tolist() == ["AZ-DEC", "AZ-MAR", ""]
    assert table["hours_open"].fillna(-1).tolist() == [24, 16, -1]
    assert table["date"].dt.strftime("%Y-%m-%d").unique().tolist() == ["2022-06-29"]
    assert any("'by appointment'" in note for note in loaded.report.notes)
    assert any("the feed lacks" in note for note in loaded.report.notes)
    content = path.read_text()
    for cut in range(0, len(content) - 1, 37):
        path.write_text(content[:cut])
        with pytest.raises(SchemaError):
            load_cbp_wait(path, context)
    path.write_text(json.dumps([records[0], records[0]]))
    with pytest.raises(SchemaError, match="each cbp_bwt_number once"):
        load_cbp_wait(path, context)
    path.write_text(json.dumps({"error": "down"}))
    with pytest.raises(SchemaError, match="an error of the service: 'down'"):
        load_cbp_wait(path, context)


@given(start=st.integers(0, 23), end=st.integers(0, 23))
def test_hours_in_words(start: int, end: int) -> None:
    words = [f"{(hour - 1) % 12 + 1} {'am' if hour < 12 else 'pm'}" for hour in (start, end)]
    names = {"12 am": "Midnight", "12 pm": "noon"}
    length = (end - start) % 24 or 24
    assert hours_a_day("-".join(words)) == length
    assert hours_a_day(" to ".join(names.get(word, word) for word in words)) == length


def test_months_and_formats(context: Context, tmp_path: Path) -> None:
    assert [calendar_month(2026, month) for month in ("OCT", "Dec", "JAN", "SEP")] == [
        *("2025-10", "2025-12", "2026-01", "2026-09")
    ]
    assert crossing_month("March 2024") == "2024-03"
    assert crossing_month("2024") is None
    assert hours_a_day("6:30 am-10 pm") == 15.5
    assert [item.id for item in FORMATS] == ["bts", "cbp_weapons", "cbp_wait"]
    with pytest.raises(SchemaError, match="no such file"):
        load_bts(tmp_path / "none.csv", context)
