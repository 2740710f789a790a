"""Simulation-based calibration (docs/method.md 7.2, V9): whether bands hold the truth as often as they claim.

A truth is drawn from the priors, in a cost world of its own; figures are published of it as the agencies would; the whole
inference is made on them, pooled over cost worlds as in a run, none of which is the truth's. Over many truths a 90 %
band must hold 90 % of them. Ranks are taken among independent draws, one a cost world, as [Talts2018] asks: draws of one
world resemble each other, and a fraction of all of them holds fewer truths than it claims where costs decide. What is tested is the sampler, the likelihood's
shortcuts (the bound on pairs that are not listed, above all), and the cut that keeps figures from informing cost worlds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.inference.fitting.executors import process_executor
from corridors.inference.fitting.hmc import adapt, sample_world
from corridors.inference.information import REPORTED_PORTS, Quantity, margins_of, quantities
from corridors.inference.model.choice import flow, is_trip
from corridors.inference.model.crossings import route_legs
from corridors.inference.model.likelihood import ANYWHERE, concentration
from corridors.inference.model.parameters import prior_draws, unflatten
from corridors.inference.model.trip_choice import port_given_trip

if TYPE_CHECKING:
    from corridors.core.settings import WeightSettings
    from corridors.core.types import Evidence, FloatArray, IntArray, Published
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.point import Target
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.model.flow import Flow, Parameters
    from corridors.inference.model.likelihood import LikelihoodOptions
    from corridors.inference.routing.places import LegCosts

TRUTHS = 200
WORLDS = 16
"""Cost worlds each inference is pooled over."""
DRAWS = 8
"""Of each cost world: as many sets of `WORLDS` draws from different worlds, each with a rank of its own."""
TUNE, BASE_DRAWS = 80, 150
"""Of the one chain at median costs that every inference begins with."""
TRUE_WORLD, WORLD_OF_DRAWS = 1_000_000, 2_000_000
"""First cost world of the truths, and of their inferences. Every truth has worlds of its own: sixteen that all truths shared had
a mean and a spread of their own, which counted against the bands of the ports that depend most on costs."""


class Calibrated(NamedTuple):
    """Coverage of a quantity's bands.

    Parameters
    ----------
    quantity
        The quantity.
    below
        (truths, sets) number of a set's draws below the truth.
    size
        Draws of a set. Where the bands are right, `below` is uniform on 0 to `size`.
    """

    quantity: Quantity
    below: IntArray
    size: int

    def held(self, band: float) -> float:
        """Return the fraction of the truths within a central band; a rank is anywhere in its interval, of `size` + 1."""
        ranks = self.size + 1
        start = np.maximum(self.below, (0.5 - band / 2) * ranks)
        end = np.minimum(self.below + 1, (0.5 + band / 2) * ranks)
        return float(np.clip(end - start, 0, None).mean())


class _Task(NamedTuple):
    """What the truths share: the problem, and the first truth's number."""

    problem: Problem
    first: int


def sbc(
    problem: Problem, *, truths: int = TRUTHS, first: int = 0, executor: Executor | None = None
) -> list[Calibrated]:
    """Return, for each quantity that a run reports, the ranks of simulated truths among their draws.

    Parameters
    ----------
    problem
        As a run's; its published figures give the totals, and which pairs are looked at.
    truths, first
        How many are drawn, and the number of the first: a truth is its number, so a long trial can be split.
    executor
        Where they are tried; `plan.jobs` processes of this machine by default. The result does not depend on it.
    """
    task = _Task(problem, first)
    executor = executor or process_executor(problem.plan.jobs)
    tried = list(executor(_ranks_of_truth, task, truths))
    return [Calibrated(quantity, np.array([one[quantity] for one in tried]), WORLDS) for quantity in tried[0]]


