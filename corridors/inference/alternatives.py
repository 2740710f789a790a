"""The run under other settings, at the most probable parameters: the same cost worlds, one setting changed at a time.

Roads are routed once a cost world and serve every alternative, so alternatives differ by what was changed alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.core.results import Variant
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.point import Fit, fit_point
from corridors.inference.fitting.problem import fit_at_median_costs, with_evidence
from corridors.inference.model.choice import flow
from corridors.inference.model.parameters import unflatten
from corridors.inference.routing.places import edge_flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.fitting.problem import InferencePlan, Problem

    Shares = tuple[FloatArray, ...]
    """Of one cost world, in the order of `Variant`."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """One setting changed to another value, with the evidence and the plan under it."""

    setting: str
    value: str
    evidence: Evidence
    plan: InferencePlan


class _Fitted(NamedTuple):
    """A problem with its fit at median costs."""

    problem: Problem
    fit: Fit


def fit_alternatives(problem: Problem, others: Sequence[Alternative], worlds: int) -> tuple[Variant, ...]:
    """Return the run's own shares, both names empty, then those of each alternative: means over the same cost worlds.

    Parameters
    ----------
    problem
        The run's own. Costs, seed and threads of every alternative are its own.
    others
        Of the same zones and municipalities.
    worlds
        Number of cost worlds.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit under one of the settings.
    """
    own = problem.start if isinstance(problem.start, Fit) else fit_at_median_costs(problem)
    cases = [_Fitted(problem, own)]
    for one in others:
        other = with_evidence(problem, one.evidence, one.plan)
        cases.append(_Fitted(other, fit_at_median_costs(other)))
    names = [("", ""), *((one.setting, one.value) for one in others)]
    by_world = list(thread_executor(problem.plan.jobs)(_in_world, tuple(cases), worlds))
    return tuple(
        Variant(*name, *(np.mean(drawn, axis=0) for drawn in zip(*shares, strict=True)))
        for name, shares in zip(names, zip(*by_world, strict=True), strict=True)
    )


def _in_world(cases: tuple[_Fitted, ...], world: int) -> list[Shares]:
    """Return, for each case, the share of edges, ports, zones, municipalities, whole journeys and origins in one cost world."""
    routed = cases[0].problem.world(world)
    found: list[Shares] = []
    for problem, start in cases:
        fit = fit_point(problem.target_at(routed.legs), guess=start.theta)
        model = flow(unflatten(fit.theta, problem.prior), problem.evidence, problem.kept_legs(routed.legs))
        by_zone, by_municipality = model.zone_port(), model.port_municipality()
        edges = edge_flow(problem.network, routed, by_zone, by_municipality)
        shares = (edges, model.port, by_zone.sum(axis=1), by_municipality.sum(axis=0))
        found.append((*shares, *problem.journeys(model)))
    return found
