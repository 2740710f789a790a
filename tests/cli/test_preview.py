"""What `check` shows of a file: columns, sums and first rows as understood, as text and as JSON."""

from __future__ import annotations

import json
import string
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from corridors.cli import app as cli
from corridors.cli.preview import WIDTH, check_text
from corridors.sources import Report
from corridors.sources.tables import preview_tables

SEIZED = "AÑO;ESTADO;MUNICIPIO;ARMAS LARGAS;ARMAS CORTAS;COLOR\n2019;SONORA;NOGALES;5;3;a\n2021;SONORA;CABORCA;1;2;b\n"
WORDS = st.text(string.ascii_letters + string.digits + "_ ", max_size=120)


def checked(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["corridors", "check", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in {0, None}


def test_check_shows_what_was_understood(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "respuesta.csv"
    path.write_text(SEIZED, encoding="utf-8")
    checked(monkeypatch, str(path), "--as", "sedena", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["columns"]["long_guns"] == "ARMAS LARGAS"
    assert found["unused"] == ["COLOR"]
    (table,) = found["tables"]
    assert (table["id"], table["rows"], table["period"]) == ("seizures_municipal", 2, "2019..2021")
    assert (table["sums"]["long_guns"], table["sums"]["firearms"]) == (6, 11)
    assert [row["cvegeo"] for row in table["first"]] == ["26017", "26043"]
    checked(monkeypatch, str(path), "--as", "sedena")
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("2 of 2 rows of event or weapon kept, 2019..2021")
    assert "  columns not used: COLOR" in lines
    assert "  table seizures_municipal: 2 rows, 2019..2021" in lines
    assert "long_guns 6" in " ".join(lines)
    assert max(map(len, lines)) <= WIDTH


def test_a_table_without_sums_or_times_has_none() -> None:
    line = shapely.LineString([(-111, 31), (-110, 32)])
    roads = gpd.GeoDataFrame({"edge_id": [4], "km": [3.5]}, geometry=[line], crs=4326)
    shown, other = preview_tables({"road_edges": roads, "unknown": pd.DataFrame({"a": [float("nan")]})})
    assert shown.columns == ("edge_id", "km", "geometry")
    assert shown.sums == {"km": 3.5}
    assert shown.first[0]["geometry"] == "LineString, lon -111.000 to -110.000, lat 31.000 to 32.000"
    assert (other.first, other.sums, other.period) == (({"a": None},), {}, "")


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, max_size=5), st.dictionaries(WORDS, WORDS, max_size=20), st.integers(0, 10**9))
def test_text_fits_a_terminal(notes: list[str], columns: dict[str, str], count: int) -> None:
    tables = preview_tables(
        {"dealers": pd.DataFrame({"fips": ["04001"], "year": [2026], "dealers": [count]})}
    )
    report = Report("sedena", "a.csv", 1, 1, notes=tuple(notes), columns=columns, tables=tables)
    text = check_text(Path("a.csv"), report)
    assert all(len(line) <= WIDTH or " " not in line.strip().split(" ", 1)[-1] for line in text.splitlines())
    assert f"dealers {count:,}" in " ".join(text.split())
