"""The briefs of a run: one page a consulate, and an index of all with indicators across them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.outputs.briefs.brief import Brief, render_article, render_brief
from corridors.outputs.briefs.cited import CitedNumbers
from corridors.outputs.briefs.facts import REGION
from corridors.outputs.briefs.tables import KEYS, cited_tables
from corridors.outputs.layers.district import district_layer, district_specs, window
from corridors.outputs.text.translations import page_languages, run_translations, slug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.layers import LayerSpec

MAIN_PORTS = 3
"""Ports that the map of a brief shows besides its district."""

MEASURES = ("licences", "licences_change", "rate", "checks", "share", "other", "laws", "shows")


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

    @property
    def keys(self) -> dict[str, list[str]]:
        """Return the key columns of every file beside the pages."""
        return {f"data/{name}.csv": list(keys) for name, keys in KEYS.items()}


def render_briefs(data: BriefData, names: Sequence[str], *, index: bool) -> dict[str, str]:
    """Return the pages by file name: a brief for each consulate named, and the index of them if asked.

    Raises
    ------
    OutputError
        A page would hold a script, link or host that is not known.
    """
    tables = cited_tables(data.tables, data.results, data.manifest)
    files = {name: f"{slug(name)}.html" for name in names}
    pages = {file: render_brief(_brief(data, name, tables)) for name, file in files.items()}
    if index:
        elsewhere = sorted(data.offices.loc[~data.offices["southwest"], "name"])
        pages["index.html"] = render_index(files, tables, data.run, elsewhere)
    return pages


def render_index(
    pages: Mapping[str, str], tables: Mapping[str, pd.DataFrame], run: Run, elsewhere: Sequence[str]
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
    """
    by_language = [run_translations(language, run) for language in page_languages(run.language)]
    shown = tables["data/indicators.csv"]
    measures = [name for name in MEASURES if name in shown or (name == "other" and "other_mean" in shown)]
    first = tables["data/licences.csv"]["year"].min()
    if shown["licences_change"].isna().all():  # of one year
        measures.remove("licences_change")
    parts: list[dict[str, Any]] = [
        {
            "f": (figures := CitedNumbers(t, tables)),
            "t": figures.t,
            "translations": t,
            "language": t.language,
            "pages": pages,
            "measures": [name for name in measures if name != "share"] + ["share"],
            "since": figures.text("data/licences.csv", "year", REGION, str(first)),
            "elsewhere": ", ".join(elsewhere),
            "run": run,
            "other": "other_mean" in shown,
        }
        for t in by_language
    ]
    return render_article("brief.index_title", "brief_index.html", by_language[0], parts)


def _brief(data: BriefData, name: str, tables: Mapping[str, pd.DataFrame]) -> Brief:
    """Return the contents of the brief of one consulate."""
    office = data.offices[data.offices["name"] == name]
    counties = data.counties[data.counties["consulate"] == name]
    own = str(office["us_state"].iloc[0])
    flows = data.tables["district_port"]
    main = flows[flows["consulate"] == name].nlargest(MAIN_PORTS, "share_mean")["poe_id"]
    ports = data.results.ports[data.results.ports["poe_id"].isin(main)]
    return Brief(
        consulate=name,
        tables=tables,
        states=[own, *sorted(set(counties["us_state"]) - {own})],
        counties=pd.DataFrame(counties.drop(columns="geometry")),
        mx_names=data.mx_names,
        specs=district_specs(data.specs, district_layer(counties)),
        box=window(counties, pd.concat([ports, office])),
        run=data.run,
        other=data.other,
        calendar=_coming(name, data.tables.get("upcoming")),
    )


def _coming(name: str, upcoming: pd.DataFrame | None) -> list[str] | None:
    """Return the ids of a district's coming shows that are not cancelled; None without a calendar."""
    if upcoming is None:
        return None
    own = upcoming[(upcoming["consulate"] == name) & (upcoming["occurrence"] != "cancelled")]
    return own["show_id"].astype(str).tolist()
