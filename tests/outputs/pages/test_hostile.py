"""Sixty texts in every field, and a host that allows next to nothing: the map shows the first and works under the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.outputs.pages import render_map
from tests.outputs.hostile import HOSTILE
from tests.outputs.pages.test_map import hostile

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

EVERYTHING = (
    "() => { const s = corridors.inner.state; document.querySelectorAll('details').forEach(d => { d.open = true; });"
    " const said = s.layers.filter(g => g.data && g.data.fields).map(g => g.data.shapes.map((_, i) => { s.clicked(g, i);"
    " return document.getElementById('info').textContent; }).join('')).join('');"
    " return said + ['#source-list', '#crossings', '#roads tbody', '#layers', 'footer'].map(id =>"
    " document.querySelector(id).textContent).join(''); }"
)


def test_sixty_hostile_texts_are_shown_literally_and_run_nothing(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    seen = ""
    for start in (0, 17, 41):
        file = tmp_path / "hostile.html"
        file.write_text(render_map(*hostile(toy, start)), encoding="utf-8")
        with reader.open(file, "?lang=es") as (page, log):
            seen += str(page.evaluate(EVERYTHING))
            for asked in ("<", "=", "x"):
                page.fill("#search", asked)
                page.keyboard.press("Enter")
            page.click("[data-language=en]")
            page.emulate_media(media="print")
            assert page.evaluate("() => window.__pwned === undefined")
            assert log.quiet, log
        with reader.open(file, wait=False, java_script_enabled=False) as (page, log):
            assert page.locator("noscript tbody tr").count() == 4
            assert log.quiet, log
    assert [payload for payload in HOSTILE if payload not in seen] == []


STRICT = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


@pytest.mark.parametrize("framed", [False, True])
def test_the_map_works_under_a_strict_policy_of_its_host(
    reader: Reader, page_file: Path, *, framed: bool
) -> None:
    """The files are handed out by the test, with the header of a host that allows next to nothing."""
    frame = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><iframe title="m" sandbox="allow-scripts" width="900" height="700" src="https://map.test/map.html?lang=en"></iframe>'
    messages: list[str] = []
    context = reader.browser.new_context()
    try:
        context.route("https://map.test/map.html*", lambda route: route.fulfill(
            body=page_file.read_text("utf-8"), content_type="text/html", headers={"Content-Security-Policy": STRICT}
        ))  # fmt: skip
        context.route("https://host.test/", lambda route: route.fulfill(body=frame, content_type="text/html"))
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto("https://host.test/" if framed else "https://map.test/map.html?lang=en")
        map_ = page.frames[-1]
        map_.wait_for_selector("html[data-ready=true]", state="attached")
        map_.fill("#search", "presa")
        map_.press("#search", "Enter")
        assert "Flow of Presa Grande only" in map_.inner_text("#choice")
        assert messages == []
    finally:
        context.close()
