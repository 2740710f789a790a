"""What a row of the tables of crossings and events must hold beyond the rules of its columns: parts that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    Found = tuple[pd.Series, str, str]

KINDS = ["long_guns", "short_guns", "machine_guns", "type_not_printed"]
TOLERANCE = 0.01
"""Difference allowed between a share or a ratio and what its row gives, for rounding."""
_LENGTH = {"day": 10, "month": 7, "year": 4, "unknown": 0}


def crossing_faults(table: pd.DataFrame, table_id: str, file: str) -> list[Fault]:
    """Return a fault for each row of an event or a factor that contradicts itself; rows from 0.

    Parameters
    ----------
    table
        Checked by its schema.
    table_id, file
        Id of the table, and name for messages.
    """
    found = _CHECKS[table_id](table) if table_id in _CHECKS else []
    return [
        Fault(file, expected, str(table[column].iloc[row]), "Correct the row.", int(row), column)
        for wrong, column, expected in found
        for row in wrong.to_numpy().nonzero()[0]
    ]


def _seizures(table: pd.DataFrame) -> list[Found]:
    """Return the contradictions of `seizure_events`."""
    whole = table.groupby("event_id")["share"].transform("sum")
    return [
        _sum_of_kinds(table),
        (table["date_to"] < table["date_from"], "date_to", "a day not before date_from"),
        (table["cvegeo"].str[:2] != table["mx_state"], "cvegeo", "a municipality of mx_state"),
        ((whole - 1).abs() > TOLERANCE, "share", "parts of an event that add up to 1"),
    ]


def _port_events(table: pd.DataFrame) -> list[Found]:
    """Return the contradictions of `port_events`."""
    length = table["date"].fillna("").str.len()
    wrong = length != table["precision"].map(_LENGTH)
    return [_sum_of_kinds(table), (wrong, "precision", "the precision that the date has")]


def _factors(table: pd.DataFrame) -> list[Found]:
    """Return the contradictions of `southbound_factors`."""
    ratio = table["southbound"] / table["northbound"].where(table["northbound"] > 0)
    outside = (table["factor"] < table["factor_lo"]) | (table["factor"] > table["factor_hi"])
    differs = ~((table["factor"] / ratio - 1).abs() <= TOLERANCE)
    return [
        (outside, "factor", "a number between factor_lo and factor_hi"),
        (differs, "factor", "southbound divided by northbound"),
    ]


def _ports(table: pd.DataFrame) -> list[Found]:
    """Return the contradictions of the crossing cities of `ports_of_entry`."""
    if "crossing_city" not in table:
        return []
    names = [name for name in ("crossing_city_es", "crossing_city_en") if name in table]
    return [
        (table.groupby("crossing_city")[name].transform("nunique") > 1, name, "one name for a crossing city")
        for name in names
    ]


def _sum_of_kinds(table: pd.DataFrame) -> Found:
    """Return the rows whose total is not the sum of the kinds."""
    return table[KINDS].sum(axis=1) != table["guns_total"], "guns_total", "the sum of the kinds of guns"


_CHECKS: Mapping[str, Callable[[pd.DataFrame], list[Found]]] = {
    "seizure_events": _seizures,
    "port_events": _port_events,
    "southbound_factors": _factors,
    "ports_of_entry": _ports,
}
