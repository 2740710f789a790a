"""The parts of a file: sheets of a workbook, tables of a zip, or the one text it is. Says what cannot be read."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.core.limits import MAX_TABLES
from corridors.sources.reading.excel import excel_sheets
from corridors.sources.reading.size import check_archive, check_size, check_unpacked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import IO

    from corridors.sources.reading.excel import Sheet

_CHUNK = 1 << 20
_DEPTH = 2  # zips inside zips: a year of months
TABLES = (".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xlsm")
"""Endings of files of tables, in a zip or alone."""
_BOOKS = (".xlsx", ".xlsm")
_SAVE = "Open it in Excel or LibreOffice and save the table as .xlsx or CSV."
_OTHER = {
    b"\xd0\xcf\x11\xe0": (
        "an old Excel file (.xls)",
        "Open it in Excel or LibreOffice and save it as .xlsx.",
    ),
    b"%PDF": ("a PDF", "Ask the publisher for the table as .xlsx or CSV, or copy it into a spreadsheet."),
    b"Rar!": ("a RAR archive", "Unpack it and give the table inside."),
    b"7z\xbc\xaf": ("a 7-Zip archive", "Unpack it and give the table inside."),
    b"\xfd7zXZ": ("an xz archive", "Unpack it and give the table inside."),
    b"SQLite format 3": ("a SQLite file or GeoPackage", "Save the table as CSV."),
    b"PAR1": ("a Parquet file", "Save the table as CSV."),
    b"{\\rtf": ("a document (RTF)", _SAVE),
}


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a file.

    Parameters
    ----------
    name
        Of the sheet or of the file in a zip; "" for the only text of a file.
    text
        Bytes of delimited text, b"" for a sheet.
    sheet
        Cells of a sheet, None for text.
    """

    name: str
    text: bytes = b""
    sheet: Sheet | None = None

    @property
    def hidden(self) -> bool:
        """Whether it is a hidden sheet."""
        return self.sheet is not None and self.sheet.hidden

    @property
    def empty(self) -> bool:
        """Whether it has no cells."""
        return not (self.text.strip() if self.sheet is None else self.sheet.records)


def file_parts(path: Path, only: str | None = None, skip: Collection[str] = ()) -> list[Part]:
    """Return the parts of a file that are not empty.

    Parameters
    ----------
    path
        Text, an Excel file, or either packed with gzip, bzip2 or zip; known by its first bytes, not its name.
    only
        Name of the part to take; all by default.
    skip
        Names of files in a zip, as of `archive_names`, that are not unpacked.

    Raises
    ------
    SchemaError
        When the file is absent, empty, damaged, too large when unpacked, of another kind, or lacks the part.
    """
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    check_size(path)
    parts = _parts(path, path.name, path.read_bytes(), skip)
    if only is not None:
        names = [part.name for part in parts]
        if only not in names:
            listed = ", ".join(map(repr, names))
            raise part_fault(path, f"a sheet {only!r}", listed, "Name a sheet it has.")
        return [part for part in parts if part.name == only]
    kept = [part for part in parts if not part.empty] or parts[:1]
    if not kept:  # a zip whose tables have no bytes
        raise part_fault(
            path, "a header line and rows", "only empty files", "Give a file that has data rows."
        )
    return kept


def table_names(path: Path) -> tuple[str, ...]:
    """Return the names, in lower case, that the tables in a packed file have, or its own."""
    name = path.name.lower()
    with path.open("rb") as stream:
        start = stream.read(16)
    if start.startswith((b"\x1f\x8b", b"BZh")):
        return name, name.removesuffix(".gz").removesuffix(".bz2")
    if not start.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        return (name,)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if "[Content_Types].xml" in names:
        return name, ".xlsx"
    return name, *map(str.lower, archive_names(path))


def archive_names(path: Path) -> tuple[str, ...]:
    """Return the names of the tables in a zip, with the names of the zips inside it before them; none of another file."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return ()
    with zipfile.ZipFile(path) as archive:
        return tuple(_listed(archive))


def part_label(path: Path, name: str) -> Path:
    """Return a file's path with the name of a part after it, for messages."""
    return Path(f"{path}, sheet {name!r}") if name else path


def part_fault(path: Path, expected: str, found: str, remedy: str, row: int | None = None) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, remedy, row)])


def unpacked(path: Path, data: bytes) -> bytes:
    """Return bytes without gzip or bzip2 around them.

    Raises
    ------
    SchemaError
        When they are damaged, too large when unpacked, or nothing.
    """
    kind = "gzip" if data.startswith(b"\x1f\x8b") else "bzip2" if data.startswith(b"BZh") else ""
    if kind:
        packed = io.BytesIO(data)
        try:
            with gzip.GzipFile(fileobj=packed) if kind == "gzip" else bz2.BZ2File(packed) as stream:
                data = _read_all(path, stream, len(data))
        except (OSError, EOFError, zlib.error) as error:
            raise part_fault(path, f"a complete {kind} file", str(error), "Download it again.") from error
    if not data.strip():
        raise part_fault(path, "a header line and rows", "an empty file", "Give a file that has data rows.")
    return data


