"""A network prepared for routing between its places and ports, and one cost world on it: leg costs, edge flow, trees.

The border is a cut: a world needs the two sides' costs at K ports, never a tree for each of I zones or J
municipalities. The topology is prepared once; a world only brings its costs (`queries`). A port closed or a toll raised
therefore needs no new preparation: a closed port not even new costs, as its legs are a column of the others'.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from corridors.inference.routing import queries
from corridors.inference.routing.costs import UNITS_PER_HOUR, PortCosts

if TYPE_CHECKING:
    from corridors.core.types import Arcs, CentroidConnectors, Evidence, FloatArray, IntArray
    from corridors.inference.routing.hierarchy import Hierarchy
    from corridors.inference.routing.queries import ArcTrees, Metric

NO_ROAD_HOURS = 1e18
"""Hours of a leg without a road: no flow survives them at any decay, and their powers are still finite."""
MIN_HOURS = 0.1
"""Floor of a leg: the road table cannot support a power of shorter times."""


@dataclass(frozen=True, slots=True)
class LegCosts:
    """Generalized cost of both legs, hours.

    Parameters
    ----------
    us
        (zones, ports).
    log_mx
        (ports, municipalities), logarithm, of at least `MIN_HOURS`: all the model needs, at every step of a fit.
    volume_noise
        (ports,) deviation of the logarithm of southbound cars in this cost world; none by default.
    """

    us: FloatArray
    log_mx: FloatArray
    volume_noise: FloatArray = field(default_factory=lambda: np.zeros(1))

    def __post_init__(self) -> None:
        """Make the rows contiguous: every pass of a fit runs along municipalities."""
        object.__setattr__(self, "log_mx", np.ascontiguousarray(self.log_mx))


@dataclass(frozen=True, slots=True, eq=False)
class RoutedNetwork:
    """A network and the places on it, prepared for any costs.

    Parameters
    ----------
    arcs, connectors
        The network, and how zones and municipalities enter it.
    hierarchy
        Its topology, prepared for `queries`.
    from_zone, from_municipality
        (zones, US terminals), (municipalities, Mexican terminals) sparse: where each one's trips enter or leave.
    """

    arcs: Arcs
    connectors: CentroidConnectors
    hierarchy: Hierarchy
    from_zone: csr_array
    from_municipality: csr_array


@dataclass(frozen=True, slots=True, eq=False)
class CostWorld:
    """One cost world, routed."""

    metric: Metric
    legs: LegCosts


def prepare_routing(arcs: Arcs, connectors: CentroidConnectors) -> RoutedNetwork:
    """Return the network prepared for routing between its places and its ports."""
    us, column = np.unique(connectors.zone_nodes.indices, return_inverse=True)
    mx, place = np.unique(connectors.municipality_node, return_inverse=True)
    zones, municipalities = connectors.zone_nodes.shape[0], len(place)
    return RoutedNetwork(
        arcs=arcs,
        connectors=connectors,
        hierarchy=queries.prepare_hierarchy(arcs, us=us.astype(np.int64), mx=mx),
        from_zone=csr_array(
            (connectors.zone_nodes.data, column, connectors.zone_nodes.indptr), shape=(zones, len(us))
        ),
        from_municipality=csr_array(
            (np.ones(municipalities), (np.arange(municipalities), place)), shape=(municipalities, len(mx))
        ),
    )


def route_world(network: RoutedNetwork, costs: IntArray, ports: PortCosts | None = None) -> CostWorld:
    """Return one cost world's legs of zones and municipalities.

    A zone's leg is the mean over where its people enter the network; off-network hours are added on both sides, and the
    cost of crossing in the north, where a southbound toll is paid.

    Parameters
    ----------
    costs
        (arcs,) whole cost units.
    ports
        Costs of crossing; by default crossing is free, and volumes are as estimated.
    """
    metric = queries.customise(network.hierarchy, costs)
    us, mx = (_hours(leg) for leg in queries.leg_costs(network.hierarchy, metric))
    connectors = network.connectors
    # each municipality has one node: to pick its column is to multiply by its row
    at_municipality = mx[:, network.from_municipality.indices]
    none = np.zeros(us.shape[1])
    ports = ports or PortCosts(hours=none, log_volume=none)
    return CostWorld(
        metric=metric,
        legs=LegCosts(
            us=network.from_zone @ us + connectors.zone_hours[:, None] + ports.hours,
            log_mx=np.log(np.maximum(MIN_HOURS, at_municipality + connectors.municipality_hours)),
            volume_noise=ports.log_volume,
        ),
    )


def edge_flow(
    network: RoutedNetwork, world: CostWorld, by_zone: FloatArray, by_municipality: FloatArray
) -> FloatArray:
    """Return the flow on each edge, both directions together.

    Parameters
    ----------
    by_zone, by_municipality
        (zones, ports) and (ports, municipalities) flows; both sum to the whole, port by port.
    """
    arcs = network.arcs
    flow = queries.assign_flow(
        network.hierarchy,
        world.metric,
        network.from_zone.T @ by_zone,
        (network.from_municipality.T @ by_municipality.T).T,
    )
    share = np.bincount(arcs.edge, weights=flow, minlength=arcs.field.shape[0])
    share[arcs.port_edge] += by_zone.sum(axis=0)
    return np.asarray(share)


def edge_flow_by_port(
    network: RoutedNetwork, world: CostWorld, by_zone: FloatArray, by_municipality: FloatArray
) -> FloatArray:
    """Return (edges, ports) flow on each edge that crosses at each port; `edge_flow` is its sum over ports."""
    ports = np.eye(by_zone.shape[1])
    return np.stack(
        [edge_flow(network, world, by_zone * one, by_municipality * one[:, None]) for one in ports], axis=1
    )


def port_trees(network: RoutedNetwork, world: CostWorld) -> tuple[ArcTrees, ArcTrees]:
    """Return the trees of cheapest paths from every node to each port's US side, and from each Mexican side."""
    arcs, h = network.arcs, network.hierarchy
    return (
        queries.trees(h, world.metric, arcs.port_us, reverse=True),
        queries.trees(h, world.metric, arcs.port_mx),
    )


def unreachable(evidence: Evidence, legs: LegCosts) -> tuple[list[str], list[str]]:
    """Return the zones from which no road leads to any port, and the municipalities to which none leads."""
    zones = evidence.zones["zone_id"][legs.us.min(axis=1) > NO_ROAD_HOURS / 1e6]
    municipalities = evidence.municipalities["cvegeo"][legs.log_mx.min(axis=0) > np.log(NO_ROAD_HOURS / 1e6)]
    return zones.tolist(), municipalities.tolist()


def _hours(cost: IntArray) -> FloatArray:
    """Return cost units as hours."""
    return np.where(cost >= queries.UNREACHABLE, NO_ROAD_HOURS, cost / UNITS_PER_HOUR)
