"""What a run reads: the shipped tables, and the user's own files in their place."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.config import absent_files
from corridors.core.errors import CatalogError, Fault, InputError, SchemaError
from corridors.core.files import check_digests, digest, unchanged
from corridors.core.limits import limited_to
from corridors.core.types import Source
from corridors.outputs.text import load_translations
from corridors.sources import FORMATS, Context, Report, guess_format, load_as, partial_faults
from corridors.sources.tables import load_all, load_raster, preview_tables, read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from corridors.config import Config
    from corridors.core.own_settings import DataFile
    from corridors.sources.schemas import Loaded

POPULATION, ELEVATION = "population", "elevation"
RASTERS = frozenset({POPULATION, ELEVATION})
SHIPPED = frozenset({".csv", ".parquet"})
"""Suffixes of the tables in a folder of them."""
SUPPLY = frozenset({"dealers", "dealers_zip"})
"""Tables of licenses, of which a run uses one."""
TO_COME = frozenset({"gun_shows"})
"""Tables whose period may lie ahead."""
PLAIN = frozenset({".csv", ".parquet", ".gpkg", ".geojson"})
"""Suffixes of tables in their own columns; the format of a file of any other suffix is guessed where it is not named."""


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
    with limited_to(config.limits):
        return _inputs(config, data or default_data())


def check_tables_folder(data: Path) -> None:
    """Raise an error if a place is no folder with tables in it: one fault, not one for each table.

    Raises
    ------
    InputError
        What the place is instead.
    """
    found = "a file" if data.is_file() else "no such folder"
    if data.is_dir():
        if any(path.suffix in SHIPPED for path in data.iterdir()):
            return
        found = "none in it"
    remedy = "Check the path of --data, or leave it out to read the tables that ship with the program."
    raise InputError([Fault(str(data), "a folder of the default tables", found, remedy)])


def _inputs(config: Config, data: Path) -> Inputs:
    """Return the tables that a run reads, within the limits in force."""
    check_tables_folder(data)
    _check_named(config)
    own = {key: given for key, given in config.data.items() if not _is_published(key, given)}
    shipped = sorted(path for path in data.glob("*") if path.is_file())
    with unchanged([*shipped, *(given.file for given in config.data.values())]) as digests:
        return _load(config, data, own, digests)


def _check_named(config: Config) -> None:
    """Raise an error where the settings name a file that is absent, or a format that is unknown: no table need be read.

    Raises
    ------
    InputError
        With every fault that the settings alone have.
    """
    faults = absent_files(given.file for given in config.data.values())
    for given in config.data.values():
        if given.format and given.format not in FORMATS and given.file.exists():
            with _gathered(faults):
                load_as(given.file, given.format, Context({}))
    if faults:
        raise InputError(faults)


def _load(config: Config, data: Path, own: Mapping[str, DataFile], digests: Mapping[Path, str]) -> Inputs:
    """Return the tables; `own` are the user's in their own columns, `digests` those of every file that is read."""
    files = {key: given.file for key, given in own.items()}
    faults: list[Fault] = []
    tables: dict[str, pd.DataFrame] = {}
    population, elevation = data / f"{POPULATION}.tif", None
    with _gathered(faults):
        population = load_raster(POPULATION, files.get(POPULATION), data=data)
    with _gathered(faults):
        elevation = load_raster(ELEVATION, files[ELEVATION], data=data) if ELEVATION in own else None
    with _gathered(faults):
        tables = load_all(data, {key: file for key, file in files.items() if key not in RASTERS})
    with _gathered(faults):
        known = {*tables, *RASTERS}
        sources = {key: source for key, source in read_catalog(data, digests, own).items() if key in known}
    if faults:
        raise InputError(faults)
    for key, given in own.items():
        sources[key] = own_source(key, given, tables.get(key), faults)
    reports = _load_agency_files(config, tables, sources, faults)
    if "dealers_zip" in tables:  # the licenses of counties are then neither shown nor inferred from
        sources.pop("dealers", None)
    return Inputs(tables, population, tuple(sources.values()), reports, elevation)


@contextmanager
def _gathered(faults: list[Fault]) -> Iterator[None]:
    """Add the faults of what is inside to a list; of a file that has some already, the catalog says nothing more."""
    try:
        yield
    except InputError as error:
        known = {fault.file for fault in faults}
        faults += [
            one for one in error.faults if not isinstance(error, CatalogError) or one.file not in known
        ]


def _load_agency_files(
    config: Config, tables: dict[str, pd.DataFrame], sources: dict[str, Source], faults: list[Fault]
) -> tuple[Report, ...]:
    """Put the tables of files in agencies' formats in place of those of the same id. Return a report of each file.

    Raises
    ------
    InputError
        With every fault of every file, those found before among them.
    """
    reports: list[Report] = []
    replaced: dict[str, str] = {}
    for name, given in config.data.items():
        if not _is_published(name, given):
            continue
        try:
            loaded = _loaded(name, given, Context(tables, given.columns, given.period))
        except InputError as error:
            faults += error.faults
            continue
        reports.append(loaded.report)
        for key in loaded.tables:
            faults += _second_file(key, given.file, sources)
        take_tables(tables, given.file, loaded.tables)
        for key, table in loaded.tables.items():
            sources[key] = own_source(key, given, table, faults, loaded.report)
            if "month" in table and given.period and key == "dealers_zip":
                tables[key] = tables[key].assign(month=given.period[:7])
            replaced[key] = str(given.file)
    faults += [] if faults else partial_faults(tables, replaced)
    if faults:
        raise InputError(faults)
    return tuple(reports)


