"""Checked tables, shipped or the user's own, with their catalog and how much of the region they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.sources.tables.catalog import read_catalog
    from corridors.sources.tables.coverage import age_years, coverage_of
    from corridors.sources.tables.load import LateTables, load_all, load_table
    from corridors.sources.tables.preview import preview_tables
    from corridors.sources.tables.rasters import load_raster

__all__ = [
    "LateTables",
    "age_years",
    "coverage_of",
    "load_all",
    "load_raster",
    "load_table",
    "preview_tables",
    "read_catalog",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "LateTables": "load",
            "age_years": "coverage",
            "coverage_of": "coverage",
            "load_all": "load",
            "load_raster": "rasters",
            "load_table": "load",
            "preview_tables": "preview",
            "read_catalog": "catalog",
        },
    )
