"""The data that a page holds, read as its script does."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

ISLAND = re.compile(r'<script type="application/(json|gzip)" id="([^"]+)">(.*?)</script>', re.DOTALL)


def islands_of(page: str) -> dict[str, Any]:
    """Return the data of a page by the id of its island."""
    return {name: json.loads(_unpacked(kind, text)) for kind, name, text in ISLAND.findall(page)}


def whole_text(page: str) -> str:
    """Return all that a page holds as plain text: its packed islands unpacked."""
    return ISLAND.sub(lambda found: _unpacked(found[1], found[3]), page)


def _unpacked(kind: str, text: str) -> str:
    return gzip.decompress(base64.b64decode(text)).decode() if kind == "gzip" else text
