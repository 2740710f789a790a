"""The page of what-ifs: one HTML file, offline, in Spanish and English; a map of gains and losses, and tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.core.results import SHARE_DIGITS
from corridors.outputs.layers.changes import change_layers, classes_key, point_band, points
from corridors.outputs.layers.crossings import crossing_rows, members
from corridors.outputs.layers.encoding import number
from corridors.outputs.layers.layers import bounds
from corridors.outputs.pages.map import run_data
from corridors.outputs.summary.crossings import city_places
from corridors.outputs.summary.displacement import ARROW
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.sealed import template
from corridors.outputs.web.shell import render_page, translations_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from corridors.core.results import Changes, Results, Run
    from corridors.core.scenario import Scenario
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.web.islands import ChangeRow, ScenarioIsland, ScenarioPlace, ScenarioSummary
    from corridors.outputs.web.site import Site

BASE_LAYERS = ("land", "borders", "frontier", "roads", "places")
"""Layers of the map drawn under the changes, and the names above them."""
TABLES = {
    "crossing_city": 0,
    "corridor": 20,
    "us_state": 4,
    "mx_state": 12,
    "state_pair": 12,
    "consulate": 12,
}
"""Rows of each table that the page shows, the largest changes; 0 for all. The files hold all."""
_PAGE_KEYS = (
    "whatif.",
    "moved.",
    "label.",
    "crossings.city",
    "ports.port",
    "note.",
    "page.",
    "mode.",
    "us_state.",
    "state_name.",
    "run.",
    "lens.",
    "demand.",
    "cite.",
    "limit.",
)
"""Prefixes of the keys of the texts that the page shows; it holds no others."""


class ScenarioChanges(NamedTuple):
    """What the page shows of one scenario: its row of `Changes`."""

    scenario: Scenario
    table: pd.DataFrame
    edges: gpd.GeoDataFrame
    comparison: pd.Series[Any]


def render_whatif(
    results: Results, run: Run, specs: Sequence[LayerSpec], changes: Changes, site: Site | None = None
) -> str:
    """Return the page.

    Parameters
    ----------
    results, run
        The flow before any edit, and the run it comes from.
    specs
        The layers of the map of the run; those of `BASE_LAYERS` are drawn.
    changes
        The changes under each scenario. Texts in them may hold anything: the page shows them literally.
    site
        The pages that can be opened from it; by default it stands alone.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.
    """
    rows_of = (row for _, row in changes.comparison.iterrows())
    shown = [
        ScenarioChanges(*one)
        for one in zip(changes.scenarios, changes.tables, changes.edges, rows_of, strict=True)
    ]
    frame = frame_of(run, site, skip=("whatif.skip", "#panel"))
    by_language = frame.texts
    first = by_language[run.language]
    rows = [_summary_texts(one) for one in shown]
    islands = {
        "words": translations_with(_PAGE_KEYS, by_language),
        "run": run_data(run) | {"bounds": bounds(results)},
        "whatif": {
            "scenarios": [_scenario(one, results) for one in shown],
            "classes": classes_key(),
            "opens": int(np.argmax(changes.comparison["moved_city_mean"].fillna(0.0))),
        },
    }
    base = [spec for spec in specs if spec.name in BASE_LAYERS]
    drawn = [spec for n, one in enumerate(shown) for spec in change_layers(n, one.edges)]
    layers = [replace(spec, show=True, control=False) for spec in base]
    layers += [replace(spec, show=False, control=False) for spec in drawn]
    return render_page(
        first("whatif.title"),
        frame,
        template("whatif.html", t=first, by_language=by_language, rows=rows),
        code="whatif_page.js",
        styles=["map.css", "labels.css", "whatif.css"],
        islands=islands,
        layers=layers,
    )


def _summary_texts(one: ScenarioChanges) -> ScenarioSummary:
    """Return the row of the comparison: names by language, and its bands."""
    summary = one.comparison
    bands = {
        name: [value for value in found if not np.isnan(value)]
        for name in ("moved_city", "moved", "total", "ratio")
        for found in [[summary[f"{name}_{part}"] for part in ("mean", "lo90", "hi90")]]
    }
    return {
        "es": one.scenario.name.es,
        "en": one.scenario.name.en,
        "moved": [points(value).removeprefix("+") for value in bands["moved_city"]],
        "moved_port": [points(value).removeprefix("+") for value in bands["moved"]],
        "total": [points(value) for value in bands["total"]],
        "ratio": [f"{value:.2f}" for value in bands["ratio"]] or None,
        "told": int(summary["told_crossing_city"]),
        "told_port": int(summary["told_port"]),
    }


def _scenario(one: ScenarioChanges, results: Results) -> ScenarioIsland:
    """Return what the page's script needs of a scenario."""
    scenario = one.scenario
    by_kind = {kind: one.table[one.table["kind"] == kind] for kind in (*TABLES, "port")}
    cities, ports = crossing_rows(results), results.ports
    inside = {str(city): ids for city, ids in zip(cities["crossing_city"], members(cities), strict=True)}
    listed = _largest(by_kind["crossing_city"], len(cities))
    bridges = {
        str(city): _largest(by_kind["port"][by_kind["port"]["key"].isin(inside[str(city)])], len(ports))
        for city in listed["key"]
        if len(inside[str(city)]) > 1
    }
    closed = {edit.port for edit in scenario.edit if edit.kind == "port" and edit.closed}
    shut = {city for city, ids in inside.items() if closed.issuperset(ids)}
    city_at = dict(zip(cities["crossing_city"], city_places(cities, ports), strict=True))
    port_at = dict(zip(ports["poe_id"], ports[["lon", "lat"]].to_numpy(dtype=np.float64), strict=True))
    row_of = {str(city): n for n, city in enumerate(listed["key"])}
    rows = _rows(listed, _city_names(results))
    for city, own in bridges.items():
        rows[row_of[city]]["inside"] = _rows(own, _port_names(results))
    return {
        "id": scenario.id,
        "name": {"es": scenario.name.es, "en": scenario.name.en},
        "question": {"es": scenario.question.es, "en": scenario.question.en},
        "rounds": scenario.adaptation.rounds,
        "summary": _summary_texts(one),
        "tables": {"crossing_city": rows}
        | {kind: _rows(_largest(by_kind[kind], most), {}) for kind, most in TABLES.items() if most},
        "crossings": [
            _place(row, city_at[row["key"]], closed=row["key"] in shut, row_at=row_of[row["key"]])
            for row in listed.to_dict("records")
        ],
        "bridges": [
            _place(row, port_at[row["key"]], closed=row["key"] in closed, row_at=row_of[city], bridge=n)
            for city, own in bridges.items()
            for n, row in enumerate(own.to_dict("records"))
        ],
    }


