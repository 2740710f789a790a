"""The ensemble: in every cost world, legs from the ports, draws of the parameters, and the flow on every edge.

Cost weights are cut from feedback (docs/method.md 5.3): every world counts the same, however well it fits. A world is drawn
by a plain function of (problem, number), so worlds may be computed by threads, processes or machines (`executors`); the
results are put together in the order of the worlds, and so are the same to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from corridors.core.draws import FlowDraws, FlowParts
from corridors.core.types import freeze
from corridors.inference.fitting.executors import process_executor, thread_executor
from corridors.inference.fitting.hmc import Sampled, WarmUp, adapt, sample_world
from corridors.inference.fitting.kept import WORLDS, found
from corridors.inference.fitting.point import Fit, fit_point
from corridors.inference.fitting.problem import with_evidence
from corridors.inference.model.choice import flow, with_pairs
from corridors.inference.model.parameters import prior_draws, unflatten
from corridors.inference.routing.places import edge_flow, edge_flow_by_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from corridors.core.settings import Structure
    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.kept import Kept
    from corridors.inference.fitting.problem import Mode, Problem
    from corridors.inference.model.flow import Flow
    from corridors.inference.routing.places import CostWorld, LegCosts

POOLED = (
    "edge",
    "zone_port",
    "port_municipality",
    "state_flow",
    "origin_port",
    "origin_mx_state",
    "port",
    "state_pair",
    "theta",
    "log_density",
)
KEPT_DRAWS = 2
"""Draws of a world's chain that are kept, evenly spaced and the last among them: with the flow on every edge and between
all places more would not fit in memory, and all tables are of the same draws, so that their means add up."""
PARTS_WORLDS: Mapping[Mode, int] = {"posterior": 16, "point": 4, "prior": 0}
"""Worlds whose flow is also kept in parts, such as port by port: their mean is what the map shows of a choice."""
OTHER_DRAWS, OTHER_LIMITS = 300, (1.05, 100.0)
"""Draws of each chain at median costs under the other structure, and when they agree: they say whether shares are within a
factor and a band of this structure's, which needs no third digit."""
PRIOR_WORLDS = 100
"""Worlds drawn from the priors: the variance that the posterior's is compared with needs no more."""
HELD = ("demand_terms", "demand_effect", "log_beta", "log_power", "log_beta_mx", "log_power_mx")
"""Parameters of the choice of municipality, by either structure, that stay the posterior's where edges are drawn from the priors."""
_ROWS = 4
"""Sets the choice of a posterior's draws apart from all other draws of a seed."""


@dataclass(frozen=True, slots=True, eq=False)
class WorldDraws:
    """What one world gives, first axis the draws: shares, parameters, log density, and what went wrong.

    Parameters
    ----------
    edge, zone_port, port_municipality, state_flow, origin_port, origin_mx_state, port, state_pair, theta, log_density
        As in `FlowDraws`; flat vectors of parameters, and the log density at each.
    failed
        Divergent transitions, or fits that did not converge.
    parts
        The parts of the first draw's flow, in the first worlds.
    """

    edge: FloatArray
    zone_port: FloatArray
    port_municipality: FloatArray
    state_flow: FloatArray
    origin_port: FloatArray
    origin_mx_state: FloatArray
    port: FloatArray
    state_pair: FloatArray
    theta: FloatArray
    log_density: FloatArray
    failed: int
    parts: FlowParts | None


def infer(
    problem: Problem,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    kept: Kept | None = None,
) -> FlowDraws:
    """Return draws of the modelled flow, the same number in each cost world.

    Parameters
    ----------
    problem
        As prepared; in mode "posterior" the sampler is first tuned at median costs, which takes minutes.
    executor
        Where the worlds are computed; threads or processes of this machine by default, `plan.jobs` of them.
    progress
        Called with (worlds done, worlds in all).
    kept
        Where what is sampled is kept in mode "posterior", and found again; nowhere by default.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    plan = problem.plan
    # the sampler is Python between its compiled parts and holds the interpreter's lock
    executor = executor or (process_executor if plan.mode == "posterior" else thread_executor)(plan.jobs)
    kept = kept if plan.mode == "posterior" else None
    if plan.mode == "posterior" and problem.start is None:
        with threadpool_limits(1, user_api="blas"):
            start = adapt(problem.target, seed=plan.seed, executor=executor, kept=kept, name=plan.structure)
        problem = replace(problem, start=start)
    return _pool(_worlds(problem, executor, kept), problem, progress)


def infer_other(
    problem: Problem, structure: Structure, worlds: int, *, kept: Kept | None = None
) -> FlowDraws:
    """Return draws of the same problem under the other structure of the choice, in the first of its cost worlds.

    Parameters
    ----------
    problem
        The run's own.
    structure
        The other structure.
    worlds
        Number of cost worlds, the run's own at most.
    kept
        As of `infer`.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    plan = replace(problem.plan, structure=structure, worlds=min(worlds, problem.plan.worlds))
    other = with_evidence(problem, problem.evidence, plan)
    executor = process_executor(plan.jobs)
    with threadpool_limits(1, user_api="blas"):
        start = adapt(
            other.target,
            seed=plan.seed,
            draws=OTHER_DRAWS,
            limits=OTHER_LIMITS,
            executor=executor,
            kept=kept,
            name=structure,
        )
    return infer(replace(other, start=start), executor=executor, kept=kept)


