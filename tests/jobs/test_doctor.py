"""What the doctor sees of a computer: each fault with a small example, and nothing private in a report."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from dataclasses import asdict
from datetime import date
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from corridors import doctor
from corridors.jobs import doctor as room
from corridors.jobs.doctor import (
    Check,
    check_browser,
    check_cache,
    check_disk,
    check_memory,
    check_tables,
    check_temporary,
    check_versions,
    free_memory,
)
from corridors.jobs.inputs import default_data

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 27)
GB = 10**9


def codes(checks: object) -> list[tuple[str, str, str]]:
    """Return (what, code, state) of checks."""
    return [(one.what, one.code, one.state) for one in checks]  # type: ignore[attr-defined]


def test_versions_are_compared_with_their_bounds() -> None:
    versions = {"maps": "1.5", "roads": "2.0rc1"}

    def installed(name: str) -> str:
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    asked = [
        "roads>=2.0",
        "maps<2,>=1.4",
        "zones>=1",
        "extra>=1; extra == 'more'",
        "win>=1; sys_platform == 'no'",
    ]
    found = list(check_versions(asked, installed))
    assert codes(found)[2:] == [
        ("maps", "version", "fine"),
        ("roads", "outside", "fault"),
        ("zones", "library_absent", "fault"),
    ]
    assert found[2].values == {"version": "1.5", "allowed": ">=1.4,<2"}


def test_this_environment_is_inside_its_bounds() -> None:
    found = list(check_versions())
    assert len(found) > 30
    assert {one.state for one in found} == {"fine"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == room.PYTHON


def test_a_python_that_is_too_old_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "3.10.13")
    assert ("python", "python_outside", "fault") in codes(check_versions([]))


def test_a_checkout_that_is_not_installed_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(room, "requires", absent)
    assert codes(check_versions())[-1] == ("corridors", "not_installed", "note")


def test_a_changed_and_an_absent_table_are_faults(tmp_path: Path) -> None:
    shutil.copytree(default_data(), tmp_path / "data")
    assert {one.state for one in check_tables(tmp_path / "data", TODAY)} == {"fine"}
    (tmp_path / "data/dealers.csv").write_text("changed", encoding="utf-8")
    (tmp_path / "data/nics.csv").unlink()
    assert {one for one in codes(check_tables(tmp_path / "data", TODAY)) if one[2] != "fine"} == {
        ("dealers", "table_changed", "fault"),
        ("nics", "table_absent", "fault"),
    }
    ages = {one.what: one.values.get("age") for one in check_tables(None, TODAY)}
    assert ages["dealers"] == 2.9
    assert ages["zip_points"] is None


@pytest.mark.parametrize("content", [None, "", "id,file\n\x00,\n", "id\n1\n"])
def test_a_catalog_that_cannot_be_read_is_a_fault(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "catalog.csv").write_text(content, encoding="utf-8")
    assert codes(check_tables(tmp_path, TODAY)) == [("catalog.csv", "catalog_unread", "fault")]


def test_a_broken_library_is_a_fault_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "corridors.sources.tables")
    monkeypatch.setitem(sys.modules, "corridors.sources.tables", None)  # as where an import fails
    assert codes(check_tables(None, TODAY)) == [("catalog.csv", "catalog_unread", "fault")]


def test_the_place_of_compiled_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, home = tmp_path / "package", tmp_path / "home"
    (package / "inference/__pycache__").mkdir(parents=True)
    (package / "inference/__pycache__/flow.1.nbc").write_bytes(b"0" * 300_000)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    (own,) = check_cache(package)
    assert (own.what, own.code, own.values) == ("corridors", "cache", {"megabytes": 0.3})
    closed = {package / "inference/__pycache__"}
    monkeypatch.setattr(room, "is_writable", lambda folder: folder not in closed)
    (users,) = check_cache(package)
    assert (users.what, users.code, users.values) == ("numba", "cache", {"megabytes": 0.0})
    closed.add(home / "numba")
    assert codes(check_cache(package)) == [("numba", "cache_unwritable", "fault")]
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "mine"))
    assert codes(check_cache(package)) == [("NUMBA_CACHE_DIR", "cache", "fine")]
    closed.add(tmp_path / "mine")
    assert codes(check_cache(package)) == [("NUMBA_CACHE_DIR", "cache_unwritable", "fault")]
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "corridors-kernels-1"))
    assert codes(check_cache(package)) == [("NUMBA_CACHE_DIR", "cache_temporary", "note")]


def test_a_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(check_temporary()) == [("TMPDIR", "temporary", "fine")]

    def none() -> str:
        raise FileNotFoundError

    monkeypatch.setattr("tempfile.gettempdir", none)
    assert codes(check_temporary()) == [("TMPDIR", "temporary_absent", "fault")]


@pytest.mark.parametrize(
    ("free", "code", "state"),
    [
        (4 * GB, "memory", "fine"),
        (2 * GB, "memory_low", "fault"),
        (GB, "memory_too_low", "fault"),
        (None, "memory_unknown", "note"),
    ],
)
def test_memory_is_compared_with_what_a_run_takes(free: int | None, code: str, state: str) -> None:
    assert codes([check_memory(free)]) == [("memory", code, state)]


def test_free_memory_ends_at_the_limit_of_a_container(tmp_path: Path) -> None:
    assert free_memory(tmp_path, tmp_path) is None
    (tmp_path / "meminfo").write_text("MemTotal:  9000 kB\nMemAvailable:  8000 kB\n", encoding="ascii")
    assert free_memory(tmp_path, tmp_path) == 8000 * 1024
    for name, text in (("max", "max"), ("current", "1000000"), ("stat", "anon 1\ninactive_file 200000\n")):
        (tmp_path / f"memory.{name}").write_text(text, encoding="ascii")
    assert free_memory(tmp_path, tmp_path) == 8000 * 1024
    (tmp_path / "memory.max").write_text("3000000\n", encoding="ascii")
    assert free_memory(tmp_path, tmp_path) == 2_200_000
    (tmp_path / "meminfo").write_text("MemTotal:\n", encoding="ascii")
    assert free_memory(tmp_path, tmp_path) is None


def test_disk_and_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(free: int) -> object:
        return lambda _: shutil._ntuple_diskusage(GB, 0, free)

    monkeypatch.setattr("shutil.disk_usage", usage(GB))
    assert check_disk(tmp_path) == Check("disk", "maps", "disk", "fine", {"free": 1000, "needed": 300})
    monkeypatch.setattr("shutil.disk_usage", usage(299_000_000))
    assert codes([check_disk(tmp_path)]) == [("maps", "disk_low", "fault")]
    monkeypatch.setattr(room, "is_writable", lambda _: False)
    assert codes([check_disk(tmp_path)]) == [("maps", "folder_unwritable", "fault")]


def test_a_browser_is_only_a_note() -> None:
    assert codes([check_browser(lambda: None)]) == [("PDF", "browser_absent", "note")]
    wrong = check_browser(lambda: "/home/someone/not-there")
    assert wrong == Check("browser", "PDF", "browser_wrong", "note", {"name": "not-there"})
    assert codes([check_browser(lambda: sys.executable)]) == [("PDF", "browser", "fine")]


def test_a_report_holds_nothing_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a user whose every folder is named after them."""
    home = tmp_path / "jane-roe-of-el-paso"
    for name in ("cache", "temporary", "data", "work"):
        (home / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "jane-roe")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(home / "cache"))
    monkeypatch.setenv("TMPDIR", str(home / "temporary"))
    monkeypatch.setenv("CORRIDORS_CHROMIUM", str(home / "browser"))
    monkeypatch.chdir(home / "work")
    for data in (None, home / "data"):
        found = doctor(data=data, today=TODAY)
        text = repr([asdict(one) for one in found.checks])
        assert "jane" not in text
        assert os.uname().nodename not in text
        assert found.fine is (data is None) or not found.fine
    assert not doctor(data=home / "data").fine
