"""Settings of every test; fixtures are those of the rooms."""

from __future__ import annotations

import os

from hypothesis import settings

# CI tries the same examples every time; a person's machine looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
