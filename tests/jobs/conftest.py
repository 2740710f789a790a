"""What tests of jobs share: the toy world, the shipped tables, and finished runs of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.config import Config
from corridors.jobs.briefs import briefs
from corridors.jobs.calendar import calendar
from corridors.jobs.figures import figures
from corridors.jobs.inputs import load_inputs
from corridors.network import build_evidence, build_network
from tests.jobs import finished_world
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs


@pytest.fixture(scope="session")
def toy_network() -> Network:
    """The toy world's network, cut beside its municipal seats."""
    return build_network(toy.tables())


@pytest.fixture(scope="session")
def toy_evidence(toy_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What was observed in the toy world."""
    return build_evidence(toy.tables(), toy.population(tmp_path_factory.mktemp("population")), toy_network)


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
