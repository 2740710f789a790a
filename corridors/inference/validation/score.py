"""The score of a held-out test: the model beside a baseline, the band of the difference, and whether it passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Cases = tuple[Sequence[str], Sequence[float], Sequence[float]]

SMALLER_IS_BETTER = frozenset({"log_error", "share_error", "deviance"})
RESAMPLES = 10_000
BAND = (0.05, 0.95)


class ScoreCode(StrEnum):
    """The tests of docs/method.md 7, by what they compare; their values are the published codes."""

    PERIODS = "V1"
    PAIRS = "V2"
    CITIES = "V3"
    CROSSINGS = "V4"
    ROUTES = "V5"
    MUNICIPALITIES = "V6"
    OVER_CROSSINGS = "V8"
    COVERAGE = "V9"
    CONSERVATION = "V10"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One held-out test against one baseline.

    Parameters
    ----------
    code
        V1 to V10 of docs/method.md 7.1.
    measure, null
        How it is scored, and the baseline to beat ("" for none); keys of the word files.
    size, wins
        Number of cases, and in how many the model does better.
    model, null_score
        Mean scores over the cases; median of the errors of cities.
    low, high
        90 % band of the mean difference to the baseline, cases drawn again with replacement; above 0 the model is better.
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
) -> TestResult:
    """Return the test of a model's scores against a baseline's.

    Parameters
    ----------
    cases
        Names, the model's scores, the baseline's.
    passes
        Decides whether the scored test passes; None for what is reported only.
    centre
        Of the scores.
    """
    names, ours, theirs = cases
    gain = np.subtract(ours, theirs) * (-1 if measure in SMALLER_IS_BETTER else 1)
    low, high = np.nan, np.nan
    if len(gain):
        rows = np.random.default_rng(0).integers(len(gain), size=(RESAMPLES, len(gain)))
        low, high = np.quantile(gain[rows].mean(axis=1), BAND)
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
    return test if passes is None else replace(test, passed=bool(passes(test)))


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
