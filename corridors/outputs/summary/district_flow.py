"""Modelled flow that starts in each consular district: how much, by port of entry and by Mexican state, from the draws.

A district's destinations are those of its own flow: under the structure "trip" they are not a fraction of all that crosses
at its ports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.results import SHARE_DIGITS, Districts
from corridors.outputs.summary.grade import graded
from corridors.outputs.summary.uncertainty import MEAN, band90

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, FloatArray
    from corridors.outputs.summary.grade import Rivals, Take


def district_results(
    evidence: Evidence,
    posterior: FlowDraws,
    poe_ids: Sequence[str],
    *,
    rivals: Rivals,
    origins: Sequence[tuple[str, str]],
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
    counties
        `fips us_state consulate approximate inferred`, one row a county, EPSG:4326 polygons.
    zone_fractions
        `zone_id us_state consulate fraction split`: the fraction of each zone's licenses in each district.
    """
    names = sorted({consulate for _, consulate in origins})
    member = np.array([[float(own == name) for _, own in origins] for name in names])

    def crossing(draws: FlowDraws) -> FloatArray:
        """Return (draws, districts x ports) shares."""
        return _of_districts(member, draws.origin_port)

    def ending(draws: FlowDraws) -> FloatArray:
        """Return (draws, districts x mx states) shares."""
        return _of_districts(member, draws.origin_mx_state)

    def starting(draws: FlowDraws) -> FloatArray:
        """Return (draws, districts) shares."""
        return np.asarray(crossing(draws).reshape(-1, len(names), len(poe_ids)).sum(axis=2))

    def columns(take: Take) -> dict[str, Any]:
        """Return the band of each share and its grade."""
        return {**band90(take(posterior), posterior.kind), **graded(take, posterior, rivals, None)}

    counted = counties.assign(counties=1).dissolve(
        "consulate", aggfunc={"counties": "sum", "approximate": "sum", "inferred": "sum"}, as_index=False
    )
    split = zone_fractions.groupby("consulate")["split"].any().rename("split").reset_index()
    flow = pd.DataFrame({"consulate": names, **columns(starting)})
    return Districts(
        areas=gpd.GeoDataFrame(counted.merge(flow, on="consulate").merge(split, on="consulate")),
        zone_fractions=zone_fractions,
        ports=_pairs(names, "poe_id", poe_ids).assign(**columns(crossing)),
        destinations=_pairs(names, "mx_state", evidence.mx_states).assign(
            **columns(ending), **_fractions(ending(posterior), starting(posterior), posterior.kind)
        ),
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
