"""What is loaded, as rows for a program or a page: the catalog with coverage, age and dropped rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from corridors.jobs.folders import site_beside
from corridors.jobs.inputs import load_inputs
from corridors.outputs.files import atomic_write
from corridors.outputs.pages import SourceRow, render_sources
from corridors.outputs.text import in_spanish
from corridors.sources.tables import age_years, coverage_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.results import Run
    from corridors.jobs.inputs import Inputs
    from corridors.outputs.web import Site


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources a run reads, in the catalog's order.

    Parameters
    ----------
    rows
        A row a source.
    today
        Day the ages are of.
    language
        Language the page of sources opens in.
    """

    rows: Sequence[SourceRow]
    today: date
    language: str = "es"

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as plain values, those of the source among them."""
        rows = [asdict(row) for row in self.rows]
        return [{**row.pop("source"), **row} for row in rows]

    def texts(self, language: str) -> list[dict[str, Any]]:
        """Return what a terminal shows of each source; title, period and caution in the language where they are translated."""
        return [
            {
                **asdict(row.source),
                "age_years": row.age_years,
                "of_us_states": row.coverage_us,
                "of_mx_states": row.coverage_mx,
                "of_municipalities": row.coverage_municipalities,
                **(in_spanish(row.source) if language == "es" else {}),
            }
            for row in self.rows
        ]

    def write(self, path: Path) -> None:
        """Write the page of sources; an earlier one is replaced only by a whole one."""
        atomic_write(path, self.page(site=site_beside(path.parent).beside(path.name)))

    def page(self, run: Run | None = None, site: Site | None = None) -> str:
        """Return the page of sources, of a run and with the pages that can be opened from it where it is in a site."""
        return render_sources(self.rows, on=self.today, opening=self.language, run=run, site=site)


def list_sources(config: Config, *, data: Path | None = None, today: date | None = None) -> SourceList:
    """Return the sources a run of these settings reads.

    Parameters
    ----------
    config
        Settings; `config.data` names the user's own files.
    data
        Folder of the default tables; those of the package by default.
    today
        Day the ages are of; the present one by default.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    today = today or datetime.now(tz=UTC).date()
    return SourceList(source_rows(load_inputs(config, data), today), today, config.run.language)


def source_rows(inputs: Inputs, today: date) -> list[SourceRow]:
    """Return a row a source, in the catalog's order."""
    reports = {report.file: report for report in inputs.reports}
    rows = []
    for source in inputs.sources:
        table = inputs.tables.get(source.id)
        found = coverage_of(table)
        report = reports.get(source.file)
        rows.append(
            SourceRow(
                source=source,
                coverage_us=found.us_states,
                coverage_mx=found.mx_states,
                coverage_municipalities=found.municipalities,
                dropped=dict(report.dropped) if report else {},
                age_years=age_years(source.period, today),
                own_file=source.own,
            )
        )
    return rows
