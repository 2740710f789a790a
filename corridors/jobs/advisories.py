"""Known faults of packages, from a database of OSV that the user has: no network access.

OSV (https://osv.dev) publishes its records of the ecosystem PyPI as one zip of JSON files. A record says of a package which
versions are affected, as a list and as ranges of events; the algorithm here is the one that OSV's schema gives under
"Evaluation" (https://ossf.github.io/osv-schema/). What cannot be compared counts as affected, and is marked.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from corridors.core.errors import Fault, InputError
from corridors.core.unreadable import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet

MAX_RECORDS = 1_000_000
"""Maximum files of a database; PyPI's of 2026 has tens of thousands."""
MAX_RECORD = 20_000_000
"""Maximum bytes of a record, unpacked."""
_PURL = "pkg:pypi/"


@dataclass(frozen=True, slots=True)
class Advisory:
    """A record that names a version in use.

    Parameters
    ----------
    package, version
        Package and the version in use.
    id, aliases
        Names of the record, as GHSA-..., CVE-... or PYSEC-...
    summary
        The record's own line, "" where it has none.
    fixed
        Lowest version above the one in use that the record calls fixed, "" where none is named.
    certain
        False where the record's versions cannot be compared with the one in use.
    """

    package: str
    version: str
    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    fixed: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class AdvisoryReport:
    """What a database says of the versions in use.

    Parameters
    ----------
    found
        By package, version and id.
    records
        Records about PyPI that were read, withdrawn ones included.
    newest
        Day of the newest record, as YYYY-MM-DD: what is newer cannot be found.
    packages
        Packages that were looked up.
    """

    found: Sequence[Advisory]
    records: int
    newest: str
    packages: int


def installed_versions() -> dict[str, set[str]]:
    """Return the versions of the packages of this environment, by canonical name."""
    found: dict[str, set[str]] = {}
    for one in distributions():
        if one.metadata["Name"]:
            found.setdefault(canonicalize_name(one.metadata["Name"]), set()).add(one.version)
    return found


def locked_versions(lock: Path) -> dict[str, set[str]]:
    """Return the versions that a lock pins, for any Python and system, by canonical name.

    Raises
    ------
    InputError
        With each line that pins no version.
    """
    with readable(Path(lock.name)):  # a report holds no path
        lines = lock.read_text(encoding="utf-8").splitlines()
    found: dict[str, set[str]] = {}
    faults = []
    for row, line in enumerate(lines, 1):
        text = line.strip().removesuffix("\\").strip()
        if not text or text.startswith(("#", "--hash=")):
            continue
        try:
            one = Requirement(text.partition(" --hash=")[0])
        except InvalidRequirement:
            one = None
        pins = [] if one is None else [each.version for each in one.specifier if each.operator == "=="]
        if one is None or not pins:
            remedy = "Give a lock that names one version of each package, as requirements.lock does."
            faults.append(Fault(lock.name, "a line name==version", repr(text), remedy, row))
        else:
            found.setdefault(canonicalize_name(one.name), set()).update(pins)
    if not found and not faults:
        remedy = "Give a lock that names one version of each package, as requirements.lock does."
        faults.append(Fault(lock.name, "a line name==version", "none", remedy))
    if faults:
        raise InputError(faults)
    return found


def check_advisories(database: Path, versions: Mapping[str, AbstractSet[str]]) -> AdvisoryReport:
    """Return the advisories of a database that name a version in use.

    Parameters
    ----------
    database
        OSV's zip of the ecosystem PyPI.
    versions
        Versions in use, by canonical name of the package.

    Raises
    ------
    InputError
        The file is no zip of OSV records, or one of its records is broken: a database that is read in part would
        promise more than it knows.
    """
    found: list[Advisory] = []
    records, newest = 0, ""
    for record in _records(database):
        about = [(name, one) for one in record["affected"] if (name := _package(one))]
        records += bool(about)
        newest = max(newest, record["modified"][:10]) if about else newest
        if "withdrawn" in record:
            continue
        found += _hits(record, about, versions)
    if not records:
        remedy = "Download all.zip of the ecosystem PyPI from osv.dev."
        raise InputError([Fault(database.name, "records of OSV about packages of PyPI", "none", remedy)])
    found.sort(key=lambda one: (one.package, one.version, one.id))
    return AdvisoryReport(found, records, newest, len(versions))


def _hits(
    record: dict[str, Any],
    about: Sequence[tuple[str, dict[str, Any]]],
    versions: Mapping[str, AbstractSet[str]],
) -> Iterator[Advisory]:
    """Yield an advisory for each version in use that a record names.

    Parameters
    ----------
    record
        As read.
    about
        Package and part of the record about it.
    versions
        Versions in use, by package.
    """
    for package in sorted({name for name, _ in about} & versions.keys()):
        parts = [part for name, part in about if name == package]
        for version in sorted(versions[package]):
            verdicts = [_affects(version, part) for part in parts]
            if all(verdict is False for verdict in verdicts):
                continue
            yield Advisory(
                package,
                version,
                record["id"],
                aliases=tuple(map(str, record.get("aliases") or ())),
                summary=str(record.get("summary") or ""),
                fixed=_fixed(version, parts),
                certain=True in verdicts,
            )


