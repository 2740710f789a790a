"""Layers: results reduced to the small payloads that the page's script draws. Data only, no HTML.

A payload is plain JSON. `kind` says how it is drawn (`fill`, `line`: one mute shape; `areas`, `corridors`,
`ports`, `places`: features), `columns` holds what a feature says of itself and `fields` how to say it:
[word key, form, column, ...]. Texts from data stay in columns; nothing here becomes markup.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.show import palette, shapes
from corridors.show.words import LANGUAGES, load_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from corridors.base.types import Results

    Payload = dict[str, Any]

FLOOR = 0.005
FEWEST_DEALERS = 5
CONTEXT_CLASSES = frozenset({"interstate", "us_highway", "mx_toll", "mx_federal", "mx_freeway"})
MAIN_ZONE = 0.01
MOST_PLACES = 240
WINDOW_MARGIN = 9.0
SHARES = ("share_median", "share_lo50", "share_hi50", "share_lo90", "share_hi90")
_BANDS = [
    ["label.share", "share", "share_median"],
    ["label.band50", "band", "share_lo50", "share_hi50"],
    ["label.band90", "band", "share_lo90", "share_hi90"],
]


@dataclass(frozen=True, slots=True)
class BaseMap:
    """What lies under the results. Geometries in EPSG:4326.

    Parameters
    ----------
    land
        Countries: `name geometry`.
    us_states, mx_states
        States: `code name geometry`; codes as in the results ("TX", "28").
    places
        Cities: `name lon lat pop rank country`, and `name_es` where a name differs in Spanish; a lower rank is
        more important.
    """

    land: gpd.GeoDataFrame
    us_states: gpd.GeoDataFrame
    mx_states: gpd.GeoDataFrame
    places: pd.DataFrame


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer of the map.

    Parameters
    ----------
    name
        Word key under "layer"; also the layer's id.
    payload
        Plain JSON data for the page's script.
    show
        Whether it is drawn when the map opens.
    control
        Whether the reader can switch it.
    """

    name: str
    payload: Payload
    show: bool = True
    control: bool = True


def layers(results: Results, base: BaseMap, floor: float = FLOOR) -> tuple[LayerSpec, ...]:
    """Return the layers of the map, the lowest first; always the same ones, for the page's script to be constant.

    Parameters
    ----------
    results
        Reduced results.
    base
        What lies under them.
    floor
        Smallest share drawn as a corridor.
    """
    words = load_words(LANGUAGES[0]).texts
    us = {code: name for code, name in _names(base.us_states).items() if f"us_state.{code}" not in words}
    mx = _names(base.mx_states)
    specs = [
        LayerSpec("land", _land(base, results), control=False),
        LayerSpec("zones", _zones(results.zones, us)),
        LayerSpec("municipalities", _municipalities(results.municipalities, mx)),
        LayerSpec("borders", _borders(base), control=False),
        LayerSpec("frontier", _frontier(base), control=False),
        LayerSpec("roads", _roads(results.edges)),
        LayerSpec("corridors_d", _corridors(results.edges, "D", floor, order=50), show=False),
        LayerSpec("corridors_c", _corridors(results.edges, "C", floor, order=60)),
        LayerSpec("corridors", _corridors(results.edges, "AB", floor, order=70)),
        LayerSpec("ports", _ports(results.ports, us, mx)),
        LayerSpec("places", _places(base.places, bounds(results)), control=False),
    ]
    return tuple(specs)


def bounds(results: Results) -> list[list[float]]:
    """Return [[south, west], [north, east]] of ports, municipalities and the main zones, to open the map on."""
    zones = results.zones
    main = zones[zones["share_median"] >= MAIN_ZONE]
    boxes = [
        frame.total_bounds for frame in (main if len(main) else zones, results.municipalities) if len(frame)
    ]
    ports = results.ports
    boxes.append(np.array([ports["lon"].min(), ports["lat"].min(), ports["lon"].max(), ports["lat"].max()]))
    box = np.round(np.array(boxes, dtype=np.float64), 3)
    low, high = np.nanmin(box[:, :2], axis=0).tolist(), np.nanmax(box[:, 2:], axis=0).tolist()
    return [low[::-1], high[::-1]]


def number(value: Any, digits: int = 5) -> float | None:
    """Return a finite number rounded, or None, for JSON has no NaN."""
    real = float(value)
    return round(real, digits) if math.isfinite(real) else None


def text(value: Any) -> str:
    """Return a cell as text, "" where it is empty."""
    return "" if pd.isna(value) else str(value)


def classify(shares: Any, classes: palette.Classes) -> list[int]:
    """Return the class of each share, -1 below the first break or where unknown."""
    values = np.asarray(shares, dtype=np.float64)
    found = np.searchsorted(np.asarray(classes.breaks), np.nan_to_num(values, nan=-1.0), side="right") - 1
    return [int(position) for position in found]


