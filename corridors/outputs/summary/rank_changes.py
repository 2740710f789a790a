"""Rank changes of the leading crossing cities, ports and corridors when one setting changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.results import SHARE_DIGITS
from corridors.outputs.summary.corridors import length_weighted_mean
from corridors.outputs.summary.crossings import city_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.results import Variant
    from corridors.core.types import FloatArray, IntArray

LEADING = 10


def rank_changes(
    variants: Sequence[Variant],
    cities: pd.DataFrame,
    ports: pd.DataFrame,
    *,
    corridors: pd.DataFrame,
    corridor_edges: Sequence[IntArray],
    km: FloatArray,
) -> pd.DataFrame:
    """Return the rank of each of the ten leading crossing cities, ports and named corridors in each variant.

    Parameters
    ----------
    variants
        The run's own settings, then the others.
    cities, ports, corridors
        `crossing_city name_en ports`, the ids of its ports; `poe_id name_us`; `corridor_id name`.
    corridor_edges, km
        Edges of each corridor, in their order; (edges,) lengths.

    Returns
    -------
    pandas.DataFrame
        `kind id name setting value share_run rank_run share rank change`. Shares and ranks of the run are those at its
        most probable parameters, as the variant's are; a positive change is a rise.
    """
    members = city_members(cities, ports)
    kinds = {
        "crossing_city": (
            cities["crossing_city"],
            cities["name_en"],
            [one.ports @ members for one in variants],
        ),
        "port": (ports["poe_id"], ports["name_us"], [one.ports for one in variants]),
        "corridor": (
            corridors["corridor_id"],
            corridors["name"],
            [
                np.array([length_weighted_mean(one.edges, km, edges) for edges in corridor_edges])
                for one in variants
            ],
        ),
    }
    tables = []
    for kind, (ids, names, (share_run, *shares)) in kinds.items():
        rank_run = rankings(share_run)
        first = np.argsort(rank_run)[:LEADING]
        for other, share in zip(variants[1:], shares, strict=True):
            rank = rankings(share)
            tables.append(
                pd.DataFrame(
                    {
                        "kind": kind,
                        "id": ids.to_numpy()[first],
                        "name": names.to_numpy()[first],
                        "setting": other.setting,
                        "value": other.value,
                        "share_run": share_run[first].round(SHARE_DIGITS),
                        "rank_run": rank_run[first],
                        "share": share[first].round(SHARE_DIGITS),
                        "rank": rank[first],
                        "change": rank_run[first] - rank[first],
                    }
                )
            )
    return pd.concat(tables, ignore_index=True)


def rankings(shares: FloatArray) -> IntArray:
    """Return ranks from 1, the largest share first."""
    found = np.empty(len(shares), dtype=np.int64)
    found[np.argsort(-shares, kind="stable")] = np.arange(1, len(shares) + 1)
    return found
