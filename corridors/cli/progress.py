"""How the command line shows a job's progress: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn, TimeRemainingColumn

from corridors.cli.messages import said, sentence
from corridors.core.signs import printable
from corridors.jobs import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

QUARTERS = 4
FIRST_SIGN_S, NEXT_SIGN_S = 2.0, 5.0
SILENT_S = 20.0
"""Seconds without a line after which a step of a job is said to go on."""


class LineProgress(Progress):
    """Print each step on standard error, and a line for each quarter of the cost worlds.

    Parameters
    ----------
    language
        "es" or "en".
    """

    def __init__(self, language: str = "en") -> None:
        super().__init__()
        self.language = language
        self.under_way, self.begun, self.spoken = "", time.monotonic(), time.monotonic()

    def show(self, text: str) -> None:
        """Print one line."""
        self.under_way, self.begun = step_text(text, self.language), time.monotonic()
        self._say(self.under_way)

    def go_on(self) -> None:
        """Print that the step under way goes on."""
        self._say(said("going_on", self.language, text=self.under_way, seconds=time.monotonic() - self.begun))

    def advance(self, done: int, total: int) -> None:
        """Print a line when another quarter is done."""
        if done == total or done % max(1, total // QUARTERS) == 0:
            self._say(f"  {said('worlds', self.language, done=done, total=total, left=total - done)}")

    def _say(self, line: str) -> None:
        """Print a line, and note when."""
        self.spoken = time.monotonic()
        typer.echo(printable(line), err=True)


class BarProgress(Progress):
    """Draw one bar: the step under way, and how many cost worlds are done.

    Parameters
    ----------
    bar
        A bar that is being drawn.
    language
        "es" or "en".
    """

    def __init__(self, bar: Bar, language: str = "en") -> None:
        super().__init__()
        self.bar, self.language = bar, language
        self.task = bar.add_task("", total=None)

    def show(self, text: str) -> None:
        """Put a text beside the bar."""
        self.bar.update(self.task, description=step_text(text, self.language))

    def advance(self, done: int, total: int) -> None:
        """Fill the bar as far as the work is done."""
        self.bar.update(self.task, completed=done, total=total)


def step_text(text: str, language: str) -> str:
    """Return a step of a job, or a note on a file that it read, as a person is shown it."""
    step = sentence(text, "progress", language)
    return step if step != text else sentence(text, "note", language)


@contextmanager
def signs_of_life(text: str, language: str = "en", *, quiet: bool = False) -> Iterator[None]:
    """Print a line on standard error, after two seconds and every five, while what is inside goes on.

    Parameters
    ----------
    text
        What goes on, in English.
    language
        "es" or "en".
    quiet
        Whether to print nothing.
    """
    ended, shown = Event(), step_text(text, language)

    def speak() -> None:
        start = time.monotonic()
        wait = FIRST_SIGN_S
        while not ended.wait(wait):
            line = said("going_on", language, text=shown, seconds=time.monotonic() - start)
            typer.echo(printable(line), err=True)
            wait = NEXT_SIGN_S

    speaker = Thread(target=speak, daemon=True)
    if not quiet:
        speaker.start()
    try:
        yield
    finally:
        ended.set()


@contextmanager
def _heard(progress: LineProgress) -> Iterator[LineProgress]:
    """Yield a progress that speaks by itself when it was silent for too long."""
    ended = Event()

    def speak() -> None:
        while not ended.wait(max(0.1, progress.spoken + SILENT_S - time.monotonic())):
            if progress.under_way and time.monotonic() - progress.spoken >= SILENT_S:
                progress.go_on()

    Thread(target=speak, daemon=True).start()
    try:
        yield progress
    finally:
        ended.set()


@contextmanager
def shown_progress(language: str = "en", *, quiet: bool) -> Iterator[Progress]:
    """Yield a `Progress` that shows itself in "es" or "en", as this terminal, or the lack of one, allows."""
    console = Console(stderr=True)
    if quiet:
        yield Progress()
    elif not console.is_terminal:
        with _heard(LineProgress(language)) as progress:
            yield progress
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bar(*columns, console=console) as bar:
            yield BarProgress(bar, language)
