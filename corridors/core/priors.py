"""What is believed of the model's parameters before any figure: the one place where these defaults stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelPrior:
    """Medians and spreads of the priors of docs/method.md 5.1; units, reasons and references in docs/parameters.md.

    Parameters
    ----------
    beta_us, beta_us_sd, beta_mx, beta_mx_sd
        Median decay per hours ** power on each side, and the sd of its logarithm.
    power_us, power_us_sd, power_mx, power_mx_sd
        The same of the power of hours.
    mu, mu_sd, nu, nu_sd
        Median weight of access to demand in a port's attraction, and of access to ports in a zone's supply; sd of the
        logit.
    volume_power, volume_power_sd, port_effect_sd
        Power of a port's yearly vehicles; sd of the deviation of its log attraction.
    laws, checks, state_terms_sd, state_effect_sd, zone_effect_sd
        Log supply a sd of laws, and a unit of log checks per dealer; their sd; sd of deviations of states and zones.
    demand_seizures, demand_homicides, demand_population, demand_terms_sd, demand_effect_sd
        Powers of the measures that share a state's demand, their sd, and the sd of the state's deviation.
    affinity_sd
        Sd of the deviation of a state pair's log flow.
    """

    beta_us: float = 1.0
    beta_us_sd: float = 0.7
    power_us: float = 0.5
    power_us_sd: float = 0.25
    beta_mx: float = 1.0
    beta_mx_sd: float = 0.7
    power_mx: float = 0.5
    power_mx_sd: float = 0.25
    mu: float = 0.5
    mu_sd: float = 1.5
    nu: float = 0.5
    nu_sd: float = 1.5
    volume_power: float = 1.0
    volume_power_sd: float = 0.15
    port_effect_sd: float = 0.5
    laws: float = -0.545
    checks: float = 0.0
    state_terms_sd: float = 0.25
    state_effect_sd: float = 0.5
    zone_effect_sd: float = 0.35
    demand_seizures: float = 0.2
    demand_homicides: float = 0.4
    demand_population: float = 0.4
    demand_terms_sd: float = 0.2
    demand_effect_sd: float = 0.5
    affinity_sd: float = 0.5


DEFAULT = ModelPrior()


@dataclass(frozen=True, slots=True)
class ShowPrior:
    """What is believed of gun shows, of which no figure tells: their part of supply, and how far they reach.

    Parameters
    ----------
    part
        Part of all supply, 0 to 1.
    reach_km
        Distance at which a show weighs 1 / e of what it does where it is held.
    """

    part: float = 0.035
    reach_km: float = 80.0


DEFAULT_SHOWS = ShowPrior()
