from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from corridors.core.settings import WeightSettings
from corridors.core.types import Published
from corridors.inference.model import INSPECTION_SD, LikelihoodOptions
from corridors.inference.model.likelihood import (
    BLOCKS,
    OF_ALL_TRACES,
    Block,
    LogLikelihood,
    concentration,
    log_likelihood,
)
from corridors.inference.validation.calibration import simulate

if TYPE_CHECKING:
    from corridors.core.settings import Lens
    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.model import Flow

STATES, MEXICAN, ZONES, TOWNS, PORTS = 3, 7, 9, 40, 5
MARGINS = ("state_pair", "zone", "municipality", "port")
PUBLISHED = Published(
    state_counts=np.array([4000.0, 1500.0, 8000.0]),
    recent_fractions=np.array([0.6, np.nan, np.nan]),
    recent_total=2500.0,
    known_fraction=0.97,
    pairs=np.array([[0, 1], [2, 3], [2, 4]]),
    pair_counts=np.array([1600.0, 1200.0, 900.0]),
    pair_bound=900.0,
    city_names=("a", "b", "c", "d"),
    # a city lies in zones of its own state: here the zones of state n are n, n + 3 and n + 6
    city_fractions=np.array(
        [
            [0.8, 0, 0, 0.1, 0, 0, 0, 0, 0],
            [0, 0.8, 0, 0, 0.1, 0, 0, 0, 0],
            [0, 0, 0, 0.1, 0, 0, 0.8, 0, 0],
            [0, 0, 0.5, 0, 0, 0, 0, 0, 0.1],
        ]
    ),
    city_states=np.array([0, 1, 0, 2]),
    city_counts=np.array([2000.0, 700.0, 1500.0, 1100.0]),
    city_totals=np.array([9000.0, 3000.0, 9000.0, 8000.0]),
    city_at_least=np.array([False, False, False, True]),
    top_municipalities=np.array([3, 9, 11, 20]),
    top_counts=np.array([3000.0, 2000.0, 1200.0, 700.0]),
    top_bound=700.0,
    top_total=30_000.0,
    municipalities_compared=np.arange(TOWNS) != 39,
    event_municipalities=np.array([0, 3, 5, 8, 30]),
    event_counts=np.array([4.0, 1.0, 2.5, 7.0, 1.0]),
    route_ids=(),
    route_origins=np.zeros(0, dtype=np.int64),
    route_targets=np.zeros(0, dtype=np.int64),
    route_cities=np.zeros(0, dtype=np.int64),
    route_weights=np.zeros(0),
    region_names=("west", "middle", "east"),
    region_ports=np.array([[1.0, 0, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 1]]),
    region_counts=np.array([841.0, 161.0, 109.0]),
)


def seen(published: Published = PUBLISHED) -> Evidence:
    """What the likelihood reads of the evidence."""
    found = SimpleNamespace(
        us_states=tuple("ABC"),
        mx_states=tuple("0123456"),
        zone_state=np.arange(ZONES) % STATES,
        municipality_state=np.arange(TOWNS) % MEXICAN,
        published=published,
    )
    return cast("Evidence", found)


def margins(state_pair: FloatArray, zone: FloatArray, municipality: FloatArray, port: FloatArray) -> Flow:
    """What the likelihood reads of the model."""
    return cast(
        "Flow", SimpleNamespace(state_pair=state_pair, zone=zone, municipality=municipality, port=port)
    )


def drawn(seed: int) -> Flow:
    rng = np.random.default_rng(seed)
    return margins(
        rng.dirichlet(np.full(STATES * MEXICAN, 2.0)).reshape(STATES, MEXICAN),
        rng.dirichlet(np.full(ZONES, 3.0)),
        rng.dirichlet(np.full(TOWNS, 1.5)),
        rng.dirichlet(np.full(PORTS, 3.0)),
    )


def alone(
    block: Block, *, sd: float = INSPECTION_SD["unknown"], lens: Lens = "all", **weights: float
) -> LikelihoodOptions:
    return LikelihoodOptions(WeightSettings(**weights), lens, sd, frozenset({block}))


def score(model: Flow, options: LikelihoodOptions, published: Published = PUBLISHED) -> LogLikelihood:
    return log_likelihood(model, seen(published), options)


