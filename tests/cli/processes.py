"""The processes that a command started, and whether they have ended."""

from __future__ import annotations

import time
from pathlib import Path


def session(process: int) -> list[str]:
    """Return the command lines of the processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, number = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
            words = (folder / "cmdline").read_text(encoding="utf-8").replace("\0", " ")
        except (OSError, ValueError):
            continue
        if int(number) == process and state != "Z":
            found.append(words)
    return found


def gone(process: int, seconds: float = 10) -> bool:
    """Return whether every process of a session ends within some seconds."""
    end = time.monotonic() + seconds
    while session(process) and time.monotonic() < end:
        time.sleep(0.02)
    return not session(process)
