"""One frame around every door: what a library raises while a file is read becomes a fault of that file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from corridors.core.errors import CorridorsError, Fault, InputError, SchemaError
from corridors.core.signs import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_LETTERS = 300
"""Maximum letters of a library's own message that a fault quotes."""

NO_MEMORY = "a file that fits in the memory of this computer"
"""What is expected of a file for which there was too little."""


class UnreadableError(SchemaError):
    """A library failed on a file in a way that its reader did not foresee."""


@contextmanager
def readable(path: Path, error: type[InputError] = UnreadableError, remedy: str = "") -> Iterator[None]:
    """Turn any exception but our own into a fault of the file that is read inside.

    A reader words the failures it knows; this is for the others, of which no list is ever complete.

    Parameters
    ----------
    path
        File, as the user named it.
    error
        Error to raise.
    remedy
        What to do about a damaged file; by default to write or download it again.

    Raises
    ------
    UnreadableError
        Or `error`, with the cause kept.
    """
    try:
        yield
    except CorridorsError:
        raise
    except Exception as cause:
        raise error([unreadable_fault(str(path), cause, remedy)]) from cause


def unreadable_fault(file: str, cause: Exception, remedy: str = "") -> Fault:
    """Return an exception as a fault of a file."""
    again = remedy or "Write or download the file again. If other programs read it, report this as a bug."
    if isinstance(cause, MemoryError):
        found, remedy = "more than it has", "Give a smaller file, or read it on a computer with more memory."
        return Fault(file, NO_MEMORY, found, remedy)
    if isinstance(cause, RecursionError):
        remedy = remedy or "Write the file again with less nesting."
        return Fault(file, "values nested a few hundred deep at most", "values nested too deeply", remedy)
    if isinstance(cause, OSError) and cause.strerror:
        remedy = "Check the path, and that you may read it."
        return Fault(file, "a file that can be read", cause.strerror, remedy)
    found = printable(f"{type(cause).__name__}: {cause}")[:MAX_LETTERS]
    return Fault(file, "a file that can be read", found, again)
