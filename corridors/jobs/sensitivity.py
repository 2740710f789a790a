"""What the map would say if an assumption were otherwise (docs/method.md 9.1): one change at a time, a screen, and Sobol.

Every point is a fit at median costs of the most probable parameters; shares are means over a few cost worlds, the same
for every point, so that results differ by the assumptions alone.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.settings import DEFAULT_SHOWS, Demand
from corridors.inference.fitting.executors import process_executor
from corridors.inference.fitting.point import Target, fit_point
from corridors.inference.model.gravity import flow, port_municipality, zone_port
from corridors.inference.model.parameters import priors, unflatten
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import edge_flow, prepare_routing, route_world
from corridors.inference.sensitivity import parts, screen, weights
from corridors.jobs.assumptions import (
    ASSUMPTIONS,
    SHOWS,
    TOGETHER,
    own_value,
    single_changes,
    value_at,
    with_setting,
)
from corridors.jobs.inputs import load_inputs
from corridors.jobs.manifest import about_run
from corridors.jobs.stages import (
    build_evidence,
    build_network,
    corridor_place_names,
    infer,
    make_plan,
    show_settings,
    state_names,
)
from corridors.outputs.files import atomic_folder, write_csv
from corridors.outputs.pages import render_sensitivity
from corridors.outputs.summary import DIGITS, length_weighted_mean, named_corridors, rankings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.results import Run
    from corridors.core.types import Evidence, FloatArray, IntArray, Network
    from corridors.inference.fitting.ensemble import InferencePlan
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.routing.places import CostWorld, RoutedNetwork
    from corridors.jobs.assumptions import Assumption, Value
    from corridors.jobs.inputs import Inputs

    Case = Mapping[str, Value]
    """Assumptions that are otherwise than in the run, by key."""

logger = logging.getLogger(__name__)

WORLDS = 4
LEADING = 10
"""Results of each kind that are followed: ports, corridors, pairs of states."""
TOP = 6
"""Assumptions that go on from the screen to Sobol."""


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What every point is reckoned from.

    Parameters
    ----------
    config, roads, routed
        The run's settings; its network, and that as `routes` gives it at the run's own costs.
    evidence, supply
        By what demand is measured by; (zones,) log supply of licences alone, and with shows at `DEFAULT_SHOWS.part`.
    corridor_edges, km
        Positions of the edges of each corridor; (edges,) lengths.
    """

    config: Config
    roads: RoutedNetwork
    routed: Sequence[CostWorld]
    evidence: Mapping[str, Evidence]
    log_supply: tuple[FloatArray, FloatArray]
    corridor_edges: Sequence[IntArray]
    km: FloatArray


