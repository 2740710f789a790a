"""The main job, to be read from top to bottom: load, build, infer, write.

.venv/bin/python scripts/infer_routes.py [corridors.toml]
"""

import sys
from pathlib import Path

from corridors.config import read_config
from corridors.jobs.inputs import load_inputs
from corridors.jobs.manifest import about_run
from corridors.jobs.stages import base_map, build_evidence, build_network, infer, infer_prior
from corridors.outputs.files.tables import write_tables
from corridors.outputs.pages.map import render_map
from corridors.outputs.summary.summary import summarise

config = read_config(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
out = Path("maps") / f"{config.run.name}-script"

# Load: every table is checked against its schema; all faults are reported at once.
inputs = load_inputs(config)

# Build: two countries' roads, joined only at the ports of entry; then what was observed, laid on them.
network = build_network(inputs)
evidence = build_evidence(inputs, network, config)
print(f"{len(network.edges):,} edges, {len(network.ports)} ports, {len(evidence.zones)} supply zones")

# Infer: in each cost world, roads from every port, draws of the parameters given the published figures, and the flow on
# every edge; then the same from the priors alone, to tell what the figures added.
posterior = infer(network, evidence, config)
prior = infer_prior(network, evidence, config)

# Write: medians and bands; here any of the arrays can be looked at instead.
results = summarise(network, evidence, posterior, prior)
print(results.ports.nlargest(10, "share_median")[["name_us", "share_median", "share_lo90", "share_hi90"]])
write_tables(results, out)
page = render_map(results, about_run(config, inputs, posterior), base_map(inputs))
(out / "map.html").write_text(page, encoding="utf-8")
print(out / "map.html")
