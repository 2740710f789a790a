"""Laws of both editions and background checks: the shipped tables again, and nothing of a damaged row."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.laws import FORMATS, load_nics, load_tufts, load_tufts_1991
from corridors.sources.schemas.columns import POSTAL_CODES
from corridors.sources.schemas.law_provisions import PROVISIONS, PROVISIONS_1991
from tests.raw import RAW, needs_raw
from tests.sources.dress import check_account, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

US = RAW / "us"
FOUR = [*POSTAL_CODES]
NAMES = {code: name for name, code in POSTAL_CODES.items()}
STATES = [*FOUR, *(f"State {number}" for number in range(46))]
OLD = [*PROVISIONS_1991, *(f"provision{number}" for number in range(133 - len(PROVISIONS_1991)))]
NICS_HEADER = [
    "month",
    "state",
    "permit",
    "permit_recheck",
    "handgun",
    "long_gun",
    "other",
    "multiple",
    "totals",
]
NICS: list[list[object]] = [
    ["1998-11", "Arizona", 1, "", 2, 3, "", 4, 10],
    ["1998-12", "Arizona", 1, "", 2, 3, "", 4, 10],
    ["1999-02", "Arizona", 1, 5, 2, 3, 7, 4, 22],
    ["1998-11", "Texas", 10, 0, 20, 30, 5, 1, 66],
    ["1998-11", "Nevada", 10, 0, 20, 30, 5, 1, 66],
]


def _laws(provisions: list[str], years: range, seed: int = 1) -> tuple[list[str], list[list[object]]]:
    """Made-up laws of 50 states in the form of the database."""
    dice = random.Random(seed)  # noqa: S311
    rows: list[list[object]] = []
    for state in STATES:
        for year in years:
            flags = [dice.randint(0, 1) for _ in provisions]
            rows.append([state, year, *flags, sum(flags)])
    return ["state", "year", *provisions, "lawtotal"], rows


def _plain(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    return tables[name].drop(columns=["source_id", "source_row"])


@needs_raw
def test_the_real_files_give_the_shipped_tables(context: Context, tables: Mapping[str, pd.DataFrame]) -> None:
    tufts = load_tufts(US / "tufts_state_firearm_laws.xlsx", context)
    pd.testing.assert_frame_equal(tufts.tables["state_laws"], _plain(tables, "state_laws"))
    assert (tufts.report.rows, tufts.report.kept, tufts.report.period) == (2450, 196, "1976..2024")
    nics = load_nics(US / "nics_firearm_background_checks_1998_2026.csv", context)
    pd.testing.assert_frame_equal(nics.tables["nics"], _plain(tables, "nics"))
    assert (nics.report.rows, nics.report.kept) == (18_095, 1316)
    assert nics.report.period == "1998-11..2026-03"
    old = load_tufts_1991(US / "state_firearm_laws_1991_2017.csv", context)
    assert (old.report.rows, old.report.kept, old.report.dropped.keys()) == (
        1350,
        108,
        tufts.report.dropped.keys(),
    )
    laws = old.tables["state_laws_1991"].set_index(["us_state", "year"])
    assert laws.xs(2017, level="year")["lawtotal"].to_dict() == {"AZ": 11, "CA": 106, "NM": 10, "TX": 18}
    for loaded in (tufts, nics, old):
        check_account(loaded.report)


@needs_raw
def test_the_editions_are_not_taken_for_one_another(context: Context) -> None:
    with pytest.raises(SchemaError, match="relinquishment"):
        load_tufts(US / "state_firearm_laws_1991_2017.csv", context)
    with pytest.raises(SchemaError, match="strawpurchase"):
        load_tufts_1991(US / "tufts_state_firearm_laws.xlsx", context)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_both_editions_from_made_up_laws(tmp_path: Path, context: Context, form: str) -> None:
    for load, provisions, table_id in (
        (load_tufts, list(PROVISIONS), "state_laws"),
        (load_tufts_1991, OLD, "state_laws_1991"),
    ):
        header, rows = _laws(provisions, range(2015, 2018))
        path = tmp_path / f"{table_id}.{form}"
        if form == "csv":
            path.write_text(table_text(header, rows).rstrip("\n"))  # as published: the last line does not end
        else:
            book = openpyxl.Workbook()
            book.active.title = "Notes"
            sheet = book.create_sheet("results")
            for row in (header, *rows):
                sheet.append(row)
            book.save(path)
        loaded = load(path, context)
        check_account(loaded.report)
        assert (loaded.report.rows, loaded.report.kept) == (150, 12)
        table = loaded.tables[table_id]
        totals = {(row[0], row[1]): row[-1] for row in rows}
        assert table["lawtotal"].tolist() == [
            totals[NAMES[state], year] for state, year in zip(table["us_state"], table["year"], strict=True)
        ]
        every = pd.Series([total for (_, year), total in totals.items() if year == 2016], dtype="float64")
        z = table.loc[table["us_state"].eq("TX") & table["year"].eq(2016), ["lawtotal", "law_z"]].iloc[0]
        assert z["law_z"] == pytest.approx((z["lawtotal"] - every.mean()) / every.std(ddof=0), abs=1e-4)


@given(dress=dresses(74, 50), extra=st.booleans())
@quick
def test_any_dress_gives_the_same_laws(tmp_path: Path, context: Context, dress: Any, extra: bool) -> None:  # noqa: FBT001
    header, rows = _laws([*PROVISIONS][:71], range(2020, 2021))
    header, rows = [*header[:-1], [*PROVISIONS][71]], [[*row[:-1], 0] for row in rows]
    totals = [sum(int(str(cell)) for cell in row[2:]) for row in rows]
    rows = [[*row, f"{total}.0" if extra else total] for row, total in zip(rows, totals, strict=True)]
    path = tmp_path / "mine.csv"
    names = (*(header[at] for at in dress.columns), "lawtotal")
    cells = [[*(rows[row][at] for at in dress.columns), rows[row][-1]] for row in dress.rows]
    same = type(dress)(
        tuple(range(75)), tuple(range(50)), dress.encoding, dress.newline, dress.extra, dress.padded
    )
    path.write_bytes(dressed(names, cells, same))
    table = load_tufts(path, context).tables["state_laws"]
    wanted = {row[0]: total for row, total in zip(rows, totals, strict=True)}
    assert dict(zip(table["us_state"], table["lawtotal"], strict=True)) == {
        code: wanted[name] for code, name in NAMES.items()
    }


def test_damaged_laws_are_refused(tmp_path: Path, context: Context) -> None:
    header, rows = _laws(OLD, range(2016, 2018))
    content = table_text(header, rows)
    path = tmp_path / "mine.csv"
    dice = random.Random(7)  # noqa: S311
    for _ in range(12):
        path.write_text(content[: dice.randrange(len(content) - 2)])
        with pytest.raises(SchemaError):
            load_tufts_1991(path, context)
    rows[3][7] = 1 - int(str(rows[3][7]))
    path.write_text(table_text(header, rows))
    with pytest.raises(SchemaError, match="row 5, column 'lawtotal': expected lawtotal to be the sum"):
        load_tufts_1991(path, context)
    rows[3][7] = 2
    path.write_text(table_text(header, rows))
    with pytest.raises(SchemaError, match="132 of 133"):
        load_tufts_1991(path, context)


def test_repeats_and_the_district(tmp_path: Path, context: Context) -> None:
    header, rows = _laws(list(PROVISIONS), range(2020, 2021))
    path = tmp_path / "mine.csv"
    path.write_text(table_text(header, [*rows, rows[0], ["District of Columbia", *rows[0][1:]]]))
    report = load_tufts(path, context).report
    assert (report.rows, report.kept) == (52, 4)
    assert report.dropped["the same row again"] == 1
    assert report.dropped["District of Columbia: not one of the 50 states"] == 1
    other = [rows[0][0], *rows[1][1:]]
    path.write_text(table_text(header, [*rows, other]))
    with pytest.raises(SchemaError, match="again with other counts"):
        load_tufts(path, context)


def _nics(loaded: Loaded) -> list[tuple[Any, ...]]:
    check_account(loaded.report)
    table = loaded.tables["nics"][["us_state", "year", "months", "handgun", "other", "totals", "sales_proxy"]]
    return list(table.astype(object).where(table.notna(), None).itertuples(index=False, name=None))


NICS_WANTED = [
    ("AZ", 1998, 2, 4, None, 20, 26),
    ("AZ", 1999, 1, 2, 7, 22, 20),
    ("TX", 1998, 1, 20, 5, 66, 57),
]


@given(dress=dresses(len(NICS_HEADER), len(NICS)))
@quick
def test_any_dress_gives_the_same_checks(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(NICS_HEADER, NICS, dress))
    loaded = load_nics(path, context)
    assert _nics(loaded) == NICS_WANTED
    assert loaded.report.notes[0] == "Arizona lacks 1999-01"


@given(cut=st.integers(0, 230))
@quick
def test_cut_checks_are_an_error_or_the_whole_rows(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(NICS_HEADER, NICS)
    path = tmp_path / "mine.csv"
    path.write_text(content[:cut])
    try:
        loaded = load_nics(path, context)
    except SchemaError:
        return
    check_account(loaded.report)
    whole = content[:cut].count("\n") - (not content[:cut].endswith("\n") and 0)
    path.write_text(
        "".join(line + "\n" for line in content.splitlines()[: loaded.report.kept + 1 + _left(loaded)])
    )
    assert _nics(load_nics(path, context)) == _nics(loaded)
    assert loaded.report.rows in {whole - 1, whole}


def _left(loaded: Loaded) -> int:
    return sum(count for reason, count in loaded.report.dropped.items() if reason.startswith("outside"))


def test_wrong_checks_are_faults_with_their_row(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "mine.csv"
    for row, says in (
        (["1999-03", *NICS[2][1:-1], 23], "row 7, column 'totals'.*23 against 22"),
        (["March", *NICS[2][1:]], "row 7, column 'month'"),
        (["1999-03", "Arizona", -1, *NICS[2][3:]], "row 7, column 'permit'"),
        (["1999-02", "Arizona", 2, 4, *NICS[2][4:]], "again with other counts"),
    ):
        path.write_text(table_text(NICS_HEADER, [*NICS, row]))
        with pytest.raises(SchemaError, match=says):
            load_nics(path, context)
    path.write_text(table_text(NICS_HEADER, NICS[4:]))
    with pytest.raises(SchemaError, match="rows for the table 'nics'"):
        load_nics(path, context)


def test_formats_are_told_apart() -> None:
    tufts, old, _ = FORMATS
    assert "relinquishment" in tufts.signature - old.signature
    assert "strawpurchase" in old.signature - tufts.signature
