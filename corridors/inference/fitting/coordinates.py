"""Coordinates in which a posterior is close to a standard normal, from its shape at the top.

A vector of parameters theta is made of a position x in three steps. Its curvature at the top gives the directions that the
figures inform, and how much they shorten each. The ridge along the parameters that are known least bends, and is
followed. And a positive parameter that is given as a logarithm, though the flow depends on it as it is, is drawn in where it is
large: there the logarithm makes the posterior forty times as steep as at the top, and a chain must take steps for that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, log_expit

from corridors.inference.fitting.point import Target, density, fit_point
from corridors.inference.model.parameters import columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray, IntArray

    Density = Callable[[FloatArray], tuple[float, FloatArray]]

RIDGE_PARAMETERS = ("log_beta_us", "log_beta", "logit_nu", "log_kappa")
"""The ridge bends along these, as far as the structure has them: how far and how much access counts, and how much the border does;
states' and zones' supply make up for it."""
POSITIVE_PARAMETERS = ("log_kappa",)
"""Given as logarithms, but drawn in where they are large."""
_NUDGE = 1e-3
"""Step of the differences that the curvature is taken from, sds of the prior."""
_INFORMED = 1.3
"""Curvature, the prior's being 1, from which a direction gets a scale of its own."""
_MIN_CURVATURE = 0.1
_REACH = 3.0
"""Sds along the ridge up to which it is followed round its bend: a parabola is no guide farther out."""


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Coordinates x in which a posterior is close to a standard normal.

    u = centre + s + bend(t, t) / 2, where s = scale (x + basis (stretch * (basis' x))) is the posterior's curvature
    and t is what s is along the slow parameters, bounded. The bend leaves those alone, so volumes stay as they are. theta
    is u, but for positive parameters: exp(theta - middle) = log(1 + exp(u)).

    Parameters
    ----------
    centre, scale
        (parameters,) u of the most probable parameters; sds of the prior in u.
    basis, stretch
        (parameters, r), (r,) the directions that the data inform, and the factor by which they shorten each, less 1.
    slow, reach
        (slow,) positions of the slow parameters, and how far the bend is followed along each.
    bend
        (parameters, slow, slow).
    positive, middle
        (positive,) positions of the positive parameters, and the means of their priors.
    """

    centre: FloatArray
    scale: FloatArray
    basis: FloatArray
    stretch: FloatArray
    slow: IntArray
    reach: FloatArray
    bend: FloatArray
    positive: IntArray
    middle: FloatArray


def coordinates_of(target: Target) -> Coordinates:
    """Return coordinates from the curvature of the posterior at the top, in sds of the prior.

    Raises
    ------
    NotEnoughDataError
        The figures cannot carry a fit.
    """
    prior = target.prior
    mean, sd, _ = columns(prior)
    names = np.repeat(list(prior), [p.size for p in prior.values()])
    positive = np.flatnonzero(np.isin(names, POSITIVE_PARAMETERS))
    centre, middle = fit_point(target).theta, mean[positive]
    scale, size = sd.copy(), len(sd)
    centre[positive] = np.log(np.expm1(np.exp(centre[positive] - middle)))
    scale[positive] /= _draw_in(centre[positive])[1]
    slow = np.flatnonzero(np.isin(names, RIDGE_PARAMETERS))
    plain = Coordinates(
        centre=centre,
        scale=scale,
        basis=np.zeros((size, 0)),
        stretch=np.zeros(0),
        slow=slow,
        reach=np.ones(len(slow)),
        bend=np.zeros((size, len(slow), len(slow))),
        positive=positive,
        middle=middle,
    )
    log_density = in_coordinates(density(target), plain)
    top = log_density(np.zeros(size))[1]
    bent = np.stack([top - log_density(step)[1] for step in _NUDGE * np.eye(size)]) / _NUDGE
    value, vector = np.linalg.eigh((bent + bent.T) / 2)
    value = np.maximum(value, _MIN_CURVATURE)
    informed = np.abs(np.log(value)) > np.log(_INFORMED)
    straight = replace(plain, basis=vector[:, informed], stretch=value[informed] ** -0.5 - 1)
    return _follow(log_density, straight)


def in_coordinates(log_posterior: Density, at: Coordinates) -> Density:
    """Return the density of a flat vector as one of coordinates."""

    def log_density(x: FloatArray) -> tuple[float, FloatArray]:
        straight = at.scale * _stretch(at, x)
        bounded = np.tanh(straight[at.slow] / at.reach)
        turn = at.bend @ (at.reach * bounded)
        theta = at.centre + straight + 0.5 * turn @ (at.reach * bounded)
        drawn_in, growth, log_growth, slope_of_log = _draw_in(theta[at.positive])
        theta[at.positive] = at.middle + drawn_in
        value, slope = log_posterior(theta)
        slope[at.positive] = slope[at.positive] * growth + slope_of_log
        slope[at.slow] += (1 - bounded**2) * (slope @ turn)
        return value + float(log_growth.sum()), _stretch(at, at.scale * slope)

    return log_density


def theta_of(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return the flat vectors at (draws, parameters) positions."""
    theta = _before_drawing_in(at, x)
    theta[:, at.positive] = at.middle + _draw_in(theta[:, at.positive])[0]
    return theta


def log_volume(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return (draws,) the logarithm of the volume of theta per volume of x at (draws, parameters) positions, up to a constant."""
    return np.asarray(_draw_in(_before_drawing_in(at, x)[:, at.positive])[2].sum(axis=1))


def _before_drawing_in(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return u of `Coordinates` at (draws, parameters) positions."""
    straight = at.scale * _stretch(at, x)
    t = at.reach * np.tanh(straight[:, at.slow] / at.reach)
    return np.asarray(at.centre + straight + 0.5 * np.einsum("pij,ni,nj->np", at.bend, t, t))


def _draw_in(u: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return log(log(1 + exp(u))), its derivative, the logarithm of that, and the derivative of the last."""
    soft = np.logaddexp(0, u)
    growth = expit(u) / soft
    return np.log(soft), growth, log_expit(u) - np.log(soft), expit(-u) - growth


def _follow(log_density: Density, at: Coordinates) -> Coordinates:
    """Return the coordinates bent along the ridge: where the other parameters are most probable given the slow ones.

    Along the straight ridge r(t) the gradient in the others is zero to first order. What is left of it to second order,
    through the others' covariance given the slow ones, is the ridge's own second derivative.

    Parameters
    ----------
    log_density
        Of u, from the centre and in sds of the prior.
    """
    slow = at.slow
    factor = _stretch(at, np.eye(len(at.centre)))
    covariance = factor @ factor.T
    ridge = covariance[:, slow] @ np.linalg.inv(covariance[np.ix_(slow, slow)])
    sd = np.sqrt(np.diag(covariance)[slow])
    far = np.diag(sd / 2)
    bend = np.zeros_like(at.bend)
    for i, one in enumerate(far):
        for j, other in enumerate(far):
            corners = [
                sign * log_density(ridge @ t)[1]
                for sign, t in ((1, one + other), (-1, one - other), (-1, other - one), (1, -one - other))
            ]
            second = np.sum(corners, axis=0)
            second[slow] = 0
            moved = covariance @ second
            bend[:, i, j] = (moved - ridge @ moved[slow]) / (4 * far[i, i] * far[j, j])
    bend[slow] = 0  # to the last digit
    # from sds of the prior to the parameters' own units
    own = at.scale[slow]
    return replace(
        at, bend=at.scale[:, None, None] * bend / np.multiply.outer(own, own), reach=_REACH * sd * own
    )


def _stretch(at: Coordinates, x: FloatArray) -> FloatArray:
    """Return x, or each row of it, with the informed directions shortened."""
    return np.asarray(x + (x @ at.basis * at.stretch) @ at.basis.T)
