"""Log likelihood of the published figures given the modelled margins (docs/method.md 4.1), block by block, with derivatives.

Traced guns come clustered (one straw buyer, many guns), so counts are Dirichlet-multinomial: they vary `overdispersion`
times as much as a multinomial's. Its concentration is set from the total, so no parameter is added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy.special import betainc, betaln, digamma, gammaln, log_ndtr, rel_entr

from corridors.core.settings import WeightSettings
from corridors.inference.model.flow import MarginSlopes

if TYPE_CHECKING:
    from corridors.core.settings import Lens
    from corridors.core.types import Evidence, FloatArray, IntArray, Published
    from corridors.inference.model.flow import Flow

Block = Literal["states", "pairs", "pair_bound", "cities", "municipal", "events", "ports", "crossings"]
BLOCKS: frozenset[Block] = frozenset(get_args(Block))
OF_ALL_TRACES: frozenset[Block] = frozenset({"pairs", "pair_bound", "cities"})
"""Blocks that are published of all traces only, which the lens "one_year" leaves out."""
INSPECTION_SD = {"unknown": 1.0, "equal": 0.2, "none": np.inf}
"""Sd of log inspection effort by region of ports, which nothing published measures (docs/method.md 4.5)."""
MIN_FRACTION = 1e-12
ANYWHERE = 0.1
"""Fraction of a state's dated seizures that are spread over its municipalities whatever the model says. Judgment."""


@dataclass(frozen=True, slots=True)
class LikelihoodOptions:
    """Which published figures a fit uses, and how much each block of them is trusted.

    Parameters
    ----------
    weights
        How far the counts of each block vary.
    lens
        Which traces: "all" of 2022-23, or of guns bought within "one_year" of recovery (2024).
    inspection_sd
        Sd of the logarithm of inspection effort by region of ports, one of `INSPECTION_SD`; infinite, as by default,
        leaves the regions out.
    blocks
        The blocks of published figures that are used.
    """

    weights: WeightSettings = field(default_factory=WeightSettings)
    lens: Lens = "all"
    inspection_sd: float = INSPECTION_SD["none"]
    blocks: frozenset[Block] = BLOCKS

    @property
    def used(self) -> frozenset[Block]:
        """Blocks in the likelihood: lens "one_year" leaves out those that are published of all traces only."""
        return self.blocks if self.lens == "all" else self.blocks - OF_ALL_TRACES


@dataclass(frozen=True, slots=True)
class LogLikelihood:
    """A log likelihood and its derivatives in the margins of the flow."""

    value: float
    slopes: MarginSlopes


def log_likelihood(model: Flow, evidence: Evidence, options: LikelihoodOptions) -> LogLikelihood:
    """Return the log likelihood of the published figures under the model, up to a constant.

    Lens "all": every trace of 2022-23, with pairs and cities. Lens "one_year": guns bought within a year of
    recovery (2024), of which only Arizona's fraction is published; the pairs and cities, which are of all traces, are
    left out. Lenses are never pooled.
    """
    value = 0.0
    state_pair, zone = np.zeros_like(model.state_pair), np.zeros_like(model.zone)
    municipality, port = np.zeros_like(model.municipality), np.zeros_like(model.port)
    used, weights = options.used, options.weights
    if "states" in used:
        states = _states if options.lens == "all" else _recent_states
        value += states(model, evidence, weights, state_pair)
    if "pairs" in used:
        value += _pairs(model, evidence, weights, state_pair)
    if "pair_bound" in used:
        value += _other_pairs(model, evidence, weights, state_pair)
    if "cities" in used:
        value += _cities(model, evidence, weights, zone)
    if "municipal" in used:
        value += _municipal(model, evidence, weights, municipality)
    if "events" in used:
        value += _events(model, evidence, weights, municipality)
    if "ports" in used:
        value += _ports(model, evidence, options, port)
    return LogLikelihood(value, MarginSlopes(state_pair, zone, municipality, port))


