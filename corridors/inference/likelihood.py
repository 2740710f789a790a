"""What the published aggregates say of the modelled margins (methods.md 4.4), with derivatives.

Traced guns come clustered (one straw buyer, many guns), so counts weigh `1/overdispersion` of their number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import log_ndtr

if TYPE_CHECKING:
    from corridors.base.types import Evidence, Floats, Published
    from corridors.inference.gravity import Flow

Lens = Literal["all", "one_year"]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each block of published figures is trusted.

    Parameters
    ----------
    trace_overdispersion
        Traced guns that count as one observation, state totals and pairs.
    city_overdispersion
        The same for purchase cities: larger, as a mailing city is mapped to part of a county.
    municipal_sd
        Sd of log seizures about the modelled share: seizures follow enforcement as well as arrivals.
    """

    trace_overdispersion: float = 20.0
    city_overdispersion: float = 40.0
    municipal_sd: float = 0.7


@dataclass(frozen=True, slots=True)
class Score:
    """A log likelihood and its derivatives in the margins."""

    value: float
    cell: Floats
    zone: Floats
    municipality: Floats

    def __add__(self, other: Score) -> Score:
        """Return the sum of two independent blocks."""
        return Score(
            self.value + other.value,
            self.cell + other.cell,
            self.zone + other.zone,
            self.municipality + other.municipality,
        )


def log_likelihood(model: Flow, evidence: Evidence, weights: Weights, lens: Lens) -> Score:
    """Return the log likelihood of the published figures under the model, up to a constant.

    Lens "all": every trace of 2022-23, with pairs and cities. Lens "one_year": guns bought within a year of
    recovery (2024), of which only Arizona's part is published; the pairs and cities, which are of all traces, are
    left out. Lenses are never pooled.
    """
    blocks = [_municipal(model, evidence.published, weights)]
    if lens == "one_year":
        blocks.append(_recent_states(model, evidence.published, weights))
    else:
        blocks += [
            _states(model, evidence.published, weights),
            _pairs(model, evidence.published, weights),
            _other_pairs(model, evidence.published, weights),
            _cities(model, evidence, weights),
        ]
    total = blocks[0]
    for block in blocks[1:]:
        total = total + block
    return total


def _nothing(model: Flow) -> Score:
    """Return a score of zero."""
    return Score(0.0, np.zeros_like(model.cell), np.zeros_like(model.zone), np.zeros_like(model.municipality))


def _states(model: Flow, published: Published, weights: Weights) -> Score:
    """Return the multinomial score of traced guns by state of purchase."""
    count = published.state_counts / weights.trace_overdispersion
    share = model.cell.sum(axis=1)
    slope = np.broadcast_to((count / share)[:, None], model.cell.shape)
    return replace(_nothing(model), value=float(count @ np.log(share)), cell=slope)


def _recent_states(model: Flow, published: Published, weights: Weights) -> Score:
    """Return the multinomial score of recently bought guns by state, of the states whose part is published."""
    known = ~np.isnan(published.recent_parts)
    size = published.recent_total / weights.trace_overdispersion
    part = published.recent_parts[known]
    share = model.cell[known].sum(axis=1)
    slope = np.zeros_like(model.cell)
    slope[known] = (size * part / share)[:, None]
    value = size * (part @ np.log(share))
    if not known.all():
        rest = size * (1 - part.sum())
        rest_share = model.cell[~known].sum()
        slope[~known] = rest / rest_share
        value += rest * np.log(rest_share)
    return replace(_nothing(model), value=float(value), cell=slope)


def _pairs(model: Flow, published: Published, weights: Weights) -> Score:
    """Return the multinomial score of the published pairs among the guns of their state."""
    value, slope = 0.0, np.zeros_like(model.cell)
    state_share = model.cell.sum(axis=1)
    for state in np.unique(published.pairs[:, 0]):
        rows = published.pairs[:, 0] == state
        there = published.pairs[rows, 1]
        count = published.pair_counts[rows] / weights.trace_overdispersion
        known = published.state_counts[state] * published.known_part / weights.trace_overdispersion
        rest = known - count.sum()
        listed = model.cell[state, there]
        other = state_share[state] - listed.sum()
        value += count @ np.log(listed) + rest * np.log(other) - known * np.log(state_share[state])
        slope[state] += rest / other - known / state_share[state]
        slope[state, there] += count / listed - rest / other
    return replace(_nothing(model), value=float(value), cell=slope)


def _other_pairs(model: Flow, published: Published, weights: Weights) -> Score:
    """Return the score of every unlisted pair being at most the smallest listed one: the list is of the largest."""
    if not np.isfinite(published.pair_bound):
        return _nothing(model)
    guns = published.state_counts.sum() * published.known_part
    sd = np.sqrt(weights.trace_overdispersion * published.pair_bound)
    room = (published.pair_bound + 0.5 - guns * model.cell) / sd
    unlisted = np.ones_like(model.cell)
    unlisted[published.pairs[:, 0], published.pairs[:, 1]] = 0.0
    log_part = log_ndtr(room)
    # derivative of log Phi is the inverse Mills ratio
    hazard = np.exp(-0.5 * room**2 - 0.5 * np.log(2 * np.pi) - log_part)
    slope = -guns / sd * hazard * unlisted
    return replace(_nothing(model), value=float((log_part * unlisted).sum()), cell=slope)


def _cities(model: Flow, evidence: Evidence, weights: Weights) -> Score:
    """Return the multinomial score of purchase cities among the guns of their state."""
    published = evidence.published
    value, slope = 0.0, np.zeros_like(model.zone)
    for state in np.unique(published.city_states):
        rows = published.city_states == state
        inside = evidence.zone_state == state
        count = published.city_counts[rows] / weights.city_overdispersion
        total = published.city_totals[rows][0] / weights.city_overdispersion
        rest = total - count.sum()
        part = published.city_parts[rows]
        in_city = part @ model.zone
        in_state = model.zone[inside].sum()
        elsewhere = in_state - in_city.sum()
        value += count @ np.log(in_city) + rest * np.log(elsewhere) - total * np.log(in_state)
        slope[inside] += rest / elsewhere - total / in_state
        slope += (count / in_city - rest / elsewhere) @ part
    return replace(_nothing(model), value=float(value), zone=slope)


def _municipal(model: Flow, published: Published, weights: Weights) -> Score:
    """Return the score of the ten municipalities with most seizures, and of every other's being fewer.

    Log-normal about the modelled share, standing in for the negative binomial of methods.md 4.4 at counts in the
    hundreds. What is compared is national seizures with modelled arrivals: the recovery-weighted reading.
    """
    mean = published.top_total * model.municipality
    z = np.log(published.top_counts / mean[published.top_municipalities]) / weights.municipal_sd
    room = np.log((published.top_bound + 0.5) / mean) / weights.municipal_sd
    others = np.ones_like(mean)
    others[published.top_municipalities] = 0.0
    log_part = log_ndtr(room)
    hazard = np.exp(-0.5 * room**2 - 0.5 * np.log(2 * np.pi) - log_part)
    slope = -others * hazard / (weights.municipal_sd * model.municipality)
    slope[published.top_municipalities] += z / (
        weights.municipal_sd * model.municipality[published.top_municipalities]
    )
    value = -0.5 * (z**2).sum() + (log_part * others).sum()
    return replace(_nothing(model), value=float(value), municipality=slope)
