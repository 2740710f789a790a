"""The page in a real browser: offline, silent, bilingual, usable by keyboard and by a screen reader."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import folium
import pytest

from corridors.outputs.layers import map_layers
from corridors.outputs.pages import render_map
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.text.citation import latest_retrieval
from corridors.outputs.web import sealed
from corridors.outputs.web.folium_page import CompactLayer
from tests.browser import until
from tests.outputs.hostile import HOSTILE
from tests.outputs.pdf_reader import color, page_texts, squeezed
from tests.outputs.toy import toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

SIZES = [(1280, 800), (390, 844)]
AXE = (
    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    ".then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes[0].target.join(' '), v.nodes[0].failureSummary])))"
)


def text_of(page: Page, selector: str) -> str:
    return str(page.evaluate("s => document.querySelector(s).textContent", selector)).strip()


def axe(page: Page) -> Any:
    session = page.context.new_cdp_session(page)
    session.send(
        "Runtime.evaluate",
        {"expression": files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")},
    )
    answer = session.send("Runtime.evaluate", {"expression": AXE, "awaitPromise": True})
    session.detach()
    return json.loads(answer["result"]["value"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_and_accessible(
    reader: Reader, page_file: Path, size: tuple[int, int], language: str
) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"?lang={language}", size=size) as (page, log):
        assert page.title() == words("page.title")
        assert page.evaluate("() => document.documentElement.lang") == language
        assert axe(page) == []
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_said_in_the_language(reader: Reader, page_file: Path, language: str) -> None:
    words, other = (
        load_translations(one) for one in (language, *(one for one in LANGUAGES if one != language))
    )
    with reader.open(page_file, f"?lang={language}") as (page, _):
        text = str(page.evaluate("() => document.body.innerText + document.body.textContent"))
        shown = str(
            page.evaluate(
                "() => [...document.querySelectorAll('body :not(script)')].map(e => e.innerText).join()"
            )
        )
    assert words("page.notice") in shown
    assert [key for key in words.texts if key in shown] == []
    assert other("legend.title") not in shown
    assert other("crossings.caption") not in shown
    assert "undefined" not in shown
    assert "NaN" not in shown
    assert text


def test_the_notice_stays_in_sight_on_a_phone(reader: Reader, page_file: Path) -> None:
    inside = "() => { const b = document.getElementById('notice').getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight; }"
    on_top = "() => { const b = document.getElementById('notice').getBoundingClientRect(); return [0.1, 0.5, 0.9].every(f => document.elementFromPoint(b.width * f, b.top + b.height * f).closest('#notice')); }"
    with reader.open(page_file, size=(390, 844), has_touch=True, is_mobile=True) as (page, _):
        assert page.evaluate(inside)
        for part in (0.2, 0.4, 0.6, 0.8, 1):
            page.evaluate("part => scrollTo(0, document.body.scrollHeight * part)", part)
            assert page.evaluate(inside)
            assert page.evaluate(on_top)
        page.evaluate("() => scrollTo(0, 0)")
        covered = "() => document.elementFromPoint(innerWidth / 2, 300).closest('#map') !== null"
        assert page.evaluate(covered)
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("address", "locale", "expected"),
    [
        ("?lang=en", "es-MX", "en"),
        ("#lang=en", "es-MX", "en"),
        ("?lang=es#5/26/-103/lang=en", "en-US", "es"),
        ("", "en-GB", "es"),
        ("", "fr-FR", "es"),
        ("?lang=fr", "fr-FR", "es"),
    ],
)
def test_the_language_is_asked_for_in_order(
    reader: Reader, page_file: Path, address: str, locale: str, expected: str
) -> None:
    with reader.open(page_file, address, locale=locale) as (page, _):
        assert page.evaluate("() => document.documentElement.lang") == expected


def test_a_page_of_a_run_in_english_opens_in_english(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    results, run, base = toy
    file = tmp_path / "map.html"
    file.write_text(render_map(results, replace(run, language="en"), base), encoding="utf-8")
    for address, expected in (("", "en"), ("?lang=es", "es")):
        with reader.open(file, address, locale="es-MX") as (page, log):
            assert page.evaluate("() => document.documentElement.lang") == expected
            assert page.inner_text("h1") == load_translations(expected)("page.title")
            assert page.get_attribute(f"[data-language={expected}]", "aria-pressed") == "true"
            assert log.quiet, log
    with reader.open(file, wait=False, java_script_enabled=False) as (page, _):
        assert page.title() == load_translations("en")("page.title")
        assert page.get_attribute("[data-language=en]", "aria-pressed") == "true"
        assert page.locator("noscript .noscript").inner_text() == load_translations("en")("page.noscript")
        second = page.locator("noscript .noscript-too")
        assert second.get_attribute("lang") == "es"
        assert second.inner_text() == load_translations("es")("page.noscript")


def test_the_language_can_be_changed(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es") as (page, log):
        page.click("[data-language=en]")
        assert page.evaluate("() => document.documentElement.lang") == "en"
        assert page.title() == load_translations("en")("page.title")
        assert page.get_attribute("#map", "aria-label") == load_translations("en")("page.map_label")
        assert page.evaluate("() => location.hash").endswith("lang=en")
        labels = page.evaluate(
            "() => [...document.querySelectorAll('#layers label')].map(e => e.textContent.trim())"
        )
        assert labels[0] == "Crossing cities"
        assert log.quiet, log


def test_numbers_are_written_as_python_writes_them(reader: Reader, page_file: Path) -> None:
    for language in LANGUAGES:
        words = load_translations(language)
        with reader.open(page_file, f"?lang={language}") as (page, _):
            for value in (0.0, 0.00001, 0.00125, 0.0042, 0.034, 0.0725, 0.125, 0.145, 0.42, 1.0):
                assert page.evaluate("v => corridors.inner.formatShare(v)", value) == words.share(value)
            assert words.number(1200) in text_of(page, f".site-foot [data-of={language}] .run-line")


def test_every_part_is_reached_by_keyboard(reader: Reader, page_file: Path) -> None:
    name = "() => { const e = document.activeElement; return e.id || e.className || e.parentNode.id || e.tagName; }"
    with reader.open(page_file, "?lang=es#8/31/-105") as (page, _):
        reached = []
        for _i in range(50):
            page.keyboard.press("Tab")
            reached.append(str(page.evaluate(name)))
        assert "skip" in reached[0]
        assert reached[1:3] == ["languages", "languages"]
        assert reached[3:9] == ["copy-link", "copy-citation", "save-image", "save-data", "print", "theme"]
        assert reached[9] == "map"
        assert {
            "leaflet-control-zoom-in",
            "leaflet-control-zoom-out",
            "leaflet-control-layers-selector",
        } <= set(reached)
        assert {"search", "legend", "crossings", "roads", "read", "limits", "sources"} <= set(reached)
        page.focus("#map")
        before = page.evaluate("() => corridors.inner.state.map.getCenter().lng")
        page.keyboard.press("ArrowRight")
        until(page, f"() => corridors.inner.state.map.getCenter().lng > {before}")
        page.keyboard.press("+")
        until(page, "() => corridors.inner.state.map.getZoom() > 8")


def test_the_table_says_what_the_map_shows(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=en") as (page, _):
        rows = page.evaluate(
            "() => [...document.querySelectorAll('#crossings tbody tr:not([hidden])')].map(r => r.innerText)"
        )
        assert [row.split("\n")[0] for row in rows] == ["Saint Helen", "Dams and Pass"]
        assert "61%" in rows[0]
        page.focus("#crossings tbody button")
        page.keyboard.press("Enter")
        detail = text_of(page, "#detail")
    assert "Saint Helen" in detail
    assert "Santa Elena" in detail
    assert f"{load_translations('en')('structure.if_port')}55%" in detail
    assert "37% to 92%" in detail
    assert load_translations("en")("grade.A") in detail


PIXEL = """at => { const m = corridors.inner.state.map, p = m.latLngToContainerPoint(at),
  b = m.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"""


def test_a_click_on_a_corridor_tells_its_figures(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es") as (page, log):
        x, y = page.evaluate(PIXEL, [33.2, -104])
        page.mouse.move(x, y)
        until(page, "() => document.querySelector('.leaflet-tooltip') !== null")
        assert "US-2" in text_of(page, ".leaflet-tooltip")
        page.mouse.click(x, y)
        until(page, "() => document.getElementById('detail').textContent.includes('US-2')")
        detail = text_of(page, "#detail")
        page.click("[data-language=en]")
        assert "US highway" in text_of(page, "#detail")
        assert log.quiet, log
    for said in ("12%", "11% a 13%", "7.2% a 18%", "carretera federal de Estados Unidos", "110 km"):
        assert said in detail


@pytest.mark.parametrize("by", ["mouse", "touch"])
def test_a_municipality_too_small_for_a_colour_is_there_to_be_pointed_at(
    reader: Reader, page_file: Path, by: str
) -> None:
    drawn = "() => corridors.inner.choice.find('municipalities').getLayers().map(one => one.index).sort()"
    with reader.open(page_file, "?lang=en", has_touch=by == "touch") as (page, log):
        assert page.evaluate(drawn) == [1, 2, 3]
        x, y = page.evaluate(PIXEL, [30.6, -106.6])
        if by == "touch":
            page.touchscreen.tap(x, y)
        else:
            for step in range(5, -1, -1):  # a hand moves in steps, and Leaflet looks at one in 32 ms
                page.mouse.move(x + step, y)
                page.wait_for_timeout(40)
            assert "Municipio 1" in text_of(page, ".leaflet-tooltip")
            page.mouse.click(x, y)
        until(page, "() => document.getElementById('detail').textContent.includes('Municipio 1')")
        assert page.evaluate(drawn) == [0, 1, 2, 3]
        assert log.quiet, log


def test_few_dealers_and_short_distances_are_not_given_as_numbers(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=en") as (page, _):
        describe = "([n, i]) => { const s = corridors.inner.state; const g = s.layers.find(l => l.name === n); return corridors.inner.describe(g.data, i, false).textContent; }"
        assert "not shown (under 5" in page.evaluate(describe, ["zones", 0])
        assert load_translations("en")("note.lawful") in page.evaluate(describe, ["zones", 0])
        assert "95 km" in page.evaluate(describe, ["municipalities", 2])


def test_layers_can_be_switched_and_keep_their_order(reader: Reader, page_file: Path) -> None:
    on = "n => { const s = corridors.inner.state; return s.map.hasLayer(s.layers.find(l => l.name === n)); }"
    with reader.open(page_file, "?lang=es") as (page, log):
        assert not page.evaluate(on, "corridors_d")
        assert page.evaluate(on, "zones")
        page.get_by_label(load_translations("es")("layer.corridors_d")).check()
        page.get_by_label(load_translations("es")("layer.zones")).uncheck()
        assert page.evaluate(on, "corridors_d")
        assert not page.evaluate(on, "zones")
        assert log.quiet, log


NAMES = "selector => [...document.querySelectorAll(selector)].map(e => e.textContent)"
OVERLAPS = """() => {
  const at = (e) => e.getBoundingClientRect();
  const map = at(document.querySelector('#map'));
  const names = [...document.querySelectorAll(':is(.place, .state-name, .shield) span')];
  const controls = [...document.querySelectorAll('#map .leaflet-control')].map(at);
  const discs = [];
  for (const kind of ['crossings', 'ports'])
    corridors.inner.choice.find(kind).eachLayer((shape) => {
      if (!shape._map || !shape.options.opacity) return;
      const point = shape._map.latLngToContainerPoint(shape.getLatLng());
      discs.push([map.left + point.x, map.top + point.y, shape.getRadius()]);
    });
  const found = [];
  names.forEach((name, i) => {
    const box = at(name);
    const touches = (o) => box.left < o.right && o.left < box.right && box.top < o.bottom && o.top < box.bottom;
    if (controls.some(touches)) found.push(name.textContent + ' under a control');
    if (names.slice(i + 1).some((other) => touches(at(other)))) found.push(name.textContent + ' on a name');
    if (box.left < map.left || box.right > map.right || box.top < map.top || box.bottom > map.bottom)
      found.push(name.textContent + ' beyond the map');
    for (const [x, y, radius] of discs) {
      const dx = Math.max(box.left - x, 0, x - box.right), dy = Math.max(box.top - y, 0, y - box.bottom);
      if (Math.hypot(dx, dy) < radius) found.push(name.textContent + ' on a disc');
    }
  });
  return found;
}"""


@pytest.mark.parametrize("zoom", [5, 6])
@pytest.mark.parametrize("size", SIZES)
def test_no_name_is_on_another_on_a_disc_or_under_a_control(
    reader: Reader, page_file: Path, size: tuple[int, int], zoom: int
) -> None:
    with reader.open(page_file, f"?lang=es#{zoom}/31.5/-105", size=size) as (page, _):
        assert page.evaluate(NAMES, ".place")
        assert page.evaluate(OVERLAPS) == []
        broken = "document.querySelectorAll('.place').forEach(e => { e.style.transform = 'none'; })"
        assert page.evaluate(f"() => {{ {broken}; return ({OVERLAPS})(); }}") != []


def test_the_city_of_a_crossing_is_named_beside_its_disc(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    results, run, base = toy
    at = results.ports[["lon", "lat"]].iloc[0]
    border = base.places.assign(lon=[-106.0, at["lon"], -105.99], lat=[34.0, at["lat"], 34.01])
    file = tmp_path / "map.html"
    file.write_text(render_map(results, run, replace(base, places=border)), encoding="utf-8")
    with reader.open(file, "?lang=es") as (page, _):
        assert page.evaluate(NAMES, ".place.covered") == ["Ciudad Baja"]
        assert page.evaluate(OVERLAPS) == []


def test_names_of_cities_states_and_roads_follow_the_language(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=en#5/30/-105") as (page, _):
        assert page.evaluate(NAMES, ".place") == ["Upper City", "Lower City"]
        assert {"New Mexico", "Texas"} == set(page.evaluate(NAMES, ".state-name"))
        assert page.evaluate(NAMES, ".shield")
        assert "New Mexico" in text_of(page, "#crossings tbody")
        page.click("[data-language=es]")
        assert page.evaluate(NAMES, ".place") == ["Ciudad Alta", "Ciudad Baja"]
        assert {"Nuevo México", "Texas"} == set(page.evaluate(NAMES, ".state-name"))
        assert "Nuevo México" in text_of(page, "#crossings tbody")


def test_only_roads_that_are_drawn_have_their_number(reader: Reader, page_file: Path) -> None:
    drawn = """() => ['corridors', 'corridors_c'].flatMap(name => {
      const layer = corridors.inner.choice.find(name);
      return layer.shapes().filter(s => s.index !== undefined && s.options.opacity).map(s => layer.data.columns.ref[s.index]);
    }).join().replaceAll('-', '')"""
    with reader.open(page_file) as (page, _):
        shown = page.evaluate(NAMES, ".shield")
        roads = str(page.evaluate(drawn))
        assert shown
        assert all(one.replace("-", "") in roads for one in shown)
        for name in ("layer.corridors", "layer.corridors_c"):
            page.get_by_label(load_translations("es")(name), exact=True).uncheck()
        assert page.evaluate(NAMES, ".shield") == []


def test_the_address_keeps_place_and_language(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#7/30.5/-104.2/lang=en") as (page, _):
        assert page.evaluate("() => corridors.inner.state.map.getZoom()") == 7
        assert page.evaluate("() => corridors.inner.state.map.getCenter().lat") == pytest.approx(
            30.5, abs=0.01
        )


def test_sources_link_only_to_secure_pages(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=en") as (page, _):
        links = page.evaluate(
            "() => [...document.querySelectorAll('#source-list a')].map(a => [a.href, a.rel])"
        )
        text = text_of(page, "#source-list")
    assert links == [["https://example.org/roads", "noopener noreferrer"]]
    assert "http://example.org/old" in text
    assert "Not a real network." in text


def test_sources_are_told_in_spanish_where_that_is_known(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    results, run, base = toy
    shipped = replace(run.sources[0], title="Dated gun shows", not_what="not a census of anything")
    file = tmp_path / "map.html"
    file.write_text(render_map(results, replace(run, sources=(shipped,)), base), encoding="utf-8")
    with reader.open(file, "?lang=es") as (page, _):
        assert text_of(page, "#source-list").startswith("Ferias de armas con fecha")
        assert "not a census of anything" in text_of(page, "#source-list")
        page.click("[data-language=en]")
        assert text_of(page, "#source-list").startswith("Dated gun shows")


def test_the_footer_names_the_run(reader: Reader, page_file: Path) -> None:
    run = toy_run()
    with reader.open(page_file, "?lang=en") as (page, _):
        line = text_of(page, ".site-foot [data-of=en] .run-line")
        assert text_of(page, "#mode") == load_translations("en")("mode.point_notice")
    for said in (
        run.fingerprint,
        "point mode",
        "1,200 simulations of travel costs",
        "all traces",
        "combined",
        "seed 7",
        run.version,
    ):
        assert said in line


def test_the_page_works_in_a_sandboxed_frame(reader: Reader, page_file: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.html"
    host.write_text(
        f'<!DOCTYPE html><html lang="es"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">'
        f'<iframe src="{page_file.as_uri()}?lang=en" title="m" sandbox="allow-scripts" width="800" height="600"></iframe>',
        encoding="utf-8",
    )
    with reader.open(host, wait=False) as (page, log):
        frame = page.frames[1]
        frame.wait_for_selector("html[data-ready=true]", state="attached")
        frame.click("[data-language=es]")
        assert frame.evaluate("() => document.documentElement.lang") == "es"
        assert log.quiet, log


def test_a_layer_works_on_any_folium_map(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    map_ = folium.Map([31, -104], zoom_start=6, tiles=None)
    stock = dict(folium.Map.default_js)["leaflet"]
    for spec, name in zip(map_layers(toy[0], toy[2]), HOSTILE[::3], strict=False):
        CompactLayer(spec.payload, name, show=spec.show).add_to(map_)
    folium.LayerControl(collapsed=False).add_to(map_)
    text = (
        map_.get_root()
        .render()
        .replace(f'<script src="{stock}"></script>', f"<script>{sealed.leaflet_js()}</script>")
    )
    file = tmp_path / "notebook.html"
    file.write_text(
        re.sub(r'<script src=.*?</script>|<link rel="stylesheet".*?>', "", text), encoding="utf-8"
    )
    with reader.open(file, wait=False) as (page, log):
        until(page, "() => document.querySelector('canvas') !== null")
        names = page.evaluate(
            "() => [...document.querySelectorAll('.leaflet-control-layers label')].map(e => e.textContent.trim())"
        )
        assert page.evaluate("() => window.__pwned === undefined")
        assert log.quiet, log
    assert set(names) <= {name.strip() for name in HOSTILE}
    assert len(names) == len(map_layers(toy[0], toy[2]))


def test_without_scripts_the_page_shows_the_picture_and_the_table(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, wait=False, java_script_enabled=False) as (page, log):
        assert page.locator("noscript .noscript").inner_text() == load_translations("es")("page.noscript")
        assert page.locator("noscript svg").bounding_box()["width"] > 600  # type: ignore[index]
        assert page.locator("noscript tbody tr").count() == 4
        assert "37% a 92%" in page.locator("noscript tbody tr").first.inner_text()
        assert "Presa Grande MX" in page.locator("noscript tbody tr.bridge").first.inner_text()
        assert page.locator("#notice").is_visible()
        assert log.quiet, log


def test_a_browser_that_cannot_unpack_the_data_says_so(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, wait=False, alone=True) as (page, log):
        page.add_init_script("delete globalThis.DecompressionStream")
        page.reload()
        assert page.locator("main > p.noscript").inner_text() == load_translations("es")("page.old_browser")
        assert page.locator("#notice").is_visible()
        assert not page.locator("#panel").is_visible()
        assert log.quiet, log


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_page_prints_on_one_page_with_notice_and_legend(
    reader: Reader, page_file: Path, paper: str
) -> None:
    with reader.open(page_file, "?lang=es#theme=dark", size=(390, 844)) as (page, log):
        for landscape in (True, False):
            pdf = page.pdf(
                format=paper, landscape=landscape, print_background=True, prefer_css_page_size=True
            )
            assert pdf.count(b"/Type /Page\n") == 1
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"  # as it was before
        page.emulate_media(media="print")
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        high = "s => { const b = document.querySelector(s).getBoundingClientRect(); return [b.top, b.bottom, b.width]; }"
        for part in ("#notice", "#map", "#legend .key", "footer"):
            top, bottom, width = page.evaluate(high, part)
            assert 0 <= top < bottom <= 192 / 25.4 * 96, part  # within 192 mm: the lesser of the two papers
            assert width > 100
        assert log.quiet, log


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_on_paper_a_part_has_a_locator_and_every_sheet_its_number_and_day(
    reader: Reader, page_file: Path, toy: tuple[Results, Run, BaseMap], paper: str
) -> None:
    words = load_translations("es")
    day = squeezed(words("site.foot_date", date=words.day(latest_retrieval(toy[1]) or "")))
    frame = color("#a3123a")
    show = "() => { dispatchEvent(new Event('beforeprint')); return document.querySelectorAll('.locator').length; }"
    hide = "() => { dispatchEvent(new Event('afterprint')); return document.querySelectorAll('.locator').length; }"
    red = """wanted => { const c = document.querySelector('.locator');
      const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
      let n = 0; for (let i = 0; i < data.length; i += 4) n += wanted.every((part, k) => data[i + k] === part);
      return n; }"""
    with reader.open(page_file, "?lang=es#10/32/-106") as (page, log):
        pdf = page.pdf(format=paper, print_background=True, prefer_css_page_size=True)
        (text,) = page_texts(pdf)
        assert day in text
        assert "1/1" in text
        assert page.evaluate(show) == 1
        assert page.evaluate(red, list(frame)) > 50
        assert page.evaluate(hide) == 0
        assert log.quiet, log
    with reader.open(page_file, "?lang=es") as (page, _):
        assert page.evaluate(show) == 0  # the whole is in sight
