"""A file's first rows as a small file of the same kind, from which its header can be known."""

from __future__ import annotations

import codecs
import zipfile
from typing import TYPE_CHECKING

from corridors.core.errors import SchemaError
from corridors.sources.reading.parts import file_parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.reading.excel import Sheet
    from corridors.sources.reading.parts import Part

BYTES = 400_000
"""Maximum size of the sample of a text: more than the lines in which a header and a separator are looked for."""
PART_BYTES = 20_000
"""Size of the sample of each of many texts in a zip."""
ROWS = 200
"""Rows of the sample of a sheet."""
SMALL = 50_000
"""Size in bytes up to which a packed file is read whole by each format: less work than a sample."""
_TEXTS = (".csv", ".txt", ".tsv", ".tab", ".csv.gz", ".csv.bz2", ".txt.gz", ".txt.bz2")
_PACKED = (".zip", ".xlsx", ".xlsm")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def write_sample(path: Path, folder: Path) -> Path | None:
    """Return a file of the same name with the first rows of each part of a table, None where that saves nothing.

    Parameters
    ----------
    path
        Delimited text, an Excel file or a zip of tables; of any other file there is no sample.
    folder
        Where to write it.

    Raises
    ------
    SchemaError
        The table cannot be unpacked, so that no format takes it. A zip may be of something else than tables.
    """
    if not path.name.lower().endswith((*_TEXTS, *_PACKED)) or path.stat().st_size <= SMALL:
        return None
    try:
        parts = file_parts(path)
    except SchemaError:
        if path.suffix.lower() == ".zip":
            return None
        raise
    sample = folder / path.name
    sheets = [part.sheet for part in parts if part.sheet is not None]
    if len(sheets) == len(parts):
        _write_book(sample, sheets)
    elif sheets:
        return None
    elif len(parts) == 1 and not parts[0].name:
        if len(parts[0].text) <= BYTES:
            return None
        sample.write_bytes(_head(parts[0].text, BYTES))
    else:
        _write_zip(sample, parts, max(BYTES // len(parts), min(BYTES, PART_BYTES)))
    return sample


def _head(text: bytes, size: int) -> bytes:
    """Return the first whole lines of a text, up to a size in bytes; all of it where its first line is longer."""
    if len(text) <= size:
        return text
    if text.startswith(_UTF16):
        start = text[:size].decode("utf-16", errors="ignore")
        return codecs.BOM_UTF8 + start[: start.rfind("\n") + 1 or None].encode()
    ends = max(text.rfind(b"\n", 0, size), text.rfind(b"\r", 0, size))
    return text[: ends + 1] if ends >= 0 else text


def _write_book(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook of the first rows of sheets, every cell as text."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        for row, cells in sheet.records[:ROWS]:
            for at, cell in enumerate(cells, start=1):
                if cell:
                    made.cell(row, at, cell).data_type = "s"
    with path.open("wb") as stream:
        book.save(stream)


def _write_zip(path: Path, parts: Sequence[Part], size: int) -> None:
    """Write a zip of the first rows of texts, each up to a size in bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts:
            archive.writestr(part.name, _head(part.text, size))
