"""The ensemble: in every cost world, legs from the ports, a fit, and the flow on every edge.

Worlds are drawn by a plain function of (setting, world), so they may be spread over threads or machines (`spread`);
what comes back is put together in the order of the worlds, and so is the same to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.base.errors import NotEnoughDataError
from corridors.base.types import Posterior, freeze
from corridors.inference import engine
from corridors.inference.fit import Fit, fit_point
from corridors.inference.gravity import flow, port_municipality, zone_port
from corridors.inference.likelihood import Lens, Weights
from corridors.inference.parameters import Prior, priors, unflatten
from corridors.inference.routing import Roads, edge_flow, edge_flow_by_port, prepare, route, unreachable
from corridors.inference.spread import on_threads
from corridors.inference.worlds import CostPrior, base_costs, draw_costs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridors.base.types import Arcs, Evidence, Floats
    from corridors.inference.spread import Spread

PORT_WORLDS = 24
"""Worlds whose flows are also told apart by port: their mean is what the map shows when a port is chosen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How an ensemble is drawn and fitted.

    Parameters
    ----------
    worlds
        Number of cost worlds.
    seed
        Of all randomness.
    jobs
        Threads; the result does not depend on it.
    lens
        Which traces the fit uses.
    costs, weights
        Prior of the cost worlds; trust in each block of figures.
    """

    worlds: int = 200
    seed: int = 1
    jobs: int = 2
    lens: Lens = "all"
    costs: CostPrior = field(default_factory=CostPrior)
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What every world is drawn from: sent to each worker once.

    Parameters
    ----------
    roads, evidence, prior, plan
        The network, the observations, the priors by name, and how to draw.
    base
        The fit at median costs, where each world's begins.
    """

    roads: Roads
    evidence: Evidence
    prior: Mapping[str, Prior]
    plan: Plan
    base: Fit


@dataclass(frozen=True, slots=True, eq=False)
class WorldDraw:
    """What one world gives: shares, the fit they follow from, and in the first worlds the flow by port."""

    edge: Floats
    port: Floats
    cell: Floats
    zone_port: Floats
    port_municipality: Floats
    fit: Fit
    edge_port: Floats | None


def infer(
    arcs: Arcs,
    evidence: Evidence,
    plan: Plan,
    *,
    spread: Spread | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Posterior:
    """Return the modelled flow in each cost world, at the most probable parameters of that world.

    Parameters
    ----------
    arcs
        The network's arithmetic face.
    evidence
        Observations.
    plan
        How many worlds, and how they are drawn and fitted.
    spread
        Where the worlds are reckoned; `plan.jobs` threads of this process by default.
    progress
        Called with (worlds done, worlds in all).

    Returns
    -------
    Posterior
        Mode "point": its spread over draws is of routes and of the fit's answer to them, not of the parameters.

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    setting = prepare_setting(arcs, evidence, plan)
    draws = []
    for done, drawn in enumerate(
        (spread or on_threads(plan.jobs))(draw_world, setting, plan.worlds), start=1
    ):
        draws.append(drawn)
        if progress is not None:
            progress(done, plan.worlds)
    return _pool(draws, setting.prior)


def prepare_setting(arcs: Arcs, evidence: Evidence, plan: Plan) -> Setting:
    """Return what every world is drawn from, fitted at median costs.

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    engine.warm()
    roads = prepare(arcs, evidence.access)
    with threadpool_limits(1, user_api="blas"):
        first = route(roads, base_costs(arcs, plan.costs))
        stuck, lost = unreachable(evidence, first.legs)
        if stuck or lost:
            raise NotEnoughDataError(
                f"no road leads from zones {stuck[:5]} ({len(stuck)} in all) to any port, or from any port to "
                f"municipalities {lost[:5]} ({len(lost)} in all); check one-way roads and missing links there"
            )
        prior = priors(evidence)
        base = fit_point(evidence, first.legs, prior, weights=plan.weights, lens=plan.lens)
    return Setting(roads, evidence, prior, plan, base)


def draw_world(setting: Setting, world: int) -> WorldDraw:
    """Return the shares of one cost world; they depend on the setting and the world's number alone."""
    roads, evidence, plan = setting.roads, setting.evidence, setting.plan
    with threadpool_limits(1, user_api="blas"):
        routed = route(roads, draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world))
        fit = fit_point(
            evidence,
            routed.legs,
            setting.prior,
            weights=plan.weights,
            lens=plan.lens,
            guess=setting.base.theta,
        )
        model = flow(unflatten(fit.theta, setting.prior), evidence, routed.legs)
        by_zone, by_municipality = zone_port(model, evidence), port_municipality(model, evidence)
        return WorldDraw(
            edge=edge_flow(roads, routed, by_zone, by_municipality),
            port=by_zone.sum(axis=0),
            cell=model.cell,
            zone_port=by_zone,
            port_municipality=by_municipality,
            fit=fit,
            edge_port=(
                edge_flow_by_port(roads, routed, by_zone, by_municipality) if world < PORT_WORLDS else None
            ),
        )


def _pool(draws: list[WorldDraw], prior: Mapping[str, Prior]) -> Posterior:
    """Return the worlds' shares as one posterior, each world with the same weight."""
    parameters = {name: np.stack([unflatten(d.fit.theta, prior)[name] for d in draws]) for name in prior}
    parameters["log_density"] = np.array([d.fit.value for d in draws])
    parameters["converged"] = np.array([float(d.fit.converged) for d in draws])
    by_port = [d.edge_port for d in draws if d.edge_port is not None]
    posterior = Posterior(
        edge_share=np.stack([d.edge for d in draws]),
        port_share=np.stack([d.port for d in draws]),
        state_pair=np.stack([d.cell for d in draws]),
        zone_port=np.stack([d.zone_port for d in draws]),
        port_municipality=np.stack([d.port_municipality for d in draws]),
        parameters=parameters,
        mode="point",
        edge_port=sum(by_port, np.zeros(())) / len(by_port),
    )
    freeze(posterior.edge_share, posterior.port_share, posterior.state_pair, posterior.zone_port)
    freeze(posterior.port_municipality, *parameters.values())
    return posterior
