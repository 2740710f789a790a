"""The generated texts of `data/`: the data dictionary (README.md) and the terms (LICENSES.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.sources.registry import FORMATS
from corridors.sources.schemas.tables import RASTERS, SCHEMAS
from corridors.sources.tables.catalog import CATALOG_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.core.schema import Column, Schema
    from corridors.core.types import Source
    from corridors.sources.schemas.tables import Raster

README_NAME = "README.md"
LICENSES_NAME = "LICENSES.md"
_INTRO = """\
# Data dictionary

Generated from the schemas in `corridors/sources/schemas`; do not edit. `scripts/build_default_data.py` builds this folder
from the raw files. `catalog.csv` gives each table's publisher, terms, period, and what the table is not; `LICENSES.md`
has the credits to print beside it.

Tables are UTF-8 CSV, or (Geo)Parquet in EPSG:4326. An empty cell means unknown, never zero. To use newer data, give a
file with the same columns (csv, parquet, gpkg or geojson), or a file in an agency's own format, under `[data]` in your
settings: `corridors formats` lists the formats, which stand beside the key of each table below.
"""
_TERMS = """\
# Terms and attribution

Generated from `catalog.csv`; do not edit. The terms of each source are honored. "None stated" means that the source
gives no license: ask its publisher before you redistribute the table on its own.

A map or chart made from these tables must print the attributions of what it shows. Copy them from here:

```text
{credits}
```
"""


def dictionary_text() -> str:
    """Return `data/README.md`: every table with its key and columns, as the schemas have them."""
    tables = [*SCHEMAS.values(), CATALOG_SCHEMA]
    parts = [
        _INTRO,
        *(_table_text(schema) for schema in tables),
        *(_raster_text(rule) for rule in RASTERS.values()),
    ]
    return "\n".join(parts)


def licences_text(sources: Iterable[Source]) -> str:
    """Return `data/LICENSES.md`: attributions to copy, then each table's terms."""
    listed = list(sources)
    credit_lines = list(dict.fromkeys(source.attribution for source in listed))
    rows = [
        "| table | publisher | license | attribution |",
        "|---|---|---|---|",
        *(
            f"| `{source.id}` | {_linked(source)} | {_cell(source.licence)} | {_cell(source.attribution)} |"
            for source in listed
        ),
    ]
    return "\n".join([_TERMS.format(credits="\n".join(credit_lines)), *rows, ""])


def _table_text(schema: Schema) -> str:
    """Return one table's section."""
    lines = [
        f"## {schema.name}",
        "",
        f"{schema.doc}. Key: {', '.join(f'`{name}`' for name in schema.key)}.{_formats_text(schema.name)}",
        "",
        "| column | kind | unit | range | empty | refers to | meaning |",
        "|---|---|---|---|---|---|---|",
        *(_column_text(name, rule) for name, rule in schema.columns.items()),
    ]
    if schema.geometry:
        kinds = " or ".join(sorted(schema.geometry))
        lines.append(f"| `geometry` | {kinds} | degrees | EPSG:{schema.crs} | no | | shape |")
    return "\n".join([*lines, ""])


def _formats_text(table_id: str) -> str:
    """Return a sentence on the formats that give a table; "" where it is read in its own columns alone."""
    names = [f"`{form.id}`" for form in FORMATS.values() if table_id in form.tables]
    return f" Formats: {', '.join(names)}." if names else ""


def _column_text(name: str, rule: Column) -> str:
    """Return one column's line."""
    refers = "" if rule.refers is None else f"`{rule.refers[0]}.{rule.refers[1]}`"
    cells = [
        f"`{name}`",
        rule.kind,
        rule.unit,
        _allowed(rule),
        "yes" if rule.empty else "no",
        refers,
        rule.doc,
    ]
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _allowed(rule: Column) -> str:
    """Return the values that a column may have."""
    if rule.choices:
        return ", ".join(rule.choices)
    if rule.pattern:
        return f"`{rule.pattern}`"
    low = "" if rule.low is None else f"{rule.low:g}"
    high = "" if rule.high is None else f"{rule.high:g}"
    return f"{low}..{high}" if low or high else ""


def _raster_text(rule: Raster) -> str:
    """Return one raster's section."""
    box = ", ".join(f"{edge:g}" for edge in rule.box)
    return f"## {rule.name}\n\n{rule.doc}. GeoTIFF, EPSG:{rule.crs}, unit: {rule.unit}. Must cover {box}.\n"


def _linked(source: Source) -> str:
    """Return the publisher, linked when there is an address."""
    return f"[{_cell(source.publisher)}]({source.url})" if source.url else _cell(source.publisher)


def _cell(words: str) -> str:
    """Return text that is safe inside a table cell."""
    return words.replace("|", "\\|")
