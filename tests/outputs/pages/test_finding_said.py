"""The finding of a toy world whose answer is known, in every place that says it; another answer, another sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from corridors.outputs.files import write_tables
from corridors.outputs.layers import map_layers
from corridors.outputs.pages import render_map
from corridors.outputs.pages.embed import write_embed
from corridors.outputs.pages.home import render_home
from corridors.outputs.summary.finding import find_leading
from corridors.outputs.summary.uncertainty import SHOWN_COLUMNS, bands
from corridors.outputs.text import LANGUAGES
from corridors.outputs.web.site import site_of
from tests.outputs.toy import toy_base, toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results
    from corridors.core.types import FloatArray

CITIES = {
    "elena": ("Santa Elena", "Saint Helen", "p1"),
    "presas": ("Presa Grande", "Great Dam", "p2"),
    "paso": ("Paso Chico", "Little Pass", "p3"),
    "vado": ("Vado Largo", "Long Ford", "p4"),
}
SWAY = np.linspace(-0.02, 0.02, 21)
"""By draw, what goes from the fourth city to the first three: their sum has a 90 % band of 1.8 points on each side."""


class World(NamedTuple):
    """Draws by city, the largest first, shares under another setting, and what is to be said of them."""

    draws: dict[str, FloatArray]
    other: tuple[str, list[float]]
    said: dict[str, list[str]]
    row: dict[str, str]


EVEN = np.arange(len(SWAY)) % 2 == 0
CLEAR = World(
    {"elena": 0.4 + SWAY, "presas": 0.3 + 0 * SWAY, "paso": 0.2 + 0 * SWAY, "vado": 0.1 - SWAY},
    ("lens_one_year", [0.1, 0.5, 0.25, 0.15]),
    {
        "es": [
            (
                "Santa Elena, Presa Grande y Paso Chico concentran en conjunto cerca de 9 de cada 10 armas del flujo modelado "
                "(90%; intervalo de 90%: 88% a 92%)."
            ),
            "Van en ese orden en al menos nueve de cada diez cálculos.",
            (
                "Otro supuesto que lo cambia («Rastreos: armas compradas en el año previo a su aseguramiento»): "
                "Santa Elena, de 40% a 10%. Con él, Presa Grande va primero."
            ),
        ],
        "en": [
            (
                "Saint Helen, Great Dam, and Little Pass together carry about 9 in 10 guns of the modeled flow "
                "(90%; 90% band: 88% to 92%)."
            ),
            "They come in this order in at least nine of ten calculations.",
            (
                "Another assumption that changes this (“Traces: firearms bought within a year of recovery”): "
                "Saint Helen, from 40% to 10%. Under it, Great Dam comes first."
            ),
        ],
    },
    {"cities": "elena presas paso", "ordered": "True True", "contenders": "", "moved": "elena"},
)
CLOSE = World(
    {
        "vado": np.where(EVEN, 0.33, 0.29),
        "elena": np.where(EVEN, 0.28, 0.24),
        "presas": np.where(EVEN, 0.19, 0.27) + SWAY,
        "paso": 0.2 - SWAY,
    },
    ("demand_homicides", [0.35, 0.24, 0.22, 0.19]),
    {
        "es": [
            (
                "Vado Largo, Santa Elena y Presa Grande concentran en conjunto cerca de 8 de cada 10 armas del flujo modelado "
                "(80%; intervalo de 90%: 78% a 82%)."
            ),
            "Vado Largo va primero; el orden de las otras no se puede establecer.",
            "Paso Chico podría ocupar el lugar de alguna de ellas.",
            "Otro supuesto que lo cambia («Demanda: homicidios con arma de fuego»): Vado Largo, de 31% a 35%.",
        ],
        "en": [
            (
                "Long Ford, Saint Helen, and Great Dam together carry about 8 in 10 guns of the modeled flow "
                "(80%; 90% band: 78% to 82%)."
            ),
            "Long Ford comes first; the order of the others cannot be told.",
            "Little Pass may take the place of one of them.",
            "Another assumption that changes this (“Demand: firearm homicides”): Long Ford, from 31% to 35%.",
        ],
    },
    {"cities": "vado elena presas", "ordered": "True False", "contenders": "paso", "moved": "vado"},
)
WORLDS = {"clear": CLEAR, "close": CLOSE}
RUN = replace(toy_run(), mode="posterior")


def results_of(world: World) -> Results:
    """Return the toy world's results with these crossing cities, a port each."""
    known = toy_results()
    fourth = known.ports.iloc[[2]].assign(poe_id="p4", lon=-101.0)
    draws = np.column_stack(list(world.draws.values()))
    es, en, ports = zip(*(CITIES[city] for city in world.draws), strict=True)
    table = pd.DataFrame({"crossing_city": list(world.draws), "name_es": es, "name_en": en, "ports": ports})
    numbers = bands(draws, "posterior", SHOWN_COLUMNS)
    table = table.assign(**numbers, grade="B", **{world.other[0]: world.other[1]})
    return replace(
        known,
        ports=pd.concat([known.ports, fourth], ignore_index=True),
        crossings=table,
        finding=find_leading(table, draws, "posterior"),
        variants=(),
        rank_changes=None,
        parts=None,
    )


