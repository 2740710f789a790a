"""What a newsroom may download: geometry generalised to 5 km or more, cells under 5 dealers merged, no row a dealer's."""

from __future__ import annotations

from html import escape
from math import nan
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import polyline
import pyogrio
import shapely

from corridors.core.suppression import FEWEST
from corridors.outputs.files.qgis import public_styles
from corridors.outputs.files.tables import (
    fixed_date,
    write_csv,
    write_geoparquet,
    write_notice,
    write_package,
)
from corridors.outputs.layers import encoding
from corridors.outputs.layers.crossings import crossing_rows
from corridors.outputs.summary.crossings import city_places
from corridors.outputs.summary.uncertainty import SHOWN90_COLUMNS, SHOWN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.core.results import Results
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.layers import LayerSpec

GRID_DEGREES = 0.05
"""About 5 km: every public vertex lies on this grid, and a smaller shape becomes one step or one cell of it."""
PUBLIC_GRADES = ("corridors", "corridors_c")
KML_LABELS: Mapping[str, str] = {"corridors": "ref", "crossings": "name_en", "ports": "name_us"}
"""Layers written for Google Earth as well, and the column that it labels their features with."""
_KML_HEAD = '<Document id="root_doc">'
METRES = 6933
"""Equal-area projection in which nearest zones are found."""


def public_layers(results: Results, specs: Sequence[LayerSpec]) -> dict[str, gpd.GeoDataFrame]:
    """Return the public layers by name, EPSG:4326: corridors of grades A to C, crossing cities, ports, zones and municipalities.

    A crossing city lies at the mean place of its ports, weighted by their shares.
    """
    cities, ports = crossing_rows(results), results.ports
    return {
        "corridors": _corridors({spec.name: spec.payload for spec in specs}),
        "crossings": _points(cities, city_places(cities, ports)),
        "ports": _points(ports, ports[["lon", "lat"]].to_numpy(dtype=np.float64)),
        "zones": coarse(merge_small(results.zones)),
        "municipalities": coarse(results.municipalities),
    }