@given(
    seed=st.integers(0, 10**6),
    block=st.sampled_from(sorted(BLOCKS)),
    lens=st.sampled_from(["all", "one_year"]),
    excess=st.sampled_from([1.0, 5.0, 20.0]),
)
@settings(deadline=None, max_examples=60)
def test_the_slope_in_every_margin_is_the_derivative(
    seed: int, block: Block, lens: Lens, excess: float
) -> None:
    options = alone(block, lens=lens, trace_overdispersion=excess, municipal_dispersion=1 + excess / 10)
    model = drawn(seed)
    published = simulate(drawn(seed + 1), seen(), options, np.random.default_rng(seed))
    slopes = score(model, options, published).slopes
    for name in MARGINS:
        at, slope = getattr(model, name), getattr(slopes, name)
        step = 1e-5 * at.ravel()
        numeric = np.zeros(at.size)
        for i in range(at.size):
            values = []
            for sign in (1, -1):
                moved = at.copy()
                moved.flat[i] += sign * step[i]
                changed = margins(**{**vars(model), name: moved})
                values.append(score(changed, options, published).value)
            numeric[i] = (values[0] - values[1]) / 2
        # compared a relative step, so that small margins count as large ones do
        assert np.allclose(slope.ravel() * step, numeric, rtol=1e-4, atol=1e-8)


def test_states_are_dirichlet_multinomial() -> None:
    model = drawn(1)
    total, share = PUBLISHED.state_counts.sum(), model.state_pair.sum(axis=1)
    scale = concentration(np.asarray(total), 20.0)
    ours = score(model, alone("states")).value
    counts = PUBLISHED.state_counts.astype(np.int64)
    theirs = stats.dirichlet_multinomial.logpmf(counts, share * scale, np.asarray(counts.sum()))
    assert ours == pytest.approx(theirs, abs=1e-6)
    assert (total + scale) / (1 + scale) == pytest.approx(20.0)


def test_a_state_that_is_not_covered_whole_says_nothing() -> None:
    """Neither its flow nor its lack of a count weighs on the others."""
    without = replace(PUBLISHED, state_counts=np.array([4000.0, 0.0, 8000.0]))
    model = drawn(2)
    more = model.state_pair.copy()
    more[1] *= 5
    swollen = margins(more, model.zone, model.municipality, model.port)
    options = LikelihoodOptions(blocks=frozenset({"states", "pairs", "pair_bound"}))
    assert score(swollen, options, without).value == pytest.approx(score(model, options, without).value)


@pytest.mark.parametrize("ratio", [0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3])
def test_the_bound_on_pairs_is_near_the_beta_binomial(ratio: float) -> None:
    bound, rest, excess = 831, 3600, 20.0
    part = ratio * bound / rest
    state_pair = np.full((1, 40), (1 - part) / 38)
    state_pair[0, :2] = 0.2, part
    published = replace(
        PUBLISHED,
        state_counts=np.array([float(rest + 1000)]),
        known_fraction=1.0,
        pairs=np.array([[0, 0]]),
        pair_counts=np.array([1000.0]),
        pair_bound=float(bound),
    )
    model = margins(state_pair, np.zeros(ZONES), np.zeros(TOWNS), np.zeros(PORTS))
    ours = np.exp(score(model, alone("pair_bound", trace_overdispersion=excess), published).value)
    scale = concentration(np.asarray(float(rest)), excess)
    part /= state_pair[0, 1:].sum()
    theirs = stats.betabinom(rest, scale * part, scale * (1 - part)).cdf(bound)
    assert ours == pytest.approx(theirs, abs=0.015)


def test_a_state_with_fewer_guns_than_the_bound_needs_none() -> None:
    few = replace(PUBLISHED, state_counts=np.full(STATES, 1000.0), pairs=np.zeros((0, 2), dtype=np.int64))
    few = replace(few, pair_counts=np.zeros(0), pair_bound=1000.0)
    assert score(drawn(3), alone("pair_bound"), few).value == 0


@pytest.mark.parametrize("shape", [1.0, 2.5, 20.0])
def test_municipalities_are_negative_binomial(shape: float) -> None:
    """The difference between two models is that of scipy's probabilities, the bound's exactly."""
    top = PUBLISHED.top_municipalities
    others = np.setdiff1d(np.flatnonzero(PUBLISHED.municipalities_compared), top)

    def by_scipy(model: Flow) -> float:
        low = shape / (shape + PUBLISHED.top_total * model.municipality)
        listed = np.sum(stats.nbinom(shape, low[top]).logpmf(PUBLISHED.top_counts.astype(np.int64)))
        return float(listed + np.sum(stats.nbinom(shape, low[others]).logcdf(PUBLISHED.top_bound)))

    first, second = drawn(4), drawn(5)
    weights = alone("municipal", municipal_dispersion=shape)
    ours = score(first, weights).value - score(second, weights).value
    assert ours == pytest.approx(by_scipy(first) - by_scipy(second), rel=1e-9)


@pytest.mark.parametrize("sd", [INSPECTION_SD["unknown"], INSPECTION_SD["equal"]])
def test_inspection_is_integrated_out(sd: float) -> None:
    """The level and the efforts out: what is left is the normal density of the differences between regions."""
    count = PUBLISHED.region_counts
    variance = sd**2 + 20 / count
    contrast = np.array([[-1.0, 1, 0], [-1, 0, 1]])

    def by_scipy(model: Flow) -> float:
        gap = contrast @ np.log(count / (PUBLISHED.region_ports @ model.port))
        return float(
            stats.multivariate_normal(np.zeros(2), contrast @ np.diag(variance) @ contrast.T).logpdf(gap)
        )

    first, second = drawn(6), drawn(7)
    ours = [score(model, alone("ports", sd=sd)).value for model in (first, second)]
    assert ours[0] - ours[1] == pytest.approx(by_scipy(first) - by_scipy(second))


