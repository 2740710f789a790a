from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference.fitting import InferencePlan, edge_flow_by_origin, infer, prepare_problem

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence


def test_the_states_fractions_of_an_edge_sum_to_its_flow(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    problem = prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=3, draws=1, mode="point", seed=5))
    run = infer(problem)
    origins = np.eye(len(toy_evidence.us_states))[toy_evidence.zone_state]
    by_origin = edge_flow_by_origin(problem, run, origins)
    assert by_origin.sum(axis=1) == pytest.approx(run.edge_share.mean(axis=0), abs=1e-12)
    whole = by_origin[toy_arcs.port_edge].sum(axis=0)[: len(toy_evidence.us_states)]
    for n in range(len(toy_evidence.us_states)):
        own = run.zone_port[:, toy_evidence.zone_state == n].sum(axis=(1, 2)).mean()
        assert whole[n] == pytest.approx(own)
