"""Consular districts on the toy: sources win, road time within the state decides the rest, totals hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.network import assign_districts, nearest_ports, zone_districts
from corridors.network.districts import _assign
from corridors.network.evidence import supply_zones
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Network

ZONE = "county:04003+04005"
OFFICES = pd.DataFrame(
    {"name": ["East", "North"], "us_state": "AZ", "lon": [-110.0, -111.0], "lat": [33.0, 33.0]}
)
NO_TOTALS = pd.DataFrame({"consulate": ["Elsewhere"], "us_state": ["TX"], "counties": [3]})


def given_tables(named: dict[str, str], totals: pd.DataFrame = NO_TOTALS) -> dict[str, pd.DataFrame]:
    fips = ["04001", "04003", "04005", "04003"]
    rows: dict[str, Any] = {
        "fips": fips,
        "consulate": [named.get(code) for code in fips[:3]] + ["North"],
        "part": [None, None, None, "one town"],
        "url": None,
        "confidence": None,
        "note": None,
    }
    own = {"consulates": OFFICES, "consular_totals": totals, "consular_districts": pd.DataFrame(rows)}
    return {**toy.tables(), **own}


def test_open_counties_go_to_the_nearest_and_a_partial_row_moves_none(
    toy_network: Network, tmp_path: Path
) -> None:
    found = assign_districts(given_tables({"04001": "East"}), toy.population(tmp_path), toy_network)
    assert found["fips"].tolist() == ["04001", "04003", "04005"]
    assert found["consulate"].tolist() == ["East", "East", "East"]
    assert found["approximate"].tolist() == [False, True, True]
    assert not found["inferred"].any()


def test_a_county_of_low_confidence_is_inferred_and_one_that_road_time_chose_is_not(
    toy_network: Network, tmp_path: Path
) -> None:
    tables = given_tables({"04001": "East", "04003": "East"})
    given = tables["consular_districts"].assign(confidence=["medium", "low", "low", ""])
    found = assign_districts({**tables, "consular_districts": given}, toy.population(tmp_path), toy_network)
    assert found["inferred"].tolist() == [False, True, False]
    assert found["approximate"].tolist() == [False, False, True]
    assert (
        1 <= found["hours"].iloc[0] < 1.5
    )  # 100 km at 100 km/h from the node its population lives at, and the way to it


def test_a_published_total_is_filled_before_the_nearest_is_chosen(
    toy_network: Network, tmp_path: Path
) -> None:
    totals = pd.DataFrame({"consulate": ["North"], "us_state": ["AZ"], "counties": [2]})
    found = assign_districts(given_tables({}, totals), toy.population(tmp_path), toy_network)
    assert found["consulate"].value_counts().to_dict() == {"North": 2, "East": 1}
    assert found.loc[0, "consulate"] == "North"


def test_no_consulate_of_another_state_gets_a_county(toy_network: Network, tmp_path: Path) -> None:
    tables = given_tables({})
    tables["consulates"] = OFFICES.assign(us_state=["NM", "AZ"])
    found = assign_districts(tables, toy.population(tmp_path), toy_network)
    assert set(found["consulate"]) == {"North"}


def test_a_zone_in_two_districts_is_split_where_each_part_holds_five() -> None:
    counties = pd.DataFrame({"fips": ["04001", "04003", "04005"], "consulate": ["North", "East", "West"]})
    zones = supply_zones(toy.tables())

    def split(east: int, west: int, people: tuple[int, int]) -> dict[str, float]:
        living = pd.DataFrame({"fips": ["04003", "04005"], "people": people})
        own = zones.assign(unit_dealers=[(20,), (east, west)])
        found = zone_districts({**toy.tables(), "county_people": living}, counties, own)
        assert found.set_index("zone_id")["split"].to_dict() == {"county:04001": False, ZONE: True}
        own = found[found["zone_id"] == ZONE]
        return dict(zip(own["consulate"], own["fraction"], strict=True))

    assert split(8, 5, (1, 9)) == {
        "East": pytest.approx(8 / 13),
        "West": pytest.approx(5 / 13),
    }
    for east in (
        13,
        12,
        9,
        4,
        1,
        0,
    ):  # where people live decides, whatever the licenses: no count of 0 to 4 shows
        assert split(east, 13 - east, (1, 9)) == {"West": 1.0}
        assert split(east, 13 - east, (9, 1)) == {"East": 1.0}
    one_office = zone_districts(toy.tables(), counties.assign(consulate="North"))
    assert one_office["fraction"].tolist() == [1.0, 1.0]
    assert not one_office["split"].any()


def test_nearest_ports_are_by_road(toy_network: Network) -> None:
    # from AZ:south both ports are an hour away; the second point is the west port itself
    ids, hours = nearest_ports(toy_network, np.array([-110.0, -111.0]), np.array([33.0, 31.5]))
    assert ids[1] == "AZ-WWW"
    assert hours == pytest.approx([1.0, 0.0], abs=1e-6)
    assert nearest_ports(toy_network, np.empty(0), np.empty(0))[0] == []


@given(st.data())
def test_totals_hold_and_every_county_has_one_office(data: st.DataObject) -> None:
    counties, offices = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 4))
    hours = np.array(
        data.draw(st.lists(st.integers(0, 50), min_size=counties * offices, max_size=counties * offices))
    )
    left = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=offices, max_size=offices))
    grid = hours.reshape(counties, offices).astype(np.float64)
    found = _assign(grid, left)
    assert len(found) == counties
    counts = np.bincount(found, minlength=offices)
    open_places = [places for places in left if places is not None]
    if None in left:
        filled = min(counties, sum(min(places, counties) for places in open_places))
        assert sum(counts[i] for i, places in enumerate(left) if places is not None) == filled
    if None in left or sum(open_places) >= counties:
        assert all(places is None or counts[i] <= places for i, places in enumerate(left))
    if all(places is None for places in left):
        assert grid[np.arange(counties), found].tolist() == grid.min(axis=1).tolist()
