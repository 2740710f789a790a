"""The map beside plain folium maps: `python benchmarks/map.py [worlds]`; tables to results/map.{json,md}."""

from __future__ import annotations

import sys
from pathlib import Path

from corridors.bench.maps import WORLDS, compare_maps, default_run
from corridors.bench.measure import write

if __name__ == "__main__":
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS
    tables = list(compare_maps(*default_run(worlds)).values())
    write(Path(__file__).parent / "results", "map", tables)
    print("\n".join(one.markdown() for one in tables))
