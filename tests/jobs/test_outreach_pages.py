"""Briefs, their index, the calendar and the page of figures in a browser: accessible, silent, one page on paper."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corridors.outputs.briefs import print_pages
from corridors.outputs.briefs.pdf import find_browser
from corridors.outputs.text import LANGUAGES, load_translations
from tests.browser import until
from tests.outputs.pages.test_map_browser import axe

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Reader

PAGES = ("briefs/albuquerque.html", "briefs/index.html", "calendar/calendar.html", "narrative/narrative.html")
SHEET_MM = (186, 257.4)
"""Width that A4 leaves and height that Letter leaves within margins of 12 and 11 mm."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page_name", PAGES)
def test_pages_are_silent_and_accessible(
    reader: Reader, outreach: Path, page_name: str, language: str
) -> None:
    for size in ((1280, 800), (390, 844)):
        with reader.open(outreach / page_name, f"?lang={language}", size=size) as (page, log):
            assert axe(page) == []
            assert page.evaluate("() => document.documentElement.lang") == language
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
            shown = str(page.evaluate("() => document.body.innerText"))
            assert log.quiet, log
        other = load_translations(next(one for one in LANGUAGES if one != language))
        assert [
            text
            for key, text in other.texts.items()
            if key.startswith("brief.") and len(text) > 40 and text in shown
        ] == []
        for wrong in ("undefined", "NaN", "<NA>", "None"):
            assert wrong not in shown


def test_the_map_is_the_run_s_and_tells_of_its_ports(reader: Reader, outreach: Path) -> None:
    with reader.open(outreach / PAGES[0], "?lang=es") as (page, log):
        assert page.evaluate("() => corridors.inner.state.layers.map(l => l.name)")[:2] == [
            "land",
            "district",
        ]
        assert page.locator("article:not([hidden]) #map canvas").count() > 0
        page.click("[data-language=en]")
        until(page, "() => document.querySelector('article[lang=en] #map canvas') !== null")
        assert page.locator("article[lang=es]").is_hidden()
        assert log.quiet, log


def test_without_scripts_both_languages_and_the_pictures_are_there(reader: Reader, outreach: Path) -> None:
    with reader.open(outreach / PAGES[0], wait=False, java_script_enabled=False) as (page, log):
        assert page.locator("article").count() == 2
        assert page.locator(".still svg").first.bounding_box()["width"] > 400  # type: ignore[index]
        assert page.locator("article[lang=es] h1").inner_text() == load_translations("es")(
            "brief.title", city="Albuquerque"
        )
        assert log.quiet, log


def test_every_brief_has_one_printed_page_before_its_annex(reader: Reader, outreach: Path) -> None:
    """On a sheet as narrow as A4 and as short as Letter, in both languages."""
    width, height = (side / 25.4 * 96 for side in SHEET_MM)
    tall = "() => [...document.querySelectorAll('.sheet')].map(s => [s.getBoundingClientRect().height, s.scrollWidth - s.clientWidth])"
    names = [page.name for page in sorted((outreach / "briefs").glob("*.html")) if page.name != "index.html"]
    assert len(names) == 27
    for name in names:
        with reader.open(
            outreach / "briefs" / name, size=(round(width), 900), wait=False, java_script_enabled=False
        ) as (page, _):
            page.emulate_media(media="print")
            sheets = page.evaluate(tall)
            assert len(sheets) == 2
            for found, cut in sheets:
                assert found <= height, (name, found, height)
                assert cut <= 0, name


def test_a_browser_prints_both_languages_to_a_pdf(outreach: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = find_browser()
    assert browser is not None
    page = outreach / PAGES[3]
    assert print_pages([page]) == (browser, [])
    pdf = page.with_suffix(".pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") >= 2
    page.with_suffix(".pdf").unlink()
    no_browser = str(outreach / "no-browser")
    assert print_pages([page], no_browser) == (no_browser, [page])
    monkeypatch.setenv("CORRIDORS_CHROMIUM", "/my/own")
    assert find_browser() == "/my/own"


def test_the_manifest_names_every_file_and_the_runs(outreach: Path) -> None:
    manifest = json.loads((outreach / "briefs/manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["runs"]) == {"run", "other"}
    assert "data/zone_port.csv" in manifest["runs"]["run"]["inputs"]
    assert {"tucson.html", "index.html", "data/district_port.csv"} <= set(manifest["outputs"])
