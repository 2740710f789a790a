"""Layers of the border: a disc a crossing city, and its bridges and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corridors.outputs.layers import palette
from corridors.outputs.layers.encoding import BAND_FIELDS, mean, number, share_columns, texts
from corridors.outputs.layers.packing import pack_shown, ranked_ports
from corridors.outputs.summary.crossings import SEPARATOR, city_places
from corridors.outputs.summary.uncertainty import SHOWN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.core.results import Results
    from corridors.outputs.layers.payloads import CrossingColumns, CrossingLayer, PortColumns, PortLayer

    Payload = dict[str, Any]

STRUCTURE = "structure_"
"""Prefix of the column that holds the share under the other structure of the choice."""


def crossing_rows(results: Results) -> pd.DataFrame:
    """Return the crossing cities, largest first, as `Results.crossings`; without that table each port is its own city."""
    if results.crossings is not None:
        return results.crossings
    names = {"poe_id": "crossing_city", "name_us": "name_en", "name_mx": "name_es"}
    ports = ranked_ports(results.ports)
    return ports.rename(columns=names).assign(ports=ports["poe_id"]).reset_index(drop=True)


def members(cities: pd.DataFrame) -> list[list[str]]:
    """Return the ids of the ports of each crossing city."""
    return [str(ids).split(SEPARATOR) for ids in cities["ports"]]


def crossing_layer(results: Results) -> CrossingLayer:
    """Return the crossing cities, largest first; the disc of each lies at the mean place of its bridges by share."""
    cities, ranked = crossing_rows(results), ranked_ports(results.ports)
    at = {str(poe): n for n, poe in enumerate(ranked["poe_id"])}
    groups = [sorted(at[poe] for poe in ids) for ids in members(cities)]
    columns: Payload = dict(share_columns(cities, SHOWN_COLUMNS))
    columns |= {"id": texts(cities["crossing_city"]), "name": texts(cities["name_en"])}
    columns |= {"name_es": texts(cities["name_es"]), "grade": texts(cities["grade"]), "ports": groups}
    if results.variants:
        order = np.asarray(results.ports.index.get_indexer(ranked.index))
        shares = np.column_stack([one.ports[order] for one in results.variants[1:]])
        columns["variants"] = pack_shown(np.array([shares[own].sum(axis=0) for own in groups]))
    said = _structure(cities, columns)
    return {
        "kind": "crossings",
        "order": 80,
        "shapes": [[number(lat, 4), number(lon, 4)] for lon, lat in city_places(cities, ranked)],
        "style": {"color": palette.PORT_LINE, "fillColor": palette.PORT_FILL},
        "key": palette.PORT_KEY,
        "title": "name",
        "columns": cast("CrossingColumns", columns),
        "fields": [*BAND_FIELDS, ["label.grade", "grade", "grade"], *said],
    }


def port_layer(results: Results, us: Mapping[str, str], mx: Mapping[str, str]) -> PortLayer:
    """Return the ports of entry, largest first: bridges and gates, which the page draws where they lie apart.

    Parameters
    ----------
    results
        Reduced results.
    us, mx
        Names of states by code; US states that the page has words for may be left out.
    """
    ranked = ranked_ports(results.ports)
    city_of = {poe: n for n, ids in enumerate(members(crossing_rows(results))) for poe in ids}
    columns: Payload = dict(share_columns(ranked, SHOWN_COLUMNS))
    columns |= {name: texts(ranked[name]) for name in ("name_us", "name_mx", "grade")}
    columns["id"] = texts(ranked["poe_id"])
    columns["city"] = [city_of[str(poe)] for poe in ranked["poe_id"]]
    if results.variants:
        order = np.asarray(results.ports.index.get_indexer(ranked.index))
        columns["variants"] = pack_shown(np.column_stack([one.ports[order] for one in results.variants[1:]]))
    said = _structure(ranked, columns)
    columns |= {"us_state": texts(ranked["us_state"], us), "mx_state": texts(ranked["mx_state"], mx)}
    return {
        "kind": "ports",
        "order": 81,
        "shapes": [
            [number(lat, 4), number(lon, 4)] for lat, lon in zip(ranked["lat"], ranked["lon"], strict=True)
        ],
        "style": {"color": palette.PORT_LINE, "fillColor": palette.PORT_FILL},
        "title": "name_us",
        "columns": cast("PortColumns", columns),
        "fields": [
            *BAND_FIELDS,
            ["label.grade", "grade", "grade"],
            *said,
            ["label.side_us", "us_side", "name_us", "us_state"],
            ["label.side_mx", "list", "name_mx", "mx_state"],
        ],
    }


def _structure(rows: pd.DataFrame, columns: Payload) -> list[list[str]]:
    """Add the share under the other structure of the choice, where the run drew it, and return its field."""
    names = [str(name) for name in rows.columns if str(name).startswith(STRUCTURE)]
    if not names:
        return []
    columns["structure"] = [mean(share) for share in rows[names[0]]]
    return [[f"structure.if_{names[0].removeprefix(STRUCTURE)}", "share", "structure"]]
