"""The publishers' own files, where a machine has them (`CORRIDORS_RAW`); the project ships and needs none.

What they show is also shown without them: every format by a generated file, the shipped tables by their hashes and
schemas, the engine by networks written down. So a test that reads them may be skipped, and no other may.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

RAW = Path(os.environ.get("CORRIDORS_RAW", Path(__file__).resolve().parents[2] / "shared" / "raw"))
needs_raw = pytest.mark.skipif(
    not RAW.is_dir(), reason="reads publishers' files, which are no part of the project"
)
