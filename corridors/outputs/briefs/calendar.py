"""The calendar of gun shows: coming ones by date, as a page and as iCalendar [RFC5545]; the season of each venue."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pandas as pd
from babel.dates import get_month_names

from corridors.outputs.briefs.brief import render_article
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.tables import KEYS, cited_tables
from corridors.outputs.text.translations import page_languages, run_translations, slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import Results, Run
    from corridors.outputs.text.translations import Translations

CALENDAR_KEYS: Mapping[str, tuple[str, ...]] = {
    **KEYS,
    "history": ("venue_key",),
    "asked": ("what",),
    "by_consulate": ("consulate",),
    "by_port": ("poe_id",),
}
"""Key columns of each table of the calendar."""

PRODUCT = "-//Corridors//Calendar of gun shows//ES"
UNSPECIFIED = "unspecified"
"""Venue of a show whose venue is not known."""
REFRESH = timedelta(days=1)


def calendar_tables(
    upcoming: pd.DataFrame,
    record: pd.DataFrame,
    figures: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    """Return every table that the calendar page cites, by name.

    Parameters
    ----------
    upcoming
        Coming shows with `consulate poe_id hours`.
    record
        Shows known from the press or from promoters, past ones.
    figures
        `districts` and `figures` of `brief_tables`.
    asked
        `today days without_day file`: first day, days after it, shows without a day or place, and the calendar's file.
    """
    return {
        "upcoming": upcoming,
        "history": seasons(record),
        "districts": figures["districts"],
        "figures": figures["figures"],
        "asked": pd.DataFrame([{"what": "asked", **asked}]),
        "by_consulate": _counts(upcoming, "consulate"),
        "by_port": _counts(upcoming, "poe_id"),
    }


def render_calendar(
    tables: Mapping[str, pd.DataFrame],
    results: Results,
    manifest: Mapping[str, Any],
    run: Run,
    today: date,
    *,
    given: bool,
) -> dict[str, bytes]:
    """Return `calendar.html`, `calendar.ics` and one .ics file a consulate, by file name.

    Parameters
    ----------
    tables
        As `calendar_tables` returns them.
    results, manifest, run
        The run that shares of flow are of.
    today
        Day the calendar is made on: the stamp of every event.
    given
        Whether a calendar was given at all.
    """
    ports = dict(zip(results.ports["poe_id"], results.ports["name_us"], strict=True))
    upcoming = tables["upcoming"]
    texts = [run_translations(language, run) for language in page_languages(run.language)]
    files = {"calendar.ics": to_ics(upcoming, ports, today, "Corridors", texts)}
    for consulate, group in upcoming[upcoming["consulate"] != ""].groupby("consulate"):
        name = f"calendar-{slug(str(consulate))}.ics"
        files[name] = to_ics(group, ports, today, f"Corridors: {consulate}", texts)
    listed = ["calendar.ics", "calendar.csv", *(name for name in files if name != "calendar.ics")]
    cited = cited_tables(tables, results, manifest, CALENDAR_KEYS)
    files["calendar.html"] = _page(cited, run, listed, given=given).encode()
    return files


def coming_shows(shows: pd.DataFrame, today: date, days: int) -> tuple[pd.DataFrame, int]:
    """Return the shows that end today or later and begin within so many days; and how many had no exact day.

    Parameters
    ----------
    shows
        `gun_shows` of a user's calendar; cancelled ones stay, so that calendar programs can remove them.
    today, days
        First day, and days after it.
    """
    dated = shows[shows["precision"] == "day"]
    last = dated["end"].where(dated["end"].fillna("").ne(""), dated["start"])
    until = (today + timedelta(days=days)).isoformat()
    kept = (last >= today.isoformat()) & (dated["start"] <= until)
    found = dated.assign(end=last)[kept].sort_values(["start", "us_state", "city", "venue"], kind="stable")
    return found.reset_index(drop=True), len(shows) - len(dated)


def seasons(shows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a venue: how many of its shows are known, between which years, and how many in each month.

    Returns
    -------
    DataFrame
        `venue_key us_state city venue known first last m01 … m12`; shows without a month count as known only.
    """
    held = shows[(shows["occurrence"] != "cancelled") & shows["start"].fillna("").ne("")]
    month = held["start"].str.slice(5, 7)
    parts = held.assign(year=held["start"].str[:4], month=month.where(month.ne(""), "00"))
    keys = ["us_state", "city", "venue"]
    groups = parts.fillna({"city": ""}).groupby(keys, as_index=False)
    table = groups.agg(known=("start", "size"), first=("year", "min"), last=("year", "max"))
    counts = parts.fillna({"city": ""}).groupby([*keys, "month"]).size().rename("count").reset_index()
    for number in range(1, 13):
        own = counts[counts["month"] == f"{number:02d}"].set_index(keys)["count"]
        table[f"m{number:02d}"] = own.reindex(pd.MultiIndex.from_frame(table[keys]), fill_value=0).to_numpy()
    table.insert(0, "venue_key", [f"V{number:03d}" for number in range(1, len(table) + 1)])
    return table


