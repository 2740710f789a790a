"""Sums of (ports, municipalities) arrays by state: compiled passes over slices, each array read once.

These arrays are most of the work of a fit. "reassoc" lets sums be vectorised; nothing else of fast-math is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, IntArray


def members(group: IntArray, groups: int) -> FloatArray:
    """Return (groups, items): 1 where the item is of the group. Few groups only."""
    return np.asarray((np.arange(groups)[:, None] == group).astype(np.float64))


def runs(group: IntArray) -> tuple[IntArray, IntArray]:
    """Return where each run of one group begins, and the end of the last; and the group of each run.

    Municipalities are sorted by state, so runs are long and the loops over them go at the speed of vectors.
    """
    inner = np.flatnonzero(np.diff(group)) + 1
    first = np.concatenate(([0], inner, [len(group)]))
    return first, group[first[:-1]]


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def sum_runs(q: FloatArray, weight: FloatArray, first: IntArray, state: IntArray, out: FloatArray) -> None:
    """Add to out[k, a] the sum of q[k, j] weight[j] over the municipalities j of state a."""
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, weight_run = q[k, here], weight[here]
            total = 0.0
            for j in range(len(q_run)):
                total += q_run[j] * weight_run[j]
            out[k, state[run]] += total


@njit(nogil=True, cache=True)
def mix_runs(
    q: FloatArray, origin_weight: FloatArray, first: IntArray, state: IntArray, out: FloatArray
) -> None:
    """Add to out[j] the sum of q[k, j] origin_weight[k, a] over ports."""
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, out_run, share = q[k, here], out[here], origin_weight[k, state[run]]
            for j in range(len(q_run)):
                out_run[j] += q_run[j] * share


@njit(nogil=True, cache=True, fastmath={"reassoc"})
def backpropagate(  # noqa: PLR0917 - flat arrays for the compiler
    q: FloatArray,
    resistance: FloatArray,
    log_hours: FloatArray,
    d_municipality: FloatArray,
    origin_weight: FloatArray,
    own: FloatArray,
    first: IntArray,
    state: IntArray,
    out: FloatArray,
) -> tuple[float, float]:
    """Add to out[j] the derivative in V_kj over ports; return its sums times resistance, and times log hours too."""
    by_resistance, by_hours = 0.0, 0.0
    for k in range(q.shape[0]):
        for run in range(len(state)):
            here = slice(first[run], first[run + 1])
            q_run, resistance_run, hours_run = q[k, here], resistance[k, here], log_hours[k, here]
            municipality_run, out_run = d_municipality[here], out[here]
            share, rest = origin_weight[k, state[run]], own[k, state[run]]
            for j in range(len(q_run)):
                d_value = q_run[j] * (municipality_run[j] * share + rest)
                out_run[j] += d_value
                d_resistance = d_value * resistance_run[j]
                by_resistance += d_resistance
                by_hours += d_resistance * hours_run[j]
    return by_resistance, by_hours
