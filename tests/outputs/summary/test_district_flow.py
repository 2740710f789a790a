"""The flow of consular districts, from draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from corridors.core.draws import FlowParts
from corridors.outputs.summary.district_flow import district_results, district_roads
from corridors.outputs.summary.grade import Rivals
from tests.outputs.flow import flow_draws, flow_evidence, variants_like

if TYPE_CHECKING:
    from corridors.core.results import Districts
    from corridors.core.types import FloatArray

ORIGINS = (("AZ", "Norte"), ("NM", "Norte"), ("AZ", "Sur"))
PORTS = ["AZ-WWW", "AZ-EEE"]
EDGES = ["e1", "e2", "e3"]


@pytest.fixture(scope="module")
def drawn() -> tuple[Districts, FloatArray, FloatArray]:
    """Return two districts made of three places of origin, and the draws of their ports and states."""
    flow = replace(flow_draws(200), kind="posterior")
    part = np.random.default_rng(4).dirichlet([2.0, 1.0, 3.0], 200)
    port = part[:, :, None] * flow.port_share[:, None]
    state = part[:, :, None] * flow.state_pair
    counties = gpd.GeoDataFrame(
        {
            "fips": ["04001", "04003", "35001"],
            "us_state": ["AZ", "AZ", "NM"],
            "consulate": ["Norte", "Sur", "Norte"],
            "approximate": [False, True, False],
            "inferred": [True, False, False],
        },
        geometry=[box(n, 0, n + 1, 1) for n in range(3)],
        crs=4326,
    )
    fractions = pd.DataFrame(
        [("z1", "AZ", "Norte", 0.4, True), ("z1", "AZ", "Sur", 0.6, True), ("z2", "NM", "Norte", 1.0, False)],
        columns=["zone_id", "us_state", "consulate", "fraction", "split"],
    )
    districts = district_results(
        flow_evidence(),
        replace(flow, origin_port=port, origin_mx_state=state),
        PORTS,
        rivals=Rivals(),
        origins=ORIGINS,
        edge_ids=EDGES,
        counties=counties,
        zone_fractions=fractions,
    )
    return districts, port, state


def test_bands_are_those_of_the_districts_own_draws(drawn: tuple[Districts, FloatArray, FloatArray]) -> None:
    districts, port, state = drawn
    north = port[:, 0] + port[:, 1]
    areas = districts.areas.set_index("consulate")
    whole = np.quantile(north.sum(axis=1), [0.05, 0.95])
    assert areas.loc["Norte", ["share_lo90", "share_hi90"]].tolist() == pytest.approx(whole, abs=1e-9)
    assert areas.loc["Norte", ["counties", "inferred", "approximate"]].tolist() == [2, 1, 0]
    west = districts.ports.query("consulate == 'Norte' and poe_id == 'AZ-WWW'")
    assert west["share_lo90"].item() == pytest.approx(np.quantile(north[:, 0], 0.05), abs=1e-9)
    sonora = districts.destinations.query("consulate == 'Sur' and mx_state == '26'")
    own = state[:, 2, 0] / state[:, 2].sum(axis=1)
    assert sonora["part_hi90"].item() == pytest.approx(np.quantile(own, 0.95), abs=1e-9)
    assert sonora["share_hi90"].item() == pytest.approx(np.quantile(state[:, 2, 0], 0.95), abs=1e-9)
    # whoever divides the shares beside them finds the same mean fraction
    assert sonora["part_mean"].item() == pytest.approx(
        sonora["share_mean"].item() / areas.loc["Sur", "share_mean"], abs=1e-8
    )
    assert districts.areas["share_mean"].sum() == pytest.approx(1)
    assert len(districts.ports) == len(districts.destinations) == 4


def test_a_crossing_city_is_the_sum_of_its_ports_draw_by_draw(
    drawn: tuple[Districts, FloatArray, FloatArray],
) -> None:
    districts, port, state = drawn
    shares = ["consulate", "share_mean", "share_lo90", "share_hi90"]
    assert districts.crossings[shares].to_numpy().tolist() == districts.ports[shares].to_numpy().tolist()
    together = district_results(
        replace(flow_evidence(), crossing_cities=("both",), port_city=np.array([0, 0])),
        replace(flow_draws(200), origin_port=port, origin_mx_state=state),
        PORTS,
        rivals=Rivals(),
        origins=ORIGINS,
        edge_ids=EDGES,
        counties=districts.areas[["consulate", "geometry"]].assign(approximate=False, inferred=False),
        zone_fractions=districts.zone_fractions,
    ).crossings
    assert together[["consulate", "crossing_city"]].to_numpy().tolist() == [
        ["Norte", "both"],
        ["Sur", "both"],
    ]
    assert together["share_mean"].tolist() == pytest.approx(districts.areas["share_mean"].tolist())
    # the band of a sum, not the sum of bands
    assert together["share_hi90"].tolist() == pytest.approx(districts.areas["share_hi90"].tolist())
    sum_of_bounds = districts.ports.loc[districts.ports["consulate"] == "Norte", "share_hi90"].sum()
    assert together["share_hi90"].iloc[0] < sum_of_bounds


def test_a_district_without_flow_has_none_by_state(drawn: tuple[Districts, FloatArray, FloatArray]) -> None:
    districts, port, state = drawn
    nothing = replace(
        flow_draws(200),
        kind="posterior",
        origin_port=port * [[[1.0], [1.0], [0.0]]],
        origin_mx_state=state * [[[1.0], [1.0], [0.0]]],
    )
    found = district_results(
        flow_evidence(),
        nothing,
        PORTS,
        rivals=Rivals(),
        origins=ORIGINS,
        edge_ids=EDGES,
        counties=districts.areas[["consulate", "geometry"]].assign(approximate=False, inferred=False),
        zone_fractions=districts.zone_fractions,
    )
    south = found.destinations[found.destinations["consulate"] == "Sur"]
    assert south[["share_hi90", "part_hi90"]].to_numpy().max() == 0


def test_a_district_is_graded_as_every_other_result(drawn: tuple[Districts, FloatArray, FloatArray]) -> None:
    districts, port, state = drawn
    narrow = np.linspace(0.9, 1.1, 200)[:, None, None]
    port, state = (one.mean(axis=0) * narrow for one in (port, state))
    flow = replace(flow_draws(200), kind="posterior", origin_port=port, origin_mx_state=state)
    wide = replace(flow, origin_port=port * np.geomspace(0.05, 20, 200)[:, None, None])
    found = district_results(
        flow_evidence(),
        flow,
        PORTS,
        rivals=Rivals(wide, flow, variants_like(flow), "port"),
        origins=ORIGINS,
        edge_ids=EDGES,
        counties=districts.areas[["consulate", "geometry"]].assign(approximate=False, inferred=False),
        zone_fractions=districts.zone_fractions,
    )
    north = found.areas.set_index("consulate")
    assert north.loc["Norte", "grade"] == "A"
    assert north["structure_port"].tolist() == pytest.approx(north["share_mean"].tolist())
    assert set(districts.areas["grade"]) == {""}  # nothing to hold the draws against


def test_the_roads_of_a_district_carry_its_own_flow_alone() -> None:
    """Norte starts .4 + .1 of the flow: all of it over e1, a fifth over e2; Sur sends its .5 over e3 and a crumb over e1."""
    by_origin = np.array([[0.4, 0.1, 0.004], [0.1, 0.0, 0.0], [0.0, 0.0, 0.5]])
    none = np.zeros((3, 2))
    parts = FlowParts(none, by_origin, none, np.array([[0.4, 0.1, 0.5]]), none)
    member = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    found = district_roads(
        member, parts, names=["Norte", "Sur"], edge_ids=EDGES, edge_share=np.array([0.252, 0.2, 0.5])
    )
    assert found[["consulate", "edge_id"]].to_numpy().tolist() == [
        ["Norte", "e1"],
        ["Norte", "e2"],
        ["Sur", "e3"],
    ]
    assert found["part_mean"].tolist() == pytest.approx([1.0, 0.2, 1.0])
    assert found["share_mean"].tolist() == pytest.approx([0.252 * 0.5 / 0.504, 0.2, 0.5])
