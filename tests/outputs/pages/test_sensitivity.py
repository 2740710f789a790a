"""The page of assumptions: closed, literal, bilingual, readable on a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.outputs.layers import BaseMap, palette
from corridors.outputs.layers.assumption_maps import LEAST, assumption_maps
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.pages import render_sensitivity
from corridors.outputs.pages.sensitivity import KINDS
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.hostile import HOSTILE
from tests.outputs.pages.test_map_browser import SIZES, axe
from tests.outputs.toy import toy_base, toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results
    from tests.browser import Reader

STEADY, MOVED = "Steady road", HOSTILE[0]
OTHERS = [
    ("demand", "population", np.nan),
    ("lens", "one_year", np.nan),
    ("inspection", "equal", np.nan),
    ("part", "", 0.1),
    ("laws", "", -1.09),
    ("beta_us", "", 0.6),
    ("beta_us", "", 0.1),
]


def tables() -> dict[str, pd.DataFrame]:
    """Two results of each kind: no change moves the first, every change the second, one more than another."""
    rows = [
        (kind, f"{kind}{n}", name, *other, 0.3 - n / 10, n + 1, 0.25, n + 1 - n * (3 + k), n * (3 + k))
        for kind in KINDS
        for k, other in enumerate(OTHERS)
        for n, name in enumerate((STEADY, MOVED))
    ]
    columns = [
        "kind",
        "id",
        "name",
        "assumption",
        "choice",
        "value",
        "share_run",
        "rank_run",
        "share",
        "rank",
        "change",
    ]
    changes = pd.DataFrame(rows, columns=columns).assign(name_es=lambda rows: rows["name"])
    ids = changes[["kind", "id"]].drop_duplicates()
    parts = [
        ids.assign(assumption=name, total=total, total_half95=0.1)
        for name, total in (("demand", 0.6), ("laws", -0.01))
    ]
    ranges = [
        ("demand", "run.demand", np.nan, np.nan, np.nan, "combined population", "combined", 0.7),
        ("part", "", 0.0, 0.035, 0.1, "", "", 0.05),
        ("laws", "priors.laws", -1.09, -0.545, 0.0, "", "", 0.25),
    ]
    columns = ["assumption", "setting", "low", "run", "high", "choices", "run_choice", "weight"]
    return {
        "changes": changes,
        "variance": pd.concat(parts),
        "assumptions": pd.DataFrame(ranges, columns=columns),
    }


OVER = ("structure_port", "demand_homicides", "lens_one_year")
"""Settings that the toy run is known under: the second city leads under the first, nothing moves under the last."""


def shown() -> tuple[Results, BaseMap]:
    """Return the toy world's results with the ids, names and shares that the page is to take from the run."""
    results = toy_results()
    edges, cities = results.edges, results.crossings
    assert cities is not None
    known = gpd.GeoDataFrame(
        {
            "corridor_id": ["corridor0", "corridor1"],
            "name": ["The map's first corridor", MOVED],
            "share_mean": [0.42, 0.12],
            "share_lo90": [0.2, 0.07],
            "share_hi90": [0.6, 0.2],
        },
        geometry=edges.geometry.iloc[:2].to_list(),
        crs=4326,
    )
    pairs = results.state_pairs.assign(us_state=["NM", "TX"])
    cities = cities.assign(
        structure_port=[0.31, 0.69], demand_homicides=[0.52, 0.48], lens_one_year=[0.612, 0.388]
    )
    own = edges["share_mean"]
    roads = dict(zip(OVER, (own.to_numpy()[::-1], own * 0.5, own), strict=True))
    return (
        replace(results, crossings=cities, edges=edges.assign(**roads), corridors=known, state_pairs=pairs),
        toy_base(),
    )


