"""What commands say in Spanish, found by the English sentence it is said with. One without a Spanish text stays English.

Errors, reports and steps of a job are worded in English, one sentence with its values filled in. The files in `words` hold
the Spanish of each such sentence, the values as placeholders in braces: a message is matched against the English ones, most
literal letters first, and its values are put into the Spanish one. A fault is translated whole or not at all.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Any

from corridors.core.errors import CorridorsError, InputError, ReportWords, report
from corridors.core.signs import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.errors import Fault

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_SENTENCE = re.compile(r"(?<=[.?])\s+")
NESTED, ONE_OF, EACH_OF = "text", "in_", "each_"
"""How the names of placeholders begin that hold a message, which is translated in its turn: one of the same section, one of
the section named after it, several of that section with semicolons between them. Other values stay as they are."""
CHOICES = "choices"
"""Placeholder of values of which one is to be chosen, quoted, with "or" before the last."""
WORD_FILES = ("messages", "reports", "console", "listed")
_MORE = re.compile(r"(?P<items>.+) and (?P<count>[\d,]+) more", re.DOTALL)


def error_text(error: CorridorsError, language: str) -> str:
    """Return an error as its command prints it, in "es" or "en"; in English what has no Spanish text.

    Parameters
    ----------
    error
        As raised.
    language
        "es" or "en".
    """
    if language == "en":
        return str(error)
    if isinstance(error, InputError):
        frame = _messages()["frame"]
        words = ReportWords(frame["head"], frame["more"], frame["rows"])
        return report(error.faults, lambda fault: fault_in_spanish(fault) or str(fault), words)
    return _spanish(str(error), "message") or str(error)


def usage_text(message: str, command: str, language: str) -> str:
    """Return the error of a command that was typed wrong, "" where the command line's own words are to stand.

    Parameters
    ----------
    message
        The command line's English words.
    command
        Command, as typed, that shows its help with `--help`.
    language
        "es" or "en".
    """
    words = _spanish(message, "usage") if language == "es" else ""
    return words and _messages()["frame"]["usage"].format(message=words, command=command)


def fault_in_spanish(fault: Fault) -> str:
    """Return a fault on one line, "" where any of its sentences has no Spanish text."""
    expected, found = (_part(getattr(fault, name), name) for name in ("expected", "found"))
    remedy = _sentences(fault.remedy.strip())
    if not (expected and found and remedy):
        return ""
    frame = _messages()["frame"]
    place = _spanish(fault.file, "place") or fault.file
    if fault.row is not None:
        place += frame["row"].format(row=fault.row)
    if fault.column is not None:
        place += frame["column"].format(column=repr(fault.column))
    return one_line(frame["fault"].format(place=place, expected=expected, found=found, remedy=remedy))


def sentence(text: str, section: str, language: str) -> str:
    """Return a sentence of a report, of progress or of help in "es" or "en"; in English what has no Spanish text.

    Parameters
    ----------
    text
        As worded in English.
    section
        Section of the word files.
    language
        "es" or "en".
    """
    return (_spanish(text, section) if language == "es" else "") or text


def said(key: str, language: str, **values: Any) -> str:
    """Return a sentence that the command line itself says, its values filled in.

    Parameters
    ----------
    key
        Key of the sentence in the word file.
    language
        "es" or "en".
    **values
        By placeholder.
    """
    return str(_messages()[language]["frame"][key]).format(**values)


def layout_word(key: str, **values: str) -> str:
    """Return a word of the frame of a command's help in Spanish, its values filled in."""
    return str(_messages()["layout"][key]).format(**values)


def command_synonyms() -> Mapping[str, str]:
    """Return the command that each of its other names, Spanish ones among them, stands for."""
    return {other: name for name, others in _messages()["command"].items() for other in others.split()}


def _spanish(message: str, section: str) -> str:
    """Return the Spanish of a message of a section of the word file, "" where it has none."""
    for pattern, spanish in _patterns(section):
        match = pattern.fullmatch(message)
        if match is None:
            continue
        values = {name: _value(name, text, section) for name, text in match.groupdict().items()}
        if all(values[name] or not match[name] for name in values):
            return spanish.format(**values)
    return ""


def _value(name: str, text: str, section: str) -> str:
    """Return the text of a placeholder as it stands in Spanish, "" where it is a message that has no Spanish text."""
    if name.startswith(NESTED):
        return _part(text, section)
    if name.startswith(ONE_OF):
        return _part(text, name.removeprefix(ONE_OF))
    if name == CHOICES:
        return re.sub(r"' or (?=')", "' o ", text)
    if name.startswith(EACH_OF):
        each = [_part(one, name.removeprefix(EACH_OF)) for one in text.split("; ")]
        return "; ".join(each) if all(each) else ""
    cut = _MORE.fullmatch(text)
    return _messages()["frame"]["more_items"].format(**cut.groupdict()) if cut else text


def _sentences(remedy: str) -> str:
    """Return the Spanish of a remedy, known as a whole or sentence by sentence, "" where one has none."""
    whole = _spanish(remedy, "remedy")
    each = [_part(one, "remedy") for one in _SENTENCE.split(remedy)]
    return whole or (" ".join(each) if all(each) else "")


def _part(text: str, section: str) -> str:
    """Return the Spanish of a part of a fault; values, without a word outside of quotes, are as they are."""
    return text if _is_value(text) else _spanish(text, section)


def _is_value(text: str) -> bool:
    """Return whether a text has no letter outside of quotes.

    Examples
    --------
    >>> _is_value("'many'"), _is_value("-4.0"), _is_value("3 cells")
    (True, True, False)
    """
    return not re.search(r"[^\W\d_]", _QUOTED.sub("", text))


@cache
def _messages() -> Mapping[str, Any]:
    """Return the sections of the word files, each of which is in one of them."""
    folder = files("corridors.cli").joinpath("words")
    found: dict[str, Any] = {}
    for name in WORD_FILES:
        found |= tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8"))
    return found


@cache
def _patterns(section: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the English sentences of a section as patterns, each with its Spanish; the most literal ones first."""
    known = _messages()[section]
    ordered = sorted(known, key=lambda english: -_literal(english))
    return tuple((_pattern(english), known[english]) for english in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    """Return a sentence as a pattern: each placeholder is any text, of which a repeated one is the same."""
    parts, seen = [], set()
    for literal, name, _, _ in Formatter().parse(english):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _literal(english: str) -> int:
    """Return the number of letters of a sentence outside of its placeholders."""
    return sum(len(literal) for literal, *_ in Formatter().parse(english))
