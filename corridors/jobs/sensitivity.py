"""What the map would show under other assumptions (docs/method.md 9.1): one change at a time, a screen, and Sobol.

What each point on the assumptions' axes is fitted from, and how, is `corridors.inference.sensitivity`; here stand the
settings that the axes are, and the tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.settings import COMPARED_DEMANDS, DEFAULT_DEMAND, DEFAULT_SHOWS
from corridors.inference import SensitivityProblem, analyse as analyse_sensitivity
from corridors.jobs.assumptions import (
    KEPT,
    SHOWS,
    joint_assumptions,
    single_changes,
    value_at,
    with_setting,
)
from corridors.jobs.folders import listed_folder, site_beside
from corridors.jobs.inputs import load_inputs
from corridors.jobs.progress import Progress
from corridors.jobs.run_folder import about_run, run_facts
from corridors.jobs.sensitivity_tables import changes_table, leading, long_table, ranges
from corridors.jobs.stages import (
    base_map,
    build_evidence,
    build_network,
    corridor_place_names,
    infer,
    make_plan,
    prepare,
    show_settings,
    state_names,
)
from corridors.outputs.files import write_csv
from corridors.outputs.pages import render_sensitivity
from corridors.outputs.summary import length_weighted_mean, named_corridors
from corridors.outputs.text import load_translations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.config import Config
    from corridors.core.results import Results, Run
    from corridors.core.types import Evidence, FloatArray, IntArray, Network
    from corridors.inference.fitting import InferencePlan
    from corridors.jobs.assumptions import Assumption, Value
    from corridors.jobs.inputs import Inputs
    from corridors.outputs.layers import BaseMap
    from corridors.outputs.web import Site

    Changes = Mapping[str, Value]  # assumptions that differ from the run's, by key

TOP = 6
"""Assumptions that go on from the screen to Sobol."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What every point of the assumptions is computed from.

    Parameters
    ----------
    config, problem
        The run's settings, and what its points are fitted from.
    evidence
        By measure of demand.
    log_supply
        (zones,) log supply of licences alone, and with shows at `DEFAULT_SHOWS.part`.
    log_seizures
        (municipalities,) log seizures where nothing of their geography is kept, where `DEFAULT_DEMAND.kept_per_year` is, and
        where all is.
    """

    config: Config
    problem: SensitivityProblem
    evidence: Mapping[str, Evidence]
    log_supply: tuple[FloatArray, FloatArray]
    log_seizures: tuple[FloatArray, FloatArray, FloatArray]

    def evaluate(self, cases: Sequence[Changes]) -> FloatArray:
        """Return (cases, results) shares: of crossing cities, of corridors, of pairs of states."""
        return self.problem.evaluate([self._task(case) for case in cases])

    def _task(self, case: Changes) -> tuple[Evidence, InferencePlan]:
        """Return the evidence and the plan of a case."""
        config = self.config
        for key, value in case.items():
            config = with_setting(config, key, value)
        fraction = float(case.get(SHOWS, show_settings(config).part))
        evidence = replace(
            self.evidence[config.run.demand], log_supply=with_shows(*self.log_supply, fraction)
        )
        if KEPT in case:
            kept = with_age(*self.log_seizures, float(case[KEPT]))
            evidence = _with_seizures(evidence, config.run.demand, kept)
        return evidence, make_plan(config)


@dataclass(frozen=True, slots=True, eq=False)
class SensitivityResult:
    """Which assumption moves which result. Nothing is written before `write`.

    Parameters
    ----------
    tables
        As `analyse` returns them.
    about
        The run whose assumptions are changed.
    shown
        The results that the site's map shows, and what lies under them; without them the page has no maps.
    """

    tables: Mapping[str, pd.DataFrame]
    about: Run
    shown: tuple[Results, BaseMap] | None = None

    def write(self, out: Path, site: Site | None = None) -> None:
        """Write the page, the tables and JSON into a folder, with links to a site's pages; replace an earlier output as a whole."""
        with listed_folder(out, "sensitivity", run_facts(self.about)) as folder:
            there = (site or site_beside(out)).beside("sensitivity.html")
            page = render_sensitivity(self.tables, self.about, there, self.shown)
            (folder / "sensitivity.html").write_text(page, encoding="utf-8")
            (folder / "sensitivity.json").write_text(self.json() + "\n", encoding="utf-8")
            for name, table in self.tables.items():
                write_csv(table, folder / f"{name}.csv")

    def json(self) -> str:
        """Return the tables, row by row, with the fingerprint of the run."""
        rows = {
            name: json.loads(table.to_json(orient="records", force_ascii=False))
            for name, table in self.tables.items()
        }
        return json.dumps({"run": self.about.fingerprint, **rows}, ensure_ascii=False, indent=1)


