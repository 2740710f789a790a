"""CIDE-PPD's armed events in their three layouts: 9999 is not reported, 17093 does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.cide import FORMATS
from tests.raw import RAW, needs_raw
from tests.sources.dress import Dress, check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

READ = {form.id: form.read for form in FORMATS}
# The raw layout: state and municipality as numbers, deaths and wounded, then arms, cartridges and vehicles.
HEADER = [
    "ID",
    "TIMESTAMP",
    "DIA",
    "MES",
    "AÑO",
    "ESTADO",
    "Municipio",
    "DE",
    "PF",
    "CIL",
    "ARL",
    "ARC",
    "CARG",
]
HEADER += ["CART", "VE", "AC", "TOR"]
NONE = 9999
ROWS: list[list[object]] = [
    [1, 1168927210, 16, 1, 2007, 2, 4, NONE, 1, NONE, 3, NONE, 36, 926, 1, 0, 0],
    [2, 1168927211, 17, 1, 2008, 2, 4, NONE, 1, NONE, NONE, NONE, NONE, NONE, NONE, 0, 0],
    [3, 1168927212, 18, 1, 2010, 28, 27, NONE, 1, NONE, 144, 18, 61, 2000, 8, 0, 0],
    [4, 1308787210, 23, 6, 2011, 22, NONE, NONE, 1, NONE, NONE, NONE, NONE, NONE, NONE, 0, 0],
    [5, 1315008010, 3, 9, 2011, 17, 93, NONE, 1, NONE, NONE, NONE, NONE, NONE, 2, 0, 0],
]
WANTED = [("02004", 2, 1, 3, 0, 3, 2007, 2008), ("28027", 1, 1, 144, 18, 162, 2010, 2010)]


def _rows(loaded: Loaded) -> list[tuple[object, ...]]:
    check_account(loaded.report)
    return list(loaded.tables["seizures_municipal"].itertuples(index=False, name=None))


@needs_raw
def test_the_real_events_give_the_shipped_table(context: Context, data: Path) -> None:
    loaded = READ["cide_ppd_events"](RAW / "mexico" / "cide_ppd_events_2006_2011.csv", context)
    report = loaded.report
    check_account(report)
    assert (report.rows, report.kept, report.period, report.unit) == (
        5_396,
        5_394,
        "2006..2011",
        "armed events",
    )
    assert report.dropped == {
        "municipality not reported (9999)": 1,
        "code not in the list of municipalities": 1,
    }
    assert "codes that no municipality has: 17093" in report.notes
    assert "long guns not reported in 3,631 events: counted as none, a floor" in report.notes
    shipped = pd.read_csv(data / "seizures_municipal.csv", dtype={"cvegeo": "str"})
    pd.testing.assert_frame_equal(loaded.tables["seizures_municipal"], shipped, check_dtype=False)
    assert shipped["firearms"].sum() == 11_715


@needs_raw
def test_the_real_events_laid_out_as_the_raw_files_give_the_shipped_table(
    tmp_path: Path, context: Context, data: Path
) -> None:
    events = pd.read_csv(RAW / "mexico" / "cide_ppd_events_2006_2011.csv")
    raw = pd.DataFrame(
        {
            "ID": events.index + 1,
            "DIA": events["day"],
            "MES": events["month"],
            "AÑO": events["year"],
            "ESTADO": events["cve_ent"],
            "Municipio": events["cve_mun"],
            "ARL": events["long_guns"].where(events["long_guns_reported"], NONE),
            "ARC": events["short_guns"].where(events["short_guns_reported"], NONE),
        }
    )
    path = tmp_path / "A-E.xlsx"
    raw.to_excel(path, index=False)
    loaded = READ["cide_ppd"](path, context)
    assert (loaded.report.rows, loaded.report.kept) == (5_396, 5_394)
    shipped = pd.read_csv(data / "seizures_municipal.csv", dtype={"cvegeo": "str"})
    pd.testing.assert_frame_equal(loaded.tables["seizures_municipal"], shipped, check_dtype=False)


def test_the_raw_text_is_tab_separated(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "BD_A-E.txt"
    path.write_text(table_text(HEADER, ROWS).replace(",", "\t"), encoding="latin-1")
    loaded = READ["cide_ppd"](path, context)
    assert _rows(loaded) == WANTED
    assert loaded.report.dropped == {
        "municipality not reported (9999)": 1,
        "code not in the list of municipalities": 1,
    }
    assert "long guns not reported in 1 events: counted as none, a floor" in loaded.report.notes
    assert any("two files" in note for note in loaded.report.notes)


def test_the_merged_file(tmp_path: Path, context: Context) -> None:
    header = "event_id,date,state_code,state,mun_code,municipality,long_guns_seized,small_arms_seized,source"
    lines = [
        header,
        "1,2007-01-16,2,Baja California,4,Tijuana,3,0,confrontations",
        "1,2008-01-16,2,Baja California,4,Tijuana,0,0,aggressions",
        "3,2010-01-18,28,Tamaulipas,27,Nuevo Laredo,144,18,confrontations",
        "",
    ]
    path = tmp_path / "AllViolenceData_171220.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert _rows(READ["cide_ppd_merged"](path, context)) == WANTED


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_table(tmp_path: Path, context: Context, dress: Dress) -> None:
    padded = [[*row[:5], f"{row[5]:02d}", f"{row[6]:03d}", *row[7:]] for row in ROWS]
    path = tmp_path / "file.csv"
    path.write_bytes(dressed(HEADER, padded if dress.padded else ROWS, dress))
    assert _rows(READ["cide_ppd"](path, context)) == WANTED


@given(cut=st.integers(0, len(table_text(HEADER, ROWS))))
@quick
def test_a_cut_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode("latin-1")
    check_cut(READ["cide_ppd"], content, cut, path=tmp_path / "file.csv", context=context)


def test_a_cut_workbook_is_an_error(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "A-E.xlsx"
    pd.DataFrame(ROWS, columns=HEADER).to_excel(path, index=False)
    content = path.read_bytes()
    assert _rows(READ["cide_ppd"](path, context)) == WANTED
    for cut in range(0, len(content), max(1, len(content) // 25)):
        path.write_bytes(content[:cut])
        with pytest.raises(SchemaError):
            READ["cide_ppd"](path, context)


@pytest.mark.parametrize(("at", "cell"), [(4, ""), (4, "20O7"), (10, ""), (10, "-1"), (11, "two")])
def test_a_wrong_cell_is_an_error(tmp_path: Path, context: Context, at: int, cell: str) -> None:
    rows = [list(row) for row in ROWS]
    rows[2][at] = cell
    path = tmp_path / "file.csv"
    path.write_text(table_text(HEADER, rows), encoding="latin-1")
    with pytest.raises(SchemaError) as caught:
        READ["cide_ppd"](path, context)
    assert [fault.row for fault in caught.value.faults] == [4]
