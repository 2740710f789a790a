"""Corridor lines: edges joined into chains of one road, grade and class, with the bands that cover all of a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np

from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.encoding import (
    BAND_FIELDS,
    bound,
    class_key,
    classify,
    mean,
    number,
    text,
    texts,
)
from corridors.outputs.layers.packing import pack, pack_shown
from corridors.outputs.summary.grade import NO_GRADE
from corridors.outputs.summary.uncertainty import SHOWN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import Results
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.payloads import CorridorColumns, CorridorLayer

    Payload = dict[str, Any]

MIN_PORT_FRACTION = 0.1
"""Roads under the floor are kept for a port when they carry at least this fraction of what crosses there."""


UNSURE_FLOORS = 2
"""Roads of grade D are drawn from this many floors: thousands of stretches carry about the floor, and nobody can rank them."""


def corridors(
    edges: gpd.GeoDataFrame, grades: str, floor: float, order: int, more: Mapping[str, FloatArray]
) -> CorridorLayer:
    """Return edges of these grades at or above the floor, joined into chains, the weakest first.

    Parameters
    ----------
    edges
        As in `Results`, rows numbered from 0.
    grades
        Grades to take, e.g. "AB"; with A and B go results without a grade, of a run that has none.
    floor
        Smallest share drawn; of grade D, twice as much.
    order
        Place in the stack of layers.
    more
        What else is known of each edge, as `flows.edge_columns` gives it.
    """
    grade = grades[-1]
    taken = {*grades, NO_GRADE} if grade == "B" else set(grades)
    floor *= UNSURE_FLOORS if grade == "D" else 1
    drawn = edges[edges["grade"].isin(taken) & (edges["share_mean"] >= floor)]
    return {
        **_lines(drawn, more, order),
        "grade": grade if (edges["grade"] != NO_GRADE).any() else NO_GRADE,
        "dash": palette.DASHES[grade],
        "opacity": palette.OPACITIES[grade],
        "floor": floor,
    }


def in_corridors(edges: gpd.GeoDataFrame, results: Results) -> gpd.GeoDataFrame:
    """Return the edges with the grade that they are drawn in: a named corridor is drawn whole, in the grade of its row."""
    if results.corridors is None:
        return edges
    grade = edges["grade"].to_numpy(dtype=object, copy=True)
    # the largest corridor last, so that its grade stands where two share a road
    for own, members in zip(results.corridors["grade"][::-1], results.corridor_edges[::-1], strict=True):
        grade[members] = own
    return gpd.GeoDataFrame(edges.assign(grade=grade), crs=edges.crs)


def minor_roads(
    edges: gpd.GeoDataFrame, floor: float, order: int, more: Mapping[str, FloatArray], port_share: FloatArray
) -> CorridorLayer:
    """Return edges under the floor that matter to some port or reach it in some variant, drawn when the reader asks."""
    least = np.where(edges["grade"] == "D", UNSURE_FLOORS * floor, floor)
    matters = np.zeros(len(edges), dtype=bool)
    if "by_port" in more:
        flow = edges["share_mean"].to_numpy(dtype=np.float64)[:, None] * more["by_port"]
        matters |= (flow >= MIN_PORT_FRACTION * port_share).any(axis=1) & (flow > 0).any(axis=1)
    if "variants" in more:
        matters |= more["variants"].max(axis=1) >= least
    drawn = edges[(edges["share_mean"] < least) & matters]
    return {
        **_lines(drawn, more, order),
        "minor": 1,
        "grade": "D",
        "dash": palette.DASHES["D"],
        "opacity": 0,
    }


def own_roads(edges: gpd.GeoDataFrame, order: int) -> CorridorLayer:
    """Return the roads of one district's own flow, joined into chains by class, the weakest first.

    Parameters
    ----------
    edges
        `ref road_class country km part_mean`, EPSG:4326 lines: the fraction of the district's own flow over each. It has no band,
        so that the layer says which road it is and draws its class, without a number.
    order
        Place in the stack of layers.
    """
    classes = palette.OWN_ROADS
    drawn = edges[edges["part_mean"] >= classes.breaks[0]].reset_index(drop=True)
    drawn = drawn.assign(bin=classify(drawn["part_mean"], classes), ref=texts(drawn["ref"]))
    keys = ["ref", "road_class", "country", "bin"]
    lines = drawn.geometry.to_numpy()
    chains = encoding.chains(lines, drawn.groupby(keys, sort=True).ngroup().to_numpy(dtype=np.int64))
    found: list[Payload] = []
    for rows in _rows_of(chains):
        first = drawn.iloc[int(rows[0])]
        km = number(drawn["km"].to_numpy()[rows].sum(), 0)
        found.append(
            {
                "shape": encoding.join(lines[rows]),
                "bin": int(first["bin"]),
                "ref": str(first["ref"]),
                "road_class": text(first["road_class"]),
                "km": km,
            }
        )
    found = sorted((one for one in found if one["shape"]), key=lambda one: one["bin"])
    fields = [["label.road_class", "road_class", "road_class"], ["label.length", "km", "km"]]
    layer = chain_layer(
        found, classes, order, ("ref", "road_class", "km"), fields=fields, note="label.own_road_note"
    )
    return {**layer, "dash": "", "opacity": 1.0}


def chain_layer(
    found: Sequence[Payload],
    classes: palette.Classes,
    order: int,
    columns: Sequence[str],
    *,
    fields: Sequence[Sequence[str]],
    note: str,
) -> CorridorLayer:
    """Return the payload of a layer of chains.

    Parameters
    ----------
    found
        Chains, the lowest first: `shape`, `bin` and the columns of each.
    classes
        Widths and colours of the bins.
    order
        Place in the stack of layers.
    columns, fields, note
        What a chain tells: its columns, as which fields they are described, and the note below.
    """
    return {
        "kind": "corridors",
        "order": order,
        "scale": encoding.SCALE,
        "shapes": [one["shape"] for one in found],
        "classes": class_key(classes),
        "bin": [one["bin"] for one in found],
        "title": "ref",
        "untitled": "label.unnamed",
        "columns": cast("CorridorColumns", {name: [one[name] for one in found] for name in columns}),
        "fields": fields,
        "note": note,
    }


def _lines(drawn: gpd.GeoDataFrame, more: Mapping[str, FloatArray], order: int) -> CorridorLayer:
    """Return the payload of a layer of chains."""
    bins = classify(drawn["share_mean"].clip(lower=palette.CORRIDORS.breaks[0]), palette.CORRIDORS)
    rows = drawn.index.to_numpy(dtype=np.int64)
    own = {name: values[rows] for name, values in more.items()}
    main = np.zeros(len(drawn), dtype=np.int64)
    if (
        "by_port" in own
    ):  # the main port of a road; of unsure ones nobody can say, and they make shorter chains
        main = np.where(drawn["grade"] == "D", -1, own["by_port"].argmax(axis=1))
    drawn = drawn.assign(bin=bins, ref=texts(drawn["ref"]), main=main).reset_index(drop=True)
    keys = ["ref", "road_class", "country", "grade", "bin", "main"]
    groups = drawn.groupby(keys, sort=True).ngroup().to_numpy(dtype=np.int64)
    lines = drawn.geometry.to_numpy()
    # arrays, as a thousand small frames take a second to cut
    table = {name: drawn[name].to_numpy() for name in (*keys, *SHOWN_COLUMNS, "toll", "km")}
    found = [_chain(table, lines, own, members) for members in _rows_of(encoding.chains(lines, groups))]
    found = sorted((one for one in found if one["shape"]), key=lambda one: (one["bin"], one["share_mean"]))
    columns = [*SHOWN_COLUMNS, "ref", "road_class", "grade", "toll", "km", "side"]
    columns += list(own)
    fields = [
        *BAND_FIELDS,
        ["label.grade", "grade", "grade"],
        ["label.road_class", "road_class", "road_class"],
        ["label.length", "km", "km"],
        ["label.toll", "flag", "toll"],
    ]
    return chain_layer(found, palette.CORRIDORS, order, columns, fields=fields, note="label.stretch_note")


def _rows_of(chain: Any) -> list[Any]:
    """Return the rows of each chain."""
    order = np.argsort(chain, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(chain[order])) + 1) if len(order) else []


def _chain(table: Mapping[str, Any], lines: Any, own: Mapping[str, FloatArray], rows: Any) -> Payload:
    """Return one chain: its line, the length-weighted mean, the bands that cover all its edges."""
    km = table["km"][rows]
    weights = np.where(km > 0, km, 1e-6)
    first = {name: table[name][rows[0]] for name in ("bin", "ref", "road_class", "grade", "country")}
    parts = {name: np.average(values[rows], axis=0, weights=weights)[None] for name, values in own.items()}
    packed = {name: (pack_shown if name == "variants" else pack)(part)[0] for name, part in parts.items()}
    return packed | {
        "shape": encoding.join(lines[rows]),
        "bin": int(first["bin"]),
        "share_mean": mean(np.average(table["share_mean"][rows], weights=weights)),
        "share_lo50": bound(table["share_lo50"][rows].min()),
        "share_hi50": bound(table["share_hi50"][rows].max()),
        "share_lo90": bound(table["share_lo90"][rows].min()),
        "share_hi90": bound(table["share_hi90"][rows].max()),
        "ref": first["ref"],
        "road_class": text(first["road_class"]),
        "grade": text(first["grade"]),
        "toll": int(table["toll"][rows].any()),
        "km": number(km.sum(), 0),
        "side": text(first["country"]),
    }
