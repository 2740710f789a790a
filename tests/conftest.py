"""Settings of every test, and the one browser of a process; other fixtures are those of the rooms."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from tests.browser import reader

__all__ = ["reader"]

# How long an example takes says how busy the machine is; speed is measured in benchmarks/.
settings.register_profile("machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI tries the same examples every time; a person's machine looks for new ones.
settings.register_profile("ci", settings.get_profile("machine"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "machine")