def months_of(row: pd.Series) -> Sequence[str]:
    """Return the months, "01" to "12", in which a row of `seasons` has shows."""
    return [f"{number:02d}" for number in range(1, 13) if row[f"m{number:02d}"]]


def to_ics(
    shows: pd.DataFrame, ports: dict[str, str], today: date, name: str, texts: Sequence[Translations]
) -> bytes:
    """Return a calendar of all-day events, the last day of each in it; cancelled ones are marked.

    Parameters
    ----------
    shows
        `venue city us_state start end occurrence url consulate poe_id hours`.
    ports
        Name of each port.
    today
        Day the calendar is made on: the stamp of every event, so that the same input gives the same bytes.
    name
        What calendar programs call it.
    texts
        Those of each language, of which the first names events.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for row in shows.to_dict("records"):
        calendar.add_component(_event({str(key): value for key, value in row.items()}, ports, today, texts))
    text: bytes = calendar.to_ical()
    return text


def _counts(upcoming: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the number of coming shows that are not cancelled, by a column."""
    held = upcoming[upcoming["occurrence"] != "cancelled"]
    return held.groupby(key).size().rename("shows").sort_values(ascending=False, kind="stable").reset_index()


def _page(tables: Mapping[str, pd.DataFrame], run: Run, files: Sequence[str], *, given: bool) -> str:
    """Return the page: the published proportion first, coming shows, then each venue's season from the record."""
    by_language = [run_translations(language, run) for language in page_languages(run.language)]
    parts = [_part(tables, t) | {"files": files, "given": given, "run": run} for t in by_language]
    return render_article("calendar.title", "calendar.html", by_language[0], parts)


def _part(tables: Mapping[str, pd.DataFrame], t: Translations) -> dict[str, Any]:
    """Return what the template needs in one language."""
    figures = CitedNumbers(t, tables)
    upcoming, history = tables["data/upcoming.csv"], tables["data/history.csv"]
    names = get_month_names("abbreviated", locale=t.locale)
    return {
        "f": figures,
        "t": figures.t,
        "translations": t,
        "language": t.language,
        "upcoming": [str(key) for key in upcoming.index],
        "history": [str(key) for key in history.index],
        "months": {
            str(key): [(number, names[int(number)]) for number in months_of(row)]
            for key, row in history.iterrows()
        },
        "unnamed": UNSPECIFIED,
        "by": [
            ("calendar.by_consulate", "data/by_consulate.csv", "consulate", None),
            ("calendar.by_port", "data/by_port.csv", "poe_id", "run/data/ports.csv"),
        ],
        "groups": {
            name: [str(key) for key in tables[name].index]
            for name in ("data/by_consulate.csv", "data/by_port.csv")
        },
    }


def _event(
    row: dict[str, Any], ports: dict[str, str], today: date, texts: Sequence[Translations]
) -> icalendar.Event:
    """Return one show."""
    event = icalendar.Event()
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    place = ", ".join(part for part in (venue, str(row["city"]), str(row["us_state"])) if part)
    seed = "|".join(str(row[key]) for key in ("us_state", "city", "venue", "start"))
    cancelled = row["occurrence"] == "cancelled"
    event.add("uid", f"{hashlib.sha256(seed.encode()).hexdigest()[:24]}@corridors")
    event.add("dtstamp", datetime(today.year, today.month, today.day, tzinfo=UTC))
    event.add("dtstart", date.fromisoformat(row["start"]))
    event.add("dtend", date.fromisoformat(row["end"]) + timedelta(days=1))
    summary = _text("calendar.event_title", row, ports, texts[:1])
    event.add("summary", f"{summary} ({texts[0]('calendar.cancelled')})" if cancelled else summary)
    event.add("description", _text("calendar.event_text", row, ports, texts))
    event.add("location", place)
    event.add("categories", [part for part in (row["consulate"], row["poe_id"]) if part])
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE")
    event.add("sequence", int(cancelled))
    event.add("transp", "TRANSPARENT")
    if str(row["url"]).startswith("http"):
        event.add("url", row["url"])
    return event


def _text(key: str, row: dict[str, Any], ports: dict[str, str], languages: Sequence[Translations]) -> str:
    """Return the text on a show, one language after the other."""
    venue = "" if row["venue"] == UNSPECIFIED else str(row["venue"])
    texts = []
    for t in languages:
        facts = {
            "place": ", ".join(part for part in (venue, str(row["city"])) if part),
            "consulate": row["consulate"] or t("calendar.event_none"),
            "port": ports[row["poe_id"]],
            "hours": t.number(row["hours"], 1),
        }
        wanted = {name: fact for name, fact in facts.items() if f"{{{name}}}" in t(key)}
        texts.append(t(key, **wanted))
    return "\n\n".join(texts)
