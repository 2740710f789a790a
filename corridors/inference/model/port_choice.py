"""The choice model "port": supply -> port of entry -> municipality, factorised over ports (docs/method.md 3.5).

Because the border is a cut, a path is a zone's leg to a port and the port's leg to a municipality, so no zone x
municipality array is ever made: every margin of P_ikj is a product of (zones x ports) and (ports x
municipalities). Symbols as in docs/method.md 1.3: i zone, k port, j municipality, r US state, a Mexican state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, softmax

from corridors.inference.model import state_sums
from corridors.inference.model.demand import demand_gradient, log_demand
from corridors.inference.model.flow import Flow
from corridors.inference.routing.places import MIN_HOURS

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray
    from corridors.inference.model.flow import MarginSlopes, Parameters
    from corridors.inference.routing.places import LegCosts


@dataclass(frozen=True, slots=True)
class PortFlow(Flow):
    """The model at one set of parameters: the margins, and what the gradient needs again.

    All are shares or weights without unit, unless noted; "base" is before the affinity of state pairs.

    Parameters
    ----------
    port_given_zone
        (zones, ports) P(k|i), rows sum to 1.
    municipality_given_port
        (ports, municipalities) P(j|k), rows sum to 1.
    zone_base
        (zones,) P_i, from supply and access alone; sums to 1.
    zone_port_base
        (zones, ports) P_i P(k|i), sums to 1.
    us_state_port
        (us states, ports) sums of `zone_port_base` by state.
    port_mx_state
        (ports, mx states) sums of `municipality_given_port` by state, rows sum to 1.
    destination_weight
        (ports, us states) sum over Mexican states of P(a|k) exp(omega_ra): what affinity makes of a port's flow from a
        US state.
    origin_weight
        (ports, mx states) sum over US states of `us_state_port` exp(omega_ra): what arrives at a port for each
        Mexican state, before it is shared among municipalities.
    unscaled_pair, total
        (us states, mx states) pairs before scaling, and their sum: `state_pair` is their quotient.
    access
        (zones,) Lambda_i, the logsum over ports; logarithm.
    port_access
        (ports,) Gamma_k, the logsum over municipalities; logarithm.
    us_resistance, resistance
        (zones, ports), (ports, municipalities) hours of each leg to its power, hours ** power.
    state_fraction
        (municipalities,) fraction of its state's demand; empty where demand is not scaled to state totals.
    evidence, legs
        What the flow was computed from.
    """

    evidence: Evidence
    legs: LegCosts
    port_given_zone: FloatArray
    municipality_given_port: FloatArray
    zone_base: FloatArray
    zone_port_base: FloatArray
    us_state_port: FloatArray
    port_mx_state: FloatArray
    destination_weight: FloatArray
    origin_weight: FloatArray
    unscaled_pair: FloatArray
    total: float
    access: FloatArray
    port_access: FloatArray
    us_resistance: FloatArray
    resistance: FloatArray
    state_fraction: FloatArray

    def zone_port(self) -> FloatArray:
        """Return (zones, ports) shares of the flow, summing to 1."""
        return self.zone_port_base * self.destination_weight.T[self.evidence.zone_state] / self.total

    def port_municipality(self) -> FloatArray:
        """Return (ports, municipalities) shares of the flow, summing to 1."""
        arriving = self.origin_weight[:, self.evidence.municipality_state]
        return self.municipality_given_port * arriving / self.total

    def journeys(self, origins: FloatArray) -> FloatArray:
        """Return (origins, ports, mx states) shares of the flow that starts in places of origin.

        The affinity of a pair of states is the same at every port, so the ports of a pair are shared by what comes from
        the one state and goes to the other.
        """
        return np.stack([self._arriving(one) * self.port_mx_state for one in origins])

    def arrivals(self, origin: FloatArray) -> FloatArray:
        """Return (ports, municipalities) shares of the flow that starts in a place of origin."""
        return self.municipality_given_port * self._arriving(origin)[:, self.evidence.municipality_state]

    def _arriving(self, origin: FloatArray) -> FloatArray:
        """Return (ports, mx states) flow of a place of origin, where all municipalities of a state are as easy to reach."""
        members = state_sums.members(self.evidence.zone_state, len(self.us_state_port))
        return np.asarray((members @ (self.zone_port_base * origin[:, None])).T @ self._pair_scale())

    def _pair_scale(self) -> FloatArray:
        """Return (us states, mx states) what the affinity makes of a pair's flow, the same at every port."""
        total = self.us_state_port @ self.port_mx_state
        return np.divide(self.state_pair, total, out=np.zeros_like(total), where=total > 0)

    def gradient(self, p: Parameters, slopes: MarginSlopes) -> dict[str, FloatArray]:
        """Return the gradient in every parameter of a function of the margins, from its derivatives in them."""
        return _gradient(p, self, slopes)


