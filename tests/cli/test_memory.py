"""Memory of a whole process does not follow the numbers in its input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

ROOT = Path(__file__).parents[2]
MORE_MB = 300
MEASURED = (
    "import resource, sys\n"
    "from corridors.cli import main\n"
    "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
    "try:\n"
    "    main()\n"
    "finally:\n"
    "    print(f'peak {peak()} MB', file=sys.stderr)\n"
)


def peak(path: Path, form: str) -> tuple[int, str, int]:
    """Return exit code, messages and peak memory (MB) of a check in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "check", str(path), "--as", form],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    *words, last = done.stderr.strip().splitlines()
    return done.returncode, "\n".join(words), int(last.split()[1])


@pytest.mark.parametrize("scale", [1e6, 1e12])
def test_lines_of_meters_said_to_be_degrees(scale: float, tmp_path: Path) -> None:
    """Four lines once took 22 GB: a grid was laid over the bounds of their coordinates."""
    shapes = [LineString([(0.5 * scale, k * scale), (0.6 * scale, (k + 0.5) * scale)]) for k in range(1, 5)]
    path = tmp_path / "meters.gpkg"
    gpd.GeoDataFrame({"highway": ["primary"] * 4}, geometry=shapes, crs=4326).to_file(path)
    idle = peak(tmp_path / "none.gpkg", "road_table")[2]
    code, words, found = peak(path, "road_table")
    assert code == 2
    assert "Check the CRS" in words
    assert found < idle + MORE_MB
