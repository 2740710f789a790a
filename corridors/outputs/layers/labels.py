"""Names on the map: cities, the large ones of the Mexican border first, and states from the zoom at which they fit."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from corridors.outputs.layers.encoding import number, text, texts
from corridors.outputs.text.translations import LANGUAGES, load_translations

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd

    from corridors.core.types import FloatArray
    from corridors.outputs.layers.layers import BaseMap
    from corridors.outputs.layers.payloads import PlaceColumns, PlaceLayer, StateName

    Payload = dict[str, Any]

MAX_PLACES = 240
BORDER_POPULATION = 100_000
BORDER_KM = 30.0
KM_PER_DEGREE = 111.2
STATE_MARGIN = 1.5
"""Degrees beyond the area shown within which states are named."""
LETTER = 7.4
"""Width of a letter of a state's name, pixels."""
WORLD = 256
"""Width of the world at zoom 0, pixels."""
SPILL = 1.5
"""How much wider than its state a name may be: neighbors of narrow states have room."""
TOLERANCE = 0.05
"""Degrees, of outlines and of the place of a state's name."""


def place_layer(base: BaseMap, ports: pd.DataFrame, box: list[list[float]]) -> PlaceLayer:
    """Return the names of the most important cities of the area shown, those to be labelled first in front, and of states.

    Parameters
    ----------
    base
        The layers under the results: places and states.
    ports
        Ports of entry: `lon lat share_mean`. A Mexican city of 100,000 people or more within 30 km of one comes first, that of
        the largest share in front.
    box
        [[south, west], [north, east]] of the area shown.
    """
    (south, west), (north, east) = box
    places = base.places
    near = places[places["lon"].between(west - 1, east + 1) & places["lat"].between(south - 1, north + 1)]
    crossing = _crossing_share(near, ports)
    border = ~np.isnan(crossing)
    near = near.assign(rank=near["rank"].mask(border, 0), crossing=crossing)
    keys = ["crossing", "rank", "pop", "name"]
    ranked = near.sort_values(keys, ascending=[False, True, False, True]).head(MAX_PLACES)
    points = [[number(lat, 3), number(lon, 3)] for lat, lon in zip(ranked["lat"], ranked["lon"], strict=True)]
    columns: Payload = {name: texts(ranked[name]) for name in ("name", "name_es") if name in ranked}
    columns["rank"] = [int(rank) for rank in ranked["rank"]]
    return {
        "kind": "places",
        "order": 90,
        "shapes": points,
        "columns": cast("PlaceColumns", columns),
        "states": [*_state_names(base.us_states, box), *_state_names(base.mx_states, box)],
    }


def _crossing_share(places: pd.DataFrame, ports: pd.DataFrame) -> FloatArray:
    """Return (places,) the share of the ports beside each large city of the Mexican border, NaN for any other place."""
    lat, lon = (places[name].to_numpy(dtype=np.float64)[:, None] for name in ("lat", "lon"))
    north = lat - ports["lat"].to_numpy(dtype=np.float64)
    east = (lon - ports["lon"].to_numpy(dtype=np.float64)) * np.cos(np.radians(lat))
    beside = np.hypot(north, east) * KM_PER_DEGREE <= BORDER_KM
    large = (places["country"].eq("MX") & places["pop"].ge(BORDER_POPULATION)).to_numpy(dtype=bool)
    share = beside @ ports["share_mean"].fillna(0).to_numpy(dtype=np.float64)
    return np.where(large & beside.any(axis=1), share, np.nan)


def _state_names(states: gpd.GeoDataFrame, box: list[list[float]]) -> Iterator[StateName]:
    """Yield the name of each state whose middle is near the area shown, and the least zoom at which it fits in the state."""
    (south, west), (north, east) = box
    margin = STATE_MARGIN
    common = load_translations(LANGUAGES[0]).texts
    window = shapely.box(west - margin, south - margin, east + margin, north + margin)
    for code, name, shape in zip(states["code"], states["name"], states.geometry, strict=True):
        if shape is None or shape.is_empty:
            continue
        part = max(shapely.get_parts(shape.simplify(TOLERANCE)), key=lambda one: float(one.area))
        middle = shapely.get_point(shapely.maximum_inscribed_circle(part, TOLERANCE), 0)
        if not window.contains(middle):
            continue
        across = shapely.LineString([(part.bounds[0], middle.y), (part.bounds[2], middle.y)])
        width = max(line.length for line in shapely.get_parts(across.intersection(part)))
        letters = len(common.get(f"state_name.{code}", text(name)))
        zoom = log2(letters * LETTER * 360 / (WORLD * SPILL * width))
        yield (text(code), text(name), round(middle.y, 2), round(middle.x, 2), round(zoom, 1))
