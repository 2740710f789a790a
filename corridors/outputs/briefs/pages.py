"""The briefs of a run: one page a consulate, and an index of all with indicators across them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from corridors.core.suppression import REGION
from corridors.outputs.briefs.brief import (
    MAX_CITIES,
    Brief,
    bridges_inside,
    render_article,
    render_brief,
)
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.statements import is_known
from corridors.outputs.briefs.tables import KEYS, RUN_KEYS, cited_tables
from corridors.outputs.layers.crossings import crossing_rows
from corridors.outputs.layers.district import district_specs, window
from corridors.outputs.summary.crossings import city_places
from corridors.outputs.text.translations import slug
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import geopandas as gpd

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.text.translations import Translations

CROSSINGS = "run/data/crossings.csv"
MAIN_CITIES = 3
"""Crossing cities that the window of a brief's map holds besides its district."""

MEASURES = ("licences", "licences_change", "rate", "checks", "share", "crossing", "other", "laws", "shows")


@dataclass(frozen=True, slots=True, eq=False)
class BriefData:
    """What the briefs of a run are made from.

    Parameters
    ----------
    run, results, manifest
        The run: its facts, its tables, and its manifest as read.
    tables
        As `brief_tables` returns them; `upcoming`, the coming shows, where a calendar is given; `events`, dated seizures as
        `BaseMap.events` with `event_key us_state`, where the data have any.
    offices
        `name us_state lon lat southwest`, one row a consulate.
    counties
        `fips name us_state consulate approximate inferred hours`, one row a county, EPSG:4326 polygons.
    mx_names
        Names of the Mexican states by code.
    specs
        Layers of the map of the run.
    other
        Lens of the run compared with, "" for none.
    today
        The day the briefs are made; None for none.
    site
        The pages that can be opened from them; by default they stand alone.
    """

    run: Run
    results: Results
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    offices: pd.DataFrame
    counties: gpd.GeoDataFrame
    mx_names: Mapping[str, str]
    specs: Sequence[LayerSpec]
    other: str = ""
    today: date | None = None
    site: Site = field(default_factory=Site)

    @property
    def keys(self) -> dict[str, list[str]]:
        """Return the key columns of every file that the pages cite: beside them, and of the run."""
        files = {f"data/{name}.csv": keys for name, keys in KEYS.items()} | dict(RUN_KEYS)
        return {name: list(keys) for name, keys in files.items()}


def render_briefs(data: BriefData, names: Sequence[str], *, index: bool) -> dict[str, str]:
    """Return the pages by file name: a brief for each consulate named, and the index of them if asked.

    Raises
    ------
    OutputError
        A page would hold a script, link or host that is not known.
    """
    tables = cited_tables(data.tables, data.results, data.manifest)
    files = {name: f"{slug(name)}.html" for name in names}
    pages = {
        file: render_brief(replace(_brief(data, name, tables), site=data.site.beside(file)))
        for name, file in files.items()
    }
    if index:
        elsewhere = sorted(data.offices.loc[~data.offices["southwest"], "name"])
        pages["index.html"] = render_index(files, tables, data.run, elsewhere, data.site.beside("index.html"))
    return pages


def render_index(
    pages: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    run: Run,
    elsewhere: Sequence[str],
    site: Site | None = None,
) -> str:
    """Return the index page.

    Parameters
    ----------
    pages
        File of each consulate's brief.
    tables
        As a brief's; `data/indicators.csv` has a row a consulate.
    run
        The run behind them.
    elsewhere
        Cities of the consulates outside the four states.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    frame = frame_of(run, site)
    shown = tables["data/indicators.csv"]
    measures = [name for name in MEASURES if name in shown or f"{name}_mean" in shown]
    first = tables["data/licences.csv"]["year"].min()
    if shown["licences_change"].isna().all():  # of one year
        measures.remove("licences_change")
    parts: list[dict[str, Any]] = [
        {
            "f": (figures := CitedNumbers(t, tables)),
            "t": figures.t,
            "translations": t,
            "language": t.language,
            "pages": _by_name(pages, t),
            "columns": _columns(figures, measures, str(first)),
            "measures": [name for name in measures if name != "share"] + ["share"],
            "since": figures.text("data/licences.csv", "year", REGION, str(first)),
            "elsewhere": ", ".join(sorted(t.name("city", name) for name in elsewhere)),
            "run": run,
        }
        for t in frame.texts.values()
    ]
    return render_article("brief.index_title", "brief_index.html", frame, parts)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the index: its head with its year, and what gives the contents of a consulate's cell."""

    label: Markup
    cells: Callable[[str], list[Markup]]


