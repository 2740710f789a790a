"""OpenStreetMap extracts (`.osm.pbf`), read in two passes by pyosmium: a country in a few gigabytes of memory.

The first pass takes the ways that `interpret` does not refuse, the second only the nodes they use. A way in two
extracts is taken once; where an extract lacks nodes of a way (it was clipped), the way ends there. The format does not
mark the end of a file, so a file truncated exactly between two blocks is not noticed.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import osmium
import osmium.filter
import osmium.osm
import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.core.files import not_a_file
from corridors.sources.roads import osm_tags
from corridors.sources.roads.graph import Ways, road_tables
from corridors.sources.roads.interpret import BOTH, interpret, notes
from corridors.sources.roads.node_limits import check_way
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridors.core.types import IntArray
    from corridors.sources.schemas.formats import Context

SUFFIX = ".osm.pbf"
UNIT = "ways with a highway tag"
TWICE = "the same way again, in another extract"
UNITS = 1e7
"""Units of OpenStreetMap's integer coordinates per degree."""
_TIMESTAMP = "osmosis_replication_timestamp"


@dataclass(slots=True)
class _Read:
    """Ways as the first pass gathers them."""

    rows: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    ids: array[int] = field(default_factory=lambda: array("q"))
    node: array[int] = field(default_factory=lambda: array("q"))
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    highway: list[str] = field(default_factory=list)
    ref: list[str] = field(default_factory=list)
    toll: array[int] = field(default_factory=lambda: array("b"))
    oneway: array[int] = field(default_factory=lambda: array("b"))
    kmh: array[float] = field(default_factory=lambda: array("d"))
    ignored: Counter[tuple[str, str]] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    file: str = ""

    def add(self, way: osmium.osm.Way) -> None:
        """Add a way, or count the reason why not."""
        self.rows += 1
        highway = way.tags.get("highway") or ""
        if highway not in osm_tags.ROADS and ";" not in highway:  # checked first, since most ways end here
            self.dropped[osm_tags.LESSER] += 1
            return
        road = interpret({tag.k: tag.v for tag in way.tags})
        if road.refused:
            self.dropped[road.refused] += 1
            return
        self.ignored.update(road.ignored)
        self.ids.append(way.id)
        check_way(self.file, way.id, len(way.nodes))
        self.node.extend([node.ref for node in way.nodes])
        self.start.append(len(self.node))
        self.highway.append(self._once(road.highway))
        self.ref.append(self._once(road.ref))
        self.toll.append(road.toll)
        self.oneway.append(road.oneway or BOTH)
        self.kmh.append(road.kmh)

    def table(self) -> pd.DataFrame:
        """Return one row per way."""
        return pd.DataFrame(
            {
                "highway": pd.Categorical(self.highway),
                "ref": pd.Categorical(self.ref),
                "toll": np.frombuffer(self.toll, dtype=np.int8),
                "oneway": np.frombuffer(self.oneway, dtype=np.int8),
                "kmh": np.frombuffer(self.kmh, dtype=np.float64),
                "road_class": pd.Categorical([""] * len(self.highway)),
            }
        )

    def _once(self, text: str) -> str:
        """Return the first equal text, so that each is held once."""
        return self.texts.setdefault(text, text)


def read_pbf(path: Path, context: Context) -> Loaded:
    """Return the road tables of an extract, or of all extracts in a folder.

    Raises
    ------
    SchemaError
        A file is absent, damaged or without roads of the two countries.
    """
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise SchemaError([Fault(str(path), f"files {SUFFIX}", "none", "Put the extracts in the folder.")])
    loaded = read_extracts(files, context, file=path.name)
    if not path.is_dir():
        return loaded
    report = replace(loaded.report, notes=(*folder_notes(path, files), *loaded.report.notes))
    return replace(loaded, report=report)


def folder_notes(folder: Path, read: Sequence[Path]) -> tuple[str, ...]:
    """Return notes on which files of a folder were read, and which were not."""
    others = sorted(path.name for path in folder.iterdir() if path not in read)
    unread = f"not read: {', '.join(map(repr, others))} (another ending)" if others else ""
    return tuple(filter(None, (f"read: {', '.join(repr(path.name) for path in read)}", unread)))


