from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference import Alternative, fit_alternatives
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.model import LikelihoodOptions

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence

PLAN = InferencePlan(worlds=3, draws=1, mode="point", seed=5)


def test_an_alternative_is_what_a_run_of_its_settings_gives(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    other = replace(PLAN, likelihood=LikelihoodOptions(lens="one_year"))
    problem = prepare_problem(toy_arcs, toy_evidence, PLAN)
    found = fit_alternatives(problem, [Alternative("lens", "one_year", toy_evidence, other)], PLAN.worlds)
    for one, plan in zip(found, (PLAN, other), strict=True):
        run = infer(prepare_problem(toy_arcs, toy_evidence, plan))
        assert one.edges == pytest.approx(np.mean(run.edge_share, axis=0), abs=1e-9)
        assert one.ports == pytest.approx(np.mean(run.port_share, axis=0), abs=1e-9)
        assert one.zones == pytest.approx(np.mean(run.zone_port.sum(axis=2), axis=0), abs=1e-9)
        assert one.municipalities == pytest.approx(
            np.mean(run.port_municipality.sum(axis=1), axis=0), abs=1e-9
        )
    assert [(one.setting, one.value) for one in found] == [("", ""), ("lens", "one_year")]
