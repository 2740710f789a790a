"""One inference problem, prepared once a run: routed network, evidence, priors, plan, and median costs.

Everything that is inferred, tested or compared in a run starts from it: the posterior, draws of the priors, the gain of
information, alternative settings, flow by origin, scenarios and held-out tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.core.errors import NotEnoughDataError
from corridors.core.settings import CostSettings, PriorSettings
from corridors.inference.fitting.point import Target, fit_point
from corridors.inference.model.groups import group_places
from corridors.inference.model.likelihood import LikelihoodOptions
from corridors.inference.model.parameters import Prior, priors
from corridors.inference.model.state_sums import members
from corridors.inference.model.trip_choice import trip_legs
from corridors.inference.routing import queries
from corridors.inference.routing.costs import base_costs, base_port_costs, draw_costs, draw_port_costs
from corridors.inference.routing.places import prepare_routing, route_world, unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.scenario import ResolvedScenario
    from corridors.core.settings import Structure
    from corridors.core.types import Arcs, Evidence, FloatArray, IntArray
    from corridors.inference.fitting.hmc import WarmUp
    from corridors.inference.fitting.point import Fit
    from corridors.inference.model.flow import Flow
    from corridors.inference.model.groups import Resolution
    from corridors.inference.model.trip_choice import TripLegs
    from corridors.inference.routing.places import CostWorld, LegCosts, RoutedNetwork

Mode = Literal["posterior", "point", "prior"]


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
        Threads or processes; the result does not depend on it.
    costs, priors, likelihood
        Prior of the cost worlds; priors of the parameters; which published figures are used, and how.
    structure
        How a crossing is chosen.
    """

    worlds: int = 300
    draws: int = 8
    mode: Mode = "point"
    seed: int = 1
    jobs: int = 2
    costs: CostSettings = field(default_factory=CostSettings)
    priors: PriorSettings = field(default_factory=PriorSettings)
    likelihood: LikelihoodOptions = field(default_factory=LikelihoodOptions)
    structure: Structure = "trip"


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What a run infers from. Workers get it once.

    Parameters
    ----------
    network, evidence
        The roads prepared for any costs, and the observations.
    prior
        Priors by parameter.
    plan
        How the ensemble is drawn and fitted.
    median
        The cost world with every weight at its median.
    start
        What was learned at median costs, where each world begins: the fit (mode "point"), or how to sample (mode
        "posterior", from `infer` on); None for draws of the priors.
    resolution
        Places that are taken together, by their median costs; None where the structure needs none.
    origins
        (origins, zones) fraction of each zone's flow that starts in each place of origin whose own flow is kept, such as
        consular districts; None for the US states.
    """

    network: RoutedNetwork
    evidence: Evidence
    prior: Mapping[str, Prior]
    plan: InferencePlan
    median: CostWorld
    start: WarmUp | Fit | None = None
    resolution: Resolution | None = None
    origins: FloatArray | None = None

    @property
    def target(self) -> Target:
        """Posterior density at median costs."""
        return self.target_at(self.median.legs)

    def target_at(self, legs: LegCosts) -> Target:
        """Return the posterior density at the leg costs of a cost world."""
        groups = None if self.resolution is None else self.resolution.fit
        return Target(self.evidence, legs, self.prior, self.plan.likelihood, groups)

    def kept_legs(self, legs: LegCosts, evidence: Evidence | None = None) -> LegCosts | TripLegs:
        """Return the legs of a world as the structure reads them, at the resolution of what is kept.

        Parameters
        ----------
        evidence
            Of which ports are open, where that is not the problem's own.
        """
        if self.resolution is None:
            return legs
        return trip_legs(evidence or self.evidence, legs, self.resolution.kept)

    @property
    def starts(self) -> FloatArray:
        """(origins, zones) fraction of each zone's flow that starts in each place of origin: US states unless others are set."""
        return self._us_states if self.origins is None else self.origins

    @property
    def _us_states(self) -> FloatArray:
        """(us states, zones): 1 where a zone lies in a state."""
        return members(self.evidence.zone_state, len(self.evidence.us_states))

    def journeys(self, model: Flow) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return a flow by US state, port and Mexican state, then that of each place of origin by port, and by Mexican state."""
        us_states = self._us_states
        found = model.journeys(np.concatenate([us_states, self.starts]))
        of_origins = found[len(us_states) :]
        return found[: len(us_states)], of_origins.sum(axis=2), of_origins.sum(axis=1)

    def world(self, number: int, scenario: ResolvedScenario | None = None) -> CostWorld:
        """Return a cost world, routed; it depends on the plan's costs and seed and on its number alone.

        Parameters
        ----------
        number
            Of the world.
        scenario
            Its roads take the place of the network's.
        """
        arcs, plan = self.network.arcs, self.plan
        costs = draw_costs(_roads(arcs, scenario), plan.costs, seed=plan.seed, world=number)
        spread = self.evidence.port_factor_spread
        ports = draw_port_costs(arcs, spread, plan.costs, seed=plan.seed, world=number)
        return route_world(self.network, _closed(costs, scenario), ports)

    def median_world(self, scenario: ResolvedScenario) -> CostWorld:
        """Return the world of a scenario's roads with every weight at its median, routed."""
        arcs, costs = self.network.arcs, self.plan.costs
        own = _closed(base_costs(_roads(arcs, scenario), costs), scenario)
        return route_world(self.network, own, base_port_costs(arcs, costs))


def prepare_problem(arcs: Arcs, evidence: Evidence, plan: InferencePlan) -> Problem:
    """Return the problem of a network, its evidence and a plan, routed at median costs; fitted there in mode "point".

    Raises
    ------
    NotEnoughDataError
        A zone or a municipality can reach no port, or the figures cannot carry a fit.
    """
    queries.warm()
    network = prepare_routing(arcs, evidence.connectors)
    with threadpool_limits(1, user_api="blas"):
        median = route_world(network, base_costs(arcs, plan.costs), base_port_costs(arcs, plan.costs))
    zones, municipalities = unreachable(evidence, median.legs)
    if zones or municipalities:
        raise NotEnoughDataError(
            f"no road leads from zones {zones[:5]} ({len(zones)} in all) to any port, or from any port to "
            f"municipalities {municipalities[:5]} ({len(municipalities)} in all); check one-way roads and missing "
            "links there"
        )
    problem = with_evidence(Problem(network, evidence, {}, plan, median), evidence, plan)
    return problem if plan.mode != "point" else replace(problem, start=fit_at_median_costs(problem))


def with_evidence(problem: Problem, evidence: Evidence, plan: InferencePlan) -> Problem:
    """Return the problem of other evidence or another plan on the same network, not fitted yet."""
    prior = priors(evidence, plan.priors, plan.structure)
    resolution = group_places(evidence, problem.median.legs, prior) if plan.structure == "trip" else None
    return replace(problem, evidence=evidence, prior=prior, plan=plan, resolution=resolution, start=None)


def fit_at_median_costs(problem: Problem) -> Fit:
    """Return the most probable parameters at median costs, the same bytes for any number of BLAS threads.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    with threadpool_limits(1, user_api="blas"):
        return fit_point(problem.target)


def _roads(arcs: Arcs, scenario: ResolvedScenario | None) -> Arcs:
    """Return a scenario's arcs where it changes some."""
    return arcs if scenario is None or scenario.arcs is None else scenario.arcs


def _closed(costs: IntArray, scenario: ResolvedScenario | None) -> IntArray:
    """Return the costs with the roads closed that a scenario closes."""
    return costs if scenario is None else np.where(scenario.closed, queries.UNREACHABLE, costs)
