"""The brief of a consulate: one file, Spanish and English, two printed pages and an annex, every number followed to its row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from corridors.core.suppression import REGION
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.facts import PROVISIONS, cities_with_venues
from corridors.outputs.briefs.statements import (
    UNKNOWN_GRADE,
    crossing_statement,
    flow_statement,
    is_known,
    licence_statement,
    trace_statement,
)
from corridors.outputs.briefs.subscription import UNSPECIFIED
from corridors.outputs.layers import palette
from corridors.outputs.layers.crossings import members
from corridors.outputs.layers.district import APPROXIMATE, BRIDGES, INFERRED, NAMED
from corridors.outputs.layers.encoding import text
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.layers.still import draw
from corridors.outputs.pages.map import run_data
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.sealed import template
from corridors.outputs.web.shell import render_page, translations_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from corridors.core.results import Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.frame import Frame
    from corridors.outputs.web.site import Site

PICTURE = (340, 276)
"""Pixels of the printed map, so few that its names are read on paper."""
MAX_CITIES, MAX_STATES, MAX_EVENTS = 5, 5, 12
OPENED_CITIES = 2
"""Crossing cities that a brief opens into their bridges: with more its first page is longer than a sheet of paper."""
PAGE_KEYS = (
    "label.",
    "grade.",
    "us_state.",
    "state_name.",
    "structure.",
    "road_class.",
    "note.roads_credit",
    "note.boundaries",
    "page.",
    "ports.",
    "note.lawful",
)
"""Prefixes of the keys of the texts that the script of the map shows; those of the brief stand in its HTML."""


@dataclass(frozen=True, slots=True, eq=False)
class Brief:
    """What a brief is made of.

    Parameters
    ----------
    consulate
        City of the consulate.
    tables
        Every table a number may come from, by the name its file has beside the page, indexed by its key.
    states, counties
        Postal codes of the district's states, the first its own; `fips name us_state approximate inferred hours`.
    mx_names
        Names of the Mexican states by code.
    specs, box
        Layers of the map, and the window it opens on.
    by_road
        Whether the run holds the district's own flow by road.
    run
        The run behind it.
    other
        Lens of the other run, "" where none was given.
    calendar
        Coming shows in the district: ids of rows of `data/upcoming.csv`; None where no calendar was given.
    today
        The day it is made, which it carries; None for none.
    site
        The pages that can be opened from it; by default it stands alone.
    """

    consulate: str
    tables: Mapping[str, pd.DataFrame]
    states: Sequence[str]
    counties: pd.DataFrame
    mx_names: Mapping[str, str]
    specs: Sequence[LayerSpec]
    box: list[list[float]]
    by_road: bool
    run: Run
    other: str = ""
    calendar: Sequence[str] | None = None
    today: date | None = None
    site: Site | None = None


def render_brief(brief: Brief) -> str:
    """Return the page of a consulate.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes. Texts of tables are shown literally.
    """
    frame = frame_of(brief.run, brief.site)
    by_language = frame.texts
    events = _events(brief)
    parts = [_part(brief, CitedNumbers(t, brief.tables)) | {"events": events} for t in by_language.values()]
    t = by_language[brief.run.language]
    title = f"{_title(brief, t)} · Corridors"
    islands = {
        "words": translations_with(PAGE_KEYS, by_language),
        "run": {"share": run_data(brief.run)["share"], "bounds": brief.box},
        "links": _links(brief, events),
    }
    return render_page(
        title,
        frame,
        template("brief.html", parts=parts, t=t, picture=True),
        code="brief_page.js",
        styles=["brief.css", "labels.css"],
        islands=islands,
        layers=[replace(spec, show=spec.name != BRIDGES, control=False) for spec in brief.specs],
    )


def render_article(title: str, name: str, frame: Frame, parts: Sequence[Mapping[str, Any]]) -> str:
    """Return a page of articles, one a language, without a map.

    Parameters
    ----------
    title
        Key of its title.
    name
        Name of its template.
    frame
        Its head and footer, which say in which language it opens.
    parts
        By language, the values of the template.
    """
    t = frame.texts[frame.opening]
    body = template(name, parts=parts, t=t)
    return render_page(f"{t(title)} · Corridors", frame, body, code="article_page.js", styles=["brief.css"])


def _part(brief: Brief, figures: CitedNumbers) -> dict[str, Any]:
    """Return what the template needs in one language."""
    t, tables, name = figures.translations, brief.tables, brief.consulate
    cities, ends = (
        _largest(tables[f"data/{file}.csv"], stem, name, most)
        for file, stem, most in (
            ("district_crossing", "share", MAX_CITIES),
            ("district_state", "part", MAX_STATES),
        )
    )
    venues = tables["data/venues.csv"]
    named = venues[venues["venue"] != UNSPECIFIED]
    policy = tables["data/policy.csv"]
    own_policy = policy[policy.index.get_level_values("consulate") == name]
    years = sorted({int(year) for year in tables["data/licences.csv"].loc[name].index})
    law_years = sorted(set(tables["data/law_totals.csv"].index.get_level_values("year")))
    return {
        "f": figures,
        "t": figures.t,
        "language": t.language,
        "translations": t,
        "name": name,
        "city": t.name("city", name),
        "title": _title(brief, t),
        "ranked": bool(_rank(brief)),
        "today": brief.today,
        "states": list(brief.states),
        "counties": _county_names(brief.counties, t),
        "county_kinds": {
            "named": bool((~(brief.counties["inferred"] | brief.counties["approximate"])).any()),
            "inferred": bool(brief.counties["inferred"].any()),
            "approximate": bool(brief.counties["approximate"].any()),
        },
        "crossings": cities,
        "bridges": bridges_inside(tables, name, cities.keys),
        "ends": ends,
        "statements": _statements(brief, str(years[-1])),
        "mx": brief.mx_names,
        "years": [year for year in years if year in {years[0], years[-1]} or year % 5 == 3],
        "provisions": PROVISIONS,
        "periods": _periods(tables["data/laws.csv"]),
        "law_states": ("AZ", "CA", "NM", "TX"),
        "law_years": [year for year in law_years if (int(law_years[-1]) - int(year)) % 10 == 0][-4:],
        "law_span": (law_years[0], law_years[-1]),
        "states_text": ", ".join(t.name("us_state", state) for state in brief.states),
        "area_names": [(state, t.name("us_state", state)) for state in brief.states]
        + ([] if brief.run.part else [(REGION, t("brief.region"))]),
        "venues": [str(key) for key in named.index[named["consulate"] == name]],
        "cities": ", ".join(cities_with_venues(venues[venues["consulate"] == name])),
        "show_years": [key for key in tables["data/show_years.csv"].index if key[0] == name],
        "policy": [key for key in own_policy.index if own_policy.at[key, "level"] != "federal"][:MAX_EVENTS],  # noqa: PD008
        "policy_count": len(own_policy),
        "other": brief.other,
        "own_files": [str(key) for key in tables["data/own_files.csv"].index]
        if "data/own_files.csv" in tables
        else [],
        "reasons": {
            page: "" if brief.site is None else brief.site.address(page, t.language)
            for page in ("calendar", "sources")
        },
        "calendar": brief.calendar,
        "run": brief.run,
        "legend": _legend(figures) if brief.by_road else [],
        "by_road": brief.by_road,
        "district_key": (NAMED, INFERRED, APPROXIMATE),
        "picture": Markup(  # noqa: S704 - to_svg escapes every text
            to_svg(draw(brief.specs, brief.box, brief.run, t, width=PICTURE[0], height=PICTURE[1], bare=True))
        ),
        # two tables of one publisher read the same
        "sources": list(
            {(one.attribution, one.period, one.licence): one for one in reversed(brief.run.sources)}.values()
        )[::-1],
    }


def _events(brief: Brief) -> dict[str, list[str]]:
    """Return the keys of the newest dated seizures: at ports of the district's states, and in its main destinations."""
    events = brief.tables.get("data/events.csv")
    if events is None:
        return {}
    ends = list(_largest(brief.tables["data/district_state.csv"], "part", brief.consulate, MAX_STATES).keys)
    newest = events.sort_values("date_from", ascending=False, kind="stable")
    near = newest["us_state"].isin(list(brief.states))
    there = (newest["place_kind"] == "municipality") & newest["mx_state"].isin(ends)
    return {
        kind: [str(key) for key in newest.index[rows][:MAX_EVENTS]]
        for kind, rows in (("ports", near), ("municipalities", there))
    }


