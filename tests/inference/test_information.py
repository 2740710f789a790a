from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import floats

from corridors.inference import information as module, information_gain
from corridors.inference.fitting import InferencePlan, prepare_problem
from corridors.inference.information import ORDER
from corridors.inference.model import LikelihoodOptions

if TYPE_CHECKING:
    from corridors.core.results import InformationGain
    from corridors.core.types import Arcs, Evidence, FloatArray


@pytest.fixture(scope="module")
def known(toy_arcs: Arcs, toy_evidence: Evidence) -> list[InformationGain]:
    return information_gain(
        prepare_problem(
            toy_arcs, toy_evidence, InferencePlan(jobs=1, likelihood=LikelihoodOptions(inspection_sd=1.0))
        )
    )


def test_a_published_pair_is_narrowed_by_the_pairs(known: list[InformationGain]) -> None:
    pairs = [one for one in known if one.kind == "pair"]
    assert pairs
    for one in pairs:
        assert max(one.variance_reduction, key=lambda block: one.variance_reduction[block]) == "pairs"
        assert one.posterior[2] - one.posterior[0] < one.prior[2] - one.prior[0]


def test_every_quantity_has_its_bands_and_its_blocks(known: list[InformationGain]) -> None:
    assert {one.kind for one in known} == {"state", "pair", "port", "parameter"}
    for one in known:
        assert list(one.variance_reduction) == list(ORDER)
        assert one.prior == tuple(sorted(one.prior))
        assert one.posterior == tuple(sorted(one.posterior))


def test_blocks_left_out_gain_nothing(
    toy_arcs: Arcs, toy_evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TUNE", 5)
    monkeypatch.setattr(module, "DRAWS", 5)
    blind = InferencePlan(jobs=1, likelihood=LikelihoodOptions(inspection_sd=np.inf))
    assert (
        "ports" not in information_gain(prepare_problem(toy_arcs, toy_evidence, blind))[0].variance_reduction
    )
    recent = InferencePlan(jobs=1, likelihood=LikelihoodOptions(lens="one_year"))
    assert (
        "pairs" not in information_gain(prepare_problem(toy_arcs, toy_evidence, recent))[0].variance_reduction
    )


@given(arrays(np.float64, (4, 30), elements=floats(0, 9)))
def test_gains_are_never_negative_and_add_up_to_what_is_gone(values: FloatArray) -> None:
    values[0] += 10 * np.arange(30)
    reduction = module._variance_reduction(list(values), ORDER[:3])
    first, last = (np.subtract(*np.quantile(values[n], (0.75, 0.25))) ** 2 for n in (0, -1))
    assert min(reduction.values()) >= 0
    assert sum(reduction.values()) == pytest.approx(1 - last / first)