def _names(states: gpd.GeoDataFrame) -> dict[str, str]:
    return {text(code): text(name) for code, name in zip(states["code"], states["name"], strict=True)}


def _numbers(column: pd.Series[Any], digits: int = 5) -> list[float | None]:
    return [number(value, digits) for value in column]


def _texts(column: pd.Series[Any], names: Mapping[str, str] | None = None) -> list[str]:
    known = names or {}
    return [known.get(text(value), text(value)) for value in column]


def _key(classes: palette.Classes) -> Payload:
    return {"breaks": classes.breaks, "colours": classes.colours, "widths": classes.widths}


def _land(base: BaseMap, results: Results) -> Payload:
    """Return land cut to a window around the results."""
    (south, west), (north, east) = bounds(results)
    margin = WINDOW_MARGIN
    window = (west - 2 * margin, south - margin, east + 2 * margin, north + margin)
    rings = shapes.land(base.land.geometry.to_numpy(), window)
    style = {"color": palette.COAST, "weight": 0.8, "fillColor": palette.LAND, "fillOpacity": 1}
    return {
        "kind": "fill",
        "pane": "base",
        "order": 0,
        "scale": shapes.SCALE,
        "shapes": rings,
        "style": style,
    }


def _borders(base: BaseMap) -> Payload:
    """Return state borders."""
    lines = [
        line
        for states in (base.us_states, base.mx_states)
        if len(states)
        for line in shapes.inner_borders(states.geometry.to_numpy())
    ]
    style = {"color": palette.BORDER, "weight": 0.8}
    return {"kind": "line", "order": 30, "scale": shapes.SCALE, "shapes": lines, "style": style}


def _frontier(base: BaseMap) -> Payload:
    """Return borders between countries."""
    lines = shapes.inner_borders(base.land.geometry.to_numpy()) if len(base.land) else []
    style = {"color": palette.FRONTIER, "weight": 1.3, "opacity": 0.9}
    return {"kind": "line", "order": 35, "scale": shapes.SCALE, "shapes": lines, "style": style}


def _roads(edges: gpd.GeoDataFrame) -> Payload:
    """Return the trunk roads as one mute line."""
    trunk = edges.geometry[edges["road_class"].isin(CONTEXT_CLASSES)]
    lines = shapes.merge_context(trunk.to_numpy()) if len(trunk) else []
    style = {"color": palette.ROAD, "weight": 0.7, "opacity": 0.9}
    return {"kind": "line", "order": 40, "scale": shapes.SCALE, "shapes": lines, "style": style}


def _areas(frame: gpd.GeoDataFrame, classes: palette.Classes, order: int) -> tuple[gpd.GeoDataFrame, Payload]:
    """Return the rows that have a polygon, and what every layer of areas holds."""
    known = frame.geometry.notna() & ~frame.geometry.is_empty
    kept = frame[known]
    polygons = kept.geometry.to_numpy()
    rings = shapes.simplify_areas(polygons) if len(polygons) else polygons
    bands = {name: _numbers(kept[name]) for name in ("share_median", "share_lo90", "share_hi90")}
    return kept, {
        "kind": "areas",
        "order": order,
        "scale": shapes.SCALE,
        "shapes": [shapes.encode_area(shape) for shape in rings],
        "classes": _key(classes),
        "bin": classify(kept["share_median"], classes),
        "missing": int((~known).sum()),
        "title": "name",
        "columns": bands,
        "fields": [_BANDS[0], _BANDS[2]],
    }


def _zones(zones: gpd.GeoDataFrame, us: Mapping[str, str]) -> Payload:
    """Return supply zones; a count under the least is not in the file at all."""
    kept, payload = _areas(zones, palette.ZONES, 10)
    counts = [int(count) if count >= FEWEST_DEALERS else None for count in kept["dealers"].fillna(0)]
    payload["columns"] |= {
        "name": _texts(kept["name"]),
        "state": _texts(kept["us_state"], us),
        "dealers": counts,
    }
    payload["fewest"] = FEWEST_DEALERS
    payload["fields"] = [
        ["label.state", "us_state", "state"],
        *payload["fields"],
        ["label.dealers", "count", "dealers"],
    ]
    payload["note"] = "note.lawful"
    return payload


def _municipalities(municipalities: gpd.GeoDataFrame, mx: Mapping[str, str]) -> Payload:
    """Return municipalities by modelled demand."""
    kept, payload = _areas(municipalities, palette.MUNICIPALITIES, 20)
    payload["columns"] |= {
        "name": _texts(kept["name"]),
        "state": _texts(kept["mx_state"], mx),
        "off_network": _numbers(kept["off_network_km"], 0),
    }
    payload["fields"] = [
        ["label.state", "text", "state"],
        *payload["fields"],
        ["label.off_network", "km", "off_network"],
    ]
    return payload


