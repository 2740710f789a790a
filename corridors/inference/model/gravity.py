"""The choice model: supply -> port of entry -> municipality, factorised over ports (docs/method.md 3.3).

Because the border is a cut, a path is a zone's leg to a port and the port's leg to a municipality, so no zone x
municipality array is ever made: every margin of P_ikj is a product of (zones x ports) and (ports x
municipalities). Symbols as in docs/method.md 1.3: i zone, k port, j municipality, r US state, a Mexican state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import expit, softmax

from corridors.inference.routing.places import MIN_HOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import Evidence, FloatArray, IntArray
    from corridors.inference.routing.places import Legs

    Parameters = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Flow:
    """The model at one set of parameters: the margins, and what the gradient needs again.

    Parameters
    ----------
    cell
        (us states, mx states), sums to 1.
    zone, port, municipality
        Margins over zones, ports and municipalities, each sums to 1.
    """

    cell: FloatArray
    zone: FloatArray
    port: FloatArray
    municipality: FloatArray
    port_given_zone: FloatArray
    municipality_given_port: FloatArray
    zone_prior: FloatArray
    joint: FloatArray
    state_port: FloatArray
    port_state: FloatArray
    pull: FloatArray
    push: FloatArray
    unscaled: FloatArray
    total: float
    access: FloatArray
    port_access: FloatArray
    us_resistance: FloatArray
    resistance: FloatArray
    within: FloatArray
    log_sum: float


@dataclass(frozen=True, slots=True)
class South:
    """The half of the model beyond the ports: who changes nothing there need not reckon it again.

    Parameters
    ----------
    municipality_given_port, port_access, port_state
        (ports, municipalities) rows sum to 1; (ports,) Gamma_k; (ports, mx states) rows sum to 1.
    resistance, within
        What the gradient needs again.
    """

    municipality_given_port: FloatArray
    port_access: FloatArray
    port_state: FloatArray
    resistance: FloatArray
    within: FloatArray


def south(parameters: Parameters, evidence: Evidence, legs: Legs) -> South:
    """Return the choice of municipality at each port: V_kj = log D_j - beta_mx c_kj ** power, Gamma_k = logsum_j V_kj."""
    p = parameters
    demand, within = log_demand(p, evidence)
    resistance = legs.log_mx * np.exp(p["log_power_mx"])
    np.exp(resistance, out=resistance)
    value = resistance * -np.exp(p["log_beta_mx"])
    value += demand
    q, port_access = _softmax(value)
    first, state = _runs(evidence.municipality_state)
    port_state = np.zeros((len(q), len(evidence.mx_states)))
    _sum_runs(q, np.ones(q.shape[1]), first, state, port_state)
    return South(q, port_access, port_state, resistance, within)


def flow(parameters: Parameters, evidence: Evidence, legs: Legs, beyond: South | None = None) -> Flow:
    """Return the modelled flow.

    W_ik = log A_k - beta_us c_ik ** power_us + mu Gamma_k;  Lambda_i = logsum_k W_ik;
    P_i = softmax(log S_i + nu Lambda_i);
    P_ikj ~ P_i P(k|i) P(j|k) exp(omega_ra), and `log_sum` is the logarithm of what all of these sum to before they are
    scaled: log sum_i S_i exp(nu Lambda_i) sum_kj P(k|i) P(j|k) exp(omega_ra).

    Parameters
    ----------
    beyond
        `south` of the same parameters, demand and Mexican legs, where it is known already.
    """
    p = parameters
    beyond = beyond or south(p, evidence, legs)
    q, port_access, port_state = beyond.municipality_given_port, beyond.port_access, beyond.port_state
    attraction = p["volume_power"] * evidence.log_port_volume + evidence.log_open_fraction + p["port_effect"]
    us_resistance = np.maximum(legs.us, MIN_HOURS) ** np.exp(p["log_power_us"])
    r, access = _softmax(
        us_resistance * -np.exp(p["log_beta_us"]) + (attraction + expit(p["logit_mu"]) * port_access)
    )
    by_state = evidence.state_terms @ p["state_terms"] + p["state_effect"]
    log_supply = evidence.log_supply + by_state[evidence.zone_state] + p["zone_effect"]
    value = log_supply + expit(p["logit_nu"]) * access
    zone_prior, top = softmax(value), value.argmax()
    joint = zone_prior[:, None] * r
    state_port = _members(evidence.zone_state, len(evidence.us_states)) @ joint
    first, state = _runs(evidence.municipality_state)
    lift = np.exp(p["affinity"])
    unscaled = (state_port @ port_state) * lift
    total = float(unscaled.sum())
    pull = port_state @ lift.T
    push = state_port.T @ lift
    municipality = np.zeros(q.shape[1])
    _mix_runs(q, push / total, first, state, municipality)
    return Flow(
        cell=unscaled / total,
        zone=np.einsum("ik,ik->i", joint, pull.T[evidence.zone_state]) / total,
        port=np.einsum("ka,ka->k", push, port_state) / total,
        municipality=municipality,
        port_given_zone=r,
        municipality_given_port=q,
        zone_prior=zone_prior,
        joint=joint,
        state_port=state_port,
        port_state=port_state,
        pull=pull,
        push=push,
        unscaled=unscaled,
        total=total,
        access=access,
        port_access=port_access,
        us_resistance=us_resistance,
        resistance=beyond.resistance,
        within=beyond.within,
        log_sum=float(value[top] - np.log(zone_prior[top]) + np.log(total)),
    )


def zone_port(model: Flow, evidence: Evidence) -> FloatArray:
    """Return (zones, ports) shares of the flow, summing to 1."""
    return model.joint * model.pull.T[evidence.zone_state] / model.total


def port_municipality(model: Flow, evidence: Evidence) -> FloatArray:
    """Return (ports, municipalities) shares of the flow, summing to 1."""
    return model.municipality_given_port * model.push[:, evidence.municipality_state] / model.total


def gradient(
    parameters: Parameters,
    evidence: Evidence,
    legs: Legs,
    model: Flow,
    *,
    cell: FloatArray,
    zone: FloatArray,
    municipality: FloatArray,
    port: FloatArray | None = None,
) -> dict[str, FloatArray]:
    """Return the gradient in every parameter of a function of the margins (reverse mode, by hand).

    Parameters
    ----------
    cell, zone, municipality, port
        Derivatives of the function in the margins of `model`; of ports, none by default.
    """
    p = parameters
    of_zone, of_town = evidence.zone_state, evidence.municipality_state
    port = np.zeros_like(model.port) if port is None else port
    lift = np.exp(p["affinity"])
    # through the common divisor
    spread = (cell * model.cell).sum() + zone @ model.zone + municipality @ model.municipality
    spread += port @ model.port
    d_unscaled = (cell - spread) / model.total
    d_zone, d_town, d_share = zone / model.total, municipality / model.total, port[:, None] / model.total
    # margins by state: unscaled = (F Q) lift;  zone = sum_k M pull;  municipality = sum_k q push;  port = push Q
    q = model.municipality_given_port
    first, state = _runs(of_town)
    d_push = np.zeros_like(model.port_state)
    _sum_runs(q, d_town, first, state, d_push)
    own_push = d_push + d_share * model.port_state
    members = _members(of_zone, len(evidence.us_states))
    d_pull = (members @ (model.joint * d_zone[:, None])).T
    d_product = d_unscaled * lift
    d_affinity = d_unscaled * model.unscaled
    d_affinity += (d_pull.T @ model.port_state + model.state_port @ own_push) * lift
    d_state_port = d_product @ model.port_state.T + lift @ own_push.T
    d_port_state = model.state_port.T @ d_product + d_pull @ lift + d_share * model.push
    d_joint = d_zone[:, None] * model.pull.T[of_zone] + d_state_port[of_zone]
    # zones
    r = model.port_given_zone
    d_prior = np.einsum("ik,ik->i", d_joint, r)
    d_log_supply = model.zone_prior * (d_prior - d_prior @ model.zone_prior)
    nu, mu = expit(p["logit_nu"]), expit(p["logit_mu"])
    d_joint -= d_prior[:, None]
    d_w = model.joint * d_joint + (nu * d_log_supply)[:, None] * r
    d_by_state = members @ d_log_supply
    d_port = d_w.sum(axis=0)
    # municipalities: the derivative in V_kj is q_kj (d_town_j push_ka + own_ka)
    mean = np.einsum("ka,ka->k", d_push, model.push) + np.einsum("ka,ka->k", d_port_state, model.port_state)
    own = d_port_state + (mu * d_port - mean)[:, None]
    d_log_demand = np.zeros(q.shape[1])
    d_beta, d_power = _pull_back(
        q, model.resistance, legs.log_mx, d_town, model.push, own, first, state, d_log_demand
    )
    beta_mx, power = np.exp(p["log_beta_mx"]), np.exp(p["log_power_mx"])
    beta_us, power_us = np.exp(p["log_beta_us"]), np.exp(p["log_power_us"])
    # a leg at its floor stays there
    d_us = d_w * model.us_resistance
    log_us = np.log(np.maximum(legs.us, MIN_HOURS))
    return {
        "log_beta_us": -beta_us * d_us.sum(),
        "log_power_us": -beta_us * power_us * np.vdot(d_us, log_us),
        "log_beta_mx": -beta_mx * d_beta,
        "log_power_mx": -beta_mx * power * d_power,
        "logit_mu": mu * (1 - mu) * (d_port @ model.port_access),
        "logit_nu": nu * (1 - nu) * (d_log_supply @ model.access),
        "volume_power": d_port @ evidence.log_port_volume,
        "port_effect": d_port,
        "state_terms": evidence.state_terms.T @ d_by_state,
        "state_effect": d_by_state,
        "zone_effect": d_log_supply,
        **_demand_gradient(d_log_demand, evidence, model.within),
        "affinity": d_affinity,
    }


def log_demand(p: Parameters, evidence: Evidence) -> tuple[FloatArray, FloatArray]:
    """Return log D_j, and each municipality's part of its state where demand is scaled to state totals."""
    of_town = evidence.municipality_state
    value = evidence.log_demand_offset + evidence.demand_terms @ p["demand_terms"]
    within = np.zeros(0)
    if len(evidence.log_state_demand):
        part = _log_softmax_by(value, of_town, len(evidence.mx_states))
        value, within = part + evidence.log_state_demand[of_town], np.exp(part)
    return value + p["demand_effect"][of_town], within


