"""SESNSP's three files: the real Guanajuato file, generated ones in the official format, and the break of 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.sesnsp import FORMATS, read_municipal, read_state, read_victims
from tests.raw import RAW, needs_raw
from tests.sources.dress import MONTHS, Dress, check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context

    Row = list[object]

LIFE, FIRE, KNIFE = "La vida y la Integridad corporal", "Con arma de fuego", "Con arma blanca"
OTHER = "Otros bienes jurídicos afectados (del fuero común)"
CRIME = [LIFE, "Homicidio", "Homicidio doloso"]
TRIED = [LIFE, "Homicidio", "Tentativa de homicidio doloso", "Tentativa de homicidio doloso"]
STATE = ["Año", "Clave_Ent", "Entidad"]
WHAT = ["Bien jurídico afectado", "Tipo de delito", "Subtipo de delito", "Modalidad"]
IDM = [*STATE, "Cve. Municipio", "Municipio", *WHAT, *MONTHS]
IDEFC = [*STATE, *WHAT, *MONTHS]
IDVFC = [*STATE, *WHAT, "Sexo", "Rango de edad", *MONTHS]
ONE, HALF = [1] * 12, [2] * 6 + [""] * 6
TIJUANA = [2025, 2, "Baja California", 2004, "Tijuana"]
IDM_ROWS: list[Row] = [
    [*TIJUANA, *CRIME, FIRE, *ONE],
    [*TIJUANA, *CRIME, KNIFE, *HALF[:6], *[0] * 6],
    [*TIJUANA, LIFE, "Homicidio", "Homicidio culposo", FIRE, *[9] * 12],
    [2025, 8, "Chihuahua", 8037, "Juárez", *CRIME, FIRE, "1,234", *[0] * 11],
    [2025, 8, "Chihuahua", 8037, "Juárez", *CRIME, KNIFE, *[0] * 12],
    [2025, 5, "Coahuila de Zaragoza", 5015, "Juárez", *CRIME, FIRE, *[0] * 12],
    [2025, 5, "Coahuila de Zaragoza", 5015, "Juárez", *CRIME, KNIFE, *[0] * 12],
    [2025, 8, "Chihuahua", 8998, "No Especificado", *CRIME, FIRE, *[5] * 12],
    [2025, 8, "Chihuahua", 8999, "Otros Municipios", *CRIME, FIRE, *[5] * 12],
]
IDM_WANTED = [("02004", 24, 0.5, 12.0), ("05015", 0, 0.0, 0.0), ("08037", 1234, 1.0, 1234.0)]


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    path.write_bytes(table_text(header, rows, "\r\n").encode("latin-1"))
    return path


def _municipal(path: Path, context: Context) -> list[tuple[object, ...]]:
    loaded = read_municipal(path, context)
    check_account(loaded.report)
    made = loaded.tables["homicides_municipal"]
    assert set(made["counted"]) == {"case files"}
    return list(made.drop(columns="counted").itertuples(index=False, name=None))


def _states(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.drop(columns=["counted", "series"]).itertuples(index=False, name=None))


@needs_raw
def test_the_real_guanajuato_file(context: Context) -> None:
    loaded = read_municipal(RAW / "mexico" / "gto_official_format_homicidios_2020_2025.csv", context)
    report = loaded.report
    check_account(report)
    assert (report.rows, report.kept, report.dropped) == (2_484, 1_104, {"another offence": 1_380})
    assert report.period == "2020-01..2025-11"
    assert "covers 46 municipalities in 1 of 32 states (only Guanajuato)" in report.notes
    assert not [note for note in report.notes if "may be cut" in note or "BREAK" in note]
    made = loaded.tables["homicides_municipal"].set_index("cvegeo")
    assert (len(made), made["case_files"].sum(), made["firearm_homicides"].sum()) == (46, 15_866, 13_112)


@needs_raw
def test_the_real_guanajuato_file_agrees_with_the_national_one_of_2024(
    tmp_path: Path, context: Context
) -> None:
    whole = pd.read_csv(RAW / "mexico" / "gto_official_format_homicidios_2020_2025.csv", dtype="str")
    path = tmp_path / "IDM_NM_2024.csv"
    whole[whole["Año"] == "2024"].to_csv(path, index=False, encoding="latin-1")
    made = read_municipal(path, context).tables["homicides_municipal"].set_index("cvegeo")["case_files"]
    other = pd.read_csv(
        RAW / "mexico" / "homicidio_doloso_municipal_2024_2025H1.csv", dtype={"cvegeo": "str"}
    )
    other = other[(other["year"] == 2024) & other["cvegeo"].isin(made.index)]
    pd.testing.assert_series_equal(
        made, other.groupby("cvegeo")["homicidio_doloso"].sum(), check_dtype=False, check_names=False
    )
    assert made.sum() == 2_553


def _official_rows(victims: pd.DataFrame, other: str) -> list[Row]:
    """The real monthly counts of state victims laid out as the agency does."""
    rows: list[Row] = []
    keys = ["year", "cve_ent", "nombre_estado"]
    for (year, code, name), group in victims.groupby(keys):
        by_month = group.set_index("month")
        fire = by_month["victims_con_arma_de_fuego"].reindex(range(1, 13))
        rest = (by_month["victims_homicidio_doloso"] - by_month["victims_con_arma_de_fuego"]).reindex(
            range(1, 13)
        )
        for way, counts in ((FIRE, fire), (other, rest)):
            cells = ["" if pd.isna(count) else int(count) for count in counts]
            rows.append(
                [year, str(code).lstrip("0"), name, *CRIME, way, "Hombre", "Adultos (18 y más)", *cells]
            )
    return rows


@needs_raw
def test_real_victims_in_the_official_format_give_the_shipped_table(
    tmp_path: Path, context: Context, data: Path
) -> None:
    source = RAW / "mexico" / "victimas_homicidio_doloso_estado_mes_2015_2025H1.csv"
    rows = _official_rows(pd.read_csv(source, dtype={"cve_ent": "str"}), KNIFE)
    loaded = read_victims(_write(tmp_path / "IDVFC_NM_jun25.csv", IDVFC, rows), context)
    report = loaded.report
    assert (report.rows, report.kept, report.dropped, report.period) == (704, 704, {}, "2015-01..2025-06")
    made = loaded.tables["homicides_state"]
    assert set(made["counted"]) == {"victims"}
    assert set(made["series"]) == {"until 2025"}
    shipped = pd.read_csv(data / "homicides_state.csv", dtype={"mx_state": "str"})
    pd.testing.assert_frame_equal(made[shipped.columns], shipped, check_dtype=False)


def test_municipal(tmp_path: Path, context: Context) -> None:
    path = _write(tmp_path / "IDM_NM_dic25.csv", IDM, IDM_ROWS)
    assert _municipal(path, context) == IDM_WANTED
    report = read_municipal(path, context).report
    assert report.dropped == {"another offence": 1, "xx998 or xx999: municipality not specified": 2}
    assert "not an estimate" in report.notes[0]


def test_a_name_that_repeats_is_never_joined_by_itself(tmp_path: Path, context: Context) -> None:
    rows = [row for row in IDM_ROWS if row[4] == "Juárez"]
    made = {row[0]: row[1] for row in _municipal(_write(tmp_path / "a.csv", IDM, rows), context)}
    assert made == {"05015": 0, "08037": 1234}


def test_a_wrong_code_is_left_out_and_named(tmp_path: Path, context: Context) -> None:
    rows: list[Row] = [*IDM_ROWS, [2025, 17, "Morelos", 17093, "Nuevo", *CRIME, FIRE, *ONE]]
    rows += [[2025, 2, "Baja California", 8037, "Juárez", *CRIME, FIRE, *ONE]]
    rows += [[2025, 9, "Sonora", 26043, "Nogales", *CRIME, FIRE, *ONE]]
    loaded = read_municipal(_write(tmp_path / "a.csv", IDM, rows), context)
    dropped = loaded.report.dropped
    assert dropped["code not in the list of municipalities"] == 1
    assert dropped["codes of state and municipality differ"] == 1
    assert dropped["code and name are of different states"] == 1
    assert "codes that no municipality has: 17093 Nuevo" in loaded.report.notes
    assert loaded.tables["homicides_municipal"]["cvegeo"].tolist() == ["02004", "05015", "08037"]


@given(dress=dresses(len(IDM), len(IDM_ROWS)))
@quick
def test_any_dress_of_the_municipal_file(tmp_path: Path, context: Context, dress: Dress) -> None:
    padded = [[row[0], f"{row[1]:02d}", row[2], f"{row[3]:05d}", *row[4:]] for row in IDM_ROWS]
    path = tmp_path / "file.csv"
    path.write_bytes(dressed(IDM, padded if dress.padded else IDM_ROWS, dress))
    assert _municipal(path, context) == IDM_WANTED


@given(cut=st.integers(0, len(table_text(IDM, IDM_ROWS))))
@quick
def test_a_cut_of_the_municipal_file_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(IDM, IDM_ROWS).encode("latin-1")
    check_cut(read_municipal, content, cut, path=tmp_path / "file.csv", context=context)


def test_a_cut_between_the_rows_of_a_place_is_said(tmp_path: Path, context: Context) -> None:
    loaded = read_municipal(_write(tmp_path / "a.csv", IDM, IDM_ROWS[:4]), context)
    assert any("fewer ways of crime" in note and "08037 in 2025" in note for note in loaded.report.notes)


def _state_rows(year: int, code: object, name: str, fire: Row, *, tried: bool = False) -> list[Row]:
    place: Row = [year, code, name]
    rows: list[Row] = [
        [*place, *CRIME, FIRE, *fire],
        [*place, *CRIME, KNIFE, *([1] * 3 + [""] * 9 if year == 2026 else ONE)],
        [*place, OTHER, "Amenazas", "Amenazas", "Amenazas", *fire],
    ]
    return [*rows, [*place, *TRIED, *fire]] if tried else rows


OLD = _state_rows(2025, 1, "Aguascalientes", [3] * 12)
NEW = _state_rows(2026, "01", "Aguascalientes", [4, 3, 2, *[""] * 9], tried=True)


def test_state_counts_case_files(tmp_path: Path, context: Context) -> None:
    loaded = read_state(_write(tmp_path / "IDEFC_NM_dic25.csv", IDEFC, OLD), context)
    made = loaded.tables["homicides_state"]
    assert _states(made) == [("01", 2025, 12, 48, 36)]
    assert set(made["counted"]) == {"case files"}
    assert not [note for note in loaded.report.notes if "BREAK" in note]
    assert loaded.report.dropped == {"another offence": 1}


def test_the_new_classification_is_marked(tmp_path: Path, context: Context) -> None:
    loaded = read_state(_write(tmp_path / "estatal_n.csv", IDEFC, NEW), context)
    made = loaded.tables["homicides_state"]
    assert _states(made) == [("01", 2026, 3, 12, 9)]  # "Tentativa" is no homicide
    assert made["series"].tolist() == ["from 2026"]
    (note,) = [note for note in loaded.report.notes if note.startswith("SERIES BREAK")]
    assert "not to be joined" in note


def test_both_classifications_in_one_file_are_never_silent(tmp_path: Path, context: Context) -> None:
    path = _write(tmp_path / "both.csv", IDEFC, [*OLD, *NEW])
    loaded = read_state(path, context)
    assert loaded.tables["homicides_state"]["series"].tolist() == ["until 2025", "from 2026"]
    assert any(note.startswith("SERIES BREAK") and "both are here" in note for note in loaded.report.notes)
    rows: list[Row] = [[*row[:3], 1001, "Aguascalientes", *row[3:]] for row in (*OLD, *NEW)]
    municipal = read_municipal(_write(tmp_path / "municipal.csv", IDM, rows), context)
    assert any("both are here" in note for note in municipal.report.notes)


def test_victims_of_every_sex_and_age_are_added(tmp_path: Path, context: Context) -> None:
    rows: list[Row] = [
        [2025, 2, "Baja California", *CRIME, way, sex, age, *HALF]
        for way in (FIRE, KNIFE)
        for sex in ("Hombre", "Mujer", "No identificado")
        for age in ("Adultos (18 y más)", "Menores de edad (0-17)")
    ]
    loaded = read_victims(_write(tmp_path / "IDVFC_NM_jun25.csv", IDVFC, rows), context)
    assert _states(loaded.tables["homicides_state"]) == [("02", 2025, 6, 144, 72)]
    assert loaded.report.period == "2025-01..2025-06"


def test_one_of_the_three_is_not_taken_for_another(tmp_path: Path, context: Context) -> None:
    victims: list[Row] = [[2025, 2, "Baja California", *CRIME, FIRE, "Hombre", "Adultos (18 y más)", *ONE]]
    path = _write(tmp_path / "a.csv", IDVFC, victims)
    with pytest.raises(SchemaError, match="Read it as 'sesnsp_victims'"):
        read_state(path, context)
    with pytest.raises(SchemaError, match="Read it as 'sesnsp_municipal'"):
        read_state(_write(tmp_path / "b.csv", IDM, IDM_ROWS), context)
    with pytest.raises(SchemaError, match="a column 'cve_municipio'"):
        read_municipal(_write(tmp_path / "c.csv", IDEFC, OLD), context)


def test_rows_given_twice(tmp_path: Path, context: Context) -> None:
    path = _write(tmp_path / "a.csv", IDM, [*IDM_ROWS, IDM_ROWS[0]])
    assert _municipal(path, context) == IDM_WANTED
    assert read_municipal(path, context).report.dropped["row given twice"] == 1
    with pytest.raises(SchemaError, match="again with other counts"):
        read_municipal(
            _write(tmp_path / "b.csv", IDM, [*IDM_ROWS, [*TIJUANA, *CRIME, FIRE, *[2] * 12]]), context
        )


def test_a_blank_among_months_with_data_is_said(tmp_path: Path, context: Context) -> None:
    rows = [*IDM_ROWS[1:], [*IDM_ROWS[0][:-3], "", "", ""]]
    loaded = read_municipal(_write(tmp_path / "a.csv", IDM, rows), context)
    assert any(note.startswith("3 cells are blank") for note in loaded.report.notes)


def test_a_file_without_homicides_is_an_error(tmp_path: Path, context: Context) -> None:
    with pytest.raises(SchemaError, match="rows for the table 'homicides_municipal'"):
        read_municipal(_write(tmp_path / "a.csv", IDM, [IDM_ROWS[2]]), context)


def test_an_excel_copy_gives_the_same(tmp_path: Path, context: Context) -> None:
    path = tmp_path / "a.xlsx"
    pd.DataFrame(IDM_ROWS, columns=IDM).to_excel(path, index=False)
    assert _municipal(path, context) == IDM_WANTED


def test_the_formats() -> None:
    assert [form.id for form in FORMATS] == ["sesnsp_municipal", "sesnsp_state", "sesnsp_victims"]
    municipal, state, victims = (form.signature for form in FORMATS)
    assert state < municipal
    assert state < victims


@given(known=st.integers(1, 12), blank=st.booleans(), spelled=st.sampled_from(["0", "0.0", 0]))
@quick
def test_months_to_come_written_as_zero_are_not_counted(
    tmp_path: Path, context: Context, known: int, *, blank: bool, spelled: object
) -> None:
    rest = ["" if blank else spelled] * (12 - known)
    rows: list[Row] = [
        [2025, 26, "Sonora", *CRIME, FIRE, *[2] * 12],
        [2026, 26, "Sonora", *CRIME, FIRE, *[3] * known, *rest],
        [2026, 8, "Chihuahua", *CRIME, FIRE, *[0] * 12],
    ]
    loaded = read_state(_write(tmp_path / "a.csv", IDEFC, rows), context)
    made = loaded.tables["homicides_state"].set_index(["mx_state", "year"])
    assert loaded.report.period == f"2025-01..2026-{known:02d}"
    assert [made.loc[("26", 2026), name] for name in ("months", "homicides")] == [known, 3 * known]
    assert made.loc[("26", 2025), "months"] == 12
    noted = [note for note in loaded.report.notes if "months to come" in note]
    assert len(noted) == (known < 12)


def test_zeros_are_counts_where_another_offense_has_the_month(tmp_path: Path, context: Context) -> None:
    other = [LIFE, "Homicidio", "Homicidio culposo", FIRE]
    rows: list[Row] = [
        [2026, 26, "Sonora", *CRIME, FIRE, *[3] * 7, *[0] * 5],
        [2026, 26, "Sonora", *other, *[0] * 9, 1, 0, 0],
    ]
    loaded = read_state(_write(tmp_path / "a.csv", IDEFC, rows), context)
    assert loaded.report.period == "2026-01..2026-10"
    quiet: list[Row] = [[2020, 26, "Sonora", *CRIME, FIRE, *[0] * 12]]
    loaded = read_state(_write(tmp_path / "b.csv", IDEFC, quiet), context)
    assert loaded.report.period == "2020-01..2020-12"


def test_the_old_methodology_is_named_with_its_columns(tmp_path: Path, context: Context) -> None:
    header = ["ANO", "INEGI", "ENTIDAD", "MUNICIPIO", "MODALIDAD", "TIPO", "SUBTIPO", *MONTHS]
    row = [2014, 26043, "SONORA", "NOGALES", "HOMICIDIOS", "DOLOSOS", "CON ARMA DE FUEGO", *ONE]
    path = _write(tmp_path / "IDM_MAnterior.csv", header, [row])
    for read in (read_municipal, read_state):
        with pytest.raises(SchemaError, match=r"old methodology \(until 2017\), columns ANO, INEGI, .* TIPO"):
            read(path, context)


def test_a_year_to_come_is_a_fault(tmp_path: Path, context: Context) -> None:
    path = _write(tmp_path / "a.csv", IDEFC, [[2077, 26, "Sonora", *CRIME, FIRE, *ONE]])
    with pytest.raises(SchemaError, match="row 2, column 'year': expected a year up to 20"):
        read_state(path, context)
