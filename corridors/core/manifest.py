"""The manifest: the record in a folder of output that lists its files, written last and read back by later commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridors.core.files import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST_NAME = "manifest.json"
"""A folder that has it is complete."""
MAX_BYTES = 1 << 24
"""Maximum size of a manifest that is read; that of a run with every page has some 100 kB."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, empty where it has none of this program: other programs write a manifest.json too."""
    path = folder / MANIFEST_NAME
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if _has_shape(found) else {}


def _has_shape(found: object) -> bool:
    """Return whether the content of a JSON file is that of a manifest, as far as commands read it back."""
    if not isinstance(found, dict) or not isinstance(found.get("outputs"), dict):
        return False
    parts = [found.get(name, {}) for name in ("run", "runs", "config", "program")]
    sources = found.get("sources", [])
    return (
        all(isinstance(part, dict) for part in parts)
        and isinstance(found.get("config", {}).get("run", {}), dict)
        and isinstance(found.get("made", ""), str)
        and all(isinstance(digest, str) for digest in found["outputs"].values())
        and isinstance(sources, list if found.get("made", "run") == "run" else (list, dict))
        and (
            isinstance(sources, dict)
            or all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in sources)
        )
    )


def write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write a manifest, the last file of an output."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder by its path there, the manifest left out."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in named.items() if name != MANIFEST_NAME}


def is_run(folder: Path) -> bool:
    """Return whether a folder is that of a finished run, whose manifest lists the files in the folders inside too."""
    return read_manifest(folder).get("made") == "run"
