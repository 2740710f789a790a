"""Files of the user's own keep their own publisher, time and caveat: no word, year or number of the shipped ones is left."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.config import Config, read_config, with_changes
from corridors.core.errors import InputError
from corridors.jobs.briefs import briefs
from corridors.jobs.calendar import calendar
from corridors.jobs.figures import figures
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.run import run
from corridors.jobs.source_list import list_sources
from corridors.outputs.pages import embed
from corridors.outputs.text import LANGUAGES, source_translations
from corridors.sources.tables import read_catalog
from tests.outputs.page_islands import whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corridors.core.types import Source
    from corridors.jobs.inputs import Inputs
    from corridors.jobs.run import RunResult

DATA = default_data()
SHIPPED = read_catalog(DATA)
NAMES = {
    "dealers": ("Angeles Times",),
    "county_people": ("covidcast", "2019"),
    "state_laws": ("Siegel", "Tufts", "of 72"),
    "figures": ("3 to 4%", "3 y 4%", "3.2", "2017-21", "2017 to 2021", "Hartford", "62%", "SRC"),
    "city_shares": ("0.08", "Iron River"),
    "published_routes": ("SEDENA", "Eleven", "once rutas"),
    "southbound_factors": ("0.22", "seven Texas", "siete puentes"),
    "seizures_municipal": ("2011", "2006", "CIDE"),
    "seizure_events": ("ulletin", "oletines", "los comunicados de "),
    "port_events": ("press releases",),
    "gun_show_venues": ("press reports shows",),
    "consular_districts": ("from the press", "de la prensa"),
    "gun_shows": ("2018",),
    "road_edges": ("20 km", "TravelMapping"),
    "homicides_municipal": ("0.9%",),
}
"""Words, years and numbers that texts state of shipped tables alone."""
OUR_YEARS = {"source.software", "brief.laws_federal", "why.value_of_time_usd", "why.laws"}
"""Texts that may name a year: of the page's own software, of a federal rule, of two studies behind the model."""
MINE = "Observatorio Propio"
GROUPS = 4
TEXT = {".html", ".csv", ".json", ".txt", ".bib", ".ics", ".svg", ".geojson", ".kml"}


def own(source: Source) -> Source:
    """The row of a user's file in a table's place."""
    return replace(
        source,
        own=True,
        title="T",
        publisher=MINE,
        attribution=f"{MINE} (f.csv)",
        period="1901",
        not_what="W",
    )