def _corridors(edges: gpd.GeoDataFrame, grades: str, floor: float, order: int) -> Payload:
    """Return edges at or above the floor, joined into chains of one road, grade and class, weakest first."""
    drawn = edges[edges["grade"].isin(list(grades)) & (edges["share_median"] >= floor)].reset_index(drop=True)
    bins = classify(drawn["share_median"].clip(lower=palette.CORRIDORS.breaks[0]), palette.CORRIDORS)
    drawn = drawn.assign(bin=bins, ref=_texts(drawn["ref"]))
    groups = drawn.groupby(["ref", "road_class", "grade", "bin"], sort=True).ngroup().to_numpy(dtype=np.int64)
    lines = drawn.geometry.to_numpy()
    chain = shapes.chains(lines, groups)
    found = [_chain(drawn, lines, rows) for rows in _rows_of(chain)]
    found = sorted((one for one in found if one["shape"]), key=lambda one: (one["bin"], one["share_median"]))
    columns = (*SHARES, "ref", "road_class", "grade", "toll", "km")
    return {
        "kind": "corridors",
        "order": order,
        "scale": shapes.SCALE,
        "shapes": [one["shape"] for one in found],
        "classes": _key(palette.CORRIDORS),
        "bin": [one["bin"] for one in found],
        "grade": grades[-1],
        "dash": palette.DASHES[grades[-1]],
        "opacity": palette.OPACITIES[grades[-1]],
        "floor": floor,
        "title": "ref",
        "untitled": "label.unnamed",
        "columns": {name: [one[name] for one in found] for name in columns},
        "fields": [
            *_BANDS,
            ["label.grade", "grade", "grade"],
            ["label.road_class", "road_class", "road_class"],
            ["label.length", "km", "km"],
            ["label.toll", "flag", "toll"],
        ],
        "note": "label.stretch_note",
    }


def _rows_of(chain: Any) -> list[Any]:
    """Return the rows of each chain."""
    order = np.argsort(chain, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(chain[order])) + 1) if len(order) else []


def _chain(edges: gpd.GeoDataFrame, lines: Any, rows: Any) -> Payload:
    """Return one chain: its line, the length-weighted median, the bands that cover all its edges."""
    part = edges.iloc[rows]
    km = part["km"].to_numpy(dtype=np.float64)
    weights = np.where(km > 0, km, 1e-6)
    first = part.iloc[0]
    return {
        "shape": shapes.join(lines[rows]),
        "bin": int(first["bin"]),
        "share_median": number(np.average(part["share_median"], weights=weights)),
        "share_lo50": number(part["share_lo50"].min()),
        "share_hi50": number(part["share_hi50"].max()),
        "share_lo90": number(part["share_lo90"].min()),
        "share_hi90": number(part["share_hi90"].max()),
        "ref": first["ref"],
        "road_class": text(first["road_class"]),
        "grade": text(first["grade"]),
        "toll": int(bool(part["toll"].any())),
        "km": number(km.sum(), 0),
    }


def _ports(ports: pd.DataFrame, us: Mapping[str, str], mx: Mapping[str, str]) -> Payload:
    """Return ports of entry, largest first so that small ones stay on top."""
    ranked = ports.sort_values(["share_median", "poe_id"], ascending=[False, True])
    points = [[number(lat, 4), number(lon, 4)] for lat, lon in zip(ranked["lat"], ranked["lon"], strict=True)]
    columns: Payload = {name: _numbers(ranked[name]) for name in SHARES}
    columns |= {name: _texts(ranked[name]) for name in ("name_us", "name_mx", "grade")}
    columns |= {"us_state": _texts(ranked["us_state"], us), "mx_state": _texts(ranked["mx_state"], mx)}
    return {
        "kind": "ports",
        "order": 80,
        "shapes": points,
        "style": {"color": palette.PORT_LINE, "fillColor": palette.PORT_FILL},
        "key": palette.PORT_KEY,
        "title": "name_us",
        "columns": columns,
        "fields": [
            *_BANDS,
            ["label.grade", "grade", "grade"],
            ["label.side_us", "us_state", "us_state"],
            ["label.side_mx", "list", "name_mx", "mx_state"],
        ],
    }


def _places(places: pd.DataFrame, box: list[list[float]]) -> Payload:
    """Return the most important cities of the part of the world shown, the first to be labelled first."""
    (south, west), (north, east) = box
    near = places[places["lon"].between(west - 1, east + 1) & places["lat"].between(south - 1, north + 1)]
    ranked = near.sort_values(["rank", "pop", "name"], ascending=[True, False, True]).head(MOST_PLACES)
    points = [[number(lat, 3), number(lon, 3)] for lat, lon in zip(ranked["lat"], ranked["lon"], strict=True)]
    columns: Payload = {name: _texts(ranked[name]) for name in ("name", "name_es") if name in ranked}
    columns["rank"] = [int(rank) for rank in ranked["rank"]]
    return {"kind": "places", "order": 90, "shapes": points, "columns": columns}
