"""The choice model "trip": destination first, then the crossing city and its port of entry by the whole trip.

    a_k   = lambda (log V_k + noise_k + eps_k) + log(hours_k / 24) + eta_n(k)
    u_ikj = a_k - theta (w c_ik + c_kj)
    s_nij = sum over ports k of city n of exp(u_ikj / lambda);  t_nij = s_nij ** lambda;  Z_ij = sum_n t_nij
    C_ij  = -log(Z_ij) / theta, at least .1 h;  V_ij = log D_j - beta C_ij ** p;  Lambda_i = logsum_j V_ij
    log P_ij = log S_i - kappa sqrt(m_i) + (nu - 1) Lambda_i + V_ij + omega_ra, normalised over all i and j
    P(k|ij) = exp(u_ikj / lambda) / s_n  t_n / Z

i zone, k port of entry, n crossing city, j municipality, r US state, a Mexican state; c generalised hours of the two legs,
m_i hours to the nearest open port (docs/method.md 3.3). A nested logit of crossings within a gravity model of
origin-destination pairs [Train2009]. No (zones, ports, municipalities) array is made: every margin is a product of
(zones, ports), (ports, municipalities) and (zones, municipalities) arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from corridors.inference.model.demand import log_demand
from corridors.inference.model.flow import Flow
from corridors.inference.model.state_sums import members
from corridors.inference.model.trip_gradient import trip_gradient
from corridors.inference.model.trip_sums import TINY, crossing_sums, port_flow
from corridors.inference.routing.places import MIN_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.core.types import BoolArray, Evidence, FloatArray, IntArray
    from corridors.inference.model.flow import MarginSlopes, Parameters
    from corridors.inference.model.groups import PlaceGroups
    from corridors.inference.routing.places import LegCosts


@dataclass(frozen=True, slots=True, eq=False)
class TripLegs:
    """What the model reads of one cost world, for places or for groups of them.

    Parameters
    ----------
    us, mx
        (zone groups, ports), (ports, municipality groups) generalised hours of each leg.
    nearest_us, nearest_mx
        (zone groups,), (municipality groups,) hours of the shortest leg to an open port.
    access_root
        (zones,) root of the hours from each zone to its nearest open port.
    zone_group, municipality_group
        (zones,), (municipalities,) number of each one's group.
    us_members, mx_members
        (us states, zone groups), (municipality groups, mx states): 1 where a group lies in a state.
    alone
        Positions of the ports that are their city's only one.
    ports, first
        Positions of all others, city by city; (cities + 1,) where each city begins among them, and the end of the last.
    volume_noise
        (ports,) deviation of the logarithm of southbound cars in this cost world.
    """

    us: FloatArray
    mx: FloatArray
    nearest_us: FloatArray
    nearest_mx: FloatArray
    access_root: FloatArray
    zone_group: IntArray
    municipality_group: IntArray
    us_members: FloatArray
    mx_members: FloatArray
    alone: IntArray
    ports: IntArray
    first: IntArray
    volume_noise: FloatArray


@dataclass(frozen=True, slots=True)
class TripFlow(Flow):
    """The model at one set of parameters: the margins, and what the gradient and the larger margins need again.

    Arrays are of groups where the legs are.

    Parameters
    ----------
    us_factor, mx_factor
        (zone groups, ports), (ports, municipality groups) factors of exp(u), or of exp(u / lambda) at the ports of a city
        with several.
    city_weight
        (zone groups, cities of several ports, municipality groups) s_n ** (lambda - 1): over Z, times both factors, the
        probability of a port.
    z, log_z, hours, log_hours, floored, resistance
        (zone groups, municipality groups) Z and its log, both less what the nearest legs cost; C and its log; whether C is
        at its floor; C ** p.
    chosen
        (zone groups, municipality groups) softmax of V over destinations: P(j|i) before omega.
    pair
        (zone groups, municipality groups) P_ij, sums to 1.
    access
        (zone groups,) Lambda.
    zone_part, municipality_part
        (zones,), (municipalities,) fraction of each in its group's supply, or demand.
    state_fraction
        (municipalities,) fraction of its state's demand; empty where demand is not scaled to state totals.
    group_port
        (zone groups, ports) flow, sums to 1.
    evidence, legs
        What the flow was computed from.
    """

    evidence: Evidence
    legs: TripLegs

    us_factor: FloatArray
    mx_factor: FloatArray
    city_weight: FloatArray
    z: FloatArray
    log_z: FloatArray
    hours: FloatArray
    log_hours: FloatArray
    floored: BoolArray
    resistance: FloatArray
    chosen: FloatArray
    pair: FloatArray
    access: FloatArray
    zone_part: FloatArray
    municipality_part: FloatArray
    state_fraction: FloatArray
    group_port: FloatArray

    def zone_port(self) -> FloatArray:
        """Return (zones, ports) shares of the flow, summing to 1."""
        return np.asarray(self.group_port[self.legs.zone_group] * self.zone_part[:, None])

    def port_municipality(self) -> FloatArray:
        """Return (ports, municipalities) shares of the flow, summing to 1."""
        return self._port_municipality(self.pair)

    def arrivals(self, origin: FloatArray) -> FloatArray:
        """Return (ports, municipalities) shares of the flow that starts in a place of origin."""
        return self._port_municipality(self.pair * self._of_groups(origin[None]).T)

    def _of_groups(self, origins: FloatArray) -> FloatArray:
        """Return (origins, zone groups) fraction of each group's flow that starts in each place of origin."""
        own = origins * self.zone_part
        return np.asarray(own @ members(self.legs.zone_group, len(self.group_port)).T)

    def _port_municipality(self, pair: FloatArray) -> FloatArray:
        """Return (ports, municipalities) flow of (zone groups, municipality groups) pairs."""
        legs, found = self.legs, np.empty_like(self.mx_factor)
        for ports, scaled in self._over_choice(pair):
            found[ports] = self.mx_factor[ports] * (self.us_factor[:, ports].T @ scaled)
        return np.asarray(found[:, legs.municipality_group] * self.municipality_part)

    def _over_choice(self, pair: FloatArray) -> Iterator[tuple[IntArray, FloatArray]]:
        """Yield ports, and what times both of their factors is the flow of pairs through each."""
        legs, per_z = self.legs, pair / self.z
        yield legs.alone, per_z
        for n in range(len(legs.first) - 1):
            yield legs.ports[legs.first[n] : legs.first[n + 1]], per_z * self.city_weight[:, n]

    def journeys(self, origins: FloatArray) -> FloatArray:
        """Return (origins, ports, mx states) shares of the flow that starts in places of origin."""
        legs, of_groups = self.legs, self._of_groups(origins)
        found = np.empty((len(origins), len(self.port), legs.mx_members.shape[1]))
        for ports, scaled in self._over_choice(self.pair):
            for port in ports.tolist():
                south = scaled @ (self.mx_factor[port][:, None] * legs.mx_members)
                found[:, port] = of_groups @ (self.us_factor[:, port, None] * south)
        return found

    def gradient(self, p: Parameters, slopes: MarginSlopes) -> dict[str, FloatArray]:
        """Return the gradient in every parameter of a function of the margins, from its derivatives in them."""
        return trip_gradient(p, self, slopes)