def _points(rows: pd.DataFrame, places: FloatArray) -> gpd.GeoDataFrame:
    """Return rows at (rows, 2) longitudes and latitudes, rounded to about a kilometre, which stand in the last columns too."""
    lon, lat = places.round(2).T
    plain = rows.drop(columns=["lon", "lat"], errors="ignore").assign(lon=lon, lat=lat)
    return gpd.GeoDataFrame(plain, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def merge_small(zones: gpd.GeoDataFrame, fewest: int = FEWEST) -> gpd.GeoDataFrame:
    """Return zones with every one under the fewest dealers joined to the nearest of its state; left out if alone.

    A zone of which the count is withheld holds the fewest at least.

    Means add up; the median of a sum is not known and left empty; bands of a sum are bounded by sums of bands, which is wider than the truth, never narrower.
    """
    ordered = zones.sort_values("zone_id", ignore_index=True)
    rows: list[dict[str, Any]] = ordered.to_dict("records")
    metres = dict(zip(ordered["zone_id"], ordered.geometry.to_crs(METRES), strict=True))
    while small := [row for row in rows if pd.notna(row["dealers"]) and row["dealers"] < fewest]:
        one = min(small, key=lambda row: row["dealers"])
        rows.remove(one)
        own = metres[one["zone_id"]]
        same = [row for row in rows if row["us_state"] == one["us_state"]]
        if same:
            other = min(same, key=lambda row: metres[row["zone_id"]].distance(own))
            metres[f"{other['zone_id']}+{one['zone_id']}"] = shapely.union(metres[other["zone_id"]], own)
            _absorb(other, one)
    return gpd.GeoDataFrame(rows, columns=ordered.columns, geometry="geometry", crs=zones.crs)


def _absorb(row: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Join another zone to a row."""
    row["name"] = f"{row['name']} + {other['name']}"
    row["zone_id"] = f"{row['zone_id']}+{other['zone_id']}"
    row["geometry"] = shapely.union(row["geometry"], other["geometry"])
    for name in ("dealers", *SHOWN90_COLUMNS):
        if name in row:
            row[name] += other[name]
    if "share_median" in row:
        row["share_median"] = nan


def write_public(layers: Mapping[str, gpd.GeoDataFrame], folder: Path, description: str = "") -> None:
    """Write the public layers as CSV, GeoJSON, GeoParquet, GeoPackage and, of `KML_LABELS`, KML.

    A row without a shape, such as a municipality whose outline is not known, is in the CSV alone. `description` is what each
    layer says of itself, and `notice.txt` of the tables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_notice(folder, description)
    for name, layer in layers.items():
        write_csv(pd.DataFrame(layer.drop(columns="geometry")), folder / f"{name}.csv")
    layers = {name: layer[~(layer.geometry.isna() | layer.is_empty)] for name, layer in layers.items()}
    with fixed_date():
        for name, layer in layers.items():
            write_geoparquet(layer, folder / f"{name}.parquet", description)
            write_geojson(layer, folder / f"{name}.geojson", name, description)
        for name in KML_LABELS:
            _write_kml(layers[name], name, folder / f"{name}.kml", description)
    write_package(layers, folder / "public.gpkg", public_styles(), description)


def write_geojson(layer: gpd.GeoDataFrame, path: Path, name: str, description: str = "") -> None:
    """Write a layer as GeoJSON of RFC 7946, two decimals of a degree, with a description beside its name."""
    options: dict[str, Any] = {"RFC7946": "YES", "COORDINATE_PRECISION": 2}
    if description:
        options["DESCRIPTION"] = description
    pyogrio.write_dataframe(layer, path, driver="GeoJSON", layer=name, **options)


def _write_kml(layer: gpd.GeoDataFrame, name: str, path: Path, description: str) -> None:
    """Write a layer for Google Earth, which shows texts as HTML: markup in them is escaped once more."""
    texts = layer.select_dtypes(include=["object", "string"]).columns.drop("geometry", errors="ignore")
    safe = layer.assign(**{column: layer[column].astype("str").map(escape) for column in texts})
    pyogrio.write_dataframe(safe.rename(columns={KML_LABELS[name]: "Name"}), path, driver="KML", layer=name)
    if description:  # GDAL has no option for what a document says of itself
        said = f"<name>{name}</name><description>{escape(escape(description))}</description>"
        text = path.read_text(encoding="utf-8").replace(_KML_HEAD, f"{_KML_HEAD}\n{said}", 1)
        path.write_text(text, encoding="utf-8")


def _corridors(payloads: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Return the chains that the map draws, coarse."""
    columns = ["ref", "road_class", "grade", "toll", "km", *SHOWN_COLUMNS]
    tables = []
    for data in (payloads[name] for name in PUBLIC_GRADES):
        lines = [shapely.MultiLineString([_line(code) for code in codes]) for codes in data["shapes"]]
        rows = {column: data["columns"][column] for column in columns}
        rows |= {name: np.array(rows[name], dtype=np.float64) for name in SHOWN_COLUMNS}  # None where unknown
        tables.append(gpd.GeoDataFrame(rows, geometry=lines, crs=4326))
    whole = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry", crs=4326)
    return coarse(whole.sort_values(["share_mean", "ref"], ascending=[False, True], ignore_index=True))


def _line(code: str) -> Any:
    return shapely.LineString(np.array(polyline.decode(code, encoding.DECIMALS))[:, ::-1])


def coarse(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows with every vertex on the public grid; a shape smaller than it becomes one step or one cell of it."""
    shapes = frame.geometry.to_numpy()
    snapped = shapely.set_precision(shapely.simplify(shapes, GRID_DEGREES), GRID_DEGREES)
    lost = shapely.is_empty(snapped) & ~shapely.is_empty(shapes)
    snapped[lost] = [_smallest(shape) for shape in shapes[lost]]
    return frame.set_geometry(gpd.GeoSeries(snapped, index=frame.index, crs=4326))


def _smallest(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the cell of the public grid at the middle of an area, or the step of it along a line."""
    middle = np.array(shapely.get_coordinates(shapely.point_on_surface(shape))[0])
    if shapely.get_dimensions(shape) == 2:
        west, south = np.floor(middle / GRID_DEGREES)
        corners = [(west, south), (west + 1, south), (west + 1, south + 1), (west, south + 1)]
        return shapely.set_precision(shapely.Polygon(np.array(corners) * GRID_DEGREES), GRID_DEGREES)
    ends = shapely.get_coordinates(shape)[[0, -1]]
    along = ends[1] - ends[0]
    step = np.eye(2)[int(np.argmax(np.abs(along)))]
    start = np.round(middle / GRID_DEGREES - step / 2)
    return shapely.set_precision(
        shapely.LineString(np.array([start, start + step]) * GRID_DEGREES), GRID_DEGREES
    )
