"""Files that are read: whether there is one, and digests of one, of a whole table, of those that must not change meanwhile."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

BESIDE: Mapping[str, tuple[str, ...]] = {
    ".shp": (".dbf", ".shx", ".prj", ".cpg"),
    ".tif": (".tfw", ".prj"),
    ".tiff": (".tfw", ".prj"),
}
"""Endings, in place of a file's own, of files that are read with it where they are there."""
BEHIND: tuple[str, ...] = (".aux.xml", ".ovr", ".msk", "-wal", "-journal")
"""Endings, after a file's whole name, of files that are read with it where they are there."""


def not_a_file(path: Path, expected: str = "a file") -> Fault:
    """Return the fault of a path that leads to no plain file; what else is there is never opened, since a pipe may wait for ever."""
    found = "a folder" if path.is_dir() else "no plain file" if path.exists() else "no such file"
    return Fault(str(path), expected, found, "Check the path.")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(path: Path) -> str:
    """Return the SHA-256 of everything that is read as one table.

    Parameters
    ----------
    path
        A file, with the parts of a Shapefile or the notes of a raster beside it; or a folder of files.

    Returns
    -------
    str
        Of one file its own SHA-256. Of several the SHA-256 of a list of them in the form of `sha256sum`, sorted by name; ""
        where there is none.
    """
    if path.is_dir():
        named = {one.relative_to(path).as_posix(): one for one in path.rglob("*") if one.is_file()}
    else:
        named = {one.name: one for one in (path, *_read_with(path)) if one.is_file()}
    if len(named) == 1 and not path.is_dir():
        return sha256(path)
    lines = [f"{sha256(one)}  {name}\n" for name, one in sorted(named.items())]
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest() if lines else ""


def _read_with(path: Path) -> list[Path]:
    """Return the places of files that are read with a file."""
    replaced = [path.with_suffix(ending) for ending in BESIDE.get(path.suffix.lower(), ())]
    return [*replaced, *(path.with_name(path.name + ending) for ending in BEHIND)]


@contextmanager
def unchanged(paths: Iterable[Path]) -> Iterator[Mapping[Path, str]]:
    """Yield the digests of files, and see that each is the same when the reading of them has ended.

    Parameters
    ----------
    paths
        Files or folders that are read meanwhile; one that is absent has the digest "".

    Raises
    ------
    InputError
        With every file that was changed meanwhile: what was read may be neither the old one nor the new one.
    """
    before = {path: digest(path) for path in dict.fromkeys(paths)}
    yield before
    check_digests(before)


def check_digests(known: Mapping[Path, str]) -> None:
    """Raise an error where files are no longer those that were read.

    Parameters
    ----------
    known
        Digest of each file or folder when it was read.

    Raises
    ------
    InputError
        With every file that has another digest now.
    """
    expected = "a file that stays as it is while it is read"
    found, remedy = "one that was changed meanwhile", "Wait until it is written, and run again."
    faults = [Fault(str(path), expected, found, remedy) for path, was in known.items() if digest(path) != was]
    if faults:
        raise InputError(faults)
