from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.outputs.summary import Rivals, summarise
from corridors.outputs.summary.grade import GRADE_COLUMNS
from corridors.outputs.summary.uncertainty import BAND_COLUMNS, bands
from tests.outputs.flow import flow_draws, flow_evidence, flow_network, variants_like

if TYPE_CHECKING:
    from corridors.core.results import Results


@pytest.fixture(scope="module")
def results() -> Results:
    return summarise(flow_network(), flow_evidence(), flow_draws())


def test_tables_have_the_columns_users_script_against(results: Results) -> None:
    shares = list(BAND_COLUMNS)
    edges = [
        "edge_id",
        "ref",
        "road_class",
        "country",
        "toll",
        "km",
        *shares,
        *GRADE_COLUMNS,
        "geometry",
    ]
    assert list(results.edges.columns) == edges
    assert results.edges.crs.to_epsg() == 4326
    ports = ["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat", *shares, *GRADE_COLUMNS]
    assert list(results.ports.columns) == ports
    wide = ["share_mean", "share_median", "share_lo90", "share_hi90"]
    assert list(results.state_pairs.columns) == ["us_state", "mx_state", "published", *wide, *GRADE_COLUMNS]
    assert list(results.zone_port.columns) == ["zone_id", "us_state", "poe_id", *wide]
    assert list(results.port_municipality.columns) == ["poe_id", "cvegeo", "mx_state", *wide]
    assert len(results.zone_port) == 2 * 2
    assert len(results.port_municipality) == 2 * 4
    assert len(results.state_pairs) == 1 * 2


def test_means_add_up_and_agree_from_table_to_table(results: Results) -> None:
    for table in (results.ports, results.state_pairs, results.zone_port, results.port_municipality):
        assert table["share_mean"].sum() == pytest.approx(1, abs=1e-8)
    ports = results.ports.set_index("poe_id")["share_mean"].to_dict()
    for part in (results.zone_port, results.port_municipality):
        assert part.groupby("poe_id")["share_mean"].sum().to_dict() == pytest.approx(ports, abs=1e-8)
    zones = results.zones.set_index("zone_id")["share_mean"].to_dict()
    assert results.zone_port.groupby("zone_id")["share_mean"].sum().to_dict() == pytest.approx(
        zones, abs=1e-8
    )
    ends = results.municipalities.groupby("mx_state")["share_mean"].sum().to_dict()
    pairs = results.state_pairs.groupby("mx_state")["share_mean"].sum().to_dict()
    assert ends == pytest.approx(pairs, abs=1e-8)


def test_nothing_is_scaled() -> None:
    draws = np.array([[0.5, 0.5], [0.1, 0.9], [0.3, 0.7], [0.9, 0.1]])
    found = bands(draws, "posterior")
    assert found["share_mean"].tolist() == pytest.approx([0.45, 0.55])
    assert found["share_median"].tolist() == pytest.approx([0.4, 0.6])
    assert found["share_hi90"].tolist() == pytest.approx(np.quantile(draws, 0.95, axis=0).tolist())


def test_bands_are_in_order(results: Results) -> None:
    for table in (results.edges, results.ports):
        values = table[["share_lo90", "share_lo50", "share_median", "share_hi50", "share_hi90"]].to_numpy()
        assert (np.diff(values, axis=1) >= -1e-9).all()


def test_a_quick_look_has_neither_grades_nor_bounds() -> None:
    draws = flow_draws(kind="point")
    rivals = Rivals(flow_draws(seed=5), flow_draws(seed=6), variants_like(flow_draws()), "port")
    quick = summarise(flow_network(), flow_evidence(), draws, rivals)
    for table in (quick.edges, quick.ports, quick.crossings, quick.flows, quick.state_pairs):
        assert table is not None
        assert table["share_mean"].notna().all()
        assert table.filter(regex="_(lo|hi)[59]0$").isna().all(axis=None)
        assert (table["grade"] == "").all()
        assert table[["stability", "evidence"]].isna().all(axis=None)


def test_no_zone_under_five_licences_leaves(results: Results) -> None:
    assert (results.zones["dealers"] >= 5).all()
    assert "members" not in results.zones
