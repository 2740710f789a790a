"""What is told of a run: its results, reduced to tables, and what a reader must know of how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from corridors.core.scenario import ClosureModel
    from corridors.core.types import FloatArray, IntArray, Source


@dataclass(frozen=True, slots=True)
class InformationGain:
    """What the published figures tell of one quantity, at median costs (docs/method.md 6.5).

    Parameters
    ----------
    kind, key
        "state", "pair", "port" or "parameter"; which: a state, "AZ>26", a port's position, a name.
    prior, posterior
        (5 %, 50 %, 95 %) before and after the figures.
    variance_reduction
        Part of the prior spread, squared, that each block of figures took away and no later one gave back, in the order
        they were added; together, what is gone at the end.
    """

    kind: str
    key: str
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    variance_reduction: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The run with one setting changed, at the most probable parameters: median shares, no bands.

    Parameters
    ----------
    setting, value
        What was changed to what; both empty for the run's own settings, what the others are compared with.
    edges, ports, zones, municipalities
        Share of the whole flow of each, in the order of the tables of `Results`.
    """

    setting: str
    value: str
    edges: FloatArray
    ports: FloatArray
    zones: FloatArray
    municipalities: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Districts:
    """Consular districts and the flow that starts in them.

    Parameters
    ----------
    areas
        `consulate counties approximate share_median share_lo90 share_hi90`, EPSG:4326 polygons; `approximate` counts the
        counties that no source names and road time chose.
    zone_fractions
        `zone_id us_state consulate fraction split`: fraction of each zone's licenses in each district, and whether it is in several.
    ports
        `consulate poe_id share_median share_lo90 share_hi90`.
    """

    areas: gpd.GeoDataFrame
    zone_fractions: pd.DataFrame
    ports: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Run:
    """What a reader must know of the run that an output comes from.

    Parameters
    ----------
    name
        Folder name, e.g. "southwest".
    mode, lens, demand
        How it was fitted, on which traces, with which measure of demand.
    worlds, seed
        Number of cost worlds and the seed of all randomness.
    fingerprint
        First 8 hexadecimal digits of the hash of inputs, configuration and version.
    sources
        The catalogue rows used, in the catalogue's order.
    version
        Version of the program.
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


@dataclass(frozen=True, slots=True)
class Results:
    """Reduced results: the tables that are written, and that the map draws.

    Parameters
    ----------
    edges
        `edge_id ref road_class country toll km share_median share_lo50 share_hi50 share_lo90 share_hi90
        stability grade`, EPSG:4326 lines, every edge of the network.
    ports
        `poe_id name_us name_mx us_state mx_state lon lat share_median share_lo50 … grade`.
    state_pairs
        `us_state mx_state share_median share_lo90 share_hi90`, all pairs.
    zone_port, port_municipality
        Shares by zone and port, and by port and municipality.
    zones
        `zone_id us_state name dealers share_median share_lo90 share_hi90`, EPSG:4326 polygons.
    municipalities
        `cvegeo mx_state name share_median share_lo90 share_hi90 off_network_km`, EPSG:4326 polygons where known.
    us_state_port, port_mx_state
        Shares by US state and port (`us_state poe_id`), and by port and Mexican state (`poe_id mx_state`).
    edge_port
        (edges, ports) share of the flow over each edge, a row an edge and a column a port of `ports`; None: not known.
    edge_state
        (edges, columns) flow over each edge by where it comes from, north of the border, or goes to, south of it; None:
        not known.
    sides
        What the columns of `edge_state` are: (US state, consulate) in the north, Mexican states in the south.
    districts
        Consular districts; None: not known.
    variants
        The run under other settings, its own first; empty where none was reckoned.
    rank_changes
        Places of the ten leading ports and corridors in each variant: `kind id name setting value share_run rank_run
        share rank change`.
    closure_model
        Enough of the model for a reader to close ports on the page; None: not known.
    corridors
        Named chains: `name refs km ports states share_median share_lo50 … grade`, EPSG:4326 lines.
    corridor_edges
        Positions of the edges of each named corridor, in the order of `corridors`.
    identifiability
        How much the data told of each quantity: `kind us_state about prior_lo90 prior_median prior_hi90 lo90 median
        hi90`, and a column `told_…` for each block of figures: the part of the prior spread it took away.
    """

    edges: gpd.GeoDataFrame
    ports: pd.DataFrame
    state_pairs: pd.DataFrame
    zone_port: pd.DataFrame
    port_municipality: pd.DataFrame
    zones: gpd.GeoDataFrame
    municipalities: gpd.GeoDataFrame
    us_state_port: pd.DataFrame | None = None
    port_mx_state: pd.DataFrame | None = None
    edge_port: FloatArray | None = None
    edge_state: FloatArray | None = None
    sides: tuple[tuple[tuple[str, str], ...], tuple[str, ...]] = ((), ())
    districts: Districts | None = None
    variants: tuple[Variant, ...] = ()
    rank_changes: pd.DataFrame | None = None
    closure_model: ClosureModel | None = None
    corridors: gpd.GeoDataFrame | None = None
    corridor_edges: tuple[IntArray, ...] = ()
    identifiability: pd.DataFrame | None = None
