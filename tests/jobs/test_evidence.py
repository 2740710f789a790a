"""Evidence cannot be forged: what was read is what is hashed, and no two different inputs share a fingerprint."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.core.files import sha256
from corridors.core.own_settings import DataFile
from corridors.jobs import inputs as reading, run_folder
from corridors.jobs.inputs import check_rasters, default_data, load_inputs
from corridors.jobs.run_folder import about_run, public_command
from corridors.sources.tables import load_all

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs

DATA = default_data()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped tables."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def fingerprint(monkeypatch: pytest.MonkeyPatch, inputs: Inputs, config: Config | None = None) -> str:
    """Return the fingerprint of a run of these inputs, as if it were of the whole region."""
    monkeypatch.setattr(run_folder, "part_of", lambda *_: {})
    draws = type("Draws", (), {"kind": "point"})()
    nothing = cast("Network", None), cast("Evidence", None)
    about = about_run(config or Config(), inputs, cast("FlowDraws", draws), *nothing)
    assert about.digest.startswith(about.fingerprint)
    assert len(about.fingerprint) == 8
    return about.fingerprint


def test_changed_and_cut_tables_are_refused_at_once(data: Path) -> None:
    dealers, seizures = data / "dealers.csv", data / "seizures_municipal.csv"
    lines = dealers.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[1].rstrip("\n").split(",")
    lines[1] = ",".join([*cells[:-1], "9999"]) + "\n"
    dealers.write_text("".join(lines), encoding="utf-8")
    rows = seizures.read_text(encoding="utf-8").splitlines(keepends=True)
    seizures.write_text("".join(rows[:300]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_inputs(Config(), data)
    assert sorted(Path(fault.file).name for fault in caught.value.faults) == [
        "dealers.csv",
        "seizures_municipal.csv",
    ]


def test_a_table_given_in_its_place_needs_no_shipped_one(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_bytes((data / "nics.csv").read_bytes())
    (data / "nics.csv").write_text("broken", encoding="utf-8")
    inputs = load_inputs(Config(data={"nics": DataFile(file=own)}), data)
    (source,) = (one for one in inputs.sources if one.id == "nics")
    assert (source.sha256, source.file, source.own) == (sha256(own), "mine.csv", True)


def test_a_table_that_changes_while_it_is_read_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: object, **options: object) -> object:
        tables = load_all(*args, **options)  # type: ignore[arg-type]
        (data / "nics.csv").write_text("another", encoding="utf-8")
        return tables

    monkeypatch.setattr(reading, "load_all", slow)
    with pytest.raises(InputError, match=r"nics\.csv: expected a file that stays as it is while it is read"):
        load_inputs(Config(), data)


def test_a_raster_that_changes_before_it_is_read_is_refused(data: Path) -> None:
    inputs = load_inputs(Config(), data)
    check_rasters(inputs)
    with (data / "population.tif").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(InputError, match=r"population\.tif: expected a file that stays as it is"):
        check_rasters(inputs)


def test_the_fingerprint_is_of_every_word_about_a_source(
    shipped: Inputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(monkeypatch, shipped)
    for name, value in {
        "sha256": "0" * 64,
        "publisher": "Other",
        "not_what": "",
        "period": "1999",
        "rows": 7,
    }.items():
        first = replace(shipped.sources[0], **{name: value})  # type: ignore[arg-type]
        other = replace(shipped, sources=(first, *shipped.sources[1:]))
        assert fingerprint(monkeypatch, other) != before, name


def test_the_fingerprint_is_of_how_a_file_is_read_and_not_of_where_it_is(
    shipped: Inputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def of(folder: str, **given: object) -> str:
        file = DataFile.model_validate({"file": tmp_path / folder / "counts.xlsx", **given})
        return fingerprint(monkeypatch, shipped, Config(data={"seizures_municipal": file}))

    assert of("a") == of("b")
    found = [
        of("a"),
        of("a", columns={"sheet": "2019"}),
        of("a", columns={"sheet": "2020"}),
        of("a", period="2020"),
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("run --point --worlds 24 --seed 1", "run --point --worlds 24 --seed 1"),
        ("run --out /home/ana/maps --data ../ana", "run --out ... --data ..."),
        ("run --config=/home/ana/own.toml --out=ana", "run --config=own.toml --out=..."),
        ("run --config C:\\Users\\ana\\own.toml", "run --config own.toml"),
        ("run --scheduler tcp://ana-laptop:8786", "run --scheduler ..."),
        ("run --scheduler local --lens one_year", "run --scheduler ... --lens one_year"),
        ("whatif ~/ana.toml close-san-ysidro", "whatif ana.toml close-san-ysidro"),
        ("run -q --point --replace", "run -q --point --replace"),
    ],
)
def test_a_published_command_names_no_place_on_a_machine(typed: str, published: str) -> None:
    assert public_command(["/home/ana/.venv/bin/corridors", *typed.split()]) == [
        "corridors",
        *published.split(),
    ]


def test_the_command_of_another_program_is_its_own_affair() -> None:
    assert public_command(["/home/ana/report.py", "--password", "secret"]) == ["report.py"]