class _WorldTask(NamedTuple):
    """What the worlds share: the problem, and what was sampled before in some of them, by the world's number."""

    problem: Problem
    sampled: Mapping[int, Sampled]


def _worlds(problem: Problem, executor: Executor, kept: Kept | None) -> Iterator[WorldDraws]:
    """Yield the draws of each cost world in order; what is sampled anew is kept."""
    plan = problem.plan
    names = [f"{plan.structure}-world-{n}" for n in range(plan.worlds)]
    sampled = {
        n: Sampled(arrays["theta"], arrays["log_density"], int(arrays["divergences"]))
        for n, arrays in found(kept, WORLDS, names).items()
    }
    for n, drawn in enumerate(executor(_draw_task, _WorldTask(problem, sampled), plan.worlds)):
        if kept is not None and n not in sampled:
            own = Sampled(drawn.theta, drawn.log_density, drawn.failed)
            kept.keep(names[n], {key: np.asarray(value) for key, value in own._asdict().items()})
        yield drawn


def _draw_task(task: _WorldTask, world: int) -> WorldDraws:
    """Return the draws of one cost world, sampled now or before."""
    return draw_world(task.problem, world, task.sampled.get(world))


class _PriorTask(NamedTuple):
    """What the worlds share: the problem with its plan for draws of the priors, and the posterior's parameters and pairs."""

    problem: Problem
    parameters: Mapping[str, FloatArray]
    state_pair: FloatArray


def infer_prior(problem: Problem, posterior: FlowDraws) -> FlowDraws:
    """Return draws of the flow under the priors alone, as if nothing were published, in at most `PRIOR_WORLDS` worlds.

    The flow over edges alone is that of draws given the posterior's pairs of states and its choice of municipality: else
    all that the figures say of states, that guns go far south for one, would count as evidence of every road on the way.

    Parameters
    ----------
    problem, posterior
        What was inferred from, and its draws.
    """
    plan = problem.plan
    own = replace(plan, mode="prior", worlds=min(PRIOR_WORLDS, plan.worlds), draws=KEPT_DRAWS)
    given = replace(problem, plan=own, start=None)
    held = {name: posterior.parameters[name] for name in HELD if name in posterior.parameters}
    task = _PriorTask(given, held, posterior.state_pair)
    worlds = thread_executor(plan.jobs)(_draw_prior, task, own.worlds)
    return _pool(worlds, given, None)


def _draw_prior(task: _PriorTask, world: int) -> WorldDraws:
    """Return draws of the priors in one cost world, the flow over edges given the pairs of as many draws of the posterior."""
    problem = task.problem
    routed = problem.world(world)
    legs = problem.kept_legs(routed.legs)
    theta, log_density, failed = _draw(problem, routed.legs, world)
    rows = np.random.default_rng([problem.plan.seed, world, _ROWS]).integers(
        len(task.state_pair), size=len(theta)
    )
    models, edges = [], []
    for one, row in zip(theta, rows, strict=True):
        own = unflatten(one, problem.prior)
        models.append(flow(own, problem.evidence, legs))
        held = own | {name: values[row] for name, values in task.parameters.items()}
        given = with_pairs(held, problem.evidence, legs, task.state_pair[row])
        edges.append(edge_flow(problem.network, routed, given.zone_port(), given.port_municipality()))
    return _world_draws(problem, models, np.stack(edges), (theta, log_density, failed))


def draw_world(problem: Problem, world: int, sampled: Sampled | None = None) -> WorldDraws:
    """Return the draws of one cost world; they depend on the problem and the world's number alone.

    Parameters
    ----------
    problem, world
        What is inferred from, and the world's number.
    sampled
        The parameters that an earlier call kept of this world.
    """
    network, evidence = problem.network, problem.evidence
    routed = problem.world(world)
    theta, log_density, failed = sampled or _draw(problem, routed.legs, world)
    kept = _evenly(len(theta))
    theta, log_density = theta[kept], log_density[kept]
    legs = problem.kept_legs(routed.legs)
    models = [flow(unflatten(one, problem.prior), evidence, legs) for one in theta]
    flows = [(model.zone_port(), model.port_municipality()) for model in models]
    edge = np.stack([edge_flow(network, routed, *trips) for trips in flows])
    drawn = _world_draws(problem, models, edge, (theta, log_density, failed))
    in_parts = world < PARTS_WORLDS[problem.plan.mode]
    return replace(drawn, parts=_parts(problem, routed, models[0])) if in_parts else drawn


