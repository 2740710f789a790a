"""One TOML file of settings, checked as a whole. Only the pipeline reads it; rooms get plain values."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from corridors.base.errors import ConfigError, Fault

Demand = Literal["combined", "seizures", "case_files", "homicides", "population"]
Lens = Literal["all", "one_year"]
Inspection = Literal["unknown", "equal", "none"]
GunShows = Literal["published", "none"]


class _Section(BaseModel):
    """A frozen section; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunSettings(_Section):
    """What is run."""

    name: str = Field(
        "southwest", pattern=r"^[A-Za-z0-9_-]+$", description="Name of the run and of its folder."
    )
    mode: Literal["posterior", "point"] = Field(
        "posterior",
        description="Draws of the posterior, or a quick look at the most probable parameters (point).",
    )
    worlds: int = Field(300, ge=2, le=100_000, description="Cost worlds; 100 or more for a published map.")
    draws: int = Field(
        2400, ge=1, description="Draws of the parameters, at least so many, spread evenly over the worlds."
    )
    seed: int = Field(1, ge=0, description="Seed of all randomness.")
    jobs: int = Field(2, ge=1, description="Threads. The result does not depend on it.")
    lens: Lens = Field("all", description="Which traces the fit uses: all, or bought within one_year.")
    demand: Demand = Field(
        "combined",
        description=(
            "What municipal demand is measured by. Always recovery-weighted: no table of the states' access to "
            "eTrace is published to rescale by."
        ),
    )
    inspection: Inspection = Field(
        "unknown",
        description=(
            "How much seizures by region of ports say of the flow: effort `unknown` (sd 1 of its logarithm), `equal` "
            "(sd .2), or `none`, not used."
        ),
    )
    gun_shows: GunShows = Field(
        "published",
        description="Gun shows at their `published` part of supply (3.5 %), or `none`: licences alone.",
    )
    floor: float = Field(0.005, ge=0, lt=1, description="Smallest share the map draws as a corridor.")


class CostSettings(_Section):
    """Prior of the cost worlds (methods.md 4.2). Never fitted: no published figure speaks about them."""

    toll_usd_per_km: float = Field(0.13, ge=0, description="Car toll on toll roads, US dollars a km.")
    value_of_time_usd: float = Field(30.0, gt=0, description="Median value of an hour, US dollars.")
    value_of_time_sd: float = Field(0.4, ge=0, le=2, description="Sd of its logarithm over worlds.")
    grade_factor: float = Field(3.0, ge=0, description="Median time that steepness adds, a unit of grade.")
    grade_sd: float = Field(0.5, ge=0, le=2, description="Sd of its logarithm over worlds.")
    class_sd: float = Field(0.1, ge=0, le=2, description="Sd of log cost by road class.")
    cell_sd: float = Field(0.3, ge=0, le=2, description="Sd of log cost by 50 km cell of a road class.")


class WeightSettings(_Section):
    """How much each block of published figures is trusted (methods.md 4.4)."""

    trace_overdispersion: float = Field(20.0, ge=1, description="Traced guns that count as one observation.")
    city_overdispersion: float = Field(40.0, ge=1, description="The same for purchase cities.")
    municipal_dispersion: float = Field(
        2.5,
        gt=0,
        description="Shape of the negative binomial of municipal seizures; 2.5 is a sd of .7 of their logarithm.",
    )


class DataFile(_Section):
    """A file of yours, as an agency publishes it or in this project's own columns."""

    file: Path = Field(description="Path, from the TOML's folder.")
    format: str = Field(
        "", description="Id of a format (`corridors formats`); empty for the table's own columns."
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description="Column map: the name wanted to the name your file has."
    )


class Config(_Section):
    """Every setting."""

    run: RunSettings = RunSettings()
    costs: CostSettings = CostSettings()
    weights: WeightSettings = WeightSettings()
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


def read_config(path: Path | None) -> Config:
    """Return the settings of a TOML file, or the defaults when there is none.

    Raises
    ------
    ConfigError
        The file is absent, is not TOML, has an unknown key or a value out of range; every fault is listed.
    """
    if path is None:
        return Config()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            [Fault(str(path), "a TOML file", "none", "Check the path given to --config.")]
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            [Fault(str(path), "TOML in UTF-8", str(error), "Correct the line named.")]
        ) from error
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError([_fault(path, detail) for detail in error.errors()]) from error
    files = {
        key: given.model_copy(update={"file": (path.parent / given.file).resolve()})
        for key, given in config.data.items()
    }
    return config.model_copy(update={"data": files})


def with_changes(config: Config, changes: dict[str, Any]) -> Config:
    """Return the settings with some of `run` replaced (command-line options), checked again.

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
    unknown = detail["type"] == "extra_forbidden"
    expected = "a known setting" if unknown else detail["msg"][0].lower() + detail["msg"][1:]
    found = f"unknown key {key!r}" if unknown else repr(detail["input"])
    return Fault(str(path), expected, found, "See docs/parameters.md for every setting.", column=key)


def parameters_page() -> str:
    """Return docs/parameters.md: every setting with its default and meaning."""
    lines = [
        "# Settings",
        "",
        "Of `corridors.toml`; generated by `scripts/build_docs.py`, checked by a test.",
        "",
    ]
    for section, field in Config.model_fields.items():
        model = field.default
        if not isinstance(model, _Section):
            lines += [f"## [{section}]", "", field.description or "", ""]
            continue
        lines += [f"## [{section}]", "", (type(model).__doc__ or "").strip(), ""]
        lines += ["| key | default | meaning |", "|---|---|---|"]
        lines += [
            f"| `{key}` | `{getattr(model, key)!r}` | {inner.description} |"
            for key, inner in type(model).model_fields.items()
        ]
        lines.append("")
    return "\n".join(lines)
