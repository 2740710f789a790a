"""The help of a command in Spanish: what it is for, and its arguments and options, from the word file."""

from __future__ import annotations

from typing import Any

from corridors.cli.messages import layout_word, sentence


def write_spanish_help(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the help of a command, or of all of them, in Spanish.

    Parameters
    ----------
    command
        Command or group, as Typer made it.
    ctx
        Its context.
    formatter
        What the lines are written to; it wraps them to the terminal.
    """
    parameters = command.get_params(ctx)
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name != "argument"]
    commands = getattr(command, "commands", {})
    words = [layout_word("options"), *([layout_word("command")] if commands else map(_name, arguments))]
    formatter.write(layout_word("usage", command=ctx.command_path, words=" ".join(words)) + "\n\n")
    formatter.write_text(_spanish(command.help))
    _write(formatter, "arguments", [(_name(one), _described(one)) for one in arguments])
    _write(formatter, "option_list", [(_name(one), _described(one)) for one in options])
    _write(formatter, "commands", [(name, _spanish(one.help)) for name, one in commands.items()])
    if command.epilog:
        formatter.write_paragraph()
        formatter.write_text(layout_word("example", example=command.epilog.removeprefix("Example: ")))


def _write(formatter: Any, heading: str, rows: list[tuple[str, str]]) -> None:
    """Write a list of names and what each is, below its heading."""
    if rows:
        formatter.write_paragraph()
        formatter.write(layout_word(heading) + "\n")
        formatter.indent()
        formatter.write_dl(rows)
        formatter.dedent()


def _name(parameter: Any) -> str:
    """Return an argument, or an option with its other names, as typed."""
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " ".join([*parameter.opts, *parameter.secondary_opts])


def _described(parameter: Any) -> str:
    """Return what an argument or option is, and its default where it has one."""
    default = parameter.default
    ends = []
    if parameter.required:
        ends.append(layout_word("required"))
    elif default not in (None, "") and not isinstance(default, bool):
        ends.append(layout_word("default", value=str(default)))
    return " ".join([_spanish(parameter.help), *ends])


def _spanish(text: str) -> str:
    """Return a text of the help in Spanish."""
    return sentence(" ".join(text.split()), "help", "es")
