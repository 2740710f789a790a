"""What a brief may say of a district: never more than its numbers."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.outputs.briefs.statements import (
    crossing_statement,
    flow_statement,
    is_known,
    licence_statement,
    trace_statement,
)
from corridors.outputs.briefs.tables import _first_crossing


@pytest.mark.parametrize(
    ("licences", "rate", "state_rate", "key"),
    [
        (129, 74.0, 35.2, "brief.say_licences_more"),
        (451, 29.9, 35.2, "brief.say_licences"),
        (451, 35.2, 35.2, "brief.say_licences"),
        (451, pd.NA, 35.2, "brief.say_licences"),
        (451, 35.3, pd.NA, "brief.say_licences"),
        (pd.NA, pd.NA, 35.2, "brief.say_licences_few"),
    ],
)
def test_a_rate_is_called_higher_only_where_it_is(
    licences: object, rate: object, state_rate: object, key: str
) -> None:
    assert licence_statement(licences, rate, state_rate) == key


def row(low: float, high: float, grade: str) -> dict[str, object]:
    return {"share_mean": (low + high) / 2, "share_lo90": low, "share_hi90": high, "grade": grade}


@pytest.mark.parametrize(
    ("low", "high", "grade", "known"),
    [
        (0.12, 1.0, "C", False),
        (0.12, 0.62, "C", False),
        (0.12, 0.6, "C", True),
        (0.01, 0.02, "D", False),
        (0.0, 0.0, "A", True),
    ],
)
def test_a_band_of_half_of_the_whole_says_nothing(
    low: float, high: float, grade: str, *, known: bool
) -> None:
    assert is_known(row(low, high, grade)) is known
    assert flow_statement(row(low, high, grade)) == ("brief.say_flow" if known else "brief.say_flow_unknown")


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([row(0.05, 0.09, "B"), row(0.01, 0.04, "C")], "brief.say_crossing"),
        ([row(0.05, 0.09, "B")], "brief.say_crossing"),
        ([row(0.05, 0.09, "B"), row(0.01, 0.05, "C")], "brief.say_crossings"),
        ([row(0.05, 0.09, "B"), row(0.0, 0.06, "D")], "brief.say_crossing_among"),
        ([row(0.05, 0.09, "D"), row(0.0, 0.06, "D")], "brief.say_crossing_unknown"),
    ],
)
def test_a_city_is_the_most_probable_only_where_no_band_reaches_its_own(
    rows: list[dict[str, object]], key: str
) -> None:
    assert crossing_statement(pd.DataFrame(rows)) == key
    assert crossing_statement(pd.DataFrame(rows[::-1])) == key


def test_the_index_names_no_city_where_the_largest_is_not_known() -> None:
    rows = [
        {"consulate": office, "crossing_city": city, "share_median": 0.0, **row(low, high, grade)}
        for office, city, low, high, grade in (
            ("Del Rio", "acuna", 0.03, 0.09, "D"),
            ("Del Rio", "piedras_negras", 0.01, 0.04, "C"),
            ("Laredo", "reynosa", 0.01, 0.02, "D"),
            ("Laredo", "nuevo_laredo", 0.05, 0.09, "B"),
        )
    ]
    first = _first_crossing(pd.DataFrame(rows))
    assert first["crossing_city"].to_dict() == {"Laredo": "nuevo_laredo"}
    assert first.loc["Laredo", "crossing_grade"] == "B"


SHARES = st.tuples(st.floats(0, 0.2), st.floats(0, 0.2), st.sampled_from("ABCD"))


@given(st.lists(SHARES, min_size=2, max_size=6))
def test_no_first_city_is_named_where_another_may_carry_as_much(
    drawn: list[tuple[float, float, str]],
) -> None:
    table = pd.DataFrame([row(min(a, b), max(a, b), grade) for a, b, grade in drawn])
    if crossing_statement(table) == "brief.say_crossing":
        first = table[table["grade"] != "D"].nlargest(1, "share_mean")
        others = table.drop(index=first.index)
        assert (others["share_hi90"] < first["share_lo90"].iloc[0]).all()


@pytest.mark.parametrize(
    ("read_at", "key"),
    [
        ({"SRC4_AZ": "", "USS06": "", "USS03": ""}, "brief.say_traces"),
        ({"SRC4_AZ": "https://press.example", "USS06": "", "USS03": ""}, "brief.say_us_share"),
        ({"SRC4_AZ": "", "USS06": "https://press.example", "USS03": None}, "brief.say_us_share"),
        ({"SRC4_TX": "", "USS06": "", "USS03": "https://press.example"}, "brief.say_traces_none"),
        ({}, "brief.say_traces_none"),
    ],
)
def test_only_what_was_read_in_the_report_itself_is_said(read_at: dict[str, str | None], key: str) -> None:
    figures = pd.DataFrame({"read_at": pd.Series(read_at, dtype="object")})
    assert trace_statement(figures, "AZ") == key
