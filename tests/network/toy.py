r"""A tiny world, small enough to compute by hand.

                 lon -111           -110           -109
    lat 33    AZ:north ---I-19--- AZ:south ........
                 |  county 04001      | county 04003      (licenses 20 and 10)
                 |                    |
    lat 31.5   (west us)           (east us)
    ========   AZ-WWW ===========  AZ-EEE  ============ border: two ports, 1 hour each from the south county
    lat 31.4   (west mx)           (east mx)
                 |                    |
    lat 30     26001 ----MEX-15--- 26002 --- 08001        municipal seats; 26003 lies midway on MEX-15

Lengths are set by hand, so that tests can state what they expect: see ROADS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from shapely import LineString, box

if TYPE_CHECKING:
    from pathlib import Path

NODES = {
    "north": (0, -111.0, 33.0, "US", ""),
    "south": (1, -110.0, 33.0, "US", ""),
    "west us": (2, -111.0, 31.5, "US", "AZ-WWW"),
    "east us": (3, -110.0, 31.5, "US", "AZ-EEE"),
    "west mx": (4, -111.0, 31.4, "MX", "AZ-WWW"),
    "east mx": (5, -110.0, 31.4, "MX", "AZ-EEE"),
    "town": (6, -111.0, 30.0, "MX", ""),
    "city": (7, -110.0, 30.0, "MX", ""),
    "far": (8, -109.0, 30.0, "MX", ""),
}
ROADS = [
    # from, to, km, class, kmh, toll, ref
    ("north", "south", 100.0, "interstate", 100, False, "I-19"),
    ("north", "west us", 200.0, "us_highway", 100, False, "US1"),
    ("south", "west us", 100.0, "us_highway", 100, False, "US2"),
    ("south", "east us", 100.0, "interstate", 100, False, "I-10"),
    ("west us", "west mx", 0.5, "poe", 10, False, ""),
    ("east us", "east mx", 0.5, "poe", 10, False, ""),
    ("west mx", "town", 80.0, "mx_federal", 80, False, "MEX15"),
    ("east mx", "city", 100.0, "mx_toll", 100, True, "MEX17D"),
    ("town", "city", 80.0, "mx_federal", 80, False, "MEX15"),
    ("city", "far", 80.0, "mx_federal", 80, False, "MEX2"),
]
PORTS = [("AZ-WWW", "West", "yes", 100_000, 24.0), ("AZ-EEE", "East", "yes", 300_000, 12.0)]
PLACES = [
    ("26001", "26", "Pueblo", -111.0, 30.0, 50_000),
    ("26002", "26", "Ciudad", -110.0, 30.0, 500_000),
    ("26003", "26", "Medio", -110.5, 30.0, 20_000),
    ("08001", "08", "Lejos", -109.0, 30.0, 100_000),
]


def road_tables() -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the toy's road nodes and edges."""
    columns = ["node_id", "lon", "lat", "country", "poe_id"]
    nodes = pd.DataFrame(list(NODES.values()), columns=columns)
    rows = []
    for i, (start, stop, km, road_class, kmh, toll, ref) in enumerate(ROADS):
        (u, *a, country, poe), (v, *b, _, _) = NODES[start], NODES[stop]
        rows.append(
            {
                "edge_id": i,
                "u": u,
                "v": v,
                "km": km,
                "road_class": road_class,
                "kmh": float(kmh),
                "toll": toll,
                "oneway": False,
                "country": "X" if road_class == "poe" else country,
                "region": "AZ",
                "ref": ref,
                "poe_id": poe if road_class == "poe" else "",
                "geometry": LineString([a, b]),
            }
        )
    return nodes, gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)


def port_table() -> pd.DataFrame:
    """Return the toy's ports of entry; the third is closed to southbound cars."""
    rows: list[dict[str, Any]] = [
        {
            "poe_id": poe,
            "name_us": name,
            "name_mx": f"{name} MX",
            "us_state": "AZ",
            "mx_state": "26",
            "mx_cvegeo": "26001" if poe == "AZ-WWW" else "26002",
            "lon": -111.0 if poe == "AZ-WWW" else -110.0,
            "lat": 31.45,
            "southbound": southbound,
            "pov_weight": float(cars),
            "hours_open": hours,
            "field_office": name,
            "bts_port_code": code,
            "crossing_city": city,
            "crossing_city_es": f"{city} es",
            "crossing_city_en": f"{city} en",
        }
        for (poe, name, southbound, cars, hours), code, city in zip(
            PORTS, ("2601", "2602"), ("west", "east"), strict=True
        )
    ]
    return pd.DataFrame([*rows, {**rows[0], "poe_id": "AZ-PED", "southbound": "no"}])


