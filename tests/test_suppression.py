"""Counts of licenses that may be shown: no cell of 1 to 4 is narrowed by all that is, whatever the counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings, strategies as st

from corridors.core.suppression import FEWEST, REGION, ShownLicenses, shown_licenses
from corridors.jobs.districts import estimate_withheld
from tests.privacy import Said, narrowed

YEARS = (2022, 2023)


@st.composite
def worlds(draw: st.DrawFn) -> pd.DataFrame:
    """Return drawn counts by county and year: zones of two states, districts across both, zones of five in the last year."""
    rows = []
    for zone in range(draw(st.integers(1, 5))):
        counts = draw(
            st.lists(
                st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4
            )
        )
        lacking = max(0, FEWEST - sum(last for _, _, last in counts))
        for n, (district, before, last) in enumerate(counts):
            place = {
                "unit": f"{zone}-{n}",
                "zone_id": f"z{zone}",
                "consulate": f"d{district}",
                "us_state": f"s{zone % 2}",
            }
            rows += [
                {**place, "year": year, "dealers": count}
                for year, count in zip(YEARS, (before, last + lacking * (n == 0)), strict=True)
            ]
    return pd.DataFrame(rows)


def said(shown: ShownLicenses) -> list[Said]:
    """Return the counts that are shown."""
    zones = shown.zones.reset_index().melt("zone_id", var_name="year", value_name="count").dropna()
    own = [Said(zone, year, count, count, "zones") for zone, year, count in zones.itertuples(index=False)]
    areas = shown.areas.dropna(subset="licences").itertuples(index=False, name=None)
    return own + [Said(area, year, count, count, "areas") for area, year, count in areas]


@given(worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_cell_of_1_to_4_is_narrowed(held: pd.DataFrame) -> None:
    shown = shown_licenses(held)
    assert narrowed(held, said(shown)) == []
    counts = [shown.zones.to_numpy().ravel(), shown.areas["licences"].to_numpy()]
    assert all(pd.isna(count) or count >= FEWEST for count in np.concatenate(counts))


@given(worlds(), st.randoms())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_rows_and_of_counties_changes_nothing(held: pd.DataFrame, random: object) -> None:
    again = held.sample(frac=1, random_state=random.randint(0, 2**31))  # type: ignore[attr-defined]
    first, second = shown_licenses(held), shown_licenses(again)
    pd.testing.assert_frame_equal(first.zones, second.zones)
    pd.testing.assert_frame_equal(first.areas, second.areas)


def one_year(rows: list[tuple[str, str, str, str, int]]) -> pd.DataFrame:
    columns = ["unit", "zone_id", "consulate", "us_state", "dealers"]
    return pd.DataFrame(rows, columns=columns).assign(year=2023)


def test_a_small_part_is_not_the_rest_of_a_district() -> None:
    """District d1 is zone z1 and 2 licenses of z2: with both counts, the rest of the district would be the part."""
    held = one_year(
        [
            ("a", "z1", "d1", "s", 40),
            ("b", "z2", "d1", "s", 2),
            ("c", "z2", "d2", "s", 9),
            ("d", "z3", "d2", "s", 30),
        ]
    )
    naive = [Said("z1", 2023, 40, 40, ""), Said("d1", 2023, 42, 42, "")]
    assert narrowed(held, naive) == [
        f"{cell} of 1 cannot be {end}" for cell in ("('z2', 'd1')", "unit b") for end in (1, 4)
    ]
    shown = shown_licenses(held)
    areas = shown.areas.set_index("area")["licences"]
    assert areas.to_dict() == {"d1": 42, "d2": 39, "s": 81, REGION: 81}
    assert shown.zones[2023].isna().to_dict() == {"z1": True, "z2": True, "z3": False}


def test_a_small_district_takes_another_with_it() -> None:
    held = one_year(
        [
            ("a", "z1", "d1", "s", 6),
            ("b", "z1", "d2", "s", 4),
            ("c", "z2", "d3", "s", 30),
            ("d", "z3", "d4", "s", 50),
        ]
    )
    shown = shown_licenses(held)
    hidden = set(shown.areas.loc[shown.areas["licences"].isna(), "area"])
    assert "d2" in hidden
    assert len(hidden) == 2


def test_parts_that_are_published_stay_known_and_are_counted_with() -> None:
    held = one_year(
        [
            ("a", "z1", "d1", "s", 6),
            ("b", "z1", "d2", "s", 7),
            ("c", "z2", "d1", "s", 3),
            ("d", "z2", "d3", "s", 30),
        ]
    )
    parts = {("z1", "d1"), ("z1", "d2")}
    shown = shown_licenses(held, parts)
    known = [Said(part, 2023, np.nan, np.nan, "fractions") for part in sorted(parts)]
    assert narrowed(held, said(shown) + known) == []


@given(worlds())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_model_may_count_withheld_zones_by_what_is_shown(held: pd.DataFrame) -> None:
    shown = shown_licenses(held)
    counts, totals = shown.zones[YEARS[-1]], shown.areas[shown.areas["year"] == YEARS[-1]]
    state = held.groupby("zone_id")["us_state"].first().reindex(counts.index)
    people = pd.Series(np.arange(len(counts)) * 1000.0, counts.index)
    made = estimate_withheld(counts, state, people, totals.set_index("area")["licences"])
    assert (made >= FEWEST).all()
    known = counts.notna()
    assert (made[known] == counts[known]).all()
    sums = made.groupby(state).sum()
    known_totals = totals.set_index("area")["licences"].dropna().astype("int64")
    both = sums.index.intersection(known_totals.index)
    assert sums[both].tolist() == known_totals[both].tolist()


def test_counts_that_differ_where_withheld_give_the_same_model() -> None:
    """One license moves from one withheld zone to the other: all that is shown, and all the model counts, stays the same."""
    held = one_year(
        [
            ("a", "z1", "d1", "s", 40),
            ("b", "z2", "d1", "s", 2),
            ("c", "z2", "d2", "s", 9),
            ("d", "z3", "d2", "s", 30),
        ]
    )
    moved = held.assign(dealers=[39, 3, 9, 30])
    state = pd.Series("s", ["z1", "z2", "z3"])
    people = pd.Series([900.0, 100.0, 500.0], state.index)
    made = []
    for one in (held, moved):
        shown = shown_licenses(one)
        totals = shown.areas.set_index("area")["licences"]
        made.append(estimate_withheld(shown.zones[2023], state, people, totals))
    pd.testing.assert_series_equal(made[0], made[1])
    assert made[0].tolist() == [42, 9, 30]
