"""Kill and interrupt a whole run, again and again: `python -m benchmarks.kills run|write|interrupt [times]`.

A run of a small part of the shipped tables, of the posterior, with every page that a run makes. Its parts:

- `run`: `corridors run` over another whole run in the same folder is killed (SIGKILL) at random moments and started again,
  which goes on from what was kept with another number of jobs, until it is done. Killed, the folder must be one of the two
  runs, file by file; at the end the new one with the bytes of a run that was never killed, and nothing left beside it.
- `write`: a whole run takes the place of another, and is killed before each of the file system's steps of that, on file
  systems of three kinds: names can be exchanged, can be changed, or what is in the folder is moved.
- `interrupt`: SIGINT at a random moment of the inference, as Ctrl-C sends it: seconds until the exit, its code, processes left.

The counts are printed, and added to those among the results. Change no file of the program meanwhile: its runs are then other runs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corridors.cli import main as command_line
from corridors.core.manifest import hashes, read_manifest
from corridors.outputs.files import atomic_folder, reserved_folder
from corridors.outputs.files.swap import OLD, OWN
from tests.cli.processes import gone, session
from tests.jobs.small_region import write_settings, write_tables
from tests.outputs.files.killed import KINDS, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 12
"""Kills of one run, after which it may end."""
PATIENCE = 3600.0
"""Seconds that a run may take that is not killed any more."""
WAYS = ("exchanged", "renamed", "inside")
"""Kinds of file systems, from the best to the last; `KINDS` says how they are imitated."""
NOTE = "notes.txt"
SOON = 2.0
"""Seconds in which a command that is interrupted must end, and its processes with it."""
OF_ONE_START = frozenset({"seconds", "peak_memory_mb", "command"})
"""What a manifest says of one start of a run; everything else is the same to the byte."""


class Trial:
    """A folder that two runs take turns to write, with what each of them must be in the end.

    Attributes
    ----------
    out, said
        The folder, and the file with what the commands print.
    wanted
        Manifest of each run, as one that was never killed writes it, by its number.
    seconds
        Wall seconds of such a run.
    counts, differing
        What was seen, and which files and parts of a manifest were not as wanted, and how often.
    ends
        Seconds from each signal to the exit.
    """

    def __init__(self, folder: Path, *, two: bool = True) -> None:
        self.folder, self.out, self.said = folder, folder / "out" / "run", folder / "said.txt"
        self.counts: Counter[str] = Counter()
        self.differing: Counter[str] = Counter()
        self.ends: list[float] = []
        write_tables(folder)
        self.wanted: dict[int, Mapping[str, Any]] = {}
        for number in (0, 1, 0) if two else (0,):  # a run's page of changes is against the one before it
            begin = time.monotonic()
            code = self.ended(self.start(number, jobs=2))
            self.seconds = time.monotonic() - begin
            if code:
                sys.exit(self.said.read_text(encoding="utf-8"))
            self.wanted[number] = lasting(read_manifest(self.out))
            shutil.rmtree(self.made(number), ignore_errors=True)
            shutil.copytree(self.out, self.made(number))
        (self.out / NOTE).write_text("mine", encoding="utf-8")

    def made(self, number: int) -> Path:
        """Return the folder with the run of a number, as it was made."""
        return self.folder / f"made-{number}"

    def start(self, number: int, jobs: int, words: tuple[str, ...] = ()) -> int:
        """Start the command line in a child process, in a session of its own, and return its number."""
        settings = write_settings(self.folder, f"{number}-{jobs}.toml", seed=number + 1, jobs=jobs)
        self.said.write_text("", encoding="utf-8")
        child = os.fork()
        if child:
            return child
        os.setsid()
        file = os.open(self.said, os.O_WRONLY | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(file, stream)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = ["corridors", "run", "--config", str(settings), "--out", str(self.out), *words]
        code: object = 1
        try:
            command_line()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 1)

    def ended(self, child: int) -> int:
        """Wait for a child, and return its exit code; below 0 the number of the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def edition(self) -> int | str:
        """Return the number of the run that the folder holds whole; "mixed" where it is none, "lost" without a manifest."""
        manifest = read_manifest(self.out)
        if not manifest:
            return "lost"
        found = {
            name: digest
            for name, digest in hashes(self.out).items()
            if name != NOTE and not name.startswith(OWN)
        }
        for number, wanted in self.wanted.items():
            if found == wanted["outputs"] and lasting(manifest) == wanted:
                return number
        of_seed = manifest["run"]["seed"] - 1
        if of_seed in self.wanted:
            wanted = self.wanted[of_seed]
            for name in sorted({*found, *wanted["outputs"]}):
                if found.get(name) != wanted["outputs"].get(name):
                    self.differing[name] += 1
            for name, value in lasting(manifest).items():
                self.differing[f"manifest, {name}"] += value != wanted.get(name)
        return "mixed"

    def state(self, number: int) -> str:
        """Return what the folder is while the run of a number is put there in the place of the other."""
        found = self.edition()
        if isinstance(found, str):
            return found
        return "the new one, the same bytes" if found == number else "as before"

    def left(self, *, kept: bool) -> int:
        """Return the number of files that the program put beside or into its output and did not remove; `kept` work is none."""
        names = (path.name for path in self.out.parent.rglob("*") if OWN in path.name)
        return sum(not (kept and name.endswith(f"{OWN}work")) for name in names)


def lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of a run, however often and with however many jobs it was started."""
    kept = {key: value for key, value in manifest.items() if key not in OF_ONE_START}
    run = {key: value for key, value in kept["config"]["run"].items() if key != "jobs"}
    return {**kept, "config": {**kept["config"], "run": run}}


def kill_run(trial: Trial, chosen: random.Random, number: int) -> None:
    """Kill a run at a random moment, look, start it again and kill it again, until it is done; look."""
    counts, starts, done, code = trial.counts, 0, False, 0
    while not done:
        child, starts = trial.start(number, jobs=chosen.choice((1, 2))), starts + 1
        end = time.monotonic() + (chosen.uniform(0, trial.seconds / 2) if starts <= MOST else PATIENCE)
        while not done and time.monotonic() < end:
            time.sleep(0.02)
            done = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        os.kill(child, signal.SIGKILL)  # of one that is done, nothing is left to kill
        code = trial.ended(child)
        counts["starts that went on from kept work"] += "resuming: " in trial.said.read_text(encoding="utf-8")
        if not done:
            counts["killed"] += 1
            counts["processes left after 2 s"] += not gone(child, SOON)
            counts["processes left after 20 s"] += not gone(child, 9 * SOON)
            counts[f"killed: the folder is {trial.state(number)}"] += 1
    counts["runs done"] += 1
    counts["kills of the run with most"] = max(counts["kills of the run with most"], starts - 1)
    counts[f"done: exit code {code}"] += 1
    counts[f"done: the folder is {trial.state(number)}"] += 1
    counts["left when it is done"] += trial.left(kept=False)
    counts["notes of ones own lost"] += not (trial.out / NOTE).is_file()


def die_at(step: int) -> None:
    """End this process before its n-th step once the new edition is on the disk."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        # notes are carried over as second names; where what is in the folder is moved, a place for it is made first
        begins = event == "os.link" or (event == "os.mkdir" and str(arguments[0]).endswith(OLD))
        if event in STEPS and (count or begins):
            count += 1
            if count == step:
                os._exit(9)

    sys.addaudithook(hook)


def put(trial: Trial, number: int) -> None:
    """Put a whole run, which was made before, in the place of another."""
    with atomic_folder(trial.out) as folder:
        shutil.copytree(trial.made(number), folder, dirs_exist_ok=True)


