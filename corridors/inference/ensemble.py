"""The ensemble: in every cost world, trees from the ports, a fit, and the flow on every edge.

A world needs 2 K trees for K ports and never a tree for each of I zones or J municipalities: the border is a cut.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.base.errors import NotEnoughDataError
from corridors.base.types import Posterior, freeze
from corridors.inference.fit import Fit, fit_point
from corridors.inference.gravity import MIN_HOURS, Flow, Legs, flow, port_municipality, zone_port
from corridors.inference.likelihood import Lens, Weights
from corridors.inference.parameters import priors, unflatten
from corridors.inference.trees import UNREACHED, Trees, forward_trees, load, reverse_trees
from corridors.inference.worlds import UNITS_PER_HOUR, CostPrior, base_costs, draw_costs

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.base.types import Access, Arcs, Evidence, Floats, Ints

MAX_HOURS = float(UNREACHED) / UNITS_PER_HOUR


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


@dataclass(frozen=True, slots=True)
class World:
    """One cost world, routed: both sides' trees and the legs they give."""

    us: Trees
    mx: Trees
    legs: Legs


@dataclass(frozen=True, slots=True)
class _Draw:
    """What one world gives."""

    edge: Floats
    port: Floats
    cell: Floats
    zone_port: Floats
    port_municipality: Floats
    fit: Fit


def infer(
    arcs: Arcs,
    evidence: Evidence,
    plan: Plan,
    *,
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
    with threadpool_limits(1, user_api="blas"):
        first = route(arcs, base_costs(arcs, plan.costs), evidence.access)
        check_reach(first.legs, evidence)
        prior = priors(evidence)
        base = fit_point(evidence, first.legs, prior, weights=plan.weights, lens=plan.lens)

        def draw(world: int) -> _Draw:
            costs = draw_costs(arcs, plan.costs, seed=plan.seed, world=world)
            routed = route(arcs, costs, evidence.access)
            fit = fit_point(
                evidence, routed.legs, prior, weights=plan.weights, lens=plan.lens, guess=base.theta
            )
            model = flow(unflatten(fit.theta, prior), evidence, routed.legs)
            return _draw(arcs, evidence, routed, model, fit)

        draws = []
        with ThreadPoolExecutor(plan.jobs) as pool:
            for done, result in enumerate(pool.map(draw, range(plan.worlds)), start=1):
                draws.append(result)
                if progress is not None:
                    progress(done, plan.worlds)
    parameters = {name: np.stack([unflatten(d.fit.theta, prior)[name] for d in draws]) for name in prior}
    parameters["log_density"] = np.array([d.fit.value for d in draws])
    parameters["converged"] = np.array([float(d.fit.converged) for d in draws])
    posterior = Posterior(
        edge_share=np.stack([d.edge for d in draws]),
        port_share=np.stack([d.port for d in draws]),
        state_pair=np.stack([d.cell for d in draws]),
        zone_port=np.stack([d.zone_port for d in draws]),
        port_municipality=np.stack([d.port_municipality for d in draws]),
        parameters=parameters,
        mode="point",
    )
    freeze(posterior.edge_share, posterior.port_share, posterior.state_pair, posterior.zone_port)
    freeze(posterior.port_municipality, *parameters.values())
    return posterior


def route(arcs: Arcs, costs: Ints, access: Access) -> World:
    """Return the trees of one cost world on both sides of the border, and the legs of zones and municipalities.

    A zone's leg is the mean over where its people enter the network; off-network hours are added on both sides.
    """
    us = reverse_trees(arcs, costs, arcs.port_us)
    mx = forward_trees(arcs, costs, arcs.port_mx)
    hours_us = us.cost.T / UNITS_PER_HOUR
    hours_mx = mx.cost[:, access.municipality_node] / UNITS_PER_HOUR
    return World(
        us=us,
        mx=mx,
        legs=Legs(
            us=access.zone_nodes @ hours_us + access.zone_hours[:, None],
            log_mx=np.log(np.maximum(MIN_HOURS, hours_mx + access.municipality_hours)),
        ),
    )


def edge_flow(arcs: Arcs, access: Access, routed: World, by_zone: Floats, by_municipality: Floats) -> Floats:
    """Return the flow on each edge, both directions together.

    Parameters
    ----------
    by_zone, by_municipality
        (zones, ports) and (ports, municipalities) flows; both sum to the whole, port by port.
    """
    north = np.asarray((access.zone_nodes.T @ by_zone).T)
    south = np.zeros_like(north)
    np.add.at(south.T, access.municipality_node, by_municipality.T)
    flow_on_arc = load(routed.us, arcs.head, north) + load(routed.mx, arcs.tail, south)
    edges = arcs.field.shape[0]
    share = np.bincount(arcs.edge, weights=flow_on_arc, minlength=edges)
    share[arcs.port_edge] += by_zone.sum(axis=0)
    return np.asarray(share)


def check_reach(legs: Legs, evidence: Evidence) -> None:
    """Raise if a zone can reach no port, or a municipality can be reached from none."""
    stuck = evidence.zones["zone_id"][legs.us.min(axis=1) > MAX_HOURS / 2].tolist()
    lost = evidence.municipalities["cvegeo"][legs.log_mx.min(axis=0) > np.log(MAX_HOURS / 2)].tolist()
    if stuck or lost:
        raise NotEnoughDataError(
            f"no road leads from zones {stuck[:5]} ({len(stuck)} in all) to any port, or from any port to "
            f"municipalities {lost[:5]} ({len(lost)} in all); check one-way roads and missing links there"
        )


def _draw(arcs: Arcs, evidence: Evidence, routed: World, model: Flow, fit: Fit) -> _Draw:
    """Return the shares of one fitted world."""
    by_zone = zone_port(model, evidence)
    by_municipality = port_municipality(model, evidence)
    return _Draw(
        edge=edge_flow(arcs, evidence.access, routed, by_zone, by_municipality),
        port=by_zone.sum(axis=0),
        cell=model.cell,
        zone_port=by_zone,
        port_municipality=by_municipality,
        fit=fit,
    )
