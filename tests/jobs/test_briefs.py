"""Briefs of all consulates from a finished run: every number followed to its row, every share with band and grade."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from markupsafe import escape

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.core.own_settings import DataFile
from corridors.jobs.briefs import briefs as make_briefs, files_left_out
from corridors.jobs.districts import district_counties, license_cells
from corridors.jobs.inputs import load_inputs
from corridors.jobs.run_folder import read_run
from corridors.jobs.stages import build_network
from corridors.network import zone_districts
from corridors.outputs.briefs.cited import EMPTY
from corridors.outputs.text import LANGUAGES, load_translations, slug
from corridors.sources import Report
from tests.jobs.finished_world import TODAY, finished_run
from tests.outputs.page_islands import islands_of
from tests.outputs.payload_check import page_faults
from tests.privacy import narrowed, said_by

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.jobs.inputs import Inputs

SHARES = re.compile(r"(share|part|crossing)_mean")


@pytest.fixture(scope="module")
def briefs(outreach: Path) -> Path:
    return outreach / "briefs"


class Reader(HTMLParser):
    """Gathers the numbers of a page with their ids, the blocks they stand in, and every other text by language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.figure, self.silent = "es", "", 0
        self.numbers: list[tuple[str, str, str]] = []  # language, id, text
        self.blocks: list[list[str]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "article":
            self.language = str(values["lang"])
        if tag in {"script", "style", "svg", "time"}:
            self.silent += 1
        if tag in {"li", "tr", "dd", "p"}:
            self.blocks.append([])
        if tag == "data":
            self.figure = str(values["data-id"])
            self.numbers.append((self.language, self.figure, ""))
            self.blocks[-1].append(self.figure)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "svg", "time"}
        if tag == "data":
            self.figure = ""

    def handle_data(self, data: str) -> None:
        if self.figure:
            language, figure, text = self.numbers[-1]
            self.numbers[-1] = (language, figure, text + data)
        elif not self.silent:
            self.texts.append(data)


@pytest.fixture(scope="module")
def pages(briefs: Path) -> dict[str, Reader]:
    return {page.name: Reader(page.read_text(encoding="utf-8")) for page in sorted(briefs.glob("*.html"))}


def cell_reader(briefs: Path, finished: Path) -> dict[str, pd.DataFrame]:
    """Return every table that an id may name, read back from the files themselves."""
    keys = json.loads((briefs / "manifest.json").read_text(encoding="utf-8"))["keys"]
    files = {f"run/data/{name}": finished / "data" / name for name in ("ports.csv", "crossings.csv")}
    files |= {f"data/{path.name}": path for path in (briefs / "data").iterdir()}
    tables = {}
    for name, path in files.items():
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        key = keys[name]
        tables[name] = table.set_index(pd.Index(["|".join(row) for row in table[key].to_numpy().tolist()]))
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    tables["run/manifest.json:run"] = pd.DataFrame([manifest["run"]], index=["run"]).astype(str)
    tables["run/manifest.json:sources"] = (
        pd.DataFrame(manifest["sources"]).set_index("id", drop=False).astype(str)
    )
    return tables


def forms(cells: list[str], language: str) -> set[str]:
    """Return every way a page may write these cells."""
    words = load_translations(language)
    shown = {cells[0] or EMPTY, cells[0].lstrip("'"), cells[0].replace("://", ":\u200b//")}
    shown |= {words.published(cells[0])} - {""}
    shown.add(cells[0].replace("as printed", words("calendar.as_printed")))
    shown |= set(re.findall(r"^https?://(?:www\.)?([^/?#]+)", cells[0]))  # where a figure was read
    if len(cells) == 1 and re.fullmatch(r"\d{4}(-\d\d){0,2}", cells[0]):
        shown.add(words.day(cells[0]))
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return shown
    if len(values) == 2:
        return {words.band(*values)}
    return shown | {words.share(values[0]), *(words.number(values[0], digits) for digits in (0, 1))}


def test_there_is_a_brief_for_each_of_27_offices_and_an_index(
    shipped: Inputs, pages: dict[str, Reader]
) -> None:
    offices = shipped.tables["consulates"].query("southwest")
    assert offices["us_state"].value_counts().to_dict() == {"TX": 11, "CA": 10, "AZ": 5, "NM": 1}
    assert set(pages) == {f"{slug(name)}.html" for name in offices["name"]} | {"index.html"}


