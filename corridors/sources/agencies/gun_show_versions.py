"""Versions of the events of a calendar: which of them change, cancel or replace another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from corridors.sources.agencies.gun_show_dates import FIRST_YEAR, LAST_YEAR
from corridors.sources.agencies.gun_show_series import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridors.sources.agencies.gun_show_lines import RawEvent

_SAME_PLACE = ("SUMMARY", "LOCATION", "URL", "ORGANIZER")
_CANCELLED = re.compile(
    r"(?i)\b(?<!not )(?:cancel(?:l?ed|lation|ad[oa]s?)|suspendid[oa]s?|called off|postponed|pospuest[oa]s?|aplazad[oa]s?)\b"
)


def says_cancelled(text: str) -> bool:
    """Return whether a status or a title says that a show is not held on its days: cancelled, or postponed.

    Examples
    --------
    >>> says_cancelled("CANCELED: Gun Show"), says_cancelled("not cancelled"), says_cancelled("CONFIRMED")
    (True, False, False)
    >>> says_cancelled("POSTPONED - Gun Show"), says_cancelled("Feria de armas (aplazada)")
    (True, True)
    """
    return _CANCELLED.search(text) is not None


def completed(events: list[RawEvent]) -> list[RawEvent]:
    """Return the events, those that change or cancel another with what they leave unsaid: its title and place."""
    masters: dict[str, RawEvent] = {}
    for raw in events:
        if raw.texts("LOCATION"):
            masters.setdefault(uid(raw), raw)
    return [_complete(raw, masters.get(uid(raw)) if uid(raw) else None) for raw in events]


def _complete(raw: RawEvent, master: RawEvent | None) -> RawEvent:
    """Return an event with the place of its master where it has none, and with the start of the day it changes."""
    component = raw.component.copy(recursive=True)
    component.errors = list(raw.component.errors)
    if master is not None and "LOCATION" not in component:
        for name in _SAME_PLACE:
            if name not in component and name in master.component:
                component[name] = master.component[name]
    if "DTSTART" not in component and raw.values("RECURRENCE-ID"):
        component["DTSTART"] = raw.values("RECURRENCE-ID")[0]
    return replace(raw, component=component)


def uid(raw: RawEvent) -> str:
    """Return the identifier of an event, "" where it has none."""
    return next(iter(raw.texts("UID")), "")


def superseded(events: Sequence[RawEvent]) -> list[int]:
    """Return the positions of events of which the file has a later version.

    The version is the sequence number, and between calendars of one file the time stamp. Events of one calendar
    that merely share an identifier are different shows.
    """
    latest: dict[tuple[str, str], list[tuple[int, RawEvent]]] = {}
    for at, raw in enumerate(events):
        if uid(raw):
            moment = [str(value.dt) for value in raw.values("RECURRENCE-ID")][:1]
            latest.setdefault((uid(raw), "".join(moment)), []).append((at, raw))
    old = []
    for versions in latest.values():
        several = len({raw.calendar for _, raw in versions}) > 1
        keys = {
            at: (_sequence(raw), (day_made([raw]) or date.min).isoformat() if several else "")
            for at, raw in versions
        }
        old += [at for at, key in keys.items() if key < max(keys.values())]
    return old


def _sequence(raw: RawEvent) -> int:
    """Return the number of an event's version, 0 where it has none."""
    return max((int(value) for value in raw.values("SEQUENCE")), default=0)


def day_made(events: Iterable[RawEvent]) -> date | None:
    """Return the day of the latest time stamp, or of the last change where no event has a stamp."""
    for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        days = [
            day_of(value.dt) for raw in events for value in raw.values(name) if isinstance(value.dt, date)
        ]
        plausible = [day for day in days if FIRST_YEAR <= day.year <= LAST_YEAR]
        if plausible:
            return max(plausible)
    return None
