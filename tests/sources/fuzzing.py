"""Files that are damaged at random, reader by reader: a small drawn corpus, changes to its bytes, and what may come of it.

`benchmarks/fuzz.py` runs the same for minutes or hours.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import openpyxl
import rasterio
import shapely

from corridors.core.errors import InputError
from corridors.core.unreadable import NO_MEMORY, UnreadableError
from corridors.sources.registry import FORMATS, guess_format, load_as
from corridors.sources.scenarios import load_scenarios
from corridors.sources.schemas import Context
from corridors.sources.tables import load_raster, load_table
from tests.sources.agency_tables import TABLES, filled
from tests.sources.dress import check_account, table_text
from tests.sources.osm_world import MX_WAYS, US_WAYS, Extract
from tests.sources.packed import packed_parts, with_part, zipped
from tests.sources.roads.test_travel_mapping import archive
from tests.sources.toy import HEADER, ROWS, lines, pbf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "data"
CASES = Path(__file__).resolve().parents[1] / "cases"
ENDED, FAULT, FRAMED = "ok", "fault", "framed"
"""What comes of a file: tables, a fault worded by its reader, or one that only the frame around every reader caught."""
_TOKENS = (
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\n",
        b"\r",
        b'"',
        b",",
        b";",
        b"'",
        b"<",
        b">",
        b"&#x0;",
        b"\x1b[2J",
    ),
    *(
        b"-1",
        b"0",
        b"1e999",
        b"NaN",
        b"Infinity",
        b"99999999999999999999",
        b"\xd9\xa3",
        b"\xc2\xb2",
        b"31/02/2020",
    ),
    *(
        b"00000000T000000Z",
        b"FREQ=YEARLY",
        b"INTERVAL=0",
        b"null",
        b"[[[[",
        b"{}",
        b"=1+1",
        b"\xf0\x9f\x92\xa5",
        b"%n",
    ),
)
_IN_PLACE = (0, 6)
"""Kinds of damage that keep every length: what binary formats state of themselves stays right."""
_CASES = {
    "calendar_ics": ("utc-ca.ics", "dup-status.ics", "old-series.ics", "loc7.ics"),
    "sedena": ("sed-2row.xlsx", "sed-merged.xlsx", "sed-dots.csv", "sed-formula.xlsx"),
    "atf_list": ("0426-ffl-list.txt", "0726-ffl-list.csv", "0126-ffl-list-states.xlsx"),
    "osm_xml": ("neg.osm",),
    "osm_pbf": ("neg.osm.pbf",),
    "graphml": ("nx-ow1.graphml", "road-v2-s.graphml"),
    "road_table": ("rshp.zip", "r.kml", "r.json", "mixed.parquet"),
    "sesnsp_municipal": ("IDM_semicolon.csv",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A reader, and files that it reads.

    Parameters
    ----------
    name
        Id of a format, of a table in its own columns or of a raster, "scenario", or "guess".
    files
        Name and bytes of each.
    """

    name: str
    files: tuple[tuple[str, bytes], ...]


@cache
def targets() -> Mapping[str, Target]:
    """Return every reader with a corpus, by name."""
    made: dict[str, list[tuple[str, bytes]]] = {}
    for name, table in TABLES.items():
        text = table_text(table.header, filled(table, [3, 1, 12])).encode()
        packed = {".csv": text, ".csv.gz": gzip.compress(text), ".zip": zipped({"a.csv": text})}
        made[name] = [
            (f"{table.stem}{suffix}", packed[suffix]) for suffix in packed if suffix in FORMATS[name].suffixes
        ]
    for name, wanted in _CASES.items():
        found = {path.name: path for path in CASES.rglob("*") if path.name in wanted}
        made.setdefault(name, []).extend((one, path.read_bytes()) for one, path in sorted(found.items()))
    made["atf_arcgis"] += _layers()
    roads = Extract([*US_WAYS, *MX_WAYS])
    made["osm_xml"].append(_made("roads.osm", roads.write))
    made["osm_pbf"].append(_made("roads.osm.pbf", lambda path: pbf(roads, path)))
    made["travel_mapping"] = [("a.csv", table_text(HEADER, ROWS).encode()), _made("a.zip", archive)]
    made["road_table"] += [
        (f"a{suffix}", _vector(suffix)) for suffix in (".gpkg", ".geojson", ".fgb", ".gml", ".parquet")
    ]
    made["marco_geoestadistico"] = [
        ("a.gpkg", _vector(".gpkg", outlines())),
        ("26_sonora.zip", _shapefile("26mun", outlines())),
    ]
    made["graphml"].append(("a.graphml", _graph()))
    made["counties"] = [
        ("c.parquet", _vector(".parquet", counties())),
        ("c.geojson", _vector(".geojson", counties())),
    ]
    made["gun_show_venues"] = [("a.csv", _head("gun_show_venues"))]
    made["ports_of_entry"] = [("a.csv", _head("ports_of_entry"))]
    made["population"] = made["elevation"] = [("a.tif", _raster())]
    made["scenario"] = [
        (path.name, path.read_bytes()) for path in sorted((DATA / "scenarios").glob("*.toml"))[:3]
    ]
    made["guess"] = [
        made["sedena"][0],
        made["calendar_ics"][0],
        made["graphml"][0],
        ("x.csv", made["bts"][0][1]),
    ]
    return {name: Target(name, tuple(files)) for name, files in made.items()}


