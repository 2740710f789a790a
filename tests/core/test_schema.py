from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from shapely import Point, Polygon

from corridors.core.errors import Fault, InputError, SchemaError
from corridors.core.schema import Column, Schema, check

DEALERS = Schema(
    "dealers",
    "licences of a county in a year",
    ("fips", "year"),
    {
        "fips": Column("text", "county FIPS", pattern=r"\d{5}", refers=("counties", "fips")),
        "year": Column("integer", "year", low=2000, high=2030),
        "dealers": Column("number", "retail licences", unit="licences", low=0),
        "open": Column("flag", "whether open", empty=True),
        "since": Column("date", "first day", empty=True),
        "kind": Column("text", "kind", choices=("a", "b"), empty=True),
    },
)
COUNTIES = {"counties": pd.DataFrame({"fips": ["04001", "04003"]})}


def good() -> pd.DataFrame:
    return pd.DataFrame(
        {"fips": ["04001", "04003"], "year": ["2020", "2020"], "dealers": ["5", "7.5"], "open": ["true", ""]}
    )


def test_text_becomes_its_kind() -> None:
    table = check(good(), DEALERS, tables=COUNTIES)
    assert table["year"].tolist() == [2020, 2020]
    assert table["dealers"].tolist() == [5.0, 7.5]
    assert table["open"].iloc[0] is True
    assert pd.isna(table["open"].iloc[1])


def test_every_fault_comes_at_once_with_its_place() -> None:
    bad = pd.DataFrame(
        {
            "fips": ["04001", "4003", "04001", "04999"],
            "year": ["2020", "twenty", "2020", "1999"],
            "dealers": ["-1", "", "5", "inf"],
            "since": ["2020-02-30", "", "", "2020-01-01"],
            "kind": ["c", "a", "", "b"],
        }
    )
    with pytest.raises(SchemaError) as caught:
        check(bad, DEALERS, file="mine.csv", tables=COUNTIES)
    found = {(fault.row, fault.column) for fault in caught.value.faults}
    assert found == {
        (2, "dealers"),  # below 0
        (2, "since"),  # no such day
        (2, "kind"),  # not a choice
        (3, "fips"),  # pattern, and unknown
        (3, "year"),  # no number
        (3, "dealers"),  # empty
        (4, "fips"),  # key repeated
        (5, "fips"),  # unknown county
        (5, "year"),  # out of range
        (5, "dealers"),  # infinite
    }
    unknown = [fault.row for fault in caught.value.faults if fault.expected == "a fips of table 'counties'"]
    assert unknown == [3, 5]
    text = str(caught.value)
    for part in (
        "mine.csv, row 3, column 'year'",
        "a whole number from 2000 up to 2030",
        "'twenty'",
        "Correct the cell",
    ):
        assert part in text


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SchemaError, match="a column 'dealers'"):
        check(good().drop(columns="dealers"), DEALERS)


def test_an_empty_table_is_no_table() -> None:
    with pytest.raises(SchemaError, match="at least one row"):
        check(good().iloc[:0], DEALERS)


def test_input_is_not_changed() -> None:
    table = good()
    before = table.copy()
    check(table, DEALERS)
    pd.testing.assert_frame_equal(table, before)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_numbers_survive_text(values: list[int]) -> None:
    schema = Schema("t", "t", ("k",), {"k": Column("integer", "k"), "x": Column("integer", "x", low=0)})
    table = pd.DataFrame({"k": [str(i) for i in range(len(values))], "x": [f" {v} " for v in values]})
    assert check(table, schema)["x"].tolist() == values


def test_geometry_faults() -> None:
    schema = Schema("shapes", "shapes", ("id",), {"id": Column("text", "id")}, frozenset({"Polygon"}))
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    table = gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=[Point(0, 0), bow, None], crs=3857)
    with pytest.raises(SchemaError) as caught:
        check(table, schema)
    expected = {fault.expected for fault in caught.value.faults}
    assert expected == {"CRS EPSG:4326", "a Polygon", "a valid Polygon"}
    assert len(caught.value.faults) == 4
    with pytest.raises(SchemaError, match="GeoParquet"):
        check(pd.DataFrame({"id": ["a"]}), schema)


def test_like_faults_are_counted_not_listed() -> None:
    faults = [Fault("f.csv", "a number", repr(row), "Correct it.", row, "x") for row in range(2, 40)]
    text = str(InputError(faults))
    assert text.count("\n- ") == 5
    assert "and 33 more like it" in text


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f", "\x9b", "\uffff"])
def test_a_control_character_is_a_fault_of_its_cell(sign: str) -> None:
    schema = Schema(
        "t", "", ("name",), {"name": Column("text", "name"), "note": Column("text", "note", empty=True)}
    )
    table = pd.DataFrame({"name": ["a", f"b{sign}"], "note": ["two\nlines\tare fine", None]})
    with pytest.raises(SchemaError) as raised:
        check(table, schema)
    (fault,) = raised.value.faults
    assert (fault.row, fault.column, fault.expected) == (3, "name", "text without control characters")
    assert sign not in str(fault)
    assert check(table[:1], schema)["note"][0] == "two\nlines\tare fine"


@pytest.mark.parametrize("cell", [str(10**20), "-1e20", "9007199254740994"])
def test_a_whole_number_beyond_those_a_float_holds_is_a_fault_as_it_was_written(cell: str) -> None:
    schema = Schema("t", "", ("k",), {"k": Column("text", "k"), "x": Column("integer", "x")})
    table = pd.DataFrame({"k": ["a", "b"], "x": ["9007199254740992", cell]})
    with pytest.raises(SchemaError) as raised:
        check(table, schema)
    (fault,) = raised.value.faults
    assert (fault.row, fault.column, fault.found) == (3, "x", repr(cell))
    assert check(table[:1], schema)["x"].tolist() == [2**53]
