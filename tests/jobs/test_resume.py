"""A run that was interrupted and started again is, file by file, the one that nothing interrupted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import corridors
from corridors.core.manifest import read_manifest
from corridors.inference.fitting import ensemble, hmc as sampling
from corridors.inference.fitting.hmc import adapt
from corridors.jobs import Progress, fingerprint, run as job
from corridors.jobs.fingerprint import run_digest, work_key
from corridors.jobs.inputs import load_inputs
from tests.jobs.small_region import write_settings, write_tables

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.config import Config
    from corridors.jobs.inputs import Inputs

WORLDS = 4
OF_ONE_START = {"seconds", "peak_memory_mb", "command"}


class Interrupted(Progress):
    """Interrupt a run after some of its cost worlds, and remember what was shown."""

    def __init__(self, stop: int = 0) -> None:
        super().__init__()
        self.stop, self.shown = stop, list[str]()

    def show(self, text: str) -> None:
        self.shown.append(text)

    def advance(self, done: int, total: int) -> None:
        assert done <= total
        if done == self.stop:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Inputs]:
    """Settings and tables of a few ports."""
    folder = tmp_path_factory.mktemp("small")
    write_tables(folder)
    config = corridors.read_config(write_settings(folder, "small.toml", worlds=WORLDS, jobs=1))
    return config, load_inputs(config)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch, small: tuple[Config, Inputs]) -> None:
    """Short chains of tables that are read once; of the site the map alone, which is made of what is in the tables."""
    monkeypatch.setattr(job, "load_inputs", lambda *_: small[1])
    monkeypatch.setattr(job, "planned", lambda *_: [])
    monkeypatch.setattr(job, "write_site_pages", lambda *_, **__: None)
    monkeypatch.setattr(
        job, "information_gain", lambda _: None
    )  # of the problem alone: nothing of it is kept
    monkeypatch.setattr(sampling, "TURNS", 1)
    monkeypatch.setattr(ensemble, "adapt", partial(adapt, tune=40, draws=60, limits=(9.0, 1.0)))


def lasting(folder: Path) -> dict[str, Any]:
    """Return what a manifest says, the hash of every file among it, but for what is of one start."""
    return {key: value for key, value in read_manifest(folder).items() if key not in OF_ONE_START}


def test_the_folder_is_the_same_to_the_byte(small: tuple[Config, Inputs], tmp_path: Path) -> None:
    config = small[0]
    corridors.run(config).write(tmp_path / "whole")
    out = tmp_path / "resumed"
    with pytest.raises(KeyboardInterrupt):
        corridors.run(config, resume=out, progress=Interrupted(2))
    assert {path.name for path in tmp_path.iterdir()} == {"whole", ".resumed.corridors-work"}
    seen = Interrupted()
    corridors.run(config, resume=out, progress=seen).write(out)
    assert f"resuming: 2 of {WORLDS} cost worlds kept" in seen.shown
    assert "resuming: 4 of 4 chains at median costs kept" in seen.shown
    wanted = lasting(tmp_path / "whole")
    assert len(wanted["outputs"]) > 15
    assert lasting(out) == wanted
    assert {path.name for path in tmp_path.iterdir()} == {"whole", "resumed"}


def test_another_run_of_the_output_starts_anew(small: tuple[Config, Inputs], tmp_path: Path) -> None:
    """So does one that is told to."""
    config, out = small[0], tmp_path / "run"
    for changes, fresh in (({}, False), ({"seed": 2}, False), ({"seed": 2}, True)):
        seen = Interrupted(1)
        with pytest.raises(KeyboardInterrupt):
            corridors.run(corridors.with_changes(config, changes), resume=out, fresh=fresh, progress=seen)
        assert not [text for text in seen.shown if text.startswith("resuming")]
        assert len(list(tmp_path.glob(".run.corridors-work/*"))) == 1
    with pytest.raises(KeyboardInterrupt):
        corridors.run(corridors.with_changes(config, {"mode": "point"}), resume=out, progress=Interrupted(1))
    assert list(tmp_path.glob(".run.corridors-work/*")) == []


def test_the_key_is_of_all_that_decides_the_result(
    small: tuple[Config, Inputs], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config, inputs = small
    key = work_key(config, inputs)
    assert work_key(corridors.with_changes(config, {"jobs": 7, "language": "en"}), inputs) == key
    others = {work_key(corridors.with_changes(config, {"seed": 2}), inputs)}
    (tmp_path / "module.py").write_text("changed", encoding="utf-8")
    for name, value in (
        ("PACKAGE", tmp_path),
        ("run_digest", lambda *_: run_digest(config, inputs)[::-1]),
        ("threadpool_info", lambda: [{"user_api": "blas", "architecture": "other"}]),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, name, value)
            others.add(work_key(config, inputs))
    assert len(others | {key}) == 5