def _is_published(key: str, given: DataFile) -> bool:
    """Return whether a file of the user is as an agency publishes it, and no table in its own columns."""
    return bool(given.format) or (key not in RASTERS and given.file.suffix.lower() not in PLAIN)


def _loaded(key: str, given: DataFile, context: Context) -> Loaded:
    """Return what a file holds in the format that the settings name, or else in the one that its columns are of.

    Raises
    ------
    SchemaError
        The file is not of the format; or no format, or another table than the settings say, was found in it.
    """
    if given.format:
        return load_as(given.file, given.format, context)
    loaded = guess_format(given.file, context)[1]
    wanted = SUPPLY if key in SUPPLY else {key}
    if not wanted & set(loaded.tables):
        expected, found = f"a file for the table {key!r}", f"one for {', '.join(loaded.tables)}"
        remedy = "Name the file under the id of its table, or say its `format`; `corridors check FILE` tells what it is."
        raise SchemaError([Fault(str(given.file), expected, found, remedy)])
    return loaded


def _second_file(key: str, file: Path, sources: Mapping[str, Source]) -> list[Fault]:
    """Return a fault where another file of the user gives the table, or the licenses, already."""
    same = SUPPLY if key in SUPPLY else {key}
    before = [sources[one].file for one in same if one in sources and sources[one].own]
    expected = f"one file for the table {key!r}"
    remedy = "Name one of the two files in the section `data`, or join them into one."
    return [Fault(str(file), expected, f"{name} too", remedy) for name in before]


def take_tables(tables: dict[str, pd.DataFrame], file: Path, loaded: Mapping[str, pd.DataFrame]) -> None:
    """Put the tables that a file gives in place of those of the same id, each row with its origin."""
    for key, table in loaded.items():
        tables[key] = table.assign(source_id=file.name, source_row=range(1, len(table) + 1))


def check_rasters(inputs: Inputs) -> None:
    """Raise an error if a raster is no longer the one that was checked: it is read when it is asked for, not before.

    Raises
    ------
    InputError
        With every raster that was changed meanwhile.
    """
    paths = {POPULATION: inputs.population, ELEVATION: inputs.elevation}
    known = {source.id: source.sha256 for source in inputs.sources}
    check_digests({path: known[key] for key, path in paths.items() if path is not None and key in known})


def check_dated(inputs: Inputs) -> None:
    """Raise an error if a list of licenses has no date: a sentence that names its year could not be written.

    Raises
    ------
    InputError
        Neither the name of the list nor the settings say of which month it is.
    """
    table = inputs.tables.get("dealers_zip")
    if table is not None and not str(table["month"].fillna("").max()):
        file = next(source.file for source in inputs.sources if source.id == "dealers_zip")
        remedy = 'Say the month in the section `data`: period = "2026-11", or name the file as ATF does.'
        raise InputError([Fault(file, "the month of the list", "none in its name", remedy)])


def own_source(
    key: str, given: DataFile, table: pd.DataFrame | None, faults: list[Fault], report: Report | None = None
) -> Source:
    """Return the catalog row of a user's own file: nothing in it is of the shipped table it replaces.

    A period that the settings give and that does not meet the file's own dates is added to the faults.
    """
    path, texts = given.file, load_translations("en")
    publisher = given.publisher or (FORMATS[report.format].publisher if report else "")
    found = report.period if report else ""
    if not found and table is not None:
        found = preview_tables({key: table})[0].period
    begins = given.period.partition("..")[0]
    if key not in TO_COME and begins > datetime.now(tz=UTC).date().isoformat()[: len(begins)]:
        remedy = "Correct `period` in the section `data`."
        faults.append(Fault(str(path), "a period that has begun", given.period, remedy))
    elif given.period and not _meet(given.period, found):
        remedy = "Correct `period` in the section `data`, or give the file of that time."
        faults.append(Fault(str(path), f"a file of {given.period}, as the settings say", found, remedy))
    return Source(
        id=key,
        file=path.name,
        title=texts.name("table", key),
        publisher=publisher,
        url="",
        licence="",
        attribution=f"{publisher} ({path.name})" if publisher else path.name,
        period=given.period or found,
        retrieved="",
        sha256=digest(path),
        rows=0 if table is None else len(table),
        not_what=given.caveat,
        derived_from=path.name,
        note="; ".join(report.notes) if report else "",
        own=True,
    )


def _meet(given: str, found: str) -> bool:
    """Return whether two periods have a year in common; yes where one is not known.

    Examples
    --------
    >>> _meet("2026-11", "2025-01..2026-02"), _meet("2026", "2024"), _meet("2026", "")
    (True, False, True)
    """
    one, other = ([int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)] for text in (given, found))
    return not one or not other or (min(one) <= max(other) and min(other) <= max(one))
