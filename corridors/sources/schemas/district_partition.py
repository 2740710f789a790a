"""Whether consular districts part the counties: none without a row, none in two districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

SHOWN = 8


def partition_faults(
    table: pd.DataFrame, tables: Mapping[str, pd.DataFrame], file: str, rows: Sequence[int]
) -> list[Fault]:
    """Return a fault for each county of two districts, and one for the counties of none.

    Parameters
    ----------
    table
        `consular_districts`, converted. A row with a `part` speaks of a part of a county and is not counted.
    tables
        `counties`, where it is loaded.
    file, rows
        Name for messages, and the line of each row.
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
        shown = ", ".join(f"{fips} {name}" for fips, name in missing.head(SHOWN).items())
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        remedy = (
            "Add a row for each; leave its consulate empty to have it filled in by road time, as approximate."
        )
        faults.append(Fault(file, "a row for every county", f"none for {shown}{more}", remedy, column="fips"))
    return faults
