"""Every format that is read, by id, and the guess which of them a file is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.sources import agencies, roads
from corridors.sources.reading.delimited import read_text_table
from corridors.sources.reading.parts import TABLES, table_names
from corridors.sources.schemas.gate import check_loaded
from corridors.sources.schemas.tables import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas.formats import Context, Format, Loaded

FORMATS: dict[str, Format] = {form.id: form for form in (*agencies.FORMATS, *roads.FORMATS)}


def load_as(path: Path, name: str, context: Context) -> Loaded:
    """Return the tables and the report of a file read in a format.

    Raises
    ------
    SchemaError
        The format is unknown, or the file is not of it.
    """
    if name not in FORMATS:
        known = ", ".join([*FORMATS, *SCHEMAS])
        raise SchemaError(
            [Fault(str(path), f"a format or table: {known}", repr(name), "Use one of these with --as.")]
        )
    return _read(FORMATS[name], path, context)


def guess_format(path: Path, context: Context) -> tuple[Format, Loaded]:
    """Return the format of a file, with the tables and the report of its loader.

    The format is the one that the columns identify. Where they identify none or several, each format of the file's
    suffix is tried: two agencies may share column names, but hardly a whole layout.

    Raises
    ------
    SchemaError
        No loader reads the file, or several do, or the only one for its columns or its suffix finds faults.
    """
    if not path.is_file():
        raise SchemaError([Fault(str(path), "a file", "no such file", "Check the path.")])
    names = table_names(path)
    allowed = [form for form in FORMATS.values() if any(name.endswith(form.suffixes) for name in names)]
    if not allowed:
        read_text_table(path)  # says what else the file is
    columns, unread = _columns(path)
    candidates = _named_by_columns(columns, allowed) or allowed
    if len(candidates) == 1:
        return candidates[0], _read(candidates[0], path, context)
    taken: list[tuple[Format, Loaded]] = []
    for form in candidates:
        try:
            taken.append((form, form.read(path, context)))
        except SchemaError:
            continue
    if len(taken) == 1:
        form, loaded = taken[0]
        return form, check_loaded(loaded, path, context)
    if unread is not None and not taken and all(name.endswith(TABLES) for name in names):
        raise unread  # says what the file is in place of a table
    found = (
        "none of their layouts" if not taken else "more than one: " + ", ".join(form.id for form, _ in taken)
    )
    expected = "a file of one of " + ", ".join(form.id for form in allowed or FORMATS.values())
    raise SchemaError([Fault(str(path), expected, found, "Name the format with --as to see what is wrong.")])


def _read(form: Format, path: Path, context: Context) -> Loaded:
    """Return what a loader makes of a file, once it has passed the gate."""
    return check_loaded(form.read(path, context), path, context)


def _columns(path: Path) -> tuple[frozenset[str], SchemaError | None]:
    """Return the folded names of a table's columns, or none and why the file cannot be read as a table."""
    try:
        return frozenset(read_text_table(path).table.columns), None
    except SchemaError as error:
        return frozenset(), error


def _named_by_columns(columns: frozenset[str], allowed: list[Format]) -> list[Format]:
    """Return the formats whose signature some columns contain; of nested signatures only the larger."""
    found = {form.id: form.signature_in(columns) for form in allowed}
    fitting = [form for form in allowed if found[form.id]]
    return [form for form in fitting if not any(found[form.id] < found[other.id] for other in fitting)]
