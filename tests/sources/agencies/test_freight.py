"""TransBorder Freight Data: months alone, in zips and in zips of zips; Nayarit, unknown states, months given twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.freight import MX_STATES, load_transborder
from corridors.sources.registry import guess_format
from tests.sources.dress import check_account, check_cut, dressed, dresses, quick, table_text
from tests.sources.packed import zipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

HEADER = [
    *("TRDTYPE", "USASTATE", "DEPE", "DISAGMOT", "MEXSTATE", "CANPROV", "COUNTRY", "VALUE", "SHIPWT"),
    *("FREIGHT_CHARGES", "DF", "CONTCODE", "MONTH", "YEAR"),
]
DOT2 = [*HEADER[:2], "COMMODITY2", *HEADER[3:]]
DOT3 = ["TRDTYPE", "DEPE", "COMMODITY2", "DISAGMOT", "COUNTRY", *HEADER[7:]]


def row(
    us_state: str = "TX",
    port: str = "2304",
    *,
    mx_state: str = "NL",
    value: object = 1000,
    month: object = 4,
    year: object = 2024,
    mode: str = "5",
    trade: str = "1",
    country: str = "2010",
    origin: str = "1",
) -> list[object]:
    """Return a row of table DOT1, an export by truck to Mexico by default."""
    stamp = f"{month:02d}" if isinstance(month, int) else month
    return [
        *(trade, us_state, port, mode, mx_state, "", country, value, 0, 0, origin, "0", stamp, year),
    ]


APRIL = [
    row(value=1000),
    row(value=234, origin="2"),
    row("AZ", "2604", mx_state="NA", value=7),
    row(mx_state="OT", value=59),
    row(mode="6", value=9),
    row(trade="2", value=9),
    row(country="1220", mx_state="", value=9),
    row("AL", value=9),
    row(port="23XX", value=9),
]
APRIL_WANTED = {("AZ", "2604", "18", 2024): 7, ("TX", "2304", "19", 2024): 1234}
REASONS = {
    "not by truck": 1,
    "not an export": 1,
    "not to Mexico": 1,
    "not from Arizona, California, New Mexico or Texas": 1,
    "not a land port of entry of the four states": 1,
    "Mexican state not known (OT, XX or another code)": 1,
}


def text(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> bytes:
    """Return a table as BTS publishes it."""
    return table_text(header, rows, "\r\n").encode()


def month_zip(month: int, *, to_date: bool = True) -> bytes:
    """Return the zip of a month: three tables, and the year to date of the first."""
    own = [row(value=100 * month, month=month)]
    earlier = [row(value=100 * at, month=at) for at in range(1, month)]
    files = {f"Month/dot1_{month:02d}24.csv": text(own)}
    if to_date:
        files[f"Month/dot1_ytd_{month:02d}24.csv"] = text([*earlier, *own])
    others = {"dot2": DOT2, "dot3": DOT3}
    for name, header in others.items():
        files[f"Month/{name}_{month:02d}24.csv"] = text([["1"] * len(header)], header)
    return zipped(files)


def flows(loaded: Loaded) -> dict[tuple[Any, ...], int]:
    """Return the values by state, port, state and year."""
    check_account(loaded.report)
    table = loaded.tables["freight_flows"]
    keys = table[["us_state", "bts_port_code", "mx_state", "year"]].itertuples(index=False, name=None)
    return dict(zip(keys, table["value_usd"].tolist(), strict=True))


def put(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


@given(dress=dresses(len(HEADER), len(APRIL)))
@quick
def test_any_dress_gives_the_same_flows(tmp_path: Path, context: Context, dress: Any) -> None:
    loaded = load_transborder(put(tmp_path / "dot1_0424.csv", dressed(HEADER, APRIL, dress)), context)
    assert flows(loaded) == APRIL_WANTED
    assert loaded.report.dropped == REASONS
    assert loaded.report.period == "2024-04"
    assert "Mexican states that are not known (OT) hold 4.5% of the value" in loaded.report.notes
    assert "years that are not whole (months): 2024: 1 of 12" in loaded.report.notes
    table = loaded.tables["freight_flows"]
    assert table["crossing_city"].tolist() == ["nogales", "nuevo_laredo"]
    assert table["months"].tolist() == [1, 1]


@given(cut=st.integers(0, len(text(APRIL))))
@quick
def test_cut_months_are_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    check_cut(load_transborder, text(APRIL), cut, path=tmp_path / "dot1_0424.csv", context=context)


def test_every_state_of_mexico_has_a_code(context: Context) -> None:
    assert set(MX_STATES.values()) == set(context.tables["mx_states"]["mx_state"])
    assert len(MX_STATES) == 33  # Baja California has two


def test_a_month_is_read_out_of_the_zip_it_is_published_in(tmp_path: Path, context: Context) -> None:
    path = put(tmp_path / "April2024.zip", month_zip(4))
    form, loaded = guess_format(path, context)
    assert form.id == "transborder"
    assert flows(loaded) == {("TX", "2304", "19", 2024): 1000}
    assert loaded.report.dropped == {"the same month again": 1}
    assert "given more than once, taken once: 2024-04" in loaded.report.notes
    assert loaded.tables["freight_flows"]["months"].tolist() == [4]
    notes = "; ".join(loaded.report.notes)
    assert "read: 'Month/dot1_0424.csv' (1 rows); 'Month/dot1_ytd_0424.csv' (4 rows)" in notes
    assert "not read: 'Month/dot2_0424.csv' (another table than DOT1)" in notes
    assert "not read: 'Month/dot3_0424.csv' (another table than DOT1)" in notes


@pytest.mark.parametrize("to_date", [False, True])
def test_a_year_is_a_zip_of_zips_and_no_month_counts_twice(
    tmp_path: Path, context: Context, *, to_date: bool
) -> None:
    months = {f"{month:02d}.zip": month_zip(month, to_date=to_date) for month in range(1, 13)}
    path = put(tmp_path / "2024.zip", zipped({"readme.txt": b"about", **months}))
    form, loaded = guess_format(path, context)
    assert form.id == "transborder"
    assert flows(loaded) == {("TX", "2304", "19", 2024): sum(100 * month for month in range(1, 13))}
    assert loaded.report.rows == 12
    assert loaded.report.period == "2024-01..2024-12"
    assert not any("not whole" in note for note in loaded.report.notes)
    assert any("months have files of their own" in note for note in loaded.report.notes) == to_date


def test_a_month_twice_is_counted_and_taken_once(tmp_path: Path, context: Context) -> None:
    path = put(tmp_path / "two.zip", zipped({"a/dot1_0424.csv": text(APRIL), "b.csv": text(APRIL)}))
    loaded = load_transborder(path, context)
    assert flows(loaded) == APRIL_WANTED
    assert loaded.report.dropped["the same month again"] == 3
    other = [row(value=1001), *APRIL[1:]]
    put(path, zipped({"a/dot1_0424.csv": text(APRIL), "b.csv": text(other)}))
    with pytest.raises(SchemaError, match=r"found 1 rows of 2024-04 again with other values. Keep one"):
        load_transborder(path, context)


def test_nayarit_read_as_missing_is_refused(tmp_path: Path, context: Context) -> None:
    path = put(tmp_path / "dot1_0424.csv", text(APRIL))
    pd.read_csv(path, dtype=str).to_csv(path, index=False)  # pandas takes NA for a missing value
    with pytest.raises(
        SchemaError, match=r"row 4, column 'mx_state'.*NA is Nayarit.*found 1 rows with an empty"
    ):
        load_transborder(path, context)


LATER = datetime.now(tz=UTC).year + 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (text([row(year=LATER)]), rf"column 'year'.*expected a year up to {LATER - 1}"),
        (text([row(month=13)]), r"column 'month': expected a month up to"),
        (text([row(value="")]), r"column 'value'"),
        (text([row(value="12.5")]), r"column 'value'"),
        (text([]), r"expected exports by truck to Mexico from the four states, found none of 0 rows"),
        (text([row(mode="6")]), r"found none of 1 rows"),
        (text([row(mx_state="OT")]), r"rows for the table 'freight_flows'"),
        (text(APRIL).replace(b",", b"^"), r"expected a column 'trdtype'"),
        (month_zip(4)[:-40], r"expected a complete zip file or workbook"),
        (zipped({"photo.png": b"\x89PNG"}), r"a zip with a table .* found photo.png"),
        (zipped({"a.zip": zipped({"photo.png": b"\x89PNG"})}), r"a zip with a table"),
        (zipped({"a.zip": b"PK\x03\x04"}), r"a complete zip file"),
        (zipped({"dot2_0424.csv": text([], DOT2)}), r"expected a file dot1_MMYY.csv in it"),
        (zipped({"mine.csv": b"a,b\n1,2\n"}), r"expected a column 'trdtype'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, context: Context, content: bytes, says: str) -> None:
    name = "a.zip" if content.startswith(b"PK") else "a.csv"
    with pytest.raises(SchemaError, match=says):
        load_transborder(put(tmp_path / name, content), context)
