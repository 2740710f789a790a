"""The page of sources: closed, literal, bilingual, readable on a phone and on paper."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from corridors.core.types import Source
from corridors.outputs.pages import SourceRow, render_sources
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.hostile import HOSTILE
from tests.outputs.page_islands import islands_of
from tests.outputs.pages.test_map import policy
from tests.outputs.pages.test_map_browser import SIZES, axe, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser import Reader

DAY = date(2026, 11, 24)
DEALERS = Source(
    id="dealers",
    file="dealers.csv",
    title="Retail firearms licenses by county and year",
    publisher="Los Angeles Times",
    url="https://example.org/dealers",
    licence="public domain",
    attribution="Licenses: ATF",
    period="2003..2023",
    retrieved="",
    sha256="ab" * 32,
    rows=7560,
    not_what="not shops, and not wrongdoing",
    derived_from="us/ffl.csv",
    note="names repaired",
)
SEIZURES = replace(
    DEALERS,
    id="seizures_municipal",
    title="Firearms seized by municipality",
    url="http://example.org/old",
    period="2006-12..2011-11",
    retrieved="2018-04-18",
    rows=481,
    note="",
)
ROWS = (
    SourceRow(DEALERS, coverage_us=4, age_years=2.9),
    SourceRow(
        SEIZURES,
        coverage_mx=31,
        coverage_municipalities=481,
        dropped={"no such municipality": 2, "row given twice": 1210},
        age_years=14.99,
        own_file=True,
    ),
    SourceRow(replace(DEALERS, id="fresh", title="Fresh", url="", period="2026"), age_years=-0.1),
    SourceRow(replace(DEALERS, id="undated", title="Undated", period="", licence="")),
)


def written(folder: Path, rows: tuple[SourceRow, ...] = ROWS, on: date | None = DAY) -> Path:
    file = folder / "data.html"
    file.write_text(render_sources(rows, on=on), encoding="utf-8")
    return file


def cells(page: Page, row: int) -> list[str]:
    found = page.evaluate(
        "n => [...document.querySelectorAll('tbody tr')[n].children].map(c => c.innerText.replace(/\\s+/g, ' '))",
        row,
    )
    return [str(one) for one in found]


def hostile_rows() -> tuple[SourceRow, ...]:
    payloads = cycle(HOSTILE)
    texts = [field.name for field in fields(Source) if field.name not in {"rows", "own"}]
    sources = [Source(**asdict(DEALERS) | {name: next(payloads) for name in texts}) for _ in HOSTILE]
    return tuple(
        SourceRow(source, dropped={payload: 3}) for source, payload in zip(sources, HOSTILE, strict=True)
    )


def test_the_same_rows_give_the_same_bytes() -> None:
    assert render_sources(ROWS, on=DAY) == render_sources(ROWS, on=DAY)


def test_hostile_data_changes_no_script_and_arrives_as_written() -> None:
    text = render_sources(hostile_rows())
    assert policy(text) == policy(render_sources(ROWS))
    assert policy(text).startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy(text)
    rows = islands_of(text)["sources_data"]["rows"]
    assert [row["dropped"] for row in rows] == [[[payload, 3]] for payload in HOSTILE]


def test_the_page_carries_only_the_words_it_says() -> None:
    words = islands_of(render_sources(ROWS))["words"]
    assert list(words["es"]) == list(words["en"])
    assert {key.split(".")[0] for key in words["es"]} == {"data", "source", "page", "note"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_and_accessible(
    reader: Reader, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    with reader.open(written(tmp_path), f"?lang={language}", size=size) as (page, log):
        assert page.title() == load_translations(language)("data.title")
        assert page.evaluate("() => document.documentElement.lang") == language
        assert axe(page) == []
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_said_in_the_language(reader: Reader, tmp_path: Path, language: str) -> None:
    words, other = (
        load_translations(one) for one in (language, *(one for one in LANGUAGES if one != language))
    )
    with reader.open(written(tmp_path), f"?lang={language}") as (page, _):
        shown = str(page.evaluate("() => document.body.innerText"))
    for key in ("data.intro", "data.caption", "data.source", "data.own_file", "note.lawful"):
        assert words(key) in shown
        assert other(key) not in shown
    assert [key for key in words.texts if key in shown] == []
    assert not [word for word in ("undefined", "NaN", "null", "{") if word in shown]


def test_titles_and_limits_known_in_spanish_are_said_in_spanish(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=es") as (page, _):
        first, second = cells(page, 0), cells(page, 1)
        in_english = page.evaluate("() => [...document.querySelectorAll('[lang=en]')].map(e => e.innerText)")
    assert first[0].startswith("Licencias de venta de armas al por menor, por condado y año")
    assert second[0].startswith(SEIZURES.title)  # of a table that is not shipped
    assert SEIZURES.title in in_english
    assert DEALERS.title not in in_english


def test_a_row_says_what_is_known(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=en") as (page, log):
        first, second, third, fourth = (cells(page, row) for row in range(4))
        assert "24 November 2026" in text_of(page, "#aged") or "November 24, 2026" in text_of(page, "#aged")
        assert page.evaluate("() => [...document.querySelectorAll('#summary dd')].map(e => e.innerText)") == [
            "4",
            "1",
            "1,212",
            "15 years\nFirearms seized by municipality",
        ]
        assert log.quiet, log
    assert "Own file" not in first[0]
    assert "Own file" in second[0]
    assert "Period: 2003..2023 Age: 2.9 years" in first[1]
    assert "Age: 15 years Retrieved: 2018-04-18" in second[1]
    assert "Age: under a month" in third[1]
    assert "Age: no date" in fourth[1]
    assert "In the table: 7,560 Dropped: none" in first[2]
    assert "Dropped: 1,212 2 no such municipality 1,210 row given twice" in second[2]
    assert "US states: 4 of 4" in first[3]
    assert "Mexican states: 31 of 32 Municipalities: 481 of 2,478" in second[3]
    assert "Not measured by state or municipality." in third[3]
    assert "License: public domain Credit: Licenses: ATF" in first[4]
    assert "not shops, and not wrongdoing" in first[5]


def test_numbers_are_mexican_in_spanish(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=es") as (page, _):
        assert "481 de 2,478" in cells(page, 1)[3]
        assert "2.9 años" in cells(page, 0)[1]
        assert "24 de noviembre de 2026" in text_of(page, "#aged")


def test_links_lead_only_to_secure_pages(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=en") as (page, _):
        links = page.evaluate(
            "() => [...document.querySelectorAll('tbody a')].map(a => [a.href, a.rel, a.target])"
        )
        assert links == [["https://example.org/dealers", "noopener noreferrer", "_blank"]] * 2
        assert "http://example.org/old" in cells(page, 1)[0]


def test_hostile_texts_are_shown_literally_and_run_nothing(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path, hostile_rows()), "?lang=es") as (page, log):
        seen = text_of(page, "tbody")
        page.click("[data-language=en]")
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.evaluate("() => window.__pwned === undefined")
        assert page.locator("tbody a").count() == 0
        assert log.quiet, log
    assert [payload for payload in HOSTILE if payload not in seen] == []


@pytest.mark.parametrize(
    ("address", "locale", "expected"),
    [
        ("?lang=en", "es-MX", "en"),
        ("#lang=en", "es-MX", "en"),
        ("", "en-GB", "es"),
        ("", "fr-FR", "es"),
        ("?lang=fr", "fr-FR", "es"),
    ],
)
def test_the_language_is_asked_for_in_order(
    reader: Reader, tmp_path: Path, address: str, locale: str, expected: str
) -> None:
    with reader.open(written(tmp_path), address, locale=locale) as (page, _):
        assert page.evaluate("() => document.documentElement.lang") == expected


def test_the_language_can_be_changed_and_what_is_open_stays_open(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=es") as (page, log):
        page.click("tbody tr:nth-child(2) summary")
        page.click("[data-language=en]")
        assert page.evaluate("() => document.documentElement.lang") == "en"
        assert page.evaluate("() => location.hash") == "#lang=en"
        assert page.evaluate("() => [...document.querySelectorAll('details')].map(d => d.open)") == [
            False,
            True,
            False,
            False,
        ]
        assert page.title() == load_translations("en")("data.title")
        assert log.quiet, log


def test_on_a_phone_a_source_is_a_card(reader: Reader, tmp_path: Path) -> None:
    width = "() => document.querySelector('tbody td').getBoundingClientRect().width"
    with reader.open(written(tmp_path), "?lang=es", size=(390, 844), has_touch=True, is_mobile=True) as (
        page,
        log,
    ):
        assert page.evaluate(width) > 300
        assert cells(page, 0)[2].startswith("Filas En la tabla: 7,560")
        assert page.evaluate("() => innerWidth") == 390
        assert log.quiet, log
    with reader.open(written(tmp_path), "?lang=es") as (page, _):
        assert cells(page, 0)[2].startswith("En la tabla: 7,560")


def test_the_skip_link_leads_to_the_table(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=es") as (page, _):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "sources"


def test_no_rows_are_said_to_be_none(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path, (), None), "?lang=en") as (page, log):
        assert text_of(page, "tbody") == load_translations("en")("data.empty")
        assert text_of(page, "#aged") == ""
        assert axe(page) == []
        assert log.quiet, log


def test_without_scripts_the_page_says_so(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), wait=False, java_script_enabled=False) as (page, log):
        assert page.locator("noscript .noscript").inner_text() == load_translations("es")("data.noscript")
        assert log.quiet, log


def test_the_page_prints_with_everything_open(reader: Reader, tmp_path: Path) -> None:
    with reader.open(written(tmp_path), "?lang=es") as (page, log):
        pdf = page.pdf(prefer_css_page_size=True)
        assert 1 <= pdf.count(b"/Type /Page\n") <= 3
        assert page.evaluate("() => [...document.querySelectorAll('details')].every(d => d.open)")
        assert log.quiet, log
