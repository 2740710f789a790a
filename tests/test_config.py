from __future__ import annotations

from pathlib import Path

import pytest

from corridors.config import Config, parameters_page, read_config, with_changes
from corridors.core.errors import ConfigError, InputError
from corridors.core.settings import PriorSettings, ShowSettings
from corridors.inference.fitting import InferencePlan
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import make_plan, show_settings

ROOT = Path(__file__).parents[1]


def test_defaults_without_a_file() -> None:
    assert read_config(None) == Config()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "corridors.toml"
    path.write_text('[run]\nworlds = 7\n[data]\ndealers = "mine.csv"\n', encoding="utf-8")
    config = read_config(path)
    assert config.run.worlds == 7
    assert config.run.seed == Config().run.seed
    assert config.data["dealers"].file == tmp_path / "mine.csv"


def test_a_file_of_an_agency_names_its_format(tmp_path: Path) -> None:
    path = tmp_path / "corridors.toml"
    text = '[data]\nsedena = { file = "x.xlsx", format = "sedena", columns = { long_guns = "LARGAS" } }\n'
    path.write_text(text, encoding="utf-8")
    given = read_config(path).data["sedena"]
    assert (given.file, given.format) == (tmp_path / "x.xlsx", "sedena")
    assert given.columns == {"long_guns": "LARGAS"}


def test_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "corridors.toml"
    path.write_text('[run]\nworlds = 1\nlens = "both"\n[costs]\nspeed = 3\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert {fault.column for fault in caught.value.faults} == {"run.worlds", "run.lens", "costs.speed"}
    assert "docs/parameters.md" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"), [(b"[run\n", "TOML in UTF-8"), (b"\xff[run]", "TOML in UTF-8")]
)
def test_what_is_no_toml(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "corridors.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        read_config(path)
    with pytest.raises(ConfigError, match="Check the path"):
        read_config(tmp_path / "absent.toml")


def test_options_are_checked_too() -> None:
    assert with_changes(Config(), {"seed": 9, "worlds": None}).run.seed == 9
    with pytest.raises(ConfigError, match="command line"):
        with_changes(Config(), {"demand": "guesses"})


def test_the_page_of_settings_is_in_step() -> None:
    assert (ROOT / "docs/parameters.md").read_text(encoding="utf-8") == parameters_page()


def test_the_settings_reach_the_fit_as_they_stand() -> None:
    config = Config(priors=PriorSettings(mu=0.4), shows=ShowSettings(part=0.02))
    plan = make_plan(config)
    assert (plan.costs, plan.priors, plan.likelihood.weights) == (config.costs, config.priors, config.weights)
    assert show_settings(config) == config.shows
    assert make_plan(Config()).priors == InferencePlan().priors


def test_an_absent_file_is_known_before_any_table_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fault of the settings at once: a file that is not there, and a format that is not known."""
    monkeypatch.setattr("corridors.jobs.inputs.load_all", lambda *_: pytest.fail("a table was read"))
    (tmp_path / "here.txt").write_text("LIC_REGN\n", encoding="utf-8")
    toml = tmp_path / "corridors.toml"
    toml.write_text(
        '[data]\ndealers = "gone.csv"\none = { file = "absent.txt", format = "atf_list" }\n'
        'two = { file = "here.txt", format = "atf_lst" }\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_inputs(read_config(toml))
    assert [(Path(one.file).name, one.found) for one in caught.value.faults] == [
        ("gone.csv", "no such file"),
        ("absent.txt", "no such file"),
        ("here.txt", "'atf_lst'"),
    ]


def test_files_of_settings_with_faults_are_looked_for_too(tmp_path: Path) -> None:
    toml = tmp_path / "corridors.toml"
    toml.write_text('[run]\nwrlds = 3\n[data]\ndealers = "gone.csv"\nnics = { file = 3 }\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(toml)
    assert sorted(one.column or Path(one.file).name for one in caught.value.faults) == [
        "data.nics.file",
        "gone.csv",
        "run.wrlds",
    ]
