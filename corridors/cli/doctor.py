"""The command that looks at this computer: whether a run would succeed, and what to do where it would not."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated, Any

import typer

import corridors
from corridors.cli.language import spoken_language
from corridors.cli.options import AsJson, DataFolder  # noqa: TC001 - Typer reads them
from corridors.core.errors import Fault, InputError
from corridors.core.signs import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors import Examination

WOULD_FAIL = 1


def doctor(
    *,
    advisories: Annotated[
        Path | None,
        typer.Option(
            "--advisories",
            help="OSV's zip of the ecosystem PyPI: list what it says of the installed versions.",
        ),
    ] = None,
    lock: Annotated[
        Path | None,
        typer.Option("--lock", help="A lock whose versions are looked up instead, as requirements.lock."),
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Look whether a run would succeed here: versions, tables, caches, memory, disk, browser. Exit 1 where it would not."""
    if lock is not None and advisories is None:
        remedy = "Give --advisories as well: a lock is looked up in that file."
        raise InputError([Fault("corridors doctor", "--advisories with --lock", "--lock alone", remedy)])
    found = corridors.doctor(data=data, advisories=advisories, lock=lock)
    if as_json:
        typer.echo(json.dumps(record(found)))
    else:
        typer.echo(report(found, spoken_language()))
    if not found.fine:
        raise typer.Exit(WOULD_FAIL)


def report(found: Examination, language: str) -> str:
    """Return what was seen, as lines for a terminal in "es" or "en"."""
    words = _words()[language]
    lines = []
    for area, checks in groupby(found.checks, lambda one: one.area):
        lines.append(words["area"][area])
        width = max(map(len, words["state"].values()))
        for one in checks:
            lines.append(
                f"  {words['state'][one.state]:<{width}}  {one.what}: {_text(one.code, one.values, language)}"
            )
            if one.state != "fine":
                remedy = words["frame"]["remedy"].format(remedy=words["remedy"][one.code])
                lines.append(f"  {'':<{width}}  {remedy}")
    counts = {state: sum(one.state == state for one in found.checks) for state in ("fault", "note")}
    ends = [words["frame"]["fine"] if found.fine else words["frame"]["faults"].format(faults=counts["fault"])]
    if counts["note"]:
        ends.append(words["frame"]["notes"].format(notes=counts["note"]))
    return printable("\n".join([*lines, "", " ".join(ends)]))


def record(found: Examination) -> dict[str, Any]:
    """Return what was seen for a program, its sentences in English."""
    remedies = _words()["en"]["remedy"]
    checks = [
        {**asdict(one), "text": _text(one.code, one.values, "en"), "remedy": remedies.get(one.code, "")}
        for one in found.checks
    ]
    return {"corridors": corridors.__version__, "fine": found.fine, "checks": checks}


def _text(code: str, values: Mapping[str, str | float], language: str) -> str:
    """Return the sentence of a check; of what a record leaves out, no empty brackets stay."""
    text = _words()[language]["text"][code].format(**values)
    return " ".join(text.replace("()", "").split()).removesuffix(":")


@cache
def _words() -> dict[str, Any]:
    """Return the word file, by language."""
    text = (files("corridors.cli") / "words" / "doctor.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
