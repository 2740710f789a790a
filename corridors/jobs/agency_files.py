"""Files that agencies publish: list and download them, and list the formats that can be read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corridors.core.errors import Fault, InputError
from corridors.core.names import did_you_mean
from corridors.sources.download import fetch, read_downloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corridors.sources.download import Fetched


def list_downloads() -> list[dict[str, Any]]:
    """Return a record of each file that can be downloaded."""
    return [asdict(entry) for entry in read_downloads().values()]


def download(names: Sequence[str], out: Path) -> Iterator[Fetched]:
    """Yield each file when it has been downloaded.

    Parameters
    ----------
    names
        Ids of downloads.
    out
        Folder to keep the files in.

    Raises
    ------
    InputError
        An id is unknown or the folder is a file, and nothing is downloaded; or a person must download the file, and the message explains how.
    """
    if out.exists() and not out.is_dir():
        remedy = "Name another folder with --out."
        raise InputError([Fault(str(out), "a folder for the output", "a file", remedy)])
    known = read_downloads()
    unknown = [name for name in names if name not in known]
    if unknown:
        faults = [
            Fault(
                "corridors fetch",
                "the id of a download",
                repr(name),
                f"{did_you_mean(name, known)}Run `corridors fetch` for the list.",
            )
            for name in unknown
        ]
        raise InputError(faults)
    for name in names:
        yield fetch(known[name], out)