def _columns(figures: CitedNumbers, measures: Sequence[str], first: str) -> list[Column]:
    """Return the columns of the index, the model's results first; a year that all rows share stands in the head."""
    f, table = figures, "data/indicators.csv"
    since = f.text("data/licences.csv", "year", REGION, first)
    indicators = f.tables[table]
    office = str(indicators.index[0])

    def year(column: str) -> Markup:
        """Return the year after a comma where all rows share it."""
        return Markup(", {}").format(f.text(table, column, office)) if one_year(column) else Markup("")

    def one_year(column: str) -> bool:
        return len(set(indicators[column].dropna())) == 1 and bool(indicators[column].notna().all())

    def numbers(column: str, decimals: int = 0) -> Callable[[str], list[Markup]]:
        return lambda name: [f.number(table, column, name, decimals=decimals)]

    def shares(stem: str, grade: str) -> Callable[[str], list[Markup]]:
        return lambda name: [
            f.share(table, f"{stem}_mean", name),
            Markup('<span class="small">{}</span>').format(
                f.band(table, f"{stem}_lo90", f"{stem}_hi90", name)
            ),
            Markup('<b class="grade">{}</b>').format(f.text(table, grade, name)),
        ]

    def crossing(name: str) -> list[Markup]:
        city = str(f.cell(table, "crossing_city", name))
        if not f.has(CROSSINGS, city):
            return [f.t("brief.unknown")]
        shown = f.text(CROSSINGS, f"name_{f.translations.language}", city)
        return [Markup("<span>{}:</span>").format(shown), *shares("crossing", "crossing_grade")(name)]

    def checks(name: str) -> list[Markup]:
        own = [] if one_year("checks_year") else [f.text(table, "checks_year", name)]
        return [f.number(table, "checks", name), *own]

    made = {
        "share": Column(f.t("indicator.share_band"), shares("share", "grade")),
        "crossing": Column(f.t("indicator.crossing"), crossing),
        "other": Column(f.t("indicator.other_band"), shares("other", "other_grade")),
        "licences": Column(f.t("indicator.licences") + year("licences_year"), numbers("licences")),
        "licences_change": Column(
            f.t("indicator.licences_change", since=since), numbers("licences_change", 1)
        ),
        "rate": Column(f.t("indicator.rate") + year("licences_year"), numbers("rate", 1)),
        "laws": Column(f.t("indicator.laws") + year("laws_year"), numbers("laws")),
        "shows": Column(f.t("indicator.shows"), numbers("shows")),
        "checks": Column(f.t("indicator.checks") + year("checks_year"), checks),
    }
    return [column for name, column in made.items() if name in (*measures, "share")]


def _by_name(pages: Mapping[str, str], t: Translations) -> list[tuple[str, str, str]]:
    """Return consulate, name in the language and file of each brief, by that name."""
    named = [(name, t.name("city", name), file) for name, file in pages.items()]
    return sorted(named, key=lambda row: row[1])


def _brief(data: BriefData, name: str, tables: Mapping[str, pd.DataFrame]) -> Brief:
    """Return the contents of the brief of one consulate."""
    office = data.offices[data.offices["name"] == name]
    counties = data.counties[data.counties["consulate"] == name]
    own = str(office["us_state"].iloc[0])
    cities, bridges = _crossings(data, name, tables)
    districts = data.results.districts
    flow = None if districts is None else districts.roads
    return Brief(
        consulate=name,
        tables=tables,
        states=[own, *sorted(set(counties["us_state"]) - {own})],
        counties=pd.DataFrame(counties.drop(columns="geometry")),
        mx_names=data.mx_names,
        specs=district_specs(data.specs, counties, _roads(data, name), cities, bridges),
        box=window(counties, pd.concat([cities.iloc[:MAIN_CITIES], office])),
        by_road=flow is not None,
        run=data.run,
        other=data.other,
        calendar=_coming(name, data.tables.get("upcoming")),
        today=data.today,
    )


def _crossings(
    data: BriefData, name: str, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the crossing cities that a brief's map shows, the largest first, and the bridges that its table lists inside them.

    Returns
    -------
    cities
        `crossing_city name_es name_en ports lon lat share_mean share_lo90 share_hi90 grade` of those whose share is known;
        the place of a city is the mean of its bridges, weighted by the district's flow.
    bridges
        `poe_id name_us name_mx us_state mx_state lon lat share_mean …`.
    """
    flows = [data.tables[f"district_{key}"] for key in ("crossing", "port")]
    own_cities, own_ports = (one[one["consulate"] == name].drop(columns="consulate") for one in flows)
    about = data.results.ports[["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"]]
    ports = about.merge(own_ports, on="poe_id")
    run = crossing_rows(data.results)[["crossing_city", "name_es", "name_en", "ports"]]
    cities = run.merge(own_cities, on="crossing_city")
    cities[["lon", "lat"]] = city_places(cities, ports)
    ranked = cities.sort_values(["share_mean", "crossing_city"], ascending=[False, True])
    known = np.array([bool(is_known(row)) for row in ranked.to_dict("records")], dtype=bool)
    shown = ranked[known].head(MAX_CITIES).reset_index(drop=True)
    inside = bridges_inside(tables, name, [str(city) for city in shown["crossing_city"]])
    bridges = ports.set_index("poe_id").loc[[poe for ids in inside.values() for poe in ids]].reset_index()
    return shown, bridges


def _roads(data: BriefData, name: str) -> gpd.GeoDataFrame:
    """Return the edges of the run with the fraction of a district's own flow over each; none where the run does not hold it."""
    edges = data.results.edges[["edge_id", "ref", "road_class", "country", "km", "geometry"]]
    districts = data.results.districts
    if districts is None or districts.roads is None:
        return edges.iloc[:0].assign(part_mean=0.0)
    own = districts.roads[districts.roads["consulate"] == name]
    return edges.merge(own[["edge_id", "part_mean"]], on="edge_id")


def _coming(name: str, upcoming: pd.DataFrame | None) -> list[str] | None:
    """Return the ids of a district's coming shows that are not cancelled; None without a calendar."""
    if upcoming is None:
        return None
    own = upcoming[(upcoming["consulate"] == name) & (upcoming["occurrence"] != "cancelled")]
    return own["show_id"].astype(str).tolist()
