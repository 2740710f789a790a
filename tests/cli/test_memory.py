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
WHOLE_MB = 300
UNNEEDED = {
    "numba",
    "osmnx",
    "networkx",
    "icalendar",
    "openpyxl",
    "pandera",
    "rasterio",
    "corridors.inference",
}
UNNEEDED |= {"corridors.sources.agencies.sedena", "corridors.sources.roads.osm"}
MEASURED = (
    "import sys\n"
    "from pathlib import Path\n"
    "from corridors.cli import main\n"
    "def peak():\n"
    "    status = Path('/proc/self/status').read_text().split()\n"
    "    return int(status[status.index('VmHWM:') + 1]) // 1024\n"
    "try:\n"
    "    main()\n"
    "finally:\n"
    "    print(*sys.modules, file=sys.stderr)\n"
    "    print(f'peak {peak()} MB', file=sys.stderr)\n"
)


def check(*given: str) -> tuple[int, str, set[str], int]:
    """Return exit code, messages, modules imported and peak memory (MB) of a check in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "check", *given],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    *words, modules, last = done.stderr.strip().splitlines()
    return done.returncode, "\n".join(words), set(modules.split()), int(last.split()[1])


def meters(path: Path, scale: float) -> Path:
    """Write four lines in meters that are said to be degrees."""
    shapes = [LineString([(0.5 * scale, k * scale), (0.6 * scale, (k + 0.5) * scale)]) for k in range(1, 5)]
    gpd.GeoDataFrame({"highway": ["primary"] * 4}, geometry=shapes, crs=4326).to_file(path)
    return path


@pytest.mark.parametrize("scale", [1e6, 1e12])
def test_lines_of_meters_said_to_be_degrees(scale: float, tmp_path: Path) -> None:
    """Four lines once took 22 GB: a grid was laid over the bounds of their coordinates."""
    code, words, modules, found = check(str(meters(tmp_path / "meters.gpkg", scale)), "--as", "road_table")
    assert code == 2
    assert "Check the CRS" in words
    assert modules & UNNEEDED == set()
    assert found < WHOLE_MB


def test_lines_of_meters_of_a_format_not_named(tmp_path: Path) -> None:
    """The guess says what is wrong by each format of the suffix, in as little memory."""
    code, words, modules, found = check(str(meters(tmp_path / "meters.gpkg", 1e6)))
    assert code == 2
    assert "as road_table: expected coordinates in degrees" in words
    assert {"numba", "pandera", "corridors.inference"} & modules == set()
    assert found < WHOLE_MB