def sensitivity(
    config: Config,
    *,
    data: Path | None = None,
    trajectories: int,
    base: int,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[dict[str, pd.DataFrame], Run]:
    """Return the tables of `doubted`, and the run that is doubted.

    Parameters
    ----------
    config
        Settings, of mode "point".
    data
        Folder of the shipped tables.
    trajectories, base
        Of the screen; of Sobol's base sample, a power of two.
    say
        Told each step.

    Raises
    ------
    InputError
        The base sample is no power of two, or as the rooms raise it.
    """
    if base & (base - 1):
        raise InputError(
            [Fault("--sobol", "a power of two", str(base), f"Give {2 ** round(np.log2(base))}, for one.")]
        )
    inputs = load_inputs(config, data)
    network = build_network(inputs)
    say(f"finding the corridors in {config.run.worlds} cost worlds")
    posterior = infer(network, build_evidence(inputs, network, config), config)
    states = state_names(inputs)
    corridors, corridor_edges = named_corridors(
        network, posterior, None, corridor_place_names(inputs), states
    )
    bench = _bench(inputs, network, config, corridor_edges)
    items = results(network, corridors, bench.evidence[config.run.demand], states)
    tables = doubted(bench, items, trajectories=trajectories, base=base, say=say)
    return tables, about_run(config, inputs, posterior)


def doubted(
    bench: Bench,
    items: pd.DataFrame,
    *,
    trajectories: int,
    base: int,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, pd.DataFrame]:
    """Return tables of what depends on which assumption.

    Parameters
    ----------
    bench, items
        What is reckoned from; the results, `kind id name` in the order of `reckon`.
    trajectories, base, say
        As of `sensitivity`.

    Returns
    -------
    dict
        `assumptions`: `assumption setting low run high choices run_choice weight`, ranges, and the part in what moves the
        leading results; none of what is changed alone only.
        `changes`: `kind id name assumption choice value share_run rank_run share rank change`, one change at a
        time; a positive change is a rise.
        `screen`: `kind id assumption moves varies`, Morris's mu* and sigma, in shares of the flow over the whole range.
        `variance`: `kind id assumption first first_half95 total total_half95`, Sobol's indices.
    """
    config, executor = bench.config, process_executor(bench.config.run.jobs)
    others = single_changes(config)
    say(f"changing one assumption at a time: {len(others)} points")
    run, *changed = reckon(bench, [{}, *({one.key: value} for one, value in others)], executor)
    lead = _leading(items["kind"], run)

    def at(chosen: Sequence[Assumption]) -> Callable[[FloatArray], FloatArray]:
        return lambda points: reckon(bench, _cases(chosen, points), executor)[:, lead]

    say(f"screening {len(TOGETHER)} assumptions: {trajectories * (len(TOGETHER) + 1)} points")
    screened = screen(at(TOGETHER), len(TOGETHER), trajectories=trajectories, seed=config.run.seed)
    weight = weights(screened)
    top = [TOGETHER[n] for n in np.argsort(-weight, kind="stable")[:TOP]]
    weight_of = {one.name: weight for one, weight in zip(TOGETHER, weight.round(4).tolist(), strict=True)}
    ranges = _ranges(config)
    say(f"parting the variance among {', '.join(one.name for one in top)}: {base * (TOP + 2)} points")
    found = parts(at(top), TOP, base=base, seed=config.run.seed)
    ids = items.iloc[lead][["kind", "id"]]
    variance = {
        "first": found.first,
        "first_half95": found.first_half,
        "total": found.total,
        "total_half95": found.total_half,
    }
    return {
        "assumptions": ranges.assign(weight=ranges["assumption"].map(weight_of)),
        "changes": _changes(items, run, others, np.array(changed)),
        "screen": _long(ids, TOGETHER, screened._asdict()),
        "variance": _long(ids, top, variance),
    }


def write(tables: Mapping[str, pd.DataFrame], run: Run, out: Path) -> None:
    """Write the page, the tables and JSON into a folder; an earlier output is replaced only by a whole one."""
    with atomic_folder(out) as tmp:
        (tmp / "sensitivity.html").write_text(render_sensitivity(tables, run), encoding="utf-8")
        (tmp / "sensitivity.json").write_text(as_json(tables, run) + "\n", encoding="utf-8")
        for name, table in tables.items():
            write_csv(table, tmp / f"{name}.csv")


def as_json(tables: Mapping[str, pd.DataFrame], run: Run) -> str:
    """Return the tables, row by row, with the fingerprint of the run."""
    rows = {
        name: json.loads(table.to_json(orient="records", force_ascii=False)) for name, table in tables.items()
    }
    return json.dumps({"run": run.fingerprint, **rows}, ensure_ascii=False, indent=1)


def reckon(bench: Bench, cases: Sequence[Case], executor: Executor) -> FloatArray:
    """Return (cases, results) shares: of ports, of corridors, of pairs of states. Fits that fail are told of in the log."""
    shares, converged = zip(*executor(_nth, (bench, cases), len(cases)), strict=True)
    if not all(converged):
        logger.warning("%d of %d fits did not converge", len(cases) - sum(converged), len(cases))
    return np.stack(shares)


def with_shows(licences: FloatArray, held: FloatArray, part: float) -> FloatArray:
    """Return log supply with shows at a part of it, from what it is with none and with `DEFAULT_SHOWS.part`.

    What shows weigh goes as the odds of their part.
    """
    odds = part / (1 - part) / (DEFAULT_SHOWS.part / (1 - DEFAULT_SHOWS.part))
    return licences + np.log1p(odds * np.expm1(held - licences))


def results(
    network: Network, corridors: pd.DataFrame, evidence: Evidence, states: Mapping[str, str]
) -> pd.DataFrame:
    """Return `kind id name` of each result, in the order of `reckon`."""
    pairs = [(us, mx) for us in evidence.us_states for mx in evidence.mx_states]
    named = [f"{states[us]} \N{RIGHTWARDS ARROW} {states[mx]}" for us, mx in pairs]
    ports, ids = network.ports, [f"{us}>{mx}" for us, mx in pairs]
    columns = ["id", "name"]
    tables = {
        "port": zip(ports["poe_id"], ports["name_us"], strict=True),
        "corridor": zip(corridors["corridor_id"], corridors["name"], strict=True),
        "pair": zip(ids, named, strict=True),
    }
    made = [pd.DataFrame(rows, columns=columns).assign(kind=kind) for kind, rows in tables.items()]
    return pd.concat(made, ignore_index=True)[["kind", *columns]]


def _bench(inputs: Inputs, network: Network, config: Config, corridor_edges: Sequence[IntArray]) -> Bench:
    """Return what every point is reckoned from."""

    def laid(demand: str, part: float) -> Evidence:
        changed = config
        for key, value in (("run.demand", demand), ("run.gun_shows", "published"), (SHOWS, part)):
            changed = with_setting(changed, key, value)
        return build_evidence(inputs, network, changed)

    evidence = {demand: laid(demand, DEFAULT_SHOWS.part) for demand in get_args(Demand)}
    own = evidence[config.run.demand]
    roads = prepare_routing(network.arcs, own.connectors)
    return Bench(
        config=config,
        roads=roads,
        routed=routes(roads, make_plan(config)),
        evidence=evidence,
        log_supply=(laid(config.run.demand, 0.0).log_supply, own.log_supply),
        corridor_edges=corridor_edges,
        km=network.edges["km"].to_numpy(dtype=np.float64),
    )


def routes(roads: RoutedNetwork, plan: InferencePlan) -> list[CostWorld]:
    """Return the network routed at median costs, then in each cost world."""
    drawn = (draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world) for world in range(WORLDS))
    return [route_world(roads, costs) for costs in (base_costs(roads.arcs, plan.costs), *drawn)]


