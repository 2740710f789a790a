"""Put a finished folder in the place of an earlier one: at once where the file system can, else so that it can be undone.

There are three ways, from the best to the last:

1. The kernel exchanges the two names (Linux, `renameat2`): there is no moment without a whole folder.
2. The earlier folder is renamed away, and the new one to its place (NFS, FAT). A process that is killed between the two
   leaves no folder there; `recover` puts the earlier one back.
3. A folder that cannot be renamed (a mount point such as a USB stick or a volume, or one whose parent is not ours) keeps its
   place, and what is in it is moved: first the earlier manifest out, last the new one in. A journal says what is moved. A
   process that is killed meanwhile leaves a folder without a manifest, which no command takes for a run; `recover` undoes it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

OWN = ".corridors-"
"""How the names begin of what is put into a folder that is being written."""
NEW, OLD, LOCK, JOURNAL = (f"{OWN}{name}" for name in ("new", "old", "lock", "journal"))
STAYS = frozenset({errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM})
"""What is answered where a folder cannot be renamed: a mount point, or a parent that is not ours."""
LONGEST = 200
"""Bytes of a name after which it is cut where an ending is added: names of files have 255 at most."""
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EXDEV})
"""What a kernel or file system answers that exchanges no names."""


def beside(path: Path, ending: str) -> Path:
    """Return the place beside a folder or file for its new edition, its old one or its lock: `NEW`, `OLD` or `LOCK`."""
    name = os.fsencode(path.name)
    if len(name) > LONGEST:
        name = name[: LONGEST - 9] + b"-%08x" % zlib.crc32(name)
    return path.parent / ("." + os.fsdecode(name) + ending)


def can_be_renamed(root: Path) -> bool:
    """Return whether a folder may be renamed, or made, as far as can be seen without trying.

    One that this process, and so probably a person's terminal, is in keeps its place: it would be in a folder that is gone.
    """
    parent = root.parent
    if os.path.ismount(root) or not os.access(parent, os.W_OK | os.X_OK) or _is_here(root):
        return False
    if not root.exists() or not parent.stat().st_mode & stat.S_ISVTX:
        return True
    return os.geteuid() in {0, parent.stat().st_uid, root.stat().st_uid}


def _is_here(root: Path) -> bool:
    """Return whether the working folder of this process is in a folder."""
    with suppress(OSError):
        return Path.cwd().is_relative_to(root)
    return False


def put_in_place(new: Path, root: Path) -> None:
    """Put a folder in the place of another, of which nothing is kept; on any error that is as it was.

    Parameters
    ----------
    new
        Complete folder beside `root`.
    root
        Place for it, which may be absent.

    Raises
    ------
    OSError
        A name cannot be changed.
    """
    if not os.path.lexists(root):
        new.rename(root)
    elif _exchange(new, root):
        _sync_folder(root.parent)
        shutil.rmtree(new, ignore_errors=True)
    else:
        old = beside(root, OLD)
        root.rename(old)
        try:
            new.rename(root)
        except BaseException:
            old.rename(root)
            raise
        _sync_folder(root.parent)
        shutil.rmtree(old, ignore_errors=True)
    _sync_folder(root.parent)


def move_inside(new: Path, root: Path, names: Iterable[str]) -> None:
    """Put what a folder holds in the place of the entries of the same names in another; on any error that is as it was.

    Parameters
    ----------
    new
        Complete folder, `root` / `NEW`.
    root
        Folder that keeps its place.
    names
        Entries of `root` that are replaced, or removed where `new` has none of the name.

    Raises
    ------
    OSError
        A name cannot be changed.
    """
    old = root / OLD
    old.mkdir()
    ordered = sorted(names, key=lambda name: name != MANIFEST_NAME)
    earlier = {name: os.path.lexists(root / name) for name in ordered}
    journal = root / JOURNAL
    with journal.open("w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(earlier, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(root)
    try:
        for name in ordered:
            if earlier[name]:
                (root / name).rename(old / name)
        for name in reversed(ordered):
            if os.path.lexists(new / name):
                (new / name).rename(root / name)
        for folder in (root, old):
            _sync_folder(folder)
    except BaseException:
        recover(root)
        raise
    journal.unlink()
    _sync_folder(root)
    for folder in (old, new):
        shutil.rmtree(folder, ignore_errors=True)


def is_interrupted(root: Path) -> bool:
    """Return whether a process was killed while it put a folder in place, so that `recover` has to bring it back."""
    return os.path.lexists(beside(root, OLD)) or os.path.lexists(root / JOURNAL)


def recover(root: Path) -> None:
    """Undo what a killed process began, and remove what it left. Its lock must be held.

    Parameters
    ----------
    root
        Folder that was being written; afterward it is whole, as before or as after.

    Raises
    ------
    OSError
        A name cannot be changed.
    """
    old = beside(root, OLD)
    if os.path.lexists(old) and not os.path.lexists(root):
        old.rename(root)
    journal = root / JOURNAL
    if os.path.lexists(journal):
        _undo(root, _earlier(journal))
        journal.unlink()
    for left in (old, beside(root, NEW), root / OLD, root / NEW):
        shutil.rmtree(left, ignore_errors=True)


def _undo(root: Path, earlier: Mapping[str, bool]) -> None:
    """Bring back what was moved out of a folder, unless the new manifest, which is moved last, is in its place."""
    kept = {name: os.path.lexists(root / OLD / name) for name in earlier}
    here = {name: os.path.lexists(root / name) for name in earlier}
    moved = {name for name, there in earlier.items() if here[name] and (kept[name] or not there)}
    if MANIFEST_NAME in moved:
        return
    for name in earlier:
        if name in moved:
            _remove(root / name)
        if kept[name]:
            (root / OLD / name).rename(root / name)
    _sync_folder(root)


def sync(folder: Path) -> None:
    """Wait until every new file of a folder, and the list of its names, is on the disk.

    Raises
    ------
    OSError
        The disk does not take a file.
    """
    for place, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(place) / name
            about = path.lstat()
            if (
                stat.S_ISREG(about.st_mode) and about.st_nlink == 1
            ):  # a second name is of a file that was there before
                sync_file(path)
        _sync_folder(Path(place))


def sync_file(path: Path) -> None:
    """Wait until a file is on the disk."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where its file system can tell."""
    with suppress(OSError):
        sync_file(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange the names of two folders at once; return whether the system can."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    if call(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _earlier(journal: Path) -> Mapping[str, bool]:
    """Return what a journal says: the names that are moved, and whether each was there before; empty where it was cut short."""
    try:
        found = json.loads(journal.read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError):
        return {}
    return {str(name): bool(there) for name, there in found.items()} if isinstance(found, dict) else {}


def _remove(path: Path) -> None:
    """Remove a file or a folder with what is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
