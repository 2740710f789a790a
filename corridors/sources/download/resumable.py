"""Resumable downloads: to a `.part` file, which is resumed where it stopped, checked, and only then renamed.

An existing file is replaced by a good one or not at all. The sidecar of an unfinished file (`.part.json`) holds its
version; a new version at the address starts the download over.
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
    RetryableError,
    get_https,
    request,
    retry,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.sources.download.downloads import Download
    from corridors.sources.download.http import Get, Response

_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-\d+|\*)/(?P<total>\d+|\*)")
_HEAD = 1 << 16  # bytes in which a web page is recognized
MAX_DIGITS = 16


class Progress(Protocol):
    """Callback of the bytes (or rows of a layer) done."""

    def __call__(self, done: int, total: int | None, /) -> None:
        """Show how many are done, and of how many; None where the total is unknown."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file.

    Parameters
    ----------
    path, bytes, sha256
        The file.
    resumed
        Whether an unfinished download was resumed.
    skipped
        Whether the right file existed, so that no request was made.
    """

    path: Path
    bytes: int
    sha256: str
    resumed: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class _Version:
    """Version of the file at an address, kept beside an unfinished download."""

    url: str
    etag: str
    last_modified: str
    total: int | None

    @property
    def mark(self) -> str:
        """Value for `If-Range`; a weak ETag does not promise the same bytes."""
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
    """Download a file into a folder; return its path, size and hash.

    Parameters
    ----------
    download
        Entry of the list of downloads.
    folder
        Target folder; made when absent.
    get
        HTTP client.
    sleep, tries
        Sleeps some seconds between attempts; maximum number of attempts.
    progress
        Called as the file grows.

    Raises
    ------
    CatalogError
        When it can only be fetched by hand, the server refuses or stays busy, or the file is a web page, empty or has
        another hash than listed.
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
        wait = partial(retry, download=download, sleep=sleep, tries=tries)
        if download.fields:
            resumed = False
            part.write_bytes(fetch_layer(download, get, wait, progress))
        else:
            kept = " What arrived is kept, and the next run goes on from there."
            resumed = wait(partial(_attempt, download, part, get, progress), kept=kept)
        return _finish(download, part, target, resumed=resumed)
    except OSError as error:
        msg = f"{target}: expected a folder to write in, found {error}. Give another folder or make room."
        raise OutputError(msg) from error


def _attempt(download: Download, part: Path, get: Get, progress: Progress | None) -> bool:
    """Download what is missing of the unfinished file; return whether it was resumed."""
    version, have = _unfinished(part, download.url)
    headers = {"Accept-Encoding": "identity"}
    if version is not None:
        headers |= {"Range": f"bytes={have}-", "If-Range": version.mark}
    response = request(get, download.url, headers, download)
    try:
        now = _version(download.url, response)
        if version is not None and response.status != 200:
            if response.status == RANGE_NOT_SATISFIABLE and now.total == have == version.total:
                return (
                    True  # as many bytes as were announced at first: an answer that says less is not believed
                )
            if not _can_resume(version, have, response, now):
                _discard(part)
                return _attempt(download, part, get, progress)
            _append_body(response, part, have, now.total, progress=progress, download=download)
            return True
        if response.status != 200:
            raise RetryableError(f"HTTP {response.status}, which was not asked for")
        _discard(part)  # before the new sidecar is written: it must never describe another version's bytes
        _sidecar(part).write_text(json.dumps(asdict(now)), encoding="utf-8")
        _append_body(response, part, 0, now.total, progress=progress, download=download)
    finally:
        response.close()
    return False


def _too_large(part: Path, found: str, most: int, download: Download) -> CatalogError:
    """Discard an unfinished file, and return the error that it is larger than any file of that kind."""
    _discard(part)
    return CatalogError(
        [Fault(download.url, f"a file of at most {most:,} bytes", found, manual_instructions(download))]
    )


def _append_body(
    response: Response,
    part: Path,
    have: int,
    total: int | None,
    *,
    progress: Progress | None,
    download: Download,
) -> None:
    """Append the body to the unfinished file, and check that it is complete."""
    most = download.max_mb * 1_000_000
    done, of = have, "" if total is None else f" of {total}"
    if total is not None and total > most:
        raise _too_large(part, f"{total:,} bytes", most, download)
    try:
        with part.open("ab") as file:
            for piece in response.chunks():
                file.write(piece)
                done += len(piece)
                if done > most:
                    raise _too_large(part, "more", most, download)
                if progress is not None:
                    progress(done, total)
    except (ConnectionError, TimeoutError) as error:
        raise RetryableError(f"the connection lost after {done}{of} bytes") from error
    if total is not None and done < total:
        raise RetryableError(f"the connection lost after {done}{of} bytes")
    if total is not None and done > total:
        _discard(part)
        raise RetryableError(f"{done} bytes where {total} were announced")


def _finish(download: Download, part: Path, target: Path, *, resumed: bool) -> Fetched:
    """Check the downloaded file and rename it, or remove it."""
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
        _discard(part)
        raise CatalogError([fault])
    part.replace(target)
    _discard(part)
    return Fetched(target, size, digest, resumed=resumed)


def _unfinished(part: Path, url: str) -> tuple[_Version | None, int]:
    """Return version and length of an unfinished file that can be resumed, (None, 0) where there is none."""
    try:
        have = part.stat().st_size
        version = _Version(**json.loads(_sidecar(part).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None, 0
    fits = have > 0 and version.url == url and version.mark
    return (version, have) if fits else (None, 0)


def _version(url: str, response: Response) -> _Version:
    """Return the version of a response; none for a compressed one, whose stored bytes are not those sent."""
    headers = response.headers
    if headers.get("content-encoding", "identity") != "identity":
        return _Version(url, "", "", None)
    span = _RANGE.fullmatch(headers.get("content-range", ""))
    length = span["total"] if span else headers.get("content-length", "")
    total = int(length) if length.isascii() and length.isdigit() and len(length) < MAX_DIGITS else None
    return _Version(url, headers.get("etag", ""), headers.get("last-modified", ""), total)


def _can_resume(version: _Version, have: int, response: Response, now: _Version) -> bool:
    """Return whether a response is the rest of the unfinished file."""
    span = _RANGE.fullmatch(response.headers.get("content-range", ""))
    begins = span is not None and span["first"] is not None and int(span["first"]) == have
    same = (now.etag in {"", version.etag}) and now.last_modified in {"", version.last_modified}
    return response.status == 206 and begins and same and now.total == version.total


def _is_web_page(path: Path) -> bool:
    """Return whether a file is HTML, whatever its name."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return head.startswith(b"<") and (b"<!doctype html" in head or b"<html" in head)


def _sidecar(part: Path) -> Path:
    """Return the path of the sidecar of an unfinished file."""
    return part.with_name(f"{part.name}.json")


def _discard(part: Path) -> None:
    """Remove an unfinished file and its sidecar."""
    part.unlink(missing_ok=True)
    _sidecar(part).unlink(missing_ok=True)