def test_every_number_is_followed_to_its_row(briefs: Path, finished: Path, pages: dict[str, Reader]) -> None:
    tables = cell_reader(briefs, finished)
    followed = 0
    for page, reader in pages.items():
        for language, figure, text in reader.numbers:
            file, key, columns = figure.split("#")
            cells = [str(tables[file].at[key, column]) for column in columns.split("+")]  # noqa: PD008
            assert text in forms(cells, language), (page, figure, text, cells)
            followed += 1
    assert followed > 10_000


def test_no_number_stands_outside_but_in_our_own_words(pages: dict[str, Reader], finished: Path) -> None:
    ours = " ".join(" ".join(load_translations(language).texts.values()) for language in LANGUAGES)
    manifest = json.loads((finished / "manifest.json").read_text())
    ours += " ".join(source["attribution"] for source in manifest["sources"])
    facts = manifest["run"]  # which the page's foot states
    ours += f" {facts['version']} {facts['worlds']:,} {facts['seed']}"
    for page, reader in pages.items():
        for text in reader.texts:
            for number in re.findall(r"\d[\d.,]*\d|\d", text):
                assert number in ours, (page, number, text)


def test_every_share_of_flow_has_its_band_and_grade(pages: dict[str, Reader]) -> None:
    seen = 0
    for page, reader in pages.items():
        for block in reader.blocks:
            for figure in (one for one in block if SHARES.search(one)):
                file, key, column = figure.split("#")
                stem = column.removesuffix("_mean")
                assert f"{file}#{key}#{stem}_lo90+{stem}_hi90" in block, (page, figure)
                grade = "crossing_grade" if stem == "crossing" else "grade"
                assert f"{file}#{key}#{grade}" in block, (page, figure)
                seen += 1
    assert seen > 27 * 2 * 10


def test_the_data_of_every_brief_is_as_described(briefs: Path) -> None:
    for page in briefs.glob("*.html"):
        assert page_faults(islands_of(page.read_text(encoding="utf-8"))) == [], page.name


def test_pages_are_small_and_name_no_promoter(briefs: Path, shipped: Inputs) -> None:
    sizes = {page.name: page.stat().st_size for page in briefs.glob("*.html")}
    assert max(sizes.values()) < 600_000
    promoters = [
        text for text in shipped.tables["gun_show_venues"]["promoter"].dropna().unique() if len(text) > 12
    ]
    assert promoters
    for page in briefs.glob("*.html"):
        assert [name for name in promoters if f">{name}<" in page.read_text(encoding="utf-8")] == []
    assert "promoter" not in (briefs / "data/venues.csv").read_text(encoding="utf-8").splitlines()[0]


def test_venues_without_a_name_are_counted_by_county_in_one_line(briefs: Path) -> None:
    venues = pd.read_csv(briefs / "data/venues.csv", dtype={"fips": str})
    county = pd.read_csv(briefs / "data/counties.csv", dtype={"fips": str}).set_index("fips")["name"]
    unnamed = venues[venues["venue"] == "unspecified"]
    listed = pd.read_csv(briefs / "data/unnamed_venues.csv").set_index("consulate")
    assert listed["venues"].to_dict() == unnamed.groupby("consulate").size().to_dict() != {}
    for consulate, group in unnamed.groupby("consulate"):
        names = ", ".join(sorted(set(group["fips"].map(county))))
        page = (briefs / f"{slug(str(consulate))}.html").read_text(encoding="utf-8")
        for article in page.split("<article ")[1:]:
            words = load_translations(article[article.index('lang="') + 6 :][:2])
            said = unescape(re.sub(r"<[^>]+>", "", article))
            key = words.plural("brief.venues_unnamed", len(group))
            assert words(key, count=str(len(group)), counties=names) in said
            assert f'<th scope="row">{words("brief.venue_unnamed")}<' not in article


