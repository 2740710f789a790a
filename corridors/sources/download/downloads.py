"""The list of downloads: `downloads.toml`, one entry a file that an agency or a project publishes."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, fields
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from corridors.core.errors import CatalogError, Fault
from corridors.core.toml import model_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIST_NAME = "downloads.toml"


def is_secure(url: str) -> bool:
    """Return whether an address is https."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def _https(url: str) -> str:
    """Return an https address, or none; raise ValueError for any other."""
    if url and not is_secure(url):
        raise ValueError("an https address")
    return url


def _plain_name(name: str) -> str:
    """Return a file name without a folder that every file system takes; raise ValueError for any other."""
    if name != name.strip() or name in {"", ".", ".."} or set(name) & set('/\\:*?"<>|'):
        raise ValueError("a plain file name")
    return name


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download.

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
        Whether it must be fetched by hand: the agency blocks programs, or the address changes each month.
    pick
        Which file of the page to take.
    where, fields
        Rows and columns to ask an ArcGIS layer for; no fields means an ordinary file.
    max_mb
        Maximum size of the file, megabytes.
    checked
        Whether the address was tried when this list was made.
    note
        Remark for the reader.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    title: str
    format: str
    file: Annotated[str, AfterValidator(_plain_name)]
    page: Annotated[str, AfterValidator(_https)]
    licence: str
    url: Annotated[str, AfterValidator(_https)] = ""
    sha256: str = ""
    by_hand: bool = False
    pick: str = ""
    where: str = "1=1"
    fields: tuple[str, ...] = ()
    max_mb: int = 500
    checked: bool = False
    note: str = ""


def manual_instructions(download: Download) -> str:
    """Return instructions to get the file by hand."""
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
    faults: list[Fault] = []
    made: list[Download] = []
    try:
        made = TypeAdapter(list[Download]).validate_python(entries)
    except ValidationError as error:
        faults = [_fault(entries, detail) for detail in error.errors()]
    faults += [
        Fault(_place(entry), "an address, or by_hand = true", "neither", "Add one.")
        for entry in entries
        if not entry.get("url") and not entry.get("by_hand")
    ]
    ids = Counter(entry.get("id") for entry in entries)
    faults += [
        Fault(LIST_NAME, "each id once", repr(one), "Rename one of them.")
        for one, times in ids.items()
        if times > 1
    ]
    if faults:
        raise CatalogError(faults)
    return MappingProxyType({download.id: download for download in made})


def _place(entry: Mapping[str, Any]) -> str:
    """Return the list and the id of an entry, for messages."""
    return f"{LIST_NAME}, {entry.get('id', 'an entry without id')}"


def _fault(entries: Sequence[Mapping[str, Any]], detail: Any) -> Fault:
    """Return a finding of pydantic as a fault."""
    number, *keys = detail["loc"]
    known = [field.name for field in fields(Download)]
    key = ".".join(map(str, keys))
    return model_fault(_place(entries[number]), detail, key, known=known, remedy="Correct the entry.")
