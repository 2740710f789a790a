"""A run of a part of the region says so: asked for first, and then in every title and first line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
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
    from corridors.core.types import Network
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
    assert is_fitted(build_evidence(arizona, network, PARTIAL))
    part = part_of(arizona, network, build_evidence(arizona, network, PARTIAL))
    assert part["counties"] == 15
    assert part["fitted"] == 1
    assert "2,478 of 2,478 municipalities (100 %)" in part_line(part)


def test_a_list_of_forty_dealers_is_a_part_wherever_they_are(shipped: Inputs, network: Network) -> None:
    points = shipped.tables["zip_points"]
    forty = points.groupby("us_state").head(10).assign(dealers=1, placed_by="zip", month="2026-11")
    few = replace(shipped, tables={**shipped.tables, "dealers_zip": forty})
    with pytest.raises(InputError, match="with 40 licenses"):
        build_evidence(few, network, Config())


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
