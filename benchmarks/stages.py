"""A whole default run by stage, of this folder and of others beside it, in turn: CPU seconds.

`python benchmarks/stages.py [--rounds n] [--worlds n] [--point] [name=folder ...]`; a folder is a checkout of another commit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

from corridors.bench.measure import Table, machine, write

HERE = Path(__file__).resolve().parents[1]
Stages: TypeAlias = dict[str, dict[str, Any]]
"""CPU and wall seconds by stage, and diagnostics."""
ONE_RUN = """
import json, resource, sys, tempfile
from contextlib import contextmanager
from pathlib import Path

import corridors
from corridors.jobs.progress import Progress
from corridors.jobs.run import run


def cpu():
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


class Cpu(Progress):
    def __init__(self):
        super().__init__()
        self.cpu = {}

    @contextmanager
    def step(self, name, text=""):
        begun = cpu()
        with super().step(name, text):
            yield
        self.cpu[name] = cpu() - begun


progress = Cpu()
config = corridors.with_changes(corridors.read_config(), json.loads(sys.argv[1]))
result = run(config, progress=progress)
with tempfile.TemporaryDirectory() as folder:
    result.write(Path(folder) / "run", progress=progress)
print(json.dumps({"cpu": progress.cpu, "wall": progress.seconds, "facts": dict(result.posterior.diagnostics)}))
"""
"""The same script for every folder: it needs what a run has had since its stages were timed."""


def one_run(folder: Path, changes: dict[str, object]) -> Stages:
    """Run once with the code of a folder, in a process of its own; return CPU and wall seconds by stage, and diagnostics."""
    found = subprocess.run(
        [sys.executable, "-c", ONE_RUN, json.dumps(changes)],
        env=os.environ | {"PYTHONPATH": str(folder)},
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    stages: Stages = json.loads(found.stdout.splitlines()[-1])
    return stages


def main() -> None:
    """Run every folder once a round and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=300)
    parser.add_argument("--point", action="store_true")
    parser.add_argument("others", nargs="*", metavar="name=folder")
    asked = parser.parse_args()
    folders = {
        name: Path(folder).resolve() for name, _, folder in (one.partition("=") for one in asked.others)
    }
    folders["now"] = HERE
    changes: dict[str, object] = {"structure": "trip", "worlds": asked.worlds, "draws": 8 * asked.worlds}
    changes |= {"mode": "point"} if asked.point else {}
    runs: dict[str, list[Stages]] = {name: [] for name in folders}
    for _ in range(asked.rounds):
        for name, folder in folders.items():
            runs[name].append(one_run(folder, changes))
    tables = []
    for name, found in runs.items():
        stages = {stage: [one["cpu"][stage] for one in found] for stage in found[0]["cpu"]}
        stages["whole"] = [sum(one["cpu"].values()) for one in found]
        wall = statistics.median(sum(one["wall"].values()) for one in found)
        tables.append(
            Table(
                title=f"A run of {asked.worlds} worlds{', --point' if asked.point else ''}, structure trip, {name}",
                unit="CPU s",
                base="whole",
                rows={stage: statistics.median(spent) for stage, spent in stages.items()},
                spread={stage: (min(spent), max(spent)) for stage, spent in stages.items()},
                facts={
                    **found[0]["facts"],
                    "rounds": asked.rounds,
                    "wall s, whole, median": round(wall, 1),
                    "load of the machine at the end": f"{os.getloadavg()[1]:.1f} on {os.cpu_count()} cores",
                },
                machine=machine(),
            )
        )
    write(HERE / "benchmarks" / "results", "stages_point" if asked.point else "stages", tables)
    print("\n".join(one.markdown() for one in tables))


if __name__ == "__main__":
    main()
