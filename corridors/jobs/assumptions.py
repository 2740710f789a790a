"""The table of assumptions that the analysis of sensitivity changes, and the range of each.

The reason for each, with its critics, is a text of the pages (`why.<name>`); docs/parameters.md has units and references.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from corridors.core.settings import COMPARED_DEMANDS, Inspection, Lens, Structure
from corridors.jobs.stages import show_settings

if TYPE_CHECKING:
    from corridors.config import Config

    Value = str | float

SHOWS = "shows.part"
"""Fraction of supply at gun shows, 0 where the settings leave shows out."""
KEPT = "demand.kept_per_year"
"""Part of the geography of seizures that is kept for each year of their age."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A setting, and the range or the choices that it is changed over.

    Parameters
    ----------
    key
        Section and name of the setting.
    low, high, log
        Ends of its range, and whether its logarithm is uniform between them.
    choices
        Its values, where it is not a number.
    alone
        Whether it is changed only by itself: lenses use different figures, and are never pooled.
    structure
        Structure of the choice that reads it; both by default.
    """

    key: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    choices: tuple[str, ...] = ()
    alone: bool = False
    structure: Structure | None = None

    @property
    def name(self) -> str:
        """Return the name without the section."""
        return self.key.rpartition(".")[2]


ASSUMPTIONS = (
    Assumption("run.demand", choices=COMPARED_DEMANDS),
    Assumption("run.lens", choices=get_args(Lens), alone=True),
    Assumption("run.structure", choices=get_args(Structure), alone=True),
    Assumption("run.inspection", choices=get_args(Inspection)),
    Assumption(SHOWS, 0.0, 0.1),
    Assumption("costs.value_of_time_usd", 12.0, 75.0, log=True),
    Assumption("costs.cell_sd", 0.1, 0.5),
    Assumption("priors.theta", 0.4, 2.0, log=True, structure="trip"),
    Assumption("priors.us_weight", 0.9, 3.3, log=True, structure="trip"),
    Assumption("priors.nest_scale", 0.25, 1.0, structure="trip"),
    Assumption("priors.beta", 0.4, 2.5, log=True, structure="trip"),
    Assumption("priors.power", 0.33, 0.75, log=True, structure="trip"),
    Assumption("priors.kappa", 0.1, 1.0, log=True, structure="trip"),
    Assumption("priors.bridge_effect_sd", 0.17, 0.7, log=True, structure="trip"),
    Assumption("priors.city_effect_sd", 0.17, 0.7, log=True, structure="trip"),
    Assumption("priors.beta_us", 0.4, 2.5, log=True, structure="port"),
    Assumption("priors.power_us", 0.33, 1.0, log=True, structure="port"),
    Assumption("priors.beta_mx", 0.4, 2.5, log=True, structure="port"),
    Assumption("priors.power_mx", 0.33, 0.75, log=True, structure="port"),
    Assumption("priors.mu", 0.1, 0.9, structure="port"),
    Assumption("priors.nu", 0.1, 0.9),
    Assumption("priors.volume_power", 0.5, 1.25, structure="port"),
    Assumption("priors.port_effect_sd", 0.25, 1.0, log=True, structure="port"),
    Assumption("costs.port_volume_sd", 0.0, 0.4),
    Assumption("priors.laws", -1.09, 0.0),
    Assumption("priors.zone_effect_sd", 0.15, 0.8, log=True),
    Assumption("priors.demand_seizures", 0.0, 0.8),
    Assumption(KEPT, 0.8, 1.0),
    Assumption("priors.demand_homicides", 0.0, 0.8),
    Assumption("priors.demand_effect_sd", 0.25, 1.0, log=True),
    Assumption("priors.affinity_sd", 0.25, 1.0, log=True),
    Assumption("weights.trace_overdispersion", 5.0, 80.0, log=True),
    Assumption("weights.city_overdispersion", 10.0, 160.0, log=True),
    Assumption("weights.municipal_dispersion", 1.0, 10.0, log=True),
    Assumption("weights.event_overdispersion", 1.0, 10.0, log=True),
    Assumption("weights.detection_sd", 0.5, 2.0, log=True),
    Assumption("weights.route_weight", 0.0, 1.0, structure="trip"),
)


def assumptions(structure: Structure) -> tuple[Assumption, ...]:
    """Return the assumptions that a structure of the choice reads."""
    return tuple(one for one in ASSUMPTIONS if one.structure in {None, structure})


def joint_assumptions(structure: Structure) -> tuple[Assumption, ...]:
    """Return the assumptions that may be changed together."""
    return tuple(one for one in assumptions(structure) if not one.alone)


def value_at(assumption: Assumption, place: float) -> Value:
    """Return the value at a place from 0 to 1 of an assumption's range."""
    low, high = assumption.low, assumption.high
    if assumption.choices:
        return assumption.choices[min(int(place * len(assumption.choices)), len(assumption.choices) - 1)]
    return low * (high / low) ** place if assumption.log else low + place * (high - low)


def with_setting(config: Config, key: str, value: Value) -> Config:
    """Return the settings with one of them changed."""
    section, name = key.split(".")
    changed = getattr(config, section).model_copy(update={name: value})
    return config.model_copy(update={section: changed})


def own_value(config: Config, assumption: Assumption) -> Value:
    """Return the value in the run."""
    if assumption.key == SHOWS:
        return show_settings(config).part
    section, name = assumption.key.split(".")
    value: Value = getattr(getattr(config, section), name)
    return value


def single_changes(config: Config) -> list[tuple[Assumption, Value]]:
    """Return each assumption with each end of its range, or each other choice."""
    return [
        (one, value)
        for one in assumptions(config.run.structure)
        for value in (one.choices or (one.low, one.high))
        if value != own_value(config, one)
    ]
