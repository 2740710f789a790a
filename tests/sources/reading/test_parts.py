"""A table in parts: sheets of a workbook and files of a zip, read by another library and by ours."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import SchemaError
from corridors.core.limits import LimitSettings, limited_to
from corridors.sources.reading.delimited import read_text_table
from corridors.sources.reading.parts import archive_names, file_parts, table_names
from tests.sources.dress import quick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.reading.text_table import TextTable

    Rows = Sequence[Sequence[object]]

HEADER = ["State", "Place", "Count"]
NAMES = frozenset({"state", "place", "count"})
cells = st.tuples(
    st.sampled_from(["SONORA", "CHIHUAHUA"]), st.text("abcdefg", min_size=2, max_size=6), st.integers(0, 9999)
)
books = st.dictionaries(
    st.sampled_from(["2019", "2020", "2021", "AZ", "Hoja1"]),
    st.lists(cells, min_size=1, max_size=5),
    min_size=1,
    max_size=4,
)


def _book(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path


def _zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def _csv(rows: Rows) -> bytes:
    return pd.DataFrame(rows, columns=HEADER).to_csv(index=False).encode()


def _sum(read: TextTable) -> tuple[int, int]:
    return len(read.table), int(read.table["count"].astype(int).sum())


@given(book=books, titles=st.integers(0, 3), shuffled=st.booleans())
@quick
def test_all_sheets_count_as_in_pandas(
    tmp_path: Path, book: dict[str, list[tuple[str, str, int]]], titles: int, *, shuffled: bool
) -> None:
    distinct = {
        name: [(state, f"{name}-{at}-{place}", count) for at, (state, place, count) in enumerate(rows)]
        for name, rows in book.items()
    }
    sheets: dict[str, Rows] = {"Notas": [["Fuente: S-7"]]}
    for at, (name, rows) in enumerate(distinct.items()):
        order = [2, 0, 1] if shuffled and at % 2 else [0, 1, 2]
        body = [[row[to] for to in order] for row in [tuple(HEADER), *rows]]
        sheets[name] = [*[["ANEXO"]] * titles, *body]
    path = _book(tmp_path / "a.xlsx", sheets)
    read = read_text_table(path, names=NAMES)
    frames = pd.read_excel(path, sheet_name=list(distinct), header=titles)
    assert _sum(read) == (
        sum(map(len, frames.values())),
        sum(frame["Count"].sum() for frame in frames.values()),
    )
    assert any("'Notas' (no header of this format)" in note for note in read.notes)
    plain = _zip(tmp_path / "a.zip", {f"{name}.csv": _csv(rows) for name, rows in distinct.items()})
    assert _sum(read_text_table(plain, names=NAMES)) == _sum(read)


def test_one_table_in_any_wrapping(tmp_path: Path) -> None:
    data = _csv([["SONORA", "a", 1], ["SONORA", "b", 2]])
    book = io.BytesIO(_book(tmp_path / "a.xlsx", {"1": [HEADER, ["SONORA", "a", 3]]}).read_bytes()).getvalue()
    wrapped = {
        "a.csv.gz": gzip.compress(data),
        "a.csv.bz2": bz2.compress(data),
        "a.xls": book,
        "b.txt": gzip.compress(book),
    }
    for name, content in wrapped.items():
        (tmp_path / name).write_bytes(content)
        assert _sum(read_text_table(tmp_path / name, names=NAMES))[1] == 3
    beside = {"readme.txt": b"x", "__MACOSX/._a.csv": b"x", "doc.pdf": b"%PDF", "in/a.csv": data}
    assert _sum(read_text_table(_zip(tmp_path / "a.zip", beside), names=NAMES)) == (2, 3)


def test_a_summary_is_not_counted_twice(tmp_path: Path) -> None:
    one, two = ["SONORA", "a", 1], ["SONORA", "b", 2]
    sheets: dict[str, Rows] = {"Resumen": [HEADER, one, two], "2019": [HEADER, one], "2020": [HEADER, two]}
    read = read_text_table(_book(tmp_path / "a.xlsx", sheets), names=NAMES)
    assert _sum(read) == (2, 3)
    assert "not read: 'Resumen' (its rows are in the others)" in read.notes
    sheets = {"Hoja1": sheets["Resumen"], "2019": sheets["2019"], "2020": sheets["2020"]}
    path = _book(tmp_path / "b.xlsx", sheets)
    with pytest.raises(SchemaError, match=r"all rows of 'Hoja1' .* columns = \{ sheet"):
        read_text_table(path, names=NAMES)
    assert _sum(read_text_table(path, names=NAMES, sheet="Hoja1")) == (2, 3)


def test_a_hidden_sheet_and_one_that_lacks_a_column_ask(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"1": [HEADER, ["SONORA", "a", 1]], "2": [HEADER, ["SONORA", "b", 2]]}
    with pytest.raises(SchemaError, match="'2', which is hidden"):
        read_text_table(_book(tmp_path / "a.xlsx", sheets, ["2"]), names=NAMES)
    sheets["2"] = [["State", "Place", "Total"], ["SONORA", "b", 2]]
    with pytest.raises(SchemaError, match="'2' without count"):
        read_text_table(_book(tmp_path / "b.xlsx", sheets), names=NAMES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"an old Excel file \(.xls\)"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "a web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            r"a spreadsheet of Excel 2003 \(XML\).*save it as .xlsx",
        ),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "an XML file"),
        (b"\x1f\x8b\x08\0 broken", "a complete gzip file"),
        (b"BZh9 broken", "a complete bzip2 file"),
        (b"PK\x03\x04 broken", "a complete zip file or workbook"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    ],
)
def test_other_files_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "tabla.xls"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match=words):
        read_text_table(path)


@pytest.mark.parametrize(
    ("names", "words"),
    [(["xl/workbook.bin"], "xlsb"), (["mimetype", "content.xml"], "ods"), (["a.pdf"], "a zip with a table")],
)
def test_other_zips_are_named(tmp_path: Path, names: list[str], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        read_text_table(_zip(tmp_path / "a.xlsx", dict.fromkeys(names, b"x")))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"0" * (1 << 22)))
    with limited_to(LimitSettings(unpacked_mb=1)), pytest.raises(SchemaError, match="bytes when unpacked"):
        read_text_table(tmp_path / "a.csv")


def test_every_column_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(_csv([["SONORA", "a", 1]]))
    assert read_text_table(path, columns={"place"}).columns == tuple(HEADER)


@pytest.mark.parametrize("files", [{"a.csv": b""}, {"a.txt": b"", "b.csv": b" \n"}])
def test_a_zip_of_empty_tables_is_an_empty_file(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(SchemaError, match="only empty files"):
        read_text_table(_zip(tmp_path / "a.zip", files))


def test_zips_inside_a_zip_are_read_and_listed_to_a_depth(tmp_path: Path) -> None:
    def packed(name: str, data: bytes) -> bytes:
        return _zip(tmp_path / "packed.zip", {name: data}).read_bytes()

    inner = packed("c.csv", _csv([("SONORA", "b", 5)]))
    files = {
        "a.csv": _csv([("SONORA", "a", 3)]),
        "x.zip": packed("y.zip", inner),
        "__MACOSX/z.zip": b"PK",
        "p.zip": packed("p.png", b"x"),
    }
    path = _zip(tmp_path / "a.zip", files)
    assert archive_names(path) == ("a.csv", "x.zip/y.zip/c.csv")
    assert table_names(path) == ("a.zip", "a.csv", "x.zip/y.zip/c.csv")
    assert _sum(read_text_table(path, names=NAMES)) == (2, 8)
    assert [part.name for part in file_parts(path, skip={"a.csv"})] == ["x.zip/y.zip/c.csv"]
    deep = _zip(tmp_path / "d.zip", {"a.csv": files["a.csv"], "w.zip": packed("x.zip", files["x.zip"])})
    assert archive_names(deep) == ("a.csv",)
    assert archive_names(tmp_path / "packed.csv") == ()
    with pytest.raises(SchemaError, match="a zip with a table"):
        read_text_table(_zip(tmp_path / "e.zip", {"p.zip": files["p.zip"]}))
