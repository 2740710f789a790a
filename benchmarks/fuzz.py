"""Damage files at random, reader by reader, for as long as asked, and count what comes of them.

`PYTHONPATH=. python benchmarks/fuzz.py [--seconds 60] [--seed 1] [--keep FOLDER] [reader ...]`: CPU seconds of each reader.
A file that ends in a traceback, in an account of rows that does not add up, or after more than 30 seconds is kept in the
folder and named. Readers run one after the other, each in a process of its own with at most 2 GB more memory.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from corridors.sources.tables import load_all
from tests.sources.fuzzing import DATA, Target, mutant, outcome, quiet, small, targets, with_workbooks

if TYPE_CHECKING:
    from corridors.sources.schemas import Context

Counts: TypeAlias = "multiprocessing.Queue[Counter[str]]"
HANG_SECONDS = 30
MEMORY = 2 << 30
MANY_FILES = 200


class HangError(BaseException):
    """Raised when one file takes too long; no reader catches it."""


def alarm(*_: object) -> None:
    """Raise HangError."""
    raise HangError


def fuzz(target: Target, context: Context, seconds: float, seed: int, keep: Path) -> Counter[str]:
    """Return how many files of a reader ended how; those that should not have ended so are kept."""
    random, counts = Random(f"{target.name} {seed}"), Counter[str]()  # noqa: S311 - no secret
    known: set[str] = set()
    signal.signal(signal.SIGALRM, alarm)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.process_time()
        while time.process_time() - start < seconds:
            name, content = mutant(target, random)
            path = Path(folder) / name
            path.write_bytes(content)
            signal.alarm(10 * HANG_SECONDS)  # wall time: other programs may have the processor
            begun, where = time.process_time(), ""
            try:
                with quiet():
                    counts[outcome(target.name, path, context)] += 1
            except HangError:
                where = "hang"
            except Exception as error:  # noqa: BLE001 - what is looked for
                at = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{type(error).__name__}@{Path(at.filename).name}:{at.lineno}"
            finally:
                signal.alarm(0)
                close_left(folder)
            where = where or ("hang" if time.process_time() - begun > HANG_SECONDS else "")
            if where:
                counts["hang" if where == "hang" else "traceback"] += 1
                if where not in known:
                    known.add(where)
                    (keep / f"{target.name}__{where.replace(':', '_')}__{name}").write_bytes(content)
    return counts


def close_left(folder: str) -> None:
    """Close what a reader left open: libosmium leaves every file whose end it does not reach.

    What only waits to be collected is collected first: Arrow closes its files itself, and twice would be another's.
    """
    held = list(Path("/proc/self/fd").iterdir())
    if len(held) < MANY_FILES:
        return
    gc.collect()
    for link in held:
        with contextlib.suppress(OSError):
            if str(link.readlink()).startswith(folder):
                os.close(int(link.name))


def run(target: Target, context: Context, asked: argparse.Namespace, told: Counts) -> None:
    """Fuzz one reader, in a process of its own, and tell the counts."""
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    told.put(fuzz(target, context, asked.seconds, asked.seed, asked.keep))


def main() -> None:
    """Fuzz every reader, or those named, and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("readers", nargs="*", choices=[[], *sorted(targets())], default=[])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzzed"))
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    context, fork = small(load_all(DATA)), multiprocessing.get_context("fork")
    print("| reader | files | ok | fault | framed | traceback | hang |\n|---|---|---|---|---|---|---|")
    for name in asked.readers or sorted(targets()):
        told: Counts = fork.Queue()
        work = fork.Process(target=run, args=(with_workbooks(targets()[name]), context, asked, told))
        work.start()
        while work.is_alive() and told.empty():
            time.sleep(0.1)
        counts = Counter[str]() if told.empty() else told.get()
        work.join()
        ends = [counts[end] for end in ("ok", "fault", "framed", "traceback", "hang")]
        died = f" (died: exit code {work.exitcode})" if work.exitcode else ""
        print(f"| {name} | {sum(ends)} | {' | '.join(map(str, ends))} |{died}", flush=True)


if __name__ == "__main__":
    main()
