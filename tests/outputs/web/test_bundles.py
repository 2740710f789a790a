"""The pages' scripts: bundles, declarations and test vectors are in step with what they are made from; no Node is needed."""

from __future__ import annotations

import hashlib
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.outputs import vectors

ROOT = Path(__file__).parents[3]
WEB = ROOT / "corridors" / "outputs" / "web"
ENTRIES = {
    "article_page.js",
    "brief_page.js",
    "embed.js",
    "map_page.js",
    "notebook.js",
    "report.js",
    "sources_page.js",
    "whatif_page.js",
}


def sources_of(entry: Path) -> set[Path]:
    """Return the modules that a bundle is made of: the entry and all that it imports."""
    found: set[Path] = set()
    left = [entry]
    while left:
        module = left.pop()
        if module in found:
            continue
        found.add(module)
        imports = re.findall(
            r'^(?:import|export|\}) .*?from "\./([\w.]+)";$', module.read_text("utf-8"), re.MULTILINE
        )
        left += [module.parent / name for name in imports]
    return found


def test_there_is_a_bundle_of_every_entry() -> None:
    assert {file.name for file in (WEB / "bundles").iterdir()} == ENTRIES


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_a_bundle_is_made_of_the_sources_as_they_are(name: str) -> None:
    digest = hashlib.sha256()
    for module in sorted(sources_of(WEB / "src" / name), key=lambda file: file.name):
        digest.update(f"{module.name}\n{module.read_text('utf-8')}".encode())
    lock: dict[str, Any] = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    esbuild = lock["packages"]["node_modules/esbuild"]["version"]
    first, _, code = (WEB / "bundles" / name).read_text("utf-8").partition("\n")
    assert first == f"/* {name}: sources {digest.hexdigest()[:16]}, esbuild {esbuild} */", (
        "run scripts/bundle"
    )
    assert code.startswith('"use strict";')


def test_every_module_is_in_a_bundle() -> None:
    used = set().union(*(sources_of(WEB / "src" / name) for name in ENTRIES))
    assert {file.name for file in used} == {file.name for file in (WEB / "src").glob("*.js")}


def test_the_lock_names_no_registry() -> None:
    for name in ("package-lock.json", "node.lock", ".npmrc"):
        assert not re.search(
            r"https?://[^\"]*registr|resolved", (WEB / name).read_text("utf-8").replace("-resolved=", "")
        )


def test_declarations_are_in_step_with_their_description() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "build_page_types.py"))["declarations"]()
    assert (WEB / "src" / "payloads.d.ts").read_text("utf-8") == made, "run scripts/build_page_types.py"


def test_vectors_are_what_python_writes() -> None:
    assert vectors.FILE.read_text("utf-8") == vectors.written(), "run python -m tests.outputs.vectors"


def test_what_python_packs_is_near_what_it_was() -> None:
    made = vectors.vectors()
    for row in made["shares"]:
        exact = [value if value >= 1e-6 else 0 for value in row["values"]]
        assert vectors.unpack_shares(row["code"]).tolist() == pytest.approx(exact, rel=0.0035)
