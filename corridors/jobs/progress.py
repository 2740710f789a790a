"""How a job reports its progress: each step as it begins, the seconds it took, and how much of a long one is done."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


class Progress:
    """Time the steps of a job, and log each at level INFO. Subclasses show them to a person.

    Attributes
    ----------
    seconds : dict of str to float
        Wall seconds of each step that has ended, in the order in which they ended.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, text: str = "") -> Iterator[None]:
        """Show `text`, if any, and time what follows under `name`."""
        if text:
            self.show(text)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)

    def show(self, text: str) -> None:
        """Show one line: a step that begins, or a note."""
        logger.info(text)

    def resume(self, what: str, found: int, total: int) -> None:
        """Show how many of what is computed next an earlier start has kept."""
        self.show(f"resuming: {found} of {total} {what} kept")

    def advance(self, done: int, total: int) -> None:
        """Show that `done` of `total` cost worlds are finished."""
        logger.debug("%d of %d worlds", done, total)
