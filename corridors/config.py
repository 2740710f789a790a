"""One TOML file of settings, checked as a whole. Only the pipeline reads it; rooms get plain values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError, field_validator

from corridors.core.errors import ConfigError
from corridors.core.settings import (
    CostSettings,
    DataFile,
    PriorSettings,
    RunSettings,
    Section,
    ShowSettings,
    TileSettings,
    WeightSettings,
)
from corridors.core.toml import model_fault, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.errors import Fault


class Config(Section):
    """Every setting."""

    run: RunSettings = RunSettings()
    costs: CostSettings = CostSettings()
    weights: WeightSettings = WeightSettings()
    priors: PriorSettings = PriorSettings()
    shows: ShowSettings = ShowSettings()
    tiles: TileSettings = TileSettings()
    data: dict[str, DataFile] = Field(
        default_factory=dict,
        description=(
            'Your own files in place of shipped tables. `dealers = "mine.csv"` gives a table in its own columns '
            '(data/README.md); `any_name = { file = "…", format = "…", columns = { … } }` a file as an agency '
            "publishes it."
        ),
    )

    @field_validator("data", mode="before")
    @classmethod
    def _plain_path(cls, files: Any) -> Any:
        """Take a bare path as a file in the table's own columns."""
        if not isinstance(files, dict):
            return files
        return {key: {"file": value} if isinstance(value, str) else value for key, value in files.items()}


def read_config(path: Path | None = None) -> Config:
    """Read the settings from a TOML file, or return the defaults when there is none.

    Parameters
    ----------
    path
        File of settings (docs/parameters.md); None for the defaults.

    Raises
    ------
    ConfigError
        The file is absent, is not TOML, has an unknown key or a value out of range; every fault is listed.
    """
    if path is None:
        return Config()
    raw = read_toml(path, remedy="Check the path given to --config.")
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError([_fault(path, detail) for detail in error.errors()]) from error
    files = {
        key: given.model_copy(update={"file": (path.parent / given.file).resolve()})
        for key, given in config.data.items()
    }
    return config.model_copy(update={"data": files})


def with_changes(config: Config, changes: Mapping[str, Any]) -> Config:
    """Return the settings with some of the section `run` replaced, checked again.

    Parameters
    ----------
    config
        Settings.
    changes
        New values by name, as the command line's options give them; None keeps the old value.

    Raises
    ------
    ConfigError
        A value is out of range.
    """
    given = {key: value for key, value in changes.items() if value is not None}
    try:
        run = RunSettings.model_validate({**config.run.model_dump(), **given})
    except ValidationError as error:
        raise ConfigError([_fault(Path("command line"), detail) for detail in error.errors()]) from error
    return config.model_copy(update={"run": run})


def _fault(path: Path, detail: Any) -> Fault:
    """Return pydantic's finding as a fault of ours."""
    key = ".".join(str(part) for part in detail["loc"])
    sections = (field.default for field in Config.model_fields.values())
    known = [name for one in sections if isinstance(one, Section) for name in type(one).model_fields]
    return model_fault(
        str(path), detail, key, known=known, remedy="See docs/parameters.md for every setting."
    )