def sensitivity(
    config: Config,
    *,
    trajectories: int,
    base: int,
    data: Path | None = None,
    inputs: Inputs | None = None,
    of: Results | None = None,
    progress: Progress | None = None,
) -> SensitivityResult:
    """Change the assumptions of a run, alone and together, and measure what moves. Writes nothing.

    Parameters
    ----------
    config
        Settings, of mode "point".
    trajectories, base
        Of the screen; of Sobol's base sample, a power of two.
    data, inputs
        Folder of the default tables, those of the package by default; or tables that are at hand.
    of
        Results of a run of the same inputs: its corridors are followed, and the page names them and draws small maps as its map
        does. By default the corridors of a quick look, which the tables hold and the page does not name.
    progress
        Shows each step.

    Raises
    ------
    InputError
        The base sample is no power of two; or with every fault of every file.
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    if base & (base - 1):
        nearest = 2 ** round(np.log2(base))
        raise InputError([Fault("--sobol", "a power of two", str(base), f"Give {nearest}, for one.")])
    progress = progress or Progress()
    inputs = inputs or load_inputs(config, data)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    progress.show(f"finding the corridors in {config.run.worlds} cost worlds")
    problem = prepare(network, evidence, config)
    posterior = infer(network, evidence, config, problem=problem)
    states = state_names(inputs)
    if of is not None and of.corridors is not None:
        corridors, corridor_edges = of.corridors, of.corridor_edges
    else:
        corridors, corridor_edges = named_corridors(network, posterior, corridor_place_names(inputs), states)
    km = network.edges["km"].to_numpy(dtype=np.float64)
    shares = partial(corridor_shares, km=km, corridor_edges=corridor_edges)
    study = _study(inputs, network, config, SensitivityProblem.prepare(problem, shares))
    items = results(network, corridors, study.evidence[config.run.demand], states)
    lead = None if of is None else shown_shares(items, of)
    tables = analyse(study, items, trajectories=trajectories, base=base, shown=lead, progress=progress)
    about = about_run(config, inputs, posterior, network, evidence)
    return SensitivityResult(tables, about, None if of is None else (of, base_map(inputs)))


def analyse(
    study: Study,
    items: pd.DataFrame,
    *,
    trajectories: int,
    base: int,
    shown: FloatArray | None = None,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Return tables of what depends on which assumption.

    Parameters
    ----------
    study, items
        What points are computed from; the results, `kind id name name_es` in the order of `Study.evaluate`.
    trajectories, base, progress
        As of `sensitivity`.
    shown
        (results,) shares by which the leading results are chosen; by default those when nothing is changed.

    Returns
    -------
    dict
        `assumptions`: `assumption setting low run high choices run_choice weight`, ranges, and the fraction of what moves
        the leading results; none of what is changed alone only.
        `changes`: `kind id name name_es assumption choice value share_run rank_run share rank change`, one change at a
        time; a positive change is a rise.
        `screen`: `kind id assumption moves varies`, Morris's mu* and sigma, in shares of the flow over the whole range.
        `variance`: `kind id assumption first first_half95 total total_half95`, Sobol's indices.
    """
    progress = progress or Progress()
    config = study.config
    others, together = single_changes(config), joint_assumptions(config.run.structure)
    progress.show(f"changing one assumption at a time: {len(others)} points")
    run, *changed = study.evaluate([{}, *({one.key: value} for one, value in others)])
    lead = leading(items["kind"], run if shown is None else shown)

    def evaluate(chosen: Sequence[int], points: FloatArray) -> FloatArray:
        axes = [together[n] for n in chosen]
        names = (
            f"{len(axes)} assumptions" if len(axes) == len(together) else ", ".join(one.name for one in axes)
        )
        progress.show(f"fitting {len(points)} points of {names}")
        return study.evaluate(_cases(axes, points))[:, lead]

    found = analyse_sensitivity(
        evaluate, len(together), trajectories=trajectories, base=base, top=TOP, seed=config.run.seed
    )
    weight_of = {
        one.name: weight for one, weight in zip(together, found.weight.round(4).tolist(), strict=True)
    }
    tried = ranges(config)
    ids = items.iloc[lead][["kind", "id"]]
    variance = {
        "first": found.variance.first,
        "first_half95": found.variance.first_half,
        "total": found.variance.total,
        "total_half95": found.variance.total_half,
    }
    return {
        "assumptions": tried.assign(weight=tried["assumption"].map(weight_of)),
        "changes": changes_table(items, lead, run, others, np.array(changed)),
        "screen": long_table(ids, together, found.screen._asdict()),
        "variance": long_table(ids, [together[n] for n in found.top], variance),
    }


def corridor_shares(edges: FloatArray, *, km: FloatArray, corridor_edges: Sequence[IntArray]) -> FloatArray:
    """Return (corridors,) mean share along each corridor, weighted by length in km."""
    return np.array([float(length_weighted_mean(edges, km, chain)) for chain in corridor_edges])


def with_shows(licences: FloatArray, shows: FloatArray, fraction: float) -> FloatArray:
    """Return log supply with shows at a fraction of it, from that with none and with `DEFAULT_SHOWS.part`.

    The weight of shows goes as the odds of their fraction.
    """
    odds = fraction / (1 - fraction) / (DEFAULT_SHOWS.part / (1 - DEFAULT_SHOWS.part))
    return licences + np.log1p(odds * np.expm1(shows - licences))


