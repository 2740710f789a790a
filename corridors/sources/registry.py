"""Every format Corridors reads, by id; and which of them a file most probably is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.sources import agencies, roads
from corridors.sources.reading.delimited import read_text_table
from corridors.sources.schemas.tables import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas.formats import Context, Format, Loaded

FORMATS: dict[str, Format] = {form.id: form for form in (*agencies.FORMATS, *roads.FORMATS)}


def load_as(path: Path, name: str, context: Context) -> Loaded:
    """Return what the loader `name` makes of a file.

    Raises
    ------
    SchemaError
        There is no such format, or the file is not of it.
    """
    if name not in FORMATS:
        known = ", ".join([*FORMATS, *SCHEMAS])
        raise SchemaError(
            [Fault(str(path), f"a format or table: {known}", repr(name), "Use one of these with --as.")]
        )
    return FORMATS[name].read(path, context)


def guess_format(path: Path, context: Context) -> tuple[Format, Loaded]:
    """Return the one format a file is of, and what its loader makes of it.

    By its columns where they name one format; its loader then says itself what is wrong. Otherwise each format that
    the file's ending allows is tried: a column name can be shared by two agencies, a whole file hardly.

    Raises
    ------
    SchemaError
        No loader takes the file, or more than one does, or the one its columns name finds faults.
    """
    if not path.is_file():
        raise SchemaError([Fault(str(path), "a file", "no such file", "Check the path.")])
    allowed = [form for form in FORMATS.values() if path.name.lower().endswith(form.suffixes)]
    named = _named_by_columns(path, allowed)
    if len(named) == 1:
        return named[0], named[0].read(path, context)
    taken: list[tuple[Format, Loaded]] = []
    for form in named or allowed:
        try:
            taken.append((form, form.read(path, context)))
        except SchemaError:
            continue
    if len(taken) == 1:
        return taken[0]
    found = (
        "none of their layouts" if not taken else "more than one: " + ", ".join(form.id for form, _ in taken)
    )
    expected = "a file of one of " + ", ".join(form.id for form in allowed or FORMATS.values())
    raise SchemaError([Fault(str(path), expected, found, "Name the format with --as to see what is wrong.")])


def _named_by_columns(path: Path, allowed: list[Format]) -> list[Format]:
    """Return the formats all of whose own columns the file has; of two the one that asks for more."""
    try:
        columns = frozenset(read_text_table(path).table.columns)
    except SchemaError:
        return []
    fitting = [form for form in allowed if form.signature and form.signature <= columns]
    return [form for form in fitting if not any(form.signature < other.signature for other in fitting)]
