"""The options that commands share, and the settings they amount to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridors.config import Config, read_config, with_changes

POINT_WORLDS = 24

ConfigFile = Annotated[Path | None, typer.Option("--config", help="Settings (TOML); see docs/parameters.md.")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="Folder of the default tables.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of all randomness.")]
Jobs = Annotated[int | None, typer.Option("--jobs", help="Threads; the result does not depend on it.")]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        help='Dask scheduler to reckon on ("tcp://host:8786"), or "local" for one on this machine.',
    ),
]
Worlds = Annotated[int | None, typer.Option("--worlds", help="Number of cost worlds.")]
Draws = Annotated[int | None, typer.Option("--draws", help="Draws of the posterior, over all worlds.")]
Point = Annotated[
    bool,
    typer.Option(
        "--point", help=f"A quick look: the most probable parameters in {POINT_WORLDS} cost worlds."
    ),
]
LensName = Annotated[str | None, typer.Option("--lens", help="Traces the fit uses: all or one_year.")]
DemandName = Annotated[
    str | None, typer.Option("--demand", help="combined, seizures, case_files, homicides or population.")
]
Inspection = Annotated[
    str | None, typer.Option("--inspection", help="Inspection at ports: unknown, equal or none (left out).")
]
GunShows = Annotated[
    str | None, typer.Option("--gun-shows", help="Part of supply at gun shows: published (3.5 %) or none.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable result on standard output.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say more.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say only what is asked for.")]


def settings_of(config: Path | None, *, point: bool, worlds: int | None, **changes: object) -> Config:
    """Return the settings of the file with the options given put over them."""
    few = POINT_WORLDS if point and worlds is None else worlds
    quick = {"mode": "point", "variants": 0} if point else {}
    return with_changes(read_config(config), {**changes, **quick, "worlds": few})
