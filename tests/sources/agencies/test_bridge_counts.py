"""Cars southbound by bridge: names of bridges, months in words, northbound cars given or estimated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.bridge_counts import NORTHBOUND_SD, find_bridge, load_bridge_counts, month_of
from corridors.sources.registry import guess_format
from corridors.sources.schemas import Context
from tests.sources.dress import check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Loaded

HEADER = ["Bridge", "Month", "Southbound", "Northbound", "Unit", "URL"]
URL = "https://example.org/bridges"
ROWS: list[list[object]] = [
    ["TX-HID", "2023-06", 240000, 200000, "autos", URL],
    ["Anzalduas International Bridge", "Jun 2023", 81000, 90000, "autos", URL],
    ["Eagle Pass Bridge I + Camino Real", "2023-07", 238000, 230000, "autos", URL],
]
WANTED = {
    ("TX-HID", "2023-06"): (1.2, "TX-HID"),
    ("TX-ANZ", "2023-06"): (0.9, "TX-ANZ"),
    ("TX-EP1", "2023-07"): (1.0348, "TX-EP1 | TX-EP2"),
    ("TX-EP2", "2023-07"): (1.0348, "TX-EP1 | TX-EP2"),
}


def factors(loaded: Loaded) -> dict[tuple[str, str], tuple[float, str]]:
    """Return the ratios by bridge and month."""
    check_account(loaded.report)
    table = loaded.tables["southbound_factors"]
    names: list[list[Any]] = [table[name].tolist() for name in ("poe_id", "month", "factor", "counted_with")]
    return {(poe_id, month): (factor, among) for poe_id, month, factor, among in zip(*names, strict=True)}


def put(path: Path, rows: list[list[object]], header: list[str] = HEADER) -> Path:
    """Write rows as CSV."""
    path.write_text(table_text(header, rows), encoding="utf-8")
    return path


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_ratios(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(HEADER, ROWS, dress))
    form, loaded = guess_format(path, context)
    assert form.id == "bridge_counts"
    assert factors(loaded) == WANTED
    table = loaded.tables["southbound_factors"]
    assert (table["kind"] == "stated").all()
    assert (table["factor_lo"] == table["factor"]).all()
    assert loaded.report.period == "2023-06..2023-07"
    lacks = "bridges with a ratio in the table before that this file lacks: TX-DON, TX-DRI, TX-PHA, TX-PRO"
    assert lacks in loaded.report.notes


@given(cut=st.integers(0, len(table_text(HEADER, ROWS))))
@quick
def test_cut_counts_are_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode()
    check_cut(load_bridge_counts, content, cut, path=tmp_path / "mine.csv", context=context)


def test_unknown_bridges_are_counted_and_near_names_said(tmp_path: Path, context: Context) -> None:
    rows = [
        *ROWS,
        ["Anzaldua Brigde", "2023-06", 1, 1, "", URL],
        ["Laredo", "2023-06", 1, 1, "", URL],
        ["", "2023-06", 1, 1, "", URL],
        ["Pharr", "2023-06", 70000, 100000, "", URL],
        ["World Trade Bridge", "2023-06", 1, 1, "", URL],
        ROWS[0],
    ]
    loaded = load_bridge_counts(put(tmp_path / "mine.csv", rows), context)
    assert factors(loaded) == WANTED | {("TX-PHA", "2023-06"): (0.7, "TX-PHA")}
    assert loaded.report.dropped == {
        "no bridge or port of entry of this name": 3,
        "a crossing that takes no cars south": 1,
        "the same bridge and month again": 1,
    }
    notes = "; ".join(loaded.report.notes)
    assert "'Anzaldua Brigde': near names Anzalduas (TX-ANZ)" in notes
    assert "'Laredo': near names" in notes
    assert "'Pharr' taken as Pharr-Reynosa (TX-PHA)" in notes


def test_every_port_is_found_by_its_own_names(context: Context) -> None:
    ports = context.tables["ports_of_entry"]
    for poe_id, us, mx in ports[["poe_id", "name_us", "name_mx"]].itertuples(index=False, name=None):
        assert find_bridge(poe_id.lower(), ports).ports == (poe_id,)
        assert find_bridge(us, ports).ports == (poe_id,), us
        assert find_bridge(mx, ports).ports in {(poe_id,), ()}, mx
    assert find_bridge("Gateway International Bridge", ports).ports == ("TX-GAT",)
    assert find_bridge("Gateway to the Americas", ports).ports == ("TX-LB1",)
    assert find_bridge("TX-HID + nowhere", ports).ports == ()


def test_without_northbound_counts_a_twelfth_of_the_year_is_taken_and_the_band_is_wide(
    tmp_path: Path, context: Context
) -> None:
    rows: list[list[object]] = [["TX-SYS", "2023-06", 9, URL], ["CA-SYS", "2024-06", 1_000_000, URL]]
    rows += [
        ["TX-HID", "2024-06", 250_000, URL],
        ["TX-HID", "1990-06", 250_000, URL],
        ["CA-SYS", "2024-07", 1, URL],
    ]
    loaded = load_bridge_counts(
        put(tmp_path / "mine.csv", rows, ["Bridge", "Month", "Southbound", "URL"]), context
    )
    table = loaded.tables["southbound_factors"].set_index("poe_id")
    crossings = context.tables["crossings"]
    cars = crossings[(crossings["measure"] == "personal vehicles") & (crossings["year"] == 2024)].set_index(
        "bts_port_code"
    )["value"]
    ports = context.tables["ports_of_entry"].set_index("poe_id")
    hidalgo = ports[ports["bts_port_code"] == "2305"]["pov_northbound"].sum()
    assert table.loc["CA-SYS", "northbound"] == pytest.approx(cars["2504"] / 12, abs=1)
    part = float(ports["pov_northbound"].to_dict()["TX-HID"]) / float(hidalgo)
    assert table.loc["TX-HID", "northbound"] == pytest.approx(cars["2305"] * part / 12, abs=1)
    assert table["kind"].tolist() == ["implied", "implied"]
    width = np.log(table["factor_hi"] / table["factor_lo"]) / np.sqrt(12)
    assert width.to_numpy() == pytest.approx(NORTHBOUND_SD, abs=0.001)
    assert loaded.report.dropped == {
        "no bridge or port of entry of this name": 1,
        "no northbound count to compare with": 1,
        "more than 20 times the cars of the other direction: not the same traffic": 1,
    }
    assert any("2 rows are estimated from whole years" in note for note in loaded.report.notes)


def test_the_estimate_of_a_year_of_months_is_that_of_the_year(tmp_path: Path, context: Context) -> None:
    rows: list[list[object]] = [["TX-DRI", f"2023-{n:02d}", 140_000, URL] for n in range(1, 13)]
    path = put(tmp_path / "mine.csv", rows, ["Bridge", "Month", "Southbound", "URL"])
    table = load_bridge_counts(path, context).tables["southbound_factors"]
    crossings = context.tables["crossings"].set_index(["bts_port_code", "year", "measure"])["value"]
    ports = context.tables["ports_of_entry"].set_index("poe_id")
    both = ports.loc[["TX-DRI", "TX-AMI"], "pov_northbound"]
    own = crossings["2302", 2023, "personal vehicles"] * both["TX-DRI"] / both.sum()
    assert 12 * table["northbound"].sum() / 12 == pytest.approx(own, abs=12)


def test_months_in_words_and_columns_by_map(tmp_path: Path, context: Context) -> None:
    header = ["Puente", "Mes", "Año", "Autos", "Norte"]
    rows: list[list[object]] = [["Reynosa-Hidalgo", "JUNIO", 2023, "240,000", 200000]]
    path = put(tmp_path / "mine.csv", rows, header)
    with pytest.raises(SchemaError, match="expected a column 'southbound'"):
        load_bridge_counts(path, context)
    own = Context(context.tables, {"southbound": "Autos", "url": URL})
    loaded = load_bridge_counts(path, own)
    assert factors(loaded) == {("TX-HID", "2023-06"): (1.2, "TX-HID")}
    assert loaded.tables["southbound_factors"]["url"].tolist() == [URL]
    with pytest.raises(
        SchemaError, match=r"a column 'url' with where the counts were read.*columns = \{ url"
    ):
        load_bridge_counts(path, Context(context.tables, {"southbound": "Autos"}))
    assert month_of("mayo", "2024") == month_of("May 2024") == month_of("05/01/2024") == "2024-05"
    assert month_of("m", "2024") is month_of("") is month_of("junio") is None


LATER = datetime.now(tz=UTC).year + 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            ["TX-HID", f"{LATER}-01", 1, 1, "", URL],
            rf"row 2, column 'month': expected a month up to .*'{LATER}-01'",
        ),
        (["TX-HID", "June", 1, 1, "", URL], r"column 'month'.*found 'June'"),
        (["TX-HID", "2023-06", "", 1, "", URL], r"row 2, column 'southbound'"),
        (["TX-HID", "2023-06", "many", 1, "", URL], r"row 2, column 'southbound'"),
        (["TX-HID", "2023-06", 1, 1, "", "a paper"], r"url"),
        (["nowhere", "2023-06", 1, 1, "", URL], r"rows for the table 'southbound_factors'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, context: Context, wrong: list[object], says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        load_bridge_counts(put(tmp_path / "mine.csv", [wrong]), context)


def test_a_bridge_with_two_counts_in_a_month_and_an_empty_file_are_refused(
    tmp_path: Path, context: Context
) -> None:
    path = put(tmp_path / "mine.csv", [ROWS[0], ["McAllen-Hidalgo", "June 2023", 1, 1, "", URL]])
    with pytest.raises(SchemaError, match=r"row 3: .*TX-HID, 2023-06 again with other counts"):
        load_bridge_counts(path, context)
    with pytest.raises(SchemaError, match="rows for the table 'southbound_factors'"):
        load_bridge_counts(put(path, []), context)
    path.write_text(table_text(HEADER, ROWS).replace(",", "^"))
    with pytest.raises(SchemaError, match="expected a column 'bridge'"):
        load_bridge_counts(path, context)
