"""Fair timing, the machine, and tables of results. CPU seconds, medians of interleaved rounds, ratios."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import platform
import resource
import statistics
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_PACKAGES = (
    "numpy", "scipy", "numba", "pymetis", "networkx", "igraph", "rustworkx", "networkit", "pandana", "aequilibrae",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """Something to time.

    Parameters
    ----------
    run
        Does it once.
    units
        How many of the reported unit (trees, worlds) one run makes, or stands for.
    rounds
        At most so many rounds, for the slow.
    note
        What a reader must know about it.
    """

    run: Callable[[], object]
    units: float = 1.0
    rounds: int = 99
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison.

    Parameters
    ----------
    title, unit
        What was timed, and what a figure is: "ms a tree".
    base
        Row that ratios are against.
    rows
        Median CPU time by row, in `unit`.
    spread
        Least and largest of each row's rounds.
    notes
        By row.
    skipped
        Rows left out, and why.
    facts
        Other figures: sizes, set-up times, memory.
    machine
        Where and when.
    """

    title: str
    unit: str
    base: str
    rows: dict[str, float]
    spread: dict[str, tuple[float, float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """Return the table as text."""
        base = self.rows.get(self.base)
        head = ["", f"{self.unit}, median" if self.spread else self.unit]
        head += ["least to largest"] if self.spread else []
        head += [f"times {self.base}"] if base else []
        head += ["note"] if self.notes else []
        table_rows = [head, ["---"] * len(head)]
        for name, value in sorted(self.rows.items(), key=lambda item: -item[1]):
            cells = [name, f"{value:.4g}"]
            if self.spread:
                cells.append("{:.4g} to {:.4g}".format(*self.spread[name]))
            if base:
                cells.append(f"{value / base:.3g}")
            if self.notes:
                cells.append(self.notes.get(name, ""))
            table_rows.append(cells)
        lines = [f"# {self.title}", "", *("| " + " | ".join(cells) + " |" for cells in table_rows)]
        lines += [f"\nLeft out: {name} ({why})." for name, why in self.skipped.items()]
        lines += ["", *(f"- {name}: {value}" for name, value in self.facts.items())]
        lines += [
            "",
            "Machine: " + ", ".join(f"{name} {value}" for name, value in self.machine.items()) + ".",
        ]
        return "\n".join(lines) + "\n"


def installed(package: str) -> bool:
    """Whether a peer can be imported."""
    return util.find_spec(package) is not None


def interleave(tasks: Mapping[str, Task], rounds: int, *, scale: float = 1.0) -> dict[str, list[float]]:
    """Return each task's CPU seconds a unit, times `scale`, round by round.

    Every round runs every task once, so that a slow minute of the machine falls on all. One run before the first
    round warms caches and compilers, unless the task allows one round only.
    """
    for task in tasks.values():
        if task.rounds > 1:
            task.run()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(rounds):
        for name, task in tasks.items():
            if turn < task.rounds:
                gc.collect()
                start = time.process_time()
                task.run()
                times[name].append((time.process_time() - start) / task.units * scale)
    return times


def table(
    title: str,
    unit: str,
    base: str,
    tasks: Mapping[str, Task],
    rounds: int,
    *,
    scale: float = 1.0,
    skipped: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Table:
    """Return the comparison of the tasks."""
    times = interleave(tasks, rounds, scale=scale)
    return Table(
        title=title,
        unit=unit,
        base=base,
        rows={name: statistics.median(values) for name, values in times.items()},
        spread={name: (min(values), max(values)) for name, values in times.items()},
        notes={name: task.note for name, task in tasks.items() if task.note},
        skipped=dict(skipped or {}),
        facts={**(facts or {}), "rounds": rounds},
        machine=machine(),
    )


def machine() -> dict[str, Any]:
    """Return what this machine is, without its name."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in _read("/proc/cpuinfo")
            if line.startswith(("model name", "Hardware"))
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = {name: metadata.version(name) for name in _PACKAGES if installed(name)}
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        **versions,
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }


def peak_gib() -> float:
    """Return the largest memory this process has held, GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def write(folder: Path, name: str, tables: Sequence[Table]) -> None:
    """Write the tables as `name`.json and `name`.md."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(one) for one in tables], indent=1, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    (folder / f"{name}.md").write_text("\n".join(one.markdown() for one in tables), encoding="utf-8")


@contextmanager
def quiet() -> Iterator[None]:
    """Discard what the compiled code of a peer prints: standard output is for results."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _read(path: str) -> list[str]:
    """Return a file's lines, none where there is no such file."""
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
