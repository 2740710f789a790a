"""Folders of output as they are on the disk: what their manifests list, and what is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridors.core.manifest import hashes, write_manifest
from corridors.outputs.files import atomic_folder

if TYPE_CHECKING:
    from pathlib import Path


def listing(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def files_of(folder: Path) -> set[str]:
    """Return the names of all files in a folder and the folders inside."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def write(out: Path, *names: str, **manifest: Any) -> None:
    """Write an output of these files with its manifest."""
    with atomic_folder(out) as folder:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name, encoding="utf-8")
        write_manifest({"outputs": hashes(folder), **manifest}, folder)


def assert_listed(run: Path) -> None:
    """Assert that each manifest under a run lists what is beside it, with its hash, and nothing else."""
    manifests = sorted(run.rglob("manifest.json"))
    assert manifests
    for manifest in manifests:
        folder = manifest.parent
        assert set(listing(folder)["outputs"]) | {"manifest.json"} == files_of(folder), folder
        assert listing(folder)["outputs"] == hashes(folder), folder