def small(tables: Mapping[str, pd.DataFrame]) -> Context:
    """Return the tables to look values up in, those of places cut to what a calendar of the corpus needs."""
    zips = tables["zip_points"]
    near = zips[zips["place"].isin(["Mesa", "Tucson", "Phoenix", "El Paso", "Laredo", "Fresno", "Deming"])]
    return Context({**tables, "zip_points": near, "gun_show_venues": tables["gun_show_venues"].head(20)})


def mutant(target: Target, random: Random) -> tuple[str, bytes]:
    """Return a file of a corpus, damaged in one to four places; more often what is packed in it, where something is."""
    name, content = random.choice(target.files)
    parts = packed_parts(content)
    if not parts or random.random() < 0.3:
        return name, _damaged(content, target, random)
    at = random.randrange(len(parts))
    return name, with_part(content, at, _damaged(parts[at], Target("", (("", parts[at]),)), random))


def outcome(target: str, path: Path, context: Context) -> str:
    """Return what comes of a file.

    Raises
    ------
    Exception
        What no reader may let through, an account of rows that does not add up, a line on standard output, and a want of
        memory, of which `benchmarks/fuzz.py` gives 2 GB.
    """
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        found = _outcome(target, path, context)
    assert not printed.getvalue()
    return found


def _outcome(target: str, path: Path, context: Context) -> str:
    """Return what comes of a file, whatever is printed meanwhile."""
    try:
        if target == "guess":
            check_account(guess_format(path, context)[1].report)
        elif target == "scenario":
            load_scenarios([path])
        elif target in {"population", "elevation"}:
            load_raster(target, path, data=DATA)
        elif target in FORMATS:
            check_account(load_as(path, target, context).report)
        else:
            load_table(target, path, data=DATA, tables=context.tables)
    except UnreadableError as error:
        if isinstance(error.__cause__, AssertionError):
            raise
        return FRAMED
    except InputError as error:
        if any(fault.expected == NO_MEMORY for fault in error.faults):
            raise
        return FRAMED if _caught(error) else FAULT
    return ENDED


def _caught(error: InputError) -> bool:
    """Return whether only the frame caught an error."""
    return any(fault.expected == "a file that can be read" for fault in error.faults)


def _damaged(content: bytes, target: Target, random: Random) -> bytes:
    """Return bytes changed in one to four places, one time in three without moving what follows."""
    data = bytearray(content)
    kinds = _IN_PLACE if random.random() < 1 / 3 else range(8)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 2, 4, 16, 64, 1024)))
        kind = random.choice(kinds)
        if kind == 0 and data:
            data[min(at, len(data) - 1)] ^= 1 << random.randrange(8)
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at:end] = random.choice(_TOKENS)
        elif kind == 3:
            data[at:at] = random.choice(_TOKENS) * random.choice((1, 1, 2, 50))
        elif kind == 4:
            data[at:at] = data[at:end]
        elif kind == 5:
            del data[at:]
        elif kind == 6:
            data[at:end] = random.randbytes(end - at)
        else:
            _, other = random.choice(target.files)
            start = random.randrange(len(other) + 1)
            data[at:end] = other[start : start + random.choice((1, 8, 64, 512))]
    return bytes(data)


def counties() -> gpd.GeoDataFrame:
    """Return two counties."""
    table = {"fips": ["04023", "04003"], "us_state": ["AZ", "AZ"], "name": ["Santa Cruz", "Cochise"]}
    shapes = [shapely.box(-111.2, 31.3, -110.5, 31.7), shapely.box(-110.5, 31.3, -109.05, 32.4)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=4326)


