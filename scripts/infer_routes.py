"""The main job, to be read from top to bottom: load, build, infer, summarise, write.

.venv/bin/python scripts/infer_routes.py [corridors.toml]
"""

import sys
from pathlib import Path

from corridors import (
    RunResult,
    build_evidence,
    build_network,
    infer,
    load_inputs,
    read_config,
    summarise,
    write_run,
)

config = read_config(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
out = Path("maps") / f"{config.run.name}-script"

# Load: every table is checked against its schema; all faults are reported at once.
inputs = load_inputs(config)

# Build: two countries' roads, joined only at the ports of entry; then what was observed, attached to them.
network = build_network(inputs)
evidence = build_evidence(inputs, network, config)
print(f"{len(network.edges):,} edges, {len(network.ports)} ports, {len(evidence.zones)} supply zones")

# Infer: in each cost world, roads from every port, draws of the parameters given the published figures, and the flow on
# every edge.
posterior = infer(network, evidence, config)

# Summarise: medians and bands, corridors by name, what the figures added to the priors, the run under other settings.
# Any of the arrays can be looked at here instead.
results = summarise(inputs, network, evidence, posterior, config)
print(results.ports.nlargest(10, "share_mean")[["name_us", "share_mean", "share_lo90", "share_hi90"]])

# Write: the map, the kit to embed it, the tables, and the manifest from which every number can be traced.
write_run(RunResult(config, inputs, network, evidence, posterior, results), out)
print(out / "map.html")
