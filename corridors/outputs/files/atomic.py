"""Whole outputs or none: files are made aside and put in place by renaming."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST = "manifest.json"
"""Put in place after every other file: who finds it finds a whole output."""


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Yield a folder to write into; on success its files replace those of the same name in `out`.

    On any error `out` is as it was. Files of `out` that the new output does not have are left alone.

    Raises
    ------
    OutputError
        `out` is a file, or its folder cannot be written to.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder for the output")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise OutputError(
            f"cannot write beside {out}: {error.strerror}; choose another folder with --out"
        ) from error
    try:
        yield aside
        _put_in_place(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file in UTF-8, an earlier one of that name being replaced only by a whole one.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as aside:
            aside.write(text)
        Path(aside.name).replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error


def _put_in_place(aside: Path, out: Path) -> None:
    """Move every file of `aside` into `out`, the manifest last."""
    if not out.exists():
        aside.chmod(0o755)
        aside.replace(out)
        return
    files = sorted((path for path in aside.rglob("*") if path.is_file()), key=lambda path: path.name == LAST)
    for path in files:
        target = out / path.relative_to(aside)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