def trip_legs(evidence: Evidence, legs: LegCosts, groups: PlaceGroups | None = None) -> TripLegs:
    """Return what the model reads of a cost world: for every place, or for groups of them at their mean hours."""
    us, mx = legs.us, np.exp(legs.log_mx)
    is_open = np.isfinite(evidence.log_open_fraction)
    nearest = np.maximum(us[:, is_open].min(axis=1), MIN_HOURS)
    zone_group, municipality_group = np.arange(len(us)), np.arange(mx.shape[1])
    if groups is not None:
        zone_group, municipality_group = groups.zone, groups.municipality
        us = _mean_by(us.T, zone_group, groups.supply).T
        mx = _mean_by(mx, municipality_group, groups.demand)
    # stable: ports of a city stay in their order
    by_city = np.argsort(evidence.port_city, kind="stable")
    size = np.bincount(evidence.port_city)
    shared = size[evidence.port_city[by_city]] > 1
    return TripLegs(
        us=np.ascontiguousarray(us),
        mx=mx,
        nearest_us=us[:, is_open].min(axis=1),
        nearest_mx=mx[is_open].min(axis=0),
        access_root=np.sqrt(nearest),
        zone_group=zone_group,
        municipality_group=municipality_group,
        us_members=members(_state_of(zone_group, evidence.zone_state), len(evidence.us_states)),
        mx_members=members(
            _state_of(municipality_group, evidence.municipality_state), len(evidence.mx_states)
        ).T,
        alone=by_city[~shared],
        ports=by_city[shared],
        first=np.concatenate([[0], np.cumsum(size[size > 1])]),
        volume_noise=legs.volume_noise,
    )


