"""Whole or untouched: a folder or file is written apart, and takes its place when it is complete and on the disk.

Of an earlier output nothing stays; what is not the program's stays. A folder inside that of a run takes its place together
with the manifest of the run, which lists its files. While a command works on an output, no other may write there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from corridors.core.errors import CorridorsError, Fault, InputError, OutputError
from corridors.core.files import sha256
from corridors.core.manifest import MANIFEST_NAME, hashes, is_run, read_manifest, write_manifest
from corridors.outputs.files.carry import carry, keep_mode
from corridors.outputs.files.lock import locked
from corridors.outputs.files.swap import (
    LOCK,
    NEW,
    OWN,
    STAYS,
    beside,
    can_be_renamed,
    is_interrupted,
    move_inside,
    put_in_place,
    recover,
    sync,
    sync_file,
)
from corridors.outputs.files.work import forget_work

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FULL = 1 << 20
"""Free bytes under which an error of a library is taken for one of a full disk."""
_FOLDERS = frozenset(
    {"data", "embed", "briefs", "calendar", "narrative", "whatif", "validation", "sensitivity"}
)
_FILES = frozenset({".html", ".json"})
"""What the entries of outputs are: folders of these names, files of these endings."""
_RESERVED: ContextVar[Mapping[Path, Path]] = ContextVar("_RESERVED")
"""Folders that this command works on, each with the place where its new edition is written."""


@contextmanager
def reserved_folder(out: Path, made: str = "output", needed: int = 0) -> Iterator[Path]:
    """Keep a folder for this command before anything is computed: it can be written to, and no other command may.

    What a process that was killed left of its work there is removed.

    Parameters
    ----------
    out
        Folder of the output.
    made
        What is to be written, for the message to another command.
    needed
        Bytes that the output takes at most.

    Yields
    ------
    root
        The folder that takes its place as one: that of the run that `out` is in, else `out` itself, without links.

    Raises
    ------
    InputError
        Another command is writing there, the folder cannot be written to, something is in the way, or the disk is full.
    """
    place = Path(os.path.realpath(out))
    root, held = _root(place), _RESERVED.get({})
    if root in held:
        yield root
        return
    if out.is_symlink() and not place.parent.is_dir():
        raise _unusable(out, "a link to a folder that is there", "a link to a place that is not")
    missing = [path for path in root.parents if not path.exists()]
    try:
        with ExitStack() as stack:
            new = _taken(out, root, made, stack)
            _probe(out, root, new, needed)
            token = _RESERVED.set({**held, root: new})
            stack.callback(_RESERVED.reset, token)
            yield root
    finally:
        for path in missing:  # a command that fails leaves no empty folders
            with suppress(OSError):
                path.rmdir()


@contextmanager
def atomic_folder(out: Path) -> Iterator[Path]:
    """Write a folder atomically: yield an empty folder, which takes the place of `out` on success.

    On any error `out` is unchanged. Of an earlier output in `out` nothing stays: the files that its manifest lists are
    gone, and so is what was made from that run in folders inside. Other files are not ours and stay. Where `out` is inside
    the folder of a run, the manifest of the run changes with it. Work that was kept for `out` is gone with success.

    Raises
    ------
    InputError
        As of `reserved_folder`.
    OutputError
        `out` is a file, or cannot be written to, or the disk is full.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; name a folder for the output")
    place = Path(os.path.realpath(out))
    if any(
        place.is_relative_to(new) for new in _RESERVED.get({}).values()
    ):  # a part of what is written apart as a whole
        place.mkdir(parents=True, exist_ok=True)
        yield place
        _list_in_run(place.parent, place)
        return
    with reserved_folder(out) as root:
        with _new_edition(out, root) as (new, gone):
            folder = new / place.relative_to(root)
            folder.mkdir(exist_ok=True)
            keep_mode(place, folder)
            yield folder
            manifest = read_manifest(folder)
            gone += [path.relative_to(root).as_posix() for path in _earlier_files(place, manifest)]
            if root != place and manifest.get("made") != "run":
                listed = read_manifest(root).get("outputs", {})
                gone += [name for name in listed if PurePosixPath(name).is_relative_to(place.name)]
                _list_in_run(root, folder)
        forget_work(place)


def atomic_write(path: Path, text: str) -> None:
    """Write a UTF-8 text file atomically: an earlier file is replaced only by a complete one.

    Where it is in the folder of a run, the manifest of the run changes with it.

    Raises
    ------
    InputError
        Another command is writing there.
    OutputError
        The file cannot be written to, or is no file.
    """
    place = Path(os.path.realpath(path))
    if place.is_dir():
        raise OutputError(f"{path} is a folder; name a file")
    if place.exists() and not place.is_file():
        raise OutputError(f"{path} is a device; name a file")
    if is_run(place.parent):
        with reserved_folder(place.parent) as root, _new_edition(path, root) as (new, _):
            folder = new / place.parent.relative_to(root)
            folder.mkdir(exist_ok=True)
            _write(folder / place.name, text)
            _list_in_run(place.parent, folder / place.name)
        return
    new = beside(place, NEW)
    with _reported(path, place.parent), locked(beside(place, LOCK), path, "page"):
        try:
            new.unlink(missing_ok=True)
            _write(new, text)
            if place.exists():
                shutil.copymode(place, new)
            sync_file(new)
            new.replace(place)
        finally:
            new.unlink(missing_ok=True)


