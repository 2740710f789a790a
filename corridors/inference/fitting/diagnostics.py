"""Whether chains agree: rank-normalised split R-hat and bulk effective sample size, as ArviZ computes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import FloatArray
    from corridors.inference.model.parameters import Prior

R_HAT, ESS = 1.01, 400.0
"""What [Vehtari2021] ask of four chains."""
_FEW = 4
"""A parameter of at most so many components describes the whole model, and must mix."""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Whether the chains at median costs agree.

    Parameters
    ----------
    r_hat, ess
        Rank-normalised split R-hat and bulk effective sample size of each parameter of few components, the worst of
        its components.
    worst_r_hat, least_ess
        Of all components of all parameters.
    divergences
        Transitions whose energy was off by hundreds, or was no number.
    draws
        Draws kept, all chains together.
    step
        Of the integrator, in sds of the posterior.
    limits
        Largest R-hat and least effective sample size at which chains agree.
    """

    r_hat: dict[str, float]
    ess: dict[str, float]
    worst_r_hat: float
    least_ess: float
    divergences: int
    draws: int
    step: float
    limits: tuple[float, float] = (R_HAT, ESS)

    @property
    def converged(self) -> bool:
        """Whether bands from these chains may be shown. A chain that never moved has no R-hat, and did not."""
        r_hat, ess = self.limits
        return (
            all(value < r_hat for value in self.r_hat.values())
            and all(value > ess for value in self.ess.values())
            and self.divergences == 0
        )

    def summary(self) -> dict[str, Any]:
        """Return the figures for the manifest."""
        return {
            "converged": self.converged,
            "r_hat": {name: round(value, 4) for name, value in self.r_hat.items()},
            "ess_bulk": {name: round(value) for name, value in self.ess.items()},
            "worst_r_hat_of_all": round(self.worst_r_hat, 4),
            "least_ess_of_all": round(self.least_ess),
            "divergences": self.divergences,
            "base_draws": self.draws,
            "step": round(self.step, 4),
        }


def diagnose(
    theta: FloatArray,
    prior: Mapping[str, Prior],
    *,
    divergences: int,
    step: float,
    limits: tuple[float, float] = (R_HAT, ESS),
) -> Diagnostics:
    """Return whether chains agree.

    Parameters
    ----------
    theta
        (chains, draws, parameters) flat vectors.
    prior
        Priors by parameter.
    divergences, step, limits
        As in `Diagnostics`.
    """
    from arviz_stats.base.array import array_stats

    stats: Any = array_stats  # not annotated
    with np.errstate(all="ignore"):  # a chain that never moved
        r_hat = stats.rhat(theta, chain_axis=0, draw_axis=1)
        ess = stats.ess(theta, chain_axis=0, draw_axis=1)
    sizes = {name: p.size for name, p in prior.items()}
    ends = dict(zip(sizes, np.cumsum(list(sizes.values())), strict=True))
    own = {name: slice(ends[name] - size, ends[name]) for name, size in sizes.items() if 0 < size <= _FEW}
    return Diagnostics(
        r_hat={name: float(r_hat[part].max()) for name, part in own.items()},
        ess={name: float(ess[part].min()) for name, part in own.items()},
        worst_r_hat=float(r_hat.max()),
        least_ess=float(ess.min()),
        divergences=divergences,
        draws=theta.shape[0] * theta.shape[1],
        step=step,
        limits=limits,
    )
