"""The catalog of `data/`: each file with its publisher, terms, period, hash and what it is not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from corridors.core.errors import CatalogError, Fault, SchemaError
from corridors.core.files import sha256
from corridors.core.schema import Column, Schema, check
from corridors.core.types import Source
from corridors.sources.reading.plain import read_csv
from corridors.sources.schemas.columns import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CATALOG_NAME = "catalog.csv"
CATALOG_SCHEMA = Schema(
    "catalog",
    "A file of the default data",
    ("id",),
    {
        "id": Column("text", "table id, the stem of the file", pattern=r"[a-z0-9_]+"),
        "file": Column("text", "file name within data/", pattern=r"[a-z0-9_]+\.(csv|parquet|tif)"),
        "title": text("what it is, in a few words"),
        "publisher": text("who made the data it is derived from"),
        "url": Column(
            "text",
            "address of the publisher, or of the copy read; empty when each row carries its own",
            pattern=r"https?://\S+",
            empty=True,
        ),
        "licence": text("terms as stated, or 'none stated'"),
        "attribution": text("words to print beside it"),
        "period": text("what time it covers"),
        "retrieved": Column(
            "text",
            "date of the copy it was derived from, empty when not recorded",
            pattern=r"\d{4}-\d{2}(-\d{2})?",
            empty=True,
        ),
        "sha256": Column("text", "SHA-256 of the file", pattern=r"[0-9a-f]{64}"),
        "rows": Column("integer", "rows, or cells with data of a raster", unit="rows", low=1),
        "not_what": text("what it must not be taken for"),
        "derived_from": text("raw files it was derived from, separated by ' | '"),
        "note": text("rows dropped and values changed on the way", empty=True),
    },
)


def read_catalog(path: Path) -> dict[str, Source]:
    """Return the sources of a catalog file, or of the one in a folder, by id, in the order of the file.

    Raises
    ------
    CatalogError
        When the file is absent.
    SchemaError
        When it breaks `CATALOG_SCHEMA`.
    """
    path = path / CATALOG_NAME if path.is_dir() else path
    if not path.is_file():
        remedy = "Give the folder that holds the default data."
        raise CatalogError([Fault(str(path), "a catalogue", "no such file", remedy)])
    read = read_csv(path)
    if read.faults:
        raise SchemaError(read.faults)
    table = check(read.table, CATALOG_SCHEMA, file=str(path))
    names = [field.name for field in fields(Source) if field.name in CATALOG_SCHEMA.columns]
    cells = table[names].astype(object).where(table[names].notna(), "")
    return {
        str(row["id"]): Source(**{str(name): row[name] for name in row}) for row in cells.to_dict("records")
    }


def verify(source: Source, folder: Path) -> None:
    """Check that the file of `source` is in `folder` and has the cataloged hash.

    Raises
    ------
    CatalogError
        When the file is absent or its SHA-256 differs.
    """
    faults = _difference(source, folder)
    if faults:
        raise CatalogError(faults)


def verify_all(sources: Iterable[Source], folder: Path) -> None:
    """Check every source as `verify` does; raise one error for all.

    Raises
    ------
    CatalogError
        With a fault for each file absent or changed.
    """
    faults = [fault for source in sources for fault in _difference(source, folder)]
    if faults:
        raise CatalogError(faults)


def _difference(source: Source, folder: Path) -> list[Fault]:
    """Return a fault where the file is absent or has another hash than cataloged."""
    path = folder / source.file
    remedy = "Restore the file, or pass your own as an override instead of changing it in place."
    if not path.is_file():
        return [Fault(str(path), f"the file of source {source.id!r}", "no such file", remedy)]
    found = sha256(path)
    if found == source.sha256:
        return []
    return [Fault(str(path), f"SHA-256 {source.sha256}", found, remedy)]
