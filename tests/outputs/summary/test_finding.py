"""The finding: no sentence outlives its number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.outputs.summary.finding import find_leading, finding_sentences
from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.toy import toy_results

if TYPE_CHECKING:
    from corridors.core.results import Finding
    from corridors.core.types import FloatArray

NAMES = ("laredo", "nogales", "juarez", "tijuana", "reynosa")


def cities(draws: FloatArray, **others: list[float]) -> pd.DataFrame:
    """Return a table of crossing cities, as many as the draws have columns."""
    ids = list(NAMES[: draws.shape[1]])
    names = [one.title() for one in ids]
    means = draws.mean(axis=0)
    table = {"crossing_city": ids, "name_es": names, "name_en": names, "share_mean": means, **others}
    return pd.DataFrame(table)


def drawn(means: list[float], sd: float, seed: int = 0) -> FloatArray:
    """Return 400 draws of shares that sum to 1, the largest mean first."""
    noise = np.random.default_rng(seed).normal(0, sd, (400, len(means)))
    shares = np.maximum(np.array(means) + noise, 0)
    shares = shares / shares.sum(axis=1, keepdims=True)
    ranked: FloatArray = shares[:, np.argsort(-shares.mean(axis=0), kind="stable")]
    return ranked


def leading(draws: FloatArray, kind: str = "posterior", **others: list[float]) -> Finding:
    found = find_leading(cities(draws, **others), draws, kind)
    assert found is not None
    return found


@given(st.lists(st.floats(0.05, 1), min_size=4, max_size=5), st.floats(0, 0.1), st.integers(0, 99))
def test_the_finding_is_what_the_draws_say(means: list[float], sd: float, seed: int) -> None:
    draws = drawn(means, sd, seed)
    one = leading(draws)
    together = draws[:, :3].sum(axis=1)
    assert one.cities == NAMES[:3]
    assert one.share_mean == pytest.approx(together.mean(), abs=1e-9)
    assert one.share_lo90 <= one.share_hi90
    assert one.ordered == tuple(bool((draws[:, n] > draws[:, n + 1]).mean() >= 0.9) for n in range(2))
    least = draws[:, :3].min(axis=1)
    assert one.contenders == tuple(
        name for n, name in enumerate(NAMES[: len(means)]) if n > 2 and (draws[:, n] > least).mean() > 0.1
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("means", "sd", "key"),
    [
        ([0.3, 0.3, 0.3, 0.1], 0.05, "order_no_no"),
        ([0.6, 0.15, 0.15, 0.1], 0.02, "order_yes_no"),
        ([0.4, 0.4, 0.15, 0.05], 0.02, "order_no_yes"),
        ([0.5, 0.3, 0.15, 0.05], 0.005, "order_yes_yes"),
    ],
)
def test_the_order_is_said_where_the_draws_tell_it(
    language: str, means: list[float], sd: float, key: str
) -> None:
    draws, t = drawn(means, sd), load_translations(language)
    results = replace(toy_results(), crossings=cities(draws), finding=leading(draws))
    said = finding_sentences(results, t)
    assert said[1] == t(f"finding.{key}", first="Laredo", last="Juarez")
    assert t.share(results.finding.share_mean) in said[0]  # type: ignore[union-attr]


def test_another_assumption_is_named_where_it_changes_most() -> None:
    draws = drawn([0.4, 0.3, 0.2, 0.1], 0.001)
    one = leading(draws, lens_one_year=[0.1, 0.5, 0.2, 0.2], structure_port=[0.45, 0.25, 0.2, 0.1])
    assert (one.setting, one.value, one.moved, one.moved_share) == ("lens", "one_year", "laredo", 0.1)
    assert one.first_there == "nogales"
    table = cities(draws, lens_one_year=[0.1, 0.5, 0.2, 0.2])
    said = finding_sentences(replace(toy_results(), crossings=table, finding=one), load_translations("en"))
    assert "Laredo, from 40% to 10%" in said[-1]
    assert said[-1].endswith("Under it, Nogales comes first.")


@pytest.mark.parametrize("kind", ["point", "prior"])
def test_without_a_fitted_posterior_there_is_no_band_and_no_order(kind: str) -> None:
    draws = drawn([0.3, 0.3, 0.3, 0.1], 0.05)
    one = leading(draws, kind)
    assert (one.ordered, one.contenders) == ((), ())
    results = replace(toy_results(), crossings=cities(draws), finding=one)
    said = finding_sentences(results, load_translations("es"))
    assert len(said) == 1
    assert "sin intervalo" in said[0]


def test_few_cities_have_no_finding() -> None:
    draws = drawn([0.5, 0.3, 0.2], 0.01)
    assert find_leading(cities(draws), draws, "posterior") is None
    assert finding_sentences(toy_results(), load_translations("es")) == []
