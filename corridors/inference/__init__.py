"""Arrays only: cost worlds, the gravity model, its fit, and what is asked of the fit. No geometry, no files."""

from corridors.inference.alternatives import Alternative, fit_alternatives
from corridors.inference.closure_model import build_closure_model
from corridors.inference.displacement import disconnected_places, displacements
from corridors.inference.information import information_gain
from corridors.inference.sensitivity import SensitivityProblem, analyse

__all__ = [
    "Alternative",
    "SensitivityProblem",
    "analyse",
    "build_closure_model",
    "disconnected_places",
    "displacements",
    "fit_alternatives",
    "information_gain",
]
