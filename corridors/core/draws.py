"""Draws of the modeled flow, as the inference makes them and everything else reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import FloatArray, IntArray


class FlowParts(NamedTuple):
    """Means over a few draws of the flow by port of entry, place of origin and state of destination; shares of the whole.

    Parameters
    ----------
    edge_port, edge_origin, edge_mx_state
        (edges, ports), (edges, origins), (edges, mx states) flow over each edge, on both sides of the border.
    municipality_origin, zone_mx_state
        (municipalities, origins), (zones, mx states) flow to and from each place.
    """

    edge_port: FloatArray
    edge_origin: FloatArray
    edge_mx_state: FloatArray
    municipality_origin: FloatArray
    zone_mx_state: FloatArray


@dataclass(frozen=True, slots=True)
class FlowDraws:
    """Draws of the modeled flow, in the order of cost worlds; every share is of the whole flow.

    Parameters
    ----------
    edge_share
        (draws, edges) share of the flow that passes over each edge.
    port_share
        (draws, ports), each row sums to 1.
    state_pair
        (draws, us states, mx states), each draw sums to 1.
    zone_port
        (draws, zones, ports), each draw sums to 1.
    port_municipality
        (draws, ports, municipalities), each draw sums to 1.
    state_flow
        (draws, us states, ports, mx states) share of the flow by state of purchase, port and state of destination;
        each draw sums to 1.
    origin_port, origin_mx_state
        (draws, origins, ports), (draws, origins, mx states) flow that starts in each place of origin, such as consular
        districts: where it crosses, and where it ends.
    parameters
        Parameters by name, (draws, ...) each.
    kind
        "posterior": draws of the parameters in each cost world. "point": the most probable parameters, so bands are of
        routes alone. "prior": drawn from the priors, as if no figure had been published.
    world
        (draws,) cost world of each draw.
    diagnostics
        Diagnostics of the sampler by name; empty where nothing was sampled.
    parts
        The flow over each edge, and to and from each place, by what it is part of; None where not kept.
    """

    edge_share: FloatArray
    port_share: FloatArray
    state_pair: FloatArray
    zone_port: FloatArray
    port_municipality: FloatArray
    state_flow: FloatArray
    origin_port: FloatArray
    origin_mx_state: FloatArray
    parameters: Mapping[str, FloatArray]
    kind: str
    world: IntArray
    parts: FlowParts | None = None
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
