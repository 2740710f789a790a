"""Draws to means, bands and grades. Uncertainty travels as draws up to here and no further."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.results import Results
from corridors.outputs.summary.corridors import named_corridors
from corridors.outputs.summary.crossings import (
    city_draws,
    crossing_table,
    journey_table,
    partner_tables,
    place_tables,
)
from corridors.outputs.summary.district_flow import district_results
from corridors.outputs.summary.finding import find_leading
from corridors.outputs.summary.grade import Rivals, graded
from corridors.outputs.summary.rank_changes import rank_changes
from corridors.outputs.summary.trips import trip_table
from corridors.outputs.summary.uncertainty import BAND_COLUMNS, band90, bands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.closures import ClosureModel
    from corridors.core.draws import FlowDraws
    from corridors.core.journeys import Journeys, TripPath
    from corridors.core.results import InformationGain
    from corridors.core.types import Evidence, FloatArray, IntArray, Network

    Sides = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

NO_RIVALS = Rivals()
GAIN_DECIMALS = 5


def summarise(
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    rivals: Rivals = NO_RIVALS,
    *,
    places: pd.DataFrame | None = None,
    states: Mapping[str, str] | None = None,
    sides: Sides = ((), ()),
    information: Sequence[InformationGain] | None = None,
    closure_model: ClosureModel | None = None,
    districts: tuple[gpd.GeoDataFrame, pd.DataFrame] | None = None,
    trips: tuple[Journeys, Sequence[TripPath]] | None = None,
) -> Results:
    """Return the result tables of docs/outputs.md 1.

    `share_mean` is the mean of the draws. All tables are of the same draws, so means add up over any grouping and agree
    from table to table. Medians and bands are quantiles of each share on its own: they are not scaled and do not add up.

    Parameters
    ----------
    network, evidence, posterior
        The draws, and what they were inferred from.
    rivals
        What the draws are held against for their grades; without it, or in mode "point", nothing is graded.
    places, states
        `name country lon lat pop` that corridors may be named after; without it no corridor is named. Names of states by code.
    sides
        What the draws' places of origin are, (US state, consulate), and Mexican states, as in `Results`.
    information
        What the published figures add to each quantity.
    closure_model
        What a page needs to close ports.
    districts
        `fips us_state consulate approximate inferred`, county polygons EPSG:4326; and `zone_id us_state consulate fraction
        split`, the fraction of each zone's licenses in each district.
    trips
        The leading journeys, and the most probable way of each; with `places` alone.
    """
    results = _flow_tables(network, evidence, posterior, rivals)
    cities = crossing_table(network, evidence, posterior, rivals)
    flows = journey_table(evidence, posterior, rivals)
    names = states or {}
    named: gpd.GeoDataFrame | None = None
    corridor_edges: tuple[IntArray, ...] = ()
    if places is not None:
        named, corridor_edges = named_corridors(network, posterior, places, names, rivals=rivals)
    changes = None
    if rivals.variants and named is not None:
        km = network.edges["km"].to_numpy(dtype=np.float64)
        changes = rank_changes(
            rivals.variants, cities, network.ports, corridors=named, corridor_edges=corridor_edges, km=km
        )
    us_state_crossing, crossing_mx_state = partner_tables(evidence, posterior)
    zone_crossing, crossing_municipality = place_tables(evidence, posterior, results)
    return replace(
        results,
        us_state_crossing=us_state_crossing,
        crossing_mx_state=crossing_mx_state,
        zone_crossing=zone_crossing,
        crossing_municipality=crossing_municipality,
        crossings=cities,
        finding=find_leading(cities, city_draws(cities, evidence, posterior), posterior.kind),
        flows=flows,
        trips=None
        if trips is None or places is None
        else trip_table(network, evidence, results, trips, flows=flows, places=places),
        corridors=named,
        corridor_edges=corridor_edges,
        sides=sides,
        variants=tuple(rivals.variants),
        rank_changes=changes,
        closure_model=closure_model,
        identifiability=None
        if information is None
        else information_table(information, network.ports["name_us"].tolist(), names),
        districts=None
        if districts is None
        else district_results(
            evidence,
            posterior,
            network.ports["poe_id"].tolist(),
            rivals=rivals,
            origins=sides[0],
            edge_ids=network.edges["edge_id"].tolist(),
            counties=districts[0],
            zone_fractions=districts[1],
        ),
    )


def information_table(
    information: Sequence[InformationGain], port_names: Sequence[str], mx_states: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row a quantity: its 90 % band before and after the figures, and the variance that each block removed.

    Parameters
    ----------
    information
        As the inference finds it.
    port_names
        Names of the ports, in the order of the network.
    mx_states
        Names of the Mexican states by code.

    Returns
    -------
    DataFrame
        `kind us_state about prior_lo90 prior_median prior_hi90 lo90 median hi90`, and a column `told_...` for each block:
        the fraction of the prior variance it removed.
    """
    rows = []
    for one in information:
        kind, state, about = one.kind, "", one.key
        if kind == "state":
            state, about = one.key, ""
        elif kind == "pair":
            state, code = one.key.split(">")
            about = mx_states.get(code, code)
        elif kind == "port":
            about = port_names[int(one.key)]
        elif kind == "parameter":
            kind, about = one.key, ""
        figures = (*one.prior, *one.posterior)
        names = ("prior_lo90", "prior_median", "prior_hi90", "lo90", "median", "hi90")
        rows.append(
            {"kind": kind, "us_state": state, "about": about}
            | {name: round(value, GAIN_DECIMALS) for name, value in zip(names, figures, strict=True)}
            | {
                f"told_{block}": round(removed, GAIN_DECIMALS)
                for block, removed in one.variance_reduction.items()
            }
        )
    return pd.DataFrame(rows)


