"""Held-out tests against the baselines they must beat (docs/method.md 7.1), including those the model loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.inference.fitting.executors import process_executor, thread_executor
from corridors.inference.validation.external_data import freight_tests, port_event_tests, seizure_event_tests
from corridors.inference.validation.leave_one_out import leave_one_out
from corridors.inference.validation.route_recall import route_recall
from corridors.inference.validation.score import ScoreCode, TestResult, compare, measured

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.types import BoolArray, Evidence, FloatArray, HeldOut
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.validation.calibration import Calibrated

COVERAGE = 0.9
OFF_BY = 0.05
"""Largest difference between the coverage of a band and its level that passes."""
MAX_OVER_CROSSINGS = 5.0
"""V8: how many times its share of crossings a port may have of the flow; a hand ferry at 5 % would be a fault."""
MIN_PORT_SHARE = 0.001
"""A port with less is not looked at."""
EXACT = 1e-9


def validate(
    problem: Problem, held: HeldOut, posterior: FlowDraws, *, executor: Executor | None = None
) -> list[TestResult]:
    """Return the tests of docs/method.md 7.1, in its order; V9, which takes long, is `calibration`.

    A test without a case in the region is left out; V6b, V11 and V12 are made where `held` has their events or freight.

    Parameters
    ----------
    problem, posterior
        What was inferred from, and the inferred flow.
    held
        Figures that nothing in the fit has used.
    executor
        Where refits are made; `plan.jobs` processes or threads of this machine by default.

    Raises
    ------
    NotEnoughDataError
        A refit without one figure cannot be made.
    """
    plan, evidence = problem.plan, problem.evidence
    executor = executor or (thread_executor if plan.mode == "point" else process_executor)(plan.jobs)
    with threadpool_limits(1, user_api="blas"):
        recall = route_recall(problem, held, posterior)
    left_out, municipalities = leave_one_out(problem, held, executor)
    made = [
        *_periods(evidence, held, posterior),
        *left_out,
        *_routes(held, recall),
        *municipalities,
        *(seizure_event_tests(evidence, held, held.seizure_events, posterior) if held.seizure_events else ()),
        _over_crossings(evidence, posterior),
        _conserved(posterior),
        *(freight_tests(problem, held, held.freight, posterior) if held.freight else ()),
        *(port_event_tests(evidence, held.port_events, posterior) if held.port_events else ()),
    ]
    return [test for test in made if test.size]


def calibration_tests(found: list[Calibrated]) -> list[TestResult]:
    """Return V9: the part of simulated truths that 50 and 90 % bands hold, worst quantity of all."""
    tests = []
    for band in (0.5, 0.9):
        held = {" ".join(one.quantity): one.held(band) for one in found}
        worst = max(held.values(), key=lambda value: abs(value - band))
        test = measured(
            ScoreCode.COVERAGE,
            f"coverage_{band * 100:.0f}",
            worst,
            size=len(found[0].below),
            passed=abs(worst - band) <= OFF_BY,
            detail=tuple((name, value, band) for name, value in held.items()),
        )
        tests.append(test)
    return tests


def _periods(evidence: Evidence, held: HeldOut, posterior: FlowDraws) -> list[TestResult]:
    """V1: traces of other years by state of purchase, against those fitted. No state's part stays: expected to fail."""
    by_state = posterior.state_pair.sum(axis=2)
    last = evidence.published.state_counts
    names, ours, theirs, inside = [], [], [], []
    for period in held.periods:
        model = _parts(by_state, period.groups)
        null = _parts(last[None], period.groups)[0]
        low, median, high = np.quantile(model, ((1 - COVERAGE) / 2, 0.5, (1 + COVERAGE) / 2), axis=0)
        for n, part in enumerate(period.fractions):
            states = " ".join(np.array(evidence.us_states)[period.groups[n]])
            names.append(f"{period.name} {states}")
            ours.append(abs(median[n] - part))
            theirs.append(abs(null[n] - part))
            inside.append(low[n] <= part <= high[n])
    if not names:
        return []
    error = compare(
        ScoreCode.PERIODS,
        "share_error",
        "last_value",
        (names, ours, theirs),
        passes=lambda test: test.low > 0,
    )
    coverage = measured(
        ScoreCode.PERIODS,
        "coverage",
        float(np.mean(inside)),
        size=len(inside),
        passed=bool(abs(np.mean(inside) - COVERAGE) <= OFF_BY),
    )
    return [error, coverage]


def _parts(by_state: FloatArray, groups: BoolArray) -> FloatArray:
    """Return (draws, groups) each group's part of all groups; of everything where there is one."""
    by_group = by_state @ groups.T
    whole = by_group if len(groups) > 1 else by_state
    return np.asarray(by_group / whole.sum(axis=1, keepdims=True))


def _routes(held: HeldOut, recall: dict[str, FloatArray]) -> list[TestResult]:
    """V5: stops of published routes within 15 km, on maps of equal length."""
    model = recall["model"]
    scored = ~np.isnan(model)
    names = [name for name, one in zip(held.route_ids, scored, strict=True) if one]
    return [
        compare(
            ScoreCode.ROUTES,
            "recall",
            null,
            (names, model[scored].tolist(), recall[null][scored].tolist()),
            passes=lambda test: test.low > 0,
        )
        for null in ("shortest", "busiest")
    ]


def _over_crossings(evidence: Evidence, posterior: FlowDraws) -> TestResult:
    """V8: the port that gets most of the flow for its part of all vehicles."""
    share = np.median(posterior.port_share, axis=0)
    crossings = np.exp(evidence.log_port_volume)
    over = share / (crossings / crossings.sum())
    looked = share >= MIN_PORT_SHARE
    worst = float(over[looked].max())
    detail = tuple(
        (str(port), float(over[port]), MAX_OVER_CROSSINGS) for port in np.argsort(-over) if looked[port]
    )
    return measured(
        ScoreCode.OVER_CROSSINGS,
        "over_crossings",
        worst,
        size=int(looked.sum()),
        passed=worst <= MAX_OVER_CROSSINGS,
        detail=detail,
    )


def _conserved(posterior: FlowDraws) -> TestResult:
    """V10: what comes in at a port goes out of it, in every draw kept whole."""
    in_ = posterior.zone_port.sum(axis=1)
    out = posterior.port_municipality.sum(axis=2)
    worst = float(np.abs(in_ - out).max())
    return measured(ScoreCode.CONSERVATION, "conservation", worst, size=len(in_), passed=worst < EXACT)
