"""Check that consular districts partition the counties: none without a row, none in two districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

MAX_LISTED = 8


def partition_faults(
    table: pd.DataFrame, tables: Mapping[str, pd.DataFrame], file: str, rows: Sequence[int]
) -> list[Fault]:
    """Return a fault for each county in two districts, and one for the counties in none.

    Parameters
    ----------
    table
        `consular_districts`, converted. A row with a `part` concerns only part of a county and is not counted.
    tables
        `counties`, where it is loaded.
    file, rows
        File name for messages, and the line of each row.
    """
    if not {"fips", "consulate"} <= set(table):
        return []
    whole = table[table["part"].fillna("").eq("")] if "part" in table else table
    faults = []
    for fips, group in whole.groupby("fips"):
        names = group["consulate"].fillna("none").unique()
        if len(names) > 1:
            found = f"{fips} under {' and '.join(names)}"
            remedy = "Keep one whole row of the county; say of any other which `part` of it is meant."
            faults.append(
                Fault(file, "each county in one district", found, remedy, rows[group.index[1]], "fips")
            )
    if "counties" not in tables:
        return faults
    missing = tables["counties"].set_index("fips")["name"].drop(whole["fips"].dropna(), errors="ignore")
    if len(missing):
        listed = ", ".join(f"{fips} {name}" for fips, name in missing.head(MAX_LISTED).items())
        more = f" and {len(missing) - MAX_LISTED} more" if len(missing) > MAX_LISTED else ""
        remedy = (
            "Add a row for each; leave its consulate empty to have it filled in by road time, as approximate."
        )
        faults.append(
            Fault(file, "a row for every county", f"none for {listed}{more}", remedy, column="fips")
        )
    return faults
