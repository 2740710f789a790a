"""The command line. Exit codes: 0 done, 1 `doctor` found a fault, 2 bad input or usage, 3 not enough data, 130 interrupted."""

from __future__ import annotations

import io
import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

import corridors
from corridors import jobs
from corridors.cli import outreach
from corridors.cli.benchmark import benchmark
from corridors.cli.doctor import doctor
from corridors.cli.interrupts import INTERRUPTED
from corridors.cli.language import Command, Commands, Language, call, say_interrupted, spoken, spoken_language
from corridors.cli.listing import downloads_table, formats, list_names, print_sources
from corridors.cli.messages import said, sentence
from corridors.cli.options import (
    AsJson,
    ConfigFile,
    DataFolder,
    Fresh,
    Jobs,
    OutFolder,
    Quiet,
    Replace,
    RunOptions,
    Seed,
    Verbose,
    grouped,
)
from corridors.cli.preview import check_record, check_text
from corridors.cli.printing import print_json
from corridors.cli.progress import shown_progress, signs_of_life
from corridors.config import read_config
from corridors.core.errors import CorridorsError, InputError, NotEnoughDataError
from corridors.jobs import reserved

if TYPE_CHECKING:
    from collections.abc import Callable

BAD_INPUT, NOT_ENOUGH = 2, 3

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Infer, from public records, the road corridors that small-scale gun smuggling into Mexico most probably "
    "uses, and how certain that is. Results are modeled, not observed.",
)


@app.command(cls=Command, epilog="Example: corridors run --worlds 200 --seed 7 --out maps/southwest")
@grouped
def run(
    *,
    config: ConfigFile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder of the output; maps/<name> by default, maps/<name>-point for a quick look."
        ),
    ] = None,
    replace: Replace = False,
    site: Annotated[
        Literal["quick", "full"],
        typer.Option(
            "--site", help="Pages to make: quick, or full with what-ifs, held-out tests and assumptions."
        ),
    ] = "quick",
    fresh: Fresh = False,
    options: RunOptions,
    as_json: AsJson = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Do the main job: read the tables, infer, write the map, the data behind it, and a site that opens from index.html."""
    settings, language = options.settings(config), spoken_language()
    folder = out or jobs.default_folder(settings)
    with (
        reserved(folder, "run", settings, replace=replace),
        shown_progress(language, quiet=quiet or as_json) as progress,
    ):
        result = corridors.run(
            settings,
            data=options.data,
            scheduler=options.scheduler,
            progress=progress,
            resume=folder,
            fresh=fresh,
        )
        manifest = result.write(folder, progress=progress, replace=replace, site=site)
    if as_json:
        print_json(manifest)
    elif not quiet:
        seconds = sum(manifest["seconds"].values())
        if part := manifest["run"]["part"]:
            typer.echo(said("part", language, part=sentence(jobs.part_line(part), "part", language)))
        own = {"page": folder / "index.html", "fingerprint": manifest["run"]["fingerprint"]}
        typer.echo(said("done", language, seconds=seconds, **own))
        if verbose:
            typer.echo(json.dumps({key: manifest[key] for key in ("rows", "fit", "seconds")}, indent=1))


@app.command(cls=Command, epilog="Example: corridors validate --truths 200 --out maps/validation")
@grouped
def validate(
    *,
    config: ConfigFile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for the page, table and JSON; by default the result is only printed."
        ),
    ] = None,
    truths: Annotated[
        int,
        typer.Option(
            "--truths", min=0, help="Simulated truths on which to test the bands, 15 CPU seconds each."
        ),
    ] = 0,
    options: RunOptions,
    as_json: AsJson = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Test the model on data it was not fitted to, against the baselines it must beat, and print the tests it loses."""
    settings = options.settings(config)
    with (
        nullcontext() if out is None else reserved(out, "validation"),
        shown_progress(spoken_language(), quiet=quiet or as_json) as progress,
    ):
        result = corridors.validate(
            settings, truths=truths, data=options.data, scheduler=options.scheduler, progress=progress
        )
        if out is not None:
            result.write(out)
    if as_json:
        print_json(result.rows)
    else:
        Console().print(result.table(cases=verbose))


