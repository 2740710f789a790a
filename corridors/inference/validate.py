"""Held-out tests against the nulls they must beat (methods.md 6), losses included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.inference.fit import Target, fit_point
from corridors.inference.gravity import Flow, flow
from corridors.inference.parameters import Prior, priors, unflatten
from corridors.inference.routing import World, prepare, route
from corridors.inference.waypoints import route_recall
from corridors.inference.worlds import base_costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.base.types import Arcs, Evidence, Floats, HeldOut, Posterior
    from corridors.inference.ensemble import Plan

NULL_CERTAINTY = 0.9
"""Probability the nearest-port rule gives its port; the rest is spread evenly. A rule that is certain would score
minus infinity at its first miss, so the null is granted the certainty it deserves on 7 of 8."""


@dataclass(frozen=True, slots=True)
class Test:
    """One held-out test.

    Parameters
    ----------
    code
        V2 to V8 of methods.md 6.
    name
        What is tested.
    measure
        How it is scored; larger is better unless it says error.
    model, null
        Scores of the model and of the null.
    null_name
        What the null is.
    size
        Number of cases.
    beats
        Whether the model beats the null.
    detail
        Case by case, for the table a reader asks for next.
    """

    code: str
    name: str
    measure: str
    model: float
    null: float
    null_name: str
    size: int
    beats: bool
    detail: tuple[tuple[str, float, float], ...] = ()


def validate(
    arcs: Arcs,
    evidence: Evidence,
    held: HeldOut,
    posterior: Posterior,
    plan: Plan,
) -> list[Test]:
    """Return the tests of methods.md 6 that point mode can take, in its order.

    Parameters
    ----------
    arcs, evidence, plan
        As the posterior was inferred from.
    held
        Published routes; nothing in the fit has seen them.
    posterior
        The inferred flow.

    Raises
    ------
    NotEnoughDataError
        A refit without one figure cannot be made.
    """
    with threadpool_limits(1, user_api="blas"):
        roads = prepare(arcs, evidence.access)
        base = route(roads, base_costs(arcs, plan.costs))
        prior = priors(evidence)
        tests = [_pairs(evidence, base, prior, plan), _cities(evidence, base, prior, plan)]
        tests += _crossings(held, base, posterior)
        ours, theirs = route_recall(roads, evidence, held, posterior, plan, base=base)
    rows = tuple(zip(held.route_ids, ours.tolist(), theirs.tolist(), strict=True))
    scored = tuple(row for row in rows if not np.isnan(row[1]))
    low = _bootstrap_low([row[1] - row[2] for row in scored])
    tests.append(
        Test(
            code="V5",
            name="stops of published routes within 15 km, equal length of road",
            measure="mean recall",
            model=float(np.mean([row[1] for row in scored])),
            null=float(np.mean([row[2] for row in scored])),
            null_name="shortest path",
            size=len(scored),
            beats=low > 0,
            detail=scored,
        )
    )
    return tests


def _pairs(evidence: Evidence, base: World, prior: Mapping[str, Prior], plan: Plan) -> Test:
    """V2: each published pair left out in turn, against licences x demand without roads."""
    published = evidence.published
    detail = []
    names = [f"{evidence.us_states[r]}-{evidence.mx_states[a]}" for r, a in published.pairs]
    null_cell = _gravity_without_roads(evidence)
    for n, (r, a) in enumerate(published.pairs):
        keep = np.arange(len(published.pairs)) != n
        without = replace(published, pairs=published.pairs[keep], pair_counts=published.pair_counts[keep])
        # The pair left out is then among "every other pair", which the bound would still inform: lift it.
        without = replace(without, pair_bound=published.state_counts.max())
        model = _refit(replace(evidence, published=without), base, prior, plan)
        seen = published.pair_counts[n] / (published.state_counts[r] * published.known_part)
        trials = published.state_counts[r] * published.known_part / plan.weights.trace_overdispersion
        ours = _log_score(seen, model.cell[r, a] / model.cell[r].sum(), trials)
        theirs = _log_score(seen, null_cell[r, a] / null_cell[r].sum(), trials)
        detail.append((names[n], ours, theirs))
    return _compare("V2", "state pairs, each left out", "log score", detail, "licences and demand, no roads")


def _cities(evidence: Evidence, base: World, prior: Mapping[str, Prior], plan: Plan) -> Test:
    """V3: each purchase city left out in turn, against its part of the state's licences."""
    published = evidence.published
    dealers = evidence.zones["dealers"].to_numpy(dtype=np.float64)
    detail = []
    for n, part in enumerate(published.city_parts):
        keep = np.arange(len(published.city_parts)) != n
        without = replace(
            published,
            **{
                name: getattr(published, name)[keep]
                for name in ("city_parts", "city_states", "city_counts", "city_totals")
            },
        )
        model = _refit(replace(evidence, published=without), base, prior, plan)
        inside = evidence.zone_state == published.city_states[n]
        seen = published.city_counts[n] / published.city_totals[n]
        ours = part @ model.zone / model.zone[inside].sum()
        theirs = part @ dealers / dealers[inside].sum()
        detail.append((published.city_names[n], abs(np.log(ours / seen)), abs(np.log(theirs / seen))))
    model_error, null_error = (float(np.median([row[side] for row in detail])) for side in (1, 2))
    return Test(
        code="V3",
        name="purchase cities, each left out",
        measure="median absolute log error (smaller is better)",
        model=model_error,
        null=null_error,
        null_name="part of the state's licences",
        size=len(detail),
        beats=model_error < null_error,
        detail=tuple(detail),
    )


