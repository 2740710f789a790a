"""The border on the map: a disc a crossing city, its bridges inside, by pointer, keyboard and search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from corridors.outputs.pages import render_map
from corridors.outputs.summary.uncertainty import SHOWN_COLUMNS
from corridors.outputs.text import LANGUAGES, load_translations
from tests.browser import until
from tests.outputs.toy import toy_base, toy_results, toy_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from corridors.core.results import Results
    from tests.browser import Reader

PORTS = Path(__file__).parents[3] / "data/ports_of_entry.csv"
SCREENS: list[tuple[tuple[int, int], dict[str, Any]]] = [
    ((1366, 768), {}),
    ((390, 844), {"has_touch": True, "is_mobile": True}),
]
PLACE = """([name, i]) => { const { map } = corridors.inner.state; const layer = corridors.inner.choice.find(name);
  const p = map.latLngToContainerPoint(layer.data.shapes[i]), b = map.getContainer().getBoundingClientRect();
  return [b.left + p.x, b.top + p.y]; }"""
CHOICE = "() => corridors.inner.choice.current"
IDS = "name => corridors.inner.choice.find(name).data.columns.id"
DRAWN = """name => { const layer = corridors.inner.choice.find(name); return corridors.inner.state.map.hasLayer(layer)
  ? layer.getLayers().filter(one => one.index !== undefined && one.options.interactive).map(one => one.index).sort((a, b) => a - b) : []; }"""
ZOOM = "([at, zoom]) => { corridors.inner.state.map.setView(at, zoom, { animate: false }); }"


def border_results() -> Results:
    """Return the toy world with the shipped border, its shares drawn: those of a city are the sums of its bridges'."""
    known = pd.read_csv(PORTS, dtype=str)
    known = known[known["southbound"] == "yes"].astype({"lon": float, "lat": float})
    spread = {"mean": 1.0, "median": 1.0, "lo50": 0.8, "hi50": 1.2, "lo90": 0.5, "hi90": 1.8}
    drawn = np.random.default_rng(8).dirichlet(np.full(len(known), 0.8))
    shares = pd.DataFrame({f"share_{name}": by * drawn for name, by in spread.items()}, index=known.index)
    ports = known[["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"]].join(shares)
    ports = ports.assign(grade="C", structure_port=drawn)
    groups = ports.groupby(known["crossing_city"])
    names = known.drop_duplicates("crossing_city").set_index("crossing_city")
    cities = groups[list(SHOWN_COLUMNS)].sum()
    cities = cities.assign(
        name_es=names["crossing_city_es"],
        name_en=names["crossing_city_en"],
        ports=groups["poe_id"].agg(" ".join),
        grade="B",
        structure_port=groups["structure_port"].sum(),
    )
    return replace(
        toy_results(),
        ports=ports.reset_index(drop=True),
        crossings=cities.reset_index().sort_values("share_mean", ascending=False, ignore_index=True),
        parts=None,
        variants=(),
        rank_changes=None,
        districts=None,
        us_state_port=None,
        port_mx_state=None,
        us_state_crossing=None,
        crossing_mx_state=None,
        zone_port=pd.DataFrame(),
        port_municipality=pd.DataFrame(),
    )


