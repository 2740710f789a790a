"""Load tables, checked by their schemas: the shipped ones, or newer files of the user in their place."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import geopandas as gpd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.reading.plain import Read, read_table
from corridors.sources.schemas.gate import check_table
from corridors.sources.schemas.tables import OPTIONAL, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.core.schema import Schema

SHIPPED_SUFFIXES = (".csv", ".parquet")


def load_table(
    table_id: str,
    path: Path | None = None,
    *,
    data: Path,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Return one checked table; a GeoDataFrame in EPSG:4326 where its schema has geometry.

    Parameters
    ----------
    table_id
        A key of `SCHEMAS`.
    path
        File to read instead of the shipped one: csv, parquet, gpkg or geojson.
    data
        Folder of the shipped tables.
    tables
        Checked tables that foreign keys refer to; a key into a table that is not here is not checked.

    Raises
    ------
    SchemaError
        With every fault of the file at once.
    """
    schema = _schema(table_id)
    file = path or shipped(table_id, data)
    return _checked(read_table(file, table_id), schema, str(file), tables or {})[0]


def load_all(data: Path, overrides: Mapping[str, Path] | None = None) -> dict[str, pd.DataFrame]:
    """Return every table, checked, each row with its origin; an optional one only where its file is there.

    Two columns are added: `source_id`, the catalog id or the name of the file given instead, and
    `source_row`, the line of the CSV or the position among the features of another file.

    Parameters
    ----------
    data
        Folder of the shipped tables.
    overrides
        Table id to the file to read instead of the shipped one.

    Raises
    ------
    SchemaError
        With every fault of every table at once. A foreign key into a table that itself failed is
        not reported, since it would only repeat that failure.
    """
    given = dict(overrides or {})
    faults = [_unknown_table(table_id) for table_id in given if table_id not in SCHEMAS]
    tables: dict[str, pd.DataFrame] = {}
    for table_id in reference_order():
        file = given.get(table_id) or shipped(table_id, data)
        if table_id in OPTIONAL and table_id not in given and not file.is_file():
            continue
        try:
            table, rows = _checked(read_table(file, table_id), SCHEMAS[table_id], str(file), tables)
        except SchemaError as error:
            faults += error.faults
            continue
        source = file.name if table_id in given else table_id
        tables[table_id] = table.assign(source_id=source, source_row=rows)
    if faults:
        raise SchemaError(faults)
    return tables


def shipped(table_id: str, data: Path) -> Path:
    """Return the path of a shipped table; that of a CSV where there is none."""
    paths = [data / f"{table_id}{suffix}" for suffix in SHIPPED_SUFFIXES]
    return next((path for path in paths if path.is_file()), paths[0])


def reference_order() -> tuple[str, ...]:
    """Return the table ids, each after the tables its foreign keys refer to."""
    graph = {
        table_id: sorted({rule.refers[0] for rule in schema.columns.values() if rule.refers is not None})
        for table_id, schema in SCHEMAS.items()
    }
    return tuple(TopologicalSorter(graph).static_order())


def _checked(
    read: Read, schema: Schema, file: str, tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """Return the checked table and the line or position of each row in its file."""
    table = check_table(
        schema.name,
        _with_points(read.table, schema),
        file=file,
        tables=tables,
        rows=read.rows,
        known_faults=read.faults,
    )
    return table, read.rows


def _with_points(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the table with `lon` and `lat` taken from its geometry where it has no such columns."""
    if not isinstance(table, gpd.GeoDataFrame) or schema.geometry or table.crs is None:
        return table
    plain: pd.DataFrame = table.drop(columns=table.geometry.name)
    if not {"lon", "lat"} <= set(schema.columns) or {"lon", "lat"} & set(plain.columns):
        return plain
    points = table.geometry.to_crs(schema.crs).representative_point()
    placed: pd.DataFrame = plain.assign(lon=points.x, lat=points.y)
    return placed


def _schema(table_id: str) -> Schema:
    """Return the schema of a table; raise SchemaError with the known ids where there is none."""
    if table_id not in SCHEMAS:
        raise SchemaError([_unknown_table(table_id)])
    return SCHEMAS[table_id]


def _unknown_table(table_id: str) -> Fault:
    """Return the fault of a table id that has no schema."""
    return Fault(
        table_id, f"one of {', '.join(SCHEMAS)}", repr(table_id), "Use the id of a table in data/README.md."
    )