@app.command(cls=Command, epilog="Example: corridors sensitivity --out maps/sensitivity")
def sensitivity(
    *,
    config: ConfigFile = None,
    out: OutFolder = Path("maps/sensitivity"),
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
    """Change each assumption in turn and together, and see which leading corridors and ports keep their rank."""
    settings = RunOptions(seed=seed, jobs=jobs, point=True).settings(config)
    with (
        reserved(out, "sensitivity"),
        shown_progress(spoken_language(), quiet=quiet or as_json) as progress,
    ):
        result = corridors.sensitivity(
            settings, trajectories=morris, base=sobol, data=data, progress=progress
        )
        result.write(out)
    if as_json:
        typer.echo(result.json())
    elif not quiet:
        typer.echo(str(out / "sensitivity.html"))


@app.command(cls=Command, epilog="Example: corridors sources --page data.html")
def sources(
    *,
    config: ConfigFile = None,
    data: DataFolder = None,
    page: Annotated[Path | None, typer.Option("--page", help="Write a page (HTML, es and en) here.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is loaded: publisher, period, completeness, terms, and what each table is not."""
    with signs_of_life("still reading", spoken_language(), quiet=as_json):
        found = jobs.list_sources(read_config(config), data=data)
    if page is not None:
        found.write(page)
        typer.echo(str(page))
    elif as_json:
        print_json(found.records())
    else:
        print_sources(found.texts(spoken_language()), spoken_language())


@app.command(cls=Command, epilog="Example: corridors check 0126-ffl-list.txt --as atf_list")
def check(
    file: Annotated[Path, typer.Argument(help="File to check; it is not changed.")],
    *,
    name: Annotated[
        str,
        typer.Option(
            "--as", help="Format or table that the file should match; guessed from its columns by default."
        ),
    ] = "",
    period: Annotated[
        str,
        typer.Option(
            "--period",
            help='Time it covers ("2023..2025"), where it does not say it; `period` in the section data.',
        ),
    ] = "",
    config: ConfigFile = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check a file of your own: list every fault, or what was understood of it: rows, columns, sums and first rows."""
    settings, language = read_config(config), spoken_language()
    with signs_of_life(f"still reading {file.name}", language, quiet=as_json):
        report = corridors.check_file(file, name, data, period=period, config=settings)
    if as_json:
        print_json(check_record(report))
        return
    typer.echo(check_text(file, report, language))


@app.command(cls=Command, epilog="Example: corridors fetch bts --out downloads")
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Ids of downloads; without any, they are listed.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder to keep the files in.")] = Path("downloads"),
    as_json: AsJson = False,
) -> None:
    """Download files that agencies publish, verified and resumed where possible, or print how to get them by hand."""
    if names:
        with signs_of_life("still downloading", spoken_language(), quiet=as_json):
            for got in jobs.download(names, out):
                own = {"path": got.path, "bytes": got.bytes, "sha256": got.sha256}
                typer.echo(said("downloaded", spoken_language(), **own))
        return
    known = jobs.list_downloads()
    if as_json:
        print_json(known)
        return
    downloads_table(known, spoken_language())


@app.command(
    cls=Command, epilog="Example: corridors whatif close-san-ysidro law-texas --point --out maps/whatif"
)
@grouped
def whatif(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenario files (TOML, see docs/scenarios.md), or names of shipped scenarios (`corridors list scenarios`)."
        ),
    ],
    *,
    config: ConfigFile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder of the output; maps/whatif by default, maps/whatif-point for a quick look."
        ),
    ] = None,
    replace: Replace = False,
    options: RunOptions,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Close, slow or change something, and see where the modeled flow would move, and how certain that is."""
    settings = options.settings(config)
    folder = out or jobs.default_folder(settings, "whatif")
    with (
        reserved(folder, "whatif", settings, replace=replace),
        shown_progress(spoken_language(), quiet=quiet or as_json) as progress,
    ):
        result = corridors.whatif(
            settings, scenarios, data=options.data, scheduler=options.scheduler, progress=progress
        )
        manifest = result.write(folder, progress=progress, replace=replace)
    if as_json:
        print_json(manifest)
    elif not quiet:
        typer.echo(f"{folder / 'whatif.html'} ({sum(manifest['seconds'].values()):.0f} s)")


app.command(cls=Command, epilog='Example: corridors brief --consulate "Tucson"')(outreach.brief)
app.command(cls=Command, epilog="Example: corridors calendar --days 60 --shows shows.ics")(outreach.calendar)
app.command(cls=Command, epilog="Example: corridors narrative --out maps/narrative")(outreach.narrative)
app.command(cls=Command, epilog="Example: corridors doctor --advisories all.zip")(doctor)
app.command(cls=Command)(formats)
app.command("list", cls=Command, epilog="Example: corridors list ports")(list_names)


app.command(
    cls=Command, epilog="Example: corridors benchmark trees --nodes 50000 --peers scipy,igraph --json"
)(benchmark)


def main(say: Callable[[], None] = say_interrupted) -> None:
    """Run the command line and turn errors into messages and exit codes; `say` tells that it was interrupted."""
    for stream in (sys.stdout, sys.stderr):  # a console of Windows lacks letters that files hold
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        call(app, sys.argv[1:])
    except CorridorsError as error:
        if "--json" in sys.argv and isinstance(error, InputError):
            print_json({"faults": [asdict(fault) for fault in error.faults]})
        typer.echo(f"corridors: {spoken(error, sys.argv[1:])}", err=True)
        sys.exit(NOT_ENOUGH if isinstance(error, NotEnoughDataError) else BAD_INPUT)
    except MemoryError:
        short = CorridorsError("not enough memory; close other programs, or add --jobs 1")
        typer.echo(f"corridors: {spoken(short, sys.argv[1:])}", err=True)
        sys.exit(BAD_INPUT)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            say()
        raise


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    """Print the version and end."""
    if wanted:
        typer.echo(f"corridors {corridors.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
    language: Language = "",
) -> None:
    """Take the options that stand before a command."""