def _nth(setting: tuple[Bench, Sequence[Case]], n: int) -> tuple[FloatArray, bool]:
    """Return the shares of one case, and whether its fit converged."""
    bench, cases = setting
    evidence, plan = _laid(bench, cases[n])
    prior = priors(evidence, plan.priors)
    own = plan.costs == make_plan(bench.config).costs
    first, *worlds = bench.routed if own else routes(bench.roads, plan)
    with np.errstate(all="ignore"):  # at extreme assumptions the minimiser's first step may go out of range
        fit = fit_point(Target(evidence, first.legs, prior, plan.likelihood))
    parameters = unflatten(fit.theta, prior)
    found = []
    for routed in worlds:
        model = flow(parameters, evidence, routed.legs)
        edges = edge_flow(bench.roads, routed, zone_port(model, evidence), port_municipality(model, evidence))
        corridors = [float(length_weighted_mean(edges, bench.km, chain)) for chain in bench.corridor_edges]
        found.append(np.concatenate([model.port, corridors, model.state_pair.ravel()]))
    return np.mean(found, axis=0), fit.converged


def _laid(bench: Bench, case: Case) -> tuple[Evidence, InferencePlan]:
    """Return the evidence and the plan of a case."""
    config = bench.config
    for key, value in case.items():
        config = with_setting(config, key, value)
    part = float(case.get(SHOWS, show_settings(config).part))
    evidence = bench.evidence[config.run.demand]
    return replace(evidence, log_supply=with_shows(*bench.log_supply, part)), make_plan(config)


def _cases(chosen: Sequence[Assumption], points: FloatArray) -> list[Case]:
    """Return the cases at points of the unit cube."""
    return [
        {one.key: value_at(one, place) for one, place in zip(chosen, point, strict=True)}
        for point in points.tolist()
    ]


def _leading(kind: pd.Series[str], shares: FloatArray) -> IntArray:
    """Return where the leading results of each kind are, the largest first."""
    found = []
    for one in kind.unique():
        here = np.flatnonzero(kind == one)
        found.append(here[np.argsort(-shares[here], kind="stable")[:LEADING]])
    return np.concatenate(found)


def _changes(
    items: pd.DataFrame, run: FloatArray, others: Sequence[tuple[Assumption, Value]], changed: FloatArray
) -> pd.DataFrame:
    """Return shares and places of the leading results before and after each change; places are among all of the kind."""
    groups = [np.flatnonzero(items["kind"] == kind) for kind in items["kind"].unique()]
    places = np.empty((len(changed) + 1, len(run)), dtype=np.int64)
    for here in groups:
        places[:, here] = [rankings(shares[here]) for shares in (run, *changed)]
    before, after = places[0], places[1:]
    lead = _leading(items["kind"], run)
    tables = [
        items.iloc[lead].assign(
            assumption=one.name,
            choice=value if one.choices else "",
            value=np.nan if one.choices else value,
            share_run=run[lead].round(DIGITS),
            rank_run=before[lead],
            share=shares[lead].round(DIGITS),
            rank=place[lead],
            change=before[lead] - place[lead],
        )
        for (one, value), shares, place in zip(others, changed, after, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _ranges(config: Config) -> pd.DataFrame:
    """Return the assumptions with what the run assumes and what was tried."""
    rows = []
    for one in ASSUMPTIONS:
        own, chosen = own_value(config, one), bool(one.choices)
        low, run, high = (np.nan,) * 3 if chosen else (one.low, own, one.high)
        setting = "" if one.key == SHOWS else one.key
        rows.append((one.name, setting, low, run, high, " ".join(one.choices), own if chosen else ""))
    columns = ["assumption", "setting", "low", "run", "high", "choices", "run_choice"]
    return pd.DataFrame(rows, columns=columns)


def _long(ids: pd.DataFrame, chosen: Sequence[Assumption], columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return (results, assumptions) arrays as a row a result and assumption."""
    tables = [
        ids.assign(assumption=one.name, **{name: of[:, n].round(DIGITS) for name, of in columns.items()})
        for n, one in enumerate(chosen)
    ]
    return pd.concat(tables, ignore_index=True)
