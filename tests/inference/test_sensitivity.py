"""Morris and Sobol against functions whose answer is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.inference import analyse
from corridors.inference.sensitivity import screen, variance_fractions, weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.types import FloatArray

SLOPES = np.array([4.0, -2.0, 0.0])


def linear(points: FloatArray) -> FloatArray:
    """4 a - 2 b, its half, the product of the first two axes, and a constant."""
    value = points @ SLOPES
    return np.column_stack([value, value / 2, points[:, 0] * points[:, 1], np.ones(len(points))])


def test_the_effects_of_a_linear_function_are_its_slopes() -> None:
    found = screen(linear, 3, trajectories=4, seed=0)
    assert found.moves[0] == pytest.approx(np.abs(SLOPES))
    assert found.moves[1] == pytest.approx(np.abs(SLOPES) / 2)
    assert found.varies[0] == pytest.approx(0, abs=1e-9)
    assert found.varies[2, 0] > 0
    assert found.moves[3] == pytest.approx(0)
    assert weights(found)[2] == 0
    assert weights(found).sum() == pytest.approx(3 / 4)


def test_parts_of_a_variance_that_is_known() -> None:
    found = variance_fractions(linear, 3, base=512, seed=0)
    share = SLOPES**2 / (SLOPES**2).sum()
    assert found.total[0] == pytest.approx(share, abs=0.05)
    assert found.first[0] == pytest.approx(share, abs=0.08)
    assert np.all(np.abs(found.total[0] - share) <= 3 * found.total_half[0] + 1e-9)
    # of a b over the unit square: 3/7 each alone, 1/7 together
    assert found.total[2] == pytest.approx([4 / 7, 4 / 7, 0], abs=0.1)
    assert np.all(found.total[3] == 0)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_seed_gives_the_same_answer(seed: int) -> None:
    for one in (
        lambda: screen(linear, 3, trajectories=2, seed=seed),
        lambda: variance_fractions(linear, 3, base=8, seed=seed),
    ):
        for first, second in zip(one(), one(), strict=True):
            assert np.array_equal(first, second)


def test_the_heaviest_go_on_from_the_screen() -> None:
    def evaluate(chosen: Sequence[int], points: FloatArray) -> FloatArray:
        whole = np.full((len(points), 3), 0.5)
        whole[:, chosen] = points
        return linear(whole)[:, :1]

    found = analyse(evaluate, 3, trajectories=4, base=64, top=2, seed=0)
    assert found.top == [0, 1]
    assert found.weight == pytest.approx([4 / 6, 2 / 6, 0])
    assert found.variance.total[0] == pytest.approx([0.8, 0.2], abs=0.1)
