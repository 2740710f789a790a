"""Choosing a port, a state or a place; search; the address; the dark page: by keyboard, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from corridors.outputs.layers import palette
from corridors.outputs.pages import render_map
from corridors.outputs.text import LANGUAGES, load_translations
from tests.browser import until
from tests.outputs.pages.test_map_browser import SIZES, axe, text_of
from tests.outputs.toy import KNOWN

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

STYLES = """([layer, column]) => { const g = corridors.inner.choice.find(layer), found = {};
  g.eachLayer(s => { if (s.index !== undefined) found[g.data.columns[column][s.index]] =
    [s.options.fillColor ?? s.options.color, s.options.weight, s.options.stroke !== false && s.options.opacity]; });
  return found; }"""
SHOW_YEAR = ".years:has(input[max='2023']) output"
FADED = ["#bdb7ab", 0.8, 0.45]
OF_REGION = "#5a6a8c"
LICENSE_KEY = """() => [...document.querySelectorAll('.licence-classes li')].filter(one => one.offsetParent)
  .map(one => [one.querySelector('rect').getAttribute('fill'), one.textContent])"""
LICENSE_CLASSES = ["5 to 19", "20 to 49", "50 to 99", "100 to 199", "200 to 399", "over 399"]


def styles(page: Page, layer: str, column: str) -> dict[str, list[Any]]:
    return dict(page.evaluate(STYLES, [layer, column]))


def test_a_port_shows_its_own_flow_only(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=en/see=port.p2") as (page, log):
        roads = styles(page, "corridors", "ref")
        assert roads["I-1"] == FADED
        assert roads["US-2"] == [
            palette.CORRIDORS.colours[5],
            5.4,
            1,
        ]  # .9 of .12 over .31 is over a fifth of what crosses there
        assert styles(page, "zones", "name")["Alba"][2] is False
        assert styles(page, "municipalities", "name")["Municipio 4"][0] == palette.MUNICIPALITIES.colours[5]
        assert styles(page, "municipalities", "name")["Municipio 3"][2] is False
        said = text_of(page, "#choice")
        for part in ("Flow of Presa Grande only", "Texas", "31% (19% to 47%)", "Municipio 4", "Chihuahua"):
            assert part in said
        page.click("#choice .plain")
        assert styles(page, "corridors", "ref")["I-1"] == [palette.CORRIDORS.colours[5], 5.4, 1]
        assert page.evaluate("() => document.getElementById('choice').hidden")
        assert "see=" not in page.evaluate("() => location.hash")
        assert log.quiet, log


def test_a_choice_needs_no_outlines(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    results, run, base = toy
    towns = results.municipalities.set_geometry([None] * len(results.municipalities))
    file = tmp_path / "map.html"
    file.write_text(render_map(replace(results, municipalities=towns), run, base), encoding="utf-8")
    with reader.open(file, "#5/30/-104/lang=en/see=port.p2") as (page, log):
        assert "Flow of Presa Grande only" in text_of(page, "#choice")
        assert log.quiet, log


def test_a_state_shows_the_roads_of_both_sides_and_a_zone_those_of_the_other(
    reader: Reader, page_file: Path
) -> None:
    with reader.open(page_file, "#5/30/-104/lang=es/see=us.TX") as (page, log):
        assert styles(page, "corridors", "ref")["US-2"] == [
            palette.CORRIDORS.colours[4],
            4.2,
            1,
        ]  # all of .12, over .7
        assert styles(page, "corridors", "ref")["I-1"][1] == 5.4  # half of .44, over .7
        assert styles(page, "corridors_c", "ref")["MX-1"][1] == 5.4  # half of .3, over .7
        assert styles(page, "municipalities", "name")["Municipio 4"][0] == palette.MUNICIPALITIES.colours[5]
        assert load_translations("es")("choice.other_side") not in text_of(page, "#choice")
        page.evaluate("() => corridors.inner.choice.choose('zone', 'county:48001')")
        # the roads of a zone are not told apart: those of its district, .12 over .7, and half of .45 over .7
        assert styles(page, "corridors", "ref")["US-2"] == [OF_REGION, 4.2, 0.8]
        assert styles(page, "corridors", "ref")["I-1"] == [OF_REGION, 5.4, 0.8]
        assert load_translations("es")("choice.other_side") in text_of(page, "#choice")
        page.keyboard.press("Escape")
        assert page.evaluate("() => corridors.inner.choice.current") is None
        assert log.quiet, log


def test_a_municipality_shows_roads_on_both_sides(reader: Reader, page_file: Path) -> None:
    """Those of its own flow to the north; to the south those of its whole state's, in another color."""
    with reader.open(page_file, "#5/30/-104/lang=es/see=municipality.08003") as (page, log):
        north = styles(page, "corridors", "ref")["I-1"]
        assert north == [
            palette.CORRIDORS.colours[5],
            5.4,
            1,
        ]  # all of its .03 crosses at the port of that road
        assert styles(page, "corridors_c", "ref")["MX-1"] == [OF_REGION, 5.4, 0.8]  # .3 over .93
        assert styles(page, "corridors", "ref")["MX-2D"] == [OF_REGION, 3.2, 0.8]  # .07 over .93
        assert load_translations("es")("choice.other_side") in text_of(page, "#choice")
        assert log.quiet, log


