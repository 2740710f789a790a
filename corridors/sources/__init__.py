"""Files in, checked tables out: shipped tables, agencies' own formats, roads, scenarios, elevation, downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
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

if not TYPE_CHECKING:  # a job that only downloads, or reads one format, imports no other reader
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "FORMATS": "registry",
            "Context": "schemas.formats",
            "Report": "schemas.formats",
            "elevation_at": "elevation",
            "guess_format": "registry",
            "load_as": "registry",
            "load_scenarios": "scenarios",
            "partial_faults": "references",
        },
    )
