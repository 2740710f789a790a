"""An online background, which a run may offer: nothing is asked for until the reader switches it on."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corridors.core.errors import OutputError
from corridors.outputs.layers import Tiles
from corridors.outputs.pages import render_map
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.web.sealed import seal_page
from tests.browser import until
from tests.outputs.hostile import HOSTILE
from tests.outputs.toy import toy_base, toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.browser import Reader

HOST = "https://tiles.example.org"
TILES = Tiles(HOST + "/map/{z}/{x}/{y}.png", "© Somebody's tiles")
LOADED = "() => document.querySelectorAll('.leaflet-tiles-pane .leaflet-tile-loaded').length"
CREDIT = "() => document.querySelector('.credit .tiles').textContent"
FAILED = "() => getComputedStyle(document.querySelector('.failed')).display"


def page_of(folder: Path, tiles: Tiles | None) -> Path:
    file = folder / "map.html"
    file.write_text(render_map(toy_results(), toy_run(), replace(toy_base(), tiles=tiles)), encoding="utf-8")
    return file


def switch(page: Page, language: str) -> None:
    page.get_by_label(load_translations(language)("layer.tiles")).click()


def grey_tile(route: Route) -> None:
    file = io.BytesIO()
    Image.new("RGB", (256, 256), "#888888").save(file, "PNG")
    route.fulfill(body=file.getvalue(), content_type="image/png")


def test_a_run_without_them_names_no_host(tmp_path: Path) -> None:
    text = page_of(tmp_path, None).read_text(encoding="utf-8")
    assert "img-src data:;" in text
    assert 'id="tiles_data"' not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_come_when_the_reader_asks(reader: Reader, tmp_path: Path, language: str) -> None:
    file = page_of(tmp_path, TILES)
    assert f"img-src data: {HOST};" in file.read_text(encoding="utf-8")
    with reader.open(file, f"?lang={language}", alone=True) as (page, log):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route(HOST + "/**", grey_tile)
        page.wait_for_timeout(300)
        assert log.quiet, log
        assert asked == []
        switch(page, language)
        until(page, f"() => ({LOADED})() > 3")
        assert all(url.startswith(HOST + "/map/") for url in asked)
        assert page.evaluate(CREDIT).startswith(TILES.credit)
        assert page.evaluate(FAILED) == "none"
        assert "layers=" in page.evaluate("() => location.hash")
        switch(page, language)
        assert page.evaluate(LOADED) == 0
        assert page.evaluate(CREDIT) == ""
        assert log.quiet, log


def test_without_a_network_the_page_goes_on(reader: Reader, tmp_path: Path) -> None:
    with reader.open(page_of(tmp_path, TILES), "?lang=es") as (page, log):
        switch(page, "es")
        until(page, f"() => ({FAILED})() === 'block'")
        assert page.locator(".failed").inner_text() == load_translations("es")("legend.no_tiles")
        assert page.evaluate(LOADED) == 0
        page.click("[data-language=en]")
        assert page.locator(".failed").inner_text() == load_translations("en")("legend.no_tiles")
        assert log.requests
        assert all("Failed to load resource" in message for message in log.messages), log.messages


@pytest.mark.parametrize("credit", HOSTILE[:20])
def test_a_hostile_credit_is_text(reader: Reader, tmp_path: Path, credit: str) -> None:
    with reader.open(page_of(tmp_path, replace(TILES, credit=credit)), "?lang=es", alone=True) as (page, log):
        page.route(HOST + "/**", grey_tile)
        switch(page, "es")
        assert credit in page.evaluate(CREDIT)
        assert log.quiet, log


@pytest.mark.parametrize("host", ["https://a.org; script-src *", "data:", "https://a.org/x", "*"])
def test_the_policy_takes_hosts_alone(host: str) -> None:
    with pytest.raises(OutputError, match="no host of pictures"):
        seal_page("<html><head></head></html>", [], [], [host])
