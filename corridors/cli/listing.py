"""The commands that list what other commands take: formats, and ids of ports, zones, scenarios ..."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from corridors import jobs
from corridors.cli.language import spoken_language
from corridors.cli.options import AsJson, ConfigFile, DataFolder  # noqa: TC001 - Typer reads them
from corridors.cli.printing import print_json, print_table
from corridors.cli.progress import signs_of_life
from corridors.config import read_config


def formats(*, as_json: AsJson = False) -> None:
    """List the formats that `check --as` and the section `data` of the settings accept."""
    known = jobs.list_ids("formats")
    if as_json:
        typer.echo(json.dumps(known))
        return
    rows = [(one["id"], f"{one['title']} ({one['publisher']})", one["tables"]) for one in known]
    print_table("Formats", ("id", "what, and by whom", "tables it gives"), rows)


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
    with signs_of_life("still reading", spoken_language(), quiet=as_json):
        known = jobs.list_ids(what, read_config(config), data)
    if as_json:
        print_json(known)
        return
    print_table(what.capitalize().replace("_", " "), tuple(known[0]), [tuple(one.values()) for one in known])
