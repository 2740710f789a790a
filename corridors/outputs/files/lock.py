"""One writer at a time: a lock file, held by the kernel for as long as the process lives that took it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from corridors.core.ending import gone_at_end
from corridors.core.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system without locks answers; the process that the file names is then asked for."""


@contextmanager
def locked(path: Path, out: Path, made: str) -> Iterator[None]:
    """Hold a lock file, and remove it at the end. The lock of a process that is no more is taken over.

    Parameters
    ----------
    path
        Lock file.
    out
        What is written under it, for messages.
    made
        What the command makes.

    Raises
    ------
    InputError
        Another process holds it: which, and since when.
    OSError
        The file cannot be made.
    """
    file = _taken(path, out)
    try:
        since = datetime.now().astimezone().isoformat(" ", "minutes")[:16]
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps({"process": os.getpid(), "makes": made, "since": since}).encode(), 0)
        with gone_at_end(path):
            yield
    finally:
        if _is_at(file, path):
            path.unlink(missing_ok=True)
        os.close(file)


def _taken(path: Path, out: Path) -> int:
    """Return the open lock file, locked; one that its last holder has removed meanwhile is made anew."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            _lock(file)
        except BlockingIOError:
            fault = _held(out, _holder(file))
            os.close(file)
            raise InputError([fault]) from None
        except BaseException:
            os.close(file)
            raise
        if _is_at(file, path):
            return file
        os.close(file)


def _lock(file: int) -> None:
    """Lock a file, or raise BlockingIOError where another process holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        process = _holder(file).get("process", "")
        if process.isdecimal() and int(process) != os.getpid() and _lives(int(process)):
            raise BlockingIOError from error


def _lives(process: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _is_at(file: int, path: Path) -> bool:
    """Return whether an open file is the one at a place."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False


def _holder(file: int) -> Mapping[str, str]:
    """Return what the holder of a lock says of itself; empty where it has not said it yet."""
    with suppress(OSError, ValueError):
        found = json.loads(os.pread(file, 4096, 0))
        if isinstance(found, dict):
            return {str(key): str(value) for key, value in found.items()}
    return {}


def _held(out: Path, holder: Mapping[str, str]) -> Fault:
    """Return the fault of a lock that another process holds."""
    process, makes, since = (holder.get(name, "?") for name in ("process", "makes", "since"))
    found = f"process {process} ({makes}), which has been writing to it since {since}"
    remedy = "Wait until it has ended, or name another folder with --out."
    return Fault(str(out), "a place that no other command is writing to", found, remedy)
