"""A run of a part of the region says so: asked for first, and then in every title and first line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from corridors.config import Config, with_changes
from corridors.core.errors import InputError
from corridors.core.results import Run
from corridors.jobs.part import is_fitted, part_line, part_of, shown_draws
from corridors.jobs.stages import build_evidence, build_network
from corridors.outputs.summary.uncertainty import bands
from corridors.outputs.text import LANGUAGES, run_translations
from corridors.outputs.text.citation import plain
from corridors.outputs.text.translations import PART_NOTICES, PART_SENTENCES, PART_TITLES
from tests.outputs.flow import flow_draws

if TYPE_CHECKING:
    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs

FITTED_BY = ("pair_counts", "city_counts", "top_counts", "region_counts")
PARTIAL = with_changes(Config(), {"partial": True})
PART = {
    "counties": 1, "municipalities": 1, "ports": 2, "licences": 40, "people_us": 0, "people_mx": 0, "fitted": 0,
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
    assert "360" in plain(run_of(PART), part)
    assert whole("part.unfitted") not in run_translations(language, run_of(PART | {"fitted": 1}))(
        "page.notice"
    )
