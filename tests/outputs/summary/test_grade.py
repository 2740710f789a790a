"""The grade: stable in both structures, supported on logarithms, and what each other setting says of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.results import Variant
from corridors.outputs.summary.grade import Rivals, evidence, graded, grades, within_factor
from tests.outputs.flow import flow_draws

if TYPE_CHECKING:
    from corridors.core.types import FloatArray

SUPPORTED, UNSUPPORTED = np.array([0.5]), np.array([0.49])
AGREES = [np.array([0.19]), np.array([0.051])]


def spread(factor: float, mean: float = 0.1, draws: int = 100) -> FloatArray:
    """Return (draws, 1) shares of which a fifth are off by a factor, on both sides of the rest."""
    shares = np.full(draws, mean)
    shares[: draws // 10] = mean * factor
    shares[draws // 10 : draws // 5] = mean / factor
    return shares[:, None]


def test_a_stable_result_that_the_figures_support_is_an_a() -> None:
    steady = spread(1.3)
    assert grades(steady, steady, SUPPORTED, AGREES) == ["A"]
    assert grades(steady, steady, UNSUPPORTED, AGREES) == ["B"]


def test_one_structure_alone_makes_no_result_stable() -> None:
    steady, loose, wild = spread(1.3), spread(2.8), spread(9.0)
    assert grades(steady, loose, SUPPORTED, AGREES) == grades(loose, steady, SUPPORTED, AGREES) == ["C"]
    assert grades(steady, wild, SUPPORTED, AGREES) == grades(wild, steady, SUPPORTED, AGREES) == ["D"]


def test_the_other_structures_mean_must_lie_inside_the_band() -> None:
    steady = spread(1.3)
    assert grades(steady, spread(1.3, mean=0.2), SUPPORTED, AGREES) == ["C"]
    assert grades(steady, spread(1.3, mean=0.11), SUPPORTED, AGREES) == ["A"]


def test_one_other_lens_or_demand_makes_a_result_unstable() -> None:
    steady = spread(1.3)
    for far in (0.21, 0.045, 0.0):
        assert grades(steady, steady, SUPPORTED, [*AGREES, np.array([far])]) == ["C"]
        assert grades(steady, steady, UNSUPPORTED, [np.array([far]), *AGREES]) == ["C"]


def test_no_flow_is_no_finding() -> None:
    nothing = np.zeros((20, 1))
    assert within_factor(nothing, 2.0).tolist() == [0.0]
    assert evidence(nothing, nothing).tolist() == [0.0]
    assert grades(nothing, nothing, SUPPORTED, [np.zeros(1)]) == ["D"]


def test_evidence_is_not_that_a_share_fell() -> None:
    prior = np.random.default_rng(1).lognormal(-2, 0.5, (400, 1))
    assert evidence(prior * 0.1, prior)[0] == pytest.approx(0, abs=1e-6)
    assert evidence(prior**0.5, prior)[0] == pytest.approx(0.75, abs=1e-6)


@given(st.integers(0, 10**6), st.floats(1.0, 9.0))
@settings(deadline=None)
def test_a_wider_factor_holds_no_fewer_draws(seed: int, factor: float) -> None:
    draws = np.random.default_rng(seed).lognormal(-3, 1, (30, 5))
    assert (within_factor(draws, factor) <= within_factor(draws, factor + 0.5)).all()
    assert ((within_factor(draws, factor) >= 0) & (within_factor(draws, factor) <= 1)).all()


def test_each_other_setting_says_what_it_finds_of_each_row() -> None:
    ports = np.array([0.7, 0.3])
    variants = [
        Variant(setting, value, ports, ports, ports, ports, np.zeros((1, 2, 2)), ports[None], ports[None])
        for setting, value in (("", ""), ("structure", "port"), ("lens", "one_year"), ("inspection", "none"))
    ]
    other = flow_draws(seed=8)
    rivals = Rivals(flow_draws(seed=7), other, variants, "port")
    found = graded(lambda draws: draws.port_share, flow_draws(), rivals, lambda one: one.ports)
    assert list(found) == ["stability", "evidence", "grade", "structure_port", "lens_one_year"]
    assert found["structure_port"].tolist() == pytest.approx(other.port_share.mean(axis=0).tolist())
    assert found["lens_one_year"].tolist() == [0.7, 0.3]
    assert set(found["grade"]) <= set("ABCD")


def test_without_all_that_a_result_is_held_against_nothing_is_graded() -> None:
    before, other = flow_draws(seed=7), flow_draws(seed=8)
    for rivals in (Rivals(), Rivals(prior=before), Rivals(other=other), Rivals(before, other)):
        found = graded(lambda draws: draws.port_share, flow_draws(), rivals, lambda one: one.ports)
        assert found["grade"] == ["", ""]
        assert np.isnan(found["stability"]).all()
