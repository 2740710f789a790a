"""Kill and interrupt a whole run, again and again: `python -m benchmarks.kills run|write|interrupt [times]`.

A run of a small part of the shipped tables, of the posterior, with every page that a run makes. Its parts:

- `run`: `corridors run` over another whole run in the same folder is killed (SIGKILL) at a random moment and started again,
  which goes on from what was kept, with another number of jobs. Killed, the folder must be one of the two runs, file by file;
  at the end the new one with the bytes of a run that was never killed, and nothing left beside it.
- `write`: the writing alone, killed before a random one of the file system's steps of its last part, in which folders are exchanged.
- `interrupt`: SIGINT at a random moment of the inference, as Ctrl-C sends it: seconds until the exit, its code, processes left.

The counts are printed, and added to those among the results. Change no file of the program meanwhile: its runs are then other runs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import corridors
from corridors.cli import main as command_line
from corridors.core.manifest import hashes, read_manifest
from corridors.outputs.files import reserved_folder
from corridors.outputs.files.swap import OWN
from tests.cli.processes import gone, session
from tests.jobs.small_region import write_settings, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEPS = frozenset(
    {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "ctypes.dlsym"}
)
LAST = 250
"""Steps of the last part: those of the exchange, of second names and of the removal of the earlier edition."""
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
        for number in (0, 1)[: 1 + two]:
            begin = time.monotonic()
            code = self.ended(self.start(number, jobs=2))
            self.seconds = time.monotonic() - begin
            if code:
                sys.exit(self.said.read_text(encoding="utf-8"))
            self.wanted[number] = lasting(read_manifest(self.out))
        (self.out / NOTE).write_text("mine", encoding="utf-8")

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

    def left(self, *, kept: bool) -> int:
        """Return the number of files that the program put beside or into its output and did not remove; `kept` work is none."""
        names = (path.name for path in self.out.parent.rglob("*") if OWN in path.name)
        return sum(not (kept and name.endswith(f"{OWN}work")) for name in names)


def lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of a run, however often and with however many jobs it was started."""
    kept = {key: value for key, value in manifest.items() if key not in OF_ONE_START}
    run = {key: value for key, value in kept["config"]["run"].items() if key != "jobs"}
    return {**kept, "config": {**kept["config"], "run": run}}


def kill_run(trial: Trial, chosen: random.Random, count: int) -> None:
    """Kill a whole run at a random moment, look, start it again, look."""
    before, after, counts = (count + 1) % 2, count % 2, trial.counts
    child = trial.start(after, jobs=chosen.choice((1, 2)))
    end = time.monotonic() + chosen.uniform(0, trial.seconds)
    while time.monotonic() < end and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    killed = trial.ended(child) < 0
    counts["killed" if killed else "not killed: it was done"] += 1
    counts["processes left after 2 s"] += not gone(child, SOON)
    now = trial.edition()
    counts[
        f"killed: the folder is {'as before' if now == before else 'the new one' if now == after else now}"
    ] += 1
    code = trial.ended(trial.start(after, jobs=chosen.choice((1, 2))))
    counts[f"started again: exit code {code}"] += 1
    counts["started again: went on from kept work"] += "resuming: " in trial.said.read_text(encoding="utf-8")
    again = trial.edition()
    counts[
        f"started again: {'the same bytes' if again == after else 'as before' if again == before else again}"
    ] += 1
    counts["left after the next run"] += trial.left(kept=False)
    counts["notes of ones own lost"] += not (trial.out / NOTE).is_file()


def die_at(step: int) -> None:
    """End this process before its n-th step once the new edition is on the disk."""
    count = 0

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal count
        if event in STEPS and (count or event == "os.link"):  # the first second name: notes are carried over
            count += 1
            if count == step:
                os._exit(9)

    sys.addaudithook(hook)


def kill_writing(results: list[corridors.RunResult]) -> Callable[[Trial, random.Random, int], None]:
    """Return the trial that kills the writing of one of two runs before a random step."""

    def trial_of(trial: Trial, chosen: random.Random, count: int) -> None:
        before, after, counts = (count + 1) % 2, count % 2, trial.counts
        step = chosen.randint(1, LAST)
        child = os.fork()
        if not child:
            die_at(step)
            results[after].write(trial.out)
            os._exit(0)
        killed = trial.ended(child) != 0
        counts["killed" if killed else "not killed: it was done"] += 1
        for when in ("killed", "after the next command"):
            outputs = {
                name: one
                for name, one in hashes(trial.out).items()
                if name != NOTE and not name.startswith(OWN)
            }
            manifest = read_manifest(trial.out)
            whole = bool(manifest) and outputs == manifest["outputs"]
            known = manifest.get("run", {}).get("seed", 0) - 1
            state = (
                ("as before" if known == before else "the new one")
                if whole
                else "mixed"
                if manifest
                else "lost"
            )
            counts[f"{when}: the folder is {state}"] += 1
            with reserved_folder(trial.out):
                pass
        counts["left after the next command"] += trial.left(kept=False)
        counts["notes of ones own lost"] += not (trial.out / NOTE).is_file()
        results[after].write(trial.out)

    return trial_of


def interrupt(trial: Trial, chosen: random.Random, _: int) -> None:
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
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="on the file system to try")
    asked = parser.parse_args()
    for name in ("corridors.cli.app", "corridors.jobs.run"):  # so that a child begins at once
        import_module(name)
    chosen = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        trial = Trial(Path(folder), two=asked.what != "interrupt")
        once = {"run": kill_run, "interrupt": interrupt}.get(asked.what)
        if once is None:
            settings = [write_settings(trial.folder, f"{n}.toml", seed=n + 1) for n in (0, 1)]
            once = kill_writing([corridors.run(corridors.read_config(path)) for path in settings])
        begin, done = time.monotonic(), 0
        while done < asked.times and time.monotonic() - begin < 60 * asked.minutes:
            once(trial, chosen, done)
            done += 1
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
