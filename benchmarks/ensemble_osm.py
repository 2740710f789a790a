"""Full ensembles at the size of OpenStreetMap: `python benchmarks/ensemble_osm.py [worlds] [nodes ...]`.

1.3 million nodes are about the four states and Mexico, motorway to tertiary. Each size runs in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from corridors.bench.graphs import road_like
from corridors.bench.measure import Table, machine, write
from corridors.bench.worlds import ensemble

if sys.argv[1:2] == ["--one"]:
    worlds, nodes = int(sys.argv[2]), int(sys.argv[3])
    start = time.perf_counter()
    graph = road_like(nodes)
    made = time.perf_counter() - start
    flow, spent = ensemble(graph.arcs, graph.us, graph.mx, worlds=worlds, jobs=2, batch=4)
    print(json.dumps({"make the network, wall s": made, **spent, "arcs with flow": int((flow > 0).sum())}))
else:
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    tables = []
    for size in [int(text) for text in sys.argv[2:]] or [500_000, 1_300_000, 5_000_000]:
        ran = subprocess.run(
            [sys.executable, __file__, "--one", str(worlds), str(size)],
            check=True,
            capture_output=True,
            text=True,
        )
        found = json.loads(ran.stdout)
        tables.append(
            Table(
                title=f"{worlds} worlds end to end, {size:,} nodes, two threads",
                unit="s",
                base="",
                rows={name: value for name, value in found.items() if name.endswith(" s")},
                facts={name: round(value, 1) for name, value in found.items() if not name.endswith(" s")},
                machine=machine(),
            )
        )
    write(Path(__file__).parent / "results", "ensemble_osm", tables)
    print("\n".join(one.markdown() for one in tables))
