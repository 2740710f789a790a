"""The command line: exit codes, messages, and an output that bad input never touches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely.affinity import translate

import corridors as api
from corridors.cli import app as cli
from corridors.core.errors import NotEnoughDataError
from corridors.jobs.inputs import default_data

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = default_data()


def corridors(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line in this process and return its exit code."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # errors are in the language of the terminal
    monkeypatch.setattr(sys, "argv", ["corridors", *words])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def config(folder: Path, **files: Path) -> Path:
    path = folder / "corridors.toml"
    lines = [f'{table} = "{file.name}"' for table, file in files.items()]
    path.write_text("[run]\nworlds = 2\n[data]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def dealers() -> pd.DataFrame:
    table = pd.read_csv(DATA / "dealers.csv", dtype=str)
    return table[table["year"] == "2023"]


def written(table: pd.DataFrame, path: Path, encoding: str = "utf-8") -> Path:
    table.to_csv(path, index=False, encoding=encoding)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A previous good output."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "map.html").write_text("good", encoding="utf-8")
    return folder


def refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], out: Path, settings: Path
) -> str:
    """Run, see that it is refused with exit code 2 and the old output is untouched, and return the message."""
    assert corridors(monkeypatch, "run", "--config", str(settings), "--out", str(out)) == 2
    assert (out / "map.html").read_text(encoding="utf-8") == "good"
    assert [path.name for path in out.iterdir()] == ["map.html"]
    return capsys.readouterr().err


def has(message: str, parts: Sequence[str]) -> None:
    for part in parts:
        assert part in message, message


def test_bad_cells_are_all_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, out: Path
) -> None:
    table = dealers().reset_index(drop=True)
    table.loc[0, "fips"] = "99999"
    table.loc[1, "dealers"] = "many"
    table.loc[2, "dealers"] = "-4"
    table.loc[4] = table.loc[3]
    seizures = pd.read_csv(DATA / "seizures_municipal.csv", dtype=str)
    seizures.loc[0, "cvegeo"] = "17093"
    ports = pd.read_csv(DATA / "ports_of_entry.csv", dtype=str)
    ports.loc[0, "lon"] = "117.03"
    files = {
        "dealers": written(table, tmp_path / "dealers.csv"),
        "seizures_municipal": written(seizures, tmp_path / "seizures.csv"),
        "ports_of_entry": written(ports, tmp_path / "ports.csv"),
    }
    message = refuses(monkeypatch, capsys, out, config(tmp_path, **files))
    has(message, ["dealers.csv, row 2, column 'fips'", "'99999'", "row 3, column 'dealers'", "'many'"])
    has(
        message,
        ["row 4, column 'dealers'", "row 6", "again", "seizures.csv, row 2, column 'cvegeo'", "'17093'"],
    )
    has(message, ["ports.csv, row 2, column 'lon'", "117.03", "Correct the cell"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda path: written(dealers().drop(columns="dealers"), path),
            ["a column 'dealers'", "Add the column"],
        ),
        (lambda path: written(dealers().iloc[:0], path), ["at least one row"]),
        (lambda path: path.write_bytes(b""), ["dealers.csv"]),
        (lambda path: path.write_bytes(b"fips,year,dealers\n04001,2023,\xe9\n"), ["UTF-8"]),
        (lambda path: path.with_suffix(".gone"), ["dealers.csv"]),
    ],
    ids=["missing column", "no rows", "empty file", "wrong encoding", "no file"],
)
def test_bad_files(
    make: object,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    out: Path,
) -> None:
    path = tmp_path / "dealers.csv"
    assert callable(make)
    make(path)
    has(refuses(monkeypatch, capsys, out, config(tmp_path, dealers=path)), words)


def test_roads_without_a_way_to_a_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, out: Path
) -> None:
    edges = gpd.read_parquet(DATA / "road_edges.parquet")
    edges[edges["road_class"] != "connector"].to_parquet(tmp_path / "roads.parquet")
    message = refuses(monkeypatch, capsys, out, config(tmp_path, road_edges=tmp_path / "roads.parquet"))
    has(message, ["road_edges", "reach at least one port of entry on both sides"])


def test_roads_out_of_the_region(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, out: Path
) -> None:
    edges = gpd.read_parquet(DATA / "road_edges.parquet")
    edges.loc[5, "geometry"] = translate(edges.loc[5, "geometry"], xoff=60)
    edges.to_parquet(tmp_path / "roads.parquet")
    message = refuses(monkeypatch, capsys, out, config(tmp_path, road_edges=tmp_path / "roads.parquet"))
    has(message, ["roads.parquet, row 6, column 'geometry'", "coordinates within lon"])


def test_a_setting_out_of_range(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert corridors(monkeypatch, "run", "--worlds", "1") == 2
    assert "greater than or equal to 2" in capsys.readouterr().err


def test_unknown_option_is_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    assert corridors(monkeypatch, "run", "--wordls", "3") == 2


def test_not_enough_data_is_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise NotEnoughDataError("too little")

    monkeypatch.setattr(api, "run", fail)
    assert corridors(monkeypatch, "run") == 3
    assert "too little" in capsys.readouterr().err


def test_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "run", stop)
    assert corridors(monkeypatch, "run") == 130
    assert "as it was" in capsys.readouterr().err


def test_check_says_yes_or_every_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good = written(dealers(), tmp_path / "good.csv")
    assert corridors(monkeypatch, "check", str(good), "--as", "dealers") == 0
    assert "360 rows" in capsys.readouterr().out
    bad = written(dealers().assign(fips="00000"), tmp_path / "bad.csv")
    assert corridors(monkeypatch, "check", str(bad), "--as", "dealers", "--json") == 2
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert {fault["column"] for fault in faults} == {"fips"}
    assert corridors(monkeypatch, "check", str(good), "--as", "nothing") == 2


def test_sources_list_terms(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert corridors(monkeypatch, "sources", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert {source["id"] for source in listed} >= {"dealers", "road_edges", "population"}
    assert all(source["licence"] and source["not_what"] for source in listed)


def test_run_and_validate_for_scripts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = written(dealers().assign(dealers="40"), tmp_path / "own.csv")
    settings = config(tmp_path, dealers=own)
    out = tmp_path / "out"
    few = ("--point", "--worlds", "2", "--json")
    assert corridors(monkeypatch, "run", "--config", str(settings), "--out", str(out), *few) == 0
    manifest = json.loads(capsys.readouterr().out)
    mine = next(source for source in manifest["sources"] if source["id"] == "dealers")
    assert mine["file"] == "own.csv"
    assert "own.csv" in (out / "map.html").read_text(encoding="utf-8")
    written_to = tmp_path / "validation"
    assert corridors(monkeypatch, "validate", "--out", str(written_to), *few) == 0
    tests = json.loads(capsys.readouterr().out)
    codes = {"V1", "V2", "V3", "V4", "V5", "V6", "V6b", "V8", "V10", "V11", "V12"}
    assert {test["code"] for test in tests} == codes
    # freight by a plain logit and by the nearest port: figures of the roads and of the tables, not of the model
    freight = {(test["null"], test["measure"]): test["null_score"] for test in tests if test["code"] == "V11"}
    assert freight["plain_logit", "total_variation"] == pytest.approx(0.33, abs=0.03)
    assert freight["plain_logit", "log_probability"] == pytest.approx(-1.46, abs=0.06)
    assert freight["nearest_whole_way", "total_variation"] == pytest.approx(0.34, abs=0.03)
    cases = {case[0] for test in tests for case in test["detail"]}
    assert {"AZ \N{RIGHTWARDS ARROW} Sonora", "Pima County", "Oaxaca", "Sonoyta"} <= cases
    assert {test["null"] for test in tests} >= {"nearest_whole_way", "shortest", "busiest", "people"}
    assert json.loads((written_to / "validation.json").read_text(encoding="utf-8")) == tests
    assert len(pd.read_csv(written_to / "validation.csv")) == len(tests)
    assert (written_to / "validation.html").read_text(encoding="utf-8").count("<tr>") > len(tests)


def test_installed_command_answers() -> None:
    answer = subprocess.run(
        [Path(sys.executable).parent / "corridors", "--version"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("corridors ")