@contextmanager
def _new_edition(out: Path, root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield an empty folder and a list for the names of files to drop; put the folder in the place of `root` on success.

    `out` is named in messages.
    """
    new = _RESERVED.get()[root]
    gone: list[str] = []
    with _reported(out, new.parent):
        try:
            new.mkdir()
            keep_mode(root, new)
            yield new, gone
            _put(new, root, gone)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _put(new: Path, root: Path, gone: Collection[str]) -> None:
    """Put a new edition in the place of `root`, with what stays of the earlier one."""
    inside = new.parent == root
    names = {path.name for path in new.iterdir()} | {name.split("/")[0] for name in gone}
    carry(root, new, frozenset(gone), lambda name: not name.startswith(OWN) and (not inside or name in names))
    sync(new)
    if inside:
        move_inside(new, root, names)
        return
    try:
        put_in_place(new, root)
    except OSError as error:
        if error.errno not in STAYS or not root.is_dir():
            raise
        shutil.copytree(new, root / NEW, symlinks=True)
        sync(root / NEW)
        move_inside(root / NEW, root, {path.name for path in new.iterdir()} | names)


def _root(place: Path) -> Path:
    """Return the folder that takes its place as one: that of the run that a folder is in, else the folder itself."""
    return place.parent if is_run(place.parent) or is_interrupted(place.parent) else place


def _taken(out: Path, root: Path, made: str, stack: ExitStack) -> Path:
    """Lock a folder, undo what a dead process began, and return the place for the new edition."""
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        within = not can_be_renamed(root)
        if within and not root.is_dir():
            raise _unusable(out, "a folder that can be written to", "one in a folder that is read-only")
        locks = [] if within else [beside(root, LOCK)]
        there = root.is_dir()
        for lock in locks + ([root / LOCK] if there else []):
            stack.enter_context(locked(lock, out, made))
        recover(root)
        if (
            not there and root.is_dir()
        ):  # it is back where it was, with the lock of the process that was killed in it
            stack.enter_context(locked(root / LOCK, out, made))
    except OSError as error:
        raise _unusable(out, "a folder that can be written to", f"{error.strerror}") from error
    return root / NEW if within else beside(root, NEW)


def _probe(out: Path, root: Path, new: Path, needed: int) -> None:
    """Raise an error where an output could not be written, as far as can be seen before it is there."""
    if root.is_dir():
        if not os.access(root, os.W_OK | os.X_OK):
            raise _unusable(out, "a folder that can be written to", "one that is read-only")
        for path in sorted(root.iterdir()):
            if path.suffix in _FILES and path.is_dir():
                raise _unusable(path, "a file of the output, or nothing", "a folder")
            if path.name in _FOLDERS and not path.is_dir():
                raise _unusable(path, "a folder of the output, or nothing", "a file")
    if os.path.lexists(new):
        raise _unusable(new, "nothing left of an earlier command", "files that cannot be removed")
    free = shutil.disk_usage(new.parent).free
    if free < needed:
        expected, found = f"{needed >> 20} MB of free space", f"{free >> 20} MB"
        remedy = "Free some space, or name a folder on another disk with --out."
        raise InputError([Fault(str(out), expected, found, remedy)])


def _unusable(path: Path, expected: str, found: str) -> InputError:
    """Return the error of a place that no output can be written to."""
    return InputError([Fault(str(path), expected, found, "Correct that, or name another folder with --out.")])


@contextmanager
def _reported(out: Path, folder: Path) -> Iterator[None]:
    """Raise the errors of the system, and of libraries on a full disk, as errors of the output."""
    try:
        yield
    except (CorridorsError, MemoryError):
        raise
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}; choose another folder") from error
    except Exception as error:
        if shutil.disk_usage(folder).free >= FULL:
            raise
        raise OutputError(f"cannot write {out}: no space left on the disk; choose another folder") from error


def _write(path: Path, text: str) -> None:
    """Write a UTF-8 text file that is not there yet."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _list_in_run(root: Path, part: Path) -> None:
    """Write, beside a new part of a run, the manifest of the run in `root` with the files of that part."""
    manifest = read_manifest(root)
    if manifest.get("made") != "run":
        return
    if part.is_dir():
        found = hashes(part)
        if (part / MANIFEST_NAME).is_file():
            found[MANIFEST_NAME] = sha256(part / MANIFEST_NAME)
        new = {f"{part.name}/{name}": digest for name, digest in found.items()}
    else:
        new = {part.name: sha256(part)}
    earlier = manifest.get("outputs", {})
    kept = {
        name: digest for name, digest in earlier.items() if not PurePosixPath(name).is_relative_to(part.name)
    }
    write_manifest({**manifest, "outputs": kept | new}, part.parent)


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
