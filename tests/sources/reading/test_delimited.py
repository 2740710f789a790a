"""Reading text tables: encodings, titles, separators, Excel; what is damaged is refused or counted."""

from __future__ import annotations

import gzip
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.reading import pick, read_text_table
from corridors.sources.reading.delimited import RAGGED, UNENDED
from corridors.sources.reading.encoding import decoded, folded_column, repaired
from corridors.sources.reading.excel import cell_text
from tests.sources.dress import ENCODINGS, as_bytes, quick

if TYPE_CHECKING:
    from pathlib import Path

SPANISH = st.text("aábcdeéfghiíjklmnñoópqrstuúüvwxyzÁÉÍÓÚÜÑ ¿¡º", min_size=1, max_size=12)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_any_encoding_line_end_and_separator(tmp_path: Path, encoding: str, newline: str, sep: str) -> None:
    text = newline.join([sep.join(row) for row in (("Año", "Entidad"), ("2024", "Nuevo León"))]) + newline
    path = tmp_path / "mine.csv"
    path.write_bytes(as_bytes(text, encoding))
    read = read_text_table(path)
    assert read.table.to_dict("list") == {"ano": ["2024"], "entidad": ["Nuevo León"]}
    assert read.rows == (2,)
    assert set(read.names) == {"ano", "entidad"}
    assert (read.repaired > 0) == (encoding == "twice")


@given(text=SPANISH)
def test_text_encoded_twice_or_thrice_is_mended_and_other_text_left(text: str) -> None:
    twice = text.encode("utf-8").decode("latin-1")
    assert repaired(twice) == text
    assert repaired(twice.encode("utf-8").decode("latin-1")) == text
    assert repaired(text) == text


@pytest.mark.parametrize("text", ["“quoted” aquí”…", "SÃO PAULO", "Ãndale", "5°C", "Peñón »ñ«", "â"])
def test_text_that_looks_odd_is_left(text: str) -> None:
    assert repaired(text) == text


def test_one_bad_byte_does_not_spoil_the_rest() -> None:
    text = decoded("Año,León\n".encode() + b"\xf1\n")
    assert text.encoding == "cp1252"
    assert repaired(text.text) == "Año,León\nñ\n"
    assert decoded(b"\x81 \xf1").encoding == "latin-1"
    assert decoded("Añ".encode()[:2]).cut


@given(text=SPANISH, encoding=st.sampled_from(ENCODINGS))
@quick
def test_a_cell_survives_any_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(as_bytes(f'name,x\nñandú,0\n"{text}",1\n', encoding))
    assert read_text_table(path).table["name"].tolist() == ["ñandú", text.strip()]


def test_titles_above_the_header(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Seizures of arms\n\nfrom,2020\nstate,name,arms\nSonora,Nogales,4\n\nSonora,Naco,1\n")
    for read in (
        read_text_table(path),
        read_text_table(path, header_row=4),
        read_text_table(path, names={"name"}),
    ):
        assert read.table["arms"].tolist() == ["4", "1"]
        assert read.rows == (5, 7)


def test_rows_that_are_not_whole_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text('a,b\n1,2\n3\n4,5,6\n7,8,\n"x\ny",9\n10,1')
    read = read_text_table(path)
    assert read.table["a"].tolist() == ["1", "7", "x\ny"]
    assert read.rows == (2, 5, 6)
    assert read.dropped == {RAGGED: 2, UNENDED: 1}
    assert [fault.row for fault in read.faults] == [3, 4, 8]
    assert read.total == 6
    kept = read_text_table(path, keep_unended=True, columns={"a"})
    assert kept.table.to_dict("list") == {"a": ["1", "7", "x\ny", "10"]}


def test_many_rows_are_all_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    for rows in (38, 39, 40, 41, 200):
        path.write_text("a,b\n" + "".join(f"{row},x\n" for row in range(rows)))
        assert read_text_table(path).table["a"].astype(int).tolist() == list(range(rows))


@given(cut=st.integers(0, 60))
@quick
def test_a_cut_anywhere_is_an_error_or_counted(tmp_path: Path, cut: int) -> None:
    content = 'a,b\n1,"two, ñ"\n333,4\n"5""5",666\n7,"8"\n'.encode()
    path = tmp_path / "mine.csv"
    path.write_bytes(content[:cut])
    try:
        read = read_text_table(path)
    except SchemaError:
        return
    path.write_bytes(content)
    whole = read_text_table(path).table.to_dict("records")
    assert read.table.to_dict("records") == whole[: len(read.table)]
    if not content[:cut].endswith(b"\n"):
        assert sum(read.dropped.values()) == 1 or read.table.empty


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (b"<!DOCTYPE html><html>403</html>", "a web page"),
        (b'{"error": {"code": 500}}', "JSON"),
        (b"a,b\n1\x00,2\n", "NUL"),
        (b'a,b\n"1"x,2\n3,4\n', "expected after"),
        (b'a,b\n"1,2\n3,4\n5,6\n', "unexpected end"),
        (b"a,A\n1,2\n", "'a' again"),
        (gzip.compress(b"a,b\n1,2\n" * 9, mtime=0)[:-6], "end-of-stream"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match=found):
        read_text_table(path)


def test_a_gzipped_file_and_an_absent_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv.gz"
    path.write_bytes(gzip.compress("a,b\nñ,2\n".encode()))
    assert read_text_table(path).table["a"].tolist() == ["ñ"]
    with pytest.raises(SchemaError, match="no such file"):
        read_text_table(tmp_path / "none.csv")


def test_excel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Notes"])
    sheet = book.create_sheet("results")
    sheet.append(["A title"])
    sheet.append([])
    sheet.append(["Año", "ZIP", "Day", "Share"])
    sheet.append([2024, 85701.0, datetime(2024, 5, 1), 0.5])  # noqa: DTZ001
    sheet.append([2025, "00602", None, True])
    path = tmp_path / "mine.xlsx"
    book.save(path)
    read = read_text_table(path, names={"ano", "zip"})
    assert read.table.to_dict("records") == [
        {"ano": "2024", "zip": "85701", "day": "2024-05-01", "share": "0.5"},
        {"ano": "2025", "zip": "00602", "day": "", "share": "True"},
    ]
    assert read.rows == (4, 5)
    with pytest.raises(SchemaError, match="a sheet 'other'"):
        read_text_table(path, sheet="other")
    content = path.read_bytes()
    for size in (10, len(content) // 2, len(content) - 30):
        path.write_bytes(content[:size])
        with pytest.raises(SchemaError, match="an Excel workbook"):
            read_text_table(path)
    assert cell_text(datetime(2024, 5, 1, 13, 30)) == "2024-05-01 13:30:00"  # noqa: DTZ001


def test_pick_takes_aliases_and_the_users_names_and_lists_all_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Lic Regn,Mi Columna\n5,x\n")
    read = read_text_table(path)
    picked = pick(
        read,
        {"region": ("lic_regn",), "b": ("nope",), "c": ("", "z")},
        path=path,
        columns={"b": "Mi columna"},
    )
    assert picked.to_dict("records") == [{"region": "5", "b": "x", "c": ""}]
    with pytest.raises(SchemaError) as caught:
        pick(read, {"one": ("uno",), "two": ("dos", "deux")}, path=path)
    assert [fault.column for fault in caught.value.faults] == ["one", "two"]
    assert folded_column("Clave-Ent. ") == "clave_ent"
