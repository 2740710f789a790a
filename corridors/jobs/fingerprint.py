"""What a run is known by: the digest of what it is made from, and the key of the work that it keeps until it is finished."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_info

from corridors import __version__
from corridors.core.files import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.config import Config
    from corridors.jobs.inputs import Inputs

PACKAGE = Path(__file__).parents[1]
NOT_OF_PROGRAM = frozenset({"__pycache__", "_data"})
"""Folders of the package whose files are made by Python, or are tables, which are sources."""


def run_digest(config: Config, inputs: Inputs) -> str:
    """Return the digest of a run, of whose first eight digits its fingerprint is made.

    It is of everything that results depend on: the version, the settings, how the user's files are read, and each source with
    the SHA-256 of its file and every word that is printed about it.
    """
    facts = {
        "version": __version__,
        "config": config.model_dump(
            mode="json", exclude={"run": {"jobs", "language"}, "data": True, "limits": True}
        ),
        "data": {
            key: given.model_dump(mode="json", exclude={"file"}) for key, given in sorted(config.data.items())
        },
        "sources": {source.id: asdict(source) for source in inputs.sources},
    }
    return _digest(facts)


def work_key(config: Config, inputs: Inputs) -> str:
    """Return the key of the work that a run keeps: another run, program, library or processor has another.

    A manifest is of a version, and so is its digest. Work that is gone on with must be the same to the byte, so that its key is
    of the program's own files too, of the versions of all libraries, and of the linear algebra that this processor gets.
    """
    algebra = [
        [str(one.get(name)) for name in ("internal_api", "version", "architecture")]
        for one in threadpool_info()
        if one.get("user_api") == "blas"
    ]
    facts = {
        "digest": run_digest(config, inputs),
        "program": {
            path.relative_to(PACKAGE).as_posix(): sha256(path)
            for path in sorted(PACKAGE.rglob("*"))
            if path.is_file() and not NOT_OF_PROGRAM & set(path.relative_to(PACKAGE).parts)
        },
        "libraries": sorted(f"{one.name} {one.version}" for one in metadata.distributions()),
        "python": [platform.python_version(), platform.system(), platform.machine()],
        "algebra": sorted(algebra),
    }
    return _digest(facts)


def _digest(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
