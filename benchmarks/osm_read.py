"""Time and memory needed to read an OpenStreetMap extract of at least 30 million nodes.

A small real extract is tiled over the land of Texas and Mexico: node and way ids are spread over the range that
OpenStreetMap's have today, coordinates are moved, tags are kept. The tiled file is not committed. Run::

    python benchmarks/osm_read.py tile SMALL.osm.pbf BIG.osm.pbf --nodes 30000000
    python benchmarks/osm_read.py read BIG.osm.pbf

`read` prints what it measured and writes it to `benchmarks/results/osm_read.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from pathlib import Path

import numpy as np
import osmium
import osmium.osm

from corridors.sources.roads.osm import read_pbf
from corridors.sources.schemas import Context
from corridors.sources.tables import load_table

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "osm_read.json"
LARGEST_NODE_ID = 12_500_000_000
LARGEST_WAY_ID = 1_400_000_000
PROMOTED = frozenset(("unclassified", "residential", "service"))
BOX = (-104.0, 21.0, -98.0, 33.0)
"""Where the tiles go: land of Texas, Chihuahua, Coahuila, Nuevo León, Zacatecas and their neighbours."""


def tile(small: Path, big: Path, nodes: int) -> None:
    """Write copies of `small` side by side until there are at least `nodes` nodes.

    Streets of the kinds in `PROMOTED` become tertiary roads, so that a city's extract has as many nodes on main roads
    as a country's, or more: about one in ten.
    """
    points, ways = [], []
    for item in osmium.FileProcessor(small, osmium.osm.NODE | osmium.osm.WAY):
        if isinstance(item, osmium.osm.Node):
            points.append(
                (item.id, item.location.lon, item.location.lat, {tag.k: tag.v for tag in item.tags})
            )
        elif isinstance(item, osmium.osm.Way):
            tags = {tag.k: tag.v for tag in item.tags}
            if tags.get("highway") in PROMOTED:
                tags["highway"] = "tertiary"
            ways.append(([node.ref for node in item.nodes], tags))
    copies = -(-nodes // len(points))
    rank = {item[0]: i for i, item in enumerate(points)}
    lost = len(points)  # a node that the small file refers to and lacks: so does every copy
    refs = [[rank.get(ref, lost) for ref in way] for way, _ in ways]
    xy = np.array([item[1:3] for item in points])
    xy -= xy.min(axis=0)
    side = int(np.ceil(np.sqrt(copies)))
    step = np.array([(BOX[2] - BOX[0]) / side, (BOX[3] - BOX[1]) / side])
    shrink = np.minimum(1.0, step / xy.max(axis=0))
    node_step, way_step = LARGEST_NODE_ID // copies, LARGEST_WAY_ID // copies
    node, way = osmium.osm.mutable.Node(), osmium.osm.mutable.Way()
    with osmium.SimpleWriter(big, overwrite=True) as writer:
        for copy in range(copies):
            corner = np.array(BOX[:2]) + step * (copy % side, copy // side)
            for i, (lon, lat) in enumerate((xy * shrink + corner).tolist()):
                node.id, node.location, node.tags = copy * node_step + i + 1, (lon, lat), points[i][3]
                writer.add_node(node)
        for copy in range(copies):
            first = copy * node_step + 1
            for i, own in enumerate(refs):
                way.id, way.nodes, way.tags = (
                    copy * way_step + i + 1,
                    [first + ref for ref in own],
                    ways[i][1],
                )
                writer.add_way(way)
    print(
        f"{copies} copies: {copies * len(points):,} nodes, {copies * len(ways):,} ways, {big.stat().st_size:,} B"
    )


def read(big: Path) -> None:
    """Read the file and print time and memory."""
    data = ROOT / "data"
    names = ("us_states", "mx_states", "municipalities", "ports_of_entry")
    tables = {name: load_table(name, data=data) for name in names}
    before = _peak_gb()
    start, cpu = time.perf_counter(), time.process_time()
    loaded = read_pbf(big, Context(tables))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    report = loaded.report
    result = {
        "bytes": big.stat().st_size,
        "minutes": round(seconds / 60, 2),
        "cpu_minutes": round(cpu / 60, 2),
        "peak_gb": round(_peak_gb(), 2),
        "peak_gb_before": round(before, 2),
        "ways": report.rows,
        "kept": report.kept,
        "dropped": dict(report.dropped),
        "road_nodes": len(loaded.tables["road_nodes"]),
        "road_edges": len(loaded.tables["road_edges"]),
        "notes": list(report.notes),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _peak_gb() -> float:
    """Return the most memory this process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    tiling = commands.add_parser("tile")
    tiling.add_argument("small", type=Path)
    tiling.add_argument("big", type=Path)
    tiling.add_argument("--nodes", type=int, default=30_000_000)
    reading = commands.add_parser("read")
    reading.add_argument("big", type=Path)
    given = parser.parse_args()
    if given.command == "tile":
        tile(given.small, given.big, given.nodes)
    else:
        read(given.big)


if __name__ == "__main__":
    main()
