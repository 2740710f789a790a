"""The stages that jobs share, left to right: network, evidence, plan, inference, and what lies under a map."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import NotEnoughDataError
from corridors.inference.fitting import (
    InferencePlan,
    cluster_executor,
    infer as infer_ensemble,
    prepare_problem,
)
from corridors.inference.model import BLOCKS, INSPECTION_SD, LikelihoodOptions
from corridors.jobs.districts import estimated_licenses, has_own_licenses
from corridors.jobs.events import dated_events
from corridors.jobs.inputs import check_rasters
from corridors.jobs.part import check_whole, part_of
from corridors.network import build_evidence as evidence_of_tables, build_network as network_of_tables
from corridors.outputs.layers import BaseMap
from corridors.outputs.summary import place_names
from corridors.sources import elevation_at

if TYPE_CHECKING:
    from corridors.config import Config
    from corridors.core.draws import FlowDraws
    from corridors.core.settings import ShowSettings
    from corridors.core.types import Evidence, Network
    from corridors.inference.fitting import Problem
    from corridors.jobs.inputs import Inputs
    from corridors.jobs.progress import Progress
    from corridors.outputs.files import KeptWork

MIN_POPULATION_NAMED = 150_000
"""People of a municipality whose seat a corridor may be named after."""
TRAVEL_MAPPING_STATES = {"CAMP": "CAM", "CHPS": "CHIS", "CDMX": "DF", "MEX": "EMEX"}
"""Abbreviations of states that TravelMapping writes in its own way."""


def build_network(inputs: Inputs) -> Network:
    """Build the road network, long edges cut beside municipal seats.

    Parameters
    ----------
    inputs
        Tables of roads, ports and municipalities, and elevation in meters where the user gave it.

    Raises
    ------
    InputError
        The roads do not reach a port of entry on both sides of the border.
    """
    elevation = None if inputs.elevation is None else partial(elevation_at, inputs.elevation)
    return network_of_tables(inputs.tables, elevation_at=elevation)


def build_evidence(inputs: Inputs, network: Network, config: Config) -> Evidence:
    """Build the evidence: what was observed, attached to the nodes of the network.

    Parameters
    ----------
    inputs
        Tables of licenses, traces, ports and municipalities.
    network
        Roads, as `build_network` makes them.
    config
        Settings: the measure of demand and the weight of old ones, and whether gun shows are part of supply.

    Raises
    ------
    InputError
        The tables cover a part of the region, and the settings do not say that this is meant (`partial`); or a raster was
        changed while it was read.
    """
    shows = show_settings(config)
    evidence = evidence_of_tables(
        inputs.tables,
        inputs.population,
        network,
        demand=config.run.demand,
        shows=shows,
        measures=config.demand,
        licenses=partial(estimated_licenses, inputs, network) if has_own_licenses(inputs) else None,
    )
    check_rasters(inputs)
    check_whole(part_of(inputs, network, evidence), config)
    return evidence


def show_settings(config: Config) -> ShowSettings:
    """Return the fraction of supply at gun shows and their reach in km; the fraction is 0 where they are left out."""
    if config.run.gun_shows == "published":
        return config.shows
    return config.shows.model_copy(update={"part": 0.0})


def make_plan(config: Config) -> InferencePlan:
    """Return how the ensemble is drawn: worlds, draws in each, seed, weights and priors."""
    run = config.run
    # events that measure demand are not fitted a second time
    blocks = BLOCKS - {"events"} if run.demand == "events" else BLOCKS
    return InferencePlan(
        worlds=run.worlds,
        draws=1 if run.mode == "point" else -(-run.draws // run.worlds),
        mode=run.mode,
        seed=run.seed,
        jobs=run.jobs,
        costs=config.costs,
        priors=config.priors,
        likelihood=LikelihoodOptions(config.weights, run.lens, INSPECTION_SD[run.inspection], blocks),
        structure=run.structure,
    )


def prepare(network: Network, evidence: Evidence, config: Config) -> Problem:
    """Return what everything in a run is inferred from, prepared once: roads for routing, priors, median costs.

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    return prepare_problem(network.arcs, evidence, make_plan(config))


