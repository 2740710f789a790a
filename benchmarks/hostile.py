"""Give the commands files that were made to do harm, each in a process of its own, and measure: `python -m benchmarks.hostile`.

`python -m benchmarks.hostile [--cases FOLDER ...] [--only TEXT] [--bombs FOLDER]`. The files are those of `tests/cases`,
of the folders given, and bombs that are made here: small files that unpack to gigabytes, archives of 20,000 members, sheets,
calendars and trees without end. Each is given to `corridors check`, and to the command that it is meant for: a run of two
cost worlds that reads it under `[data]` or as its settings, a what-if, a brief of the folder of a run.

Counted: exit codes, tracebacks, the largest memory of the process, and the longest time in which it printed nothing. A process is
ended after 120 seconds of processor time (a hang) or at 6 GB. The counts are printed, and saved among the results.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from benchmarks.bombs import write_bombs
from corridors.cli import main as command_line
from corridors.sources.registry import FORMATS
from corridors.sources.schemas.tables import SCHEMAS

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases"
CPU_SECONDS, MOST_BYTES = 120, 6 << 30
SILENT_SECONDS, LARGE_MB = 30, 2048
BY_SUFFIX = {
    ".ics": "calendar_ics",
    ".geojson": "road_table",
    ".gpkg": "road_table",
    ".fgb": "road_table",
    ".kml": "road_table",
    ".shx": "road_table",
    ".graphml": "graphml",
    ".osm": "osm_xml",
    ".pbf": "osm_pbf",
    ".xlsx": "sedena",
    ".csv": "dated_seizures",
    ".gz": "bts",
    ".zip": "transborder",
    ".json": "cbp_wait",
    ".parquet": "travel_mapping",
    ".tif": "population",
}
"""Formats and tables as which a run reads files whose names say none."""
RUN = ("run", "--point", "--worlds", "2", "--partial", "--out", "{out}", "--config")


class Try(NamedTuple):
    """A command, and what came of it."""

    file: str
    command: str
    code: int
    seconds: float
    cpu: float
    silent: float
    megabytes: int
    said: str

    @property
    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        return [
            name
            for name, wrong in {
                "traceback": "Traceback (most recent" in self.said,
                "other exit code": self.code not in {0, 2, 3},
                "silent for over 30 s": self.silent > SILENT_SECONDS,
                "over 2 GB": self.megabytes > LARGE_MB,
            }.items()
            if wrong
        ]


def tried(words: list[str], file: str) -> Try:
    """Run the command line in a child process, and return what came of it."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        for stream in (1, 2):
            os.dup2(write, stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8") for stream in (1, 2))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
        sys.argv = ["corridors", *words]
        code: object = 1
        try:
            command_line()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        except BaseException:  # noqa: BLE001 - what is looked for, as the interpreter would print it
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 1)
    os.close(write)
    begin = heard = time.monotonic()
    silent, said = 0.0, b""
    while True:
        ready, _, _ = select.select([read], [], [], 0.2)
        now = time.monotonic()
        silent = max(silent, now - heard)
        if ready:
            heard = now
            part = os.read(read, 1 << 16)
            said += part
            if not part:
                break
        if _resident(child) > MOST_BYTES:
            os.killpg(child, signal.SIGKILL)
    os.close(read)
    _, status, used = os.wait4(child, 0)
    return Try(
        file,
        words[0],
        os.waitstatus_to_exitcode(status),
        time.monotonic() - begin,
        used.ru_utime + used.ru_stime,
        silent,
        used.ru_maxrss >> 10,
        said.decode(errors="replace"),
    )


def _resident(child: int) -> int:
    """Return the resident memory of a process in bytes, 0 where it has ended."""
    try:
        pages = Path(f"/proc/{child}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(pages[1]) * resource.getpagesize() if pages else 0


def commands(path: Path, folder: Path) -> list[list[str]]:
    """Return the commands that a file is given to."""
    asked, out = [["check", str(path)]], folder / "out"
    run = [word.format(out=out) for word in RUN]
    if path.suffix == ".toml":
        return [*asked, [*run, str(path)], ["whatif", str(path), "--point", "--out", str(out)]]
    if path.name.startswith("manifest"):
        place = folder / "finished"
        place.mkdir(exist_ok=True)
        (place / "manifest.json").write_bytes(path.read_bytes())
        return [*asked, ["brief", "--all", "--run", str(place)]]
    named = path.name.split("__")[0].removeprefix("table_")
    form = named if named in {*FORMATS, *SCHEMAS} else BY_SUFFIX.get(path.suffix, "sedena")
    for key in ("population", "elevation") if form == "population" else (form,):
        own = (
            f'mine = {{ file = {str(path)!r}, format = "{form}" }}'
            if form in FORMATS
            else f"{key} = {str(path)!r}"
        )
        settings = folder / f"{key}.toml"
        settings.write_text(f"[data]\n{own}\n", encoding="utf-8")
        asked.append([*run, str(settings)])
    return asked


def main() -> None:
    """Try every file, print a line for each that did not end as it should, and save the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, nargs="*", default=[], help="more folders of files")
    parser.add_argument("--only", default="", help="files whose name matches")
    parser.add_argument("--bombs", type=Path, help="folder for bombs, a temporary one by default")
    asked = parser.parse_args()
    for name in (
        "corridors.cli.app",
        "corridors.jobs.run",
        "corridors.jobs.check",
    ):  # so that a child begins at once
        import_module(name)
    counts, largest, longest, found = Counter[str](), 0, 0.0, list[str]()
    with tempfile.TemporaryDirectory() as temporary:
        bombs = asked.bombs or Path(temporary) / "bombs"
        write_bombs(bombs)
        files = sorted(
            path
            for place in (CASES, bombs, *asked.cases)
            for path in place.rglob("*")
            if path.is_file() and path.name != "expected.txt" and re.search(asked.only, path.name)
        )
        for path in files:
            with tempfile.TemporaryDirectory() as folder:
                for words in commands(path, Path(folder)):
                    one = tried(words, path.name)
                    print(
                        f"{one.file} {one.command}: exit {one.code}, {one.cpu:.1f} s of {one.seconds:.0f}, silent "
                        f"{one.silent:.0f} s, {one.megabytes} MB {', '.join(one.faults).upper()}",
                        flush=True,
                    )
                    counts[f"{one.command}: exit code {one.code}"] += 1
                    counts.update(one.faults)
                    largest, longest = max(largest, one.megabytes), max(longest, one.silent)
                    if one.faults:
                        found.append(f"- {one.file}, {one.command}: {', '.join(one.faults)}")
                        print(one.said[-2000:], flush=True)
    text = "\n".join(
        [
            f"`hostile`, {datetime.now(tz=UTC).date()}: {len(files)} files; at most {largest:,} MB, silent for at most {longest:.0f} s.",
            "",
            "| what | times |",
            "|---|---|",
            *(f"| {name} | {times} |" for name, times in sorted(counts.items())),
            *(["", *found] if found else []),
            "",
        ]
    )
    (Path(__file__).parent / "results" / "hostile").with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
