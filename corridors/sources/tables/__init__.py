"""Checked tables, shipped or the user's own, with their catalog and how much of the region they cover."""

from corridors.sources.tables.catalog import CATALOG_NAME, read_catalog
from corridors.sources.tables.coverage import age_years, coverage_of
from corridors.sources.tables.load import load_all, load_table
from corridors.sources.tables.preview import preview_tables
from corridors.sources.tables.rasters import load_raster

__all__ = [
    "CATALOG_NAME",
    "age_years",
    "coverage_of",
    "load_all",
    "load_raster",
    "load_table",
    "preview_tables",
    "read_catalog",
]
