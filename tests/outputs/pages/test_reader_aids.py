"""What helps a reader: whose finding it is, the classes in use, how a place is reached, direction, link and citation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.core.results import Finding
from corridors.outputs.layers import palette
from corridors.outputs.pages import render_map
from corridors.outputs.summary.finding import finding_sentences
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.web.site import site_of
from tests.outputs.pages.test_map_browser import axe, text_of
from tests.outputs.pages.test_selection import HIGHLIGHTED
from tests.outputs.pdf_reader import color, colors, page_texts, squeezed
from tests.outputs.vectors import toy_closure_model

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

SHOWN = "() => { const e = document.querySelector('#finding-of'); return e.hidden ? '' : e.textContent; }"
CLASSES = """() => [...document.querySelectorAll('#layers [data-class]')]
  .filter(e => getComputedStyle(e).display !== 'none').map(e => Number(e.dataset.class))"""
DRAWN = """() => { const found = new Set();
  for (const name of ['corridors', 'corridors_c', 'corridors_d']) {
    const layer = corridors.inner.choice.find(name);
    layer.shapes().forEach(s => { if (s.index !== undefined && s.options.opacity)
      found.add(layer.data.classes.widths.indexOf(s.options.weight)); });
    if (!layer.drawn) layer.data.bin.forEach(bin => found.add(bin));
  }
  found.delete(-1);
  return [...found].sort(); }"""
HEADS = """() => { const found = [];
  corridors.inner.state.map.eachLayer(l => { if (l instanceof L.Polygon && l.options.fillColor === '#1d2326') {
    const [tip, , notch] = l.getLatLngs()[0]; found.push([tip.lat - notch.lat, tip.lng - notch.lng]); } });
  return found; }"""
CENTERS = """() => { const { data } = corridors.inner.choice.find('crossings'), { map } = corridors.inner.state;
  const box = map.getContainer().getBoundingClientRect();
  return Object.fromEntries(data.shapes.map((at, i) => { const { x, y } = map.latLngToContainerPoint(at);
    return [data.columns.id[i], [box.left + x, box.top + y]]; })); }"""


@pytest.fixture(scope="module")
def found(toy: tuple[Results, Run, BaseMap]) -> Results:
    """Return results with a finding: two cities lead, and nobody can tell which."""
    finding = Finding(("elena", "presas"), 0.9, 0.8, 0.95, (), (), "", "", "", float("nan"), "elena")
    return replace(toy[0], finding=finding, closure_model=toy_closure_model())


@pytest.fixture(scope="module")
def finding_file(
    toy: tuple[Results, Run, BaseMap], found: Results, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a map with that finding."""
    file = tmp_path_factory.mktemp("finding") / "map.html"
    file.write_text(render_map(found, *toy[1:]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def trips_file(toy: tuple[Results, Run, BaseMap], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a map with one trip corridor, which ends in Chihuahua."""
    results, run, base = toy
    trips = results.edges.iloc[[0]].assign(
        name="Alba", us_state="NM", mx_state="08", zone_part=0.2, municipality_part=0.4, hours=4.0, km=400.0
    )
    file = tmp_path_factory.mktemp("trips") / "map.html"
    file.write_text(render_map(replace(results, trips=trips), run, base), encoding="utf-8")
    return file


def test_the_finding_follows_the_language(reader: Reader, finding_file: Path, found: Results) -> None:
    with reader.open(finding_file, "?lang=es") as (page, _):
        for language in LANGUAGES:
            page.click(f"[data-language={language}]")
            first = finding_sentences(found, load_translations(language))[0]
            assert text_of(page, "#finding strong") == first


def test_over_a_scenario_the_finding_is_said_to_be_the_runs(reader: Reader, finding_file: Path) -> None:
    words = load_translations("en")
    with reader.open(finding_file, "?lang=en") as (page, log):
        assert page.evaluate(SHOWN) == ""
        page.evaluate("() => { document.querySelector('#whatif').open = true; }")
        page.locator("#closed-ports input").first.check()
        assert page.evaluate(SHOWN) == words("moved.finding_edited")
        assert axe(page) == []
        page.locator("#closed-ports input").first.uncheck()
        assert page.evaluate(SHOWN) == ""
        assert log.quiet, log
    with reader.open(finding_file, "#5/30/-104/lang=en/with=demand.homicides") as (page, _):
        assert page.evaluate(SHOWN) == words("moved.finding_alternative")
        page.click("[data-language=es]")
        assert page.evaluate(SHOWN) == load_translations("es")("moved.finding_alternative")
        page.click("#choice .plain")
        assert page.evaluate(SHOWN) == ""


def test_the_key_has_the_classes_that_a_road_is_drawn_in(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es") as (page, _):
        before = page.evaluate(CLASSES)
        assert before == page.evaluate(DRAWN) != list(range(6))
        page.evaluate("() => corridors.inner.choice.choose('port', 'p2')")
        assert page.evaluate(CLASSES) == page.evaluate(DRAWN)
        page.evaluate("() => corridors.inner.choice.clear()")
        assert page.evaluate(CLASSES) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_municipality_lights_up_the_trips_to_its_state(
    reader: Reader, trips_file: Path, language: str
) -> None:
    words = load_translations(language)
    with reader.open(trips_file, f"#5/30/-104/lang={language}/see=municipality.08001") as (page, log):
        assert len(page.evaluate(HIGHLIGHTED)) == 1
        said = text_of(page, "#choice")
        assert words("choice.reached", count="1", state="Chihuahua") in said
        page.get_by_role("button", name=words("choice.roads_of_state", state="Chihuahua")).click()
        assert page.evaluate("() => corridors.inner.choice.current") == "mx.08"
        assert page.evaluate(HIGHLIGHTED) == []
        assert axe(page) == []
        assert log.quiet, log


def test_a_municipality_of_a_state_without_trips_says_so(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=es/see=municipality.08001") as (page, _):
        assert page.evaluate(HIGHLIGHTED) == []
        assert load_translations("es")("choice.not_reached", state="Chihuahua") in text_of(page, "#choice")


def test_a_choice_shows_where_its_flow_goes_and_says_what_dots_are(reader: Reader, page_file: Path) -> None:
    shown = """() => { const { choice, state } = corridors.inner, held = state.map.getBounds();
      const { data } = choice.find('crossings'), { columns, shapes } = data;
      const leading = (state.partners[choice.current].crossing || []).slice(0, 3).map(([id]) => id);
      return [state.map.hasLayer(choice.find('corridors_d')), leading.length,
        leading.every(id => held.contains(shapes[columns.id.indexOf(id)]))]; }"""
    with reader.open(page_file, "?lang=es") as (page, _):
        page.select_option("#consulate", "Brava")
        unsure, leading, inside = page.evaluate(shown)
        assert not unsure
        assert leading
        assert inside
        floor = page.evaluate("() => corridors.inner.choice.find('corridors').data.floor")
        words = load_translations("es")
        assert words("choice.minor", floor=words.bound(floor)) in text_of(page, "#choice")


def test_arrowheads_point_the_way_of_the_trip(reader: Reader, trips_file: Path, page_file: Path) -> None:
    with reader.open(trips_file, "?lang=es#7/33/-106") as (page, _):
        line = page.evaluate("() => corridors.inner.state.tables.trips[0].box")
        heads = page.evaluate(HEADS)
        assert heads, line
        assert all(north < 0 for north, _ in heads)  # the road of the trip runs from 34 to 32 north
        page.evaluate("() => corridors.inner.choice.choose('port', 'p2')")
        assert page.evaluate(HEADS) == []
    with reader.open(page_file, "?lang=es#7/33/-106") as (page, _):
        assert page.evaluate(HEADS) == []


def test_a_click_at_the_center_of_a_disc_opens_its_city_under_arrowheads(
    reader: Reader, trips_file: Path
) -> None:
    with reader.open(trips_file, "?lang=es") as (page, log):
        assert page.evaluate(HEADS)
        for city, (x, y) in page.evaluate(CENTERS).items():
            page.mouse.click(x, y)
            assert page.evaluate("() => corridors.inner.choice.current") == f"crossing.{city}"
            page.evaluate("() => corridors.inner.choice.clear()")
        assert log.quiet, log


def test_on_paper_arrowheads_erase_nothing(reader: Reader, trips_file: Path) -> None:
    with reader.open(trips_file, "?lang=es#7/33/-106") as (page, _):
        assert page.evaluate(HEADS)
        pdf = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
        assert squeezed(load_translations("es")("trips.title")) in page_texts(pdf)[0]
    drawn = (palette.LAND, palette.SEA, palette.PORT_FILL, "#1d2326")
    assert {color(one) for one in drawn} <= colors(pdf)


def test_link_and_citation_are_copied_or_shown(reader: Reader, page_file: Path) -> None:
    words = load_translations("es")
    copied = "() => navigator.clipboard.readText()"
    allowed = ["clipboard-read", "clipboard-write"]
    with reader.open(page_file, "?lang=es", permissions=allowed) as (page, log):
        page.click("#copy-link")
        page.wait_for_function("() => document.querySelector('#copied').textContent")
        assert text_of(page, "#copied") == words("page.link_copied")
        assert page.evaluate(copied) == page.evaluate("() => location.href")
        page.click("#copy-citation")
        page.wait_for_function(
            "said => document.querySelector('#copied').textContent === said",
            arg=words("page.citation_copied"),
        )
        assert page.evaluate(copied) == text_of(page, ".site-foot [data-of=es] .cite")
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
        page.click("#copy-link")
        page.wait_for_function("() => document.querySelector('#copied').textContent === location.href")
        assert page.evaluate("() => getSelection().toString()") == page.evaluate("() => location.href")
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_are_one_click_away(
    reader: Reader, toy: tuple[Results, Run, BaseMap], page_file: Path, tmp_path: Path, language: str
) -> None:
    """A link to the site's page of data; where the map stands alone, a table of what it holds."""
    words, cities = load_translations(language), toy[0].crossings
    assert cities is not None
    (tmp_path / "map.html").write_text(
        render_map(*toy, site=site_of(["home", "map", "download"]).at("map.html")), encoding="utf-8"
    )
    (tmp_path / "download.html").write_text("<title>Data</title>", encoding="utf-8")
    other = next(one for one in LANGUAGES if one != language)
    with reader.open(tmp_path / "map.html", f"?lang={other}") as (page, _):
        page.click(f"button[data-language={language}]")
        page.locator("#tools").get_by_role("link", name=words("page.data_label")).click()
        page.wait_for_url("**/download.html*")
        assert page.url.endswith(f"download.html?lang={language}")
    with reader.open(page_file, f"?lang={language}") as (page, log):
        with page.expect_download() as found:
            page.get_by_role("button", name=words("page.data_save")).click()
        found.value.save_as(tmp_path / "crossings.csv")
        assert text_of(page, "#copied") == words("page.data_saved")
        assert axe(page) == []
        assert log.quiet, log
    saved = pd.read_csv(tmp_path / "crossings.csv", keep_default_na=False)
    for name in saved.columns:
        assert saved[name].tolist() == cities[name].tolist()


def test_no_name_is_under_a_mark_of_a_scenario(
    reader: Reader, toy: tuple[Results, Run, BaseMap], found: Results, tmp_path: Path
) -> None:
    base = toy[2]
    ports = found.ports
    beside = base.places.iloc[[0] * len(ports)].assign(
        name=ports["name_us"].to_numpy(),
        name_es=ports["name_mx"].to_numpy(),
        lon=ports["lon"].to_numpy() + 0.02,
        lat=ports["lat"].to_numpy(),
    )
    places = pd.concat([base.places, beside], ignore_index=True)
    file = tmp_path / "map.html"
    file.write_text(render_map(found, toy[1], replace(base, places=places)), encoding="utf-8")
    boxes = """selector => [...document.querySelectorAll(selector)].map(e => {
      const { left, top, right, bottom } = e.getBoundingClientRect(); return [left, top, right, bottom]; })"""
    with reader.open(file, "#6/31/-104.5/lang=en/closed=p1") as (page, _):
        marks = page.evaluate(boxes, ".change-mark svg")
        names = page.evaluate(boxes, ".place span")
        assert len(marks) >= 2
        assert {"Santa Elena", "Presa Grande"} <= set(page.locator(".place span").all_inner_texts())
        for left, top, right, bottom in marks:
            middle = ((left + right) / 2, (top + bottom) / 2)
            assert not [box for box in names if box[0] < middle[0] < box[2] and box[1] < middle[1] < box[3]]


@pytest.mark.parametrize("city", [0, 1])
def test_on_a_phone_a_tap_shows_the_citys_own_share_first(reader: Reader, page_file: Path, city: int) -> None:
    at = """i => { const layer = corridors.inner.choice.find('crossings');
      const disc = layer.shapes().find(s => s.index === i), { map } = corridors.inner.state;
      const point = map.latLngToContainerPoint(disc.getLatLng()), box = map.getContainer().getBoundingClientRect();
      return [box.left + point.x, box.top + point.y]; }"""
    with reader.open(page_file, "?lang=es", size=(390, 844), has_touch=True) as (page, log):
        x, y = page.evaluate(at, city)
        page.touchscreen.tap(x, y)
        page.wait_for_function("() => !document.querySelector('#choice').hidden")
        assert page.evaluate(
            "i => corridors.inner.choice.find('crossings').data.columns.name_es[i]", city
        ) in (text_of(page, "#detail strong"))
        top = "s => document.querySelector(s).getBoundingClientRect().top"
        assert page.evaluate(top, "#detail dl") < page.evaluate(top, "#choice")
        assert page.evaluate(top, "#detail dl") < page.evaluate(top, "#search")
        figures = page.locator(".card dd")
        assert figures.first.inner_text() == page.locator("#detail dd").first.inner_text()
        box = page.locator(".card").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 844  # in sight without scrolling
        assert axe(page) == []
        page.get_by_role("button", name=load_translations("es")("info.more")).click()
        assert 0 <= page.evaluate(top, "#detail") < 844
        assert log.quiet, log