@pytest.fixture(scope="module", params=WORLDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """Return a world, and the folder of its tables, first page, map and embed kit."""
    world = WORLDS[request.param]
    results, base = results_of(world), toy_base()
    folder: Path = tmp_path_factory.mktemp(request.param)
    write_tables(results, folder)
    specs = map_layers(results, base)
    home = render_home(results, RUN, {}, site_of(["home", "map"]).at("index.html"))
    (folder / "index.html").write_text(home, encoding="utf-8")
    (folder / "map.html").write_text(render_map(results, RUN, base, specs=specs), encoding="utf-8")
    write_embed(results, RUN, specs, folder)
    return world, folder


def test_the_table_has_the_answer(site: tuple[World, Path]) -> None:
    world, folder = site
    row = pd.read_csv(folder / "data/finding.csv", keep_default_na=False).iloc[0]
    assert {name: str(row[name]) for name in world.row} == world.row
    assert f"{row['setting']}_{row['value']}" == world.other[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_picture_says_it(site: tuple[World, Path], language: str) -> None:
    world, folder = site
    end = "" if language == "es" else f"-{language}"
    lead, whole = world.said[language][0], " ".join(world.said[language])
    read = {
        name: unescape((folder / name).read_text(encoding="utf-8"))
        for name in ("index.html", "map.html", f"embed/map{end}.svg", f"embed/snippet{end}.html")
    }
    assert f"<strong>{lead}</strong> {' '.join(world.said[language][1:])}" in read["index.html"]
    assert all(json.dumps(one, ensure_ascii=False) in read["map.html"] for one in world.said[language])
    assert whole in read[f"embed/snippet{end}.html"]  # the alternative text
    drawn = " ".join(part.split("<")[0] for part in read[f"embed/map{end}.svg"].split(">"))
    assert lead in " ".join(drawn.split())
    title = json.loads((folder / f"embed/oembed{end}.json").read_text(encoding="utf-8"))["title"]
    assert title == lead
    page = (folder / "embed" / ("index.html" if language == "es" else "en.html")).read_text(encoding="utf-8")
    assert lead in unescape(page)


def test_no_sentence_outlives_its_number(site: tuple[World, Path]) -> None:
    world, folder = site
    other = CLOSE if world is CLEAR else CLEAR
    gone = [one for language in LANGUAGES for one in other.said[language]]
    files = [path for path in folder.rglob("*") if path.suffix in {".html", ".svg", ".json", ".txt"}]
    assert len(files) > 8
    for path in files:
        text = unescape(path.read_text(encoding="utf-8"))
        assert not [one for one in gone if one in text], path.name
