"""Build the shipped data: raw files in, all of `data/` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import rasterio

from corridors.core.files import sha256
from corridors.core.schema import arrange
from corridors.default_data import (
    border,
    consular,
    driving_times,
    figures,
    mexico,
    ports,
    roads,
    us,
)
from corridors.default_data.catalog_entries import ENTRIES
from corridors.default_data.dictionary import LICENSES_NAME, README_NAME, dictionary_text, licences_text
from corridors.default_data.raw_tables import write_table
from corridors.sources.schemas.tables import RASTERS, SCHEMAS
from corridors.sources.tables.catalog import CATALOG_NAME, CATALOG_SCHEMA, read_catalog
from corridors.sources.tables.load import load_all, reference_order
from corridors.sources.tables.rasters import load_raster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.default_data.origins import Entry

    Maker = Callable[[Path], pd.DataFrame]

MAKERS: dict[str, Maker] = {
    "us_states": us.us_states,
    "counties": us.counties,
    "county_people": us.county_people,
    "zip_points": us.zip_points,
    "consulates": us.consulates,
    "consular_districts": consular.consular_districts,
    "consular_totals": consular.consular_totals,
    "consulate_ranks": consular.consulate_ranks,
    "dealers": us.dealers,
    "state_laws": us.state_laws,
    "nics": us.nics,
    "gun_show_venues": us.gun_show_venues,
    "gun_shows": us.gun_shows,
    "gun_shows_announced": us.gun_shows_announced,
    "gun_show_policy": us.gun_show_policy,
    "mx_states": mexico.mx_states,
    "municipalities": mexico.municipalities,
    "municipality_polygons": mexico.municipality_polygons,
    "seizures_municipal": mexico.seizures_municipal,
    "seizures_top10": mexico.seizures_top10,
    "case_files": mexico.case_files,
    "homicides_state": mexico.homicides_state,
    "homicides_municipal": mexico.homicides_municipal,
    "road_nodes": roads.road_nodes,
    "road_edges": roads.road_edges,
    "base_land": roads.base_land,
    "places": roads.places,
    "ports_of_entry": ports.ports_of_entry,
    "crossings": ports.crossings,
    "figures": figures.figures,
    "state_pairs": figures.state_pairs,
    "city_shares": figures.city_shares,
    "port_seizures": figures.port_seizures,
    "published_routes": figures.published_routes,
    "published_route_stops": figures.published_route_stops,
    "route_checks": figures.route_checks,
    "driving_times": driving_times.driving_times,
    "freight_flows": lambda raw: border.freight_flows(raw, ports.ports_of_entry(raw)),
    "seizure_events": lambda raw: border.seizure_events(
        raw, mexico.municipalities(raw), mexico.mx_states(raw)
    ),
    "port_events": lambda raw: border.port_events(raw, ports.ports_of_entry(raw)),
    "southbound_factors": border.southbound_factors,
}
PARQUET_TABLES = frozenset({"road_nodes"} | {name for name, schema in SCHEMAS.items() if schema.geometry})


def build_data(raw: Path, out: Path) -> None:
    """Write every default table, the catalog, the dictionary and the terms into `out`.

    Parameters
    ----------
    raw
        Folder of the raw files, as `us/`, `mexico/`, `roads/` and `targets/`.
    out
        Folder to write into; made when absent. Files of the same names are replaced.

    Raises
    ------
    SchemaError
        When a table made here breaks its own schema: the raw files are not what the build expects.
    """
    out.mkdir(parents=True, exist_ok=True)
    for table_id in reference_order():
        write_table(arrange(MAKERS[table_id](raw), SCHEMAS[table_id]), out / file_name(table_id))
    for raster_id in RASTERS:
        roads.write_population(raw, out / file_name(raster_id))
    load_all(out)
    for raster_id in RASTERS:
        load_raster(raster_id, data=out)
    write_table(catalogue(out), out / CATALOG_NAME)
    sources = read_catalog(out / CATALOG_NAME)
    _write_text(out / README_NAME, dictionary_text())
    _write_text(out / LICENSES_NAME, licences_text(sources.values()))


def differences(built: Path, kept: Path) -> list[str]:
    """Return the names of files that are in one folder alone or differ in their bytes."""
    names = sorted({path.name for folder in (built, kept) for path in folder.iterdir()})
    return [name for name in names if _content(built / name) != _content(kept / name)]


def catalogue(out: Path) -> pd.DataFrame:
    """Return the catalog of the tables in `out`, in the order of `ENTRIES`."""
    return pd.DataFrame([_row(entry, out / file_name(entry.id)) for entry in ENTRIES])[
        [*CATALOG_SCHEMA.columns]
    ]


def file_name(table_id: str) -> str:
    """Return the name of a table's file."""
    if table_id in RASTERS:
        return f"{table_id}.tif"
    return f"{table_id}.parquet" if table_id in PARQUET_TABLES else f"{table_id}.csv"


def count_rows(path: Path) -> int:
    """Return the rows of a table, or the cells with data of a raster."""
    if path.suffix == ".parquet":
        return int(pq.read_metadata(path).num_rows)
    if path.suffix == ".csv":
        return len(pd.read_csv(path, dtype=str, keep_default_na=False))
    with rasterio.open(path) as raster:
        return int(raster.read(1, masked=True).count())


def _row(entry: Entry, path: Path) -> dict[str, object]:
    """Return one catalog row."""
    origin = entry.origin
    return {
        "id": entry.id,
        "file": path.name,
        "title": entry.title,
        "publisher": origin.publisher,
        "url": origin.url,
        "licence": origin.licence,
        "attribution": origin.attribution,
        "period": entry.period,
        "retrieved": origin.retrieved,
        "sha256": sha256(path),
        "rows": count_rows(path),
        "not_what": entry.not_what,
        "derived_from": " | ".join(entry.derived_from),
        "note": entry.note,
    }


def _content(path: Path) -> bytes | None:
    """Return a file's bytes, None when there is no such file."""
    return path.read_bytes() if path.is_file() else None


def _write_text(path: Path, text: str) -> None:
    """Write UTF-8 with line feeds on any system."""
    path.write_text(text, encoding="utf-8", newline="\n")