def test_inspection_not_used_says_nothing() -> None:
    found = score(drawn(8), alone("ports", sd=INSPECTION_SD["none"]))
    assert found.value == 0
    assert not found.slopes.port.any()


@given(st.integers(0, 10**6), st.sets(st.sampled_from(sorted(BLOCKS))), st.sampled_from(["all", "one_year"]))
@settings(deadline=None, max_examples=40)
def test_blocks_add_up_and_can_be_left_out(seed: int, names: set[Block], lens: Lens) -> None:
    model = drawn(seed)
    together = score(
        model,
        LikelihoodOptions(lens=lens, inspection_sd=INSPECTION_SD["unknown"], blocks=frozenset(names)),
    )
    used = names if lens == "all" else names - OF_ALL_TRACES
    parts = [score(model, alone(name, lens=lens)) for name in used]
    assert together.value == pytest.approx(sum(part.value for part in parts), abs=1e-9)
    for name in MARGINS:
        whole = sum((getattr(part.slopes, name) for part in parts), np.zeros_like(getattr(model, name)))
        assert np.allclose(getattr(together.slopes, name), whole)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=40)
def test_simulated_figures_are_published_as_the_real_ones(seed: int) -> None:
    rng = np.random.default_rng(seed)
    options = LikelihoodOptions(inspection_sd=1.0)
    drawn_now = simulate(drawn(seed), seen(), options, rng)
    for name in ("state_counts", "region_counts"):
        assert getattr(drawn_now, name).sum() == getattr(PUBLISHED, name).sum()
    assert drawn_now.pair_bound == drawn_now.pair_counts.min()
    assert drawn_now.top_bound == drawn_now.top_counts.min()
    for name in ("pairs", "pair_counts", "city_counts", "top_municipalities", "top_counts", "region_counts"):
        assert getattr(drawn_now, name).shape == getattr(PUBLISHED, name).shape
    assert len(np.unique(drawn_now.pairs, axis=0)) == len(drawn_now.pairs)
    for state in range(STATES):
        listed = drawn_now.pair_counts[drawn_now.pairs[:, 0] == state].sum()
        assert listed <= round(drawn_now.state_counts[state] * PUBLISHED.known_fraction)
    recent = simulate(drawn(seed), seen(), replace(options, lens="one_year"), rng)
    assert np.isnan(recent.recent_fractions).tolist() == [False, True, True]
    assert recent.state_counts is PUBLISHED.state_counts


def test_simulated_counts_vary_as_much_as_the_overdispersion_says() -> None:
    model, rng = drawn(9), np.random.default_rng(0)
    counts = np.array([simulate(model, seen(), LikelihoodOptions(), rng).state_counts for _ in range(1500)])
    share, total = model.state_pair.sum(axis=1), PUBLISHED.state_counts.sum()
    ratio = counts.var(axis=0) / (total * share * (1 - share))
    assert ratio == pytest.approx(20, rel=0.15)
    assert counts.mean(axis=0) / total == pytest.approx(share, abs=0.005)


def test_the_mean_slope_at_the_truth_is_nothing() -> None:
    """What a right likelihood has at the parameters that the figures were drawn at, in every direction.

    Exact but for the pairs, of which the bound takes each unlisted one as if it were alone.
    """
    model, rng = drawn(10), np.random.default_rng(1)
    options = LikelihoodOptions(inspection_sd=0.5)
    figures = [simulate(model, seen(), options, rng) for _ in range(600)]
    blocks: list[tuple[frozenset[Block], str]] = [
        (frozenset({"states"}), "state_pair"),
        (frozenset({"pairs", "pair_bound"}), "state_pair"),
        (frozenset({"cities"}), "zone"),
        (frozenset({"municipal"}), "municipality"),
        (frozenset({"ports"}), "port"),
    ]
    for names, margin in blocks:
        chosen = replace(options, blocks=names)
        slopes = np.array([getattr(score(model, chosen, each).slopes, margin).ravel() for each in figures])
        # only directions that keep the flow's sum matter; the smallest are seen too seldom to have a mean
        share = getattr(model, margin).ravel()
        slopes = (slopes - (slopes @ share)[:, None])[:, share > 1 / len(share)]
        spread = slopes.std(axis=0)
        free = spread > 1e-9
        off = np.abs(slopes.mean(axis=0)[free]) / spread[free]
        assert off.max() < (0.2 if "pairs" in names else 0.15), names
