"""Check one file of the user: the rows kept and why the others were not, and whether a run could use them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridors.config import Config
from corridors.core.errors import InputError, NotEnoughDataError
from corridors.core.own_settings import DataFile
from corridors.core.run_settings import RunSettings
from corridors.jobs.inputs import POPULATION, RASTERS, Inputs, default_data, load_inputs, take_tables
from corridors.sources import Context, Report, guess_format, load_as, partial_faults
from corridors.sources.tables import LateTables, load_all, load_raster, load_table, preview_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


def check_file(path: Path, name: str = "", data: Path | None = None) -> Report:
    """Check one file and return how many of its rows are kept, why the rest are not, and what would stop a run.

    Parameters
    ----------
    path
        File to check; it is not changed.
    name
        Format of an agency, or table in its own columns; guessed from the file's columns by default.
    data
        Folder of the default tables; those of the package by default.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    tables = LateTables(data or default_data())
    if data is not None:  # faults of the user's own folder come before those of the file
        tables.taken |= load_all(data)
    data = tables.data
    if name in tables or name in RASTERS:
        return _check_own(path, name, data, tables)
    context = Context(tables)
    loaded = load_as(path, name, context) if name else guess_format(path, context)[1]
    replaced = load_all(data, known=tables.taken)
    take_tables(replaced, path, loaded.tables)
    faults = partial_faults(replaced, dict.fromkeys(loaded.tables, str(path)))
    population = load_raster(POPULATION, data=data)
    stops = str(InputError(faults)) if faults else _stops_run(Inputs(replaced, population, ()))
    return replace(loaded.report, stops_run=stops, tables=preview_tables(loaded.tables))


def _check_own(path: Path, name: str, data: Path, tables: Mapping[str, pd.DataFrame]) -> Report:
    """Return the report of a table in its own columns, or of a raster.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    if name in RASTERS:
        load_raster(name, path, data=data)
        report = Report(format=name, file=path.name, rows=1, kept=1, unit="rasters")
    else:
        table = load_table(name, path, data=data, tables=tables)
        (shown,) = preview_tables({name: table}, path)
        unused = tuple(column for column in map(str, table.columns) if column not in shown.columns)
        report = Report(
            format=name,
            file=path.name,
            rows=len(table),
            kept=len(table),
            period=shown.period,
            columns={column: column for column in shown.columns},
            unused=unused,
            tables=(shown,),
        )
    try:
        inputs = load_inputs(Config(data={name: DataFile(file=path.absolute())}), data)
    except InputError as error:
        return replace(report, stops_run=str(error))
    return replace(report, stops_run=_stops_run(inputs))


def _stops_run(inputs: Inputs) -> str:
    """Return why a run would stop before it infers anything, "" where it would not: its own first stages are asked."""
    from corridors.jobs.stages import prepare_run  # compiled by Numba: a file with faults needs none of it

    try:
        prepare_run(inputs, Config(run=RunSettings(partial=True)))
    except (InputError, NotEnoughDataError) as error:
        return str(error)
    return ""
