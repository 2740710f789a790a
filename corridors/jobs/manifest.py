"""A run's record: its fingerprint, and the manifest of what was read, computed and written."""

from __future__ import annotations

import hashlib
import json
import platform
import resource
import sys
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors import __version__
from corridors.core.files import sha256
from corridors.core.results import Run
from corridors.network import count_rows
from corridors.outputs.files import MANIFEST_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.config import Config
    from corridors.core.types import Evidence, FlowDraws, Network
    from corridors.jobs.inputs import Inputs

PACKAGES = (
    "folium",
    "geopandas",
    "networkx",
    "numba",
    "numpy",
    "osmnx",
    "pandas",
    "rasterio",
    "scipy",
    "shapely",
)


def about_run(config: Config, inputs: Inputs, posterior: FlowDraws) -> Run:
    """Return the facts a reader must know about the run, with the fingerprint of settings, sources and version."""
    facts = {
        "version": __version__,
        "config": config.model_dump(mode="json", exclude={"run": {"jobs"}, "data": True}),
        "sources": {source.id: source.sha256 for source in inputs.sources},
    }
    fingerprint = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]
    return Run(
        name=config.run.name,
        mode=posterior.kind,
        lens=config.run.lens,
        demand=config.run.demand,
        worlds=config.run.worlds,
        seed=config.run.seed,
        fingerprint=fingerprint,
        sources=inputs.sources,
        version=__version__,
    )


def make_manifest(
    config: Config,
    *,
    inputs: Inputs,
    about: Run,
    network: Network,
    evidence: Evidence,
    posterior: FlowDraws,
    folder: Path,
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """Return the manifest: settings, sources, rows kept and dropped, fit, versions, and the SHA-256 of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    fitted = posterior.parameters
    return {
        "program": {"name": "corridors", "version": __version__},
        "run": {key: value for key, value in asdict(about).items() if key != "sources"},
        "config": _public(config),
        "sources": [asdict(source) for source in inputs.sources],
        "rows": count_rows(inputs.tables, network, evidence, gun_shows=config.run.gun_shows),
        "reports": [asdict(report) for report in inputs.reports],
        "fit": {
            **posterior.diagnostics,
            "draws": len(posterior.port_share),
            "parameters_median": {
                name: float(np.median(values)) for name, values in fitted.items() if values.ndim == 1
            },
        },
        "outputs": {str(path.relative_to(folder)): sha256(path) for path in files},
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in PACKAGES},
        "seconds": dict(seconds),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
    }


def _public(config: Config) -> dict[str, Any]:
    """Return the settings as they may be published: files by name, without their place on this machine."""
    settings = config.model_dump(mode="json")
    for given in settings["data"].values():
        given["file"] = Path(given["file"]).name
    return settings


def write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    """Write a manifest, the last file of an output."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")
