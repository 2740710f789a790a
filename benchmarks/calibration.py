"""Simulation-based calibration: `python benchmarks/calibration.py [truths]`; tables to results/calibration.{json,md}."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from corridors import pipeline
from corridors.bench.measure import Table, machine, write
from corridors.config import Config
from corridors.inference.calibrate import TRUTHS, WORLDS, calibrate
from corridors.inference.spread import on_processes

BANDS = (0.5, 0.9)

if __name__ == "__main__":
    truths = int(sys.argv[1]) if len(sys.argv) > 1 else TRUTHS
    config = Config()
    inputs = pipeline.load(config, pipeline.default_data())
    network = pipeline.network_of(inputs)
    evidence = pipeline.evidence_of(inputs, network, config)
    start = time.perf_counter()
    found = calibrate(
        network.arcs,
        evidence,
        pipeline.plan_of(config),
        truths=truths,
        spread=on_processes(config.run.jobs),
    )
    facts = {"truths": truths, "cost worlds each": WORLDS, "wall s": round(time.perf_counter() - start)}
    tables = [
        Table(
            f"Truths within {band:.0%} bands",
            "part",
            "",
            {" ".join(one.quantity): one.held(band) for one in found},
            facts=facts,
            machine=machine(),
        )
        for band in BANDS
    ]
    write(Path(__file__).parent / "results", "calibration", tables)
    print("\n".join(one.markdown() for one in tables))
