"""What stands beside a run: the flow under other settings, one changed at a time, and each side's own part of it.

Roads are routed once a cost world, and the rest is reckoned on them there. So variants differ from one another by what
was changed alone, and the flow of a state from the whole by whose it is alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast, get_args

import numpy as np

from corridors.config import Config, with_changes
from corridors.core.results import Variant
from corridors.core.settings import Demand, GunShows, Inspection, Lens
from corridors.inference.fitting.ensemble import PORT_WORLDS, Setting, prepare_setting
from corridors.inference.fitting.executors import thread_executor
from corridors.inference.fitting.point import Target, fit_point
from corridors.inference.model.gravity import flow, port_municipality, zone_port
from corridors.inference.model.parameters import priors, unflatten
from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import edge_flow, prepare_routing, route_world
from corridors.jobs.stages import build_evidence, make_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.types import Arcs, Evidence, FloatArray, FlowDraws, Network
    from corridors.inference.fitting.ensemble import InferencePlan
    from corridors.inference.fitting.point import Fit
    from corridors.inference.routing.places import LegCosts, RoutedNetwork
    from corridors.jobs.inputs import Inputs

    Shares = tuple[FloatArray, FloatArray, FloatArray, FloatArray]

SETTINGS = {"lens": Lens, "demand": Demand, "inspection": Inspection, "gun_shows": GunShows}
"""What can be changed, and to what."""
LAID = frozenset({"demand", "gun_shows"})
"""What changes the evidence, not only the fit to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One variant: what was changed to what (empty for the run itself), and what it is reckoned from."""

    setting: str
    value: str
    evidence: Evidence
    plan: InferencePlan


def changed(config: Config) -> list[tuple[str, str, Config]]:
    """Return (setting, value, settings) of the run itself, both names empty, and of each run that differs by one."""
    return [
        ("", "", config),
        *(
            (name, value, with_changes(config, {name: value}))
            for name, kind in SETTINGS.items()
            for value in get_args(kind)
            if value != getattr(config.run, name)
        ),
    ]


def alternative_runs(
    inputs: Inputs, network: Network, evidence: Evidence, config: Config
) -> tuple[Variant, ...]:
    """Return the run's own shares, then those under each other setting; () where `config.run.variants` is 0."""
    if not config.run.variants:
        return ()
    cases = [
        Case(name, value, build_evidence(inputs, network, one) if name in LAID else evidence, make_plan(one))
        for name, value, one in changed(config)
    ]
    return variants(network.arcs, cases, config.run.variants)


def variants(arcs: Arcs, cases: Sequence[Case], worlds: int) -> tuple[Variant, ...]:
    """Return the shares of each case at its most probable parameters: medians over the same cost worlds.

    Parameters
    ----------
    arcs
        The network's arithmetic face.
    cases
        Of the same zones and municipalities. Costs, seed and threads are the first one's.
    worlds
        Number of cost worlds.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry the fit of a case.
    """
    settings = _prepared(arcs, cases)
    by_world = list(thread_executor(cases[0].plan.jobs)(_in_world, settings, worlds))
    return tuple(
        Variant(case.setting, case.value, *(np.median(drawn, axis=0) for drawn in zip(*shares, strict=True)))
        for case, shares in zip(cases, zip(*by_world, strict=True), strict=True)
    )


def _prepared(arcs: Arcs, cases: Sequence[Case]) -> tuple[Setting, ...]:
    """Return what each case is reckoned from, all on the same roads, fitted at median costs."""
    run = prepare_setting(arcs, cases[0].evidence, replace(cases[0].plan, mode="point"))
    legs = route_world(run.roads, base_costs(arcs, run.plan.costs)).legs
    bare = [
        replace(
            run,
            evidence=case.evidence,
            prior=priors(case.evidence, case.plan.priors),
            plan=case.plan,
            base=None,
        )
        for case in cases[1:]
    ]
    return (run, *(replace(one, base=fit_point(_target(one, legs))) for one in bare))


def _in_world(settings: tuple[Setting, ...], world: int) -> list[Shares]:
    """Return, for each case, the share of edges, ports, zones and municipalities in one cost world."""
    roads, plan = settings[0].roads, settings[0].plan
    routed = route_world(roads, draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world))
    found = []
    for setting in settings:
        fit = fit_point(_target(setting, routed.legs), guess=cast("Fit", setting.base).theta)
        model = flow(unflatten(fit.theta, setting.prior), setting.evidence, routed.legs)
        north, south = zone_port(model, setting.evidence), port_municipality(model, setting.evidence)
        edges = edge_flow(roads, routed, north, south)
        found.append((edges, model.port, north.sum(axis=1), south.sum(axis=0)))
    return found


def _target(setting: Setting, legs: LegCosts) -> Target:
    return Target(setting.evidence, legs, setting.prior, setting.plan.likelihood)


def own_side(
    arcs: Arcs, evidence: Evidence, posterior: FlowDraws, plan: InferencePlan, origins: FloatArray
) -> FloatArray:
    """Return (edges, columns) flow over each edge by where it comes from, in the north, or goes to, in the south.

    A column is one of `origins` on edges of the north and of the ports, and one of the evidence's Mexican states on those
    of the south; columns past the shorter list are zero there. Means over the first draw of the worlds that flow by port
    is kept of.

    Parameters
    ----------
    arcs, evidence, plan
        What the run was inferred from.
    posterior
        Its draws.
    origins
        (zones, origins) part of each zone in each place of origin.
    """
    worlds, draws = np.unique(posterior.world[posterior.kept], return_index=True)
    ends = np.eye(len(evidence.mx_states))[evidence.municipality_state]
    columns = max(origins.shape[1], ends.shape[1])
    wide = [np.pad(one, ((0, 0), (0, columns - one.shape[1]))).T for one in (origins, ends)]
    reckon = partial(_side_flow, prepare_routing(arcs, evidence.connectors), posterior, plan, wide)
    kept = list(zip(worlds.tolist(), draws.tolist(), strict=True))[: PORT_WORLDS[plan.mode]]
    found = thread_executor(plan.jobs)(
        lambda own, n: own(world=kept[n][0], draw=kept[n][1]), reckon, len(kept)
    )
    return np.asarray(sum(found) / len(kept))


def _side_flow(
    roads: RoutedNetwork,
    posterior: FlowDraws,
    plan: InferencePlan,
    sides: Sequence[FloatArray],
    *,
    world: int,
    draw: int,
) -> FloatArray:
    """Return (edges, columns) flow of one draw."""
    routed = route_world(roads, draw_costs(roads.arcs, plan.costs, seed=plan.seed, world=world))
    north, south = posterior.zone_port[draw], posterior.port_municipality[draw]
    return np.stack(
        [
            edge_flow(roads, routed, north * start[:, None], south * end)
            for start, end in zip(*sides, strict=True)
        ],
        axis=1,
    )