def prepare_run(inputs: Inputs, config: Config) -> dict[str, int]:
    """Do what every run does between reading and inference: network, evidence, and what routing and priors need.

    Returns
    -------
    dict
        What the tables cover where that is a part of the region, as `part_of` has it; else nothing.

    Raises
    ------
    InputError
        The tables do not fit together.
    NotEnoughDataError
        The tables are well formed but cannot carry an inference.
    """
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    prepare(network, evidence, config)
    return part_of(inputs, network, evidence)


def infer(
    network: Network,
    evidence: Evidence,
    config: Config,
    *,
    problem: Problem | None = None,
    scheduler: str = "",
    progress: Progress | None = None,
    kept: KeptWork | None = None,
) -> FlowDraws:
    """Infer the modeled flow: draws in every cost world, computed on this machine or on a Dask cluster.

    Parameters
    ----------
    network, evidence
        Roads and what was observed, as `build_network` and `build_evidence` make them.
    config
        Settings; `config.run.mode` says whether draws are of the posterior or the most probable parameters alone.
    problem
        These three as `prepare` makes them, where more than one job needs them.
    scheduler
        Address of a Dask scheduler, or "local" for one on this machine; by default the threads of this process.
    progress
        Shows each finished cost world.
    kept
        Where a run of the posterior keeps what it has sampled; nowhere by default.

    Raises
    ------
    NotEnoughDataError
        The sampler has not converged, or the figures cannot carry a fit.
    """
    problem = problem or prepare(network, evidence, config)
    advance = progress.advance if progress else None
    if scheduler:
        with cluster_executor(scheduler) as executor:
            posterior = infer_ensemble(problem, executor=executor, progress=advance, kept=kept)
    else:
        posterior = infer_ensemble(problem, progress=advance, kept=kept)
    check_converged(posterior)
    return posterior


def check_converged(posterior: FlowDraws) -> None:
    """Raise an error if the sampler has not converged: its bands would not be the posterior's.

    Raises
    ------
    NotEnoughDataError
        With every diagnostic.
    """
    found = posterior.diagnostics
    if posterior.kind == "posterior" and not found["converged"]:
        diagnostics = ", ".join(f"{name} {value}" for name, value in found.items())
        raise NotEnoughDataError(
            f"the sampler has not converged ({diagnostics}); no map is drawn. Look for data that contradict each "
            "other, or take a quick look with --point"
        )


def corridor_place_names(inputs: Inputs) -> pd.DataFrame:
    """Return the places a corridor may be named after, by their Spanish names: cities, and seats of large municipalities."""
    tables = inputs.tables
    cities = tables["places"].assign(name=tables["places"]["name_es"])
    municipalities = tables["municipalities"]
    states = [
        tables["us_states"].rename(columns={"us_state": "code"}),
        tables["mx_states"].rename(columns={"abbr": "code"}),
    ]
    large = municipalities[municipalities["pop"] >= MIN_POPULATION_NAMED]
    return place_names(cities, large, pd.concat(states))


def state_names(inputs: Inputs) -> dict[str, str]:
    """Return the names of the states by code: INEGI's ("08"), that of roads ("MEX-CHIH"), the postal one ("AZ")."""
    mx, us = inputs.tables["mx_states"], inputs.tables["us_states"]
    abbr = mx["abbr"].astype(str)
    codes = (us["us_state"], mx["mx_state"], "MEX-" + abbr, "MEX-" + abbr.replace(TRAVEL_MAPPING_STATES))
    names = pd.concat([us["name"], *[mx["name"]] * 3])
    return dict(zip(pd.concat(codes).astype(str), names.astype(str), strict=True))


def base_map(inputs: Inputs) -> BaseMap:
    """Return the layers under the corridors: land, states, places, shows, published routes and dated events."""
    tables = inputs.tables
    return BaseMap(
        land=tables["base_land"],
        us_states=tables["us_states"].rename(columns={"us_state": "code"}),
        mx_states=tables["mx_states"].rename(columns={"mx_state": "code"}),
        places=tables["places"],
        shows=tables["gun_shows"],
        routes=tables["published_route_stops"],
        events=dated_events(inputs),
    )
