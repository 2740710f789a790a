"""Figures left out and predicted by a refit without them (docs/method.md 7.1: V2, V3, V6), at median costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import logsumexp, rel_entr

from corridors.inference.fitting.hmc import adapt
from corridors.inference.fitting.point import fit_point
from corridors.inference.model.choice import is_trip, port_given_trip
from corridors.inference.model.parameters import unflatten
from corridors.inference.validation.score import (
    ScoreCode,
    TestResult,
    compare,
    licences_and_demand,
    people_over_distance,
)

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray, HeldOut
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.point import Target
    from corridors.inference.fitting.problem import InferencePlan, Problem
    from corridors.inference.routing.places import CostWorld

TUNE, DRAWS = 100, 500
MIN_WIN_FRACTION = 0.8
MAX_LOG_ERROR = np.log(1.5)
EVEN = 1e-3
BASELINE_CERTAINTY = 0.9
"""Probability that the rule of a route's crossing gives to its choice."""
DRAWS_A_ROUTE = 100
SEIZURES = 0
"""Column of `demand_terms` that holds municipal seizures."""


class Refit(NamedTuple):
    """A refit: draws, their margins of state pairs and zones, and the mean over draws of municipalities."""

    theta: FloatArray
    state_pair: FloatArray
    zone: FloatArray
    municipality: FloatArray


class _Task(NamedTuple):
    """The refits to make: sent to each worker once."""

    targets: tuple[Target, ...]
    plan: InferencePlan


def leave_one_out(
    problem: Problem, held: HeldOut, executor: Executor
) -> tuple[list[TestResult], list[TestResult]]:
    """Return the tests of pairs and cities, and those of municipalities, each figure predicted without itself.

    Parameters
    ----------
    problem
        What the whole fit is of: one chain a refit, or the most probable parameters in mode "point".
    held
        What is not fitted.
    executor
        Where the refits are made.
    """
    evidence, plan = problem.evidence, problem.plan
    pairs, cities = range(len(evidence.published.pairs)), range(len(evidence.published.city_fractions))
    without = [_without_pair(evidence, n) for n in pairs]
    without += [_without_city(evidence, n) for n in cities]
    without.append(_without_seizures(evidence))
    cases = len(without)
    # the structure "port" reads no route: to leave none out is to leave out each
    routes = range(len(evidence.published.route_ids)) if is_trip(problem.prior) else range(0)
    without += [_without_route(evidence, n) for n in routes] or [evidence]
    task = _Task(tuple(replace(problem.target, evidence=one) for one in without), plan)
    refits = list(executor(_refit, task, len(without)))
    return [
        *_pairs(evidence, held, problem.median, plan, refits[: len(pairs)]),
        *_cities(evidence, held, refits[len(pairs) : cases - 1]),
        *_crossings(problem, held, refits[cases:]),
    ], _municipalities(evidence, held, plan, refits[cases - 1])


def _refit(task: _Task, n: int) -> Refit:
    """Return the margins of a refit."""
    target, plan = task.targets[n], task.plan
    if plan.mode == "point":
        theta = fit_point(target).theta[None]
    else:
        theta = adapt(target, seed=plan.seed, chains=1, tune=TUNE, draws=DRAWS).draws
    margins = [(model.state_pair, model.zone, model.municipality) for model in target.flows(theta)]
    state_pair, zone, municipality = (np.stack(one) for one in zip(*margins, strict=True))
    return Refit(theta, state_pair, zone, municipality.mean(axis=0))


def _without_pair(evidence: Evidence, n: int) -> Evidence:
    """Leave out a published pair, and the bound on "every other pair", which would still inform it."""
    published = evidence.published
    keep = np.arange(len(published.pairs)) != n
    without = replace(published, pairs=published.pairs[keep], pair_counts=published.pair_counts[keep])
    return replace(evidence, published=replace(without, pair_bound=published.state_counts.max()))


def _without_city(evidence: Evidence, n: int) -> Evidence:
    """Leave out a purchase city."""
    published = evidence.published
    keep = np.arange(len(published.city_fractions)) != n
    names = ("city_fractions", "city_states", "city_counts", "city_totals", "city_at_least")
    without = replace(published, **{name: getattr(published, name)[keep] for name in names})
    return replace(evidence, published=without)


def _without_seizures(evidence: Evidence) -> Evidence:
    """Leave out every municipal seizure: those of 2006-11 as a measure of demand, those of 2020-22 as figures."""
    terms = evidence.demand_terms.copy()
    terms[:, SEIZURES : SEIZURES + 1] = 0
    published = evidence.published
    without = replace(
        published, top_municipalities=published.top_municipalities[:0], top_counts=published.top_counts[:0]
    )
    return replace(evidence, demand_terms=terms, published=without)


def _without_route(evidence: Evidence, n: int) -> Evidence:
    """Leave out a published route."""
    published = evidence.published
    keep = np.arange(len(published.route_ids)) != n
    names = ("route_origins", "route_targets", "route_cities", "route_weights")
    without = replace(published, **{name: getattr(published, name)[keep] for name in names})
    ids = tuple(name for name, one in zip(published.route_ids, keep, strict=True) if one)
    return replace(evidence, published=replace(without, route_ids=ids))


