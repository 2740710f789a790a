"""Vector files are what their suffix says, and reading them asks no server.

GDAL takes a file for what its content looks like, whatever its name: a `.geojson` may hold a virtual dataset that reads
another file or an address, a web service, or a pipeline of commands. Pyogrio cannot restrict the drivers, so the content
is compared with the suffix before GDAL sees it, and GDAL is told to ask nobody while it reads.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import pyogrio

from corridors.core.errors import Fault, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_STARTS = {".geojson": b"{", ".json": b"{", ".kml": b"<", ".gml": b"<"}
"""First byte of a text by its suffix, after a byte-order mark and blanks."""
BINARY_STARTS = {".gpkg": b"SQLite format 3\0", ".shp": b"\0\0\x27\x0a", ".fgb": b"fgb"}
"""First bytes of a file by its suffix."""
GEODATABASE = "a00000001.gdbtable"
"""File that every file geodatabase, which is a folder, has."""
_REFERENCE = re.compile(
    rb"<OGR\w*DataSource|<OGCAPI|<GDAL_WMS|<VRTDataset|<WMS_\w*Capabilities|gdal_streamed_alg|/vsi[a-z0-9]+[/?]"
    rb'|"crs"\s*:\s*\{[^{}]{0,200}"link"|"crs"\s*:\s*\{[^{}]{0,200}\{[^{}]{0,400}"(?:href|url)"',
    re.IGNORECASE,
)
_CHUNK, _OVERLAP = 1 << 20, 1024
_OFFLINE = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:1",  # nobody listens there, so that no request leaves the computer
}
_REMEDY = "Write the file again: save the layer itself in this format, for example in QGIS."


def refuse_disguised(path: Path, member: str = "") -> None:
    """Raise where a vector file is not what its suffix says, or refers to another file or to an address.

    Parameters
    ----------
    path
        Existing file, or folder of a file geodatabase.
    member
        File in the zip that `path` is, "" for `path` itself.

    Raises
    ------
    SchemaError
        With one fault.
    """
    suffix = PurePosixPath(member or path.name).suffix.lower()
    name = Path(f"{path}/{member}") if member else path
    if suffix == ".gdb":
        _check_geodatabase(path, member, name)
        return
    if suffix not in {*TEXT_STARTS, *BINARY_STARTS}:
        return
    if not member:
        for file in sorted(path.rglob(f"*{suffix}")) if path.is_dir() else [path]:  # a folder of KML
            with file.open("rb") as stream:
                _check(file, suffix, stream)
        return
    with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
        _check(name, suffix, packed)


@contextmanager
def asking_nobody() -> Iterator[None]:
    """Keep pyogrio's GDAL from asking any server inside."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in _OFFLINE}
    pyogrio.set_gdal_config_options(_OFFLINE)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _check_geodatabase(path: Path, member: str, name: Path) -> None:
    """Raise where a file geodatabase has not the file that each has."""
    if member:
        with zipfile.ZipFile(path) as archive:
            found = f"{member}/{GEODATABASE}" in archive.namelist()
    else:
        found = (path / GEODATABASE).is_file()
    if not found:
        raise _fault(name, "a file geodatabase (a folder)", f"none with {GEODATABASE}")


def _check(name: Path, suffix: str, stream: IO[bytes]) -> None:
    """Raise where a file does not begin as its suffix says, or is a text with a reference in it."""
    chunk = stream.read(_CHUNK)
    start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip() if suffix in TEXT_STARTS else chunk
    if start and not start.startswith({**TEXT_STARTS, **BINARY_STARTS}[suffix]):
        raise _fault(name, f"a {suffix} file, as its name says", "the content of another kind")
    if suffix not in TEXT_STARTS:
        return
    tail = b""
    while chunk:
        found = _REFERENCE.search(tail + chunk)
        if found is not None:
            words = found[0].decode("latin-1")[:40]
            raise _fault(
                name, "a file that holds its own data", f"a reference to another file or address: {words!r}"
            )
        tail, chunk = chunk[-_OVERLAP:], stream.read(_CHUNK)


def _fault(path: Path, expected: str, found: str) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, _REMEDY)])
