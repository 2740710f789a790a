"""Briefs, their index, the calendar and the page of figures in a browser: accessible, silent, two pages on paper."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING

import pytest

from corridors.core.browser import find_browser
from corridors.outputs.briefs import print_pages
from corridors.outputs.briefs.pdf import pdf_path
from corridors.outputs.layers import palette
from corridors.outputs.layers.district import NAMED
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


def test_every_brief_is_two_printed_pages(reader: Reader, outreach: Path) -> None:
    """On a sheet as narrow as A4 and as short as Letter, in both languages; the annex is not printed."""
    width, height = (side / 25.4 * 96 for side in SHEET_MM)
    tall = "() => [...document.querySelectorAll('.sheet, .second')].map(s => [s.getBoundingClientRect().height, s.scrollWidth - s.clientWidth])"
    names = [page.name for page in sorted((outreach / "briefs").glob("*.html")) if page.name != "index.html"]
    assert len(names) == 27
    for name in names:
        with reader.open(
            outreach / "briefs" / name, size=(round(width), 900), wait=False, java_script_enabled=False
        ) as (page, _):
            page.emulate_media(media="print")
            sheets = page.evaluate(tall)
            assert len(sheets) == 4
            for found, cut in sheets:
                assert found <= height, (name, found, height)
                assert cut <= 0, name
            assert page.locator(".annex").first.is_hidden()


def test_a_browser_prints_a_pdf_of_two_pages_in_each_language(
    outreach: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = find_browser()
    assert browser is not None
    page = outreach / PAGES[0]
    assert print_pages([page]) == (browser, [])
    for language in LANGUAGES:
        pdf = pdf_path(page, language)
        assert pdf.name == {"es": "albuquerque.pdf", "en": "albuquerque-en.pdf"}[language]
        content = pdf.read_bytes()
        assert content.startswith(b"%PDF")
        assert content.count(b"/Type /Page\n") == 2
        assert f"/Lang ({language})".encode() in content
        painted = painted_colours(content)
        assert {palette.PORT_FILL, NAMED, *palette.OWN_ROADS.colours[:2]} <= painted
        pdf.unlink()
    no_browser = str(outreach / "no-browser")
    assert print_pages([page], no_browser) == (no_browser, [page])
    monkeypatch.setenv("CORRIDORS_CHROMIUM", "/my/own")
    assert find_browser() == "/my/own"


def painted_colours(pdf: bytes) -> set[str]:
    """Return the colors that a PDF's content sets for fills and strokes, as "#rrggbb"."""
    found = set()
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        for parts in re.findall(rb"(?<![\d.])([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", content):
            found.add("#" + "".join(f"{round(float(part) * 255):02x}" for part in parts))
    return found


def test_the_index_is_sorted_by_the_head_of_a_column(reader: Reader, outreach: Path) -> None:
    rows = "article[lang=es] table tbody tr"
    numbers = f"() => [...document.querySelectorAll('{rows}')].map(r => Number(r.cells[1].querySelector('data').value))"
    with reader.open(outreach / PAGES[1], "?lang=es") as (page, log):
        heads = page.locator("article[lang=es] thead button")
        heads.nth(1).click()
        shares = page.evaluate(numbers)
        assert shares == sorted(shares, reverse=True)
        assert page.locator("article[lang=es] th[aria-sort=descending]").count() == 1
        heads.nth(1).click()
        assert page.evaluate(numbers) == shares[::-1]
        heads.nth(0).click()
        names = page.locator(f"{rows} th").all_inner_texts()
        assert names[0] == "Albuquerque"
        assert "Los Ángeles" in names
        assert log.quiet, log


def test_the_index_is_cards_on_a_phone(reader: Reader, outreach: Path) -> None:
    with reader.open(outreach / PAGES[1], "?lang=es", size=(390, 844)) as (page, _):
        right = "() => Math.max(...[...document.querySelectorAll('article[lang=es] td')].map(c => c.getBoundingClientRect().right))"
        assert page.evaluate(right) <= 390
        label = page.locator("article[lang=es] td").first.evaluate(
            "c => getComputedStyle(c, '::before').content"
        )
        assert "Proporción del flujo" in label


def test_the_manifest_names_every_file_and_the_runs(outreach: Path) -> None:
    manifest = json.loads((outreach / "briefs/manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["runs"]) == {"run", "other"}
    assert "data/zone_port.csv" in manifest["runs"]["run"]["inputs"]
    assert {"tucson.html", "index.html", "data/district_port.csv"} <= set(manifest["outputs"])
