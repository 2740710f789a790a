"""Sums over ports of the choice model "trip" and their derivatives: compiled passes, one zone at a time.

With lambda the nest scale, f_ik and g_kj the factors of exp(u_ikj), or of exp(u_ikj / lambda) at the ports of a city n with
several, and s_n the sum of f_ik g_kj over those,

    Z_ij     = sum over lone ports of f_ik g_kj + sum over cities of s_n ** lambda
    pi_k     = f_ik g_kj W_k / Z_ij, where W_k = 1 at a lone port and s_n ** (lambda - 1) in a city

These were two thirds of a fit. As products of whole arrays they pass some thirty (zones, municipalities) arrays through
memory; here a zone's rows stay in the processor's nearest cache, which takes a third of the time, side by side. Float32
would save a fifth more, but leaves a minimiser less than it must resolve.
Loops run along municipalities, so that the compiler makes vectors of them: "reassoc" lets it do so with sums, "contract" join a
product and a sum, and the error model of NumPy divide without asking for zeros first. Nothing else of fast-math is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, IntArray

TINY = 1e-300
"""Added to a city's sum, so that one out of all reach, or closed, has a root and no flow."""


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def _add_ports(
    factor: FloatArray, ports: IntArray, mx_factor: FloatArray, start: float, out: FloatArray
) -> None:
    """Set out[j] to `start` plus the sum over some ports, two at least, of factor[k] mx_factor[k, j]."""
    one, other = ports[0], ports[1]  # two at once: `out` passes through memory once less
    first, second, a, b = mx_factor[one], mx_factor[other], factor[one], factor[other]
    for j in range(len(out)):
        out[j] = start + a * first[j] + b * second[j]
    for k in ports[2:]:
        row, a = mx_factor[k], factor[k]
        for j in range(len(out)):
            out[j] += a * row[j]


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def crossing_sums(  # noqa: PLR0917 - flat arrays for the compiler
    us_factor: FloatArray,
    mx_factor: FloatArray,
    alone: IntArray,
    ports: IntArray,
    first: IntArray,
    nest: float,
    z: FloatArray,
    weight: FloatArray,
) -> None:
    """Set z to Z, and weight to s_n ** (lambda - 1) of every city of several ports.

    Parameters
    ----------
    us_factor, mx_factor
        (zones, ports) f, (ports, municipalities) g.
    alone
        Positions of the ports that are their city's only one.
    ports, first
        Positions of all others, city by city; (cities + 1,) where each city begins among them, and the end of the last.
    nest
        lambda.
    z, weight
        (zones, municipalities), (zones, cities, municipalities).
    """
    total = np.empty(z.shape[1])
    for i in range(z.shape[0]):
        here = z[i]
        here[:] = 0.0
        for k in alone:
            row, factor = mx_factor[k], us_factor[i, k]
            for j in range(len(here)):
                here[j] += factor * row[j]
        for n in range(len(first) - 1):
            weight_row = weight[i, n]
            _add_ports(us_factor[i], ports[first[n] : first[n + 1]], mx_factor, TINY, total)
            if nest == 0.5:  # a square root takes a tenth of the time of any other power
                for j in range(len(here)):
                    root = np.sqrt(total[j])
                    here[j] += root
                    weight_row[j] = root / total[j]
            else:
                for j in range(len(here)):
                    root = total[j] ** nest
                    here[j] += root
                    weight_row[j] = root / total[j]


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def port_flow(  # noqa: PLR0917
    us_factor: FloatArray,
    mx_factor: FloatArray,
    alone: IntArray,
    ports: IntArray,
    first: IntArray,
    weight: FloatArray,
    per_z: FloatArray,
    out: FloatArray,
) -> None:
    """Set out[i, k] to the flow of a zone through a port, the sum over j of P_ij pi_k.

    Parameters
    ----------
    per_z
        (zones, municipalities) P_ij / Z_ij.
    out
        (zones, ports). The others as in `crossing_sums`.
    """
    scaled = np.empty(per_z.shape[1])
    for i in range(per_z.shape[0]):
        here = per_z[i]
        for k in alone:
            row, total = mx_factor[k], 0.0
            for j in range(len(here)):
                total += here[j] * row[j]
            out[i, k] = us_factor[i, k] * total
        for n in range(len(first) - 1):
            weight_row = weight[i, n]
            for j in range(len(here)):
                scaled[j] = here[j] * weight_row[j]
            for k in ports[first[n] : first[n + 1]]:
                row, total = mx_factor[k], 0.0
                for j in range(len(here)):
                    total += scaled[j] * row[j]
                out[i, k] = us_factor[i, k] * total


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def port_means(  # noqa: PLR0917
    us_factor: FloatArray,
    mx_factor: FloatArray,
    alone: IntArray,
    ports: IntArray,
    first: IntArray,
    weight: FloatArray,
    z: FloatArray,
    slope: FloatArray,
    by_city: FloatArray,
    out: FloatArray,
) -> None:
    """Set out to the mean of a slope in the ports' flow over the ports of a pair, by_city to that over those of a city.

    Parameters
    ----------
    slope
        (ports,) G.
    by_city
        (zones, cities, municipalities) M_n, the sum over the city's ports of G_k f_ik g_kj / s_n.
    out
        (zones, municipalities) R, the sum over ports of G_k pi_k. The others as in `crossing_sums`.
    """
    total, by_slope = np.empty(z.shape[1]), np.empty(z.shape[1])
    for i in range(z.shape[0]):
        here = out[i]
        here[:] = 0.0
        sloped = us_factor[i] * slope
        for k in alone:
            row, factor = mx_factor[k], sloped[k]
            for j in range(len(here)):
                here[j] += factor * row[j]
        for n in range(len(first) - 1):
            city_row, weight_row = by_city[i, n], weight[i, n]
            own = ports[first[n] : first[n + 1]]
            # s_n again: to keep it from `crossing_sums` on takes longer, as it outgrows the cache
            _add_ports(us_factor[i], own, mx_factor, TINY, total)
            _add_ports(sloped, own, mx_factor, 0.0, by_slope)
            for j in range(len(here)):
                here[j] += by_slope[j] * weight_row[j]
                city_row[j] = by_slope[j] / total[j]
        z_row = z[i]
        for j in range(len(here)):
            here[j] /= z_row[j]


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def through_ports(  # noqa: PLR0917
    us_factor: FloatArray,
    mx_factor: FloatArray,
    alone: IntArray,
    ports: IntArray,
    first: IntArray,
    nest: float,
    weight: FloatArray,
    us_hours: FloatArray,
    mx_hours: FloatArray,
    d_per_z: FloatArray,
    pair_per_z: FloatArray,
    slope: FloatArray,
    by_city: FloatArray,
    out: FloatArray,
) -> tuple[float, float]:
    """Set out to the derivative in each port's a_k; return its sums over pairs times the hours of each leg.

    The derivative in u_ikj is f_ik g_kj W_k (d - (1 / lambda - 1) P M_n + P G_k / lambda) / Z, with d the derivative in
    log Z less P R, M and R being what `port_means` gives; at a lone port it is f_ik g_kj (d + P G_k) / Z.

    Parameters
    ----------
    us_hours, mx_hours
        (zones, ports), (ports, municipalities) c_ik, c_kj.
    d_per_z, pair_per_z
        (zones, municipalities) d / Z, P / Z.
    slope, by_city
        (ports,) G; M.
    out
        (ports,). The others as in `crossing_sums`.
    """
    of_us = of_mx = 0.0
    out[:] = 0.0
    city, city_pair = np.empty(d_per_z.shape[1]), np.empty(d_per_z.shape[1])
    for i in range(d_per_z.shape[0]):
        d_row, pair_row = d_per_z[i], pair_per_z[i]
        for k in alone:
            total, by_hours = _times_port(d_row, pair_row, slope[k], mx_factor[k], mx_hours[k])
            factor = us_factor[i, k]
            out[k] += factor * total
            of_us += factor * total * us_hours[i, k]
            of_mx += factor * by_hours
        for n in range(len(first) - 1):
            weight_row, mean = weight[i, n], by_city[i, n]
            for j in range(len(city)):
                city_pair[j] = pair_row[j] * weight_row[j]
                city[j] = d_row[j] * weight_row[j] - (1 / nest - 1) * city_pair[j] * mean[j]
            for k in ports[first[n] : first[n + 1]]:
                total, by_hours = _times_port(city, city_pair, slope[k] / nest, mx_factor[k], mx_hours[k])
                factor = us_factor[i, k]
                out[k] += factor * total
                of_us += factor * total * us_hours[i, k]
                of_mx += factor * by_hours
    return of_us, of_mx


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def _times_port(
    d: FloatArray, pair: FloatArray, slope: float, mx_factor: FloatArray, mx_hours: FloatArray
) -> tuple[float, float]:
    """Return the sum of (d + slope pair) mx_factor over municipalities, and the same times their hours."""
    total = by_hours = 0.0
    for j in range(len(d)):
        one = mx_factor[j] * (d[j] + slope * pair[j])
        total += one
        by_hours += one * mx_hours[j]
    return total, by_hours
