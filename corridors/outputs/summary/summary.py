"""Draws to medians, bands and grades. Uncertainty travels as draws up to here and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.results import Results
from corridors.outputs.summary.bands import BAND_COLUMNS, bands, scaled_bands

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray, FlowDraws, IntArray, Network

TOP_EDGES = 0.10
PORT_FACTOR = 2.0
STABLE = 0.9
UNSTABLE = 0.5


def summarise(
    network: Network, evidence: Evidence, posterior: FlowDraws, prior: FlowDraws | None = None
) -> Results:
    """Return the result tables of docs/outputs.md 1.

    Medians are of each share on its own, and medians of parts do not quite sum to the whole: those of ports, state
    pairs, zones by port and ports by municipality are scaled by one factor a table, bands with them, so that each
    table sums to 1 as a table of shares must.

    Parameters
    ----------
    prior
        The same flow drawn from the priors: what the grade's evidence is measured against. Without it no A is given.
    """
    ports = network.ports
    zone_ids = evidence.zones["zone_id"].to_numpy()
    cvegeo = evidence.municipalities["cvegeo"].to_numpy()
    poe_ids = ports["poe_id"].to_numpy()
    zone_rows, zone_cols = (grid.ravel() for grid in np.indices(posterior.zone_port.shape[1:]))
    town_rows, town_cols = (grid.ravel() for grid in np.indices(posterior.port_municipality.shape[1:]))
    origin = _sum_by(posterior.zone_port, evidence.zone_state, len(evidence.us_states), axis=1)
    target = _sum_by(
        posterior.port_municipality, evidence.municipality_state, len(evidence.mx_states), axis=2
    )
    origin_rows, origin_cols = (grid.ravel() for grid in np.indices(origin.shape[1:]))
    target_rows, target_cols = (grid.ravel() for grid in np.indices(target.shape[1:]))
    pair_rows, pair_cols = (grid.ravel() for grid in np.indices(posterior.state_pair.shape[1:]))
    state_of_zone = evidence.zones["us_state"].to_numpy()
    state_of_town = evidence.municipalities["mx_state"].to_numpy()
    return Results(
        edges=_edges(network, posterior, prior),
        ports=_ports(ports, posterior, prior),
        state_pairs=pd.DataFrame(
            {
                "us_state": np.array(evidence.us_states)[pair_rows],
                "mx_state": np.array(evidence.mx_states)[pair_cols],
                **scaled_bands(_flat(posterior.state_pair)),
            }
        ),
        zone_port=pd.DataFrame(
            {
                "zone_id": zone_ids[zone_rows],
                "us_state": state_of_zone[zone_rows],
                "poe_id": poe_ids[zone_cols],
                **scaled_bands(_flat(posterior.zone_port)),
            }
        ),
        port_municipality=pd.DataFrame(
            {
                "poe_id": poe_ids[town_rows],
                "cvegeo": cvegeo[town_cols],
                "mx_state": state_of_town[town_cols],
                **scaled_bands(_flat(posterior.port_municipality)),
            }
        ),
        zones=_with_bands(
            evidence.zones.drop(columns=["members", "unit_dealers"]), posterior.zone_port.sum(axis=2)
        ),
        municipalities=_with_bands(evidence.municipalities, posterior.port_municipality.sum(axis=1)),
        us_state_port=pd.DataFrame(
            {
                "us_state": np.array(evidence.us_states)[origin_rows],
                "poe_id": poe_ids[origin_cols],
                **scaled_bands(_flat(origin)),
            }
        ),
        port_mx_state=pd.DataFrame(
            {
                "poe_id": poe_ids[target_rows],
                "mx_state": np.array(evidence.mx_states)[target_cols],
                **scaled_bands(_flat(target)),
            }
        ),
        edge_port=posterior.edge_port,
    )


def stability(draws: FloatArray, top: float) -> FloatArray:
    """Return, for each column, the part of draws in which it is among the `top` part of columns with any flow.

    Parameters
    ----------
    draws
        (draws, columns) shares.
    top
        Part of the columns with flow in that draw, e.g. .1 for the top decile.
    """
    member = np.zeros(draws.shape[1])
    for row in draws:
        positive = row[row > 0]
        if len(positive):
            member += row >= np.quantile(positive, 1 - top)
    return np.asarray(member / len(draws))


def within_factor(draws: FloatArray, factor: float) -> FloatArray:
    """Return, for each column, the part of draws within a factor of its median.

    Every port is on the map whatever its rank, so its stability is of its share: the part of cost worlds in which
    it lies between median / `factor` and median x `factor`.
    """
    median = np.median(draws, axis=0)
    return np.asarray(((draws <= median * factor) & (draws >= median / factor)).mean(axis=0))


def variance_reduction(draws: FloatArray, prior: FloatArray | None) -> FloatArray | None:
    """Return the part of each column's prior variance that the data took away, at least 0; None without a prior."""
    if prior is None:
        return None
    before, after = prior.var(axis=0), draws.var(axis=0)
    part: FloatArray = 1 - np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return np.maximum(part, 0)


def grades(stable: FloatArray, evidence: FloatArray | None = None) -> list[str]:
    """Return the grade of each corridor (docs/method.md 6.3).

    A: stable and supported by data (evidence at least .5). B: stable, follows from geography, not confirmed by
    data. C: unstable. D: rarely among the strongest, hidden by default. Without a measure of evidence (point mode)
    no A is given.
    """
    supported = np.zeros(len(stable)) if evidence is None else evidence
    return [
        "A" if s >= STABLE and c >= 0.5 else "B" if s >= STABLE else "C" if s >= UNSTABLE else "D"
        for s, c in zip(stable, supported, strict=True)
    ]


def _edges(network: Network, posterior: FlowDraws, prior: FlowDraws | None) -> gpd.GeoDataFrame:
    """Return every edge with its band, stability and grade."""
    columns = ["edge_id", "ref", "road_class", "country", "toll", "km", "geometry"]
    stable = stability(posterior.edge_share, TOP_EDGES)
    table = network.edges[columns].assign(
        **bands(posterior.edge_share),
        stability=stable.round(4),
        grade=grades(
            stable, variance_reduction(posterior.edge_share, None if prior is None else prior.edge_share)
        ),
    )
    return gpd.GeoDataFrame(table[[*columns[:-1], *BAND_COLUMNS, "stability", "grade", "geometry"]], crs=4326)


def _ports(ports: pd.DataFrame, posterior: FlowDraws, prior: FlowDraws | None) -> pd.DataFrame:
    """Return every port open to southbound cars with its band and grade."""
    columns = ["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"]
    supported = variance_reduction(posterior.port_share, None if prior is None else prior.port_share)
    grade = grades(within_factor(posterior.port_share, PORT_FACTOR), supported)
    return ports[columns].assign(**scaled_bands(posterior.port_share, BAND_COLUMNS), grade=grade)


def _with_bands(table: gpd.GeoDataFrame, draws: FloatArray) -> gpd.GeoDataFrame:
    """Return the table with the band of its share added."""
    return gpd.GeoDataFrame(table.assign(**scaled_bands(draws)), crs=table.crs)


def _sum_by(draws: FloatArray, group: IntArray, groups: int, axis: int) -> FloatArray:
    """Return the draws summed over the members of each group along an axis."""
    parts = [draws.take(np.flatnonzero(group == one), axis=axis).sum(axis=axis) for one in range(groups)]
    return np.stack(parts, axis=axis)


def _flat(draws: FloatArray) -> FloatArray:
    """Return (draws, cells) of (draws, rows, columns)."""
    return draws.reshape(len(draws), -1)
