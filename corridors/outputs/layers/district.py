"""The map of a brief: a district's counties, the roads of its own flow and its crossing cities, in a window around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.crossings import members
from corridors.outputs.layers.encoding import share_columns, texts
from corridors.outputs.layers.layers import LayerSpec
from corridors.outputs.layers.lines import own_roads
from corridors.outputs.summary.uncertainty import SHOWN90_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from corridors.outputs.layers.payloads import CrossingColumns, CrossingLayer, PortColumns, PortLayer

COMMON = ("land", "borders", "frontier")
"""Layers of the run's map that a brief shows too, under the district's own flow; its names of places come last."""
BRIDGES = "ports"
"""Layer of the bridges inside the crossing cities, which the page reads and does not draw."""
SHARE_FIELDS = (
    ["label.share", "share", "share_mean"],
    ["label.band90", "band", "share_lo90", "share_hi90"],
    ["label.grade", "grade", "grade"],
)
NAMED, INFERRED, APPROXIMATE = "#9cc7b4", "#c3b5d9", "#e0dcb4"
SAME_CITY = 0.12
"""Degrees within which a place is one of the towns of a crossing city."""
MARGIN = 0.9
"""Degrees around the district and its main crossing cities: a few hours of road into Mexico."""


def district_layer(counties: gpd.GeoDataFrame) -> LayerSpec:
    """Return the counties of a district: those that a source names, those inferred from others, and those that road time chose.

    Parameters
    ----------
    counties
        `name us_state approximate inferred hours`, EPSG:4326 polygons.
    """
    rings = encoding.simplify_areas(counties.geometry.to_numpy()) if len(counties) else ()
    payload: dict[str, Any] = {
        "kind": "areas",
        "order": 10,
        "scale": encoding.SCALE,
        "shapes": [encoding.encode_area(shape) for shape in rings],
        "classes": {"breaks": [0, 1, 2], "colours": [NAMED, INFERRED, APPROXIMATE], "widths": []},
        "bin": [
            2 if chosen else int(inferred)
            for chosen, inferred in zip(counties["approximate"], counties["inferred"], strict=True)
        ],
        "missing": 0,
        "title": "name",
        "columns": {"name": texts(counties["name"]), "state": texts(counties["us_state"])},
        "fields": [["label.state", "us_state", "state"]],
    }
    return LayerSpec("district", payload, control=False)


def district_specs(
    common: Sequence[LayerSpec],
    counties: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    cities: pd.DataFrame,
    bridges: pd.DataFrame,
) -> list[LayerSpec]:
    """Return the layers of a brief's map, the lowest first: the district, the roads of its own flow, its crossing cities by name.

    Parameters
    ----------
    common
        Layers of the run's map.
    counties
        As for `district_layer`.
    roads
        As for `own_roads`; none where the run does not hold the flow of districts by road.
    cities
        Crossing cities of the district, the largest first: `crossing_city name_es name_en ports lon lat share_mean share_lo90
        share_hi90 grade`, shares of the whole flow.
    bridges
        Their ports that the page lists, which a city's disc opens into: `poe_id name_us name_mx us_state mx_state lon lat
        share_mean share_lo90 share_hi90 grade`. Their layer is not drawn.
    """
    by_name = {spec.name: spec for spec in common}
    below = [by_name[name] for name in COMMON if name in by_name]
    specs = [*below[:1], LayerSpec("district", district_layer(counties).payload, control=False), *below[1:]]
    if len(roads):
        specs.append(LayerSpec("corridors", own_roads(roads, 70)))
    specs.append(LayerSpec("crossings", _district_crossings(cities, bridges)))
    specs.append(LayerSpec(BRIDGES, _district_bridges(cities, bridges), show=False))
    if "places" in by_name:
        specs.append(LayerSpec("places", _named(by_name["places"].payload, cities), control=False))
    return specs


def _district_crossings(cities: pd.DataFrame, bridges: pd.DataFrame) -> CrossingLayer:
    """Return the discs of a district's crossing cities; parameters as for `district_specs`."""
    at = {str(poe): n for n, poe in enumerate(bridges["poe_id"])}
    columns = _share_columns(cities) | {
        "id": texts(cities["crossing_city"]),
        "name": texts(cities["name_en"]),
        "name_es": texts(cities["name_es"]),
        "ports": [[at[poe] for poe in ids if poe in at] for ids in members(cities)],
    }
    return {
        "kind": "crossings",
        "order": 80,
        "shapes": _points(cities),
        "style": {"color": palette.PORT_LINE, "fillColor": palette.PORT_FILL},
        "key": palette.PORT_KEY,
        "title": "name",
        "columns": cast("CrossingColumns", columns),
        "fields": [*SHARE_FIELDS],
    }


def _district_bridges(cities: pd.DataFrame, bridges: pd.DataFrame) -> PortLayer:
    """Return the bridges inside a district's crossing cities; parameters as for `district_specs`."""
    city_of = {poe: n for n, ids in enumerate(members(cities)) for poe in ids}
    columns = _share_columns(bridges) | {
        **{name: texts(bridges[name]) for name in ("name_us", "name_mx", "us_state", "mx_state")},
        "id": texts(bridges["poe_id"]),
        "city": [city_of[str(poe)] for poe in bridges["poe_id"]],
    }
    return {
        "kind": "ports",
        "order": 81,
        "shapes": _points(bridges),
        "style": {"color": palette.PORT_LINE, "fillColor": palette.PORT_FILL},
        "title": "name_us",
        "columns": cast("PortColumns", columns),
        "fields": [*SHARE_FIELDS],
    }


def _share_columns(rows: pd.DataFrame) -> dict[str, Any]:
    """Return shares, 90 % bands and grades as a layer of discs has them; tables of districts have no 50 % bands."""
    none: list[float | None] = [None] * len(rows)
    shown = share_columns(rows, SHOWN90_COLUMNS)
    return {**shown, "share_lo50": none, "share_hi50": none, "grade": texts(rows["grade"])}


def _named(places: Mapping[str, Any], cities: pd.DataFrame) -> dict[str, Any]:
    """Return the names of places with those of the district's crossing cities before them, and no city under two names."""
    columns, own = places["columns"], _points(cities)
    apart = [n for n, point in enumerate(places["shapes"]) if not any(_beside(point, one) for one in own)]
    names = {
        name: [columns.get(name, columns["name"])[n] for n in apart] for name in ("name", "name_es", "rank")
    }
    return {
        **places,
        "shapes": [*own, *(places["shapes"][n] for n in apart)],
        "columns": {
            "name": [*texts(cities["name_en"]), *names["name"]],
            "name_es": [*texts(cities["name_es"]), *names["name_es"]],
            "rank": [0] * len(cities) + names["rank"],
        },
    }


def _beside(point: Sequence[float], city: Sequence[float]) -> bool:
    """Return whether a place, as latitude and longitude, is one of the two towns of a crossing city."""
    return abs(point[0] - city[0]) <= SAME_CITY and abs(point[1] - city[1]) <= SAME_CITY


def _points(rows: pd.DataFrame) -> list[list[float]]:
    """Return the places of rows as the payload holds points."""
    return rows[["lat", "lon"]].to_numpy(dtype=np.float64).round(4).tolist()


def window(counties: gpd.GeoDataFrame, points: pd.DataFrame) -> list[list[float]]:
    """Return [[south, west], [north, east]] of a district, its consulate and its main crossing cities, with a margin."""
    bounds = counties.geometry.bounds  # of no county, empty
    west, east = (pd.concat([bounds[side], points["lon"]]) for side in ("minx", "maxx"))
    south, north = (pd.concat([bounds[side], points["lat"]]) for side in ("miny", "maxy"))
    box = [[south.min() - MARGIN, west.min() - MARGIN], [north.max() + MARGIN / 3, east.max() + MARGIN]]
    return [[round(float(value), 3) for value in pair] for pair in box]
