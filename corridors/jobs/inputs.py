"""What a run reads: the shipped tables, and the user's own files in their place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, InputError
from corridors.core.files import sha256
from corridors.core.types import Source
from corridors.sources import FORMATS, Context, Report, load_as, partial_faults
from corridors.sources.tables import load_all, load_raster, read_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.config import Config

POPULATION, ELEVATION = "population", "elevation"
RASTERS = frozenset({POPULATION, ELEVATION})


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read from files.

    Parameters
    ----------
    tables
        Checked tables by id.
    population
        GeoTIFF of people per square kilometer.
    sources
        Catalog rows of what was read; a user's own file replaces the tables it provides.
    reports
        For each file read in an agency's format, how many rows were kept and why the others were not.
    elevation
        The user's GeoTIFF of meters above sea level; none ships with the package.
    """

    tables: Mapping[str, pd.DataFrame]
    population: Path
    sources: tuple[Source, ...]
    reports: tuple[Report, ...] = ()
    elevation: Path | None = None


def default_data() -> Path:
    """Return the folder of the shipped tables: inside an installed package, or beside it in a checkout."""
    here = Path(__file__).parents[1]
    installed = here / "_data"
    return installed if installed.is_dir() else here.parent / "data"


def load_inputs(config: Config, data: Path | None = None) -> Inputs:
    """Return the default tables, or the user's own where the configuration names them.

    Parameters
    ----------
    config
        Settings; `config.data` names the user's own files.
    data
        Folder of the default tables; those of the package by default.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    data = data or default_data()
    own = {key: given.file for key, given in config.data.items() if not given.format}
    population = load_raster(POPULATION, own.get(POPULATION), data=data)
    elevation = load_raster(ELEVATION, own[ELEVATION], data=data) if ELEVATION in own else None
    tables = load_all(data, {key: file for key, file in own.items() if key not in RASTERS})
    known = {*tables, *RASTERS}
    sources = {key: source for key, source in read_catalog(data).items() if key in known}
    for key, file in own.items():
        sources[key] = _own_source(key, sources, file, rows=len(tables.get(key, ())))
    reports = _load_agency_files(config, tables, sources)
    return Inputs(tables, population, tuple(sources.values()), reports, elevation)


def _load_agency_files(
    config: Config, tables: dict[str, pd.DataFrame], sources: dict[str, Source]
) -> tuple[Report, ...]:
    """Put the tables of files in agencies' formats in place of those of the same id. Return a report of each file.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    reports: list[Report] = []
    faults: list[Fault] = []
    replaced: dict[str, str] = {}
    for given in (given for given in config.data.values() if given.format):
        try:
            loaded = load_as(given.file, given.format, Context(tables, given.columns))
        except InputError as error:
            faults += error.faults
            continue
        reports.append(loaded.report)
        take_tables(tables, given.file, loaded.tables)
        for key, table in loaded.tables.items():
            sources[key] = _own_source(key, sources, given.file, rows=len(table), report=loaded.report)
            replaced[key] = str(given.file)
    faults += [] if faults else partial_faults(tables, replaced)
    if faults:
        raise InputError(faults)
    return tuple(reports)


def take_tables(tables: dict[str, pd.DataFrame], file: Path, loaded: Mapping[str, pd.DataFrame]) -> None:
    """Put the tables that a file gives in place of those of the same id, each row with its origin."""
    for key, table in loaded.items():
        tables[key] = table.assign(source_id=file.name, source_row=range(1, len(table) + 1))


def _own_source(
    key: str, sources: Mapping[str, Source], path: Path, *, rows: int, report: Report | None = None
) -> Source:
    """Return the catalog row of a user's own file that replaces a shipped table."""
    shipped = sources.get(key)
    publisher = FORMATS[report.format].publisher if report else ""
    return Source(
        id=key,
        file=path.name,
        title=shipped.title if shipped else key,
        publisher=publisher,
        url="",
        licence="",
        attribution=f"{publisher} ({path.name})" if publisher else path.name,
        period=report.period if report else "",
        retrieved="",
        sha256=sha256(path) if path.is_file() else "",
        rows=rows,
        not_what=shipped.not_what if shipped else "",
        derived_from=path.name,
        note="; ".join(report.notes) if report else "",
    )