def tables_of(results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables with the ids of a run's cities and pairs."""
    ids = {"crossing_city0": "elena", "crossing_city1": "presas", "pair0": "NM>08", "pair1": "TX>08"}
    assert set(ids.values()) >= set(
        results.crossings["crossing_city"] if results.crossings is not None else ()
    )
    return {
        name: table.assign(id=table["id"].replace(ids)) if "id" in table else table
        for name, table in tables().items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_small_map_says_what_the_tables_say(language: str) -> None:
    words, known = load_translations(language), shown()
    page = render_sensitivity(tables_of(known[0]), toy_run(), shown=known)
    text = page[page.index(f'lang="{language}"') :]
    cities = known[0].crossings
    assert cities is not None
    named = cities.set_index("crossing_city")[f"name_{language}"]
    for column in ("share_mean", *OVER):
        for city, share in zip(cities["crossing_city"], cities[column], strict=True):
            assert f"<li>{named[city]} {words.share(share)}</li>" in text
    moved = words(
        "sensitivity.map_moved", city=named["elena"], before=words.share(0.61), after=words.share(0.31)
    )
    assert moved in text
    assert words("sensitivity.map_same", least=words.bound(0.01)) in text  # 61 % and 61.2 %
    assert text.index(f"{named['presas']} {words.share(0.69)}") < text.index(
        f"{named['elena']} {words.share(0.31)}"
    )
    assert words("sensitivity.map_run") in text
    assert all(
        words(f"variant.{setting}", value=words.name(setting, value)) in text
        for setting, value in (name.split("_", 1) for name in OVER)
    )


def test_small_maps_draw_the_shares_of_their_setting_on_one_scale() -> None:
    results, base = shown()
    maps = assumption_maps(results, base)
    assert [f"{one.setting}_{one.value}" for one in maps[1:]] == list(OVER)
    pictures = [to_svg(one.scene) for one in maps]
    assert pictures[1] != pictures[0]
    assert pictures[2] != pictures[0]
    assert len({(one.scene.width, one.scene.height) for one in maps}) == 1
    ground = [[m for m in one.scene.marks if m.fill in {palette.SEA, palette.LAND}] for one in maps]
    assert len({str([[part.tolist() for part in m.points] for m in own]) for own in ground}) == 1
    for one, column in zip(maps, ("share_mean", *OVER), strict=True):
        drawn = results.edges[results.edges[column] >= LEAST]
        colours = {m.stroke for m in one.scene.marks if m.stroke in palette.CORRIDORS.colours}
        bins = np.searchsorted(palette.CORRIDORS.breaks, drawn[column], side="right") - 1
        assert colours == {palette.CORRIDORS.colours[n] for n in bins}
        widths = {m.width for m in one.scene.marks if m.stroke in colours}
        assert widths == {palette.CORRIDORS.widths[n] * 0.6 for n in bins}
        assert [m.text for m in one.scene.marks if m.text] == ["1", "2"]
        assert one.leading["share"].is_monotonic_decreasing


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_have_the_names_and_the_shares_of_the_map(language: str) -> None:
    words, known = load_translations(language), shown()
    page = render_sensitivity(tables_of(known[0]), toy_run(), shown=known)
    assert "The map&#39;s first corridor" in page
    own = words("sensitivity.own", share=words.share(0.42), band=words.band(0.2, 0.6))
    assert own in page
    assert words("sensitivity.alone") not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_run_the_page_names_no_corridor_and_says_so(language: str) -> None:
    words = load_translations(language)
    changes = tables()["changes"]
    named = changes["name"].mask(changes["kind"] == "corridor", "A quick look's road")
    page = render_sensitivity(tables() | {"changes": changes.assign(name=named, name_es=named)}, toy_run())
    assert "A quick look" not in page
    assert words("sensitivity.corridor") not in page
    assert words("sensitivity.alone") in page


def test_the_same_tables_give_the_same_bytes() -> None:
    assert render_sensitivity(tables(), toy_run()) == render_sensitivity(tables(), toy_run())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_silent_accessible_and_literal(
    reader: Reader, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    file = tmp_path / "sensitivity.html"
    known = shown()
    page_text = render_sensitivity(tables_of(known[0]), toy_run(), shown=known)
    file.write_text(page_text, encoding="utf-8")
    words = load_translations(language)
    with reader.open(file, f"?lang={language}", size=size) as (page, log):
        assert page.title() == words("sensitivity.title")
        assert page.locator("main details:visible").count() == len(KINDS)
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert axe(page) == []
        assert not page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
        text = str(page.evaluate("() => document.body.innerText"))
        assert log.quiet, log
    assert text.count(MOVED) == 2  # a corridor and a pair; cities have the run's names
    assert text.count(STEADY) == 1
    assert text.count(words("sensitivity.none")) == len(KINDS)
    moved = words("sensitivity.moved", count="7", all="7", low="-7", high="2")
    assert text.count(moved) == len(KINDS)
    # the greatest move first
    assert text.index("0.1 →") < text.index("0.6 →") < text.index("-1.09 →") < text.index("10% →")
    assert words("demand.population") in text
    assert words("why.laws") in text
    assert not [word for word in ("undefined", "nan", "None", "{") if word in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_the_whole_variance_is_no_number(language: str) -> None:
    words = load_translations(language)
    known = tables()
    steady = words("sensitivity.hangs_on", assumption=words("assumption.demand"), part=words.share(0.6))
    few = known["variance"].assign(total=known["variance"]["total"].replace(0.6, 1.47))
    pages = [
        render_sensitivity(known | {"variance": variance}, toy_run()) for variance in (known["variance"], few)
    ]
    said = words("sensitivity.hangs_on_imprecise", assumption=words("assumption.demand"))
    assert [page.count(steady) for page in pages] == [2 * (len(KINDS) - 1), 0]
    assert [page.count(said) for page in pages] == [0, 2 * (len(KINDS) - 1)]
    assert words.share(1.47) not in pages[1]
    assert f">{words('sensitivity.imprecise')}<" in pages[1]
