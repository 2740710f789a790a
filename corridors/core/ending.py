"""Files that go with the process that made them, also where it is ended without undoing what it began."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OWN: set[Path] = set()  # of the process, as what `atexit` keeps is


@contextmanager
def gone_at_end(path: Path) -> Iterator[None]:
    """Have a file removed by `remove_own` while a block runs; its maker removes it otherwise."""
    _OWN.add(path)
    try:
        yield
    finally:
        _OWN.discard(path)


def remove_own() -> None:
    """Remove the files that go with this process, which is about to end at once."""
    for path in tuple(_OWN):
        with suppress(OSError):
            path.unlink(missing_ok=True)
