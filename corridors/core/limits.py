"""Limits of what is read: far above any real file of this subject, and checked before memory is taken.

A file beyond a limit is refused with a fault. `[limits]` of the settings raises one where a real file needs it
(docs/limits-of-input.md).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from pydantic import Field

from corridors.core.settings import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_RATIO = 300
"""Maximum ratio of unpacked to packed bytes; tables compress to a tenth or twentieth, bombs to a thousandth."""
RATIO_FROM = 64 << 20
"""Unpacked bytes from which the ratio counts: a small file may hold anything."""
MAX_MEMBERS = 200_000
"""Maximum number of files in a zip; the archive of Travel Mapping holds some 70,000."""
MAX_NAME = 1_024
"""Maximum number of characters of the name of a file in a zip, its folders included."""
MAX_TABLES = 1_000
"""Maximum number of tables in a zip: a year of months has some hundred."""
MAX_SHEET_ROWS, MAX_SHEET_COLUMNS = 1_048_576, 16_384
"""Size of a sheet in Excel."""
MAX_MERGED = 500_000
"""Maximum number of merged cells of a sheet."""
MAX_JSON_VALUES = 6_000_000
"""Maximum number of values in a JSON file: objects, lists and what commas divide. Each takes up to some 300 bytes of memory."""
MAX_LINE_BYTES = 1 << 20
"""Maximum length of one line of an iCalendar file, its folds joined."""
MAX_SAME_TOWN = 200
"""Maximum number of shows in one town that begin in one week."""


class LimitSettings(Section):
    """Limits of the files that are read (docs/limits-of-input.md). They change no result: a file is read whole or refused."""

    unpacked_mb: int = Field(
        1024, ge=1, description="Megabytes of one file, unpacked. The national tables of SESNSP take 400."
    )
    rows: int = Field(
        5_000_000, ge=1, description="Rows of one table. The municipal table of SESNSP has 2.7 million."
    )
    columns: int = Field(2_000, ge=1, description="Columns of one table. The widest real one has some 140.")
    cells: int = Field(
        10_000_000, ge=1, description="Filled cells of one workbook. ATF's national list has 1.6 million."
    )
    raster_cells: int = Field(
        10_000_000_000,
        ge=1,
        description="Cells of one raster. One of an arc second over the region has eight thousand million.",
    )
    nodes: int = Field(
        3_000_000,
        ge=1,
        description="Nodes of a road file that is held whole in memory (OpenStreetMap XML, GraphML); of extracts (.osm.pbf) there is no limit.",
    )
    way_nodes: int = Field(
        20_000, ge=2, description="Nodes of one way of OpenStreetMap, whose own limit is 2,000."
    )
    events: int = Field(
        10_000,
        ge=1,
        description="Events of a calendar, and shows after its series are written out. The four states have a thousand shows a year.",
    )


_LIMITS: ContextVar[LimitSettings] = ContextVar("limits", default=LimitSettings())  # noqa: B039 - frozen


def limits() -> LimitSettings:
    """Return the limits in force."""
    return _LIMITS.get()


@contextmanager
def limited_to(settings: LimitSettings) -> Iterator[None]:
    """Put other limits in force inside."""
    token = _LIMITS.set(settings)
    try:
        yield
    finally:
        _LIMITS.reset(token)
