"""Ids that users type: each list is whole, and what it lists is what commands, scenarios and settings take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from corridors.core.errors import InputError
from corridors.jobs import listing
from corridors.jobs.inputs import default_data
from corridors.sources import load_scenarios

if TYPE_CHECKING:
    from corridors.jobs.inputs import Inputs

COUNTS = {
    "ports": 42,
    "consulates": 27,
    "scenarios": 11,
    "municipalities": 2478,
    "states": 36,
}
ID = {
    "ports": r"[A-Z]{2}-[A-Z0-9]{3}",
    "zones": r"county:\d{5}(\+\d{5})*",
    "scenarios": r"[a-z0-9][a-z0-9_-]*",
    "formats": r"[a-z0-9_]+",
    "tables": r"[a-z0-9_]+",
    "crossing_cities": r"[a-z0-9_]+|[A-Z]{2}-[A-Z0-9]{3}",
    "municipalities": r"\d{5}",
    "states": r"[A-Z]{2}|\d{2}",
}


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch, shipped: Inputs) -> None:
    monkeypatch.setattr(listing, "load_inputs", lambda *_: shipped)


@pytest.mark.parametrize("what", [*listing._OF_TABLES, *listing._SHIPPED])
def test_each_list_has_its_ids_once(what: str) -> None:
    rows = listing.list_ids(what)
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) == COUNTS.get(what, len(ids)) > 10
    assert all(re.fullmatch(ID.get(what, r".+"), one) for one in ids), ids
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert all(value for row in rows for value in row.values())


def test_another_kind_is_a_fault_that_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'ports'"):
        listing.list_ids("prots")


def test_a_scenario_is_a_name_or_a_path() -> None:
    folder = default_data() / "scenarios"
    named = [listing.scenario_path(row["id"]) for row in listing.list_ids("scenarios")]
    assert named == sorted(folder.glob("*.toml"))
    assert len(load_scenarios(named)) == len(named)
    assert listing.scenario_path(str(named[0])) == named[0]
    for wrong, told in (
        ("close-san-isidro", "Did you mean 'close-san-ysidro'"),
        ("data/scenarios/law-tejas.toml", "Did you mean 'law-texas'"),
        (str(folder), "found a folder"),
    ):
        with pytest.raises(InputError, match=told):
            listing.scenario_path(wrong)
