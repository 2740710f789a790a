"""The command `doctor`: its sentences in both languages, its exit codes, its JSON."""

from __future__ import annotations

import json
import re
import sys
import tomllib
import zipfile
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from corridors.cli import app as cli
from corridors.cli.doctor import record, report
from corridors.jobs import doctor as room
from corridors.jobs.doctor import Check, Examination

ROOM = Path(room.__file__)
WORDS: dict[str, Any] = tomllib.loads(
    (Path(cli.__file__).parent / "words/doctor.toml").read_text(encoding="utf-8")
)
SEEN = Examination(
    (
        Check("versions", "maps", "version", "fine", {"version": "1.5", "allowed": ">=1"}),
        Check("disk", "maps", "disk_low", "fault", {"free": 12, "needed": 300}),
        Check("browser", "PDF", "browser_absent", "note"),
    )
)


@pytest.fixture(autouse=True)
def _enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer with memory and a folder for kernels, whatever this one has."""
    monkeypatch.setattr(room, "free_memory", lambda: 8 * 10**9)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)


def corridors(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["corridors", *words])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def database(path: Path, name: str) -> Path:
    """Write a database whose one record is about every version of a package, with text that a terminal would obey."""
    events = [{"introduced": "0"}, {"fixed": "9999"}]
    affected = [
        {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    ]
    one = {
        "id": "GHSA-1",
        "modified": "2026-11-01T00:00:00Z",
        "summary": "a \x1b[2J [red]b",
        "affected": affected,
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(one))
    return path


def test_both_languages_say_all_there_is_to_say() -> None:
    used = set(re.findall(r'"(\w+)"', ROOM.read_text(encoding="utf-8")))
    for section in ("area", "state", "frame", "text", "remedy"):
        english, spanish = WORDS["en"][section], WORDS["es"][section]
        assert english.keys() == spanish.keys()
        for key, text in english.items():
            names = [
                {name for _, name, _, _ in Formatter().parse(one) if name} for one in (text, spanish[key])
            ]
            assert names[0] == names[1], key
            assert section in {"frame", "state"} or key in used, key
    assert WORDS["en"]["remedy"].keys() < WORDS["en"]["text"].keys()


def test_every_code_has_its_words_and_every_fault_its_remedy() -> None:
    text = ROOM.read_text(encoding="utf-8")
    pairs = set(re.findall(r'"(\w+)", "(fine|note|fault)"', text)) - {("fine", "note"), ("note", "fault")}
    assert len(pairs) > 25
    for code, state in pairs:
        assert code in WORDS["en"]["text"], code
        assert state == "fine" or code in WORDS["en"]["remedy"], code


def test_a_report_in_both_languages() -> None:
    assert report(SEEN, "en").splitlines() == [
        "Versions",
        "  ok     maps: 1.5 (allowed: >=1)",
        "Disk",
        "  fault  maps: 12 MB free in this folder; a run needs 300 MB",
        "         Remedy: Free some space, or work in a folder of another disk.",
        "Browser, for PDFs",
        "  note   PDF: no Chromium, Chrome or Edge found: briefs are written without PDFs",
        "         Remedy: Install one, set CORRIDORS_CHROMIUM to one, or print a brief by hand (Ctrl+P).",
        "",
        "Faults: 1. Each names its remedy. Notes: 1.",
    ]
    spanish = report(SEEN, "es")
    assert "  falla  maps: 12 MB libres en esta carpeta; una corrida necesita 300 MB" in spanish
    assert spanish.endswith("Fallas: 1. Cada una indica su remedio. Notas: 1.")
    assert report(Examination(SEEN.checks[:1]), "es").endswith("Nada de lo revisado impediría una corrida.")
    assert record(SEEN)["fine"] is False
    assert [bool(one["remedy"]) for one in record(SEEN)["checks"]] == [False, True, True]


def test_a_computer_where_a_run_would_succeed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corridors(monkeypatch, "doctor") == 0
    assert "Nothing here would make a run fail." in capsys.readouterr().out
    assert corridors(monkeypatch, "doctor", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["fine"] is True
    assert {one["area"] for one in found["checks"]} == set(WORDS["en"]["area"]) - {"advisories"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_fault_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, language: str
) -> None:
    assert corridors(monkeypatch, "--language", language, "doctor", "--data", str(tmp_path)) == 1
    assert WORDS[language]["text"]["catalog_unread"] in capsys.readouterr().out


def test_an_advisory_ends_with_1_and_its_text_is_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(database(tmp_path / "all.zip", "NumPy"))
    assert corridors(monkeypatch, "doctor", "--advisories", path) == 1
    printed = capsys.readouterr().out
    assert re.search(r"fault +GHSA-1: numpy \S+, fixed in 9999: a \\x1b\[2J \[red\]b\n", printed)
    assert "1 advisories for" in printed
    lock = tmp_path / "other.lock"
    lock.write_text("maps==1.0\n", encoding="utf-8")
    assert corridors(monkeypatch, "doctor", "--advisories", path, "--lock", str(lock)) == 0
    assert "0 advisories for 1 packages, among 1 records, the newest of 2026-11-01" in capsys.readouterr().out


def test_wrong_files_are_faults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert corridors(monkeypatch, "doctor", "--lock", str(tmp_path)) == 2
    assert "expected --advisories with --lock" in capsys.readouterr().err
    assert (
        corridors(monkeypatch, "--language", "es", "doctor", "--advisories", str(tmp_path / "all.zip")) == 2
    )
    assert "se esperaba un zip con registros de OSV; se encontró: no existe" in capsys.readouterr().err
