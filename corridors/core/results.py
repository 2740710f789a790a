"""Results of a run as tables, and the facts of the run that every output states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from corridors.core.closures import ClosureModel
    from corridors.core.draws import FlowParts
    from corridors.core.scenario import Scenario
    from corridors.core.types import FloatArray, IntArray, Source


SHARE_DIGITS = 10
"""Decimals of shares in tables: finer than any draw can tell, coarse enough to be equal on every machine."""
COUNTIES_OF_STATE, FITTED_STATE = "counties_", "fitted_"
"""How the names begin that a run of a part has of each US state, before its postal code."""


@dataclass(frozen=True, slots=True)
class InformationGain:
    """Information that the published figures add to one quantity, at median costs (docs/method.md 6.5).

    Parameters
    ----------
    kind, key
        "state", "pair", "port" or "parameter"; its id: a state, "AZ>26", a port's position, a name.
    prior, posterior
        (5 %, 50 %, 95 %) before and after the figures.
    variance_reduction
        Fraction of the prior variance that each block of figures removes and no later block restores, in the order in
        which blocks are added; they sum to the total reduction.
    """

    kind: str
    key: str
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    variance_reduction: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The run with one setting changed, at the most probable parameters: mean shares over the cost worlds, no bands.

    Parameters
    ----------
    setting, value
        The setting and its other value; both empty for the run's own settings, which the others are compared with.
    edges, ports, zones, municipalities
        Share of the whole flow of each, in the order of the tables of `Results`.
    state_flow
        (us states, ports, mx states) share of the whole flow.
    origin_port, origin_mx_state
        (origins, ports), (origins, mx states) share of the whole flow that starts in each place of origin, as in `FlowDraws`.
    """

    setting: str
    value: str
    edges: FloatArray
    ports: FloatArray
    zones: FloatArray
    municipalities: FloatArray
    state_flow: FloatArray
    origin_port: FloatArray
    origin_mx_state: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Districts:
    """Consular districts and the flow that starts in them.

    Parameters
    ----------
    areas
        `consulate counties approximate inferred share_mean share_median share_lo90 share_hi90 grade split`, EPSG:4326 polygons;
        `approximate` counts the counties that no source names and road time assigned, `inferred` those inferred from other
        counties; `split` says whether a zone of it lies in several districts.
    zone_fractions
        `zone_id us_state consulate fraction split`: fraction of each zone's licenses in each district, and whether it is in several.
    crossings, ports
        `consulate crossing_city share_mean share_median share_lo90 share_hi90 grade`, and the same by port, `consulate poe_id …`;
        bands of a city are those of the sum over its ports, draw by draw.
    destinations
        `consulate mx_state share_mean share_median share_lo90 share_hi90 part_mean part_median part_lo90 part_hi90 grade`: share of the whole
        flow, and fraction of the district's own.
    roads
        `consulate edge_id share_mean part_mean`: share of the whole flow, and fraction of the district's own, that passes over an
        edge, of the edges that carry a hundredth of the district's own or more; means over a few draws, without a band. None
        where the draws were not kept in parts.
    """

    areas: gpd.GeoDataFrame
    zone_fractions: pd.DataFrame
    crossings: pd.DataFrame
    ports: pd.DataFrame
    destinations: pd.DataFrame
    roads: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Facts of the run that every output states.

    Parameters
    ----------
    name
        Name of the run and its folder, such as "southwest".
    mode, lens, demand
        Posterior or point; which traces were fitted; which measure of demand.
    worlds, seed
        Number of cost worlds and the seed of all randomness.
    fingerprint
        First 8 hexadecimal digits of the hash of inputs, configuration and version.
    sources
        Catalog rows of the tables used, in catalog order.
    version
        Version of the program.
    part
        What the run covers where that is a part of the region: `counties municipalities ports licences people_us people_mx
        fitted`, and of each US state `counties_AZ fitted_AZ`; empty for all of it.
    language
        Language in which its pages open, "es" or "en".
    digest
        The whole hash that the fingerprint is the start of; "" of a run by an earlier build.
    """

    name: str
    mode: str
    lens: str
    demand: str
    worlds: int
    seed: int
    fingerprint: str
    sources: tuple[Source, ...]
    version: str
    part: Mapping[str, int] = field(default_factory=dict)
    language: str = "es"
    digest: str = ""

    def covers(self, us_states: Iterable[str]) -> bool:
        """Return whether each of these US states is covered whole, its published figure among those that were fitted."""
        return not self.part or all(self.part.get(f"{FITTED_STATE}{state}") for state in us_states)


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be said of the leading crossing cities (docs/method.md 6.8).

    Parameters
    ----------
    cities
        Ids of the leading cities, the largest mean first.
    share_mean, share_lo90, share_hi90
        Of these cities together; bounds NaN without a fitted posterior.
    ordered
        Whether nine of ten draws put each city before the next; empty without a fitted posterior.
    contenders
        Ids of other cities that carry more than the least of the leading in over one of ten draws.
    setting, value
        The other structure, lens or demand under which a city's share moves the most; empty where none was tried.
    moved, moved_share
        That city, and its share there.
    first_there
        The city that leads there.
    """

    cities: tuple[str, ...]
    share_mean: float
    share_lo90: float
    share_hi90: float
    ordered: tuple[bool, ...]
    contenders: tuple[str, ...]
    setting: str
    value: str
    moved: str
    moved_share: float
    first_there: str


