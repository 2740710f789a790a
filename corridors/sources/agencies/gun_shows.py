"""Gun shows from a calendar: a table of shows, or an iCalendar file.

Quirks:

- A table has columns promoter, venue, city, state, start, end, hours, recurrence, size, cancelled, url; only the
  state, the start, and a venue or a city are needed. Days are YYYY-MM-DD, or as calendars of the United States write
  them (month first). A start may be a month or a year alone, as in a list made from the press.
- A calendar saved by Outlook, or for Google Calendar, is read too: `gun_show_exports.py`.
- `recurrence` is an iCalendar rule ("FREQ=MONTHLY;BYDAY=1SA"), expanded for 18 months from the first show; words
  ("monthly") are not interpreted: the show is listed once, with a note.
- A moment is a day at its place: one in UTC, or of another zone, is taken to the zone of the venue's town or state.
- An iCalendar event ends at the moment after it; a cancelled one stays, as cancelled; a location is free text, from
  which venue, city and state are taken; the street is not kept.
- Listings repeat one another: shows of one venue whose days overlap are one show, and the fuller row is kept.
- A show is placed at its venue when the table of venues knows it, else at its city; both are points of a city.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.bad_rows import BadRows, leave_out
from corridors.sources.agencies.gun_show_columns import COLUMNS, EXPORTED, read_shows
from corridors.sources.agencies.gun_show_dates import (
    MAX_DAYS,
    is_rule,
    known_day,
    overlap,
    precision_of,
    wrong_dates,
)
from corridors.sources.agencies.gun_show_ical import OUTSIDE, read_events
from corridors.sources.agencies.gun_show_lines import check_events, check_same_town
from corridors.sources.agencies.gun_show_places import (
    MIN_ALIKE,
    UNSPECIFIED,
    alike,
    atlas,
    city_key,
    locate_show,
    near_names,
    venue_key,
)
from corridors.sources.agencies.gun_show_rows import at_places
from corridors.sources.agencies.gun_show_series import MONTHS, repeated
from corridors.sources.agencies.gun_show_versions import says_cancelled
from corridors.sources.agencies.row_report import RowReport, finish_us_table, reference_table
from corridors.sources.schemas.columns import CONFIDENCES, FOUR_STATES
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from pathlib import Path

    from corridors.sources.agencies.gun_show_places import Atlas, Spot
    from corridors.sources.schemas.formats import Context

    FaultAt = Callable[[int, str, str, str, str], Fault]
    Row = Mapping[Hashable, object]

PUBLISHER = "promoters and listing sites"
_YES = frozenset({"yes", "y", "true", "1", "x", "cancelled", "canceled", "si", "sí", "verdadero"})
_NO = frozenset(
    {"", "no", "n", "false", "0", "none", "-", "not cancelled", "not canceled", "falso", "vigente"}
)
_OCCURRENCES = ("held or announced", "announced", "cancelled")
UNREADABLE_DAYS = "days that cannot be read or cannot be"
UNKNOWN_PLACE = "neither the venue nor the city is known"
UNCLEAR = "unclear whether cancelled"
UNREADABLE_RULE = "a recurrence that cannot be followed"
SAME = "the same show as another row: one venue, days that meet"
_REMEDY_PLACE = "Correct the city or the venue, or add the venue to gun_show_venues."


def load_csv(path: Path, context: Context) -> Loaded:
    """Return the shows of a table."""
    places = _atlas(path, context)
    read, table, note = read_shows(path, context.columns, places)
    row_report = RowReport.of(read)
    row_report.note(note)
    row_report.drop(table["start"].eq(""), "no date")
    dated = at_places(table[table["start"].ne("")], places, row_report, read=read, path=path)

    def fault_at(at: int, expected: str, found: str, remedy: str, column: str) -> Fault:
        return read.fault(path, at, expected, found, remedy, column)

    bad = _unclear(dated["cancelled"], fault_at)
    check_events(path, len(dated))
    shows = _expanded(dated.assign(at=dated.index), fault_at, row_report, bad, path)
    gun_shows = _gun_shows(shows, fault_at, path, context, row_report=row_report, places=places, bad=bad)
    report = row_report.to_report("calendar_csv", path, read, unit="rows", period=_period(gun_shows))
    return Loaded({"gun_shows": gun_shows}, report)


def load_ics(path: Path, context: Context) -> Loaded:
    """Return the shows of an iCalendar file."""
    places = _atlas(path, context)
    events = read_events(path, places)
    row_report = RowReport(pd.Series("", index=range(len(events.lines)), dtype="str"))
    row_report.note(*events.notes)
    for reason in dict.fromkeys(events.dropped.values()):
        row_report.drop(_rows(row_report, pd.Series(_having(events.dropped, reason))), reason)

    def fault_at(at: int, expected: str, found: str, remedy: str, column: str) -> Fault:
        return Fault(str(path), expected, found, remedy, events.lines[at], column)

    shows = events.shows.reindex(columns=["at", *COLUMNS], fill_value="")
    bad = dict(events.bad)
    gun_shows = _gun_shows(shows, fault_at, path, context, row_report=row_report, places=places, bad=bad)
    report = Report(
        "calendar_ics",
        path.name,
        len(events.lines),
        int(row_report.kept.sum()),
        dict(Counter(row_report.reasons[~row_report.kept].tolist())),
        "events",
        _period(gun_shows),
        tuple(row_report.notes),
    )
    return Loaded({"gun_shows": gun_shows}, report)


def _unclear(cells: pd.Series[str], fault_at: FaultAt) -> BadRows:
    """Return the rows of which it is unclear whether the show is cancelled."""
    expected, remedy = "yes, no or an empty cell", "Write yes where the show is cancelled."
    return {
        at: (UNCLEAR, [fault_at(at, expected, repr(cell), remedy, "cancelled")])
        for at, cell in zip(map(int, cells.index), cells, strict=True)
        if _cancelled(cell) is None
    }


def _cancelled(cell: str) -> bool | None:
    """Return whether a cell says that a show is cancelled, None where it is unclear."""
    plain = re.sub(r"\.0+$", "", cell.strip().lower())
    if plain in _NO:
        return False
    return True if plain in _YES or says_cancelled(plain) else None


def _having(dropped: Mapping[int, str], reason: str) -> list[int]:
    """Return the positions dropped for a reason."""
    return [at for at, given in dropped.items() if given == reason]


def _atlas(path: Path, context: Context) -> Atlas:
    """Return the venues and cities to look places up in."""
    return atlas(
        reference_table(context, "gun_show_venues", path), reference_table(context, "zip_points", path)
    )


def _expanded(
    table: pd.DataFrame, fault_at: FaultAt, row_report: RowReport, bad: BadRows, path: Path
) -> pd.DataFrame:
    """Return one row per show: series with a rule expanded, other rows unchanged. Adds rules without sense to `bad`."""
    rules = table["recurrence"].map(is_rule).astype(bool)  # of no rows, map would give text
    words = int((table["recurrence"].ne("") & ~rules).sum())
    row_report.note(
        f"{words} rows with a recurrence in words stand once: use a rule (FREQ=…)" if words else ""
    )
    rows: list[dict[Hashable, object]] = []
    for row, ruled in zip(table.to_dict("records"), rules, strict=True):
        start, end = known_day(str(row["start"])), known_day(str(row["end"]))
        if not ruled or start is None or end is None or len(start) != 10 or wrong_dates(start, end):
            rows.append(row)
            continue
        try:
            days = repeated(start, end, str(row["recurrence"]))
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            remedy, at = "Give a rule as in iCalendar, e.g. FREQ=MONTHLY;BYDAY=1SA.", int(str(row["at"]))
            fault = fault_at(at, "a rule that can be followed", str(error), remedy, "recurrence")
            bad[at] = (UNREADABLE_RULE, [fault])
            rows.append(row)
            continue
        rows += [{**row, "start": first, "end": last} for first, last in days]
        check_events(path, len(rows))
    added = len(rows) - len(table)
    row_report.note(
        f"{int(rules.sum())} series written out for {MONTHS} months: {added} shows more" if added else ""
    )
    return pd.DataFrame(rows, columns=table.columns)


def _gun_shows(
    shows: pd.DataFrame,
    fault_at: FaultAt,
    path: Path,
    context: Context,
    *,
    row_report: RowReport,
    places: Atlas,
    bad: BadRows,
) -> pd.DataFrame:
    """Return the checked table of the shows of the four states, without those of `bad` and others that cannot be read."""
    shows = shows.assign(
        us_state=shows["state"], venue=shows["venue"].where(shows["venue"].ne(""), UNSPECIFIED)
    )
    outside = ~shows["us_state"].isin(FOUR_STATES)
    row_report.drop(_rows(row_report, shows.loc[outside, "at"]), OUTSIDE)
    shows = shows[~outside]
    nowhere = shows["venue"].eq(UNSPECIFIED) & shows["city"].eq("")
    row_report.drop(_rows(row_report, shows.loc[nowhere, "at"]), "neither venue nor city")
    shows = shows[~nowhere]
    bad = {at: why for at, why in bad.items() if row_report.kept[at]}
    bad |= {at: why for at, why in _wrong_days(shows, fault_at).items() if at not in bad}
    spots = [
        locate_show(places, row["venue"], row["city"], row["us_state"]) for row in shows.to_dict("records")
    ]
    for at, why in _unknown_places(shows, spots, fault_at, places).items():
        bad[at] = (bad[at][0], [*bad[at][1], *why[1]]) if at in bad else why
    leave_out(row_report, bad, len({*shows["at"], *bad}))
    if shows.empty:
        reasons = Counter(row_report.reasons[~row_report.kept].tolist())
        words = "; ".join(f"{count} {reason}" for reason, count in reasons.items())
        found = f"none of {len(row_report.reasons)}: {words}"
        remedy = "Give shows of Arizona, California, New Mexico or Texas, with their city."
        raise SchemaError([Fault(str(path), "rows for the table 'gun_shows'", found, remedy)])
    readable = ~shows["at"].isin(list(bad))
    spots = [spot for spot, good in zip(spots, readable, strict=True) if good]
    shows = shows[readable]
    merged = _merged(_described(shows, spots, path), row_report, path)
    ranked = merged.sort_values(
        ["us_state", "start", "city", "venue", "url"], kind="stable", ignore_index=True
    )
    ranked["show_id"] = [f"GS{number:03d}" for number in range(1, len(ranked) + 1)]
    return finish_us_table("gun_shows", ranked, path, context)


def _rows(row_report: RowReport, places: pd.Series[int]) -> pd.Series[bool]:
    """Return which rows of the file are at some positions."""
    return pd.Series(row_report.reasons.index.isin(places), index=row_report.reasons.index)


def _wrong_days(shows: pd.DataFrame, fault_at: FaultAt) -> BadRows:
    """Return the rows whose days are wrong."""
    return {
        at: (
            UNREADABLE_DAYS,
            [fault_at(at, "days of a show, at most 7", found, "Correct the days.", "start")],
        )
        for at, start, end in zip(shows["at"], shows["start"], shows["end"], strict=True)
        if (words := wrong_dates(known_day(start), known_day(end)))
        for found in [f"{words} ({', '.join(repr(cell) for cell in (start, end) if cell)})"]
    }


def _unknown_places(
    shows: pd.DataFrame, spots: Sequence[Spot | None], fault_at: FaultAt, places: Atlas
) -> BadRows:
    """Return the rows whose show cannot be located, with similar names."""
    bad: BadRows = {}
    for row, spot in zip(shows.to_dict("records"), spots, strict=True):
        if spot is None:
            found = f"{row['venue']!r} in {row['city']!r}"
            near = near_names(places, row["venue"], row["city"], row["us_state"])
            expected, remedy = (
                f"a venue or a city of {row['us_state']}",
                f"{_REMEDY_PLACE} Near names: {near}.",
            )
            bad[row["at"]] = (UNKNOWN_PLACE, [fault_at(row["at"], expected, found, remedy, "city")])
    return bad


def _described(shows: pd.DataFrame, spots: Sequence[Spot | None], path: Path) -> pd.DataFrame:
    """Return the shows with their locations and the values of the table."""
    known = [spot for spot in spots if spot is not None]
    said = shows["occurrence"].str.strip().str.lower()
    cancelled = shows["cancelled"].map(_cancelled).astype("boolean").fillna(value=False) | said.map(
        says_cancelled
    )
    given = said.where(said.isin(_OCCURRENCES), "announced")
    linked = shows["url"].str.fullmatch(r"https?://\S+")
    sure = shows["confidence"].where(
        shows["confidence"].isin(CONFIDENCES), linked.map({True: "high", False: "medium"})
    )
    return shows.assign(
        venue_id=[spot.venue_id for spot in known],
        city=[city or spot.city for city, spot in zip(shows["city"], known, strict=True)],
        fips=[spot.fips for spot in known],
        lon=[spot.lon for spot in known],
        lat=[spot.lat for spot in known],
        precision=shows["start"].map(precision_of),
        occurrence=given.mask(cancelled.astype(bool), "cancelled"),
        url=shows["url"].where(linked, f"file {path.name}"),
        confidence=sure,
        note=_notes(shows),
    )


def _notes(shows: pd.DataFrame) -> list[str]:
    """Return the note of each show, with its hours and size."""
    texts = (
        (f"size: {size}" if size else "", f"hours: {hours}" if hours else "", note)
        for size, hours, note in zip(shows["size"], shows["hours"], shows["note"], strict=True)
    )
    return ["; ".join(part for part in words if part) for words in texts]


def _merged(shows: pd.DataFrame, row_report: RowReport, path: Path) -> pd.DataFrame:
    """Return each show once: the fullest of the rows that mean the same show.

    Days that overlap begin within `MAX_DAYS`, so that only shows of a town that begin about then are compared.
    """
    columns = ["promoter", "venue", "end", "url", "note", "size", "hours", "venue_id"]
    filled = (shows[columns] != "").sum(axis=1) + shows["venue"].ne(UNSPECIFIED)
    length = shows[columns].apply(lambda cells: cells.str.len()).sum(axis=1)
    order = shows.assign(filled=filled, length=length).sort_values(
        ["filled", "length", "start", "venue", "url", "promoter", "note"],
        ascending=[False, False, True, True, True, True, True],
        kind="stable",
    )
    kept: list[dict[Hashable, object]] = []
    near: dict[tuple[str, str, str | int], list[tuple[int, dict[Hashable, object]]]] = {}
    for row in order.to_dict("records"):
        place, about = (row["us_state"], city_key(row["city"])), _about(str(row["start"]))
        around = (about,) if isinstance(about, str) else (about - 1, about, about + 1)
        others = sorted((one for time in around for one in near.get((*place, time), [])), key=itemgetter(0))
        same = next((other for _, other in others if _same(row, other)), None)
        if same is None:
            near.setdefault((*place, about), []).append((len(kept), row))
            check_same_town(path, str(row["city"]), len(near[*place, about]))
            kept.append(row)
        elif row["occurrence"] == "cancelled" != same["occurrence"]:
            same["occurrence"] = "cancelled"
    gone = set(shows["at"]) - {row["at"] for row in kept}
    row_report.drop(
        pd.Series(row_report.reasons.index.isin(gone), index=row_report.reasons.index) & row_report.kept,
        SAME,
    )
    return pd.DataFrame(kept, columns=order.columns)


def _about(start: str) -> str | int:
    """Return the number of the span of `MAX_DAYS` and a day that a first day is in; a less precise one as it is."""
    return date.fromisoformat(start).toordinal() // (MAX_DAYS + 1) if len(start) == 10 else start


def _same(one: Row, other: Row) -> bool:
    """Return whether two rows of a city mean the same show."""
    days = [(str(row["start"]), str(row["end"])) for row in (one, other)]
    if not overlap(*days):
        return False
    if one["venue_id"] and one["venue_id"] == other["venue_id"]:
        return True
    names = [str(row["venue"]) for row in (one, other)]
    if UNSPECIFIED in names:
        return one["promoter"] == other["promoter"] or not (one["promoter"] and other["promoter"])
    return alike(*map(venue_key, names)) >= MIN_ALIKE


def _period(shows: pd.DataFrame) -> str:
    """Return the first and last day of the shows."""
    days = sorted(shows["start"].dropna())
    return f"{days[0]}..{days[-1]}" if days else ""


FORMATS: tuple[Format, ...] = (
    Format(
        "calendar_csv",
        "Calendar of gun shows, a table",
        PUBLISHER,
        ("gun_shows",),
        (".csv", ".txt", ".tsv", ".xlsx", ".xlsm"),
        frozenset({"venue", "city", "state", "start"}),
        load_csv,
        (EXPORTED,),
    ),
    Format(
        "calendar_ics",
        "Calendar of gun shows, iCalendar",
        PUBLISHER,
        ("gun_shows",),
        (".ics",),
        frozenset(),
        load_ics,
    ),
)
