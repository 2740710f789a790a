"""The size of a file against its limits, before its bytes are taken into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.core.limits import MAX_MEMBERS, MAX_NAME, MAX_RATIO, RATIO_FROM, limits

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable
    from pathlib import Path

_MB = 1_000_000
REMEDY = "Give the part of the region, or raise the limit (docs/limits-of-input.md)."


def check_size(path: Path, part: float = 1.0) -> None:
    """Raise where a file is larger than a part of the limit of unpacked bytes.

    Raises
    ------
    SchemaError
        With one fault.
    """
    most = int(limits().unpacked_mb * _MB * part)
    size = path.stat().st_size if path.is_file() else 0
    if size > most:
        raise _too_much(path, f"a file of at most {most:,} bytes", f"{size:,} bytes")


def check_unpacked(path: Path, size: int, packed: int) -> None:
    """Raise where bytes are more, when unpacked, than the limit or than any real file of that packed size.

    Parameters
    ----------
    path
        File, for messages.
    size, packed
        Bytes, unpacked and packed.

    Raises
    ------
    SchemaError
        With one fault.
    """
    most = limits().unpacked_mb * _MB
    if size > most:
        raise _too_much(path, "a table", f"more than {most:,} bytes when unpacked")
    if size > RATIO_FROM and size > MAX_RATIO * packed:
        raise _too_much(path, "a table", f"bytes that unpack to {MAX_RATIO} times as many or more")


def check_archive(path: Path, archive: zipfile.ZipFile, wanted: Callable[[str], bool] = bool) -> None:
    """Raise where a zip holds too many files, or names that are too long, or more bytes in the wanted ones than the limit.

    Its own list of sizes is enough: no more of a file is ever unpacked than the list says.

    Raises
    ------
    SchemaError
        With one fault.
    """
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _too_much(path, f"a zip of at most {MAX_MEMBERS:,} files", f"{len(members):,}")
    longest = max((len(one.filename) for one in members), default=0)
    if longest > MAX_NAME:
        raise _too_much(path, f"a zip whose names have at most {MAX_NAME:,} characters", f"{longest:,}")
    read = [one for one in members if wanted(one.filename)]
    check_unpacked(path, sum(one.file_size for one in read), sum(one.compress_size for one in read))


def check_rows(path: Path, rows: int) -> None:
    """Raise where a table has more rows than the limit.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if rows > limits().rows:
        raise _too_much(path, f"at most {limits().rows:,} rows", "more")


def check_columns(path: Path, columns: int) -> None:
    """Raise where a row has more cells than the limit of columns.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if columns > limits().columns:
        raise _too_much(path, f"at most {limits().columns:,} columns", f"{columns:,}")


def check_raster_cells(path: Path, cells: int) -> None:
    """Raise where a raster has more cells than the limit: each is read, however few bytes they are packed in.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if cells > limits().raster_cells:
        raise _too_much(path, f"a raster of at most {limits().raster_cells:,} cells", f"{cells:,}")


def _too_much(path: Path, expected: str, found: str) -> SchemaError:
    """Return an error of one fault."""
    return SchemaError([Fault(str(path), expected, found, REMEDY)])
