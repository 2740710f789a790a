"""A browser of this machine that can print a page to PDF: none is a dependency."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

BROWSER = "CORRIDORS_CHROMIUM"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_PLACES = (
    ("PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
    ("PROGRAMFILES", "Microsoft/Edge/Application/msedge.exe"),
    ("PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
)
_MAC = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)


def find_browser() -> str | None:
    """Return the path of a browser that can print: the one of $CORRIDORS_CHROMIUM, else one that is installed."""
    asked = os.environ.get(BROWSER)
    if asked:
        return asked
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    places = [Path(os.environ[base]) / name for base, name in _PLACES if base in os.environ]
    return found or next((str(place) for place in (*places, *map(Path, _MAC)) if place.is_file()), None)