def _place(
    row: Mapping[Any, Any], at: FloatArray, *, closed: bool, row_at: int, bridge: int | None = None
) -> ScenarioPlace:
    """Return the change of a place on the map.

    Parameters
    ----------
    row
        Its row of the table of changes.
    at
        Longitude and latitude, EPSG:4326.
    closed
        Whether no port of it is open.
    row_at
        Position of its city's row in the page's table of crossing cities.
    bridge
        Position of a bridge's row inside that; None for a city.
    """
    place: ScenarioPlace = {
        "at": [number(at[1], 4), number(at[0], 4)],
        "change": number(row["change_mean"], SHARE_DIGITS),
        "sure": bool(row["distinguishable"]),
        "closed": closed,
        "row": row_at,
    }
    if bridge is not None:
        place["bridge"] = bridge
    return place


def _city_names(results: Results) -> dict[str, tuple[str, str]]:
    """Return the names of the crossing cities by id: English, and Spanish."""
    cities = crossing_rows(results)
    names = zip(cities["name_en"].astype(str), cities["name_es"].astype(str), strict=True)
    return dict(zip(cities["crossing_city"].astype(str), names, strict=True))


def _port_names(results: Results) -> dict[str, tuple[str, str]]:
    """Return the names of the ports by id: in English the US side first, in Spanish the Mexican one."""
    ports = results.ports
    sides = [(str(us), str(mx)) for us, mx in zip(ports["name_us"], ports["name_mx"], strict=True)]
    names = [(_both(us, mx), _both(mx, us)) for us, mx in sides]
    return dict(zip(ports["poe_id"].astype(str), names, strict=True))


def _both(first: str, second: str) -> str:
    """Return the names of both sides of a port, the one that holds the other alone."""
    longer = max(first, second, key=len)
    return longer if first in longer and second in longer else f"{first} \N{EN DASH} {second}"


def _largest(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the largest changes of one kind of place, the largest first."""
    order = table["change_mean"].abs().sort_values(ascending=False, kind="stable").index[:most]
    return table.loc[order]


def _rows(table: pd.DataFrame, names: Mapping[str, tuple[str, str]]) -> list[ChangeRow]:
    """Return the changes of places as the page lists them, under a fixed and under an elastic total."""
    said = [names.get(str(row["key"]), (_name(row), _name(row))) for _, row in table.iterrows()]
    return [
        {
            "name": name,
            "name_es": spanish,
            "before": number(row["before_mean"], SHARE_DIGITS),
            "after": number(row["after_mean"], SHARE_DIGITS),
            "fixed": _change_texts(row, "change", sure=row["distinguishable"]),
            "elastic": _change_texts(row, "elastic", sure=row["elastic_distinguishable"]),
        }
        for (name, spanish), (_, row) in zip(said, table.iterrows(), strict=True)
    ]


def _name(row: pd.Series[Any]) -> str:
    """Return a place's name, a US state by its code, which the page has words for."""
    if row["kind"] == "us_state":
        return str(row["key"])
    if row["kind"] == "state_pair":
        return f"{str(row['key']).split('>')[0]}{ARROW}{str(row['name']).split(ARROW)[1]}"
    return str(row["name"])


def _change_texts(row: pd.Series[Any], name: str, *, sure: bool) -> tuple[str, str, int]:
    """Return a change, its 90 % band, and whether the band excludes zero."""
    return points(row[f"{name}_mean"]), point_band(row[f"{name}_lo90"], row[f"{name}_hi90"]), int(sure)