def flow(p: Parameters, evidence: Evidence, legs: TripLegs) -> TripFlow:
    """Return the modelled flow."""
    us_factor, mx_factor = _factors(p, evidence, legs)
    z = np.empty((len(us_factor), mx_factor.shape[1]))
    city_weight = np.empty((len(us_factor), len(legs.first) - 1, mx_factor.shape[1]))
    by_city = us_factor, mx_factor, legs.alone, legs.ports, legs.first
    crossing_sums(*by_city, float(p["nest_scale"]), z, city_weight)
    log_z = np.log(z)
    hours = np.add.outer(np.exp(p["log_us_weight"]) * legs.nearest_us, legs.nearest_mx)
    hours -= log_z / np.exp(p["log_theta"])
    floored = hours < MIN_HOURS
    hours[floored] = MIN_HOURS
    log_hours = np.log(hours)
    resistance = np.exp(np.exp(p["log_power"]) * log_hours)
    demand, state_fraction = log_demand(p, evidence)
    demand, demand_scale = _scaled(demand)
    group_demand = np.bincount(legs.municipality_group, weights=demand, minlength=len(legs.nearest_mx))
    chosen, access = _softmax(resistance * -np.exp(p["log_beta"]) + np.log(group_demand))
    by_state = evidence.state_terms @ p["state_terms"] + p["state_effect"]
    log_supply = evidence.log_supply + by_state[evidence.zone_state] + p["zone_effect"]
    supply, supply_scale = _scaled(log_supply - np.exp(p["log_kappa"]) * legs.access_root)
    group_supply = np.bincount(legs.zone_group, weights=supply, minlength=len(legs.nearest_us))
    nu = expit(p["logit_nu"])
    from_zone, zone_scale = _scaled(np.log(group_supply) + nu * access)
    pair = (legs.us_members.T @ np.exp(p["affinity"])) @ legs.mx_members.T
    pair *= chosen
    pair *= from_zone[:, None]
    whole = pair.sum()
    pair /= whole
    group_port = np.empty_like(us_factor)
    port_flow(*by_city, city_weight, pair / z, group_port)
    zone_part = supply / group_supply[legs.zone_group]
    municipality_part = demand / group_demand[legs.municipality_group]
    return TripFlow(
        state_pair=legs.us_members @ (pair @ legs.mx_members),
        zone=pair.sum(axis=1)[legs.zone_group] * zone_part,
        port=group_port.sum(axis=0),
        municipality=pair.sum(axis=0)[legs.municipality_group] * municipality_part,
        log_sum=float(zone_scale + supply_scale + nu * demand_scale + np.log(whole)),
        evidence=evidence,
        legs=legs,
        us_factor=us_factor,
        mx_factor=mx_factor,
        city_weight=city_weight,
        z=z,
        log_z=log_z,
        hours=hours,
        log_hours=log_hours,
        floored=floored,
        resistance=resistance,
        chosen=chosen,
        pair=pair,
        access=access,
        zone_part=zone_part,
        municipality_part=municipality_part,
        state_fraction=state_fraction,
        group_port=group_port,
    )


def _factors(p: Parameters, evidence: Evidence, legs: TripLegs) -> tuple[FloatArray, FloatArray]:
    """Return the two factors of exp(u), or of exp(u / lambda), less what the nearest legs cost."""
    theta = np.exp(p["log_theta"])
    steep = np.ones(len(evidence.port_city))
    steep[legs.ports] = 1 / p["nest_scale"]
    us_hours = np.exp(p["log_us_weight"]) * (legs.us - legs.nearest_us[:, None])
    us_factor = np.exp((attraction(p, evidence, legs.volume_noise) - theta * us_hours) * steep)
    return us_factor, np.exp((legs.mx - legs.nearest_mx) * -(theta * steep)[:, None])


def attraction(p: Parameters, evidence: Evidence, volume_noise: FloatArray) -> FloatArray:
    """Return (ports,) a_k, logarithm, in a cost world; minus infinity where a port is closed."""
    return np.asarray(
        p["nest_scale"] * (evidence.log_port_volume + volume_noise + p["port_effect"])
        + evidence.log_open_fraction
        + p["city_effect"][evidence.port_city]
    )


def port_given_trip(
    p: Parameters, evidence: Evidence, us: FloatArray, mx: FloatArray, volume_noise: FloatArray
) -> FloatArray:
    """Return (..., ports) P(k|ij) of trips of the given hours to and from each port.

    Parameters
    ----------
    us, mx
        (..., ports) generalised hours of the legs of each trip.
    volume_noise
        (ports,) deviation of the logarithm of southbound cars in this cost world.
    """
    theta, weight, nest = np.exp(p["log_theta"]), np.exp(p["log_us_weight"]), p["nest_scale"]
    city = evidence.port_city
    value = attraction(p, evidence, volume_noise) - theta * (weight * us + mx)
    of_city = members(city, len(evidence.crossing_cities)).T
    within = np.exp((value - value.max(axis=-1, keepdims=True)) / nest)
    city_sum = within @ of_city + TINY
    root = city_sum**nest
    return np.asarray(within * (root / city_sum / root.sum(axis=-1, keepdims=True))[..., city])


def _scaled(log_values: FloatArray) -> tuple[FloatArray, float]:
    """Return the values relative to the largest, and its logarithm."""
    largest = float(log_values.max())
    return np.exp(log_values - largest), largest


def _softmax(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each row's fractions and the logarithm of its sum. Works in `rows`, which is lost."""
    top = rows.max(axis=1, keepdims=True)
    rows -= top
    np.exp(rows, out=rows)
    total = rows.sum(axis=1, keepdims=True)
    rows /= total
    return rows, (top + np.log(total))[:, 0]


def _mean_by(rows: FloatArray, group: IntArray, weight: FloatArray) -> FloatArray:
    """Return (rows, groups) weighted means of the columns of each group."""
    sums = np.zeros((len(group), group.max() + 1))
    sums[np.arange(len(group)), group] = weight
    return np.asarray((rows @ sums) / sums.sum(axis=0))


def _state_of(group: IntArray, state: IntArray) -> IntArray:
    """Return the state of each group."""
    found = np.zeros(group.max() + 1, dtype=np.int64)
    found[group] = state
    return found
