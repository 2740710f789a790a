"""Carry over what stays of an earlier output: every file that is not the program's, under a second name where that can be."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


def carry(old: Path, new: Path, gone: Collection[str], wanted: Callable[[str], bool]) -> None:
    """Put the files of an earlier folder into its new edition, but for those that this has or that are to go.

    Parameters
    ----------
    old, new
        The earlier folder, which may be absent, and its new edition.
    gone
        Files that are not carried over: paths relative to `old`, with "/".
    wanted
        Whether an entry of `old` is looked at, by its name.

    Raises
    ------
    OutputError
        A file of the new edition and a folder that is not the program's, or the other way round, have the same name.
    OSError
        A file cannot be copied.
    """
    for place, folders, files in os.walk(old):
        inside = Path(place).relative_to(old)
        if inside == Path():
            folders[:], files[:] = filter(wanted, folders), filter(wanted, files)
        links = [name for name in folders if (old / inside / name).is_symlink()]
        for path in [inside / name for name in (*links, *files)]:
            if path.as_posix() not in gone:
                _make(old, new, path.parent)
                _keep(old / path, new / path)
        if not folders and not files:  # a folder that was made empty
            _make(old, new, inside)


def keep_mode(old: Path, new: Path) -> None:
    """Give a folder the permissions, owner and group of the one that it replaces, as far as the system lets us."""
    if not old.is_dir():
        return
    before, now = old.stat(), new.stat()
    with suppress(OSError):
        if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
            os.chown(new, before.st_uid, before.st_gid)
    with suppress(OSError):
        shutil.copystat(old, new)


def _make(old: Path, new: Path, inside: Path) -> None:
    """Make a folder of an earlier output, and those that it is in, in the new edition, with their permissions."""
    for path in (*reversed(inside.parents), inside):
        if os.path.lexists(new / path):
            if not (new / path).is_dir():
                raise _in_the_way(old / path)
        else:
            (new / path).mkdir()
            keep_mode(old / path, new / path)


def _keep(path: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the file system knows no second names; one that is there stays."""
    if os.path.lexists(target):
        if target.is_dir() and not target.is_symlink():
            raise _in_the_way(path)
        return
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, target, follow_symlinks=False)


def _in_the_way(path: Path) -> OutputError:
    """Return the error of a file or folder whose name the output needs for the other of the two."""
    return OutputError(f"{path} is in the way of the output: move it, or name another folder with --out")
