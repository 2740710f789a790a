"""Interrupted means soon: by any signal, in a quick look and in the default run, with no process and no file left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.processes import gone, session
from tests.jobs import small_region

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SOON = 4
"""Seconds on a machine as busy as one that runs tests; on an idle one `benchmarks/kills.py` measures under 2."""
SLOW = """
import sys, time
from pathlib import Path
from corridors.cli.interrupts import end_at_once, stopped_soon
from corridors.inference.fitting.executors import process_executor, thread_executor
from corridors.outputs.files.lock import locked

def work(kind, n):
    Path(__file__).with_name(f"begun-{n}").touch()
    end = time.time() + 60
    while time.time() < end:
        if kind == "deaf":
            try: time.sleep(1)
            except KeyboardInterrupt: pass

def main(kind):
    with locked(Path(__file__).with_name("lock"), Path("out"), "map"):
        if kind == "processes":
            list(process_executor(2)(work, kind, 8))
        elif kind == "threads":
            list(thread_executor(2)(work, kind, 8))
        else:
            work(kind, 0)

if __name__ == "__main__":
    try:
        with stopped_soon(lambda: print("interrupted", file=sys.stderr, flush=True)):
            main(sys.argv[1])
    except KeyboardInterrupt:
        pass
    end_at_once()
"""

DEAF = """
import signal
from corridors.inference.fitting.executors import process_executor

def blocked(_, n):
    return signal.pthread_sigmask(signal.SIG_BLOCK, ())

if __name__ == "__main__":
    for masks in (list(process_executor(2)(blocked, None, 8)) for _ in range(2)):
        assert all({signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= mask for mask in masks), masks
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
"""


def _heed_interrupts() -> None:
    """Heed SIGINT even where the tests run in the background, whose children are deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def started(words: list[str], folder: Path) -> subprocess.Popen[str]:
    """Start a command in a session of its own, its output in a file."""
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        return subprocess.Popen(
            words,
            cwd=ROOT,
            stdout=said,
            stderr=said,
            text=True,
            start_new_session=True,
            preexec_fn=_heed_interrupts,  # noqa: PLW1509 - no threads here
            env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)},
        )


def wait_for(state: Callable[[], bool], folder: Path, command: subprocess.Popen[str]) -> None:
    """Wait until a command has come to a state."""
    while not state():
        assert command.poll() is None, (folder / "said.txt").read_text(encoding="utf-8")
        time.sleep(0.02)


def wait_for_work(kind: str, folder: Path, command: subprocess.Popen[str]) -> None:
    """Wait until work of a kind has begun: by two workers, or in the main thread."""
    wait_for(lambda: len(list(folder.glob("begun-*"))) == 1 + (kind != "deaf"), folder, command)


@pytest.mark.parametrize("kind", ["processes", "threads", "deaf"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_work_of_every_kind(kind: str, name: str, tmp_path: Path) -> None:
    """`deaf` is work that does not heed the interruption."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    command = started([sys.executable, str(script), kind], tmp_path)
    wait_for_work(kind, tmp_path, command)
    begin = time.monotonic()
    os.killpg(command.pid, getattr(signal, name))
    assert command.wait(30) == 130
    assert time.monotonic() - begin < SOON
    assert gone(command.pid), session(command.pid)
    assert "Traceback" not in (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "lock").exists()


def test_no_worker_hears_a_signal_from_its_first_moment(tmp_path: Path) -> None:
    """One that starts when the terminal interrupts would print where it was."""
    script = tmp_path / "deaf.py"
    script.write_text(DEAF, encoding="utf-8")
    command = started([sys.executable, str(script)], tmp_path)
    assert command.wait(60) == 0, (tmp_path / "said.txt").read_text(encoding="utf-8")


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    command = started([sys.executable, str(script), "processes"], tmp_path)
    wait_for_work("processes", tmp_path, command)
    command.kill()
    command.wait()
    assert gone(command.pid), session(command.pid)


def is_inferring(mode: str, folder: Path, command: subprocess.Popen[str]) -> bool:
    """Return whether a run has begun with its cost worlds, or, of the posterior, its worker processes have."""
    if mode == "--point":
        return " of 200 worlds" in (folder / "said.txt").read_text(encoding="utf-8")
    return sum("LokyProcess" in words for words in session(command.pid)) == 2


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings of a run of a small region, which is soon at its inference."""
    folder = tmp_path_factory.mktemp("small")
    small_region.write_tables(folder)
    return small_region.write_settings(folder, "small.toml", worlds=200)


@pytest.mark.parametrize(
    ("mode", "name"), [("--point", "SIGINT"), ("--draws=2", "SIGINT"), ("--draws=2", "SIGTERM")]
)
def test_a_run_is_interrupted_soon_and_leaves_nothing(
    mode: str, name: str, settings: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps" / "run"
    words = [sys.executable, "-m", "corridors", "run", mode, "--worlds", "200", "--config", str(settings)]
    command = started([*words, "--out", str(out)], tmp_path)
    wait_for(lambda: is_inferring(mode, tmp_path, command), tmp_path, command)
    begin = time.monotonic()
    os.killpg(command.pid, getattr(signal, name))
    assert command.wait(30) == 130
    assert time.monotonic() - begin < SOON
    said = (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert said.count("interrupted; no output is half written") == 1
    assert "Traceback" not in said
    assert "Warning" not in said
    assert gone(command.pid), session(command.pid)
    left = {path.name for path in out.parent.glob("*")}
    assert left <= (
        set() if mode == "--point" else {".run.corridors-work"}
    )  # what a second start goes on from
