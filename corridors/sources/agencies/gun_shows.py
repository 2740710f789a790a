"""Gun shows from a calendar: a table of shows, or an iCalendar file.

Quirks:

- A table has columns promoter, venue, city, state, start, end, hours, recurrence, size, cancelled, url; only the
  state, the start, and a venue or a city are needed. Days are YYYY-MM-DD, or as calendars of the United States write
  them (month first). A start may be a month or a year alone, as in a list made from the press.
- `recurrence` is an iCalendar rule ("FREQ=MONTHLY;BYDAY=1SA"), expanded for 18 months from the first show; words
  ("monthly") are not interpreted: the show is listed once, with a note.
- An iCalendar event ends at the moment after it; a cancelled one stays, as cancelled; a location is free text, from
  which venue, city and state are taken; the street is not kept.
- Listings repeat one another: shows of one venue whose days overlap are one show, and the fuller row is kept.
- A show is placed at its venue when the table of venues knows it, else at its city; both are points of a city.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.agencies.gun_show_dates import is_rule, iso_date, overlap, precision_of, wrong_dates
from corridors.sources.agencies.gun_show_ical import MONTHS, read_events, repeated
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
from corridors.sources.agencies.row_report import RowReport, finish_us_table, reference_table, state_postal
from corridors.sources.reading.delimited import pick, read_text_table
from corridors.sources.schemas.columns import CONFIDENCES, FOUR_STATES
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    from corridors.sources.agencies.gun_show_places import Atlas, Spot
    from corridors.sources.schemas.formats import Context

    Row = Mapping[Hashable, object]

PUBLISHER = "promoters and listing sites"
_WANTED = {
    "promoter": ("promoter", "promoters", "organizer", ""),
    "venue": ("venue", "location", "venue_name", ""),
    "city": ("city", "town", ""),
    "state": ("state", "us_state"),
    "start": ("start", "start_date", "begin", "date"),
    "end": ("end", "end_date", ""),
    "hours": ("hours", "times", ""),
    "recurrence": ("recurrence", "rrule", "repeats", ""),
    "size": ("size", "tables", ""),
    "cancelled": ("cancelled", "canceled", ""),
    "occurrence": ("occurrence", ""),
    "url": ("url", "link", "source", ""),
    "confidence": ("confidence", ""),
    "note": ("note", "notes", ""),
}
_YES = frozenset({"yes", "y", "true", "1", "x", "cancelled", "canceled", "si", "sí"})
_OCCURRENCES = ("held or announced", "announced", "cancelled")
_REMEDY_PLACE = "Correct the city or the venue, or add the venue to gun_show_venues."


def load_csv(path: Path, context: Context) -> Loaded:
    """Return the shows of a table."""
    read = read_text_table(path)
    table = pick(read, _WANTED, path=path, columns=context.columns)
    row_report = RowReport.of(read)
    row_report.drop(table["start"].eq(""), "no date")
    dated = table[table["start"].ne("")]
    shows = _expanded(dated.assign(at=dated.index), read.rows, path, row_report)
    gun_shows = _gun_shows(shows, read.rows, path, context, row_report)
    report = row_report.to_report("calendar_csv", path, read, unit="rows", period=_period(gun_shows))
    return Loaded({"gun_shows": gun_shows}, report)


def load_ics(path: Path, context: Context) -> Loaded:
    """Return the shows of an iCalendar file."""
    events = read_events(path)
    row_report = RowReport(pd.Series("", index=range(events.count), dtype="str"))
    row_report.note(*events.notes)
    missing = sorted(set(range(events.count)) - set(events.shows["at"]))
    changed = pd.Series(row_report.reasons.index.isin(missing), index=row_report.reasons.index)
    row_report.drop(changed, "a changed date of a series: counted with the series")
    shows = events.shows.reindex(columns=["at", *_WANTED], fill_value="")
    nowhere = shows["state"].eq("")
    row_report.drop(_rows(row_report, shows.loc[nowhere, "at"]), "no state in the location")
    places = tuple(range(1, events.count + 1))
    gun_shows = _gun_shows(shows[~nowhere], places, path, context, row_report)
    report = Report(
        "calendar_ics",
        path.name,
        events.count,
        int(row_report.kept.sum()),
        dict(Counter(row_report.reasons[~row_report.kept].tolist())),
        "events",
        _period(gun_shows),
        tuple(row_report.notes),
    )
    return Loaded({"gun_shows": gun_shows}, report)


def _expanded(table: pd.DataFrame, lines: Sequence[int], path: Path, row_report: RowReport) -> pd.DataFrame:
    """Return one row per show: series with a rule expanded, other rows unchanged."""
    rules = table["recurrence"].map(is_rule).astype(bool)  # of no rows, map would give text
    words = int((table["recurrence"].ne("") & ~rules).sum())
    row_report.note(
        f"{words} rows with a recurrence in words stand once: use a rule (FREQ=…)" if words else ""
    )
    rows: list[dict[Hashable, object]] = []
    faults = []
    for row, ruled in zip(table.to_dict("records"), rules, strict=True):
        start, end = iso_date(str(row["start"])), iso_date(str(row["end"]))
        if not ruled or start is None or end is None or len(start) != 10 or wrong_dates(start, end):
            rows.append(row)
            continue
        try:
            days = repeated(start, end, str(row["recurrence"]))
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            remedy = "Give a rule as in iCalendar, e.g. FREQ=MONTHLY;BYDAY=1SA."
            line = lines[int(str(row["at"]))]
            faults.append(
                Fault(str(path), "a rule that can be followed", str(error), remedy, line, "recurrence")
            )
            continue
        rows += [{**row, "start": first, "end": last} for first, last in days]
    if faults:
        raise SchemaError(faults)
    added = len(rows) - len(table)
    row_report.note(
        f"{int(rules.sum())} series written out for {MONTHS} months: {added} shows more" if added else ""
    )
    return pd.DataFrame(rows, columns=table.columns)


def _gun_shows(
    shows: pd.DataFrame, lines: Sequence[int], path: Path, context: Context, row_report: RowReport
) -> pd.DataFrame:
    """Return the checked table of the shows of the four states."""
    state = state_postal(shows["state"])
    shows = shows.assign(us_state=state, venue=shows["venue"].where(shows["venue"].ne(""), UNSPECIFIED))
    outside = ~shows["us_state"].isin(FOUR_STATES)
    row_report.drop(
        _rows(row_report, shows.loc[outside, "at"]), "outside Arizona, California, New Mexico and Texas"
    )
    shows = shows[~outside]
    nowhere = shows["venue"].eq(UNSPECIFIED) & shows["city"].eq("")
    row_report.drop(_rows(row_report, shows.loc[nowhere, "at"]), "neither venue nor city")
    shows = shows[~nowhere]
    places = atlas(
        reference_table(context, "gun_show_venues", path), reference_table(context, "zip_points", path)
    )
    days = [(iso_date(start), iso_date(end)) for start, end in zip(shows["start"], shows["end"], strict=True)]
    faults = _date_faults(shows["at"], days, lines, path)
    spots = [
        locate_show(places, row["venue"], row["city"], row["us_state"]) for row in shows.to_dict("records")
    ]
    faults += _place_faults(shows, spots, lines, path, places)
    if faults:
        raise SchemaError(faults)
    dates = pd.DataFrame(days, columns=["start", "end"], index=shows.index)
    shows = shows.assign(start=dates["start"], end=dates["end"])
    merged = _merged(_described(shows, spots, path), row_report)
    ranked = merged.sort_values(
        ["us_state", "start", "city", "venue", "url"], kind="stable", ignore_index=True
    )
    ranked["show_id"] = [f"GS{number:03d}" for number in range(1, len(ranked) + 1)]
    return finish_us_table("gun_shows", ranked, path, context)


def _rows(row_report: RowReport, places: pd.Series[int]) -> pd.Series[bool]:
    """Return which rows of the file are at some positions."""
    return pd.Series(row_report.reasons.index.isin(places), index=row_report.reasons.index)


def _date_faults(
    places: pd.Series[int], days: Sequence[tuple[str | None, str | None]], lines: Sequence[int], path: Path
) -> list[Fault]:
    """Return a fault for each show whose days are wrong."""
    return [
        Fault(str(path), "days of a show, at most 7", words, "Correct the days.", lines[at], "start")
        for at, (start, end) in zip(places, days, strict=True)
        if (words := wrong_dates(start, end))
    ]


def _place_faults(
    shows: pd.DataFrame, spots: Sequence[Spot | None], lines: Sequence[int], path: Path, places: Atlas
) -> list[Fault]:
    """Return a fault, with similar names, for each show that cannot be located."""
    faults = {}
    for row, spot in zip(shows.to_dict("records"), spots, strict=True):
        if spot is None:
            found = f"{row['venue']!r} in {row['city']!r}"
            near = near_names(places, row["venue"], row["city"], row["us_state"])
            expected = f"a venue or a city of {row['us_state']}"
            line, remedy = lines[row["at"]], f"{_REMEDY_PLACE} Near names: {near}."
            faults[line] = Fault(str(path), expected, found, remedy, line, "city")
    return list(faults.values())


def _described(shows: pd.DataFrame, spots: Sequence[Spot | None], path: Path) -> pd.DataFrame:
    """Return the shows with their locations and the values of the table."""
    known = [spot for spot in spots if spot is not None]
    cancelled = shows["cancelled"].str.lower().str.strip().isin(_YES)
    given = shows["occurrence"].where(shows["occurrence"].isin(_OCCURRENCES), "announced")
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
        occurrence=given.mask(cancelled, "cancelled"),
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


def _merged(shows: pd.DataFrame, row_report: RowReport) -> pd.DataFrame:
    """Return each show once: the fullest of the rows that mean the same show."""
    columns = ["promoter", "venue", "end", "url", "note", "size", "hours", "venue_id"]
    filled = (shows[columns] != "").sum(axis=1) + shows["venue"].ne(UNSPECIFIED)
    length = shows[columns].apply(lambda cells: cells.str.len()).sum(axis=1)
    order = shows.assign(filled=filled, length=length).sort_values(
        ["filled", "length", "start", "venue", "url", "promoter", "note"],
        ascending=[False, False, True, True, True, True, True],
        kind="stable",
    )
    kept: list[dict[Hashable, object]] = []
    by_city: dict[tuple[str, str], list[dict[Hashable, object]]] = {}
    for row in order.to_dict("records"):
        same_city = by_city.setdefault((row["us_state"], city_key(row["city"])), [])
        same = next((other for other in same_city if _same(row, other)), None)
        if same is None:
            same_city.append(row)
            kept.append(row)
        elif row["occurrence"] == "cancelled" != same["occurrence"]:
            same["occurrence"] = "cancelled"
    gone = set(shows["at"]) - {row["at"] for row in kept}
    row_report.drop(
        pd.Series(row_report.reasons.index.isin(gone), index=row_report.reasons.index) & row_report.kept,
        "the same show as another row: one venue, days that meet",
    )
    return pd.DataFrame(kept, columns=order.columns)


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
        (".csv", ".txt", ".xlsx"),
        frozenset({"venue", "city", "state", "start"}),
        load_csv,
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
