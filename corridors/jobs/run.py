"""The composer: the only module that knows every room. Calls each once, left to right; owns paths, seed, manifest."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.core.errors import NotEnoughDataError
from corridors.core.priors import ModelPrior, ShowPrior
from corridors.inference.fitting.ensemble import KEPT_DRAWS, Plan, infer
from corridors.inference.fitting.executors import cluster, on_processes
from corridors.inference.information import identify
from corridors.inference.model.closure_model import model_parts
from corridors.inference.model.likelihood import INSPECTION_SD, Weights
from corridors.inference.routing.costs import CostPrior
from corridors.jobs.alternatives import LAID, Case, changed, own_side, variants
from corridors.jobs.districts import district_land, licences, origins, with_districts, zone_districts
from corridors.jobs.inputs import Inputs, check_file, default_data, load
from corridors.jobs.manifest import Clock, about_run, make_manifest, write_manifest
from corridors.network.build import build
from corridors.network.cut_edges import split_at
from corridors.network.evidence import attach
from corridors.network.ports import current_ports
from corridors.network.slope import with_grade
from corridors.outputs.files.atomic import whole_folder
from corridors.outputs.files.tables import write_tables
from corridors.outputs.layers.layers import layers
from corridors.outputs.pages.embed import write_embed
from corridors.outputs.pages.map import BaseMap, Tiles, render
from corridors.outputs.summary.corridors import named_corridors, place_names
from corridors.outputs.summary.information import known_table
from corridors.outputs.summary.ranks import rank_changes
from corridors.outputs.summary.summary import reduce
from corridors.sources.elevation import elevation_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.results import InformationGain, Results, Run, Variant
    from corridors.core.types import Evidence, FlowDraws, Network

__all__ = [
    "Inputs",
    "about_run",
    "base_map",
    "check_converged",
    "check_file",
    "default_data",
    "evidence_of",
    "infer_on",
    "load",
    "network_of",
    "plan_of",
    "prior_on",
    "reckon",
    "run",
]

NAMED_FROM = 80_000
ROADS_CALL = {"CAMP": "CAM", "CHPS": "CHIS", "CDMX": "DF", "MEX": "EMEX"}
"""Abbreviations of states that TravelMapping writes in its own way."""
PRIOR_WORLDS = 150
"""Worlds drawn from the priors: the variance that the posterior's is compared with needs no more."""

logger = logging.getLogger(__name__)


def network_of(inputs: Inputs) -> Network:
    """Return the road network, with long edges cut beside municipal seats."""
    tables = inputs.tables
    seats = tables["municipalities"]
    nodes, edges = split_at(
        tables["road_nodes"],
        tables["road_edges"],
        seats["lon"].to_numpy(dtype=np.float64),
        seats["lat"].to_numpy(dtype=np.float64),
    )
    network = build(nodes, edges, current_ports(tables))
    if inputs.elevation is None:
        return network
    return with_grade(network, partial(elevation_at, inputs.elevation))


def evidence_of(inputs: Inputs, network: Network, config: Config) -> Evidence:
    """Return the evidence laid on the network."""
    shows = show_prior_of(config)
    return attach(inputs.tables, inputs.population, network, demand=config.run.demand, shows=shows)


def show_prior_of(config: Config) -> ShowPrior:
    """Return what shows weigh in supply: nothing where the settings leave them out."""
    asked = config.run.gun_shows == "published"
    return ShowPrior(config.shows.part if asked else 0.0, config.shows.reach_km)


