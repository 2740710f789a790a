"""Simulation-based calibration (docs/method.md 7.2, V9): whether bands hold the truth as often as they say.

A truth is drawn from the priors, in a cost world of its own; figures are published of it as the agencies would; the whole
inference is made on them, pooled over cost worlds as in a run, none of which is the truth's. Over many truths a 90 %
band must hold 90 % of them [Talts2018]. What is tested is the sampler, the likelihood's
shortcuts (the bound on pairs that are not listed, above all), and the cut that lets no figure speak of cost worlds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.hmc import adapt, sample_world
from corridors.inference.fitting.point import Target
from corridors.inference.information import PORTS, Quantity, margins_of, quantities
from corridors.inference.model.gravity import flow
from corridors.inference.model.parameters import prior_draws, priors, unflatten
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import prepare_routing, route_world
from corridors.inference.validation.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.types import Arcs, Evidence, FloatArray
    from corridors.inference.fitting.ensemble import InferencePlan
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.model.parameters import Prior
    from corridors.inference.routing.places import LegCosts, RoutedNetwork

TRUTHS = 200
WORLDS = 16
"""Cost worlds each inference is pooled over."""
DRAWS = 8
TUNE, BASE_DRAWS = 80, 150
"""Of the one chain at median costs that every inference begins with."""
TRUE_WORLD = 1_000_000
"""First cost world of the truths: none that an inference uses."""


class Calibrated(NamedTuple):
    """How a quantity's bands did.

    Parameters
    ----------
    quantity
        What it is.
    rank
        (truths,) part of each posterior's draws below the truth.
    """

    quantity: Quantity
    rank: FloatArray

    def held(self, band: float) -> float:
        """Return the part of the truths within a central band."""
        return float(np.mean(np.abs(self.rank - 0.5) <= band / 2))


class _Setting(NamedTuple):
    """What every truth is tried in, sent to each worker once: `base` and `worlds` are legs, which truths share."""

    roads: RoutedNetwork
    evidence: Evidence
    plan: InferencePlan
    prior: Mapping[str, Prior]
    base: LegCosts
    worlds: Sequence[LegCosts]
    first: int


def calibrate(
    arcs: Arcs,
    evidence: Evidence,
    plan: InferencePlan,
    *,
    truths: int = TRUTHS,
    first: int = 0,
    executor: Executor | None = None,
) -> list[Calibrated]:
    """Return, for each quantity that a run reports, where the truths fell among the draws.

    Parameters
    ----------
    arcs, evidence, plan
        As a run's; the published figures of `evidence` give the totals, and which pairs are looked at.
    truths, first
        How many are drawn, and the number of the first: a truth is its number, so a long trial can be made in parts.
    spread
        Where they are tried; here, one after the other, by default. The result does not depend on it.
    """
    roads = prepare_routing(arcs, evidence.connectors)
    base = route_world(roads, base_costs(arcs, plan.costs)).legs
    worlds = [_legs(roads, plan, world) for world in range(WORLDS)]
    setting = _Setting(roads, evidence, plan, priors(evidence, plan.priors), base, worlds, first)
    tried = list((executor or thread_executor(1))(_try, setting, truths))
    return [Calibrated(quantity, np.array([one[quantity] for one in tried])) for quantity in tried[0]]


def _try(setting: _Setting, n: int) -> dict[Quantity, float]:
    """Return the part of the draws below one truth, by quantity."""
    roads, evidence, plan, prior = setting[:4]
    n += setting.first
    seed = [plan.seed, TRUE_WORLD, n]
    legs = _legs(roads, plan, TRUE_WORLD + n)
    truth = prior_draws(prior, seed=seed, draws=1)
    model = flow(unflatten(truth[0], prior), evidence, legs)
    published = simulate(model, evidence, plan.likelihood, np.random.default_rng([*seed, 1]))
    base = Target(replace(evidence, published=published), setting.base, prior, plan.likelihood)
    adaptation = adapt(base, seed=n, chains=1, tune=TUNE, draws=BASE_DRAWS)
    drawn = []
    for world, theirs in enumerate(setting.worlds):
        there = replace(base, legs=theirs)
        theta = sample_world(adaptation, there, seed=n, world=world, draws=DRAWS).theta
        drawn.append(_reported(setting, theta, there))
    true = _reported(setting, truth, replace(base, legs=legs))
    return {
        quantity: float(np.mean(np.concatenate([one[quantity] for one in drawn]) < value[0]))
        for quantity, value in true.items()
    }


def _legs(roads: RoutedNetwork, plan: InferencePlan, world: int) -> LegCosts:
    """Return the legs of a cost world."""
    return route_world(roads, draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world)).legs


def _reported(setting: _Setting, theta: FloatArray, target: Target) -> dict[Quantity, FloatArray]:
    """Return (draws,) values of what is looked at: the real figures' pairs, and the ports with most vehicles."""
    evidence = setting.evidence
    ports = np.argsort(-evidence.log_port_volume, kind="stable")[:PORTS].tolist()
    return quantities(theta, margins_of(theta, target), evidence, setting.prior, ports=ports)
