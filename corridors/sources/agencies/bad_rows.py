"""Rows that cannot be read: a few are left out and said one by one, many mean that the file is another than it seems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import SchemaError
from corridors.sources.agencies.row_report import MAX_LISTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.errors import Fault
    from corridors.sources.agencies.row_report import RowReport

MAX_BAD = 0.25
"""Largest part of a file's rows that is left out as slips; one row always is where others remain."""

BadRows = dict[int, tuple[str, "Sequence[Fault]"]]
"""Position of a row to the reason for which it is left out, and its faults."""


def leave_out(row_report: RowReport, bad: Mapping[int, tuple[str, Sequence[Fault]]], total: int) -> None:
    """Drop rows that cannot be read, with a note on each.

    Parameters
    ----------
    row_report
        Of the file; changed.
    bad
        Position of each such row to its reason and its faults.
    total
        Number of rows that were to be read, these among them.

    Raises
    ------
    SchemaError
        With every fault, when no row would remain or more than `MAX_BAD` of them cannot be read.
    """
    if not bad:
        return
    faults = [fault for _, (_, some) in sorted(bad.items()) for fault in some]
    if len(bad) >= total or (len(bad) > 1 and len(bad) > MAX_BAD * total):
        raise SchemaError(faults)
    for reason in dict.fromkeys(reason for reason, _ in bad.values()):
        rows = [at for at, (given, _) in bad.items() if given == reason]
        row_report.drop(
            pd.Series(row_report.reasons.index.isin(rows), index=row_report.reasons.index), reason
        )
    row_report.note(*(_note(fault) for fault in faults[:MAX_LISTED]))
    row_report.note(f"left out: {len(faults) - MAX_LISTED:,} faults more" if len(faults) > MAX_LISTED else "")


def _note(fault: Fault) -> str:
    """Return a note on a row that is left out."""
    sheet = fault.file.partition(", sheet ")[2]
    place = ", ".join(
        part
        for part in (
            f"sheet {sheet}" if sheet else "",
            f"row {fault.row}" if fault.row is not None else "",
            f"column {fault.column!r}" if fault.column else "",
        )
        if part
    )
    return f"left out: {place}: expected {fault.expected}, found {fault.found}"
