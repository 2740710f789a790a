"""Options that commands share: declared once, the same in every command, and the settings they amount to."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from corridors.cli.app import app
from corridors.cli.options import POINT_WORLDS, RunOptions, grouped
from corridors.cli.progress import LineProgress, shown_progress
from corridors.cli.reference import commands_page
from corridors.config import Config
from corridors.core.errors import ConfigError


def test_a_group_of_options_becomes_its_fields_in_place() -> None:
    seen: dict[str, object] = {}

    def command(name: str, *, first: bool = False, options: RunOptions, last: bool = False) -> None:
        seen.update(name=name, first=first, options=options, last=last)

    flat = grouped(command)
    own = [one.name for one in fields(RunOptions)]
    assert list(inspect.signature(flat).parameters) == ["name", "first", *own, "last"]
    defaults = dict.fromkeys(own, None) | {"scheduler": "", "point": False}
    flat(name="a", first=True, last=False, **defaults | {"seed": 7})
    assert seen == {"name": "a", "first": True, "options": RunOptions(seed=7), "last": False}


@pytest.mark.parametrize("name", ["run", "validate", "whatif"])
def test_every_job_that_infers_takes_all_of_them(name: str) -> None:
    group = typer.main.get_command(app)
    command = group.commands[name]  # type: ignore[attr-defined] # a group, since there are several commands
    assert {one.name for one in fields(RunOptions)} <= {one.name for one in command.params}


def test_options_are_put_over_the_file(tmp_path: Path) -> None:
    toml = tmp_path / "corridors.toml"
    toml.write_text("[run]\nseed = 3\nworlds = 9\n", encoding="utf-8")
    own = RunOptions(seed=7).settings(toml)
    assert (own.run.seed, own.run.worlds) == (7, 9)
    quick = RunOptions(point=True).settings(toml).run
    assert (quick.mode, quick.worlds, quick.variants, quick.seed) == ("point", POINT_WORLDS, 0, 3)
    assert RunOptions(point=True, worlds=5).settings(None).run.worlds == 5
    assert RunOptions().settings(None) == Config()
    with pytest.raises(ConfigError, match=r"run\.lens|lens"):
        RunOptions(lens="both").settings(None)


def test_progress_is_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(quiet=False) as progress:
        assert isinstance(progress, LineProgress)
        with progress.step("inference", "inferring in 8 cost worlds"):
            for done in range(1, 9):
                progress.advance(done, 8)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "inferring in 8 cost worlds",
        *(f"  {done} of 8 worlds, {8 - done} left" for done in (2, 4, 6, 8)),
    ]
    with shown_progress(quiet=True) as progress, progress.step("read", "reading the tables"):
        pass
    assert capsys.readouterr().err == ""
    assert "read" in progress.seconds


def test_the_page_of_commands_is_in_step_and_each_command_has_an_example() -> None:
    page = commands_page()
    assert (Path(__file__).parents[2] / "docs/commands.md").read_text(encoding="utf-8") == page
    commands = [part.partition("\n")[0] for part in page.split("\n## ")[1:]]
    assert [name for name in commands if f"    corridors {name} " not in page] == ["formats"]
