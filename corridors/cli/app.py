"""The command line. Exit codes: 0 done, 2 bad input or usage, 3 not enough data to infer, 130 interrupted."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from corridors import __version__
from corridors.cli import outreach as consular
from corridors.cli.options import (
    AsJson,
    ConfigFile,
    DataFolder,
    DemandName,
    Draws,
    GunShows,
    Inspection,
    Jobs,
    LensName,
    Point,
    Quiet,
    Scheduler,
    Seed,
    Verbose,
    Worlds,
    settings_of,
)
from corridors.cli.progress import shown_progress
from corridors.config import read_config
from corridors.core.errors import CorridorsError, Fault, InputError, NotEnoughDataError

BAD_INPUT, NOT_ENOUGH, INTERRUPTED = 2, 3, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Infer, from public records, the road corridors that small-scale gun smuggling into Mexico most probably "
    "uses, and how sure that is. Results are modelled, not observed.",
)


@app.command(epilog="Example: corridors run --worlds 200 --seed 7 --out maps/southwest")
def run(
    config: ConfigFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder of the output; maps/<name> by default.")
    ] = None,
    data: DataFolder = None,
    seed: Seed = None,
    jobs: Jobs = None,
    scheduler: Scheduler = "",
    worlds: Worlds = None,
    draws: Draws = None,
    point: Point = False,
    lens: LensName = None,
    demand: DemandName = None,
    inspection: Inspection = None,
    gun_shows: GunShows = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Do the main job: read the tables, infer, write the map and the data behind it."""
    from corridors.jobs import run as main_job

    settings = settings_of(
        config,
        seed=seed,
        jobs=jobs,
        point=point,
        worlds=worlds,
        draws=draws,
        lens=lens,
        demand=demand,
        inspection=inspection,
        gun_shows=gun_shows,
    )
    folder = out or Path("maps") / settings.run.name
    with shown_progress(quiet=quiet or as_json) as progress:
        result = main_job.run(settings, data=data, scheduler=scheduler, progress=progress)
        manifest = result.write(folder, progress=progress)
    if as_json:
        typer.echo(json.dumps(manifest, ensure_ascii=False))
    elif not quiet:
        seconds = sum(manifest["seconds"].values())
        typer.echo(f"{folder / 'map.html'} ({seconds:.0f} s, run {manifest['run']['fingerprint']})")
        if verbose:
            typer.echo(json.dumps({key: manifest[key] for key in ("rows", "fit", "seconds")}, indent=1))


@app.command(epilog="Example: corridors validate --truths 200 --out maps/validation")
def validate(
    config: ConfigFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the page, table and JSON; none: only print.")
    ] = None,
    truths: Annotated[
        int,
        typer.Option("--truths", min=0, help="Simulated truths to test the bands on, 15 CPU seconds each."),
    ] = 0,
    data: DataFolder = None,
    seed: Seed = None,
    jobs: Jobs = None,
    scheduler: Scheduler = "",
    worlds: Worlds = None,
    draws: Draws = None,
    point: Point = False,
    lens: LensName = None,
    demand: DemandName = None,
    inspection: Inspection = None,
    gun_shows: GunShows = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Test the model on what it was not fitted to, beside the nulls it must beat; losses are printed too."""
    from corridors.jobs import validate as validation

    settings = settings_of(
        config,
        seed=seed,
        jobs=jobs,
        point=point,
        worlds=worlds,
        draws=draws,
        lens=lens,
        demand=demand,
        inspection=inspection,
        gun_shows=gun_shows,
    )
    with shown_progress(quiet=quiet or as_json) as progress:
        rows, about = validation.validate(
            settings, data=data, scheduler=scheduler, truths=truths, progress=progress
        )
    if out is not None:
        validation.write(rows, about, out)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        Console().print(validation.table(rows, cases=verbose))


@app.command(epilog="Example: corridors sensitivity --out maps/sensitivity")
def sensitivity(
    config: ConfigFile = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the output.")] = Path("maps/sensitivity"),
    data: DataFolder = None,
    seed: Seed = None,
    jobs: Jobs = None,
    morris: Annotated[
        int, typer.Option("--morris", min=2, help="Trajectories of the screen of all assumptions.")
    ] = 8,
    sobol: Annotated[
        int, typer.Option("--sobol", min=2, help="Base sample of Sobol's analysis, a power of two.")
    ] = 64,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Change what a reader may doubt, and see which leading corridors and ports keep their place."""
    from corridors.jobs import sensitivity as doubt

    settings = settings_of(config, seed=seed, jobs=jobs, point=True, worlds=None)
    with shown_progress(quiet=quiet or as_json) as progress:
        tables, run = doubt.sensitivity(
            settings, data=data, trajectories=morris, base=sobol, say=progress.show
        )
    doubt.write(tables, run, out)
    if as_json:
        typer.echo(doubt.as_json(tables, run))
    elif not quiet:
        typer.echo(str(out / "sensitivity.html"))


