"""Feed the test files of neighboring libraries to every loader: `python scripts/try_neighbours.py CACHE [PACKAGE ...]`.

Source distributions carry the odd files their libraries once failed on. Each fixture goes to the guess of its format and to
every loader of its suffix. A table and a clear error are right answers; another exception, a hang (30 s of the processor, or
5 minutes) or a process that is killed is not, and the script exits with 1. Files in CACHE are used again. The script needs the package index.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import subprocess
import sys
import tarfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.core.errors import CorridorsError
from corridors.jobs.inputs import RASTERS, default_data
from corridors.sources import FORMATS, Context, guess_format, load_as
from corridors.sources.tables import load_all, load_raster, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

PACKAGES = (
    *(
        "icalendar",
        "recurring-ical-events",
        "x-wr-timezone",
        "vobject",
        "geopandas",
        "pyogrio",
        "fiona",
        "rasterio",
    ),
    *(
        "osmnx",
        "networkx",
        "osmium",
        "openpyxl",
        "pandas",
        "pyshp",
        "shapely",
        "momepy",
        "frictionless",
        "xlrd",
    ),
    *(
        "geojson",
        "python-calamine",
        "csvkit",
        "agate",
        "ics",
        "khal",
        "rasterstats",
        "fastkml",
        "messytables",
    ),
)
OWN = {
    ".csv": "dealers",
    ".parquet": "road_edges",
    ".gpkg": "road_edges",
    ".geojson": "municipality_polygons",
}
SUFFIXES = tuple(
    {suffix for form in FORMATS.values() for suffix in form.suffixes}
    | {*OWN, ".tif", ".tiff", ".xls", ".xlsb", ".ods", ".gz", ".bz2"}
)
GUESS = "(guess)"
SECONDS, MAX_WAIT, BYTES, DOWNLOAD_SECONDS = 30, 300, 2 << 30, 150


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of one loader to one file: `kind` is "table", "error" or "other"."""

    package: str
    file: str
    loader: str
    kind: str
    detail: str


def main() -> int:
    """Return the exit code: 1 where a loader gave another answer than a table or a clear error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, help="folder of what is downloaded, and of answers.json")
    parser.add_argument("packages", nargs="*", help="packages whose test files to try")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    cache: Path = given.cache.absolute()
    if given.work:
        return work()
    folders = {name: source(name, cache) for name in given.packages or PACKAGES}
    jobs = [
        (name, str(file.relative_to(folder)), file, loader)
        for name, folder in folders.items()
        if folder
        for file in fixtures(folder)
        for loader in loaders(file)
    ]
    answers = list(ask(jobs))
    (cache / "answers.json").write_text(json.dumps([asdict(answer) for answer in answers], indent=1))
    show(answers)
    return int(any(answer.kind == "other" for answer in answers))


def source(name: str, cache: Path) -> Path | None:
    """Return the folder of a package's newest source distribution, None where the index has none.

    Only the archive is wanted, but pip also asks the package's build system for metadata. Where that cannot answer here,
    the folder that pip unpacked is kept and taken.
    """
    folder = cache / name
    if not folder.is_dir():
        folder.mkdir(parents=True)
        options = ["--no-deps", "--no-binary=:all:", "--no-build-isolation", "--no-clean", "--quiet"]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), name]
        try:
            subprocess.run(  # noqa: S603 - pip, with names from this file or the command line
                command,
                env={**os.environ, "TMPDIR": str(folder)},
                capture_output=True,
                timeout=DOWNLOAD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"{name}: pip took more than {DOWNLOAD_SECONDS} s", file=sys.stderr)
    for archive in folder.glob("*.tar.gz"):
        unpacked = folder / "unpacked"
        if not unpacked.is_dir():
            with tarfile.open(archive) as members:
                members.extractall(unpacked, filter="data")
        return unpacked
    kept = next((path for path in folder.glob("pip-download-*/*") if path.is_dir()), None)
    if kept is None:
        print(f"{name}: no source distribution", file=sys.stderr)
    return kept


def fixtures(folder: Path) -> list[Path]:
    """Return the files of a plausible suffix, and folders that are file geodatabases, in order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.name.lower().endswith(SUFFIXES)
        and (path.is_file() or path.suffix == ".gdb")
        and not path.is_symlink()
    )


