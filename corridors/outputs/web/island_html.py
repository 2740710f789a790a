"""Data of a page as elements that nothing runs: JSON, or JSON packed with gzip where that is much shorter."""

from __future__ import annotations

import base64
import json
from typing import Any

import pyarrow as pa

JSON_TYPE = "application/json"
PACKED_TYPE = "application/gzip"
WORTH = 0.75
"""An island is packed where that leaves at most this part of its length."""
_SYSTEM = 9
"""Place of the byte of a gzip header (RFC 1952, 2.3) that names the operating system."""
_UNKNOWN_SYSTEM = 255


def json_text(data: Any) -> str:
    """Return data as JSON without a space."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_island(name: str, data: Any, *, packed: bool = False) -> str:
    """Return data as an island that no text in it can leave.

    Parameters
    ----------
    name
        Id of the island.
    data
        Plain JSON values, all numbers finite.
    packed
        Whether it may be packed: the page's script must then unpack it before it reads it.
    """
    code = json_text(data)
    for sign in "<>&\u2028\u2029":
        code = code.replace(sign, f"\\u{ord(sign):04x}")
    if packed:
        short = _packed(code)
        if len(short) <= WORTH * len(code.encode()):
            return f'<script type="{PACKED_TYPE}" id="{name}">{short}</script>'
    return f'<script type="{JSON_TYPE}" id="{name}">{code}</script>'


def _packed(text: str) -> str:
    """Return text packed with gzip, in base 64: with the zlib that Arrow brings, so that every system gives the same bytes."""
    data = bytearray(pa.Codec("gzip", compression_level=9).compress(text.encode(), asbytes=True))
    data[_SYSTEM] = _UNKNOWN_SYSTEM
    return base64.b64encode(data).decode()
