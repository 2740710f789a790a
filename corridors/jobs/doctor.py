"""Whether a run would succeed on this computer: versions, tables, caches, memory, disk, browser, and known advisories.

A report may be sent to strangers: it holds no path but the last name of a folder, and no name of a user or computer.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import corridors
from corridors.core.browser import find_browser
from corridors.core.files import sha256
from corridors.core.kernel_cache import VARIABLE, is_writable
from corridors.jobs.advisories import check_advisories, installed_versions, locked_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

State = Literal["fine", "note", "fault"]
MEMORY_GB, QUICK_GB = 3.5, 1.1
"""Memory that a run of the posterior and a quick look take, as README.md says."""
DISK_MB = 300
"""Space that a run's folder and its new copy take, with room for briefs in both."""
OLD_DAYS = 90
"""Days after which a database of advisories is called old."""
PYTHON = ">=3.11"
TEMPORARY = "corridors-kernels-"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    area
        python, versions, tables, caches, memory, disk, browser or advisories.
    what
        What was looked at: a package, a table, a folder's last name, an advisory.
    code
        Which sentence says it; its words, and the remedy, are in the word file of the command.
    state
        "fault" where something would fail, "note" where something optional is missing.
    values
        Values of the sentence.
    """

    area: str
    what: str
    code: str
    state: State = "fine"
    values: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was looked at, in the order of a report."""

    checks: tuple[Check, ...]

    @property
    def fine(self) -> bool:
        """Return whether nothing would fail."""
        return all(one.state != "fault" for one in self.checks)


def doctor(
    *,
    data: Path | None = None,
    advisories: Path | None = None,
    lock: Path | None = None,
    today: date | None = None,
) -> Examination:
    """Check whether a run would succeed on this computer, without any network access.

    Parameters
    ----------
    data
        Folder of the default tables; those of the package by default.
    advisories
        OSV's zip of the ecosystem PyPI, to look up the installed versions in; by default none are looked up.
    lock
        A lock whose versions are looked up in place of the installed ones.
    today
        Day the ages are of; the present one by default.

    Returns
    -------
    examination
        `fine` says whether nothing would fail; `checks` what was seen.

    Raises
    ------
    InputError
        `advisories` or `lock` cannot be read.
    """
    day = today or datetime.now(tz=UTC).date()
    found = [
        *check_versions(),
        *check_tables(data, day),
        *check_cache(),
        *check_temporary(),
        check_memory(free_memory()),
        check_disk(Path.cwd()),
        check_browser(),
    ]
    if advisories is not None:
        found += look_up(advisories, lock, day)
    return Examination(tuple(found))


def check_versions(
    requirements: Iterable[str] | None = None, installed: Callable[[str], str] = version
) -> Iterator[Check]:
    """Yield whether Python and each library are inside their bounds.

    Parameters
    ----------
    requirements
        As metadata write them; those of the installed package by default.
    installed
        Returns the version of a package, or raises PackageNotFoundError.
    """
    python = platform.python_version()
    fits = SpecifierSet(PYTHON).contains(python, prereleases=True)
    values: dict[str, str | float] = {"version": python, "allowed": PYTHON}
    yield Check("versions", "corridors", "own_version", "fine", {"version": corridors.__version__})
    yield Check("versions", "python", *(("version", "fine") if fits else ("python_outside", "fault")), values)
    if requirements is None:
        try:
            requirements = requires("corridors") or ()
        except PackageNotFoundError:
            yield Check("versions", "corridors", "not_installed", "note")
            return
    for text in sorted(requirements, key=str.lower):
        one = Requirement(text)
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        allowed = ",".join(sorted(map(str, one.specifier), reverse=True))
        try:
            found = installed(one.name)
        except PackageNotFoundError:
            yield Check("versions", one.name, "library_absent", "fault", {"allowed": allowed})
            continue
        fits = one.specifier.contains(found, prereleases=True)
        values = {"version": found, "allowed": allowed}
        yield Check("versions", one.name, *(("version", "fine") if fits else ("outside", "fault")), values)