@dataclass(frozen=True, slots=True)
class MunicipalityChoice:
    """The half of the model south of the ports, computed once where an edit leaves it as it was.

    Parameters
    ----------
    municipality_given_port, port_access, port_mx_state, resistance, state_fraction
        As in `Flow`.
    """

    municipality_given_port: FloatArray
    port_access: FloatArray
    port_mx_state: FloatArray
    resistance: FloatArray
    state_fraction: FloatArray


def municipality_choice(parameters: Parameters, evidence: Evidence, legs: LegCosts) -> MunicipalityChoice:
    """Return the choice of municipality at each port: V_kj = log D_j - beta_mx c_kj ** power, Gamma_k = logsum_j V_kj."""
    p = parameters
    demand, state_fraction = log_demand(p, evidence)
    resistance = legs.log_mx * np.exp(p["log_power_mx"])
    np.exp(resistance, out=resistance)
    value = resistance * -np.exp(p["log_beta_mx"])
    value += demand
    q, port_access = _softmax(value)
    first, state = state_sums.runs(evidence.municipality_state)
    port_mx_state = np.zeros((len(q), len(evidence.mx_states)))
    state_sums.sum_runs(q, np.ones(q.shape[1]), first, state, port_mx_state)
    return MunicipalityChoice(q, port_access, port_mx_state, resistance, state_fraction)


def flow(
    parameters: Parameters, evidence: Evidence, legs: LegCosts, choice: MunicipalityChoice | None = None
) -> PortFlow:
    """Return the modelled flow.

    W_ik = log A_k - beta_us c_ik ** power_us + mu Gamma_k;  Lambda_i = logsum_k W_ik;
    P_i = softmax(log S_i + nu Lambda_i);
    P_ikj ~ P_i P(k|i) P(j|k) exp(omega_ra), and `log_sum` is the logarithm of what all of these sum to before they are
    scaled: log sum_i S_i exp(nu Lambda_i) sum_kj P(k|i) P(j|k) exp(omega_ra).

    Parameters
    ----------
    choice
        `municipality_choice` of the same parameters, demand and Mexican legs; computed where not given.
    """
    p = parameters
    choice = choice or municipality_choice(p, evidence, legs)
    q, port_access, port_mx_state = choice.municipality_given_port, choice.port_access, choice.port_mx_state
    volume = evidence.log_port_volume + legs.volume_noise
    attraction = p["volume_power"] * volume + evidence.log_open_fraction + p["port_effect"]
    us_resistance = np.maximum(legs.us, MIN_HOURS) ** np.exp(p["log_power_us"])
    r, access = _softmax(
        us_resistance * -np.exp(p["log_beta_us"]) + (attraction + expit(p["logit_mu"]) * port_access)
    )
    by_state = evidence.state_terms @ p["state_terms"] + p["state_effect"]
    log_supply = evidence.log_supply + by_state[evidence.zone_state] + p["zone_effect"]
    value = log_supply + expit(p["logit_nu"]) * access
    zone_base, top = softmax(value), value.argmax()
    zone_port_base = zone_base[:, None] * r
    us_state_port = state_sums.members(evidence.zone_state, len(evidence.us_states)) @ zone_port_base
    first, state = state_sums.runs(evidence.municipality_state)
    affinity_factor = np.exp(p["affinity"])
    unscaled_pair = (us_state_port @ port_mx_state) * affinity_factor
    total = float(unscaled_pair.sum())
    destination_weight = port_mx_state @ affinity_factor.T
    origin_weight = us_state_port.T @ affinity_factor
    municipality = np.zeros(q.shape[1])
    state_sums.mix_runs(q, origin_weight / total, first, state, municipality)
    return PortFlow(
        evidence=evidence,
        legs=legs,
        state_pair=unscaled_pair / total,
        zone=np.einsum("ik,ik->i", zone_port_base, destination_weight.T[evidence.zone_state]) / total,
        port=np.einsum("ka,ka->k", origin_weight, port_mx_state) / total,
        municipality=municipality,
        port_given_zone=r,
        municipality_given_port=q,
        zone_base=zone_base,
        zone_port_base=zone_port_base,
        us_state_port=us_state_port,
        port_mx_state=port_mx_state,
        destination_weight=destination_weight,
        origin_weight=origin_weight,
        unscaled_pair=unscaled_pair,
        total=total,
        access=access,
        port_access=port_access,
        us_resistance=us_resistance,
        resistance=choice.resistance,
        state_fraction=choice.state_fraction,
        log_sum=float(value[top] - np.log(zone_base[top]) + np.log(total)),
    )