def test_districts_part_the_counties_of_the_four_states(briefs: Path, shipped: Inputs) -> None:
    found = pd.read_csv(briefs / "data/counties.csv", dtype={"fips": str})
    counties = shipped.tables["counties"]
    assert sorted(found["fips"]) == sorted(counties["fips"])
    assert found["fips"].is_unique
    totals = shipped.tables["consular_totals"].set_index(["consulate", "us_state"])["counties"]
    counted = found.groupby(["consulate", "us_state"]).size()
    assert {key: counted[key] for key in totals.index} == totals.to_dict()
    own = dict(
        zip(shipped.tables["consulates"]["name"], shipped.tables["consulates"]["us_state"], strict=True)
    )
    hours = found.set_index("name")["hours"]
    assert 0 < hours["Pima"] < 1
    assert 2 < hours["Apache"] < 6
    chosen = found[found["approximate"]]
    assert len(chosen) == 191
    assert found["inferred"].sum() == 88
    assert not (found["inferred"] & found["approximate"]).any()
    assert set(found.loc[found["consulate"] == "Tucson", "inferred"]) == {True}
    assert (chosen["consulate"].map(own) == chosen["us_state"]).all()


def test_district_flow_adds_up_to_the_run(briefs: Path, finished: Path) -> None:
    districts = pd.read_csv(briefs / "data/districts.csv")
    assert districts["share_mean"].sum() == pytest.approx(1, abs=1e-6)
    assert (districts["share_lo90"] <= districts["share_mean"]).all()
    ports = pd.read_csv(finished / "data/ports.csv").set_index("poe_id")["share_mean"]
    by_port = pd.read_csv(briefs / "data/district_port.csv").groupby("poe_id")["share_mean"].sum()
    assert by_port.to_dict() == pytest.approx(ports.to_dict(), abs=1e-6)
    cities = pd.read_csv(finished / "data/crossings.csv").set_index("crossing_city")["share_mean"]
    by_city = pd.read_csv(briefs / "data/district_crossing.csv").groupby("crossing_city")["share_mean"].sum()
    assert by_city.to_dict() == pytest.approx(cities.to_dict(), abs=1e-6)
    ends = pd.read_csv(briefs / "data/district_state.csv", dtype={"mx_state": str})
    assert ends.groupby("consulate")["part_mean"].sum().to_numpy() == pytest.approx(1, abs=1e-4)
    assert set(ends["grade"]) <= {"B", "C", "D"}
    start = districts.set_index("consulate")["share_mean"]
    texas = ends.assign(share=ends["part_mean"] * ends["consulate"].map(start))
    pairs = (
        pd.read_csv(finished / "data/state_pairs.csv", dtype={"mx_state": str})
        .groupby("mx_state")["share_mean"]
        .sum()
    )
    assert texas.groupby("mx_state")["share"].sum().to_dict() == pytest.approx(pairs.to_dict(), abs=1e-4)


def test_crossing_cities_come_first_and_their_bridges_inside_them(briefs: Path, finished: Path) -> None:
    cities = pd.read_csv(finished / "data/crossings.csv").set_index("crossing_city")
    listed = 0
    for page in (page for page in sorted(briefs.glob("*.html")) if page.name != "index.html"):
        text = page.read_text(encoding="utf-8")
        front = text.split('class="second"')[0]
        rows = re.findall(
            r"<tr(?: class=\"(bridge)\")?><th scope=\"row\"><data value=\"[^\"]*\" data-id=\"run/data/(\w+)\.csv#([^#]+)#",
            front,
        )
        city = ""
        for kind, table, key in rows:
            assert (kind == "bridge") == (table == "ports"), (page.name, key)
            city = city if kind else key
            inside = str(cities.loc[city, "ports"]).split()
            assert not kind or (key in inside and len(inside) > 1), (page.name, city, key)
            listed += bool(kind)
        layers = islands_of(text)
        discs = layers["compact_layer_crossings_data"]["columns"]
        assert discs["id"] == [key for kind, _, key in rows if not kind]
        assert sum(map(len, discs["ports"])) == sum(kind == "bridge" for kind, _, _ in rows)
    assert listed > 27


def test_licences_are_sums_of_counties(briefs: Path, shipped: Inputs) -> None:
    held = pd.read_csv(briefs / "data/licences.csv").set_index(["area", "year"])["licences"]
    dealers = shipped.tables["dealers"].set_index(["fips", "year"])["dealers"]
    assert held["Tucson", 2023] == dealers["04019", 2023] + dealers["04021", 2023]
    assert held["TX", 2023] == 8382
    assert held["region", 2003] == 1368 + 3034 + 720 + 5576


