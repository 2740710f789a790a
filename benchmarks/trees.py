"""One-to-all trees beside other libraries: `python benchmarks/trees.py [nodes ...] [--peers a,b] [--rounds n]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from corridors.bench.measure import write
from corridors.bench.trees import compare_trees

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("nodes", nargs="*", type=int, default=[50_000, 500_000])
parser.add_argument("--peers")
parser.add_argument("--rounds", type=int, default=3)
chosen = parser.parse_args()
found = [
    compare_trees(nodes, peers=chosen.peers.split(",") if chosen.peers else None, rounds=chosen.rounds)
    for nodes in chosen.nodes
]
write(Path(__file__).parent / "results", "trees", found)
print("\n".join(one.markdown() for one in found))