def with_age(none: FloatArray, default: FloatArray, whole: FloatArray, kept_per_year: float) -> FloatArray:
    """Return log(1 + seizures) where `kept_per_year` of their geography is kept for each year of their age.

    Parameters
    ----------
    none, default, whole
        (municipalities,) the same where nothing is kept, where `DEFAULT_DEMAND.kept_per_year` is, and where all is. Seizures are
        a mean of the first and the last; the weight in the second tells the age.
    """
    even, kept, seized = map(np.expm1, (none, default, whole))
    spread = np.abs(seized - even).sum()
    part = np.abs(kept - even).sum() / spread if spread else 1.0
    weight = part ** (np.log(kept_per_year) / np.log(DEFAULT_DEMAND.kept_per_year))
    return np.asarray(np.log1p(weight * seized + (1 - weight) * even))


def results(
    network: Network, corridors: pd.DataFrame, evidence: Evidence, states: Mapping[str, str]
) -> pd.DataFrame:
    """Return `kind id name name_es` of each result, in the order of `Study.evaluate`."""
    pairs = [(us, mx) for us in evidence.us_states for mx in evidence.mx_states]
    spanish = load_translations("es")
    arrow = " \N{RIGHTWARDS ARROW} "
    named = [f"{states[us]}{arrow}{states[mx]}" for us, mx in pairs]
    named_es = [f"{spanish.texts.get(f'us_state.{us}', states[us])}{arrow}{states[mx]}" for us, mx in pairs]
    cities = network.ports.groupby("crossing_city").first().loc[list(evidence.crossing_cities)]
    columns = ["id", "name", "name_es"]
    tables = {
        "crossing_city": cities[["crossing_city_en", "crossing_city_es"]].itertuples(),
        "corridor": zip(corridors["corridor_id"], corridors["name"], corridors["name"], strict=True),
        "pair": zip([f"{us}>{mx}" for us, mx in pairs], named, named_es, strict=True),
    }
    made = [pd.DataFrame(rows, columns=columns).assign(kind=kind) for kind, rows in tables.items()]
    return pd.concat(made, ignore_index=True)[["kind", *columns]]


def shown_shares(items: pd.DataFrame, of: Results) -> FloatArray:
    """Return (results,) the mean share of each result in a run, NaN where the run does not know it."""
    pairs = of.state_pairs
    tables = {
        "crossing_city": (of.crossings, "crossing_city"),
        "corridor": (of.corridors, "corridor_id"),
        "pair": (pairs.assign(pair=pairs["us_state"] + ">" + pairs["mx_state"]), "pair"),
    }
    known = {
        (kind, str(id_)): float(share)
        for kind, (table, key) in tables.items()
        if table is not None
        for id_, share in zip(table[key], table["share_mean"], strict=True)
    }
    return np.array(
        [known.get((kind, str(id_)), np.nan) for kind, id_ in zip(items["kind"], items["id"], strict=True)]
    )


def _study(inputs: Inputs, network: Network, config: Config, problem: SensitivityProblem) -> Study:
    """Return what every point is computed from."""

    def evidence_with(demand: str, fraction: float) -> Evidence:
        changed = config
        for key, value in (("run.demand", demand), ("run.gun_shows", "published"), (SHOWS, fraction)):
            changed = with_setting(changed, key, value)
        return build_evidence(inputs, network, changed)

    compared: dict[str, None] = dict.fromkeys((*COMPARED_DEMANDS, config.run.demand))
    evidence = {demand: evidence_with(demand, DEFAULT_SHOWS.part) for demand in compared}
    licences = evidence_with(config.run.demand, 0.0).log_supply
    none, default, whole = (
        build_evidence(
            inputs, network, with_setting(with_setting(config, "run.demand", "seizures"), KEPT, kept)
        ).log_demand_offset
        for kept in (0.0, DEFAULT_DEMAND.kept_per_year, 1.0)
    )
    supply = (licences, evidence[config.run.demand].log_supply)
    return Study(config, problem, evidence, supply, (none, default, whole))


def _with_seizures(evidence: Evidence, demand: str, log_seizures: FloatArray) -> Evidence:
    """Return the evidence with other (municipalities,) log seizures; the same where demand is measured without them."""
    if demand == "seizures":
        return replace(evidence, log_demand_offset=log_seizures)
    if demand == "combined":  # the first of the covariates with a fitted power
        terms = np.column_stack([log_seizures, evidence.demand_terms[:, 1:]])
        return replace(evidence, demand_terms=terms)
    return evidence


def _cases(chosen: Sequence[Assumption], points: FloatArray) -> list[Changes]:
    """Return the cases at points of the unit cube."""
    return [
        {one.key: value_at(one, place) for one, place in zip(chosen, point, strict=True)}
        for point in points.tolist()
    ]