def read_extracts(files: Sequence[Path], context: Context, *, file: str) -> Loaded:
    """Return the road tables of several extracts read as one; `file` names them in messages and the report."""
    absent = [not_a_file(path) for path in files if not path.is_file()]
    if absent:
        raise SchemaError(absent)
    read = _Read()
    periods = [_gather(path, read) for path in files]
    ways, rows, dropped = _ways(files, read)
    ignored = notes(read.ignored)
    del read
    found = road_tables(ways, context.tables, file)
    dropped += found.dropped()
    return Loaded(
        tables=found.tables,
        report=Report(
            format="osm_pbf",
            file=file,
            rows=rows,
            kept=rows - dropped.total(),
            dropped=dict(dropped),
            unit=UNIT,
            period=", ".join(sorted({period for period in periods if period})),
            notes=(*ignored, *found.notes),
        ),
    )


def _gather(path: Path, read: _Read) -> str:
    """Add the ways of one file; return the date of the file, "" where it has none."""
    earlier, read.file = set(read.ids), str(path)
    try:
        file = osmium.FileProcessor(path, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway"))
        for way in file:
            if not isinstance(way, osmium.osm.Way):
                continue
            if way.id in earlier:
                read.rows += 1
                read.dropped[TWICE] += 1
            else:
                read.add(way)
        return str(file.header.get(_TIMESTAMP, ""))[:10]
    except RuntimeError as error:
        raise _damaged(path, error) from error


def _ways(files: Sequence[Path], read: _Read) -> tuple[Ways, int, Counter[str]]:
    """Return the ways with the coordinates of their nodes, and the counts so far."""
    node, position = np.unique(np.frombuffer(read.node, dtype=np.int64), return_inverse=True)
    lon, lat = np.full(len(node), np.nan), np.full(len(node), np.nan)
    for path in files:
        found, x, y = _locations(path, node)
        lon[found], lat[found] = x / UNITS, y / UNITS
    known = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    position = np.where(known[position], position, -1)
    start = np.frombuffer(read.start, dtype=np.int64)
    return Ways(lon, lat, start, position, read.table()), read.rows, read.dropped


def _locations(path: Path, node: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return which of the sorted node ids the file holds, as positions, and their integer coordinates.

    Objects made by an editor or converter have negative ids, which osmium's filter of ids refuses: such a file is
    read without it.
    """
    ids, x, y = array("q"), array("i"), array("i")
    try:
        nodes = osmium.FileProcessor(path, osmium.osm.NODE)
        if not len(node) or node[0] >= 0:
            wanted = osmium.filter.IdFilter(number for block in _blocks(node) for number in block.tolist())
            nodes = nodes.with_filter(wanted)
        for found in nodes:
            if isinstance(found, osmium.osm.Node):
                location = found.location
                ids.append(found.id)
                x.append(location.x)
                y.append(location.y)
    except RuntimeError as error:
        raise _damaged(path, error) from error
    number = np.frombuffer(ids, dtype=np.int64)
    used = np.isin(number, node)
    wide, high = (np.frombuffer(part, dtype=np.int32)[used].astype(np.int64) for part in (x, y))
    return np.searchsorted(node, number[used]).astype(np.int64), wide, high


def _blocks(numbers: IntArray) -> list[IntArray]:
    """Return the numbers in blocks of a million."""
    return np.array_split(numbers, max(1, len(numbers) // 1_000_000))


def _damaged(path: Path, error: RuntimeError) -> SchemaError:
    """Return the error of a file that pyosmium cannot read to its end."""
    return SchemaError(
        [Fault(str(path), "an OpenStreetMap PBF file", str(error), "Download the extract again.")]
    )


FORMATS: tuple[Format, ...] = (
    Format(
        id="osm_pbf",
        title="OpenStreetMap extract, PBF",
        publisher="OpenStreetMap contributors",
        tables=("road_nodes", "road_edges"),
        suffixes=(SUFFIX, ".pbf"),
        signature=frozenset(),
        read=read_pbf,
    ),
)
