"""Consoles that lack letters: what they cannot show is replaced, and no command ends for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEET = (
    "AÑO,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS\n"
    "2021,SONORA,NOGALES,5,3\n"
    "2021,SONORA,\u041d\u041e\u0413\u0410\u041b\u0415\u0421 \u2018x\u201d \u2252,1,1\n"
)


def printed(encoding: str, *words: str) -> tuple[int, str]:
    """Return the exit code and the output of a command on a console of an encoding."""
    surroundings = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "corridors", *words],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done.returncode, done.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_words_of_a_file_are_shown_with_letters_replaced(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "sed-cyr.csv"
    path.write_text(SHEET, encoding="utf-8")
    code, text = printed(encoding, "check", str(path), "--as", "sedena")
    assert code == 0
    assert "1 of 2" in text
    assert "?" in text


def test_json_keeps_every_letter(tmp_path: Path) -> None:
    path = tmp_path / "sed-cyr.csv"
    path.write_text(SHEET, encoding="utf-8")
    code, text = printed("cp1252", "check", str(path), "--as", "sedena", "--json")
    assert code == 0
    assert "\u041d\u041e\u0413\u0410\u041b\u0415\u0421" in " ".join(json.loads(text)["notes"])


@pytest.mark.parametrize(
    "words", [("formats",), ("fetch",), ("sources",), ("check", "no such Ñandú \u0436.csv")]
)
def test_every_listing_and_fault_is_shown(words: tuple[str, ...]) -> None:
    code, _ = printed("cp437", *words)
    assert code == (2 if words[0] == "check" else 0)
