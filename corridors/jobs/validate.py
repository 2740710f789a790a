"""Held-out tests of a fresh inference (docs/method.md 7.1), and how they are told: rows, tables and a page."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from math import isnan
from typing import TYPE_CHECKING, Any

from rich.table import Table

from corridors.inference.fitting.executors import on_processes
from corridors.inference.validation.coverage import calibrate
from corridors.inference.validation.held_out import calibration, validate as held_out_tests
from corridors.jobs.inputs import load_inputs
from corridors.jobs.manifest import about_run
from corridors.jobs.progress import Progress
from corridors.jobs.stages import build_evidence, build_network, infer, make_plan, state_names
from corridors.network import build_held_out
from corridors.outputs.files.atomic import atomic_folder
from corridors.outputs.pages.validation import render_validation, told
from corridors.outputs.text.translations import load_translations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.results import Run

    Row = dict[str, Any]


def validate(
    config: Config,
    *,
    data: Path | None = None,
    scheduler: str = "",
    truths: int = 0,
    progress: Progress | None = None,
) -> tuple[list[Row], Run]:
    """Return the held-out tests of a fresh inference as plain rows, and what was tested.

    Parameters
    ----------
    config, data, scheduler, progress
        As `run` takes them.
    truths
        Simulated truths for the test of calibration; none leaves it out.
    """
    progress = progress or Progress()
    inputs = load_inputs(config, data)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    plan = make_plan(config)
    progress.show(f"inferring in {config.run.worlds} cost worlds")
    posterior = infer(network, evidence, config, scheduler=scheduler, progress=progress)
    progress.show("predicting what was left out")
    held = build_held_out(inputs.tables, inputs.population, network, evidence)
    tests = held_out_tests(network.arcs, evidence, held, posterior, plan)
    if truths:
        progress.show(f"inferring from {truths} simulated truths")
        spread = on_processes(plan.jobs)
        tests += calibration(calibrate(network.arcs, evidence, plan, truths=truths, spread=spread))
    ports, states = network.ports["name_mx"].tolist(), state_names(inputs)
    rows = [{name: _plain(value) for name, value in asdict(test).items()} for test in tests]
    for row in rows:
        row["detail"] = [
            (_case(row["code"], name, ports, states), *scores) for name, *scores in row["detail"]
        ]
    return rows, about_run(config, inputs, posterior)


def write(rows: Sequence[Row], run: Run, out: Path) -> None:
    """Write the tests as a page, a table and JSON; an earlier output is replaced only by a whole one."""
    with atomic_folder(out) as tmp:
        (tmp / "validation.html").write_text(render_validation(rows, run), encoding="utf-8")
        text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
        (tmp / "validation.json").write_text(text, encoding="utf-8")
        with (tmp / "validation.csv").open("w", encoding="utf-8", newline="") as file:
            table_of = csv.DictWriter(
                file, [name for name in rows[0] if name != "detail"], extrasaction="ignore"
            )
            table_of.writeheader()
            table_of.writerows(rows)


def table(rows: Sequence[Row], *, cases: bool) -> Table:
    """Return the tests for a terminal, case by case if asked."""
    words = load_translations("en")
    shown = Table(title=words("validation.caption"))
    for column in ("", "test", "model", "null_score", "band", "cases", "verdict"):
        shown.add_column(words(f"validation.{column}") if column else "")
    for row in rows:
        said = told(row, words)
        against = f", against {said['null']}" if said["null"] else ""
        counted = f"{said['wins']} / {said['size']}" if said["wins"] else said["size"]
        shown.add_row(
            said["code"],
            f"{said['name']}\n{said['measure']}{against}",
            said["model"],
            said["null_score"],
            said["band"],
            counted,
            said["said"],
        )
        for name, ours, theirs in said["detail"] if cases else ():
            shown.add_row("", f"  {name}", ours, theirs)
    return shown


def _case(code: str, name: str, ports: Sequence[str], states: Mapping[str, str]) -> str:
    """Return a case as readers know it: a port by its name, a Mexican state by its own."""
    if code == "V8":
        return ports[int(name)]
    if code == "V6":
        return states[name]
    if code == "V2":
        us_state, mx_state = name.split("-")
        return f"{us_state} \N{RIGHTWARDS ARROW} {states[mx_state]}"
    return name


def _plain(value: Any) -> Any:
    """Return what JSON can hold: nothing for what is no number."""
    return None if isinstance(value, float) and isnan(value) else value
