"""Atomic output: a folder or file is written beside its place and moved there when it is complete."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST_NAME = "manifest.json"
"""Moved after every other file: a folder that has it is complete."""


@contextmanager
def atomic_folder(out: Path) -> Iterator[Path]:
    """Write a folder atomically: yield a temporary folder, move its files into `out` on success, the manifest last.

    On any error `out` is unchanged. Files of `out` that the new output does not have are kept.

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
    """Move every file of `tmp` into `out`, the manifest last."""
    if not out.exists():
        tmp.chmod(0o755)
        tmp.replace(out)
        return
    files = sorted(
        (path for path in tmp.rglob("*") if path.is_file()), key=lambda path: path.name == MANIFEST_NAME
    )
    for path in files:
        target = out / path.relative_to(tmp)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