def said(sources: list[Source], language: str) -> dict[str, str]:
    """Every text but those kept for own files, which are said only in place of another."""
    texts = source_translations(language, sources).texts
    return {key: text for key, text in texts.items() if not key.startswith("own_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_the_shipped_tables_name_their_sources(language: str) -> None:
    whole = " ".join(said(list(SHIPPED.values()), language).values())
    assert "Los Angeles Times" in whole
    assert not re.search(r"\{\w+_(credit|years)\}", whole)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", sorted(NAMES))
def test_no_text_speaks_of_the_shipped_table_in_place_of_an_own_one(table: str, language: str) -> None:
    after = said([own(source) if source.id == table else source for source in SHIPPED.values()], language)
    for word in NAMES[table]:
        left = {key for key, text in after.items() if word in text} - OUR_YEARS
        assert not left, (word, left)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_every_table_is_the_users_own_no_text_names_a_year_or_a_shipped_publisher(
    language: str,
) -> None:
    texts = said([own(source) for source in SHIPPED.values()], language)
    plain = {key: text.replace("1901", "") for key, text in texts.items()}
    assert {key for key, text in plain.items() if re.search(r"\b(19|20)\d\d\b", text)} <= OUR_YEARS
    whole = " ".join(text for key, text in plain.items() if key not in OUR_YEARS)
    words = {word for table in NAMES.values() for word in table if not re.fullmatch(r"\d{4}", word)}
    assert {word for word in words - {"SRC"} if word in whole} == set()


def own_copies(folder: Path, tables: Iterable[str] = tuple(SHIPPED)) -> str:
    """Write shipped tables as another publisher's files. Return the section `data` of the settings."""
    lines = ["[data]"]
    for source in (SHIPPED[table] for table in tables):
        path = folder / f"mine-{source.id}{source.file[source.file.rindex('.') :]}"
        if path.suffix != ".csv":
            shutil.copy(DATA / source.file, path)
        else:
            table = pd.read_csv(DATA / source.file, dtype=str, keep_default_na=False)
            for column in {"source", "note", "title", "stated", "speed_note", "pov_weight_source"} & set(
                table
            ):
                table[column] = table[column].where(table[column] == "", "nuestro")
            for column in (name for name in map(str, table) if name == "url" or name.endswith("_url")):
                table[column] = table[column].where(table[column] == "", "https://observatorio.example/a")
            if source.id == "figures":
                table["target"] = "lo que se cuenta"
            if source.id == "dealers":
                table = table[table["year"] == "2023"].assign(year="2026")
            table.to_csv(path, index=False)
        about = f'publisher = "{MINE}", caveat = "cuidado: {source.id}"'
        lines.append(f'{source.id} = {{ file = "{path.name}", {about} }}')
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that a run and the commands for consulates write from files of the user's own alone."""
    folder = tmp_path_factory.mktemp("mine")
    toml = folder / "corridors.toml"
    toml.write_text(
        '[run]\nmode = "point"\nworlds = 2\nvariants = 1\n' + own_copies(folder), encoding="utf-8"
    )
    config, out = read_config(toml), folder / "out"
    write_everything(run(config), out)
    return out


def write_everything(result: RunResult, out: Path) -> None:
    """Write all pages, tables and the kit of a run, and of the commands for consulates."""
    config = result.config
    with pytest.MonkeyPatch.context() as patch:  # a picture's words are those of its SVG
        patch.setattr(embed, "rasterise", lambda *_: None)
        patch.setattr(embed, "quantise_png", lambda _: b"")
        result.write(out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["run"]["mode"] = "posterior"  # pages for public use are made of no quick look
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    briefs(config, out, consulates=["Tucson"], today=date(2026, 11, 1)).write(out / "briefs", pdf=False)
    calendar(config, out, today=date(2026, 11, 1), days=60).write(out / "calendar")
    figures(config).write(out / "narrative")
    list_sources(config, today=date(2026, 11, 1)).write(out / "sources.html")


@pytest.fixture(scope="module")
def shipped_run() -> RunResult:
    return run(with_changes(Config(), {"mode": "point", "worlds": 2, "variants": 1}))


@pytest.mark.parametrize("group", range(GROUPS))
def test_in_turn_no_file_holds_a_word_of_the_tables_replaced(
    group: int, shipped_run: RunResult, tmp_path: Path
) -> None:
    """A part of the tables is replaced, the others stay: making all pages takes half a minute, so not one table at a time.

    The flow is that of the shipped run: copies hold the same numbers, only publisher, time and caveat are others.
    """
    tables = sorted(SHIPPED)[group::GROUPS]
    toml = tmp_path / "corridors.toml"
    toml.write_text(
        '[run]\nmode = "point"\nworlds = 2\nvariants = 1\n' + own_copies(tmp_path, tables), encoding="utf-8"
    )
    config = read_config(toml)
    write_everything(replace(shipped_run, config=config, inputs=load_inputs(config)), tmp_path / "out")
    others = " ".join(text for name in set(SHIPPED) - set(tables) for text in stated(SHIPPED[name]))
    words = {text for table in tables for text in stated(SHIPPED[table]) if text not in others}
    assert len(words) > len(tables)
    found = {
        (path.name, word)
        for path in (tmp_path / "out").rglob("*")
        if path.suffix in TEXT
        for content in [whole_text(path.read_text(encoding="utf-8"))]
        for word in words
        if word in content
    }
    assert found == set()


def stated(source: Source) -> list[str]:
    """Return what a catalog row states of its publisher, caveat and licence, if long enough to be known again."""
    texts = (source.publisher, source.attribution, source.not_what, source.licence)
    return [text for text in texts if len(text) > 12]


def test_no_file_holds_a_word_of_a_shipped_source(everything: Path) -> None:
    texts = {text for source in SHIPPED.values() for text in stated(source)} | {
        "Angeles Times",
        "BuzzFeed",
        "Siegel",
        "covidcast",
        "Iron River",
        "CIDE-PPD",
        "TravelMapping",
    }
    for path in everything.rglob("*"):
        if path.suffix in TEXT:
            content = whole_text(path.read_text(encoding="utf-8"))
            assert {text for text in texts if text in content} == set(), path.name
    assert (everything / "embed/attribution.txt").read_text(encoding="utf-8").count(MINE) > 10


def test_every_source_says_its_own_caveat_and_time(everything: Path) -> None:
    manifest = json.loads((everything / "manifest.json").read_text(encoding="utf-8"))
    for source in manifest["sources"]:
        assert source["own"]
        assert source["publisher"] == MINE
        assert source["not_what"] == f"cuidado: {source['id']}"
    page = (everything / "map.html").read_text(encoding="utf-8")
    assert all(f"cuidado: {name}" in page for name in SHIPPED)


def test_a_series_of_years_is_of_one_source(everything: Path) -> None:
    held = pd.read_csv(everything / "briefs/data/licences.csv")
    assert set(held["year"]) == {2026}
    page = (everything / "briefs/tucson.html").read_text(encoding="utf-8")
    assert f"{MINE} (mine-dealers.csv)" in page
    indicators = pd.read_csv(everything / "briefs/data/indicators.csv")
    assert indicators["licences_change"].isna().all()


def licences_of(folder: Path, name: str, more: str = "") -> Inputs:
    """The inputs with a monthly list of licences of that name."""
    points = pd.read_csv(DATA / "zip_points.csv", dtype=str).head(300)
    header = "LIC_REGN LIC_DIST LIC_CNTY LIC_TYPE LIC_XPRDTE LIC_SEQN LICENSE_NAME BUSINESS_NAME PREMISE_STREET PREMISE_CITY PREMISE_STATE PREMISE_ZIP_CODE MAIL_STREET MAIL_CITY MAIL_STATE MAIL_ZIP_CODE VOICE_PHONE"
    rows = [
        "\t".join(["9", "86", str(row.fips)[2:], "01", "8F", f"{n:05d}", "n", "b", "s", "c", str(row.us_state), str(row.zip)] + [""] * 5)
        for n, row in enumerate(points.itertuples(index=False))
    ]  # fmt: skip
    (folder / name).write_text("\n".join([header.replace(" ", "\t"), *rows]) + "\n", encoding="utf-8")
    toml = folder / "corridors.toml"
    toml.write_text(f'[data]\nl = {{ file = "{name}", format = "atf_list"{more} }}\n', encoding="utf-8")
    return load_inputs(read_config(toml))


def test_a_list_of_licences_takes_the_place_of_the_shipped_counts(tmp_path: Path) -> None:
    inputs = licences_of(tmp_path, "1126-ffl-list.txt")
    by_id = {source.id: source for source in inputs.sources}
    assert "dealers" not in by_id
    assert by_id["dealers_zip"].period == "2026-11"
    assert by_id["dealers_zip"].publisher.startswith("Bureau of Alcohol")
    assert by_id["dealers_zip"].not_what == ""
    line = source_translations("en", inputs.sources)("brief.say_licences_source")
    assert "Bureau of Alcohol" in line
    assert "Angeles" not in line


def test_the_settings_date_a_list_whose_name_has_no_month(tmp_path: Path) -> None:
    table = licences_of(tmp_path, "list.txt", ', period = "2026-11"').tables["dealers_zip"]
    assert set(table["month"]) == {"2026-11"}


def test_a_file_of_another_year_than_the_settings_say_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1124-ffl-list\.txt.*2026-11.*2024-11"):
        licences_of(tmp_path, "1124-ffl-list.txt", ', period = "2026-11"')


def test_two_files_for_one_table_are_a_fault(tmp_path: Path) -> None:
    shutil.copy(DATA / "dealers.csv", tmp_path / "mine.csv")
    with pytest.raises(InputError, match=r"one file for the table 'dealers_zip', found mine\.csv too"):
        licences_of(tmp_path, "1126-ffl-list.txt", ' }\ndealers = { file = "mine.csv"')
