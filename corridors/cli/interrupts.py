"""Interrupted means soon: Ctrl-C, the end of a terminal and a request to stop end a command within two seconds.

Each raises KeyboardInterrupt where the command is, which undoes what it began. What does not see it, a library at work or
threads that are waited for, is ended a moment later with every process that was started: no output is left half written, since
each takes its place as a whole.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from corridors.core.ending import remove_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INTERRUPTED = 130
PATIENCE = 1.2
"""Seconds from the signal to the end of a process that has not ended by itself."""
_STOP = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_CURSOR = "\x1b[?25h"
"""Shows the cursor of a terminal, which a bar of progress hides."""
_TRACKER = b"resource_tracker"
"""In the command line of loky's process that removes its semaphores after us, and ends by itself."""


@contextmanager
def stopped_soon(say: Callable[[], None]) -> Iterator[None]:
    """Raise KeyboardInterrupt at a signal to stop, and end this process if that does not.

    A signal that the caller ignores, as `nohup` does, stays ignored. Outside the main thread nothing is done.

    Parameters
    ----------
    say
        Tells the person that the command was interrupted, where it ends without having done so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    inlet, outlet = os.pipe()
    os.set_blocking(outlet, False)
    before = signal.set_wakeup_fd(outlet, warn_on_full_buffer=False)
    earlier = {one: signal.getsignal(one) for one in _STOP}
    for one, handler in earlier.items():
        if handler is not signal.SIG_IGN:
            signal.signal(one, signal.default_int_handler)
    threading.Thread(target=_watch, args=(inlet, say), daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        for one, handler in earlier.items():
            signal.signal(one, handler)
        os.close(outlet)


def _watch(inlet: int, say: Callable[[], None]) -> None:
    """Wait for a signal to stop, then for the end of this process, then end it."""
    while sent := os.read(inlet, 64):
        if set(sent) & set(_STOP):
            time.sleep(PATIENCE)
            say()
            end_at_once()
    os.close(inlet)


def end_at_once() -> NoReturn:
    """End this process with exit code 130, its locks, and every process that it started, without waiting for its threads."""
    remove_own()
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            sys.stderr.write(_CURSOR)
        sys.stdout.flush()
        sys.stderr.flush()
    _end_processes()
    os._exit(INTERRUPTED)


def _end_processes() -> None:
    """End the processes that this one started, and those that they started, but for the one that tidies up after it."""
    for process in _children(os.getpid()):
        with suppress(OSError):
            if _TRACKER not in Path(f"/proc/{process}/cmdline").read_bytes():
                os.kill(process, signal.SIGKILL)


def _children(process: int) -> list[int]:
    """Return the numbers of the processes that one started, and of those that they started, where the system lists them."""
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text(encoding="ascii").split()):
                found += [child, *_children(child)]
    return found
