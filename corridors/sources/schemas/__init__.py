"""Contracts: of every table and raster, and of a loader of an agency's format."""

from corridors.sources.schemas.formats import Context, Format, Loaded, Report
from corridors.sources.schemas.tables import BOUNDS, OPTIONAL_RASTERS, RASTERS, SCHEMAS

__all__ = ["BOUNDS", "OPTIONAL_RASTERS", "RASTERS", "SCHEMAS", "Context", "Format", "Loaded", "Report"]
