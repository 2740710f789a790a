"""Demand by municipality under one set of parameters, and its gradient (docs/method.md 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridors.core.types import Evidence, FloatArray, IntArray
    from corridors.inference.model.flow import Parameters


def log_demand(p: Parameters, evidence: Evidence) -> tuple[FloatArray, FloatArray]:
    """Return log D_j, and each municipality's fraction of its state where demand is scaled to state totals."""
    of_municipality = evidence.municipality_state
    value = evidence.log_demand_offset + evidence.demand_terms @ p["demand_terms"]
    state_fraction = np.zeros(0)
    if len(evidence.log_state_demand):
        part = _log_softmax_by(value, of_municipality, len(evidence.mx_states))
        value, state_fraction = part + evidence.log_state_demand[of_municipality], np.exp(part)
    return value + p["demand_effect"][of_municipality], state_fraction


def demand_gradient(
    d_log_demand: FloatArray, evidence: Evidence, state_fraction: FloatArray
) -> dict[str, FloatArray]:
    """Return the gradient in the demand parameters, from that in log D_j."""
    of_municipality = evidence.municipality_state
    d_effect = np.asarray(
        np.bincount(of_municipality, weights=d_log_demand, minlength=len(evidence.mx_states)),
        dtype=np.float64,
    )
    if len(state_fraction):
        d_log_demand = d_log_demand - state_fraction * d_effect[of_municipality]
    return {"demand_terms": evidence.demand_terms.T @ d_log_demand, "demand_effect": d_effect}


def _log_softmax_by(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Return the log of the fraction each value is of its group. Log demand spans far less than a float's exponents."""
    top = values.max()
    total = np.bincount(group, weights=np.exp(values - top), minlength=groups)
    return np.asarray(values - top - np.log(total)[group])
