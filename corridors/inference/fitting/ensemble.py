"""The ensemble: in every cost world, legs from the ports, draws of the parameters, and the flow on every edge.

Cost weights are cut from feedback (docs/method.md 5.3): every world counts the same, however well it fits. Worlds are drawn
by a plain function of (setting, world), so they may be spread over threads or machines (`executor`); what comes back is
put together in the order of the worlds, and so is the same to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.core.errors import NotEnoughDataError
from corridors.core.settings import CostSettings, PriorSettings
from corridors.core.types import FlowDraws, freeze
from corridors.inference.fitting.executors import process_executor, thread_executor
from corridors.inference.fitting.hmc import WarmUp, adapt, sample_world
from corridors.inference.fitting.point import Fit, Target, fit_point
from corridors.inference.model.gravity import flow, port_municipality, zone_port
from corridors.inference.model.likelihood import LikelihoodOptions
from corridors.inference.model.parameters import Prior, prior_draws, priors, unflatten
from corridors.inference.routing import queries
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import (
    RoutedNetwork,
    edge_flow,
    edge_flow_by_port,
    prepare_routing,
    route_world,
    unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from corridors.core.types import Arcs, Evidence, FloatArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.routing.places import LegCosts

Mode = Literal["posterior", "point", "prior"]

POOLED = ("edge", "zone_port", "port_municipality", "port", "state_pair", "theta", "log_density")
KEPT_DRAWS = 2
"""Draws a world for which the flow on every edge and between all places is kept."""
PORT_WORLDS: Mapping[Mode, int] = {"posterior": 24, "point": 6, "prior": 0}
"""Worlds whose flows are also told apart by port: their mean is what the map shows when a port is chosen."""


@dataclass(frozen=True, slots=True)
class InferencePlan:
    """How an ensemble is drawn and fitted.

    Parameters
    ----------
    worlds
        Number of cost worlds.
    draws
        Draws of the parameters in each; mode "point" has one.
    mode
        Draws of the posterior, its most probable parameters, or draws of the priors.
    seed
        Of all randomness.
    jobs
        Threads; the result does not depend on it.
    costs, priors, likelihood
        Prior of the cost worlds; priors of the parameters; which published figures are used, and how.
    """

    worlds: int = 300
    draws: int = 8
    mode: Mode = "point"
    seed: int = 1
    jobs: int = 2
    costs: CostSettings = field(default_factory=CostSettings)
    priors: PriorSettings = field(default_factory=PriorSettings)
    likelihood: LikelihoodOptions = field(default_factory=LikelihoodOptions)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What every world is drawn from: sent to each worker once.

    Parameters
    ----------
    roads, evidence, prior, plan
        The network, the observations, the priors by name, and how to draw.
    base
        What was learnt at median costs, where each world begins: how to sample, or the fit; None for prior draws.
    """

    roads: RoutedNetwork
    evidence: Evidence
    prior: Mapping[str, Prior]
    plan: InferencePlan
    base: WarmUp | Fit | None


@dataclass(frozen=True, slots=True, eq=False)
class WorldDraws:
    """What one world gives, first axis the draws: shares, parameters, log density, and what went wrong.

    Parameters
    ----------
    edge, zone_port, port_municipality
        Of the first `KEPT_DRAWS` draws.
    port, state_pair, theta, log_density
        Of all draws.
    failed
        Divergent transitions, or fits that did not converge.
    edge_port
        (edges, ports) flow by port of the first draw, in the first worlds.
    """

    edge: FloatArray
    zone_port: FloatArray
    port_municipality: FloatArray
    port: FloatArray
    state_pair: FloatArray
    theta: FloatArray
    log_density: FloatArray
    failed: int
    edge_port: FloatArray | None


