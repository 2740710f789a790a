"""The choice model in two structures, its parameters and priors, and the likelihood of the published figures."""

from corridors.inference.model.choice import flow
from corridors.inference.model.flow import Flow
from corridors.inference.model.likelihood import BLOCKS, INSPECTION_SD, LikelihoodOptions
from corridors.inference.model.parameters import Prior, priors

__all__ = [
    "BLOCKS",
    "INSPECTION_SD",
    "Flow",
    "LikelihoodOptions",
    "Prior",
    "flow",
    "priors",
]
