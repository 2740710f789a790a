"""A run of the user's own list counts withheld zones by what is shown, so that no flow gives a withheld count away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from corridors.config import Config
from corridors.core.own_settings import DataFile
from corridors.jobs.districts import district_counties, estimated_licenses, shown_counts
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.stages import build_evidence, build_network
from corridors.network import zone_districts

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence
    from corridors.jobs.inputs import Inputs


@pytest.fixture
def latest() -> pd.DataFrame:
    table = pd.read_csv(default_data() / "dealers.csv", dtype={"fips": str})
    last: pd.DataFrame = table[table["year"] == table["year"].max()].reset_index(drop=True)
    return last


def of_own(table: pd.DataFrame, path: Path) -> Inputs:
    table.to_csv(path, index=False)
    return load_inputs(Config(data={"dealers": DataFile(file=path)}))


def test_lists_that_differ_where_withheld_give_the_same_evidence(
    latest: pd.DataFrame, shipped: Inputs, tmp_path: Path
) -> None:
    inputs = of_own(latest, tmp_path / "own.csv")
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, Config())
    counties = district_counties(inputs, network)
    fractions = zone_districts(inputs.tables, counties, evidence.zones)
    shown = shown_counts(inputs.tables, fractions, counties)
    withheld = shown.zones.index[shown.zones.iloc[:, -1].isna()]
    assert len(withheld) > 1

    # from one withheld zone to another, of the same district, so that every sum that is shown stays
    units = fractions[fractions["zone_id"].isin(withheld)].drop_duplicates("zone_id").explode("members")
    places = units.merge(counties[["fips", "consulate"]], left_on="members", right_on="fips")
    held = latest.set_index("fips")["dealers"]
    moved = None
    for _, own in places.groupby("consulate_y"):
        large = own[own["members"].map(held) >= 10]
        other = own[~own["zone_id"].isin(large["zone_id"].head(1)) & own["members"].map(held).between(1, 3)]
        if len(large) and len(other):
            moved = (large["members"].iloc[0], other["members"].iloc[0])
            break
    assert moved is not None
    changed = held.copy()
    changed[moved[0]] -= 1
    changed[moved[1]] += 1
    again = of_own(latest.assign(dealers=latest["fips"].map(changed)), tmp_path / "moved.csv")
    same = shown_counts(again.tables, zone_districts(again.tables, counties, evidence.zones), counties)
    pd.testing.assert_frame_equal(same.zones, shown.zones)
    pd.testing.assert_frame_equal(same.areas, shown.areas)
    second = build_evidence(again, network, Config())
    arrays = set(arrays_of(evidence))
    assert "log_supply" in arrays
    for name in arrays:
        np.testing.assert_array_equal(getattr(evidence, name), getattr(second, name), err_msg=name)

    # what is shown is counted as it is, and the shipped table, whose file ships, as it is throughout
    plain = build_evidence(shipped, network, Config())
    at = evidence.zones["zone_id"].isin(withheld)
    assert (evidence.zones["dealers"][~at] == plain.zones["dealers"][~at]).all()
    assert (evidence.zones["dealers"][at] != plain.zones["dealers"][at]).any()
    assert evidence.zones["dealers"].sum() == plain.zones["dealers"].sum()
    made = estimated_licenses(inputs, network, evidence.zones)
    assert made.tolist() == evidence.zones["dealers"].tolist()


def arrays_of(evidence: Evidence) -> list[str]:
    """Return the names of the evidence's arrays."""
    return [name for name in evidence.__dataclass_fields__ if isinstance(getattr(evidence, name), np.ndarray)]
