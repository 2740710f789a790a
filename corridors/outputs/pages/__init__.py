"""The pages of a run: the map, what-ifs, validation, sensitivity, sources, the first page, and the kit to embed the map."""

from corridors.outputs.pages.home import write_site_pages
from corridors.outputs.pages.map import render_map
from corridors.outputs.pages.sensitivity import render_sensitivity
from corridors.outputs.pages.sources import SourceRow, render_sources
from corridors.outputs.pages.validation import render_validation, validation_texts
from corridors.outputs.pages.whatif import render_whatif

__all__ = [
    "SourceRow",
    "render_map",
    "render_sensitivity",
    "render_sources",
    "render_validation",
    "render_whatif",
    "validation_texts",
    "write_site_pages",
]
