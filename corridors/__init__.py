"""Corridors: which road corridors small-scale gun smuggling most probably uses, and how sure that is.

The names below are the public interface; everything else may change between versions. They are imported when first used,
so that `import corridors` is quick.

Examples
--------
>>> import corridors
>>> config = corridors.with_changes(corridors.read_config(), {"mode": "point", "worlds": 24})
>>> result = corridors.run(config)  # doctest: +SKIP
>>> result.write(Path("maps/quick"))  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.kernel_cache import provide_kernel_cache
from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.config import Config, read_config, with_changes
    from corridors.core.draws import FlowDraws as Posterior
    from corridors.core.errors import CorridorsError
    from corridors.core.results import Results
    from corridors.core.types import Evidence, Network
    from corridors.jobs.briefs import briefs
    from corridors.jobs.calendar import calendar
    from corridors.jobs.check import check_file
    from corridors.jobs.doctor import Examination, doctor
    from corridors.jobs.figures import figures
    from corridors.jobs.inputs import load_inputs
    from corridors.jobs.run import RunResult, run, summarise, write_run
    from corridors.jobs.run_folder import read_run
    from corridors.jobs.sensitivity import sensitivity
    from corridors.jobs.stages import build_evidence, build_network, infer
    from corridors.jobs.validate import validate
    from corridors.jobs.whatif import whatif

__all__ = [
    "Config",
    "CorridorsError",
    "Evidence",
    "Examination",
    "Network",
    "Posterior",
    "Results",
    "RunResult",
    "__version__",
    "briefs",
    "build_evidence",
    "build_network",
    "calendar",
    "check_file",
    "doctor",
    "figures",
    "infer",
    "load_inputs",
    "read_config",
    "read_run",
    "run",
    "sensitivity",
    "summarise",
    "validate",
    "whatif",
    "with_changes",
    "write_run",
]

__version__ = "0.1.0"

provide_kernel_cache()

if not TYPE_CHECKING:  # a type checker sees the imports above, and no `__getattr__` that answers to any name
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "Config": "config",
            "CorridorsError": "core.errors",
            "Evidence": "core.types",
            "Examination": "jobs.doctor",
            "Network": "core.types",
            "Posterior": "core.draws:FlowDraws",
            "Results": "core.results",
            "RunResult": "jobs.run",
            "briefs": "jobs.briefs",
            "build_evidence": "jobs.stages",
            "build_network": "jobs.stages",
            "calendar": "jobs.calendar",
            "check_file": "jobs.check",
            "doctor": "jobs.doctor",
            "figures": "jobs.figures",
            "infer": "jobs.stages",
            "load_inputs": "jobs.inputs",
            "read_config": "config",
            "read_run": "jobs.run_folder",
            "run": "jobs.run",
            "sensitivity": "jobs.sensitivity",
            "summarise": "jobs.run",
            "validate": "jobs.validate",
            "whatif": "jobs.whatif",
            "with_changes": "config",
            "write_run": "jobs.run",
        },
    )