def simulate(
    model: Flow, evidence: Evidence, options: LikelihoodOptions, rng: np.random.Generator
) -> Published:
    """Return published figures drawn at the model's margins.

    What is published is what the agencies would print: as many of the largest pairs and municipalities as the real
    lists have, with bounds at the smallest of them. Totals, cities, regions and the part of traces known are those of
    `evidence`; so are the states' counts in the lens "one_year", which does not use them.
    """
    weights = options.weights
    traces = _traces if options.lens == "all" else _recent
    published = traces(model, evidence, weights, rng)
    published = _seizures(model, published, weights, rng)
    published = replace(published, **_events(model, evidence, weights, rng))
    return _at_ports(model, published, options, rng)


def _ranks_of_truth(task: _Task, n: int) -> dict[Quantity, IntArray]:
    """Return (sets,) how many draws of each set are below one truth, by quantity."""
    problem = task.problem
    evidence, plan, prior = problem.evidence, problem.plan, problem.prior
    n += task.first
    seed = [plan.seed, TRUE_WORLD, n]
    legs = problem.world(TRUE_WORLD + n).legs
    truth = prior_draws(prior, seed=seed, draws=1)
    model = flow(unflatten(truth[0], prior), evidence, problem.kept_legs(legs))
    rng = np.random.default_rng([*seed, 1])
    published = simulate(model, evidence, plan.likelihood, rng)
    if is_trip(prior):
        seen = replace(evidence, published=published)
        published = _crossings(unflatten(truth[0], prior), seen, legs, rng)
    target = replace(problem.target, evidence=replace(evidence, published=published))
    warm_up = adapt(target, seed=n, chains=1, tune=TUNE, draws=BASE_DRAWS)
    drawn = []
    for world in range(WORLDS):
        there = replace(target, legs=problem.world(WORLD_OF_DRAWS + n * WORLDS + world).legs)
        theta = sample_world(warm_up, there, seed=n, world=world, draws=DRAWS).theta
        drawn.append(_reported(task, theta, there))
    true = _reported(task, truth, replace(target, legs=legs))
    return {
        quantity: np.sum([one[quantity] < value[0] for one in drawn], axis=0)
        for quantity, value in true.items()
    }


def _reported(task: _Task, theta: FloatArray, target: Target) -> dict[Quantity, FloatArray]:
    """Return (draws,) values of what is looked at: the real figures' pairs, and the ports with most vehicles."""
    evidence = task.problem.evidence
    ports = np.argsort(-evidence.log_port_volume, kind="stable")[:REPORTED_PORTS].tolist()
    return quantities(theta, margins_of(theta, target), evidence, task.problem.prior, ports=ports)


def _draw(total: float, share: FloatArray, overdispersion: float, rng: np.random.Generator) -> FloatArray:
    """Return Dirichlet-multinomial counts that add up to the whole number nearest to `total`."""
    scale = concentration(np.asarray(total), overdispersion)
    part = rng.dirichlet(scale * np.maximum(share / share.sum(), 1e-12))
    return rng.multinomial(round(total), part).astype(np.float64)


def _traces(model: Flow, evidence: Evidence, weights: WeightSettings, rng: np.random.Generator) -> Published:
    """Return new counts by state, by the largest pairs, and by city."""
    published, excess = evidence.published, weights.trace_overdispersion
    known = published.state_counts > 0
    by_state = np.zeros(len(known))
    by_state[known] = _draw(
        published.state_counts[known].sum(), model.state_pair.sum(axis=1)[known], excess, rng
    )
    by_pair = np.zeros_like(model.state_pair)
    for state in np.flatnonzero(known):
        by_pair[state] = _draw(
            by_state[state] * published.known_fraction, model.state_pair[state], excess, rng
        )
    largest = np.argsort(-by_pair, axis=None, kind="stable")[: len(published.pairs)]
    pair_counts = by_pair.ravel()[largest]
    cities = np.zeros(len(published.city_counts))
    for state in np.unique(published.city_states):
        in_state = published.city_states == state
        rows, bounds = in_state & ~published.city_at_least, np.flatnonzero(in_state & published.city_at_least)
        whole, total = model.zone[evidence.zone_state == state].sum(), published.city_totals[in_state][0]
        inside = published.city_fractions[rows] @ model.zone
        shares = np.append(inside, max(whole - inside.sum(), 0))
        cities[rows] = _draw(total, shares, weights.city_overdispersion, rng)[:-1]
        for row in bounds:
            own = published.city_fractions[row] @ model.zone
            count = _draw(total, np.array([own, whole - own]), weights.city_overdispersion, rng)[0]
            cities[row] = min(count, published.city_counts[row])
    return replace(
        published,
        state_counts=by_state,
        pairs=np.column_stack(np.unravel_index(largest, by_pair.shape)).astype(np.int64),
        pair_counts=pair_counts,
        pair_bound=float(pair_counts.min()) if len(pair_counts) else np.inf,
        city_counts=cities,
    )


