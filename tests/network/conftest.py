"""The toy world of this room, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.network import build_evidence, build_network
from tests.network import toy

if TYPE_CHECKING:
    from corridors.core.types import Evidence, Network


@pytest.fixture(scope="session")
def toy_network() -> Network:
    """The toy world's network, cut beside its municipal seats."""
    return build_network(toy.tables())


@pytest.fixture(scope="session")
def toy_evidence(toy_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What was observed in the toy world."""
    return build_evidence(toy.tables(), toy.population(tmp_path_factory.mktemp("population")), toy_network)
