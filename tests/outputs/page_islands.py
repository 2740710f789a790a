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
    return {
        name: json.loads(gzip.decompress(base64.b64decode(text)) if kind == "gzip" else text)
        for kind, name, text in ISLAND.findall(page)
    }
