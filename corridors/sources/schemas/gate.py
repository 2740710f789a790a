"""One gate for every table that leaves `sources`, shipped, the user's own or a loader's: schema, keys, references, places.

What `core.schema` cannot know is asked here: the bounds of each table's shapes, coordinates that are no numbers, shapes
without extent, and consular districts that do not add up.
"""

from __future__ import annotations

from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from corridors.core.errors import Fault, SchemaError
from corridors.core.schema import check
from corridors.sources.schemas.border import complete_ports
from corridors.sources.schemas.crossing_checks import crossing_faults
from corridors.sources.schemas.district_partition import partition_faults
from corridors.sources.schemas.formats import Loaded
from corridors.sources.schemas.mexico import MARKS
from corridors.sources.schemas.tables import BOUNDS, SCHEMAS
from corridors.sources.schemas.us import US_LOADED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridors.core.schema import Schema
    from corridors.core.types import FloatArray
    from corridors.sources.schemas.formats import Context

KNOWN: Mapping[str, Schema] = {**SCHEMAS, **US_LOADED}
"""The schema of every table, shipped or made by a loader."""


def check_table(
    table_id: str,
    table: pd.DataFrame,
    *,
    file: str,
    tables: Mapping[str, pd.DataFrame],
    rows: Sequence[int] | None = None,
    known_faults: Sequence[Fault] = (),
) -> pd.DataFrame:
    """Return a table with its columns in their kinds, or raise one error that lists every fault.

    Parameters
    ----------
    table_id
        A key of `KNOWN`.
    table
        As read or made; not changed.
    file
        Name for messages.
    tables
        Checked tables that foreign keys refer to; a key into a table that is not here is not checked.
    rows
        Line or position in the file of each row; by default a fault names its row by the row's key, since a table that
        a loader made has rows of its own.
    known_faults
        Faults found in reading, raised together with those found here.

    Raises
    ------
    SchemaError
        With every fault of the table at once.
    """
    schema = _schema(table_id, table)
    faults: list[Fault] = []
    try:
        table = check(table, schema, file=file, tables=tables, first_row=0)
        faults += crossing_faults(table, schema.name, file)
    except SchemaError as error:
        faults += error.faults
    faults += _misplaced(table, schema, file)
    if rows is None:
        faults = [_by_key(fault, table, schema) for fault in faults]
    else:
        faults = [fault if fault.row is None else replace(fault, row=rows[fault.row]) for fault in faults]
    if schema.name == "consular_districts":
        faults += partition_faults(table, tables, file, tuple(rows or range(len(table))))
    if known_faults or faults:
        raise SchemaError([*known_faults, *faults])
    return complete_ports(table) if schema.name == "ports_of_entry" else table


def check_loaded(loaded: Loaded, path: Path, context: Context) -> Loaded:
    """Return the tables of a loader, each checked against the default tables and the others of the same file.

    Raises
    ------
    SchemaError
        With every fault of every table. A reference into a table that itself failed is not reported.
    """
    named = {rule.refers[0] for name in loaded.tables for rule in KNOWN[name].columns.values() if rule.refers}
    tables = {name: context.tables[name] for name in named - set(loaded.tables) if name in context.tables}
    checked: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for table_id in _reference_order(loaded.tables):
        try:
            table = check_table(
                table_id, loaded.tables[table_id], file=str(path), tables={**tables, **checked}
            )
        except SchemaError as error:
            faults += error.faults
        else:
            checked[table_id] = table
    if faults:
        raise SchemaError(faults)
    return Loaded({name: checked[name] for name in loaded.tables}, loaded.report)


def _schema(table_id: str, table: pd.DataFrame) -> Schema:
    """Return the schema of a table, with the columns that say what its counts are where it has them."""
    schema = KNOWN[table_id]
    marks = {name: rule for name, rule in MARKS.items() if name in table and name not in schema.columns}
    return replace(schema, columns={**schema.columns, **marks})


def _reference_order(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Return the ids of tables, each after those of them that its columns refer to."""
    graph = {
        name: {rule.refers[0] for rule in KNOWN[name].columns.values() if rule.refers} & set(tables)
        for name in tables
    }
    return tuple(TopologicalSorter(graph).static_order())


def _misplaced(table: pd.DataFrame, schema: Schema, file: str) -> list[Fault]:
    """Return a fault for each shape with coordinates that are no numbers, outside the bounds of its table, or without extent."""
    if not schema.geometry or not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
        return []
    shapes = np.asarray(table.geometry.array)
    given = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    point, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.isin(np.arange(len(shapes)), owner[~np.isfinite(point).all(axis=1)])
    boxes = shapely.bounds(shapes)
    outside = np.zeros(len(shapes), dtype=bool)
    expected = "coordinates that are numbers"
    if schema.name in BOUNDS:
        west, south, east, north = BOUNDS[schema.name]
        expected = f"coordinates within lon {west:g} to {east:g}, lat {south:g} to {north:g}"
        within = (boxes[:, :2] >= (west, south)).all(axis=1) & (boxes[:, 2:] <= (east, north)).all(axis=1)
        outside = given & ~within
    size = shapely.area(shapes) if _is_area(schema) else shapely.length(shapes)
    flat = given & ~broken & ~outside & (size == 0)
    remedy = "Check the CRS and the order of the axes, or remove the row."
    faults = [
        Fault(file, expected, _found(box), remedy, int(row), "geometry")
        for row, box in ((row, boxes[row]) for row in np.flatnonzero(outside | broken))
    ]
    what = "a shape with an area" if _is_area(schema) else "a line with a length"
    return faults + [
        Fault(file, what, "one without", "Repair or remove the row.", int(row), "geometry")
        for row in np.flatnonzero(flat)
    ]


def _is_area(schema: Schema) -> bool:
    """Return whether the shapes of a table are areas."""
    return any(kind.endswith("Polygon") for kind in schema.geometry)


def _found(box: FloatArray) -> str:
    """Return the box of a shape as text."""
    if not np.isfinite(box).all():
        return "a shape with a coordinate that is no number"
    west, south, east, north = box
    return f"a shape from {west:g} {south:g} to {east:g} {north:g}"


def _by_key(fault: Fault, table: pd.DataFrame, schema: Schema) -> Fault:
    """Return a fault that names its row by the row's key in place of a number."""
    names = [name for name in schema.key if name in table]
    if fault.row is None or not names:
        return replace(fault, row=None)
    key = ", ".join(f"{name} {table[name].iloc[fault.row]}" for name in names)
    return replace(fault, row=None, found=f"{fault.found} ({key})")
