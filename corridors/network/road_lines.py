"""What is computed along the lines of roads: edges cut beside places, and slope from elevation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from corridors.core.geo import GEOGRAPHIC, PLANE, from_plane, to_plane

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray, Network

KEEP_END_M = 1_000.0
"""Meters along an edge within which a place uses the edge's end."""
STEP_KM = 2.0
"""Largest distance between the points of a road at which elevation is read."""


def cut_edges(
    nodes: pd.DataFrame, edges: gpd.GeoDataFrame, lon: FloatArray, lat: FloatArray
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the roads with the edge nearest to each place cut at the point nearest to the place.

    Parameters
    ----------
    nodes
        `node_id lon lat country poe_id`.
    edges
        `edge_id u v km ...` with EPSG:4326 lines from `u` to `v`. Not changed.
    lon, lat
        (places,) degrees EPSG:4326. Ports of entry and connectors are not cut.

    Returns
    -------
    nodes, edges
        `edge_id` becomes text: "17" is edge 17 uncut, "17.1" and "17.2" its pieces in order. `km` is divided in
        proportion to drawn length, so the pieces sum to the uncut edge.
    """
    edges = edges.assign(edge_id=edges["edge_id"].astype(str))
    road = edges.index[~edges["road_class"].isin(["poe", "connector"])]
    lines = edges.loc[road].geometry.to_crs(PLANE).to_numpy()
    points = shapely.points(to_plane(lon, lat))
    nearest = shapely.STRtree(lines).query_nearest(points, all_matches=False)[1]
    along = shapely.line_locate_point(lines[nearest], points)
    length = shapely.length(lines)
    inner = (along > KEEP_END_M) & (along < length[nearest] - KEEP_END_M)
    cuts = pd.DataFrame({"edge": road[nearest[inner]], "fraction": (along / length[nearest])[inner]})
    # Two places within a kilometre of each other along an edge share a cut.
    cuts["slot"] = (along[inner] / KEEP_END_M).round().astype(int)
    cuts = cuts.sort_values(["edge", "fraction"]).drop_duplicates(["edge", "slot"])
    if cuts.empty:
        return nodes, edges
    count = cuts.groupby("edge").size()
    pieces = edges.loc[count.index.repeat(count + 1)].reset_index(drop=True)
    number = pieces.groupby("edge_id", sort=False).cumcount().to_numpy()
    follows, goes_on = number > 0, np.append(number[1:] > 0, False)
    start, stop = np.zeros(len(pieces)), np.ones(len(pieces))
    start[follows] = stop[goes_on] = cuts["fraction"]
    ids = int(nodes["node_id"].max()) + 1 + np.arange(len(cuts))
    pieces.loc[follows, "u"] = pieces.loc[goes_on, "v"] = ids
    pieces["edge_id"] += [f".{n + 1}" for n in number]
    pieces["km"] *= stop - start
    pieces.geometry = [
        substring(line, one, other, normalized=True)
        for line, one, other in zip(pieces.geometry, start, stop, strict=True)
    ]
    ends = shapely.get_coordinates(shapely.get_point(pieces.geometry.array[goes_on], -1))
    new = pd.DataFrame(
        {
            "node_id": ids,
            "lon": ends[:, 0],
            "lat": ends[:, 1],
            "country": pieces["country"].to_numpy()[goes_on],
            "poe_id": "",
        }
    )
    uncut = edges.drop(index=count.index)
    return (
        pd.concat([nodes, new], ignore_index=True),
        gpd.GeoDataFrame(pd.concat([uncut, pieces], ignore_index=True), crs=GEOGRAPHIC),
    )


def with_slope(network: Network, elevation_at: Callable[[FloatArray, FloatArray], FloatArray]) -> Network:
    """Return the network with the slope of its arcs.

    Parameters
    ----------
    elevation_at
        Takes (points,) longitudes and latitudes, degrees EPSG:4326; returns meters, NaN where unknown.
    """
    slope = mean_slope(network.edges, elevation_at)
    return replace(network, arcs=replace(network.arcs, slope=slope[network.arcs.edge]))


def mean_slope(
    edges: gpd.GeoDataFrame, elevation_at: Callable[[FloatArray, FloatArray], FloatArray]
) -> FloatArray:
    """Return (edges,) meters climbed or descended per meter of road, from points at most 2 km apart along it.

    Up and down count alike, so direction does not matter. Relief between two points is missed, and a coarse raster
    flattens roads. Stretches without elevation count as level.
    """
    lines = edges.geometry.to_crs(PLANE).to_numpy()
    km = np.maximum(edges["km"].to_numpy(dtype=np.float64), 1e-3)
    steps = np.maximum(1, np.ceil(km / STEP_KM)).astype(np.int64)
    row = np.repeat(np.arange(len(edges)), steps + 1)
    first = np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    fraction = (np.arange(len(row)) - first) / steps[row]
    points = shapely.line_interpolate_point(lines[row], fraction, normalized=True)
    meters = elevation_at(*from_plane(shapely.get_coordinates(points)))
    change = np.abs(np.diff(meters))
    change[np.isnan(change) | (np.diff(row) != 0)] = 0
    climbed = np.bincount(row[1:], weights=change, minlength=len(edges))
    return np.asarray(climbed / (1000 * km))
