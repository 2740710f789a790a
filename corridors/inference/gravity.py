"""The choice model: supply -> port of entry -> municipality, factorised over ports (methods.md 4.3).

Because the border is a cut, a path is a zone's leg to a port and the port's leg to a municipality, so no zone x
municipality array is ever made: every margin of P_ikj is a product of (zones x ports) and (ports x
municipalities). Symbols as in methods.md: i zone, k port, j municipality, r US state, a Mexican state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, softmax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.base.types import Evidence, Floats, Ints

    Parameters = Mapping[str, Floats]

MIN_HOURS = 0.1
"""Floor of the Mexican leg: below it a power of time says nothing the road table can support."""


@dataclass(frozen=True, slots=True)
class Legs:
    """Generalised cost of both legs, hours.

    Parameters
    ----------
    us
        (zones, ports).
    log_mx
        (ports, municipalities), logarithm, of at least `MIN_HOURS`: all the model needs, at every step of a fit.
    """

    us: Floats
    log_mx: Floats


@dataclass(frozen=True, slots=True)
class Flow:
    """The model at one set of parameters: the margins, and what the gradient needs again.

    Parameters
    ----------
    cell
        (us states, mx states), sums to 1.
    zone, municipality
        Margins over zones and municipalities, each sums to 1.
    """

    cell: Floats
    zone: Floats
    municipality: Floats
    port_given_zone: Floats
    municipality_given_port: Floats
    zone_prior: Floats
    joint: Floats
    state_port: Floats
    port_state: Floats
    pull: Floats
    push: Floats
    unscaled: Floats
    total: float
    access: Floats
    port_access: Floats
    resistance: Floats
    within: Floats


def flow(parameters: Parameters, evidence: Evidence, legs: Legs) -> Flow:
    """Return the modelled flow.

    V_kj = log D_j - beta_mx c_kj ** power;  Gamma_k = logsum_j V_kj;  W_ik = log A_k - beta_us c_ik + mu Gamma_k;
    Lambda_i = logsum_k W_ik;  P_i = softmax(log S_i + nu Lambda_i);  P_ikj ~ P_i P(k|i) P(j|k) exp(omega_ra).
    """
    p = parameters
    states, mexican = len(evidence.us_states), len(evidence.mx_states)
    log_demand, within = _log_demand(p, evidence)
    resistance = np.exp(np.exp(p["log_power_mx"]) * legs.log_mx)
    q, port_access = _softmax(log_demand - np.exp(p["log_beta_mx"]) * resistance)
    attraction = p["volume_power"] * evidence.port_volume + evidence.port_open + p["port_effect"]
    w = attraction + expit(p["logit_mu"]) * port_access - np.exp(p["log_beta_us"]) * legs.us
    r, access = _softmax(w)
    by_state = evidence.state_terms @ p["state_terms"] + p["state_effect"]
    log_supply = evidence.supply + by_state[evidence.zone_state] + p["zone_effect"]
    zone_prior = softmax(log_supply + expit(p["logit_nu"]) * access)
    joint = zone_prior[:, None] * r
    state_port = _sum_by(joint, evidence.zone_state, states)
    port_state = _sum_by(q.T, evidence.municipality_state, mexican).T
    lift = np.exp(p["affinity"])
    unscaled = (state_port @ port_state) * lift
    total = float(unscaled.sum())
    pull = port_state @ lift.T
    push = state_port.T @ lift
    return Flow(
        cell=unscaled / total,
        zone=(joint * pull.T[evidence.zone_state]).sum(axis=1) / total,
        municipality=(q * push[:, evidence.municipality_state]).sum(axis=0) / total,
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
        resistance=resistance,
        within=within,
    )


def zone_port(model: Flow, evidence: Evidence) -> Floats:
    """Return (zones, ports) shares of the flow, summing to 1."""
    return model.joint * model.pull.T[evidence.zone_state] / model.total


def port_municipality(model: Flow, evidence: Evidence) -> Floats:
    """Return (ports, municipalities) shares of the flow, summing to 1."""
    return model.municipality_given_port * model.push[:, evidence.municipality_state] / model.total


def gradient(
    parameters: Parameters,
    evidence: Evidence,
    legs: Legs,
    model: Flow,
    *,
    cell: Floats,
    zone: Floats,
    municipality: Floats,
) -> dict[str, Floats]:
    """Return the gradient in every parameter of a function of the margins (reverse mode, by hand).

    Parameters
    ----------
    cell, zone, municipality
        Derivatives of the function in the margins of `model`.
    """
    p = parameters
    of_zone, of_town = evidence.zone_state, evidence.municipality_state
    states, mexican = len(evidence.us_states), len(evidence.mx_states)
    lift = np.exp(p["affinity"])
    # through the common divisor
    spread = (cell * model.cell).sum() + zone @ model.zone + municipality @ model.municipality
    d_unscaled = (cell - spread) / model.total
    d_zone, d_town = zone / model.total, municipality / model.total
    # margins by state: unscaled = (F Q) lift;  zone = sum_k M pull;  municipality = sum_k q push
    d_product = d_unscaled * lift
    d_affinity = d_unscaled * model.unscaled
    d_state_port = d_product @ model.port_state.T
    d_port_state = model.state_port.T @ d_product
    d_joint = d_zone[:, None] * model.pull.T[of_zone]
    d_pull = _sum_by(model.joint * d_zone[:, None], of_zone, states).T
    d_port_state += d_pull @ lift
    d_affinity += (d_pull.T @ model.port_state) * lift
    d_q = d_town * model.push[:, of_town]
    d_push = _sum_by((model.municipality_given_port * d_town).T, of_town, mexican).T
    d_state_port += lift @ d_push.T
    d_affinity += (model.state_port @ d_push) * lift
    d_joint += d_state_port[of_zone]
    d_q += d_port_state[:, of_town]
    # zones
    r = model.port_given_zone
    d_prior = (d_joint * r).sum(axis=1)
    d_log_supply = model.zone_prior * (d_prior - d_prior @ model.zone_prior)
    d_r = model.zone_prior[:, None] * d_joint
    nu, mu = expit(p["logit_nu"]), expit(p["logit_mu"])
    d_w = r * (d_r - (d_r * r).sum(axis=1, keepdims=True) + nu * d_log_supply[:, None])
    d_by_state = np.bincount(of_zone, weights=d_log_supply, minlength=states)
    d_port = d_w.sum(axis=0)
    # municipalities
    q = model.municipality_given_port
    d_value = q * (d_q - (d_q * q).sum(axis=1, keepdims=True) + mu * d_port[:, None])
    beta_mx, power = np.exp(p["log_beta_mx"]), np.exp(p["log_power_mx"])
    d_resistance = -beta_mx * d_value
    return {
        "log_beta_us": -np.exp(p["log_beta_us"]) * (d_w * legs.us).sum(),
        "log_beta_mx": (d_resistance * model.resistance).sum(),
        "log_power_mx": power * (d_resistance * model.resistance * legs.log_mx).sum(),
        "logit_mu": mu * (1 - mu) * (d_port @ model.port_access),
        "logit_nu": nu * (1 - nu) * (d_log_supply @ model.access),
        "volume_power": d_port @ evidence.port_volume,
        "port_effect": d_port,
        "state_terms": evidence.state_terms.T @ d_by_state,
        "state_effect": d_by_state,
        "zone_effect": d_log_supply,
        **_demand_gradient(d_value.sum(axis=0), evidence, model.within),
        "affinity": d_affinity,
    }


def _log_demand(p: Parameters, evidence: Evidence) -> tuple[Floats, Floats]:
    """Return log D_j, and each municipality's part of its state where demand is scaled to state totals."""
    of_town = evidence.municipality_state
    log_demand = evidence.demand_offset + evidence.demand_terms @ p["demand_terms"]
    within = np.zeros(0)
    if len(evidence.demand_state):
        part = _log_softmax_by(log_demand, of_town, len(evidence.mx_states))
        log_demand, within = part + evidence.demand_state[of_town], np.exp(part)
    return log_demand + p["demand_effect"][of_town], within


