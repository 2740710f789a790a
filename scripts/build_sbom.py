"""Write the software bill of materials and the inventory of licenses, from the lock and what packages say of themselves.

    .venv/bin/python scripts/build_sbom.py            # writes docs/sbom.cdx.json and docs/dependencies.md
    .venv/bin/python scripts/build_sbom.py --check    # exit 1 where they are not what the lock gives

The lock serves several versions of Python and Windows, and one environment holds a part of it. What other pins are
licensed under is kept from the former file where the pin is the same; `--also FOLDER` (may be repeated) adds the packages
of another environment, as `lib/python3.12/site-packages`. A pin of which no license is known is an error.

The format is CycloneDX 1.6, plain JSON that is written here: the library for it, cyclonedx-python-lib, would put six more
packages into the lock for one page of dictionaries. Its strict validator accepts the file. Nothing in the files depends on
the day or the machine. Hashes are left out: a pin has one for each of its wheels, and the lock lists them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK, PROJECT = ROOT / "requirements.lock", ROOT / "pyproject.toml"
SBOM, PAGE = ROOT / "docs/sbom.cdx.json", ROOT / "docs/dependencies.md"
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_EXTRA = re.compile(r"extra == [\"']([^\"']+)")
READ_IN_THE_PACKAGE = {
    "axe-playwright-python": "MIT",
    "polyline": "MIT",
    "xstatic-leaflet": "BSD-2-Clause",
}
"""Licenses of packages whose metadata name none: read in their LICENSE files; XStatic-Leaflet says "same as Leaflet"."""
NAMED_LOOSELY = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD License",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0",
}
"""Names in metadata that mean one license, with its SPDX identifier. "BSD License" means one of several and stays a name."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package of the lock: name, version, and the environments it is for ("" for all)."""

    name: str
    version: str
    marker: str = ""

    @property
    def ref(self) -> str:
        """Return the package URL, which also identifies the component inside the file."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_pins(lock: str) -> list[Pin]:
    """Return the pins of a lock in its order.

    Raises
    ------
    ValueError
        Where a line that is no hash and no comment is no pin: a bill that leaves a package out would be wrong.
    """
    pins = []
    for number, line in enumerate(lock.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", "--hash=")):
            continue
        match = _PIN.match(line.strip())
        if match is None:
            raise ValueError(f"requirements.lock, line {number}: expected name==version, found {line!r}")
        pins.append(Pin(canonicalize_name(match["name"]), match["version"], match["marker"] or ""))
    return pins


def license_of(found: Distribution) -> str:
    """Return the license of an installed package as an SPDX expression, in its own words where it is none, "" if unknown."""
    name = canonicalize_name(found.metadata["Name"])
    said = [
        field(found, "License-Expression"),
        READ_IN_THE_PACKAGE.get(name),
        field(found, "License"),
    ]
    classes = [
        each.rpartition(" :: ")[2]
        for each in found.metadata.get_all("Classifier") or []
        if each.startswith("License :: ")
    ]
    for one in filter(None, said):
        if text := spdx(NAMED_LOOSELY.get(one, one)):
            return text
    loose = NAMED_LOOSELY.get(field(found, "License"), "")
    named = {NAMED_LOOSELY.get(one, one) for one in classes} or {loose}
    return " or ".join(sorted(named))


def field(found: Distribution, name: str) -> str:
    """Return the first value of a metadata field, "" where it is absent."""
    return str((found.metadata.get_all(name) or [""])[0])


def spdx(text: str) -> str:
    """Return an SPDX expression in its usual form, "" where a text is none."""
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return ""


def needs_of(found: Distribution, extras: set[str]) -> list[Requirement]:
    """Return what an installed package requires on any Python and system, with those of its extras that are asked for."""
    needs = []
    for text in found.requires or []:
        try:
            one = Requirement(text)
        except InvalidRequirement:  # old metadata; pip would refuse it as well
            continue
        of_extra = set(_EXTRA.findall(str(one.marker or "")))
        if not of_extra or of_extra & extras:
            needs.append(one)
    return needs


def asked_extras(installed: list[Distribution]) -> dict[str, set[str]]:
    """Return the extras of each package that another requires, as `optype[numpy]`."""
    asked: dict[str, set[str]] = {}
    for found in installed:
        for one in needs_of(found, set()):
            asked.setdefault(canonicalize_name(one.name), set()).update(one.extras)
    return asked


def component(pin: Pin, license_text: str, scope: str) -> dict[str, Any]:
    """Return a component of the bill."""
    known = {"expression": spdx(license_text)} if spdx(license_text) else {"license": {"name": license_text}}
    made = {
        "type": "library",
        "bom-ref": pin.ref,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.ref,
        "scope": scope,
        "licenses": [known],
    }
    return made | ({"properties": [{"name": "corridors:marker", "value": pin.marker}]} if pin.marker else {})


def license_text(one: dict[str, Any]) -> str:
    """Return the license of a component as text."""
    (known,) = one["licenses"]
    return str(known["expression"] if "expression" in known else known["license"]["name"])


def build(
    lock: str, project: dict[str, Any], installed: list[Distribution], former: dict[str, Any]
) -> dict[str, Any]:
    """Return the bill of materials.

    Parameters
    ----------
    lock
        Text of requirements.lock.
    project
        Content of pyproject.toml.
    installed
        Packages whose metadata are read.
    former
        The bill as it was, {} where there is none: what pins that are not installed are licensed under, and need.

    Raises
    ------
    ValueError
        Where the license of a pin is not known.
    """
    pins = read_pins(lock)
    known = {one["purl"]: license_text(one) for one in former.get("components", [])}
    edges = {one["ref"]: one["dependsOn"] for one in former.get("dependencies", [])}
    refs: dict[str, list[str]] = {}
    for pin in pins:
        refs.setdefault(pin.name, []).append(pin.ref)
    asked = asked_extras(installed)
    for one in installed:
        pin = Pin(canonicalize_name(one.metadata["Name"]), one.version)
        if pin.ref in refs.get(pin.name, ()):
            known[pin.ref] = license_of(one)
            names = {canonicalize_name(need.name) for need in needs_of(one, asked.get(pin.name, set()))}
            edges[pin.ref] = sorted(ref for name in names for ref in refs.get(name, ()))
    unknown = [pin.ref for pin in pins if not known.get(pin.ref)]
    if unknown:
        raise ValueError(f"no license is known of: {', '.join(unknown)}. Give its environment by --also.")
    direct = direct_refs(project["project"]["dependencies"], refs)
    needed = reached(direct, edges)
    components = [
        component(pin, known[pin.ref], "required" if pin.ref in needed else "excluded")
        for pin in sorted(pins, key=lambda pin: (pin.name, pin.version))
    ]
    dev = direct_refs(project["dependency-groups"]["dev"], refs)
    if strangers := {pin.ref for pin in pins} - reached([*direct, *dev], edges):
        raise ValueError(f"in the lock, and required by nothing: {', '.join(sorted(strangers))}")
    own = "pkg:pypi/corridors"
    dependencies = [{"ref": own, "dependsOn": direct}] + [
        {"ref": one["bom-ref"], "dependsOn": edges.get(one["bom-ref"], [])} for one in components
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([components, dependencies], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "corridors",
                "purl": own,
                "licenses": [{"license": {"id": project["project"]["license"]}}],
            },
        },
        "components": components,
        "dependencies": dependencies,
    }


def direct_refs(requirements: list[str], refs: dict[str, list[str]]) -> list[str]:
    """Return the pins of what pyproject.toml itself requires."""
    names = {canonicalize_name(Requirement(text).name) for text in requirements}
    return sorted(ref for name in names for ref in refs.get(name, ()))


def reached(start: list[str], edges: dict[str, list[str]]) -> set[str]:
    """Return the pins that are needed by some, directly or not."""
    found: set[str] = set()
    ahead = list(start)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += edges.get(one, [])
    return found


def page(bill: dict[str, Any]) -> str:
    """Return the inventory of licenses: first those that ask for more than a notice, then a row a package."""
    parts = bill["components"]
    shared = [one for one in parts if re.search(r"GPL|MPL|EPL|CDDL", license_text(one))]
    counts = {scope: sum(one["scope"] == scope for one in parts) for scope in ("required", "excluded")}
    lines = [
        "# Dependencies and their licenses",
        "",
        "Generated by `scripts/build_sbom.py` from `requirements.lock` and the metadata of each package; do not edit. The same for",
        "programs, in CycloneDX 1.6: [sbom.cdx.json](sbom.cdx.json). Terms of the data tables: [LICENSES.md](../data/LICENSES.md).",
        "",
        f"{counts['required']} pins are needed to run Corridors, {counts['excluded']} only to test and build it. A package stands in two rows",
        'where Python 3.11 takes another version than later ones. A name such as "BSD License" is all that the package\'s metadata say.',
        "A wheel may hold compiled libraries under terms of their own (GDAL, GEOS, PROJ, OpenBLAS ...), which its own license",
        "files list; this table does not. Corridors itself is under the MIT license and includes none of these packages, with one",
        "exception: maps embed the Leaflet of `xstatic-leaflet`, with its notice.",
        "",
        "## Copyleft",
        "Whoever passes these on, for example inside a container or an installer, must meet their terms. Corridors does not: pip",
        "gets them from their publishers.",
        "",
        "| package | version | license | needed to run |",
        "|---|---|---|---|",
        *(row(one) for one in shared),
        "",
        "## All",
        "| package | version | license | needed to run |",
        "|---|---|---|---|",
        *(row(one) for one in parts),
        "",
    ]
    return "\n".join(lines)


def row(one: dict[str, Any]) -> str:
    """Return a component as a row of a table."""
    marker = "".join(f" ({each['value']})" for each in one.get("properties", []))
    needed = "yes" if one["scope"] == "required" else "no"
    return f"| {one['name']} | {one['version']}{marker} | {license_text(one)} | {needed} |"


def texts(also: list[str], former: dict[str, Any]) -> dict[Path, str]:
    """Return each file with what the lock gives for it."""
    installed = [one for folder in also for one in distributions(path=[folder])] + list(distributions())
    bill = build(
        LOCK.read_text(encoding="utf-8"),
        tomllib.loads(PROJECT.read_text(encoding="utf-8")),
        installed,
        former,
    )
    return {SBOM: json.dumps(bill, indent=1, ensure_ascii=False) + "\n", PAGE: page(bill)}


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 where a file differs.")
    parser.add_argument(
        "--also", action="append", default=[], help="Folder of packages of another environment."
    )
    asked = parser.parse_args()
    former = json.loads(SBOM.read_text(encoding="utf-8")) if SBOM.is_file() else {}
    made = texts(asked.also, former)
    if asked.check:
        stale = [
            path
            for path, text in made.items()
            if not path.is_file() or path.read_text(encoding="utf-8") != text
        ]
        for path in stale:
            print(
                f"{path.relative_to(ROOT)} is not what the lock gives; run scripts/build_sbom.py",
                file=sys.stderr,
            )
        return bool(stale)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
