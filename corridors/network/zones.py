"""Supply zones: counties, merged until each holds at least five licences, spread over where people live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio import features
from rasterio.enums import Resampling
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree

from corridors.base.errors import NotEnoughDataError
from corridors.base.geo import to_plane
from corridors.base.types import freeze

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from corridors.base.types import Flags, Floats, Ints, Network

MIN_DEALERS = 5
SUBCELLS = 8
"""Each population cell is read as 8 x 8 equal parts, so that counties smaller than a cell are still covered."""
OFF_NETWORK_KMH = 40.0
OFF_NETWORK_DETOUR = 1.25
"""Off the network, a straight line is taken 1.25 times as long, at 40 km/h (the connectors of the road table)."""


def merge_counties(counties: gpd.GeoDataFrame, dealers: pd.Series) -> gpd.GeoDataFrame:
    """Return supply zones: counties joined to a neighbour of their state until each holds five licences.

    Parameters
    ----------
    counties
        `fips us_state name` and EPSG:4326 polygons.
    dealers
        Licences by `fips`; a county without a row has none.

    Returns
    -------
    GeoDataFrame
        `zone_id us_state name dealers fips` (a tuple of counties), sorted by `zone_id`. The smallest zone is
        joined first, to the neighbour whose middle is nearest, so the result does not depend on row order.
    """
    counties = counties.sort_values("fips", ignore_index=True)
    count = dealers.reindex(counties["fips"]).fillna(0).to_numpy(dtype=np.int64).copy()
    middle = to_plane(*shapely.get_coordinates(shapely.point_on_surface(counties.geometry.to_numpy())).T)
    neighbours = _neighbours(counties)
    group = np.arange(len(counties))
    while True:
        totals = np.bincount(group, weights=count, minlength=len(group))
        small = [g for g in np.unique(group) if totals[g] < MIN_DEALERS]
        if not small:
            break
        smallest = min(small, key=lambda g: (totals[g], g))
        members = np.flatnonzero(group == smallest)
        around = {group[n] for m in members for n in neighbours[m]} - {smallest}
        if not around:
            state = counties["us_state"].iloc[members[0]]
            raise NotEnoughDataError(
                f"{state} has fewer than {MIN_DEALERS} licences in all; a zone that small is not published"
            )
        centre = middle[members].mean(axis=0)
        nearest = min(around, key=lambda g: (np.hypot(*(middle[group == g].mean(axis=0) - centre)), g))
        group[group == smallest] = nearest
    return _zones(counties, count, group)


def _neighbours(counties: gpd.GeoDataFrame) -> list[list[int]]:
    """Return, for each county, the counties of its state that touch it."""
    shapes = counties.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    state = counties["us_state"].to_numpy()
    keep = (left != right) & (state[left] == state[right])
    found: list[list[int]] = [[] for _ in range(len(counties))]
    for a, b in zip(left[keep], right[keep], strict=True):
        found[a].append(int(b))
    return found


def _zones(counties: gpd.GeoDataFrame, count: Ints, group: Ints) -> gpd.GeoDataFrame:
    """Return one row a group of counties; the name is that of its largest county by licences."""
    rows = []
    for g in np.unique(group):
        members = np.flatnonzero(group == g)
        fips = tuple(counties["fips"].iloc[members])
        largest = members[np.argmax(count[members])]
        rows.append(
            {
                "zone_id": "county:" + "+".join(fips),
                "us_state": counties["us_state"].iloc[largest],
                "name": counties["name"].iloc[largest],
                "counties": len(members),
                "dealers": int(count[members].sum()),
                "fips": fips,
                "geometry": shapely.union_all(counties.geometry.iloc[members].to_numpy()),
            }
        )
    zones = gpd.GeoDataFrame(rows, geometry="geometry", crs=counties.crs)
    return zones.sort_values("zone_id", ignore_index=True)


def spread_over_people(
    zones: gpd.GeoDataFrame, population: Path, network: Network, usable: Flags
) -> tuple[csr_array, Floats]:
    """Return where each zone's trips enter the network, weighted by where people live.

    Parameters
    ----------
    zones
        EPSG:4326 polygons.
    population
        GeoTIFF of people per square kilometre, any CRS rasterio knows; read by window, no-data as nobody.
    network
        The network.
    usable
        (nodes,) nodes that a zone may enter at.

    Returns
    -------
    access
        (zones, nodes) sparse, rows sum to 1.
    hours
        (zones,) mean hours from those people to their nearest node.
    """
    label, weight, lon, lat = _population_cells(zones, population)
    zone = label - 1
    node, hours = nearest_node(network, usable, lon, lat)
    total = np.bincount(zone, weights=weight, minlength=len(zones))
    part = weight / total[zone]
    access = csr_array(coo_array((part, (zone, node)), shape=(len(zones), len(network.nodes))))
    mean_hours = np.asarray(np.bincount(zone, weights=part * hours, minlength=len(zones)), dtype=np.float64)
    freeze(mean_hours)
    return access, mean_hours


def nearest_node(network: Network, usable: Flags, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
    """Return the usable node nearest to each point (degrees), and the off-network hours to it."""
    nodes = network.nodes
    ids = np.flatnonzero(usable)
    tree = KDTree(to_plane(nodes["lon"].to_numpy()[ids], nodes["lat"].to_numpy()[ids]))
    metres, at = tree.query(to_plane(lon, lat))
    return ids[at], off_network_hours(np.asarray(metres) / 1000)


def off_network_hours(straight_km: Floats) -> Floats:
    """Return hours over a straight distance off the network."""
    return straight_km * OFF_NETWORK_DETOUR / OFF_NETWORK_KMH


def _population_cells(zones: gpd.GeoDataFrame, population: Path) -> tuple[Ints, Floats, Floats, Floats]:
    """Return label (1-based zone), weight, longitude and latitude of the subcells that lie in a zone."""
    with rasterio.open(population) as raster:
        shapes = zones.to_crs(raster.crs)
        window = _whole_cells(rasterio.windows.from_bounds(*shapes.total_bounds, raster.transform))
        shape = (int(window.height) * SUBCELLS, int(window.width) * SUBCELLS)
        people = raster.read(
            1,
            window=window,
            out_shape=shape,
            boundless=True,
            masked=True,
            fill_value=raster.nodata,
            resampling=Resampling.nearest,
        )
        transform = raster.window_transform(window) @ rasterio.Affine.scale(1 / SUBCELLS)
        crs = raster.crs
    density = np.where(np.ma.getmaskarray(people), 0.0, people.filled(0).astype(np.float64))
    label = features.rasterize(
        ((geometry, i + 1) for i, geometry in enumerate(shapes.geometry)),
        shape,
        transform=transform,
        dtype="int32",
    )
    row, col = np.nonzero(label)
    x, y = rasterio.transform.xy(transform, row, col)
    lon, lat = rasterio.warp.transform(crs, "EPSG:4326", np.asarray(x), np.asarray(y))
    # Cells narrow towards the pole; a zone whose cells hold nobody is spread evenly.
    weight = np.maximum(density[row, col], 0.0) * np.cos(np.radians(np.asarray(lat)))
    found = label[row, col].astype(np.int64)
    total = np.bincount(found, weights=weight, minlength=len(zones) + 1)
    weight = np.where(total[found] > 0, weight, 1.0)
    missing = np.setdiff1d(np.arange(1, len(zones) + 1), found)
    if len(missing):
        inside = shapely.get_coordinates(shapely.point_on_surface(zones.geometry.to_numpy()[missing - 1]))
        found = np.concatenate([found, missing])
        weight = np.concatenate([weight, np.ones(len(missing))])
        lon, lat = np.concatenate([lon, inside[:, 0]]), np.concatenate([lat, inside[:, 1]])
    return found, weight, np.asarray(lon), np.asarray(lat)


def _whole_cells(window: rasterio.windows.Window) -> rasterio.windows.Window:
    """Return the smallest window of whole cells that holds `window`."""
    left, top = np.floor([window.col_off, window.row_off])
    right, bottom = np.ceil([window.col_off + window.width, window.row_off + window.height])
    return rasterio.windows.Window(left, top, right - left, bottom - top)
