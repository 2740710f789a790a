"""Ranked tables of the page: the main corridors, and what the data add to each quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from corridors.outputs.layers.crossings import crossing_rows, members
from corridors.outputs.layers.encoding import bound, join, mean, number, text
from corridors.outputs.summary.corridors import STATES_APART
from corridors.outputs.summary.grade import NO_GRADE
from corridors.outputs.summary.uncertainty import MEAN, SHOWN_COLUMNS
from corridors.outputs.text.translations import load_translations

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.core.results import Results
    from corridors.outputs.layers.table_payloads import InformationRow, RankRow, RoadRow, TripRow
    from corridors.outputs.text.translations import Translations

MAX_ROADS = 20
REDUCTION_PREFIX = "told_"
MIN_VARIANCE_REDUCTION = 0.05
US_STATE = "us_state."
VISIBLE_GRADES = ("A", "B", "C", NO_GRADE)


class WrittenShare(NamedTuple):
    """A crossing city, or a port of entry of the one above, as a page writes it."""

    name: str
    share: str
    band: str
    grade: str
    bridge: bool


def ranked_roads(results: Results, floor: float) -> list[RoadRow]:
    """Return the main corridors, largest first: the named ones where the run has them, else numbered roads.

    A numbered road stands for its busiest stretch. Grade D is left out, as on the map when it opens.
    """
    if results.corridors is not None:
        named = results.corridors
        frame = named.assign(about=[_states(text(states)) for states in named["states"]], side="")
    else:
        roads = results.edges[results.edges["ref"].fillna("").ne("") & (results.edges["share_mean"] >= floor)]
        busiest = roads.sort_values(["share_mean", "edge_id"], ascending=[False, True])
        shown = busiest[busiest["grade"].isin(VISIBLE_GRADES)]
        frame = shown.drop_duplicates(["ref", "country"]).assign(side=lambda rows: rows["country"])
        frame["about"] = [[] for _ in range(len(frame))]
        frame = frame.rename(columns={"ref": "name"})
    top = frame.sort_values(["share_mean", "name"], ascending=[False, True]).head(MAX_ROADS)
    return [_road(row, box) for (_, row), box in zip(top.iterrows(), _boxes(top), strict=True)]


def ranked_trips(results: Results, mx_states: Mapping[str, str]) -> list[TripRow]:
    """Return the largest trip corridors, as many as there are main corridors; none where the run has none.

    Parameters
    ----------
    results
        With `trips`.
    mx_states
        Names of the Mexican states by code.
    """
    if results.trips is None:
        return []
    top = results.trips.head(MAX_ROADS)
    return [
        cast(
            "TripRow",
            {name: text(row[name]) for name in ("name", "us_state", "grade")}
            | {"refs": text(row.get("refs", ""))}
            | _shares(row)
            | {name: number(row[name], 2) for name in ("zone_part", "municipality_part")}
            | {
                "mx_state": mx_states.get(text(row["mx_state"]), text(row["mx_state"])),
                "km": number(row["km"], 0),
                "hours": number(row["hours"], 1),
                "box": box,
                "line": join([row.geometry]),
            },
        )
        for (_, row), box in zip(top.iterrows(), _boxes(top), strict=True)
    ]


def crossing_shares(results: Results, t: Translations) -> list[WrittenShare]:
    """Return the crossing cities in a language, largest first, each followed by its ports of entry where it has several."""
    rows = []
    ports = results.ports.set_index("poe_id")
    own = "name_mx" if t.language == "es" else "name_us"
    cities = crossing_rows(results)
    for (_, city), ids in zip(cities.iterrows(), members(cities), strict=True):
        rows.append(_written(text(city[f"name_{t.language}"]), city, t, bridge=False))
        ranked = ports.loc[ids].sort_values("share_mean", ascending=False, kind="stable")
        rows += [
            _written(text(port[own]), port, t, bridge=True) for _, port in ranked.iterrows() if len(ids) > 1
        ]
    return rows


def _written(name: str, row: Any, t: Translations, *, bridge: bool) -> WrittenShare:
    """Return a row as a page writes it."""
    band = t.band(row["share_lo90"], row["share_hi90"])
    return WrittenShare(name, t.share(row["share_mean"]), band, text(row["grade"]), bridge)


def known_rows(results: Results) -> list[InformationRow]:
    """Return the identifiability table as the page shows it; empty where the run has none."""
    table = results.identifiability
    if table is None:
        return []
    blocks = [str(name) for name in table.columns if str(name).startswith(REDUCTION_PREFIX)]
    spanish = dict(zip(results.ports["name_us"], results.ports["name_mx"], strict=True))
    return [
        {
            "kind": text(row["kind"]),
            "from": text(row["us_state"]),
            "to": text(row["about"]),
            "to_es": text(spanish.get(row["about"], row["about"]) if row["kind"] == "port" else row["about"]),
            "prior_lo90": number(row["prior_lo90"], 4),
            "prior_hi90": number(row["prior_hi90"], 4),
            "lo90": number(row["lo90"], 4),
            "hi90": number(row["hi90"], 4),
            "variance_reduction": _reductions(
                {name.removeprefix(REDUCTION_PREFIX): float(row[name]) for name in blocks}
            ),
        }
        for _, row in table.iterrows()
    ]


def rank_rows(results: Results) -> list[RankRow]:
    """Return the leading crossing cities and corridors: names, place in the run and in each variant; none where not known."""
    table = results.rank_changes
    if table is None:
        return []
    cities = crossing_rows(results)
    spanish = dict(zip(cities["crossing_city"], cities["name_es"], strict=True))
    return [
        {
            "kind": str(kind),
            "name": str(name),
            "name_es": str(spanish.get(key, name)) if kind == "crossing_city" else str(name),
            "run": int(rows["rank_run"].iloc[0]),
            "ranks": rows["rank"].tolist(),
        }
        for (kind, key, name), rows in table[table["kind"] != "port"].groupby(
            ["kind", "id", "name"], sort=False
        )
    ]


def _reductions(fractions: dict[str, float]) -> list[tuple[str, float]]:
    """Return the blocks of figures that reduced the variance, with the fraction of it, the largest first."""
    kept = [
        (name, round(fraction, 2))
        for name, fraction in fractions.items()
        if fraction >= MIN_VARIANCE_REDUCTION
    ]
    return sorted(kept, key=lambda pair: -pair[1])


def _road(row: Any, box: list[list[float]]) -> RoadRow:
    """Return one row."""
    texts = {name: text(row[name]) for name in ("name", "side", "grade")}
    drawn = {"line": join([row.geometry]), "km": number(row["km"], 0)}
    return cast(
        "RoadRow",
        texts
        | {"refs": text(row.get("refs", ""))}
        | _shares(row)
        | {"about": row["about"], "box": box}
        | drawn,
    )


def _shares(row: Any) -> dict[str, float | None]:
    """Return mean and bands of a row as pages hold them."""
    return {name: mean(row[name]) if name == MEAN else bound(row[name]) for name in SHOWN_COLUMNS}


def _states(names: str) -> list[str]:
    """Return the states of a corridor, those that have a word by their code."""
    texts = load_translations("en").texts
    codes = {name: key.removeprefix(US_STATE) for key, name in texts.items() if key.startswith(US_STATE)}
    return [codes.get(name, name) for name in names.split(STATES_APART) if name]


def _boxes(frame: gpd.GeoDataFrame) -> list[list[list[float]]]:
    """Return [[south, west], [north, east]] of each row."""
    bounds = np.round(frame.geometry.bounds.to_numpy(dtype=np.float64), 3).tolist()
    return [[[south, west], [north, east]] for west, south, east, north in bounds]