@pytest.fixture(scope="module")
def border_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the shipped border."""
    file: Path = tmp_path_factory.mktemp("border") / "map.html"
    file.write_text(render_map(border_results(), toy_run(), toy_base()), encoding="utf-8")
    return file


def press(page: Page, place: list[float], *, touch: bool) -> None:
    (page.touchscreen.tap if touch else page.mouse.click)(*place)


@pytest.mark.parametrize(("size", "options"), SCREENS)
def test_a_click_at_the_center_of_a_disc_opens_that_city(
    reader: Reader, border_file: Path, size: tuple[int, int], options: dict[str, Any]
) -> None:
    with reader.open(border_file, "?lang=es", size=size, **options) as (page, log):
        view = page.evaluate(
            "() => [corridors.inner.state.map.getCenter(), corridors.inner.state.map.getZoom()]"
        )
        ids = page.evaluate(IDS, "crossings")
        assert len(ids) == 27
        assert page.evaluate(DRAWN, "crossings") == list(range(27))
        assert page.evaluate(DRAWN, "ports") == []  # no bridge lies above a city at first
        found = []
        for i in range(len(ids)):
            page.evaluate(ZOOM, view)
            page.evaluate("() => { scrollTo(0, 0); corridors.inner.choice.clear(); }")
            press(page, page.evaluate(PLACE, ["crossings", i]), touch=bool(options))
            until(page, f"() => ({CHOICE})() !== null")
            page.wait_for_timeout(300 if options else 0)  # two quick taps would zoom
            found.append(page.evaluate(CHOICE))
        assert found == [f"crossing.{one}" for one in ids]
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_port_and_city_is_described_in_words(reader: Reader, border_file: Path, language: str) -> None:
    t = load_translations(language)
    said = """([name, short]) => { const { data } = corridors.inner.choice.find(name);
      return data.shapes.map((_, i) => corridors.inner.describe(data, i, short).textContent); }"""
    results = border_results()
    own = {"es": ("name_mx", "name_es"), "en": ("name_us", "name_en")}[language]
    with reader.open(border_file, f"?lang={language}") as (page, _):
        for name, table, title in (
            ("ports", results.ports.sort_values(["share_mean", "poe_id"], ascending=[False, True]), own[0]),
            ("crossings", results.crossings, own[1]),
        ):
            assert table is not None
            tips, details = (page.evaluate(said, [name, short]) for short in (True, False))
            assert len(tips) == len(table)
            for tip, detail, (_, row) in zip(tips, details, table.iterrows(), strict=True):
                share = f"{t('label.share')}{t.share(row['share_mean'])}"
                band = f"{t('label.band90')}{t.band(row['share_lo90'], row['share_hi90'])}"
                assert tip == f"{row[title]}{share}{band}"
                assert detail.startswith(f"{row[title]}{share}")
                assert f"{t('structure.if_port')}{t.share(row['structure_port'])}" in detail
                assert "[object" not in detail
                assert "undefined" not in detail
                both = [row["name_us"], row["name_mx"]] if name == "ports" else []
                assert [one for one in both if one not in detail] == []


def test_a_tooltip_stays_inside_its_box(reader: Reader, border_file: Path) -> None:
    shown = "() => document.querySelector('.leaflet-tooltip strong')?.textContent ?? ''"
    inside = "() => { const box = document.querySelector('.leaflet-tooltip .facts'); return [...box.querySelectorAll('*')].every(one => one.scrollWidth <= box.clientWidth); }"
    with reader.open(border_file, "?lang=es", size=(1366, 768)) as (page, _):
        names = page.evaluate("() => corridors.inner.choice.find('crossings').data.columns.name_es")
        for i in range(0, 27, 4):
            x, y = page.evaluate(PLACE, ["crossings", i])
            for step in range(200):  # Leaflet looks at one movement in 32 ms
                page.mouse.move(x + step % 2, y)
                page.wait_for_timeout(40)
                if page.evaluate(shown) == names[i]:
                    break
            assert page.evaluate(shown) == names[i]
            assert page.evaluate(inside)


def test_bridges_are_drawn_where_they_lie_apart(reader: Reader, border_file: Path) -> None:
    with reader.open(border_file, "?lang=en", size=(1366, 768)) as (page, log):
        cities = page.evaluate(IDS, "crossings")
        members = page.evaluate("() => corridors.inner.choice.find('crossings').data.columns.ports")
        tijuana = cities.index("tijuana")
        page.evaluate(ZOOM, [[32.54, -117.0], 11])
        page.wait_for_timeout(50)
        assert tijuana not in page.evaluate(DRAWN, "crossings")
        assert set(members[tijuana]) <= set(page.evaluate(DRAWN, "ports"))
        for port in members[tijuana]:
            page.mouse.click(*page.evaluate(PLACE, ["ports", port]))
            assert page.evaluate(CHOICE) == f"port.{page.evaluate(IDS, 'ports')[port]}"
        page.evaluate(ZOOM, [[32.54, -117.0], 6])
        page.wait_for_timeout(50)
        assert page.evaluate(DRAWN, "ports") == []
        assert tijuana in page.evaluate(DRAWN, "crossings")
        assert log.quiet, log


def test_a_chosen_city_or_bridge_is_a_small_ring(reader: Reader, border_file: Path) -> None:
    style = "i => { const one = corridors.inner.choice.find('crossings').getLayers().find(s => s.index === i); return [one.getRadius(), one.options.fillOpacity]; }"
    with reader.open(border_file, "?lang=en") as (page, _):
        before = page.evaluate(style, 0)
        city, ports = (page.evaluate(IDS, name) for name in ("crossings", "ports"))
        bridge = ports[
            page.evaluate("() => corridors.inner.choice.find('crossings').data.columns.ports[0][0]")
        ]
        for kind, key in (("crossing", city[0]), ("port", bridge)):
            assert page.evaluate("([kind, key]) => corridors.inner.choice.choose(kind, key)", [kind, key])
            radius, opacity = page.evaluate(style, 0)
            assert 7 <= radius <= 13
            assert opacity == 0
        page.keyboard.press("Escape")
        assert page.evaluate(style, 0) == before


def test_the_table_lists_cities_and_their_bridges_by_keyboard(reader: Reader, border_file: Path) -> None:
    rows = "() => [...document.querySelectorAll('#crossings tbody tr')].filter(r => !r.hidden).map(r => r.className)"
    with reader.open(border_file, "?lang=es") as (page, log):
        assert page.evaluate(rows) == [""] * 27
        first = page.locator("#crossings .toggle").first
        first.focus()
        assert first.get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        assert first.get_attribute("aria-expanded") == "true"
        shown = page.evaluate(rows)
        assert shown.count("bridge") >= 2
        page.locator("#crossings .bridge:not([hidden]) button").first.focus()
        page.keyboard.press("Enter")
        assert str(page.evaluate(CHOICE)).startswith("port.")
        page.locator("#crossings tbody button:not(.toggle)").first.focus()
        page.keyboard.press("Enter")
        assert str(page.evaluate(CHOICE)).startswith("crossing.")
        page.locator("#detail .bridges button").first.focus()
        page.keyboard.press("Enter")
        assert str(page.evaluate(CHOICE)).startswith("port.")
        assert log.quiet, log


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("nuevo laredo", "nuevo_laredo"),
        ("laredo", "nuevo_laredo"),
        ("cordova", "ciudad_juarez"),
        ("puente libre", "ciudad_juarez"),
        ("bridge of the americas", "ciudad_juarez"),
        ("chaparral", "tijuana"),
        ("san ysidro", "tijuana"),
        ("los tomates", "matamoros"),
    ],
)
def test_a_crossing_is_found_by_either_name_and_by_its_bridges(
    reader: Reader, border_file: Path, language: str, typed: str, city: str
) -> None:
    with reader.open(border_file, f"?lang={language}") as (page, _):
        page.fill("#search", typed)
        words = load_translations(language)
        kinds = page.evaluate(
            "() => [...document.querySelectorAll('#found li .small')].map(e => e.textContent)"
        )
        at = kinds.index(words("search.crossing"))
        for _i in range(at):
            page.press("#search", "ArrowDown")
        page.press("#search", "Enter")
        assert page.evaluate(CHOICE) == f"crossing.{city}"
