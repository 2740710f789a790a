"""What a held-out test found: the model beside a null, how sure the difference is, and whether it passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Cases = tuple[Sequence[str], Sequence[float], Sequence[float]]

SMALLER_IS_BETTER = frozenset({"log_error", "share_error", "deviance"})
RESAMPLES = 10_000
BAND = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class TestResult:
    """One held-out test against one null.

    Parameters
    ----------
    code
        V1 to V10 of docs/method.md 7.1.
    measure, null
        How it is scored, and what the model must beat; keys of the word files. No null: "".
    size, wins
        Number of cases, and in how many the model does better than the null.
    model, null_score
        Mean scores over the cases; median of the errors of cities.
    low, high
        90 % band of the mean difference to the null, cases drawn again with replacement; above 0 the model is better.
    passed
        Whether it passes its mark; None for what is reported only.
    detail
        (case, model, null) for the table a reader asks for next.
    """

    code: str
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
    code: str,
    measure: str,
    null: str,
    cases: Cases,
    *,
    passes: Callable[[TestResult], bool] | None,
    centre: Callable[[Sequence[float]], float] = np.mean,
) -> TestResult:
    """Return the test of a model's scores against a null's.

    Parameters
    ----------
    cases
        Names, the model's scores, the null's.
    passes
        Its mark, of the test scored; None for what is reported only.
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
    code: str,
    measure: str,
    value: float,
    *,
    size: int,
    passed: bool | None,
    detail: tuple[tuple[str, float, float], ...] = (),
) -> TestResult:
    """Return a test that has no null: a value against its mark."""
    return TestResult(code, measure, "", size, 0, float(value), np.nan, np.nan, np.nan, passed, detail)