def test_roads_of_grade_d_are_in_a_choice_only_while_their_layer_is_on(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    results, run, base = toy
    edges = results.edges.copy()
    edges.loc[edges["ref"] == "MX-3", "share_mean"] = 0.004  # under the floor, of grade D
    edges.loc[edges["ref"] == "MX-4", "share_mean"] = 0.004  # likewise, of grade B
    edges.loc[edges["ref"] == "MX-2D", "grade"] = "D"  # over the floor: the layer has something to switch on
    few = results.ports.assign(share_mean=[0.02, 0.02, 0.0])
    file = tmp_path / "map.html"
    file.write_text(
        render_map(replace(results, edges=edges, ports=few, variants=(), rank_changes=None), run, base),
        encoding="utf-8",
    )
    switch = load_translations("es")("layer.corridors_d")
    with reader.open(file, "#5/30/-104/lang=es/see=port.p1") as (page, log):
        drawn = styles(page, "minor", "ref")
        assert drawn["MX-4"][2] == 1
        assert drawn["MX-3"][2] == 0
        page.get_by_label(switch).check()
        assert styles(page, "minor", "ref")["MX-3"][2] == palette.OPACITIES["D"]
        page.get_by_label(switch).uncheck()
        assert styles(page, "minor", "ref")["MX-3"][2] == 0
        assert log.quiet, log


def test_a_consulate_shows_the_flow_of_its_district_on_both_sides(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=en/see=consulate.Brava") as (page, log):
        words = load_translations("en")
        assert styles(page, "corridors", "ref")["US-2"] == [
            palette.CORRIDORS.colours[4],
            4.2,
            1,
        ]  # all of .12, over .7
        assert styles(page, "zones", "name")["Alba"][2] is False
        assert styles(page, "zones", "name")["Bravo"][0] == palette.ZONES.colours[5]
        assert styles(page, "districts", "id")["Brava"][1] > styles(page, "districts", "id")["Alba"][1]
        said = text_of(page, "#choice")
        assert words("choice.title", name=words("district.of", name="Brava")) in said
        assert "31% (19% to 47%)" in said
        page.keyboard.press("Escape")
        on = "() => corridors.inner.state.map.hasLayer(corridors.inner.choice.find('districts'))"
        assert not page.evaluate(on)
        page.focus("#search")
        page.fill("#search", "alba")
        assert "consular district" in text_of(page, "#found")
        page.get_by_label(words("layer.districts")).check()
        page.evaluate("() => corridors.inner.state.clicked(corridors.inner.choice.find('districts'), 1)")
        detail = text_of(page, "#detail")
        assert "70%" in detail
        assert words("district.note") in detail
        page.click("#detail .offers button")
        assert page.evaluate("() => corridors.inner.choice.current") == "consulate.Brava"
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_consulates_chooses_and_follows(reader: Reader, page_file: Path, language: str) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"?lang={language}", reduced_motion="reduce") as (page, log):
        field = page.get_by_label(words("consulate.label"))
        listed = [words("consulate.none"), "Alba", "Brava"]
        assert page.eval_on_selector_all("#consulate option", "all => all.map(o => o.text)") == listed
        field.focus()
        page.evaluate("() => corridors.inner.state.clicked(corridors.inner.choice.find('zones'), 0)")
        page.keyboard.press("b")
        assert page.evaluate("() => corridors.inner.choice.current") == "consulate.Brava"
        assert (
            text_of(page, "#detail strong") == text_of(page, ".card strong") == "Brava"
        )  # no longer the zone
        assert "see=consulate.Brava" in page.evaluate("() => location.hash")
        district = """() => { const { choice, state } = corridors.inner, { data } = choice.find('districts');
          const own = choice.find('districts').shapes().filter(s => data.columns.id[s.index] === 'Brava');
          return own.length > 0 && own.every(s => state.map.getBounds().contains(s.getBounds())); }"""
        assert page.evaluate(district)
        assert axe(page) == []
        page.get_by_role("button", name=words("choice.clear")).click()
        assert field.input_value() == ""
        page.evaluate("() => corridors.inner.choice.choose('consulate', 'Alba')")
        assert field.input_value() == "Alba"
        page.evaluate("() => corridors.inner.choice.choose('us', 'TX')")
        assert text_of(page, "#detail") == words("info.hint")  # a state has no figures of its own
        assert not page.is_visible(".card")
        field.select_option("Alba")
        field.select_option("")
        assert page.evaluate("() => corridors.inner.choice.current") is None
        assert log.quiet, log


def test_a_run_without_districts_lists_no_consulates(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    file = tmp_path / "map.html"
    file.write_text(render_map(replace(toy[0], districts=None), *toy[1:]), encoding="utf-8")
    with reader.open(file) as (page, log):
        assert not page.is_visible("#consulate")
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "expected"),
    [("cónsul", "consulate.Alba"), ("garita", "crossing.elena"), ("puente fronterizo", None)],
)
def test_a_search_says_what_it_did(
    reader: Reader, page_file: Path, language: str, typed: str, expected: str | None
) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"?lang={language}", reduced_motion="reduce") as (page, log):
        page.fill("#search", typed)
        said = words("search.none") if expected is None else ""
        assert text_of(page, "#search-status") == said
        page.press("#search", "Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == expected
        name = page.input_value("#search")
        if expected:
            said = words("search.shown", name=name)
        assert text_of(page, "#search-status") == said
        page.fill("#search", f"{name} zzz")
        assert text_of(page, "#search-status") == words("search.none")
        assert log.quiet, log


@pytest.mark.parametrize("typed", ["US-77", "us77"])
def test_a_road_finds_the_corridor_that_follows_it_and_a_name_its_municipality_before_its_city(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path, typed: str
) -> None:
    results, run, base = toy
    base = replace(base, places=base.places.assign(name="Municipio 1", name_es="Municipio 1"))
    name = "Alba, Santa Elena"
    named = results.edges.head(1).assign(name=name, refs="US-77 MEX-85", km=90.0, ports="", states="Texas")
    file = tmp_path / "map.html"
    file.write_text(
        render_map(replace(results, corridors=named, corridor_edges=(np.array([0]),)), run, base),
        encoding="utf-8",
    )
    with reader.open(file, "?lang=en", reduced_motion="reduce") as (page, log):
        page.fill("#search", typed)
        page.press("#search", "Enter")
        assert name in text_of(page, "#detail")
        assert text_of(page, "#search-status") == load_translations("en")("search.shown", name=name)
        page.fill("#search", "municipio 1")
        page.press("#search", "Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == "municipality.08001"
        assert log.quiet, log


def test_the_map_stops_where_its_lines_are_no_longer_true(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#14/30/-104/lang=en", reduced_motion="reduce") as (page, _):
        assert page.evaluate("() => corridors.inner.state.map.getZoom()") == 10
        assert page.get_attribute(".leaflet-control-zoom-in", "aria-disabled") == "true"


def test_a_variant_is_drawn_named_and_told_apart_from_the_run(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=en/with=demand.homicides") as (page, log):
        assert styles(page, "corridors", "ref")["US-2"][1] == 5.4
        assert styles(page, "corridors", "ref")["I-1"][2] == 0  # nothing passes there
        assert styles(page, "minor", "ref")["MX-4"][1] == 2.3  # .02, under the floor in the run
        assert styles(page, "municipalities", "name")["Municipio 1"][0] == palette.MUNICIPALITIES.colours[5]
        words = load_translations("en")
        said = text_of(page, "#choice")
        assert "Demand: firearm homicides" in said
        assert words("variant.note") in said
        page.evaluate("() => { document.getElementById('variants').open = true; }")
        rows = page.evaluate(
            "() => [...document.querySelectorAll('#variants tbody tr')].map(r => r.innerText)"
        )
        assert rows == ["Saint Helen\t1\t2 ▼", "Dams and Pass\t2\t1 ▲"]
        detail = (
            "() => corridors.inner.describe(corridors.inner.choice.find('ports').data, 1, true).innerText"
        )
        assert "100%" in page.evaluate(detail)
        assert axe(page) == []
        page.focus("#variant")
        page.keyboard.press("Home")
        assert styles(page, "corridors", "ref")["I-1"] == [palette.CORRIDORS.colours[5], 5.4, 1]
        assert "with=" not in page.evaluate("() => location.hash")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("() => location.hash").endswith("/with=demand.homicides")
        page.evaluate("() => corridors.inner.choice.choose('port', 'p1')")
        assert page.input_value("#variant") == "0"
        assert log.quiet, log


def test_without_edge_flow_roads_are_faded_and_the_page_says_so(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    file = tmp_path / "bare.html"
    file.write_text(render_map(replace(toy[0], parts=None), *toy[1:]), encoding="utf-8")
    with reader.open(file, "#5/30/-104/lang=en/see=port.p1") as (page, log):
        assert set(map(tuple, styles(page, "corridors", "ref").values())) == {tuple(FADED)}
        assert load_translations("en")("choice.no_roads") in text_of(page, "#choice")
        assert log.quiet, log


def test_every_function_by_keyboard_alone(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es", reduced_motion="reduce") as (page, log):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the skip link
        assert page.evaluate("() => document.activeElement.id") == "search"
        page.keyboard.type("chihuáhua")
        assert page.get_attribute("#search", "aria-expanded") == "true"
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == "mx.08"
        page.keyboard.press("Tab")  # to "show everything"
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.choice.current") is None
        assert page.evaluate("() => document.activeElement.id") == "map"
        page.focus("#search")
        page.fill("#search", "muni")
        for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
            page.keyboard.press(key)
        assert page.get_attribute("#search", "aria-activedescendant") == "found-1"
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == "municipality.08002"
        page.focus("#search")
        page.fill("#search", "zzz")
        assert text_of(page, "#search-status") == load_translations("es")("search.none")
        page.keyboard.press("Escape")
        assert page.input_value("#search") == ""
        page.fill("#search", "ciudad baja")
        page.keyboard.press("Enter")
        until(page, "() => corridors.inner.state.map.getZoom() === 8")
        page.focus("#crossings tbody button")
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == "crossing.elena"
        page.focus("#choice .partners button")
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.choice.current") == "us.TX"
        page.focus("#theme")
        page.keyboard.press("Space")
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        page.focus("#roads summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "() => corridors.inner.state.map.getZoom() === 9")
        page.focus(".years input[max='2023']")
        page.keyboard.press("End")
        assert text_of(page, SHOW_YEAR) == "2023"
        page.focus("[data-language=en]")
        page.keyboard.press("Enter")
        assert text_of(page, SHOW_YEAR) == "2023"
        assert text_of(page, "#choice h2") == "Flow of Texas only"
        assert log.quiet, log


def test_named_corridors_and_what_the_data_told_have_their_tables(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    edges = toy[0].edges
    named = edges.assign(
        name=[f"Corridor {i}" for i in range(len(edges))], states="New Mexico, Chihuahua"
    ).iloc[:2]
    told, ends = pd.DataFrame([KNOWN]), (np.array([0]), np.array([1]))
    file = tmp_path / "named.html"
    file.write_text(
        render_map(replace(toy[0], corridors=named, corridor_edges=ends, identifiability=told), *toy[1:]),
        encoding="utf-8",
    )
    with reader.open(file, "?lang=es") as (page, log):
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        words = load_translations("es")
        assert text_of(page, "#roads h2") == words("named.title")
        assert "Nuevo México, Chihuahua" in text_of(page, "#roads tbody")
        known = ("td:nth-of-type(1)", "td:nth-of-type(2)", "th .small")
        assert [text_of(page, f"#known tbody {part}") for part in known] == [
            "0.1 a 9",
            "1 a 2",
            words("limit.told_by", blocks="pares de estados 60%, ciudades de compra 10%"),
        ]
        assert axe(page) == []
        page.click("[data-language=en]")
        assert text_of(page, "#roads caption") == load_translations("en")("named.caption")
        assert log.quiet, log


HIGHLIGHTED = """() => {
  const found = [];
  corridors.inner.state.map.eachLayer(layer => layer.options.color === '#5b2a86' && found.push(layer.getLatLngs()[0].length));
  return found;
}"""


def test_whole_trips_come_first_and_one_that_is_chosen_is_highlighted_and_described(
    reader: Reader, toy: tuple[Results, Run, BaseMap], tmp_path: Path
) -> None:
    edges = toy[0].edges
    trips = edges.iloc[[0]].assign(
        name="Las Cruces \N{EN DASH} Chihuahua, I-1",
        us_state="NM",
        mx_state="08",
        zone_part=0.21,
        municipality_part=0.4,
        hours=4.6,
        km=470.8,
    )
    stretches = edges.iloc[:2].assign(name=["One", "Two"], states="New Mexico")
    results = replace(toy[0], trips=trips, corridors=stretches, corridor_edges=(np.array([0]), np.array([1])))
    file = tmp_path / "trips.html"
    file.write_text(render_map(results, *toy[1:]), encoding="utf-8")
    with reader.open(file, "?lang=es") as (page, log):
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        words = load_translations("es")
        assert text_of(page, "#trips h2") == words("trips.title")
        assert words("trips.about", **{"from": "Nuevo México", "to": "Chihuahua"}) in text_of(
            page, "#trips tbody"
        )
        assert page.evaluate(
            "() => !!(document.querySelector('#trips').compareDocumentPosition(document.querySelector('#roads')) & 4)"
        )
        assert page.evaluate(HIGHLIGHTED) == []
        page.click("#trips tbody button")
        assert page.evaluate(HIGHLIGHTED) == [len(trips.geometry.iloc[0].coords)]
        told = text_of(page, "#detail")
        for part in ("Las Cruces", "471 km", "4.6 h", "21%", "40%", words("trips.note")):
            assert part in told
        assert axe(page) == []
        page.click("#roads tbody button")
        assert "Two" in text_of(page, "#detail")
        assert len(page.evaluate(HIGHLIGHTED)) == 1
        page.click("#crossings tbody button:not(.toggle)")
        assert page.evaluate(HIGHLIGHTED) == []
        assert log.quiet, log


def test_focus_is_seen(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es") as (page, _):
        for _i in range(25):
            page.keyboard.press("Tab")
            width = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle === 'solid' ? parseFloat(s.outlineWidth) : 0; }"
            assert page.evaluate(width) >= 3


def test_the_address_keeps_layers_choice_and_theme(reader: Reader, page_file: Path) -> None:
    address = "#6/30.5/-104.2/lang=en/layers=crossings.shows/see=zone.county%3A48001/theme=dark"
    with reader.open(page_file, address) as (page, log):
        on = "() => corridors.inner.state.layers.filter(l => l.data && corridors.inner.state.map.hasLayer(l)).map(l => l.name)"
        assert set(page.evaluate(on)) >= {"crossings", "shows"}
        assert not set(page.evaluate(on)) & {"zones", "corridors", "corridors_c", "municipalities", "routes"}
        assert page.evaluate("() => corridors.inner.choice.current") == "zone.county:48001"
        page.evaluate("() => corridors.inner.state.map.panBy([10, 0], {animate: false})")
        kept = str(page.evaluate("() => location.hash"))
        assert kept.partition("/lang")[2] == address.partition("/lang")[2]
        assert log.quiet, log


@pytest.mark.parametrize(
    "address", ["#see=port.nobody", "#5/30/-104/see=%E0%A4%A/layers=", "#see=__proto__.x"]
)
def test_an_address_that_asks_for_nothing_known_is_ignored(
    reader: Reader, page_file: Path, address: str
) -> None:
    with reader.open(page_file, address) as (page, log):
        assert page.evaluate("() => corridors.inner.choice.current") is None
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dark_page_is_accessible_with_a_choice_and_a_search_open(
    reader: Reader, page_file: Path, language: str
) -> None:
    with reader.open(page_file, f"?lang={language}#see=port.p1", color_scheme="dark") as (page, log):
        assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.focus("#search")
        page.fill("#search", "p")
        assert axe(page) == []
        assert log.quiet, log


def test_shows_are_told_by_date_in_each_language(reader: Reader, page_file: Path) -> None:
    describe = (
        "() => corridors.inner.describe(corridors.inner.choice.find('shows').data, 0, true).textContent"
    )
    for language, date in (
        ("es", "2 de marzo de 2019 a 3 de marzo de 2019; octubre de 2021"),
        ("en", "March 2, 2019 to March 3, 2019; October 2021"),
    ):
        words = load_translations(language)
        with reader.open(page_file, f"?lang={language}") as (page, _):
            said = page.evaluate(describe)
            assert date in said
            assert words("note.gun_shows") in said
            assert words.date("2019-03-02") == page.evaluate("() => corridors.inner.formatDay('2019-03-02')")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("language", "town", "port"),
    [
        (
            "es",
            "1 de marzo de 2025; armas: 1,200; en varios municipios en conjunto. Fuente: a.example",
            "fecha no publicada; armas: 7; aseguradas por autoridades estadounidenses. Fuente: b.example",
        ),
        (
            "en",
            "March 1, 2025; firearms: 1,200; in several municipalities together. Source: a.example",
            "date not published; firearms: 7; seized by US authorities. Source: b.example",
        ),
    ],
)
def test_events_are_off_at_first_and_a_click_lists_them_with_their_links(
    reader: Reader, page_file: Path, size: tuple[int, int], language: str, town: str, port: str
) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"?lang={language}", size=size) as (page, log):
        has = "() => corridors.inner.state.map.hasLayer(corridors.inner.choice.find('events'))"
        assert page.evaluate(has) is False
        page.get_by_label(words("layer.events")).check()
        assert page.evaluate(has) is True
        assert words("note.events") in text_of(page, "#layers")
        for index, said, address in (
            (0, town, "https://a.example/1"),
            (1, port, "http://www.b.example:81/x"),
        ):
            point = (
                "i => { const { map } = corridors.inner.state; const l = corridors.inner.choice.find('events');"
                " map.setView(l.data.shapes[i], 8, { animate: false }); map.getContainer().scrollIntoView();"
                " const p = map.latLngToContainerPoint(l.data.shapes[i]);"
                " const b = map.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }"
            )
            at = page.evaluate(point, index)
            page.mouse.move(*at)
            wide = (
                "() => [...document.querySelectorAll('.leaflet-tooltip .facts')].every("
                "box => [...box.querySelectorAll('*')].every(one => one.scrollWidth <= box.clientWidth))"
            )
            assert page.evaluate(wide)
            page.mouse.click(*at)
            shown = text_of(page, "#detail")
            assert said in shown
            assert words("note.events") in shown
            link = page.locator("#detail .events a").last
            assert link.get_attribute("href") == address
            assert link.get_attribute("rel") == "noopener noreferrer"
            assert axe(page) == []
        assert text_of(page, "#detail strong") == ("Santa Elena MX" if language == "es" else "Santa Elena")
        assert log.quiet, log


def test_the_year_slider_hides_shows_of_other_years(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=en/layers=shows") as (page, log):
        page.fill(".years input[max='2023']", "2023")
        shown = {name: style[2] for name, style in styles(page, "shows", "city").items()}
        assert shown == {"Alta": 0, "Brava": 1}
        assert log.quiet, log


def test_zones_can_be_seen_by_their_licences_in_a_year(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "#5/30/-104/lang=en/see=port.p1") as (page, log):
        page.evaluate("() => corridors.inner.state.clicked(corridors.inner.choice.find('zones'), 0)")
        page.focus("#layers .years input[max='2004']")
        page.keyboard.press("End")
        assert page.evaluate("() => corridors.inner.choice.current") is None  # the choice is let go
        found = styles(page, "zones", "name")
        assert (found["Alba"][0], found["Bravo"][0]) == (
            palette.ZONES.colours[0],
            palette.ZONES.colours[5],
        )  # 6 and 450
        assert "Federal firearms licenses (FFL) to sell in 20046" in text_of(page, "#detail")
        assert page.evaluate(LICENSE_KEY) == [
            [*one] for one in zip(palette.ZONES.colours, LICENSE_CLASSES, strict=True)
        ]
        assert not page.locator("#layers .ramp").first.is_visible()
        page.keyboard.press("ArrowLeft")
        assert styles(page, "zones", "name")["Alba"][2] is False
        assert "Federal firearms licenses (FFL) to sell in 2003not shown (under 5" in text_of(page, "#detail")
        page.keyboard.press("Home")
        assert styles(page, "zones", "name")["Alba"][0] == palette.ZONES.colours[5]
        assert load_translations("en")("legend.share_now") in text_of(page, "#layers")
        assert page.evaluate(LICENSE_KEY) == []
        assert page.locator("#layers .ramp").first.is_visible()
        page.keyboard.press("End")
        page.evaluate("() => corridors.inner.choice.choose('port', 'p1')")
        assert page.input_value("#layers .years input[max='2004']") == "2002"
        assert log.quiet, log


def test_nothing_moves_by_itself_for_who_asks_so(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, "?lang=es", reduced_motion="reduce") as (page, _):
        page.focus("#search")
        page.fill("#search", "ciudad alta")
        page.keyboard.press("Enter")
        assert page.evaluate("() => corridors.inner.state.map.getZoom()") == 8  # at once
