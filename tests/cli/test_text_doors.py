"""What files hold is shown on a terminal as text: never obeyed, never taken for markup."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from corridors.cli import app as cli, progress
from corridors.cli.listing import sources_table
from corridors.cli.messages import fault_in_spanish
from corridors.cli.preview import check_text, left_out_text
from corridors.cli.printing import print_json, print_table
from corridors.core.errors import CorridorsError, Fault
from corridors.core.signs import has_unsafe
from corridors.core.types import Source
from corridors.jobs.source_list import SourceList
from corridors.outputs.pages import SourceRow
from corridors.sources import Report

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = ("closing [/b] tag", "[bold red]x[/]", "a\x1b]0;title\x07b", "c\x9b2Jd", "e\x7f\x08f")


@pytest.mark.parametrize("text", HOSTILE)
def test_tables_show_texts_as_they_are(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    fields = dict.fromkeys(Source.__dataclass_fields__, "")
    source = Source(**{**fields, "id": "a", "title": text, "rows": 1, "own": True})  # type: ignore[arg-type]
    row = SourceRow(source, None, None, None, {}, None, own_file=True)
    Console(width=200).print(sources_table(SourceList([row], date(2026, 1, 1)).texts("en"), "en"))
    print_table("Title", ("id", "what"), [("a", text)])
    shown = capsys.readouterr().out
    assert not has_unsafe(shown)
    assert shown.count(text) == 2 * (not has_unsafe(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_reports_show_no_sign_that_a_terminal_obeys(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stops = CorridorsError(text)
    report = Report(text, text, 2, 1, {text: 1}, text, text, (text,), stops, {"a": text}, (text,))
    for language in ("en", "es"):
        assert not has_unsafe(check_text(tmp_path / text.replace("/", ""), report, language))
        assert not has_unsafe(left_out_text(report, language))
    print_json({"a": text, text: 1})
    shown = capsys.readouterr().out
    assert not has_unsafe(shown)
    assert json.loads(shown) == {"a": text, text: 1}


def test_a_fault_is_one_line_whatever_the_file_is_called_or_holds(tmp_path: Path) -> None:
    for text in ("a\n- mine.csv: all is well", "b\r\ncorridors: done"):
        fault = Fault(str(tmp_path / text), "a file", "no such file", "Check the path.", 2, text)
        for line in (str(fault), str(replace(fault, found=text)), fault_in_spanish(fault)):
            assert len(line.splitlines()) == 1


def test_a_long_reading_gives_signs_of_life(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "FIRST_SIGN_S", 0.05)
    monkeypatch.setattr(progress, "NEXT_SIGN_S", 0.05)
    with progress.signs_of_life("still reading a\x1b.csv"):
        time.sleep(0.5)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("still reading a\\x1b.csv (0 s)\n")
    assert shown.err.count("still reading") > 1
    with progress.signs_of_life("silent", quiet=True):
        time.sleep(0.2)
    with progress.signs_of_life("short"):
        pass
    time.sleep(0.2)
    assert capsys.readouterr().err == ""


def test_a_long_step_of_a_job_says_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SILENT_S", 0.05)
    with progress.shown_progress(quiet=False) as shown:
        time.sleep(0.2)
        assert capsys.readouterr().err == ""
        with shown.step("read", "reading the tables"):
            time.sleep(0.5)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "reading the tables"
    assert set(lines[1:]) == {"reading the tables (0 s)"}
    time.sleep(0.2)
    assert capsys.readouterr().err == ""


def test_a_file_of_a_hostile_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a\x1b]0;x\x07.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["corridors", "check", str(path)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    shown = capsys.readouterr().err
    assert "control characters" in shown or "caracteres de control" in shown
    assert not has_unsafe(shown)
