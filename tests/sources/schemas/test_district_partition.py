"""An official list of consular districts: gaps and overlaps are told, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.core.errors import SchemaError
from corridors.sources.tables import load_table

if TYPE_CHECKING:
    from pathlib import Path

Tables = Mapping[str, pd.DataFrame]


@pytest.fixture
def official(tables: Tables, tmp_path: Path) -> Path:
    """Every county under one consulate, as a list of two columns."""
    path = tmp_path / "official.csv"
    rows = pd.DataFrame({"fips": tables["counties"]["fips"], "consulate": "Tucson"})
    rows.to_csv(path, index=False)
    return path


def test_a_list_of_two_columns_will_do(official: Path, data: Path, tables: Tables) -> None:
    assert len(load_table("consular_districts", official, data=data, tables=tables)) == 360


def test_gaps_and_overlaps_are_named_together(official: Path, data: Path, tables: Tables) -> None:
    lines = official.read_text().splitlines()
    gone = [line for line in lines if line[:5] not in {"04019", "48001"}]
    official.write_text("\n".join([*gone, "04013,Phoenix", "04021,Atlantis"]) + "\n")
    with pytest.raises(SchemaError) as caught:
        load_table("consular_districts", official, data=data, tables=tables)
    told = str(caught.value)
    assert (
        "row 360, column 'fips': expected each county in one district, found 04013 under Tucson and Phoenix"
        in told
    )
    assert "none for 04019 Pima, 48001 Anderson" in told
    assert "leave its consulate empty" in told
    assert "'Atlantis'" in told


def test_a_part_of_a_county_is_no_overlap_and_an_empty_consulate_no_gap(
    official: Path, data: Path, tables: Tables
) -> None:
    rows = pd.read_csv(official, dtype=str).assign(part="")
    rows.loc[3, "consulate"] = ""
    rows.loc[len(rows)] = ["04019", "Nogales", "Green Valley only"]
    rows.to_csv(official, index=False)
    assert len(load_table("consular_districts", official, data=data, tables=tables)) == 361


def test_the_shipped_list_says_where_each_row_is_from(tables: Tables) -> None:
    shipped = tables["consular_districts"]
    named = shipped[shipped["consulate"].notna()]
    assert len(shipped) == 361
    assert len(named) == 170
    assert named[["url", "confidence"]].notna().all().all()
    offices = tables["consulates"]
    assert set(offices.loc[offices["southwest"], "name"]) == set(named["consulate"])
    assert offices["southwest"].sum() == 27
