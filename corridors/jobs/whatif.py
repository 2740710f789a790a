"""Composes what-ifs: scenarios laid on a network, the flow without and with them, and what is written of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.scenario import EditContext
from corridors.inference.displacement import cut_off, outcome, shifts
from corridors.inference.fitting.executors import on_processes, on_threads
from corridors.jobs.districts import district_land
from corridors.jobs.inputs import load_inputs
from corridors.jobs.manifest import about_run, make_manifest, write_manifest
from corridors.jobs.progress import Progress
from corridors.jobs.stages import (
    base_map,
    build_evidence,
    build_network,
    corridor_place_names,
    infer,
    make_plan,
    show_prior,
    state_names,
)
from corridors.network import resolve_edits, zone_districts
from corridors.outputs.files.atomic import atomic_folder
from corridors.outputs.files.changes import write_changes
from corridors.outputs.layers.layers import layers
from corridors.outputs.pages.whatif import Told, render_whatif
from corridors.outputs.summary.corridors import named_corridors
from corridors.outputs.summary.displacement import Places, change_table, comparison, edge_changes
from corridors.outputs.summary.summary import summarise
from corridors.sources.scenarios import load_scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.scenario import Displacement, ResolvedScenario, Scenario
    from corridors.core.types import Evidence, FloatArray, FlowDraws, Network
    from corridors.jobs.inputs import Inputs

PAGE = "whatif.html"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario, and what it is laid on the network as."""

    scenario: Scenario
    change: ResolvedScenario


def lay_all(
    paths: Sequence[Path], inputs: Inputs, network: Network, evidence: Evidence, config: Config
) -> list[Case]:
    """Return the scenarios of files, laid on the network.

    Raises
    ------
    InputError
        With every fault of every file: what is no scenario, names what is not there, or cuts a place off.
    """
    shows = inputs.tables["gun_shows"]
    context = EditContext(
        network,
        evidence,
        shows if config.run.gun_shows == "published" else shows.iloc[:0],
        state_names(inputs),
        config.costs.toll_usd_per_km,
        show_prior(config),
    )
    scenarios = load_scenarios(paths)
    laid = [resolve_edits(one, context, file=str(path)) for one, path in zip(scenarios, paths, strict=True)]
    faults = [fault for _, found in laid for fault in found]
    if not faults:
        changes = [change for change, _ in laid]
        costs = make_plan(config).costs
        for path, (zones, towns) in zip(paths, cut_off(network.arcs, evidence, costs, changes), strict=True):
            faults += _cut(str(path), "zones", zones) + _cut(str(path), "municipalities", towns)
    if faults:
        raise InputError(faults)
    return [Case(one, change) for one, (change, _) in zip(scenarios, laid, strict=True)]


def outcomes(
    cases: Sequence[Case],
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    config: Config,
    *,
    edges: bool = True,
    progress: Progress | None = None,
) -> list[Displacement]:
    """Return what each scenario does to the flow of a posterior."""
    plan = make_plan(config)
    changes = [case.change for case in cases]
    before, *after = shifts(
        network.arcs,
        evidence,
        posterior,
        changes,
        costs=plan.costs,
        seed=plan.seed,
        spread=(on_processes if posterior.kind == "posterior" else on_threads)(plan.jobs),
        edges=edges,
        progress=progress.advance if progress else None,
    )
    return [outcome(before, one, change, plan.seed) for one, change in zip(after, changes, strict=True)]


def whatif(
    config: Config,
    paths: Sequence[Path],
    out: Path,
    *,
    data: Path | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Infer once, reckon every scenario on the same draws, and write what changes. Return the manifest.

    Parameters
    ----------
    config
        Settings.
    paths
        Scenario files.
    out
        Folder of the output; an earlier output there is replaced only when the new one is whole.
    data
        Folder of the shipped tables.
    scheduler
        Dask scheduler for the inference.
    progress
        Shows and times each step.

    Raises
    ------
    InputError, NotEnoughDataError, OutputError
        As the rooms raise them; nothing is written then, and nothing inferred where a scenario is at fault.
    """
    progress = progress or Progress()
    with progress.step("read", "reading the tables and the scenarios"):
        load_scenarios(paths)  # faults of form before a table is read
        inputs = load_inputs(config, data)
        network = build_network(inputs)
        evidence = build_evidence(inputs, network, config)
        cases = lay_all(paths, inputs, network, evidence, config)
    with progress.step("inference", f"inferring in {config.run.worlds} cost worlds"):
        posterior = infer(network, evidence, config, scheduler=scheduler, progress=progress)
    with progress.step("scenarios", f"applying {len(cases)} scenarios in each of them"):
        found = outcomes(cases, network, evidence, posterior, config, progress=progress)
    progress.show("writing the page and the tables")
    about = about_run(config, inputs, posterior)
    with atomic_folder(out) as tmp:
        with progress.step("tables"):
            names = state_names(inputs)
            results = summarise(network, evidence, posterior)
            corridors, chains = named_corridors(network, posterior, None, corridor_place_names(inputs), names)
            offices, districts = districts_of(inputs, network, evidence)
            places = Places(
                network.ports,
                us_states=[(code, names[code]) for code in evidence.us_states],
                mx_states=[(code, names[code]) for code in evidence.mx_states],
                offices=offices,
                districts=districts,
                corridors=corridors,
                chains=chains,
            )
            km = network.edges["km"].to_numpy(dtype=np.float64)
            tables = [change_table(one, places, km) for one in found]
            lines = [edge_changes(one, network) for one in found]
            scenarios = [case.scenario for case in cases]
            changes, edges = (pd.concat(parts, ignore_index=True) for parts in (tables, lines))
            summary = comparison(scenarios, found, changes)
            write_changes(scenarios, summary, changes, edges, places=places, folder=tmp)
        with progress.step("page"):
            told = [
                Told(*parts)
                for parts in zip(
                    scenarios, tables, lines, (row for _, row in summary.iterrows()), strict=True
                )
            ]
            page = render_whatif(results, about, layers(results, base_map(inputs)), told)
            (tmp / PAGE).write_text(page, encoding="utf-8")
        manifest = make_manifest(
            config,
            inputs=inputs,
            about=about,
            network=network,
            evidence=evidence,
            posterior=posterior,
            folder=tmp,
            seconds=progress.seconds,
        ) | {"scenarios": [one.model_dump(mode="json", by_alias=True) for one in scenarios]}
        write_manifest(manifest, tmp)
    return manifest


def districts_of(inputs: Inputs, network: Network, evidence: Evidence) -> tuple[list[str], FloatArray]:
    """Return the consulates, and (zones, consulates) the part of each zone's licences in their districts."""
    parts = zone_districts(inputs.tables, district_land(inputs, network), evidence.zones)
    table = parts.pivot_table("part", "zone_id", "consulate", aggfunc="sum", fill_value=0.0)
    whole = table.loc[evidence.zones["zone_id"]]
    return [str(name) for name in table.columns], whole.to_numpy(dtype=np.float64)


def _cut(file: str, what: str, names: Sequence[str]) -> list[Fault]:
    """Return the fault of a scenario that leaves places without a way."""
    if not names:
        return []
    found = f"none for {', '.join(names[:SHOWN])}" + (
        f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    )
    return [Fault(file, f"a way from {what} to an open port" if what == "zones" else f"a way from an open port to {what}", found,
                  "Make the roads or ports dearer instead of closing all of them.", column="edit")]  # fmt: skip
