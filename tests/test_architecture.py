"""Rooms import only `base`; `pipeline` and what stands on it compose them; `inference` sees no geometry; folium stays in one module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "corridors"
ROOMS = {"base", "sources", "network", "inference", "show"}
COMPOSERS = {
    "agenda", "assumptions", "bench", "brief_tables", "briefs", "cli", "consular", "doubt", "finished", "inputs", "listing", "manifest", "options", "pipeline", "validation", "whatif",
}  # fmt: skip
SETTINGS = {"config", "settings", "settings_page"}
BANNED = {
    "base": {"folium", "rasterio", "requests", "urllib"},
    "inference": {"geopandas", "shapely", "folium", "rasterio", "pathlib", "networkx", "osmnx", "pyproj"},
    "network": {"folium", "requests", "urllib"},
    "show": {"requests", "urllib", "networkx", "osmnx"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(text: str, package: tuple[str, ...]) -> set[str]:
    """Return every module a source imports, relative ones made absolute."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            stem = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (stem, node.module)))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def faults(path: Path, text: str) -> list[str]:
    """Return what a module imports and should not."""
    parts = path.relative_to(PACKAGE).parts
    seen = imported(text, ("corridors", *parts[:-1]))
    reached = {name.split(".")[1] for name in seen if name.startswith("corridors.")}
    if parts[0] in ROOMS:
        allowed = {"base", parts[0]}
        sideways = (reached & (ROOMS | COMPOSERS | SETTINGS)) - allowed
        banned = {name.split(".")[0] for name in seen} & BANNED.get(parts[0], set())
        return sorted(f"{path.name} imports {name}" for name in sideways | banned)
    if path.stem in SETTINGS:
        return sorted(f"{path.stem} imports {name}" for name in (reached & ROOMS) - {"base"})
    return []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_flow_one_way(path: Path) -> None:
    assert faults(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("inference", "from corridors.network.build import build"),
        ("inference", "from ..show import reduce"),
        ("inference", "import geopandas as gpd"),
        ("show", "import corridors.inference.fit"),
        ("base", "from corridors.sources.tables import load"),
        ("sources", "from corridors.config import Config"),
        ("show", "from corridors.settings import Lens"),
    ],
)
def test_the_rule_bites(room: str, text: str) -> None:
    assert faults(PACKAGE / room / "module.py", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
