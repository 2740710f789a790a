"""What users can type, catch or write in a file is documented: commands, exceptions, edits of a scenario."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
import typer.main

from corridors.cli.app import app
from corridors.core import errors
from corridors.core.scenario import Edit

ROOT = Path(__file__).parents[1]
PAGES = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
)


def page(name: str) -> str:
    """Return a page of docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(typer.main.get_group(app).commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"corridors {name}" in PAGES


@pytest.mark.parametrize(
    "name", ["README.md", "README.es.md", "docs/guia-consulados.md", "docs/briefs.md", "docs/scenarios.md"]
)
def test_commands_shown_to_users_can_be_typed(name: str) -> None:
    group = typer.main.get_group(app)
    typed = re.findall(
        r"^ *(?:\.venv/bin/)?corridors ([^#\n]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert typed or name == "README.es.md"
    for line in typed:
        command, *words = shlex.split(line)
        known = {
            option for one in group.commands[command].params for option in (*one.opts, *one.secondary_opts)
        }
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize(
    "name", [name for name, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, Exception)]
)
def test_every_exception_is_documented(name: str) -> None:
    assert f"`{name}`" in page("troubleshooting.md")


@pytest.mark.parametrize("edit", get_args(get_args(Edit)[0]), ids=lambda edit: str(edit.__name__))
def test_every_edit_is_documented_with_its_keys(edit: type) -> None:
    fields = edit.model_fields  # type: ignore[attr-defined]
    (kind,) = get_args(fields["kind"].annotation)
    row = next(line for line in page("scenarios.md").splitlines() if line.startswith(f"| `{kind}` |"))
    keys = {one.alias or name for name, one in fields.items()} - {"kind"}
    assert {key for key in keys if f"`{key}" not in row} == set()
