"""The known name that a mistyped one most resembles."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def did_you_mean(found: str, known: Iterable[str], names: Mapping[str, str] | None = None) -> str:
    """Return "Did you mean 'name'? " for the known name nearest to a mistyped one, "" where none is near.

    Parameters
    ----------
    found
        What was typed. Case, accents, spaces, hyphens and underscores do not matter.
    known
        Known names.
    names
        What may be typed besides, such as a port's name, to the known name to suggest for it.

    Examples
    --------
    >>> did_you_mean("Tuscon", ["Tucson", "Yuma"]), did_you_mean("san ysidro", (), {"San Ysidro": "CA-SYS"})
    ("Did you mean 'Tucson'? ", "Did you mean 'CA-SYS'? ")
    >>> did_you_mean("zzz", ["Tucson"])
    ''
    """
    folded: dict[str, str] = {}
    for name, suggested in {**{one: one for one in known}, **(names or {})}.items():
        folded.setdefault(_folded(name), suggested)
    near = get_close_matches(_folded(found), folded, n=1)
    return f"Did you mean {folded[near[0]]!r}? " if near else ""


def _folded(name: str) -> str:
    """Return a name in lower case without accents, its separators all alike."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return (
        "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("-", "_").replace(" ", "_")
    )
