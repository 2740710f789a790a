from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import NotEnoughDataError
from corridors.core.settings import DemandSettings
from corridors.network.demand import municipal_demand, seizures_weight

PLACES = pd.DataFrame({"cvegeo": ["08001", "26001", "26002"], "pop": [100.0, 300.0, 600.0]})
STATES = ("08", "26")
NEW = DemandSettings(kept_per_year=1.0)


def tables(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return three places: guns were seized in the smallest alone, in 2006 to 2011."""
    return {
        "seizures_municipal": pd.DataFrame(
            {
                "cvegeo": ["08001", "26001"],
                "firearms": [90, 10],
                "first_year": [2006, 2007],
                "last_year": [2008, 2011],
            }
        ),
        "homicides_municipal": pd.DataFrame({"cvegeo": ["26002"], "firearm_homicides": [20.0]}),
        "case_files": pd.DataFrame({"mx_state": ["08", "26"], "year": 2024, "case_files": [400, 900]}),
        **more,
    }


def events(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id", "cvegeo", "share"])


def measured(measure: str, settings: DemandSettings = NEW, **more: pd.DataFrame) -> np.ndarray:
    return np.exp(municipal_demand(PLACES, tables(**more), STATES, measure, settings)[1])


def test_without_age_counts_are_as_before() -> None:
    assert measured("seizures").tolist() == pytest.approx([91, 11, 1])
    terms, offset, totals = municipal_demand(PLACES, tables(), STATES, "combined", NEW)
    expected = np.log1p([[90, 0, 99], [10, 0, 299], [0, 20, 599]])
    assert terms == pytest.approx(expected)
    assert not offset.any()
    assert totals == pytest.approx(np.log([400, 900]))


def test_old_guns_go_where_people_live() -> None:
    half = DemandSettings(kept_per_year=0.5 ** (1 / 15.5))  # 2008.5 to 2024
    assert measured("seizures", half) == pytest.approx([1 + 45 + 5, 1 + 5 + 15, 1 + 0 + 30])
    assert measured("seizures", DemandSettings(kept_per_year=0)) == pytest.approx([11, 31, 61])


@given(kept=st.floats(0, 1))
def test_age_moves_guns_and_makes_none(kept: float) -> None:
    found = measured("seizures", DemandSettings(kept_per_year=kept)) - 1
    assert found.sum() == pytest.approx(100)
    assert found[0] == pytest.approx(np.clip(found[0], 10, 90))


def test_new_seizures_keep_their_weight() -> None:
    newer = pd.DataFrame({"first_year": [2023], "last_year": [2025]})
    assert seizures_weight(newer, 2024, 0.89) == 1
    assert seizures_weight(newer, 2023, 0.89) == 1
    assert seizures_weight(newer, 2026, 0.5) == pytest.approx(0.25)


def test_events_leave_the_unseen_its_chance() -> None:
    """Four of six are not their place's only one; the chance of the two others, smoothed, goes where people live."""
    named = events(*((f"E{n}", "26001", 1.0) for n in range(4)), ("E5", "08001", 1.0), ("E6", "26002", 1.0))
    found = measured("events", seizure_events=named)
    unseen = 2.5 / 7
    expected = (1 - unseen) * np.array([1, 4, 1]) / 6 + unseen * np.array([0.1, 0.3, 0.6])
    assert found == pytest.approx(expected)
    assert found.sum() == pytest.approx(1)


def test_an_event_of_two_places_counts_once() -> None:
    whole = measured("events", seizure_events=events(("E1", "26001", 1.0), ("E2", "26001", 1.0)))
    split = measured(
        "events", seizure_events=events(("E1", "26001", 1.0), ("E2", "26001", 0.5), ("E2", "26002", 0.5))
    )
    assert split[2] > whole[2]
    assert split.sum() == pytest.approx(1)


def test_a_load_of_guns_is_one_event() -> None:
    """Guns of an event are not read at all."""
    rows = events(("E1", "26001", 1.0), ("E2", "26002", 1.0))
    assert measured("events", seizure_events=rows.assign(guns_total=[1, 270])) == pytest.approx(
        measured("events", seizure_events=rows)
    )


@pytest.mark.parametrize("named", [None, events(("E1", "31001", 1.0))])
def test_without_events_there_is_no_such_measure(named: pd.DataFrame | None) -> None:
    given_tables = tables() if named is None else tables(seizure_events=named)
    with pytest.raises(NotEnoughDataError, match="seizure_events"):
        municipal_demand(PLACES, given_tables, STATES, "events", NEW)
