"""Modelled flow that starts in each consular district: how much, by crossing city, port and Mexican state, from the draws.

A district's destinations are those of its own flow: under the structure "trip" they are not a fraction of all that crosses
at its ports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.results import SHARE_DIGITS, Districts
from corridors.outputs.summary.crossings import by_city
from corridors.outputs.summary.grade import graded
from corridors.outputs.summary.uncertainty import MEAN, band90

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.core.draws import FlowDraws, FlowParts
    from corridors.core.results import Variant
    from corridors.core.types import Evidence, FloatArray
    from corridors.outputs.summary.grade import Rivals

LEAST_PART = 0.01
"""Smallest fraction of a district's own flow over an edge that is kept."""


def district_results(
    evidence: Evidence,
    posterior: FlowDraws,
    poe_ids: Sequence[str],
    *,
    rivals: Rivals,
    origins: Sequence[tuple[str, str]],
    edge_ids: Sequence[str],
    counties: gpd.GeoDataFrame,
    zone_fractions: pd.DataFrame,
) -> Districts:
    """Return the districts with the flow that starts in each.

    Parameters
    ----------
    evidence, posterior
        The draws, by place of origin, and what they were inferred from.
    poe_ids
        Ids of the ports.
    rivals
        What the draws are held against for their grades.
    origins
        (US state, consulate) of each place of origin of the draws.
    edge_ids
        Ids of the edges.
    counties
        `fips us_state consulate approximate inferred`, one row a county, EPSG:4326 polygons.
    zone_fractions
        `zone_id us_state consulate fraction split`: the fraction of each zone's licenses in each district.
    """
    names = sorted({consulate for _, consulate in origins})
    member = np.array([[float(own == name) for _, own in origins] for name in names])

    def crossing(ports: FloatArray, _: FloatArray) -> FloatArray:
        """Return (draws, districts x ports) shares."""
        return _of_districts(member, ports)

    def through_city(ports: FloatArray, _: FloatArray) -> FloatArray:
        """Return (draws, districts x crossing cities) shares."""
        by_port = _of_districts(member, ports).reshape(-1, len(names), len(poe_ids))
        return by_city(by_port, evidence).reshape(len(by_port), -1)

    def ending(_: FloatArray, ends: FloatArray) -> FloatArray:
        """Return (draws, districts x mx states) shares."""
        return _of_districts(member, ends)

    def starting(ports: FloatArray, _: FloatArray) -> FloatArray:
        """Return (draws, districts) shares."""
        return np.asarray(_of_districts(member, ports).reshape(-1, len(names), len(poe_ids)).sum(axis=2))

    def columns(of: Callable[[FloatArray, FloatArray], FloatArray]) -> dict[str, Any]:
        """Return the band of each share and its grade, of (draws, origins, ports) and (draws, origins, mx states) flow."""

        def take(draws: FlowDraws) -> FloatArray:
            return of(draws.origin_port, draws.origin_mx_state)

        def of_variant(one: Variant) -> FloatArray:
            return np.asarray(of(one.origin_port[None], one.origin_mx_state[None])[0])

        return {**band90(take(posterior), posterior.kind), **graded(take, posterior, rivals, of_variant)}

    starts = starting(posterior.origin_port, posterior.origin_mx_state)
    counted = counties.assign(counties=1).dissolve(
        "consulate", aggfunc={"counties": "sum", "approximate": "sum", "inferred": "sum"}, as_index=False
    )
    split = zone_fractions.groupby("consulate")["split"].any().rename("split").reset_index()
    flow = pd.DataFrame({"consulate": names, **columns(starting)})
    return Districts(
        areas=gpd.GeoDataFrame(counted.merge(flow, on="consulate").merge(split, on="consulate")),
        zone_fractions=zone_fractions,
        crossings=_pairs(names, "crossing_city", evidence.crossing_cities).assign(**columns(through_city)),
        ports=_pairs(names, "poe_id", poe_ids).assign(**columns(crossing)),
        destinations=_pairs(names, "mx_state", evidence.mx_states).assign(
            **columns(ending),
            **_fractions(_of_districts(member, posterior.origin_mx_state), starts, posterior.kind),
        ),
        roads=None
        if posterior.parts is None
        else district_roads(
            member,
            posterior.parts,
            names=names,
            edge_ids=edge_ids,
            edge_share=posterior.edge_share.mean(axis=0),
        ),
    )


def district_roads(
    member: FloatArray,
    parts: FlowParts,
    *,
    names: Sequence[str],
    edge_ids: Sequence[str],
    edge_share: FloatArray,
) -> pd.DataFrame:
    """Return `consulate edge_id share_mean part_mean` of each edge that carries a hundredth of a district's own flow or more.

    Parameters
    ----------
    member
        (districts, origins) 1 where a place of origin is of the district, else 0.
    parts
        The flow by origin, of which municipalities hold all that starts.
    names, edge_ids
        Consulates and ids of the edges.
    edge_share
        (edges,) mean share of the whole flow over each edge.

    Notes
    -----
    As on the map of the run, the share is that of the edge, divided as the draws kept in parts divide it.
    """
    own = parts.edge_origin @ member.T
    total = parts.edge_origin.sum(axis=1, keepdims=True)
    share = edge_share[:, None] * np.divide(own, total, out=np.zeros_like(own), where=total > 0)
    starts = (parts.municipality_origin @ member.T).sum(axis=0)
    part = np.divide(own, starts, out=np.zeros_like(own), where=starts > 0)
    column, row = np.nonzero(part.T >= LEAST_PART)
    return pd.DataFrame(
        {
            "consulate": np.asarray(names)[column],
            "edge_id": np.asarray(edge_ids)[row],
            "share_mean": share[row, column].round(SHARE_DIGITS),
            "part_mean": np.minimum(part[row, column], 1.0).round(SHARE_DIGITS),
        }
    )


def _of_districts(member: FloatArray, draws: FloatArray) -> FloatArray:
    """Return (draws, districts x n) flow of (draws, origins, n) flow by place of origin."""
    return np.asarray(np.einsum("do,nok->ndk", member, draws).reshape(len(draws), -1))


def _fractions(ending: FloatArray, starting: FloatArray, kind: str) -> dict[str, FloatArray]:
    """Return mean and band of the fractions of each district's own flow; the mean is that of the means, as a reader divides them."""
    by_state = ending.reshape(*starting.shape, -1)
    whole = starting[:, :, None]
    fraction = np.divide(by_state, whole, out=np.zeros_like(by_state), where=whole > 0)
    found = band90(fraction.reshape(len(fraction), -1), kind)
    mean = whole.mean(axis=0)
    found[MEAN] = (by_state.mean(axis=0) / np.where(mean > 0, mean, 1.0)).ravel().round(SHARE_DIGITS)
    return {name.replace("share", "part"): values for name, values in found.items()}


def _pairs(consulates: Sequence[str], other: str, ids: Sequence[str]) -> pd.DataFrame:
    """Return every pair of a district and another place, district by district."""
    return pd.DataFrame({"consulate": np.repeat(consulates, len(ids)), other: np.tile(ids, len(consulates))})
