"""The calendar of gun shows: coming ones by date, as a page and as iCalendar [RFC5545]; the season of each venue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from babel.dates import get_month_names

from corridors.outputs.briefs.brief import render_article
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.subscription import UNSPECIFIED, earlier_events, gone_shows, show_ids, to_ics
from corridors.outputs.briefs.tables import KEYS, cited_tables
from corridors.outputs.text.translations import page_languages, run_translations, slug
from corridors.outputs.web.frame import frame_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import Results, Run
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

CALENDAR_KEYS: Mapping[str, tuple[str, ...]] = {
    **KEYS,
    "history": ("venue_key",),
    "asked": ("what",),
    "left_out": ("reason",),
    "ahead": ("venue_key",),
    "known": ("what",),
    "by_consulate": ("consulate",),
    "by_port": ("poe_id",),
}
"""Key columns of each table of the calendar."""


def calendar_tables(
    upcoming: pd.DataFrame,
    record: pd.DataFrame,
    figures: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Any],
    left_out: Mapping[str, int],
    *,
    listed: pd.DataFrame | None = None,
    former: Mapping[str, bytes] | None = None,
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
        `today days without_day file rows kept`: first day, days after it, shows without a day or place, the calendar's file,
        its rows and those read.
    left_out
        Reason to number of the file's rows that were not read.
    listed, former
        As `render_calendar` takes them.

    Returns
    -------
    dict
        Among others `asked`, with `past later gone` besides: shows of the calendar that are over, those that begin after
        the days asked for, and shows of the earlier edition that are not over and that it no longer lists.
    """
    today, days = date.fromisoformat(str(asked["today"])), int(asked["days"])
    counts = _beyond(listed, today, days) | {"gone": _gone(former or {}, listed, today)}
    reasons = [{"reason": slug(reason), "words": reason, "rows": count} for reason, count in left_out.items()]
    history = seasons(record)
    ahead = _ahead(history, today, days)
    return {
        "left_out": pd.DataFrame(reasons, columns=["reason", "words", "rows"]),
        "ahead": ahead,
        "known": _known({"history": history.rename(columns={"known": "dates"}), "ahead": ahead}),
        "upcoming": upcoming,
        "history": history,
        "districts": figures["districts"],
        "figures": figures["figures"],
        "asked": pd.DataFrame([{"what": "asked", **asked, **counts}]),
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
    listed: pd.DataFrame | None,
    former: Mapping[str, bytes],
    site: Site | None = None,
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
    listed
        Every show of the calendar given, those that are over or far ahead among them; None where none was given.
    former
        The .ics files of the edition that this one replaces, by file name.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    ports = dict(zip(results.ports["poe_id"], results.ports["name_us"], strict=True))
    upcoming = tables["upcoming"]
    texts = [run_translations(language, run) for language in page_languages(run.language)]
    before = {name: earlier_events(edition) for name, edition in former.items()}
    known = None if listed is None else frozenset(show_ids(listed))

    def edition(name: str, shows: pd.DataFrame, title: str) -> bytes:
        return to_ics(shows, ports, today, title, texts, earlier=before.get(name), listed=known)

    of_part = f" ({texts[0]('part.title')})" if run.part else ""
    files = {"calendar.ics": edition("calendar.ics", upcoming, f"Corridors{of_part}")}
    for consulate in sorted({*upcoming["consulate"], *_served(tables["districts"], former)} - {""}):
        name = f"calendar-{slug(consulate)}.ics"
        shows = upcoming[upcoming["consulate"] == consulate]
        files[name] = edition(name, shows, f"Corridors: {consulate}{of_part}")
    names = ["calendar.ics", "calendar.csv", *(name for name in files if name != "calendar.ics")]
    cited = cited_tables(tables, results, manifest, CALENDAR_KEYS)
    files["calendar.html"] = _page(cited, run, names, site, given=listed is not None).encode()
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


def _beyond(shows: pd.DataFrame | None, today: date, days: int) -> dict[str, int]:
    """Return how many shows with a day are over (`past`), and how many begin after the days asked for (`later`)."""
    if shows is None:
        return {"past": 0, "later": 0}
    dated = shows[shows["precision"] == "day"]
    last = dated["end"].where(dated["end"].fillna("").ne(""), dated["start"])
    until = (today + timedelta(days=days)).isoformat()
    return {"past": int((last < today.isoformat()).sum()), "later": int((dated["start"] > until).sum())}


def _gone(former: Mapping[str, bytes], listed: pd.DataFrame | None, today: date) -> int:
    """Return how many shows of an earlier edition are not over and no longer listed; 0 where no calendar is given."""
    if listed is None or "calendar.ics" not in former:
        return 0
    return len(gone_shows(earlier_events(former["calendar.ics"]), frozenset(show_ids(listed)), today))


def _ahead(history: pd.DataFrame, today: date, days: int) -> pd.DataFrame:
    """Return the venues with known dates in the months of the days asked for, those with most dates first.

    Returns
    -------
    DataFrame
        `venue_key us_state city venue dates`: dates known in those months, over all years.
    """
    ahead = {(today + timedelta(days=day)).month for day in range(days + 1)}
    dates = history[[f"m{number:02d}" for number in sorted(ahead)]].sum(axis=1).rename("dates")
    found = history[["venue_key", "us_state", "city", "venue"]].assign(dates=dates)
    kept = found[found["dates"] > 0]
    return kept.sort_values("dates", ascending=False, kind="stable").reset_index(drop=True)


def _known(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `what venues unnamed`, a row a table of `venue dates`: venues with a name, and dates at those without one."""
    rows = []
    for what, table in tables.items():
        named = table["venue"] != UNSPECIFIED
        rows.append((what, int(named.sum()), int(table.loc[~named, "dates"].sum())))
    return pd.DataFrame(rows, columns=["what", "venues", "unnamed"])


def _named(table: pd.DataFrame) -> list[str]:
    """Return the keys of the venues that have a name."""
    return [str(key) for key in table.index[table["venue"] != UNSPECIFIED]]


def _with_flow(districts: pd.DataFrame) -> frozenset[str]:
    """Return the consulates of whose districts the run knows the flow."""
    return frozenset(districts.index[districts["share_mean"].notna()].astype(str))


def _most(ahead: pd.DataFrame) -> str:
    """Return the key of the one venue with a name that has most dates, "" where several have as many."""
    named = ahead.loc[ahead["venue"] != UNSPECIFIED, "dates"]
    first = named.index[named == named.max()]
    return str(first[0]) if len(first) == 1 and len(named) > 1 else ""


def _served(districts: pd.DataFrame, former: Mapping[str, bytes]) -> list[str]:
    """Return the consulates that an earlier edition has a file for: those who subscribed keep its address."""
    return [name for name in districts["consulate"].astype(str) if f"calendar-{slug(name)}.ics" in former]


def months_of(row: pd.Series) -> Sequence[str]:
    """Return the months, "01" to "12", in which a row of `seasons` has shows."""
    return [f"{number:02d}" for number in range(1, 13) if row[f"m{number:02d}"]]


def _counts(upcoming: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the number of coming shows that are not cancelled, by a column."""
    held = upcoming[upcoming["occurrence"] != "cancelled"]
    return held.groupby(key).size().rename("shows").sort_values(ascending=False, kind="stable").reset_index()


def _page(
    tables: Mapping[str, pd.DataFrame], run: Run, files: Sequence[str], site: Site | None, *, given: bool
) -> str:
    """Return the page: the published proportion first, coming shows, then each venue's season from the record."""
    frame = frame_of(run, site)
    about = {"files": files, "given": given, "run": run}
    parts = [_part(tables, t) | about for t in frame.texts.values()]
    return render_article("calendar.title", "calendar.html", frame, parts)


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
        "left_out": _reasons(tables["data/left_out.csv"], t),
        "ahead": _named(tables["data/ahead.csv"]),
        "most": _most(tables["data/ahead.csv"]),
        "history": _named(history),
        "known": _with_flow(tables["data/districts.csv"]),
        "months": {
            str(key): [(number, names[int(number)]) for number in months_of(row)]
            for key, row in history.iterrows()
        },
        "by": [
            ("calendar.by_consulate", "data/by_consulate.csv", "consulate", None),
            ("calendar.by_port", "data/by_port.csv", "poe_id", "run/data/ports.csv"),
        ],
        "groups": {
            name: [str(key) for key in tables[name].index]
            for name in ("data/by_consulate.csv", "data/by_port.csv")
        },
    }


def _reasons(table: pd.DataFrame, t: Translations) -> list[tuple[str, str, bool]]:
    """Return key, words and whether they are of this language, of each reason that rows were left out for."""
    found = []
    for key, row in table.iterrows():
        words = t.texts.get(f"calendar_reason.{key}")
        found.append((str(key), words or str(row["words"]), words is not None))
    return found