def _recent(model: Flow, evidence: Evidence, weights: WeightSettings, rng: np.random.Generator) -> Published:
    """Return new parts of recently bought guns, of the states they are published of."""
    published = evidence.published
    known = ~np.isnan(published.recent_fractions)
    share = model.state_pair.sum(axis=1)
    drawn = _draw(
        published.recent_total,
        np.append(share[known], share[~known].sum()),
        weights.trace_overdispersion,
        rng,
    )
    parts = np.full(len(known), np.nan)
    parts[known] = drawn[:-1] / drawn.sum()
    return replace(published, recent_fractions=parts)


def _seizures(
    model: Flow, published: Published, weights: WeightSettings, rng: np.random.Generator
) -> Published:
    """Return a new list of the municipalities with most seizures."""
    size = len(published.top_counts)
    if not size:
        return published
    luck = rng.gamma(weights.municipal_dispersion, 1 / weights.municipal_dispersion, len(model.municipality))
    count = rng.poisson(published.top_total * model.municipality * luck).astype(np.float64)
    top = np.argsort(-count, kind="stable")[:size]
    return replace(
        published, top_municipalities=top, top_counts=count[top], top_bound=float(count[top].min())
    )


def _events(
    model: Flow, evidence: Evidence, weights: WeightSettings, rng: np.random.Generator
) -> dict[str, Any]:
    """Return new dated seizures by municipality, as many in all, at a new chance of detection by state."""
    published, of = evidence.published, evidence.municipality_state
    if not len(published.event_counts):
        return {}
    states = len(evidence.mx_states)
    size = np.bincount(of, minlength=states)
    in_state = np.bincount(of, weights=model.municipality, minlength=states).astype(np.float64)
    detected = in_state * np.exp(weights.detection_sd * rng.standard_normal(states))
    by_state = _draw(published.event_counts.sum(), detected, weights.event_overdispersion, rng)
    count = np.zeros(len(of))
    for state in np.flatnonzero(by_state):
        inside = of == state
        share = (1 - ANYWHERE) * model.municipality[inside] + ANYWHERE * in_state[state] / size[state]
        count[inside] = _draw(by_state[state], share, weights.event_overdispersion, rng)
    at = np.flatnonzero(count)
    return {"event_municipalities": at, "event_counts": count[at]}


def _crossings(p: Parameters, evidence: Evidence, legs: LegCosts, rng: np.random.Generator) -> Published:
    """Return new crossing cities of the published routes."""
    published = evidence.published
    routes = route_legs(evidence, legs, 1.0)
    by_port = port_given_trip(p, evidence, routes.us, routes.mx, routes.volume_noise)
    ports = [int(rng.choice(len(row), p=row)) for row in by_port]
    return replace(published, route_cities=evidence.port_city[np.array(ports, dtype=np.int64)])


def _at_ports(
    model: Flow, published: Published, options: LikelihoodOptions, rng: np.random.Generator
) -> Published:
    """Return new seizures by region of ports, at a new inspection effort."""
    if not len(published.region_counts) or not np.isfinite(options.inspection_sd):
        return published
    effort = np.exp(options.inspection_sd * rng.standard_normal(len(published.region_counts)))
    share = published.region_ports @ model.port * effort
    count = _draw(published.region_counts.sum(), share, options.weights.trace_overdispersion, rng)
    return replace(published, region_counts=count)
