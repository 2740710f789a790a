"""Result tables to files that others can open: GeoParquet, CSV, GeoPackage with QGIS styles, GeoTIFF."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio

from corridors.outputs.files.density import write_density
from corridors.outputs.files.qgis import layer_styles
from corridors.outputs.layers.crossings import crossing_rows
from corridors.outputs.summary.crossings import city_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corridors.core.results import Finding, Results

FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""GeoPackage stores when it was written; a fixed date keeps reruns the same to the byte."""
RISKY = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""First signs of a formula, the full-width ones that some spreadsheets take for them too, and what may come before one."""
_AFTER_A_SEPARATOR = re.compile("([;\t\r\n|])(?=[=+@\uff1d\uff0b\uff0d\uff20-])")


def write_tables(results: Results, folder: Path, description: str = "") -> None:
    """Write the files of docs/outputs.md 1 but the map, the embed kit and the manifest into `folder`/data.

    Parameters
    ----------
    results, folder
        What is written, and where.
    description
        What the files say of themselves: layers, rasters, and `notice.txt` for the tables.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    write_notice(data, description)
    write_geoparquet(results.edges, data / "edges.parquet", description)
    for name in ("ports", "state_pairs", "zone_port", "port_municipality"):
        write_csv(getattr(results, name), data / f"{name}.csv")
    for name, lines in (("corridors", results.corridors), ("trip_corridors", results.trips)):
        if lines is not None:
            write_csv(pd.DataFrame(lines.drop(columns="geometry")), data / f"{name}.csv")
    for name in ("crossings", "flows", "identifiability", "rank_changes"):
        if getattr(results, name) is not None:
            write_csv(getattr(results, name), data / f"{name}.csv")
    if results.finding is not None:
        write_csv(_one_row(results.finding), data / "finding.csv")
    if results.districts is not None:
        write_csv(results.districts.crossings, data / "district_crossing.csv")
        write_csv(results.districts.ports, data / "district_port.csv")
        write_csv(results.districts.destinations, data / "district_state.csv")
        if results.districts.roads is not None:
            path = data / "district_road.parquet"
            results.districts.roads.to_parquet(path, index=False, compression="zstd")
            _describe_parquet(path, description)
    write_geopackage(results, data / "corridors.gpkg", description)
    write_density(results.edges, data / "density.tif", data / "density_classes.tif", description)


def write_notice(folder: Path, description: str) -> None:
    """Write `notice.txt`, which says of the tables beside it what they have no place for."""
    if description:
        (folder / "notice.txt").write_text(f"{description}\n", encoding="utf-8")


def write_geoparquet(layer: gpd.GeoDataFrame, path: Path, description: str = "") -> None:
    """Write GeoParquet, with a description among the metadata of the file."""
    layer.to_parquet(path, index=False, compression="zstd", geometry_encoding="WKB")
    _describe_parquet(path, description)


def _describe_parquet(path: Path, description: str) -> None:
    """Add a description to the metadata of a Parquet file."""
    if description:
        table = pq.read_table(path)
        known = table.schema.metadata or {}
        told = table.replace_schema_metadata({**known, b"description": description.encode()})
        pq.write_table(told, path, compression="zstd")


def _one_row(finding: Finding) -> pd.DataFrame:
    """Return the finding as a table of one row, lists as words with a space between."""
    cells = {
        name: " ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in asdict(finding).items()
    }
    return pd.DataFrame([cells])


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 CSV. Text that a spreadsheet would run as a formula gets an apostrophe before it.

    That holds inside of a cell too, after a sign that a spreadsheet of another language takes for the end of a cell.
    """
    safe = table.copy()
    for column in safe.select_dtypes(include=["object", "string", "category"]):
        text = safe[column].astype("object")
        safe[column] = text.map(_guarded)
    safe.columns = [_guarded(name) for name in safe.columns]
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _guarded(value: object) -> object:
    """Return a cell that no spreadsheet runs; a value that is no text as it is.

    Examples
    --------
    >>> _guarded("=1+1"), _guarded("a;=cmd|x"), _guarded("a; b"), _guarded(-1.5)
    ("'=1+1", "a;'=cmd|x", 'a; b', -1.5)
    """
    if not isinstance(value, str):
        return value
    inside = _AFTER_A_SEPARATOR.sub(r"\1'", value)
    return f"'{inside}" if value.startswith(RISKY) else inside


def write_geopackage(results: Results, path: Path, description: str = "") -> None:
    """Write edges with flow, crossing cities, ports, zones, municipalities, corridors and districts, with QGIS styles in `layer_styles`."""
    ports = gpd.GeoDataFrame(
        results.ports, geometry=gpd.points_from_xy(results.ports["lon"], results.ports["lat"]), crs=4326
    )
    cities = crossing_rows(results)
    layers = {
        "edges": results.edges[results.edges["share_mean"] > 0],
        "crossings": gpd.GeoDataFrame(
            cities, geometry=gpd.points_from_xy(*city_places(cities, results.ports).T), crs=4326
        ),
        "ports": ports,
        "zones": results.zones,
        "municipalities": results.municipalities,
    }
    if results.corridors is not None:
        layers["corridors"] = results.corridors
    if results.trips is not None:
        layers["trip_corridors"] = results.trips
    if results.districts is not None:
        layers["districts"] = results.districts.areas
    write_package(layers, path, layer_styles(), description)


def write_package(
    layers: Mapping[str, gpd.GeoDataFrame],
    path: Path,
    styles: Mapping[str, str] | None = None,
    description: str = "",
) -> None:
    """Write a GeoPackage, the same bytes at any time.

    Parameters
    ----------
    layers
        By name, in the order they are written.
    styles
        QML that QGIS shows a layer in, by its name; see `styles.py`.
    description
        Of each layer, in the table of contents, where GIS programs show it.
    """
    about = {"DESCRIPTION": description} if description else {}
    with fixed_date():
        for name, layer in layers.items():
            pyogrio.write_dataframe(
                layer, path, layer=name, driver="GPKG", append=path.exists(), layer_options=about
            )
    if styles:
        _write_styles(path, {name: style for name, style in styles.items() if name in layers})


@contextmanager
def fixed_date() -> Iterator[None]:
    """Have GDAL write the fixed date into what it makes."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Add the table in which QGIS looks for a layer's style, and register it as the GeoPackage standard asks."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, "
            "f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, "
            "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (FIXED_DATE,),
        )
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, update_time) "
            "VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)",
            [(name, f"corridors {name}", text, FIXED_DATE) for name, text in styles.items()],
        )
