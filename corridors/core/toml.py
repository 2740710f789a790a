"""TOML that people write: read whole, checked by a pydantic model, every fault in our own words."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from corridors.core.errors import ConfigError, Fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def read_toml(path: Path, *, remedy: str) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    remedy
        What to do where there is no such file.

    Raises
    ------
    ConfigError
        There is none, or it is not TOML in UTF-8.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError([Fault(str(path), "a TOML file", "none", remedy)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            [Fault(str(path), "TOML in UTF-8", str(error), "Correct the line named.")]
        ) from error


def model_fault(file: str, detail: Any, key: str, *, known: Collection[str], remedy: str) -> Fault:
    """Return pydantic's finding as a fault of ours.

    Parameters
    ----------
    file
        The file, as the user named it.
    detail
        One of `ValidationError.errors()`.
    key
        Where in the file.
    known
        Names of keys that may have been meant.
    remedy
        What to do.
    """
    if detail["type"] != "extra_forbidden":
        told = detail["msg"].removeprefix("Value error, ")
        return Fault(file, told[0].lower() + told[1:], repr(detail["input"]), remedy, column=key)
    near = get_close_matches(str(detail["loc"][-1]), known, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    return Fault(file, "a known key", f"unknown key {key!r}", meant + remedy, column=key)
