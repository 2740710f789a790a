"""Build the evidence: observations on the positions of the network. A dealer row ends here, as supply of a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.core.errors import Fault, InputError
from corridors.core.geo import to_plane
from corridors.core.settings import DEFAULT_DEMAND, DEFAULT_SHOWS
from corridors.core.types import CentroidConnectors, Evidence, freeze
from corridors.network.build import largest_component
from corridors.network.demand import municipal_demand
from corridors.network.listed import county_people, listed_counties, listed_in_part
from corridors.network.published import published
from corridors.network.zones import (
    county_zones,
    nearest_node,
    off_network_hours,
    spread_by_population,
    zip_zones,
)

Frame = TypeVar("Frame", bound=pd.DataFrame)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from corridors.core.settings import DemandSettings, ShowSettings
    from corridors.core.types import BoolArray, FloatArray, IntArray, Network

    Tables = Mapping[str, pd.DataFrame]

OFF_NETWORK_KM = 10.0
"""Kilometers off the network beyond which a municipal seat is marked so in every table."""
SHOW_FROM_YEAR = 2018
MARGIN_KM = 25.0
"""Distance outside the hull of a country's roads at which a place still counts as covered: islands, coasts, edges of extracts."""
MIN_COVERED = 0.95
"""Fraction of a state from which it counts as covered whole, and its published figures may be fitted."""


def build_evidence(
    tables: Tables,
    population: Path,
    network: Network,
    *,
    demand: str = "combined",
    shows: ShowSettings = DEFAULT_SHOWS,
    measures: DemandSettings = DEFAULT_DEMAND,
    licenses: Callable[[gpd.GeoDataFrame], pd.Series] | None = None,
) -> Evidence:
    """Return the evidence of checked tables, on the positions of the network.

    Parameters
    ----------
    tables
        Tables by id, checked against their schemas.
    population
        GeoTIFF of people per square kilometer.
    network
        The network.
    demand
        One of `Demand` of the settings: what measures municipal demand. All are recovery-weighted: only the product of demand and of the
        chance q_a that a state recovers and traces a gun is identified, and nothing published allows rescaling by q_a
        (docs/method.md 4.5).
    shows
        Fraction of supply that gun shows carry, and their reach; a fraction of 0 leaves them out.
    measures
        How much an old measure of demand counts.
    licenses
        Returns the licenses of zones by `zone_id`, in place of those of the tables: where a count is withheld, an estimate.

    Raises
    ------
    InputError
        The network covers no dealer or no municipality; the trace count of a covered state is missing.
    NotEnoughDataError
        Demand is measured by events, and the tables have none.
    """
    usable = _on_main_network(network)
    north = network.nodes["country"].to_numpy() == "US"
    all_zones = supply_zones(tables)
    zones = _within(all_zones, network, usable & north, "dealers")
    if licenses is not None:
        zones = zones.assign(dealers=licenses(zones).reindex(zones["zone_id"]).to_numpy())
    zone_nodes, zone_hours = spread_by_population(zones, population, network, usable & north)
    all_places = tables["municipalities"].sort_values("cvegeo", ignore_index=True)
    places = _within(all_places, network, usable & ~north, "municipalities")
    node, hours = nearest_node(network, usable & ~north, places["lon"].to_numpy(), places["lat"].to_numpy())
    us_states = tuple(sorted(zones["us_state"].unique()))
    mx_states = tuple(sorted(places["mx_state"].unique()))
    zone_state = pd.Index(us_states).get_indexer(zones["us_state"]).astype(np.int64)
    municipality_state = pd.Index(mx_states).get_indexer(places["mx_state"]).astype(np.int64)
    supply = _supply(zones, tables["gun_shows"], shows)
    terms, offset, state_totals = municipal_demand(places, tables, mx_states, demand, measures)
    crossing_cities, port_city = _crossing_cities(network.ports)
    vehicles = _vehicles(network.ports)
    # relative to a city's, not to a bridge's: to count one bridge as two changes nothing
    volume = np.log(vehicles) - np.log(np.bincount(port_city, weights=vehicles).max())
    open_fraction = np.log(network.ports["hours_open"].to_numpy(dtype=np.float64) / 24)
    spread = network.ports["factor_spread"].to_numpy(dtype=np.float64)
    arrays = (
        port_city,
        zone_state,
        municipality_state,
        supply,
        terms,
        offset,
        state_totals,
        volume,
        open_fraction,
        spread,
    )
    freeze(*arrays, node, hours)
    return Evidence(
        zones=zones,
        municipalities=_municipalities(places, tables["municipality_polygons"], hours),
        us_states=us_states,
        mx_states=mx_states,
        zone_state=zone_state,
        municipality_state=municipality_state,
        log_supply=supply,
        state_terms=_state_terms(tables, us_states, zones),
        demand_terms=terms,
        log_demand_offset=offset,
        log_state_demand=state_totals,
        log_port_volume=volume,
        log_open_fraction=open_fraction,
        crossing_cities=crossing_cities,
        port_city=port_city,
        connectors=CentroidConnectors(zone_nodes, zone_hours, node, hours),
        published=published(
            tables,
            zones,
            places,
            network.ports,
            crossing_cities=crossing_cities,
            whole=_whole_states(zones, all_zones, places, all_places) - listed_in_part(tables),
        ),
        port_factor_spread=spread,
    )


