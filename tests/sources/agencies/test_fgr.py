"""FGR's `IDEFF`: the real file gives the shipped table; any dress gives the same; a cut is never silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.fgr import FORMATS, read_ideff
from corridors.sources.schemas import Context
from tests.raw import RAW, needs_raw
from tests.sources.dress import MONTHS, Dress, check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["AÑO", "INEGI", "ENTIDAD", "LEY", "CONCEPTO", "TIPO", *map(str.upper, MONTHS)]
LAW = ["OTRAS LEYES Y CODIGOS"] * 2 + ["LEY FEDERAL DE ARMAS DE FUEGO Y EXPLOSIVOS (L.F.A.F.E.)"]
DRUGS = ["CODIGO PENAL FEDERAL", "CONTRA LA SALUD", "PRODUCCION"]
FULL = [[1] * 12, [0] * 11 + [2]]
HALF = [*range(1, 8), *[""] * 5]
ROWS: list[list[object]] = [
    [2024, 2, "BAJA CALIFORNIA", *LAW, *FULL[0]],
    [2024, 2, "BAJA CALIFORNIA", *DRUGS, *[9] * 12],
    [2024, 19, "NUEVO LEON", *LAW, *FULL[1]],
    [2025, 2, "BAJA CALIFORNIA", *LAW, *HALF],
    [2025, 19, "NUEVO LEON", *LAW, *[0] * 7, *[""] * 5],
    [2025, "", "EXTRANJERO", *LAW, *HALF],
]
WANTED = [("02", 2024, 12, 12), ("02", 2025, 7, 28), ("19", 2024, 12, 2), ("19", 2025, 7, 0)]


def _table(path: Path, context: Context) -> list[tuple[object, ...]]:
    loaded = read_ideff(path, context)
    check_account(loaded.report)
    made = loaded.tables["case_files"]
    assert made.columns.tolist() == ["mx_state", "year", "months", "case_files"]
    return list(made.itertuples(index=False, name=None))


@needs_raw
def test_the_real_file_gives_the_shipped_table(context: Context, data: Path) -> None:
    loaded = read_ideff(RAW / "mexico" / "IDEFF_jul25.csv", context)
    report = loaded.report
    check_account(report)
    assert (report.rows, report.kept, report.period) == (13_398, 448, "2012-01..2025-07")
    assert report.dropped == {"another offence": 12_936, "EXTRANJERO: of no state": 14}
    shipped = pd.read_csv(data / "case_files.csv", dtype={"mx_state": "str"})
    pd.testing.assert_frame_equal(loaded.tables["case_files"], shipped, check_dtype=False)


def test_months_to_come_are_not_nought(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "IDEFF_jul25.csv"
    path.write_text(table_text(HEADER, ROWS), encoding="latin-1")
    assert _table(path, context) == WANTED
    report = read_ideff(path, context).report
    assert report.dropped == {"another offence": 1, "EXTRANJERO: of no state": 1}
    assert report.period == "2024-01..2025-07"


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_table(tmp_path: Path, context: Context, dress: Dress) -> None:
    padded = [[row[0], f"{row[1]:02d}" if row[1] else "", *row[2:]] for row in ROWS]
    path = tmp_path / "file.csv"
    path.write_bytes(dressed(HEADER, padded if dress.padded else ROWS, dress))
    assert _table(path, context) == WANTED


@given(cut=st.integers(0, len(table_text(HEADER, ROWS).encode("latin-1"))))
@quick
def test_a_cut_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode("latin-1")
    check_cut(read_ideff, content, cut, path=tmp_path / "file.csv", context=context)


def test_years_with_fewer_states_are_said(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "file.csv"
    path.write_text(table_text(HEADER, ROWS[:4]), encoding="latin-1")
    (note,) = [note for note in read_ideff(path, context).report.notes if "may be cut" in note]
    assert "2024: 2, 2025: 1" in note


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({0: "2o24"}, "'2o24'"),
        ({0: ""}, "''"),
        ({6: "1x"}, "'1x'"),
        ({7: "-3"}, "'-3'"),
        ({8: "2.5"}, "'2.5'"),
    ],
)
def test_a_wrong_count_is_an_error(
    tmp_path: Path, context: Context, change: dict[int, str], found: str
) -> None:
    rows = [list(row) for row in ROWS]
    for at, cell in change.items():
        rows[2][at] = cell
    path = tmp_path / "file.csv"
    path.write_text(table_text(HEADER, rows), encoding="latin-1")
    with pytest.raises(SchemaError) as caught:
        read_ideff(path, context)
    (fault,) = caught.value.faults
    assert (fault.row, fault.found) == (4, found)


def test_rows_given_twice_and_states_that_disagree(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "file.csv"
    odd = [2024, 26, "SINALOA", *LAW, *FULL[0]]
    path.write_text(table_text(HEADER, [*ROWS, ROWS[0], odd]), encoding="latin-1")
    assert _table(path, context) == WANTED
    dropped = read_ideff(path, context).report.dropped
    assert (dropped["row given twice"], dropped["code and name are of different states"]) == (1, 1)
    path.write_text(table_text(HEADER, [*ROWS, [*ROWS[0][:-1], 7]]), encoding="latin-1")
    with pytest.raises(SchemaError, match="again with other counts"):
        read_ideff(path, context)


def test_a_column_map_goes_first(tmp_path: Path, context: Context) -> None:
    header = ["Periodo", *HEADER[1:]]
    path = tmp_path / "file.csv"
    path.write_text(table_text(header, ROWS), encoding="utf-8")
    with pytest.raises(SchemaError, match="a column 'ano'"):
        read_ideff(path, context)
    assert _table(path, Context(context.tables, {"year": "Periodo"})) == WANTED


def test_the_format_names_what_it_gives() -> None:
    (form,) = FORMATS
    assert (form.id, form.tables) == ("ideff", ("case_files",))
    assert {"ano", "inegi", "tipo", "enero"} <= form.signature
