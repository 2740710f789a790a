"""Read a table from a CSV, (Geo)Parquet, GeoPackage or GeoJSON file. The file is checked, not its cells."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.sources.reading.gdal_path import gdal_path
from corridors.sources.reading.size import check_columns, check_rows, check_size, check_unpacked
from corridors.sources.reading.vector_files import asking_nobody, refuse_disguised

if TYPE_CHECKING:
    from pathlib import Path

VECTOR = (".gpkg", ".geojson")
PARQUET = (".parquet",)
SUFFIXES = (".csv", *PARQUET, *VECTOR)


@dataclass(frozen=True, slots=True)
class Read:
    """A table as read.

    Parameters
    ----------
    table
        Cells; all text where read from a CSV.
    rows
        1-based line in a CSV, or position among the features of another file, of each row.
    faults
        Faults of the file that leave rows to check.
    """

    table: pd.DataFrame
    rows: tuple[int, ...]
    faults: tuple[Fault, ...] = ()


def read_table(path: Path, layer: str) -> Read:
    """Return the table in `path`.

    Parameters
    ----------
    path
        File; its suffix names its format.
    layer
        Layer to take of a GeoPackage that has more than one.

    Raises
    ------
    SchemaError
        When the file is absent, empty, of an unknown format or cannot be read as its suffix demands.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise _fault(
            path,
            f"one of {', '.join(SUFFIXES)}",
            repr(path.suffix),
            "Save the table in one of these formats.",
        )
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    if path.stat().st_size == 0:
        raise _fault(path, "a header line and rows", "an empty file", "Give a file that has data rows.")
    if suffix == ".csv":
        return read_csv(path)
    table = _read_parquet(path) if suffix in PARQUET else _read_vector(path, layer)
    return Read(table, tuple(range(1, len(table) + 1)))


def read_csv(path: Path) -> Read:
    """Return a UTF-8 CSV with a header line, every cell as text.

    A row with too many or too few cells becomes a fault and is dropped; blank lines are skipped.

    Raises
    ------
    SchemaError
        When the text is not UTF-8, there is no header, or quoting is broken.
    """
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cells):
                check_columns(path, len(cells))
                check_rows(path, len(records))
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _fault(
            path, "cells separated by commas, quotes in pairs", str(error), "Correct the line.", line
        ) from None
    if not records:
        raise _fault(path, "a header line and rows", "only blank lines", "Give a file that has data rows.")
    header = _header(path, *records[0])
    faults = [
        _ragged(path, line, cells, len(header)) for line, cells in records[1:] if len(cells) != len(header)
    ]
    complete = [(line, cells) for line, cells in records[1:] if len(cells) == len(header)]
    table = pd.DataFrame([cells for _, cells in complete], columns=header, dtype="str")
    return Read(table, tuple(line for line, _ in complete), tuple(faults))


def _decoded(path: Path) -> str:
    """Return the file's text; a byte-order mark is allowed, another encoding is not."""
    check_size(path)
    content = path.read_bytes()
    start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    try:
        return content[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = start + error.start
        line = content.count(b"\n", 0, offset) + 1
        found = f"byte 0x{content[offset]:02x} at offset {offset}"
        remedy = 'Save as UTF-8 (in a spreadsheet: "CSV UTF-8") and try again.'
        raise _fault(path, "UTF-8 text", found, remedy, line) from None


def _header(path: Path, line: int, cells: list[str]) -> list[str]:
    """Return the column names, each named once."""
    names = [cell.strip() for cell in cells]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated or "" in names:
        found = f"{', '.join(map(repr, repeated))} again" if repeated else "a column without a name"
        raise _fault(path, "a different name for each column", found, "Name each column once.", line)
    return names


def _ragged(path: Path, line: int, cells: list[str], width: int) -> Fault:
    """Return the fault of a row that has another number of cells than the header."""
    remedy = "Quote a cell that holds a comma, or add the missing cells."
    return Fault(str(path), f"{width} cells", f"{len(cells)} cells", remedy, line)


def _read_parquet(path: Path) -> pd.DataFrame:
    """Return a Parquet file, with geometry when it is GeoParquet."""
    try:
        _check_parquet(path)
        metadata = pq.read_schema(path).metadata or {}
        if b"geo" not in metadata:
            return pd.read_parquet(path)
        table = gpd.read_parquet(path)
    except SchemaError:
        raise
    except (pa.ArrowException, ValueError, OSError, GEOSException) as error:
        raise _fault(path, "a Parquet file", str(error), "Write the file again.") from error
    named: pd.DataFrame = table if table.geometry.name == "geometry" else table.rename_geometry("geometry")
    return named


def _check_parquet(path: Path) -> None:
    """Raise where a Parquet file says that it holds more than the limits."""
    about = pq.read_metadata(path)
    check_columns(path, about.num_columns)
    check_rows(path, about.num_rows)
    size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    check_unpacked(path, size, path.stat().st_size)


def other_layers(path: Path, layer: str) -> tuple[str, ...]:
    """Return the layers of a GeoPackage or GeoJSON file that `read_table` does not read; none in other files."""
    suffix = path.suffix.lower()
    if suffix == ".csv" or suffix in PARQUET:
        return ()
    with asking_nobody():
        layers = [str(name) for name, _ in pyogrio.list_layers(gdal_path(path))]
    return tuple(name for name in layers if name != layer) if len(layers) > 1 else ()


def _read_vector(path: Path, layer: str) -> pd.DataFrame:
    """Return a layer of a GeoPackage or GeoJSON file: the only one, or the one named `layer`."""
    refuse_disguised(path)
    try:
        with asking_nobody():
            layers = [str(name) for name, _ in pyogrio.list_layers(gdal_path(path))]
            if len(layers) != 1 and layer not in layers:
                found = f"layers {', '.join(layers)}" if layers else "no layer"
                raise _fault(path, f"one layer, or one named {layer!r}", found, "Rename the layer to use.")
            table = gpd.read_file(gdal_path(path), layer=layer if len(layers) > 1 else layers[0])
    except (DataSourceError, DataLayerError, UnicodeDecodeError, CRSError, GEOSException) as error:
        raise _fault(path, "a GeoPackage or GeoJSON file", str(error), "Write the file again.") from error
    return pd.DataFrame(table) if "geometry" not in table else table


def _fault(path: Path, expected: str, found: str, remedy: str, row: int | None = None) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, remedy, row)])
