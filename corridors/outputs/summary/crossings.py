"""The flow by crossing city, and the whole journey by states and crossing city, as tables of posterior means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.outputs.summary.uncertainty import (
    SHOWN_COLUMNS,
    bands,
    grades,
    variance_reduction,
    within_factor,
)

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray, FlowDraws, Network

STABLE_FACTOR = 2.0
"""A draw of a crossing city's share is stable within this factor of the median, as a port's is."""
SEPARATOR = " "


def crossing_table(
    network: Network, evidence: Evidence, posterior: FlowDraws, prior: FlowDraws | None
) -> pd.DataFrame:
    """Return one row a crossing city, most of the flow first: structures of the choice agree on cities, not on bridges.

    Returns
    -------
    DataFrame
        `crossing_city name_es name_en ports share_mean share_lo50 share_hi50 share_lo90 share_hi90 grade`; `ports` are the
        ids of its bridges and gates. `share_mean` is the posterior mean and sums to 1, the rest quantiles of the same draws.
    """
    draws = _by_city(posterior.port_share, evidence)
    before = None if prior is None else _by_city(prior.port_share, evidence)
    grade = grades(within_factor(draws, STABLE_FACTOR), variance_reduction(draws, before))
    ports = network.ports.assign(city=evidence.port_city).groupby("city")
    table = pd.DataFrame(
        {
            "crossing_city": evidence.crossing_cities,
            "name_es": ports["crossing_city_es"].first().to_numpy(),
            "name_en": ports["crossing_city_en"].first().to_numpy(),
            "ports": ports["poe_id"].agg(SEPARATOR.join).to_numpy(),
            **bands(draws, SHOWN_COLUMNS),
            "grade": grade,
        }
    )
    return table.sort_values(["share_mean", "crossing_city"], ascending=[False, True], ignore_index=True)


def journey_table(evidence: Evidence, posterior: FlowDraws) -> pd.DataFrame:
    """Return one row a US state, crossing city and Mexican state: the whole journey, which freight may be held against.

    Returns
    -------
    DataFrame
        `us_state crossing_city mx_state share_mean share_lo50 share_hi50 share_lo90 share_hi90`; `share_mean` sums to 1.
        No figure is published by crossing city, so no row has a grade of its own.
    """
    by_port = np.moveaxis(posterior.state_flow, 2, -1)
    draws = np.moveaxis(_by_city(by_port, evidence), -1, 2)
    rows = [grid.ravel() for grid in np.indices(draws.shape[1:])]
    names = (evidence.us_states, evidence.crossing_cities, evidence.mx_states)
    return pd.DataFrame(
        {
            **{
                column: np.array(values)[at]
                for column, values, at in zip(
                    ("us_state", "crossing_city", "mx_state"), names, rows, strict=True
                )
            },
            **bands(draws.reshape(len(draws), -1), SHOWN_COLUMNS),
        }
    )


def _by_city(draws: FloatArray, evidence: Evidence) -> FloatArray:
    """Return (..., cities) sums over the ports of each city of (..., ports) shares."""
    members = (evidence.port_city[:, None] == np.arange(len(evidence.crossing_cities))).astype(np.float64)
    return np.asarray(draws @ members)
