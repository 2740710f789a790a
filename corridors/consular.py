"""The commands for consulates: briefs, the calendar of shows, the page of the paper's figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from corridors.base.errors import Fault, InputError
from corridors.config import read_config
from corridors.options import AsJson, ConfigFile, DataFolder, Quiet, telling

RunFolder = Annotated[
    Path | None, typer.Option("--run", help="Folder of a finished run; maps/<name> by default.")
]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder of the output, in that of the run by default.")
]


def brief(
    *,
    consulate: Annotated[
        list[str] | None,
        typer.Option("--consulate", help="City of a consulate; may be given more than once."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All consulates of the four states, and an index.")
    ] = False,
    run: RunFolder = None,
    other: Annotated[
        Path | None,
        typer.Option("--other", help="Folder of a run under the other lens, to say what changes."),
    ] = None,
    out: OutFolder = None,
    config: ConfigFile = None,
    data: DataFolder = None,
    pdf: Annotated[
        bool, typer.Option("--pdf/--no-pdf", help="Print to PDF by a browser of this machine.")
    ] = True,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a consulate's brief from a finished run: one file in Spanish and English, a page to print and an annex."""
    from corridors.briefs import make_briefs  # noqa: PLC0415 - as in cli: --help is to be quick

    if bool(consulate) == every:
        found = "both" if every else "neither"
        remedy = 'Say which: --consulate "Tucson", or --all.'
        raise InputError([Fault("corridors brief", "--consulate or --all", found, remedy)])
    settings = read_config(config)
    folder = run or Path("maps") / settings.run.name
    target = out or folder / "briefs"
    with telling(quiet=quiet or as_json) as (say, _):
        written = make_briefs(
            settings, folder, target, consulates=consulate or (), other=other, data=data, pdf=pdf, say=say
        )
    if as_json:
        typer.echo(json.dumps({"folder": str(target), **asdict(written)}, ensure_ascii=False))
    elif not quiet:
        typer.echo(f"{target} ({len(written.pages)} briefs)")
        if pdf and written.unprinted:
            why = (
                f"not printed: {', '.join(written.unprinted)}"
                if written.browser
                else "no Chromium, Chrome or Edge found"
            )
            typer.echo(
                f"PDF: {why}. Open a brief and print it (Ctrl+P): one page and its annex, A4 or Letter."
            )
