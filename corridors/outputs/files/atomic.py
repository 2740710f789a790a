"""Atomic output: a folder or file is written beside its place, moved there when it is complete, and nothing earlier stays."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from corridors.core.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST_NAME = "manifest.json"
"""Moved after every other file: a folder that has it is complete."""


@contextmanager
def atomic_folder(out: Path) -> Iterator[Path]:
    """Write a folder atomically: yield a temporary folder, move its files into `out` on success, the manifest last.

    On any error `out` is unchanged. Of an earlier output in `out` nothing stays: the files that its manifest lists are
    removed, and so is what was made from that run in folders inside. Other files are not ours and stay.

    Raises
    ------
    OutputError
        `out` is a file, or its folder cannot be written to.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder for the output")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        tmp = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise OutputError(
            f"cannot write beside {out}: {error.strerror}; choose another folder with --out"
        ) from error
    try:
        yield tmp
        _move_files(tmp, out)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def atomic_write(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically: an earlier file is replaced only by a complete one.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as tmp:
            tmp.write(text)
        Path(tmp.name).replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error


def _move_files(tmp: Path, out: Path) -> None:
    """Move every file of `tmp` into `out`, the manifest last, in the place of an earlier output."""
    if not out.exists():
        tmp.chmod(0o755)
        tmp.replace(out)
        return
    for path in _earlier_files(out, read_manifest(tmp)):
        path.unlink(missing_ok=True)
        if path.parent != out and not any(path.parent.iterdir()):
            path.parent.rmdir()
    files = sorted(
        (path for path in tmp.rglob("*") if path.is_file()), key=lambda path: path.name == MANIFEST_NAME
    )
    for path in files:
        target = out / path.relative_to(tmp)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _earlier_files(out: Path, new: dict[str, Any]) -> list[Path]:
    """Return the files of the output in `out`, its manifest first, and those made from its run in folders inside."""
    before = read_manifest(out)
    if not before or not new:
        return []
    files = [out / MANIFEST_NAME, *_listed(out, before)]
    fingerprint = _fingerprint(before)
    other = bool(fingerprint) and fingerprint != _fingerprint(new)
    for path in sorted(out.glob(f"*/{MANIFEST_NAME}")):
        inside = read_manifest(path.parent)
        again = path.relative_to(out).as_posix() in new.get("outputs", {})
        if again or (other and _fingerprint(inside.get("runs", {})) == fingerprint):
            files += [path, *_listed(path.parent, inside)]
    return files


def _listed(folder: Path, manifest: dict[str, Any]) -> list[Path]:
    """Return the files that a manifest lists, deepest first; a name that leads out of the folder is ignored."""
    names = [PurePosixPath(str(name)) for name in manifest.get("outputs", {})]
    inside = [name for name in names if not name.is_absolute() and ".." not in name.parts]
    return [folder / name for name in sorted(inside, key=lambda name: -len(name.parts))]


def _fingerprint(manifest: dict[str, Any]) -> str:
    """Return the fingerprint of the run that a manifest is of, "" where it is of none."""
    run = manifest.get("run", {})
    return str(run.get("fingerprint", "")) if isinstance(run, dict) else ""


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, empty where it has none that can be read."""
    try:
        found = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
