"""The public interface: its names, their docstrings and types, how quick it is to import, and README's example."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import corridors

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
NAMES = {
    *("Config", "CorridorsError", "Evidence", "Network", "Posterior", "Results", "RunResult", "__version__"),
    *("read_config", "load_inputs", "build_network", "build_evidence", "infer", "summarise", "write_run"),
    *("run", "validate", "sensitivity", "whatif", "briefs", "calendar", "figures", "read_run", "check_file"),
    *("Examination", "doctor", "with_changes"),
}
FUNCTIONS = sorted(name for name in NAMES if name.islower() and not name.startswith("_"))
HEAVY = {"numpy", "pandas", "scipy", "numba", "geopandas", "shapely", "pydantic", "folium", "typer", "rich"}
VERBS = re.compile(r"(Build|Check|Infer|Read|Return|Test|Write|Change|Draw|Find)\b")


def test_the_exported_names_are_these() -> None:
    assert set(corridors.__all__) == NAMES
    assert corridors.__all__ == sorted(corridors.__all__)
    assert set(dir(corridors)) >= NAMES
    for name in NAMES:
        assert getattr(corridors, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        getattr(corridors, "rum")  # noqa: B009 - a type checker would refuse the plain form


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_does_with_each_parameter(name: str) -> None:
    function: Callable[..., object] = getattr(corridors, name)
    text = inspect.getdoc(function) or ""
    summary, _, rest = text.partition("\n")
    assert VERBS.match(summary), summary
    assert summary.endswith("."), summary
    described = {
        word
        for line in re.findall(r"^(\w[\w, ]*)(?: : .*)?$\n {4}\S", rest, re.MULTILINE)
        for word in line.split(", ")
    }
    assert set(inspect.signature(function).parameters) <= described, name


def test_importing_it_imports_nothing_heavy() -> None:
    program = "import sys, corridors; print(*{name.partition('.')[0] for name in sys.modules})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(found.stdout.split())


def test_a_type_checker_sees_precise_types(tmp_path: Path) -> None:
    """Of every name, and an error for a name that is not there."""
    lines = ["import corridors", *(f"reveal_type(corridors.{name})" for name in sorted(NAMES))]
    (tmp_path / "user.py").write_text("\n".join([*lines, "corridors.rum", ""]), encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", tmp_path / "user.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    ).stdout
    revealed = re.findall(r'Revealed type is "(.*)"', found)
    assert len(revealed) == len(NAMES), found
    assert "Any" not in revealed
    functions = [one for name, one in zip(sorted(NAMES), revealed, strict=True) if name in FUNCTIONS]
    assert [
        one for one in functions if re.search(r"(: |-> )Any\b", one)
    ] == []  # GeoPandas has no types of its own
    assert 'Module has no attribute "rum"' in found
    assert (ROOT / "corridors/py.typed").is_file()


def test_the_example_of_the_readme_runs(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(example.strip().splitlines()) <= 12
    subprocess.run([sys.executable, "-c", example], check=True, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert (tmp_path / "maps/quick/map.html").stat().st_size > 100_000
    assert (tmp_path / "maps/quick/manifest.json").is_file()
