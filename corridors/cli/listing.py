"""What commands list: formats, ids of ports, zones, scenarios ..., the sources that are loaded, and downloads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridors import jobs
from corridors.cli.language import spoken_language
from corridors.cli.messages import said, sentence
from corridors.cli.options import AsJson, ConfigFile, DataFolder  # noqa: TC001 - Typer reads them
from corridors.cli.printing import print_json, print_table
from corridors.cli.progress import signs_of_life
from corridors.config import read_config
from corridors.core.signs import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WORDED = ("formats", "tables")
"""Lists whose cells are words of the program and not names of places."""
SOURCE_HEADINGS = ("source_size", "source_what")
COVERAGES = ("of_us_states", "of_mx_states", "of_municipalities")


def formats(*, as_json: AsJson = False) -> None:
    """List the formats that `check --as` and the section `data` of the settings accept."""
    known = jobs.list_ids("formats")
    if as_json:
        typer.echo(json.dumps(known))
        return
    language = spoken_language()
    rows = [
        (
            one["id"],
            f"{sentence(one['title'], 'listed', language)} ({sentence(one['publisher'], 'listed', language)})",
            one["tables"],
        )
        for one in known
    ]
    _print_list("Formats", ("id", "what, and by whom", "tables it gives"), rows, language)


def list_names(
    what: Annotated[
        str,
        typer.Argument(
            help="ports, zones, consulates, scenarios, formats, tables, crossing_cities, municipalities or states."
        ),
    ],
    *,
    config: ConfigFile = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the ids that commands, scenarios and settings take, each with what it is."""
    language = spoken_language()
    with signs_of_life("still reading", language, quiet=as_json):
        known = jobs.list_ids(what, read_config(config), data, "en" if as_json else language)
    if as_json:
        print_json(known)
        return
    rows = [tuple(one.values()) for one in known]
    if what in WORDED:
        rows = [(own, *(sentence(cell, "listed", language) for cell in cells)) for own, *cells in rows]
    _print_list(what.capitalize().replace("_", " "), tuple(known[0]), rows, language)


def downloads_table(known: Iterable[dict[str, Any]], language: str) -> None:
    """Print the files that can be downloaded, each with how."""
    rows = []
    for one in known:
        words = {key: sentence(one[key], "listed", language) for key in ("title", "licence")}
        how = (
            said("by_hand", language, page=one["page"]) if one["by_hand"] else f"corridors fetch {one['id']}"
        )
        tried = "" if one["checked"] else said("not_tried", language)
        rows.append((one["id"], said("download_title", language, format=one["format"], **words), how + tried))
    columns = ("id", said("download_what", language), said("download_how", language))
    _print_list(said("downloads", language), columns, rows, language)


def sources_table(rows: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Return the sources as a table for a terminal.

    Parameters
    ----------
    rows
        What is shown of each source, in the language.
    language
        "es" or "en".
    """
    shown = Table(
        title=said("sources", language), caption=said("in_english", language) or None, show_lines=True
    )
    headings = (sentence("id", "heading", language), *(said(key, language) for key in SOURCE_HEADINGS))
    for n, heading in enumerate(headings):
        shown.add_column(heading, overflow="fold", no_wrap=n == 0)
    for row in rows:
        size = (
            row["period"],
            "" if row["age_years"] is None else said("source_age", language, years=row["age_years"]),
            said("source_rows", language, rows=row["rows"]),
            *(said(key, language, count=row[key]) for key in COVERAGES if row[key] is not None),
        )
        what = (row[key] for key in ("title", "publisher", "licence", "not_what"))
        cells = (row["id"], "\n".join(filter(None, size)), "\n".join(filter(None, what)))
        # a title may hold what Rich takes for markup
        shown.add_row(*(Text(printable(cell)) for cell in cells))
    return shown


def print_sources(rows: Iterable[Mapping[str, Any]], language: str) -> None:
    """Print the sources that a run reads."""
    Console().print(sources_table(rows, language))


def _print_list(title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], language: str) -> None:
    """Print a list, its title and headings in the language."""
    headings = tuple(sentence(column, "heading", language) for column in columns)
    print_table(sentence(title, "list", language), headings, rows)