def plan_of(config: Config) -> Plan:
    """Return how the ensemble is drawn."""
    run = config.run
    return Plan(
        worlds=run.worlds,
        draws=1 if run.mode == "point" else -(-run.draws // run.worlds),
        mode=run.mode,
        seed=run.seed,
        jobs=run.jobs,
        lens=run.lens,
        costs=CostPrior(**config.costs.model_dump()),
        weights=Weights(**config.weights.model_dump(), inspection_sd=INSPECTION_SD[run.inspection]),
        priors=ModelPrior(**config.priors.model_dump()),
    )


def infer_on(
    network: Network,
    evidence: Evidence,
    config: Config,
    *,
    scheduler: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> FlowDraws:
    """Return the modelled flow in every cost world, reckoned on this machine or on a Dask cluster."""
    plan = plan_of(config)
    if not scheduler:
        return infer(network.arcs, evidence, plan, progress=progress)
    with cluster(scheduler) as spread:
        return infer(network.arcs, evidence, plan, spread=spread, progress=progress)


def prior_on(network: Network, evidence: Evidence, config: Config) -> FlowDraws:
    """Return the flow as the priors alone would have it, in fewer worlds."""
    plan = plan_of(config)
    return infer(
        network.arcs,
        evidence,
        replace(plan, mode="prior", worlds=min(PRIOR_WORLDS, plan.worlds), draws=KEPT_DRAWS),
    )


def known_on(network: Network, evidence: Evidence, config: Config) -> list[InformationGain]:
    """Return what the published figures tell of each quantity, block after block."""
    plan = plan_of(config)
    return identify(network.arcs, evidence, plan, spread=on_processes(plan.jobs))


def variants_on(inputs: Inputs, network: Network, evidence: Evidence, config: Config) -> tuple[Variant, ...]:
    """Return the flow with each other setting, after that with the run's own; () where none are wanted."""
    if not config.run.variants:
        return ()
    cases = [
        Case(name, value, evidence_of(inputs, network, one) if name in LAID else evidence, plan_of(one))
        for name, value, one in changed(config)
    ]
    return variants(network.arcs, cases, config.run.variants)


def names_of(inputs: Inputs) -> pd.DataFrame:
    """Return the places a corridor may be named after: cities, and seats of large municipalities."""
    tables = inputs.tables
    towns = tables["municipalities"]
    states = [
        tables["us_states"].rename(columns={"us_state": "code"}),
        tables["mx_states"].rename(columns={"abbr": "code"}),
    ]
    return place_names(tables["places"], towns[towns["pop"] >= NAMED_FROM], pd.concat(states))


def state_names(inputs: Inputs) -> dict[str, str]:
    """Return the names of the states by code: INEGI's ("08"), that of roads ("MEX-CHIH"), the postal one ("AZ")."""
    mx, us = inputs.tables["mx_states"], inputs.tables["us_states"]
    abbr = mx["abbr"].astype(str)
    codes = (us["us_state"], mx["mx_state"], "MEX-" + abbr, "MEX-" + abbr.replace(ROADS_CALL))
    names = pd.concat([us["name"], *[mx["name"]] * 3])
    return dict(zip(pd.concat(codes).astype(str), names.astype(str), strict=True))


def check_converged(posterior: FlowDraws) -> None:
    """Raise if the sampler has not converged: its bands would not be the posterior's.

    Raises
    ------
    NotEnoughDataError
        With what went wrong.
    """
    found = posterior.diagnostics
    if posterior.kind == "posterior" and not found["converged"]:
        told = ", ".join(f"{name} {value}" for name, value in found.items())
        raise NotEnoughDataError(
            f"the sampler has not converged ({told}); no map is drawn. Look at data that contradict each other, "
            "or take a quick look with --point"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Reckoned:
    """What a run has found, before anything is written.

    Parameters
    ----------
    inputs, network, evidence, posterior
        What each room made of the one before.
    results, about, base
        What the outputs show, say of the run, and lay under the corridors.
    """

    inputs: Inputs
    network: Network
    evidence: Evidence
    posterior: FlowDraws
    results: Results
    about: Run
    base: BaseMap


def run(
    config: Config,
    out: Path,
    *,
    data: Path | None = None,
    scheduler: str = "",
    say: Callable[[str], None] = logger.info,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Do the main job: read, build, infer, write. Return the manifest.

    Parameters
    ----------
    config
        Settings.
    out
        Folder of the output; an earlier output there is replaced only when the new one is whole.
    data
        Folder of the shipped tables.
    scheduler
        Dask scheduler on which the cost worlds are reckoned; this process's threads by default.
    say, progress
        Told each step; told each cost world done.

    Raises
    ------
    InputError, NotEnoughDataError, OutputError
        As the rooms raise them; nothing is written then.
    """
    clock = Clock()
    found = reckon(
        config, data or default_data(), clock=clock, scheduler=scheduler, say=say, progress=progress
    )
    say("writing the map and the tables")
    with whole_folder(out) as aside:
        with clock.step("tables"):
            write_tables(found.results, aside)
        with clock.step("map"):
            specs = layers(found.results, found.base, config.run.floor)
            page = render(found.results, found.about, found.base, config.run.floor, specs)
            (aside / "map.html").write_text(page, encoding="utf-8")
        with clock.step("embed"):
            write_embed(found.results, found.about, specs, aside)
        manifest = make_manifest(
            config,
            inputs=found.inputs,
            about=found.about,
            network=found.network,
            evidence=found.evidence,
            posterior=found.posterior,
            folder=aside,
            clock=clock,
        )
        write_manifest(manifest, aside)
    return manifest


def reckon(
    config: Config,
    data: Path,
    *,
    clock: Clock,
    scheduler: str = "",
    say: Callable[[str], None] = logger.info,
    progress: Callable[[int, int], None] | None = None,
) -> Reckoned:
    """Return what a run finds; as `run`, which writes it.

    Raises
    ------
    InputError, NotEnoughDataError
        As the rooms raise them.
    """
    say("reading the tables")
    with clock.step("read"):
        inputs = load(config, data)
    for report in inputs.reports:
        say(f"{report.file}: {report.kept} of {report.rows} {report.unit} kept; {'; '.join(report.notes)}")
    say("building the network")
    with clock.step("network"):
        network = network_of(inputs)
        evidence = evidence_of(inputs, network, config)
    say(f"inferring in {config.run.worlds} cost worlds")
    with clock.step("inference"):
        posterior = infer_on(network, evidence, config, scheduler=scheduler, progress=progress)
        check_converged(posterior)
    prior, known = None, None
    if config.run.mode == "posterior":
        say("telling what the figures added to the priors")
        with clock.step("identifiability"):
            prior = prior_on(network, evidence, config)
            known = known_on(network, evidence, config)
    say("changing one setting at a time")
    with clock.step("variants"):
        land = district_land(inputs, network)
        parts = zone_districts(inputs, evidence.zones, land)
        pairs, origin = origins(evidence, parts)
        plan = plan_of(config)
        by_side = own_side(network.arcs, evidence, posterior, plan, origin)
        changes = variants_on(inputs, network, evidence, config)
        enough = model_parts(network.arcs, evidence, posterior, costs=plan.costs, seed=plan.seed)
    with clock.step("summary"):
        states = state_names(inputs)
        corridors, chains = named_corridors(network, posterior, prior, names_of(inputs), states)
        km = network.edges["km"].to_numpy()
        results = replace(
            reduce(network, evidence, posterior, prior),
            corridors=corridors,
            edge_state=by_side,
            parts=enough,
            sides=(pairs, evidence.mx_states),
            variants=changes,
            rank_changes=rank_changes(changes, network.ports, corridors, chains, km) if changes else None,
            identifiability=None
            if known is None
            else known_table(known, network.ports["name_us"].tolist(), states),
        )
        results = replace(results, districts=with_districts(results, land, parts))
        tiles = Tiles(config.tiles.url, config.tiles.credit) if config.tiles.url else None
        base = replace(base_map(inputs), licences=licences(inputs, evidence), tiles=tiles)
    return Reckoned(inputs, network, evidence, posterior, results, about_run(config, inputs, posterior), base)


def base_map(inputs: Inputs) -> BaseMap:
    """Return the layers under the corridors."""
    tables = inputs.tables
    return BaseMap(
        land=tables["base_land"],
        us_states=tables["us_states"].rename(columns={"us_state": "code"}),
        mx_states=tables["mx_states"].rename(columns={"mx_state": "code"}),
        places=tables["places"],
        shows=tables["gun_shows"],
        routes=tables["published_route_stops"],
    )
