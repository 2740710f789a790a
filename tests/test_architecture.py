"""Where a line belongs, by folder: imports flow down the floors, rooms meet at faces, tests stay in their room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "corridors"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MAX_LINES = 400
MAX_NAMES = 8

# Each floor may import the floors before it, and nothing else of ours; one set is one floor.
Floors = tuple[frozenset[str], ...]
FLOORS: Floors = (
    frozenset({"core"}),
    frozenset({"sources", "network", "inference", "outputs", "config"}),
    frozenset({"jobs"}),
    frozenset({"bench", "default_data"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
# The floors inside a room; "*" stands for its loose modules.
INSIDE: dict[str, Floors] = {
    "sources": (
        frozenset({"schemas", "reading"}),
        frozenset({"agencies", "roads", "download", "tables"}),
        frozenset({"*"}),
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
# Rooms that may be entered anywhere: core is the shared vocabulary, config one module.
WITHOUT_FACE = {"core", "config", "__init__"}
# Rooms that may enter others anywhere: they measure, or build the data of, what is inside.
INSIDERS = {"bench", "default_data", "__init__"}
# Rooms whose tests import no other room. The others compose rooms, and so do their tests.
APART = {"core", "sources", "network", "inference", "outputs"}


def imports(text: str, package: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return (module, name) of everything a source imports, relative ones made absolute; the name is "" for `import x`."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            stem = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (stem, node.module)))
            found |= {(module, alias.name) for alias in node.names}
    return found


def source_of(module: str, name: str) -> tuple[str, ...]:
    """Return the parts of the module or package that an import reads from, those of `corridors` left out."""
    parts = tuple(module.split(".")[1:])
    whole = PACKAGE.joinpath(*parts, name) if name else PACKAGE
    return (*parts, name) if name and (whole.is_dir() or whole.with_suffix(".py").is_file()) else parts


def floor_of(name: str, floors: Floors) -> int:
    """Return the number of the floor a room stands on, -1 for none."""
    return next((number for number, floor in enumerate(floors) if name in floor), -1)


def is_lower(here: str, there: str, floors: Floors) -> bool:
    """Return whether one room may import another."""
    return here == there or floor_of(there, floors) < floor_of(here, floors)


def subroom(parts: tuple[str, ...], floors: Floors) -> str:
    """Return the sub-room that a module is of, "*" for a loose one."""
    return parts[1] if len(parts) > 1 and floor_of(parts[1], floors) >= 0 else "*"


def floor_faults(parts: tuple[str, ...], text: str) -> list[str]:
    """Return what a module imports from its own floor or above, and libraries its room has no business with."""
    room = parts[0]
    found = []
    for module, name in imports(text, ("corridors", *parts[:-1])):
        if module.split(".")[0] in BANNED.get(room, set()):
            found.append(module)
        target = source_of(module, name) if module.split(".")[0] == "corridors" else ()
        if not target or floor_of(target[0], FLOORS) < 0 or room == "__init__":
            continue
        floors = INSIDE.get(room)
        if not is_lower(room, target[0], FLOORS) or (
            target[0] == room
            and floors is not None
            and len(target) > 1
            and not is_lower(subroom(parts, floors), subroom(target, floors), floors)
        ):
            found.append(".".join(target))
    return sorted(f"{'.'.join(parts)} imports {name}" for name in found)


def face_faults(parts: tuple[str, ...], text: str) -> list[str]:
    """Return the modules of other rooms that a module enters past their faces."""
    if parts[0] in INSIDERS:
        return []
    found = []
    for module, name in imports(text, ("corridors", *parts[:-1])):
        target = source_of(module, name) if module.split(".")[0] == "corridors" else ()
        if not target or target[0] in WITHOUT_FACE | {parts[0]}:
            continue
        if not PACKAGE.joinpath(*target).is_dir():
            found.append(".".join(target))
    return sorted(f"{'.'.join(parts)} enters {name}" for name in found)


def foreign_rooms(parts: tuple[str, ...], text: str) -> list[str]:
    """Return the rooms that a room's test imports besides core and its own."""
    room = parts[0]
    if room not in APART:
        return []
    found = set()
    for module, name in imports(text, ("tests", *parts[:-1])):
        top, *rest = module.split(".")
        reached = rest[0] if rest else name
        if (top == "corridors" and reached not in {room, "core"}) or (
            top == "tests" and reached not in {room, "core", "raw", "browser", "pictures"}
        ):
            found.add(f"{top}.{reached}")
    return sorted(f"{'.'.join(parts)} imports {name}" for name in found)


