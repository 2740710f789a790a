"""The problem of a run, prepared once, and its posterior: fitted or sampled in every cost world."""

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
