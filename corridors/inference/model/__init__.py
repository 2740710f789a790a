"""The choice model: parameters and their priors, gravity, likelihood of the published figures."""

from corridors.inference.model.gravity import Flow, flow, port_municipality, zone_port
from corridors.inference.model.likelihood import INSPECTION_SD, LikelihoodOptions
from corridors.inference.model.parameters import Prior, priors

__all__ = [
    "INSPECTION_SD",
    "Flow",
    "LikelihoodOptions",
    "Prior",
    "flow",
    "port_municipality",
    "priors",
    "zone_port",
]
