"""Read scenario files (TOML), with every fault of every file at once. The places they name are resolved later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from corridors.core import scenario
from corridors.core.errors import ConfigError, Fault, InputError
from corridors.core.scenario import Scenario
from corridors.core.toml import model_fault, read_toml
from corridors.core.unreadable import readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REMEDY = "See docs/scenarios.md for every key."
_TAGGED = 2
"""Where pydantic names the kind of an edit, in the location of its keys: ("edit", 0, "port", "closed")."""


def load_scenarios(paths: Sequence[Path]) -> list[Scenario]:
    """Return the scenarios of files, in their order. The id of a file without one is the file's name.

    Raises
    ------
    InputError
        With every fault of every file: no TOML, an unknown key, a value out of range, or an id used twice.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            with readable(path, ConfigError):
                one = _scenario(path)
        except ConfigError as error:
            faults += error.faults
        else:
            if any(one.id == other.id for other in found):
                remedy = "Give each scenario an id of its own."
                faults.append(Fault(str(path), "an id no other file has", repr(one.id), remedy, column="id"))
            found.append(one)
    if faults:
        raise InputError(faults)
    return found


def _scenario(path: Path) -> Scenario:
    """Return the scenario of a file."""
    raw = read_toml(path, remedy="Check the path of the scenario.")
    try:
        found = Scenario.model_validate({"id": path.stem.lower(), **raw})
    except ValidationError as error:
        raise ConfigError([_fault(path, detail) for detail in error.errors()]) from error
    if not found.edit:
        remedy = f"Add what is to change as a section [[edit]]. {REMEDY}"
        raise ConfigError([Fault(str(path), "at least one edit", "none", remedy, column="edit")])
    return found


def _fault(path: Path, detail: Any) -> Fault:
    """Return a finding of pydantic as a fault; edits are counted from 1."""
    keys = list(detail["loc"])
    if keys[0] == "edit" and len(keys) > 1:
        keys[: _TAGGED + 1] = [f"edit[{keys[1] + 1}]"]
    models = (one for one in vars(scenario).values() if isinstance(one, type) and issubclass(one, BaseModel))
    known = {field.alias or name for one in models for name, field in one.model_fields.items()}
    return model_fault(str(path), detail, ".".join(map(str, keys)), known=sorted(known), remedy=REMEDY)
