"""The words: both languages say the same things, all of them used, none missing."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from corridors.core.errors import ConfigError
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.text.translations import placeholders

# Families whose key is put together from a coded value; words that other outputs than the map use.
FAMILIES = (
    "ask.", "calendar_reason.", "changed.",
    "grade.", "mode.", "lens.", "demand.", "road_class.", "us_state.", "state_name.", "layer.", "source.", "choice.", "search.", "roads.", "named.", "embed.", "cite.", "quantity.", "block.",
    "variant.", "district.", "validation.", "inspection.", "structure.", "gun_shows.", "validation_test.", "validation_mark.", "validation_meaning.",
    "validation_measure.", "validation_null.", "sensitivity.", "assumption.", "why.",
    "event.side_", "brief.events_", "brief.office_", "brief.status_", "provision.", "own_", "site.", "table.", "file.", "download.", "method.", "part.", "part_", "unfitted_", "indicator.", "narrative.", "city.",
)  # fmt: skip


FORMS = re.compile(r"_(one|many|other)$")
"""End of the key of each form of a text that agrees with a count; our code writes the key without it."""


def used_keys() -> set[str]:
    """Return every "section.name" written in our own code and pages."""
    package = Path(str(files("corridors.outputs")))
    scripts = package / "web" / "src"
    names = [*package.rglob("*.py"), *scripts.glob("*.js"), *(package / "web" / "html").glob("*.html")]
    text = "\n".join(file.read_text("utf-8") for file in names)
    return set(re.findall(r"[\"']([a-z]+\.\w*[A-Za-z0-9])[\"']", text))


def test_publishers_words_are_known_in_spanish_once() -> None:
    shown = files("corridors.outputs.text").joinpath("words", "published.toml").read_text("utf-8")
    known = [english for section in tomllib.loads(shown).values() for english in section]
    assert len(known) == len(set(known))
    assert load_translations("es").published("statewide") == "todo el estado"
    assert load_translations("en").published("statewide") == "statewide"
    assert load_translations("es").published("of a table of the reader's own") == ""


def test_both_languages_hold_the_same_keys() -> None:
    spanish, english = (load_translations(language).texts for language in LANGUAGES)
    assert list(spanish) == list(english)


def test_both_languages_hold_the_same_placeholders() -> None:
    spanish, english = (load_translations(language).texts for language in LANGUAGES)
    assert {key: placeholders(text) for key, text in spanish.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    spanish, english = (load_translations(language).texts for language in LANGUAGES)
    same = {key for key, text in spanish.items() if text == english[key]}
    assert all(text.strip() == text != "" for texts in (spanish, english) for text in texts.values())
    assert same <= {
        "label.no",
        "label.kilometres",
        "download.megabytes",
        "ports.band90",
        *("us_state." + code for code in ("AZ", "CA", "TX")),
        *("state_name." + code for code in ("05", "16", "30")),
    }


def test_every_key_used_exists() -> None:
    texts = set(load_translations("es").texts)
    texts |= {FORMS.sub("", key) for key in texts}
    sections = {key.split(".")[0] for key in texts}
    keys = {key for key in used_keys() if key.split(".")[0] in sections}
    assert {
        key for key in keys - texts if not key.endswith((".html", ".js", ".css", ".csv", ".ics"))
    } == set()


def test_every_key_is_used() -> None:
    used = used_keys()
    unused = {key for key in load_translations("es").texts if not {key, FORMS.sub("", key)} & used}
    assert {key for key in unused if not key.startswith(FAMILIES)} <= {"page.zoom_in", "page.zoom_out"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_never_accuse(language: str) -> None:
    texts = load_translations(language).texts
    text = " ".join(text for key, text in texts.items() if key != "note.traces").lower()  # ATF's own words
    assert not re.search(r"used by|usad[oa]s? por|utilizad[oa]s? por (los )?(cárteles|traficantes)", text)


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("es", 0.072, "7.2%"),
        ("en", 0.072, "7.2%"),
        ("es", 0.42, "42%"),
        ("en", 0.0042, "0.42%"),
        ("es", 0.00001, "menos de 0.01%"),
        ("en", 0.00001, "under 0.01%"),
        ("es", 0.0, "0%"),
    ],
)
def test_shares_keep_about_two_digits(language: str, value: float, expected: str) -> None:
    assert load_translations(language).share(value) == expected


def test_numbers_are_mexican_in_spanish() -> None:
    assert load_translations("es").number(1234567.5, 1) == "1,234,567.5"


def test_a_band_is_said_in_words() -> None:
    assert load_translations("es").band(0.01, 0.2) == "1.0% a 20%"
    assert load_translations("en").band(0.01, 0.2) == "1.0% to 20%"
    assert load_translations("en").band(0.00001, 0.00002) == "under 0.01%"


def test_a_value_is_not_read_for_placeholders() -> None:
    assert (
        load_translations("en")("label.few", count="{count}")
        == "not shown (under {count}, or it would reveal one that is)"
    )


def test_a_coded_value_without_a_word_is_shown_as_it_is() -> None:
    assert load_translations("en").name("road_class", "mx_toll") == "Mexican toll motorway"
    assert load_translations("en").name("road_class", "skyway") == "skyway"


def test_another_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="es or en"):
        load_translations("fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("count", "form"), [(0, "other"), (1, "one"), (2, "other"), (1_000_000, "other")])
def test_a_text_agrees_with_its_count(language: str, count: int, form: str) -> None:
    assert load_translations(language).plural("brief.lead", count) == f"brief.lead_{form}"


def test_every_text_with_forms_has_one_for_every_count() -> None:
    for language in LANGUAGES:
        words = load_translations(language)
        stems = {FORMS.sub("", key) for key in words.texts if key.endswith("_one")}
        assert stems
        for stem in stems:
            assert {words.plural(stem, count) for count in range(3)} == {f"{stem}_one", f"{stem}_other"}
            assert words(f"{stem}_one") != words(f"{stem}_other") or language == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_public_text_gives_a_command(language: str) -> None:
    commands = r"corridors (run|brief|calendar|whatif|validate|sensitivity|check|fetch|sources|narrative)\b"
    texts = load_translations(language).texts
    assert [key for key, text in texts.items() if re.search(commands, text)] == []
