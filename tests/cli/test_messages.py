"""Error messages in Spanish: whole or not at all, in the language that is asked for, and none forgotten."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, strategies as st

from corridors.cli import messages
from corridors.cli.language import spoken_language
from corridors.cli.messages import error_text, fault_in_spanish, usage_text
from corridors.core.errors import ConfigError, Fault, InputError, OutputError
from corridors.sources.reading import parts

PACKAGE = Path(__file__).parents[2] / "corridors"
# Modules whose faults are in English alone: of roads in formats of analysts. Every other module's have a Spanish text.
ENGLISH = tuple(f"sources/roads/{name}" for name in ("graphml", "layers", "road_columns", "travel_mapping"))
MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py"))
PARTS = ("expected", "found", "remedy")


def sentences(module: str) -> set[tuple[str, str]]:
    """Return (part, sentence) of the faults that a module words in place or in names of those parts, values as 7."""
    found = set()
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"Fault", "fault", "_fault", "part_fault"}:
                first = (
                    2 if isinstance(node.func, ast.Attribute) else 1
                )  # after the file, or the file and the row
                pairs = list(zip(PARTS, node.args[first:], strict=False))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            pairs = [(node.targets[0].id, node.value)]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else []
            pairs = [
                (getattr(one, "id", ""), value)
                for one, value in zip(node.targets[0].elts, values, strict=False)
            ]
        found |= {(part, text) for part, value in pairs if part in PARTS for text in texts(value)}
    return found


def texts(node: ast.expr) -> list[str]:
    """Return the sentences of an expression that is a text, each value in it as 7."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        text = "".join(map(sample, node.values))
        return [text] if re.search("[a-z]{3}", text) else []
    return []


def sample(node: ast.expr) -> str:
    """Return a part of an f-string as it may read: quoted where it is shown so, "" where it is an optional sentence."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    value = node.value
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "did_you_mean":
        return ""
    optional = isinstance(value, ast.Name) and value.id in {"meant", "more", "kept"}
    return "" if optional else "'7'" if node.conversion == ord("r") else "7"


@pytest.mark.parametrize("module", [one for one in MODULES if one not in ENGLISH])
def test_every_sentence_of_a_fault_has_its_spanish(module: str) -> None:
    def spoken(part: str, text: str) -> bool:
        return bool(messages._sentences(text.strip()) if part == "remedy" else messages._part(text, part))

    assert sorted(one for one in sentences(module) if not spoken(*one)) == []


def test_every_other_kind_of_file_is_named_in_spanish() -> None:
    for found, remedy in parts._OTHER.values():
        assert fault_in_spanish(Fault("a.xls", "a table as text or .xlsx", found, remedy)), found


def test_a_fault_is_spanish_whole_or_english_whole() -> None:
    known = Fault("a.csv", "a whole number from 0", "'many'", "Correct the cell.", 3, "dealers")
    assert fault_in_spanish(known) == (
        "a.csv, fila 3, columna 'dealers': se esperaba un número entero, 0 o mayor; se encontró: 'many'. Corrija la celda."
    )
    for part in PARTS:
        plain = Fault("a.csv", "a file", "none", "Check the path.")
        half = replace(plain, **{part: "zzz"})  # type: ignore[arg-type]
        assert fault_in_spanish(half) == ""
        text = error_text(InputError([known, half]), "es")
        assert text.startswith("2 error(es) en los datos de entrada:\n- a.csv, fila 3")
        assert text.endswith(f"\n- {half}")
    assert error_text(InputError([known] * 7), "es").endswith("\n  y 2 más del mismo tipo (filas 3, 3)")
    assert error_text(InputError([known]), "en") == str(InputError([known]))
    assert error_text(OutputError("out is a file; name a folder for the output"), "es").startswith(
        "out es un archivo"
    )
    assert error_text(OutputError("zzz"), "es") == "zzz"
    assert usage_text("zzz", "corridors run", "es") == usage_text("Missing command.", "corridors", "en") == ""


@given(st.text(min_size=1, max_size=20))
def test_values_go_into_the_spanish_as_they_are(value: str) -> None:
    fault = Fault("a.csv", "a file", f"unknown key {value!r}", "Check the path.")
    assert repr(value)[1:-1] in fault_in_spanish(fault) or repr(value).startswith('"')


def test_the_word_file_is_well_formed() -> None:
    sections: dict[str, Any] = {}
    for name in messages.WORD_FILES:
        text = (PACKAGE / f"cli/words/{name}.toml").read_text(encoding="utf-8")
        own = tomllib.loads(text)
        assert not sections.keys() & own.keys()
        sections |= own

    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for section in sorted(set(sections) - {"frame", "command", "es", "en", "site", "layout"}):
        for english, spanish in sections[section].items():
            assert names(spanish) <= names(english), english
            assert spanish.strip() == spanish != ""
    spanish, english = (sections[language]["frame"] for language in ("es", "en"))
    assert {key: names(text) for key, text in spanish.items()} == {
        key: names(text) for key, text in english.items()
    }
    assert set(sections["frame"]) == {"head", "more", "rows", "row", "column", "fault", "usage", "more_items"}


@pytest.mark.parametrize(
    ("words", "locale", "language"),
    [
        ("", {}, "en"),
        ("run --language", {}, "en"),
        ("run", {}, "en"),
        ("run", {"LANG": "es_MX.UTF-8"}, "es"),
        ("run", {"LC_ALL": "C", "LANG": "es_MX.UTF-8"}, "en"),
        ("--language es run", {"LANG": "en_US.UTF-8"}, "es"),
        ("--language=en run", {"LANG": "es_MX.UTF-8"}, "en"),
        ("run --config es.toml", {}, "es"),
        ("run --config en.toml", {"LANG": "es_MX.UTF-8"}, "en"),
        ("--language es run --config en.toml", {}, "es"),
        ("run --config none.toml", {"LANG": "es_MX.UTF-8"}, "es"),
        ("run --config broken.toml", {}, "en"),
    ],
)
def test_the_language_is_asked_for(
    words: str, locale: dict[str, str], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("es", "en"):
        (tmp_path / f"{name}.toml").write_text(f'[run]\nlanguage = "{name}"\n', encoding="utf-8")
    (tmp_path / "broken.toml").write_text("run = 3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert spoken_language(words.split(), locale) == language


def test_a_language_that_is_neither_is_a_fault() -> None:
    assert fault_in_spanish(Fault("language", "es or en", "'fr'", "Choose one of these languages."))
    assert ConfigError([Fault("a", "b", "c", "d.")]).faults
