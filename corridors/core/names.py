"""The known name that a mistyped one most resembles."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FEWEST_LETTERS = 3
"""Letters of a word from which it stands for a longer name with it: shorter ones are in too many."""


def did_you_mean(found: str, known: Iterable[str], names: Mapping[str, str] | None = None) -> str:
    """Return "Did you mean 'name'? " for the known name nearest to a mistyped one, "" where none is near.

    Parameters
    ----------
    found
        What was typed. Case, accents, spaces, hyphens and underscores do not matter; a whole word of a name stands for it.
    known
        Known names.
    names
        What may be typed besides, such as a port's name, to the known name to suggest for it.

    Examples
    --------
    >>> did_you_mean("Tuscon", ["Tucson", "Yuma"]), did_you_mean("san ysidro", (), {"San Ysidro": "CA-SYS"})
    ("Did you mean 'Tucson'? ", "Did you mean 'CA-SYS'? ")
    >>> did_you_mean("ATF", ["nics", "atf_list"]), did_you_mean("zzz", ["Tucson"])
    ("Did you mean 'atf_list'? ", '')
    """
    folded: dict[str, str] = {}
    for name, suggested in {**{one: one for one in known}, **(names or {})}.items():
        folded.setdefault(_folded(name), suggested)
    word = _folded(found)
    near = get_close_matches(word, folded, n=1) or [one for one in folded if _has_words(one, word)][:1]
    return f"Did you mean {folded[near[0]]!r}? " if near else ""


def _has_words(name: str, words: str) -> bool:
    """Return whether a folded name has these words, each of three letters or more."""
    typed = words.split("_")
    return min(map(len, typed)) >= FEWEST_LETTERS and set(typed) <= set(name.split("_"))


def _folded(name: str) -> str:
    """Return a name in lower case without accents, its separators all alike."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return (
        "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("-", "_").replace(" ", "_")
    )
