from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, strategies as st

from corridors.core.settings import WeightSettings
from corridors.inference.fitting import InferencePlan, prepare_problem
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.problem import Problem
from corridors.inference.information import Quantity
from corridors.inference.model import LikelihoodOptions
from corridors.inference.validation import calibration, sbc
from corridors.inference.validation.calibration import Calibrated, simulate

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence, Published
    from corridors.inference.model import Flow
    from corridors.inference.routing.places import CostWorld


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"WORLDS": 2, "DRAWS": 10, "TUNE": 30, "BASE_DRAWS": 40}.items():
        monkeypatch.setattr(calibration, name, value)


@pytest.mark.usefixtures("short")
def test_every_quantity_gets_a_rank_a_truth(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    plan = InferencePlan(jobs=1, likelihood=LikelihoodOptions(inspection_sd=1.0))
    found = sbc(prepare_problem(toy_arcs, toy_evidence, plan), truths=3)
    assert {one.quantity.kind for one in found} == {"state", "pair", "port", "parameter"}
    for one in found:
        assert one.below.shape == (3, calibration.DRAWS)
        assert np.all((one.below >= 0) & (one.below <= calibration.WORLDS))
    parts = [sbc(prepare_problem(toy_arcs, toy_evidence, plan), truths=n, first=2 - n) for n in (2, 1)]
    assert [one.below[:2].tolist() for one in found] == [one.below.tolist() for one in parts[0]]
    assert [one.below[1:2].tolist() for one in found] == [one.below.tolist() for one in parts[1]]


@pytest.mark.parametrize("size", [4, 16, 127])
@given(st.floats(0.02, 0.98))
def test_ranks_of_right_bands_hold_what_they_claim(size: int, band: float) -> None:
    """However few draws they are taken among."""
    even = Calibrated(Quantity("state", "AZ"), np.arange(size + 1)[:, None], size)
    assert even.held(band) == pytest.approx(band)


def test_draws_that_resemble_each_other_are_no_sample_of_ranks() -> None:
    """Costs decide all: a rank among all 128 draws would hold 88 % of the truths in a band of 90."""
    rng = np.random.default_rng(1)
    truth, worlds = rng.standard_normal((4000, 1)), rng.standard_normal((4000, 16))
    below = (worlds < truth).sum(axis=1)
    assert np.mean(np.abs(below / 16 - 0.5) <= 0.45) < 0.89
    assert Calibrated(Quantity("port", "3"), below[:, None], 16).held(0.9) == pytest.approx(0.9, abs=0.01)


@pytest.mark.usefixtures("short")
def test_truths_share_no_cost_world(
    toy_arcs: Arcs, toy_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = prepare_problem(toy_arcs, toy_evidence, InferencePlan(jobs=1))
    drawn: list[int] = []
    world = Problem.world

    def counted(self: Problem, number: int) -> CostWorld:
        drawn.append(number)
        return world(self, number)

    monkeypatch.setattr(Problem, "world", counted)
    sbc(problem, truths=3)
    assert len(drawn) == len(set(drawn)) == 3 * (1 + calibration.WORLDS)


@pytest.mark.usefixtures("short")
def test_overconfident_bands_are_found_out(
    toy_arcs: Arcs, toy_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures vary four hundred times as much as the fit believes."""
    monkeypatch.setattr(calibration, "WORLDS", 16)
    monkeypatch.setattr(calibration, "DRAWS", 2)
    plan = InferencePlan(jobs=1, likelihood=LikelihoodOptions(inspection_sd=1.0))

    def with_excess(options: LikelihoodOptions, excess: float) -> LikelihoodOptions:
        return replace(options, weights=WeightSettings(trace_overdispersion=excess))

    def loud(
        model: Flow, evidence: Evidence, options: LikelihoodOptions, rng: np.random.Generator
    ) -> Published:
        return simulate(model, evidence, with_excess(options, 2000.0), rng)

    monkeypatch.setattr(calibration, "simulate", loud)
    sure = replace(plan, likelihood=with_excess(plan.likelihood, 5.0))
    found = {one.quantity: one for one in sbc(prepare_problem(toy_arcs, toy_evidence, sure), truths=12)}
    pair = next(one for quantity, one in found.items() if quantity.kind == "pair")
    assert pair.held(0.9) < 0.7


@pytest.mark.usefixtures("short")
def test_where_truths_are_tried_changes_nothing(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    one, other = (
        sbc(prepare_problem(toy_arcs, toy_evidence, InferencePlan(jobs=1)), truths=2, executor=executor)
        for executor in (None, thread_executor(2))
    )
    assert [each.below.tolist() for each in one] == [each.below.tolist() for each in other]
