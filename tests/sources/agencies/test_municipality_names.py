"""Matching place names and codes: never a bare name."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from corridors.sources.agencies.municipality_names import (
    NO_NAME,
    NO_PLACE,
    NO_STATE,
    OTHER_LETTERS,
    TWO_PLACES,
    Gazetteer,
    gazetteer,
    match_place,
    match_places,
    municipality_code,
    place_key,
    state_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def places(tables: Tables) -> Gazetteer:
    return gazetteer(tables["municipalities"])


@pytest.mark.parametrize(
    ("state", "name", "cvegeo"),
    [
        ("CHIHUAHUA", "JUAREZ", "08037"),
        ("COAHUILA", "JUAREZ", "05015"),
        ("Nuevo León", "Juárez", "19031"),
        ("CDMX", "BENITO JUAREZ", "09014"),
        ("Q. ROO", "Benito Juárez", "23005"),
        ("Sonora", "benito juárez", "26071"),
        ("26", "NOGALES", "26043"),
        ("30", "NOGALES", "30115"),
        ("MÉXICO", "ECATEPEC DE MORELOS", "15033"),
        ("DISTRITO FEDERAL", "GUSTAVO A. MADERO", "09005"),
        ("SLP", "Cd. Valles", "24013"),
        ("TAMPS.", "NVO. LAREDO", "28027"),
        ("Nuevo Leon", "GRAL. ZUAZUA", "19025"),
        ("Aguascalientes", "LLANO, EL", "01010"),
    ],
)
def test_a_name_is_found_in_its_state(places: Gazetteer, state: str, name: str, cvegeo: str) -> None:
    assert match_place(places, state, name).cvegeo == cvegeo


@pytest.mark.parametrize("name", ["Ногалес", "諾加萊斯", "نوغاليس"])
def test_a_name_in_another_alphabet_is_not_absent(places: Gazetteer, name: str) -> None:
    found = match_place(places, "SONORA", name)
    assert (found.cvegeo, found.reason) == ("", OTHER_LETTERS)
    assert name in found.note
    assert match_place(places, "SONORA", "--").reason == NO_NAME


@pytest.mark.parametrize(
    ("state", "name", "cvegeo", "taken"),
    [
        ("CHIH", "CD. JUAREZ", "08037", "Juárez (08037)"),
        ("GRO", "ACAPULCO", "12001", "Acapulco de Juárez (12001)"),
        ("QROO", "CANCUN", "23005", "Benito Juárez (23005)"),
        ("SIN", "LOS MOCHIS", "25001", "Ahome (25001)"),
        ("CHIH", "JU?REZ", "08037", "Juárez (08037)"),
        ("NL", "JU\ufffdREZ", "19031", "Juárez (19031)"),
    ],
)
def test_less_than_the_whole_name_is_said(
    places: Gazetteer, state: str, name: str, cvegeo: str, taken: str
) -> None:
    place = match_place(places, state, name)
    assert place.cvegeo == cvegeo
    assert place.note.endswith(f"taken as {taken}")


@pytest.mark.parametrize(
    ("state", "name", "reason", "near"),
    [
        ("", "Juárez", NO_STATE, "is no state"),
        ("Texas", "Juárez", NO_STATE, "is no state"),
        ("33", "Juárez", NO_STATE, "is no state"),
        ("Chihuahua", "", NO_NAME, ""),
        ("Chihuahua", "Benito Juárez", NO_PLACE, "Juárez (08037)"),
        ("Baja California", "TIJUANNA", NO_PLACE, "Tijuana (02004)"),
        ("Puebla", "Cholula", NO_PLACE, "San Pedro Cholula (21140)"),
        ("Oaxaca", "San Juan Mixtepec", TWO_PLACES, "20208, 20209"),
    ],
)
def test_what_is_not_matched_is_reported_with_near_names(
    places: Gazetteer, state: str, name: str, reason: str, near: str
) -> None:
    place = match_place(places, state, name)
    assert (place.cvegeo, place.reason) == ("", reason)
    assert near in place.note


def test_a_bare_name_is_never_matched(places: Gazetteer, tables: Tables) -> None:
    repeated = tables["municipalities"].drop_duplicates("name")["name"]
    assert {place.cvegeo for place in match_places(places, [""] * len(repeated), repeated)} == {""}


def test_every_municipality_is_found_in_its_state_and_in_no_other(places: Gazetteer, tables: Tables) -> None:
    known = tables["municipalities"]
    found = match_places(places, known["state_name"], known["name"])
    wrong = {code for code, place in zip(known["cvegeo"], found, strict=True) if place.cvegeo != code}
    assert wrong == {"20208", "20209", "20318", "20319"}  # two pairs of one name in Oaxaca: never guessed
    assert all(place.note == "" or place.reason == TWO_PLACES for place in found)


@pytest.mark.parametrize(
    "dress",
    [
        str.upper,
        str.lower,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.encode("utf-8").decode("latin-1"),
        lambda text: f"  {place_key(text)} ",
        lambda text: text.replace(" de ", " DE  "),
    ],
    ids=["capitals", "small", "split accents", "encoded twice", "folded", "spaces"],
)
def test_dress_of_a_name_does_not_matter(
    dress: Callable[[str], str], places: Gazetteer, tables: Tables
) -> None:
    """Every municipality, not a draw: the four whose names stand for two were seldom drawn, and their notes quote the cell."""
    known = tables["municipalities"]
    states, names = known["state_name"], known["name"]
    dressed = match_places(places, [*map(dress, states)], [*map(dress, names)])
    plain = match_places(places, states, names)
    assert [replace(place, note=place.note.casefold()) for place in dressed] == [
        replace(place, note=place.note.casefold()) for place in plain
    ]
    codes = known["cvegeo"].str[:2]
    for by_code, place in zip(match_places(places, codes, names), plain, strict=True):
        assert by_code.cvegeo == place.cvegeo


@given(code=st.integers(1001, 32999))
def test_codes_with_and_without_zeros(code: int) -> None:
    whole = f"{code:05d}"
    for cell in (str(code), whole, f"{code}.0", f" {whole} "):
        assert municipality_code(cell) == whole
    assert municipality_code(str(code % 1000), whole[:2]) == (whole if code % 1000 < 1000 else "")
    assert municipality_code(whole[2:], whole[:2]) == whole


@pytest.mark.parametrize("cell", ["", "x", "2004x", "-2004", "2004.5", "123456", "12 34"])
def test_what_is_no_code(cell: str) -> None:
    assert municipality_code(cell, "02") == ""


def test_states_by_code_and_name(tables: Tables) -> None:
    named = tables["municipalities"].drop_duplicates("mx_state")
    assert named["state_name"].map(state_code).tolist() == named["mx_state"].tolist()
    states = tables["mx_states"]
    assert states["name"].map(state_code).tolist() == states["mx_state"].tolist()
    assert states["abbr"].map(state_code).tolist() == states["mx_state"].tolist()
    for name in ("Michoacán de Ocampo", "COAHUILA DE ZARAGOZA", "Veracruz de Ignacio de la Llave"):
        assert state_code(name) in {"05", "16", "30"}
    assert [state_code(text) for text in ("0", "33", "99", "", "Juárez")] == [""] * 5