def loaders(file: Path) -> list[str]:
    """Return the guess and the ids of formats, tables and rasters that a file's suffix allows."""
    name = file.name.lower()
    named = [form.id for form in FORMATS.values() if name.endswith(form.suffixes)]
    if file.suffix.lower() in OWN:
        named.append(OWN[file.suffix.lower()])
    if name.endswith((".tif", ".tiff")):
        named += sorted(RASTERS)
    return [GUESS, *named]


def ask(jobs: Sequence[tuple[str, str, Path, str]]) -> Iterator[Answer]:
    """Yield the answer of each job from a worker process, which is started again after a hang or a kill."""
    worker = start()
    for package, shown, file, loader in jobs:
        assert worker.stdin is not None  # noqa: S101 - for mypy: both are pipes
        assert worker.stdout is not None  # noqa: S101
        worker.stdin.write(json.dumps([str(file), loader]) + "\n")
        worker.stdin.flush()
        ready = answered(worker)
        line = worker.stdout.readline() if ready else ""
        if line:
            kind, detail = json.loads(line)
        else:
            worker.kill()
            kind, detail = (
                "other",
                f"killed: {worker.wait()}" if ready else f"more than {SECONDS} s of the processor",
            )
            worker = start()
        yield Answer(package, shown, loader, kind, detail)
    worker.kill()
    worker.wait()


def answered(worker: subprocess.Popen[str]) -> bool:
    """Return whether a worker answers within the limit; a busy machine takes longer, but not more of the processor."""
    assert worker.stdout is not None  # noqa: S101 - for mypy: a pipe
    begin, taken = time.monotonic(), processor_seconds(worker)
    while time.monotonic() - begin < MAX_WAIT and processor_seconds(worker) - taken < SECONDS:
        if select.select([worker.stdout], [], [], 1)[0]:
            return True
    return False


def processor_seconds(process: subprocess.Popen[str]) -> float:
    """Return the time of the processor that a process has taken (seconds)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start() -> subprocess.Popen[str]:
    """Return a worker that has imported the loaders and read the default tables."""
    process = subprocess.Popen(  # noqa: S603 - this script
        [sys.executable, __file__, ".", "--work"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert process.stdout is not None  # noqa: S101 - for mypy
    if not process.stdout.readline():
        raise SystemExit("the worker does not start: run the script with --work")
    return process


def work() -> int:
    """Answer jobs from standard input, one a line, with 2 GB of address space beyond what the imports took."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    tables = load_all(default_data())
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + BYTES, taken + BYTES))
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        file, loader = json.loads(line)
        print(json.dumps(answer(Path(file), loader, tables)), file=answers, flush=True)
    return 0


def answer(file: Path, loader: str, tables: dict[str, pd.DataFrame]) -> tuple[str, str]:
    """Return the kind of a loader's answer to a file, and its detail on one line."""
    try:
        if loader in RASTERS:
            load_raster(loader, file, data=default_data())
            return "table", "raster"
        if loader in OWN.values():
            return "table", f"{len(load_table(loader, file, data=default_data(), tables=tables))} rows"
        if loader == GUESS:
            form, loaded = guess_format(file, Context(tables))
            return "table", f"{form.id}: {loaded.report.kept} of {loaded.report.rows} {loaded.report.unit}"
        report = load_as(file, loader, Context(tables)).report
    except CorridorsError as error:
        return "error", " ".join(str(error).split())[:400]
    except BaseException as error:  # noqa: BLE001 - what else is raised is what this script looks for
        last, tail = error.__traceback__, ""
        while last is not None:
            tail = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"
            last = last.tb_next
        return "other", f"{type(error).__name__} at {tail}: {' '.join(str(error).split())[:300]}"
    return "table", f"{report.kept} of {report.rows} {report.unit}"


def show(answers: Sequence[Answer]) -> None:
    """Print the counts by loader and by package, the tables, and what else was answered."""
    for by in ("loader", "package"):
        counts = Counter((getattr(answer, by), answer.kind) for answer in answers)
        print(f"{by:24}{'files':>8}{'table':>8}{'error':>8}{'other':>8}")
        for name in dict.fromkeys(sorted(getattr(answer, by) for answer in answers)):
            row = [counts[name, kind] for kind in ("table", "error", "other")]
            print(f"{name:24}" + "".join(f"{number:8}" for number in (sum(row), *row)))
        print()
    for kind in ("table", "other"):
        chosen = [answer for answer in answers if answer.kind == kind]
        print(f"{kind}: {len(chosen)} of {len(answers)}")
        for answer in chosen:
            print(f"  {answer.package} {answer.file} as {answer.loader}: {answer.detail}")


if __name__ == "__main__":
    sys.exit(main())