def _vehicles(ports: pd.DataFrame) -> FloatArray:
    """Return (ports,) southbound cars a year, at least one: a port that is open is never out of the question.

    Raises
    ------
    InputError
        No port has any.
    """
    vehicles: FloatArray = ports["southbound_cars"].to_numpy(dtype=np.float64)
    if not (vehicles > 0).any():
        raise InputError(
            [
                Fault(
                    "ports_of_entry",
                    "vehicles a year at one port at least",
                    "0 at every port that the roads reach",
                    "Give the yearly vehicles of the ports: crossings are chosen by them and by the roads.",
                    column="pov_weight",
                )
            ]
        )
    return np.maximum(vehicles, 1.0)


def _crossing_cities(ports: pd.DataFrame) -> tuple[tuple[str, ...], IntArray]:
    """Return the ids of the crossing cities, and (ports,) the position of each port's."""
    ids = tuple(sorted(ports["crossing_city"].unique()))
    return ids, pd.Index(ids).get_indexer(ports["crossing_city"]).astype(np.int64)


def _on_main_network(network: Network) -> BoolArray:
    """Return (nodes,) whether a node is connected to the ports: in the largest component of all arcs."""
    arcs = network.arcs
    return largest_component(arcs.nodes, arcs.tail, arcs.head)


def supply_zones(tables: Tables) -> gpd.GeoDataFrame:
    """Return supply zones: of ZIP codes where the tables have licenses by ZIP code, of counties otherwise."""
    people, counties = county_people(tables), listed_counties(tables)
    if "dealers_zip" in tables:
        points = tables.get("zip_points")
        if points is not None:
            points = points[points["fips"].isin(counties["fips"])]
        return zip_zones(tables["dealers_zip"], counties, points=points, people=people)
    dealers = tables["dealers"]
    latest = dealers[dealers["year"] == dealers["year"].max()].set_index("fips")["dealers"]
    return county_zones(_counties(tables, counties), latest, people)


def _within(table: Frame, network: Network, usable: BoolArray, name: str) -> Frame:
    """Return the rows that the network covers.

    Raises
    ------
    InputError
        It covers none.
    """
    if isinstance(table, gpd.GeoDataFrame):
        points = table.geometry.representative_point()
        lon, lat = points.x.to_numpy(), points.y.to_numpy()
    else:
        lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    inside = is_covered(network, usable, lon, lat)
    if not inside.any():
        found = "none within 25 km of the network's hull"
        raise InputError(
            [Fault(name, "at least one place the roads cover", found, "Give roads of the region.")]
        )
    return table[inside].reset_index(drop=True)


