"""What the wheel holds: the package and the shipped data, and not the maintainers' build of that data."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAINTAINERS = "corridors/default_data"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the wheel by name."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_build_of_the_data_is_left_out(wheel: dict[str, bytes]) -> None:
    assert not [name for name in wheel if name.startswith(MAINTAINERS)]
    packed = {name for name in wheel if name.startswith("corridors/") and name.endswith(".py")}
    kept = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "corridors").rglob("*.py")
        if not path.is_relative_to(ROOT / MAINTAINERS) and "node_modules" not in path.parts
    }
    assert packed == kept


def test_the_data_are_packed(wheel: dict[str, bytes]) -> None:
    shipped = {str(path.relative_to(ROOT / "data")) for path in (ROOT / "data").rglob("*") if path.is_file()}
    assert {name.removeprefix("corridors/_data/") for name in wheel if "/_data/" in name} == shipped
    assert "corridors/sources/download/downloads.toml" in wheel


def test_nothing_packed_imports_the_build_of_the_data(wheel: dict[str, bytes]) -> None:
    for name, content in wheel.items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(content)):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [module for module in modules if "default_data" in module], name
