"""Faults of a command line that no option sees: dashes of another kind, one hyphen for two, an option without a value."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = "command line"
_DASHED = re.compile(
    r"(?P<dashes>[-\u2010-\u2015\u2212]+)(?P<name>[a-z][a-z-]+)(?P<value>=.*)?", re.IGNORECASE
)
_LETTERS = frozenset("qv")
"""Options of one letter, which may stand together."""
_ADDRESS = re.compile(r"(\w+://)?\S+:\d+")


def check_typed(words: Sequence[str]) -> None:
    """Check a command line before any of it is read.

    Parameters
    ----------
    words
        The command line without the program's name.

    Raises
    ------
    InputError
        With every such fault, each with what to type.
    """
    faults = []
    for word, following in pairwise([*words, " "]):
        found = _DASHED.fullmatch(word)
        if (
            found
            and found["dashes"] != "--"
            and not (found["dashes"] == "-" and set(found["name"]) <= _LETTERS)
        ):
            option = f"--{found['name'].lower()}{found['value'] or ''}"
            faults.append(
                Fault(PLACE, "an option that begins with two hyphens", repr(word), f"Type {option}.")
            )
        if found and found["dashes"] == "--" and (following == "" or found["value"] == "="):
            faults.append(
                Fault(f"--{found['name']}", "a value", "nothing", "Give one, or leave the option out.")
            )
        address = following if word == "--scheduler" else (found["value"] or "=")[1:] if found else ""
        is_scheduler = found is not None and found["name"] == "scheduler"
        if is_scheduler and address.strip() not in {"", "local"} and not _ADDRESS.fullmatch(address):
            expected = 'an address such as "tcp://host:8786", or "local"'
            faults.append(
                Fault("--scheduler", expected, repr(address), "Correct it, or leave the option out.")
            )
    if faults:
        raise InputError(faults)
