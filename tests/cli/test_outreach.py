"""The commands for consulates: their usage, messages and outputs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from corridors.cli import app as cli
from corridors.cli.outreach import today_in_the_region

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def corridors(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["corridors", *words])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_brief_is_of_one_consulate_or_of_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for words in ((), ("--all", "--consulate", "Tucson")):
        assert corridors(monkeypatch, "brief", *words, "--run", str(tmp_path)) == 2
        assert "--consulate or --all" in capsys.readouterr().err
    assert corridors(monkeypatch, "brief", "--all", "--run", str(tmp_path)) == 2
    assert f"Make it first: corridors run --out {tmp_path}" in capsys.readouterr().err


def test_a_machine_without_a_browser_gets_instructions_to_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], finished: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr("corridors.outputs.briefs.pdf.find_browser", lambda: None)
    words = ("brief", "--consulate", "el paso", "--run", str(finished), "--out", str(tmp_path / "out"))
    assert corridors(monkeypatch, *words) == 0
    printed = capsys.readouterr().out
    assert "no Chromium, Chrome or Edge found" in printed
    assert "Ctrl+P" in printed
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "data",
        "el-paso.html",
        "manifest.json",
    ]


def test_calendar_and_narrative_print_where_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "calendar"
    words = ("calendar", "--run", str(finished), "--out", str(out), "--days", "30", "--json")
    assert corridors(monkeypatch, *words) == 0
    counts = dict.fromkeys(("shows", "past", "later", "gone"), 0)
    assert json.loads(capsys.readouterr().out) == {"folder": str(out), **counts}
    assert corridors(monkeypatch, "narrative", "--out", str(tmp_path / "paper")) == 0
    assert "narrative.html" in capsys.readouterr().out
    assert (tmp_path / "paper/narrative.html").is_file()
    assert today_in_the_region().year >= 2024