def _crossings(held: HeldOut, base: World, posterior: Posterior) -> list[Test]:
    """V4: the city a published route crosses at, given its US origin, against the nearest port by road time."""
    given = posterior.zone_port.mean(axis=0)
    log_scores, hits = [], []
    for route_id, zone, city in zip(held.route_ids, held.origin_zone, held.crossing_city, strict=True):
        if zone < 0 or city < 0:
            continue
        ours = np.bincount(held.port_city, weights=given[zone] / given[zone].sum())
        nearest = held.port_city[np.argmin(base.legs.us[zone])]
        null = np.full(len(ours), (1 - NULL_CERTAINTY) / (len(ours) - 1))
        null[nearest] = NULL_CERTAINTY
        log_scores.append((route_id, float(np.log(ours[city])), float(np.log(null[city]))))
        hits.append((route_id, float(ours.argmax() == city), float(nearest == city)))
    name, null_name = "crossing of published routes, given the origin", "nearest port by road time"
    right = Test(
        code="V4",
        name=name,
        measure="first choices right",
        model=sum(row[1] for row in hits),
        null=sum(row[2] for row in hits),
        null_name=null_name,
        size=len(hits),
        beats=sum(row[1] for row in hits) > sum(row[2] for row in hits),
        detail=tuple(hits),
    )
    return [right, _compare("V4", name, "mean log probability", log_scores, null_name)]


def _compare(
    code: str, name: str, measure: str, detail: list[tuple[str, float, float]], null_name: str
) -> Test:
    """Return a test scored by the mean of its cases."""
    model, null = (float(np.mean([row[side] for row in detail])) for side in (1, 2))
    return Test(code, name, measure, model, null, null_name, len(detail), model > null, tuple(detail))


def _log_score(seen: float, modelled: float, trials: float) -> float:
    """Return the log score a trial of a modelled part when the part seen is `seen`, `trials` in all.

    The binomial log likelihood less its maximum: 0 is perfect.
    """
    best = seen * np.log(seen) + (1 - seen) * np.log1p(-seen)
    return float(trials * (seen * np.log(modelled) + (1 - seen) * np.log1p(-modelled) - best))


def _gravity_without_roads(evidence: Evidence) -> Floats:
    """Return (us states, mx states) shares of licences times demand: no road, no port."""
    supply = np.bincount(
        evidence.zone_state, weights=evidence.zones["dealers"], minlength=len(evidence.us_states)
    )
    if len(evidence.demand_state):
        demand = np.exp(evidence.demand_state)
    else:
        town = np.exp(evidence.demand_offset - evidence.demand_offset.max())
        demand = np.bincount(evidence.municipality_state, weights=town, minlength=len(evidence.mx_states))
    cell = np.outer(supply, demand)
    return np.asarray(cell / cell.sum())


def _refit(evidence: Evidence, base: World, prior: Mapping[str, Prior], plan: Plan) -> Flow:
    """Return the model fitted at median costs."""
    fit = fit_point(Target(evidence, base.legs, prior, plan.weights, plan.lens))
    return flow(unflatten(fit.theta, prior), evidence, base.legs)


def _bootstrap_low(differences: list[float], *, draws: int = 10_000, seed: int = 0) -> float:
    """Return the 5 % point of the mean difference when routes are drawn again with replacement."""
    values = np.asarray(differences)
    rows = np.random.default_rng(seed).integers(len(values), size=(draws, len(values)))
    return float(np.quantile(values[rows].mean(axis=1), 0.05))
