"""The run under each other lens, measure of demand, inspection and treatment of gun shows, and the other structure, one changed at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from corridors.config import Config, with_changes
from corridors.core.settings import COMPARED_DEMANDS, GunShows, Inspection, Lens, Structure
from corridors.inference import Alternative, fit_alternatives
from corridors.jobs.stages import build_evidence, make_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.results import Variant
    from corridors.core.types import Network
    from corridors.inference.fitting import Problem
    from corridors.jobs.inputs import Inputs

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "lens": get_args(Lens),
    "demand": COMPARED_DEMANDS,
    "inspection": get_args(Inspection),
    "gun_shows": get_args(GunShows),
    "structure": get_args(Structure),
}
"""Settings that are changed, and the values they take."""
CHANGES_EVIDENCE = frozenset({"demand", "gun_shows"})
"""Settings that change the evidence, not only the fit to it."""


def other_structure(structure: Structure) -> Structure:
    """Return the structure of the choice that a run does not have."""
    return next(one for one in get_args(Structure) if one != structure)


def changed(config: Config) -> list[tuple[str, str, Config]]:
    """Return (setting, value, settings) of each run that differs from this one by one setting."""
    return [
        (name, value, with_changes(config, {name: value}))
        for name, values in SETTINGS.items()
        for value in values
        if value != getattr(config.run, name)
    ]


def alternative_runs(
    inputs: Inputs, network: Network, config: Config, problem: Problem
) -> tuple[Variant, ...]:
    """Return the run's own shares, then those under each other setting; () where `config.run.variants` is 0."""
    if not config.run.variants:
        return ()
    others = []
    for name, value, one in changed(config):
        evidence = build_evidence(inputs, network, one) if name in CHANGES_EVIDENCE else problem.evidence
        others.append(Alternative(name, value, evidence, make_plan(one)))
    return fit_alternatives(problem, others, config.run.variants)
