"""Held-out tests of a fresh inference (docs/method.md 7.1), and how they are shown: rows, a table, a page."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass, field, replace
from math import isnan
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from corridors.core.signs import printable
from corridors.inference.validation import ScoreCode, calibration_tests, sbc, validate as held_out_tests
from corridors.jobs.folders import listed_folder, site_beside
from corridors.jobs.inputs import load_inputs
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import about_run, run_facts
from corridors.jobs.stages import build_evidence, build_network, infer, prepare, state_names
from corridors.network import build_held_out
from corridors.outputs.pages import render_validation, validation_texts
from corridors.outputs.text import run_translations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.results import Run
    from corridors.core.types import Evidence, Network
    from corridors.inference.fitting import Problem
    from corridors.jobs.inputs import Inputs
    from corridors.outputs.text import Translations
    from corridors.outputs.web import Site

TABLES = {
    ScoreCode.PERIODS: "figures",
    ScoreCode.PAIRS: "figures",
    ScoreCode.CITIES: "city_shares",
    ScoreCode.CROSSINGS: "published_routes",
    ScoreCode.ROUTES: "published_routes",
    ScoreCode.MUNICIPALITIES: "seizures_municipal",
    ScoreCode.SEIZURE_EVENTS: "seizure_events",
    ScoreCode.FREIGHT: "freight_flows",
    ScoreCode.PORT_EVENTS: "port_events",
}
"""What each test is made of; a part of the region may have no case of it."""


@dataclass(frozen=True, slots=True, eq=False)
class ValidationResult:
    """How the model scores on what it was not fitted to. Nothing is written before `write`.

    Parameters
    ----------
    rows
        A row a test, of plain values: `code`, scores of the model and of its baseline, `detail` case by case.
    about
        The run that was tested.
    absent
        Codes of the tests that were not made, with the table that each needs. A run that measures demand by events is not
        tested by them.
    """

    rows: Sequence[dict[str, Any]]
    about: Run
    absent: Mapping[str, str] = field(default_factory=dict)

    def write(self, out: Path, site: Site | None = None) -> None:
        """Write the tests as a page, a table and JSON; an earlier output is replaced only by a whole one.

        Parameters
        ----------
        out
            Folder of the output.
        site
            The pages that can be opened from the page; by default those of a run beside it.
        """
        with listed_folder(out, "validation", run_facts(self.about)) as folder:
            page = render_validation(
                self.rows, self.about, self.absent, (site or site_beside(out)).beside("validation.html")
            )
            (folder / "validation.html").write_text(page, encoding="utf-8")
            text = json.dumps(self.rows, ensure_ascii=False, indent=1) + "\n"
            (folder / "validation.json").write_text(text, encoding="utf-8")
            with (folder / "validation.csv").open("w", encoding="utf-8", newline="") as file:
                columns = [name for name in self.rows[0] if name != "detail"]
                table = csv.DictWriter(file, columns, extrasaction="ignore")
                table.writeheader()
                table.writerows(self.rows)

    def table(self, *, cases: bool = False) -> Table:
        """Return the tests as a table for a terminal, case by case if asked."""
        t = run_translations("en", self.about)
        shown = Table(title=t("validation.caption"), caption=self._absent_text(t))
        for column in ("", "test", "model", "null_score", "band", "cases", "verdict"):
            shown.add_column(t(f"validation.{column}") if column else "")
        for row in self.rows:
            texts = validation_texts(row, t)
            against = f", against {texts['null']}" if texts["null"] else ""
            counted = f"{texts['wins']} / {texts['size']}" if texts["wins"] else texts["size"]
            shown.add_row(
                texts["code"],
                f"{texts['name']}\n{texts['measure']}{against}",
                texts["model"],
                texts["null_score"],
                texts["band"],
                counted,
                texts["said"],
            )
            for name, ours, theirs in texts["detail"] if cases else ():
                shown.add_row("", Text(printable(f"  {name}")), ours, theirs)
        return shown

    def _absent_text(self, t: Translations) -> str | None:
        """Return a sentence on the tests that were not made; None where all were."""
        if not self.absent:
            return None
        tables = ", ".join(dict.fromkeys(self.absent.values()))
        return t("validation.absent", tests=", ".join(self.absent), tables=tables)


def validate(
    config: Config,
    *,
    truths: int = 0,
    data: Path | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
) -> ValidationResult:
    """Test a fresh inference on what it was not fitted to, against the baselines it must beat. Nothing is written yet.

    Parameters
    ----------
    config
        Settings.
    truths
        Simulated truths on which the bands are tested; 0 leaves that test out.
    data
        Folder of the default tables; those of the package by default.
    scheduler
        Address of a Dask scheduler for the inference, or "local"; by default the threads of this process.
    progress
        Shows and times each step.

    Raises
    ------
    InputError
        With every fault of every file.
    NotEnoughDataError
        The sampler has not converged, or the figures cannot carry a fit.
    """
    progress = progress or Progress()
    inputs = load_inputs(config, data)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    problem = prepare(network, evidence, config)
    progress.show(f"inferring in {config.run.worlds} cost worlds")
    posterior = infer(network, evidence, config, problem=problem, scheduler=scheduler, progress=progress)
    return validate_of(
        config=config,
        inputs=inputs,
        network=network,
        evidence=evidence,
        posterior=posterior,
        problem=problem,
        truths=truths,
        progress=progress,
    )


def validate_of(
    *,
    config: Config,
    inputs: Inputs,
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    problem: Problem,
    truths: int = 0,
    progress: Progress,
) -> ValidationResult:
    """Test draws that are at hand; parameters as of `validate`.

    Parameters
    ----------
    config, inputs, network, evidence, posterior, problem
        What the draws were inferred with, and the draws.
    truths, progress
        As of `validate`.
    """
    progress.show("predicting what was left out")
    held = build_held_out(inputs.tables, inputs.population, network, evidence)
    if config.run.demand == "events":  # what the fit saw tests nothing
        held = replace(held, seizure_events=None)
    tests = held_out_tests(problem, held, posterior)
    if truths:
        progress.show(f"inferring from {truths} simulated truths")
        tests += calibration_tests(sbc(problem, truths=truths))
    ports, states = network.ports["name_mx"].tolist(), state_names(inputs)
    rows = [{name: _plain(value) for name, value in asdict(test).items()} for test in tests]
    for row in rows:
        row["detail"] = [
            (_case_name(row["code"], name, ports, states), *scores) for name, *scores in row["detail"]
        ]
    made = {row["code"] for row in rows}
    absent = {str(code): table for code, table in TABLES.items() if code not in made}
    return ValidationResult(rows, about_run(config, inputs, posterior, network, evidence), absent)


def _case_name(code: str, name: str, ports: Sequence[str], states: Mapping[str, str]) -> str:
    """Return a case as readers know it: a port by its name, a Mexican state by its own."""
    if code == ScoreCode.OVER_CROSSINGS:
        return ports[int(name)]
    if code in {ScoreCode.MUNICIPALITIES, ScoreCode.SEIZURE_EVENTS}:
        return states[name]
    if code in {ScoreCode.PAIRS, ScoreCode.FREIGHT}:
        us_state, mx_state = name.split("-")
        return f"{us_state} \N{RIGHTWARDS ARROW} {states[mx_state]}"
    return name


def _plain(value: Any) -> Any:
    """Return what JSON can hold: None for a value that is not a number."""
    return None if isinstance(value, float) and isnan(value) else value
