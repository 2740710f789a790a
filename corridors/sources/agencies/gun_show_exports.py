"""Read the columns of a table of shows, also as Outlook writes a calendar and Google Calendar takes one.

Such a table has the date and the time of day in two columns, a location as free text, and a subject; it has no column
of states. Times are those of the place. The organizer and the description are not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.gun_show_location import location_parts
from corridors.sources.agencies.gun_show_versions import says_cancelled
from corridors.sources.agencies.row_report import shorten_list
from corridors.sources.reading.delimited import TextTable, pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridors.sources.agencies.gun_show_places import Atlas

TIMES = {"start": "start_time", "end": "end_time"}
SUBJECT = ("subject", "event_subject", "")
LOCATION = "location"
EXPORTED = frozenset({"subject", "start_date", LOCATION})
"""Folded names that identify the table of Outlook and of Google Calendar."""


def pick_shows(
    read: TextTable,
    wanted: Mapping[str, Sequence[str]],
    *,
    path: Path,
    columns: Mapping[str, str],
    places: Atlas,
) -> tuple[pd.DataFrame, str]:
    """Return the wanted columns of a table of shows, with `start_time` and `end_time`, and a note.

    Where the table has a location and no state, venue, city and state are taken from the location, as from an iCalendar
    event's. A subject is the note where there is none, and may say that the show is cancelled.

    Raises
    ------
    SchemaError
        When a column is absent, or no location names a state.
    """
    asked = {**wanted, **{name: (name, "") for name in TIMES.values()}, "subject": SUBJECT}
    located = LOCATION in read.table and not {"state", *wanted["state"]} & {*columns, *read.table}
    if located:
        asked |= {"state": ("",), "venue": (LOCATION,)}
    table = pick(read, asked, path=path, columns=columns)
    subject = table.pop("subject")
    table["note"] = table["note"].where(table["note"].ne(""), subject)
    table["cancelled"] = table["cancelled"].mask(subject.map(says_cancelled).astype(bool), "yes")
    return _placed(table, path, places) if located else (table, "")


def _placed(table: pd.DataFrame, path: Path, places: Atlas) -> tuple[pd.DataFrame, str]:
    """Return the rows with venue, city and state from their locations, and a note on locations without a state."""
    found = [location_parts(text, places) for text in table["venue"]]
    states = [state for *_, state in found]
    without = [text for text, state in zip(table["venue"], states, strict=True) if text and not state]
    quotes = shorten_list(map(repr, dict.fromkeys(without)))
    if found and not any(states):
        remedy = "Add the state, as in 'Hall, Tucson, AZ', or give the columns venue, city and state."
        words = f"no state in any location: {quotes}" if quotes else "no location in any row"
        raise SchemaError([Fault(str(path), "a city and a state", words, remedy, column=LOCATION)])
    cities = [own or city for own, (_, city, _) in zip(table["city"], found, strict=True)]
    placed = table.assign(venue=[venue for venue, *_ in found], city=cities, state=states)
    return placed, f"no state in the location: {quotes}" if quotes else ""
