"""The catalog of `data/`: each file with its publisher, terms, period, hash and what it is not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from corridors.core.errors import CatalogError, Fault, SchemaError
from corridors.core.schema import Column, Schema, check
from corridors.core.types import Source
from corridors.sources.reading.plain import read_csv
from corridors.sources.schemas.columns import text
from corridors.sources.schemas.tables import RASTERS, SCHEMAS
from corridors.sources.tables.load import SHIPPED_SUFFIXES, shipped

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
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


def read_catalog(
    path: Path, digests: Mapping[Path, str] | None = None, given: Collection[str] = ()
) -> dict[str, Source]:
    """Return the sources of a catalog file, or of the one in a folder, by id, in the order of the file.

    Parameters
    ----------
    path
        The catalog, or the folder that it is in.
    digests
        SHA-256 of the files in the folder as they were read: each table there must then be the one of the catalog.
    given
        Ids of tables that are not read from the folder, since the user gave another file.

    Raises
    ------
    CatalogError
        When the file is absent; with every table that is not the one of the catalog.
    SchemaError
        When it breaks `CATALOG_SCHEMA`.
    """
    path = path / CATALOG_NAME if path.is_dir() else path
    if not path.is_file():
        remedy = "Give the folder that holds the default data."
        raise CatalogError([Fault(str(path), "a catalog", "no such file", remedy)])
    read = read_csv(path)
    if read.faults:
        raise SchemaError(read.faults)
    table = check(read.table, CATALOG_SCHEMA, file=str(path))
    names = [field.name for field in fields(Source) if field.name in CATALOG_SCHEMA.columns]
    cells = table[names].astype(object).where(table[names].notna(), "")
    sources = {
        str(row["id"]): Source(**{str(name): row[name] for name in row}) for row in cells.to_dict("records")
    }
    if digests is not None:
        files = {key: shipped(key, path.parent) for key in SCHEMAS}
        files |= {key: path.parent / f"{key}.tif" for key in RASTERS}
        there = {key: file for key, file in files.items() if key not in given and file.is_file()}
        faults = _differences(sources, there, digests)
        if faults:
            raise CatalogError(faults)
    return sources


def _differences(
    sources: Mapping[str, Source], files: Mapping[str, Path], digests: Mapping[Path, str]
) -> list[Fault]:
    """Return a fault for each table whose file the catalog does not list, or lists under another name or hash."""
    faults = []
    for key, path in files.items():
        remedy = "Restore the file; or name yours in the section `data` of the settings instead of changing this one."
        beside = [path.with_suffix(suffix) for suffix in SHIPPED_SUFFIXES if suffix != path.suffix != ".tif"]
        second = next((one.name for one in beside if one.is_file()), "")
        if key not in sources:
            expected, found = "a row of the catalog for this table", "none"
        elif sources[key].file != path.name:
            expected, found = f"the table in the file {sources[key].file!r} alone", repr(path.name)
        elif second:
            expected, found = f"the table in the file {sources[key].file!r} alone", f"{second!r} too"
        elif sources[key].sha256 != digests.get(path):
            expected, found = (
                f"the file of the catalog, SHA-256 {sources[key].sha256!r}",
                repr(digests.get(path)),
            )
        else:
            continue
        faults.append(Fault(str(path), expected, found, remedy))
    return faults
