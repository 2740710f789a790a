"""Shipped road graph, base map, places for labels and population raster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine

from corridors.default_data.mexico import municipalities
from corridors.default_data.raw_tables import fill_missing
from corridors.default_data.road_speeds import with_speeds
from corridors.sources.reading.encoding import folded
from corridors.sources.reading.geometry import polygonal, thin_coverage, thin_lines

if TYPE_CHECKING:
    from pathlib import Path

IN_SPANISH = {"Mexico City": "Ciudad de México"}
MAP_BOX = (-132.0, 11.0, -70.0, 50.0)
HILBERT_LEVEL = 16
PLACES_OF_EACH_COUNTRY = 60
MAX_RANK = 7
US_PLACES_IN = ("Arizona", "California", "Colorado", "Nevada", "New Mexico", "Oklahoma", "Texas", "Utah")
SEAT_NEAR_DEG = 0.3
ACCENTED = {"Cancun": "Cancún", "Ciudad Obregon": "Ciudad Obregón", "Poza Rica de Hidalgo": "Poza Rica"}
FULL_NAMES = {"Ft. Worth": "Fort Worth", "Navajoa": "Navojoa"}
MISPLACED = (("Mazatlán", "Sonora"),)
# Places along the border and the published routes that their label rank would leave out.
ALWAYS = (
    "Agua Prieta",
    "Caborca",
    "Cuauhtemoc",
    "Del Rio",
    "Eagle Pass",
    "El Centro",
    "Hidalgo del Parral",
    "Las Cruces",
    "McAllen",
    "Ojinaga",
    "Piedras Negras",
    "Reynosa",
)
NODATA = -9999.0


def road_nodes(raw: Path) -> pd.DataFrame:
    """Return the graph's nodes; `node_id` is the rank along a Hilbert curve, ties by original id.

    Nodes near each other get near ids, so that a search over arrays stays in the processor's cache.
    """
    return numbered_nodes(raw).drop(columns="node")


def numbered_nodes(raw: Path) -> pd.DataFrame:
    """Return the nodes with both their original id (`node`) and `node_id`."""
    drawn = gpd.read_parquet(raw / "roads/roads_tm_nodes_simplified.parquet")
    cuts = with_speeds(_raw_edges(raw))[1]
    at = gpd.GeoSeries(gpd.points_from_xy(cuts["lon"], cuts["lat"]), index=cuts.index, crs=drawn.crs)
    table = pd.concat([drawn, gpd.GeoDataFrame(cuts, geometry=at)], ignore_index=True)
    table["distance"] = table.hilbert_distance(total_bounds=MAP_BOX, level=HILBERT_LEVEL)
    ranked = pd.DataFrame(table.drop(columns="geometry")).sort_values(["distance", "node"], ignore_index=True)
    return pd.DataFrame(
        {
            "node": ranked["node"],
            "node_id": np.arange(len(ranked)),
            "lon": ranked["lon"].round(6),
            "lat": ranked["lat"].round(6),
            "country": ranked["country"],
            "poe_id": fill_missing(ranked["node"].str.extract(r"^POE:(.+):(?:US|MX)$")[0]),
        }
    )


def road_edges(raw: Path) -> gpd.GeoDataFrame:
    """Return the graph's edges with their speeds, coordinates rounded to 1e-4 degrees (11 m); EPSG:4326.

    `edge_id` is the rank by country, ref, u, v, km and shape, so it does not depend on the raw order.
    """
    table, _ = with_speeds(_raw_edges(raw))
    nodes = numbered_nodes(raw).set_index("node")["node_id"]
    crossing = table["cls"].eq("poe")
    edges = table.assign(
        u=table["u"].map(nodes),
        v=table["v"].map(nodes),
        road_class=table["cls"],
        oneway=False,
        poe_id=table["ref"].where(crossing, ""),
        ref=table["ref"].where(~crossing & table["cls"].ne("connector"), ""),
        shape=shapely.to_wkb(table.geometry.to_numpy(), hex=True),
    )
    ranked = edges.sort_values(["country", "ref", "u", "v", "km", "shape"], ignore_index=True)
    lines = thin_lines(ranked.geometry.to_numpy(), grid=1e-4)
    return ranked.assign(edge_id=np.arange(len(ranked))).set_geometry(gpd.GeoSeries(lines, crs=4326))


def _raw_edges(raw: Path) -> gpd.GeoDataFrame:
    """Return the edges of the raw file, with lines through every waypoint."""
    return gpd.read_parquet(raw / "roads/roads_tm_edges_simplified.parquet")


def base_land(raw: Path) -> gpd.GeoDataFrame:
    """Return the countries within the map box, thinned; EPSG:4326."""
    table = gpd.read_file(raw / "roads/countries_ne10m_region.geojson")
    thin = thin_coverage(table.sort_values("name", ignore_index=True), tolerance=0.05, grid=1e-3)
    cut = polygonal(shapely.intersection(thin.geometry.to_numpy(), shapely.box(*MAP_BOX), grid_size=1e-3))
    return thin.set_geometry(gpd.GeoSeries(cut, crs=4326))


def places(raw: Path) -> pd.DataFrame:
    """Return the larger places of the US Southwest and Mexico, for labels, accents restored."""
    table = pd.DataFrame(gpd.read_file(raw / "roads/populated_places_ne10m.geojson").drop(columns="geometry"))
    table = table[[pair not in MISPLACED for pair in zip(table["name"], table["adm1name"], strict=True)]]
    inside = table["iso_a2"].eq("MX") | table["adm1name"].isin(US_PLACES_IN)
    always = table["name"].isin(ALWAYS)
    kept = table[inside & (table["scalerank"].le(MAX_RANK) | always)].assign(always=always)
    ranked = kept.sort_values(
        ["always", "scalerank", "pop_max", "name"], ascending=[False, True, False, True]
    )
    chosen = ranked.groupby("iso_a2").head(PLACES_OF_EACH_COUNTRY)
    names = _spelled(chosen, municipalities(raw))
    return pd.DataFrame(
        {
            "name": names,
            "name_es": [IN_SPANISH.get(name, name) for name in names],
            "country": chosen["iso_a2"],
            "lon": chosen["longitude"].round(4),
            "lat": chosen["latitude"].round(4),
            "pop": chosen["pop_max"],
            "rank": chosen["scalerank"],
        }
    )


def write_population(raw: Path, out: Path) -> None:
    """Write people per km² of 2020 as a GeoTIFF: EPSG:4326, 0.25°, lon -125..-85, lat 14..43."""
    with rasterio.open(raw / "roads/population_density_gpw4_2020_15min.tif") as source:
        density = source.read(1, masked=True)
    population = density.round(1).filled(NODATA).astype("float32")
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": population.shape[0],
        "width": population.shape[1],
        "crs": "EPSG:4326",
        "transform": Affine(0.25, 0.0, -125.0, 0.0, -0.25, 43.0),
        "nodata": NODATA,
        "compress": "deflate",
        "predictor": 3,
        "zlevel": 9,
    }
    with rasterio.open(out, "w", **profile) as target:
        target.write(population, 1)
        target.set_band_description(1, "people per square kilometre of land, 2020")


def _spelled(chosen: pd.DataFrame, municipal_seats: pd.DataFrame) -> list[str]:
    """Return place names, a Mexican one spelled as the municipality of that name near it."""
    known: dict[str, list[tuple[str, float, float]]] = {}
    for name, lon, lat in municipal_seats[["name", "lon", "lat"]].itertuples(index=False, name=None):
        known.setdefault(folded(name), []).append((name, lon, lat))
    names = []
    for name, lon, lat in chosen[["name", "longitude", "latitude"]].itertuples(index=False, name=None):
        near = [
            seat
            for seat, x, y in known.get(folded(name), [])
            if abs(x - lon) < SEAT_NEAR_DEG and abs(y - lat) < SEAT_NEAR_DEG
        ]
        names.append(ACCENTED.get(name) or FULL_NAMES.get(name) or (near[0] if near else name))
    return names
