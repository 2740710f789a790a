"""Advisories of a database in OSV's format: which versions a record names, and what is no database."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st
from packaging.version import Version

from corridors.core.errors import InputError
from corridors.jobs.advisories import (
    Advisory,
    _in_range,
    check_advisories,
    installed_versions,
    locked_versions,
)

if TYPE_CHECKING:
    from pathlib import Path

IN_USE = {"maps": {"1.5", "2.1+cpu"}, "my-roads": {"0.3"}, "old": {"2004d-r1"}}


def record(
    name: str, *, ident: str = "GHSA-1", modified: str = "2026-11-01T00:00:00Z", **affected: Any
) -> dict[str, Any]:
    """Return a record about one package."""
    package = affected.pop("package", {"ecosystem": "PyPI", "name": name})
    more = affected.pop("more", {})
    return {"id": ident, "modified": modified, "affected": [{"package": package, **affected}], **more}


def events(*pairs: str, kind: str = "ECOSYSTEM") -> list[dict[str, Any]]:
    """Return one range of events written "introduced 0", "fixed 2.0"."""
    return [{"type": kind, "events": [dict([pair.split(" ")]) for pair in pairs]}]


def database(folder: Path, *records: Any) -> Path:
    """Return a database of records; a text or bytes goes in as it is."""
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, one in enumerate(records):
            archive.writestr(f"{number}.json", one if isinstance(one, str | bytes) else json.dumps(one))
    return path


def hits(folder: Path, *records: Any) -> list[tuple[str, str]]:
    """Return (package, version) of what a database of records names."""
    return [(one.package, one.version) for one in check_advisories(database(folder, *records), IN_USE).found]


@pytest.mark.parametrize(
    ("affected", "named"),
    [
        ({"ranges": events("introduced 0", "fixed 1.5")}, []),
        ({"ranges": events("introduced 0", "fixed 1.6")}, ["1.5"]),
        ({"ranges": events("introduced 0", "last_affected 1.5")}, ["1.5"]),
        ({"ranges": events("introduced 0", "last_affected 2.1")}, ["1.5", "2.1+cpu"]),
        ({"ranges": events("fixed 2.2", "introduced 2.0", "fixed 1.0", "introduced 0")}, ["2.1+cpu"]),
        ({"ranges": events("introduced 0", "limit 1.5")}, []),
        ({"ranges": events("introduced 0", "limit *")}, ["1.5", "2.1+cpu"]),
        ({"ranges": events("introduced 1.5rc1", "fixed 1.5.0.post1", kind="SEMVER")}, ["1.5"]),
        ({"ranges": events("introduced 0", "fixed 1.0") + events("introduced 2.0")}, ["2.1+cpu"]),
        ({"versions": ["1.5.0", "1.7"]}, ["1.5"]),
        ({"versions": ["1.0"], "ranges": events("introduced abcdef", kind="GIT")}, []),
    ],
)
def test_versions_are_compared_as_pip_does(
    tmp_path: Path, affected: dict[str, Any], named: list[str]
) -> None:
    assert hits(tmp_path, record("Maps", **affected)) == [("maps", version) for version in named]


def test_what_cannot_be_compared_is_named_and_marked(tmp_path: Path) -> None:
    one = record("maps", ranges=events("introduced abc", "fixed 1.0"))
    two = record("old", ident="GHSA-2", ranges=events("introduced 0", "fixed 1.0"))
    three = record("my_roads", ident="GHSA-3", ranges=events("introduced abc", kind="GIT"))
    found = check_advisories(database(tmp_path, one, two, three), IN_USE).found
    assert [(each.id, each.version, each.certain) for each in found] == [
        *(("GHSA-1", "1.5", False), ("GHSA-1", "2.1+cpu", False)),
        *(("GHSA-3", "0.3", False), ("GHSA-2", "2004d-r1", False)),
    ]
    listed = record("old", versions=["2004d-r1"])
    (known,) = check_advisories(database(tmp_path, listed), IN_USE).found
    assert known.certain


def test_names_are_canonical_and_other_ecosystems_are_not_ours(tmp_path: Path) -> None:
    every = events("introduced 0")
    assert hits(tmp_path, record("My.Roads", ranges=every)) == [("my-roads", "0.3")]
    assert hits(tmp_path, record("", package={"purl": "pkg:pypi/my-roads"}, ranges=every)) == [
        ("my-roads", "0.3")
    ]
    mine = record("stranger", ranges=every)
    assert hits(tmp_path, record("", package={"ecosystem": "npm", "name": "maps"}, ranges=every), mine) == []
    assert hits(tmp_path, record("maps", ranges=every, more={"withdrawn": "2026-01-01T00:00:00Z"})) == []


def test_a_report_says_what_it_rests_on(tmp_path: Path) -> None:
    said = {"aliases": ["CVE-2026-1"], "summary": "It draws what it should not"}
    one = record("my_roads", ranges=events("introduced 0", "fixed 0.10", "fixed 0.9"), more=said)
    two = record("stranger", ident="GHSA-2", modified="2026-11-20T10:00:00Z", versions=["1"])
    three = record("", modified="2026-12-31", package={"ecosystem": "npm", "name": "x"}, versions=["1"])
    found = check_advisories(database(tmp_path, one, two, three), IN_USE)
    assert (found.records, found.newest, found.packages) == (2, "2026-11-20", 3)
    assert found.found == [
        Advisory("my-roads", "0.3", "GHSA-1", ("CVE-2026-1",), "It draws what it should not", "0.9")
    ]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=4), st.integers(0, 6))
def test_ranges_are_half_open_intervals(spans: list[tuple[int, int]], version: int) -> None:
    """Disjoint spans [low, high) as events in any order, against the same by comparison."""
    edges = sorted({edge for span in spans for edge in span})
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    steps = [{"introduced": str(low)} for low, _ in pairs] + [{"fixed": str(high)} for _, high in pairs[::-1]]
    expected = any(low <= version < high for low, high in pairs) if pairs else None
    assert _in_range(Version(str(version)), steps) is expected


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("[]", "all.zip: 1.json"),
        ("{", "all.zip: 1.json"),
        (b"\xff\xfe", "all.zip: 1.json"),
        ("[" * 100_000, "all.zip: 1.json"),
        ('{"id": "X"}', "all.zip: 1.json"),
        ('{"id": "X", "modified": "2026", "affected": [3]}', "all.zip: 1.json"),
        ('{"id": "X", "modified": "2026", "affected": [{"ranges": [{}]}]}', "all.zip: 1.json"),
        ('{"id": "X", "modified": "2026", "affected": [{"versions": [1]}]}', "all.zip: 1.json"),
    ],
)
def test_a_broken_record_is_a_fault(tmp_path: Path, content: str | bytes, place: str) -> None:
    with pytest.raises(InputError) as caught:
        check_advisories(database(tmp_path, record("maps", versions=["9"]), content, "3"), IN_USE)
    assert [fault.file for fault in caught.value.faults] == [place, "all.zip: 2.json"]


def test_what_is_no_database_is_a_fault(tmp_path: Path) -> None:
    other = tmp_path / "maps.csv"
    other.write_text("a,b\n", encoding="utf-8")
    for path, found in ((other, "another file"), (tmp_path / "none.zip", "no such file")):
        with pytest.raises(InputError, match=found) as caught:
            check_advisories(path, IN_USE)
        assert str(tmp_path) not in str(caught.value)
    with pytest.raises(InputError, match="records of OSV about packages of PyPI, found none"):
        check_advisories(database(tmp_path), IN_USE)
    whole = database(tmp_path, record("maps", versions=["1.5"] * 500)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:300] + b"\0" * 40 + whole[340:])
    with pytest.raises(InputError, match=r"cut\.zip"):
        check_advisories(tmp_path / "cut.zip", IN_USE)


def test_a_lock_gives_every_pin(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "# made by a tool\nMy_Roads==0.3 ; python_full_version < '3.12' \\\n    --hash=sha256:00\nmy-roads==0.4\nmaps==1.5 --hash=sha256:01\n",
        encoding="utf-8",
    )
    assert locked_versions(lock) == {"my-roads": {"0.3", "0.4"}, "maps": {"1.5"}}
    lock.write_text("maps>=1\nmaps==1\n???\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        locked_versions(lock)
    assert [fault.row for fault in caught.value.faults] == [1, 3]
    lock.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="found none"):
        locked_versions(lock)


def test_this_environment_has_what_runs_the_test() -> None:
    assert {"pytest", "packaging", "corridors"} <= installed_versions().keys()