def _gradient(p: Parameters, model: PortFlow, slopes: MarginSlopes) -> dict[str, FloatArray]:
    """Return the gradient of `PortFlow.gradient`: reverse mode, by hand."""
    evidence, legs = model.evidence, model.legs
    of_zone, of_municipality = evidence.zone_state, evidence.municipality_state
    state_pair, zone, municipality, port = slopes.state_pair, slopes.zone, slopes.municipality, slopes.port
    affinity_factor = np.exp(p["affinity"])
    # through the common divisor
    through_total = (
        (state_pair * model.state_pair).sum() + zone @ model.zone + municipality @ model.municipality
    )
    through_total += port @ model.port
    d_unscaled_pair = (state_pair - through_total) / model.total
    d_zone, d_municipality, d_share = (
        zone / model.total,
        municipality / model.total,
        port[:, None] / model.total,
    )
    # with F us_state_port, Q port_mx_state, L affinity_factor: unscaled_pair = (F Q) L;
    # zone = sum_k zone_port_base destination_weight;  municipality = sum_k q origin_weight;  port = origin_weight Q
    q = model.municipality_given_port
    first, state = state_sums.runs(of_municipality)
    d_origin_weight = np.zeros_like(model.port_mx_state)
    state_sums.sum_runs(q, d_municipality, first, state, d_origin_weight)
    own_origin_weight = d_origin_weight + d_share * model.port_mx_state
    members = state_sums.members(of_zone, len(evidence.us_states))
    d_destination_weight = (members @ (model.zone_port_base * d_zone[:, None])).T
    d_product = d_unscaled_pair * affinity_factor
    d_affinity = d_unscaled_pair * model.unscaled_pair
    d_affinity += (
        d_destination_weight.T @ model.port_mx_state + model.us_state_port @ own_origin_weight
    ) * affinity_factor
    d_us_state_port = d_product @ model.port_mx_state.T + affinity_factor @ own_origin_weight.T
    d_port_mx_state = (
        model.us_state_port.T @ d_product
        + d_destination_weight @ affinity_factor
        + d_share * model.origin_weight
    )
    d_zone_port_base = d_zone[:, None] * model.destination_weight.T[of_zone] + d_us_state_port[of_zone]
    # zones
    r = model.port_given_zone
    d_zone_base = np.einsum("ik,ik->i", d_zone_port_base, r)
    d_log_supply = model.zone_base * (d_zone_base - d_zone_base @ model.zone_base)
    nu, mu = expit(p["logit_nu"]), expit(p["logit_mu"])
    d_zone_port_base -= d_zone_base[:, None]
    d_w = model.zone_port_base * d_zone_port_base + (nu * d_log_supply)[:, None] * r
    d_by_state = members @ d_log_supply
    d_port = d_w.sum(axis=0)
    # municipalities: the derivative in V_kj is q_kj (d_municipality_j origin_weight_ka + own_ka)
    mean = np.einsum("ka,ka->k", d_origin_weight, model.origin_weight) + np.einsum(
        "ka,ka->k", d_port_mx_state, model.port_mx_state
    )
    own = d_port_mx_state + (mu * d_port - mean)[:, None]
    d_log_demand = np.zeros(q.shape[1])
    d_beta, d_power = state_sums.backpropagate(
        q, model.resistance, legs.log_mx, d_municipality, model.origin_weight, own, first, state, d_log_demand
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
        "volume_power": d_port @ (evidence.log_port_volume + legs.volume_noise),
        "port_effect": d_port,
        "state_terms": evidence.state_terms.T @ d_by_state,
        "state_effect": d_by_state,
        "zone_effect": d_log_supply,
        **demand_gradient(d_log_demand, evidence, model.state_fraction),
        "affinity": d_affinity,
    }


def _softmax(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each row's fractions and the logarithm of its sum. Works in `rows`, which is lost."""
    top = rows.max(axis=1, keepdims=True)
    rows -= top
    np.exp(rows, out=rows)
    total = rows @ np.ones((rows.shape[1], 1))
    rows *= 1 / total
    return rows, (top + np.log(total))[:, 0]
