"""A table in the variants that agencies publish, and another library's reading of the same bytes."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import random
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[object]]

WRAPS = ("text", "gz", "bz2", "zip", "zip of two", "workbook", "workbook of two")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16")
SEPARATORS = (",", ";", "\t", "|")
NOTES = "Notas"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a table is written: order of its columns, encoding, separator, line ends, column more, wrapping."""

    columns: tuple[int, ...]
    encoding: str = "utf-8"
    separator: str = ","
    newline: str = "\n"
    extra: bool = False
    thousands: bool = False
    titles: int = 0
    wrap: str = "text"


@st.composite
def variants(draw: st.DrawFn, columns: int) -> Variant:
    """Any variant of a table of so many columns."""
    order = list(range(columns))
    draw(st.integers(0, 10**6).map(random.Random)).shuffle(
        order
    )  # permutations of a hundred columns are slow
    return Variant(
        tuple(order),
        draw(st.sampled_from(ENCODINGS)),
        draw(st.sampled_from(SEPARATORS)),
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.integers(0, 2)),
        draw(st.sampled_from(WRAPS)),
    )


def write(folder: Path, stem: str, header: Sequence[str], rows: Rows, how: Variant) -> Path:
    """Write a table in a variant; the name says what it is."""
    names = [header[at] for at in how.columns]
    cells = [[row[at] for at in how.columns] for row in rows]
    if how.extra:
        names, cells = [*names, "Observación"], [[*row, f"años, {at}"] for at, row in enumerate(cells)]
    parts = [cells]
    if how.wrap.endswith("of two") and len(cells) > 1:
        parts = [cells[: len(cells) // 2], cells[len(cells) // 2 :]]
    if how.wrap.startswith("workbook"):
        return _workbook(folder / f"{stem}.xlsx", names, parts, how.titles)
    texts = [_text(names, part, how) for part in parts]
    if how.wrap.startswith("zip"):
        path = folder / f"{stem}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "Fuente")
            for at, text in enumerate(texts):
                archive.writestr(f"{stem} {at}.csv", text)
        return path
    packs: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress}
    data = packs[how.wrap](texts[0]) if how.wrap in packs else texts[0]
    path = folder / (f"{stem}.csv" + {"text": ""}.get(how.wrap, f".{how.wrap}"))
    path.write_bytes(data)
    return path


def _text(names: Sequence[str], rows: Rows, how: Variant) -> bytes:
    """Return a part as delimited text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=how.separator, lineterminator=how.newline)
    writer.writerows([["ANEXO", *[""] * (len(names) - 1)]] * how.titles)
    writer.writerow(names)
    for row in rows:
        writer.writerow(f"{cell:,}" if how.thousands and isinstance(cell, Count) else cell for cell in row)
    return out.getvalue().encode(how.encoding)


class Count(int):
    """A number that may be written with marks of thousands."""


def _workbook(path: Path, names: Sequence[str], parts: Sequence[Rows], titles: int) -> Path:
    """Write the parts as sheets, after one of notes."""
    book = openpyxl.Workbook()
    book.active.title = NOTES
    book.active.append(["Fuente: S-7"])
    for at, rows in enumerate(parts):
        sheet = book.create_sheet(str(2020 + at))
        for row in [*[["ANEXO"]] * titles, list(names), *map(list, rows)]:
            sheet.append(row)
    book.save(path)
    return path


def read(path: Path, how: Variant) -> pd.DataFrame:
    """Return the table as pandas reads it, told what the variant is: every cell as text."""
    if how.wrap.startswith("workbook"):
        sheet_names: list[str] = openpyxl.load_workbook(path, read_only=True).sheetnames
        sheets: list[pd.DataFrame] = [
            pd.read_excel(path, sheet_name=name, header=how.titles, dtype="str", keep_default_na=False)
            for name in sheet_names
            if name != NOTES
        ]
        return pd.concat(sheets, ignore_index=True)
    if how.wrap.startswith("zip"):
        with zipfile.ZipFile(path) as archive:
            texts = [name for name in archive.namelist() if name.endswith(".csv")]
            streams = [io.BytesIO(archive.read(name)) for name in texts]
    else:
        data = path.read_bytes()
        streams = [io.BytesIO({"gz": gzip.decompress, "bz2": bz2.decompress}.get(how.wrap, bytes)(data))]
    tables = [
        pd.read_csv(
            stream,
            sep=how.separator,
            encoding=how.encoding,
            header=how.titles,
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=False,
        )
        for stream in streams
    ]
    return pd.concat(tables, ignore_index=True)


def numbers(cells: pd.Series[str]) -> pd.Series[int]:
    """Return counts, marks of thousands left out and an empty cell as 0."""
    return cells.str.replace(",", "").replace("", "0").astype(float).astype("int64")