def _links(brief: Brief, events: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the address of each event that is shown: a page holds addresses as data only, and its script links them."""
    keys = [key for shown in events.values() for key in shown]
    return {key: text(brief.tables["data/events.csv"].at[key, "url"]) for key in keys}  # noqa: PD008


class Largest(NamedTuple):
    """The rows of a table that a brief lists: their keys, those whose share is known, and whether no other row's share is."""

    keys: tuple[str, ...]
    known: frozenset[str]
    rest_unknown: bool


def _largest(table: pd.DataFrame, stem: str, name: str, most: int) -> Largest:
    """Return a district's largest rows, those of grade D left out as on the map."""
    own = table[table["consulate"] == name].droplevel(0)
    ranked = own.sort_values(f"{stem}_mean", ascending=False, kind="stable")
    graded = ranked[ranked["grade"] != UNKNOWN_GRADE]
    shown = graded.iloc[:most]
    known = frozenset(str(key) for key, row in shown.iterrows() if is_known(row, stem))
    left = len(ranked) > len(shown) and len(graded) == len(shown)
    return Largest(tuple(str(key) for key in shown.index), known, left)


def bridges_inside(
    tables: Mapping[str, pd.DataFrame], name: str, cities: Sequence[str]
) -> dict[str, list[str]]:
    """Return the bridges that a brief lists inside its first crossing cities, those whose share is known, the largest first.

    Parameters
    ----------
    tables
        As of `Brief`.
    name
        City of the consulate.
    cities
        Ids of crossing cities, the first listed in front; one with a single port has none inside.
    """
    run = tables["run/data/crossings.csv"].loc[list(cities)[:OPENED_CITIES]]
    inside = {city: ids if len(ids) > 1 else [] for city, ids in zip(run.index, members(run), strict=True)}
    flows = tables["data/district_port.csv"]
    own = (
        flows[flows["consulate"] == name]
        .droplevel(0)
        .sort_values("share_mean", ascending=False, kind="stable")
    )
    known = [str(key) for key, row in own.iterrows() if is_known(row)]
    return {city: [poe for poe in known if poe in inside.get(city, [])] for city in cities}


def _rank(brief: Brief) -> str:
    """Return the rank of the office, "" where no source gives it."""
    ranks = brief.tables["data/ranks.csv"]
    return str(ranks["rank"].get(brief.consulate, ""))


def _title(brief: Brief, t: Translations) -> str:
    """Return the name of the office."""
    key = "brief.title_general" if _rank(brief) == "general" else "brief.title"
    return t(key, city=t.name("city", brief.consulate))


def _statements(brief: Brief, year: str) -> dict[str, str]:
    """Return the keys of the statements that the district's numbers support."""
    tables, name = brief.tables, brief.consulate
    held, flows = tables["data/licences.csv"], tables["data/district_crossing.csv"]
    here, there = (name, year), (brief.states[0], year)
    return {
        "licences": licence_statement(held["licences"][here], held["rate"][here], held["rate"][there]),
        "flow": flow_statement(tables["data/districts.csv"].to_dict("index")[name]),
        "crossings": crossing_statement(flows[flows["consulate"] == name]),
        "traces": trace_statement(tables["data/figures.csv"], brief.states[0]),
    }


def _county_names(counties: pd.DataFrame, t: Any) -> list[tuple[str, str, str, str]]:
    """Return, for each state, its name, the counties a source names, those inferred, and those that road time chose."""
    rows = []
    for state, group in counties.groupby("us_state"):
        given = ~(group["approximate"] | group["inferred"])
        named, inferred, chosen = (
            ", ".join(sorted(group.loc[which, "name"]))
            for which in (given, group["inferred"], group["approximate"])
        )
        rows.append((t.name("us_state", str(state)), named, inferred, chosen))
    return rows


def _periods(laws: pd.DataFrame) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    """Return the keys of each state's and provision's periods; none where it was never in force."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for state, provision, year in laws.index:
        found.setdefault((state, provision), [])
        if year != "0":
            found[state, provision].append((state, provision, year))
    return found


def _legend(figures: CitedNumbers) -> list[tuple[str, float, Any]]:
    """Return colour, width and words of each class of road."""
    classes, t = palette.OWN_ROADS, figures.translations
    rows = []
    for i, low in enumerate(classes.breaks):
        last = i == len(classes.breaks) - 1
        text = (
            t("legend.over", low=t.bound(low))
            if last
            else t("legend.range", low=t.bound(low), high=t.bound(classes.breaks[i + 1]))
        )
        rows.append((classes.colours[i], classes.widths[i], text))
    return rows
