"""The shipped data, read once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corridors.sources.tables import read_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import Source


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the shipped data."""
    return Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def catalogue(data: Path) -> Mapping[str, Source]:
    """Return the shipped catalogue."""
    return read_catalog(data / "catalog.csv")