@dataclass(frozen=True, slots=True)
class Results:
    """Results as tables: those that are written and that the map draws. None: not computed.

    Parameters
    ----------
    edges
        `edge_id ref road_class country toll km share_mean share_median share_lo50 share_hi50 share_lo90 share_hi90
        stability grade`, EPSG:4326 lines, every edge of the network.
    ports
        `poe_id name_us name_mx us_state mx_state lon lat share_mean share_median share_lo50 … grade`.
    state_pairs
        `us_state mx_state published share_mean share_median share_lo90 share_hi90 …`, all pairs; `published` says whether a published figure is of the pair.
    zone_port, port_municipality
        Shares by zone and port, and by port and municipality.
    zones
        `zone_id us_state name dealers share_mean share_median share_lo90 share_hi90`, EPSG:4326 polygons.
    municipalities
        `cvegeo mx_state name share_mean share_median share_lo90 share_hi90 off_network_km`, EPSG:4326 polygons where known.
    crossings, flows
        `crossing_city name_es name_en ports share_mean share_lo50 … grade`, a row a crossing city; `us_state crossing_city
        mx_state share_mean share_lo50 …`, the whole journey. Means sum to 1.
    finding
        What can be said of the leading crossing cities.
    trips
        The leading journeys as whole ways: `trip_id name us_state crossing_city mx_state zone_id zone_part poe_id cvegeo
        municipality_part refs km hours share_mean share_lo50 … grade`, EPSG:4326 lines from origin to destination.
    us_state_port, port_mx_state
        Shares by US state and port (`us_state poe_id`), and by port and Mexican state (`poe_id mx_state`).
    us_state_crossing, crossing_mx_state, zone_crossing, crossing_municipality
        The same by crossing city: `us_state crossing_city`, `crossing_city mx_state`, `zone_id crossing_city`, `cvegeo crossing_city`.
    parts
        The flow over each edge, and to and from each place, by what it is part of: ports in the order of `ports`, origins
        and Mexican states in that of `sides`.
    sides
        Origins of `parts`, (US state, consulate) pairs, and Mexican states.
    districts
        Consular districts.
    variants
        The run under other settings, its own first; empty where none was computed.
    rank_changes
        Ranks of the ten leading crossing cities, ports and corridors in each variant: `kind id name setting value share_run rank_run
        share rank change`.
    closure_model
        Reduced model with which the page closes ports and changes laws.
    corridors
        Named chains: `name refs km ports states share_mean share_median share_lo50 … grade`, EPSG:4326 lines.
    corridor_edges
        Positions of the edges of each named corridor, in the order of `corridors`.
    identifiability
        Information by quantity: `kind us_state about prior_lo90 prior_median prior_hi90 lo90 median
        hi90`, and a column `told_…` for each block of figures: the fraction of the prior variance it removes.
    """

    edges: gpd.GeoDataFrame
    ports: pd.DataFrame
    state_pairs: pd.DataFrame
    zone_port: pd.DataFrame
    port_municipality: pd.DataFrame
    zones: gpd.GeoDataFrame
    municipalities: gpd.GeoDataFrame
    crossings: pd.DataFrame | None = None
    finding: Finding | None = None
    flows: pd.DataFrame | None = None
    trips: gpd.GeoDataFrame | None = None
    us_state_port: pd.DataFrame | None = None
    port_mx_state: pd.DataFrame | None = None
    us_state_crossing: pd.DataFrame | None = None
    crossing_mx_state: pd.DataFrame | None = None
    zone_crossing: pd.DataFrame | None = None
    crossing_municipality: pd.DataFrame | None = None
    parts: FlowParts | None = None
    sides: tuple[tuple[tuple[str, str], ...], tuple[str, ...]] = ((), ())
    districts: Districts | None = None
    variants: tuple[Variant, ...] = ()
    rank_changes: pd.DataFrame | None = None
    closure_model: ClosureModel | None = None
    corridors: gpd.GeoDataFrame | None = None
    corridor_edges: tuple[IntArray, ...] = ()
    identifiability: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroups:
    """The places that changes of flow are summed over, and their names.

    Parameters
    ----------
    ports
        (ports,) `poe_id name_us name_mx us_state mx_state lon lat`.
    crossings
        `crossing_city name_es name_en ports`, as in `Results`.
    us_states, mx_states
        Codes and names of the states, in the order of the draws.
    offices, districts
        Names of the consulates, and (zones, consulates) the fraction of each zone in their districts; rows sum to 1.
    corridors, corridor_edges
        The named corridors, and the positions of their edges.
    """

    ports: pd.DataFrame
    crossings: pd.DataFrame
    us_states: Sequence[tuple[str, str]]
    mx_states: Sequence[tuple[str, str]]
    offices: Sequence[str]
    districts: FloatArray
    corridors: gpd.GeoDataFrame
    corridor_edges: Sequence[IntArray]


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What scenarios change, as tables.

    Parameters
    ----------
    scenarios
        In their order.
    tables, edges
        By scenario, places and edges with the bands of their changes.
    comparison
        One row a scenario.
    groups
        The places that changes are summed over.
    """

    scenarios: Sequence[Scenario]
    tables: Sequence[pd.DataFrame]
    edges: Sequence[gpd.GeoDataFrame]
    comparison: pd.DataFrame
    groups: ChangeGroups
