from __future__ import annotations

import doctest
from datetime import date

import pandas as pd
import pytest

from corridors.sources.tables import age_years, coverage as module, coverage_of


def test_examples() -> None:
    assert doctest.testmod(module).failed == 0


def test_places_are_counted_by_the_columns_that_name_them() -> None:
    assert coverage_of(pd.DataFrame({"fips": ["04001", "48001", "48003", "32001"]})) == module.Coverage(
        2, None, None
    )
    assert coverage_of(pd.DataFrame({"cvegeo": ["02004", "08037", "02004"]})) == module.Coverage(None, 2, 2)
    both = pd.DataFrame({"us_state": ["AZ", "NY"], "mx_state": ["26", None]})
    assert coverage_of(both) == module.Coverage(1, 1, None)
    assert coverage_of(pd.DataFrame({"node_id": [1]})) == module.Coverage(None, None, None)


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("2012-01..2025-07", 1.3),
        ("2022-2023", 2.9),
        ("2020-01-01..2022-09-22", 4.2),
        ("undated", None),
        ("2030", 0.0),
    ],
)
def test_age(period: str, years: float | None) -> None:
    assert age_years(period, date(2026, 11, 24)) == years
