"""References of tables into one that a user's file replaced by a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault
from corridors.sources.schemas.gate import KNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

MOST_LOST = 0.1
"""Fraction of the places a table refers to that a newer list may lack: places are merged and renamed."""


def partial_faults(tables: Mapping[str, pd.DataFrame], replaced: Mapping[str, str]) -> list[Fault]:
    """Return a fault for each table of which many references point at nothing, since a file covers only a part.

    Parameters
    ----------
    tables
        Every table by id, each checked.
    replaced
        Ids of the tables that a user's file gave, to the file's name.
    """
    return [
        fault
        for table_id, table in tables.items()
        if table_id not in replaced and table_id in KNOWN
        for fault in _lost(table_id, table, tables, replaced)
    ]


def _lost(
    table_id: str, table: pd.DataFrame, tables: Mapping[str, pd.DataFrame], replaced: Mapping[str, str]
) -> list[Fault]:
    """Return a fault for each column of a table whose references the replaced tables mostly lack."""
    faults = []
    for column, rule in KNOWN[table_id].columns.items():
        if rule.refers is None or rule.refers[0] not in replaced or column not in table:
            continue
        other, key = rule.refers
        wanted: Collection[object] = table[column].dropna().unique()
        lost = sorted(set(wanted) - set(tables[other][key]), key=str)
        if len(lost) > MOST_LOST * len(wanted):
            found = f"none for {len(lost):,} of {len(wanted):,}, as {lost[0]}"
            remedy = f"Give a file of the whole region, or your own {table_id!r} too."
            faults.append(Fault(replaced[other], f"each {key} that {table_id!r} names", found, remedy))
    return faults
