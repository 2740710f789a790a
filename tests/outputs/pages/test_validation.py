"""The page of held-out tests: closed, bilingual, honest about what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from corridors.outputs.pages import render_validation, validation_texts
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.hostile import HOSTILE
from tests.outputs.pages.test_map import policy
from tests.outputs.pages.test_map_browser import SIZES, axe
from tests.outputs.pdf_reader import page_texts
from tests.outputs.toy import toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Reader


def row(code: str = "V5", *, passed: bool | None = True, **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "measure": "recall",
        "null": "shortest",
        "size": 9,
        "wins": 3,
        "model": 0.587,
        "null_score": 0.415,
        "low": 0.02,
        "high": 0.3,
        "passed": passed,
        "detail": [("FGR11-01", 0.75, 0.0)],
    } | changes


EMPTY: dict[str, Any] = {"null": "", "null_score": None, "low": None, "high": None, "detail": []}
ROWS = [
    row(),
    row("V4", passed=False, measure="hits", null="nearest_whole_way", model=0.667, null_score=0.778),
    row("V10", measure="conservation", model=1.4e-16, **EMPTY),
    row("V9", passed=None, measure="coverage_90", model=0.91, **EMPTY),
    row("V6b", measure="log_probability_north", null="homicides"),
    row("V11", measure="total_variation", null="nearest_whole_way"),
    row("V11", passed=None, measure="log_probability", null="plain_logit"),
    row("V12", passed=False, measure="log_probability_office", null="equal"),
]


def test_the_same_tests_give_the_same_bytes() -> None:
    assert render_validation(ROWS, toy_run()) == render_validation(ROWS, toy_run())


def test_what_failed_says_so() -> None:
    said = [validation_texts(one, load_translations("es")) for one in ROWS]
    assert [one["said"] for one in said[:4]] == ["Superada", "No superada", "Superada", "Informativa"]
    assert said[2]["model"] == "1e-16"
    assert validation_texts(row(low=-0.0002), load_translations("en"))["band"].startswith("0.000")
    assert (said[2]["null_score"], said[2]["band"], said[2]["wins"]) == ("", "", "")


def test_what_was_not_made_is_said_with_its_table() -> None:
    page = render_validation(ROWS, toy_run(), {"V11": "freight_flows", "V12": "port_events"})
    for language, sentence in {
        "en": "Not made: V11, V12. Their tables (freight_flows, port_events) are not among the data",
        "es": "No se hicieron: V11, V12. Sus tablas (freight_flows, port_events) no figuran",
    }.items():
        assert sentence in page, language
    assert "Not made" not in render_validation(ROWS, toy_run())


def test_hostile_names_change_no_script() -> None:
    hostile = [row(detail=[(name, 0.5, 0.5) for name in HOSTILE])]
    page = render_validation(hostile, toy_run())
    assert policy(page) == policy(render_validation(ROWS, toy_run()))
    assert page.count("<script") == render_validation(ROWS, toy_run()).count("<script")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_and_accessible(
    reader: Reader, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    file = tmp_path / "validation.html"
    file.write_text(render_validation(ROWS, toy_run()), encoding="utf-8")
    words = load_translations(language)
    with reader.open(file, f"?lang={language}", size=size) as (page, log):
        assert page.title() == words("validation.title")
        assert page.evaluate("() => document.documentElement.lang") == language
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        shown = page.evaluate("() => document.body.innerText")
        assert words("validation.failed") in shown
        other = load_translations(next(one for one in LANGUAGES if one != language))
        assert other("validation.intro") not in shown
        page.evaluate(
            "l => document.querySelector(`#languages [data-language=${l}]`).click()",
            other.language,
        )
        assert page.title() == other("validation.title")
        assert log.quiet, (log.requests, log.messages)


def test_without_scripts_both_languages_are_there(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "validation.html"
    file.write_text(render_validation(ROWS, toy_run()), encoding="utf-8")
    with reader.open(file, wait=False, java_script_enabled=False) as (page, _):
        shown = page.inner_text("body")
        assert all(load_translations(language)("validation.intro") in shown for language in LANGUAGES)


@pytest.mark.parametrize("width", [186, 192])  # millimeters between the margins of A4 and of Letter
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_no_column_is_cut(reader: Reader, tmp_path: Path, language: str, width: int) -> None:
    file = tmp_path / "validation.html"
    file.write_text(render_validation(ROWS, toy_run()), encoding="utf-8")
    size = (round(width / 25.4 * 96), 900)
    beyond = """() => [...document.querySelectorAll('th, td')].filter(e => e.getClientRects().length)
      .filter(e => e.getBoundingClientRect().right > innerWidth || e.scrollWidth > e.clientWidth).map(e => e.textContent)"""
    with reader.open(file, f"?lang={language}", size=size) as (page, log):
        page.emulate_media(media="print")
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.locator("th:visible").count() > 7
        assert page.evaluate(beyond) == []
        pages = page_texts(page.pdf(format="A4", print_background=True, prefer_css_page_size=True))
        assert all(f"{n}/{len(pages)}" in text for n, text in enumerate(pages, start=1))
        assert log.quiet, log
