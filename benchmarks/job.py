"""A whole cost world beside other libraries: `python benchmarks/job.py [nodes ...] [--peers a,b] [--rounds n]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from corridors.bench.job import compare_job
from corridors.bench.measure import write

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("nodes", nargs="*", type=int, default=[50_000, 500_000])
parser.add_argument("--peers")
parser.add_argument("--rounds", type=int, default=3)
chosen = parser.parse_args()
found = [
    compare_job(nodes, peers=chosen.peers.split(",") if chosen.peers else None, rounds=chosen.rounds)
    for nodes in chosen.nodes
]
write(Path(__file__).parent / "results", "job", found)
print("\n".join(one.markdown() for one in found))
