"""A cluster gives the bytes of this process, also when a worker dies on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from distributed import Client, LocalCluster

from corridors.core.errors import ConfigError
from corridors.inference.fitting import InferencePlan, cluster_executor, infer, prepare_problem
from corridors.inference.fitting.executors import NO_DASHBOARD, client_executor, thread_executor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.core.draws import FlowDraws
    from corridors.core.types import Arcs, Evidence

ARRAYS = (
    "edge_share",
    "port_share",
    "state_pair",
    "zone_port",
    "port_municipality",
    "state_flow",
    "origin_port",
    "origin_mx_state",
)
PLAN = InferencePlan(worlds=8, seed=4)


def same(one: FlowDraws, other: FlowDraws) -> bool:
    """Whether two posteriors are equal to the byte."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in ARRAYS]
    pairs += [(values, other.parameters[name]) for name, values in one.parameters.items()]
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


def slow(_: str, n: int) -> tuple[int, int]:
    """Return the worker that computes `n`, and take long enough for a worker to be killed meanwhile."""
    time.sleep(0.2)
    return n, os.getpid()


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a scheduler with two worker processes, started as a person would."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    where = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    processes = [start("scheduler", *where, "--port", "0")]
    while not file.exists():
        assert processes[0].poll() is None
        time.sleep(0.05)
    processes += [start("worker", *where, "--nthreads", "1") for _ in range(2)]
    yield json.loads(file.read_text(encoding="utf-8"))["address"]
    for process in reversed(processes):
        process.terminate()
        process.wait(timeout=20)


def start(name: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a Dask process."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *options]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def test_threads_keep_the_order() -> None:
    assert list(thread_executor(3)(lambda base, n: base + n * n, 5, 20)) == [5 + n * n for n in range(20)]


def test_a_cluster_started_by_hand_gives_the_same_bytes(
    by_hand: str, toy_arcs: Arcs, toy_evidence: Evidence
) -> None:
    here = infer(prepare_problem(toy_arcs, toy_evidence, PLAN))
    seen: list[int] = []
    with cluster_executor(by_hand) as executor:
        there = infer(
            prepare_problem(toy_arcs, toy_evidence, PLAN),
            executor=executor,
            progress=lambda done, _total: seen.append(done),
        )
    assert same(here, there)
    assert seen == list(range(1, 9))


def test_a_local_cluster_gives_the_same_bytes_though_a_worker_dies(
    toy_arcs: Arcs, toy_evidence: Evidence
) -> None:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=NO_DASHBOARD
        ) as local,
        Client(local) as client,
    ):
        executor = client_executor(client)
        results = executor(slow, "", 12)
        first = next(results)
        os.kill(first[1], signal.SIGKILL)
        rest = list(results)
        assert [n for n, _ in [first, *rest]] == list(range(12))
        assert any(pid != first[1] for _, pid in rest)
        there = infer(prepare_problem(toy_arcs, toy_evidence, PLAN), executor=executor)
    assert same(infer(prepare_problem(toy_arcs, toy_evidence, PLAN)), there)


def test_no_scheduler_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridors.inference.fitting.executors.WAIT", 1)
    with (
        pytest.raises(ConfigError, match="--scheduler: expected a Dask scheduler"),
        cluster_executor("tcp://127.0.0.1:9"),
    ):
        pass


def test_bytes_differ_by_the_seed(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    """The comparison above can fail."""
    one, other = (
        infer(prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=2, seed=seed))) for seed in (1, 2)
    )
    assert not same(one, other)
    assert one.parts is not None
    assert all(np.isfinite(values).all() for values in one.parts)
