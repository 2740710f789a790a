"""All ports closed in turn on the default posterior: wall and CPU seconds, sums, ratios, and the error against networks without the port.

`python benchmarks/closures.py [worlds]`.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridors.bench.closures import closing, from_scratch
from corridors.bench.measure import Table, machine, write
from corridors.config import Config
from corridors.core.scenario import EditContext
from corridors.inference import displacements
from corridors.inference.displacement import displacement_ratio
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network, infer, prepare
from corridors.network import resolve_edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.scenario import Displacement

DRAWS_CHECKED, WITH_EDGES = 2, 4


def cpu() -> float:
    """Return CPU seconds of this process and of those that have ended."""
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main() -> None:
    """Infer, close each port, check, and write the table."""
    config = Config()
    if len(sys.argv) > 1:
        run = config.run.model_copy(update={"worlds": int(sys.argv[1]), "draws": 8 * int(sys.argv[1])})
        config = config.model_copy(update={"run": run})
    inputs = load_inputs(config)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    problem = prepare(network, evidence, config)
    posterior = infer(network, evidence, config, problem=problem)
    ports = network.ports["poe_id"].tolist()
    context = EditContext(network, evidence, inputs.tables["gun_shows"], {}, config.costs.toll_usd_per_km)
    cases = [resolve_edits(one, context, file=one.id)[0] for one in (closing(port) for port in ports)]
    rows = {}
    before = cpu(), time.perf_counter()
    found = displacements(problem, posterior, cases, edges=False)
    rows["all ports, CPU s"] = cpu() - before[0]
    rows["all ports, wall s"] = time.perf_counter() - before[1]
    before = cpu(), time.perf_counter()
    roads = displacements(problem, posterior, cases[:WITH_EDGES])
    rows["flow on every edge besides, CPU s a scenario"] = (cpu() - before[0]) / WITH_EDGES
    error, edge_error = 0.0, 0.0
    first = np.flatnonzero(np.diff(posterior.world, prepend=-1))
    checked = first[np.linspace(0, len(first) - 1, DRAWS_CHECKED).astype(int)]
    for at, one in enumerate(found):
        for draw in checked:
            port, edge = from_scratch(problem, posterior, at=at, draw=draw)
            error = max(error, float(np.abs(one.after.port[draw] - port).max()))
            if at < WITH_EDGES:
                edges = roads[at].after.edge[posterior.world[draw]]
                edge_error = max(edge_error, float(np.abs(edges - edge).max()))
    ratio = np.array([np.quantile(one.ratio, (0.05, 0.5, 0.95)) for one in found])
    fixed = [displacement_ratio(one.before.port, one.after.port, one.ports) for one in found]
    facts = {
        "scenarios": f"{len(cases)}, in {posterior.world.max() + 1} worlds and {len(posterior.world)} draws each",
        "shares after a closure, least and largest sum less 1": sums(found),
        "largest share of a closed port": max(
            float(one.after.port[:, at].max()) for at, one in enumerate(found)
        ),
        "displacement ratio under a fixed total, largest distance from 1": max(
            float(np.abs(one - 1).max()) for one in fixed
        ),
        "displacement ratio under an elastic total, medians": f"{ratio[:, 1].min():.2f} to {ratio[:, 1].max():.2f}",
        "its 90 % bands, least and largest end": f"{ratio[:, 0].min():.2f}, {ratio[:, 2].max():.2f}",
        f"largest error against a network without the port, {len(ports)} ports x {DRAWS_CHECKED} draws, ports' shares": f"{error:.1e}",
        f"the same, shares on edges (kept to seven digits), {WITH_EDGES} ports": f"{edge_error:.1e}",
    }
    table = Table(
        title=f"Each of {len(ports)} ports closed in turn: shares of ports, states and zones, ratios; {config.run.jobs} processes",
        unit="s",
        base="",
        rows=rows,
        facts=facts
        | {"load of the machine while it ran": f"{os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"},
        machine=machine(),
    )
    write(Path(__file__).parent / "results", "closures", [table])
    print(table.markdown())


def sums(found: Sequence[Displacement]) -> str:
    """Return by how much the sums of ports' shares miss 1."""
    totals = np.concatenate([one.after.port.sum(axis=1) for one in found]) - 1
    return f"{totals.min():.1e}, {totals.max():.1e}"


if __name__ == "__main__":
    main()