def _world_draws(
    problem: Problem, models: Sequence[Flow], edge: FloatArray, drawn: tuple[FloatArray, FloatArray, int]
) -> WorldDraws:
    """Return the draws of a world, but for their parts; `drawn` as `_draw` returns them, of the draws that are kept."""
    theta, log_density, failed = drawn
    by_state, by_port, by_end = (
        np.stack(kept) for kept in zip(*(problem.journeys(model) for model in models), strict=True)
    )
    return WorldDraws(
        edge=edge,
        zone_port=np.stack([model.zone_port() for model in models]),
        port_municipality=np.stack([model.port_municipality() for model in models]),
        state_flow=by_state,
        origin_port=by_port,
        origin_mx_state=by_end,
        port=np.stack([model.port for model in models]),
        state_pair=np.stack([model.state_pair for model in models]),
        theta=theta,
        log_density=log_density,
        failed=failed,
        parts=None,
    )


def _parts(problem: Problem, routed: CostWorld, model: Flow) -> FlowParts:
    """Return one draw's flow over each edge, and to and from each place, by what it is part of."""
    network, of_state, origins = problem.network, problem.evidence.municipality_state, problem.starts
    by_zone, by_municipality = model.zone_port(), model.port_municipality()
    arrivals = [model.arrivals(origin) for origin in origins]
    departures = np.moveaxis(model.journeys(np.eye(len(by_zone))), 2, 0)
    by_origin = [
        edge_flow(network, routed, by_zone * o[:, None], a) for o, a in zip(origins, arrivals, strict=True)
    ]
    by_state = [
        edge_flow(network, routed, d, by_municipality * (of_state == n)) for n, d in enumerate(departures)
    ]
    return FlowParts(
        edge_port=edge_flow_by_port(network, routed, by_zone, by_municipality),
        edge_origin=np.stack(by_origin, axis=1),
        edge_mx_state=np.stack(by_state, axis=1),
        municipality_origin=np.stack([one.sum(axis=0) for one in arrivals], axis=1),
        zone_mx_state=departures.sum(axis=2).T,
    )


def _evenly(draws: int) -> IntArray:
    """Return the positions of at most `KEPT_DRAWS` of the draws, evenly spaced, the last among them."""
    kept = min(draws, KEPT_DRAWS)
    return (np.arange(1, kept + 1) * draws) // kept - 1


def _draw(problem: Problem, legs: LegCosts, world: int) -> tuple[FloatArray, FloatArray, int]:
    """Return a world's draws (draws, parameters), their log density, and how many failed."""
    plan, start = problem.plan, problem.start
    target = problem.target_at(legs)
    if start is None:
        theta = prior_draws(problem.prior, seed=[plan.seed, world], draws=plan.draws)
        return theta, np.full(len(theta), np.nan), 0
    if isinstance(start, Fit):
        fit = fit_point(target, guess=start.theta)
        return fit.theta[None], np.array([fit.value]), int(not fit.converged)
    drawn = sample_world(start, target, seed=plan.seed, world=world, draws=plan.draws)
    return drawn.theta, drawn.log_density, drawn.divergences


def _pool(
    worlds: Iterable[WorldDraws], problem: Problem, progress: Callable[[int, int], None] | None
) -> FlowDraws:
    """Return the worlds' draws as one posterior, each world with the same weight, as they come in.

    Arrays are filled in place: a list of all worlds and what is joined from it would be in memory together.
    """
    total, plan = problem.plan.worlds, problem.plan
    pooled: dict[str, FloatArray] = {}
    parts: FlowParts | None = None
    each = failed = 0
    for n, drawn in enumerate(worlds):
        each = len(drawn.theta)
        for name in POOLED:
            values = getattr(drawn, name)
            rows = pooled.setdefault(name, np.empty((total * len(values), *values.shape[1:])))
            rows[n * len(values) : (n + 1) * len(values)] = values
        failed += drawn.failed
        if drawn.parts is not None:
            parts = drawn.parts if parts is None else FlowParts(*map(np.add, parts, drawn.parts))
        if progress is not None:
            progress(n + 1, total)
    if parts is not None:
        parts = FlowParts(*(one / min(total, PARTS_WORLDS[plan.mode]) for one in parts))
        freeze(*parts)
    parameters = unflatten(pooled["theta"], problem.prior) | {"log_density": pooled["log_density"]}
    freeze(*pooled.values(), *parameters.values())
    return FlowDraws(
        edge_share=pooled["edge"],
        port_share=pooled["port"],
        state_pair=pooled["state_pair"],
        zone_port=pooled["zone_port"],
        port_municipality=pooled["port_municipality"],
        state_flow=pooled["state_flow"],
        origin_port=pooled["origin_port"],
        origin_mx_state=pooled["origin_mx_state"],
        parameters=parameters,
        kind=plan.mode,
        world=np.arange(total * each) // each,
        parts=parts,
        diagnostics=_diagnostics(problem.start, total, failed),
    )


def _diagnostics(start: WarmUp | Fit | None, worlds: int, failed: int) -> dict[str, Any]:
    """Return how the sampler or the fits did, for the manifest."""
    if start is None:
        return {}
    if isinstance(start, Fit):
        return {"worlds": worlds, "worlds_not_converged": failed, "converged": failed == 0}
    return {**start.diagnostics.summary(), "divergences_in_worlds": failed}
