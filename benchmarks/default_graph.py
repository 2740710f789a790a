"""The default graph: one world's trees from all ports both ways, and 300 worlds. `python benchmarks/default_graph.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from corridors.bench.dijkstra import forward_trees, reverse_trees
from corridors.bench.measure import Table, Task, machine, table, write
from corridors.bench.worlds import ensemble
from corridors.config import Config
from corridors.core.settings import CostSettings
from corridors.inference.routing import draw_costs, queries
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network

worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
config = Config()
inputs = load_inputs(config)
network = build_network(inputs)
connectors = build_evidence(inputs, network, config).connectors
arcs = network.arcs
us = np.unique(connectors.zone_nodes.indices).astype(np.int64)
mx = connectors.municipality_node
queries.warm()
h = queries.prepare_hierarchy(arcs, us=us, mx=mx)
costs = draw_costs(arcs, CostSettings(), seed=1, world=0)
first = queries.customise(h, costs)
north = queries.trees(h, first, arcs.port_us, reverse=True)
south = queries.trees(h, first, arcs.port_mx)


def trees() -> None:
    """Make all trees of a world."""
    metric = queries.customise(h, costs)
    queries.trees(h, metric, arcs.port_us, reverse=True, out=north)
    queries.trees(h, metric, arcs.port_mx, out=south)


def only_costs() -> None:
    """Make all trees of a world without arcs."""
    metric = queries.customise(h, costs)
    queries.distances(h, metric, arcs.port_us, reverse=True, out=north.cost)
    queries.distances(h, metric, arcs.port_mx, out=south.cost)


def dijkstra() -> None:
    """Make them as `bench/dijkstra.py` does."""
    reverse_trees(arcs, costs, arcs.port_us)
    forward_trees(arcs, costs, arcs.port_mx)


tables = [
    table(
        "Default graph, the trees of one world",
        "CPU ms a world",
        "engine",
        {
            "engine": Task(trees, note=f"{2 * len(arcs.port_us)} trees, customisation included"),
            "engine_distances": Task(only_costs),
            "engine, legs only": Task(lambda: queries.leg_costs(h, queries.customise(h, costs))),
            "numba Dijkstra": Task(dijkstra, note="`bench/dijkstra.py`"),
        },
        rounds=7,
        scale=1e3,
        facts={"nodes": arcs.nodes, "arcs": len(arcs.tail), "ports": len(arcs.port_us), "edges": h.edges},
    )
]
for jobs in (1, 2):
    _, spent = ensemble(arcs, us, mx, worlds=worlds, jobs=jobs, batch=4)
    tables.append(
        Table(
            title=f"Default graph, {worlds} worlds, trees and loading, jobs={jobs}",
            unit="s",
            base="",
            rows={name: value for name, value in spent.items() if name.endswith(" s")},
            facts={name: round(value, 1) for name, value in spent.items() if not name.endswith(" s")},
            machine=machine(),
        )
    )
write(Path(__file__).parent / "results", "default_graph", tables)
print("\n".join(one.markdown() for one in tables))
