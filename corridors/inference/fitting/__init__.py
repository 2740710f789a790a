"""The problem of a run, prepared once, and its posterior: fitted or sampled in every cost world.

The names are imported when first used: a process that waits for work loads its executor, and the model with its task.
"""

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.inference.fitting.ensemble import infer, infer_other, infer_prior
    from corridors.inference.fitting.executors import cluster_executor
    from corridors.inference.fitting.probable_ways import trip_paths
    from corridors.inference.fitting.problem import InferencePlan, Problem, prepare_problem

__all__ = [
    "InferencePlan",
    "Problem",
    "cluster_executor",
    "infer",
    "infer_other",
    "infer_prior",
    "prepare_problem",
    "trip_paths",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and no `__getattr__` that answers to any name
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            **dict.fromkeys(("infer", "infer_other", "infer_prior"), "ensemble"),
            "cluster_executor": "executors",
            "trip_paths": "probable_ways",
            **dict.fromkeys(("InferencePlan", "Problem", "prepare_problem"), "problem"),
        },
    )
