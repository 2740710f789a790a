"""Schemas: the contract that a table meets before any room accepts it.

One description of a table gives the pandera schema, the messages and the data dictionary. Pandera finds absent columns,
cells that break a rule or a reference, repeated keys and wrong or invalid shapes, all in one lazy validation; here its
findings become faults that say what was expected, found and to be done.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.core.signs import has_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandera.pandas as pa
    from pyproj import CRS

Kind = Literal["text", "integer", "number", "flag", "date"]
_NAMES: dict[str, str] = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "date": "a date YYYY-MM-DD",
}
_RULE, _REFERENCE, _ABSENT, _KEY = "rule", "reference", "absent", "key"
_GEOMETRY, _VALID, _NO_GEOMETRY = "geometry", "valid geometry", "no geometry"
_MAX_WHOLE = 2.0**53
"""Largest whole number up to which a float64 has every one: what is beyond is refused as it was written."""
_FLAGS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    kind
        Kind of value.
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
        (table, column) that must hold each value of this column.
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
        Meaning of a row.
    key
        Columns that together identify a row.
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
    converted = table.reset_index(drop=True).copy()
    wrong: dict[str, pd.Series[Any]] = {}
    for column, rule in schema.columns.items():
        if column in converted:
            converted[column], wrong[column] = _convert(converted[column], rule)
    found = _failures(converted, schema, tables or {})
    faults = [
        fault
        for column, rule in schema.columns.items()
        for fault in _column_faults(column, rule, converted, wrong.get(column), found)
    ]
    faults += [_repeated(converted, schema, row) for row in found.get((_KEY, _KEY), [])]
    if schema.geometry:
        faults += _geometry_faults(converted, schema, found)
    if faults:
        raise SchemaError(
            [replace(one, file=name, row=None if one.row is None else one.row + first_row) for one in faults]
        )
    return converted


def arrange(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return the schema's columns in its order, the geometry last, rows sorted by key."""
    columns = [*schema.columns, *(["geometry"] if schema.geometry else [])]
    return table[columns].sort_values(list(schema.key), kind="stable").reset_index(drop=True)


def _failures(
    table: pd.DataFrame, schema: Schema, tables: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, str], list[int]]:
    """Return (column, check) to the rows that fail it, all found by pandera in one validation."""
    import pandera.pandas as pa

    columns = {
        name: pa.Column(checks=_checks(rule, tables), nullable=rule.empty, required=not rule.empty, name=name)
        for name, rule in schema.columns.items()
    }
    cells = pd.DataFrame(table[[name for name in schema.columns if name in table]])
    if schema.geometry and isinstance(table, gpd.GeoDataFrame):
        kinds = table.geom_type
        cells[_GEOMETRY] = kinds.where(kinds.notna() & ~table.is_empty, _NO_GEOMETRY).astype("str")
        cells[_VALID] = table.is_valid | ~cells[_GEOMETRY].isin(schema.geometry)
        columns[_GEOMETRY] = pa.Column(checks=pa.Check.isin(sorted(schema.geometry), error=_RULE))
        columns[_VALID] = pa.Column(checks=pa.Check.isin([True], error=_RULE))
    key = list(schema.key) if set(schema.key) <= set(cells) else None
    wanted = pa.DataFrameSchema(columns, unique=key, report_duplicates="exclude_first")
    try:
        wanted.validate(cells, lazy=True)
    except pa.errors.SchemaErrors as error:
        return _by_check(error.failure_cases)
    return {}


def _checks(rule: Column, tables: Mapping[str, pd.DataFrame]) -> list[pa.Check]:
    """Return pandera's checks of one column: its rule, and the values its reference allows where they are known."""
    import pandera.pandas as pa

    checks = []
    if rule.low is not None:
        checks.append(pa.Check.ge(rule.low, error=_RULE))
    if rule.high is not None:
        checks.append(pa.Check.le(rule.high, error=_RULE))
    if rule.choices:
        checks.append(pa.Check.isin(list(rule.choices), error=_RULE))
    if rule.pattern:
        checks.append(pa.Check.str_matches(rf"(?:{rule.pattern})\Z", error=_RULE))
    if rule.refers is not None and rule.refers[0] in tables:
        table, key = rule.refers
        known = tables[table][key]
        # not `Check.isin`: pandera copies its values, which takes longer than to look them up
        checks.append(pa.Check(lambda cells: cells.isin(known), error=_REFERENCE))
    return checks


def _by_check(cases: pd.DataFrame) -> dict[tuple[str, str], list[int]]:
    """Return pandera's failure cases by column and check; an empty cell breaks the column's rule."""
    found: dict[tuple[str, str], set[int]] = {}
    for column, check_name, value, row in cases[["column", "check", "failure_case", "index"]].itertuples(
        index=False, name=None
    ):
        if check_name == "column_in_dataframe":
            found.setdefault((str(value), _ABSENT), set())
        elif check_name == "multiple_fields_uniqueness":
            found.setdefault((_KEY, _KEY), set()).add(int(row))
        else:
            name = _REFERENCE if check_name == _REFERENCE else _RULE
            found.setdefault((str(column), name), set()).add(int(row))
    return {place: sorted(rows) for place, rows in found.items()}


