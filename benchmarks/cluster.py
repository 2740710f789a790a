"""Cost worlds on a Dask cluster: `python benchmarks/cluster.py [worlds] [nodes]`. The same bytes, and how much sooner.

One scheduler and one or two worker processes of one thread on this machine, beside threads of this process.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from distributed import Client, LocalCluster

from corridors.bench.graphs import road_like
from corridors.bench.measure import Table, machine, write
from corridors.bench.worlds import ensemble
from corridors.inference.fitting.executors import NO_DASHBOARD, client_executor


def main() -> None:
    """Time threads and workers, write the table."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    nodes = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    graph = road_like(nodes)
    rows: dict[str, float] = {}
    facts: dict[str, object] = {"nodes": graph.arcs.nodes, "arcs": len(graph.arcs.tail), "worlds": worlds}
    flows = {}
    for jobs in (1, 2):
        flow, spent = ensemble(graph.arcs, graph.us, graph.mx, worlds=worlds, jobs=jobs)
        rows[f"threads, {jobs}"] = spent["worlds, wall s"]
        flows[f"threads, {jobs}"] = flow.tobytes()
    for workers in (1, 2):
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=NO_DASHBOARD
            ) as local,
            Client(local) as client,
        ):
            # the first worlds compile on, and the network is sent to, each worker
            start = time.perf_counter()
            ensemble(graph.arcs, graph.us, graph.mx, worlds=8, executor=client_executor(client))
            facts[f"workers, {workers}: first 8 worlds with sending, wall s"] = round(
                time.perf_counter() - start, 2
            )
            flow, spent = ensemble(
                graph.arcs, graph.us, graph.mx, worlds=worlds, executor=client_executor(client)
            )
            rows[f"workers, {workers}"] = spent["worlds, wall s"]
            flows[f"workers, {workers}"] = flow.tobytes()
    facts["one worker, times one thread"] = round(rows["workers, 1"] / rows["threads, 1"], 3)
    facts["one worker, times two workers"] = round(rows["workers, 1"] / rows["workers, 2"], 3)
    facts["same bytes"] = len(set(flows.values())) == 1
    made = Table(
        "Cost worlds on a Dask cluster", "wall s", "threads, 1", rows, facts=facts, machine=machine()
    )
    write(Path(__file__).parent / "results", "cluster", [made])
    print(made.markdown())


if __name__ == "__main__":  # Dask's workers read this file again
    main()
