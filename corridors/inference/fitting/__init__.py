"""The problem of a run, prepared once, and its posterior: fitted or sampled in every cost world."""

from corridors.inference.fitting.ensemble import edge_flow_by_origin, infer, infer_prior
from corridors.inference.fitting.executors import Executor, cluster_executor
from corridors.inference.fitting.problem import InferencePlan, Problem, prepare_problem

__all__ = [
    "Executor",
    "InferencePlan",
    "Problem",
    "cluster_executor",
    "edge_flow_by_origin",
    "infer",
    "infer_prior",
    "prepare_problem",
]
