"""The shipped data, read once, and helpers to write files that are wrong in one way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corridors.sources.schemas import Context
from corridors.sources.tables import load_all, read_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.core.types import Source


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the shipped data."""
    return Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def tables(data: Path) -> Mapping[str, pd.DataFrame]:
    """Return every shipped table, checked."""
    return load_all(data)


@pytest.fixture(scope="session")
def catalogue(data: Path) -> Mapping[str, Source]:
    """Return the shipped catalogue."""
    return read_catalog(data / "catalog.csv")


@pytest.fixture(scope="session")
def context(tables: Mapping[str, pd.DataFrame]) -> Context:
    """Return the shipped tables to look values up in."""
    return Context(tables)
