"""Calendars as people make them: Spanish and English headers and dates, titles, merged cells, slips, the day first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.gun_show_day_text import day_span, is_day_first
from corridors.sources.agencies.gun_shows import load_csv, load_ics
from corridors.sources.registry import guess_format
from tests.sources.dress import check_account

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

MESA = ("2027-01-16", "2027-01-17", "Mesa", "AZ")
LAREDO = ("2027-02-06", "2027-02-07", "Laredo", "TX")
BOTH = [MESA, LAREDO]
DAYS = "days that cannot be read or cannot be"
TABLES = {
    "plain": ("venue,city,state,start,end", "Expo,Mesa,AZ,2027-01-16,2027-01-17", "Hall,Laredo,TX,2027-02-06,2027-02-07"),
    "month first": ("Venue,City,State,Start Date,End Date", "Expo,Mesa,AZ,1/16/2027,1/17/2027", "Hall,Laredo,TX,2/6/2027,2/7/2027"),
    "short year": ("venue\tcity\tstate\tbegin\tend", "Expo\tMesa\tAZ\t1/16/27\t1/17/27", "Hall\tLaredo\tTX\t02/06/27\t02/07/27"),
    "English words": ("Event,Venue,City,State,Dates", 'Show,Expo,Mesa,AZ,"Jan 16-17, 2027"', 'Show,Hall,Laredo,TX,"February 6 & 7, 2027"'),
    "weekdays": ("Venue,City,State,Dates", 'Expo,Mesa,AZ,"Sat-Sun, Jan. 16-17, 2027"', 'Hall,Laredo,TX,"Saturday, February 6 through Sunday, February 7, 2027"'),
    "day first": ("Recinto,Ciudad,Estado,Inicio,Fin", "Expo,Mesa,Arizona,16/01/2027,17/01/2027", "Hall,Laredo,Tejas,06/02/2027,07/02/2027"),
    "day first by the span": ("Recinto,Ciudad,Estado,Del,Al", "Expo,Mesa,Arizona,16/1/2027,17/1/2027", "Hall,Laredo,Texas,6/2/2027,7/2/2027"),
    "points": ("Sede,Ciudad,Estado,Fecha inicial,Fecha final", "Expo,Mesa,AZ,16.01.2027,17.01.2027", "Hall,Laredo,TX,06.02.2027,07.02.2027"),
    "Spanish words": ("Recinto;Ciudad;Estado;Fecha", "Expo;Mesa;Arizona;16 y 17 de enero de 2027", "Hall;Laredo;Texas;6 al 7 de febrero de 2027"),
    "Spanish weekdays": ("Feria;Recinto;Ciudad;Entidad;Fechas", "X;Expo;Mesa;Arizona;sábado 16 y domingo 17 de enero de 2027", "X;Hall;Laredo;TEXAS;DEL 6 AL 7 DE FEBRERO DE 2027"),
    "short months": ("Recinto,Ciudad,Estado,Fecha de inicio,Fecha de término", "Expo,Mesa,AZ,16-ene-2027,17-ene-27", "Hall,Laredo,TX,6 feb 2027,7/FEB/2027"),
    "a place as one text": ("Lugar,Fecha", '"Expo, Mesa, AZ",16 al 17 de enero de 2027', '"Hall, 1 Main St, Laredo, Texas 78040",6 y 7 de febrero de 2027'),
    "a city with its state": ("venue,city,dates", 'Expo,"Mesa, AZ",1/16-17/2027', 'Hall,"Laredo, TX",2/6/2027 - 2/7/2027'),
    "an address": ("Show Name,Address,Start Date,End Date", 'A,"Expo, 9 Elm St, Mesa, AZ 85201",1/16/2027,1/17/2027', 'B,"Hall, Laredo, TX",2/6/2027,2/7/2027'),
}  # fmt: skip


def _shows(loaded: Loaded) -> list[tuple[Any, ...]]:
    check_account(loaded.report)
    table = loaded.tables["gun_shows"].sort_values("start")
    return list(table[["start", "end", "city", "us_state"]].fillna("").itertuples(index=False, name=None))


def _book(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


def _text(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_headers_and_dates(tmp_path: Path, context: Context, kind: str, encoding: str) -> None:
    path = _text(tmp_path / "calendar.csv", *TABLES[kind], encoding=encoding)
    form, loaded = guess_format(path, context)
    assert form.id == "calendar_csv"
    assert _shows(loaded) == BOTH
    assert "Main St" not in loaded.tables["gun_shows"].to_csv()


def test_titles_two_rows_of_headers_and_merged_cells(tmp_path: Path, context: Context) -> None:
    days = [(datetime(2027, 1, 16), datetime(2027, 1, 17)), (datetime(2027, 2, 6), datetime(2027, 2, 7))]  # noqa: DTZ001
    upper, lower = ["Evento", "Recinto", "Ciudad", "Estado", "Fecha", ""], ["", "", "", "", "Inicio", "Fin"]
    rows = [["Feria", "Expo", "Mesa", "AZ", *days[0]], ["Feria", "Hall", "Laredo", "TX", *days[1]]]
    path = _book(
        tmp_path / "a.xlsx",
        [["CALENDARIO 2027"], upper, lower, *rows],
        ["A1:F1", "E2:F2", "A2:A3", "A4:A5"],
    )
    assert _shows(guess_format(path, context)[1]) == BOTH
    head = ["Estado", "Ciudad", "Recinto", "Fecha", "Mesas"]
    rows = [
        ["TEXAS", "LAREDO", "HALL", "6 Y 7 DE FEBRERO DE 2027", 300],
        ["", "EL PASO", "EXPO", "13 Y 14 DE FEBRERO DE 2027", ""],
        ["Fuente: promotores"],
    ]
    loaded = load_csv(_book(tmp_path / "b.xlsx", [["FERIAS"], [], head, *rows], ["A4:A5", "E4:E5"]), context)
    assert [row[2:] for row in _shows(loaded)] == [("LAREDO", "TX"), ("EL PASO", "TX")]


def test_one_slip_is_left_out_and_counted(tmp_path: Path, context: Context) -> None:
    head, *rows = TABLES["plain"]
    slips = {
        "X,Mesa,AZ,someday,": DAYS,
        "X,Mesa,AZ,2027-01-40,": DAYS,
        "X,Mesa,AZ,sábado 15 de enero de 2027,": DAYS,  # a Friday
        "X,Tuscon,AZ,2027-01-30,": "neither the venue nor the city is known",
        "X,Mesa,Ontario,2027-01-30,": "state not recognized",
        "X,Nogales,Sonora,2027-01-30,": "state not recognized",
        "X,Mesa,AZ,,": "no date",
        "X,Reno,NV,2027-01-30,": "outside Arizona, California, New Mexico and Texas",
    }
    for slip, reason in slips.items():
        loaded = load_csv(_text(tmp_path / "a.csv", head, *rows, slip), context)
        assert _shows(loaded) == BOTH
        assert loaded.report.dropped == {reason: 1}
    bad = [line for line, reason in slips.items() if reason == DAYS]
    with pytest.raises(SchemaError) as caught:
        load_csv(_text(tmp_path / "a.csv", head, *rows, *bad), context)
    assert [fault.row for fault in caught.value.faults] == [4, 5, 6]


def test_an_event_that_cannot_be_read_is_left_out(tmp_path: Path, context: Context) -> None:
    events = [
        f"BEGIN:VEVENT\r\nUID:{at}\r\nDTSTAMP:20270101T000000Z\r\n{start}\r\nLOCATION:Expo\\, Mesa\\, AZ\r\nEND:VEVENT\r\n"
        for at, start in enumerate(
            [
                "DTSTART;VALUE=DATE:20270116\r\nDTEND;VALUE=DATE:20270118",
                "DTSTART;VALUE=DATE:2027XX07",
                "DTSTART;VALUE=DATE:20270206",
            ]
        )
    ]
    path = tmp_path / "a.ics"
    path.write_bytes(
        "".join(["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n", *events, "END:VCALENDAR\r\n"]).encode()
    )
    loaded = load_ics(path, context)
    assert [row[0] for row in _shows(loaded)] == ["2027-01-16", "2027-02-06"]
    assert loaded.report.dropped == {"an event that cannot be read": 1}
    assert any("unreadable DTSTART" in note for note in loaded.report.notes)


def test_days_and_months_are_never_guessed(tmp_path: Path, context: Context) -> None:
    """What the file shows rules; English columns put the month first; Spanish ones, contradictions and mixtures ask."""
    head = "venue,city,state,date"
    path = _text(tmp_path / "a.csv", head, "Expo,Mesa,AZ,02/01/2027", "Hall,Laredo,TX,13/02/2027")
    loaded = load_csv(path, context)
    assert [row[0] for row in _shows(loaded)] == ["2027-01-02", "2027-02-13"]
    assert "dates put the day first, as '13/02/2027' shows" in loaded.report.notes
    loaded = load_csv(_text(tmp_path / "a.csv", head, "Expo,Mesa,AZ,02/01/2027"), context)
    assert [row[0] for row in _shows(loaded)] == ["2027-02-01"]
    assert any("put the month first" in note for note in loaded.report.notes)
    with pytest.raises(SchemaError, match="only dates such as '02/01/2027'"):
        load_csv(_text(tmp_path / "a.csv", "Recinto,Ciudad,Estado,Fecha", "Expo,Mesa,AZ,02/01/2027"), context)
    path = _text(tmp_path / "a.csv", head, "Expo,Mesa,AZ,13/01/2027", "Hall,Laredo,TX,01/14/2027")
    with pytest.raises(SchemaError, match=r"row 2.*'13/01/2027' and '01/14/2027' \(row 3\)"):
        load_csv(path, context)
    most = [f"Hall {day},Laredo,TX,01/{day}/2027" for day in (14, 15, 16, 17)]
    loaded = load_csv(_text(tmp_path / "a.csv", head, *most, "Expo,Mesa,AZ,13/02/2027"), context)
    assert loaded.report.dropped == {DAYS: 1}
    # A spreadsheet in English took 1/2/2027 for the second of January, and left 16/01/2027 as text.
    mixed: list[Sequence[object]] = [
        ["Fecha", "Recinto", "Ciudad", "Estado"],
        ["16/01/2027", "Expo", "Mesa", "AZ"],
        [datetime(2027, 1, 2), "Hall", "Laredo", "TX"],  # noqa: DTZ001
    ]
    with pytest.raises(SchemaError, match="expected dates of one kind"):
        load_csv(_book(tmp_path / "b.xlsx", mixed), context)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["venue,city,state", "Expo,Mesa,AZ"], "a column 'start'"),
        (["venue,city,start", "Expo,Mesa,2027-01-16"], "a column 'state'"),
        (["state,start", "AZ,2027-01-16"], "a column 'venue'"),
        (["Recinto,Ciudad,Estado,Fecha", "Expo,Mesa,Sonora,2027-01-16"], "none of 1: 1 state not recognized"),
        (["Recinto,Ciudad,Estado,Fecha", "Expo,Mesa,AZ,16 de enero"], r"\('16 de enero'\)"),
    ],
)
def test_what_cannot_be_a_calendar_says_why(
    tmp_path: Path, context: Context, lines: list[str], says: str
) -> None:
    with pytest.raises(SchemaError, match=says):
        load_csv(_text(tmp_path / "a.csv", *lines), context)


def test_a_cancelled_show_in_spanish(tmp_path: Path, context: Context) -> None:
    path = _text(
        tmp_path / "a.csv",
        "Nombre,Recinto,Ciudad,Estado,Inicio,Estatus,Cancelada",
        "Feria,Expo,Mesa,AZ,2027-01-16,Suspendida,",
        "Feria CANCELADA,Hall,Laredo,TX,2027-02-06,,",
        "Feria,Hall,El Paso,TX,2027-02-13,Programada,no",
        "Feria,Hall,Waco,TX,2027-02-20,,sí",
    )
    made = load_csv(path, context).tables["gun_shows"].sort_values("start")
    assert made["occurrence"].tolist() == ["cancelled", "cancelled", "announced", "cancelled"]


MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]


@given(first=st.dates(date(1990, 1, 1), date(2049, 1, 1)), length=st.integers(1, 6), form=st.integers(0, 9))
def test_any_way_to_write_two_days_names_them(first: date, length: int, form: int) -> None:
    last = first + timedelta(days=length)
    months = [MONTHS[day.month - 1] for day in (first, last)]
    one_month = first.month == last.month
    ways = (
        (f"{first.day} de {months[0]} de {first.year} al {last.day} de {months[1]} de {last.year}", None),
        (f"Del {first.day} de {months[0]} de {first.year} - {last.day} de {months[1]} del {last.year}", None),
        (f"{first:%B} {first.day}, {first.year} to {last:%b}. {last.day}, {last.year}", None),
        (
            f"{first:%a}, {first:%b} {first.day}, {first.year} - {last:%a}, {last:%b} {last.day}, {last.year}",
            None,
        ),
        (f"{first:%m/%d/%Y} - {last:%m/%d/%Y}", False),
        (f"{first:%d/%m/%Y} al {last:%d/%m/%Y}", True),
        (f"{first} a {last}", None),
        (f"{first.day} al {last.day} de {months[0]} de {first.year}", None),
        (f"{first:%B} {first.day}-{last.day}, {first.year}", None),
        (f"{first.day}-{last.day} {months[0][:3].upper()} {first.year}", None),
    )
    text, day_first = ways[form if one_month else form % 7]
    for order in [day_first] if day_first is not None else [False, True]:
        assert day_span(text, day_first=bool(order)) == (first.isoformat(), last.isoformat())
    assert day_span(f"{first:%d/%m/%Y}", day_first=True) == (first.isoformat(), "")


@given(st.lists(st.sampled_from([(True, False), (False, True), (True, True)]), max_size=9))
def test_the_order_of_dates_follows_the_clear_ones(rows: list[tuple[bool, bool]]) -> None:
    order = is_day_first({True: day, False: month} for day, month in rows)
    day, month = rows.count((True, False)), rows.count((False, True))
    if not (day and month):
        assert order is (day > 0)
    elif min(day, month) > 1 or max(day, month) < 4:
        assert order is None
    else:
        assert order is (day > month)