def concentration(total: FloatArray, overdispersion: float) -> FloatArray:
    """Return the Dirichlet concentration s at which counts of `total` vary `overdispersion` times a multinomial's.

    Solves (total + s) / (1 + s) = overdispersion. Clamped where no solution exists: at a total below the overdispersion,
    and near an overdispersion of 1, where a hundred times the total cannot be distinguished from a multinomial.
    """
    return np.maximum(total - overdispersion, 1.0) / max(overdispersion - 1, 0.01)


def _unlisted(model: Flow, published: Published) -> tuple[FloatArray, FloatArray]:
    """Return (us states, mx states): 1 where a pair is not published; and (us states,) firearms of those pairs."""
    at, listed = published.pairs, published.pair_counts
    unlisted = np.ones_like(model.state_pair)
    unlisted[at[:, 0], at[:, 1]] = 0.0
    known = np.round(published.state_counts * published.known_fraction)
    return unlisted, known - _by(at[:, 0], listed, len(known))


def _by(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return (groups,) the sum of the values of each group."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64, copy=False)


def _split(
    count: FloatArray, share: FloatArray, group: IntArray, groups: int, overdispersion: float
) -> tuple[float, FloatArray]:
    """Return the Dirichlet-multinomial score of counts among the shares of each group, and its slope in the shares."""
    total = _by(group, count, groups)
    scales = concentration(total, overdispersion)
    scale = scales[group]
    divisor = _by(group, share, groups)[group]
    part = share / divisor
    prior = scale * part
    value = (gammaln(count + prior) - gammaln(prior) - gammaln(count + 1)).sum()
    value += (gammaln(scales) + gammaln(total + 1) - gammaln(scales + total)).sum()
    slope = scale * (digamma(count + prior) - digamma(prior))
    through = _by(group, slope * part, groups)[group]
    return float(value), (slope - through) / divisor


def _states(model: Flow, evidence: Evidence, weights: WeightSettings, state_pair: FloatArray) -> float:
    """Return the score of traced guns by state of purchase, among the states whose count is fitted."""
    count = evidence.published.state_counts
    known = count > 0
    share: FloatArray = model.state_pair.sum(axis=1)[known]
    one = np.zeros(len(share), dtype=np.int64)
    value, slope = _split(count[known], share, one, 1, weights.trace_overdispersion)
    state_pair[known] += slope[:, None]
    return value


def _recent_states(model: Flow, evidence: Evidence, weights: WeightSettings, state_pair: FloatArray) -> float:
    """Return the score of recently bought guns by state, of the states whose fraction is published and of the rest."""
    published, share = evidence.published, model.state_pair.sum(axis=1)
    rest = np.isnan(published.recent_fractions)
    part, share_known = published.recent_fractions[~rest], share[~rest]
    if rest.any():
        part = np.append(part, 1 - part.sum())
        share_known = np.append(share_known, share[rest].sum())
    one = np.zeros(len(part), dtype=np.int64)
    count = published.recent_total * part
    value, slope = _split(count, share_known, one, 1, weights.trace_overdispersion)
    state_pair[~rest] += slope[: (~rest).sum(), None]
    state_pair[rest] += slope[-1]
    return value


def _pairs(model: Flow, evidence: Evidence, weights: WeightSettings, state_pair: FloatArray) -> float:
    """Return the score of the published pairs, and of all others together, among the guns of their state."""
    at, listed = evidence.published.pairs, evidence.published.pair_counts
    states = len(model.state_pair)
    unlisted, rest = _unlisted(model, evidence.published)
    value, slope = _split(
        np.concatenate([listed, rest]),
        np.concatenate([model.state_pair[at[:, 0], at[:, 1]], (model.state_pair * unlisted).sum(axis=1)]),
        np.concatenate([at[:, 0], np.arange(states)]),
        states,
        weights.trace_overdispersion,
    )
    state_pair += slope[len(at) :, None] * unlisted
    state_pair[at[:, 0], at[:, 1]] += slope[: len(at)]
    return value


def _other_pairs(model: Flow, evidence: Evidence, weights: WeightSettings, state_pair: FloatArray) -> float:
    """Return the score of every unlisted pair being at most the smallest listed one: the list is of the largest.

    Given its state's unlisted guns n, a pair is beta-binomial; arcsin(sqrt(count / n)) is near normal with sd
    sqrt(overdispersion / 4 n) whatever the share. A state with fewer guns left than the bound contributes nothing.
    """
    unlisted, rest = _unlisted(model, evidence.published)
    limit = evidence.published.pair_bound + 0.5
    rows = rest > limit
    if not rows.any():
        return 0.0
    unlisted = unlisted[rows]
    share = model.state_pair[rows] * unlisted
    divisor = share.sum(axis=1, keepdims=True)
    part = np.clip(share / divisor, MIN_FRACTION, 1 - MIN_FRACTION)
    precision = 2 * np.sqrt(rest[rows, None] / weights.trace_overdispersion)
    room = precision * (np.arcsin(np.sqrt(limit / rest[rows, None])) - np.arcsin(np.sqrt(part)))
    log_part = log_ndtr(room)
    # derivative of log Phi is the inverse Mills ratio
    hazard = np.exp(-0.5 * room**2 - 0.5 * np.log(2 * np.pi) - log_part)
    slope = -unlisted * hazard * precision / (2 * np.sqrt(part * (1 - part)))
    state_pair[rows] += unlisted * (slope - (slope * part).sum(axis=1, keepdims=True)) / divisor
    return float((log_part * unlisted).sum())


def _cities(model: Flow, evidence: Evidence, weights: WeightSettings, zone: FloatArray) -> float:
    """Return the score of purchase cities, and of all else together, among the guns of their state."""
    published = evidence.published
    exact = ~published.city_at_least
    at, count = published.city_states[exact], published.city_counts[exact]
    part = published.city_fractions[exact]
    states = len(evidence.us_states)
    rest = np.zeros(states)
    rest[at] = published.city_totals[exact]
    rest -= _by(at, count, states)
    in_city = part @ model.zone
    elsewhere = _by(evidence.zone_state, model.zone, states) - _by(at, in_city, states)
    value, slope = _split(
        np.concatenate([count, rest]),
        np.concatenate([in_city, elsewhere]),
        np.concatenate([at, np.arange(states)]),
        states,
        weights.city_overdispersion,
    )
    of_rest = slope[len(at) :]
    zone += of_rest[evidence.zone_state] + (slope[: len(at)] - of_rest[at]) @ part
    for n in np.flatnonzero(published.city_at_least).tolist():
        value += _city_at_least(n, model, evidence, weights, zone)
    return value


def _city_at_least(
    n: int, model: Flow, evidence: Evidence, weights: WeightSettings, zone: FloatArray
) -> float:
    """Return the score of a city with at least a count of its state's guns, as `_other_pairs` scores a bound from above."""
    published = evidence.published
    inside = evidence.zone_state == published.city_states[n]
    total = published.city_totals[n]
    precision = 2 * np.sqrt(total / weights.city_overdispersion)
    whole = model.zone[inside].sum()
    share = np.clip(published.city_fractions[n] @ model.zone / whole, MIN_FRACTION, 1 - MIN_FRACTION)
    room = precision * (np.arcsin(np.sqrt(share)) - np.arcsin(np.sqrt(published.city_counts[n] / total)))
    log_part = log_ndtr(room)
    hazard = np.exp(-0.5 * room**2 - 0.5 * np.log(2 * np.pi) - log_part)
    slope = hazard * precision / (2 * np.sqrt(share * (1 - share)))
    zone += slope * (published.city_fractions[n] - share * inside) / whole
    return float(log_part)


def _municipal(model: Flow, evidence: Evidence, weights: WeightSettings, municipality: FloatArray) -> float:
    """Return the score of the ten municipalities with most seizures, and of every other's being no more than the tenth.

    Negative binomial about the modelled share of the national total, with its exact distribution at the bound. What is
    compared is national seizures with modelled arrivals: the recovery-weighted reading.
    """
    published, shape = evidence.published, weights.municipal_dispersion
    top, count, bound = published.top_municipalities, published.top_counts, published.top_bound
    if not np.isfinite(bound):
        return 0.0
    total = published.top_total
    mean = total * model.municipality[top]
    # less its value at mean = count, so that a fit's tolerance is not lost in a large number
    value = (rel_entr(count + shape, mean + shape) - rel_entr(count, mean)).sum()
    municipality[top] += total * (count / mean - (count + shape) / (mean + shape))
    # below this mean the chance of passing the bound is below a double's precision
    near = (total * model.municipality > bound / (3 + 40 / shape)) & published.municipalities_compared
    near[top] = False
    mean = total * model.municipality[near]
    low = shape / (shape + mean)
    below = betainc(shape, bound + 1, low)
    density = np.exp((shape - 1) * np.log(low) + bound * np.log1p(-low) - betaln(shape, bound + 1))
    municipality[near] -= total * density * low / (shape + mean) / below
    return float(value + np.log(below).sum())


def _events(model: Flow, evidence: Evidence, weights: WeightSettings, municipality: FloatArray) -> float:
    """Return the score of dated seizures by municipality within each state, and by state, of unknown detection.

    Within a state, counts are Dirichlet-multinomial among the municipalities with events and the rest of the state; of
    its arrivals `ANYWHERE` is spread evenly, as guns are also seized on their way. Between states, as in `_ports`:
    log events = common level + log modelled share + log detection + noise.
    """
    at, count = evidence.published.event_municipalities, evidence.published.event_counts
    if len(at) == 0:
        return 0.0
    states, of = len(evidence.mx_states), evidence.municipality_state
    size = _by(of, np.ones(len(of)), states)
    in_state = _by(of, model.municipality, states)
    share = (1 - ANYWHERE) * model.municipality[at] + ANYWHERE * (in_state / size)[of[at]]
    rest = in_state - _by(of[at], share, states)
    group = np.concatenate([of[at], np.arange(states)])
    value, slope = _split(
        np.concatenate([count, np.zeros(states)]),
        np.concatenate([share, np.maximum(rest, MIN_FRACTION)]),
        group,
        states,
        weights.event_overdispersion,
    )
    of_rest = slope[len(at) :]
    own = slope[: len(at)] - of_rest[of[at]]
    municipality[at] += (1 - ANYWHERE) * own
    municipality += (of_rest + ANYWHERE * _by(of[at], own, states) / size)[of]
    total = _by(of[at], count, states)
    seen = total > 0
    if seen.sum() > 1:
        precision = 1 / (weights.detection_sd**2 + weights.event_overdispersion / total[seen])
        gap = np.log(total[seen] / in_state[seen])
        gap -= precision @ gap / precision.sum()
        value -= 0.5 * float(precision @ gap**2)
        by_state = np.zeros(states)
        by_state[seen] = precision * gap / in_state[seen]
        municipality += by_state[of]
    return value


def _ports(model: Flow, evidence: Evidence, options: LikelihoodOptions, port: FloatArray) -> float:
    """Return the score of southbound seizures by region of ports, of unknown inspection effort.

    log seizures = common level + log modelled share + log effort + noise, with log effort Normal(0, inspection_sd) by
    region and noise of the counts' own variance. Level and efforts are integrated out, which leaves the weighted
    spread of log seizures less log share about their mean.
    """
    regions, count = evidence.published.region_ports, np.maximum(evidence.published.region_counts, 0.5)
    if len(count) < 2 or not np.isfinite(options.inspection_sd):
        return 0.0
    share = regions @ model.port
    precision = 1 / (options.inspection_sd**2 + options.weights.trace_overdispersion / count)
    gap = np.log(count / share)
    gap -= precision @ gap / precision.sum()
    port += (precision * gap / share) @ regions
    return float(-0.5 * precision @ gap**2)