def _records(database: Path) -> Iterator[dict[str, Any]]:
    """Yield each record of a database, checked as far as it is used; raise every fault at the end."""
    remedy = "Download all.zip of the ecosystem PyPI from osv.dev."
    if not zipfile.is_zipfile(database):
        found = "another file" if database.is_file() else "no such file"
        raise InputError([Fault(database.name, "a zip of OSV records", found, remedy)])
    faults = []
    with readable(Path(database.name)), zipfile.ZipFile(database) as archive:
        members = [one for one in archive.infolist() if one.filename.endswith(".json")]
        if len(members) > MAX_RECORDS:
            raise InputError([Fault(database.name, "a zip of OSV records", f"{len(members)} files", remedy)])
        for member in members:
            record = None
            if member.file_size <= MAX_RECORD:
                try:
                    with archive.open(member) as file:
                        record = _checked(json.loads(file.read(MAX_RECORD + 1)))
                except (ValueError, RecursionError, zipfile.BadZipFile, zlib.error):
                    record = None
            if record is None:
                faults.append(
                    Fault(f"{database.name}: {member.filename}", "a record of OSV", "another file", remedy)
                )
            else:
                yield record
    if faults:
        raise InputError(faults)


def _checked(record: Any) -> dict[str, Any] | None:
    """Return a record whose parts are of the kinds that OSV's schema gives them, None where they are not."""
    if not isinstance(record, dict):
        return None
    affected = record.setdefault("affected", [])
    fine = (
        all(isinstance(record.get(name), str) and record[name] for name in ("id", "modified"))
        and isinstance(affected, list)
        and all(isinstance(one, dict) and _has_kinds(one) for one in affected)
        and isinstance(record.get("aliases") or [], list)
    )
    return record if fine else None


def _has_kinds(affected: dict[str, Any]) -> bool:
    """Return whether the part of a record about one package is well formed."""
    package = affected.get("package") or {}
    ranges = affected.get("ranges") or []
    versions = affected.get("versions") or []
    return (
        isinstance(package, dict)
        and all(isinstance(package.get(name, ""), str) for name in ("ecosystem", "name", "purl"))
        and isinstance(versions, list)
        and all(isinstance(one, str) for one in versions)
        and isinstance(ranges, list)
        and all(
            isinstance(one, dict)
            and isinstance(one.get("events"), list)
            and all(
                isinstance(event, dict) and all(isinstance(v, str) for v in event.values())
                for event in one["events"]
            )
            for one in ranges
        )
    )


def _package(affected: dict[str, Any]) -> str:
    """Return the canonical name of the package of PyPI that a part of a record is about, "" where it is of another."""
    package = affected.get("package") or {}
    if package.get("ecosystem", "").partition(":")[0] == "PyPI" and package.get("name"):
        return canonicalize_name(package["name"])
    purl = package.get("purl", "")
    if purl.startswith(_PURL):
        return canonicalize_name(purl.removeprefix(_PURL).partition("@")[0].partition("?")[0])
    return ""


def _affects(version: str, affected: dict[str, Any]) -> bool | None:
    """Return whether a version is affected, None where the versions cannot be compared."""
    listed = affected.get("versions") or []
    ranges = [one for one in affected.get("ranges") or [] if one.get("type") != "GIT"]
    here = _version(version)
    if version in listed or (here is not None and here in map(_version, listed)):
        return True
    if not listed and not ranges:
        return None  # commits alone, or nothing
    verdicts = [_in_range(here, one["events"]) for one in ranges]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _in_range(version: Version | None, events: Sequence[Mapping[str, str]]) -> bool | None:
    """Return whether a version lies in a range of events, None where one of them is no version of PEP 440."""
    lowest = Version("0.dev0")
    kinds = ("fixed", "last_affected", "introduced")  # at one version, what begins there counts last
    steps = []
    for event in events:
        for order, kind in enumerate(kinds):
            if kind in event:
                at = lowest if kind == "introduced" and event[kind] == "0" else _version(event[kind])
                if at is None or version is None:
                    return None
                steps.append((at, order, kind))
    limits = [_version(event["limit"]) for event in events if event.get("limit", "*") != "*"]
    if version is None or None in limits or not steps:
        return None
    if limits and not any(limit is not None and version < limit for limit in limits):
        return False
    inside = False
    for at, _, kind in sorted(steps):
        if kind == "introduced" and (version >= at or at == lowest):
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _fixed(version: str, parts: Sequence[dict[str, Any]]) -> str:
    """Return the lowest version above one in use that a record calls fixed, "" where it names none."""
    here = _version(version)
    named = {
        event["fixed"]
        for part in parts
        for one in part.get("ranges") or []
        if one.get("type") != "GIT"
        for event in one["events"]
        if "fixed" in event
    }
    above = [
        (at, text) for text in named if (at := _version(text)) is not None and here is not None and at > here
    ]
    return min(above)[1] if above else ""


def _version(text: str) -> Version | None:
    """Return a version without its local part, None where it is none of PEP 440."""
    try:
        return Version(Version(text).public)
    except InvalidVersion:
        return None
