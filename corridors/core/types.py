"""Values that cross rooms. All are frozen; arrays are read-only.

sources ──Tables──► network ──Network, Evidence──► inference ──Posterior──► show
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from corridors.core.held_out import Freight, PortEvents, SeizureEvents

    IntArray = NDArray[np.int64]
    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


def freeze(*arrays: NDArray[Any]) -> None:
    """Make the arrays read-only."""
    for array in arrays:
        array.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Source:
    """A row of the catalog: where a table comes from, and on what terms; `own` where the user gave it in its place."""

    id: str
    file: str
    title: str
    publisher: str
    url: str
    licence: str
    attribution: str
    period: str
    retrieved: str
    sha256: str
    rows: int
    not_what: str
    derived_from: str
    note: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Arcs:
    """Directed arcs of a network as arrays, in compressed sparse row order (sorted by tail).

    Parameters
    ----------
    indptr
        (nodes + 1,) first arc of each tail.
    tail, head
        (arcs,) node positions.
    edge
        (arcs,) row of `Network.edges` that the arc follows.
    hours
        (arcs,) free-flow travel time, hours.
    toll_km
        (arcs,) length under toll, kilometers.
    road_class
        (arcs,) position in `classes`.
    classes
        Names of the road classes.
    port_us, port_mx, port_edge
        (ports,) node position of each side of a port of entry open to southbound cars, and the row of its own edge.
        Their arcs are the only ones from one country to the other.
    field
        (edges, cells) sparse: the fraction of each edge's length in each 50 km cell of its road class. The mean of a
        cost field over cells does not depend on how finely roads are cut.
    slope
        (arcs,) meters climbed or descended per meter of road; None without elevation.
    port_toll
        (ports,) US dollars that a car pays to go south at each port; None where no port has a known toll.
    """

    indptr: IntArray
    tail: IntArray
    head: IntArray
    edge: IntArray
    hours: FloatArray
    toll_km: FloatArray
    road_class: IntArray
    classes: tuple[str, ...]
    port_us: IntArray
    port_mx: IntArray
    port_edge: IntArray
    field: csr_array
    slope: FloatArray | None = None
    port_toll: FloatArray | None = None

    def __post_init__(self) -> None:
        """Make every array read-only."""
        freeze(self.indptr, self.tail, self.head, self.edge, self.hours, self.toll_km, self.road_class)
        freeze(self.port_us, self.port_mx, self.port_edge)
        if self.port_toll is not None:
            freeze(self.port_toll)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1


@dataclass(frozen=True, slots=True)
class Network:
    """Roads of both countries: nodes and edges as tables, arcs as arrays to compute with.

    Parameters
    ----------
    nodes
        One row a node, indexed 0..n-1: `node_id lon lat country poe_id`, degrees of EPSG:4326.
    edges
        One row an edge: `edge_id u v km hours road_class kmh toll oneway country ref poe_id`, EPSG:4326 lines.
        `u`, `v` are node positions.
    ports
        One row a port of entry that is open to southbound cars, in the order of `arcs.port_edge`.
    arcs
        Every arc a southbound car may take.
    """

    nodes: pd.DataFrame
    edges: gpd.GeoDataFrame
    ports: pd.DataFrame
    arcs: Arcs


@dataclass(frozen=True, slots=True)
class CentroidConnectors:
    """How places enter the network.

    Parameters
    ----------
    zone_nodes
        (zones, nodes) sparse, rows sum to 1: where the trips of a zone enter the network.
    zone_hours
        (zones,) mean hours off the network, from the zone's population to those nodes.
    municipality_node
        (municipalities,) node position where trips to a municipality leave the network.
    municipality_hours
        (municipalities,) hours off the network, from that node to the municipal seat.
    """

    zone_nodes: csr_array
    zone_hours: FloatArray
    municipality_node: IntArray
    municipality_hours: FloatArray


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures that a fit uses, on the positions of Evidence.

    Parameters
    ----------
    state_counts
        (us states,) traced firearms by state of purchase.
    recent_fractions, recent_total
        (us states,) fractions of the guns bought within a year of recovery, NaN where not published; number of such guns.
    known_fraction
        Fraction of the traced firearms whose Mexican state is published.
    pairs, pair_counts
        (n, 2) positions (us state, mx state) of the published pairs, and their firearms.
    pair_bound
        Every other pair's firearms are at most this: the published pairs are the largest.
    city_names, city_fractions
        (n,) names, and (n, zones) the fraction of each zone's licenses in each purchase city.
    city_states, city_counts, city_totals
        (n,) state of the city, its traced firearms, and those of its state.
    city_at_least
        (n,) whether the count is a lower bound, of firearms that another row may count as well.
    top_municipalities, top_counts, top_bound, top_total
        Positions and seizures of the published top ten, the bound on every other, and the national total.
    municipalities_compared
        (municipalities,) whether national seizures are compared with arrivals there.
    event_municipalities, event_counts
        (n,) municipalities with dated seizures, and how many.
    route_ids, route_origins, route_targets, route_cities, route_weights
        (n,) name, zone, municipality first reached beyond the border, crossing city and weight of each published route with a US
        origin.
    region_names, region_ports, region_counts
        (n,) names of the regions by which southbound seizures are published; (n, ports) whether a port is of a region;
        (n,) firearms seized.
    """

    state_counts: FloatArray
    recent_fractions: FloatArray
    recent_total: float
    known_fraction: float
    pairs: IntArray
    pair_counts: FloatArray
    pair_bound: float
    city_names: tuple[str, ...]
    city_fractions: FloatArray
    city_states: IntArray
    city_counts: FloatArray
    city_totals: FloatArray
    city_at_least: BoolArray
    top_municipalities: IntArray
    top_counts: FloatArray
    top_bound: float
    top_total: float
    municipalities_compared: BoolArray
    event_municipalities: IntArray
    event_counts: FloatArray
    route_ids: tuple[str, ...]
    route_origins: IntArray
    route_targets: IntArray
    route_cities: IntArray
    route_weights: FloatArray
    region_names: tuple[str, ...]
    region_ports: FloatArray
    region_counts: FloatArray


