"""Whole journeys from a US state to a Mexican one, and the way that a trip takes on the roads, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from corridors.core.types import IntArray


class Journeys(NamedTuple):
    """Journeys through one crossing city each, with the trip that stands for each on a map.

    Parameters
    ----------
    us_state, crossing_city, mx_state
        (journeys,) positions in `Evidence`.
    zone, port, municipality
        (journeys,) positions of where that trip starts, crosses and ends.
    """

    us_state: IntArray
    crossing_city: IntArray
    mx_state: IntArray
    zone: IntArray
    port: IntArray
    municipality: IntArray


class TripPath(NamedTuple):
    """The way of one trip over the network, in the order of travel.

    Parameters
    ----------
    edges, nodes
        (edges,) rows of `Network.edges`, and the (edges + 1,) nodes that they join.
    hours
        Free-flow travel time of the way, hours, without waits at the border.
    """

    edges: IntArray
    nodes: IntArray
    hours: float
