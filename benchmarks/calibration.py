"""Simulation-based calibration: `python benchmarks/calibration.py [truths [ranks.csv]]`; to results/calibration.{json,md}.

With a file of ranks, truths already in it are not computed again and new ones are added, so that many truths can be
tried in several sittings.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from corridors.bench.measure import Table, machine, write
from corridors.config import Config
from corridors.inference.information import Quantity
from corridors.inference.validation import sbc
from corridors.inference.validation.calibration import TRUTHS, WORLDS, Calibrated
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network, prepare

BANDS = (0.5, 0.9)
AT_ONCE = 40


def ranks(truths: int, kept: Path | None) -> pd.DataFrame:
    """Return the ranks of each truth, a row each, of each quantity, a column each, its sets of draws apart by spaces."""
    config = Config()
    inputs = load_inputs(config)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    problem = prepare(network, evidence, config)
    found = pd.read_csv(kept) if kept and kept.exists() else pd.DataFrame()
    while len(found) < truths:
        more = sbc(
            problem,
            truths=min(AT_ONCE, truths - len(found)),
            first=len(found),
        )
        rows = pd.DataFrame(
            {" ".join(one.quantity): [" ".join(map(str, of_truth)) for of_truth in one.below] for one in more}
        )
        found = pd.concat([found, rows], ignore_index=True)
        if kept:
            found.to_csv(kept, index=False)
        print(f"{len(found)} of {truths} truths", flush=True)
    return found


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else TRUTHS
    start = time.perf_counter()
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    found = ranks(asked, kept)
    calibrated = [
        Calibrated(Quantity(*str(name).split(" ", 1)), np.array([row.split() for row in column], int), WORLDS)
        for name, column in found.items()
    ]
    facts = {"truths": len(found), "cost worlds each": WORLDS}
    if kept is None:  # otherwise some were tried in another sitting
        facts["wall s"] = round(time.perf_counter() - start)
    tables = [
        Table(
            f"Truths within {band:.0%} bands",
            "part",
            "",
            {" ".join(one.quantity): one.held(band) for one in calibrated},
            facts=facts,
            machine=machine(),
        )
        for band in BANDS
    ]
    write(Path(__file__).parent / "results", "calibration", tables)
    print("\n".join(one.markdown() for one in tables))