def outlines() -> gpd.GeoDataFrame:
    """Return two municipalities as INEGI writes them."""
    table = {
        "CVEGEO": ["26043", "26055"],
        "CVE_ENT": ["26", "26"],
        "CVE_MUN": ["043", "055"],
        "NOMGEO": ["Nogales", "x"],
    }
    shapes = [shapely.box(-111.2, 31.0, -110.5, 31.3), shapely.box(-115, 32.2, -114.6, 32.5)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs=4326)


def _vector(suffix: str, table: gpd.GeoDataFrame | None = None) -> bytes:
    """Return roads, or another table, as a vector file."""
    table = lines().rename(columns={"RUTA": "ref", "VELOCIDAD": "kmh"}) if table is None else table
    driver = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf", ".gml": "GML"}.get(suffix, "")
    stream = io.BytesIO()
    if driver:
        table.to_file(stream, driver=driver)
    else:
        table.to_parquet(stream, compression=None)  # damage reaches what is packed in its pages
    return stream.getvalue()


def _shapefile(stem: str, table: gpd.GeoDataFrame) -> bytes:
    """Return a zip with a shapefile, as agencies pack it."""
    with tempfile.TemporaryDirectory() as folder:
        table.to_file(Path(folder) / f"{stem}.shp")
        return zipped({f"data/{path.name}": path.read_bytes() for path in sorted(Path(folder).iterdir())})


def _made(name: str, write: Callable[[Path], Path]) -> tuple[str, bytes]:
    """Return a name, and what is written to a file of that name."""
    with tempfile.TemporaryDirectory() as folder:
        return name, write(Path(folder) / name).read_bytes()


def _layers() -> list[tuple[str, bytes]]:
    """Return the layer of licenses as its server answers, and as GeoJSON."""
    table = TABLES["atf_arcgis"]
    rows = [dict(zip(table.header, map(str, row), strict=True)) for row in filled(table, [3, 1, 12])]
    point = {"type": "Point", "coordinates": [-110.9, 32.2]}
    answer = {"features": [{"attributes": row} for row in rows], "exceededTransferLimit": False}
    features = [{"type": "Feature", "properties": row, "geometry": point} for row in rows]
    whole = {"type": "FeatureCollection", "features": features}
    return [("a.json", json.dumps(answer).encode()), ("a.geojson", json.dumps(whole).encode())]


def _graph() -> bytes:
    """Return a graph of three roads as networkx writes it."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    for node, (lon, lat) in enumerate([(-110.94, 31.4), (-110.9, 31.5), (-110.95, 31.2)]):
        graph.add_node(node, lon=lon, lat=lat)
    graph.add_edge(0, 1, highway="primary", ref="19", maxspeed="65 mph")
    graph.add_edge(2, 0, highway="secondary", ref="15", oneway="-1")
    stream = io.BytesIO()
    nx.write_graphml(graph, stream)
    return stream.getvalue()


def _head(table: str) -> bytes:
    """Return the first rows of a shipped table."""
    return b"".join((DATA / f"{table}.csv").read_bytes().splitlines(keepends=True)[:8])


def _raster() -> bytes:
    """Return a small raster of the region."""
    with rasterio.MemoryFile() as memory:
        transform = rasterio.Affine(5.0, 0.0, -130.0, 0.0, -5.0, 50.0)
        with memory.open(
            driver="GTiff",
            width=12,
            height=10,
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            transform=transform,
            nodata=-1,
        ) as raster:
            raster.write(np.ones((1, 10, 12), dtype=np.float32))
        return bytes(memory.read())


def workbook(rows: list[list[object]]) -> bytes:
    """Return rows as a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def quiet() -> contextlib.AbstractContextManager[object]:
    """Return a block in which nothing is printed on standard error."""
    return contextlib.redirect_stderr(io.StringIO())


def with_workbooks(target: Target) -> Target:
    """Return a target with its first table as a workbook too, where the format takes one."""
    takes = target.name in FORMATS and ".xlsx" in FORMATS[target.name].suffixes and target.name in TABLES
    if not takes:
        return target
    table = TABLES[target.name]
    rows: list[list[object]] = [
        [str(cell) for cell in row] for row in [table.header, *filled(table, [3, 1, 12])]
    ]
    return replace(target, files=(*target.files, ("a.xlsx", workbook(rows))))
