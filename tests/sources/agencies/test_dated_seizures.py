"""Dated seizures in our own columns: several municipalities, names in place of codes, blanks, days that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.agencies.dated_seizures import load_dated_seizures
from corridors.sources.registry import guess_format
from tests.raw import RAW, needs_raw
from tests.sources.dress import check_account, check_cut, dressed, dresses, quick, table_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

HEADER = [
    *("event_id", "date_from", "date_to", "cvegeo", "mx_state", "long_guns", "short_guns", "machine_guns"),
    *("type_not_printed", "guns_total", "series", "url", "note"),
]
URL = "https://example.org/boletin"


def row(
    event: str = "E001",
    cvegeo: object = "26043",
    day: str = "2025-03-01",
    *,
    guns: tuple[object, ...] = (2, 1, 0, 0, 3),
    last: str = "",
    series: str = "FN",
    url: str = URL,
) -> list[object]:
    """Return a row: an event of three guns in Nogales by default."""
    return [event, day, last, cvegeo, "", *guns, series, url, ""]


ROWS = [
    row(),
    row("E002", "02004", "2025-03-02", last="2025-03-04", guns=(6, "", "", "", 10)),
    row("E002", "2005", "2025-03-02", last="2025-03-04", guns=(6, "", "", "", 10)),
    row("E003", "08037", "2025-03-05", guns=(1, 1, 1, 0, "")),
]
WANTED = [
    ("E001", "26043", "2025-03-01", 2, 0, 3, 1.0),
    ("E002", "02004", "2025-03-04", 6, 4, 10, 0.5),
    ("E002", "02005", "2025-03-04", 6, 4, 10, 0.5),
    ("E003", "08037", "2025-03-05", 1, 0, 3, 1.0),
]


def events(loaded: Loaded) -> list[tuple[Any, ...]]:
    """Return events in short."""
    check_account(loaded.report)
    table = loaded.tables["seizure_events"]
    short = table.assign(date_to=table["date_to"].dt.strftime("%Y-%m-%d"))
    names = ["event_id", "cvegeo", "date_to", "long_guns", "type_not_printed", "guns_total", "share"]
    return list(short[names].itertuples(index=False, name=None))


def put(path: Path, rows: list[list[object]], header: list[str] = HEADER) -> Path:
    """Write rows as CSV."""
    path.write_text(table_text(header, rows), encoding="utf-8")
    return path


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_any_dress_gives_the_same_events(tmp_path: Path, context: Context, dress: Any) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(dressed(HEADER, ROWS, dress))
    loaded = load_dated_seizures(path, context)
    assert events(loaded) == WANTED
    assert loaded.report.period == "2025-03-01..2025-03-05"
    assert any("2 rows the total holds guns of a kind not printed" in note for note in loaded.report.notes)


@given(cut=st.integers(0, len(table_text(HEADER, ROWS))))
@quick
def test_cut_events_are_never_silent(tmp_path: Path, context: Context, cut: int) -> None:
    content = table_text(HEADER, ROWS).encode()
    check_cut(load_dated_seizures, content, cut, path=tmp_path / "mine.csv", context=context)


@needs_raw
def test_the_bulletins_give_the_shipped_table(context: Context, tables: Mapping[str, pd.DataFrame]) -> None:
    form, loaded = guess_format(RAW / "mexico/cabinet_bulletin_gun_events.csv", context)
    assert form.id == "dated_seizures"
    shipped = tables["seizure_events"].drop(columns=["source_id", "source_row"])
    pd.testing.assert_frame_equal(loaded.tables["seizure_events"][list(shipped)], shipped)
    assert (loaded.report.rows, loaded.report.kept) == (217, 217)


def test_spanish_columns_and_names_of_places(tmp_path: Path, context: Context) -> None:
    header = ["Fecha", "Estado", "Municipio", "Armas largas", "Armas cortas", "Enlace"]
    rows: list[list[object]] = [
        ["2025-04-01", "Sonora", "NOGALES", 1, 0, URL],
        ["2025-04-02", "Tamps.", "Reynosa", 0, 2, URL],
        ["2025-04-02", "Tamps.", "Reinosa", 0, 2, URL],
        ["2025-04-02", "Tamps.", "Reynosa", 0, 2, URL],
    ]
    loaded = load_dated_seizures(put(tmp_path / "mine.csv", rows, header), context)
    assert [(event[0], event[1], event[5]) for event in events(loaded)] == [
        ("E001", "26043", 1),
        ("E002", "28032", 2),
    ]
    assert loaded.report.dropped == {
        "no municipality of this name in the state": 1,
        "row given twice": 1,
    }
    notes = "; ".join(loaded.report.notes)
    assert "'Reinosa' of state 28: near names Reynosa (28032)" in notes
    assert "no column of events: each row is one" in notes
    assert "taken as the press alone" in notes


def test_an_event_with_an_unknown_place_is_left_out_whole(tmp_path: Path, context: Context) -> None:
    rows = [*ROWS, row("E004", "99001"), row("E004", "26043"), row("E005", guns=("",) * 5), ROWS[0]]
    loaded = load_dated_seizures(put(tmp_path / "mine.csv", rows), context)
    assert events(loaded) == WANTED
    assert loaded.report.dropped == {
        "code not in the list of municipalities": 1,
        "of an event that also names a place or a count that cannot be read": 1,
        "no count of guns": 1,
        "row given twice": 1,
    }
    assert any("'99001' is no code of a municipality" in note for note in loaded.report.notes)


TOMORROW = f"{datetime.now(tz=UTC).date() + timedelta(days=2)}"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            row(day="01/03/2025"),
            "row 2, column 'date_from': expected a day as 2025-02-19, found '01/03/2025'",
        ),
        (row(day=TOMORROW), r"column 'date_from': expected a day up to"),
        (row(last=TOMORROW), r"row 2, column 'date_to': expected a day up to"),
        (row(last="2025-02-01"), "a day not before date_from"),
        (row(guns=(2, 1, 0, 0, 2)), "the sum of the kinds of guns"),
        (row(guns=("two", 1, 0, 0, 3)), "column 'long_guns'"),
        (row(series="X"), "series"),
        (row(url=""), "url"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, context: Context, wrong: list[object], says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        load_dated_seizures(put(tmp_path / "mine.csv", [wrong]), context)


def test_an_event_with_two_counts_and_an_empty_file_are_refused(tmp_path: Path, context: Context) -> None:
    path = put(tmp_path / "mine.csv", [row(), row(guns=(3, 0, 0, 0, 3))])
    with pytest.raises(SchemaError, match=r"row 3: .*again with other counts"):
        load_dated_seizures(path, context)
    with pytest.raises(SchemaError, match="rows for the table 'seizure_events'"):
        load_dated_seizures(put(path, []), context)
    path.write_text(table_text(HEADER, [row()]).replace(",", "^"))
    with pytest.raises(SchemaError, match="expected a column 'date_from'"):
        load_dated_seizures(path, context)
    with pytest.raises(SchemaError, match="column 'share': expected a share, found 'half'"):
        load_dated_seizures(put(path, [[*row(), "half"]], [*HEADER, "share"]), context)
