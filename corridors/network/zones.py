"""Supply zones: counties or ZIP codes merged until each holds at least five licenses, entered where people live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from rasterio import features
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree

from corridors.core.errors import Fault, InputError
from corridors.core.geo import GEOTIFF, to_plane
from corridors.core.types import freeze
from corridors.core.unreadable import readable
from corridors.network.merging import merge_small

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import BoolArray, FloatArray, IntArray, Network

SUBCELLS = 8
"""A population cell is split into at most 8 x 8 equal subcells, so that counties smaller than a cell are covered."""
SUBCELL_KM = 1.25
"""Side of a subcell; smaller cells are taken together up to it, so that a finer raster needs no more memory."""
DEGREE_KM = 111.2
STRIP_CELLS = 4_000_000
"""Cells of a raster read at once."""
CACHE_MB = 128
"""Blocks of a raster that GDAL keeps."""
OFF_COAST_DEGREES = 0.01
OFF_NETWORK_KMH = 40.0
OFF_NETWORK_DETOUR = 1.25
"""Off the network a way is 1.25 times its straight line, at 40 km/h, as for connectors of the road table."""


def county_zones(
    counties: gpd.GeoDataFrame, dealers: pd.Series, people: pd.Series | None = None
) -> gpd.GeoDataFrame:
    """Return supply zones of whole counties.

    Parameters
    ----------
    counties
        `fips us_state name` and EPSG:4326 polygons.
    dealers
        Licenses by `fips`; 0 for a county without a row.
    people
        People by `fips`: a zone is named after its county of most people, which says nothing of licenses.
    """
    counties = counties.sort_values("fips", ignore_index=True)
    count = dealers.reindex(counties["fips"]).fillna(0).to_numpy(dtype=np.int64)
    units = counties.rename(columns={"fips": "unit"}).assign(
        dealers=count,
        members=[(fips,) for fips in counties["fips"]],
        unit_dealers=[(n,) for n in count.tolist()],
        people=_people(counties["fips"], people),
    )
    return merge_small(units, "county")


def zip_zones(
    zips: pd.DataFrame,
    counties: gpd.GeoDataFrame,
    *,
    points: pd.DataFrame | None = None,
    people: pd.Series | None = None,
) -> gpd.GeoDataFrame:
    """Return supply zones of ZIP codes: each is the area of its state that is nearer to its points than to any other.

    A ZIP code without a license is a unit of 0, as a county is: so neither the outline of a zone nor its number of units
    says which ZIP codes hold one.

    Parameters
    ----------
    zips
        `zip fips us_state lon lat dealers`, one row a point with licenses; licenses with an empty `zip` are placed by
        county, under the county's code.
    counties
        `fips us_state name` and EPSG:4326 polygons.
    points
        `zip us_state fips lon lat` of every ZIP code; those of states without a license are left out.
    people
        As for `county_zones`.
    """
    if points is not None:
        absent = points[points["us_state"].isin(zips["us_state"]) & ~points["zip"].isin(zips["zip"])]
        columns = ["zip", "fips", "us_state", "lon", "lat"]
        zips = pd.concat([zips[[*columns, "dealers"]], absent[columns].assign(dealers=0)], ignore_index=True)
    named = zips.assign(unit=zips["zip"].where(zips["zip"].notna() & (zips["zip"] != ""), zips["fips"]))
    named = named.sort_values(["unit", "dealers"], ascending=[True, False])
    # A ZIP code that lies in two counties is one unit, under the county with most of its licenses.
    total = named.groupby("unit")["dealers"].sum()
    each = named.drop_duplicates("unit").set_index("unit").assign(dealers=total).reset_index()
    # ZIP codes of one post office share a point, so they form one unit.
    spots = each.groupby(["us_state", "lon", "lat"], as_index=False).agg(
        unit=("unit", "first"),
        name=("fips", "first"),
        members=("unit", tuple),
        unit_dealers=("dealers", tuple),
        dealers=("dealers", "sum"),
    )
    shape = pd.Series(index=spots.index, dtype=object)
    for state, group in spots.groupby("us_state"):
        outline = shapely.union_all(counties.loc[counties["us_state"] == state, "geometry"].to_numpy())
        shape[group.index] = _nearest_areas(group, outline)
    units = gpd.GeoDataFrame(
        spots.drop(columns=["lon", "lat"]).assign(
            name=spots["name"].map(counties.set_index("fips")["name"]),
            people=_people(spots["name"], people),
        ),
        geometry=shape.to_numpy(),
        crs=counties.crs,
    )
    return merge_small(units, "zip")


def _people(fips: pd.Series, people: pd.Series | None) -> FloatArray:
    """Return the people of the county of each unit, 0 where unknown."""
    return (
        (pd.Series(dtype=float) if people is None else people)
        .reindex(fips)
        .fillna(0)
        .to_numpy(dtype=np.float64)
    )


def _nearest_areas(points: pd.DataFrame, outline: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the area of an outline nearest to each point: Voronoi cells in degrees, clipped to the outline."""
    spots = points[["lon", "lat"]].to_numpy(dtype=np.float64)
    if len(points) == 1:
        return [outline]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=outline, ordered=True)
    )
    areas = shapely.intersection(cells, outline)
    # Outlines are generalized: a point off the drawn coast may have no area of its own.
    off = shapely.area(areas) == 0
    near = np.asarray(shapely.buffer(shapely.points(spots), OFF_COAST_DEGREES), dtype=object)
    return list(np.where(off, near, areas))


