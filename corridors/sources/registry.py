"""Every format that is read, by id, and the guess which of them a file is of."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.core.files import not_a_file
from corridors.core.limits import MAX_TABLES
from corridors.core.names import did_you_mean
from corridors.core.signs import has_unsafe
from corridors.core.unreadable import UnreadableError, readable
from corridors.sources.reading.delimited import folded_column, read_text_table
from corridors.sources.reading.parts import TABLES, archive_names, table_names
from corridors.sources.reading.sample import write_sample
from corridors.sources.schemas.formats import Format, Loaded
from corridors.sources.schemas.gate import check_loaded
from corridors.sources.schemas.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.sources.schemas.formats import Context

READERS: dict[str, tuple[str, ...]] = {
    "agencies.atf": ("atf_list", "atf_arcgis"),
    "agencies.gun_shows": ("calendar_csv", "calendar_ics"),
    "agencies.laws": ("tufts", "tufts_1991", "nics"),
    "agencies.borders": ("bts", "cbp_weapons", "cbp_wait"),
    "agencies.freight": ("transborder",),
    "agencies.dated_seizures": ("dated_seizures",),
    "agencies.bridge_counts": ("bridge_counts",),
    "agencies.sedena": ("sedena",),
    "agencies.cide": ("cide_ppd", "cide_ppd_events", "cide_ppd_merged"),
    "agencies.fgr": ("ideff",),
    "agencies.sesnsp": ("sesnsp_municipal", "sesnsp_state", "sesnsp_victims"),
    "agencies.inegi": ("inegi_deaths", "marco_geoestadistico"),
    "roads.osm": ("osm_pbf",),
    "roads.osm_city": ("osm_xml", "overpass"),
    "roads.graphml": ("graphml",),
    "roads.vector": ("road_table",),
    "roads.travel_mapping": ("travel_mapping",),
}
"""Module of each reader, to the ids of the formats that its `FORMATS` lists. A new one is added here."""
ASKING = (".toml",)
"""Suffixes of files whose only loader asks a server: none is asked on a guess."""
MAX_COLUMNS = 12
"""Maximum number of columns that are listed where no format takes a file."""
NEAREST = 3
"""Maximum number of formats whose faults are quoted where none of them takes a file."""


class LateFormats(Mapping[str, Format]):
    """Formats by id, the module of each imported when its format is first asked for."""

    def __getitem__(self, format_id: str) -> Format:
        """Return a format; raise KeyError where there is none."""
        home = next((module for module, ids in READERS.items() if format_id in ids), None)
        if home is None:
            raise KeyError(format_id)
        forms: Sequence[Format] = import_module(f"corridors.sources.{home}").FORMATS
        return next(form for form in forms if form.id == format_id)

    def __contains__(self, format_id: object) -> bool:
        """Return whether there is such a format, without an import."""
        return any(format_id in ids for ids in READERS.values())

    def __iter__(self) -> Iterator[str]:
        """Return the ids."""
        return iter([format_id for ids in READERS.values() for format_id in ids])

    def __len__(self) -> int:
        """Return the number of formats."""
        return sum(map(len, READERS.values()))


FORMATS: Mapping[str, Format] = LateFormats()


def load_as(path: Path, name: str, context: Context) -> Loaded:
    """Return the tables and the report of a file read in a format.

    Raises
    ------
    SchemaError
        The format is unknown, or the file is not of it.
    """
    _check_name(path)
    if name not in FORMATS:
        remedy = f"{did_you_mean(name, [*FORMATS, *SCHEMAS])}`corridors list formats` and `corridors list tables` have the ids."
        raise SchemaError([Fault(str(path), "the id of a format or of a table", repr(name), remedy)])
    return _read(FORMATS[name], path, context)


def guess_format(path: Path, context: Context) -> tuple[Format, Loaded]:
    """Return the format of a file, with the tables and the report of its loader.

    The format is the one that the columns identify. Where they identify none or several, each format of the file's
    suffix is tried: two agencies may share column names, but hardly a whole layout. The first rows rule out the formats
    whose columns the file lacks; only the others read the whole of it.

    Raises
    ------
    SchemaError
        No loader reads the file, or several do, or the only one for its columns or its suffix finds faults.
    """
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    _check_name(path)
    if path.suffix.lower() in ASKING:
        expected, found = "a file of data", "settings, or a request to a server"
        remedy = "Say --as overpass, or `format`, if the server that it names may be asked."
        raise SchemaError([Fault(str(path), expected, found, remedy)])
    with readable(path):
        return _guessed(path, context)


def _check_name(path: Path) -> None:
    """Raise where the name of a file, which every output prints, has control characters."""
    if has_unsafe(path.name):
        expected, found = "a file name without control characters", repr(path.name)
        raise SchemaError([Fault(str(path), expected, found, "Rename the file.")])


def _guessed(path: Path, context: Context) -> tuple[Format, Loaded]:
    """Return the format of an existing file, and what its loader makes of it."""
    names = table_names(path)
    allowed = [form for form in FORMATS.values() if any(name.endswith(form.suffixes) for name in names)]
    if not allowed:
        read_text_table(path)  # says what else the file is
    candidates, columns, unread = _candidates(path, allowed, context)
    if len(candidates) == 1:
        return candidates[0], _read(candidates[0], path, context)
    taken: list[tuple[Format, Loaded]] = []
    wrong: dict[str, Fault] = {}
    untried: UnreadableError | None = None
    for form in candidates:
        try:
            with readable(path):
                taken.append((form, form.read(path, context)))
        except SchemaError as error:
            wrong[form.id] = error.faults[0]
            untried = error if isinstance(error, UnreadableError) else untried
    if len(taken) == 1 and untried is not None:
        raise untried  # it may be of the format whose loader failed
    if len(taken) == 1:
        form, loaded = taken[0]
        return form, check_loaded(loaded, path, context)
    tables = all(name.endswith(TABLES) for name in names) or len(names) > MAX_TABLES
    if unread is not None and not taken and tables:
        raise unread  # says what the file is in place of a table
    found = "more than one: " + ", ".join(form.id for form, _ in taken) if taken else "none of their layouts"
    if not taken and columns:
        listed = ", ".join(repr(name[:40]) for name in columns[:MAX_COLUMNS])
        more = f" and {len(columns) - MAX_COLUMNS} more" if len(columns) > MAX_COLUMNS else ""
        found += f" (columns {listed}{more})"
    if not taken and 0 < len(wrong) <= NEAREST:
        found += "; " + "; ".join(
            f"as {name}: expected {fault.expected}, found {fault.found}" for name, fault in wrong.items()
        )
    expected = "a file of one of " + ", ".join(form.id for form in allowed or FORMATS.values())
    raise SchemaError([Fault(str(path), expected, found, "Name the format with --as to see what is wrong.")])


def _read(form: Format, path: Path, context: Context) -> Loaded:
    """Return what a loader makes of a file, once it has passed the gate."""
    with readable(path):
        return check_loaded(form.read(path, context), path, context)


def _candidates(
    path: Path, allowed: list[Format], context: Context
) -> tuple[list[Format], tuple[str, ...], SchemaError | None]:
    """Return the formats that a file may be of by its first rows, the columns in them, and why they are no table."""
    with tempfile.TemporaryDirectory() as folder:
        sample = write_sample(path, Path(folder))
        columns, unread = _columns(sample or path)
        if sample is not None and unread is not None:
            faults = [replace(one, file=one.file.replace(str(sample), str(path))) for one in unread.faults]
            unread = SchemaError(faults)
        named = _named_by(frozenset(map(folded_column, columns)), allowed) or _named_by_a_part(
            sample or path, allowed
        )
        if named or sample is None:
            return named or allowed, columns, unread
        return [form for form in allowed if _may_take(form, sample, context)], columns, unread


def _named_by_a_part(path: Path, allowed: list[Format]) -> list[Format]:
    """Return the formats that the columns of some file in a zip of several identify: of a publisher's archive."""
    names = archive_names(path)
    found: dict[str, Format] = {}
    for name in names if 1 < len(names) <= MAX_TABLES else ():
        with contextlib.suppress(SchemaError):
            others = dict.fromkeys(names, "not needed")  # one is unpacked at a time
            del others[name]
            columns = read_text_table(path, sheet=name, archive=others).names
            found |= {form.id: form for form in _named_by(frozenset(columns), allowed)}
    return list(found.values())


def _columns(path: Path) -> tuple[tuple[str, ...], SchemaError | None]:
    """Return the names of a table's columns, or none and why the file cannot be read as a table."""
    try:
        with readable(path):
            return tuple(read_text_table(path).names.values()), None
    except SchemaError as error:
        return (), error


def _may_take(form: Format, sample: Path, context: Context) -> bool:
    """Return whether a file has the columns of a format; what else is wrong with its first rows does not matter."""
    try:
        with readable(sample):
            form.read(sample, context)
    except LayoutError:
        return False
    except SchemaError:
        return True
    return True


def _named_by(columns: frozenset[str], allowed: list[Format]) -> list[Format]:
    """Return the formats whose signature some columns contain; of nested signatures only the larger."""
    found = {form.id: form.signature_in(columns) for form in allowed}
    fitting = [form for form in allowed if found[form.id]]
    return [form for form in fitting if not any(found[form.id] < found[other.id] for other in fitting)]
