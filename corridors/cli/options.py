"""The options that commands share, each declared once, and the settings they amount to."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from corridors.config import Config, read_config, with_changes

if TYPE_CHECKING:
    from collections.abc import Callable

POINT_WORLDS = 24

ConfigFile = Annotated[Path | None, typer.Option("--config", help="Settings (TOML); see docs/parameters.md.")]
DataFolder = Annotated[Path | None, typer.Option("--data", help="Folder of the default tables.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of all randomness.")]
Jobs = Annotated[int | None, typer.Option("--jobs", help="Threads; the result does not depend on it.")]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        help='Dask scheduler for the cost worlds ("tcp://host:8786"), or "local" for one on this machine.',
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
    str | None,
    typer.Option("--gun-shows", help="Fraction of supply at gun shows: published (3.5 %) or none."),
]
Partial = Annotated[
    bool | None,
    typer.Option(
        "--partial", help="The tables cover a part of the region, and that is meant.", show_default=False
    ),
]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder of the output.")]
Replace = Annotated[
    bool,
    typer.Option("--replace", help="Replace a run of another kind (mode, lens, demand ...) in the folder."),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Start anew; by default a run goes on from where it was interrupted.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable result on standard output.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Print more.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print no progress and no summary.")]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of every job that infers: tables, randomness, machines, and the model's settings."""

    data: DataFolder = None
    seed: Seed = None
    jobs: Jobs = None
    scheduler: Scheduler = ""
    worlds: Worlds = None
    draws: Draws = None
    point: Point = False
    lens: LensName = None
    demand: DemandName = None
    inspection: Inspection = None
    gun_shows: GunShows = None
    partial: Partial = None

    def settings(self, config: Path | None) -> Config:
        """Return the settings of a file with these options put over them.

        Raises
        ------
        ConfigError
            With every fault of the file, or of the options.
        """
        other = {"data", "scheduler", "point"}
        changes = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in other}
        if self.point:
            changes |= {
                "mode": "point",
                "variants": 0,
                "worlds": POINT_WORLDS if self.worlds is None else self.worlds,
            }
        return with_changes(read_config(config), changes)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Replace each parameter that is a dataclass of options by a parameter for each of its fields, as Typer needs."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind) and isinstance(kind, type)}
    parameters: list[inspect.Parameter] = []
    for one in inspect.signature(command).parameters.values():
        group = groups.get(one.name)
        options = [one.replace(annotation=hints[one.name])] if group is None else _parameters(group)
        parameters += [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in options]

    @wraps(command)
    def flat(**values: Any) -> None:
        made = {
            name: group(**{one.name: values.pop(one.name) for one in fields(group)})
            for name, group in groups.items()
        }
        command(**values, **made)

    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # as PEP 362 allows
    flat.__annotations__ = {one.name: one.annotation for one in parameters}
    return flat


def _parameters(group: type[Any]) -> list[inspect.Parameter]:
    """Return a parameter for each field of a dataclass of options."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name]
        )
        for one in fields(group)
    ]
