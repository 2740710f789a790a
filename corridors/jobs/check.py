"""Check one file of the user: the rows kept and why the others were not, and whether a run could use them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from corridors.config import Config
from corridors.core.errors import Fault, InputError, NotEnoughDataError
from corridors.core.limits import limited_to, limits
from corridors.core.own_settings import DataFile
from corridors.core.run_settings import RunSettings
from corridors.jobs.inputs import (
    POPULATION,
    RASTERS,
    Inputs,
    check_tables_folder,
    default_data,
    load_inputs,
    own_source,
    take_tables,
)
from corridors.jobs.part import part_line
from corridors.sources import Context, Report, guess_format, load_as, partial_faults
from corridors.sources.tables import LateTables, load_all, load_raster, load_table, preview_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def check_file(
    path: Path, name: str = "", data: Path | None = None, *, period: str = "", config: Config | None = None
) -> Report:
    """Check one file and return how many of its rows are kept, why the rest are not, and what would stop a run.

    Parameters
    ----------
    path
        File to check; it is not changed.
    name
        Format of an agency, or table in its own columns; guessed from the file's columns by default.
    data
        Folder of the default tables; those of the package by default.
    period
        Time the file covers ("2023..2025"), for one that does not say it; as `period` of the section `data`.
    config
        Settings, of which the limits of what is read are taken; the defaults by default.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    _check_period(period)
    with limited_to((config or Config()).limits):
        return _checked(path, name, data, period)


def _checked(path: Path, name: str, data: Path | None, period: str) -> Report:
    """Return the report of a file, within the limits in force."""
    tables = LateTables(data or default_data())
    if data is not None:  # faults of the user's own folder come before those of the file
        check_tables_folder(data)
        tables.taken |= load_all(data)
    data = tables.data
    if name in tables or name in RASTERS:
        return _check_own(path, name, data, tables, period)
    context = Context(tables, period=period)
    loaded = load_as(path, name, context) if name else guess_format(path, context)[1]
    wrong: list[Fault] = []
    for key, table in loaded.tables.items():
        own_source(key, DataFile(file=path, period=period), table, wrong, loaded.report)
    if wrong:
        raise InputError(wrong)
    replaced = load_all(data, known=tables.taken)
    take_tables(replaced, path, loaded.tables)
    faults = partial_faults(replaced, dict.fromkeys(loaded.tables, str(path)))
    population = load_raster(POPULATION, data=data)
    report = replace(loaded.report, tables=preview_tables(loaded.tables))
    if faults:
        return replace(report, stopped_by=InputError(faults))
    return _asked_of_a_run(report, Inputs(replaced, population, ()))


def _check_period(period: str) -> None:
    """Raise an error if a period is not written as the settings want it."""
    try:
        DataFile(file=Path(), period=period)
    except ValidationError as error:
        expected, remedy = 'a time such as "2026-11" or "2023..2025"', "Correct it."
        raise InputError([Fault("--period", expected, repr(period), remedy)]) from error


def _check_own(path: Path, name: str, data: Path, tables: Mapping[str, pd.DataFrame], period: str) -> Report:
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
        inputs = load_inputs(
            Config(data={name: DataFile(file=path.absolute(), period=period)}, limits=limits()), data
        )
    except InputError as error:
        return replace(report, stopped_by=error)
    return _asked_of_a_run(report, inputs)


def _asked_of_a_run(report: Report, inputs: Inputs) -> Report:
    """Return a report with what the first stages of a run say of its tables: why it would stop, and the part they cover."""
    from corridors.jobs.stages import prepare_run  # compiled by Numba: a file with faults needs none of it

    try:
        part = prepare_run(inputs, Config(run=RunSettings(partial=True)))
    except (InputError, NotEnoughDataError) as error:
        return replace(report, stopped_by=error)
    if not part:
        return report
    note = f"a run with it is of a part of the region and asks for --partial: {part_line(part)}"
    return replace(report, notes=(*report.notes, note))
