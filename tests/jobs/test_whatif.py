"""What-ifs end to end: faults before anything is inferred, the shipped scenarios, an output that is whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.jobs import whatif
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.stages import build_evidence, build_network, prepare
from corridors.sources import load_scenarios
from tests.cli.test_app import corridors, has
from tests.jobs.folders import assert_listed, write

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs

SHIPPED = sorted((default_data() / "scenarios").glob("*.toml"))
CHOSEN = ["close-lukeville-2023", "close-san-ysidro", "inspect-laredo-followed", "law-texas"]
HEAD = 'name = { es = "Prueba", en = "Test" }\nquestion = { es = "¿Y si?", en = "What if?" }\n'


def scenario(folder: Path, *edits: str, name: str = "one") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(HEAD + "".join(f"[[edit]]\n{edit}\n" for edit in edits), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def laid_on() -> tuple[Inputs, Network, Evidence]:
    """The shipped tables, their network and evidence."""
    inputs = load_inputs(Config())
    network = build_network(inputs)
    return inputs, network, build_evidence(inputs, network, Config())


def test_faults_of_form_are_reported_before_a_table_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(whatif, "load_inputs", read)
    typo = scenario(tmp_path, 'kind = "port"\nport = "CA-SYS"\nclosd = true', name="typo")
    negative = scenario(tmp_path, 'kind = "port"\nport = "CA-SYS"\ndelay_minutes = -5', name="negative")
    out, gone = tmp_path / "out", tmp_path / "gone.toml"
    assert corridors(monkeypatch, "whatif", *map(str, (typo, negative, gone)), "--out", str(out)) == 2
    assert not out.exists()
    message = capsys.readouterr().err
    has(
        message,
        ["typo.toml, column 'edit[1].closd'", "Did you mean 'closed'?", "gone.toml", "Check the path"],
    )
    has(message, ["negative.toml, column 'edit[1].delay_minutes'", "greater than or equal to 0", "-5"])


def test_names_and_ways_are_looked_up_before_anything_is_inferred(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, laid_on: tuple[Inputs, Network, Evidence]
) -> None:
    inputs, network, evidence = laid_on

    def refused(*paths: Path) -> str:
        with pytest.raises(InputError) as caught:
            whatif.whatif(Config(), paths)
        return str(caught.value)

    def inferred(*_: object, **__: object) -> None:
        raise AssertionError("inferred")

    monkeypatch.setattr(whatif, "infer", inferred)
    monkeypatch.setattr(whatif, "load_inputs", lambda *_: inputs)
    monkeypatch.setattr(whatif, "build_network", lambda *_: network)
    monkeypatch.setattr(whatif, "build_evidence", lambda *_: evidence)
    unknown = scenario(tmp_path, 'kind = "port"\nport = "CA-SYZ"\nclosed = true', name="unknown")
    other = scenario(tmp_path, 'kind = "road"\nwhere = { ref = "MEX999" }\nfactor = 2', name="other")
    has(refused(unknown, other), ["'CA-SYZ'", "Did you mean 'CA-SYS'?", "other.toml", "MEX999"])
    by_name = scenario(tmp_path, 'kind = "port"\nport = "San Ysidro"\nclosed = true', name="by_name")
    typo = scenario(tmp_path, 'kind = "port"\nport = "CA-SYS"\nclosd = true', name="typo")
    has(
        refused(by_name, typo, tmp_path / "gone.toml"),
        [
            "3 fault(s)",
            "Did you mean 'CA-SYS'?",
            "Did you mean 'closed'?",
            "gone.toml: expected a scenario file",
        ],
    )
    cut = scenario(tmp_path, 'kind = "road"\nclosed = true\nwhere = { state = "23" }', name="cut")
    ports = network.ports["poe_id"]
    none = scenario(
        tmp_path, *(f'kind = "port"\nport = "{port}"\nclosed = true' for port in ports), name="none"
    )
    message = refused(cut, none)
    has(
        message,
        ["cut.toml", "a way from an open port to municipalities", "none for 23", "none.toml", "zones"],
    )
    assert len(
        whatif.resolve_cases(SHIPPED, inputs, network, Config(), prepare(network, evidence, Config()))
    ) == len(SHIPPED)


def test_the_shipped_scenarios_ask_different_things() -> None:
    found = load_scenarios(SHIPPED)
    assert len(found) >= 10
    assert {edit.kind for one in found for edit in one.edit} >= {
        *("port", "toll", "checkpoint", "law", "supply", "show", "demand"),
    }
    assert len({one.name.es for one in found}) == len({one.name.en for one in found}) == len(found)


def test_an_output_is_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, "index.html", made="run")
    out = tmp_path / "whatif"
    words = ("--point", "--worlds", "2", "--out", str(out), "--json")
    first, *others = CHOSEN  # a file, and names of shipped scenarios
    (file,) = [str(path) for path in SHIPPED if path.stem == first]
    assert corridors(monkeypatch, "whatif", file, *others, *words) == 0
    manifest = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in manifest["scenarios"]] == CHOSEN
    assert_listed(tmp_path)
    assert set(manifest["outputs"]) == {
        *("whatif.html", "data/scenarios.csv", "data/changes.csv", "data/distinguishable.csv"),
        *(
            "data/changes.gpkg",
            "data/expected_signs.csv",
            "data/notice.txt",
            "data/public_crossings.geojson",
            "data/public_ports.geojson",
            "data/public_corridors.geojson",
        ),
    }
    table = pd.read_csv(out / "data/scenarios.csv").set_index("scenario")
    assert list(table.index) == CHOSEN
    assert table["moved_mean"].between(0, 0.5).all()
    assert (table["moved_city_mean"] <= table["moved_mean"] + 1e-9).all()
    inside = table.loc["close-san-ysidro"]
    assert (
        inside["moved_city_mean"] < 0.6 * inside["moved_mean"]
    )  # most of it goes to the other bridge of Tijuana
    assert table["ratio_mean"].to_dict()["close-san-ysidro"] < 1
    rows = pd.read_csv(out / "data/changes.csv").set_index(["scenario", "kind", "key"])
    changes = rows.to_dict("index")
    assert changes["close-san-ysidro", "port", "CA-SYS"]["after_mean"] == 0
    assert changes["law-texas", "us_state", "TX"]["change_mean"] < 0
    assert rows.filter(regex="_(lo|hi)[59]0$|rises").isna().all(axis=None)  # a quick look has no bands
    assert not rows["distinguishable"].any()
    assert changes["inspect-laredo-followed", "port", "TX-LB2"]["change_mean"] < 0
    page = (out / whatif.PAGE).read_text(encoding="utf-8")
    assert "¿Y si…?" in page
    assert "http://" not in page.split("application/json")[0].replace("http://www.w3.org", "")
