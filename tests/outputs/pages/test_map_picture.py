"""The map saved as a picture: what is shown, with title, notice, key, credits and date; nothing is asked of a network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from corridors.outputs.layers import palette
from corridors.outputs.layers.changes import LOSSES
from corridors.outputs.pages import render_map
from corridors.outputs.text import load_translations, run_translations
from corridors.outputs.text.citation import latest_retrieval
from tests.outputs.pages.test_map_browser import axe, text_of
from tests.outputs.pdf_reader import color, squeezed
from tests.outputs.vectors import toy_closure_model

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

RECORD = """() => { const { prototype } = CanvasRenderingContext2D, write = prototype.fillText;
  globalThis.written = [];
  prototype.fillText = function (text, ...at) { written.push(text); return write.call(this, text, ...at); }; }"""


@pytest.fixture(scope="module")
def panel_file(toy: tuple[Results, Run, BaseMap], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a map with a panel of closures."""
    file = tmp_path_factory.mktemp("picture") / "map.html"
    results = replace(toy[0], closure_model=toy_closure_model())
    file.write_text(render_map(results, *toy[1:]), encoding="utf-8")
    return file


def saved(page: Page, folder: Path) -> tuple[set[tuple[int, int, int]], tuple[int, int], str]:
    """Save the picture; return its colors, its size, and what is written in it, without spaces."""
    page.evaluate(RECORD)
    with page.expect_download() as found:
        page.click("#save-image")
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    with Image.open(file) as picture:
        pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3) @ np.array([65536, 256, 1])
        size = picture.size
    seen = {(code >> 16, code >> 8 & 255, code & 255) for code in np.unique(pixels).tolist()}
    return seen, size, squeezed("".join(page.evaluate("() => written")))


@pytest.mark.parametrize(("language", "size"), [("es", (1366, 625)), ("en", (390, 844))])
def test_the_picture_has_map_title_notice_key_credit_and_date(
    reader: Reader,
    panel_file: Path,
    toy: tuple[Results, Run, BaseMap],
    tmp_path: Path,
    language: str,
    size: tuple[int, int],
) -> None:
    words = run_translations(language, toy[1])
    with reader.open(panel_file, f"?lang={language}", size=size) as (page, log):
        shown = page.evaluate("() => corridors.inner.state.map.getSize()")
        names = page.locator(".leaflet-marker-pane .place").all_inner_texts()
        seen, (width, height), said = saved(page, tmp_path)
        assert text_of(page, "#copied") == words("page.image_saved")
        assert axe(page) == []
        assert log.quiet, log
    assert width >= 2 * shown["x"]
    assert height > 2 * shown["y"]
    drawn = (palette.LAND, palette.PORT_FILL, palette.ZONES.colours[0], "#fdf1cf")
    assert {color(one) for one in drawn} <= seen
    date = words("site.foot_date", date=words.day(latest_retrieval(toy[1]) or ""))
    keys = ("page.title", "page.notice", "layer.zones", "legend.dashed", "legend.south", "note.roads_credit")
    for text in (*(words(key) for key in keys), date, *names):
        assert squeezed(text) in said, text
    assert names
    assert squeezed(words("layer.shows")) not in said  # it is off


def test_the_picture_of_a_scenario_is_titled_and_keyed_as_one(
    reader: Reader, panel_file: Path, tmp_path: Path
) -> None:
    words = load_translations("es")
    with reader.open(panel_file, "?lang=es#5/31/-104/closed=p1") as (page, log):
        seen, _, said = saved(page, tmp_path)
        assert squeezed(page.title()) in said
        assert page.evaluate("() => L.Browser.retina") is False  # as it was before
        assert log.quiet, log
    for key in ("moved.port_closed", "moved.port_gain", "page.notice"):
        assert squeezed(words(key)) in said, key
    assert squeezed(words("layer.crossings")) not in said
    assert color(LOSSES.colours[1]) in seen


def test_the_picture_of_a_choice_says_of_what_it_is(reader: Reader, panel_file: Path, tmp_path: Path) -> None:
    with reader.open(panel_file, "?lang=es#5/31/-104/see=port.p2") as (page, _):
        _, _, said = saved(page, tmp_path)
        assert squeezed(text_of(page, "#choice h2")) in said
        assert squeezed(load_translations("es")("choice.scale")) in said