@dataclass(frozen=True, slots=True)
class Evidence:
    """Observations on the positions of zones, ports and municipalities. No row is a dealer.

    Parameters
    ----------
    zones
        `zone_id us_state name dealers`, one row a supply zone, EPSG:4326 polygons.
    municipalities
        `cvegeo mx_state name off_network_km`, one row a municipality, EPSG:4326 polygons where known.
    us_states, mx_states
        The states, in the order of every array by state.
    zone_state, municipality_state
        (zones,), (municipalities,) position of each one's state.
    log_supply
        (zones,) log supply before fitted terms: dealers and gun shows.
    state_terms
        (us states, 2) standardized count of firearm laws; log of checks per dealer, centered.
    demand_terms
        (municipalities, 3) or (municipalities, 0): log covariates of demand with a fitted coefficient.
    log_demand_offset
        (municipalities,) log demand without coefficient.
    log_state_demand
        (mx states,) log of the state totals that demand is scaled to; empty for no scaling.
    log_port_volume, log_open_fraction
        (ports,) log of southbound cars a year, relative to the busiest crossing city's; log of the fraction of the day that
        a port is open.
    crossing_cities, port_city
        Ids of the crossing cities; (ports,) position of each port's.
    connectors
        How zones and municipalities enter the network.
    published
        The published figures.
    port_factor_spread
        (ports,) sd of the logarithm of a port's ratio of southbound to northbound cars, as rounding of the published figures
        leaves it; NaN where no ratio is published. None where none is.
    """

    zones: gpd.GeoDataFrame
    municipalities: gpd.GeoDataFrame
    us_states: tuple[str, ...]
    mx_states: tuple[str, ...]
    zone_state: IntArray
    municipality_state: IntArray
    log_supply: FloatArray
    state_terms: FloatArray
    demand_terms: FloatArray
    log_demand_offset: FloatArray
    log_state_demand: FloatArray
    log_port_volume: FloatArray
    log_open_fraction: FloatArray
    crossing_cities: tuple[str, ...]
    port_city: IntArray
    connectors: CentroidConnectors
    published: Published
    port_factor_spread: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Traces of other years than those fitted, by groups of states of purchase.

    Parameters
    ----------
    name
        The years.
    groups
        (n, us states) whether a state is of a group.
    fractions
        (n,) fraction of the traces of all groups named; with a single group, of all traces.
    """

    name: str
    groups: BoolArray
    fractions: FloatArray


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Data that the fit never sees: published routes as positions, other periods, and inputs of the baselines.

    Parameters
    ----------
    route_ids
        Names of the routes.
    origin_zone, origin_node
        (routes,) positions; -1 for a route published without a US origin.
    destination, destination_node
        (routes,) municipality and node a route ends at.
    crossing_city
        (routes,) number of the city a route crosses at, -1 where it is none of the ports'.
    port_city
        (ports,) number of the Mexican city each port leads into.
    stop_route
        (stops,) route of each intermediate stop.
    stop_edges
        (stops, edges) sparse, true where an edge passes within 15 km of the stop.
    edge_km
        (edges,) length, kilometers.
    zone_population
        (zones,) fraction of the population of all zones.
    municipality_population, municipality_homicides, municipality_seizures
        (municipalities,) population, firearm homicides, and firearms seized in 2006-11.
    periods
        Traces of other years.
    seizure_events, freight, port_events
        Dated seizures, goods by truck, and seizures at ports of entry; None without their table.
    """

    route_ids: tuple[str, ...]
    origin_zone: IntArray
    origin_node: IntArray
    destination: IntArray
    destination_node: IntArray
    crossing_city: IntArray
    port_city: IntArray
    stop_route: IntArray
    stop_edges: csr_array
    edge_km: FloatArray
    zone_population: FloatArray
    municipality_population: FloatArray
    municipality_homicides: FloatArray
    municipality_seizures: FloatArray
    periods: tuple[Period, ...]
    seizure_events: SeizureEvents | None = None
    freight: Freight | None = None
    port_events: PortEvents | None = None
