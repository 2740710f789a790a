"""Work of a command that is not finished, beside the folder that it writes: a start that follows goes on from it.

It is bound to a key of all that decides the result. Each file is written whole, its SHA-256 over key, name and content; what
is damaged, or of another key or name, is as if it were not there. The folder's lock must be held.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.outputs.files.swap import OWN, beside, can_be_renamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

WORK = f"{OWN}work"
_DIGEST = 32
"""Bytes of a SHA-256, with which each file begins."""
logger = logging.getLogger(__name__)


class KeptWork:
    """Arrays by name, of one run and of no other.

    Parameters
    ----------
    folder
        Place for them, which is made when the first are kept.
    key
        Of the run.
    tell
        Tells a person how many of what is computed next were kept, of how many.
    """

    def __init__(self, folder: Path, key: str, tell: Callable[[str, int, int], None]) -> None:
        self.folder, self.key, self.tell = folder, key, tell
        self._can = True

    def read(self, name: str) -> Mapping[str, NDArray[Any]] | None:
        """Return the arrays kept under a name; None where there are none, or none that are whole."""
        try:
            content = (self.folder / f"{name}.npz").read_bytes()
        except OSError:
            return None
        if content[:_DIGEST] != self._digest(name, content[_DIGEST:]):
            return None
        with np.load(BytesIO(content[_DIGEST:]), allow_pickle=False) as arrays:
            return dict(arrays)

    def keep(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays under a name; where the disk does not take them, all that is kept is given up, not the run."""
        if not self._can:
            return
        packed = BytesIO()
        np.savez(packed, **arrays)  # type: ignore[arg-type] # none of them is named as an option
        content = packed.getvalue()
        part = self.folder / f"{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(self._digest(name, content) + content)
            part.replace(self.folder / f"{name}.npz")
        except OSError as error:
            self._can = False
            shutil.rmtree(self.folder, ignore_errors=True)
            logger.warning("finished work is not kept, an interrupted run starts anew: %s", error.strerror)

    def _digest(self, name: str, content: bytes) -> bytes:
        """Return what a file of this run, name and content begins with."""
        return hashlib.sha256(f"{self.key}\n{name}\n".encode() + content).digest()


def open_work(out: Path, key: str, *, fresh: bool = False, tell: Callable[[str, int, int], None]) -> KeptWork:
    """Return the work that an earlier start of the same run has kept, and remove that of any other.

    Parameters
    ----------
    out
        Folder of the output.
    key
        Of everything that decides the result, as part of a file name.
    fresh
        Whether to remove the run's own too.
    tell
        Tells a person how many of what is computed next were kept, of how many.
    """
    place = Path(os.path.realpath(out))
    own = beside(place, WORK) if can_be_renamed(place) else place / WORK
    for folder in _places(place):
        if fresh or folder != own or folder.is_symlink():
            _remove(folder)
    if own.is_dir():
        for path in own.iterdir():
            if path.name != key:
                _remove(path)
    return KeptWork(own / key, key, tell)


def forget_work(place: Path) -> None:
    """Remove the work that is kept for an output, which is whole now; `place` is its folder, without links."""
    for folder in _places(place):
        _remove(folder)


def _places(place: Path) -> tuple[Path, Path]:
    """Return where work may be: beside a folder that can be renamed, inside one that cannot."""
    return beside(place, WORK), place / WORK


def _remove(path: Path) -> None:
    """Remove a file, a link, or a folder with what is in it, as far as the system lets us."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
