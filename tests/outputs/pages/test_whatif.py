"""What-ifs as tables, files and a page, on the drawn network."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.core.results import ChangeGroups
from corridors.outputs.files import write_changes
from corridors.outputs.layers import map_layers, palette
from corridors.outputs.layers.changes import LOSSES, change_layers, point_band, points
from corridors.outputs.pages import render_whatif
from corridors.outputs.summary import summarise, summarise_changes
from corridors.outputs.summary.displacement import expected_signs
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.flow import (
    HOSTILE,
    NAMES,
    PLACES,
    WEST,
    displaced,
    flow_draws,
    flow_evidence,
    flow_network,
    scenarios,
)
from tests.outputs.page_islands import islands_of
from tests.outputs.pages.test_map_browser import SIZES, axe, text_of
from tests.outputs.payload_check import page_faults
from tests.outputs.pdf_reader import color, colors, page_texts, squeezed
from tests.outputs.toy import toy_base, toy_run
from tests.pictures import SIZES as PICTURED, check_picture

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Changes, Results
    from corridors.core.scenario import Displacement
    from tests.browser import Reader

FILES: list[dict[str, Any]] = [
    {"id": "nothing", "edit": []},
    {
        "id": "close-west",
        "edit": [{"kind": "port", "port": "AZ-WWW", "closed": True}],
        "event": {"start": "2024-01-02"},
    },
    {"id": "dear-road", "edit": [{"kind": "road", "where": {"ref": "MEX15"}, "factor": 2.0}]},
]


@pytest.fixture(scope="module")
def displacements() -> list[Displacement]:
    return [displaced(one) for one in scenarios(FILES)]


@pytest.fixture(scope="module")
def results() -> Results:
    return summarise(flow_network(), flow_evidence(), flow_draws(5), places=PLACES, states=NAMES)


@pytest.fixture(scope="module")
def made(results: Results, displacements: list[Displacement]) -> Changes:
    assert results.corridors is not None
    assert results.crossings is not None
    groups = ChangeGroups(
        results.ports,
        crossings=results.crossings,
        us_states=[("AZ", "Arizona")],
        mx_states=[("26", "Sonora"), ("08", "Chihuahua")],
        offices=["Nogales"],
        districts=np.ones((2, 1)),
        corridors=results.corridors,
        corridor_edges=results.corridor_edges,
    )
    return summarise_changes(scenarios(FILES), displacements, groups, flow_network(), "posterior")


def test_nothing_changes_nothing(made: Changes) -> None:
    table = made.tables[0]
    assert set(table["kind"]) == {
        "crossing_city",
        "port",
        "corridor",
        "us_state",
        "mx_state",
        "state_pair",
        "consulate",
    }
    bands = table.filter(regex="^(change|elastic)_[mlh]")
    assert (bands == 0).all(axis=None)
    assert not table[["distinguishable", "elastic_distinguishable"]].any(axis=None)
    assert made.edges[0].empty


def test_a_closure_is_told_with_its_bands(made: Changes) -> None:
    table = made.tables[1]
    ports = table[table["kind"] == "port"].set_index("key")
    west, east = ports.loc["AZ-WWW"], ports.loc["AZ-EEE"]
    assert west["after_mean"] == 0
    assert west["change_mean"] == -west["before_mean"]
    assert east["change_lo90"] > 0
    assert east["distinguishable"]
    assert west["distinguishable"]
    assert (east["taken_mean"], east["taken_median"], east["taken_lo90"], east["taken_hi90"]) == (1, 1, 1, 1)
    assert np.isnan(west["taken_median"])
    assert 0 < east["elastic_mean"] < east["change_mean"]
    for kind in ("port", "mx_state", "us_state", "state_pair", "consulate"):
        rows = table[table["kind"] == kind]
        assert rows[["before_mean", "after_mean"]].sum().tolist() == pytest.approx([1, 1], abs=1e-8)
        assert rows["change_mean"].sum() == pytest.approx(0, abs=1e-8)
    change = table["after_mean"] - table["before_mean"]
    assert change.to_numpy() == pytest.approx(table["change_mean"].to_numpy(), abs=2e-10)
    ordered = table[["change_lo90", "change_lo50", "change_median", "change_hi50", "change_hi90"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    lines = made.edges[1]
    assert set(lines.loc[lines["distinguishable"], "road_class"]) >= {"poe"}


def test_scenarios_side_by_side(made: Changes, displacements: list[Displacement]) -> None:
    changes = pd.concat(made.tables, ignore_index=True)
    table = made.comparison.set_index("scenario")
    assert list(table.loc["nothing", ["moved_mean", "moved_city_mean"]]) == [0, 0]
    assert table.loc["nothing", "told_port"] == 0
    closed = table.loc["close-west"]
    west = displacements[1].before.port[:, WEST]
    assert list(closed[["moved_mean", "moved_city_mean"]]) == pytest.approx([west.mean()] * 2)
    assert closed["total_hi90"] < 0
    assert 0 < closed["ratio_lo90"] <= closed["ratio_hi90"] < 1
    assert table["ratio_median"].isna().tolist() == [True, False, True]
    signs = expected_signs(made.scenarios, changes)
    assert signs is not None
    assert set(signs["scenario"]) == {"close-west"}
    expected = signs.set_index("key")["expected"]
    assert (expected["AZ-WWW"], expected["AZ-EEE"]) == ("fall", "rise")
    assert (expected["p1"], expected["p2"]) == ("fall", "rise")
    assert expected_signs(made.scenarios[:1], changes) is None


def test_files_open_elsewhere(made: Changes, tmp_path: Path) -> None:
    changes = pd.concat(made.tables, ignore_index=True)
    edges = pd.concat(made.edges, ignore_index=True)
    write_changes(made, tmp_path)
    data = tmp_path / "data"
    told = pd.read_csv(data / "distinguishable.csv")
    assert set(told["scenario"]) == {"close-west", "dear-road"}
    assert len(pd.read_csv(data / "changes.csv")) == len(changes)
    assert len(gpd.read_file(data / "changes.gpkg", layer="edges")) == len(edges)
    cities = gpd.read_file(data / "changes.gpkg", layer="crossings")
    assert list(cities["key"]) == 3 * list(made.groups.crossings["crossing_city"])
    assert len(gpd.read_file(data / "public_crossings.geojson")) == len(cities)
    public = gpd.read_file(data / "public_ports.geojson")
    assert len(public) == 3 * len(made.groups.ports)
    degrees = np.array([(point.x, point.y) for point in public.geometry])
    assert np.allclose(degrees * 20, np.round(degrees * 20))


def test_signs_survive_without_colour(made: Changes) -> None:
    found = {spec.name: spec.payload for spec in change_layers(7, made.edges[1])}
    gain, loss = found["gain_sure_7"], found["loss_sure_7"]
    assert gain["shapes"]
    assert loss["shapes"]
    assert (gain["dash"], loss["dash"]) == ("", "6 4")
    assert all(text.startswith("+") for text in gain["columns"]["change"])
    assert all(text.startswith("\N{MINUS SIGN}") for text in loss["columns"]["change"])
    assert (points(0.0123), points(-0.2), points(1e-6), points(-0.0042)) == ("+1.2", "−20", "0", "−0.42")  # noqa: RUF001
    assert point_band(-0.01, 0.01) == "−1.0 … +1.0"  # noqa: RUF001


@pytest.fixture(scope="module")
def page_file(results: Results, made: Changes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    specs = map_layers(results, toy_base())
    page = render_whatif(results, toy_run(), specs, made)
    assert page == render_whatif(results, toy_run(), specs, made)
    assert page_faults(islands_of(page)) == []
    file = tmp_path_factory.mktemp("whatif") / "whatif.html"
    file.write_text(page, encoding="utf-8")
    return file


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_accessible_and_literal(
    reader: Reader, page_file: Path, size: tuple[int, int], language: str
) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"#lang={language}/scenario=close-west", size=size) as (page, log):
        assert page.title() == words("whatif.title")
        assert text_of(page, "#question") == HOSTILE
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        text = str(page.evaluate("() => document.body.innerText"))
        assert words("whatif.p3") in text
        assert "undefined" not in text
        assert "{" not in text.replace(HOSTILE, "")
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert log.quiet, log


@pytest.mark.parametrize("size", PICTURED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_looks_as_it_did(reader: Reader, page_file: Path, size: str, language: str) -> None:
    address = f"#lang={language}/scenario=close-west"
    with reader.open(page_file, address, size=PICTURED[size], reduced_motion="reduce") as (page, log):
        check_picture(page, f"whatif-{language}-{size}")
        assert log.quiet, log


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_scenario_prints_on_two_pages_with_its_map(reader: Reader, page_file: Path, paper: str) -> None:
    t = load_translations("es")
    with reader.open(page_file, "#lang=es/scenario=close-west") as (page, log):
        name = page.locator("#scenario option:checked").inner_text()
        pdf = page.pdf(format=paper, print_background=True, prefer_css_page_size=True)
        assert page.locator("h1").inner_text() == t("whatif.title")  # as it was before
        assert log.quiet, log
    first, second = page_texts(pdf)
    assert squeezed(t("moved.scenario", changes=name)) in first
    for key in ("whatif.notice", "moved.port_closed", "whatif.moved", "whatif.fixed"):
        assert squeezed(t(key)) in first, key
    for key in ("whatif.crossings_caption", "whatif.corridors", "whatif.consulates", "note.boundaries"):
        assert squeezed(t(key)) in second, key
        assert squeezed(t(key)) not in first, key
    assert {color(code) for code in (palette.LAND, palette.SEA, LOSSES.colours[1])} <= colors(pdf)


def test_choosing_shows_each_scenario_and_total(reader: Reader, page_file: Path) -> None:
    def rows(of: str) -> list[list[str]]:
        found = page.evaluate(
            "id => JSON.stringify([...document.querySelectorAll('#' + id + ' tbody tr')]"
            ".map(row => [...row.children].map(cell => cell.textContent)))",
            of,
        )
        return list(json.loads(found))

    with reader.open(page_file, "#lang=en") as (page, log):
        assert "scenario=close-west" in page.url  # of the scenarios the one that moves most flow
        page.select_option("#scenario", "0")
        assert {row[1] for row in rows("crossing_city")} == {"0"}
        page.select_option("#scenario", "1")
        fixed = {row[0]: row[1] for row in rows("crossing_city")}
        assert fixed["East"].startswith("+")
        assert fixed["West"].startswith("\N{MINUS SIGN}")
        assert page.locator(".port-change").count() == 2
        assert "scenario=close-west" in page.url
        page.check("#totals [value=elastic]")
        elastic = {row[0]: row[1] for row in rows("crossing_city")}
        assert float(elastic["East"]) < float(fixed["East"])
        page.locator("#compare button").nth(2).evaluate("node => node.click()")
        assert text_of(page, "#scenario option:checked") == "Test 2"
        assert rows("state_pair")[0][0].startswith("Arizona → ")
        assert log.quiet, log


@pytest.fixture(scope="module")
def one_city(
    made: Changes, results: Results, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Changes, Path]:
    """Changes and page of the same flow where both ports are of one city."""
    assert results.crossings is not None
    both = results.crossings.iloc[:1].assign(
        crossing_city="both", name_es="Ambas", name_en="Both", ports="AZ-WWW AZ-EEE", share_mean=1.0
    )
    groups = replace(made.groups, crossings=both)
    found = [displaced(one) for one in scenarios(FILES)]
    changes = summarise_changes(scenarios(FILES), found, groups, flow_network(), "posterior")
    of_city = replace(results, crossings=both)
    page = render_whatif(of_city, toy_run(), map_layers(of_city, toy_base()), changes)
    assert page_faults(islands_of(page)) == []
    file = tmp_path_factory.mktemp("one_city") / "whatif.html"
    file.write_text(page, encoding="utf-8")
    return changes, file


def test_what_moves_inside_a_city_leaves_the_city_as_it_is(one_city: tuple[Changes, Path]) -> None:
    table = one_city[0].comparison.set_index("scenario").loc["close-west"]
    assert table["moved_city_mean"] == pytest.approx(0, abs=1e-9)
    assert table["moved_mean"] > 0.3
    assert (table["told_crossing_city"], table["told_port"]) == (0, 2)


def test_bridges_stand_inside_their_city(reader: Reader, one_city: tuple[Changes, Path]) -> None:
    with reader.open(one_city[1], "#lang=es/scenario=close-west") as (page, log):
        lines = page.locator("#crossing_city tbody tr")
        assert [name.split("\t")[0] for name in lines.all_inner_texts()] == [
            "Ambas",
            "West MX",
            "East MX",
        ]
        assert page.locator("#crossing_city tbody tr.bridge").count() == 2
        assert (
            page.locator(".port-change").count() == 1
        )  # the city as a whole has not changed; the closed port is marked
        page.locator(".port-change").evaluate("node => node.parentNode.click()")
        assert "West MX" in page.locator("#detail").inner_text()
        page.evaluate("() => corridors.inner.state.map.setView([31.5, -110.5], 9, {animate: false})")
        assert page.locator(".port-change").count() == 2
        assert log.quiet, log


def test_without_scripts_the_comparison_is_there(reader: Reader, page_file: Path) -> None:
    with reader.open(page_file, wait=False, java_script_enabled=False) as (page, _):
        text = page.locator("body").inner_text()
    assert "Prueba 1" in text
    assert "Test 1" in text