def check_tables(folder: Path | None, today: date) -> Iterator[Check]:
    """Yield whether each table is as its catalog says, and its age in years; the shipped ones where no folder is given."""
    try:
        from corridors.jobs.inputs import default_data
        from corridors.sources.tables import age_years, read_catalog

        folder = folder or default_data()
        sources = read_catalog(folder)
    except Exception:  # noqa: BLE001 - a broken library is found here too, and its words may hold a path
        yield Check("tables", "catalog.csv", "catalog_unread", "fault")
        return
    for source in sources.values():
        path = folder / source.file
        age = age_years(source.period, today)
        values: dict[str, str | float] = {"period": source.period} | ({} if age is None else {"age": age})
        if not path.is_file():
            yield Check("tables", source.id, "table_absent", "fault", values)
        elif _digest(path) != source.sha256:
            yield Check("tables", source.id, "table_changed", "fault", values)
        else:
            yield Check("tables", source.id, "table" if age is None else "aged_table", "fine", values)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, "" where it cannot be read."""
    try:
        return sha256(path)
    except OSError:
        return ""


def check_cache(package: Path | None = None) -> Iterator[Check]:
    """Yield where numba keeps the compiled kernels, whether that can be written, and how much is there.

    Parameters
    ----------
    package
        Folder of the package; the installed one by default.
    """
    package = package or Path(corridors.__file__).parent
    asked = os.environ.get(VARIABLE)
    if asked and Path(asked).name.startswith(TEMPORARY):
        yield Check("caches", VARIABLE, "cache_temporary", "note")
        return
    if asked:
        folder, name, files = Path(asked), VARIABLE, Path(asked).rglob("*.nb[ci]")
    elif is_writable(package / "inference" / "__pycache__"):
        folder, name, files = package / "inference" / "__pycache__", "corridors", package.rglob("*.nb[ci]")
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))  # noqa: PTH111 - Path raises without a home
        folder, name, files = home / "numba", "numba", (home / "numba").rglob("*.nb[ci]")
    if is_writable(folder):
        yield Check("caches", name, "cache", "fine", {"megabytes": round(_size(files) / 1e6, 1)})
    else:
        yield Check("caches", name, "cache_unwritable", "fault")


def check_temporary() -> Iterator[Check]:
    """Yield whether there is a folder for temporary files."""
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError:
        yield Check("caches", "TMPDIR", "temporary_absent", "fault")
        return
    yield Check(
        "caches", "TMPDIR", "temporary", "fine", {"megabytes": shutil.disk_usage(folder).free // 10**6}
    )


def check_memory(free: int | None) -> Check:
    """Return whether free memory, in bytes, suffices for a run; None where it is not known."""
    if free is None:
        return Check("memory", "memory", "memory_unknown", "note", {"needed": MEMORY_GB})
    values: dict[str, str | float] = {"free": round(free / 1e9, 1), "needed": MEMORY_GB, "quick": QUICK_GB}
    if free >= MEMORY_GB * 1e9:
        return Check("memory", "memory", "memory", "fine", values)
    return Check(
        "memory", "memory", "memory_low" if free >= QUICK_GB * 1e9 else "memory_too_low", "fault", values
    )


def free_memory(proc: Path = Path("/proc"), group: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return bytes of memory that a program can take, within the limit of a container; None where Linux does not say.

    Parameters
    ----------
    proc, group
        Where the kernel describes memory, and the control group of this process.
    """
    try:
        lines = (proc / "meminfo").read_text(encoding="ascii").splitlines()
        sizes = {
            name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)
        }
        free = sizes["MemAvailable"]
    except (OSError, ValueError, KeyError, IndexError):
        return None
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))  # "max" where there is none
        used = int((group / "memory.current").read_text(encoding="ascii"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text(encoding="ascii").splitlines())
    except (OSError, ValueError):
        return free
    return max(0, min(free, limit - used + int(stat.get("inactive_file", 0))))


def check_disk(folder: Path) -> Check:
    """Return whether a folder, in which runs are written, has room for one and can be written."""
    free = shutil.disk_usage(folder).free / 1e6
    values: dict[str, str | float] = {"free": round(free), "needed": DISK_MB}
    if not is_writable(folder):
        return Check("disk", "maps", "folder_unwritable", "fault", values)
    return Check("disk", "maps", *(("disk", "fine") if free >= DISK_MB else ("disk_low", "fault")), values)


def check_browser(find: Callable[[], str | None] = find_browser) -> Check:
    """Return whether a browser is found for PDFs; without one pages are printed by hand."""
    found = find()
    if not found:
        return Check("browser", "PDF", "browser_absent", "note")
    name = Path(found).name
    if shutil.which(found) is None:
        return Check("browser", "PDF", "browser_wrong", "note", {"name": name})
    return Check("browser", "PDF", "browser", "fine", {"name": name})


def look_up(database: Path, lock: Path | None, today: date) -> Iterator[Check]:
    """Yield each advisory that names a version in use, then what the database is."""
    report = check_advisories(database, locked_versions(lock) if lock else installed_versions())
    for one in report.found:
        values: dict[str, str | float] = {
            "package": one.package,
            "version": one.version,
            "aliases": ", ".join(one.aliases),
            "summary": one.summary,
            "fixed": one.fixed,
        }
        code = "advisory_unsure" if not one.certain else "advisory_fixed" if one.fixed else "advisory"
        yield Check("advisories", one.id, code, "fault", values)
    read: dict[str, str | float] = {
        "records": report.records,
        "newest": report.newest,
        "packages": report.packages,
        "found": len(report.found),
    }
    try:
        old = (today - date.fromisoformat(report.newest)).days > OLD_DAYS
    except ValueError:
        old = True
    yield Check("advisories", "OSV", *(("database_old", "note") if old else ("database", "fine")), read)


def _size(files: Iterable[Path]) -> int:
    """Return bytes of files, those left out that vanish meanwhile."""
    total = 0
    for one in files:
        try:
            total += one.stat().st_size
        except OSError:
            continue
    return total
