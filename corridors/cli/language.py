"""The language of what commands print and of their help, and commands called by another name.

Both are in Spanish where `--language es` stands before the command, else where the file of `--config` says
`[run] language = "es"`, else where the locale of the terminal is Spanish (LC_ALL, LC_MESSAGES, LANG); else in English.
"""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from corridors.cli.helping import write_spanish_help
from corridors.cli.messages import command_synonyms, error_text, usage_text
from corridors.cli.typed import check_typed
from corridors.core.errors import ConfigError, CorridorsError
from corridors.core.toml import read_toml

LANGUAGES = ("es", "en")

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def known_language(language: str) -> str:
    """Return a language as typed; raise a usage error where it is neither es nor en."""
    if language not in {"", *LANGUAGES}:
        raise typer.BadParameter(f"{language!r} is not one of 'es', 'en'.")
    return language


Language = Annotated[
    str,
    typer.Option(
        "--language",
        callback=known_language,
        help="Language of messages and help: es or en; by default [run] language of --config, or that of the terminal.",
        show_default=False,
    ),
]
UsageError: Any = typer.BadParameter.__base__
"""What Typer raises where a command is typed wrong; it has no public name there."""


class Command(TyperCommand):
    """A command, of which the help is in the language of what it prints."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of the command."""
        if spoken_language() == "es":
            write_spanish_help(self, ctx, formatter)
        else:
            super().format_help(ctx, formatter)


class Commands(TyperGroup):
    """The commands, of which the nearest is named where one is typed wrong or in Spanish."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help of all commands, in the language of what they print."""
        if spoken_language() == "es":
            write_spanish_help(self, ctx, formatter)
        else:
            super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is typed; raise a usage error that names the one meant."""
        word = args[0].lower() if args else ""
        if word in self.commands and word != args[0]:
            raise UsageError(f"No such command {args[0]!r}. Did you mean {word!r}?", ctx)
        meant = {} if word in self.commands or word.startswith("-") else command_synonyms()
        near = [] if word in meant else get_close_matches(word, meant, n=1)
        if near and not get_close_matches(word, self.commands):
            word = near[0]
        if word in meant:
            message = f"No such command {args[0]!r}. Did you mean {meant[word]!r}?"
            raise UsageError(message, ctx)
        return super().resolve_command(ctx, args)


def call(app: typer.Typer, words: Sequence[str]) -> None:
    """Run the command line; a command that is typed wrong is told so in the language of its errors.

    Raises
    ------
    SystemExit
        With Typer's exit code.
    InputError
        The command line has a fault that no option sees.
    """
    check_typed(words)
    if spoken_language(words) == "en":
        app()
        return
    try:
        code = app(standalone_mode=False)
    except UsageError as error:
        command = error.ctx.command_path if error.ctx else "corridors"
        text = usage_text(error.format_message(), command, "es")
        if text:
            typer.echo(text, err=True)
        else:
            error.show()
        raise SystemExit(error.exit_code) from None
    if isinstance(code, int) and code:
        raise SystemExit(code)


def say_interrupted() -> None:
    """Print that a command was interrupted, and what that means for its output."""
    said = CorridorsError("interrupted; no output is half written: what was not finished is as it was")
    typer.echo(f"corridors: {spoken(said, sys.argv[1:])}", err=True)


def spoken(error: CorridorsError, words: Sequence[str]) -> str:
    """Return the text of an error in the language of its command."""
    return error_text(error, spoken_language(words))


def spoken_language(words: Sequence[str] | None = None, surroundings: Mapping[str, str] = os.environ) -> str:
    """Return the language of what a command prints, "es" or "en".

    Parameters
    ----------
    words
        The command line without the program's name; that of this process by default.
    surroundings
        Environment variables.

    Examples
    --------
    >>> spoken_language(["--language", "es", "run"], {}), spoken_language(["run"], {"LANG": "es_MX.UTF-8"})
    ('es', 'es')
    >>> spoken_language(["run"], {"LC_ALL": "C.UTF-8", "LANG": "es_MX.UTF-8"})
    'en'
    """
    words = sys.argv[1:] if words is None else words
    asked = _value(words, "--language")
    if asked in LANGUAGES:
        return asked
    config = _value(words, "--config")
    written = _written(Path(config)) if config else ""
    if written in LANGUAGES:
        return written
    locale = next(
        (surroundings[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if surroundings.get(name)), ""
    )
    return "es" if locale.lower().startswith("es") else "en"


def _value(words: Sequence[str], option: str) -> str:
    """Return the value of an option as typed, "" where it is not."""
    for word, following in pairwise([*words, ""]):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    return ""


def _written(config: Path) -> str:
    """Return the language that a file of settings names, "" where it names none or is no TOML."""
    try:
        run = read_toml(config, remedy="").get("run", {})
    except ConfigError:  # its reader says what is wrong with it
        return ""
    return str(run.get("language", "")) if isinstance(run, dict) else ""
