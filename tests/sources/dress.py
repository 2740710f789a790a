"""The same table in the dresses agencies give it: order, encoding, line ends, extra columns."""

from __future__ import annotations

import csv
import io
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import HealthCheck, settings, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.reading.delimited import RAGGED, UNENDED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded, Report

quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MONTHS = (
    "Enero",
    "Febrero",
    "Marzo",
    "Abril",
    "Mayo",
    "Junio",
    "Julio",
    "Agosto",
    "Septiembre",
    "Octubre",
    "Noviembre",
    "Diciembre",
)

ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "cp1252", "twice", "utf-16")


@dataclass(frozen=True)
class Dress:
    """How a table is written."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    encoding: str
    newline: str
    extra: bool
    padded: bool


@st.composite
def dresses(draw: st.DrawFn, columns: int, rows: int) -> Dress:
    """Any dress of a table of so many columns and rows."""
    return Dress(
        tuple(draw(st.permutations(range(columns)))),
        tuple(draw(st.permutations(range(rows)))),
        draw(st.sampled_from(ENCODINGS)),
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.booleans()),
        draw(st.booleans()),
    )


def as_bytes(text: str, encoding: str) -> bytes:
    """The text in an encoding, "twice" being UTF-8 read as Latin-1 and written as UTF-8."""
    if encoding == "twice":
        return text.encode("utf-8").decode("latin-1").encode("utf-8")
    return text.encode(encoding)


def table_text(header: Sequence[str], rows: Sequence[Sequence[object]], newline: str = "\n") -> str:
    """The table as comma-separated text."""
    out = io.StringIO()
    csv.writer(out, lineterminator=newline).writerows([header, *rows])
    return out.getvalue()


def dressed(header: Sequence[str], rows: Sequence[Sequence[object]], dress: Dress) -> bytes:
    """The table in a dress; `padded` is left to the caller, who knows which cells are codes."""
    names = [header[at] for at in dress.columns]
    cells: list[list[object]] = [[rows[row][at] for at in dress.columns] for row in dress.rows]
    if dress.extra:
        names.append("Observación")
        cells = [
            [*row, f"años {at}, “x”" if dress.encoding != "latin-1" else "años"]
            for at, row in enumerate(cells)
        ]
    return as_bytes(table_text(names, cells, dress.newline), dress.encoding)


def outcome(read: Callable[[Path, Context], Loaded], path: Path, context: Context) -> Loaded | None:
    """What a loader gives, None for an error that says what is wrong."""
    try:
        return read(path, context)
    except SchemaError:
        return None


def check_account(report: Report) -> None:
    """Every row is either kept or dropped for a reason."""
    assert report.kept + sum(report.dropped.values()) == report.rows
    assert all(count > 0 for count in report.dropped.values())


def check_cut(
    read: Callable[[Path, Context], Loaded], content: bytes, cut: int, *, path: Path, context: Context
) -> None:
    """A file cut at a byte gives an error, or the table of its whole lines and a count of the one left out."""
    rows = content.decode("latin-1").count("\n") - 1
    path.write_bytes(content[:cut])
    found = outcome(read, path, context)
    returned = content[:cut].endswith(b"\r")  # a line whose "\n" alone is cut is whole
    end = cut if returned else content.rfind(b"\n", 0, cut) + 1
    path.write_bytes(content[:end])
    wanted = outcome(read, path, context)
    if found is None:
        return
    assert wanted is not None
    check_account(found.report)
    if content[cut:].strip():
        assert found.report.rows < rows or UNENDED in found.report.dropped
    assert cut == end or {UNENDED, RAGGED} & set(found.report.dropped)
    for name, table in wanted.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table)


def put_tin(path: Path, layer: str) -> Path:
    """Put a TIN, which GDAL reads and GEOS does not know, in place of every shape of a GeoPackage's layer."""
    triangle = struct.pack("<BIII8d", 1, 17, 1, 4, 0, 0, 1, 0, 0, 1, 0, 0)
    shape = b"GP\x00\x01" + struct.pack("<i", 4326) + struct.pack("<BII", 1, 16, 1) + triangle
    with closing(sqlite3.connect(path)) as book, book:
        for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            book.execute(f'DROP TRIGGER "{name}"')
        book.execute(f'UPDATE "{layer}" SET geom = ?', (shape,))  # noqa: S608 - a test's own name
    return path
