"""Locations as map services and promoters write them: venue, city and state, and never a street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.sources.agencies.gun_show_location import location_parts, state_code
from corridors.sources.agencies.gun_show_places import Atlas, atlas

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NOWHERE = [
    "Phoenix Fairgrounds",
    "University of Arizona, Tucson",
    "University of Arizona",
    "Arizona State Fairgrounds, Phoenix",
    "Nogales, Sonora, Mexico",
    "Tijuana, Baja California",
    "Tijuana, Baja California, Mexico",
    "Come on in",
    "Hall de la",
    "Zoom: https://zoom.us/j/1",
    "",
]


@pytest.fixture(scope="module")
def places(tables: Mapping[str, pd.DataFrame]) -> Atlas:
    return atlas(tables["gun_show_venues"], tables["zip_points"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("4000 N Oracle Rd Tucson AZ 85705 United States", ("", "Tucson", "AZ")),
        (
            "Pima County Fairgrounds 11300 S Houghton Rd Tucson AZ 85747",
            ("Pima County Fairgrounds", "Tucson", "AZ"),
        ),
        ("Civic Center, El Paso, Tx. 79901", ("Civic Center", "El Paso", "TX")),
        ("phoenix, az", ("", "phoenix", "AZ")),
        ("hall, tucson az", ("hall", "tucson", "AZ")),
        ("Hall, Phoenix, Ariz.", ("Hall", "Phoenix", "AZ")),
        ("Albuquerque, N.M.", ("", "Albuquerque", "NM")),
        ("Expo Center, San Diego, Calif. 92101", ("Expo Center", "San Diego", "CA")),
        ("CAL EXPO, SACRAMENTO, CALIFORNIA", ("CAL EXPO", "SACRAMENTO", "CA")),
        ("Santa Fe, Nuevo México, EE. UU.", ("", "Santa Fe", "NM")),
        ("Tucson Arizona", ("", "Tucson", "AZ")),
        ("Las Vegas, New Mexico", ("", "Las Vegas", "NM")),
        ("Las Vegas NV 89101", ("", "Las Vegas", "NV")),
        ("Texas Motor Speedway, Fort Worth, Texas 76177", ("Texas Motor Speedway", "Fort Worth", "TX")),
        ("Pima County Fairgrounds (Tucson, AZ)", ("Pima County Fairgrounds", "Tucson", "AZ")),
        ("Phoenix, AZ (Fairgrounds)", ("Fairgrounds", "Phoenix", "AZ")),
        ("Tucson Convention Center, Tucson, AZ 85701, Gate B", ("Tucson Convention Center", "Tucson", "AZ")),
        ("Hall - 100 Main St - Phoenix - AZ", ("Hall", "Phoenix", "AZ")),
        ("Hall; Phoenix; AZ; 85003", ("Hall", "Phoenix", "AZ")),
        ("Hall\n100 Main St\nPhoenix, AZ", ("Hall", "Phoenix", "AZ")),
        ("Hall, Phoenix, AZ, 85003, USA", ("Hall", "Phoenix", "AZ")),
        ("Phoenix AZ USA 85003-1234", ("", "Phoenix", "AZ")),
        ("Hall, Phoenix 85003", ("Hall", "Phoenix", "AZ")),
        ("Hall, AZ 85003", ("Hall", "Phoenix", "AZ")),
        ("85003", ("", "Phoenix", "AZ")),
        (
            "Mesa Convention Center, 201, North Center Street, Mesa, Maricopa County, Arizona, 85201, United States",
            ("Mesa Convention Center", "Mesa", "AZ"),
        ),
        ("VFW Post 1760, 100 Main St, Yuma, AZ", ("VFW Post 1760", "Yuma", "AZ")),
        ("Fairgrounds Costa Mesa CA", ("Fairgrounds", "Costa Mesa", "CA")),
        (
            "Downtown Costa Mesa AZ",
            ("", "Downtown Costa Mesa", "AZ"),
        ),  # a fault later: not the Mesa of Arizona
        ("Mexico, MO", ("", "Mexico", "MO")),
        ("AZ", ("", "", "AZ")),
    ],
)
def test_a_location_with_a_state(places: Atlas, text: str, parts: tuple[str, str, str]) -> None:
    assert location_parts(text, places) == parts


@pytest.mark.parametrize("text", NOWHERE)
def test_a_location_without_a_state(places: Atlas, text: str) -> None:
    assert location_parts(text, places)[1:] == ("", "")


@pytest.mark.parametrize(
    "end", ["", ".", " 85003", ", 85003-1234", ", USA", " United States", ", U.S.A.", " 85003 US"]
)
@pytest.mark.parametrize("state", ["AZ", "Az", "az", "A.Z", "Arizona", "ARIZONA", "arizona", "Ariz"])
@pytest.mark.parametrize("mark", [", ", " ", ",", "\n", " - "])
def test_every_spelling_of_one_place(places: Atlas, mark: str, state: str, end: str) -> None:
    found = location_parts(f"Expo Hall, 100 N Main St, Phoenix{mark}{state}{end}", places)
    assert found == ("Expo Hall", "Phoenix", "AZ")


def test_states() -> None:
    wanted = {"AZ": "AZ", "Tx.": "TX", " new mexico ": "NM", "N. Mex.": "NM", "Calif.": "CA", "D.C.": "DC"}
    assert {text: state_code(text) for text in wanted} == wanted
    assert {state_code(text) for text in ("", "Sonora", "XX", "Baja California", "Mexico")} == {""}
