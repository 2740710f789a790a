"""Imports flow down the floors, by folder: a reader knows from the folder where a line belongs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "corridors"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each floor may import the floors named before it, and nothing else of ours. A set is one floor.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"core"}),
    frozenset({"sources", "network", "inference", "outputs", "config"}),
    frozenset({"jobs"}),
    frozenset({"bench", "default_data"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
# "*" is the room's loose modules.
INSIDE: dict[str, tuple[frozenset[str], ...]] = {
    "sources": (
        frozenset({"schemas", "reading", "*"}),
        frozenset({"agencies", "roads", "download"}),
    ),
    "inference": (
        frozenset({"routing"}),
        frozenset({"model"}),
        frozenset({"fitting"}),
        frozenset({"*"}),
        frozenset({"validation"}),
    ),
    "outputs": (
        frozenset({"text"}),
        frozenset({"summary"}),
        frozenset({"layers"}),
        frozenset({"files", "web"}),
        frozenset({"pages"}),
        frozenset({"briefs"}),
    ),
}
# Libraries a room has no business with.
BANNED = {
    "core": {"folium", "rasterio", "requests", "urllib"},
    "inference": {"geopandas", "shapely", "folium", "rasterio", "pathlib", "networkx", "osmnx", "pyproj"},
    "network": {"folium", "requests", "urllib"},
    "outputs": {"requests", "urllib", "networkx", "osmnx"},
}


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


def floor_of(name: str, floors: tuple[frozenset[str], ...]) -> int:
    """Return the number of the floor a room stands on."""
    return next((number for number, floor in enumerate(floors) if name in floor), -1)


def faults(path: Path, text: str) -> list[str]:
    """Return what a module imports and should not."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    room = parts[0]
    seen = imported(text, ("corridors", *parts[:-1]))
    found = {name for name in seen if name.split(".")[0] in BANNED.get(room, set())}
    for name in seen:
        target = name.split(".")[1:]
        if not name.startswith("corridors.") or floor_of(target[0], FLOORS) < 0 or room == "__init__":
            continue
        if target[0] != room:
            if floor_of(target[0], FLOORS) >= floor_of(room, FLOORS):
                found.add(name)
        elif room in INSIDE:
            subrooms = set().union(*INSIDE[room]) - {"*"}
            here = parts[1] if parts[1] in subrooms else "*"
            there = target[1] if len(target) > 1 and target[1] in subrooms else "*"
            same_floor = floor_of(there, INSIDE[room]) == floor_of(here, INSIDE[room])
            if floor_of(there, INSIDE[room]) > floor_of(here, INSIDE[room]) or (same_floor and here != there):
                found.add(name)
    return sorted(f"{'.'.join(parts)} imports {name}" for name in found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_flow_down(path: Path) -> None:
    assert faults(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
