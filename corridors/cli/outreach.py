"""The commands for consulates: briefs, the calendar of gun shows, the page of the paper's figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

import corridors
from corridors.cli.language import spoken_language
from corridors.cli.messages import said
from corridors.cli.options import AsJson, ConfigFile, DataFolder, Quiet  # noqa: TC001 - Typer reads them
from corridors.cli.preview import left_out_text
from corridors.cli.progress import shown_progress
from corridors.config import read_config
from corridors.core.errors import Fault, InputError
from corridors.jobs import default_folder, reserved

MAX_DAYS = 730
"""Days ahead that a calendar reaches at most."""
RunFolder = Annotated[
    Path | None, typer.Option("--run", help="Folder of a finished run; maps/<name> by default.")
]
Shows = Annotated[
    Path | None, typer.Option("--shows", help="Your calendar of gun shows (.csv, .xlsx or .ics).")
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
        typer.Option("--other", help="Folder of a run under the other lens, to show what changes."),
    ] = None,
    shows: Shows = None,
    out: OutFolder = None,
    config: ConfigFile = None,
    data: DataFolder = None,
    pdf: Annotated[
        bool, typer.Option("--pdf/--no-pdf", help="Print to PDF by a browser of this machine.")
    ] = True,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a consulate's brief from a finished run: one file in Spanish and English, a PDF of two pages in each, and an annex."""
    if bool(consulate) == every:
        found = "both" if every else "neither"
        remedy = 'Give one of the two: --consulate "Tucson", or --all.'
        raise InputError([Fault("corridors brief", "--consulate or --all", found, remedy)])
    settings, language = read_config(config), spoken_language()
    folder = _run_folder(run or default_folder(settings), "--run")
    if other is not None:
        _run_folder(other, "--other")
    target = out or folder / "briefs"
    with reserved(target, "briefs"), shown_progress(language, quiet=quiet or as_json) as progress:
        result = corridors.briefs(
            settings,
            folder,
            consulates=consulate or (),
            other=other,
            shows=shows,
            out=target,
            today=today_in_the_region(),
            data=data,
            progress=progress,
        )
        written = result.write(target, pdf=pdf, progress=progress)
    if as_json:
        typer.echo(json.dumps({"folder": str(target), **asdict(written)}, ensure_ascii=False))
    elif not quiet:
        typer.echo(said("briefs", language, folder=target, count=len(written.pages)))
        if result.report is not None and (result.report.dropped or result.report.notes):
            typer.echo(left_out_text(result.report, language))
        if pdf and written.unprinted:
            key = "unprinted" if written.browser else "no_browser"
            typer.echo(said(key, language, names=", ".join(written.unprinted)))


def calendar(
    *,
    days: Annotated[int, typer.Option("--days", min=1, max=MAX_DAYS, help="Days ahead.")] = 90,
    shows: Shows = None,
    start: Annotated[
        str, typer.Option("--from", help="First day, as 2026-11-24; today by default.", show_default=False)
    ] = "",
    run: RunFolder = None,
    out: OutFolder = None,
    config: ConfigFile = None,
    data: DataFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the calendar of upcoming gun shows by consulate and port: a page, a table, and .ics files to subscribe to."""
    settings, language = read_config(config), spoken_language()
    folder = _run_folder(run or default_folder(settings), "--run")
    target = out or folder / "calendar"
    today = first_day(start, today_in_the_region())
    with reserved(target, "calendar"), shown_progress(language, quiet=quiet or as_json) as progress:
        result = corridors.calendar(
            settings,
            folder,
            today=today,
            days=days,
            shows=shows,
            data=data,
            former=target,
            out=target,
            progress=progress,
        )
        result.write(target)
    counts = {"shows": len(result.shows), "past": result.past, "later": result.later, "gone": result.gone}
    report = result.report
    if as_json:
        read = (
            {}
            if report is None
            else {
                "rows": report.rows,
                "kept": report.kept,
                "dropped": report.dropped,
                "notes": report.notes,
            }
        )
        typer.echo(json.dumps({"folder": str(target), **counts, **read}, ensure_ascii=False))
    elif not quiet:
        typer.echo(said("shows", language, page=target / "calendar.html", count=counts["shows"]))
        for key in ("past", "later", "gone"):
            if counts[key]:
                typer.echo(f"  {said(key, language, count=counts[key], days=days)}")
        if report is not None and (report.dropped or report.notes):
            typer.echo(left_out_text(report, language))


def narrative(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder of the page.")] = Path("maps/narrative"),
    config: ConfigFile = None,
    data: DataFolder = None,
) -> None:
    """Write the paper's figures beside the newest ones found, each with its source and its limits."""
    settings = read_config(config)
    with reserved(out, "narrative"):
        corridors.figures(settings, data=data, out=out).write(out)
    typer.echo(str(out / "narrative.html"))


def _run_folder(place: Path, option: str) -> Path:
    """Return the folder of a run as typed; raise an error where it is a file."""
    if not place.exists() or place.is_dir():
        return place
    remedy = (
        f"Give the folder that `corridors run` wrote, the one with index.html in it: {option} maps/southwest."
    )
    raise InputError([Fault(str(place), "the folder of a finished run", "a file", remedy)])


def first_day(text: str, today: date) -> date:
    """Return the first day of a calendar as typed, today where none is.

    Raises
    ------
    InputError
        The text is no day, or one that no calendar reaches.
    """
    if not text:
        return today
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        remedy = f"Write year, month and day in this order: --from {today.isoformat()}."
        raise InputError([Fault("--from", "a day as YYYY-MM-DD", repr(text), remedy)]) from None
    if day > today + timedelta(days=MAX_DAYS):
        expected = f"a day up to {MAX_DAYS} days after today"
        raise InputError(
            [Fault("--from", expected, text, "Correct the year, or leave --from out for today.")]
        )
    return day


def today_in_the_region() -> date:
    """Return today's date in Pacific time, where the region's day ends last: today's shows are upcoming until then."""
    return datetime.now(tz=ZoneInfo("America/Los_Angeles")).date()
