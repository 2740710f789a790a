"""Lines of a vector file: every layer of roads in it, and what of it was not read."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj.exceptions import CRSError, ProjError

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.core.geo import GEOGRAPHIC
from corridors.sources.reading.gdal_path import gdal_path
from corridors.sources.reading.plain import PARQUET, read_table
from corridors.sources.reading.size import check_archive
from corridors.sources.reading.vector_files import asking_nobody, refuse_disguised
from corridors.sources.roads.region import EXPECTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OGR = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".kml", ".gml", ".gdb")
ARCHIVE = ".zip"
VECTOR = (*OGR, *PARQUET, ARCHIVE)
PREFERRED = "road_edges"
"""Layer that is read alone where a file has it, as the product's own do."""
_LINES = frozenset(("LineString", "MultiLineString", "GeometryCollection", "Unknown", "Geometry"))
_ENCODINGS = (None, "ISO-8859-1")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a vector file.

    Parameters
    ----------
    name
        Name for messages: the layer's, after the file's in an archive.
    source
        Path as GDAL opens it.
    layer
        Name inside the source.
    kind
        Type of geometry; "" for a table without.
    columns
        Its columns.
    """

    name: str
    source: str
    layer: str
    kind: str
    columns: tuple[str, ...]

    @property
    def has_lines(self) -> bool:
        """Whether the layer may hold lines."""
        return (
            self.kind.removesuffix(" ZM")
            .removesuffix(" Z")
            .removesuffix(" M")
            .removeprefix("2.5D ")
            .removeprefix("Measured ")
            .removeprefix("3D Measured ")
            in _LINES
            or "Curve" in self.kind
        )


@dataclass(frozen=True, slots=True)
class Features:
    """Lines in EPSG:4326 with their attributes, from all layers that were read.

    Parameters
    ----------
    table
        Attributes and geometry, rows numbered from 0.
    names
        Layer of each row; "" where only one was read.
    rows
        Position of each row in its layer, from 1.
    notes
        What was read and what was not.
    """

    table: gpd.GeoDataFrame
    names: tuple[str, ...]
    rows: tuple[int, ...]
    notes: tuple[str, ...]

    def place(self, at: int) -> str:
        """Return words for a row."""
        layer = f"layer {self.names[at]}, " if self.names[at] else ""
        return f"{layer}row {self.rows[at]}"


def read_features(path: Path, wants: Callable[[tuple[str, ...]], str], layer: str = "") -> Features:
    """Return the lines of a vector file.

    Parameters
    ----------
    path
        File, or folder of a file geodatabase.
    wants
        Returns why a layer of these columns is not one of roads, "" when it is.
    layer
        The only layer to read; "" for every one of roads.

    Raises
    ------
    SchemaError
        The file is absent, damaged or of another format, or has no lines, no CRS or no layer of roads.
    """
    if not path.name.lower().endswith(VECTOR):
        remedy = "Save the roads in one of these formats, with their CRS, for example in QGIS."
        raise _fault(path, f"one of {', '.join(VECTOR)}", repr(path.suffix), remedy)
    if path.name.lower().endswith(PARQUET):
        with np.errstate(invalid="ignore"):
            table = read_table(path, PREFERRED).table
        if not isinstance(table, gpd.GeoDataFrame):
            raise _fault(path, "lines", "a table without geometry", "Save it as GeoParquet.")
        reason = wants(tuple(map(str, table.columns)))
        if reason:
            raise _fault(path, *_asked(reason))
        return _joined(path, [("", table)], ())
    if not (path.is_file() or path.is_dir()):
        raise SchemaError([not_a_file(path)])
    with asking_nobody():
        chosen, unread = _chosen(path, list(_layers(path)), wants, layer)
        read = [(one.name, _read(path, one)) for one in chosen]
    notes = [f"layers not read: {'; '.join(unread)}"] if unread else []
    if unread or len(read) > 1:
        notes.insert(0, f"layers read: {', '.join(f'{name} ({len(table)})' for name, table in read)}")
    return _joined(path, read, tuple(notes))


def _layers(path: Path) -> Iterator[Layer]:
    """Yield the layers of a file, or of all vector files in an archive."""
    for label, source in _sources(path):
        try:
            for name, kind in pyogrio.list_layers(source).tolist():
                fields = pyogrio.read_info(source, layer=name)["fields"] if kind else ()
                known = "/".join(part for part in (label, str(name)) if part)
                yield Layer(known, source, str(name), str(kind or ""), tuple(map(str, fields)))
        except (RuntimeError, ValueError, CRSError) as error:
            remedy = "Write it again; a Shapefile needs its .shp, .shx, .dbf and .prj side by side."
            raise _fault(path, "a vector file", f"{label} {error}".strip(), remedy) from error


def _sources(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name inside the archive ("" without one) and the path as GDAL opens it, of each vector file."""
    if not path.name.lower().endswith(ARCHIVE):
        refuse_disguised(path)
        yield "", gdal_path(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(path, archive)
            names = [PurePosixPath(name) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise _fault(path, "a ZIP archive", str(error), "Download or make it again.") from error
    members = sorted({member for name in names if (member := _member(name)) is not None})
    if not members:
        found = ", ".join(map(str, names[:8])) or "an empty archive"
        raise _fault(path, f"an archive with a file {', '.join(OGR)}", found, "Unpack the file of roads.")
    for member in members:
        refuse_disguised(path, str(member))
        yield str(member), gdal_path(path, str(member))


def _member(name: PurePosixPath) -> PurePosixPath | None:
    """Return the vector file that a name in an archive is, or the file geodatabase that it is in."""
    if "__MACOSX" in name.parts:
        return None
    base = next((one for one in (name, *name.parents) if one.suffix.lower() == ".gdb"), None)
    return base or (name if name.suffix.lower() in OGR else None)


def _chosen(
    path: Path, layers: list[Layer], wants: Callable[[tuple[str, ...]], str], layer: str
) -> tuple[list[Layer], list[str]]:
    """Return the layers to read, and the others with the reason why not."""
    names = ", ".join(one.name for one in layers) or "none"
    if layer:
        named = [one for one in layers if layer in {one.name, one.layer}]
        if not named:
            raise _fault(path, f"a layer {layer!r}", f"layers {names}", "Correct the layer's name.")
        layers = named
    alone = [one for one in layers if one.layer == PREFERRED]
    reasons = {one.name: _reason(one, wants) for one in layers}
    if alone:
        reasons |= {one.name: f"{PREFERRED} is read alone" for one in layers if one not in alone}
    read = [one for one in layers if not reasons[one.name]]
    if not read:
        lines = [reasons[one.name] for one in layers if one.has_lines]
        if len(set(lines)) == 1:
            raise _fault(path, *_asked(lines[0]))
        found = "; ".join(f"{name}: {reason}" for name, reason in reasons.items()) or "no layer"
        raise _fault(path, "a layer of roads", found, "Name its columns in the column map, or give another.")
    return read, [f"{name} ({reason})" for name, reason in reasons.items() if reason]


def _reason(layer: Layer, wants: Callable[[tuple[str, ...]], str]) -> str:
    """Return why a layer is not read, "" when it is."""
    if not layer.kind:
        return "no shapes"
    return wants(layer.columns) if layer.has_lines else f"shapes of type {layer.kind}"


def _asked(reason: str) -> tuple[str, str, str]:
    """Return the fault of a layer of lines without a known column of roads."""
    remedy = 'Correct the column map: name a column of roads, for example columns = { ref = "NAME" }.'
    return "lines with attributes of roads (road_class, highway, fclass, ref ...)", reason, remedy


def _read(path: Path, layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer; texts that are not in the encoding the file names are read as Latin-1."""
    error: Exception | None = None
    for encoding in _ENCODINGS:
        try:
            with np.errstate(invalid="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                table = pyogrio.read_dataframe(
                    layer.source, layer=layer.layer, encoding=encoding, on_invalid="ignore"
                )
            return table if isinstance(table, gpd.GeoDataFrame) else gpd.GeoDataFrame(table)
        except UnicodeDecodeError as wrong:
            error = wrong
        except (RuntimeError, ValueError, CRSError) as wrong:
            error = wrong
            break
    raise _fault(path, "a vector file", f"{layer.name}: {error}", "Write it again.") from error


def _joined(path: Path, read: list[tuple[str, gpd.GeoDataFrame]], notes: tuple[str, ...]) -> Features:
    """Return the layers as one table of degrees."""
    tables = [_in_degrees(path, name, table) for name, table in read]
    if not sum(map(len, tables)):
        raise _fault(path, "lines", "no row", "Give a file of roads.")
    table = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry", crs=GEOGRAPHIC)
    names = tuple(name if len(read) > 1 else "" for name, one in read for _ in range(len(one)))
    rows = tuple(row + 1 for _, one in read for row in range(len(one)))
    return Features(table, names, rows, notes)


def _in_degrees(path: Path, name: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer in EPSG:4326, its geometry in the column `geometry`."""
    label = f"{name}: " if name else ""
    if table.crs is None:
        raise _fault(path, "a CRS", f"{label}none", "Save the file with its CRS (a Shapefile's .prj).")
    try:
        with np.errstate(invalid="ignore"):
            placed = table.to_crs(GEOGRAPHIC)
    except (CRSError, ProjError) as error:
        raise _fault(path, EXPECTED, f"{label}{error}", "Save the file in a CRS of the Earth.") from error
    return placed if placed.geometry.name == "geometry" else placed.rename_geometry("geometry")


def _fault(path: Path, expected: str, found: str, remedy: str) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, remedy)])