def _crossings(problem: Problem, held: HeldOut, refits: list[Refit]) -> list[TestResult]:
    """V4: the crossing city of each published route, given its US origin and its destination.

    The rule is the city of the shortest whole way, in hours; of ten it is given nine and all others share the tenth.
    """
    evidence, legs = problem.evidence, problem.median.legs
    published = evidence.published
    names, ours, theirs = [], [], []
    for n, (route_id, zone) in enumerate(zip(published.route_ids, published.route_origins, strict=True)):
        end, refit = int(held.destination[held.route_ids.index(route_id)]), refits[min(n, len(refits) - 1)]
        every = np.ones(len(evidence.port_city), dtype=np.bool_)
        by_port = np.mean(
            [
                port_given_trip(unflatten(one, problem.prior), evidence, legs)(int(zone), end, every)
                for one in refit.theta[:: max(1, len(refit.theta) // DRAWS_A_ROUTE)]
            ],
            axis=0,
        )
        model = np.bincount(evidence.port_city, weights=by_port)
        quickest = evidence.port_city[np.argmin(legs.us[zone] + np.exp(legs.log_mx[:, end]))]
        null = np.full(len(model), (1 - BASELINE_CERTAINTY) / max(1, len(model) - 1))
        null[quickest] = BASELINE_CERTAINTY
        city = published.route_cities[n]
        names.append(route_id)
        ours.append((model.argmax() == city, np.log(model[city])))
        theirs.append((quickest == city, np.log(null[city])))
    return [
        compare(
            ScoreCode.CROSSINGS,
            measure,
            "nearest_whole_way",
            (names, [float(row[side]) for row in ours], [float(row[side]) for row in theirs]),
            passes=lambda test: test.model > test.null_score,
        )
        for side, measure in enumerate(("hits", "log_probability"))
        if names
    ]


def _pairs(
    evidence: Evidence, held: HeldOut, base: CostWorld, plan: InferencePlan, refits: list[Refit]
) -> list[TestResult]:
    """V2: each published pair of states."""
    published = evidence.published
    rules = {
        "no_roads": licences_and_demand(evidence),
        "people": people_over_distance(evidence, held, base),
    }
    names, ours = [], []
    theirs: dict[str, list[float]] = {name: [] for name in rules}
    for (r, a), count, refit in zip(published.pairs.tolist(), published.pair_counts, refits, strict=True):
        total = published.state_counts[r] * published.known_fraction
        trials, seen = total / plan.likelihood.weights.trace_overdispersion, count / total
        by_draw = _log_score(seen, refit.state_pair[:, r, a] / refit.state_pair[:, r].sum(axis=1), trials)
        ours.append(float(logsumexp(by_draw) - np.log(len(by_draw))))
        names.append(f"{evidence.us_states[r]}-{evidence.mx_states[a]}")
        for name, state_pair in rules.items():
            theirs[name].append(float(_log_score(seen, state_pair[r, a] / state_pair[r].sum(), trials)))
    return [
        compare(
            ScoreCode.PAIRS,
            "log_score",
            name,
            (names, ours, scores),
            passes=lambda test: test.wins >= MIN_WIN_FRACTION * test.size,
        )
        for name, scores in theirs.items()
    ]


def _cities(evidence: Evidence, held: HeldOut, refits: list[Refit]) -> list[TestResult]:
    """V3: each purchase city within its state."""
    published = evidence.published
    rules = {
        "licences": evidence.zones["dealers"].to_numpy(dtype=np.float64),
        "people": held.zone_population,
    }
    ours = []
    theirs: dict[str, list[float]] = {name: [] for name in rules}
    for n, refit in enumerate(refits):
        fraction, inside = published.city_fractions[n], evidence.zone_state == published.city_states[n]
        seen = published.city_counts[n] / published.city_totals[n]
        modelled = np.median(refit.zone @ fraction / refit.zone[:, inside].sum(axis=1))
        ours.append(abs(float(np.log(modelled / seen))))
        for name, values in rules.items():
            theirs[name].append(abs(float(np.log(fraction @ values / values[inside].sum() / seen))))
    names = list(published.city_names)
    return [
        compare(
            ScoreCode.CITIES,
            "log_error",
            name,
            (names, ours, errors),
            passes=lambda test: test.model < MAX_LOG_ERROR,
            centre=np.median,
        )
        for name, errors in theirs.items()
    ]


def _municipalities(evidence: Evidence, held: HeldOut, plan: InferencePlan, refit: Refit) -> list[TestResult]:
    """V6: guns seized 2006-11 by municipality, which the refit has not seen; the states are the spatial blocks."""
    seen = held.municipality_seizures
    if not seen.any():
        return []
    state = evidence.municipality_state
    rules = {"people": held.municipality_population, "homicides": held.municipality_homicides}

    def score(weight: FloatArray) -> list[float]:
        # a thousandth spread evenly: a rule that gives a place no flow would lose infinitely by one gun there
        expected = seen.sum() * ((1 - EVEN) * weight / weight.sum() + EVEN / len(weight))
        deviance = _deviance(seen, expected, plan.likelihood.weights.municipal_dispersion)
        return [float(deviance[state == n].mean()) for n in range(len(evidence.mx_states))]

    names, ours = list(evidence.mx_states), score(refit.municipality)
    return [
        compare(
            ScoreCode.MUNICIPALITIES,
            "deviance",
            name,
            (names, ours, score(weight)),
            passes=lambda test: test.low > 0,
        )
        for name, weight in rules.items()
    ]


def _log_score(seen: float, modelled: FloatArray, trials: float) -> FloatArray:
    """Return the log score of modelled fractions when the observed one is `seen`, for `trials` trials.

    The binomial log likelihood less its maximum: 0 is perfect.
    """
    best = seen * np.log(seen) + (1 - seen) * np.log1p(-seen)
    return np.asarray(trials * (seen * np.log(modelled) + (1 - seen) * np.log1p(-modelled) - best))


def _deviance(seen: FloatArray, expected: FloatArray, shape: float) -> FloatArray:
    """Return the deviance of counts under a negative binomial, each by itself."""
    return np.asarray(
        2 * (rel_entr(seen, expected) - (seen + shape) * np.log((seen + shape) / (expected + shape)))
    )
