"""The jobs: each reads, computes and returns a result, which writes itself. Their stages come first.

The jobs themselves are handed on by `corridors`; what follows serves the command line besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.jobs.agency_files import download, list_downloads
    from corridors.jobs.folders import default_folder, reserved
    from corridors.jobs.listing import list_ids
    from corridors.jobs.part import part_line
    from corridors.jobs.progress import Progress
    from corridors.jobs.source_list import list_sources

__all__ = [
    "Progress",
    "default_folder",
    "download",
    "list_downloads",
    "list_ids",
    "list_sources",
    "part_line",
    "reserved",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "Progress": "progress",
            "default_folder": "folders",
            "download": "agency_files",
            "list_downloads": "agency_files",
            "list_ids": "listing",
            "list_sources": "source_list",
            "part_line": "part",
            "reserved": "folders",
        },
    )
