"""Files in, checked tables out: shipped tables, agencies' own formats, roads, scenarios, elevation, downloads."""

from corridors.sources.elevation import elevation_at
from corridors.sources.references import partial_faults
from corridors.sources.registry import FORMATS, guess_format, load_as
from corridors.sources.scenarios import load_scenarios
from corridors.sources.schemas.formats import Context, Report

__all__ = [
    "FORMATS",
    "Context",
    "Report",
    "elevation_at",
    "guess_format",
    "load_as",
    "load_scenarios",
    "partial_faults",
]
