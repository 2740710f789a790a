"""Arrays only: cost worlds, the gravity model, its fit, and what is computed from the fit. No geometry, no files.

The names are imported when first used: worker processes load this package, and need no library of sensitivity analysis.
"""

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
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

if not TYPE_CHECKING:  # a type checker sees the imports above, and no `__getattr__` that answers to any name
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "Alternative": "alternatives",
            "SensitivityProblem": "sensitivity",
            "analyse": "sensitivity",
            "build_closure_model": "closure_model",
            "disconnected_places": "displacement",
            "displacements": "displacement",
            "fit_alternatives": "alternatives",
            "information_gain": "information",
        },
    )
