"""Kill a run while it writes, again and again: `python benchmarks/kills.py [kills] [--minutes m] [--seed n] [--folder f]`.

A small run is inferred once; then a child process writes it over another edition of the same folder and ends itself without any
cleaning up: half of the times at a random moment, half before a random one of the file system's steps of the last part,
in which folders are exchanged. After each kill the folder must be one of the two editions, file by file as its manifest
says, and nothing may be left after the next writer. The counts are printed and saved among the results.
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
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import corridors
from corridors.core.manifest import hashes, read_manifest
from corridors.outputs.files import reserved_folder
from corridors.outputs.files.swap import OWN

if TYPE_CHECKING:
    from corridors.jobs.run import RunResult

STEPS = frozenset(
    {"open", "os.link", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "ctypes.dlsym"}
)
LAST = 250
"""Steps of the last part: those of the exchange, of second names and of the removal of the earlier edition."""
NOTE = "notes.txt"


def die(seconds: float, step: int) -> None:
    """End this process after some seconds, or before its n-th step once the new edition is on the disk; 0 for neither."""
    if seconds:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    count = 0

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal count
        if (
            step and event in STEPS and (count or event == "os.link")
        ):  # the first second name: notes are carried over
            count += 1
            if count == step:
                os._exit(9)

    sys.addaudithook(hook)


def written(result: RunResult, out: Path, seconds: float, step: int) -> bool:
    """Write a run in a child process; return whether it was killed."""
    child = os.fork()
    if not child:
        die(seconds, step)
        result.write(out)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def edition(out: Path) -> str:
    """Return the fingerprint of an output, "mixed" where its files are not those of its manifest, "lost" without one."""
    manifest = read_manifest(out)
    if not manifest:
        return "lost"
    found = {
        name: digest for name, digest in hashes(out).items() if name != NOTE and not name.startswith(OWN)
    }
    return str(manifest["run"]["fingerprint"]) if found == manifest["outputs"] else "mixed"


def left(folder: Path) -> int:
    """Return the number of files and folders that the program put beside or into an output and did not remove."""
    return sum(OWN in path.name for path in folder.rglob("*"))


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    chosen = random.Random(asked.seed)  # noqa: S311 - moments, not secrets
    config = corridors.with_changes(corridors.read_config(), {"mode": "point", "worlds": 2, "variants": 0})
    one = corridors.run(config)
    two = replace(one, config=corridors.with_changes(config, {"floor": 0.01}))
    known = {str(each.about.fingerprint): each for each in (one, two)}
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        out = Path(folder) / "run"
        begin = time.monotonic()
        one.write(out)
        whole = time.monotonic() - begin
        (out / NOTE).write_text("mine", encoding="utf-8")
        end = time.monotonic() + 60 * asked.minutes
        while counts["kills"] < asked.kills and time.monotonic() < end:
            before = edition(out)
            other = next(each for name, each in known.items() if name != before)
            timed = chosen.random() < 0.5
            seconds = chosen.uniform(0.01, whole) if timed else 0.0
            killed = written(other, out, seconds, 0 if timed else chosen.randint(1, LAST))
            counts["kills" if killed else "not killed: it was done"] += 1
            counts["at random moments" if timed else "before steps of the last part"] += killed
            at_once = edition(out)
            counts[
                "at once: " + ("as before" if at_once == before else "new" if at_once in known else at_once)
            ] += 1
            with reserved_folder(out):
                pass
            later = edition(out)
            counts["after the next command: " + (later if later not in known else "whole")] += 1
            counts["left after the next command"] += left(Path(folder))
            counts["notes of ones own lost"] += not (out / NOTE).is_file()
        written(one, out, 0, 0)
        counts["after the next whole run: not whole or something left"] += (
            edition(out) not in known or left(Path(folder)) > 0
        )
    lines = [f"Kills of a writing run, {datetime.now(tz=UTC).date()}; one writing took {whole:.1f} s.", ""]
    lines += [
        "| what | times |",
        "|---|---|",
        *(f"| {name} | {times} |" for name, times in sorted(counts.items())),
    ]
    text = "\n".join(lines) + "\n"
    (Path(__file__).parent / "results" / "kills").with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
