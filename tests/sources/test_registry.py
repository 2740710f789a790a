"""The guess of a file's format: by its first rows, and the same as by the whole file."""

from __future__ import annotations

import bz2
import gzip
import zipfile
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import openpyxl
import pytest

from corridors.core.errors import SchemaError
from corridors.sources import registry
from corridors.sources.reading import sample
from corridors.sources.registry import FORMATS, READERS, guess_format
from corridors.sources.schemas import Context

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.sources.schemas import Format, Loaded

SEDENA = ["ASEGURAMIENTOS DE ARMAS", "FECHA,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS"]
SEDENA += [f"{day:02}/03/2021,SONORA,NOGALES,{day},2" for day in range(1, 29)] * 20
SHOWS = ["Venue,City,State,Start,End", *["Fairgrounds,Tucson,AZ,2026-01-03,2026-01-04"] * 300]
NUMBERS = ["number", *map(str, range(2000))]
FILES = {"sedena": SEDENA, "calendar_csv": SHOWS, "none": NUMBERS}
SMALL = {"BYTES": 2000, "SMALL": 0}


def write(path: Path, lines: list[str]) -> Path:
    """Write lines as the kind of file that a name says."""
    text = "\n".join([*lines, ""])
    data = text.encode("utf-16" if "utf16" in path.name else "utf-8")
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.worksheets[0].append(line.split(","))
        book.save(path)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("leeme.txt", "about")
            archive.writestr("data.csv", data)
    else:
        packed = {".gz": gzip.compress(data), ".bz2": bz2.compress(data)}
        path.write_bytes(packed.get(path.suffix, data))
    return path


def answer(path: Path, tables: Mapping[str, pd.DataFrame]) -> object:
    """Return the format, the report and the lengths of the tables of a guess, or its faults without those quoted."""
    try:
        form, loaded = guess_format(path, Context(tables))
    except SchemaError as error:
        return [(fault.row, fault.expected, fault.found.partition(";")[0]) for fault in error.faults]
    return form.id, loaded.report, {name: len(table) for name, table in loaded.tables.items()}


def test_each_format_is_listed_with_its_module() -> None:
    listed = {
        home: tuple(form.id for form in import_module(f"corridors.sources.{home}").FORMATS)
        for home in READERS
    }
    assert listed == READERS
    assert [form.id for form in FORMATS.values()] == list(FORMATS)
    assert len(FORMATS) == len(set(FORMATS))


@pytest.mark.parametrize(
    "name", ["a.csv", "a.utf16.csv", "a.txt", "a.csv.gz", "a.csv.bz2", "a.xlsx", "a.zip"]
)
@pytest.mark.parametrize("kind", FILES)
def test_the_first_rows_give_the_answer_of_the_whole_file(
    kind: str, name: str, tables: Mapping[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "head").mkdir()
    path = write(tmp_path / name, FILES[kind])
    for constant, value in SMALL.items():
        monkeypatch.setattr(sample, constant, value)
    head = sample.write_sample(path, tmp_path / "head")
    assert head is not None
    assert head.name == path.name
    short = answer(path, tables)
    monkeypatch.setattr(registry, "write_sample", lambda *_: None)
    assert short == answer(path, tables)


def test_only_formats_whose_columns_a_file_has_read_the_whole_of_it(
    tables: Mapping[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million lines of one column were once read by every format in turn: 64 s."""
    read: list[str] = []

    def spied(format_id: str) -> Format:
        form = FORMATS[format_id]

        def spy(path: Path, context: Context) -> Loaded:
            read.extend([format_id] * (path.parent == tmp_path))
            return form.read(path, context)

        return replace(form, read=spy)

    monkeypatch.setattr(registry, "FORMATS", {format_id: spied(format_id) for format_id in FORMATS})
    for constant, value in SMALL.items():
        monkeypatch.setattr(sample, constant, value)
    with pytest.raises(SchemaError, match=r"none of their layouts \(columns 'number'\)"):
        guess_format(write(tmp_path / "numbers.csv", NUMBERS), Context(tables))
    assert read == []
    guess_format(write(tmp_path / "seized.csv", SEDENA), Context(tables))
    assert read == ["sedena"]
