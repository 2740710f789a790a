"""JSON records as a table of text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.limits import MAX_JSON_VALUES
from corridors.sources.reading.delimited import TextTable, content, fault
from corridors.sources.reading.encoding import decoded, folded_column, repaired
from corridors.sources.reading.size import check_size

JSON_PART = 0.25
"""Part of the limit of bytes that a JSON file may have, since its values take many times the memory of its text."""

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def read_json(path: Path) -> Any:
    """Return a JSON file's value.

    Raises
    ------
    SchemaError
        When it is truncated, has too many values, or is a service's error (sent with status 200).
    """
    check_size(path, JSON_PART)
    text = decoded(content(path)).text
    values = sum(map(text.count, ",[{"))
    if values > MAX_JSON_VALUES:
        found = f"{values:,} objects, lists and commas"
        raise fault(
            path, f"JSON of at most {MAX_JSON_VALUES:,} values", found, "Give the part of the region."
        )
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = "Download it again: it may be cut."
        raise fault(path, "complete JSON", error.msg, remedy, error.lineno) from None
    except RecursionError:
        raise fault(path, "JSON records", "JSON nested too deeply", "Download it again.") from None
    if isinstance(value, dict) and "error" in value:
        answer = value["error"]
        message = answer.get("message", "") if isinstance(answer, dict) else answer
        remedy = "The service answered with an error instead of rows: ask it again later."
        raise fault(path, "rows", f"an error of the service: {str(message)[:200]!r}", remedy)
    return value


def records_table(path: Path, records: object, columns: Collection[str] | None = None) -> TextTable:
    """Return a list of JSON objects as a table of text; the row of a record is its position.

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
        When it is not a list of objects, or is empty.
    """
    if not isinstance(records, list) or not records or not all(isinstance(item, dict) for item in records):
        raise fault(path, "a list of records", "something else, or none", "Give the file of the format.")
    names: dict[str, str] = {}
    for item in records:
        names.update({folded_column(str(name)): str(name) for name in item})
    every = tuple(names.values())
    names = {name: names[name] for name in names if name and (columns is None or name in columns)}
    folded = [{folded_column(str(name)): value for name, value in item.items()} for item in records]
    cells = {name: [repaired(_text(item.get(name))) for item in folded] for name in names}
    return TextTable(
        pd.DataFrame(cells, dtype="str"),
        tuple(range(1, len(records) + 1)),
        names,
        encoding="utf-8",
        columns=every,
    )


def _text(value: object) -> str:
    """Return a JSON value as text; "" for nested values."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