def _demand_gradient(d_log_demand: Floats, evidence: Evidence, within: Floats) -> dict[str, Floats]:
    """Return the gradient in the demand parameters, from that in log D_j."""
    of_town = evidence.municipality_state
    d_effect = np.asarray(
        np.bincount(of_town, weights=d_log_demand, minlength=len(evidence.mx_states)), dtype=np.float64
    )
    if len(within):
        d_log_demand = d_log_demand - within * d_effect[of_town]
    return {"demand_terms": evidence.demand_terms.T @ d_log_demand, "demand_effect": d_effect}


def _softmax(rows: Floats) -> tuple[Floats, Floats]:
    """Return each row's parts and the logarithm of its sum, with one exponential for both."""
    top = rows.max(axis=1, keepdims=True)
    parts = np.exp(rows - top)
    total = parts.sum(axis=1, keepdims=True)
    return parts / total, (top + np.log(total))[:, 0]


def _sum_by(rows: Floats, group: Ints, groups: int) -> Floats:
    """Return (groups, columns): the sum of the rows of each group."""
    members = csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(groups, len(group)))
    return np.asarray(members @ rows)


def _log_softmax_by(values: Floats, group: Ints, groups: int) -> Floats:
    """Return the log of each value's part of its group. Log demand spans far less than a float's exponents."""
    top = values.max()
    total = np.bincount(group, weights=np.exp(values - top), minlength=groups)
    return np.asarray(values - top - np.log(total)[group])