@app.command(epilog="Example: corridors sources --page data.html")
def sources(
    config: ConfigFile = None,
    data: DataFolder = None,
    page: Annotated[Path | None, typer.Option("--page", help="Write a page (HTML, es and en) here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is loaded: from whom, of when, how complete, on which terms, and what it is not."""
    from corridors.jobs import list_sources as listing
    from corridors.jobs.inputs import load_inputs

    inputs = load_inputs(read_config(config), data)
    today = datetime.now(tz=UTC).date()
    rows = listing.source_rows(inputs, today)
    if page is not None:
        listing.write_page(rows, page, today)
        typer.echo(str(page))
    elif as_json:
        typer.echo(json.dumps([listing.plain(row) for row in rows], ensure_ascii=False))
    else:
        Console().print(listing.table(rows))


@app.command(epilog="Example: corridors check 0126-ffl-list.txt --as atf_list")
def check(
    file: Annotated[Path, typer.Argument(help="File to check; nothing is changed.")],
    name: Annotated[
        str,
        typer.Option("--as", help="Format or table it should be of; guessed from its columns if not given."),
    ] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check a file of yours: every fault at once, or what was kept of it and what was not, with the reasons."""
    from corridors.jobs.inputs import check_file

    report = check_file(file, name, data)
    if as_json:
        typer.echo(json.dumps({**asdict(report), "faults": []}, ensure_ascii=False))
        return
    period = f", {report.period}" if report.period else ""
    typer.echo(f"{file}: {report.format}, {report.kept} of {report.rows} {report.unit} kept{period}")
    for reason, count in report.dropped.items():
        typer.echo(f"  {count} left out: {reason}")
    for note in report.notes:
        typer.echo(f"  note: {note}")


@app.command(epilog="Example: corridors fetch bts --out downloads")
def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Ids of downloads; none lists them.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to keep the files in.")] = Path("downloads"),
    as_json: AsJson = False,
) -> None:
    """Fetch files that agencies publish, checksummed where known and resumed where cut; or say how to by hand."""
    from corridors.sources.download.downloads import read_downloads
    from corridors.sources.download.resumable import fetch as fetch_one

    known = read_downloads()
    if not names:
        listed = [asdict(entry) for entry in known.values()]
        if as_json:
            typer.echo(json.dumps(listed, ensure_ascii=False))
            return
        table = Table(title="Downloads (addresses marked 'no' were not tried when this list was made)")
        for column in ("id", "what", "format", "how", "tried", "licence"):
            table.add_column(column, overflow="fold")
        for entry in known.values():
            how = f"by hand: {entry.page}" if entry.by_hand else "corridors fetch"
            table.add_row(
                entry.id, entry.title, entry.format, how, "yes" if entry.checked else "no", entry.licence
            )
        Console().print(table)
        return
    unknown = [name for name in names if name not in known]
    if unknown:
        found, remedy = ", ".join(map(repr, unknown)), "Run `corridors fetch` for the list."
        raise InputError([Fault("corridors fetch", f"ids among {', '.join(known)}", found, remedy)])
    for name in names:
        got = fetch_one(known[name], out)
        typer.echo(f"{got.path} ({got.bytes:,} bytes, sha256 {got.sha256})")


@app.command()
def formats(as_json: AsJson = False) -> None:
    """List the formats that `check --as` and the section `data` of the settings know."""
    from corridors.sources.registry import FORMATS

    known = [(form.id, form.title, form.publisher, ", ".join(form.tables)) for form in FORMATS.values()]
    if as_json:
        typer.echo(
            json.dumps([dict(zip(("id", "title", "publisher", "tables"), row, strict=True)) for row in known])
        )
        return
    table = Table(title="Formats")
    for column in ("id", "what", "publisher", "tables it gives"):
        table.add_column(column, overflow="fold")
    for row in known:
        table.add_row(*row)
    Console().print(table)


@app.command(epilog="Example: corridors whatif data/scenarios/*.toml --point --out maps/whatif")
def whatif(
    scenarios: Annotated[list[Path], typer.Argument(help="Scenario files (TOML); see docs/scenarios.md.")],
    config: ConfigFile = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the output.")] = Path("maps/whatif"),
    data: DataFolder = None,
    seed: Seed = None,
    jobs: Jobs = None,
    scheduler: Scheduler = "",
    worlds: Worlds = None,
    draws: Draws = None,
    point: Point = False,
    lens: LensName = None,
    demand: DemandName = None,
    inspection: Inspection = None,
    gun_shows: GunShows = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Close, slow or change something, and see where the modelled flow would move, and how sure that is."""
    from corridors.jobs import whatif as composer

    settings = settings_of(
        config,
        seed=seed,
        jobs=jobs,
        point=point,
        worlds=worlds,
        draws=draws,
        lens=lens,
        demand=demand,
        inspection=inspection,
        gun_shows=gun_shows,
    )
    with shown_progress(quiet=quiet or as_json) as progress:
        manifest = composer.whatif(
            settings, scenarios, out, data=data, scheduler=scheduler, progress=progress
        )
    if as_json:
        typer.echo(json.dumps(manifest, ensure_ascii=False))
    elif not quiet:
        typer.echo(f"{out / composer.PAGE} ({sum(manifest['seconds'].values()):.0f} s)")


app.command(epilog='Example: corridors brief --consulate "Tucson"')(consular.brief)
app.command(epilog="Example: corridors calendar --days 60 --shows shows.ics")(consular.calendar)
app.command(epilog="Example: corridors narrative --out maps/narrative")(consular.narrative)


@app.command(epilog="Example: corridors benchmark trees --nodes 50000 --peers scipy,igraph --json")
def benchmark(
    what: Annotated[str, typer.Argument(help="trees, job (a whole cost world), or map (in a browser).")],
    nodes: Annotated[int, typer.Option("--nodes", min=1000, help="Size of the synthetic network.")] = 50_000,
    peers: Annotated[
        str, typer.Option("--peers", help="Libraries to stand beside, with commas; all installed by default.")
    ] = "",
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Rounds; figures are medians.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Time the routing engine, or the map, beside what people would otherwise use, on this machine."""
    from corridors.bench.compare import compare

    found = compare(what, nodes, peers=peers.split(",") if peers else None, rounds=rounds)
    rows = {figure: one.rows for figure, one in found.items()}
    typer.echo(json.dumps(rows) if as_json else "\n".join(one.markdown() for one in found.values()))


def main() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    try:
        app()
    except InputError as error:
        if "--json" in sys.argv:
            typer.echo(json.dumps({"faults": [asdict(fault) for fault in error.faults]}, ensure_ascii=False))
        typer.echo(f"corridors: {error}", err=True)
        sys.exit(BAD_INPUT)
    except NotEnoughDataError as error:
        typer.echo(f"corridors: {error}", err=True)
        sys.exit(NOT_ENOUGH)
    except CorridorsError as error:
        typer.echo(f"corridors: {error}", err=True)
        sys.exit(BAD_INPUT)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            typer.echo("corridors: interrupted; the previous output is as it was", err=True)
        raise


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    """Print the version and end."""
    if wanted:
        typer.echo(f"corridors {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Take the options that stand before a command."""
