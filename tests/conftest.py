"""What tests of several rooms share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from corridors.config import Config
from corridors.jobs.briefs import briefs
from corridors.jobs.calendar import calendar
from corridors.jobs.figures import figures
from corridors.jobs.inputs import load_inputs
from corridors.network.build import join_roads
from corridors.network.cut_edges import cut_edges
from corridors.network.evidence import build_evidence
from tests.jobs import finished_world
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs


# CI tries the same examples every time; a person's machine looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def toy_network() -> Network:
    """The toy world's network, cut beside its municipal seats."""
    tables = toy.tables()
    seats = tables["municipalities"]
    nodes, edges = cut_edges(
        tables["road_nodes"], tables["road_edges"], seats["lon"].to_numpy(), seats["lat"].to_numpy()
    )
    return join_roads(nodes, edges, tables["ports_of_entry"])


@pytest.fixture(scope="session")
def toy_evidence(toy_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What was observed in the toy world."""
    folder: Path = tmp_path_factory.mktemp("population")
    return build_evidence(toy.tables(), toy.population(folder), toy_network)


@pytest.fixture(scope="session")
def shipped() -> Inputs:
    """The shipped tables."""
    return load_inputs(Config())


@pytest.fixture(scope="session")
def finished(shipped: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the shipped tables, its shares drawn at random."""
    return finished_world.finished_run(tmp_path_factory.mktemp("run") / "southwest", shipped)


@pytest.fixture(scope="session")
def other_lens(shipped: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another run, under the other lens."""
    folder = tmp_path_factory.mktemp("other") / "one_year"
    return finished_world.finished_run(folder, shipped, lens="one_year", seed=2)


@pytest.fixture(scope="session")
def outreach(finished: Path, other_lens: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that consulates are given, made once: folders `briefs`, `calendar` and `narrative`, and the calendar read."""
    work = tmp_path_factory.mktemp("outreach")
    shows, today = work / "shows.csv", finished_world.TODAY
    shows.write_text(finished_world.SHOWS, encoding="utf-8")
    made = briefs(Config(), finished, other=other_lens, shows=shows, today=today)
    made.write(work / "briefs", pdf=False)
    calendar(Config(), finished, today=today, days=60, shows=shows).write(work / "calendar")
    figures(Config()).write(work / "narrative")
    return work
