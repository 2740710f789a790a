"""Simplification of a raw road graph: `osmnx.simplify_graph` on a networkx graph against `simplify.contract` on arrays.

The graph is a jittered grid of streets, each drawn by six pieces, three classes in turn; every street is two-way, so
osmnx holds each piece twice (its directed edges are what "raw edges" counts), the arrays once. Both keep the same
nodes and make a line of each edge; the script fails if the nodes differ. Times are of the simplification alone, in one
process, after a warm-up of the compiled loop. Run::

    python benchmarks/simplify_compare.py --edges 100000 1000000 --rounds 3

It writes `benchmarks/results/simplify.json` and `simplify.md`.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import osmnx as ox
import shapely

from corridors.sources.roads.contraction import contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray, IntArray

RESULTS = Path(__file__).resolve().parent / "results"
PIECES = 6
CLASSES = ("motorway", "primary", "secondary")


@dataclass(frozen=True, slots=True)
class Raw:
    """A graph of pieces: places of nodes, ends and class of edges."""

    xy: FloatArray
    u: IntArray
    v: IntArray
    code: IntArray


def grid(directed: int) -> Raw:
    """Return a grid of streets with about so many directed pieces."""
    rng = np.random.default_rng(1)
    side = max(3, round((directed / (4 * PIECES)) ** 0.5))
    corner = np.arange(side * side).reshape(side, side)
    ends = np.concatenate(
        [
            np.column_stack([corner[:, :-1].ravel(), corner[:, 1:].ravel()]),
            np.column_stack([corner[:-1].ravel(), corner[1:].ravel()]),
        ]
    )
    ends = ends[rng.permutation(len(ends))]
    xy = np.column_stack(np.divmod(np.arange(side * side), side)) + rng.uniform(-0.3, 0.3, (side * side, 2))
    inner = len(xy) + np.arange(len(ends) * (PIECES - 1)).reshape(len(ends), -1)
    path = np.column_stack([ends[:, 0], inner, ends[:, 1]])
    part = (np.arange(1, PIECES) / PIECES)[:, None]
    between = xy[ends[:, 0], None] * (1 - part) + xy[ends[:, 1], None] * part
    places = np.concatenate([xy, between.reshape(-1, 2)]) / 1000 - [104.0, -29.0]
    code = np.repeat(np.arange(len(ends)) % len(CLASSES), PIECES)
    return Raw(places, path[:, :-1].ravel(), path[:, 1:].ravel(), code)


def as_networkx(raw: Raw) -> nx.MultiDiGraph[Any]:
    """Return the graph as osmnx makes it from OpenStreetMap."""
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(crs="epsg:4326", simplified=False)
    graph.add_nodes_from((i, {"x": x, "y": y}) for i, (x, y) in enumerate(raw.xy.tolist()))
    for back in (False, True):
        tail, head = (raw.v, raw.u) if back else (raw.u, raw.v)
        graph.add_edges_from(
            (
                a,
                b,
                {
                    "osmid": i // PIECES,
                    "highway": CLASSES[c],
                    "oneway": False,
                    "reversed": back,
                    "length": 1.0,
                },
            )
            for i, (a, b, c) in enumerate(zip(tail.tolist(), head.tolist(), raw.code.tolist(), strict=True))
        )
    return graph


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the seconds of each round."""
    seconds = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def compare(directed: int, rounds: int) -> dict[str, object]:
    """Return times of both ways over one graph."""
    raw = grid(directed)
    oneway = np.zeros(len(raw.u), dtype=bool)

    def arrays() -> set[int]:
        chains = contract(len(raw.xy), raw.u, raw.v, code=raw.code, oneway=oneway)
        return {int(node) for node in np.unique(np.concatenate(chains.ends(raw.u, raw.v)))}

    def with_lines() -> None:
        chains = contract(len(raw.xy), raw.u, raw.v, code=raw.code, oneway=oneway)
        node, whose = chains.paths(raw.u, raw.v)
        shapely.linestrings(raw.xy[node], indices=whose)

    kept = arrays()
    alone = timed(lambda: contract(len(raw.xy), raw.u, raw.v, code=raw.code, oneway=oneway), rounds)
    ours = timed(with_lines, rounds)
    before = _peak_gb()
    graph = as_networkx(raw)
    theirs = timed(lambda: ox.simplify_graph(graph, edge_attrs_differ=["highway"]), rounds)
    simple = ox.simplify_graph(graph, edge_attrs_differ=["highway"])
    if set(simple.nodes) != kept:
        raise SystemExit("the two keep different nodes")
    return {
        "raw_edges": graph.number_of_edges(),
        "raw_nodes": len(raw.xy),
        "kept_nodes": len(simple),
        "osmnx_s": [round(s, 3) for s in theirs],
        "contract_s": [round(s, 4) for s in alone],
        "arrays_s": [round(s, 4) for s in ours],
        "osmnx_median_s": round(statistics.median(theirs), 3),
        "contract_median_s": round(statistics.median(alone), 4),
        "arrays_median_s": round(statistics.median(ours), 4),
        "ratio": round(statistics.median(theirs) / statistics.median(ours)),
        "peak_gb_before_networkx": round(before, 2),
        "peak_gb": round(_peak_gb(), 2),
    }


def write(found: list[dict[str, object]], rounds: int) -> None:
    """Write the results as JSON and as a table."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    versions = {"osmnx": ox.__version__, "networkx": nx.__version__, "numpy": np.__version__}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(
        {"machine": machine, "versions": versions, "rounds": rounds, "results": found}, indent=1
    )
    (RESULTS / "simplify.json").write_text(text + "\n", encoding="utf-8")
    rows = [
        f"| {row['raw_edges']:,} | {row['osmnx_median_s']} | {row['arrays_median_s']} "
        f"| {row['contract_median_s']} | {row['ratio']} "
        f"| {row['peak_gb_before_networkx']} | {row['peak_gb']} |"
        for row in found
    ]
    head = (
        "| raw directed edges | osmnx.simplify_graph, s | arrays with lines, s | of it contraction, s | ratio "
        "| peak GB, arrays | peak GB, networkx |"
    )
    lines = [
        "# Simplifying a raw road graph",
        "",
        f"{machine}; {', '.join(f'{name} {number}' for name, number in versions.items())}; medians of {rounds} rounds.",
        "Both keep the same nodes. `benchmarks/simplify_compare.py` makes the graph and this page.",
        "",
        head,
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
    (RESULTS / "simplify.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _peak_gb() -> float:
    """Return the most memory this process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main() -> None:
    """Read the command line, compare, write and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found = [compare(edges, given.rounds) for edges in given.edges]
    write(found, given.rounds)
    print((RESULTS / "simplify.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
