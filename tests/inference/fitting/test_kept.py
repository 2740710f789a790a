"""A run that was interrupted goes on from what it has sampled, and ends with the bytes of one that was not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corridors.inference.fitting import (
    InferencePlan,
    ensemble,
    hmc as sampling,
    infer,
    infer_other,
    prepare_problem,
)
from corridors.inference.fitting.hmc import adapt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, Evidence
    from corridors.inference.fitting import Problem

WORLDS, CHAINS = 4, 4
ALL = CHAINS + WORLDS


class Memory:
    """Keep arrays in memory, and interrupt the run once a number of them is kept."""

    def __init__(self, stop: int = ALL + 1) -> None:
        self.arrays: dict[str, Mapping[str, Any]] = {}
        self.told: list[tuple[str, int, int]] = []
        self.read_names: list[str] = []
        self.stop = stop

    def read(self, name: str) -> Mapping[str, Any] | None:
        return self.arrays.get(name)

    def keep(self, name: str, arrays: Mapping[str, Any]) -> None:
        assert all(isinstance(values, np.ndarray) for values in arrays.values())
        assert name not in self.arrays
        self.arrays[name] = {key: values.copy() for key, values in arrays.items()}
        if len(self.arrays) == self.stop:
            raise KeyboardInterrupt

    def tell(self, what: str, found: int, total: int) -> None:
        self.told.append((what, found, total))


def short(patch: pytest.MonkeyPatch) -> None:
    """Make chains short: whether they agree is not what is tested."""
    patch.setattr(sampling, "TURNS", 1)
    patch.setattr(ensemble, "OTHER_DRAWS", 30)
    patch.setattr(ensemble, "adapt", partial(adapt, tune=20, draws=30))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    short(monkeypatch)


@pytest.fixture(scope="module")
def whole(toy_arcs: Arcs, toy_evidence: Evidence) -> FlowDraws:
    """The draws of a run that nothing interrupts."""
    with pytest.MonkeyPatch.context() as patch:
        short(patch)
        return infer(problem(toy_arcs, toy_evidence))


def problem(arcs: Arcs, evidence: Evidence, jobs: int = 1, **changes: Any) -> Problem:
    plan = {"worlds": WORLDS, "draws": 3, "mode": "posterior", "seed": 2, "jobs": jobs, **changes}
    return prepare_problem(arcs, evidence, InferencePlan(**plan))


def arrays_of(draws: FlowDraws) -> dict[str, bytes]:
    """Return everything a posterior holds, as bytes."""
    named: dict[str, Any] = {name: getattr(draws, name) for name in ("edge_share", "zone_port", "world")}
    named |= {name: getattr(draws, name) for name in ("port_municipality", "state_flow", "origin_mx_state")}
    named |= dict(draws.parameters) | (draws.parts._asdict() if draws.parts else {})
    return {name: values.tobytes() for name, values in named.items()} | {
        "diagnostics": repr(draws.diagnostics).encode()
    }


@pytest.mark.parametrize(("stop", "jobs"), [(1, 1), (CHAINS + 1, 2), (ALL - 1, 1)])
def test_a_second_start_ends_with_the_same_bytes(
    stop: int, jobs: int, toy_arcs: Arcs, toy_evidence: Evidence, whole: FlowDraws
) -> None:
    kept = Memory(stop)
    with pytest.raises(KeyboardInterrupt):
        infer(problem(toy_arcs, toy_evidence), kept=kept)
    kept.stop = 0
    done: list[int] = []
    again = infer(problem(toy_arcs, toy_evidence, jobs), kept=kept, progress=lambda n, _: done.append(n))
    assert arrays_of(again) == arrays_of(whole)
    assert done == list(range(1, WORLDS + 1))
    expected = [("chains at median costs", min(stop, CHAINS), CHAINS)]
    expected += [("cost worlds", stop - CHAINS, WORLDS)] if stop > CHAINS else []
    assert kept.told == expected
    assert len(kept.arrays) == ALL


def test_what_is_kept_is_not_sampled_again(
    toy_arcs: Arcs, toy_evidence: Evidence, whole: FlowDraws, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Memory()
    infer(problem(toy_arcs, toy_evidence), kept=kept)

    def again(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(sampling, "chain", again)
    assert arrays_of(infer(problem(toy_arcs, toy_evidence), kept=kept)) == arrays_of(whole)


def test_a_world_that_is_lost_from_the_middle_is_sampled_again(
    toy_arcs: Arcs, toy_evidence: Evidence, whole: FlowDraws
) -> None:
    kept = Memory()
    infer(problem(toy_arcs, toy_evidence), kept=kept)
    del kept.arrays["trip-world-1"], kept.arrays["trip-chain-1-2"]
    assert arrays_of(infer(problem(toy_arcs, toy_evidence), kept=kept)) == arrays_of(whole)
    assert len(kept.arrays) == ALL


def test_what_is_kept_is_what_the_flow_is_made_of(
    toy_arcs: Arcs, toy_evidence: Evidence, whole: FlowDraws
) -> None:
    """The comparison above can fail: other parameters in a world are another flow."""
    kept = Memory()
    infer(problem(toy_arcs, toy_evidence), kept=kept)
    world = kept.arrays["trip-world-1"]
    kept.arrays["trip-world-1"] = {**world, "theta": world["theta"] + 0.1}
    assert arrays_of(infer(problem(toy_arcs, toy_evidence), kept=kept)) != arrays_of(whole)


def test_draws_under_the_other_structure_are_kept_apart(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    kept = Memory()
    given = problem(toy_arcs, toy_evidence)
    once = infer_other(given, "port", 2, kept=kept)
    assert {name.partition("-")[0] for name in kept.arrays} == {"port"}
    again = infer_other(given, "port", 2, kept=kept)
    assert arrays_of(once) == arrays_of(again)
    assert kept.told[-1] == ("cost worlds", 2, 2)


def test_a_quick_look_keeps_nothing(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    kept = Memory()
    infer(problem(toy_arcs, toy_evidence, mode="point"), kept=kept)
    assert kept.arrays == {}
