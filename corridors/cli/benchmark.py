"""The command that times routing, or the map, against common alternatives."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from corridors.cli.options import AsJson  # noqa: TC001 - Typer reads it


def benchmark(
    what: Annotated[str, typer.Argument(help="trees, job (a whole cost world), or map (in a browser).")],
    *,
    nodes: Annotated[int, typer.Option("--nodes", min=1000, help="Size of the synthetic network.")] = 50_000,
    peers: Annotated[
        str,
        typer.Option(
            "--peers", help="Libraries to compare with, separated by commas; all installed ones by default."
        ),
    ] = "",
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Rounds; figures are medians.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Time the routing engine, or the map, against common alternatives on this machine."""
    from corridors.bench import compare  # noqa: PLC0415 - other commands do without it

    found = compare(what, nodes, peers=peers.split(",") if peers else None, rounds=rounds)
    rows = {figure: one.rows for figure, one in found.items()}
    typer.echo(json.dumps(rows) if as_json else "\n".join(one.markdown() for one in found.values()))
