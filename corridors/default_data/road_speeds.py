"""Speeds of the shipped roads: by class, and on Mexican federal roads by how much they wind; tolls of shared pieces."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from corridors.sources.roads.osm_tags import CLASS_KMH
from corridors.sources.roads.tolls import free_pieces
from corridors.sources.roads.winding import FEDERAL, TOLL, degrees_per_km, is_federal, winding_kmh

if TYPE_CHECKING:
    from collections.abc import Hashable

    from corridors.core.types import FloatArray

FORMER_TOLL_KMH = 105.0
"""Speed of toll motorways in the raw table; state ones have their own."""
KM_DIGITS = 3


def with_speeds(edges: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the raw edges with their speeds and tolls, federal roads cut where the speed changes, and the nodes of the cuts.

    Parameters
    ----------
    edges
        Raw edges: `u v km cls kmh toll ref ...`, EPSG:4326 lines from `u` to `v` through every waypoint.

    Returns
    -------
    edges
        The same columns; the pieces of an edge share its `km` in proportion to the length of their lines.
    nodes
        `node lon lat country` of the new nodes.
    """
    plain = edges.assign(kmh=edges["kmh"].astype("float64"), ref=edges["ref"].fillna(""))
    plain.loc[plain["cls"].eq(TOLL) & plain["kmh"].eq(FORMER_TOLL_KMH), "kmh"] = CLASS_KMH[TOLL]
    roads = zip(plain["cls"], plain["ref"], strict=True)
    federal = np.array([is_federal(*road) for road in roads], dtype=np.bool_)
    shared = federal & plain["toll"].to_numpy(dtype=np.bool_)
    free = free_pieces(plain["u"], plain["v"], plain["km"].to_numpy(dtype=np.float64), shared)
    plain.loc[free, ["cls", "toll"]] = [FEDERAL, False]
    winding = plain[federal]
    points, line = shapely.get_coordinates(winding.geometry.to_numpy(), return_index=True)
    kmh = winding_kmh(degrees_per_km(points[:, 0], points[:, 1], line))
    starts = np.searchsorted(line, np.arange(len(winding) + 1))
    rows: list[dict[Hashable, object]] = []
    nodes: list[dict[str, object]] = []
    for row, (first, stop) in zip(winding.to_dict("records"), pairwise(starts), strict=True):
        own = points[first:stop]
        pieces = _pieces(own, kmh[first : stop - 1])
        ends = [row["u"], *(_name(own[start]) for start, _ in pieces[1:]), row["v"]]
        nodes += [
            {"node": _name(own[at]), "lon": own[at, 0], "lat": own[at, 1], "country": row["country"]}
            for at, _ in pieces[1:]
        ]
        part = _lengths(own, pieces)
        for (start, end), u, v, km in zip(pieces, ends[:-1], ends[1:], row["km"] * part, strict=True):
            changed: dict[Hashable, object] = {
                "u": u,
                "v": v,
                "km": round(float(km), KM_DIGITS),
                "kmh": float(kmh[first + start]),
            }
            rows.append({**row, **changed, "geometry": shapely.linestrings(own[start : end + 1])})
    cut = gpd.GeoDataFrame(rows, geometry="geometry", crs=edges.crs)[list(plain.columns)]
    every = pd.concat([plain[~federal], cut], ignore_index=True)
    return gpd.GeoDataFrame(every, crs=edges.crs), pd.DataFrame(nodes).drop_duplicates("node")


def _pieces(points: FloatArray, kmh: FloatArray) -> list[tuple[int, int]]:
    """Return first and last point of each run of equal speed along a line."""
    change = [int(at) for at in np.flatnonzero(kmh[1:] != kmh[:-1]) + 1]
    return list(pairwise([0, *change, len(points) - 1]))


def _lengths(points: FloatArray, pieces: list[tuple[int, int]]) -> FloatArray:
    """Return the fraction of a line's length in each piece."""
    lon, lat = points.T
    metres = Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    parts = np.add.reduceat(metres, [start for start, _ in pieces])
    return np.asarray(parts / parts.sum())


def _name(point: FloatArray) -> str:
    """Return the id of a node at a waypoint inside an edge."""
    return f"MX@{point[0]:.6f},{point[1]:.6f}"
