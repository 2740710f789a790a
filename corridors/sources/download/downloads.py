"""The list of downloads: `downloads.toml`, one entry a file that an agency or a project publishes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corridors.core.errors import CatalogError, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST_NAME = "downloads.toml"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to fetch.

    Parameters
    ----------
    id
        Name for `corridors fetch`.
    title
        In English.
    format
        Id of the loader that reads it, "" where none does.
    file
        Name to keep it under.
    page
        Page to visit when a program cannot have it.
    licence
        Terms as stated.
    url
        Address of the file, or of the layer when `fields` are given; "" when there is no lasting one.
    sha256
        Of the file where known, else "".
    by_hand
        Whether a person must fetch it: the agency blocks programs, or the address changes each month.
    pick
        Which file of the page to take.
    where, fields
        Rows and columns to ask an ArcGIS layer for; no fields means an ordinary file.
    checked
        Whether the address was tried when this list was made.
    note
        What else to know.
    """

    id: str
    title: str
    format: str
    file: str
    page: str
    licence: str
    url: str = ""
    sha256: str = ""
    by_hand: bool = False
    pick: str = ""
    where: str = "1=1"
    fields: tuple[str, ...] = ()
    checked: bool = False
    note: str = ""


def is_secure(url: str) -> bool:
    """Return whether an address is https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def manual_instructions(download: Download) -> str:
    """Return how a person gets the file."""
    text = f"Download by hand from {download.page}"
    if download.pick:
        text += f" ({download.pick})"
    if download.format:
        text += f", then `corridors check FILE --as {download.format}`"
    return text + "."


def read_downloads() -> Mapping[str, Download]:
    """Return the shipped list by id.

    Raises
    ------
    CatalogError
        With every fault of the list.
    """
    return parse_downloads(files("corridors.sources.download").joinpath(LIST_NAME).read_text("utf-8"))


def parse_downloads(text: str) -> Mapping[str, Download]:
    """Return the downloads of a TOML text by id.

    Raises
    ------
    CatalogError
        With every fault of the text.
    """
    entries: list[dict[str, Any]] = tomllib.loads(text).get("download", [])
    faults = [fault for entry in entries for fault in _entry_faults(entry)]
    ids = [entry.get("id") for entry in entries]
    twice = sorted({str(one) for one in ids if ids.count(one) > 1})
    faults += [Fault(LIST_NAME, "each id once", repr(one), "Rename one of them.") for one in twice]
    if faults:
        raise CatalogError(faults)
    made = [Download(**{**entry, "fields": tuple(entry.get("fields", ()))}) for entry in entries]
    return MappingProxyType({download.id: download for download in made})


def _entry_faults(entry: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with one entry."""
    name = f"{LIST_NAME}, {entry.get('id', 'an entry without id')}"
    known = {field.name for field in fields(Download)}
    needed = {"id", "title", "format", "file", "page", "licence"}
    faults = [Fault(name, f"a key {key}", "none", "Add it.") for key in sorted(needed - set(entry))]
    faults += [Fault(name, "a known key", key, "Correct it.") for key in sorted(set(entry) - known)]
    if not entry.get("url") and not entry.get("by_hand"):
        faults.append(Fault(name, "an address, or by_hand = true", "neither", "Add one."))
    addresses = [str(entry[key]) for key in ("url", "page") if entry.get(key)]
    faults += [
        Fault(name, "an https address", repr(url), "Correct it.") for url in addresses if not is_secure(url)
    ]
    file = str(entry.get("file", "x"))
    if file != file.strip() or file in {"", ".", ".."} or set(file) & set('/\\:*?"<>|'):
        faults.append(Fault(name, "a plain file name", repr(file), "Correct it."))
    return faults