def _demand_gradient(
    d_log_demand: FloatArray, evidence: Evidence, within: FloatArray
) -> dict[str, FloatArray]:
    """Return the gradient in the demand parameters, from that in log D_j."""
    of_town = evidence.municipality_state
    d_effect = np.asarray(
        np.bincount(of_town, weights=d_log_demand, minlength=len(evidence.mx_states)), dtype=np.float64
    )
    if len(within):
        d_log_demand = d_log_demand - within * d_effect[of_town]
    return {"demand_terms": evidence.demand_terms.T @ d_log_demand, "demand_effect": d_effect}


def _softmax(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each row's parts and the logarithm of its sum. Works in `rows`, which is lost."""
    top = rows.max(axis=1, keepdims=True)
    rows -= top
    np.exp(rows, out=rows)
    total = rows @ np.ones((rows.shape[1], 1))
    rows *= 1 / total
    return rows, (top + np.log(total))[:, 0]


def _members(group: IntArray, groups: int) -> FloatArray:
    """Return (groups, items): 1 where the item is of the group. Few groups only."""
    return np.asarray((np.arange(groups)[:, None] == group).astype(np.float64))


def _log_softmax_by(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return the log of each value's part of its group. Log demand spans far less than a float's exponents."""
    top = values.max()
    total = np.bincount(group, weights=np.exp(values - top), minlength=groups)
    return np.asarray(values - top - np.log(total)[group])


def _runs(group: IntArray) -> tuple[IntArray, IntArray]:
    """Return where each run of one group begins, and the end of the last; and the group of each run.

    Municipalities are sorted by state, so runs are long and the loops over them go at the speed of vectors.
    """
    inner = np.flatnonzero(np.diff(group)) + 1
    first = np.concatenate(([0], inner, [len(group)]))
    return first, group[first[:-1]]


# The arrays of (ports, municipalities) are most of the work: compiled passes over slices, each array read once.
# "reassoc" lets sums go in vectors; nothing else of fast-math is allowed.


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def _sum_runs(q: FloatArray, weight: FloatArray, first: IntArray, state: IntArray, out: FloatArray) -> None:
    """Add to out[k, a] the sum of q[k, j] weight[j] over the municipalities j of state a."""
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, weight_run = q[k, here], weight[here]
            total = 0.0
            for j in range(len(q_run)):
                total += q_run[j] * weight_run[j]
            out[k, state[run]] += total


@njit(nogil=True, cache=True)
def _mix_runs(q: FloatArray, push: FloatArray, first: IntArray, state: IntArray, out: FloatArray) -> None:
    """Add to out[j] the sum of q[k, j] push[k, a] over ports."""
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, out_run, share = q[k, here], out[here], push[k, state[run]]
            for j in range(len(q_run)):
                out_run[j] += q_run[j] * share


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def _pull_back(  # noqa: PLR0917 - flat arrays for the compiler
    q: FloatArray,
    resistance: FloatArray,
    log_hours: FloatArray,
    d_town: FloatArray,
    push: FloatArray,
    own: FloatArray,
    first: IntArray,
    state: IntArray,
    out: FloatArray,
) -> tuple[float, float]:
    """Add to out[j] the derivative in V_kj over ports; return its sums times resistance, and times log hours too."""
    by_resistance, by_hours = 0.0, 0.0
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, resistance_run, hours_run = q[k, here], resistance[k, here], log_hours[k, here]
            town_run, out_run = d_town[here], out[here]
            share, rest = push[k, state[run]], own[k, state[run]]
            for j in range(len(q_run)):
                d_value = q_run[j] * (town_run[j] * share + rest)
                out_run[j] += d_value
                d_resistance = d_value * resistance_run[j]
                by_resistance += d_resistance
                by_hours += d_resistance * hours_run[j]
    return by_resistance, by_hours
