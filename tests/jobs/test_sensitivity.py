"""Assumptions changed on the toy world: the changes, their tables, and the page."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from corridors.config import Config
from corridors.core.errors import InputError
from corridors.core.settings import DEFAULT_DEMAND, DEFAULT_SHOWS, DemandSettings, ShowSettings
from corridors.inference import SensitivityProblem
from corridors.jobs import sensitivity as job
from corridors.jobs.assumptions import (
    ASSUMPTIONS,
    KEPT,
    assumptions,
    joint_assumptions,
    own_value,
    single_changes,
    value_at,
    with_setting,
)
from corridors.jobs.sensitivity_tables import leading
from corridors.jobs.stages import prepare
from corridors.network import build_evidence
from corridors.outputs.pages.sensitivity import KINDS, assumption_name
from corridors.outputs.text import LANGUAGES, load_translations
from tests.jobs.folders import assert_listed, write
from tests.network import toy
from tests.outputs.toy import toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results
    from corridors.core.types import Evidence, FloatArray, Network

KEPT_BY_DEFAULT = DEFAULT_DEMAND.kept_per_year
STATES = {"AZ": "Arizona", "26": "Sonora", "08": "Chihuahua"}
CORRIDORS = pd.DataFrame({"corridor_id": ["C01", "C02"], "name": ["West road", "East road"]})


@pytest.fixture(scope="module")
def study(
    toy_network: Network, toy_evidence: Evidence, tmp_path_factory: pytest.TempPathFactory
) -> job.Study:
    population = toy.population(tmp_path_factory.mktemp("population"))
    config = with_setting(Config(), "run.jobs", 1)
    by_demand = {
        demand: build_evidence(_old_seizures(), population, toy_network, demand=demand)
        for demand in ("combined", "seizures", "case_files", "homicides", "population")
    }
    problem = prepare(toy_network, toy_evidence, config)
    shares = partial(
        job.corridor_shares,
        km=toy_network.edges["km"].to_numpy(),
        corridor_edges=[np.array([1]), np.array([3])],
    )
    bare = build_evidence(toy.tables(), population, toy_network, shows=ShowSettings(part=0.0))
    return job.Study(
        config=config,
        problem=SensitivityProblem.prepare(problem, shares),
        evidence=by_demand,
        log_supply=(bare.log_supply, toy_evidence.log_supply),
        log_seizures=_log_seizures(population, toy_network),
    )


def _old_seizures() -> dict[str, pd.DataFrame]:
    """The toy world's tables, its seizures some ten years old."""
    tables = toy.tables()
    seized = tables["seizures_municipal"].assign(first_year=2006, last_year=2011)
    return {**tables, "seizures_municipal": seized}


def _log_seizures(population: Path, network: Network) -> tuple[FloatArray, FloatArray, FloatArray]:
    none, default, whole = (_seized(population, network, kept) for kept in (0, KEPT_BY_DEFAULT, 1))
    return none, default, whole


def _seized(population: Path, network: Network, kept: float) -> FloatArray:
    measures = DemandSettings(kept_per_year=kept)
    return build_evidence(
        _old_seizures(), population, network, demand="seizures", measures=measures
    ).log_demand_offset


@pytest.fixture(scope="module")
def tables(study: job.Study, toy_network: Network, toy_evidence: Evidence) -> dict[str, pd.DataFrame]:
    items = job.results(toy_network, CORRIDORS, toy_evidence, STATES)
    return job.analyse(study, items, trajectories=2, base=4)


