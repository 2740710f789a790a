"""A posterior reduced to what a page needs to close ports and change laws, under either structure of the choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class PortClosureModel:
    """A posterior of the structure "port" in a few numbers; shares by groups of zones.

    Parameters
    ----------
    group_port_base
        (draws, groups, ports) P_i P(k|i), each draw sums to 1.
    destination_weight
        (draws, us states, ports) weight of the destinations beyond each port.
    state
        (groups,) position of each group's US state.
    power
        (draws,) 1 - nu: a group's flow is divided by this power of the fraction it keeps.
    law
        (draws,) change of log supply per standard deviation of laws.
    us_states
        Codes of the states.
    """

    group_port_base: FloatArray
    destination_weight: FloatArray
    state: IntArray
    power: FloatArray
    law: FloatArray
    us_states: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TripClosureModel:
    """A posterior of the structure "trip" in a few numbers: the model itself, on groups of places at their median hours.

    Symbols as in docs/method.md 3.3. At each draw the margins are those of the whole model.

    Parameters
    ----------
    us, mx
        (zone groups, ports), (ports, municipality groups) generalised hours of each leg at median costs.
    us_state, mx_state
        (zone groups,), (municipality groups,) position of each group's state.
    port_city
        (ports,) position of each port's crossing city.
    nest_scale
        lambda, no unit.
    min_hours
        Least hours of a whole trip, and from a group to its nearest open port.
    theta, us_weight, beta, power, kappa, nu
        (draws,) parameters: decay per Mexican hour, weight of an hour in the United States, decay of the choice of
        destination and its power, fall of log supply per root of an hour, and access.
    law
        (draws,) change of log supply per standard deviation of laws.
    attraction, supply, demand
        (draws, ports), (draws, zone groups), (draws, municipality groups) a_k, log S before access, log D.
    affinity
        (draws, us states, mx states) omega, logarithm.
    us_states
        Codes of the US states.
    """

    us: FloatArray
    mx: FloatArray
    us_state: IntArray
    mx_state: IntArray
    port_city: IntArray
    nest_scale: float
    min_hours: float
    theta: FloatArray
    us_weight: FloatArray
    beta: FloatArray
    power: FloatArray
    kappa: FloatArray
    nu: FloatArray
    law: FloatArray
    attraction: FloatArray
    supply: FloatArray
    demand: FloatArray
    affinity: FloatArray
    us_states: tuple[str, ...]


ClosureModel = PortClosureModel | TripClosureModel
"""What the panel of a run computes with, by the run's structure."""