def is_covered(network: Network, usable: BoolArray, lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Return (points,) whether each point (degrees EPSG:4326) lies within 25 km of the hull of the usable nodes."""
    nodes = network.nodes[usable]
    points = to_plane(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))
    hull = shapely.buffer(shapely.convex_hull(shapely.multipoints(points)), 1000 * MARGIN_KM)
    shapely.prepare(hull)
    return np.asarray(shapely.contains(hull, shapely.points(to_plane(lon, lat))))


def _whole_states(
    zones: gpd.GeoDataFrame, all_zones: gpd.GeoDataFrame, places: pd.DataFrame, all_places: pd.DataFrame
) -> frozenset[str]:
    """Return the states of both countries that are covered whole: at least 95 % of their licenses, or population."""
    supply = zones.groupby("us_state")["dealers"].sum() / all_zones.groupby("us_state")["dealers"].sum()
    population = places.groupby("mx_state")["pop"].sum() / all_places.groupby("mx_state")["pop"].sum()
    return frozenset(supply.index[supply >= MIN_COVERED]) | frozenset(
        population.index[population >= MIN_COVERED]
    )


def _counties(tables: Tables, counties: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return those of some counties that are in the states of the dealer table.

    Raises
    ------
    InputError
        The dealer table names no county of the table of counties.
    """
    states = counties.loc[counties["fips"].isin(tables["dealers"]["fips"]), "us_state"].unique()
    if len(states) == 0:
        raise InputError(
            [Fault("dealers", "counties of the table 'counties'", "none of them", "Give a fips per row.")]
        )
    return gpd.GeoDataFrame(counties[counties["us_state"].isin(states)], crs=counties.crs)


def _supply(zones: gpd.GeoDataFrame, shows: pd.DataFrame, prior: ShowSettings) -> FloatArray:
    """Return (zones,) log supply from licenses and gun shows, before fitted terms.

    `log(n_i (1 + rho G_i))` of docs/method.md 3.1, with rho such that shows carry the fraction `prior.part` of all
    supply. Their fraction of the fitted flow differs (.028 on the default data), because the fit moves flow between zones.
    """
    count = zones["dealers"].to_numpy(dtype=np.float64)
    activity = show_activity(zones, shows, prior.reach_km)
    return np.asarray(np.log(count * (1 + _show_weight(count, activity, prior.part) * activity)))


def without_shows(
    zones: gpd.GeoDataFrame, shows: pd.DataFrame, gone: BoolArray, prior: ShowSettings
) -> FloatArray:
    """Return (zones,) the change of log supply when some shows are not held and the others keep their weight.

    Parameters
    ----------
    gone
        (shows,) whether a show is not held.
    """
    count = zones["dealers"].to_numpy(dtype=np.float64)
    before = show_activity(zones, shows, prior.reach_km)
    after = show_activity(zones, shows[~gone], prior.reach_km)
    weight = _show_weight(count, before, prior.part)
    return np.asarray(np.log1p(weight * after) - np.log1p(weight * before), dtype=np.float64)


def show_activity(zones: gpd.GeoDataFrame, shows: pd.DataFrame, reach_km: float) -> FloatArray:
    """Return (zones,) show activity G: a sum over shows, by distance; all count alike, as most days are unknown."""
    places = counted_shows(shows).groupby(["lon", "lat"]).size().reset_index(name="shows")
    inside = zones.geometry.representative_point()
    here = to_plane(inside.x.to_numpy(), inside.y.to_numpy())
    there = to_plane(places["lon"].to_numpy(), places["lat"].to_numpy())
    km = np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1)) / 1000
    return np.asarray(np.exp(-km / reach_km) @ places["shows"].to_numpy(dtype=np.float64))


def _show_weight(count: FloatArray, activity: FloatArray, fraction: float) -> float:
    """Return rho, which solves sum(n rho G) / sum(n (1 + rho G)) = fraction; 0 without shows."""
    reached = count @ activity
    return float(fraction * count.sum() / ((1 - fraction) * reached)) if reached else 0.0


def counted_shows(shows: pd.DataFrame) -> pd.DataFrame:
    """Return the shows that count as activity: held or announced since 2018, at a known place."""
    year = pd.to_numeric(shows["start"].astype("str").str.slice(0, 4), errors="coerce")
    known = shows["lon"].notna() & shows["lat"].notna()
    return shows[(year >= SHOW_FROM_YEAR) & (shows["occurrence"] != "cancelled") & known]


def _state_terms(tables: Tables, us_states: tuple[str, ...], zones: gpd.GeoDataFrame) -> FloatArray:
    """Return (us states, 2): standardized count of laws; log checks per dealer, centered on the states' mean."""
    laws = tables["state_laws"]
    law = laws[laws["year"] == laws["year"].max()].set_index("us_state")["law_z"].reindex(us_states)
    checks = tables["nics"]
    whole = checks[checks["months"] == 12]
    sales = (
        whole[whole["year"] == whole["year"].max()].set_index("us_state")["sales_proxy"].reindex(us_states)
    )
    dealers = zones.groupby("us_state")["dealers"].sum().reindex(us_states)
    per_dealer = np.log(sales.to_numpy(dtype=np.float64) / dealers.to_numpy(dtype=np.float64))
    terms = np.column_stack([law.to_numpy(dtype=np.float64), per_dealer - per_dealer.mean()])
    freeze(terms)
    return terms


def _municipalities(places: pd.DataFrame, polygons: pd.DataFrame, hours: FloatArray) -> gpd.GeoDataFrame:
    """Return municipalities with polygons where known, and their seats' distance from the network in kilometers."""
    shapes = polygons.set_index("cvegeo")["geometry"].reindex(places["cvegeo"])
    km = hours / off_network_hours(np.ones(1))[0]
    table = places[["cvegeo", "mx_state", "name", "lon", "lat"]].assign(
        off_network_km=np.round(km, 1), off_network=km > OFF_NETWORK_KM
    )
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes.to_numpy(), crs=4326))