def test_every_assumption_is_a_setting_and_the_runs_own_value_is_in_its_range() -> None:
    config = Config()
    for one in ASSUMPTIONS:
        own = own_value(config, one)
        assert own in one.choices or one.low < float(own) < one.high, one.key
        assert own_value(with_setting(config, one.key, value_at(one, 1.0)), one) != own
        assert value_at(one, 0.0) == (one.choices or (one.low,))[0]
        assert value_at(one, 1.0) == (one.choices[-1] if one.choices else pytest.approx(one.high))
    assert len(single_changes(config)) == sum(
        len(one.choices) - 1 if one.choices else 2 for one in assumptions(config.run.structure)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_assumption_has_a_name_and_a_reason(language: str) -> None:
    words = load_translations(language)
    assert all(assumption_name(one.name, words) and words(f"why.{one.name}") for one in ASSUMPTIONS)


def test_shows_carry_the_part_of_supply_that_is_asked_for() -> None:
    licences = np.log([20.0, 10.0])
    count = np.exp(licences)
    reach = np.array([0.0, 2.0])
    rho = DEFAULT_SHOWS.part * count.sum() / ((1 - DEFAULT_SHOWS.part) * (count @ reach))
    published = np.log(count * (1 + rho * reach))
    for part in (0.0, DEFAULT_SHOWS.part, 0.1):
        supply = np.exp(job.with_shows(licences, published, part))
        assert (supply - count).sum() / supply.sum() == pytest.approx(part)


@pytest.mark.parametrize("kept", [0.8, 0.95])
def test_the_age_of_seizures_is_that_of_the_evidence(
    study: job.Study, toy_network: Network, tmp_path: Path, kept: float
) -> None:
    population = toy.population(tmp_path)
    assert job.with_age(*study.log_seizures, kept) == pytest.approx(_seized(population, toy_network, kept))
    assert job.with_age(*study.log_seizures, kept) != pytest.approx(study.log_seizures[1], abs=0.01)
    changed, _ = study._task({"run.demand": "seizures", KEPT: kept})
    assert changed.log_demand_offset == pytest.approx(_seized(population, toy_network, kept))
    terms = build_evidence(
        _old_seizures(), population, toy_network, measures=DemandSettings(kept_per_year=kept)
    ).demand_terms
    assert study._task({KEPT: kept})[0].demand_terms == pytest.approx(terms)
    same, _ = study._task({"run.demand": "homicides", KEPT: kept})
    assert (same.log_demand_offset == study.evidence["homicides"].log_demand_offset).all()


def test_what_is_not_changed_is_the_run(study: job.Study) -> None:
    own = {one.key: own_value(study.config, one) for one in assumptions(study.config.run.structure)}
    run, same, other = study.evaluate([{}, own, {"priors.theta": 5.0}])
    assert same == pytest.approx(run, abs=1e-9)
    assert run[:2].sum() == pytest.approx(1)
    assert abs(other[:2] - run[:2]).max() > 0.01


def test_tables_say_what_changes_and_from_what(tables: dict[str, pd.DataFrame]) -> None:
    changes = tables["changes"]
    assert set(changes["kind"]) == set(KINDS)
    assert (changes["change"] == changes["rank_run"] - changes["rank"]).all()
    assert changes.groupby("kind")["rank_run"].max().to_dict() == {
        "corridor": 2,
        "crossing_city": 2,
        "pair": 2,
    }
    cities = changes[changes["kind"] == "crossing_city"]
    assert cities.groupby(["assumption", "choice", "value"], dropna=False)[
        "share"
    ].sum().to_numpy() == pytest.approx(1, abs=1e-5)
    assert tables["assumptions"]["weight"].sum() == pytest.approx(1, abs=1e-3)
    assert tables["assumptions"].query("weight.isna()")["assumption"].tolist() == ["lens", "structure"]
    top = tables["assumptions"].nlargest(job.TOP, "weight")["assumption"]
    assert set(tables["variance"]["assumption"]) == set(top)
    assert len(tables["screen"]) == 6 * len(joint_assumptions(Config().run.structure))


def test_a_base_sample_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(InputError, match="a power of two"):
        job.sensitivity(Config(), trajectories=2, base=48)


def test_the_output_is_whole(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    write(tmp_path, "index.html", made="run")
    job.SensitivityResult(tables, toy_run()).write(tmp_path / "out")
    assert_listed(tmp_path)
    names = {"manifest.json", "sensitivity.html", "sensitivity.json", *(f"{name}.csv" for name in tables)}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    listed = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert {*listed, "manifest.json"} == names
    read = pd.read_csv(tmp_path / "out/changes.csv")
    assert list(read) == list(tables["changes"])
    assert read["value"].dtype == np.float64


def test_leading_results_are_those_of_the_run_that_is_shown(
    toy_network: Network, toy_evidence: Evidence
) -> None:
    items = job.results(toy_network, CORRIDORS, toy_evidence, STATES)
    known = corridors_and_pairs(["C02", "C01"], [0.4, 0.1])
    shares = job.shown_shares(items, known)
    of = dict(zip(items["kind"] + items["id"], shares, strict=True))
    assert (of["corridorC02"], of["corridorC01"]) == (0.4, 0.1)
    lead = items.iloc[leading(items["kind"], shares)]
    assert lead[lead["kind"] == "corridor"]["id"].tolist() == ["C02", "C01"]


def corridors_and_pairs(ids: list[str], shares: list[float]) -> Results:
    """Return the results of a run that knows corridors by these ids and shares."""
    known = toy_results()
    lines = known.edges.geometry.iloc[: len(ids)].to_list()
    named = gpd.GeoDataFrame({"corridor_id": ids, "share_mean": shares}, geometry=lines, crs=4326)
    return replace(known, corridors=named)
