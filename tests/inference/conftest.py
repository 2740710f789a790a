"""The toy world of arrays, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.inference import toy

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence, HeldOut


@pytest.fixture(scope="session")
def toy_arcs() -> Arcs:
    """The roads of the toy world."""
    return toy.toy_arcs()


@pytest.fixture(scope="session")
def toy_evidence() -> Evidence:
    """What was observed in the toy world."""
    return toy.toy_evidence()


@pytest.fixture(scope="session")
def held() -> HeldOut:
    """What nothing in a fit sees."""
    return toy.toy_held_out()
