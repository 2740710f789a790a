"""Information gain: how far the published figures narrow each quantity, and which figures do (docs/method.md 6.5 and 4.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from corridors.core.results import InformationGain
from corridors.inference.fitting.executors import process_executor
from corridors.inference.fitting.hmc import adapt
from corridors.inference.model.parameters import prior_draws, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.fitting.executors import Executor
    from corridors.inference.fitting.point import Target
    from corridors.inference.fitting.problem import Problem
    from corridors.inference.model.likelihood import Block, LikelihoodOptions
    from corridors.inference.model.parameters import Prior

ORDER: tuple[Block, ...] = (
    "states",
    "pairs",
    "pair_bound",
    "cities",
    "municipal",
    "events",
    "ports",
    "crossings",
)
"""Blocks of figures in the order in which they are added: each one's gain is over those before it."""
TUNE, DRAWS = 60, 250
"""A short chain is enough for a spread."""
PRIOR_DRAWS = 600
MIN_VARIANCE = 1e-12
QUANTILES = (0.05, 0.5, 0.95)
REPORTED_PORTS = 8
PARAMETERS: dict[str, Callable[[Mapping[str, FloatArray]], float]] = {
    "theta": lambda p: float(np.exp(p["log_theta"])),
    "us_weight": lambda p: float(np.exp(p["log_us_weight"])),
    "beta": lambda p: float(np.exp(p["log_beta"])),
    "power": lambda p: float(np.exp(p["log_power"])),
    "kappa": lambda p: float(np.exp(p["log_kappa"])),
    "beta_us": lambda p: float(np.exp(p["log_beta_us"])),
    "power_us": lambda p: float(np.exp(p["log_power_us"])),
    "beta_mx": lambda p: float(np.exp(p["log_beta_mx"])),
    "power_mx": lambda p: float(np.exp(p["log_power_mx"])),
    "mu": lambda p: float(expit(p["logit_mu"])),
    "nu": lambda p: float(expit(p["logit_nu"])),
    "volume_power": lambda p: float(p["volume_power"]),
    "laws": lambda p: float(p["state_terms"][0]),
    "checks": lambda p: float(p["state_terms"][1]),
}
"""Parameters on the scale of their settings, by name; a structure has some of them."""


class Quantity(NamedTuple):
    """Something a reader may care about: a kind, and which (a port, a pair of states, …)."""

    kind: str
    key: str


class Margins(NamedTuple):
    """(draws, us states, mx states) and (draws, ports) shares of the flow."""

    state_pair: FloatArray
    port: FloatArray


class _Task(NamedTuple):
    """What every step is fitted to: all but the blocks of figures, which grow from step to step."""

    target: Target
    used: tuple[Block, ...]
    seed: int


def information_gain(problem: Problem, *, executor: Executor | None = None) -> list[InformationGain]:
    """Return how far the figures narrow each quantity, at median costs, block after block.

    Parameters
    ----------
    problem
        What the posterior is inferred from.
    executor
        Where the steps are computed; `plan.jobs` processes of this machine by default.
    """
    evidence, prior, plan = problem.evidence, problem.prior, problem.plan
    used = tuple(block for block in ORDER if _is_used(block, plan.likelihood))
    task = _Task(problem.target, used, plan.seed)
    draws = [prior_draws(prior, seed=[plan.seed, 0], draws=PRIOR_DRAWS)]
    draws += (executor or process_executor(plan.jobs))(_with_blocks, task, len(used))
    margins = [margins_of(theta, task.target) for theta in draws]
    leading = np.argsort(-np.median(margins[-1].port, axis=0), kind="stable")[:REPORTED_PORTS]
    values = [
        quantities(theta, margin, evidence, prior, ports=leading.tolist())
        for theta, margin in zip(draws, margins, strict=True)
    ]
    return [
        InformationGain(
            kind=quantity.kind,
            key=quantity.key,
            prior=_band(values[0][quantity]),
            posterior=_band(values[-1][quantity]),
            variance_reduction=_variance_reduction([one[quantity] for one in values], used),
        )
        for quantity in values[0]
    ]


def quantities(
    theta: FloatArray,
    margins: Margins,
    evidence: Evidence,
    prior: Mapping[str, Prior],
    *,
    ports: Sequence[int],
) -> dict[Quantity, FloatArray]:
    """Return (draws,) values of each quantity: what readers ask for, then the parameters behind it.

    Parameters
    ----------
    theta, margins
        (draws, parameters) flat vectors, and the flow's margins at each.
    ports
        Positions of the ports to report.
    """
    state_pair, by_port = margins
    by_state = state_pair.sum(axis=2)
    found: dict[Quantity, FloatArray] = {}
    for n, state in enumerate(evidence.us_states):
        found[Quantity("state", state)] = by_state[:, n]
    for r, a in evidence.published.pairs.tolist():
        key = f"{evidence.us_states[r]}>{evidence.mx_states[a]}"
        found[Quantity("pair", key)] = state_pair[:, r, a] / by_state[:, r]
    for port in ports:
        found[Quantity("port", str(port))] = by_port[:, port]
    named = [unflatten(one, prior) for one in theta]
    for name in reported_parameters(prior):
        of = PARAMETERS[name]
        found[Quantity("parameter", name)] = np.array([of(one) for one in named])
    return found


def reported_parameters(prior: Mapping[str, Prior]) -> list[str]:
    """Return the names of the reported parameters that a structure has."""
    inner = {"laws": "state_terms", "checks": "state_terms"}
    return [
        name
        for name in PARAMETERS
        if not {inner.get(name, name), f"log_{name}", f"logit_{name}"}.isdisjoint(prior)
    ]


def margins_of(theta: FloatArray, target: Target) -> Margins:
    """Return the margins at each of (draws, parameters) flat vectors; the flows themselves would fill gigabytes."""
    found = [(model.state_pair, model.port) for model in target.flows(theta)]
    state_pair, port = zip(*found, strict=True)
    return Margins(np.stack(state_pair), np.stack(port))


def _with_blocks(task: _Task, n: int) -> FloatArray:
    """Return draws given the first blocks, n + 1 of them."""
    options = replace(task.target.options, blocks=frozenset(task.used[: n + 1]))
    target = replace(task.target, options=options)
    return adapt(target, seed=task.seed, chains=1, tune=TUNE, draws=DRAWS).draws


def _is_used(block: Block, options: LikelihoodOptions) -> bool:
    """Whether the block is in the likelihood of this run."""
    return block in options.used and (block != "ports" or bool(np.isfinite(options.inspection_sd)))


def _band(values: FloatArray) -> tuple[float, ...]:
    """Return the quantiles of a quantity."""
    return tuple(np.quantile(values, QUANTILES).tolist())


def _variance_reduction(values: Sequence[FloatArray], blocks: Sequence[Block]) -> dict[str, float]:
    """Return the fraction of the first squared spread that each step removes for good.

    Spread is between the quartiles: a short chain estimates it better than a variance, which its tails dominate. What a
    later step gives back is not counted: figures that contradict each other are no gain.
    """
    squared_spread = np.array([np.subtract(*np.quantile(one, (0.75, 0.25))) ** 2 for one in values])
    removed = np.maximum(0, 1 - squared_spread / max(squared_spread[0], MIN_VARIANCE))
    removed = np.minimum.accumulate(removed[::-1])[::-1]
    return {block: float(fraction) for block, fraction in zip(blocks, np.diff(removed), strict=True)}