def handed_on(text: str) -> set[str]:
    """Return the names that a package's face hands on: those of its `__all__`, or else those it imports."""
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(one) for one in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return {name for module, name in imports(text, ()) if name and module != "__future__"}


def parts_of(path: Path, root: Path) -> tuple[str, ...]:
    """Return a module's place below a folder."""
    return path.relative_to(root).with_suffix("").parts


def label(path: Path) -> str:
    """Return a path as pytest shows it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_imports_flow_down(path: Path) -> None:
    assert floor_faults(parts_of(path, PACKAGE), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_rooms_meet_at_faces(path: Path) -> None:
    assert face_faults(parts_of(path, PACKAGE), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"][1:], ids=label)
def test_faces_are_small(path: Path) -> None:
    names = handed_on(path.read_text(encoding="utf-8"))
    assert len(names) <= MAX_NAMES, names


@pytest.mark.parametrize("path", TESTS, ids=label)
def test_a_rooms_tests_stay_in_it(path: Path) -> None:
    assert foreign_rooms(parts_of(path, ROOT / "tests"), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=label)
def test_modules_stay_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_every_module_has_a_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} - {"__init__"}
    assert {room for room in rooms if floor_of(room, FLOORS) < 0} == set()
    for room, floors in INSIDE.items():
        folders = {path.parent.name for path in (PACKAGE / room).glob("*/__init__.py")}
        assert folders == set().union(*floors) - {"*"}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("inference/module", "from corridors.network.build import join_roads"),
        ("inference/module", "from ..outputs import summary"),
        ("inference/module", "import geopandas as gpd"),
        ("inference/routing/module", "from corridors.inference.model.port_choice import flow"),
        ("inference/fitting/module", "from corridors.inference import information"),
        ("inference/sensitivity", "from corridors.inference.validation import score"),
        ("outputs/module", "import corridors.inference.fitting.point"),
        ("outputs/text/module", "from corridors.outputs.pages import map"),
        ("outputs/files/module", "from corridors.outputs.web import sealed"),
        ("core/module", "from corridors.sources.tables import load"),
        ("sources/module", "from corridors.config import Config"),
        ("sources/reading/module", "from corridors.sources.agencies import atf"),
        ("sources/agencies/module", "from corridors.sources import registry"),
        ("jobs/module", "from corridors.cli import app"),
        ("network/module", "from corridors.jobs import run"),
    ],
)
def test_an_import_that_flows_up_is_found(place: str, text: str) -> None:
    assert floor_faults(tuple(place.split("/")), text)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("jobs/module", "from corridors.inference.fitting.ensemble import infer"),
        ("jobs/module", "from corridors.inference import information"),
        ("jobs/module", "import corridors.outputs.pages.map"),
        ("cli/module", "from corridors.jobs import whatif"),
        ("cli/module", "from ..jobs.whatif import whatif"),
    ],
)
def test_an_import_past_a_face_is_found(place: str, text: str) -> None:
    assert face_faults(tuple(place.split("/")), text)
    assert not face_faults(("bench", "module"), text)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("inference/test_module", "from corridors.network import build_network"),
        ("inference/test_module", "from corridors import run"),
        ("inference/fitting/test_module", "from tests.network.toy import tables"),
        ("outputs/test_module", "from tests import jobs"),
    ],
)
def test_a_test_that_enters_another_room_is_found(place: str, text: str) -> None:
    assert foreign_rooms(tuple(place.split("/")), text)
    assert not foreign_rooms(("jobs", "test_module"), text)
