"""Decode text as agencies write it: byte-order marks, UTF-8, Windows Latin, and text encoded twice."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How the bytes 0x80 to 0xBF look when read as Windows Latin: its own signs, or the control character of that number.
_TAIL = {
    **{chr(byte): byte for byte in range(0x80, 0xC0)},
    **{
        bytes([byte]).decode("cp1252"): byte
        for byte in range(0x80, 0xC0)
        if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    },
}
_TAILS = re.escape("".join(_TAIL))
# "Ã±" for "ñ", "Â°" for "°", "â€™" for an apostrophe: no Spanish or English word holds these pairs.
_TWICE = re.compile(f"[ÂÃ][{_TAILS}]|â[€\x80][{_TAILS}]")
_LEAD = {"Â": 0xC2, "Ã": 0xC3, "â": 0xE2}
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text.

    Parameters
    ----------
    text
        Decoded, line ends as in the file.
    encoding
        Detected encoding: utf-8-sig, utf-8, utf-16, cp1252 or latin-1.
    cut
        Whether the bytes end within a character.
    """

    text: str
    encoding: str
    cut: bool = False


def decoded(content: bytes) -> DecodedText:
    """Return the text of a file: UTF-8 where every byte is valid, else Windows Latin.

    Text encoded twice is repaired cell by cell: see `repaired`.
    """
    if content.startswith(_UTF16):
        try:
            return DecodedText(content.decode("utf-16"), "utf-16")
        except UnicodeDecodeError as error:
            return DecodedText(content[: error.start].decode("utf-16"), "utf-16", cut=True)
    marked = content.startswith(codecs.BOM_UTF8)
    body = content[len(codecs.BOM_UTF8) :] if marked else content
    name = "utf-8-sig" if marked else "utf-8"
    try:
        return DecodedText(body.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return DecodedText(body[: error.start].decode("utf-8"), name, cut=True)
    try:
        return DecodedText(body.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return DecodedText(body.decode("latin-1"), "latin-1")


def repaired(cell: str) -> str:
    """Return text with repeated encoding undone; other text is unchanged.

    Examples
    --------
    >>> repaired("DoÃ±a Ana"), repaired("Doña Ana")
    ('Doña Ana', 'Doña Ana')
    """
    decoded_once = _TWICE.sub(_once, cell)
    return decoded_once if decoded_once == cell else repaired(decoded_once)


def folded(name: str) -> str:
    """Return a name without accents, in lower case."""
    characters = unicodedata.normalize("NFKD", name)
    return "".join(one for one in characters if not unicodedata.combining(one)).lower()


def folded_column(name: str) -> str:
    """Return a column's name in lower case, without accents, its words joined by "_".

    Examples
    --------
    >>> folded_column("Clave_Ent"), folded_column(" Premise  Zip Code"), folded_column("AÃ±o")
    ('clave_ent', 'premise_zip_code', 'ano')
    """
    return _NOT_WORD.sub("_", folded(unicodedata.normalize("NFC", repaired(name)))).strip("_")


def folded_name(name: str) -> str:
    """Return a name of a place or venue for comparison: folded, words of letters and digits, single spaces."""
    return folded_column(name).replace("_", " ")


def _once(found: re.Match[str]) -> str:
    """Return the character that two or three misread ones stand for."""
    seen = found[0]
    try:
        return bytes([_LEAD[seen[0]], *(_TAIL[tail] for tail in seen[1:])]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