def _flow_tables(network: Network, evidence: Evidence, posterior: FlowDraws, rivals: Rivals) -> Results:
    """Return the tables that follow from the draws alone."""
    ports, kind = network.ports, posterior.kind
    zone_ids = evidence.zones["zone_id"].to_numpy()
    cvegeo = evidence.municipalities["cvegeo"].to_numpy()
    poe_ids = ports["poe_id"].to_numpy()
    zone_rows, zone_cols = (grid.ravel() for grid in np.indices(posterior.zone_port.shape[1:]))
    municipality_rows, municipality_cols = (
        grid.ravel() for grid in np.indices(posterior.port_municipality.shape[1:])
    )
    origin = _sum_by(posterior.zone_port, evidence.zone_state, len(evidence.us_states), axis=1)
    target = _sum_by(
        posterior.port_municipality, evidence.municipality_state, len(evidence.mx_states), axis=2
    )
    origin_rows, origin_cols = (grid.ravel() for grid in np.indices(origin.shape[1:]))
    target_rows, target_cols = (grid.ravel() for grid in np.indices(target.shape[1:]))
    pair_rows, pair_cols = (grid.ravel() for grid in np.indices(posterior.state_pair.shape[1:]))
    published = np.zeros(posterior.state_pair.shape[1:], dtype=bool)
    published[tuple(evidence.published.pairs.T)] = True
    state_of_zone = evidence.zones["us_state"].to_numpy()
    state_of_municipality = evidence.municipalities["mx_state"].to_numpy()
    return Results(
        edges=_edges(network, posterior, rivals),
        ports=_ports(ports, posterior, rivals),
        state_pairs=pd.DataFrame(
            {
                "us_state": np.array(evidence.us_states)[pair_rows],
                "mx_state": np.array(evidence.mx_states)[pair_cols],
                "published": published.ravel(),
                **band90(_flat(posterior.state_pair), kind),
                **graded(
                    lambda draws: _flat(draws.state_pair),
                    posterior,
                    rivals,
                    lambda one: one.state_flow.sum(axis=1).ravel(),
                ),
            }
        ),
        zone_port=pd.DataFrame(
            {
                "zone_id": zone_ids[zone_rows],
                "us_state": state_of_zone[zone_rows],
                "poe_id": poe_ids[zone_cols],
                **band90(_flat(posterior.zone_port), kind),
            }
        ),
        port_municipality=pd.DataFrame(
            {
                "poe_id": poe_ids[municipality_rows],
                "cvegeo": cvegeo[municipality_cols],
                "mx_state": state_of_municipality[municipality_cols],
                **band90(_flat(posterior.port_municipality), kind),
            }
        ),
        zones=_with_bands(
            evidence.zones.drop(columns=["members", "unit_dealers"]), posterior.zone_port.sum(axis=2), kind
        ),
        municipalities=_with_bands(evidence.municipalities, posterior.port_municipality.sum(axis=1), kind),
        us_state_port=pd.DataFrame(
            {
                "us_state": np.array(evidence.us_states)[origin_rows],
                "poe_id": poe_ids[origin_cols],
                **band90(_flat(origin), kind),
            }
        ),
        port_mx_state=pd.DataFrame(
            {
                "poe_id": poe_ids[target_rows],
                "mx_state": np.array(evidence.mx_states)[target_cols],
                **band90(_flat(target), kind),
            }
        ),
        parts=posterior.parts,
    )


def _edges(network: Network, posterior: FlowDraws, rivals: Rivals) -> gpd.GeoDataFrame:
    """Return every edge with its bands and grade."""
    columns = ["edge_id", "ref", "road_class", "country", "toll", "km"]
    found = graded(lambda draws: draws.edge_share, posterior, rivals, lambda one: one.edges)
    table = network.edges[[*columns, "geometry"]].assign(
        **bands(posterior.edge_share, posterior.kind), **found
    )
    return gpd.GeoDataFrame(table[[*columns, *BAND_COLUMNS, *found, "geometry"]], crs=4326)


def _ports(ports: pd.DataFrame, posterior: FlowDraws, rivals: Rivals) -> pd.DataFrame:
    """Return every port open to southbound cars with its bands and grade."""
    columns = ["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"]
    found = graded(lambda draws: draws.port_share, posterior, rivals, lambda one: one.ports)
    return ports[columns].assign(**bands(posterior.port_share, posterior.kind), **found)


def _with_bands(table: gpd.GeoDataFrame, draws: FloatArray, kind: str) -> gpd.GeoDataFrame:
    """Return the table with the band of its share added."""
    return gpd.GeoDataFrame(table.assign(**band90(draws, kind)), crs=table.crs)


def _sum_by(draws: FloatArray, group: IntArray, groups: int, axis: int) -> FloatArray:
    """Return the draws summed over the members of each group along an axis."""
    parts = [draws.take(np.flatnonzero(group == one), axis=axis).sum(axis=axis) for one in range(groups)]
    return np.stack(parts, axis=axis)


def _flat(draws: FloatArray) -> FloatArray:
    """Return (draws, cells) of (draws, rows, columns)."""
    return draws.reshape(len(draws), -1)
