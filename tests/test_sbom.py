"""The bill of materials and the inventory of licenses: complete, as CycloneDX asks, and as the lock and packages say."""

from __future__ import annotations

import json
import re
import tomllib
from email.message import EmailMessage
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.licenses import canonicalize_license_expression
from packaging.utils import canonicalize_name

from scripts import build_sbom
from scripts.build_sbom import Pin, build, license_of, license_text, read_pins

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
BILL: dict[str, Any] = json.loads((ROOT / "docs/sbom.cdx.json").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = {
    "project": {"dependencies": ["maps>=1"], "license": "MIT"},
    "dependency-groups": {"dev": ["tests"]},
}


class Package(Distribution):
    """A package that is nowhere: metadata alone."""

    def __init__(
        self, name: str, version: str, *, needs: Iterable[str] = (), classes: Iterable[str] = (), **said: str
    ) -> None:
        self.text = EmailMessage()
        for key, value in (("Name", name), ("Version", version), *said.items()):
            self.text[key.replace("_", "-")] = value
        for one in needs:
            self.text["Requires-Dist"] = one
        for one in classes:
            self.text["Classifier"] = f"License :: {one}"

    def read_text(self, filename: str) -> str | None:
        """Return the metadata."""
        return self.text.as_string() if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        """Return no file: there is none."""
        raise FileNotFoundError(path)


LOCK = """maps==1.0 ; python_full_version < '3.12' \\
    --hash=sha256:00
maps==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:01
wheels==3.1 \\
    --hash=sha256:02
tests==4 \\
    --hash=sha256:03
"""
PACKAGES = [
    Package("maps", "1.0", needs=["Wheels[round]>=3", "absent; extra == 'all'"], License_Expression="mit"),
    Package("wheels", "3.1", License="Apache Software License"),
    Package("tests", "4", classes=["OSI Approved :: BSD License"]),
]
FORMER: dict[str, Any] = {
    "components": [{"purl": "pkg:pypi/maps@2.0", "licenses": [{"license": {"name": "Own terms"}}]}],
    "dependencies": [{"ref": "pkg:pypi/maps@2.0", "dependsOn": []}],
}


def test_the_files_are_what_the_lock_gives() -> None:
    for path, text in build_sbom.texts([], BILL).items():
        assert path.read_text(encoding="utf-8") == text, "run scripts/build_sbom.py"


def test_it_has_what_cyclonedx_requires() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", BILL["serialNumber"])
    refs = [one["bom-ref"] for one in BILL["components"]] + [BILL["metadata"]["component"]["bom-ref"]]
    assert len(refs) == len(set(refs))
    for one in BILL["components"]:
        assert one["type"] == "library"
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        assert one["scope"] in {"required", "excluded"}
        for known in one["licenses"]:
            if "expression" in known:
                assert canonicalize_license_expression(known["expression"]) == known["expression"]
    for edge in BILL["dependencies"]:
        assert {edge["ref"], *edge["dependsOn"]} <= set(refs)


def test_every_pin_of_the_lock_is_there_and_nothing_else() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", lock, re.MULTILINE)
    assert len(pinned) > 100
    assert {(canonicalize_name(name), version) for name, version in pinned} == {
        (one["name"], one["version"]) for one in BILL["components"]
    }


def test_a_license_is_known_of_each_and_installed_packages_agree() -> None:
    said = {one["purl"]: license_text(one) for one in BILL["components"]}
    assert all(said.values())
    installed = {
        Pin(canonicalize_name(one.metadata["Name"]), one.version).ref: license_of(one)
        for one in distributions()
    }
    shared = said.keys() & installed.keys()
    assert len(shared) > 30
    assert {ref: said[ref] for ref in shared} == {ref: installed[ref] for ref in shared}


def test_copyleft_is_named_in_the_page() -> None:
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    first = page[page.index("## Copyleft") : page.index("## All")]
    copyleft = {one["name"] for one in BILL["components"] if "GPL" in license_text(one)}
    assert {"recurring-ical-events", "x-wr-timezone"} <= copyleft
    assert all(f"| {name} |" in first for name in copyleft)


def test_what_a_run_needs_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    scopes = {one["name"]: one["scope"] for one in BILL["components"]}
    names = [
        canonicalize_name(re.split(r"[<>=!~\[; ]", text)[0]) for text in project["project"]["dependencies"]
    ]
    assert {name: scopes[name] for name in names} == dict.fromkeys(names, "required")
    assert scopes["pytest"] == scopes["mypy"] == "excluded"


def test_a_bill_by_hand() -> None:
    bill = build(LOCK, PROJECT, list(PACKAGES), FORMER)
    assert [(one["name"], one["version"], one["scope"], license_text(one)) for one in bill["components"]] == [
        ("maps", "1.0", "required", "MIT"),
        ("maps", "2.0", "required", "Own terms"),
        ("tests", "4", "excluded", "BSD License"),
        ("wheels", "3.1", "required", "Apache-2.0"),
    ]
    assert bill["dependencies"][1] == {"ref": "pkg:pypi/maps@1.0", "dependsOn": ["pkg:pypi/wheels@3.1"]}
    assert build(LOCK, PROJECT, list(PACKAGES), bill) == bill
    other = build(
        LOCK.replace("==3.1", "==3.2"), PROJECT, [*PACKAGES, Package("wheels", "3.2", License="MIT")], FORMER
    )
    assert other["serialNumber"] != bill["serialNumber"]


def test_an_unknown_license_a_stranger_and_a_broken_line_are_errors() -> None:
    with pytest.raises(ValueError, match=r"no license is known of: pkg:pypi/maps@2\.0"):
        build(LOCK, PROJECT, list(PACKAGES), {})
    with pytest.raises(ValueError, match="required by nothing: pkg:pypi/tests@4"):
        build(LOCK, PROJECT | {"dependency-groups": {"dev": []}}, list(PACKAGES), FORMER)
    with pytest.raises(ValueError, match="line 1: expected name==version, found 'maps>=1'"):
        read_pins("maps>=1")
