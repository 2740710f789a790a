"""Settings of every test, and the one browser of a process; other fixtures are those of the rooms."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from corridors.jobs.inputs import default_data
from corridors.sources.schemas.tables import SCHEMAS
from corridors.sources.tables import load
from tests.browser import reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["reader"]

# How long an example takes says how busy the machine is; speed is measured in benchmarks/.
settings.register_profile("machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI tries the same examples every time; a person's machine looks for new ones.
settings.register_profile("ci", settings.get_profile("machine"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "machine")

OF_ONE_RUN = frozenset(
    {
        *("tests/jobs/test_briefs.py", "tests/jobs/test_calendar.py", "tests/jobs/test_figures.py"),
        *("tests/jobs/test_folders.py", "tests/jobs/test_outreach_pages.py", "tests/jobs/test_pictures.py"),
    }
)
"""Files whose tests are of one set of briefs of 27 offices, which takes half a minute to make."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what gives a file to one worker, so that what it sets up is set up once; files of one run are as one file."""
    if config.getvalue("dist") != "loadfile":
        return None
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = _file
    return scheduler


def _file(test: str) -> str:
    file = test.split("::", 1)[0]
    return min(OF_ONE_RUN) if file in OF_ONE_RUN else file


@pytest.fixture(scope="session", autouse=True)
def shipped_once() -> Iterator[None]:
    """Check each shipped table once a process, not again for each of hundreds of tests, and see that no test changes it.

    One that refers to another table than before is checked anew.
    """
    data, with_origin = default_data(), load._with_origin
    kept: dict[tuple[object, ...], tuple[pd.DataFrame, list[pd.DataFrame], int]] = {}

    def once(table_id: str, file: Path, source: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        if file.parent != data:
            return with_origin(table_id, file, source, tables)
        others = [tables[name] for name in load._referred(SCHEMAS[table_id]) if name in tables]
        key = (table_id, file.name, source, file.stat().st_mtime_ns, *map(id, others))
        if key not in kept:
            table = with_origin(table_id, file, source, tables)
            kept[key] = table, others, _digest(table)
        return kept[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "_with_origin", once)
        yield
    assert [key[0] for key, (table, _, digest) in kept.items() if _digest(table) != digest] == []


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_disk() -> Iterator[None]:
    """Do not wait until what is written would outlive a loss of power, which no test brings about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


def _digest(table: pd.DataFrame) -> int:
    """Return a number that changes with any cell or column of a table, shapes apart, which are of objects that do not change."""
    plain = table.drop(columns="geometry", errors="ignore")
    return hash((tuple(table), tuple(pd.util.hash_pandas_object(pd.DataFrame(plain)).tolist())))