def _column_faults(
    column: str,
    rule: Column,
    table: pd.DataFrame,
    wrong: pd.Series[Any] | None,
    found: Mapping[tuple[str, str], list[int]],
) -> list[Fault]:
    """Return the faults of one column: absent, cells that could not be converted, rule, reference. Rows from 0."""
    if wrong is None:
        if (column, _ABSENT) not in found:
            return []
        names = ", ".join(map(str, table.columns))
        remedy = f"Add the column: {rule.doc}."
        return [Fault("", f"a column {column!r}", f"columns {names}", remedy, column=column)]
    cells, remedy = table[column], f"Correct the cell: {rule.doc}."
    expected = _expected(rule, control=rule.kind == "text")  # no text is wrong otherwise
    faults = [Fault("", expected, repr(value), remedy, row, column) for row, value in _by_row(wrong)]
    faults += [
        Fault("", _expected(rule), _shown(cells[row]), remedy, row, column)
        for row in found.get((column, _RULE), [])
        if row not in wrong.index
    ]
    if rule.refers is not None:
        other, key = rule.refers
        faults += [
            Fault(
                "",
                f"a {key} of table {other!r}",
                _shown(cells[row]),
                f"Use a {key} listed in {other}.",
                row,
                column,
            )
            for row in found.get((column, _REFERENCE), [])
        ]
    return faults


def _repeated(table: pd.DataFrame, schema: Schema, row: int) -> Fault:
    """Return the fault of a row whose key an earlier row has."""
    key = list(schema.key)
    found = f"{', '.join(str(value) for value in table.loc[row, key])} again"
    return Fault("", f"each {' + '.join(key)} once", found, "Keep one row of each.", row, key[0])


def _geometry_faults(
    table: pd.DataFrame, schema: Schema, found: Mapping[tuple[str, str], list[int]]
) -> list[Fault]:
    """Return faults of CRS, geometry type, emptiness and validity."""
    wanted = " or ".join(sorted(schema.geometry))
    if not isinstance(table, gpd.GeoDataFrame):
        return [Fault("", f"{wanted} geometry", "none", "Give a GeoParquet or GeoPackage file.")]
    faults = []
    # By hand: pandera's Geometry dtype ends the validation at another CRS, even a lazy one, and hides every other fault.
    crs: CRS | None = table.crs
    if crs is None or crs.to_epsg() != schema.crs:
        seen = "none" if crs is None else crs.to_string()
        faults.append(Fault("", f"CRS EPSG:{schema.crs}", seen, f"Reproject with .to_crs({schema.crs})."))
    remedy = "Repair or remove the row."
    for row in found.get((_GEOMETRY, _RULE), []):
        shape = table.geometry[row]
        kind = _NO_GEOMETRY if shape is None or shape.is_empty else shape.geom_type
        faults.append(Fault("", f"a {wanted}", kind, remedy, row, _GEOMETRY))
    return faults + [
        Fault("", f"a valid {wanted}", "an invalid one", remedy, row, _GEOMETRY)
        for row in found.get((_VALID, _RULE), [])
    ]


def _expected(rule: Column, *, control: bool = False) -> str:
    """Return the rule of a cell as text; `control` where a control character breaks it."""
    words = _NAMES[rule.kind]
    if control:
        return f"{words} without control characters"
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
    """Return the column in its kind, and the cells that could not be converted (by row).

    By hand: pandera's `coerce` refuses "3.0" as a whole number and "true" as a flag, names each such cell twice, and a
    parser of pandera cannot say which cells it lost.
    """
    if isinstance(cells.dtype, pd.StringDtype):
        cells = cells.str.strip()
        cells = cells.where(cells != "")
    elif cells.dtype == object:
        cells = cells.astype("string").str.strip().astype(object)
        cells = cells.where(cells.notna() & (cells != ""), None)
    given = cells.notna()
    if rule.kind == "text":
        texts = cells.astype("str") if given.all() else cells.astype("str").where(given, None)
        unsafe = {text for text in texts.dropna().unique() if has_unsafe(text)}
        return texts, texts[texts.isin(unsafe)] if unsafe else cells[:0]
    if rule.kind == "date":
        dates = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
        return dates, cells[given & dates.isna()]
    if rule.kind == "flag":
        flags = cells.astype("str").str.lower().map(_FLAGS)
        converted = flags.astype(bool) if flags.notna().all() else flags
        return converted, cells[given & flags.isna()]
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    wrong = given & (numbers.isna() | numbers.isin([float("inf"), float("-inf")]))
    if rule.kind == "integer":
        wrong |= given & ((numbers % 1 != 0) | (numbers.abs() > _MAX_WHOLE))
        if not wrong.any():
            return numbers.astype("Int64" if not given.all() else "int64"), cells[:0]
    return numbers, cells[wrong]


def _by_row(cells: pd.Series[Any]) -> Iterator[tuple[int, Any]]:
    """Yield the row number and the value of each cell."""
    yield from zip(cells.index.tolist(), cells.tolist(), strict=True)


def _shown(value: Any) -> str:
    """Return a cell as a message shows it, a numpy scalar as Python's."""
    return "an empty cell" if pd.isna(value) else repr(value.item() if hasattr(value, "item") else value)
