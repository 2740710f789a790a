"""Hand-made spreadsheets of seizures: titles, merged headers, lost accents, totals, and names that repeat."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.sedena import read_sedena
from corridors.sources.agencies.seizure_years import year_in
from corridors.sources.schemas import Context, Loaded
from tests.sources.dress import Dress, check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


HEADER = ["No.", "FECHA", "ESTADO", "MUNICIPIO", "ARMAS LARGAS", "ARMAS CORTAS"]
ROWS: list[list[object]] = [
    [1, "15/01/2019", "CHIHUAHUA", "JUAREZ", 3, 1],
    [2, "16-FEB-20", "COAHUILA", "JUAREZ", 2, ""],
    [3, "2019-03-01", "BAJA CALIFORNIA", "TIJUANA", 10, 5],
    [4, "2 DE ABRIL DE 2021", "BAJA CALIFORNIA", "TIJUANA", 0, 0],
    [5, "01/05/2021", "CHIHUAHUA", "TIJUANNA", 7, 7],
    [6, "01/06/2021", "TEXAS", "LAREDO", 1, 0],
]
WANTED = [
    ("02004", 2, 1, 10, 5, 15, 2019, 2021),
    ("05015", 1, 1, 2, 0, 2, 2020, 2020),
    ("08037", 1, 1, 3, 1, 4, 2019, 2019),
]


def _rows(loaded: Loaded) -> list[tuple[object, ...]]:
    check_account(loaded.report)
    return list(loaded.tables["seizures_municipal"].itertuples(index=False, name=None))


def _book(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def _csv(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    path.write_text(table_text(header, rows), encoding="utf-8")
    return path


def test_a_spreadsheet_with_titles_totals_and_notes(tmp_path: Path, context: Context) -> None:
    title: list[Sequence[object]] = [
        ["SECRETARIA DE LA DEFENSA NACIONAL"],
        ["ARMAS ASEGURADAS, 2019-2021"],
        [],
    ]
    below: list[Sequence[object]] = [["", "", "TOTAL", "", 23, 14], ["FUENTE: S-7 (O.C.N.)"]]
    path = _book(tmp_path / "respuesta.xlsx", [*title, HEADER, *ROWS, *below], ["A1:F1", "A2:F2"])
    loaded = read_sedena(path, context)
    assert _rows(loaded) == WANTED
    report = loaded.report
    assert (report.rows, report.kept, report.period) == (8, 4, "2019..2021")
    assert report.dropped == {
        "no municipality of this name in the state": 1,
        "state not recognized": 1,
        "row of totals": 1,
        "title, note or repeated header, not a row": 1,
    }
    covers = "covers 3 municipalities in 3 of 32 states (only Baja California, Coahuila, Chihuahua)"
    assert covers in report.notes
    (note,) = [note for note in report.notes if note.startswith("not matched")]
    assert "'TIJUANNA' of state 08: near names" in note
    assert "'TEXAS' is no state" in note


def test_a_header_merged_over_two_rows(tmp_path: Path, context: Context) -> None:
    upper = ["NO.", "FECHA", "LUGAR", "", "ARMAS ASEGURADAS", "", "CARTUCHOS"]
    lower = ["", "", "ESTADO", "MUNICIPIO", "LARGAS", "CORTAS", ""]
    rows: list[Sequence[object]] = [["ANEXO UNICO"], upper, lower, *([*row, 99] for row in ROWS)]
    merged = ["A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"]
    assert _rows(read_sedena(_book(tmp_path / "a.xlsx", rows, merged), context)) == WANTED


def test_seized_and_destroyed_side_by_side(tmp_path: Path, context: Context) -> None:
    upper: list[object] = ["NO.", "FECHA", "ESTADO", "MUNICIPIO", "ASEGURADAS", "", "DESTRUIDAS", ""]
    lower = ["", "", "", "", "LARGAS", "CORTAS", "LARGAS", "CORTAS"]
    rows: list[Sequence[object]] = [upper, lower, *([*row, 50, 60] for row in ROWS)]
    assert _rows(read_sedena(_book(tmp_path / "a.xlsx", rows, ["E1:F1", "G1:H1"]), context)) == WANTED
    upper[4] = "DEVUELTAS"
    with pytest.raises(SchemaError, match="one column 'largas'"):
        read_sedena(_book(tmp_path / "b.xlsx", [upper, lower, *rows[2:]]), context)


def test_a_row_a_weapon(tmp_path: Path, context: Context) -> None:
    path = _csv(
        tmp_path / "a.csv",
        ["Fecha del evento", "Entidad federativa", "Mpio.", "Tipo de arma"],
        ["2019-03-01", "B.C.", "Tijuana", "FUSIL AK-47"],
        ["2019-03-01", "B.C.", "Tijuana", "Arma corta"],
        ["2019-03-02", "B.C.", "Tijuana", "ARMA DE FUEGO"],
        ["2019-03-02", "B.C.", "Tijuana", "GRANADA DE FRAGMENTACION"],
        ["2019-03-02", "B.C.", "Tijuana", "ZX-9"],
    )
    loaded = read_sedena(path, context)
    assert _rows(loaded) == [("02004", 2, 2, 1, 1, 3, 2019, 2019)]
    assert loaded.report.dropped == {"not a firearm by its type": 1, "type not recognized": 1}
    assert "types not recognized: ZX-9" in loaded.report.notes
    assert "1 rows do not tell long from short: only in firearms" in loaded.report.notes


def test_types_with_counts_and_counts_without_types(tmp_path: Path, context: Context) -> None:
    typed = _csv(
        tmp_path / "a.csv",
        ["AÑO", "ESTADO", "MUNICIPIO", "TIPO", "CANTIDAD"],
        [2019, "SON", "NOGALES", "LARGA", "1,200"],
        [2020, "VER", "NOGALES", "PISTOLA", 4],
        [2020, "VER", "NOGALES", "PISTOLA", "-"],
    )
    loaded = read_sedena(typed, context)
    wanted = [("26043", 1, 1, 1200, 0, 1200, 2019, 2019), ("30115", 1, 1, 0, 4, 4, 2020, 2020)]
    assert _rows(loaded) == wanted
    assert loaded.report.dropped == {"no count": 1}
    plain = _csv(tmp_path / "b.csv", ["AÑO", "ESTADO", "MUNICIPIO", "ARMAS"], [2019, "SON", "NOGALES", 12])
    loaded = read_sedena(plain, context)
    made = loaded.tables["seizures_municipal"]
    assert made["firearms"].tolist() == [12]
    assert made[["long_guns", "short_guns"]].isna().to_numpy().all()
    assert any("names no types" in note for note in loaded.report.notes)


def test_a_bare_name_joins_nothing(tmp_path: Path, context: Context) -> None:
    path = _csv(tmp_path / "a.csv", ["AÑO", "MUNICIPIO", "ARMAS LARGAS"], [2019, "JUAREZ", 12])
    with pytest.raises(SchemaError, match=r"columns for .*state"):
        read_sedena(path, context)
    path = _csv(
        tmp_path / "b.csv",
        ["AÑO", "ESTADO", "MUNICIPIO", "ARMAS LARGAS"],
        [2019, "", "JUAREZ", 12],
        [2019, "CHIHUAHUA", "BENITO JUAREZ", 12],
        [2019, "QUINTANA ROO", "BENITO JUAREZ", 5],
    )
    loaded = read_sedena(path, context)
    assert [row[0] for row in _rows(loaded)] == ["23005"]
    assert loaded.report.dropped == {
        "state not recognized": 1,
        "no municipality of this name in the state": 1,
    }


def test_codes_go_before_names_and_must_agree_with_them(tmp_path: Path, context: Context) -> None:
    path = _csv(
        tmp_path / "a.csv",
        ["AÑO", "CVE_ENT", "CVE_MUN", "ESTADO", "MUNICIPIO", "LARGAS"],
        [2019, 8, 37, "CHIHUAHUA", "CIUDAD JUAREZ", 1],
        [2019, "05", "015", "COAHUILA", "JUAREZ", 2],
        [2019, 26, 43, "SONORA", "HERMOSILLO", 4],
        [2019, 17, 93, "MORELOS", "", 8],
        ["2019", 1, 1, "SUBTOTAL CHIHUAHUA", "", 8],
    )
    loaded = read_sedena(path, context)
    assert [(row[0], row[5]) for row in _rows(loaded)] == [("05015", 2), ("08037", 1)]
    assert loaded.report.dropped == {
        "code and name are of different municipalities": 1,
        "code not in the list of municipalities": 1,
        "row of totals": 1,
    }
    path = _csv(tmp_path / "b.csv", ["AÑO", "ESTADO", "MUNICIPIO", "LARGAS"], [2019, "08", "037", 1])
    assert _rows(read_sedena(path, context))[0][0] == "08037"


def test_a_column_map(tmp_path: Path, context: Context) -> None:
    header = ["cuándo", "edo. de la rep.", "lugar", "a. l.", "a. c."]
    path = _csv(tmp_path / "a.csv", header, *(row[1:] for row in ROWS))
    with pytest.raises(SchemaError, match="Name the columns in the column map"):
        read_sedena(path, context)
    names = ("date", "state", "municipality", "long_guns", "short_guns")
    assert _rows(read_sedena(path, Context(context.tables, dict(zip(names, header, strict=True))))) == WANTED


def test_events_are_counted_by_their_number(tmp_path: Path, context: Context) -> None:
    path = _csv(
        tmp_path / "a.csv",
        ["FOLIO", "FECHA", "ESTADO", "MUNICIPIO", "TIPO DE ARMA"],
        ["A1", "2019-03-01", "SONORA", "NOGALES", "LARGA"],
        ["A1", "2019-03-01", "SONORA", "NOGALES", "CORTA"],
        ["A2", "2019-03-01", "SONORA", "NOGALES", "CORTA"],
    )
    assert _rows(read_sedena(path, context)) == [("26043", 2, 2, 1, 2, 3, 2019, 2019)]


def test_dates_without_a_year_and_wrong_counts(tmp_path: Path, context: Context) -> None:
    header = HEADER[1:]
    path = _csv(tmp_path / "a.csv", header, ["ENERO", "SONORA", "NOGALES", 1, 1], *(row[1:] for row in ROWS))
    assert read_sedena(path, context).report.dropped["no year in the date"] == 1
    path = _csv(tmp_path / "b.csv", header, ["2019", "SONORA", "NOGALES", "dos", 1])
    with pytest.raises(SchemaError) as caught:
        read_sedena(path, context)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.found) == (2, "long_guns", "'dos'")


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_table(tmp_path: Path, context: Context, dress: Dress) -> None:
    path = tmp_path / "file.csv"
    named = {"MUNICIPIO": "Municipio", "FECHA": "Fecha de los hechos"}
    header = [named.get(name, name) for name in HEADER] if dress.padded else HEADER
    path.write_bytes(dressed(header, ROWS, dress))
    assert _rows(read_sedena(path, context)) == WANTED


@given(cut=st.integers(0, len(table_text(HEADER, ROWS))))
@quick
def test_a_cut_is_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode("latin-1")
    check_cut(read_sedena, content, cut, path=tmp_path / "file.csv", context=context)


def test_points_that_may_be_thousands(tmp_path: Path, context: Context) -> None:
    header = ["AÑO", "ESTADO", "MUNICIPIO", "ARMAS LARGAS", "ARMAS CORTAS"]
    rows = [[2021, "SONORA", "NOGALES", "1.000", "2.000"], [2021, "SONORA", "CABORCA", "12", "3"]]
    with pytest.raises(SchemaError) as caught:
        read_sedena(_csv(tmp_path / "a.csv", header, *rows), context)
    assert [(fault.row, fault.column, fault.found) for fault in caught.value.faults] == [
        (2, "long_guns", "'1.000': a thousand or one"),
        (2, "short_guns", "'2.000': a thousand or one"),
    ]
    # A row that is left out decides as well: it is of the same column.
    total = ["", "TOTAL", "", "1.012", "2.003"]
    loaded = read_sedena(_csv(tmp_path / "b.csv", header, *rows, total), context)
    assert [(row[0], row[3], row[4]) for row in _rows(loaded)] == [("26017", 12, 3), ("26043", 1000, 2000)]


@pytest.mark.parametrize("cell", [1.25, 1.255, "1,5", "12 34", "5%", True, "#REF!", "#N/A", -3])
def test_what_is_no_count_is_no_small_number(tmp_path: Path, context: Context, cell: object) -> None:
    rows: list[Sequence[object]] = [
        HEADER[1:],
        ["2019", "SONORA", "NOGALES", cell, 1],
        ["2019", "SONORA", "CABORCA", 12, 3],
    ]
    loaded = read_sedena(_book(tmp_path / "a.xlsx", rows), context)
    assert _rows(loaded) == [("26017", 1, 1, 12, 3, 15, 2019, 2019)]
    assert loaded.report.dropped == {"a count that is not a whole number": 1}
    assert any(
        note.startswith("left out: row 2, column 'long_guns': expected a whole number")
        for note in loaded.report.notes
    )
    for worse in (rows[:2], [*rows, rows[1]]):
        with pytest.raises(SchemaError, match="row 2, column 'long_guns': expected a whole number"):
            read_sedena(_book(tmp_path / "a.xlsx", worse), context)


@given(day=st.dates(date(2000, 1, 1), date(2025, 12, 31)), part=st.floats(0, 0.999), form=st.integers(0, 9))
def test_any_way_to_write_a_day_has_its_year(day: date, part: float, form: int) -> None:
    serial = (day - date(1899, 12, 30)).days
    ways = (
        str(serial),
        str(serial + part),
        f"{serial + part:.5f}".replace(".", ","),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%y}",
        f"{day:%d.%m.%y}",
        f"{day:%Y-%m-%d %H:%M:%S}",
        f"{day.year}.0",
        f"{day:%m.%Y}",
        f"{day.year:,}",
    )
    assert year_in(ways[form]) == day.year


def test_years_to_come_and_numbers_without_a_year(tmp_path: Path, context: Context) -> None:
    cells = ["2075", "01/02/2075", "01/02/75", "12.50", "44197.75"]
    rows: list[Sequence[object]] = [HEADER[1:], *([cell, "SONORA", "NOGALES", 1, 1] for cell in cells)]
    loaded = read_sedena(_book(tmp_path / "a.xlsx", rows), context)
    assert _rows(loaded) == [("26043", 1, 1, 1, 1, 2, 2021, 2021)]
    assert loaded.report.dropped == {"a year to come": 2, "no year in the date": 2}


def test_a_sheet_a_year_is_one_table(tmp_path: Path, context: Context) -> None:
    book = openpyxl.Workbook()
    for year, guns in ((2019, 11), (2020, 21), (2021, 31)):
        sheet = book.active if year == 2019 else book.create_sheet()
        sheet.title = str(year)
        sheet.append(HEADER[1:])
        sheet.append([f"01/02/{year}", "SONORA", "NOGALES", guns, 0])
    book.create_sheet("Notas").append(["Fuente: S-7"])
    book.save(tmp_path / "a.xlsx")
    loaded = read_sedena(tmp_path / "a.xlsx", context)
    assert _rows(loaded) == [("26043", 3, 3, 63, 0, 63, 2019, 2021)]
    assert "read: '2019' (1 rows); '2020' (1 rows); '2021' (1 rows)" in loaded.report.notes
    book["2020"]["D2"] = "x"
    book.save(tmp_path / "a.xlsx")
    loaded = read_sedena(tmp_path / "a.xlsx", context)
    assert _rows(loaded) == [("26043", 2, 2, 42, 0, 42, 2019, 2021)]
    assert any("left out: sheet '2020', row 2, column 'long_guns'" in note for note in loaded.report.notes)


def test_a_merged_name_holds_for_its_rows_and_a_merged_count_once(tmp_path: Path, context: Context) -> None:
    rows: list[Sequence[object]] = [
        HEADER[1:],
        ["2021", "SONORA", "NOGALES", 5, 1],
        ["", "", "HERMOSILLO", 3, ""],
        ["", "", "CABORCA", 7, 2],
    ]
    loaded = read_sedena(_book(tmp_path / "a.xlsx", rows, ["A2:A4", "B2:B4", "E2:E3"]), context)
    assert [(row[0], row[3], row[4]) for row in _rows(loaded)] == [
        ("26017", 7, 2),
        ("26030", 3, 0),
        ("26043", 5, 1),
    ]


def test_a_formula_without_a_saved_value_is_no_zero(tmp_path: Path, context: Context) -> None:
    rows: list[Sequence[object]] = [HEADER[1:], ["2021", "SONORA", "NOGALES", "=2+3", 1]]
    with pytest.raises(SchemaError, match="'=2\\+3', a formula without a saved value"):
        read_sedena(_book(tmp_path / "a.xlsx", rows), context)


def test_days_of_a_workbook_that_counts_from_1904(tmp_path: Path, context: Context) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in [HEADER[1:], [43831 - 1462 + 0.5, "SONORA", "NOGALES", 1, 1]]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_sedena(tmp_path / "a.xlsx", context).report.period == "2020..2020"


def _years(path: Path, summary: str, guns: int) -> Path:
    book = openpyxl.Workbook()
    for title, rows in {
        summary: [["2019", guns], ["2020", 6]],
        "2019": [["01/02/2019", 1], ["05/02/2019", 4]],
        "2020": [["01/02/2020", 6]],
    }.items():
        sheet = book.create_sheet(title)
        sheet.append(HEADER[1:])
        for when, count in rows:
            sheet.append([when, "SONORA", "NOGALES", count, 0])
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def test_a_sheet_of_sums_is_not_counted_twice(tmp_path: Path, context: Context) -> None:
    loaded = read_sedena(_years(tmp_path / "a.xlsx", "RESUMEN", 5), context)
    assert _rows(loaded)[0][1:6] == (3, 3, 11, 0, 11)
    assert loaded.report.dropped == {"row of a sheet that sums the others": 2}
    for summary, guns in (("Hoja1", 5), ("RESUMEN", 7)):
        path = _years(tmp_path / f"{summary}.xlsx", summary, guns)
        with pytest.raises(SchemaError, match="each firearm in one sheet"):
            read_sedena(path, context)
        chosen = read_sedena(path, Context(context.tables, {"sheet": "2020"}))
        assert _rows(chosen)[0][5] == 6


def test_a_sheet_without_dates_has_the_year_of_its_name_or_asks(tmp_path: Path, context: Context) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Enero a diciembre de 2019"
    book.create_sheet("2020")
    for sheet, guns in zip(book.worksheets, (11, 21), strict=True):
        sheet.append(HEADER[2:])
        sheet.append(["SONORA", "NOGALES", guns, "n.d."])
    book.save(tmp_path / "a.xlsx")
    loaded = read_sedena(tmp_path / "a.xlsx", context)
    assert _rows(loaded) == [("26043", 2, 2, 32, 0, 32, 2019, 2020)]
    assert any(note.startswith("2 cells of counts are empty or not stated") for note in loaded.report.notes)
    book["2020"].title = "Hoja2"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SchemaError, match="a column of dates or years, or the time the table covers"):
        read_sedena(tmp_path / "a.xlsx", context)
    book["Hoja2"].title = "2020"
    dated = book.create_sheet("2021")
    for row in (HEADER[1:], ["01/02/2021", "SONORA", "NOGALES", 31, 0]):
        dated.append(row)
    book.save(tmp_path / "a.xlsx")
    assert _rows(read_sedena(tmp_path / "a.xlsx", context)) == [("26043", 3, 3, 63, 0, 63, 2019, 2021)]


def test_sheets_of_two_layouts_ask(tmp_path: Path, context: Context) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER[1:], ["2019", "SONORA", "NOGALES", 5, 1]):
        book.active.append(row)
    typed = book.create_sheet("2020")
    for row in (
        ["FECHA", "ESTADO", "MUNICIPIO", "TIPO", "CANTIDAD"],
        ["2020", "SONORA", "NOGALES", "LARGA", 7],
    ):
        typed.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SchemaError, match="long and short guns in every sheet, found none in '2020'"):
        read_sedena(tmp_path / "a.xlsx", context)


UNDATED: list[Sequence[object]] = [
    ["ESTADO", "MUNICIPIO", "LARGAS", "CORTAS"],
    ["SONORA", "NOGALES", 5, 1],
    ["SON.", "CABORCA", 3, 2],
]


@pytest.mark.parametrize(
    ("titles", "name", "given", "period"),
    [
        (["SEDENA", "Del 1 de enero de 2023 al 31 de diciembre de 2025"], "a", "", "2023-01-01..2025-12-31"),
        (["ARMAS ASEGURADAS, 2019 A 2021"], "a", "", "2019..2021"),
        (["Armas aseguradas de enero a junio de 2025", "Ciudad de México, a 5 de julio de 2025"], "a", "", "2025-01..2025-06"),
        (["Oficio S-7/1234/2024"], "armas_2020_2022", "", "2020..2022"),
        ([], "ARMAS ASEGURADAS 2024", "", "2024..2024"),
        ([], "sin fecha", "2023..2025", "2023..2025"),
        (["Años 2021, 2022 y 2023"], "a", "2022", "2022..2022"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("book", [True, False])
def test_a_table_without_dates_has_the_time_that_is_stated(
    tmp_path: Path, context: Context, titles: list[str], name: str, given: str, period: str, *, book: bool
) -> None:
    rows: list[Sequence[object]] = [*([title] for title in titles), *UNDATED, ["TOTAL", "", 8, 3]]
    path = tmp_path / f"{name}.{'xlsx' if book else 'csv'}"
    if book:
        _book(path, rows)
    else:
        path.write_text(table_text(["Respuesta"], rows), encoding="utf-8")
    loaded = read_sedena(path, Context(context.tables, period=given))
    first, last = (int(end[:4]) for end in period.split(".."))
    assert _rows(loaded) == [("26017", 1, 1, 3, 2, 5, first, last), ("26043", 1, 1, 5, 1, 6, first, last)]
    assert loaded.report.period == period
    assert any(note.startswith("rows without dates: taken as of ") for note in loaded.report.notes)


@pytest.mark.parametrize(
    ("titles", "name", "given", "says"),
    [
        (["SEDENA"], "a", "", "the time the table covers in its title or in the file's name"),
        (["Ciudad de México, a 5 de noviembre de 2024"], "a", "", 'period = "2023..2025"'),
        ([], "respuesta 2024-11-05", "", "the time the table covers"),
        (["2019 a 2021"], "a", "2023..2025", "a table of 2023..2025, found 2019..2021 by the title"),
        (
            ["2019 a 2021"],
            "armas 2024",
            "",
            "a table of 2019..2021, found 2024..2024 by the name of the file",
        ),
        (["2019", "2021"], "a", "", "the time the table covers"),
    ],
)
def test_a_table_of_no_time_or_of_two_asks(
    tmp_path: Path, context: Context, titles: list[str], name: str, given: str, says: str
) -> None:
    path = _book(tmp_path / f"{name}.xlsx", [*([title] for title in titles), *UNDATED])
    with pytest.raises(SchemaError) as caught:
        read_sedena(path, Context(context.tables, period=given))
    assert says in str(caught.value)
