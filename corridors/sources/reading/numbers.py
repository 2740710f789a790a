"""The one reading of numbers written as text: counts and codes, as spreadsheets and agencies write them.

A count is read by these rules and refused otherwise, never guessed at:

- "1,234", "1 234" (also no-break spaces), "1'234" and "1.234.567" have marks of thousands;
- "3.0", "3.00" and "1,234.00" have decimals that are zero; "1.234,00" is the same with a decimal comma;
- "1.250" is 1250, since a count has no decimals, unless other cells of its column have a decimal point;
- "1.000" is a thousand or one: the other cells of the column decide ("1.250" or "1.234,00" for a thousand, "3.0" or
  "0.000" for one), and where none does it is refused, as "1,000" is where other cells have a decimal comma;
- an empty cell, a dash and "n.d." are missing, not zero;
- a count of a trillion or more is none: no table has one, and the sum of five million such cells would not fit 64 bits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridors.sources.reading.encoding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

THOUSAND_OR_ONE = "a thousand or one"
TOO_MANY = "a trillion or more"
_DIGITS = 12
"""Maximum number of digits of a count."""
_SPACES = re.compile(r"(?<=\d)[\s'\u2019\u00b4](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"\d+")
_GROUPED = {mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}
_ZERO_DECIMALS = {mark: re.compile(rf"(?P<whole>[\d,.]*\d){re.escape(mark)}0*") for mark in ",."}
_BLANK = re.compile(
    r"(?:[-\u2010-\u2015_.*]+|n/?[ad]|s/?d|s/i|null|nan|none|<na>|"
    r"sin (?:datos?|informacion|registros?)|no (?:disponible|especificad[oa]|aplica)|not available)?"
)
_CODE = re.compile(r"(\d+)(?:\.(?:0{0,2}|0{4,}))?")


def blank(cell: str) -> bool:
    """Return whether a cell says that a value is missing.

    Examples
    --------
    >>> [blank(cell) for cell in ("", "-", "n.d.", "S/D", "0", "#N/A")]
    [True, True, True, True, False, False]
    """
    words = " ".join(folded(cell).split())
    return bool(_BLANK.fullmatch(words) or _BLANK.fullmatch(re.sub(r"[. ]", "", words)))


def read_counts(cells: Iterable[str], column: Iterable[str] | None = None) -> Mapping[str, int | str | None]:
    """Return the whole number of each distinct cell, None where it is missing, and why where it cannot be read.

    Parameters
    ----------
    cells
        Text to read.
    column
        Every cell of the column in the file, which decides what its points and commas are; by default `cells`.

    Examples
    --------
    >>> read_counts(["1,234", "3.0", "-", "2.5"])
    {'1,234': 1234, '3.0': 3, '-': None, '2.5': 'not a whole number'}
    >>> read_counts(["1.000"]), read_counts(["1.000", "1.250"])
    ({'1.000': 'a thousand or one'}, {'1.000': 1000, '1.250': 1250})
    >>> read_counts(["1000000000000"])
    {'1000000000000': 'a trillion or more'}
    """
    given = dict.fromkeys(cells)
    every = [_joined(cell) for cell in dict.fromkeys(given if column is None else column)]
    decimal = {mark: any(_is_decimal(cell, mark) for cell in every) for mark in ",."}
    grouped = {mark: any(_is_grouped(cell, mark) for cell in every) for mark in ",."}
    return {cell: None if blank(cell) else _count(_joined(cell), decimal, grouped) for cell in given}


def read_code(cell: str) -> str:
    """Return the digits of a code, without the decimals a spreadsheet added; "" for other text.

    Examples
    --------
    >>> read_code(" 02004.0 "), read_code("2.000"), read_code("2004.5"), read_code("A")
    ('02004', '', '', '')
    """
    found = _CODE.fullmatch(cell.strip())
    return found[1] if found else ""


def _joined(cell: str) -> str:
    """Return a cell without the spaces and apostrophes between its thousands."""
    plain = cell.strip()
    joined = _SPACES.sub("", plain)
    # "12 345" has groups of three; "1 2" or "12345 678" has not, and stays as it is.
    groups = re.split(r"[\s'\u2019\u00b4]", re.split(r"[.,]", plain)[0])
    return joined if joined == plain or len(groups[0]) <= 3 else plain


def _other(mark: str) -> str:
    """Return the point for the comma, and the comma for the point."""
    return "." if mark == "," else ","


def _is_decimal(cell: str, mark: str) -> bool:
    """Return whether a mark can only be the decimal mark of this cell."""
    before, found, after = cell.rpartition(mark)
    if not found or mark in before or not after.isdecimal():
        return False
    if _other(mark) in before:
        return bool(_GROUPED[_other(mark)].fullmatch(before))
    return before.isdecimal() and (len(after) != 3 or len(before) > 3 or before.startswith("0"))


def _is_grouped(cell: str, mark: str) -> bool:
    """Return whether a mark can only be the mark of thousands of this cell, if the cell holds a count."""
    other = _other(mark)
    whole, found, after = cell.partition(other)
    if found and mark in whole:
        return bool(_GROUPED[mark].fullmatch(whole)) and after.isdecimal()
    return bool(_GROUPED[mark].fullmatch(cell)) and (cell.count(mark) > 1 or not cell.endswith("000"))


def _count(cell: str, decimal: Mapping[str, bool], grouped: Mapping[str, bool]) -> int | str:
    """Return the number of a cell, or why it cannot be read."""
    if _PLAIN.fullmatch(cell):
        return _whole(cell)
    for mark in ".,":
        if _GROUPED[mark].fullmatch(cell):
            return _thousands(cell, mark, decimal, grouped)
    for mark in ".,":
        found = _ZERO_DECIMALS[mark].fullmatch(cell)
        whole = found["whole"] if found else ""
        if _PLAIN.fullmatch(whole) or _GROUPED[_other(mark)].fullmatch(whole):
            return _whole(re.sub("[.,]", "", whole))
    return "not a whole number"


def _thousands(cell: str, mark: str, decimal: Mapping[str, bool], grouped: Mapping[str, bool]) -> int | str:
    """Return the number of a cell such as "1.250" or "1,000", or why it cannot be read."""
    number = _whole(cell.replace(mark, ""))
    if cell.count(mark) > 1 or not decimal[mark]:
        # A comma is a mark of thousands in Mexico and the US; a point only where another cell shows it.
        clear = mark == "," or cell.count(mark) > 1 or grouped[mark] or decimal[_other(mark)]
        return number if clear else THOUSAND_OR_ONE
    if grouped[mark] or mark == ",":
        return THOUSAND_OR_ONE
    return _whole(cell.split(mark, maxsplit=1)[0]) if cell.endswith("000") else "not a whole number"


def _whole(digits: str) -> int | str:
    """Return the number of some digits, or that it is larger than any count."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else TOO_MANY
