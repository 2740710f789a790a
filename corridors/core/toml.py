"""TOML files that people write: reading, and the findings of a pydantic model as faults."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from corridors.core.errors import ConfigError, Fault
from corridors.core.names import did_you_mean
from corridors.core.unreadable import readable

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


MAX_BYTES = 1 << 20
"""Maximum size of a file that a person writes."""
MAX_DEPTH = 100
"""Maximum number of points in one key; the parser's memory grows with its square."""
_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")  # of a model, of a dataclass


def read_toml(path: Path, *, remedy: str) -> dict[str, Any]:
    """Return the content of a TOML file.

    Parameters
    ----------
    remedy
        Remedy where there is no such file.

    Raises
    ------
    ConfigError
        The file is absent, cannot be read, or is not TOML in UTF-8 or UTF-16.
    """
    with readable(path, ConfigError):
        return _read(path, remedy)


def _read(path: Path, remedy: str) -> dict[str, Any]:
    """Return the content of a TOML file."""
    try:
        with path.open("rb") as file:  # a pipe of the shell's has no size beforehand, and perhaps no end
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            found = f"{path.stat().st_size:,} bytes" if path.is_file() else "a longer one"
            remedy = "Give a file of settings, not of data."
            raise ConfigError(
                [Fault(str(path), f"a TOML file of at most {MAX_BYTES:,} bytes", found, remedy)]
            )
        # Editors on Windows write a byte-order mark, and its shells UTF-16. Line ends are made plain as in any text.
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
        _refuse_deep(path, text)
        return tomllib.loads(text.replace("\r\n", "\n"))
    except OSError as error:
        if path.exists():
            found = "a folder" if path.is_dir() else str(error.strerror)
            raise ConfigError([Fault(str(path), "a TOML file", found, remedy)]) from error
        raise ConfigError([Fault(str(path), "a TOML file", "none", remedy)]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            [Fault(str(path), "TOML in UTF-8", str(error), "Correct the line named.")]
        ) from error


def _refuse_deep(path: Path, text: str) -> None:
    """Raise when a key has too many parts."""
    for row, line in enumerate(text.splitlines(), start=1):
        keys = [line] if line.lstrip().startswith("[") else re.split("[={,]", line)[:-1]
        if any(key.count(".") > MAX_DEPTH for key in keys):
            expected, found = f"keys of at most {MAX_DEPTH} parts", "a longer one"
            raise ConfigError([Fault(str(path), expected, found, "Correct the line.", row)])


def model_fault(file: str, detail: Any, key: str, *, known: Collection[str], remedy: str) -> Fault:
    """Return a finding of pydantic as a fault.

    Parameters
    ----------
    file
        The file, as the user named it.
    detail
        One of `ValidationError.errors()`.
    key
        Place of the value in the file.
    known
        Known keys, of which the nearest to an unknown one is suggested.
    remedy
        Remedy.
    """
    if detail["type"] == "missing":
        return Fault(file, f"a key {detail['loc'][-1]}", "none", f"Add it. {remedy}", column=key)
    if detail["type"] == "union_tag_invalid":
        choices, tag = detail["ctx"]["expected_tags"], detail["ctx"]["tag"]
        meant = did_you_mean(tag, choices.replace("'", "").split(", "))
        column = f"{key}.{detail['ctx']['discriminator']}".replace("'", "")
        return Fault(file, f"one of {choices}", repr(tag), meant + remedy, column=column)
    if detail["type"] not in _UNKNOWN_KEY:
        message = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "literal_error" and isinstance(detail["input"], str):
            choices = [one.strip("'") for one in re.split(", | or ", detail["ctx"]["expected"])]
            remedy = did_you_mean(detail["input"], choices) + remedy
        return Fault(file, message[0].lower() + message[1:], repr(detail["input"]), remedy, column=key)
    meant = did_you_mean(str(detail["loc"][-1]), known)
    return Fault(file, "a known key", f"unknown key {key!r}", meant + remedy, column=key)
