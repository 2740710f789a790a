"""Schemas: what a table must hold before any room accepts it.

The checks themselves are pandera's; this module keeps one description of a table from which the
pandera schema, the messages and the data dictionary all come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from corridors.core.errors import Fault, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyproj import CRS

Kind = Literal["text", "integer", "number", "flag", "date"]
_NAMES: dict[str, str] = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "date": "a date YYYY-MM-DD",
}
_FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    kind
        What a cell holds.
    doc
        Meaning, for the data dictionary and for messages.
    unit
        Unit of a number, "" when it has none.
    low, high
        Inclusive range of a number.
    choices
        The only texts allowed, () for any.
    pattern
        Regular expression a text must match from start to end.
    empty
        Whether a cell may be empty.
    refers
        (table, column) whose values this column's must be among.
    """

    kind: Kind
    doc: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    empty: bool = False
    refers: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """A table's contract.

    Parameters
    ----------
    name
        Table id, the same as in `data/catalog.csv`.
    doc
        What a row is.
    key
        Columns that together name a row.
    columns
        Column name to its contract. Columns not named here are kept and not checked.
    geometry
        Geometry types allowed; empty for a table without geometry. CRS is always EPSG:4326.
    """

    name: str
    doc: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    geometry: frozenset[str] = field(default_factory=frozenset)
    crs: int = 4326


def check(
    table: pd.DataFrame,
    schema: Schema,
    *,
    file: str = "",
    tables: Mapping[str, pd.DataFrame] | None = None,
    first_row: int = 2,
) -> pd.DataFrame:
    """Return `table` with its columns in their kinds, or raise one error that lists every fault.

    Parameters
    ----------
    table
        As read: text columns are converted, typed ones are checked. Not changed.
    schema
        The contract.
    file
        Name for messages; the schema's name by default.
    tables
        Checked tables that foreign keys refer to, by table id.
    first_row
        Line number of the first data row, for messages.

    Raises
    ------
    SchemaError
        With a Fault for every missing column, wrong cell, repeated key, unknown reference, empty
        table, wrong geometry or CRS.
    """
    name = file or schema.name
    if table.empty:
        raise SchemaError([Fault(name, "at least one row", "none", "Give a file that has data rows.")])
    faults: list[Fault] = []
    converted = table.reset_index(drop=True).copy()
    for column, rule in schema.columns.items():
        if column not in converted:
            if not rule.empty:
                found = f"columns {', '.join(map(str, table.columns))}"
                remedy = f"Add the column: {rule.doc}."
                faults.append(Fault(name, f"a column {column!r}", found, remedy, column=column))
            continue
        converted[column], wrong = _convert(converted[column], rule)
        faults += [
            Fault(
                name, _expected(rule), repr(value), f"Correct the cell: {rule.doc}.", row + first_row, column
            )
            for row, value in _by_row(wrong)
        ]
        faults += _check_cells(
            converted[column].drop(wrong.index), column, rule, name=name, first_row=first_row
        )
        faults += _check_reference(
            converted[column], column, rule, tables or {}, name=name, first_row=first_row
        )
    faults += _check_key(converted, schema, name, first_row)
    if schema.geometry:
        faults += _check_geometry(converted, schema, name, first_row)
    if faults:
        raise SchemaError(faults)
    return converted


def _expected(rule: Column) -> str:
    """Return the rule of one cell in words."""
    words = _NAMES[rule.kind]
    if rule.choices:
        words = f"one of {', '.join(rule.choices)}"
    if rule.pattern:
        words += f" like {rule.pattern}"
    if rule.low is not None or rule.high is not None:
        low = "" if rule.low is None else f"from {rule.low:g} "
        high = "" if rule.high is None else f"up to {rule.high:g}"
        words += f" {low}{high}".rstrip()
    if rule.unit:
        words += f" ({rule.unit})"
    return words if rule.empty else f"{words}, not empty"


