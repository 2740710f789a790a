"""Check is run's own gate: what it passes a run can use, and what stops a run it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from corridors.config import read_config
from corridors.core.errors import InputError, NotEnoughDataError
from corridors.jobs.check import check_file
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.stages import prepare_run
from corridors.sources import partial_faults
from tests.sources.osm_world import MX, US

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.jobs.inputs import Inputs

DATA = default_data()
TOWNS = ["NOGALES", "HERMOSILLO", "CULIACAN", "NOWHERE"]
HEADER = "FECHA,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS"


def run_stops(path: Path, form: str) -> str:
    """Return why a run with a file stops before it infers, "" where it does not."""
    toml = path.parent / "corridors.toml"
    # a run of a part is asked whether a part is meant; check looks at one file, and does not ask
    text = f'run.partial = true\n[data]\nmine = {{ file = "{path.name}", format = "{form}" }}\n'
    toml.write_text(text, encoding="utf-8")
    try:
        config = read_config(toml)
        prepare_run(load_inputs(config, DATA), config)
    except (InputError, NotEnoughDataError) as error:
        return str(error)
    return ""


def check_stops(path: Path, form: str) -> str:
    """Return what check says would stop a run, its own faults included."""
    try:
        return check_file(path, form, DATA).stops_run
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("sides", [("us",), ("mx",), ("us", "mx")])
def test_they_agree_on_roads(sides: tuple[str, ...], tmp_path: Path) -> None:
    """A city's extract on one side joins no port: check says so, a run ends with the same words."""
    folder = tmp_path / "roads"
    folder.mkdir()
    for side in sides:
        {"us": US, "mx": MX}[side].write(folder / f"{side}.osm")
    found = check_stops(folder, "osm_xml")
    assert found == run_stops(folder, "osm_xml")
    assert bool(found) is (len(sides) == 1)
    assert not found or "at least one port of entry" in found
    notes = [] if found else check_file(folder, "osm_xml", DATA).notes
    assert bool(found) or any(note.startswith("a run with it is of a part of the region") for note in notes)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(TOWNS), st.integers(0, 9), st.integers(-1, 9)), max_size=4))
def test_they_agree_on_seizures(rows: list[tuple[str, int, int]], tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    lines = [
        f"2024-03-05,{'SINALOA' if town == 'CULIACAN' else 'SONORA'},{town},{a},{b}" for town, a, b in rows
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    assert check_stops(path, "sedena") == run_stops(path, "sedena")


def test_places_of_a_part_of_mexico_stop_both(shipped: Inputs) -> None:
    """Outlines of one state in place of all leave the others' seizures without a place."""
    tables = dict(shipped.tables)
    tables["municipalities"] = tables["municipalities"][tables["municipalities"]["mx_state"] == "26"]
    found = partial_faults(tables, {"municipalities": "26mun.zip"})
    assert any("'seizures_municipal'" in fault.expected for fault in found)
    assert {fault.file for fault in found} == {"26mun.zip"}
    assert partial_faults(shipped.tables, {"municipalities": "all.zip"}) == []
