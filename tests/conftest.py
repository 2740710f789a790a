"""What tests of several rooms share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from corridors.network.attach import attach
from corridors.network.build import build
from corridors.network.split import split_at
from tests import world

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.base.types import Evidence, Network


# CI tries the same examples every time; a person's machine looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def toy_network() -> Network:
    """The toy world's network, cut beside its municipal seats."""
    tables = world.tables()
    seats = tables["municipalities"]
    nodes, edges = split_at(
        tables["road_nodes"], tables["road_edges"], seats["lon"].to_numpy(), seats["lat"].to_numpy()
    )
    return build(nodes, edges, tables["ports_of_entry"])


@pytest.fixture(scope="session")
def toy_evidence(toy_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What was observed in the toy world."""
    folder: Path = tmp_path_factory.mktemp("population")
    return attach(world.tables(), world.population(folder), toy_network)