def spread_by_population(
    zones: gpd.GeoDataFrame, population: Path, network: Network, usable: BoolArray
) -> tuple[csr_array, FloatArray]:
    """Return where the trips of each zone enter the network, weighted by population.

    Parameters
    ----------
    zones
        EPSG:4326 polygons.
    population
        GeoTIFF of people per square kilometer, any CRS that rasterio reads; no-data counts as 0.
    network
        The network.
    usable
        (nodes,) whether a zone may enter at the node.

    Returns
    -------
    access
        (zones, nodes) sparse, rows sum to 1.
    hours
        (zones,) mean hours off the network, over the people of the zone.
    """
    label, weight, lon, lat = population_cells(zones, population)
    node, hours = nearest_node(network, usable, lon, lat)
    total = np.bincount(label, weights=weight, minlength=len(zones))
    fraction = weight / total[label]
    access = csr_array(coo_array((fraction, (label, node)), shape=(len(zones), len(network.nodes))))
    mean_hours = np.asarray(
        np.bincount(label, weights=fraction * hours, minlength=len(zones)), dtype=np.float64
    )
    freeze(mean_hours)
    return access, mean_hours


def nearest_node(
    network: Network, usable: BoolArray, lon: FloatArray, lat: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Return the usable node nearest to each point (degrees EPSG:4326), and the off-network hours to it."""
    nodes = network.nodes
    ids = np.flatnonzero(usable)
    tree = KDTree(to_plane(nodes["lon"].to_numpy()[ids], nodes["lat"].to_numpy()[ids]))
    meters, at = tree.query(to_plane(lon, lat))
    return ids[at], off_network_hours(np.asarray(meters) / 1000)


def off_network_hours(straight_km: FloatArray) -> FloatArray:
    """Return hours over a straight distance off the network, kilometers."""
    return straight_km * OFF_NETWORK_DETOUR / OFF_NETWORK_KMH


def population_cells(
    zones: gpd.GeoDataFrame, population: Path
) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Return (subcells,) zone, weight, longitude and latitude (EPSG:4326) of population subcells inside a zone."""
    with (
        readable(population),
        rasterio.Env(GDAL_CACHEMAX=CACHE_MB),
        rasterio.open(population, driver=GEOTIFF) as raster,
    ):
        shapes = zones.to_crs(raster.crs)
        window = _whole_cells(rasterio.windows.from_bounds(*shapes.total_bounds, raster.transform))
        whole, parts = _division(raster)
        density = _density(raster, window, whole).repeat(parts, axis=0).repeat(parts, axis=1)
        transform = raster.window_transform(window) @ rasterio.Affine.scale(whole / parts)
        crs = raster.crs
    shape = density.shape
    label = features.rasterize(
        ((geometry, i + 1) for i, geometry in enumerate(shapes.geometry)),
        shape,
        transform=transform,
        dtype="int32",
    )
    row, col = np.nonzero(label)
    x, y = rasterio.transform.xy(transform, row, col)
    lon, lat = (
        np.asarray(c) for c in rasterio.warp.transform(crs, "EPSG:4326", np.asarray(x), np.asarray(y))
    )
    found = label[row, col].astype(np.int64) - 1
    # Cells narrow toward the pole. A zone without population is spread evenly.
    weight = density[row, col] * np.cos(np.radians(lat))
    total = np.bincount(found, weights=weight, minlength=len(zones))
    if not total.any():
        raise InputError(
            [Fault(str(population), "people in the supply zones", "none", "Give a raster of people.")]
        )
    weight = np.where(total[found] > 0, weight, 1.0)
    # A zone smaller than a subcell may contain no subcell's center: it becomes a point.
    missing = np.setdiff1d(np.arange(len(zones)), found)
    inside = shapely.get_coordinates(shapely.point_on_surface(zones.geometry.to_numpy()[missing]))
    return (
        np.concatenate([found, missing]),
        np.concatenate([weight, np.ones(len(missing))]),
        np.concatenate([lon, inside[:, 0]]),
        np.concatenate([lat, inside[:, 1]]),
    )


def _division(raster: rasterio.DatasetReader) -> tuple[int, int]:
    """Return how many cells along each side are taken as one, and into how many subcells that one is divided."""
    a, b, _, d, e, *_ = raster.transform
    side = np.sqrt(abs(a * e - b * d)) * (
        DEGREE_KM if raster.crs.is_geographic else raster.crs.linear_units_factor[1] / 1000
    )
    return max(1, int(SUBCELL_KM / side)), int(np.clip(np.ceil(side / SUBCELL_KM), 1, SUBCELLS))


def _density(raster: rasterio.DatasetReader, window: rasterio.windows.Window, whole: int) -> FloatArray:
    """Return the mean of squares of whole x whole cells of a window, read in strips; missing cells count as 0.

    Raises
    ------
    InputError
        A cell is negative and not marked as missing.
    """
    top, left = int(window.row_off), int(window.col_off)
    height, width = (-(-int(size) // whole) for size in (window.height, window.width))
    mean = np.zeros((height, width))
    rows = max(1, STRIP_CELLS // (width * whole * whole))
    first, last = max(left, 0), min(left + width * whole, raster.width)
    for start in range(0, height, rows):
        stop = min(start + rows, height)
        upper, lower = max(top + start * whole, 0), min(top + stop * whole, raster.height)
        if upper >= lower or first >= last:
            continue
        read = raster.read(
            1, window=rasterio.windows.Window.from_slices((upper, lower), (first, last)), masked=True
        )
        known = ~np.ma.getmaskarray(read) & np.isfinite(read.data)
        cells = np.where(known, read.data, 0).astype(np.float64)
        _refuse_negative(raster.name, cells)
        strip = np.zeros(((stop - start) * whole, width * whole))
        strip[upper - top - start * whole :, first - left :][: lower - upper, : last - first] = cells
        mean[start:stop] = strip.reshape(stop - start, whole, width, whole).mean(axis=(1, 3))
    return mean


def _refuse_negative(file: str, cells: FloatArray) -> None:
    """Raise where a cell holds fewer than 0 people."""
    if (cells < 0).any():
        found = f"{cells.min():g} in {int((cells < 0).sum()):,} cells or more"
        remedy = "Mark missing cells with a nodata value, or give a raster of people."
        raise InputError([Fault(file, "people from 0, or missing cells marked", found, remedy)])


def _whole_cells(window: rasterio.windows.Window) -> rasterio.windows.Window:
    """Return the smallest window of whole cells that contains `window`."""
    left, top = np.floor([window.col_off, window.row_off])
    right, bottom = np.ceil([window.col_off + window.width, window.row_off + window.height])
    return rasterio.windows.Window(left, top, right - left, bottom - top)


def nearest_zone(zones: gpd.GeoDataFrame, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return (points,) the zone that each point (degrees EPSG:4326) lies in, or else the nearest zone."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    inside = gpd.sjoin(points, zones[["geometry"]], predicate="within", how="left")["index_right"]
    inside = inside[~inside.index.duplicated()]
    middle = zones.geometry.representative_point()
    tree = KDTree(to_plane(middle.x.to_numpy(), middle.y.to_numpy()))
    _, nearest = tree.query(to_plane(lon, lat))
    return np.where(inside.isna(), nearest, inside.fillna(-1)).astype(np.int64)
