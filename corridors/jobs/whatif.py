"""What-ifs: infer once, apply each scenario to the same draws, and write where the modeled flow would move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from corridors.core.errors import Fault, InputError
from corridors.core.manifest import write_manifest
from corridors.core.results import ChangeGroups
from corridors.core.scenario import EditContext
from corridors.inference import disconnected_places, displacements
from corridors.jobs.districts import consulate_fractions
from corridors.jobs.folders import check_folder, site_beside
from corridors.jobs.inputs import load_inputs
from corridors.jobs.listing import scenario_path
from corridors.jobs.part import shown_draws
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import about_run, make_manifest
from corridors.jobs.stages import (
    base_map,
    build_evidence,
    build_network,
    corridor_place_names,
    infer,
    prepare,
    show_settings,
    state_names,
)
from corridors.network import resolve_edits
from corridors.outputs.files import atomic_folder, write_changes
from corridors.outputs.layers import map_layers
from corridors.outputs.pages import render_whatif
from corridors.outputs.summary import summarise, summarise_changes
from corridors.outputs.text import layer_description
from corridors.sources import load_scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.results import Changes, Results
    from corridors.core.scenario import Displacement, ResolvedScenario, Scenario
    from corridors.core.types import Evidence, Network
    from corridors.inference.fitting import Problem
    from corridors.jobs.inputs import Inputs
    from corridors.outputs.web import Site

PAGE = "whatif.html"
MAX_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class WhatIfCase:
    """A scenario as its file states it, and the same resolved to the nodes and edges of a network."""

    scenario: Scenario
    change: ResolvedScenario


@dataclass(frozen=True, slots=True, eq=False)
class WhatIfResult:
    """What scenarios do to the flow of a run. Nothing is written before `write`.

    Parameters
    ----------
    config
        Settings of the run.
    inputs, network, evidence, posterior, results
        The run without any scenario, as the stages made it.
    cases, displacements
        Each scenario, and the flow without and with it, draw by draw.
    changes
        The change of every port, corridor, state, district and edge under each scenario, and the scenarios compared.
    seconds
        Wall seconds of each step so far.
    """

    config: Config
    inputs: Inputs
    network: Network
    evidence: Evidence
    posterior: FlowDraws
    results: Results
    cases: Sequence[WhatIfCase]
    displacements: Sequence[Displacement]
    changes: Changes
    seconds: Mapping[str, float] = field(default_factory=dict)

    def write(
        self,
        out: Path,
        *,
        progress: Progress | None = None,
        replace: bool = False,
        site: Site | None = None,
    ) -> dict[str, Any]:
        """Write the page, the tables and the manifest. Return the manifest.

        Parameters
        ----------
        out
            Folder of the output; an earlier output there is replaced only when the new one is whole.
        progress
            Shows and times each step.
        replace
            Whether changes of another kind of run may be replaced.
        site
            The pages that can be opened from the page; by default those of a run beside it.

        Raises
        ------
        InputError
            The folder holds changes of another kind of run, or the output of another command.
        OutputError
            A file cannot be written or would not be safe to publish; nothing is written then.
        """
        progress = progress or Progress()
        check_folder(out, "whatif", self.config, replace=replace)
        about = about_run(self.config, self.inputs, self.posterior, self.network, self.evidence)
        scenarios = [case.scenario for case in self.cases]
        progress.show("writing the page and the tables")
        with atomic_folder(out) as folder:
            with progress.step("tables"):
                write_changes(self.changes, folder, layer_description(about, "whatif"))
            with progress.step("page"):
                specs = map_layers(self.results, base_map(self.inputs))
                page = render_whatif(
                    self.results, about, specs, self.changes, (site or site_beside(out)).beside(PAGE)
                )
                (folder / PAGE).write_text(page, encoding="utf-8")
            manifest = make_manifest(
                self.config,
                inputs=self.inputs,
                about=about,
                network=self.network,
                evidence=self.evidence,
                posterior=self.posterior,
                folder=folder,
                seconds={**self.seconds, **progress.seconds},
            ) | {
                "made": "whatif",
                "scenarios": [one.model_dump(mode="json", by_alias=True) for one in scenarios],
            }
            write_manifest(manifest, folder)
        return manifest


def whatif(
    config: Config,
    scenarios: Sequence[Path | str],
    *,
    data: Path | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
) -> WhatIfResult:
    """Infer once, apply every scenario to the same draws, and summarise what changes. Nothing is written yet.

    Parameters
    ----------
    config
        Settings.
    scenarios
        Scenario files (TOML), or names of shipped scenarios.
    data
        Folder of the default tables; those of the package by default.
    scheduler
        Address of a Dask scheduler for the inference, or "local"; by default the threads of this process.
    progress
        Shows and times each step.

    Raises
    ------
    InputError
        With every fault of every file; nothing is inferred then.
    NotEnoughDataError
        The sampler has not converged, or the figures cannot carry a fit.
    """
    progress = progress or Progress()
    with progress.step("read", "reading the tables and the scenarios"):
        paths, faults = _well_formed(scenarios)
        inputs = _inputs(config, data, faults)
        network = build_network(inputs)
        evidence = build_evidence(inputs, network, config)
        problem = prepare(network, evidence, config)
        cases = resolve_cases(paths, inputs, network, config, problem, faults=faults)
    with progress.step("inference", f"inferring in {config.run.worlds} cost worlds"):
        posterior = infer(network, evidence, config, problem=problem, scheduler=scheduler, progress=progress)
    return whatif_of(
        cases,
        config=config,
        inputs=inputs,
        network=network,
        evidence=evidence,
        posterior=posterior,
        problem=problem,
        progress=progress,
    )


def whatif_of(
    cases: Sequence[WhatIfCase],
    *,
    config: Config,
    inputs: Inputs,
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    problem: Problem,
    progress: Progress,
) -> WhatIfResult:
    """Return what scenarios do to draws that are at hand.

    Parameters
    ----------
    cases
        Scenarios, resolved.
    config, inputs, network, evidence, posterior, problem
        What the draws were inferred with, and the draws.
    progress
        Shows and times each step.
    """
    with progress.step("scenarios", f"applying {len(cases)} scenarios in each cost world"):
        edits = [case.change for case in cases]
        found = displacements(problem, posterior, edits, progress=progress.advance)
    with progress.step("summary"):
        names = state_names(inputs)
        shown = shown_draws(posterior, evidence)
        results = summarise(network, evidence, shown, places=corridor_place_names(inputs), states=names)
        groups = _groups(inputs, network, evidence, results)
        changes = summarise_changes([case.scenario for case in cases], found, groups, network, shown.kind)
    return WhatIfResult(
        config,
        inputs,
        network,
        evidence,
        posterior,
        results,
        cases=cases,
        displacements=found,
        changes=changes,
        seconds=dict(progress.seconds),
    )


def resolve_cases(
    paths: Sequence[Path],
    inputs: Inputs,
    network: Network,
    config: Config,
    problem: Problem,
    *,
    faults: Sequence[Fault] = (),
) -> list[WhatIfCase]:
    """Return the scenarios of files, resolved to the nodes and edges of the network.

    Parameters
    ----------
    paths
        Files, each of them a scenario.
    inputs, network, config, problem
        What the edits are resolved against.
    faults
        Faults of other files, reported with those found here.

    Raises
    ------
    InputError
        With every fault of every file: not a scenario, an unknown name, or a place left without a port.
    """
    shows = inputs.tables["gun_shows"]
    context = EditContext(
        network,
        problem.evidence,
        shows if config.run.gun_shows == "published" else shows.iloc[:0],
        state_names(inputs),
        config.costs.toll_usd_per_km,
        show_settings(config),
    )
    scenarios = load_scenarios(paths)
    resolved = [
        resolve_edits(one, context, file=str(path)) for one, path in zip(scenarios, paths, strict=True)
    ]
    every = [*faults, *(fault for _, found in resolved for fault in found)]
    usable = [(path, change) for path, (change, found) in zip(paths, resolved, strict=True) if not found]
    unreached = disconnected_places(problem, [change for _, change in usable])
    for (path, _), (zones, municipalities) in zip(usable, unreached, strict=True):
        every += _disconnected(str(path), "zones", zones)
        every += _disconnected(str(path), "municipalities", municipalities)
    if every:
        raise InputError(every)
    return [WhatIfCase(one, change) for one, (change, _) in zip(scenarios, resolved, strict=True)]


def _well_formed(scenarios: Sequence[Path | str]) -> tuple[list[Path], list[Fault]]:
    """Return the files that are scenarios, and the faults of the others.

    Raises
    ------
    InputError
        None of them is a scenario: no table need be read.
    """
    paths: list[Path] = []
    faults: list[Fault] = []
    for name in scenarios:
        try:
            paths.append(scenario_path(str(name)))
        except InputError as error:
            faults += error.faults
    try:
        load_scenarios(paths)
    except InputError as error:
        faults += error.faults
        wrong = {fault.file for fault in error.faults}
        paths = [path for path in paths if str(path) not in wrong]
    if faults and not paths:
        raise InputError(faults)
    return paths, faults


def _inputs(config: Config, data: Path | None, faults: Sequence[Fault]) -> Inputs:
    """Return the tables; their faults are reported with those of the scenarios."""
    try:
        return load_inputs(config, data)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from error


def _groups(inputs: Inputs, network: Network, evidence: Evidence, results: Results) -> ChangeGroups:
    """Return the ports, states, districts and corridors that changes are summed over."""
    names = state_names(inputs)
    offices, districts = consulate_fractions(inputs, network, evidence)
    return ChangeGroups(
        network.ports,
        crossings=cast("pd.DataFrame", results.crossings),  # `summarise` makes it of every run
        us_states=[(code, names[code]) for code in evidence.us_states],
        mx_states=[(code, names[code]) for code in evidence.mx_states],
        offices=offices,
        districts=districts,
        corridors=results.corridors,
        corridor_edges=results.corridor_edges,
    )


def _disconnected(file: str, kind: str, names: Sequence[str]) -> list[Fault]:
    """Return the fault of a scenario that leaves places without a way to a port."""
    if not names:
        return []
    more = f" and {len(names) - MAX_NAMES_SHOWN} more" if len(names) > MAX_NAMES_SHOWN else ""
    wanted = "a way from zones to an open port" if kind == "zones" else f"a way from an open port to {kind}"
    remedy = "Make the roads or ports more costly instead of closing all of them."
    return [
        Fault(file, wanted, f"none for {', '.join(names[:MAX_NAMES_SHOWN])}{more}", remedy, column="edit")
    ]