def tables() -> dict[str, pd.DataFrame]:
    """Return every table the network room reads."""
    nodes, edges = road_tables()
    places = pd.DataFrame(PLACES, columns=["cvegeo", "mx_state", "name", "lon", "lat", "pop"])
    squares = [
        box(lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)
        for lon, lat in zip(places["lon"], places["lat"], strict=True)
    ]
    counties = gpd.GeoDataFrame(
        {"fips": ["04001", "04003", "04005"], "us_state": "AZ", "name": ["North", "South", "Empty"]},
        geometry=[
            box(-111.5, 32.5, -110.5, 33.5),
            box(-110.5, 32.5, -109.5, 33.5),
            box(-109.5, 32.5, -109, 33.5),
        ],
        crs=4326,
    )
    return {
        "road_nodes": nodes,
        "road_edges": edges,
        "ports_of_entry": port_table(),
        "municipalities": places,
        "municipality_polygons": gpd.GeoDataFrame({"cvegeo": places["cvegeo"]}, geometry=squares, crs=4326),
        "counties": counties,
        "dealers": pd.DataFrame({"fips": ["04001", "04003", "04005"], "year": 2023, "dealers": [20, 10, 3]}),
        "gun_shows": pd.DataFrame(
            {
                "lon": [-110.0, -110.0, np.nan],
                "lat": [33.0, 33.0, np.nan],
                "start": ["2019-05-01", "2020-01", "2020"],
                "occurrence": ["announced", "cancelled", "announced"],
            }
        ),
        "state_laws": pd.DataFrame({"us_state": ["AZ"], "year": [2024], "law_z": [-0.8]}),
        "nics": pd.DataFrame(
            {"us_state": ["AZ"], "year": [2023], "months": [12], "sales_proxy": [300_000.0]}
        ),
        "seizures_municipal": pd.DataFrame(
            {"cvegeo": ["26002", "08001"], "firearms": [40, 5], "first_year": 2024, "last_year": 2024}
        ),
        "homicides_municipal": pd.DataFrame({"cvegeo": ["26002"], "firearm_homicides": [120.0]}),
        "case_files": pd.DataFrame({"mx_state": ["08", "26"], "year": 2024, "case_files": [400, 900]}),
        "figures": pd.DataFrame({"id": ["SRC4_AZ", "SRC5_AZ", "TTC03"], "value": [3969.0, 62.0, 14.0]}),
        "state_pairs": pd.DataFrame(
            {
                "us_state": ["AZ"],
                "mx_state": ["26"],
                "firearms": [2600],
                "known_total": 17717,
                "traced_total": 18206,
            }
        ),
        "city_shares": pd.DataFrame(
            {
                "city": ["South"],
                "fips": ["04003"],
                "us_state": ["AZ"],
                "county_share": [0.8],
                "firearms": [3000],
                "state_firearms": [9451],
                "reading": ["count"],
            }
        ),
        "seizures_top10": pd.DataFrame(
            {"cvegeo": ["26002"], "firearms": [600], "bound": 200, "national_total": 1000}
        ),
        "port_seizures": pd.DataFrame(
            {"region": ["West", "East"], "field_offices": ["West", "East | North"], "firearms": [30, 70]}
        ),
        "published_routes": pd.DataFrame(
            {
                "route_id": ["R1", "R2"],
                "crossing_cvegeo": ["26001", "26002"],
                "final_cvegeo": ["26002", "08001"],
            }
        ),
        "published_route_stops": pd.DataFrame(
            {
                "route_id": ["R1", "R1", "R1", "R2", "R2"],
                "seq": [1, 2, 3, 1, 2],
                "country": ["US", "MX", "MX", "MX", "MX"],
                "state": ["AZ", "Sonora", "Sonora", "Sonora", "Chihuahua"],
                "cvegeo": ["", "26001", "26002", "26002", "08001"],
                "lon": [-111.0, -111.0, -110.0, -110.0, -109.0],
                "lat": [33.0, 30.0, 30.0, 30.0, 30.0],
            }
        ),
    }


def population(folder: Path) -> Path:
    """Write and return a raster of people per square kilometer: all of the north county lives at its north node."""
    density = np.zeros((20, 20), dtype=np.float32)
    density[1:3, :] = 5.0
    density[2, 2] = 500.0
    path = folder / "population.tif"
    profile = {
        "driver": "GTiff",
        "width": 20,
        "height": 20,
        "count": 1,
        "dtype": "float32",
        "nodata": -9999.0,
    }
    with rasterio.open(
        path, "w", crs="EPSG:4326", transform=rasterio.Affine(0.25, 0, -111.625, 0, -0.25, 33.625), **profile
    ) as raster:
        raster.write(density, 1)
    return path
