"""Signs that no text of ours may hold: control characters, halves of a pair, and those that XML forbids."""

from __future__ import annotations

import re

UNSAFE = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
"""Inside of a character class: C0 but tab and line ends, DEL and C1, surrogates, and the two signs that are none."""
_UNSAFE = re.compile(f"[{UNSAFE}]")


def has_unsafe(text: str) -> bool:
    r"""Return whether a text has a sign that a terminal would obey or a file of XML could not hold.

    Examples
    --------
    >>> has_unsafe("Doña Ana\n"), has_unsafe("a\x1b[2J")
    (False, True)
    """
    return _UNSAFE.search(text) is not None


def printable(text: str) -> str:
    r"""Return a text with its unsafe signs written out, so that a terminal shows them in place of obeying.

    Examples
    --------
    >>> printable("a\x1b]0;title\x07b")
    'a\\x1b]0;title\\x07b'
    """
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    r"""Return a text as `printable` does, its line ends written out too: none of its words can pass for a line of ours.

    Examples
    --------
    >>> one_line("a\nb")
    'a\\nb'
    """
    return printable(text).replace("\r", r"\r").replace("\n", r"\n")
