"""What the loaders of the United States side share: finishing tables and the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.schema import check
from corridors.sources.reading.delimited import TextTable, content, fault
from corridors.sources.reading.encoding import decoded, folded_column, repaired
from corridors.sources.reading.frames import arrange
from corridors.sources.schemas.tables import SCHEMAS
from corridors.sources.schemas.us import US_LOADED

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from corridors.sources.formats import Context

NAMES = {"AZ": "Arizona", "CA": "California", "NM": "New Mexico", "TX": "Texas"}
STATE_FIPS = {"AZ": "04", "CA": "06", "NM": "35", "TX": "48"}
_NOT_OURS = "Check that the file is of this format and covers Arizona, California, New Mexico or Texas."


def finish(table_id: str, table: pd.DataFrame, path: Path, context: Context) -> pd.DataFrame:
    """Return a loader's table in the schema's columns and order, checked.

    Raises
    ------
    SchemaError
        When the table has no row or breaks its schema.
    """
    schema = SCHEMAS.get(table_id) or US_LOADED[table_id]
    if table.empty:
        raise fault(path, f"rows for the table {table_id!r}", "none", _NOT_OURS)
    whole = table.copy()
    for name, rule in schema.columns.items():
        if rule.empty and name not in whole:
            whole[name] = pd.NA
    return check(arrange(whole, schema), schema, file=str(path), tables=context.tables)


def reference(context: Context, table_id: str, path: Path) -> pd.DataFrame:
    """Return a table the loader looks things up in.

    Raises
    ------
    SchemaError
        When the context lacks it.
    """
    if table_id not in context.tables:
        remedy = "Load the default tables first."
        raise fault(path, f"the table {table_id!r} to look places up in", "none", remedy)
    return context.tables[table_id]


def state_postal(cells: pd.Series[str]) -> pd.Series[str]:
    """Return the postal code of a US state given by name or code; other text in capitals."""
    codes = {name.upper(): code for code, name in NAMES.items()}
    plain = cells.str.strip().str.upper()
    return plain.map(codes).where(plain.isin(list(codes)), plain)


def padded(cells: pd.Series[str], width: int) -> pd.Series[str]:
    """Return codes with the zeros in front that a spreadsheet or an integer column lost."""
    plain = cells.str.strip().str.replace(r"\.0*$", "", regex=True)
    return plain.where(~plain.str.fullmatch(r"\d+"), plain.str.zfill(width))


def read_json(path: Path) -> Any:
    """Return a JSON file's value.

    Raises
    ------
    SchemaError
        When it is not whole, or is a service's error (which comes with status 200).
    """
    try:
        value = json.loads(decoded(content(path)).text)
    except json.JSONDecodeError as error:
        remedy = "Download it again: it may be cut."
        raise fault(path, "whole JSON", error.msg, remedy, error.lineno) from None
    except RecursionError:
        raise fault(path, "JSON records", "JSON nested too deeply", "Download it again.") from None
    if isinstance(value, dict) and "error" in value:
        answer = value["error"]
        says = answer.get("message", "") if isinstance(answer, dict) else answer
        remedy = "The service answered with an error instead of rows: ask it again later."
        raise fault(path, "rows", f"an error of the service: {str(says)[:200]!r}", remedy)
    return value


def records_table(path: Path, records: object, columns: Collection[str] | None = None) -> TextTable:
    """Return a list of JSON objects as a table of text; a record's place counts as its row.

    Parameters
    ----------
    path
        File, for messages.
    records
        The objects.
    columns
        Folded names to keep; all by default.

    Raises
    ------
    SchemaError
        When it is not a list of objects, or none.
    """
    if not isinstance(records, list) or not records or not all(isinstance(item, dict) for item in records):
        raise fault(path, "a list of records", "something else, or none", "Give the file of the format.")
    names: dict[str, str] = {}
    for item in records:
        names.update({folded_column(str(name)): str(name) for name in item})
    names = {name: names[name] for name in names if name and (columns is None or name in columns)}
    folded = [{folded_column(str(name)): value for name, value in item.items()} for item in records]
    cells = {name: [repaired(_text(item.get(name))) for item in folded] for name in names}
    return TextTable(
        pd.DataFrame(cells, dtype="str"), tuple(range(1, len(records) + 1)), names, encoding="utf-8"
    )


def _text(value: object) -> str:
    """Return a JSON value as text; nested values are no cells."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
