"""What tests of the command line share with those of the jobs it runs."""

import pytest

from tests.jobs.conftest import finished, shipped

__all__ = ["finished", "shipped"]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors in English, whatever the language of the terminal."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
