"""The choice model's parameters: names, shapes, priors, and the flat vector a minimiser works on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.settings import PriorSettings, Structure
    from corridors.core.types import BoolArray, Evidence, FloatArray

STUDENT_DF = 4.0


@dataclass(frozen=True, slots=True)
class Prior:
    """Prior of one parameter (an array of independent components).

    Parameters
    ----------
    shape
        Shape of the parameter.
    mean, sd
        Of each component, on the scale the parameter is fitted on.
    heavy
        Student t with four degrees of freedom instead of a normal: a few large deviations are expected.
    fixed
        Held at its mean: named among the parameters, but no part of the flat vector.
    """

    shape: tuple[int, ...]
    mean: FloatArray
    sd: FloatArray
    heavy: bool = False
    fixed: bool = False

    @property
    def size(self) -> int:
        """Number of components in the flat vector."""
        return 0 if self.fixed else math.prod(self.shape)


def priors(evidence: Evidence, choice: PriorSettings, structure: Structure) -> dict[str, Prior]:
    """Return the priors of docs/method.md 5.1, by parameter name, for this evidence and this structure of the choice."""
    states, zones, mexican = len(evidence.us_states), len(evidence.log_supply), len(evidence.mx_states)
    terms = evidence.demand_terms.shape[1]
    demand = [choice.demand_seizures, choice.demand_homicides, choice.demand_population][:terms]
    return {
        **(_of_trips if structure == "trip" else _of_ports)(evidence, choice),
        "state_terms": _prior((2,), [choice.laws, choice.checks], choice.state_terms_sd),
        "state_effect": _prior((states,), 0.0, choice.state_effect_sd),
        "zone_effect": _prior((zones,), 0.0, choice.zone_effect_sd, heavy=True),
        "demand_terms": _prior((terms,), demand, choice.demand_terms_sd),
        "demand_effect": _prior((mexican,), 0.0, choice.demand_effect_sd),
        "affinity": _prior((states, mexican), 0.0, choice.affinity_sd),
    }


def _of_trips(evidence: Evidence, choice: PriorSettings) -> dict[str, Prior]:
    """Return the priors of the structure "trip" alone."""
    return {
        "log_theta": _prior((), np.log(choice.theta), choice.theta_sd),
        "log_us_weight": _prior((), np.log(choice.us_weight), choice.us_weight_sd),
        "log_kappa": _prior((), np.log(choice.kappa), choice.kappa_sd),
        "log_beta": _prior((), np.log(choice.beta), choice.beta_sd),
        "log_power": _prior((), np.log(choice.power), choice.power_sd),
        "logit_nu": _prior((), logit(choice.nu), choice.nu_sd),
        "nest_scale": Prior((), np.asarray(choice.nest_scale), np.asarray(0.0), fixed=True),
        "port_effect": _prior((len(evidence.port_city),), 0.0, choice.bridge_effect_sd),
        "city_effect": _prior((len(evidence.crossing_cities),), 0.0, choice.city_effect_sd),
    }


def _of_ports(evidence: Evidence, choice: PriorSettings) -> dict[str, Prior]:
    """Return the priors of the structure "port" alone."""
    return {
        "log_beta_us": _prior((), np.log(choice.beta_us), choice.beta_us_sd),
        "log_power_us": _prior((), np.log(choice.power_us), choice.power_us_sd),
        "log_beta_mx": _prior((), np.log(choice.beta_mx), choice.beta_mx_sd),
        "log_power_mx": _prior((), np.log(choice.power_mx), choice.power_mx_sd),
        "logit_mu": _prior((), logit(choice.mu), choice.mu_sd),
        "logit_nu": _prior((), logit(choice.nu), choice.nu_sd),
        "volume_power": _prior((), choice.volume_power, choice.volume_power_sd),
        "port_effect": _prior((len(evidence.port_city),), 0.0, choice.port_effect_sd),
    }


def _prior(shape: tuple[int, ...], mean: object, sd: float, *, heavy: bool = False) -> Prior:
    """Return the prior of a parameter whose components have one spread."""
    mean = np.broadcast_to(np.asarray(mean, dtype=float), shape)
    return Prior(shape, mean, np.full(shape, sd), heavy)


def start(prior: Mapping[str, Prior]) -> FloatArray:
    """Return the flat vector at the priors' means."""
    return np.concatenate([np.ravel(p.mean) for p in prior.values() if not p.fixed])


def unflatten(theta: FloatArray, prior: Mapping[str, Prior]) -> dict[str, FloatArray]:
    """Return the parameters by name, of one flat vector or of each row of many."""
    parts: dict[str, FloatArray] = {}
    at = 0
    for name, p in prior.items():
        shape = (*theta.shape[:-1], *p.shape)
        if p.fixed:
            parts[name] = np.broadcast_to(p.mean, shape)
            continue
        parts[name] = theta[..., at : at + p.size].reshape(shape)
        at += p.size
    return parts


def flatten(parts: Mapping[str, FloatArray], prior: Mapping[str, Prior]) -> FloatArray:
    """Return the flat vector of parameters (or of their gradient) by name."""
    return np.concatenate([np.ravel(parts[name]) for name, p in prior.items() if not p.fixed])


def columns(prior: Mapping[str, Prior]) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return mean, sd and heavy of every component of the flat vector."""
    parts = [
        (np.ravel(p.mean), np.ravel(p.sd), np.full(p.mean.size, p.heavy))
        for p in prior.values()
        if not p.fixed
    ]
    mean, sd, heavy = (np.concatenate(column) for column in zip(*parts, strict=True))
    return mean, sd, heavy


def log_prior(
    theta: FloatArray, mean: FloatArray, sd: FloatArray, heavy: BoolArray
) -> tuple[float, FloatArray]:
    """Return the log prior density, up to a constant, and its gradient; the priors as `columns` gives them."""
    z = (theta - mean) / sd
    tails = 1 + z**2 / STUDENT_DF
    student = -0.5 * (STUDENT_DF + 1) * np.log(tails)
    value = np.where(heavy, student, -0.5 * z**2).sum()
    slope = np.where(heavy, -(STUDENT_DF + 1) / STUDENT_DF * z / tails, -z)
    return float(value), slope / sd


def prior_draws(prior: Mapping[str, Prior], *, seed: int | Sequence[int], draws: int) -> FloatArray:
    """Return (draws, parameters) flat vectors drawn from the priors."""
    mean, sd, heavy = columns(prior)
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((draws, len(mean)))
    z[:, heavy] /= np.sqrt(rng.chisquare(STUDENT_DF, (draws, int(heavy.sum()))) / STUDENT_DF)
    return np.asarray(mean + sd * z)
