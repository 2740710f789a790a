"""The embed kit: in a real parent page, at article widths, with and without scripts; pictures, citations, public data."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, strategies as st
from PIL import Image
from shapely import LineString, box

from corridors.outputs.files.public import GRID_DEGREES, coarse, merge_small, public_layers, write_public
from corridors.outputs.layers import map_layers, palette
from corridors.outputs.layers.layers import bounds
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.layers.png import quantise_png, rasterise
from corridors.outputs.layers.still import draw, wrap
from corridors.outputs.pages import render_map
from corridors.outputs.pages.embed import ADDRESS, write_embed
from corridors.outputs.text import LANGUAGES, load_translations, run_translations
from corridors.outputs.text.citation import bibtex, csl, latest_retrieval
from tests.browser import until
from tests.outputs.hostile import HOSTILE
from tests.outputs.pages.test_map import hostile
from tests.outputs.pages.test_map_browser import axe

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

    Toy = tuple[Results, Run, BaseMap]

HEIGHT = "() => Number(document.querySelector('iframe').height)"


@pytest.fixture(scope="module")
def kit(toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    specs = map_layers(toy[0], toy[2])
    (folder / "map.html").write_text(render_map(*toy, specs=specs), encoding="utf-8")
    write_embed(toy[0], toy[1], specs, folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("width", ["360", "720", "1120"])
def test_the_frame_is_as_high_as_its_page_at_each_width(reader: Reader, kit: Path, width: str) -> None:
    with reader.open(kit / "embed/index.html", wait=False) as (page, log):
        frame = page.frames[1]
        frame.wait_for_selector("html[data-ready=true]", state="attached")
        page.click(f"[data-width='{width}']")
        inside = (
            "() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth, innerWidth]"
        )
        until(page, f"() => document.querySelector('iframe').clientWidth > {width} - 4")
        until(frame, "() => document.documentElement.scrollHeight <= innerHeight + 1")
        # the frame of the width before is as high as its own page until the new height is told
        for _ in range(100):
            height, across, wide = frame.evaluate(inside)
            if abs(page.evaluate(HEIGHT) - height) <= 4:
                break
            page.wait_for_timeout(50)
        assert abs(page.evaluate(HEIGHT) - height) <= 4
        assert across <= wide
        assert frame.locator("#notice").is_visible()
        assert frame.locator(".cite:visible").count() == 1
        assert not frame.locator("#finder").is_visible()
        assert frame.locator("#map canvas").count() > 0
        frame.locator("#legend summary").click()  # what opens or closes is told as well
        until(
            page, f"() => Number(document.querySelector('iframe').height) !== {page.evaluate(HEIGHT)} || true"
        )
        assert log.quiet, log


@pytest.mark.parametrize(("name", "language"), [("index.html", "es"), ("en.html", "en")])
def test_the_page_of_the_kit_is_accessible_and_shows_the_picture_without_scripts(
    reader: Reader, kit: Path, name: str, language: str
) -> None:
    words = load_translations(language)
    with reader.open(kit / "embed" / name, wait=False) as (page, log):
        page.frames[1].wait_for_selector("html[data-ready=true]", state="attached")
        assert axe(page) == []
        assert page.evaluate("() => document.documentElement.lang") == language
        assert log.quiet, log
    with reader.open(kit / "embed" / name, wait=False, java_script_enabled=False) as (page, log):
        assert not page.locator("iframe").is_visible()
        image = page.locator("picture img")
        assert image.bounding_box()["width"] == pytest.approx(720, abs=4)  # type: ignore[index]
        assert ("Santa Elena 61%" if language == "es" else "Saint Helen 61%") in (
            image.get_attribute("alt") or ""
        )
        assert page.locator(".still tbody tr").count() == 4
        assert words("page.notice") in page.locator("main").inner_text()
        assert log.quiet, log


def test_the_snippet_works_in_an_article_and_listens_to_its_own_frame_only(
    reader: Reader, kit: Path, tmp_path: Path
) -> None:
    text = (kit / "embed/snippet.html").read_text(encoding="utf-8").replace(ADDRESS, kit.as_uri())
    article = tmp_path / "article.html"
    article.write_text(
        f'<!DOCTYPE html><html lang="es"><link rel="icon" href="data:,"><body>{text}<iframe id="other" title="x" '
        f'srcdoc=\'<script>parent.postMessage({{corridors: "height", height: 3999}}, "*")</script>\'></iframe>',
        encoding="utf-8",
    )
    with reader.open(article, wait=False) as (page, log):
        high = "() => parseFloat(document.querySelector('[data-corridors]').style.height)"
        until(page, f"() => ({high})() !== 760")
        assert 300 <= page.evaluate(high) < 3999
        assert log.quiet, log


def test_a_frame_that_is_hidden_at_first_shows_the_whole_map_later(
    reader: Reader, kit: Path, tmp_path: Path
) -> None:
    article = tmp_path / "hidden.html"
    article.write_text(
        '<!DOCTYPE html><html lang="es"><link rel="icon" href="data:,"><iframe hidden title="m" width="720" height="600" '
        f'sandbox="allow-scripts" src="{(kit / "map.html").as_uri()}?embed=1"></iframe>',
        encoding="utf-8",
    )
    with reader.open(article, wait=False) as (page, log):
        frame = page.frames[1]
        frame.wait_for_selector("html[data-ready=true]", state="attached")
        page.evaluate("() => { document.querySelector('iframe').hidden = false; }")
        until(frame, "() => corridors.inner.state.map.getZoom() > 4")
        assert log.quiet, log


def test_the_kit_is_the_same_twice(toy: Toy, kit: Path, tmp_path: Path) -> None:
    specs = map_layers(toy[0], toy[2])
    (tmp_path / "map.html").write_text(render_map(*toy), encoding="utf-8")
    write_embed(toy[0], toy[1], specs, tmp_path)
    assert files(tmp_path) == files(kit)


def test_pictures_have_their_sizes_in_both_languages(kit: Path) -> None:
    for end in ("", "-en"):
        sizes = []
        for name in ("", "-720", "-360"):
            with Image.open(kit / f"embed/map{end}{name}.png") as picture:
                sizes.append(picture.size)
        assert sizes == [(1200, 630), (1440, 1280), (720, 960)]
        root = ET.parse(kit / f"embed/map{end}.svg").getroot()  # noqa: S314 - our own file
        assert root.get("viewBox") == "0 0 720 640"


def test_a_picture_with_many_words_is_taller_and_keeps_its_map(toy: Toy) -> None:
    words = run_translations("es", toy[1])
    specs, box_ = map_layers(toy[0], toy[2]), bounds(toy[0])
    short, long = (
        draw(specs, box_, toy[1], words, width=360, height=480, finding="una parte de la región " * n)
        for n in (1, 80)
    )
    assert short.height == 480
    assert long.height > 900
    roads = [mark for mark in long.marks if mark.stroke and not mark.radius and len(mark.points) > 1]
    assert roads
    assert rasterise(long, 1.0).size == (long.width, long.height)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_picture_goes_without_its_notice(toy: Toy, language: str) -> None:
    words = run_translations(language, toy[1])
    for width in (360, 720, 1200):
        scene = draw(map_layers(toy[0], toy[2]), bounds(toy[0]), toy[1], words, width=width, height=600)
        said = " ".join(mark.text for mark in scene.marks if mark.text)
        assert words("page.notice") in said
        assert words("legend.dashed") in said
        assert words("note.roads_credit") in said
        inside = [mark.points[0][0] for mark in scene.marks if mark.text]
        assert all(0 <= x < width and 0 < y < 600 for x, y in inside)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_of_a_picture_is_of_what_it_draws_and_the_foot_has_a_date(toy: Toy, language: str) -> None:
    words = run_translations(language, toy[1])
    specs = map_layers(toy[0], toy[2])
    day = words("site.foot_date", date=words.day(latest_retrieval(toy[1])))
    areas = {words("layer.zones"), words("layer.municipalities")}
    drawn = {n for s in specs if s.show and s.payload["kind"] == "corridors" for n in s.payload["bin"]}
    rising = palette.CORRIDORS.breaks
    last = len(rising) - 1
    classes = [words("legend.range", low=words.bound(a), high=words.bound(b)) for a, b in pairwise(rising)]
    classes.append(words("legend.over", low=words.bound(rising[last])))
    for light in (False, True):
        scene = draw(specs, bounds(toy[0]), toy[1], words, width=720, height=640, light=light)
        said = [mark.text for mark in scene.marks if mark.text]
        assert {n for n, text in enumerate(classes) if text in said} == drawn
        assert areas & set(said) == (set() if light else areas)
        assert words("embed.city_size") in said
        assert (words("embed.darker") in said) is not light
        assert day in " ".join(said)
    bare = [
        replace(spec, payload={**spec.payload, "bin": [], "shapes": []}) if spec.payload.get("dash") else spec
        for spec in specs
    ]
    for of, named in ((specs, True), (bare, False)):  # nothing fitted, no line of grade C: no such row
        scene = draw(of, bounds(toy[0]), toy[1], words, width=720, height=640)
        assert (words("legend.dashed") in [mark.text for mark in scene.marks]) is named


def test_the_colours_of_the_legend_survive_in_the_picture(toy: Toy) -> None:
    specs = map_layers(toy[0], toy[2])
    words = run_translations("es", toy[1])
    scene = draw(specs, bounds(toy[0]), toy[1], words, width=720, height=640)
    with Image.open(io.BytesIO(quantise_png(rasterise(scene)))) as picture:
        pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3).astype(int)
    used = {n for s in specs if s.show and s.payload["kind"] == "corridors" for n in s.payload["bin"]}
    # a line under two pixels wide has no pixel of its own
    thick = [palette.CORRIDORS.colours[n] for n in sorted(used) if n >= 2]
    assert thick
    for colour in (*thick, *palette.AREA_KEY.values(), palette.LAND, palette.PORT_FILL):
        wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(pixels - wanted).max(axis=1).min() <= 10


SHORT_KEY = """() => [...document.querySelectorAll('#short-key li')].filter(one => one.offsetParent)
  .map(one => one.textContent)"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_frame_has_a_key_until_its_legend_is_opened(
    reader: Reader, page_file: Path, language: str
) -> None:
    words = load_translations(language)
    with reader.open(page_file, f"?embed=1&lang={language}", size=(360, 640)) as (page, log):
        key = page.evaluate(SHORT_KEY)
        for name in ("layer.zones", "layer.municipalities", "legend.dashed"):
            assert words(name) in key
        assert any(text.startswith(words("layer.crossings")) for text in key)
        used = page.locator("#layers [data-class]:not([hidden])").count()
        assert len(key) == used + 4  # dashed lines, discs and two kinds of areas
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert axe(page) == []
        page.evaluate("() => corridors.inner.state.map.removeLayer(corridors.inner.choice.find('zones'))")
        assert words("layer.zones") not in page.evaluate(SHORT_KEY)
        page.click("#legend summary")
        assert page.evaluate(SHORT_KEY) == []
        assert log.quiet, log
    with reader.open(page_file, f"?lang={language}", size=(360, 640)) as (page, _):
        assert page.evaluate(SHORT_KEY) == key  # the page itself as well: its legend is a screen away
        page.evaluate("() => corridors.inner.choice.choose('port', 'p1')")
        chosen = page.evaluate(SHORT_KEY)
        assert not [text for text in chosen if "NaN" in text]
        assert words("layer.municipalities") in chosen


