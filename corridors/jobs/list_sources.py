"""What is loaded, as rows for a terminal, a program or a page: the catalogue with coverage, age and dropped rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table

from corridors.outputs.files.atomic import atomic_write
from corridors.outputs.pages.sources import SourceRow, render_sources
from corridors.sources.tables.coverage import Coverage, age_years, coverage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from corridors.jobs.inputs import Inputs


def source_rows(inputs: Inputs, today: date) -> list[SourceRow]:
    """Return one row a source, in the catalogue's order."""
    reports = {report.file: report for report in inputs.reports}
    rows = []
    for source in inputs.sources:
        table = inputs.tables.get(source.id)
        found = Coverage(None, None, None) if table is None else coverage(table)
        report = reports.get(source.file)
        rows.append(
            SourceRow(
                source=source,
                coverage_us=found.us_states,
                coverage_mx=found.mx_states,
                coverage_municipalities=found.municipalities,
                dropped=dict(report.dropped) if report else {},
                age_years=age_years(source.period, today),
                own_file=not source.licence,
            )
        )
    return rows


def plain(row: SourceRow) -> dict[str, Any]:
    """Return a row as plain values, the source's own among them."""
    values = asdict(row)
    return {**values.pop("source"), **values}


def table(rows: Sequence[SourceRow]) -> Table:
    """Return the rows for a terminal."""
    shown = Table(title="Sources", show_lines=True)
    for column in (
        "id",
        "title",
        "publisher",
        "period",
        "age, years",
        "rows",
        "covers",
        "licence",
        "what it is not",
    ):
        shown.add_column(column, overflow="fold")
    for row in rows:
        parts = (
            (row.coverage_us, "of 4 US states"),
            (row.coverage_mx, "of 32 Mexican states"),
            (row.coverage_municipalities, "of 2,478 municipalities"),
        )
        covers = "\n".join(f"{count:,} {what}" for count, what in parts if count is not None)
        source = row.source
        age = "" if row.age_years is None else f"{row.age_years:.1f}"
        shown.add_row(
            source.id,
            source.title,
            source.publisher,
            source.period,
            age,
            f"{source.rows:,}",
            covers,
            source.licence,
            source.not_what,
        )
    return shown


def write_page(rows: Sequence[SourceRow], path: Path, today: date) -> None:
    """Write the page of sources; an earlier one is replaced only by a whole one."""
    atomic_write(path, render_sources(rows, on=today))
