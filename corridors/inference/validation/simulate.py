"""Published figures drawn from the model, as the real ones come about: for simulation-based calibration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridors.inference.model.likelihood import concentration

if TYPE_CHECKING:
    from corridors.core.settings import WeightSettings
    from corridors.core.types import Evidence, FloatArray, Published
    from corridors.inference.model.gravity import Flow
    from corridors.inference.model.likelihood import LikelihoodOptions


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
    return _at_ports(model, published, options, rng)


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
        rows = published.city_states == state
        inside = published.city_fractions[rows] @ model.zone
        elsewhere = model.zone[evidence.zone_state == state].sum() - inside.sum()
        total = published.city_totals[rows][0]
        cities[rows] = _draw(total, np.append(inside, elsewhere), weights.city_overdispersion, rng)[:-1]
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
