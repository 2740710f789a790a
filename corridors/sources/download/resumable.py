"""Fetching a download: to a `.part` file first, taken up again where it stopped, checked, and only then renamed.

A file already there is replaced by a good one or not at all. What is kept beside an unfinished file (`.part.json`)
says which version of the address it is of; another version starts it over.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from corridors.core.errors import CatalogError, Fault, OutputError
from corridors.core.files import sha256
from corridors.sources.download.arcgis import fetch_layer
from corridors.sources.download.downloads import manual_instructions
from corridors.sources.download.http import (
    RANGE_NOT_SATISFIABLE,
    AgainError,
    ask,
    get_https,
    persist,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.sources.download.downloads import Download
    from corridors.sources.download.http import Get, Response

_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-\d+|\*)/(?P<total>\d+|\*)")
_HEAD = 1024  # bytes of a file that tell a web page


class Progress(Protocol):
    """Who is told how far it is."""

    def __call__(self, done: int, total: int | None, /) -> None:
        """Hear of bytes (or rows of a layer) done, and of how many, None when unknown."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is there.

    Parameters
    ----------
    path, bytes, sha256
        The file.
    resumed
        Whether an unfinished one was taken up.
    skipped
        Whether the right file was there already, so that nothing was asked.
    """

    path: Path
    bytes: int
    sha256: str
    resumed: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class _Version:
    """Which version of an address an unfinished file is of."""

    url: str
    etag: str
    last_modified: str
    total: int | None

    @property
    def mark(self) -> str:
        """What an `If-Range` may say; a weak tag does not promise the same bytes."""
        return self.last_modified if self.etag.startswith("W/") or not self.etag else self.etag


def fetch(
    download: Download,
    folder: Path,
    *,
    get: Get = get_https,
    sleep: Callable[[float], None] = time.sleep,
    tries: int = 4,
    progress: Progress | None = None,
) -> Fetched:
    """Fetch a file into a folder.

    Parameters
    ----------
    download
        What to fetch.
    folder
        Where to keep it; made when absent.
    get
        Who asks the server.
    sleep, tries
        How to wait between tries, and the most tries.
    progress
        Told as the file grows.

    Raises
    ------
    CatalogError
        When a person must fetch it, the server refuses or stays busy, or what it gives is a web page, empty, or not
        the file catalogued.
    OutputError
        When the folder cannot be written.
    """
    if download.by_hand:
        found = "one that a person must fetch"
        raise CatalogError([Fault(download.id, "a file for programs", found, manual_instructions(download))])
    target = folder / download.file
    part = folder / f"{download.file}.part"
    try:
        if download.sha256 and target.is_file() and sha256(target) == download.sha256:
            return Fetched(target, target.stat().st_size, download.sha256, skipped=True)
        folder.mkdir(parents=True, exist_ok=True)
        wait = partial(persist, download=download, sleep=sleep, tries=tries)
        if download.fields:
            resumed = False
            part.write_bytes(fetch_layer(download, get, wait, progress))
        else:
            kept = " What came is kept, and it goes on from there."
            resumed = wait(partial(_attempt, download, part, get, progress), kept=kept)
        return _settle(download, part, target, resumed=resumed)
    except OSError as error:
        msg = f"{target}: expected a folder to write in, found {error}. Give another folder or make room."
        raise OutputError(msg) from error


def _attempt(download: Download, part: Path, get: Get, progress: Progress | None) -> bool:
    """Fetch what is missing of the unfinished file; return whether it was taken up."""
    version, have = _kept(part, download.url)
    headers = {"Accept-Encoding": "identity"}
    if version is not None:
        headers |= {"Range": f"bytes={have}-", "If-Range": version.mark}
    response = ask(get, download.url, headers, download)
    try:
        now = _version(download.url, response)
        if version is not None and response.status != 200:
            if response.status == RANGE_NOT_SATISFIABLE and now.total == have:
                return True
            if not _goes_on(version, have, response, now):
                _forget(part)
                return _attempt(download, part, get, progress)
            _receive(response, part, have, now.total, progress)
            return True
        if response.status != 200:
            raise AgainError(f"HTTP {response.status}, which was not asked for")
        _forget(part)  # before the new version is noted: it must never name another one's bytes
        _note(part).write_text(json.dumps(asdict(now)), encoding="utf-8")
        _receive(response, part, 0, now.total, progress)
    finally:
        response.close()
    return False


def _receive(response: Response, part: Path, have: int, total: int | None, progress: Progress | None) -> None:
    """Append the body to the unfinished file, and see that it is whole."""
    done, of = have, "" if total is None else f" of {total}"
    try:
        with part.open("ab") as file:
            for piece in response.pieces():
                file.write(piece)
                done += len(piece)
                if progress is not None:
                    progress(done, total)
    except (ConnectionError, TimeoutError) as error:
        raise AgainError(f"the connection lost after {done}{of} bytes") from error
    if total is not None and done < total:
        raise AgainError(f"the connection lost after {done}{of} bytes")
    if total is not None and done > total:
        _forget(part)
        raise AgainError(f"{done} bytes where {total} were announced")


def _settle(download: Download, part: Path, target: Path, *, resumed: bool) -> Fetched:
    """Check the finished file and give it its name, or remove it."""
    size = part.stat().st_size if part.is_file() else 0
    digest = sha256(part) if size else ""
    fault = None
    if size == 0:
        fault = Fault(download.url, "a file", "an empty one", manual_instructions(download))
    elif _is_web_page(part):
        found = "a web page: the server may refuse programs"
        fault = Fault(download.url, "data", found, manual_instructions(download))
    elif download.sha256 and digest != download.sha256:
        remedy = f"The publisher may have changed it. {manual_instructions(download)}"
        fault = Fault(download.url, f"SHA-256 {download.sha256}", digest, remedy)
    if fault is not None:
        _forget(part)
        raise CatalogError([fault])
    part.replace(target)
    _forget(part)
    return Fetched(target, size, digest, resumed=resumed)


def _kept(part: Path, url: str) -> tuple[_Version | None, int]:
    """Return the version and length of an unfinished file that can be taken up, (None, 0) when none can."""
    try:
        have = part.stat().st_size
        version = _Version(**json.loads(_note(part).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None, 0
    fits = have > 0 and version.url == url and version.mark
    return (version, have) if fits else (None, 0)


def _version(url: str, response: Response) -> _Version:
    """Return the version an answer is of; of a compressed one the bytes kept are not those sent."""
    headers = response.headers
    if headers.get("content-encoding", "identity") != "identity":
        return _Version(url, "", "", None)
    span = _RANGE.fullmatch(headers.get("content-range", ""))
    length = span["total"] if span else headers.get("content-length", "")
    total = int(length) if length.isdigit() else None
    return _Version(url, headers.get("etag", ""), headers.get("last-modified", ""), total)


def _goes_on(version: _Version, have: int, response: Response, now: _Version) -> bool:
    """Return whether an answer is the rest of the unfinished file."""
    span = _RANGE.fullmatch(response.headers.get("content-range", ""))
    begins = span is not None and span["first"] is not None and int(span["first"]) == have
    same = (now.etag in {"", version.etag}) and now.last_modified in {"", version.last_modified}
    return response.status == 206 and begins and same and now.total == version.total


def _is_web_page(path: Path) -> bool:
    """Return whether a file is HTML, whatever it was called."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return head.startswith(b"<") and (b"<!doctype html" in head or b"<html" in head)


def _note(part: Path) -> Path:
    """Return the path of what is known of an unfinished file."""
    return part.with_name(f"{part.name}.json")


def _forget(part: Path) -> None:
    """Remove an unfinished file and what is known of it."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)
