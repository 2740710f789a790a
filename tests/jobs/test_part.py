"""A run of a part of the region says so: asked for first, and then in every title and first line."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from corridors.config import Config, with_changes
from corridors.core.errors import InputError
from corridors.core.results import Run
from corridors.jobs.briefs import briefs_of
from corridors.jobs.calendar import calendar_of
from corridors.jobs.part import is_fitted, part_line, part_of, shown_draws
from corridors.jobs.run_folder import read_public_run, read_run
from corridors.jobs.stages import build_evidence, build_network
from corridors.outputs.summary.uncertainty import bands
from corridors.outputs.text import LANGUAGES, run_translations
from corridors.outputs.text.citation import bibtex, csl, plain
from corridors.outputs.text.translations import PART_NOTICES, PART_SENTENCES, PART_TITLES
from tests.jobs import finished_world
from tests.outputs.flow import flow_draws
from tests.outputs.page_islands import whole_text

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network
    from corridors.jobs.briefs import BriefsResult
    from corridors.jobs.inputs import Inputs

FITTED_BY = ("pair_counts", "city_counts", "top_counts", "region_counts")
PARTIAL = with_changes(Config(), {"partial": True})
PART = {
    "counties": 1, "municipalities": 1, "ports": 2, "licences": 40, "people_us": 0, "people_mx": 0, "fitted": 0,
    "counties_AZ": 1, "fitted_AZ": 0,
}  # fmt: skip

ARIZONA = {
    "counties": 15, "municipalities": 2478, "ports": 42, "licences": 2562, "people_us": 9, "people_mx": 100, "fitted": 1,
    "counties_AZ": 15, "fitted_AZ": 1,
}  # fmt: skip


def run_of(part: dict[str, int]) -> Run:
    return Run("toy", "posterior", "all", "combined", 300, 1, "0badcafe", (), "0.1.0", part)


@pytest.fixture(scope="module")
def network(shipped: Inputs) -> Network:
    return build_network(shipped)


def test_the_shipped_tables_are_of_the_whole_region(shipped: Inputs, network: Network) -> None:
    assert part_of(shipped, network, build_evidence(shipped, network, Config())) == {}


def test_licences_of_arizona_alone_are_a_part(shipped: Inputs, network: Network) -> None:
    dealers = shipped.tables["dealers"]
    arizona = replace(shipped, tables={**shipped.tables, "dealers": dealers[dealers["fips"].str[:2] == "04"]})
    with pytest.raises(
        InputError, match=r"15 of 360 counties with [\d,]+ licenses \(9 % of the people\).*--partial"
    ):
        build_evidence(arizona, network, Config())
    evidence = build_evidence(arizona, network, PARTIAL)
    published = evidence.published
    assert is_fitted(evidence)
    assert set(published.city_names) == {"Phoenix", "Pima County"}
    assert len(published.pair_counts) == 1
    assert published.route_ids == ("FGR11-02", "FGR11-03", "FGR11-04", "FGR11-05")  # Yuma to Tucson
    # guns reach a municipality or a port from the other three states too
    assert len(published.top_counts) == len(published.event_counts) == len(published.region_counts) == 0
    part = part_of(arizona, network, evidence)
    assert part["counties"] == 15
    assert part["fitted"] == 1
    assert {name: value for name, value in part.items() if "_" in name and "people" not in name} == {
        "counties_AZ": 15,
        "fitted_AZ": 1,
    }
    assert "2,478 of 2,478 municipalities (100 %)" in part_line(part)


def test_a_list_of_forty_dealers_is_a_part_wherever_they_are(shipped: Inputs, network: Network) -> None:
    points = shipped.tables["zip_points"]
    forty = points.groupby("us_state").head(10).assign(dealers=1, placed_by="zip", month="2026-11")
    few = replace(shipped, tables={**shipped.tables, "dealers_zip": forty})
    with pytest.raises(InputError, match="with 40 licenses"):
        build_evidence(few, network, Config())
    assert_nothing_is_fitted(build_evidence(few, network, PARTIAL))


@pytest.mark.parametrize("fips", [("04023",), ("04019", "06073", "35013", "48141")])
def test_no_figure_of_a_state_is_fitted_to_dealers_of_a_few_counties(
    fips: tuple[str, ...], shipped: Inputs, network: Network
) -> None:
    dealers = shipped.tables["dealers"]
    few = replace(shipped, tables={**shipped.tables, "dealers": dealers[dealers["fips"].isin(fips)]})
    evidence = build_evidence(few, network, PARTIAL)
    assert_nothing_is_fitted(evidence)
    assert part_of(few, network, evidence)["fitted"] == 0
    assert set(evidence.zones["zone_id"]) == {f"county:{one}" for one in fips}


def test_trips_of_a_few_dealers_begin_where_these_are(shipped: Inputs, network: Network) -> None:
    points = shipped.tables["zip_points"]
    of_el_paso = (
        points[points["fips"] == "48141"].head(12).assign(dealers=1, placed_by="zip", month="2026-11")
    )
    one_beside = points[points["fips"] == "35013"].head(1).assign(dealers=5, placed_by="zip", month="2026-11")
    few = replace(shipped, tables={**shipped.tables, "dealers_zip": pd.concat([of_el_paso, one_beside])})
    zones = build_evidence(few, network, PARTIAL).zones
    assert set(zones["name"]) == {"Doña Ana", "El Paso"}
    assert set().union(*zones["members"]) >= set(points.loc[points["fips"] == "48141", "zip"])
    assert zones.total_bounds[2] < -105


def test_a_county_with_fewer_than_five_licenses_is_hidden_among_its_neighbors(
    shipped: Inputs, network: Network
) -> None:
    dealers = pd.DataFrame({"fips": ["04023", "04019"], "year": 2026, "dealers": [1, 39]})
    few = replace(shipped, tables={**shipped.tables, "dealers": dealers})
    zones = build_evidence(few, network, PARTIAL).zones
    assert zones["zone_id"].tolist() == ["county:04003+04019+04023"]


def assert_nothing_is_fitted(evidence: Evidence) -> None:
    """Assert that the fit is left with its priors."""
    published = evidence.published
    assert not is_fitted(evidence)
    assert published.state_counts.tolist() == [0.0] * len(evidence.us_states)
    assert len(published.event_counts) == len(published.route_ids) == 0


def test_what_was_not_fitted_is_shown_without_bands(shipped: Inputs, network: Network) -> None:
    evidence, draws = build_evidence(shipped, network, Config()), flow_draws()
    published = evidence.published
    nothing = replace(
        published,
        state_counts=np.zeros_like(published.state_counts),
        **{name: getattr(published, name)[:0] for name in FITTED_BY},
    )
    assert shown_draws(draws, evidence).kind == "posterior"
    shown = shown_draws(draws, replace(evidence, published=nothing))
    found = bands(shown.port_share, shown.kind)
    assert np.isnan(found["share_lo90"]).all()
    assert found["share_mean"] == pytest.approx(draws.port_share.mean(axis=0), abs=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_first_lines_say_what_the_shares_are_of(language: str) -> None:
    whole, part = (run_translations(language, run_of(of)) for of in ({}, PART))
    for key in PART_TITLES:
        assert part.texts[key] == f"{whole.texts[key]} ({whole('part.title')})"
    for key in PART_SENTENCES:  # the notice on the same screen says of what part, once
        assert part.texts[key] == f"{whole('part.finding')} {whole.texts[key]}"
        assert "360" not in part.texts[key]
    for key in PART_NOTICES:
        assert "360" in part.texts[key]
        assert "40" in part.texts[key]
        assert part.texts[key].endswith(whole("part.unfitted"))
    assert "<1" not in part("part.notice")
    assert f"({whole('label.tiny', share='1%')}" in part("part.notice")
    assert "0%" not in part("part.notice")
    for text in (plain(run_of(PART), part), bibtex(run_of(PART), part), csl(run_of(PART), part)):
        assert "360" in text
        assert " Arizona, " in text
    assert plain(run_of({}), whole).count(whole("page.title")) == 1
    assert whole("part.unfitted") not in run_translations(language, run_of(PART | {"fitted": 1}))(
        "page.notice"
    )


def test_no_text_of_an_unfitted_part_promises_a_band() -> None:
    """What stands in place of a text for an unfitted part, or for any part, is a text that there is."""
    for language in LANGUAGES:
        whole = run_translations(language, run_of({}))
        unfitted = run_translations(language, run_of(PART))
        for key in whole.texts:
            for begin in ("part_", "unfitted_"):
                if key.startswith(begin):
                    assert key.removeprefix(begin) in whole.texts
        assert "Arizona, California" not in unfitted("read.p1") + unfitted("method.asked_text")
        assert unfitted("method.how4") != whole("method.how4")
        assert "90%" not in unfitted("embed.largest_cities") + unfitted("method.how4")


@pytest.fixture(scope="module")
def of_arizona(shipped: Inputs, network: Network, finished: Path) -> BriefsResult:
    """The briefs of a run of Arizona alone, of every consulate it covers."""
    run = read_run(finished, shipped)
    run = replace(run, about=replace(run.about, part=ARIZONA))
    return briefs_of(run, shipped, network, Config())


def test_there_is_no_brief_of_a_district_outside_of_the_part(of_arizona: BriefsResult) -> None:
    assert sorted(of_arizona.briefs) == [
        "douglas.html",
        "nogales.html",
        "phoenix.html",
        "tucson.html",
        "yuma.html",
    ]
    districts = of_arizona.tables["districts"].set_index("consulate")
    outside = districts.loc[["Houston", "El Paso"]]
    assert outside[["share_mean", "share_lo90", "share_hi90", "licences", "rate"]].isna().all(axis=None)
    assert outside["grade"].tolist() == ["", ""]
    assert districts.loc["Tucson", ["share_mean", "licences"]].notna().all()
    held = of_arizona.tables["licences"].set_index("area")["licences"]
    assert held.loc[["Houston", "TX", "CA", "region"]].isna().all()
    assert held.loc[["Tucson", "AZ"]].notna().all()


def test_briefs_of_a_part_say_of_what_their_shares_are(of_arizona: BriefsResult) -> None:
    for page in (*of_arizona.briefs.values(), of_arizona.index):
        text = re.sub(r"<[^>]+>", "", whole_text(page))
        assert "15 de 360 condados, en Arizona" in text
        assert "15 of 360 counties, in Arizona" in text
        for false in (
            "desde los cuatro estados comenzar",
            "from the four states would",
            "the four states:",
            "flujo total",
        ):
            assert false not in text
    assert "one of the 27" not in re.sub(r"<[^>]+>", "", of_arizona.index)


def test_a_brief_of_another_district_than_those_of_the_part_is_refused(
    shipped: Inputs, network: Network, finished: Path
) -> None:
    run = read_run(finished, shipped)
    run = replace(run, about=replace(run.about, part=ARIZONA))
    with pytest.raises(
        InputError, match=r"one of Douglas, Nogales, Phoenix, Tucson, Yuma, found 'Houston', of which"
    ):
        briefs_of(run, shipped, network, Config(), names=["Houston", "Tucson"], whole=False)
    none = replace(run, about=replace(run.about, part=ARIZONA | {"fitted_AZ": 0}))
    with pytest.raises(InputError, match="a district that the run covers whole"):
        briefs_of(none, shipped, network, Config())


def test_the_calendar_of_a_part_says_so_first(
    shipped: Inputs, network: Network, finished: Path, tmp_path: Path
) -> None:
    run = read_run(finished, shipped)
    run = replace(run, about=replace(run.about, part=ARIZONA))
    shows = tmp_path / "shows.csv"
    shows.write_text(finished_world.SHOWS, encoding="utf-8")
    made = calendar_of(run, shipped, network, today=finished_world.TODAY, days=90, shows=shows)
    spanish, english = made.files["calendar.html"].decode().split("<article")[1:]
    for article, words in (
        (spanish, "15 de 360 condados, en Arizona"),
        (english, "15 of 360 counties, in Arizona"),
    ):
        assert article.index(words) < article.index("<table")
    known = made.tables["districts"].set_index("consulate")["share_mean"]
    assert known["Phoenix"] > 0
    assert np.isnan(known["San Diego"])  # with a show in the calendar
    assert "X-WR-CALNAME:Corridors (parte de la región)" in made.files["calendar.ics"].decode()
    assert (
        "X-WR-CALNAME:Corridors: Phoenix (parte de la región)" in made.files["calendar-phoenix.ics"].decode()
    )


def test_no_page_for_public_use_is_made_of_what_nothing_was_fitted_to(
    shipped: Inputs, finished: Path, tmp_path: Path
) -> None:
    for path in finished.iterdir():
        if path.name != "manifest.json":
            (tmp_path / path.name).symlink_to(path)
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    for part, refused in ((ARIZONA, False), (PART, True)):
        manifest["run"]["part"] = part
        (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        if not refused:
            assert read_public_run(tmp_path, shipped).about.part == part
            continue
        with pytest.raises(InputError, match="no published figure is of"):
            read_public_run(tmp_path, shipped)


def test_few_people_are_not_none() -> None:
    assert "(under 1 % of the people)" in part_line(PART)
    assert "(9 % of the people)" in part_line(ARIZONA)
