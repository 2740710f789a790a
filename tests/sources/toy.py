"""Ambos Nogales, as `osm_world` draws it, in a file of each road format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import osmium
import pandas as pd
from shapely import LineString

from tests.sources.dress import table_text
from tests.sources.osm_world import POINTS, Extract, Point

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.sources.schemas import Loaded

CAR_PORTS = ["AZ-DEC", "AZ-MAR"]
PORTS = [*CAR_PORTS, "AZ-MOR"]  # the last is for pedestrians
LINES: list[tuple[tuple[int, ...], str, str, object, object]] = [
    ((7, 8), "AZ 189", "primary", "45 mph", "no"),
    ((8, 9, 10), "AZ 189", "primary", "45 mph", "no"),
    ((7, 11, 12, 13), "BUS", "us_highway", 40, "no"),
    ((31, 32), "MEX 15", "mx_federal", 40, "no"),
    ((32, 33, 34), "MEX 15", "mx_federal", 0, "no"),
    ((36, 37, 38, 34), "15D", "motorway", None, "cuota"),
    ((37, 33), "", "secondary", None, None),
    ((13, 31), "", "poe", None, None),
    ((12, 14), "", "residential", None, None),
]
MAP = {"ref": "RUTA", "road_class": "TIPO", "kmh": "VELOCIDAD", "toll": "PEAJE"}
HEADER = [
    "region",
    "system",
    "root",
    "seq",
    "label",
    "lat",
    "lon",
    "tier",
    "level",
    "route",
    "banner",
    "abbrev",
]
NEAR_33 = (POINTS[33][0] + 3e-4, POINTS[33][1])  # 28 m: the same place
ROUTES: list[tuple[str, str, str, str, str, list[Point]]] = [
    ("AZ", "usai", "az.i019", "I-19", "", [POINTS[n] for n in (17, 1, 2, 3, 7)]),
    ("AZ", "usaus", "az.us089", "US89", "", [POINTS[n] for n in (17, 1, 2, 5)]),
    ("AZ", "usaib", "az.i019blnog", "I-19", "BL", [POINTS[n] for n in (7, 11, 12, 13)]),
    ("AZ", "usaaz", "az.az189", "", "", [POINTS[n] for n in (7, 8, 9, 10)]),
    ("AZ", "usaush", "az.us089his", "US89", "His", [POINTS[n] for n in (7, 11)]),
    ("AZ", "canab", "az.ab001", "AB1", "", [POINTS[n] for n in (7, 11)]),
    ("AZ", "usaaz", "az.az999", "AZ999", "", [POINTS[14]]),
    ("MO", "usai", "mo.i044", "I-44", "", [(-94.0, 37.0), (-93.0, 37.0)]),
    ("GTM", "gtmrn", "gtm.rn01", "RN1", "", [(-91.0, 15.0), (-90.5, 15.0)]),
    ("MEX-SON", "mexf", "mexson.mex015", "MEX15", "", [POINTS[n] for n in (31, 32, 33, 34, 35)]),
    ("MEX-SON", "mexd", "mexson.mex015dnog", "MEX15D", "", [POINTS[n] for n in (36, 37, 38, 34)]),
    ("MEX-SON", "mexson", "mexson.son043", "SON43", "", [NEAR_33, POINTS[41], POINTS[40]]),
]
ROWS: list[list[object]] = [
    [region, system, root, seq, f"X{seq}", f"{lat:.6f}", f"{lon:.6f}", 4, "active", route, banner, ""]
    for region, system, root, route, banner, points in ROUTES
    for seq, (lon, lat) in enumerate(points)
]


def joined_ports(loaded: Loaded) -> list[str]:
    """The ports of entry that connectors join to roads on both sides."""
    edges = loaded.tables["road_edges"]
    reached = set(edges.loc[edges["road_class"] == "connector", ["u", "v"]].to_numpy().ravel())
    across = edges[edges["road_class"] == "poe"]
    return sorted(across.loc[across["u"].isin(reached) & across["v"].isin(reached), "poe_id"])


def pbf(extract: Extract, path: Path) -> Path:
    text = extract.write(path.with_suffix(".xml"))
    with osmium.SimpleWriter(path, overwrite=True) as writer:
        for item in osmium.FileProcessor(osmium.io.File(str(text), "osm")):
            writer.add(item)
    text.unlink()
    return path


def lines(**changes: Any) -> gpd.GeoDataFrame:
    table = pd.DataFrame(LINES, columns=["nodes", "RUTA", "TIPO", "VELOCIDAD", "PEAJE"])
    shapes = [LineString([POINTS[node] for node in nodes]) for nodes in table.pop("nodes")]
    table["VELOCIDAD"] = table["VELOCIDAD"].map(lambda value: None if value is None else str(value))
    return gpd.GeoDataFrame(table.assign(**changes), geometry=shapes, crs=4326)


def written(path: Path, rows: Sequence[Sequence[object]] = ROWS) -> Path:
    path.write_text(table_text(HEADER, rows), encoding="utf-8")
    return path