def test_no_count_of_1_to_4_licences_can_be_worked_out(briefs: Path, finished: Path, shipped: Inputs) -> None:
    counties = district_counties(shipped, build_network(shipped))
    held = license_cells(shipped.tables, zone_districts(shipped.tables, counties), counties)
    published = [*said_by(briefs, 2023), *said_by(finished, 2023)]
    assert len(published) > 1_000
    assert narrowed(held, published) == []
    calexico = pd.read_csv(briefs / "data/licences.csv").query("year == 2018").set_index("area")["licences"]
    assert calexico[calexico.isna()].index.tolist() == ["Calexico", "Fresno"]


def test_an_office_without_a_county_still_has_a_brief(shipped: Inputs, tmp_path: Path) -> None:
    official = tmp_path / "official.csv"
    everywhere = shipped.tables["counties"]["fips"]
    pd.DataFrame({"fips": everywhere, "consulate": "Tucson"}).to_csv(official, index=False)
    config = Config(data={"consular_districts": DataFile(file=official)})
    run = finished_run(tmp_path / "run", load_inputs(config))
    make_briefs(config, run, consulates=["Nogales"]).write(tmp_path / "out", pdf=False)
    page = unescape((tmp_path / "out/nogales.html").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        words = load_translations(language)
        for key in (
            "brief.no_counties",
            "brief.no_flow",
            "brief.laws_title",
            "brief.office_state",
            "brief.not_title",
        ):
            assert words(key) in page


def test_a_run_that_is_absent_or_changed_is_refused(finished: Path, shipped: Inputs, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"a finished run with manifest.json, found none. Make it first: corridors run"
    ):
        read_run(tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(finished, broken)
    (broken / "data/zone_port.csv").unlink()
    ports = broken / "data/ports.csv"
    ports.write_text(ports.read_text() + "\n")
    with pytest.raises(InputError) as caught:
        read_run(broken)
    assert [fault.found for fault in caught.value.faults] == ["a changed file of that name", "no such file"]
    sources = tuple(replace(one, sha256="0" * 64) if one.id == "dealers" else one for one in shipped.sources)
    with pytest.raises(InputError, match="different tables: dealers"):
        read_run(finished, replace(shipped, sources=sources))
    official = tuple(one for one in shipped.sources if one.id != "consular_districts")
    with pytest.raises(InputError, match="different tables: consular_districts"):
        read_run(finished, replace(shipped, sources=official))  # the run holds the flow of its own districts
    totals = tuple(one for one in shipped.sources if one.id != "consular_totals")
    assert read_run(finished, replace(shipped, sources=totals)).about.fingerprint == "0badcafe"
    newer = {"port_events", "freight_flows"}
    newer_events = tuple(replace(one, sha256="0" * 64) if one.id in newer else one for one in shipped.sources)
    assert read_run(finished, replace(shipped, sources=newer_events)).about.fingerprint == "0badcafe"
    fitted = tuple(
        replace(one, sha256="0" * 64) if one.id == "seizure_events" else one for one in shipped.sources
    )
    with pytest.raises(InputError, match="different tables: seizure_events"):
        read_run(finished, replace(shipped, sources=fitted))
    with pytest.raises(InputError, match=r"one of Albuquerque, Austin.*found 'Paris'"):
        make_briefs(Config(), finished, consulates=["Paris"])


def test_the_same_run_gives_the_same_bytes(
    briefs: Path, finished: Path, other_lens: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shows = briefs.parent / "shows.csv"
    made = make_briefs(Config(), finished, consulates=["yuma"], other=other_lens, shows=shows, today=TODAY)
    made.write(again, pdf=False)
    assert (tmp_path / "again/yuma.html").read_bytes() == (briefs / "yuma.html").read_bytes()


def test_events_are_named_highlights_and_keep_their_addresses_as_data(briefs: Path) -> None:
    page = (briefs / "nogales.html").read_text(encoding="utf-8")
    islands = islands_of(page)
    shown = set(re.findall(r'data-event="([^"]+)"', page))
    events = pd.read_csv(briefs / "data/events.csv", dtype=str, keep_default_na=False).set_index("event_key")
    assert islands["links"] == events.loc[sorted(shown), "url"].to_dict()
    assert shown
    assert set(events.loc[sorted(shown), "us_state"]) <= {"AZ", ""}
    at_ports = [key for key in shown if key.startswith("PE")]
    in_arizona = events.index[events["us_state"] == "AZ"]
    assert len(at_ports) == min(12, len(in_arizona))
    assert min(events.loc[at_ports, "date_from"]) >= max(
        [*events.loc[in_arizona.difference(at_ports), "date_from"], ""]
    )
    for language, words in (("es", "Destacados, no un censo"), ("en", "Highlights, not a census")):
        assert words in load_translations(language)("note.events")
        assert str(escape(load_translations(language)("note.events"))) in page
        assert str(escape(load_translations(language)("brief.events_note"))) in page
    assert "https://" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_without_dated_events_a_brief_says_so(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridors.jobs.briefs.dated_events", lambda _: None)
    made = make_briefs(Config(), finished, consulates=["Nogales"])
    page = made.briefs["nogales.html"]
    assert "events" not in made.tables
    assert str(escape(load_translations("es")("brief.events_absent"))) in page
    assert islands_of(page)["links"] == {}


def articles_of(page: Path) -> dict[str, str]:
    """Return the text of a brief in each language, without tags."""
    found = re.findall(r'<article lang="(\w+)".*?</article>', page.read_text(encoding="utf-8"), re.DOTALL)
    parts = re.split(r'<article lang="', page.read_text(encoding="utf-8"))[1:]
    plain = [" ".join(unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]
    return dict(zip(found, plain, strict=True))


def test_a_district_is_told_that_its_rate_is_higher_only_where_it_is(briefs: Path, shipped: Inputs) -> None:
    held = pd.read_csv(briefs / "data/licences.csv")
    rate = held[held["year"] == held["year"].max()].set_index("area")["rate"]
    higher = 0
    for name, state in shipped.tables["consulates"].query("southwest")[["name", "us_state"]].to_numpy():
        told = articles_of(briefs / f"{slug(name)}.html")
        assert ("más que en el conjunto de" in told["es"]) == (rate[name] > rate[state]), name
        assert ("as a whole (" in told["en"]) == (rate[name] > rate[state]), name
        higher += rate[name] > rate[state]
    assert 0 < higher < 27


def test_offices_have_their_rank_name_and_day(briefs: Path) -> None:
    titles = {
        name: [re.sub(r" \d.*", "", text) for text in articles_of(briefs / f"{name}.html").values()]
        for name in ("los-angeles", "tucson", "del-rio")
    }
    assert titles["los-angeles"][0].startswith(
        'es" data-language="es"> Consulado General de México en Los Ángeles'
    )
    assert "Consulate General of Mexico in Los Angeles" in titles["los-angeles"][1]
    assert "Consulado de México en Tucson" in titles["tucson"][0]
    assert "Consulado de México en Del Río" in titles["del-rio"][0]
    for page in (page for page in briefs.glob("*.html") if page.name != "index.html"):
        day = TODAY.isoformat()
        assert f'<time datetime="{day}">{load_translations("es").date(day)}</time>' in page.read_text("utf-8")


def test_counts_agree_with_their_nouns(briefs: Path) -> None:
    single = articles_of(briefs / "los-angeles.html")
    assert "1 condado," in single["es"]
    assert "1 county," in single["en"]
    for page in (page for page in briefs.glob("*.html") if page.name != "index.html"):
        for text in articles_of(page).values():
            assert not re.search(r"\b1 (condados|counties|licencias|licenses)\b", text), page.name


def test_a_brief_says_which_rows_of_a_file_were_left_out(briefs: Path) -> None:
    table = pd.read_csv(briefs / "data/own_files.csv")
    assert table[["file", "calendar", "rows", "kept", "left"]].to_numpy().tolist() == [
        ["shows.csv", True, 10, 9, 1]
    ]
    page = (briefs / "tucson.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", page)
    assert (
        "Del archivo shows.csv se leyeron 9 de 10 renglones (omitidos: 1). Los motivos están en la página Calendario."
        in text
    )
    assert (
        "Of the file shows.csv, 9 of 10 rows were read (left out: 1). The reasons are on the page Calendar."
        in text
    )


def test_of_a_file_read_whole_nothing_is_said() -> None:
    whole, cut = Report("sedena", "a/x.xlsx", 5, 5), Report("sedena", "a/y.xlsx", 5, 3, {"no date": 2})
    assert files_left_out([whole]).empty
    found = files_left_out([whole, cut, Report("sedena", "b/y.xlsx", 2, 1, {"no date": 1})])
    assert found[["number", "file", "left"]].to_numpy().tolist() == [[2, "y.xlsx", 2], [3, "y.xlsx", 1]]