def kill_writing(trial: Trial, times: int, way: str) -> None:
    """Kill the last part of the writing before each of its steps in turn, `times` times at most, as if a file system were of a kind."""
    counts, step, alive = trial.counts, 0, True
    while alive and step < times:
        number, step = int(trial.edition() == 0), step + 1
        child = os.fork()
        if not child:
            die_at(step)
            put(trial, number)
            os._exit(0)
        alive = trial.ended(child) != 0
        if not alive:
            counts[f"{way}: steps of the last part"] = step - 1
        counts["killed"] += alive
        counts[f"{way}, killed: the folder is {trial.state(number)}"] += alive
        with reserved_folder(trial.out):
            pass
        counts[f"{way}, after the next command: the folder is {trial.state(number)}"] += alive
        counts["left after the next command"] += trial.left(kept=False)
        counts["notes of ones own lost"] += not (trial.out / NOTE).is_file()
        put(trial, number)
        counts[f"written again: the folder is {trial.state(number)}"] += 1


def interrupt(trial: Trial, chosen: random.Random) -> None:
    """Interrupt the inference at a random moment, and time the end."""
    counts = trial.counts
    child = trial.start(0, jobs=2, words=("--fresh",))
    while "inferring in" not in trial.said.read_text(encoding="utf-8"):
        time.sleep(0.02)
    time.sleep(chosen.uniform(0, trial.seconds / 3))
    working = len(session(child))
    begin = time.monotonic()
    os.killpg(child, signal.SIGINT)
    code = trial.ended(child)
    seconds = time.monotonic() - begin
    said = trial.said.read_text(encoding="utf-8")
    counts[f"exit code {code}"] += 1
    counts["exit within 2 s"] += seconds < SOON
    trial.ends.append(seconds)
    counts["processes at work, all together"] += working
    counts["processes left after 2 s more"] += 0 if gone(child, SOON) else len(session(child))
    counts["said so once, without a traceback"] += (
        said.count("corridors: interrupted") == 1 and "Traceback" not in said
    )
    counts["folder as before"] += trial.edition() == 0
    counts["files left, but for kept work"] += trial.left(kept=True)


def main() -> None:
    """Try, look, count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("run", "write", "interrupt"))
    parser.add_argument("times", nargs="?", type=int, default=20, help="kills; of `write`, for each kind")
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="on the file system to try")
    asked = parser.parse_args()
    for name in ("corridors.cli.app", "corridors.jobs.run"):  # so that a child begins at once
        import_module(name)
    chosen = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        trial = Trial(Path(folder), two=asked.what != "interrupt")
        begin, done = time.monotonic(), 0
        for way in WAYS if asked.what == "write" else ():
            with pytest.MonkeyPatch.context() as patch:
                if way in KINDS:
                    patch.setattr(*KINDS[way])
                kill_writing(trial, asked.times, way)
        while asked.what != "write" and max(done, trial.counts["killed"]) < asked.times:
            if time.monotonic() - begin > 60 * asked.minutes:
                break
            if asked.what == "run":
                kill_run(trial, chosen, int(trial.edition() == 0))
                print(dict(trial.counts), flush=True)  # an hour's counts outlive an interruption
            else:
                interrupt(trial, chosen)
            done += 1
        done = max(done, trial.counts["killed"])
        each = (time.monotonic() - begin) / max(done, 1)
    about = f"`kills {asked.what}`, {datetime.now(tz=UTC).date()}, seed {asked.seed}: {done} times, {each:.1f} s each"
    lines = [
        f"{about}; a run that nothing stops takes {trial.seconds:.1f} s.",
        "",
        "| what | times |",
        "|---|---|",
        *(f"| {name} | {times} |" for name, times in sorted(trial.counts.items())),
    ]
    lines += [f"| not as wanted: {name} | {times} |" for name, times in sorted((+trial.differing).items())]
    if trial.ends:
        ends = sorted(trial.ends)
        lines += [
            "",
            f"Seconds until the exit: {ends[0]:.2f} to {ends[-1]:.2f}, median {ends[len(ends) // 2]:.2f}.",
        ]
    text = "\n".join(lines) + "\n"
    path = Path(__file__).parent / "results" / f"kills-{asked.what}.md"
    before = path.read_text(encoding="utf-8") + "\n" if path.is_file() else ""
    path.write_text(before + text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