def refuse_other_text(path: Path, text: str) -> None:
    """Raise when the text is a web page, JSON or binary."""
    start = text[:2000].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        remedy = "The publisher answered a script with a page: download the file by hand in a browser."
        if path.suffix.lower().startswith(".xls"):
            remedy = (
                "Open it in Excel or LibreOffice and save it as .xlsx, or download it by hand in a browser."
            )
        kinds = {
            "schemas-microsoft-com:office:spreadsheet": "a spreadsheet of Excel 2003 (XML)",
            "<html": "a web page",
        }
        other = "an XML file" if start[:2] == "<?" else "a web page"
        raise part_fault(
            path, "a table", next((kinds[mark] for mark in kinds if mark in start), other), remedy
        )
    if start.startswith(("{", "[")):
        raise part_fault(
            path,
            "a table",
            f"JSON: {' '.join(text[:200].split())}",
            "Give the file of rows, not the service's answer.",
        )
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise part_fault(
            path, "text", "a NUL character", "The file is damaged or not text: download it again.", line
        )


def _listed(archive: zipfile.ZipFile, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the names of a zip's tables; a zip inside it that is damaged has none."""
    yield from (prefix + name for name in archive.namelist() if _is_table(name))
    for name in archive.namelist() if depth < _DEPTH else ():
        if _is_zip(name):
            try:
                with archive.open(name) as stream, zipfile.ZipFile(stream) as inner:
                    yield from _listed(inner, f"{prefix}{name}/", depth + 1)
            except (*_DAMAGED, ValueError):
                continue


def _parts(path: Path, name: str, data: bytes, skip: Collection[str] = ()) -> list[Part]:
    """Return the parts of a file's bytes."""
    data = unpacked(path, data)
    for mark, (what, remedy) in _OTHER.items():
        if data.startswith(mark):
            raise part_fault(path, "a table as text or .xlsx", what, remedy)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(path, data, skip)
    if Path(name).suffix.lower() in _BOOKS and not data.lstrip().startswith(b"<"):
        return [Part(sheet.name, sheet=sheet) for sheet in excel_sheets(path, data)]
    return [Part("", data)]


def _zipped(path: Path, data: bytes, skip: Collection[str], prefix: str = "", depth: int = 0) -> list[Part]:
    """Return the sheets of a workbook, or the tables of a zip and of the zips inside it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        expected = "an Excel workbook" if path.suffix.lower() in _BOOKS else "a complete zip file or workbook"
        raise part_fault(path, expected, str(error), "Download it again.") from error
    with archive:
        check_archive(path, archive, lambda name: prefix + name not in skip)
        names = archive.namelist()
        if "xl/workbook.bin" in names:
            raise part_fault(path, "a table as text or .xlsx", "a binary Excel file (.xlsb)", _SAVE)
        if "mimetype" in names and "content.xml" in names:
            raise part_fault(path, "a table as text or .xlsx", "an OpenDocument file (.ods)", _SAVE)
        if any(name.startswith("xl/") for name in names) or "[Content_Types].xml" in names:
            return [Part(sheet.name, sheet=sheet) for sheet in excel_sheets(path, data)]
        found = [name for name in names if _is_table(name)]
        if len(found) > MAX_TABLES:
            listed, remedy = f"{len(found):,}", "Give the tables that are meant, in one zip."
            raise part_fault(path, f"a zip of at most {MAX_TABLES:,} tables", listed, remedy)
        inner = [name for name in names if _is_zip(name)] if depth < _DEPTH else []
        if not found and not inner and not prefix:
            listed = ", ".join(names[:8]) or "no file"
            raise part_fault(path, f"a zip with a table ({', '.join(TABLES)})", listed, "Give the table.")
        alone = len(found) == 1 and not inner and not prefix
        parts = [
            part
            for name in found
            if prefix + name not in skip
            for part in _member(path, archive, name, label="" if alone else prefix + name)
        ]
        for name in inner:
            parts += _zipped(path, _unzipped(path, archive, name), skip, f"{prefix}{name}/", depth + 1)
    if inner and not parts and not skip and not prefix:
        raise part_fault(path, f"a zip with a table ({', '.join(TABLES)})", ", ".join(inner[:8]), "Give it.")
    return parts


def _is_table(name: str) -> bool:
    """Return whether a file of a zip may be a table."""
    own = name.rsplit("/", 1)[-1]
    about = own.lower().startswith(("readme", "leeme", "license", "licencia"))
    return own.lower().endswith(TABLES) and not _is_hidden(name) and not about


def _is_zip(name: str) -> bool:
    """Return whether a file of a zip is one too, by its name."""
    return name.lower().endswith(".zip") and not _is_hidden(name)


def _is_hidden(name: str) -> bool:
    """Return whether a system put a file into a zip beside the user's own."""
    return name.startswith("__MACOSX") or name.rsplit("/", 1)[-1].startswith((".", "~"))


def _member(path: Path, archive: zipfile.ZipFile, name: str, *, label: str) -> Sequence[Part]:
    """Return the parts of one file of a zip, named by its label."""
    data = _unzipped(path, archive, name)
    if not data.strip():
        return []
    return [replace(part, name=f"{label} {part.name}".strip()) for part in _parts(path, name, data)]


def _unzipped(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of one file of a zip."""
    try:
        with archive.open(name) as stream:
            return _read_all(path, stream, archive.getinfo(name).compress_size)
    except _DAMAGED as error:
        raise part_fault(path, f"a complete file {name!r} in it", str(error), "Download it again.") from error


def _read_all(path: Path, stream: IO[bytes] | gzip.GzipFile | bz2.BZ2File, packed: int) -> bytes:
    """Return a stream's bytes, of which so many were packed."""
    chunks, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        check_unpacked(path, size, packed)
        chunks.append(chunk)
    return b"".join(chunks)
