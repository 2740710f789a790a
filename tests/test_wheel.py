"""The wheel, built and installed where nothing else of ours is: its command, its data, its types."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("corridors-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the wheel; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    beside = Path(paths["purelib"], "dependencies.pth")
    beside.write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return python


def test_it_holds_the_package_its_types_and_its_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"corridors/py.typed", "corridors/__main__.py", "corridors/_data/catalog.csv"} <= set(names)
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"corridors"}
    entry = next(name for name in names if name.endswith("entry_points.txt"))
    assert "corridors = corridors.cli.app:main" in zipfile.ZipFile(wheel).read(entry).decode()


def test_it_makes_a_map_from_an_empty_folder(python: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [python, "-c", "import corridors; print(corridors.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(python.parents[1]))
    command = [str(python.with_name("corridors")), "run", "--point", "--worlds", "2", "--out", "out", "-q"]
    subprocess.run(command, cwd=tmp_path, check=True)
    pages = {
        "index.html",
        "map.html",
        "method.html",
        "download.html",
        "ask.html",
        "changes.html",
        "sources.html",
        "narrative",
    }
    assert {path.name for path in tmp_path.glob("out/*")} == {*pages, "manifest.json", "data", "embed"}


def test_shipped_scenarios_go_by_name_and_errors_are_spanish(python: Path, tmp_path: Path) -> None:
    command = [str(python.with_name("corridors")), "--language", "es"]
    listed = subprocess.run(
        [*command, "list", "scenarios"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "close-san-ysidro" in listed.stdout
    words = ("whatif", "close-san-isidro", "data/scenarios/law-texas.toml")
    wrong = subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "¿Quiso decir 'close-san-ysidro'?" in wrong.stderr
    assert "¿Quiso decir 'law-texas'?" in wrong.stderr


def test_a_type_checker_sees_its_types(python: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text("import corridors\nreveal_type(corridors.read_run)\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--python-executable", str(python), "user.py"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "-> corridors.jobs.run_folder." in found, found
