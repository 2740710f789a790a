"""How time and memory grow with the network: `python benchmarks/scaling.py [nodes ...]`.

Each size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from corridors.bench.graphs import road_like
from corridors.bench.job import choose
from corridors.bench.measure import Table, Task, interleave, machine, peak_gib, write
from corridors.core.settings import CostSettings
from corridors.inference.routing import draw_costs, queries

ROOTS = 50
UNITS = {
    "prepare, s": "once a topology",
    "customise, s": "one world",
    "legs, s": "both sides",
    "load, s": "both sides",
    "world, s": "customise, legs and load",
    "distances, ms a tree": "50 trees a world, customisation in it",
    "trees, ms a tree": "the same with arcs",
}


def measure(nodes: int) -> dict[str, float]:
    """Return CPU times and memory at one size."""
    queries.warm()
    graph = road_like(nodes)
    arcs = graph.arcs
    before = peak_gib()
    start = time.process_time()
    h = queries.prepare_hierarchy(arcs, us=graph.us, mx=graph.mx)
    found = {"nodes": arcs.nodes, "arcs": len(arcs.tail), "prepare, s": time.process_time() - start}
    found["prepare, bytes an arc"] = h.nbytes / len(arcs.tail)
    found["edges"], found["triangles"] = h.edges, len(h.triangle)
    costs = draw_costs(arcs, CostSettings(), seed=1, world=0)
    metric = queries.customise(h, costs)
    legs = queries.leg_costs(h, metric)
    trips = choose(*legs, np.ones(len(graph.us)), np.ones(len(graph.mx)))
    roots = np.random.default_rng(1).integers(0, arcs.nodes, ROOTS)
    out = queries.trees(h, metric, roots)

    def fresh_legs() -> object:
        for name in ("us_labels", "mx_labels"):
            metric.__dict__.pop(name, None)
        return queries.leg_costs(h, metric)

    tasks = {
        "customise, s": Task(lambda: queries.customise(h, costs)),
        "legs, s": Task(fresh_legs),
        "load, s": Task(lambda: queries.assign_flow(h, metric, *trips)),
        "distances": Task(lambda: queries.distances(h, metric, roots, out=out.cost), ROOTS),
        "trees": Task(lambda: queries.trees(h, metric, roots, out=out), ROOTS),
    }
    times = {name: median(values) for name, values in interleave(tasks, 3).items()}
    found |= {name: times[name] for name in list(tasks)[:3]}
    found["world, s"] = times["customise, s"] + times["legs, s"] + times["load, s"]
    shared = times["customise, s"] / ROOTS
    found["distances, ms a tree"] = 1e3 * (times["distances"] + shared)
    found["trees, ms a tree"] = 1e3 * (times["trees"] + shared)
    found["peak memory, GiB"], found["before the engine, GiB"] = peak_gib(), before
    found["peak memory, bytes an arc"] = peak_gib() * 2**30 / len(arcs.tail)
    return found


if sys.argv[1:2] == ["--one"]:
    print(json.dumps(measure(int(sys.argv[2]))))
else:
    sizes = [int(size) for size in sys.argv[1:]] or [50_000, 500_000, 5_000_000]
    runs = []
    for size in sizes:
        ran = subprocess.run(
            [sys.executable, __file__, "--one", str(size)], check=True, capture_output=True, text=True
        )
        runs.append(json.loads(ran.stdout))
    span = math.log(runs[-1]["nodes"] / runs[0]["nodes"])
    growth = {name: math.log(runs[-1][name] / runs[0][name]) / span for name in UNITS if len(runs) > 1}
    tables = [
        Table(
            title=f"{size:,} nodes", unit="CPU", base="", rows={name: run[name] for name in UNITS}, notes=UNITS,
            facts={name: round(value, 2) for name, value in run.items() if name not in UNITS}, machine=machine(),
        )
        for size, run in zip(sizes, runs, strict=True)
    ]  # fmt: skip
    tables.append(
        Table(
            title="Exponent of time against nodes, smallest to largest", unit="exponent", base="", rows=growth,
            machine=machine(),
        )
    )  # fmt: skip
    write(Path(__file__).parent / "results", "scaling", tables)
    print("\n".join(one.markdown() for one in tables))
