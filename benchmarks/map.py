"""The map of a full run beside plain folium maps: `python benchmarks/map.py`; tables to results/map.{json,md}."""

from __future__ import annotations

from pathlib import Path

from corridors.bench.maps import compare_maps, default_run
from corridors.bench.measure import write

if __name__ == "__main__":
    tables = list(compare_maps(*default_run()).values())
    write(Path(__file__).parent / "results", "map", tables)
    print("\n".join(one.markdown() for one in tables))
