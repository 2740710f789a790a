"""Score held-out tests: the model beside simple rules it must beat, the band of the difference, and whether it passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corridors.core.settings import PriorSettings
from corridors.inference.model.choice import flow
from corridors.inference.model.parameters import priors, start, unflatten
from corridors.inference.routing.places import edge_flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.core.types import Evidence, FloatArray, HeldOut, IntArray
    from corridors.inference.routing.places import CostWorld, RoutedNetwork

    Cases = tuple[Sequence[str], Sequence[float], Sequence[float]]

SMALLER_IS_BETTER = frozenset({"log_error", "share_error", "deviance", "total_variation"})
RESAMPLES = 10_000
BAND = (0.05, 0.95)

GRAVITY_POWER = 2.0
"""Of hours, in the gravity of people: the textbook's."""


class ScoreCode(StrEnum):
    """The tests of docs/method.md 7, by what they compare; their values are the published codes."""

    PERIODS = "V1"
    PAIRS = "V2"
    CITIES = "V3"
    CROSSINGS = "V4"
    ROUTES = "V5"
    MUNICIPALITIES = "V6"
    SEIZURE_EVENTS = "V6b"
    OVER_CROSSINGS = "V8"
    COVERAGE = "V9"
    CONSERVATION = "V10"
    FREIGHT = "V11"
    PORT_EVENTS = "V12"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One held-out test against one baseline.

    Parameters
    ----------
    code
        V1 to V12 of docs/method.md 7.1.
    measure, null
        How it is scored, and the baseline to beat ("" for none); keys of the word files.
    size, wins
        Number of cases, and in how many the model does better.
    model, null_score
        Mean scores over the cases, weighted where the cases are; median of the errors of cities.
    low, high
        90 % band of the mean difference to the baseline, cases drawn again with replacement, those of one group together;
        above 0 the model is better.
    passed
        Whether it passes its threshold; None for what is reported only.
    detail
        (case, model, baseline) case by case.
    """

    code: ScoreCode
    measure: str
    null: str
    size: int
    wins: int
    model: float
    null_score: float
    low: float
    high: float
    passed: bool | None
    detail: tuple[tuple[str, float, float], ...] = ()


def compare(
    code: ScoreCode,
    measure: str,
    null: str,
    cases: Cases,
    *,
    passes: Callable[[TestResult], bool] | None,
    centre: Callable[[Sequence[float]], float] = np.mean,
    weight: FloatArray | None = None,
    group: IntArray | None = None,
) -> TestResult:
    """Return the test of a model's scores against a baseline's, of size 0 without a case.

    Parameters
    ----------
    cases
        Names, the model's scores, the baseline's.
    passes
        Decides whether the scored test passes; None for what is reported only.
    centre
        Of the scores, where the cases have no weights.
    weight
        (cases,) weights of the cases in all means; equal by default.
    group
        (cases,) number of the group that each is drawn again with, such as the article it was printed in; by default each
        case is drawn alone.
    """
    names, ours, theirs = cases
    if not names:
        nothing = float("nan")
        return TestResult(code, measure, null, 0, 0, nothing, nothing, nothing, nothing, None)
    gain = np.subtract(ours, theirs) * (-1 if measure in SMALLER_IS_BETTER else 1)
    alone = len(gain) == 1  # one case has no band, and says nothing of a test
    low, high = (np.nan, np.nan) if alone else np.quantile(_resampled_means(gain, weight, group), BAND)
    if weight is not None:
        centre = partial(np.average, weights=weight)
    test = TestResult(
        code=code,
        measure=measure,
        null=null,
        size=len(gain),
        wins=int((gain > 0).sum()),
        model=float(centre(ours)),
        null_score=float(centre(theirs)),
        low=float(low),
        high=float(high),
        passed=None,
        detail=tuple(zip(names, map(float, ours), map(float, theirs), strict=True)),
    )
    return test if passes is None or alone else replace(test, passed=bool(passes(test)))


def _resampled_means(gain: FloatArray, weight: FloatArray | None, group: IntArray | None) -> FloatArray:
    """Return (resamples,) weighted means of the gain, whole groups drawn with replacement."""
    weight = np.ones(len(gain)) if weight is None else weight
    number = np.arange(len(gain)) if group is None else np.unique(group, return_inverse=True)[1]
    total = np.bincount(number, weights=weight * gain)
    size = np.bincount(number, weights=weight)
    rows = np.random.default_rng(0).integers(len(size), size=(RESAMPLES, len(size)))
    return np.asarray(total[rows].sum(axis=1) / size[rows].sum(axis=1))


def measured(
    code: ScoreCode,
    measure: str,
    value: float,
    *,
    size: int,
    passed: bool | None,
    detail: tuple[tuple[str, float, float], ...] = (),
) -> TestResult:
    """Return a test without a baseline: a value against its threshold."""
    return TestResult(code, measure, "", size, 0, float(value), np.nan, np.nan, np.nan, passed, detail)


def licences_and_demand(evidence: Evidence) -> FloatArray:
    """Return (us states, mx states) shares of licences times demand: no road, no port."""
    supply = _by(evidence.zone_state, evidence.zones["dealers"].to_numpy(), len(evidence.us_states))
    if len(evidence.log_state_demand):
        demand = np.exp(evidence.log_state_demand)
    else:
        municipality = np.exp(evidence.log_demand_offset - evidence.log_demand_offset.max())
        demand = _by(evidence.municipality_state, municipality, len(evidence.mx_states))
    return _shares(np.outer(supply, demand))


def people_over_distance(evidence: Evidence, held: HeldOut, world: CostWorld) -> FloatArray:
    """Return (us states, mx states) shares of a gravity of people: P_r P_a over hours squared, by the quickest port.

    Hours between states are those between their people, mean over both.
    """
    municipalities = held.municipality_population
    hours = np.exp(world.legs.log_mx) @ _members(
        municipalities, evidence.municipality_state, len(evidence.mx_states)
    )
    north = _members(held.zone_population, evidence.zone_state, len(evidence.us_states)).T @ world.legs.us
    apart = (north[:, :, None] + hours[None, :, :]).min(axis=1)
    people = _by(evidence.zone_state, held.zone_population, len(evidence.us_states))
    there = _by(evidence.municipality_state, municipalities, len(evidence.mx_states))
    return _shares(np.outer(people, there) / apart**GRAVITY_POWER)


def traffic(network: RoutedNetwork, evidence: Evidence, held: HeldOut, world: CostWorld) -> FloatArray:
    """Return (edges,) the traffic there would be if people, not licences and seizures, made it.

    The model at its priors' means, with people in the place of supply and demand. No count of vehicles by road that
    covers both countries is published.
    """
    people = replace(
        evidence,
        log_supply=np.log(held.zone_population),
        state_terms=np.zeros_like(evidence.state_terms),
        demand_terms=np.zeros((len(evidence.municipality_state), 0)),
        log_demand_offset=np.log(np.maximum(1, held.municipality_population)),
        log_state_demand=np.zeros(0),
    )
    prior = priors(people, PriorSettings(), "port")
    model = flow(unflatten(start(prior), prior), people, world.legs)
    return edge_flow(network, world, model.zone_port(), model.port_municipality())


def _by(group: IntArray, values: FloatArray, groups: int) -> FloatArray:
    """Return sums by group."""
    return np.asarray(np.bincount(group, weights=values, minlength=groups), dtype=np.float64)


def _members(weight: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return (items, groups) each item's fraction of its group."""
    found = np.where(group[:, None] == np.arange(groups), weight[:, None], 0.0)
    return np.asarray(found / found.sum(axis=0))


def _shares(state_pair: FloatArray) -> FloatArray:
    """Return fractions of the whole."""
    return np.asarray(state_pair / state_pair.sum())