def test_lines_are_broken_at_words() -> None:
    assert wrap("aaa bbb ccc", 45, 10) == ["aaa bbb", "ccc"]


def test_hostile_texts_stay_words_in_pictures_pages_and_citations(toy: Toy, tmp_path: Path) -> None:
    world = hostile(toy)
    specs = map_layers(world[0], world[2])
    scene = draw(specs, bounds(world[0]), world[1], run_translations("es", world[1]), width=720, height=640)
    root = ET.fromstring(to_svg(scene))  # noqa: S314 - our own text
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg",
        "title",
        "path",
        "circle",
        "text",
    }
    assert quantise_png(rasterise(scene))
    write_embed(world[0], world[1], specs, tmp_path)
    kit = tmp_path / "embed"
    page = (kit / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<script", page)) == 1
    assert page.count("<iframe") == 1
    assert json.loads((kit / "citation.json").read_text(encoding="utf-8"))
    assert json.loads((kit / "oembed.json").read_text(encoding="utf-8"))["type"] == "rich"
    for path in (kit / "data").glob("*.csv"):
        for column in pd.read_csv(path, dtype=str).select_dtypes(include=["object", "string"]):
            cells = pd.read_csv(path, dtype=str)[column].dropna()
            cells = cells[~cells.str.match(r"^-?[\d.]+(e-?\d+)?$")]
            assert not cells.str.match(r"^[=+\-@\t\r\n]").any(), (path.name, column)
    kml = (kit / "data/ports.kml").read_text(encoding="utf-8")
    shown = [unescape(text) for text in re.findall(r"<name>(.*?)</name>", kml, re.DOTALL)]
    assert not any("<script>" in text for text in shown)


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_bibtex_entry_stays_one_entry(toy: Toy, payload: str) -> None:
    run = replace(toy[1], version=payload, fingerprint=payload, mode=payload)
    text = bibtex(run, load_translations("en"))
    assert text.count("{") == text.count("}")
    assert text.count("@") == 1
    assert json.loads(csl(run, load_translations("en")))[0]["version"] == payload


def test_public_data_are_coarse_and_open_in_other_readers(kit: Path) -> None:
    data = kit / "embed/data"
    table = pq.read_table(data / "corridors.parquet")
    lines = shapely.from_wkb(table["geometry"].to_pylist())
    for geometry in (lines, gpd.read_file(data / "public.gpkg", layer="zones").geometry):
        steps = shapely.get_coordinates(geometry) / GRID_DEGREES
        assert np.abs(steps - np.rint(steps)).max() < 1e-6
    collection = json.loads((data / "municipalities.geojson").read_text(encoding="utf-8"))
    assert len(collection["features"]) == 4
    assert set(table.column_names) >= {"ref", "grade", "share_mean", "share_lo90", "share_hi90"}
    assert "D" not in set(table["grade"].to_pylist())


places = st.tuples(st.floats(-117, -97), st.floats(15, 34))
sizes = st.floats(0.0001, 0.12)


@given(places, sizes, sizes, st.sampled_from(["line", "area"]))
def test_a_shape_of_any_size_keeps_a_shape_on_the_grid(
    place: tuple[float, float], wide: float, high: float, kind: str
) -> None:
    lon, lat = place
    shape = (
        LineString([(lon, lat), (lon + wide, lat + high)])
        if kind == "line"
        else box(lon, lat, lon + wide, lat + high)
    )
    made = coarse(gpd.GeoDataFrame(geometry=[shape, None], crs=4326)).geometry
    assert made.iloc[1] is None
    assert not made.iloc[0].is_empty
    assert made.iloc[0].is_valid
    assert shapely.get_dimensions(made.iloc[0]) == shapely.get_dimensions(shape)
    steps = shapely.get_coordinates(made.iloc[0]) / GRID_DEGREES
    assert np.abs(steps - np.rint(steps)).max() < 1e-6
    assert made.iloc[0].distance(shape) < 2 * GRID_DEGREES


def test_no_public_file_holds_a_row_without_a_shape(kit: Path) -> None:
    data = kit / "embed/data"
    for name in ("corridors", "crossings", "ports", "zones", "municipalities"):
        for file, layer in ((f"{name}.geojson", name), ("public.gpkg", name)):
            shapes = gpd.read_file(data / file, layer=layer).geometry
            assert len(shapes)
            assert not (shapes.isna() | shapes.is_empty).any(), file
        assert not gpd.read_parquet(data / f"{name}.parquet").is_empty.any()


def test_zones_under_five_dealers_are_merged_and_nothing_is_lost() -> None:
    zones = gpd.GeoDataFrame(
        {
            "zone_id": ["a", "b", "c", "d"],
            "us_state": ["TX", "TX", "TX", "NM"],
            "name": ["A", "B", "C", "D"],
            "dealers": [3, 40, 2, 1],
            "share_mean": [0.1, 0.5, 0.2, 0.2],
            "share_median": [0.1, 0.4, 0.2, 0.2],
            "share_lo90": [0.0, 0.4, 0.1, 0.1],
            "share_hi90": [0.2, 0.6, 0.3, 0.3],
        },
        geometry=[box(i, 30, i + 1, 31) for i in (0, 1, 2, 9)],
        crs=4326,
    )
    merged = merge_small(zones)
    assert merged["dealers"].tolist() == [45]  # the lone small zone of New Mexico is not given at all
    assert merged["share_mean"].tolist() == pytest.approx([0.8])
    assert merged["share_median"].isna().all()  # the median of a sum is not the sum of medians
    assert merged.geometry.iloc[0].equals(box(0, 30, 3, 31))
    assert zones["dealers"].tolist() == [3, 40, 2, 1]


def test_public_layers_hold_no_zone_under_five(toy: Toy, tmp_path: Path) -> None:
    public = public_layers(toy[0], map_layers(toy[0], toy[2]))
    assert (public["zones"]["dealers"] >= 5).all()
    write_public(public, tmp_path / "data")
    assert (tmp_path / "data/corridors.kml").exists()


def test_a_run_with_no_corridor_and_no_zone_to_publish_still_has_a_kit(toy: Toy, tmp_path: Path) -> None:
    results = replace(toy[0], zones=toy[0].zones.assign(dealers=1))
    write_embed(results, toy[1], map_layers(results, toy[2], floor=2.0), tmp_path)
    assert len(pd.read_csv(tmp_path / "embed/data/corridors.csv")) == 0
    assert len(gpd.read_file(tmp_path / "embed/data/zones.geojson")) == 0
