"""Show a checked table in short: its rows, period, sums and first rows, for a reader who knows the file."""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.sources.reading.plain import other_layers
from corridors.sources.schemas.formats import TablePreview
from corridors.sources.schemas.tables import SCHEMAS
from corridors.sources.schemas.us import US_LOADED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.schema import Column, Schema

FIRST_ROWS = 3
# Numbers of these units are positions, times or shares: their sum means nothing.
_NOT_SUMMED = frozenset(
    {"", "year", "months", "hours", "degrees east", "degrees north", "share", "km/h", "standard deviations"}
)
_TIMES = ("year", "first_year", "last_year", "month", "start", "end", "period_start", "period_end", "date")


def preview_tables(tables: Mapping[str, pd.DataFrame], file: Path | None = None) -> tuple[TablePreview, ...]:
    """Return a preview of each table.

    Parameters
    ----------
    file
        Of a table in its own columns, whose other layers are named; of none by default.
    """
    shown = starmap(_preview, tables.items())
    if file is None:
        return tuple(shown)
    return tuple(replace(one, unread=other_layers(file, one.id)) for one in shown)


def _preview(table_id: str, table: pd.DataFrame) -> TablePreview:
    """Return a preview of one table."""
    schema = SCHEMAS.get(table_id) or US_LOADED.get(table_id)
    rules: Mapping[str, Column] = schema.columns if schema else {}
    columns = _columns(table, schema)
    sums = {
        name: _sum(table[name])
        for name in columns
        if name in rules and rules[name].kind in {"integer", "number"} and rules[name].unit not in _NOT_SUMMED
    }
    head = table[columns].head(FIRST_ROWS)
    first = tuple(
        {str(name): _plain(value) for name, value in row.items()} for row in head.to_dict("records")
    )
    return TablePreview(table_id, len(table), tuple(columns), _period(table, columns), sums, first)


def _columns(table: pd.DataFrame, schema: Schema | None) -> list[str]:
    """Return the columns of the schema that a table has, and its shapes; all columns where it has no schema."""
    if schema is None:
        return list(map(str, table.columns))
    shapes = ["geometry"] if isinstance(table, gpd.GeoDataFrame) else []
    return [name for name in (*schema.columns, *shapes) if name in table]


def _sum(cells: pd.Series[Any]) -> float:
    """Return the sum of a column, a whole number where it is one."""
    total = float(cells.sum())
    return int(total) if total.is_integer() else round(total, 3)


def _period(table: pd.DataFrame, columns: list[str]) -> str:
    """Return the first and the last time in a table; "" where it has none."""
    cells = [table[name].dropna() for name in _TIMES if name in columns]
    texts = [str(_plain(value)) for column in cells for value in column.unique().tolist()]
    times = sorted(text for text in texts if text)
    return f"{times[0]}..{times[-1]}" if times else ""


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it.

    Examples
    --------
    >>> _plain(float("nan")), _plain(pd.Timestamp("2026-01-02")), _plain(-111.22222222)
    (None, '2026-01-02', -111.222222)
    """
    if hasattr(value, "geom_type"):
        return _shape(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    value = value.item() if hasattr(value, "item") else value
    return round(value, 6) if isinstance(value, float) else value


def _shape(shape: Any) -> str:
    """Return the kind and the box of a shape."""
    if shape.is_empty:
        return f"empty {shape.geom_type}"
    west, south, east, north = shape.bounds
    return f"{shape.geom_type}, lon {west:.3f} to {east:.3f}, lat {south:.3f} to {north:.3f}"