def infer(
    arcs: Arcs,
    evidence: Evidence,
    plan: InferencePlan,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FlowDraws:
    """Return draws of the modelled flow, the same number in each cost world.

    Parameters
    ----------
    arcs
        The network's arithmetic face.
    evidence
        Observations.
    plan
        How many worlds, and how they are drawn and fitted.
    spread
        Where the worlds are reckoned; `plan.jobs` threads or processes of this machine by default.
    progress
        Called with (worlds done, worlds in all).

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    # the sampler is Python between its compiled parts and holds the interpreter's lock
    executor = executor or (process_executor if plan.mode == "posterior" else thread_executor)(plan.jobs)
    setting = prepare_setting(arcs, evidence, plan, executor)
    return _pool(executor(draw_world, setting, plan.worlds), setting, progress)


def prepare_setting(
    arcs: Arcs, evidence: Evidence, plan: InferencePlan, executor: Executor | None = None
) -> Setting:
    """Return what every world is drawn from, learnt at median costs.

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    queries.warm()
    roads = prepare_routing(arcs, evidence.connectors)
    prior = priors(evidence, plan.priors)
    with threadpool_limits(1, user_api="blas"):
        first = route_world(roads, base_costs(arcs, plan.costs))
        stuck, lost = unreachable(evidence, first.legs)
        if stuck or lost:
            raise NotEnoughDataError(
                f"no road leads from zones {stuck[:5]} ({len(stuck)} in all) to any port, or from any port to "
                f"municipalities {lost[:5]} ({len(lost)} in all); check one-way roads and missing links there"
            )
        target = Target(evidence, first.legs, prior, plan.likelihood)
        return Setting(roads, evidence, prior, plan, _learn(target, plan, executor))


def draw_world(setting: Setting, world: int) -> WorldDraws:
    """Return the draws of one cost world; they depend on the setting and the world's number alone."""
    roads, evidence, plan = setting.roads, setting.evidence, setting.plan
    routed = route_world(roads, draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world))
    theta, log_density, failed = _draw(setting, routed.legs, world)
    models = [flow(unflatten(one, setting.prior), evidence, routed.legs) for one in theta]
    north = np.stack([zone_port(model, evidence) for model in models[:KEPT_DRAWS]])
    south = np.stack([port_municipality(model, evidence) for model in models[:KEPT_DRAWS]])
    told_apart = world < PORT_WORLDS[plan.mode]
    return WorldDraws(
        edge=np.stack(
            [edge_flow(roads, routed, *trips) for trips in zip(north, south, strict=True)],
        ),
        zone_port=north,
        port_municipality=south,
        port=np.stack([model.port for model in models]),
        state_pair=np.stack([model.state_pair for model in models]),
        theta=theta,
        log_density=log_density,
        failed=failed,
        edge_port=edge_flow_by_port(roads, routed, north[0], south[0]) if told_apart else None,
    )


def _learn(target: Target, plan: InferencePlan, executor: Executor | None) -> WarmUp | Fit | None:
    """Return what one world tells the others of where to begin."""
    if plan.mode == "prior":
        return None
    if plan.mode == "point":
        return fit_point(target)
    return adapt(target, seed=plan.seed, executor=executor)


def _draw(setting: Setting, legs: LegCosts, world: int) -> tuple[FloatArray, FloatArray, int]:
    """Return a world's draws (draws, parameters), their log density, and how many failed."""
    prior, plan, base = setting.prior, setting.plan, setting.base
    target = Target(setting.evidence, legs, prior, plan.likelihood)
    if base is None:
        theta = prior_draws(prior, seed=[plan.seed, world], draws=plan.draws)
        return theta, np.full(len(theta), np.nan), 0
    if isinstance(base, Fit):
        fit = fit_point(target, guess=base.theta)
        return fit.theta[None], np.array([fit.value]), int(not fit.converged)
    drawn = sample_world(base, target, seed=plan.seed, world=world, draws=plan.draws)
    return drawn.theta, drawn.log_density, drawn.divergences


def _pool(
    worlds: Iterable[WorldDraws], setting: Setting, progress: Callable[[int, int], None] | None
) -> FlowDraws:
    """Return the worlds' draws as one posterior, each world with the same weight, as they come in.

    Arrays are filled in place: a list of all worlds and what is joined from it would be in memory together.
    """
    total, plan = setting.plan.worlds, setting.plan
    pooled: dict[str, FloatArray] = {}
    by_port: FloatArray | None = None
    each = failed = 0
    for n, drawn in enumerate(worlds):
        each = len(drawn.theta)
        for name in POOLED:
            values = getattr(drawn, name)
            rows = pooled.setdefault(name, np.empty((total * len(values), *values.shape[1:])))
            rows[n * len(values) : (n + 1) * len(values)] = values
        failed += drawn.failed
        if drawn.edge_port is not None:
            by_port = drawn.edge_port if by_port is None else by_port + drawn.edge_port
        if progress is not None:
            progress(n + 1, total)
    draw = np.arange(total * each)
    parameters = unflatten(pooled["theta"], setting.prior) | {"log_density": pooled["log_density"]}
    freeze(*pooled.values(), *parameters.values())
    return FlowDraws(
        edge_share=pooled["edge"],
        port_share=pooled["port"],
        state_pair=pooled["state_pair"],
        zone_port=pooled["zone_port"],
        port_municipality=pooled["port_municipality"],
        parameters=parameters,
        kind=plan.mode,
        world=draw // each,
        kept=np.flatnonzero(draw % each < KEPT_DRAWS),
        edge_port=None if by_port is None else by_port / min(total, PORT_WORLDS[plan.mode]),
        diagnostics=_diagnostics(setting.base, total, failed),
    )


def _diagnostics(base: WarmUp | Fit | None, worlds: int, failed: int) -> dict[str, Any]:
    """Return how the sampler or the fits did, for the manifest."""
    if base is None:
        return {}
    if isinstance(base, Fit):
        return {"worlds": worlds, "worlds_not_converged": failed, "converged": failed == 0}
    return {**base.diagnostics.summary(), "divergences_in_worlds": failed}
