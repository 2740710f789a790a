"""Nodes of road files against their limits, while they are counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, SchemaError
from corridors.core.limits import limits
from corridors.sources.reading.size import REMEDY

if TYPE_CHECKING:
    from pathlib import Path

_NODE = re.compile(rb"<(?:\w+:)?node[\s>]")
_CHUNK = 1 << 20


def check_nodes(file: str, count: int) -> None:
    """Raise where a road file that is held whole in memory has more nodes than the limit.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if count > limits().nodes:
        raise SchemaError([Fault(file, f"at most {limits().nodes:,} nodes", "more", REMEDY)])


def check_way(file: str, way: int, count: int) -> None:
    """Raise where a way has more nodes than the limit.

    Raises
    ------
    SchemaError
        With one fault.
    """
    if count > limits().way_nodes:
        expected = f"ways of at most {limits().way_nodes:,} nodes"
        raise SchemaError([Fault(file, expected, f"way {way} of {count:,}", REMEDY)])


def check_marked_nodes(path: Path) -> None:
    """Raise where an XML file marks more nodes than the limit, before it is parsed.

    Raises
    ------
    SchemaError
        With one fault.
    """
    count, tail = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            count += sum(1 for _ in _NODE.finditer(tail + chunk))
            check_nodes(str(path), count)
            tail = chunk[-8:] if b"<" in chunk[-8:] and b">" not in chunk[-8:] else b""
