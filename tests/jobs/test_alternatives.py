"""Variants of a run and the states' own parts of it, on the toy world."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from corridors.config import Config
from corridors.core.results import Variant
from corridors.core.run_settings import RunSettings
from corridors.inference.fitting import InferencePlan
from corridors.jobs.alternatives import changed
from corridors.jobs.districts import licenses_by_year
from corridors.network import zone_districts
from corridors.outputs.summary.rank_changes import rank_changes

if TYPE_CHECKING:
    from corridors.core.types import Evidence
    from corridors.jobs.inputs import Inputs

PLAN = InferencePlan(worlds=3, draws=1, mode="point", seed=5)


def test_one_setting_is_changed_at_a_time_to_each_other_value() -> None:
    run = RunSettings(demand="population")
    others = changed(Config(run=run))
    assert [pair[:2] for pair in others if pair[0] == "demand"] == [
        ("demand", value) for value in ("combined", "seizures", "case_files", "homicides")
    ]
    assert {pair[0] for pair in others} == {"lens", "demand", "inspection", "gun_shows", "structure"}
    for name, value, config in others:
        assert config.run == run.model_copy(update={name: value})


def test_a_zone_lies_in_the_districts_of_its_counties_by_licences(toy_evidence: Evidence) -> None:
    zones = toy_evidence.zones
    units = sorted({unit for members in zones["members"] for unit in members})
    land = gpd.GeoDataFrame(
        {"fips": units, "us_state": "AZ", "consulate": [f"C{i % 2}" for i in range(len(units))]},
        geometry=[Point(i, 0).buffer(1) for i in range(len(units))],
        crs=4326,
    ).assign(approximate=True, inferred=False)
    inputs = cast("Inputs", SimpleNamespace(tables={}))
    parts = zone_districts(inputs.tables, land, zones)
    assert parts.groupby("zone_id")["fraction"].sum().to_numpy() == pytest.approx(1)
    dealers = pd.DataFrame({"fips": units[:1] * 2, "year": [2003, 2004], "dealers": [7, 9]})
    own = cast("Inputs", SimpleNamespace(tables={"dealers": dealers}))
    counts = licenses_by_year(own, toy_evidence, parts, land)
    assert counts is not None
    assert counts.index.tolist() == zones["zone_id"].tolist()
    assert counts.sum().tolist() == [7, 9]


def test_ranks_are_those_of_the_leading_ones_before_and_after() -> None:
    shares = (np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5]))
    found = [
        Variant(
            *names,
            np.array(edges),
            ports,
            ports,
            ports,
            np.zeros((1, 3, 1)),
            np.zeros((1, 3)),
            np.zeros((1, 1)),
        )
        for names, edges, ports in zip(
            (("", ""), ("lens", "all")), ([0.1, 0.3, 0.4], [0.1, 0.5, 0.0]), shares, strict=True
        )
    ]
    ports = pd.DataFrame({"poe_id": ["a", "b", "c"], "name_us": ["A", "B", "C"]})
    named = pd.DataFrame({"corridor_id": ["C1", "C2"], "name": ["one", "two"]})
    edges = [np.array([0, 1]), np.array([2])]
    cities = pd.DataFrame({"crossing_city": ["x", "y"], "name_en": ["X", "Y"], "ports": ["a", "b c"]})
    table = rank_changes(
        found, cities, ports, corridors=named, corridor_edges=edges, km=np.array([10.0, 30.0, 5.0])
    )
    assert table[table["kind"] == "port"][["id", "rank_run", "rank", "change"]].to_numpy().tolist() == [
        ["a", 1, 3, -2],
        ["b", 2, 2, 0],
        ["c", 3, 1, 2],
    ]
    places = table[table["kind"] == "crossing_city"]
    assert places[["id", "rank_run", "rank"]].to_numpy().tolist() == [["x", 1, 2], ["y", 2, 1]]
    assert places["share"].tolist() == pytest.approx([0.2, 0.8])
    corridors = table[table["kind"] == "corridor"]
    assert corridors["id"].tolist() == ["C2", "C1"]
    assert corridors["share_run"].tolist() == pytest.approx([0.4, 0.25])
    assert corridors["change"].tolist() == [-1, 1]
    assert set(table["setting"]) == {"lens"}