def _convert(cells: pd.Series[Any], rule: Column) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the column in its kind, and the cells that could not be converted (by row)."""
    if isinstance(cells.dtype, pd.StringDtype) or cells.dtype == object:
        cells = cells.astype("string").str.strip().astype(object)
        cells = cells.where(cells.notna() & (cells != ""), None)
    given = cells.notna()
    if rule.kind == "text":
        return cells.astype("str") if given.all() else cells.astype("str").where(given, None), cells[:0]
    if rule.kind == "date":
        dates = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
        return dates, cells[given & dates.isna()]
    if rule.kind == "flag":
        flags = cells.astype("str").str.lower().map(_FLAGS)
        whole = flags.astype(bool) if flags.notna().all() else flags
        return whole, cells[given & flags.isna()]
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    wrong = given & (numbers.isna() | numbers.isin([float("inf"), float("-inf")]))
    if rule.kind == "integer":
        wrong |= given & (numbers % 1 != 0)
        if not wrong.any():
            return numbers.astype("Int64" if not given.all() else "int64"), cells[:0]
    return numbers, cells[wrong]


def _check_cells(
    cells: pd.Series[Any], column: str, rule: Column, *, name: str, first_row: int
) -> list[Fault]:
    """Return a fault for each converted cell that breaks its rule, by a pandera column."""
    checks = []
    if rule.low is not None:
        checks.append(pa.Check.ge(rule.low))
    if rule.high is not None:
        checks.append(pa.Check.le(rule.high))
    if rule.choices:
        checks.append(pa.Check.isin(list(rule.choices)))
    if rule.pattern:
        checks.append(pa.Check.str_matches(rf"(?:{rule.pattern})\Z"))
    series = pa.SeriesSchema(checks=checks, nullable=rule.empty, name=column)
    try:
        series.validate(cells, lazy=True)
    except pa.errors.SchemaErrors as error:
        rows = sorted({int(row) for row in error.failure_cases["index"].dropna()})
    else:
        return []
    return [
        Fault(
            name,
            _expected(rule),
            "an empty cell" if pd.isna(cells[row]) else repr(_plain(cells[row])),
            f"Correct the cell: {rule.doc}.",
            row + first_row,
            column,
        )
        for row in rows
    ]


def _by_row(cells: pd.Series[Any]) -> Iterator[tuple[int, Any]]:
    """Yield the row number and the value of each cell."""
    yield from zip(cells.index.tolist(), cells.tolist(), strict=True)


def _plain(value: Any) -> Any:
    """Return a numpy scalar as Python shows it."""
    return value.item() if hasattr(value, "item") else value


def _check_reference(
    cells: pd.Series[Any],
    column: str,
    rule: Column,
    tables: Mapping[str, pd.DataFrame],
    *,
    name: str,
    first_row: int,
) -> list[Fault]:
    """Return a fault for each value that the table referred to does not hold."""
    if rule.refers is None or rule.refers[0] not in tables:
        return []
    table, key = rule.refers
    unknown = cells[cells.notna() & ~cells.isin(tables[table][key])]
    remedy = f"Use a {key} listed in {table}."
    return [
        Fault(name, f"a {key} of table {table!r}", repr(value), remedy, row + first_row, column)
        for row, value in _by_row(unknown)
    ]


def _check_key(table: pd.DataFrame, schema: Schema, name: str, first_row: int) -> list[Fault]:
    """Return a fault for each row whose key an earlier row has."""
    key = [column for column in schema.key if column in table]
    if len(key) < len(schema.key):
        return []
    repeated = table.index[table.duplicated(key)]
    expected = f"each {' + '.join(key)} once"
    return [
        Fault(
            name,
            expected,
            f"{', '.join(str(value) for value in table.loc[row, key])} again",
            "Keep one row of each.",
            row + first_row,
            key[0],
        )
        for row in repeated
    ]


def _check_geometry(table: pd.DataFrame, schema: Schema, name: str, first_row: int) -> list[Fault]:
    """Return faults of geometry type, emptiness, validity and CRS."""
    wanted = " or ".join(sorted(schema.geometry))
    if not isinstance(table, gpd.GeoDataFrame):
        return [Fault(name, f"{wanted} geometry", "none", "Give a GeoParquet or GeoPackage file.")]
    faults = []
    crs: CRS | None = table.crs
    if crs is None or crs.to_epsg() != schema.crs:
        found = "none" if crs is None else crs.to_string()
        faults.append(Fault(name, f"CRS EPSG:{schema.crs}", found, f"Reproject with .to_crs({schema.crs})."))
    kinds = table.geom_type
    remedy = "Repair or remove the row."
    found = kinds.where(kinds.notna() & ~table.is_empty, "no geometry")
    wrong = found[~found.isin(schema.geometry)]
    invalid = found[~table.is_valid & found.isin(schema.geometry)]
    return [
        *faults,
        *(
            Fault(name, f"a {wanted}", kind, remedy, row + first_row, "geometry")
            for row, kind in _by_row(wrong)
        ),
        *(
            Fault(name, f"a valid {wanted}", "an invalid one", remedy, row + first_row, "geometry")
            for row, _ in _by_row(invalid)
        ),
    ]
